"""A process that stays, and one that comes back to build, end where a clean build ends; and take the short way where they may."""

from __future__ import annotations

import contextlib
import re
import tempfile
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar

import msgspec
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from msgspec.structs import replace

from sitegen.build import again, partly, pipeline, readers, resume, run, shelf, shelved
from sitegen.build.again import Builder
from sitegen.build.ahead import Ahead
from sitegen.build.explain import why
from sitegen.build.memo import Memo
from sitegen.build.pool import Pool
from sitegen.build.searching import Indexing
from sitegen.build.shelf import Unshelved
from sitegen.build.shelved import Since
from sitegen.build.unchanged import LEDGER
from sitegen.config import load
from sitegen.relate import cells
from tests.property.test_oracle import NAMES, Editing, _settings, bodies
from tests.support import Built, Collection, files

State = dict[Path, tuple[int, bytes]]


SAID = st.lists(st.sampled_from(["cable", "Morse", "Field", "Paris", "Lyon", "*Morse*", "ship"]), min_size=1, max_size=7)
AT = "location: {{lat: {}, lon: 2.3}}\n"


class Resident:
    """A collection and the process that builds it again after each edit, as the preview does."""

    listed = False  # whether the list of files is written at once

    def __init__(self, collection: Collection) -> None:
        self.collection, self.builder = collection, Builder()
        self.states: tuple[State, State] = ({}, {})
        self.short = self.turn = 0  # builds that took the short way; all builds
        self.told: list[Sequence[str]] = []

    def build(self) -> Built:
        collection, (content, around) = self.collection, self.states
        now = self.states = _state(collection.content), _state(collection.root / "themes") | _state(collection.root, "*.toml")
        changed = {path for path in content.keys() | now[0].keys() if content.get(path) != now[0].get(path)}
        config = load(collection.root)
        standing = self.builder._standing
        with Memo.at(config.memo) as memo:
            mode = run.Mode(collection.today, search=Indexing.NONE)
            reported = changed if now[1] == around else None
            report = self.builder.build(config, memo, mode, Pool.of(1), reported, Ahead(self._open, self.told.append))
        after = self.builder._standing
        self.short += bool(standing and after and standing.left.looks is after.left.looks)
        return Built(report)

    def _open(self) -> list[list[str]]:
        """Pages that somebody looks at: others each time."""
        self.turn += 1
        pages = [path for path in sorted(files(self.collection.site)) if path.endswith(".html")]
        return [pages[self.turn % 5 :: 5], [*pages[self.turn % 3 :: 3], "articles/later/index.html"]]

    def differences(self) -> set[str]:
        """The files that are not as a clean build makes them, the list of files among them."""
        built = self.build()
        if not built.report.ok:
            return set()
        into = self.collection.root / "clean"
        assert self.collection.clean_build(into, search=Indexing.NONE).report.issues == built.report.issues
        ours, clean = files(self.collection.site), files(into)
        if self.listed:
            ours[LEDGER], clean[LEDGER] = (self.collection.site / LEDGER).read_bytes(), (into / LEDGER).read_bytes()
        return {path for path in ours.keys() | clean.keys() if ours.get(path) != clean.get(path)}


class Returning(Resident):
    """A collection, and the command that builds it after each edit."""

    listed = True

    def build(self) -> Built:
        collection, (content, around) = self.collection, self.states
        now = self.states = _state(collection.content), _state(collection.root / "themes") | _state(collection.root, "*.toml")
        alike = now[1] == around and now[0].keys() == content.keys()
        edited = [path.relative_to(collection.content).as_posix() for path in now[0] if content.get(path) != now[0][path]]
        config, mode = load(collection.root), run.Mode(collection.today, search=Indexing.NONE)
        with Memo.at(config.memo) as memo, Pool.of(1) as pool:
            short = resume.build(config, memo, mode, pool, edited) if alike and edited else None
            report = short or pipeline.build(config, memo, mode, pool)
        self.short += bool(short and short.resumed)
        return Built(report)


class EditingBeside(Editing):
    """Random edits beside a process that stays; most are of words alone."""

    kind: type[Resident] = Resident
    mode: ClassVar[dict[str, Any]] = {"search": Indexing.NONE}  # what `resume` is asked after is of one command line

    def __init__(self) -> None:
        super().__init__()
        self.resident = self.kind(self.collection)

    @rule(name=NAMES, body=bodies())
    def reword_an_article(self, name: str, body: str) -> None:
        path = self.collection.content / f"articles/{name}.md"
        if path.exists():
            head = path.read_text().split("\n---\n")[0]
            path.write_text(f"{head}\n---\n{body}\n")

    @rule(name=NAMES, body=bodies())
    def reword_another(self, name: str, body: str) -> None:
        self.reword_an_article(name, body)

    @invariant()
    def an_incremental_build_equals_a_clean_one(self) -> None:
        assert not self.resident.differences()


