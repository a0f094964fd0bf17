"""The oracle: after any sequence of edits, an incremental build equals a clean one, byte for byte.

A check that cannot fail shows nothing: the negative controls blind a key, and the oracle must notice.
"""

from __future__ import annotations

import datetime as dt
import random
import tempfile
from collections.abc import Callable
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from sitegen.annotate.names import Names
from sitegen.build import pipeline
from sitegen.relate.cells import Cells, Reads
from tests.support import Collection, files

NAMES = ["alpha", "beta", "gamma", "delta"]
PEOPLE = ["Morse", "Field", "Thomson", "Cooke"]
WORDS = ["cable", "ship", "wire", "shore", "Morse", "Field", "Thomson", "Cooke", "Paris"]


class Editor:
    """Random edits of a small collection, each drawn from a seeded source."""

    def __init__(self, collection: Collection, seed: int) -> None:
        self.collection, self.random = collection, random.Random(seed)

    def edit(self) -> str:
        kind = self.random.choice([name for name in dir(self) if name.startswith("do_")])
        getattr(self, kind)()
        return kind

    def text(self) -> str:
        pick = self.random.choice
        paragraphs = [
            " ".join(pick(WORDS) for _ in range(self.random.randint(3, 12))).capitalize() + "."
            for _ in range(self.random.randint(1, 4))
        ]
        if self.random.random() < 0.2:
            paragraphs.append("<object data=x><p>A few words more, of Morse and of Field.</p></object>")
        links = [path.stem for path in self.articles()]
        if links and self.random.random() < 0.4:
            paragraphs.append(f"See [this]({pick(links)}.md).")
        return "\n\n".join(paragraphs)

    def articles(self) -> list[Path]:
        return sorted((self.collection.content / "articles").glob("*.md"))

    def records(self) -> list[Path]:
        return sorted(p for folder in ("people", "places") for p in (self.collection.content / folder).glob("*.md"))

    def do_write_article(self) -> None:
        more = "".join(
            line for line in ("draft: true\n", "tags: [war, sea]\n", "tags: [sea]\n", "related: [alpha]\n", "summary: Said.\n",
                                      "slug: elsewhere\n", "lang: ar\n", "links: {Paris: none}\n")
            if self.random.random() < 0.25 and line
        )  # fmt: skip
        more = more if more.count("tags") < 2 else "tags: [peace]\n"
        date = self.random.choice(["1858-08-16", "1866", "1902-10", "", "2030-01-01"])
        title = self.random.choice(["Alpha", "Beta & Co", "Gamma", "alpha"])
        self.collection.article(self.random.choice(NAMES), self.text(), title=title, date=date, more=more)

    def do_write_record(self) -> None:
        name = self.random.choice(PEOPLE)
        status = self.random.choice(["reviewed", "suggested", "rejected", "reviewed"])
        alias = self.random.choice(["[]", "[Paris]", "[shore]", "[{text: wire, auto: false}]"])
        merged = self.random.choice(["", "", "merged_into: people/morse\n"])
        self.collection.record(
            f"people/{name.lower()}",
            name,
            f"status: {status}\naliases: {alias}\n{merged}",
            self.random.choice(["", "Note on Field."]),
        )

    def do_write_place(self) -> None:
        lat, lon = self.random.choice([(48.9, 2.3), (-33.9, 151.2), (51.5, -0.1)])
        self.collection.record(
            f"places/{self.random.choice(['paris', 'sydney'])}", "Paris", f"location: {{lat: {lat}, lon: {lon}}}\n"
        )

    def do_delete(self) -> None:
        if paths := self.articles() + self.records():
            self.random.choice(paths).unlink()

    def do_rename(self) -> None:
        if paths := self.articles():
            self.random.choice(paths).rename(self.collection.content / "articles" / f"{self.random.choice(NAMES)}.md")

    def do_touch(self) -> None:
        if paths := self.articles():
            self.random.choice(paths).touch()

    def do_stop_a_word(self) -> None:
        self.collection.write("stoplist.txt", self.random.choice(["", "Field\n", "Morse\nParis\n"]))

    def do_change_the_configuration(self) -> None:
        title, links = self.random.choice(["One", "Two"]), self.random.choice(["relative", "absolute"])
        theme, language = self.random.choice(["default", "plain", "mine"]), self.random.choice(["en", "de"])
        more = self.random.choice(
            ["", "raw_html = true\n", '[kinds.ships]\nlabel = "Vessels"\n', '[kinds.people]\nsingular = "soul"\n']
        )
        head = (
            f'title = "{title}"\nlinks = "{links}"\ntheme = "{theme}"\nlanguage = "{language}"\nurl = "https://example.org/x/"\n'
        )
        self.collection.write("../sitegen.toml", head + more)

    def do_change_the_theme(self) -> None:
        note = self.random.choice(["one", "two", "three"])
        self.collection.write("../themes/mine/templates/404.html", f"<!DOCTYPE html><title>{note}</title><p>{{{{ site.title }}}}")
        self.collection.write("../themes/mine/assets/own.css", f"/* {note} */")

    def do_change_the_clock(self) -> None:
        self.collection.today = self.random.choice([dt.date(2026, 11, 22), dt.date(2031, 1, 1), dt.date(1890, 1, 1)])

    def do_write_a_static_file(self) -> None:
        self.collection.write("images/a.svg", self.random.choice(["<svg/>", "<svg></svg>"]))


