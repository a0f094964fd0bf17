"""The oracle: after any sequence of edits, an incremental build equals a clean one, byte for byte.

A check that cannot fail shows nothing: the negative controls blind a key, and the oracle must notice.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

import hypothesis.strategies as st
import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from msgspec.structs import replace

from sitegen.annotate.names import Names
from sitegen.build import addresses, annotations, outlines, paragraphs, pipeline, planning, reading, searching
from sitegen.build.memo import Memo
from sitegen.build.pool import Pool
from sitegen.build.run import Mode
from sitegen.cards import draw
from sitegen.config import load
from sitegen.model.notes import text_digest
from sitegen.relate import ledger
from sitegen.relate.cells import Cells, Reads
from sitegen.render import engine
from sitegen.render.theme import Theme
from tests.support import Collection, files

NAMES = st.sampled_from(["alpha", "beta", "gamma", "delta"])
PEOPLE = ["Morse", "Field", "Thomson", "Cooke"]
PERSON = st.sampled_from(PEOPLE)
WORDS = st.sampled_from(["cable", "ship", "wire", "shore", "*Paris*", "`Morse`", "Paris", *PEOPLE])
DATES = st.sampled_from(["1858-08-16", "1866", "1902-10", "", "2030-01-01"])
HEADERS = st.sampled_from(
    [
        "",
        "",
        "draft: true\n",
        "tags: [war, sea]\n",
        "tags: [sea]\n",
        "related: [alpha]\n",
        "summary: Said.\n",
        "slug: elsewhere\n",
        "lang: ar\n",
        "links: {Paris: none}\n",
        "links: {wire: people/field}\n",
    ]
)
EXTRAS = st.sampled_from(
    [
        "",
        "",
        "See [this](alpha.md).",
        "See [[gamma|that]].",
        "> Quoted, *Morse*.",
        "- Field\n- Cooke",
        "Noted[^1].\n\n[^1]: By Cooke.",
        "<object data=x><p>Words, of Morse and of Field.</p></object>",
        "```\nMorse\n```",
        "On 16 August 1858 Morse and Field met.",
        "It came on 16 August 1858, and in May 1902.",
    ]
)


NOT_FOUND = "<!DOCTYPE html><title>NOTE</title><link href=\"{{ '/assets/own.css'|asset }}\"><p>{{ site.title }}"


@st.composite
def bodies(draw: st.DrawFn) -> str:
    paragraphs = [
        " ".join(draw(st.lists(WORDS, min_size=2, max_size=9))).capitalize() + "." for _ in range(draw(st.integers(1, 3)))
    ]
    return "\n\n".join([*paragraphs, draw(EXTRAS)])


class Editing(RuleBasedStateMachine):
    """A collection under random edits; after each, an incremental build equals a clean one."""

    mode: ClassVar[dict[str, Any]] = {}  # of every build
    done: ClassVar[int] = 0  # edits in this process

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.collection = prepared(Path(self.folder.name))

    def teardown(self) -> None:
        self.folder.cleanup()

    def articles(self) -> list[Path]:
        return sorted((self.collection.content / "articles").glob("*.md"))

    def sidecars(self) -> list[Path]:
        return sorted((self.collection.content / "articles").glob("*.notes.yaml"))

    def records(self) -> list[Path]:
        return sorted(p for folder in ("people", "places") for p in (self.collection.content / folder).glob("*.md"))

    @rule(name=NAMES, body=bodies(), title=st.sampled_from(["Alpha", "Beta & Co", "Gamma", "alpha"]), date=DATES, more=HEADERS)
    def write_an_article(self, name: str, body: str, title: str, date: str, more: str) -> None:
        self.collection.article(name, body, title=title, date=date, more=more)

    @rule(
        name=PERSON,
        status=st.sampled_from(["reviewed", "reviewed", "suggested", "rejected"]),
        alias=st.sampled_from(["[]", "[Paris]", "[shore]", "[{text: wire, auto: false}]", "[ship, wire]"]),
        merged=st.sampled_from(["", "", "merged_into: people/morse\n"]),
        note=st.sampled_from(["", "Note on Field.", "[[morse]] again."]),
        score=st.sampled_from(["", "score: 0.4\n", "score: 0.9\n"]),
    )
    def write_a_record(self, name: str, status: str, alias: str, merged: str, note: str, score: str) -> None:
        more = f"status: {status}\naliases: {alias}\n{merged}{score}"
        self.collection.record(f"people/{name.lower()}", name, more, note)

    @rule(name=st.sampled_from(["paris", "sydney"]), at=st.sampled_from([(48.9, 2.3), (-33.9, 151.2), (51.5, -0.1)]))
    def write_a_place(self, name: str, at: tuple[float, float]) -> None:
        self.collection.record(f"places/{name}", "Paris", f"location: {{lat: {at[0]}, lon: {at[1]}}}\n")

    @precondition(lambda self: self.articles() + self.records())
    @rule(which=st.integers(0, 99))
    def delete_a_file(self, which: int) -> None:
        paths = self.articles() + self.records()
        path = paths[which % len(paths)]
        path.unlink()
        path.with_suffix(".notes.yaml").unlink(missing_ok=True)  # notes on nothing are an error

    @precondition(lambda self: self.articles())
    @rule(which=st.integers(0, 99), name=NAMES)
    def rename_an_article(self, which: int, name: str) -> None:
        paths = self.articles()
        path = paths[which % len(paths)]
        for ending in (".md", ".notes.yaml"):
            if (beside := path.with_suffix(ending)).exists():
                beside.rename(self.collection.content / "articles" / f"{name}{ending}")

    @precondition(lambda self: self.articles())
    @rule(which=st.integers(0, 99), title=st.sampled_from(["Alpha", "Delta", "Beta & Co"]))
    def retitle_an_article(self, which: int, title: str) -> None:
        path = self.articles()[which % len(self.articles())]
        path.write_text(re.sub(r"^title: .*$", f"title: {title}", path.read_text(), count=1, flags=re.MULTILINE))

    @precondition(lambda self: self.articles() + self.records())
    @rule(which=st.integers(0, 99))
    def touch_a_file(self, which: int) -> None:
        paths = self.articles() + self.records()
        paths[which % len(paths)].touch()

    @precondition(lambda self: self.articles())
    @rule(which=st.integers(0, 99))
    def change_a_file_under_an_equal_size_and_time(self, which: int) -> None:
        path = self.articles()[which % len(self.articles())]
        status, data = path.stat(), path.read_bytes()
        path.write_bytes(data.replace(b"ship", b"pish") if b"ship" in data else data.replace(b"pish", b"ship"))
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
        self.collection.build(paranoid=True, **self.mode)

    @precondition(lambda self: self.articles())
    @rule(
        which=st.integers(0, 99),
        quotes=st.lists(WORDS.map(lambda word: word.strip("*`")), min_size=1, max_size=3),
        what=st.sampled_from(
            [
                "body: 'See [it](alpha.md), [[field]].'",
                "body: Hm., layer: doubts, replies: [{body: 'No, [[morse]].'}]",
                "record: people/cooke",
                "record: none, body: Nobody.",
                "motivation: identifying, body: '[[thomson]]'",
                "motivation: highlighting",
            ]
        ),
        text=st.sampled_from(["", f"text: sha256:{'0' * 64}\n"]),
    )
    def write_notes(self, which: int, quotes: list[str], what: str, text: str) -> None:
        path = self.articles()[which % len(self.articles())]
        notes = "".join(f"- {{id: n{number}, quote: {quote}, {what}}}\n" for number, quote in enumerate(quotes))
        path.with_suffix(".notes.yaml").write_text(f"{text}notes:\n{notes}")

    @precondition(lambda self: self.sidecars())
    @rule(which=st.integers(0, 99))
    def delete_notes(self, which: int) -> None:
        self.sidecars()[which % len(self.sidecars())].unlink()

    @rule(words=st.sampled_from(["", "Field\n", "Morse\nParis\n"]))
    def stop_words(self, words: str) -> None:
        self.collection.write("stoplist.txt", words)

    @rule(
        title=st.sampled_from(["One", "Two"]),
        links=st.sampled_from(["relative", "absolute"]),
        language=st.sampled_from(["en", "de", "ar"]),
        theme=st.sampled_from(["default", "plain", "mine"]),
        more=st.sampled_from(
            [
                "",
                "raw_html = true\n",
                "exports = true\n",
                'outlines = "own.geojson"\n',
                'author = "A"\n',
                '[kinds.ships]\nlabel = "Vessels"\n',
                "annotate = {publish = 0.5}\n",
                '[kinds.people]\nsingular = "soul"\n',
            ]
        ),
    )
    def change_the_configuration(self, title: str, links: str, language: str, theme: str, more: str) -> None:
        head = (
            f'title = "{title}"\nlinks = "{links}"\ntheme = "{theme}"\nlanguage = "{language}"\nurl = "https://example.org/x/"\n'
        )
        self.collection.write("../sitegen.toml", head + more)

    @rule(note=st.sampled_from(["one", "two", "{{ site.author }}"]))
    def change_the_theme(self, note: str) -> None:
        self.collection.write("../themes/mine/templates/404.html", NOT_FOUND.replace("NOTE", note))
        self.collection.write("../themes/mine/assets/own.css", f"/*! {note} */")

    @rule(day=st.sampled_from([dt.date(2026, 11, 22), dt.date(2031, 1, 1), dt.date(1890, 1, 1)]))
    def change_the_clock(self, day: dt.date) -> None:
        self.collection.today = day

    @rule(
        which=st.sampled_from(["articles/alpha", "articles/beta", "people/field", "tags/sea"]),
        goes_to=st.sampled_from(["gone", "/", "/articles/"]),
        why=st.sampled_from(["Renamed.", "Withdrawn."]),
    )
    def write_the_ledger_of_addresses(self, which: str, goes_to: str, why: str) -> None:
        self.collection.write("urls.csv", f"url,first,goes_to,why\n/{which}/,2026-11-22,{goes_to},{why}\n")

    @precondition(lambda self: self.articles())
    @rule()
    def record_the_paragraphs(self) -> None:
        config = load(self.collection.root)
        with Memo.none() as memo, Pool.of(1) as pool:
            found = addresses.recording(config, memo, Mode(self.collection.today), pool)
        self.collection.write("paragraphs.csv", found.paragraphs)

    @rule(south=st.sampled_from(["40", "41"]))
    def write_outlines(self, south: str) -> None:
        self.collection.write("own.geojson", OUTLINES.replace("40", south))

    @rule(data=st.sampled_from(["<svg/>", "<svg></svg>"]))
    def write_a_static_file(self, data: str) -> None:
        self.collection.write("images/a.svg", data)

    @invariant()
    def an_incremental_build_equals_a_clean_one(self) -> None:
        assert not differences(self.collection)
        Editing.done += 1
        if Editing.done % 100 == 0:
            print(f"{Editing.done:,} edits", flush=True)  # of a long run, which may be cut short


def prepared(root: Path) -> Collection:
    collection = Collection(root)
    return collection.write("../themes/mine/theme.toml", 'name = "mine"\nextends = "default"\n')


def differences(collection: Collection) -> set[str]:
    """The files in which an incremental build differs from a clean one, where the content has no errors."""
    built = collection.build()
    if not built.report.ok:
        return set()
    into = collection.root / "clean"
    assert collection.clean_build(into).report.issues == built.report.issues
    ours, clean = files(collection.site), files(into)
    return {path for path in ours.keys() | clean.keys() if ours.get(path) != clean.get(path)}


def test_after_any_edits_an_incremental_build_equals_a_clean_one() -> None:
    run_state_machine_as_test(Editing, settings=_settings(examples=12, steps=12))


@pytest.mark.soak
def test_after_ten_thousand_edits_an_incremental_build_equals_a_clean_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draw, "draw", lru_cache(10_000)(draw.draw))  # a value of what it is asked for, and most of the time
    run_state_machine_as_test(Editing, settings=_settings(examples=250, steps=40))


def _settings(examples: int, steps: int) -> settings:
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    return settings(max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=checks)


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


def a_template_global_that_reads_a_file(patch: pytest.MonkeyPatch) -> Callable[[Collection], object]:
    """Something a template can see and no key knows of."""
    made = engine.Engine

    def leaky(of: Theme, *, careful: bool = False) -> Any:
        sandbox = made(of, careful=careful)
        sandbox.globals["read"] = lambda path: Path(path).read_text() if Path(path).exists() else ""
        return sandbox

    patch.setattr(engine, "Engine", leaky)
    return lambda collection: collection.write("../secret.txt", "told")


def blind_to_templates(patch: pytest.MonkeyPatch) -> Callable[[Collection], object]:
    """A page's key that leaves out its template."""
    patch.setattr(pipeline.Theme, "digest", lambda self, template: "always the same")
    return lambda collection: collection.write("../themes/mine/templates/404.html", "<p>{{ site.title }}, other")


