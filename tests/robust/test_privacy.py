"""What is kept private is in nothing that is published: secrets are planted everywhere, and all of the output is searched."""

from __future__ import annotations

import datetime as dt
import gzip
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import brotli
import pytest
from click.testing import CliRunner

from sitegen.build.memo import Memo, Row
from sitegen.cli.commands import main
from sitegen.config import load
from tests.support import Collection

SECRET = "Zorquelda"  # part of every private name, title and passage below; of no public one
CONFIG = 'title = "Test"\nurl = "https://example.org/"\nexports = true\nrecord_feeds = 9\n'


@pytest.fixture
def house(tmp_path: Path) -> Collection:
    """A collection with a private article, record, note and passage, and public ones beside them."""
    collection = Collection(tmp_path / "c", 'title = "Test"\nurl = "https://example.org/"\nexports = true\n')
    collection.record("people/morse", "Morse").record("places/paris", "Paris", "location: {lat: 48.9, lon: 2.3}\n")
    collection.record("people/zorquelda", "Jane Zorquelda", "visibility: private\naliases: [Miss Zorquelda]\n", "On Zorquelda.")
    collection.record("places/zorquelda-hall", "Zorquelda Hall", "location: {lat: 1, lon: 2}\n")
    collection.article("open", "Morse was in Paris.", more='related: ["The Zorquelda Papers, First Part"]\ntags: [sea]\n')
    collection.article(
        "hidden", "Morse met Jane Zorquelda in Paris, at Zorquelda Hall, on a day that nobody was to know of.",
        title="The Zorquelda Papers, First Part", more="visibility: private\ntags: [zorquelda]\n",
    )  # fmt: skip
    collection.article(
        "later", "Zorquelda came to Paris for the second time, and Morse with her, as it was told.",
        title="The Zorquelda Papers, Second Part", more="embargo: 2090-01-01\n",
    )  # fmt: skip
    collection.write("sources/t.txt", "Morse and Jane Zorquelda in Paris.")
    collection.article(
        "barred", "Morse and Jane\nZorquelda in Paris.", title="Of Jane Zorquelda",
        more="redact: [Jane Zorquelda]\nsummary: Jane Zorquelda again.\nsource: {file: sources/t.txt}\n",
    )  # fmt: skip
    return collection.write(
        "articles/open.notes.yaml",
        "notes:\n- {id: n1, quote: {exact: in Paris}, body: 'Zorquelda said so in a letter of 1850.', visibility: private}\n"
        "- {id: n2, quote: {exact: Morse}, body: Samuel.}\n",
    )


def told(site: Path, word: str) -> set[str]:
    """The files of the site that hold a word in their name or bytes, also inside what is compressed or a database."""
    return {
        path.relative_to(site).as_posix()
        for path in site.rglob("*")
        if path.is_file() and any(word.lower().encode() in data.lower() for data in _readings(path, site))
    }


def _readings(path: Path, site: Path) -> Iterator[bytes]:
    data = path.read_bytes()
    yield path.relative_to(site).as_posix().encode()
    yield data
    if data[:2] == b"\x1f\x8b":
        yield gzip.decompress(data)
    if path.suffix == ".br":
        yield brotli.decompress(data)
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as packed:
            for name in packed.namelist():
                yield name.encode()
                yield packed.read(name)
    if data[:6] == b"SQLite":
        with sqlite3.connect(path) as database:
            yield "\n".join(database.iterdump()).encode()


def test_nothing_private_is_in_any_file_of_the_site(house: Collection) -> None:
    report = house.write("../sitegen.toml", CONFIG + "precompress = true\n").build().report
    assert report.ok, "\n".join(map(str, report.issues))
    assert told(house.site, SECRET) == set()
    assert "Samuel." in house.page("/articles/open/")
    there = [path for path in house.site.rglob("*") if path.is_file()]
    read = sum(1 for path in there for _ in _readings(path, house.site))
    planted = sum(SECRET.lower() in path.read_text().lower() for path in house.content.rglob("*") if path.is_file())
    print(f"the secret of {planted} files was looked for in {len(there)} files, by name, as bytes and inside: {read} readings")
    kinds = {path.suffix for path in there}
    assert planted == 8 and kinds >= {".br", ".gz", ".zip", ".sqlite", ".pf_fragment", ".pf_index", ".xml"}