def prepared(root: Path, seed: int) -> Editor:
    collection = Collection(root)
    collection.write("../themes/mine/theme.toml", 'name = "mine"\nextends = "default"\n')
    return Editor(collection, seed)


def differences(collection: Collection) -> set[str]:
    """The files in which an incremental build differs from a clean one, where the content has no errors."""
    built = collection.build()
    if not built.report.ok:
        return set()
    into = collection.root / "clean"
    assert collection.clean_build(into).report.issues == built.report.issues
    ours, clean = files(collection.site), files(into)
    return {path for path in ours.keys() | clean.keys() if ours.get(path) != clean.get(path)}


def run(seed: int, steps: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        editor = prepared(Path(folder), seed)
        done = []
        for _ in range(steps):
            done.append(editor.edit())
            assert not differences(editor.collection), done


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32 - 1))
def test_after_any_edits_an_incremental_build_equals_a_clean_one(seed: int) -> None:
    run(seed, steps=12)


@pytest.mark.soak
def test_after_thousands_of_edits_an_incremental_build_equals_a_clean_one() -> None:
    for seed in range(100):
        run(seed, steps=40)


def blind_to_backlinks(patch: pytest.MonkeyPatch) -> Callable[[Collection], object]:
    """A page's key that leaves out who links to it."""
    key = Cells.key

    def blind(self: Cells, reads: Reads, *said: bytes) -> bytes:
        return key(self, tuple((table, ids) for table, ids in reads if table != "card"), *said)

    patch.setattr(Cells, "key", blind)
    return lambda collection: collection.article("new", "See [alpha](alpha.md).", date="1901")


def blind_to_records(patch: pytest.MonkeyPatch) -> Callable[[Collection], object]:
    """A text's key that leaves out the names there are."""
    patch.setattr(Names, "encoded", b"")
    return lambda collection: collection.record("people/zeta", "Zeta")


def blind_to_templates(patch: pytest.MonkeyPatch) -> Callable[[Collection], object]:
    """A page's key that leaves out its template."""
    patch.setattr(pipeline.Theme, "digest", lambda self, template: "always the same")
    return lambda collection: collection.write("../themes/mine/templates/404.html", "<p>{{ site.title }}, other")


@pytest.mark.parametrize("blind", [blind_to_backlinks, blind_to_records, blind_to_templates])
def test_the_oracle_notices_a_blind_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, blind: Callable[[pytest.MonkeyPatch], Callable[[Collection], object]]
) -> None:
    edit = blind(monkeypatch)
    collection = prepared(tmp_path, 0).collection
    collection.write("../sitegen.toml", 'title = "One"\ntheme = "mine"\n')
    collection.write("../themes/mine/templates/404.html", "<p>{{ site.title }}")
    collection.article("alpha", "Zeta sailed.").article("middle", date="1880").record("people/morse", "Morse")
    assert not differences(collection)
    edit(collection)
    assert differences(collection)
