"""Commands with workers, and servers, are sent SIGKILL at moments by chance; the next run is as if nothing had been.

In `make test` a few times each; in `make soak` two hundred times, where blows that came after the end do not count.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from sitegen.build import pipeline
from sitegen.build.lock import Busy, locked, waiting
from sitegen.build.memo import Memo
from sitegen.cli.ground import mode_of
from sitegen.config import load
from tests.orphan import dies_with_parent
from tests.robust.test_killed import (
    CASES,
    KILLED,
    PATIENCE,
    PLAIN,
    TEXT,
    Act,
    carry_out,
    command,
    die_before,
    ended,
    large,
    running,
    state,
    workers,
)  # fmt: skip
from tests.support import Collection, files

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a child is forked to be killed")

OFTEN = 200


def many_sources(root: Path) -> None:
    """So many texts that workers look for names in them."""
    collection = Collection(root, PLAIN)
    for number in range(60):
        collection.write(f"sources/t{number}.txt", TEXT.format(f"It was number {number}.") * 4)


def many_articles(root: Path, count: int = 60) -> None:
    collection = Collection(root, PLAIN)
    for number in range(count):
        collection.article(f"a{number}", f"Morse met Field in Paris, {number} times.\n\n" * 4, date=f"18{number % 90 + 10}")
    collection.record("people/morse", "Morse").record("people/field", "Field").record("places/paris", "Paris")


STRUCK: dict[str, tuple[Callable[[Path], None], Act]] = {
    **{name: case for name, case in CASES.items() if name != "review in the browser"},
    "convert with workers": (many_sources, ("convert", "--jobs", "3")),
    "build with workers": (many_articles, ("build", "--jobs", "3")),
}


def begun(act: Callable[[], object], out: Path | None = None) -> int:
    """The process that carries it out, with what it prints in a file."""
    child = os.fork()
    if child:
        return child
    code = 99
    with contextlib.suppress(BaseException):
        dies_with_parent()
        handle = os.open(out or os.devnull, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for stream in (1, 2):
            os.dup2(handle, stream)
        sys.stdout = sys.stderr = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        os.setsid()
        try:
            act()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        sys.stdout.flush()
    os._exit(code)


def struck_down(child: int, after: float) -> bool:
    """Kill a process, and not its workers, after so many seconds; whether that was before its end."""
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def seconds(root: Path, prepare: Callable[[Path], None], act: Act) -> float:
    """How long the undisturbed command takes."""
    prepare(root)
    began = time.perf_counter()
    os.waitpid(begun(lambda: carry_out(root, act)), 0)
    took = time.perf_counter() - began
    shutil.rmtree(root)
    return took


def survive(tmp_path: Path, case: str, kills: int) -> None:
    """Kill a command so many times before its end."""
    prepare, act = STRUCK[case]
    before, after = ended(tmp_path, prepare, act)
    long, chance, hit, tries = seconds(tmp_path / "timed", prepare, act), random.Random(case), 0, 0
    root = tmp_path / "k" / "c"
    while hit < kills:
        tries += 1
        assert tries < 20 * kills, f"{long} s are too long: {hit} of {tries} were killed before their end"
        prepare(root)
        moment = chance.random() * long
        child = begun(lambda: carry_out(root, act))
        hit += struck_down(child, moment)
        there = state(root)
        for path in (path for path in before if not path.startswith("site/")):
            assert there.get(path) in (before[path], after.get(path)), f"{path} is half-written, {moment} s"
        assert die_out(child)
        # What was done already is refused, which is right; but nothing that is dead holds anybody up.
        with contextlib.suppress(SystemExit, Exception):
            carry_out(root, act)
        with locked(root / ".sitegen"):
            pass
        assert state(root) == after, f"killed after {moment} s"
        shutil.rmtree(root)
    print(f"{case}: {hit} of {tries} killed before their end", flush=True)


@pytest.mark.parametrize("case", ["convert with workers", "build with workers"])
def test_a_command_killed_by_chance_loses_nothing(tmp_path: Path, case: str) -> None:
    survive(tmp_path, case, 2)


@pytest.mark.soak
@pytest.mark.parametrize("case", STRUCK)
def test_a_command_killed_hundreds_of_times_loses_nothing(tmp_path: Path, case: str) -> None:
    survive(tmp_path, case, OFTEN)


def test_workers_do_not_outlive_a_build_that_is_killed_and_its_lock_is_free(tmp_path: Path) -> None:
    collection = large(tmp_path / "c")
    child = running(collection.root, "build", "--jobs", "2")
    while not workers(child.pid) and child.poll() is None:
        time.sleep(0.02)
    time.sleep(0.1)
    child.kill()
    child.wait(PATIENCE)
    command_until_free(collection.root)
    assert die_out(child.pid)


def alive(group: int) -> bool:
    """Whether a process of this group lives; one that is dead and that nobody has asked about does not."""
    for place in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, number = place.read_text().rpartition(")")[2].split()[:3]
            if int(number) == group and state not in "ZX":
                return True
    return False


def die_out(group: int) -> bool:
    """Whether all of a group die: one after the other, and the machine may be busy."""
    end = time.monotonic() + PATIENCE
    while alive(group) and time.monotonic() < end:
        time.sleep(0.05)
    return not alive(group)


def command_until_free(root: Path) -> None:
    """A build, which waits as long as dying takes on a machine that is busy with other tests."""
    for _ in range(20):
        try:
            return command(root, "build", "--jobs", "1")
        except SystemExit as end:
            if not end.code:
                return None
        except Busy:
            continue
    raise AssertionError("the lock is held by the dead")


# `sitegen annotate` writes nothing but lines.


def annotating(tmp_path: Path, kills: int) -> None:
    texts = tmp_path / "texts.jsonl"
    texts.write_text(
        "".join(f'{{"id": "t{n}", "text": "Samuel Morse met Cyrus Field in Paris, {n} times."}}\n' for n in range(300))
    )
    root, out = tmp_path / "c", tmp_path / "out.jsonl"
    many_articles(root)
    before = state(root)
    act = lambda: command_aloud(root, "annotate", "--jsonl", str(texts), "--jobs", "2")  # noqa: E731
    began = time.perf_counter()
    os.waitpid(begun(act, out), 0)
    long, whole = time.perf_counter() - began, out.read_bytes()
    assert whole.count(b"\n") == 300
    chance, hit, tries = random.Random("annotate"), 0, 0
    while hit < kills:
        tries += 1
        assert tries < 20 * kills, f"{long} s are too long: {hit} of {tries} were killed before their end"
        hit += struck_down(begun(act, out), chance.random() * long)
        assert whole.startswith(out.read_bytes()) and state(root) == before
        os.waitpid(begun(act, out), 0)
        assert out.read_bytes() == whole
    print(f"annotate: {hit} of {tries} killed before their end", flush=True)


def command_aloud(root: Path, *arguments: str) -> None:
    from sitegen.cli.commands import main

    main(["-C", str(root), *arguments], standalone_mode=False)


def test_annotate_killed_by_chance_has_said_nothing_wrong_and_touched_nothing(tmp_path: Path) -> None:
    annotating(tmp_path, 2)


@pytest.mark.soak
def test_annotate_killed_hundreds_of_times_has_said_nothing_wrong_and_touched_nothing(tmp_path: Path) -> None:
    annotating(tmp_path, OFTEN)


# A server: killed while it builds what a person writes.


@contextlib.contextmanager
def serving(root: Path, at: int = 0) -> Iterator[int]:
    """A server in a process of its own, which ends itself before its change number `at`, where that is given."""

    def act() -> None:
        die_before(root, at)
        command(root, "serve", "--port", "0", "--no-drafts")

    child = begun(act)
    try:
        yield child
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(child, 0)


def clean_preview(collection: Collection, into: Path) -> dict[str, bytes]:
    config = load(collection.root).preview()
    shutil.rmtree(into, ignore_errors=True)
    with Memo.none() as memo:
        mode = mode_of(strict=False, drafts=False, preview=True)
        report = waiting(lambda: pipeline.build(replace(config, output=into), memo, mode), PATIENCE)  # the server may be building
    assert report.ok, report.issues
    return shown(into)


def shown(folder: Path) -> dict[str, bytes]:
    """What a preview shows, but for the search, which is made when there is time; nothing while its files move."""
    try:
        found = files(folder)
    except FileNotFoundError:
        found = {}
    return {path: data for path, data in found.items() if not path.startswith(("pagefind/", "search/", ".sitegen-staging"))}


def server_struck(tmp_path: Path, kills: int) -> None:
    """Kill a server so many times: by turns before a change of its files, and at a moment by chance."""
    collection = Collection(tmp_path / "c", PLAIN)
    many_articles(collection.root, 8)
    chance = random.Random("serve")
    for number in range(kills):
        at = chance.randint(1, 40) if number % 2 else 0
        with serving(collection.root, at) as child:
            written = written_until(collection, child, chance, 300 if at else chance.random() * 1.5)
        assert files(collection.content) == written
        if number % 25 == 24 or number == kills - 1:  # the others begin where a killed one left off
            with serving(collection.root):
                settled(collection, tmp_path / "clean")
    print(f"serve: killed {kills} times", flush=True)


def written_until(collection: Collection, child: int, chance: random.Random, most: float) -> dict[str, bytes]:
    """What a person has written when the server is dead, of itself or of our blow after `most` seconds."""
    end = time.monotonic() + most
    while time.monotonic() < end:
        collection.article(f"a{chance.randrange(8)}", f"Morse wrote to Field for the {chance.random()}. time.", date="1870")
        time.sleep(chance.random() * 0.2)
        dead, status = os.waitpid(child, os.WNOHANG)
        if dead:
            assert os.waitstatus_to_exitcode(status) == KILLED
            return files(collection.content)
    written = files(collection.content)
    assert struck_down(child, 0)
    return written


def settled(collection: Collection, into: Path) -> None:
    """Wait until a server shows what a clean build makes."""
    wanted, folder = clean_preview(collection, into), load(collection.root).preview().output
    end = time.monotonic() + PATIENCE
    while (there := shown(folder)) != wanted:
        differing = [path for path in there.keys() | wanted.keys() if there.get(path) != wanted.get(path)]
        assert time.monotonic() < end, differing[:5]
        time.sleep(0.1)


def test_a_server_killed_by_chance_leaves_content_alone_and_the_next_shows_what_is_right(tmp_path: Path) -> None:
    server_struck(tmp_path, 3)


@pytest.mark.soak
def test_a_server_killed_hundreds_of_times_leaves_content_alone_and_the_next_shows_what_is_right(tmp_path: Path) -> None:
    server_struck(tmp_path, OFTEN)