def blind_to_assets(patch: pytest.MonkeyPatch) -> Callable[[Collection], object]:
    """A page's key that leaves out the names of the assets that it names."""
    patch.setattr(planning.Looks, "assets", lambda self, template: [])
    return lambda collection: collection.write("../themes/mine/assets/own.css", "a { top: 1px }")


def blind_to_what_is_searched(patch: pytest.MonkeyPatch) -> Callable[[Collection], object]:
    """A key of the search index that leaves out the texts."""
    patch.setattr(searching, "_key", lambda *given: b"always the same")
    return lambda collection: collection.article("alpha", "Nobody sailed.")


def blind_to_notes(patch: pytest.MonkeyPatch) -> Callable[[Collection], object]:
    """A text's key that leaves out the notes on it."""
    key = reading.text_key
    patch.setattr(reading, "text_key", lambda known: key(replace(known, sidecars={})))
    return lambda collection: collection.write("articles/alpha.notes.yaml", "notes:\n- {id: n1, quote: sailed, body: Hm.}\n")


def blind_to_history(patch: pytest.MonkeyPatch) -> Callable[[Collection], object]:
    """Notes that hang on what their source was converted to, and a text's key that does not say so."""
    patch.setattr(annotations, "history_of", lambda content, sources: b"always the same")
    return lambda collection: collection.write("sources/a.txt", "A title of the text\n\nZeta sailed.\n\nZeta sailed.\n")


