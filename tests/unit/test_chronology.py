"""Years, months, calendars and the timeline."""

from __future__ import annotations

import datetime as dt
import gzip

import pytest

from tests.support import Collection

PLAIN = 'title = "T"\ntheme = "plain"\n'


@pytest.fixture
def archive(collection: Collection) -> Collection:
    collection.article(
        "cable", "The cable spoke on 16 August 1858.\n\nIn March 1850 nobody had thought of it.", date="1866-07-27"
    )
    return collection.article("queen", "A greeting was sent.", date="1858-08-16")


def day_by_day(collection: Collection, days: int) -> Collection:
    for number in range(days):
        date = dt.date(1858, 1, 1) + dt.timedelta(days=3 * number)
        collection.article(f"d{number}", f"Number {number}.", date=date.isoformat())
    return collection


def test_the_timeline_shows_articles_and_the_days_they_speak_of(archive: Collection) -> None:
    archive.build()
    page = archive.page("/timeline/")
    assert page.count('class="year"') == 3 and "<mark>16 August 1858</mark>" in page and 'href="../years/1866/"' in page


def test_a_year_quotes_what_other_articles_say_of_it(archive: Collection) -> None:
    archive.build()
    page = archive.page("/years/1858/")
    assert "<mark>16 August 1858</mark>" in page and "../../articles/cable/#p-" in page


def test_a_year_that_articles_only_speak_of_has_a_page(archive: Collection) -> None:
    archive.build()
    assert "<mark>March 1850</mark>" in archive.page("/years/1850/")
    assert 'rel="next" href="../1858/"' in archive.page("/years/1850/")


def test_an_article_that_names_its_own_date_says_nothing_new(collection: Collection) -> None:
    collection.article("a", "Today, 16 August 1858, it spoke.", date="1858-08-16").build()
    assert "<mark>" not in collection.page("/years/1858/")


def test_a_theme_without_a_timeline_looks_for_no_dates(archive: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sitegen.annotate.days.find_days", None)
    archive.write("../sitegen.toml", PLAIN).build()
    assert not archive.has("/timeline/") and not archive.has("/years/1850/")


def test_a_passage_that_changes_makes_the_pages_of_its_dates_again_and_no_other_year(archive: Collection) -> None:
    archive.build()
    body = "The cable spoke at last on 16 August 1858.\n\nIn March 1850 nobody had thought of it."
    rendered = archive.article("cable", body, date="1866-07-27").build().rendered
    assert {"/years/1858/", "/timeline/"} <= rendered and "/years/1850/" not in rendered


def test_a_date_no_longer_named_takes_its_year_away(archive: Collection) -> None:
    archive.build()
    assert "/years/1850/" in archive.article("cable", "It spoke.", date="1866-07-27").build().removed


def test_a_daily_year_has_a_calendar_and_a_page_for_each_month(collection: Collection) -> None:
    day_by_day(collection, 60).build()
    year, month = collection.page("/years/1858/"), collection.page("/years/1858/02/")
    assert year.count('class="calendar"') == 6 and 'href="02/#d-3"' in year
    assert 'id="d-3"' in month and month.count('class="card"') == 9


def test_a_year_of_few_days_has_no_months(collection: Collection) -> None:
    day_by_day(collection, 40).build()
    assert not collection.has("/years/1858/02/") and collection.page("/years/1858/").count('class="card"') == 40


def test_a_theme_without_months_shows_a_year_whole(collection: Collection) -> None:
    day_by_day(collection, 60).write("../sitegen.toml", PLAIN).build()
    assert not collection.has("/years/1858/02/") and "d59" in collection.page("/years/1858/")


def test_a_year_that_becomes_daily_gets_its_months(collection: Collection) -> None:
    day_by_day(collection, 49).build()
    assert {"/years/1858/", "/years/1858/01/"} <= day_by_day(collection, 50).build().rendered


def test_a_page_may_link_to_a_month(collection: Collection) -> None:
    day_by_day(collection, 60).write("pages/about.md", "---\ntitle: About\n---\n[February](/years/1858/02/), [all](/timeline/)\n")
    assert collection.build().codes == []


def test_an_incremental_build_of_years_and_months_equals_a_clean_one(collection: Collection) -> None:
    from tests.property.test_oracle import differences

    day_by_day(collection, 50)
    assert not differences(collection)
    collection.article("d3", "It spoke of 3 May 1850 and of January 1858.", title="Spoken", date="1858-01-10")
    assert not differences(collection)
    collection.delete("articles/d4.md")
    assert not differences(collection)


def test_the_map_page_of_two_hundred_places_takes_less_than_100_kb(collection: Collection) -> None:
    for number in range(200):
        at = f"location: {{lat: {(number * 37) % 130 - 60}, lon: {(number * 71) % 360 - 180}}}\n"
        collection.record(
            f"places/p{number}", f"Harbour {chr(65 + number % 26)}{number}", at + "summary: A harbour of the collection.\n"
        )
    for year in range(1850, 1900):
        named = ", ".join(f"Harbour {chr(65 + n % 26)}{n}" for n in range(year % 4, 200, 4))
        collection.article(f"a{year}", f"Ships lay at {named}.", date=str(year))
    collection.build()
    page = collection.page("/places/")
    assert page.count('class="pin') == 200 and len(gzip.compress(page.encode())) <= 100_000


def test_a_place_is_on_the_map_of_the_years_that_name_it(collection: Collection) -> None:
    for name, year in (("Paris", 1851), ("Rome", 1862)):
        collection.record(f"places/{name.lower()}", name, f"location: {{lat: {year - 1810}, lon: 12}}\n")
        collection.article(name.lower(), f"A cable to {name}.", date=str(year))
    collection.build()
    page = collection.page("/places/")
    assert 'class="pin p0" href="paris/"' in page and 'class="pin p1" href="rome/"' in page and "> 1862</label>" in page


def test_another_year_that_names_a_place_moves_it_on_the_map(collection: Collection) -> None:
    from tests.property.test_oracle import differences

    for name, year in (("Paris", 1851), ("Rome", 1862)):
        collection.record(f"places/{name.lower()}", name, f"location: {{lat: {year - 1810}, lon: 12}}\n")
        collection.article(name.lower(), f"A cable to {name}.", date=str(year))
    assert not differences(collection)
    collection.article("paris", "A cable to Rome.", date="1851").article("rome", "A cable to Paris.", date="1862")
    assert not differences(collection) and 'class="pin p1" href="paris/"' in collection.page("/places/")
