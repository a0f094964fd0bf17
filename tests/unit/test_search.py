"""The search index: what is in it, when it is made, and what happens where it cannot be."""

from __future__ import annotations

import gzip
import json
import os
import random
import stat
from pathlib import Path

import pytest

from sitegen.build.again import Builder
from sitegen.build.memo import Memo
from sitegen.build.pool import Pool
from sitegen.build.run import Mode
from sitegen.build.searching import Indexing
from sitegen.config import load
from sitegen.errors import Severity
from sitegen.model.entity import Record, Subject
from sitegen.publish.search import entries as made
from sitegen.publish.search import pagefind
from sitegen.publish.search.settled import settled
from tests.support import Collection, files

PROGRAM = pagefind.program()
needs_pagefind = pytest.mark.skipif(PROGRAM is None, reason="Pagefind has no wheel for this machine")


def entry(number: int, **more: object) -> made.Entry:
    given = {"kind": ["articles"], "year": [str(1850 + number % 7)], "people": [f"Person {n}" for n in range(number % 5)]}
    text = f"Text {number} of the cable and the ship."
    return made.Entry(f"/a/{number}/", text, "en", {"title": f"Title {number}"}, given, {"date": f"1850-01-01 {number:04}"})


def indexed(collection: Collection) -> dict[str, bytes]:
    return {path: data for path, data in files(collection.site).items() if path.startswith("pagefind/")}


def fragments(collection: Collection) -> dict[str, dict[str, object]]:
    """What the index holds of each page, by its address."""
    raw = [gzip.decompress(data)[12:] for path, data in indexed(collection).items() if "/fragment/" in path]
    return {found["url"]: found for found in map(json.loads, raw)}


def fake(folder: Path, script: str) -> Path:
    """A program that stands in Pagefind's place."""
    path = folder / "pagefind"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


# The files.


@needs_pagefind
def test_the_same_entries_make_the_same_files() -> None:
    entries = [entry(number) for number in range(80)]
    first = pagefind.index(PROGRAM, entries)
    others = [pagefind.index(PROGRAM, entries) for _ in range(3)]
    assert any(other != first for other in others), "Pagefind itself has become steady: `settled` is no longer needed"
    assert all(settled(other) == settled(first) for other in others)


@needs_pagefind
def test_a_settled_index_holds_what_its_lists_name() -> None:
    found = settled(pagefind.index(PROGRAM, [entry(number) for number in range(30)]))
    (language,) = json.loads(found["pagefind-entry.json"])["languages"].values()
    meta = gzip.decompress(found[f"pagefind.{language['hash']}.pf_meta"])
    filters = [path.split("/")[1].split(".")[0] for path in found if path.startswith("filter/")]
    assert len(filters) == 3 and all(name.encode() in meta for name in filters)


@needs_pagefind
def test_pagefinds_own_interfaces_are_not_published() -> None:
    assert not [path for path in settled(pagefind.index(PROGRAM, [entry(1)])) if "ui" in path]


@needs_pagefind
@pytest.mark.parametrize("name", ["pagefind-entry.json", ".pf_meta", ".pf_filter"])
def test_an_index_of_an_unknown_form_is_refused(name: str) -> None:
    found = pagefind.index(PROGRAM, [entry(number) for number in range(5)])
    (path, *_) = [path for path in found if path.endswith(name)]
    random.seed(1)
    for broken in (b"", b"{}", found[path][:-9], gzip.compress(b"pagefind_dcd\xa1\x01\x02"), random.randbytes(200)):
        with pytest.raises(pagefind.PagefindError, match="of a form that is not known"):
            settled({**found, path: broken})


@needs_pagefind
def test_whatever_a_text_holds_it_is_entered_where_it_has_a_word() -> None:
    odd = ["", " \n ", "\0\x07", "x" * 100_000, "<mark>a</mark> & &lt;", "برقية 電報 👩‍🚀", "a\u200bb", ",,,", '"', "\\u0000"]
    entries = [
        made.Entry(f"/{n}/", text, "en", {"title": text}, {"people": [text]}, {"date": text}) for n, text in enumerate(odd)
    ]
    found = [path for path in settled(pagefind.index(PROGRAM, entries)) if path.startswith("fragment/")]
    assert len(found) == sum(any(map(str.isalnum, text)) for text in odd)


@needs_pagefind
def test_what_is_no_text_is_told_at_once() -> None:
    with pytest.raises(pagefind.PagefindError, match="ended after"):
        pagefind.index(PROGRAM, [made.Entry("/a/", "\ud800", "en", {}, {}, {})], patience=60)