class EditingBetween(EditingBeside):
    """The same between builds of the command line."""

    kind = Returning


SHOWN = "![The ship](../images/ship.svg) and [all of the sea](/tags/sea/)."


class EditingAPart(RuleBasedStateMachine):
    """Edits of words alone, of a collection in which nothing is wrong: it is read in part."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.collection = Collection(Path(self.folder.name))
        _plain(self.collection)
        self.returning = Returning(self.collection)

    def teardown(self) -> None:
        self.folder.cleanup()

    @rule(
        which=st.integers(0, 6),
        words=SAID,
        extra=st.sampled_from(["", "See [it](a1.md).", "Never. " * 9, "- Field\n- Lyon", SHOWN]),
    )
    def say_other_words(self, which: int, words: list[str], extra: str) -> None:
        self.collection.article(f"a{which}", f"{' '.join(words)}.\n\n{extra}", more=_tagged(which))

    @rule(words=SAID)
    def say_something_else_of_the_site(self, words: list[str]) -> None:
        self.collection.write("pages/about.md", f"---\ntitle: About\n---\n{' '.join(words)}.\n")

    @invariant()
    def an_incremental_build_equals_a_clean_one(self) -> None:
        assert not self.returning.differences()


def _tagged(number: int) -> str:
    return "tags: [sea]\n" if number % 2 else ""


def _plain(collection: Collection) -> None:
    """A collection with nothing wrong: each record has a text that nobody edits."""
    for number in range(7):
        collection.article(f"a{number}", f"Morse met Field, {number} times. See [it](a1.md).", more=_tagged(number))
    collection.article("a6", "Morse.").record("people/morse", "Morse").record("people/field", "Field", "", "Beside Morse.")
    collection.record("places/paris", "Paris", AT.format(48.9)).record("places/lyon", "Lyon", AT.format(47.8))
    collection.article("kept", "Morse and Field in Paris. Lyon.").write("pages/about.md", "---\ntitle: About\n---\nMorse.\n")
    collection.write("images/ship.svg", "<svg/>")


def test_after_any_edits_of_words_what_was_read_in_part_is_what_a_clean_build_makes(monkeypatch: pytest.MonkeyPatch) -> None:
    settled = _counted(monkeypatch)
    run_state_machine_as_test(EditingAPart, settings=_settings(examples=2, steps=10))
    assert settled["parts"] > 5


def _counted(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How many builds end with what they read in part. What a build left fits together, or the test fails."""
    counted = Counter[str]()
    monkeypatch.setattr(resume, "UNFIT", (Unshelved,))
    settle = resume._settle

    def counting(*given: Any) -> None:
        counted["parts"] += 1
        settle(*given)

    monkeypatch.setattr(resume, "_settle", counting)
    return counted


@pytest.fixture
def returning(tmp_path: Path) -> Returning:
    collection = Collection(tmp_path)
    _plain(collection)
    made = Returning(collection)
    assert not made.differences()
    return made


def test_of_a_collection_in_which_nothing_is_wrong_a_part_is_read(returning: Returning, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resume, "recall", None)
    for turn, body in enumerate(
        ["Other words of Morse.", "Field in Paris. See [it](kept.md).", "Lyon, Lyon, Morse.", "Nothing.", SHOWN], 1
    ):
        returning.collection.article("a3", body, more=_tagged(3))
        assert not returning.differences()
        assert returning.short == turn


