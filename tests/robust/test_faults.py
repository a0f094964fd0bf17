"""Whatever fails around it, a command says what and where, harms nothing, and the next run is as if nothing had been."""

from __future__ import annotations

import errno
import locale
import os
import re
import shutil
import signal
import sqlite3
import time
from pathlib import Path

import pytest

from sitegen.build.lock import locked
from tests.robust.struck import Fault, full, on_open, once, refused, smallest, struck
from tests.robust.test_killed import PLAIN, command, prepared, sources, state
from tests.support import Collection, files

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a child is forked for the fault to befall")

BUILD = ("build", "--jobs", "1")


def run(root: Path, arguments: tuple[str, ...] = BUILD) -> None:
    """Run a command that nothing befalls; where it is refused, that shows in what there is."""
    try:
        command(root, *arguments)
    except SystemExit as end:
        assert end.code in (0, None) or arguments != BUILD


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A collection that is built, and edited since: an article changed, one new, one gone. Each file is to be read again."""
    root = tmp_path / "c"
    prepared(root)
    run(root)
    edit(root)
    for path in (root / "content").rglob("*.*"):
        path.touch()
    return root


def edit(root: Path) -> None:
    collection = Collection(root, PLAIN)
    collection.article("a0", "Field met nobody. See [[people/morse]].").article("new", "Morse in Paris.").delete("articles/a2.md")


def clean(root: Path) -> dict[str, bytes]:
    """The site as a build from nothing makes it."""
    elsewhere = root.parent / "clean"
    shutil.rmtree(elsewhere, ignore_errors=True)
    shutil.copytree(root, elsewhere, ignore=shutil.ignore_patterns("site", ".sitegen"), symlinks=True)
    run(elsewhere)
    return files(elsewhere / "site")


def content_of(root: Path) -> dict[str, bytes]:
    return {path: data for path, data in state(root).items() if not path.startswith("site/")}


def is_told(said: str, fact: str) -> bool:
    """Whether a message gives the fact and a remedy, and does not blame the program."""
    return bool(re.search(fact, said)) and "help: " in said and "fault of sitegen" not in said and "Traceback" not in said


def withstands(root: Path, fault: Fault, fact: str) -> None:
    """The build says what is the matter; nothing is harmed; the next one makes what a clean one makes."""
    content, before, after = content_of(root), files(root / "site"), clean(root)
    code, said = struck(root, BUILD, fault)
    assert content_of(root) == content
    now = files(root / "site")
    if code:
        assert code in (1, 2), said
        assert is_told(said, fact), said
    else:  # what failed was no more than a convenience
        assert now == after, said
    for path in now.keys() | before.keys() | after.keys():
        assert now.get(path) in (before.get(path), after.get(path)), f"{path} is half-written"
    run(root)
    assert files(root / "site") == after


# A full disk.


@pytest.mark.parametrize("at", [1, 2, 3, 5, 8, 13, 21, 34, 55, 89])
def test_a_disk_that_fills_up_while_building_harms_nothing(root: Path, at: int) -> None:
    withstands(root, full(root, at), "cannot be written: No space left on device|cannot be used")


@pytest.mark.parametrize("size", [0, 100, 1_000, 4_000, 30_000])
def test_a_file_that_cannot_be_written_to_its_end_harms_nothing(root: Path, size: int) -> None:
    import resource

    withstands(root, smallest(resource.RLIMIT_FSIZE, size), "cannot be (written|used).*")


CHANGING = {
    "convert": (sources, ("convert", "--jobs", "1")),
    "merge": (prepared, ("merge", "--yes", "--rewrite", "people/s-morse", "people/morse")),
    "notes": (prepared, ("notes", "rebase")),
}


@pytest.mark.parametrize("at", [1, 2, 4, 7, 12])
@pytest.mark.parametrize("case", CHANGING)
def test_a_disk_that_fills_up_while_content_is_written_loses_nothing(tmp_path: Path, case: str, at: int) -> None:
    prepare, arguments = CHANGING[case]
    undisturbed, there = tmp_path / "u" / "c", tmp_path / "k" / "c"
    prepare(undisturbed)
    before = state(undisturbed)
    run(undisturbed, arguments)
    after = state(undisturbed)
    prepare(there)
    code, said = struck(there, arguments, full(there, at))
    assert code == 0 or is_told(said, "No space left on device"), said
    now = state(there)
    assert all(now.get(path) in (before.get(path), after.get(path)) for path in before | now)
    run(there, arguments)
    assert state(there) == after


# What is there, and cannot be used.


def test_a_file_in_the_place_of_the_output_is_told(tmp_path: Path) -> None:
    prepared(root := tmp_path / "c")
    (root / "site").write_text("mine")
    code, said = struck(root, BUILD, lambda: None)
    assert code == 2 and is_told(said, "site"), said
    assert (root / "site").read_text() == "mine"


def test_an_output_folder_that_may_not_be_written_is_told(root: Path) -> None:
    def hear(path: str, writes: bool) -> None:
        if writes and path.startswith(str(root / "site")):
            raise PermissionError(13, os.strerror(13), path)

    withstands(root, on_open(root, hear), r"site\S*: cannot be written: Permission denied")


@pytest.mark.parametrize("path", ["articles/a1.md", "people/morse.md", "articles/a1.notes.yaml", "articles", "people"])
def test_what_may_not_be_read_is_named_and_the_site_stays(root: Path, path: str) -> None:
    before = files(root / "site")
    code, said = struck(root, BUILD, refused(root, root / "content" / path))
    assert code == 1 and is_told(said, f"content/{path}.*error.unreadable.*cannot be read"), said
    assert files(root / "site") == before
    run(root)
    assert files(root / "site") == clean(root)


def test_a_configuration_that_may_not_be_read_is_named(root: Path) -> None:
    code, said = struck(root, BUILD, refused(root, root / "sitegen.toml"))
    assert code == 2 and is_told(said, "sitegen.toml.*Permission denied"), said


@pytest.mark.parametrize("path", ["articles/a0.md", "articles/new.md", "people/field.md", "articles/a1.notes.yaml"])
def test_a_file_that_vanishes_before_it_is_read_is_as_if_it_had_never_been_or_is_told(root: Path, path: str) -> None:
    code, said = struck(root, BUILD, once(root, root / "content" / path, Path.unlink))
    assert code == 0 or is_told(said, path), said
    run(root)
    assert files(root / "site") == clean(root)


@pytest.mark.parametrize("path", ["articles/a0.md", "people/morse.md"])
def test_a_file_that_grows_while_it_is_read_is_read_again(root: Path, path: str) -> None:
    def grow(file: Path) -> None:
        with file.open("ab") as handle:
            handle.write(b"\nMorse, too, was in Paris.\n")

    code, said = struck(root, BUILD, once(root, root / "content" / path, grow))
    assert code == 0, said
    run(root)
    assert files(root / "site") == clean(root)
    assert b"Morse, too" in b"".join(files(root / "site").values())


# The memo is not trusted.


def _truncate(memo: Path) -> None:
    memo.write_bytes(memo.read_bytes()[: memo.stat().st_size // 2])


def _version(number: int):  # type: ignore[no-untyped-def]
    def change(memo: Path) -> None:
        with sqlite3.connect(memo) as database:
            database.execute("DROP TABLE change")
            database.execute(f"PRAGMA user_version = {number}")
        database.close()

    return change


DAMAGES = {
    "truncated": _truncate,
    "garbage": lambda memo: memo.write_bytes(os.urandom(5000)),
    "older": _version(3),
    "newer": _version(9999),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_memo_that_cannot_be_trusted_is_made_anew_with_a_word(root: Path, damage: str) -> None:
    DAMAGES[damage](root / ".sitegen/memo.db")
    code, said = struck(root, BUILD, lambda: None)
    assert code == 0 and "made anew" in said, said
    assert files(root / "site") == clean(root)


def test_an_empty_memo_is_a_new_one(root: Path) -> None:
    (root / ".sitegen/memo.db").write_bytes(b"")
    run(root)
    assert files(root / "site") == clean(root)


# Time.


def test_files_dated_in_the_future_and_then_in_the_past_are_read_as_they_are(root: Path) -> None:
    article = root / "content/articles/a0.md"
    for years, word in ((10, b"Morse"), (-40, b"Field"), (1, b"Paris"), (0, b"Morse")):
        article.write_bytes(b"---\ntitle: a0\ndate: 1858-08-16\n---\n" + word + b" was there.\n")
        at = time.time() + years * 31_557_600
        os.utime(article, (at, at))
        run(root)
        assert files(root / "site") == clean(root)


def test_a_clock_that_is_set_back_between_two_builds_hides_no_edit(root: Path) -> None:
    def back() -> None:
        real, real_ns = time.time, time.time_ns
        time.time = lambda: real() - 1e8
        time.time_ns = lambda: real_ns() - 10**17

    code, said = struck(root, BUILD, back)
    assert code == 0, said
    Collection(root, PLAIN).article("a1", "Field alone.").write("articles/a1.notes.yaml", "notes: []\n")
    run(root)
    assert files(root / "site") == clean(root)


def test_another_time_zone_and_locale_change_no_page(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795348800")
    for zone, speech in (("Pacific/Kiritimati", "C"), ("Pacific/Niue", "C.UTF-8"), ("UTC", "POSIX")):

        def moved(zone: str = zone, speech: str = speech) -> None:
            os.environ["TZ"] = zone
            time.tzset()
            locale.setlocale(locale.LC_ALL, speech)

        code, said = struck(root, BUILD, moved)
        assert code == 0, said
        assert files(root / "site") == clean(root)


# Two at once.


def test_a_second_command_says_that_another_is_at_work(root: Path) -> None:
    before = files(root / "site")
    with locked(root / ".sitegen"):
        code, said = struck(root, BUILD, lambda: None)
    assert code == 2 and is_told(said, "another sitegen is building this collection"), said
    assert files(root / "site") == before


def test_the_lock_of_a_killed_build_holds_nobody_up(root: Path) -> None:
    def die(_: Path) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    code, _ = struck(root, BUILD, once(root, root / "content/articles/a0.md", die))
    assert code == -signal.SIGKILL
    assert (root / ".sitegen/lock").exists()
    run(root)
    assert files(root / "site") == clean(root)


def test_a_file_system_without_locks_is_built_on_all_the_same(root: Path) -> None:
    def begin() -> None:
        import fcntl

        def refuse(*_: object) -> None:
            raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

        fcntl.flock = refuse  # type: ignore[assignment]

    code, said = struck(root, BUILD, begin)
    assert code == 0, said
    assert files(root / "site") == clean(root)


# Too few handles.


@pytest.mark.parametrize("spare", range(8))
def test_a_build_that_runs_out_of_file_handles_says_so(root: Path, spare: int) -> None:
    import resource

    def begin() -> None:
        taken = {int(name) for name in os.listdir("/dev/fd") if name.isdigit()}
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(taken) + spare, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))

    withstands(root, begin, "Too many open files|unable to open")