def test_the_search_for_secrets_finds_what_is_published(house: Collection) -> None:
    house.build()
    found = told(house.site, "Morse")
    assert {"articles/open/index.html", "people/morse/index.html", "data/tei.zip", "data/collection.sqlite"} <= found
    assert any(name.endswith(".pf_fragment") for name in found)


def test_a_blacked_out_text_is_published_with_bars_and_without_its_copies(house: Collection) -> None:
    house.build()
    page = house.page("/articles/barred/")
    assert page.count("█████") >= 3
    assert not (house.site / "articles/barred/index.md").exists() and not (house.site / "articles/barred/source.txt").exists()


def test_a_text_under_embargo_is_published_on_its_day(house: Collection) -> None:
    house.record("people/zorquelda", "Jane Zorquelda").today = dt.date(2090, 1, 1)
    house.delete("articles/barred.md").delete("articles/open.notes.yaml").delete("articles/hidden.md").build()
    assert house.has("/articles/later/")


BETRAYALS: dict[str, Callable[[Collection], Collection]] = {
    "a text names a private person": lambda c: c.article("slip", "And there was Jane Zorquelda."),
    "in capitals": lambda c: c.article("slip", "And there was JANE ZORQUELDA."),
    "a record is described by one": lambda c: c.record("people/morse", "Morse", "summary: A friend of Jane Zorquelda.\n"),
    "a redacted passage stands elsewhere": lambda c: c.article("slip", "Of Jane Zorquelda, more."),
    "a private passage is quoted": lambda c: c.article(
        "slip", "It said: Morse met Jane Zorquelda in Paris, at Zorquelda Hall, on a day that nobody was to know of."
    ),
    "a static file": lambda c: c.write("files/list.txt", "Miss Zorquelda"),
    "over a line break": lambda c: c.article("slip", "And there was Jane\nZorquelda."),
    "with markup between": lambda c: c.article("slip", "And there was *Jane* **Zorquelda**."),
    "in small letters, as an address": lambda c: c.article("slip", "[There](https://example.org/jane-zorquelda.html)."),
    "with signs that are not seen": lambda c: c.article("slip", "And there was Jane\u00a0Zor\u00adquelda."),
    "with entities": lambda c: c.article("slip", "And there was Jane&nbsp;Zor&shy;quelda."),
    "an article's address": lambda c: c.article("on-jane-zorquelda", "Of somebody.", title="Somebody"),
    "a heading's id": lambda c: c.article("slip", "## Jane: Zorquelda!\n\nHere."),
    "a tag": lambda c: c.article("slip", "Here.", more="tags: [jane zorquelda]\n"),
    "a correction": lambda c: c.article("slip", "Here.", more="corrections: [{date: 2026-01-01, text: jane zorquelda}]\n"),
    "what the ledger says": lambda c: c.write("urls.csv", "url,first,goes_to,why\n/old/,2026-01-01,gone,Jane Zorquelda asked\n"),
    "a public note": lambda c: c.write(
        "articles/open.notes.yaml", "notes:\n- {id: n2, quote: {exact: Morse}, body: 'Jane *Zorquelda* knew him.'}\n"
    ),
    "a note's author": lambda c: c.write(
        "articles/open.notes.yaml", "notes:\n- {id: n2, quote: {exact: Morse}, body: Hm., by: Jane Zorquelda}\n"
    ),
    "the menu": lambda c: c.write("../sitegen.toml", CONFIG + 'menu = [{title = "Jane Zorquelda", url = "/"}]\n'),
    "a file's name": lambda c: c.write("files/Jane Zorquelda.txt", "x"),
}


@pytest.mark.parametrize("betrayal", BETRAYALS)
def test_a_build_that_would_tell_a_secret_fails_and_does_not_say_it(house: Collection, betrayal: str) -> None:
    house.build()
    BETRAYALS[betrayal](house)
    report = house.build().report
    assert not report.ok
    assert {issue.code for issue in report.issues if issue.severity.value == "error"} == {"private-shown"}
    assert all(SECRET.lower() not in str(issue).lower().replace("zorquelda.md", "") for issue in report.issues)
    assert told(house.site, SECRET) == set()