def test_after_parts_all_is_read_where_that_is_asked_for(returning: Returning, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = _counted(monkeypatch)
    returning.collection.article("a3", "Field in Paris.", more=_tagged(3))
    assert not returning.differences()
    returning.collection.article("a4", "Words of Morse.\n\n## Here\n\nMore.", more=_tagged(4))
    assert not returning.differences()
    returning.collection.article("a2", "See [there](a4.md#here). Field.", more=_tagged(2))
    assert not returning.differences()
    assert (counted["parts"], returning.short) == (2, 3)
    returning.collection.article("a5", "Words.", title="Other", more=_tagged(5))
    assert not returning.differences()
    returning.collection.article("a5", "Words of Field.", title="Other", more=_tagged(5))
    assert not returning.differences()
    assert counted["parts"] == 3


def test_what_moved_in_parts_is_what_a_build_that_reads_all_finds(returning: Returning) -> None:
    def tables() -> dict[str, dict[str, bytes]]:
        config = load(returning.collection.root)
        with Memo.at(config.memo) as memo:
            taken = pipeline.taken(memo, config.output)
            assert taken
            return shelved.tables_of(*taken)

    for body in ("Morse in Paris.", "Field in Lyon, twice: Lyon.", "See [it](kept.md). Paris."):
        returning.collection.article("a3", body, more=_tagged(3))
        returning.build()
    parts = tables()
    assert returning.short == 3
    (returning.collection.root / "sitegen.toml").touch()
    returning.build()
    assert tables() == parts


@pytest.mark.parametrize("forgotten", ["digests", "groups", "readers"])
def test_a_shelf_that_forgets_what_moved_is_noticed(
    returning: Returning, monkeypatch: pytest.MonkeyPatch, forgotten: str
) -> None:
    since, nothing = partly.since, {forgotten: getattr(Since(), forgotten)}
    monkeypatch.setattr(resume, "UNFIT", (Unshelved,))
    monkeypatch.setattr(partly, "since", lambda *given: replace(since(*given), **nothing))
    found = set[str]()
    # The page about the site says in how many articles it is that whom it names is named, too.
    for about, body in (("", "Field once."), ("Field.", "Of Field, twice."), ("", "Nobody now."), ("", "Morse again.")):
        if about:
            returning.collection.write("pages/about.md", f"---\ntitle: About\n---\n{about}\n")
        returning.collection.article("a6", body, more=_tagged(6))
        with contextlib.suppress(ValueError):  # what is listed as naming a record, and does not
            found |= returning.differences()
            continue
        found.add(body)
    assert found


def test_pages_that_read_what_follows_from_who_names_whom_are_missed_where_nobody_asks(
    returning: Returning, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resume, "UNFIT", (Unshelved,))
    monkeypatch.setattr(readers, "_following", lambda *_: ())
    returning.collection.article("a6", "Morse, and nobody else.", more=_tagged(6))
    assert "people/morse/index.html" in returning.differences()


def test_a_shelf_that_is_damaged_or_of_another_build_is_left_alone(returning: Returning, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = _counted(monkeypatch)
    (file,) = (returning.collection.root / ".sitegen").glob("left-*")
    kept = file.read_bytes()
    for number, data in enumerate([kept[:-2000] + bytes(2000), kept[:700], b"", bytes(16) + kept[16:]]):
        file.write_bytes(data)
        returning.collection.article("a3", f"Field in Paris, {number}.", more=_tagged(3))
        assert not returning.differences()
        file.write_bytes(kept)
        returning.collection.article("a3", f"Morse in Paris, {number}.", more=_tagged(3))
        assert not returning.differences()
        kept = file.read_bytes()
    assert counted["parts"] <= 4


def _forged(data: bytes, part: str, change: Callable[[bytes], bytes], lies: tuple[int, int] | None) -> bytes:
    """A shelf of which one part is another, or lies elsewhere, each checksum put right."""
    begins = shelf.MARK + 8
    size = int.from_bytes(data[shelf.MARK : shelf.MARK + 4], "little")
    head, rest = msgspec.msgpack.decode(data[begins : begins + size], type=shelf._Head), data[begins + size :]
    whole, parts = b"", {}
    for name, (at, length, _) in head.parts.items():
        held = change(rest[at : at + length]) if name == part else rest[at : at + length]
        parts[name] = (*(lies if lies and name == part else (len(whole), len(held))), zlib.crc32(held))
        whole += held
    made = msgspec.msgpack.encode(replace(head, parts=parts))
    return b"".join([data[: shelf.MARK], len(made).to_bytes(4, "little"), zlib.crc32(made).to_bytes(4, "little"), made, whole])


@pytest.mark.parametrize(
    ("part", "change", "lies"),
    [
        ("said", lambda data: b"", None),
        ("quotes names", lambda data: data[:-9], None),
        ("texts", lambda data: b"\xff" * len(data), None),
        ("articles", lambda data: b"", None),
        ("named ends", lambda data: b"\xee" * len(data), None),
        ("named", lambda data: data[:-1], None),
        ("in years names", lambda data: b"\nno year\n", None),
        ("topics", lambda data: data + data, None),
        ("topic ends", lambda data: data[:-4], None),
        ("cells", lambda data: b"\xc1", None),
        ("own", lambda data: data, (0, 1 << 62)),
        ("own", lambda data: data, (-9, 9)),
    ],
)
def test_a_shelf_that_somebody_forged_stops_no_build(
    returning: Returning, part: str, change: Callable[[bytes], bytes], lies: tuple[int, int] | None
) -> None:
    (file,) = (returning.collection.root / ".sitegen").glob("left-*")
    file.write_bytes(_forged(file.read_bytes(), part, change, lies))
    returning.collection.article("a3", "Field in Paris.", more=_tagged(3))
    assert returning.build().report.ok  # what came of it is what the shelf says: see SECURITY.md
    (returning.collection.root / "sitegen.toml").touch()
    returning.collection.article("a3", "Field in Lyon.", more=_tagged(3))
    assert returning.build().report.ok


def test_a_shelf_for_which_there_is_no_room_leaves_nothing_behind(tmp_path: Path) -> None:
    there = tmp_path / "left"
    there.mkdir()  # whoever puts the file in its place fails
    with pytest.raises(OSError):
        shelf.write(there, {"a": b"a"}, 1)
    assert [*tmp_path.iterdir()] == [there]


def test_a_shelf_is_not_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "left.new").symlink_to(tmp_path / "elsewhere")
    shelf.write(tmp_path / "left", {"a": b"a"}, 1)
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("machine", [EditingBeside, EditingBetween])
def test_after_any_edits_there_is_what_a_clean_build_makes(machine: type[EditingBeside]) -> None:
    run_state_machine_as_test(machine, settings=_settings(examples=7, steps=12))


@pytest.mark.soak
@pytest.mark.parametrize("machine", [EditingBeside, EditingBetween])
def test_after_thousands_of_edits_there_is_what_a_clean_build_makes(machine: type[EditingBeside]) -> None:
    run_state_machine_as_test(machine, settings=_settings(examples=100, steps=40))


@pytest.fixture(params=[Resident, Returning])
def resident(tmp_path: Path, request: pytest.FixtureRequest) -> Resident:
    collection = Collection(tmp_path)
    for number in range(6):
        collection.article(f"a{number}", f"Morse met Field, {number} times. See [it](a1.md).", more="tags: [sea]\n")
    collection.record("people/morse", "Morse").record("people/field", "Field").record("places/paris", "Paris", AT.format(48.9))
    collection.record("places/lyon", "Lyon", AT.format(47.8))  # so near that its map shows Paris, and how often that is named
    collection.article("p", "Paris, Paris. Lyon.").write("pages/about.md", "---\ntitle: About\n---\nMorse.\n")
    made: Resident = request.param(collection)
    assert not made.differences()
    assert not made.short
    return made


@pytest.mark.parametrize(
    "body",
    ["Other words.\n\nMorse met Field.", "Morse met no one. See [it](a2.md).", "Field in Paris.", "Field, and [it](a2.md)."],
)
def test_an_edit_of_words_takes_the_short_way(resident: Resident, body: str) -> None:
    resident.collection.article("a3", body, more="tags: [sea]\n")
    assert not resident.differences()
    assert resident.short == 1


def test_an_edit_of_words_needs_no_check_of_all_texts(resident: Resident, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(again, "problems", None)
    resident.collection.article("a3", "Other words of Morse. See [it](a1.md).", more="tags: [sea]\n")
    assert resident.build().report.ok and resident.short == 1


def test_a_paragraph_that_another_text_links_to_is_missed(resident: Resident) -> None:
    paragraph = re.search(r'id="(p-[^"]+)"', resident.collection.page("/articles/a1/"))
    assert paragraph
    resident.collection.article("a3", f"See [there](a1.md#{paragraph[1]}). Morse and Field.", more="tags: [sea]\n")
    assert not resident.differences()
    resident.collection.article("a1", "Morse met Field elsewhere.", more="tags: [sea]\n")
    assert [issue.code for issue in resident.build().report.issues] == ["dead-fragment"]


def test_an_edit_of_a_page_takes_the_short_way(resident: Resident) -> None:
    resident.collection.write("pages/about.md", "---\ntitle: About\n---\nField and Morse.\n")
    assert not resident.differences()
    assert resident.short == 1


def test_what_is_wrong_elsewhere_is_told_by_the_short_way_too(resident: Resident) -> None:
    resident.collection.article("a4", "Morse met Field.", more="tags: ['sea!']\ntagz: [x]\n")
    resident.build()
    resident.collection.article("a3", "Other words: Morse met Field. See [it](a1.md).", more="tags: [sea]\n")
    built = resident.build()
    assert resident.short
    assert sorted(built.codes) == ["same-tag", "unknown-key"]


def test_why_names_what_the_short_way_found_changed(resident: Resident) -> None:
    resident.collection.article("a3", "Morse in Paris.", more="tags: [sea]\n")
    resident.build()
    config = load(resident.collection.root)
    with Memo.at(config.memo) as memo:
        told = why(config, memo, run.Mode(resident.collection.today), "/places/paris/")
    assert "articles/a3 gained a mention of places/paris" in "\n".join(told.causes)


@pytest.mark.parametrize(
    "edit",
    [
        lambda c: c.article("a3", "Words.", date="1860"),
        lambda c: c.article("a3", "Words.", more="tags: [war]\n"),
        lambda c: c.article("a3", "Words.", title="Other", more="tags: [sea]\n"),
        lambda c: c.article("p", "Nowhere."),
        lambda c: c.article("new", "Morse."),
        lambda c: c.delete("articles/a3.md"),
        lambda c: c.record("people/morse", "Samuel Morse"),
        lambda c: c.write("../sitegen.toml", 'title = "Other"\n'),
        lambda c: c.write("images/a.svg", "<svg/>"),
        lambda c: c.write("articles/a3.notes.yaml", "notes:\n- {id: n1, quote: Morse met, body: Hm.}\n"),
        lambda c: c.article("a3", "Words.", more="tags: [sea]\nvisibility: private\n"),
        lambda c: c.article("a3", "Words.", more="tags: [sea]\nembargo: 2999-01-01\n"),
        lambda c: c.article("a3", "Words, and others.", more="tags: [sea]\nredact: [others]\n"),
    ],
    ids=[
        "date",
        "tags",
        "title",
        "a record loses its page",
        "new",
        "deleted",
        "record",
        "configuration",
        "file",
        "notes",
        "private",
        "embargo",
        "redacted",
    ],
)
def test_an_edit_that_reaches_further_takes_the_long_way(resident: Resident, edit) -> None:  # type: ignore[no-untyped-def]
    edit(resident.collection)
    assert not resident.differences()
    assert not resident.short


@pytest.mark.parametrize("kind", [Resident, Returning])
@pytest.mark.parametrize("setting", ['precompress = ["gz"]', 'exports = ["tables"]', "record_feeds = 1"])
def test_where_files_are_made_of_others_or_of_all_texts_an_edit_takes_the_long_way(
    tmp_path: Path, kind: type[Resident], setting: str
) -> None:
    collection = Collection(tmp_path, f'title = "Test"\nurl = "https://example.org/"\n{setting}\n')
    collection.article("a", "Morse sailed. " * 200).record("people/morse", "Morse")
    made = kind(collection)
    assert not made.differences()
    collection.article("a", "Morse slept. " * 200)
    assert not made.differences()
    assert not made.short


def test_a_text_with_notes_takes_the_long_way_and_the_others_the_short_one(resident: Resident) -> None:
    resident.collection.write("articles/a3.notes.yaml", "notes:\n- {id: n1, quote: Morse met, body: Hm.}\n")
    assert not resident.differences()
    resident.collection.article("a3", "And Morse met Field.", more="tags: [sea]\n")
    assert not resident.differences()
    assert not resident.short
    resident.collection.article("a4", "Morse met Field again.", more="tags: [sea]\n")
    assert not resident.differences()
    assert resident.short == 1


@pytest.mark.parametrize("resident", [Resident], indirect=True)
def test_another_build_between_two_is_noticed(resident: Resident) -> None:
    resident.collection.article("a3", "Field in Paris.", more="tags: [sea]\n").build()
    resident.collection.article("a3", "Morse in Paris.", more="tags: [sea]\n")
    assert not resident.differences()
    assert not resident.short


def test_a_blind_replacement_is_noticed(resident: Resident, monkeypatch: pytest.MonkeyPatch) -> None:
    replaced = cells.replaced

    def blind(*given: Any) -> Any:
        found, moves = replaced(*given)
        return found, {table: names for table, names in moves.items() if table != "evidence"}

    monkeypatch.setattr(again.cells, "replaced", blind)
    resident.collection.article("a3", "Morse met Field, at last.", more="tags: [sea]\n")
    assert resident.differences()


def _state(folder: Path, pattern: str = "**/*") -> State:
    return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.glob(pattern) if path.is_file()}
