"""No page grows with the collection: what is long is parted. Docs: docs/quality.md."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from sitegen.markup import facts
from sitegen.relate import articles, chronology, company, pages, parts, quoted, records, tags
from tests.support import Collection, files

PAGE = 300_000  # bytes, not compressed
LIMIT = 60_000  # a fifth of it: a tenth, and the frame


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits a tenth as large, so that few articles stand for many."""
    monkeypatch.setattr(parts, "_MOST", 20)
    monkeypatch.setattr(parts, "_FEWER", 10)
    monkeypatch.setattr(parts, "_MENTIONS", 30)
    monkeypatch.setattr(pages, "_ONE_LIST", 20)
    monkeypatch.setattr(records, "_ONE_INDEX", 40)
    monkeypatch.setattr(records, "_MOST_NAMED", 20)
    monkeypatch.setattr(tags, "_ONE_TAGS", 150)
    monkeypatch.setattr(chronology, "_ONE_PAGE", 20)
    monkeypatch.setattr(chronology, "_ONE_TIMELINE", 20)
    monkeypatch.setattr(chronology, "_ONE_YEAR", 5)
    monkeypatch.setattr(chronology, "_DAILY", 20)
    monkeypatch.setattr(chronology, "_MOST_MONTHS", 60)
    monkeypatch.setattr(chronology, "_QUOTED", 10)
    monkeypatch.setattr(articles, "_LINKERS", 20)


def archive(collection: Collection, dates: list[str], body: str) -> Collection:
    for number, date in enumerate(dates):
        collection.article(
            f"a{number}", body, title=f"Dispatch number {number}", date=date, more="tags: [sea]\nsummary: A day.\n"
        )
    return collection.record("people/morse", "Morse").record("people/field", "Field").record("places/boston", "Boston")


def daily(articles: int, years: int) -> list[str]:
    return [f"{dt.date(1850, 1, 1) + dt.timedelta(days=at * 365 * years // articles)}" for at in range(articles)]


def heavy(collection: Collection, limit: int = LIMIT) -> dict[str, int]:
    return {path: len(data) for path, data in files(collection.site).items() if path.endswith(".html") and len(data) > limit}


@pytest.mark.parametrize(
    "dates",
    [daily(400, 1), daily(400, 40), ["1850-01-31"] * 400, [""] * 400],
    ids=["one-year", "forty-years", "one-day", "undated"],
)
def test_no_page_grows_with_the_number_of_articles(collection: Collection, small: None, dates: list[str]) -> None:
    """All articles bear one tag and name the same records and the same days: no list is longer."""
    days = "On 4 March 1849, on 5 March 1849 and in April 1849 he rested."
    archive(collection, dates, f"Morse met Field at Boston. Then Morse left Boston, and Field wrote to Morse. {days}").build()
    assert heavy(collection) == {}
    assert collection.page("/tags/sea/").count("Dispatch number") <= 20


def test_a_month_of_very_many_articles_is_parted_and_its_calendar_leads_to_the_page_of_each_day(
    collection: Collection, small: None
) -> None:
    archive(collection, [f"1850-01-{1 + at % 31:02d}" for at in range(62)], "Morse.").build()
    shown = [collection.page(f"/years/1850/01/{tail}") for tail in ("", "page-2/", "page-3/", "page-4/")]
    assert [page.count("<h3><a") for page in shown] == [20, 20, 20, 2]
    assert 'href="#d-10"' in shown[0] and 'href="page-2/#d-11"' in shown[0] and 'id="d-11"' in shown[1]
    assert 'href="01/page-2/#d-11"' in collection.page("/years/1850/")


def test_a_letter_and_tags_of_very_many_are_parted(collection: Collection, small: None) -> None:
    names = [f"Archive {chr(65 + at // 26)}{chr(65 + at % 26).lower()}" for at in range(120)]
    for at, name in enumerate(names):
        collection.record(f"works/w{at}", name)
    tags = ", ".join(f"tag {at}" for at in range(400))
    collection.article("a", " and ".join(names) + ".", date="1850-01-01", more=f"tags: [{tags}]\n").build()
    shown = [collection.page(f"/works/a-z/letter-a/{tail}") for tail in ("", "page-2/", "page-3/")]
    assert [page.count('class="e works"') for page in shown] == [40, 40, 40] and 'id="letter-a"' in shown[1]
    assert 'href="page-2/">A (2)' in shown[0] and 'aria-current="page">A (2)' in shown[1]
    listed = [collection.page(f"/tags/{tail}").count('class="count"') for tail in ("", "a-z/page-2/", "a-z/page-3/")]
    assert listed == [150, 150, 100]