# The entries.


def test_two_records_of_one_name_are_two_values_of_a_facet() -> None:
    subjects = [Subject(f"people/{stem}", "people", "", "", Record("John Smith")) for stem in ("smith-1", "smith-2")]
    assert list(made.names_of(subjects).values()) == ["John Smith (smith-1)", "John Smith (smith-2)"]


@needs_pagefind
def test_an_article_is_found_with_what_it_names_and_its_date(collection: Collection) -> None:
    collection.article("a", "Morse sailed from Paris.", title="A voyage").record("people/morse", "Morse")
    collection.record("places/paris", "Paris", "location: {lat: 48.9, lon: 2.3}\n").build()
    found = fragments(collection)["/articles/a/"]
    assert found["filters"] == {
        "group": ["articles"], "kind": ["articles"], "people": ["Morse"], "places": ["Paris"], "year": ["1858"],
    }  # fmt: skip
    assert found["meta"] == {"date": "16 August 1858", "title": "A voyage"} and found["content"] == "Morse sailed from Paris."


@needs_pagefind
def test_an_article_without_a_text_is_found_by_its_title(collection: Collection) -> None:
    collection.article("a", "", title="A voyage").build()
    assert fragments(collection)["/articles/a/"]["content"] == "A voyage"


@needs_pagefind
def test_a_record_is_found_by_what_is_said_of_it(collection: Collection) -> None:
    collection.article("a", "Morse sailed.").record("people/morse", "Morse", "role: Painter\naliases: [Finley]\n", "He *drew*.")
    collection.build()
    found = fragments(collection)["/people/morse/"]
    assert found["content"] == "Painter. Finley. He drew." and found["filters"]["group"] == ["records"]  # type: ignore[index]


@needs_pagefind
def test_a_text_with_signs_of_html_is_entered_as_it_reads(collection: Collection) -> None:
    collection.article("a", "If a &lt; b then `<b>x</b>` &amp; so on.").build()
    assert fragments(collection)["/articles/a/"]["content"] == "If a < b then <b>x</b> & so on."


@needs_pagefind
def test_a_note_is_found_by_what_it_says_and_leads_to_itself(collection: Collection) -> None:
    collection.article("a", "Morse sailed from Paris.", title="A voyage").record("people/morse", "Morse")
    notes = "notes:\n- {id: n1, quote: sailed from, layer: doubt, body: 'Hardly, says [*Cooke*](b.md).', by: mk}\n"
    collection.article("b", date="1870").write("articles/a.notes.yaml", notes).build()
    found = fragments(collection)
    note = found["/articles/a/#note-n1"]
    assert note["content"] == "“sailed from” Hardly, says Cooke. mk" and note["meta"]["title"] == "A voyage"  # type: ignore[index]
    assert note["filters"] == {
        "group": ["notes"], "kind": ["notes"], "layer": ["doubt"], "people": ["Morse"], "year": ["1858"],
    }  # fmt: skip
    assert found["/articles/a/"]["filters"]["layer"] == ["doubt"]  # type: ignore[index]


@needs_pagefind
def test_a_note_that_lost_its_words_is_not_found(collection: Collection) -> None:
    collection.article("a", "Morse sailed.").write("articles/a.notes.yaml", "notes:\n- {id: n1, quote: Cooke wept, body: No.}\n")
    collection.build()
    assert list(fragments(collection)) == ["/articles/a/"]