def blind_to_the_ledger_of_addresses(patch: pytest.MonkeyPatch) -> Callable[[Collection], object]:
    """A page of what is gone whose key leaves out what the ledger says of it."""
    patch.setattr(ledger, "_encode", lambda said: b"always the same")
    return lambda collection: collection.write("urls.csv", "url,first,goes_to,why\n/articles/old/,2026-11-22,gone,Doubted.\n")


def blind_to_where_the_ledger_leads(patch: pytest.MonkeyPatch) -> Callable[[Collection], object]:
    """A page that leads on, whose key leaves out where to."""
    patch.setattr(ledger, "_encode", lambda said: b"always the same")
    moved = "/articles/old/,2026-11-22,gone,Withdrawn.\n/articles/older/,2026-11-22,/articles/middle/,Renamed.\n"
    return lambda collection: collection.write("urls.csv", "url,first,goes_to,why\n" + moved)


def blind_to_recorded_paragraphs(patch: pytest.MonkeyPatch) -> Callable[[Collection], object]:
    """A text that is not read again when what was recorded of it changes."""
    patch.setattr(paragraphs.Rows, "digest", b"always the same")
    return lambda collection: collection.write("paragraphs.csv", "url,paragraphs\n/articles/alpha/,p-bbbbbb:\n")