def test_a_timeline_of_very_many_months_leads_to_years_alone(collection: Collection, small: None) -> None:
    archive(collection, daily(240, 30), "Morse.").build()
    page = collection.page("/timeline/")
    assert 'href="../years/1860/"' in page and "/years/1860/0" not in page
    assert re.search(r'href="\d\d/"', collection.page("/years/1860/"))


def test_every_passage_of_a_parted_record_is_on_one_of_its_pages(collection: Collection, small: None) -> None:
    archive(collection, daily(90, 2), "Morse met Field.").build()
    found = [page.read_text() for page in (collection.site / "people/morse").rglob("index.html")]
    assert len(found) > 8 and sum(page.count("<mark>Morse</mark>") for page in found) >= 90
    assert all(any(f"Dispatch number {at}<" in page for page in found) for at in range(90))


@pytest.mark.parametrize(("date", "address"), [("1850-01-01", "/people/morse/1850/02/"), ("", "/years/undated/page-2/")])
def test_a_part_s_address_stays_when_articles_are_added(collection: Collection, small: None, date: str, address: str) -> None:
    dates = daily(60, 1) if date else [""] * 60
    archive(collection, dates, "Morse met Field.").build()
    assert collection.has(address)
    built = collection.article("b", "Morse again.", date=date).build()
    assert collection.has(address) and not built.removed
    collection.clean_build(collection.root / "clean")
    assert files(collection.site) == files(collection.root / "clean")


def test_a_record_named_more_often_is_parted_as_in_a_clean_build(collection: Collection, small: None, tmp_path: Path) -> None:
    """An edit of words alone can part a record: by passages, not by articles."""
    archive(collection, daily(15, 3), "Morse met Field.").build()
    assert not collection.has("/people/morse/1851/")
    for at in range(15):
        collection.article(f"a{at}", "Morse. " * 5 + "Field.", title=f"Dispatch number {at}", date=daily(15, 3)[at],
                           more="tags: [sea]\nsummary: A day.\n")  # fmt: skip
    collection.build()
    assert collection.has("/people/morse/1851/")
    collection.clean_build(collection.root / "clean")
    assert files(collection.site) == files(collection.root / "clean")


