"""No page grows with the collection: what is long is parted. Docs: docs/quality.md."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from sitegen.relate import chronology, pages, parts
from tests.support import Collection, files

LIMIT = 60_000  # a fifth of 300 KB: a tenth, and the frame


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits a tenth as large, so that few articles stand for many."""
    monkeypatch.setattr(parts, "_MOST", 20)
    monkeypatch.setattr(parts, "_FROM", 10)
    monkeypatch.setattr(parts, "_MENTIONS", 60)
    monkeypatch.setattr(pages, "_ONE_LIST", 50)
    monkeypatch.setattr(pages, "_ONE_INDEX", 100)
    monkeypatch.setattr(pages, "_MOST_NAMED", 20)
    monkeypatch.setattr(chronology, "_ONE_PAGE", 40)
    monkeypatch.setattr(chronology, "_ONE_TIMELINE", 30)


def archive(collection: Collection, dates: list[str], body: str) -> Collection:
    for number, date in enumerate(dates):
        collection.article(
            f"a{number}", body, title=f"Dispatch number {number}", date=date, more="tags: [sea]\nsummary: A day.\n"
        )
    return collection.record("people/morse", "Morse").record("people/field", "Field").record("places/boston", "Boston")


def daily(articles: int, years: int) -> list[str]:
    return [f"{dt.date(1850, 1, 1) + dt.timedelta(days=at * 365 * years // articles)}" for at in range(articles)]


@pytest.mark.parametrize("dates", [daily(400, 1), [""] * 400], ids=["one-year", "undated"])
def test_no_page_grows_with_the_number_of_articles(collection: Collection, small: None, dates: list[str]) -> None:
    """All articles bear one tag and name the same records: no list is longer."""
    archive(collection, dates, "Morse met Field at Boston. Then Morse left Boston, and Field wrote to Morse.").build()
    heavy = {path: len(data) for path, data in files(collection.site).items() if path.endswith(".html") and len(data) > LIMIT}
    assert heavy == {}
    assert collection.page("/tags/sea/").count("Dispatch number") <= 30


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
