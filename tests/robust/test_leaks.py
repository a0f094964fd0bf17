"""What is withheld leaves no trace: the site is, byte for byte, the one of a collection that never held it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sitegen.build import snapshots
from sitegen.build.memo import Memo
from sitegen.build.pool import Pool
from sitegen.build.run import Mode
from sitegen.config import load
from tests.robust.test_privacy import CONFIG, told
from tests.support import Collection, files

MORE = CONFIG + "precompress = true\n[kinds.ships]\n"
HIDDEN = "visibility: private\n"
NAME = "Jane Zorquelda"
BOOKS = "She kept the second set of books in the house by the canal."
NIGHT = "They met by night in the old shipyard, and nobody wrote it down."


@pytest.fixture
def open_house(tmp_path: Path) -> Collection:
    """A collection in which everything may be seen, that fills pages of every sort."""
    house = Collection(tmp_path / "c", MORE)
    house.record("people/morse", "Samuel Morse", "begin: 1791\nids: {wikidata: Q75698}\n")
    house.record("places/paris", "Paris", "location: {lat: 48.9, lon: 2.3}\n")
    house.article("first", "Samuel Morse was in Paris.", date="1844-05-24", more="tags: [sea]\n")
    house.article("second", "He came back to Paris.\n\nSamuel Morse had left.", date="1846-05-24", more="tags: [sea, land]\n")
    return house.article("third", "Nobody.", date="1848-05-24", more="related: [first]\n")


def _article(c: Collection, more: str = HIDDEN) -> Collection:
    return c.article(
        "secret", "Samuel Morse met Zorquelda in Paris, of which [the first](first.md) tells. ![A hall](/images/hall.svg)",
        title="The Zorquelda Papers", date="1845-05-24",
        more=more + "tags: [sea, zorquelda]\ncorrections: [{date: 2026-01-01, text: Zorquelda came.}]\nslug: zorquelda-letter\n",
    )  # fmt: skip


WITHHELD: dict[str, Callable[[Collection], Collection]] = {
    "an article": _article,
    "an article until a day": lambda c: _article(c, "embargo: 2090-01-01\n"),
    "an article with notes and a source": lambda c: (
        _article(c, HIDDEN + "source: {file: sources/z.txt, publisher: Zorquelda Press}\n")
        .write("sources/z.txt", "Zorquelda")
        .write("articles/secret.notes.yaml", "notes:\n- {id: n1, quote: {exact: Morse}, body: Zorquelda.}\n")
    ),
    "an article and the picture it alone shows": lambda c: _article(c).write("images/hall.svg", "<svg/>"),
    "a page": lambda c: c.write("pages/hidden.md", f"---\ntitle: Zorquelda\n{HIDDEN}---\nWords of [a](/images/h.svg).\n"),
    "a page and the picture it alone shows": lambda c: c.write(
        "pages/hidden.md", f"---\ntitle: Zorquelda\n{HIDDEN}---\n![Words](/images/h.svg).\n"
    ).write("images/h.svg", "<svg/>"),
    "a person": lambda c: c.record("people/zorquelda", "Jane Zorquelda", HIDDEN + "sort: Zorquelda, Jane\n", "Knew Morse."),
    "a place and its point": lambda c: c.record("places/hall", "Zorquelda Hall", HIDDEN + "location: {lat: 1, lon: 2}\n"),
    "a person who was merged": lambda c: c.record("people/zorquelda", "Jane Zorquelda", HIDDEN + "merged_into: people/morse\n"),
    "a person who was rejected": lambda c: c.record("people/zorquelda", "Jane Zorquelda", HIDDEN + "status: rejected\n"),
    "a person in whom another was merged": lambda c: c.record("people/zorquelda", "Jane Zorquelda", HIDDEN).record(
        "people/zorquelda-jane", "Miss Zorquelda", HIDDEN + "merged_into: people/zorquelda\n"
    ),
    "a person in letters of their own": lambda c: c.record("people/muñoz", "José Muñoz", HIDDEN + "slug: jm\n"),
    "a kind of its own": lambda c: c.record("ships/zorquelda", "The Zorquelda", HIDDEN),
}  # fmt: skip


@pytest.mark.parametrize("withheld", WITHHELD)
def test_a_site_is_the_one_of_a_collection_without_what_is_withheld(open_house: Collection, withheld: str) -> None:
    open_house.build()
    before = files(open_house.site)
    report = WITHHELD[withheld](open_house).build().report
    assert report.ok, "\n".join(map(str, report.issues))
    after = files(open_house.site)
    assert sorted(before.keys() ^ after.keys()) == []
    assert [path for path in before if before[path] != after[path]] == []


def test_the_day_of_an_embargo_is_in_no_file(open_house: Collection) -> None:
    _article(open_house, "embargo: 2090-01-01\n").build()
    before = files(open_house.site)
    _article(open_house, "embargo: 2091-02-03\n").build()
    assert files(open_house.site) == before


def test_whatever_stands_behind_a_bar_the_files_are_the_same(open_house: Collection) -> None:
    found = []
    for name in ("Jane Zorquelda", "Archibald Quux of Hull"):
        slug = f"redact: [{name}]\nsummary: On {name}.\nbyline: {name}\ntags: [{name}]\nextra: {{who: {name}}}\n"
        slug += f"source: {{file: sources/t.txt, publisher: {name}}}\nrelated: [{name}]\n"
        open_house.write("sources/t.txt", f"Samuel Morse and {name} in Paris.")
        open_house.article("barred", f"## Of {name}\n\nSamuel Morse and {name} in Paris.", title=f"Of {name}", more=slug)
        report = open_house.build().report
        assert report.ok, "\n".join(map(str, report.issues))
        found.append(files(open_house.site))
    assert found[0].keys() == found[1].keys()
    assert [path for path in found[0] if found[0][path] != found[1][path]] == []


def test_what_a_private_note_says_and_where_it_hangs_is_in_no_file(open_house: Collection) -> None:
    said = "notes:\n- {id: n2, quote: {exact: Morse}, body: Samuel.}\n"
    found = []
    for body in ("Zorquelda said so in a letter.", "Quux wrote that in his diary."):
        private = f"- {{id: n1, quote: {{exact: in Paris}}, body: '{body}', visibility: private, tags: [{body[:6]}]}}\n"
        open_house.write("articles/first.notes.yaml", said + private).build()
        found.append(files(open_house.site))
    assert [path for path in found[0] if found[0][path] != found[1][path]] == []


@pytest.fixture
def house(open_house: Collection) -> Collection:
    """The same, with private names, an address, a title and a text."""
    person = HIDDEN + "aliases: [Zorquelda]\nslug: person-12\nsort: Zorquelda, Jane\n"
    open_house.record("people/jane", "Jane Zorquelda", person, BOOKS)
    open_house.record("people/muñoz", "José Muñoz", HIDDEN).record("people/müller", "Müller", HIDDEN)
    return open_house.article(
        "hidden", f"It rained. {NIGHT} So it ended.", title="Meeting",
        more=HIDDEN + "slug: letter-77\nsummary: A meeting of which the harbour master was never told anything.\n",
    )  # fmt: skip


def _noted(c: Collection, more: str) -> Collection:
    return c.write("articles/first.notes.yaml", "notes:\n- {id: n1, quote: {exact: Morse}, body: Hm., " + more + "}\n")


PLACES: dict[str, Callable[[Collection], Collection]] = {
    "over a line break of Markdown": lambda c: c.article("slip", "Jane  \nZorquelda came."),
    "in two cells": lambda c: c.article("slip", "| First | Last |\n|---|---|\n| Jane | Zorquelda |\n"),
    "around a comment": lambda c: c.write("files/a.html", "<p>Jane <!-- or so --> Zorquelda</p>"),
    "the way an index has it": lambda c: c.article("slip", "See Zorquelda, Jane: papers."),
    "without accents": lambda c: c.article("slip", "Jose Munoz came."),
    "without accents, as an address": lambda c: c.article("jose-munoz-speaks", "Nobody.", title="Somebody speaks"),
    "accents apart from their letters": lambda c: c.write("files/a.txt", "Mu\u0308ller"),
    "letters as an address writes them": lambda c: c.article("slip", "[There](https://example.com/M%C3%BCller)."),
    "letters as numbers": lambda c: c.write("files/a.html", "<p>M&#252;ller</p>"),
    "one word, as an address": lambda c: c.article("letter-to-zorquelda", "Nobody.", title="A letter"),
    "one word, as a file's name": lambda c: c.write("images/zorquelda-1.svg", "<svg/>"),
    "as a name of an account": lambda c: c.article("slip", "Write to [us](https://example.com/@janezorquelda)."),
    "as one word": lambda c: c.article("slip", "The tag was #JaneZorquelda then."),
    "an address of mail": lambda c: c.article("slip", "Write to jane.zorquelda@example.com."),
    "a line break in JSON": lambda c: c.write("files/a.json", '{"a": "Jane\\nZorquelda"}'),
    "two bytes a letter": lambda c: c.write("files/a.txt", NAME.encode("utf-16")),
    "a picture's words": lambda c: c.article("slip", f"![{NAME}](/images/x.svg)").write("images/x.svg", "<svg/>"),
    "within a picture": lambda c: c.write("images/x.svg", f"<svg><title>{NAME}</title></svg>"),
    "the title of a link": lambda c: c.article("slip", f'[There](https://example.com/ "{NAME}").'),
    "a private address of a person": lambda c: c.article("slip", "[She](https://example.org/people/person-12/)."),
    "a private address of an article": lambda c: c.article("slip", "[It](https://example.org/articles/letter-77/)."),
    "where an old address leads": lambda c: c.write("urls.csv", "url,first,goes_to,why\n/old/,2026-01-01,/people/person-12/,\n"),
    "a record's id": lambda c: c.article("slip", "She said so.", more="links: {She: people/jane}\n"),
    "a sentence of a private text": lambda c: c.article("slip", NIGHT),
    "the summary of a private text": lambda c: c.article(
        "slip", "A meeting of which the harbour master was never told anything."
    ),
    "what is said of a private person": lambda c: c.article("slip", BOOKS),
    "another name of a record": lambda c: c.record("people/morse", "Samuel Morse", f"aliases: [{{text: {NAME}, auto: false}}]\n"),
    "a record's role": lambda c: c.record("people/morse", "Samuel Morse", f"role: uncle of {NAME}\n"),
    "a record's own field": lambda c: c.record("people/morse", "Samuel Morse", f"extra: {{niece: {NAME}}}\n"),
    "a number in an authority file": lambda c: c.record("people/morse", "Samuel Morse", "ids: {gnd: jane-zorquelda}\n"),
    "a byline": lambda c: c.article("slip", "Nobody.", more=f"byline: {NAME}\n"),
    "a dateline": lambda c: c.article("slip", "Nobody.", more=f"dateline: {NAME}\n"),
    "a publisher": lambda c: c.article("slip", "Nobody.", more=f"source: {{publisher: {NAME}}}\n"),
    "a source's address": lambda c: c.article("slip", "Nobody.", more="source: {url: 'https://example.com/Jane_Zorquelda'}\n"),
    "a comment in a header": lambda c: c.article("slip", "Nobody.", more=f"# ask {NAME}\n"),
    "a reply to a note": lambda c: _noted(c, f"replies: [{{by: A, body: {NAME} says no}}]"),
    "who replies to a note": lambda c: _noted(c, f"replies: [{{by: {NAME}, body: No}}]"),
    "a note's tag": lambda c: _noted(c, f"tags: [{NAME}]"),
    "a note's record": lambda c: _noted(c, "record: people/jane"),
    "the author of the site": lambda c: c.write("../sitegen.toml", f'{MORE}author = "{NAME}"\n'.replace(*_BEFORE_KINDS)),
    "the name of a kind": lambda c: (
        c.write("../sitegen.toml", f'{MORE}label = "{NAME}"\n').record("ships/a", "Eastern").article("b", "The Eastern.")
    ),
}  # fmt: skip
_BEFORE_KINDS = ("[kinds.ships]\nauthor", "author")
# What readers are not shown: whom the words name is left out, and own fields of records are for themes.
UNTOLD = {"a note's record", "a record's own field"}


@pytest.mark.parametrize("place", PLACES)
def test_a_private_name_is_found_wherever_it_hides(house: Collection, place: str) -> None:
    assert house.build().report.ok
    assert PLACES[place](house).build().report.ok == (place in UNTOLD)
    assert not any(told(house.site, word) for word in ("zorquelda", "munoz", "muñoz", "shipyard", "canal"))


def test_an_id_within_a_longer_one_is_another(house: Collection) -> None:
    house.article("hidden-treasure", "Janet came.", title="A treasure").record("people/jane-eyre", "Janet")
    report = house.build().report
    assert report.ok and house.has("/people/jane-eyre/")


def test_a_word_in_small_letters_is_no_name(house: Collection) -> None:
    assert house.record("people/hull", "Hull", HIDDEN).article("slip", "The hull was wet.").build().report.ok


def test_what_is_kept_from_readers_by_its_picture_is_told_to_them_by_another_article(house: Collection) -> None:
    house.write("images/a.svg", "<svg/>").article("third", "![A](/images/a.svg)")
    house.article("hidden", "![A](/images/a.svg) ![B](/images/b.svg)", more=HIDDEN).write("images/b.svg", "<svg/>").build()
    assert (house.site / "images/a.svg").exists() and not (house.site / "images/b.svg").exists()


def test_an_archive_is_searched_as_it_was_before_it_was_packed(house: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    house.write("../sitegen.toml", CONFIG.replace("exports = true", 'exports = ["tei"]')).build()
    monkeypatch.setattr("sitegen.publish.tei._when", lambda date: f"{date.iso[:10]} {NAME}")
    assert "private-shown" in house.article("first", "Samuel Morse was in Paris again.").build().codes


def test_no_digest_confirms_a_guess(house: Collection) -> None:
    """Of all that a receipt counts without naming it nothing is private: alone it could be guessed at."""
    house.write("urls.csv", "url,first,goes_to,why\n/people/jane-zorquelda/,2026-01-01,gone,Withdrawn.\n").write(
        "stoplist.txt", "Hull\n"
    )
    _noted(house, "record: people/jane").article("third", "Nobody.", more="related: [Meeting]\n")
    report = house.build().report
    assert report.ok, "\n".join(map(str, report.issues))
    receipt = json.loads((house.site / "data/receipt.json").read_bytes())
    assert receipt["unnamed"]["files"] == 0
    assert [path for path in receipt["inputs"] if path.startswith("content/articles")] == [
        "content/articles/first.md", "content/articles/second.md",
    ]  # fmt: skip


def test_a_manifest_tells_nothing_of_what_is_withheld(open_house: Collection) -> None:
    found = []
    for name in ("The Zorquelda Papers", "The Quux Papers"):
        slug = name.lower().replace(" ", "-")
        open_house.article("third", f"Nobody, as [said](../articles/{slug}.md).", more=f"related: [{name}]\n")
        open_house.article("hidden", "Nobody.", title=name, more=HIDDEN).article(slug, "Nobody.", more=HIDDEN)
        config = load(open_house.root)
        with Memo.none() as memo, Pool.of(1) as pool:
            snapshots.take(config, memo, Mode(open_house.today), pool, open_house.root / "out", open_house.root / "snapshot")
        found.append((open_house.root / "snapshot").read_bytes())
    assert found[0] == found[1]