# When it is made.


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many entries Pagefind was given, each time it was asked."""
    times: list[int] = []
    index = pagefind.index

    def counted(program: Path, entries: list[made.Entry], patience: float = 0.0) -> dict[str, bytes]:
        times.append(len(entries))
        return index(program, entries, patience)

    monkeypatch.setattr(pagefind, "index", counted)
    return times


@needs_pagefind
def test_pagefind_is_asked_again_only_where_something_it_was_given_has_changed(collection: Collection, asked: list[int]) -> None:
    collection.article("a", "Morse sailed.").record("people/morse", "Morse").build()
    collection.write("images/a.svg", "<svg/>").build()
    collection.record("people/morse", "Morse", "ids: {wikidata: Q75698}\n").build()
    assert asked == [2]
    collection.record("people/morse", "Samuel Morse", "aliases: [Morse]\n").build()
    assert asked == [2, 2]


@needs_pagefind
def test_files_of_the_index_that_were_lost_are_put_back_from_the_memo(collection: Collection, asked: list[int]) -> None:
    collection.article("a").build()
    before = indexed(collection)
    (collection.site / "pagefind" / "pagefind.js").unlink()
    collection.build()
    assert indexed(collection) == before and asked == [1]


@needs_pagefind
def test_a_theme_without_a_search_page_gets_no_index(collection: Collection, asked: list[int]) -> None:
    collection.write("../sitegen.toml", 'title = "T"\ntheme = "plain"\n').article("a").build()
    assert not asked and not collection.has("/search/")


@needs_pagefind
def test_without_search_the_page_offers_the_indexes_alone(collection: Collection, asked: list[int]) -> None:
    collection.article("a", "Morse.").record("people/morse", "Morse").build()
    collection.build(search=Indexing.NONE)
    assert not indexed(collection) and "<form" not in collection.page("/search/")
    assert 'href="../people/#letter-m"' in collection.page("/search/")
    collection.build()
    assert indexed(collection) and asked == [2]


@needs_pagefind
def test_an_index_that_is_kept_says_that_it_is_older(collection: Collection, asked: list[int]) -> None:
    collection.article("a").build()
    before = indexed(collection)
    collection.article("b", "Another.").build(search=Indexing.KEPT)
    assert indexed(collection) == before and "older than the texts" in collection.page("/search/")
    collection.build()
    assert indexed(collection) != before and "older than the texts" not in collection.page("/search/")
    assert asked == [1, 2]


@needs_pagefind
def test_an_edit_of_words_in_a_process_that_stays_lets_the_page_say_that_the_index_is_older(collection: Collection) -> None:
    collection.article("a", "Text.").build()
    before, config, builder = indexed(collection), load(collection.root), Builder()
    mode = Mode(collection.today, search=Indexing.KEPT)
    with Memo.at(config.memo) as memo, Pool.of(1) as pool:
        builder.build(config, memo, mode, pool)
        collection.article("a", "Other.")
        report = builder.build(config, memo, mode, pool, {collection.content / "articles/a.md"})
        assert report.synced and "search/index.html" in report.synced.written
        assert "older than the texts" in collection.page("/search/") and indexed(collection) == before
        collection.article("a", "Text.")
        builder.build(config, memo, mode, pool, {collection.content / "articles/a.md"})
    assert "older than the texts" not in collection.page("/search/")


# Where it cannot be made.


def test_where_there_is_no_pagefind_the_build_says_so_and_goes_on(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pagefind, "program", lambda: None)
    built = collection.article("a").build(strict=True)
    assert [(issue.code, issue.severity) for issue in built.report.issues] == [("no-pagefind", Severity.NOTE)]
    assert collection.has("/articles/a/") and not indexed(collection)


@pytest.mark.skipif(os.name != "posix", reason="the programs are shell scripts")
@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo 'thread main panicked' >&2; exit 101", "pagefind ended after 0 of 3 answers (thread main panicked)"),
        ("echo 'no base64,'; sleep 30", "pagefind gave an answer that makes no sense"),
        ("printf 'e30=,'; sleep 30", "pagefind gave an answer that makes no sense"),
        # {"payload": {"type": "Error", "message": "no"}}, three times
        ("m=eyJwYXlsb2FkIjogeyJ0eXBlIjogIkVycm9yIiwgIm1lc3NhZ2UiOiAibm8ifX0=,; printf $m$m$m; sleep 30", "refused NewIndex: no"),
    ],
    ids=["a crash", "no base64", "no answer", "a refusal"],
)
def test_a_failure_of_pagefind_stops_the_build_and_changes_nothing(
    collection: Collection, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str, said: str
) -> None:
    collection.article("a", "Text.").build()
    before = files(collection.site)
    monkeypatch.setattr(pagefind, "program", lambda: fake(tmp_path, script))
    built = collection.article("a", "Other.").build()
    (issue,) = built.report.issues
    assert issue.code == "search-failed" and said in issue.message and "--no-search" in issue.help
    assert not built.report.ok and files(collection.site) == before


@pytest.mark.skipif(os.name != "posix", reason="the program is a shell script")
def test_a_pagefind_that_does_not_end_is_stopped(tmp_path: Path) -> None:
    with pytest.raises(pagefind.PagefindError, match="did not finish in 1 seconds"):
        pagefind.index(fake(tmp_path, "exec sleep 60"), [entry(1)], patience=1)