def blind_to_dates(patch: pytest.MonkeyPatch) -> Callable[[Collection], object]:
    """A page of a year whose key leaves out what other articles say of its days."""
    _leave_out("told", patch)
    return lambda collection: collection.article(
        "speaks", "The *old* cable spoke on 16 August 1858.", date="1866", more="summary: Said.\n"
    )


def blind_to_company(patch: pytest.MonkeyPatch) -> Callable[[Collection], object]:
    """A record's page whose key leaves out in which sentences it stands, and with whom."""
    _leave_out("evidence", patch)
    return lambda collection: collection.article("meets", "Nobody but Morse met Field at Lyon.", date="1866")


def blind_to_outlines(patch: pytest.MonkeyPatch) -> Callable[[Collection], object]:
    """A page with a map whose key leaves out what is drawn under it."""
    own = outlines.own

    def alike(config: Any, content: Any) -> Any:
        file = own(config, content)
        return replace(file, seen=msgspec.structs.replace(file.seen, digest=b"always the same")) if file else None

    patch.setattr(outlines, "own", alike)
    return lambda collection: collection.write("own.geojson", OUTLINES.replace("40", "41"))


def _leave_out(wanted: str, patch: pytest.MonkeyPatch) -> None:
    key = Cells.key

    def blind(self: Cells, reads: Reads, *said: bytes) -> bytes:
        return key(self, tuple((table, ids) for table, ids in reads if table != wanted), *said)

    patch.setattr(Cells, "key", blind)