def test_a_record_made_private_is_looked_for_in_pages_that_did_not_change(house: Collection) -> None:
    house.record("people/cooke", "William Cooke", "aliases: [{text: Old Cooke, auto: false}]\n")
    house.article("cooke", "William Cooke came.").article("old", "Old Cooke came.").build()
    house.article("cooke", "Nobody came.").record("people/cooke", "William Cooke", "visibility: private\naliases: [Old Cooke]\n")
    report = house.build().report
    assert not report.ok and {issue.code for issue in report.issues} >= {"private-shown"}


def test_what_describes_the_exports_is_searched_again_for_a_new_secret(collection: Collection) -> None:
    collection.write("../sitegen.toml", 'title = "Test"\nurl = "https://example.org/"\nexports = true\n')
    collection.article("a", "Nobody came.").build()
    before = _row(collection, "data/dataset.jsonld")
    assert collection.record("people/cooke", "Old Cooke", "visibility: private\n").build().report.ok
    after = _row(collection, "data/dataset.jsonld")
    assert after.sha == before.sha and after.key != before.key


def _row(collection: Collection, path: str) -> Row:
    config = load(collection.root)
    with Memo.at(config.memo) as memo:
        return memo.outputs(config.output)[path]


def test_no_digest_lets_anyone_try_names_behind_a_bar(house: Collection) -> None:
    source, text = ((house.content / path).read_bytes() for path in ("sources/t.txt", "articles/barred.md"))
    house.article("plain", "Nobody came.")
    named = f"source: {{file: sources/t.txt, sha256: {sha256(source).hexdigest()}}}\n"
    house.article(
        "barred", "Morse and Jane\nZorquelda in Paris.", title="Of her", more=f"redact: [Jane Zorquelda]\n{named}"
    ).build()
    notes = (house.content / "articles/open.notes.yaml").read_bytes()
    text = (house.content / "articles/barred.md").read_bytes()
    for data in (source, text, notes):
        assert told(house.site, sha256(data).hexdigest()) == set()
    assert (
        told(house.site, sha256((house.content / "articles/open.md").read_bytes()).hexdigest()) == set()
    )  # leads to a private one
    assert told(house.site, sha256((house.content / "articles/plain.md").read_bytes()).hexdigest()) >= {"data/receipt.json"}


def test_an_article_that_links_to_a_withheld_one_is_published_without_its_markdown(collection: Collection) -> None:
    collection.article("the-minister-resigns", "Words.", more="embargo: 2090-01-01\n").article("b", "Words.")
    collection.article("a", "[Soon](the-minister-resigns.md).").article("c", "[[the-minister-resigns|Soon]].").build()
    assert told(collection.site, "minister") == set() and "Soon" in collection.page("/articles/a/")
    assert (collection.site / "articles/b/index.md").exists() and not (collection.site / "articles/a/index.md").exists()


def test_entries_of_the_search_are_looked_at_before_they_are_compressed(
    house: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sitegen.publish.search.entries.names_of", lambda found: {one.id: "Jane Zorquelda" for one in found})
    report = house.build().report
    assert not report.ok and "private-shown" in {issue.code for issue in report.issues}


def test_notes_that_are_exported_for_others_are_the_public_ones(house: Collection) -> None:
    house.article("barred", "Nobody came.")
    run = CliRunner().invoke(main, ["-C", str(house.root), "notes", "export", "articles/open"])
    assert "Samuel." in run.output and SECRET not in run.output


def test_words_of_a_name_that_are_apart_are_not_the_name(house: Collection) -> None:
    house.article("c", "Jane came. Jane's Zorqueldas, Janet Zorquelda-Smith and Zorquelda Jane are others.")
    assert house.build().report.ok


def test_a_passage_that_markup_hides_from_redaction_is_an_error(collection: Collection) -> None:
    collection.article("a", "Jane *Zorquelda* came.", more="redact: [Jane Zorquelda]\n")
    assert "redaction-failed" in collection.build().codes


def test_a_passage_that_is_nowhere_is_a_warning(collection: Collection) -> None:
    collection.article("a", "Nobody came.", more="redact: [Jane Zorquelda]\n")
    assert collection.build().codes == ["redaction-unused"]


@pytest.mark.parametrize("value", ["privat", "false", "no"])
def test_a_slip_of_the_pen_publishes_nothing(collection: Collection, value: str) -> None:
    collection.article("a", "Words.").build()
    collection.article("a", "Words.", more=f"visibility: {value}\n")
    assert not collection.build().report.ok