def test_of_an_article_that_names_a_record_without_end_pages_quote_the_first_and_count_the_rest(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    for room in (facts, quoted, parts, company):
        monkeypatch.setattr(room, "QUOTED", 10)
    monkeypatch.setattr(parts, "_MENTIONS", 25)
    for number in range(6):
        collection.article(f"a{number}", "Morse met Field again. " * 40, date="1850-01-31")
    collection.article("b", "Morse met Field again. " * 10).record("people/morse", "Morse").record("people/field", "Field")
    for theme in ("plain", "default"):
        collection.write("../sitegen.toml", f'title = "T"\nurl = "https://example.org/"\ntheme = "{theme}"\n').build()
        shown = {path: data.decode() for path, data in files(collection.site).items() if path.startswith("people/morse/")}
        shown = {path: data for path, data in shown.items() if path.endswith(".html")}
        assert len(shown) == 4, list(shown)  # of 1850 three pages, each with two articles; and 1858
        passages = {path: data.count("again.") for path, data in shown.items()}
        assert sum(data.count("30 more passages in this article") for data in shown.values()) >= 6
        assert max(passages.values()) <= 2 * 10 + 2 * 3, passages  # and the sentences in which both are named


def test_pages_as_full_as_they_may_be_are_light_in_letters_of_two_bytes(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the limits themselves: a tenth of a page does not tell what its sentences weigh, and so this takes three seconds.

    Without the small maps of records, which would take ten: none is of more than 40 KB, which is kept for them.
    """
    monkeypatch.setattr(records, "locator", lambda *_: None)
    monkeypatch.setattr(records, "among", lambda *_: None)
    monkeypatch.setattr(articles, "among", lambda *_: None)
    names = [f"{first}{second}рович" for first in "АБВГДЕЖЗИК" for second in "абвгдежзик"]
    for number in range(200):
        some = [names[(number * 7 + step * 13) % 100] for step in range(5)] + ["Москва"]
        sentence = " ".join(f"В этот день {name} писал о телеграфе и о том, что слышал" for name in some)
        towns = f"Видели Городок {2 * number} и Городок {2 * number + 1}."
        body = f"{sentence}. Так говорил {some[0]} о городе Москва. {towns}"
        more = f"tags: [море]\nsummary: {'Слово о телеграфе. ' * 40}\n"
        date = f"{1600 + number}-{1 + number % 12:02d}-03"
        collection.article(f"a{number}", body, title=f"Донесение {number} из архива", date=date, more=more)
    for number in range(400):
        where = f"location: {{lat: {number % 120 - 60}, lon: {number % 340 - 170}}}\n"
        name = "Москва" if number == 0 else f"Городок {number}"
        collection.record(f"places/p{number}", name, f"role: Город на реке, о котором говорят донесения {number}\n{where}")
    for number, name in enumerate(names):
        collection.record(f"people/n{number}", name)
    built = collection.build()
    assert built.report.ok and heavy(collection, PAGE - 40_000) == {}
    assert collection.page("/articles/").count('<li class="card') == 200
    assert collection.page("/places/").count('class="pin') >= 398


def test_a_record_that_long_articles_name_very_often_is_parted_however_few_they_are(collection: Collection) -> None:
    for number in range(6):
        collection.article(f"a{number}", "Morse met Field. " * 120, date=f"1850-01-0{1 + number}")
    collection.record("people/morse", "Morse").record("people/field", "Field").build()
    found = {path: page for path, page in files(collection.site / "people/morse").items() if path.endswith("index.html")}
    quoted = b'<blockquote class="quote by-alias"><p><a href'
    assert [page.partition(b"sec-together")[0].count(quoted) for page in found.values()] == [240, 240, 240]
    assert set(found) == {"index.html", "1850/01-2/index.html", "1850/01-3/index.html"}


@pytest.mark.parametrize("years", [240, 1000], ids=["each", "centuries"])
def test_a_timeline_of_very_many_years_is_light_and_leads_to_each(collection: Collection, years: int) -> None:
    """Years that one article names: they have pages, bars and a place on the timeline as those of articles have."""
    for at in range(0, years, 20):
        days = ", ".join(f"on {day} May {2000 - at - more}" for more in range(20) for day in (3, 4))
        collection.article(f"a{at}", f"He wrote {days}.", date=f"{2000 - at}-01-01")
    built = collection.build()
    assert built.report.ok, built.report.issues
    page = collection.page("/timeline/")
    assert len(page.encode()) < PAGE
    assert set(re.findall(r'href="\.\./years/(\d+)/"', page)) == {str(2000 - at) for at in range(years)}
    assert len(collection.page("/").encode()) < PAGE and len(collection.page("/articles/").encode()) < PAGE


def test_as_many_records_as_a_network_may_show_are_light(collection: Collection) -> None:
    pytest.importorskip("igraph", reason="the extra `network` is not installed")
    names = [f"{chr(65 + at // 26)}{chr(97 + at % 26)}xander Longbottomley-Smythe" for at in range(420)]
    for name in names:
        collection.record(f"organisations/{name.lower().replace(' ', '-')}", name)
    for at in range(0, 420, 6):
        said = f"{' and '.join(names[at : at + 6])} met {names[at - 1]}."
        collection.article(f"a{at}", said).article(f"b{at}", said)
    collection.write("../sitegen.toml", 'title = "T"\nurl = "https://example.org/"\nnetwork = 400\n').build()
    page = collection.page("/network/")
    assert page.count('class="pin') == 400 and len(page.encode()) < PAGE
    assert page.count('<a class="e organisations"') == 400


def test_an_article_that_very_many_link_to_names_the_newest_and_counts_the_others(collection: Collection, small: None) -> None:
    collection.article("about", "What this is.", date="1840-01-01")
    for number, date in enumerate(daily(50, 1)):
        collection.article(f"a{number}", "See [[about]].", title=f"Dispatch number {number}", date=date)
    collection.build()
    page = collection.page("/articles/about/").partition("Linked from")[2].partition("</section>")[0]
    assert page.count("<li>") == 20 and "Dispatch number 49<" in page and "30 more articles link here." in page
    collection.article("b", "See [[about]].", date="1849-01-01").build()
    assert "31 more articles link here." in collection.page("/articles/about/")
    collection.clean_build(collection.root / "clean")
    assert files(collection.site) == files(collection.root / "clean")


def test_articles_without_a_date_are_led_to_where_the_list_is_full(collection: Collection, small: None) -> None:
    archive(collection, daily(30, 2), "Morse.").article("undated", "Morse.", date="").build()
    page = collection.page("/articles/")
    assert 'href="../years/undated/">Undated</a>' in page and collection.has("/years/undated/")