OUTLINES = '{"type": "Polygon", "coordinates": [[[0, 40], [10, 40], [10, 50], [0, 50], [0, 40]]]}'
BLIND = [
    blind_to_backlinks, blind_to_records, blind_to_templates, a_template_global_that_reads_a_file, blind_to_what_is_searched,
    blind_to_notes, blind_to_history, blind_to_the_ledger_of_addresses, blind_to_where_the_ledger_leads,
    blind_to_recorded_paragraphs, blind_to_assets, blind_to_dates, blind_to_company, blind_to_outlines,
]  # fmt: skip


@pytest.mark.parametrize("blind", BLIND)
def test_the_oracle_notices_a_blind_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, blind: Callable[[pytest.MonkeyPatch], Callable[[Collection], object]]
) -> None:
    edit = blind(monkeypatch)
    collection = prepared(tmp_path)
    collection.write("../sitegen.toml", 'title = "One"\ntheme = "mine"\noutlines = "own.geojson"\n')
    collection.write("own.geojson", OUTLINES).record("places/lyon", "Lyon", "location: {lat: 45, lon: 5}\n")
    collection.record("people/field", "Field").article("meets", "Morse met Field at Lyon.", date="1866")
    collection.article("speaks", "The cable spoke on 16 August 1858.", date="1866", more="summary: Said.\n")
    collection.write("../themes/mine/templates/404.html", "<p>{{ site.title }}")
    if blind is a_template_global_that_reads_a_file:
        collection.write("../themes/mine/templates/404.html", f"<p>{{{{ read('{tmp_path / 'secret.txt'}') }}}}")
    if blind is blind_to_assets:
        collection.write("../themes/mine/assets/own.css", "a { top: 0 }")
        collection.write("../themes/mine/templates/404.html", NOT_FOUND)
    collection.article("alpha", "Zeta sailed.").article("middle", date="1880").record("people/morse", "Morse")
    # The words stand there twice; which of the two is meant, only the earlier text says.
    earlier = text_digest("Zeta sailed.\nZeta sailed.")
    collection.article("moved", "Rain.\n\nZeta sailed.\n\nDark.\n\nZeta sailed.", more="source: {file: sources/a.txt}\n")
    collection.write(
        "articles/moved.notes.yaml",
        f"text: {earlier}\nnotes:\n- {{id: n1, quote: {{exact: Zeta sailed, prefix: 'sailed. ', suffix: .}}, body: Hm.}}\n",
    )
    collection.write(
        "urls.csv",
        "url,first,goes_to,why\n/articles/old/,2026-11-22,gone,Withdrawn.\n/articles/older/,2026-11-22,/articles/alpha/,Renamed.\n",
    )
    collection.write("paragraphs.csv", "url,paragraphs\n/articles/alpha/,p-aaaaaa:\n")
    assert not differences(collection)
    edit(collection)
    assert differences(collection)
