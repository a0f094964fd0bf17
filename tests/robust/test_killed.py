"""Killed at any moment, a command loses nothing: what the next run leaves is what an undisturbed one leaves.

A child process carries the command out and ends itself, as SIGKILL would, just before its n-th change of the file system
(CPython's audit events tell of each). So every point between two changes is tried, in `make test` a few, in `make soak` all.
Besides, commands with workers are sent SIGKILL at moments by chance, in `make soak` some hundred times each.
"""

from __future__ import annotations

import contextlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from sitegen.build.unchanged import LEDGER, plainly, said_last_time
from tests.support import Collection, files

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a child is forked to be killed")

ORPHAN = Path(__file__).parents[1] / "orphan.py"
PATIENCE = 120  # seconds: an end to what hangs, and no measure of a machine that is busy
KILLED = 9
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_CHANGES = frozenset({"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.link", "os.symlink", "os.chmod"})

TEXT = """The Cable Landed

16 August 1858

Samuel Morse met Cyrus Field in Paris. {0}

Field had waited for years, and Morse knew it.
"""


def command(root: Path, *arguments: str) -> None:
    from sitegen.cli import building
    from sitegen.cli.commands import main

    whole = ["-C", str(root), *arguments]
    said = said_last_time(whole, str(root))
    if isinstance(said, tuple):
        return  # there is nothing to do
    with Path(os.devnull).open("w") as out, contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        if plain := plainly(whole):
            building.build(root, building.Asked(**plain[1]), said)
        else:
            main(whole, standalone_mode=False)


def decide(root: Path) -> None:
    """Take decisions in the browser, one after the other, as a person does who does not look at the answers."""
    from sitegen.review.files import recover
    from tests.unit.test_serve_review import Reviewing

    recover(root / "content", root / ".sitegen")  # as the first build of a server does
    reviewing = Reviewing(Collection(root, PLAIN))
    try:
        for key, word in (
            ("suggestions:people/field", "accept"),
            ("suggestions:=Cable", "stop"),
            ("suggestions:=Fleet", "reject"),
        ):
            status, item = reviewing.ask(f"/_review/item?key={key}")
            if status == 200:
                reviewing.ask("/_review/decide", {"key": key, "word": word, "seen": item["seen"]})
    finally:
        reviewing.stop()


Act = tuple[str, ...] | Callable[[Path], None]


def carry_out(root: Path, act: Act) -> None:
    act(root) if callable(act) else command(root, *act)


def die_before(root: Path, at: int) -> None:
    """Let this process end, as SIGKILL would end it, just before its change number `at` of the files below a folder."""
    changes = 0

    def hear(event: str, given: tuple[object, ...]) -> None:
        nonlocal changes
        if event == "open":
            path, _, flags = given
            counts = str(path).startswith(str(root)) and isinstance(flags, int) and bool(flags & _WRITING)
        else:
            counts = event in _CHANGES
        if counts:
            changes += 1
            if changes == at:
                os._exit(KILLED)

    sys.addaudithook(hear)


def died(root: Path, act: Act, at: int) -> bool:
    """Run a command in a child that is killed before its change number `at`; whether it came to that."""
    child = os.fork()
    if not child:
        code = 0
        try:
            die_before(root, at)
            carry_out(root, act)
        except SystemExit as end:
            code = int(end.code or 0)
        except BaseException:
            code = 99
        os._exit(code)
    _, status = os.waitpid(child, 0)
    assert os.WIFEXITED(status)
    assert os.WEXITSTATUS(status) in (0, KILLED), os.WEXITSTATUS(status)
    return os.WEXITSTATUS(status) == KILLED


PLAIN = 'title = "Test"\nurl = "https://example.org/"\ntheme = "plain"\n'


def sources(root: Path) -> None:
    """Texts as they came."""
    collection = Collection(root, PLAIN)
    for number in range(4):
        collection.write(f"sources/t{number}.txt", TEXT.format(f"It was number {number}."))


def prepared(root: Path) -> None:
    """A collection with two records to merge, articles, notes and candidates."""
    collection = Collection(root, PLAIN)
    collection.record("people/morse", "Morse", "aliases: [Samuel Morse]\n").record("people/s-morse", "S. Morse")
    collection.record("people/field", "Field", "status: suggested\n").record("places/paris", "Paris")
    for number in range(3):
        collection.article(f"a{number}", f"Samuel Morse met Field in Paris, {number} times. See [[people/s-morse]] and S. Morse.")
    collection.write(
        "articles/a1.notes.yaml",
        "notes:\n- id: n1\n  quote: {exact: met Field, prefix: 'Samuel Morse '}\n  body: So it is said.\n",
    )
    collection.write(
        "candidates.csv", "name,kind,count,score,sentence1,sentence2,sentence3,decision\nField,people,3,0.9,,,,stop\n"
    )


IMPORTED = """{"@context": "http://www.w3.org/ns/anno.jsonld", "type": "Annotation", "id": "urn:n2",
"body": {"type": "TextualBody", "value": "So they did."}, "target": {"source": "https://example.org/articles/a0/",
"selector": {"type": "TextQuoteSelector", "exact": "met Field"}}}"""


def deciding(root: Path) -> None:
    """What is `prepared`, with names to decide on."""
    prepared(root)
    rows = "Cable,works,stop,articles/a0\nFleet,works,reject,\n"
    Collection(root, PLAIN).write("candidates.csv", f"name,kind,decision,articles\n{rows}")


def importing(root: Path) -> None:
    prepared(root)
    (root / "notes.json").write_text(IMPORTED)


def edited(root: Path) -> None:
    """A collection that was built, and has another sentence since."""
    prepared(root)
    aged(*(root / "content").rglob("*.*"), root / "sitegen.toml")
    with contextlib.suppress(SystemExit):
        command(root, "build")
    article = root / "content/articles/a0.md"
    article.write_text(article.read_text() + "\nMorse stayed in Paris.\n")
    aged(article)
    assert said_last_time(["-C", str(root), "build"], "/") == ["articles/a0.md"]


def aged(*files: Path) -> None:
    """Let files be of a while ago, so that their times are trusted."""
    for path in files:
        os.utime(path, ns=(0, path.stat().st_mtime_ns // 10**9 * 10**9 - 10**10))


CASES: dict[str, tuple[Callable[[Path], None], Act]] = {
    "convert": (sources, ("convert", "--jobs", "1")),
    "build": (prepared, ("build", "--jobs", "1")),
    "build of an edit": (edited, ("build",)),
    "merge": (prepared, ("merge", "--yes", "--rewrite", "people/s-morse", "people/morse")),
    "rename": (prepared, ("rename", "--yes", "people/s-morse", "people/samuel-morse")),
    "split": (prepared, ("split", "--yes", "people/morse", "people/morse-2", "--name", "Samuel Morse", "--in", "a0")),
    "review --apply": (deciding, ("review", "--apply", "content/candidates.csv")),
    "review in the browser": (deciding, decide),
    "notes rebase": (prepared, ("notes", "rebase")),
    "notes import": (importing, ("notes", "import", "notes.json")),
    "addresses": (prepared, ("addresses", "--record")),
}
_TIME = re.compile(rb'"at":"[^"]*"')


def state(root: Path) -> dict[str, bytes]:
    """All that people have: the content folder, hidden files left out; and the site. The hour of a decision is the clock's."""
    found = {path: _TIME.sub(b"", data) for path, data in files(root / "content").items() if "/." not in f"/{path}"}
    return found | {f"site/{path}": data for path, data in files(root / "site").items()} if (root / "site").exists() else found


def finish(root: Path, act: Act) -> None:
    """What a person does next: the same again; a transaction that was finished meanwhile is refused, which is right."""
    with contextlib.suppress(SystemExit, Exception):
        carry_out(root, act)


def points(folder: Path, case: str) -> Iterator[int]:
    """The moments to be killed at: the numbers of all changes a command makes, in an order by chance that is always the same."""
    prepare, act = CASES[case]
    root = folder / "counted"
    prepare(root)
    low, high = 1, 2
    while died_anew(root, prepare, act, high):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if died_anew(root, prepare, act, middle) else (low, middle)
    moments = list(range(1, low + 1))
    random.Random(case).shuffle(moments)
    return iter(moments)


def died_anew(root: Path, prepare: Callable[[Path], None], act: Act, at: int) -> bool:
    shutil.rmtree(root)
    prepare(root)
    return died(root, act, at)


def ended(tmp_path: Path, prepare: Callable[[Path], None], act: Act) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """What there is before an undisturbed run, and after."""
    undisturbed = tmp_path / "undisturbed" / "c"
    prepare(undisturbed)
    before = state(undisturbed)
    with contextlib.suppress(SystemExit):
        carry_out(undisturbed, act)
    after = state(undisturbed)
    assert after != before
    return before, after


def survive(tmp_path: Path, case: str, most: int) -> int:
    """Kill a command at up to `most` moments, each in a collection of its own; the number of moments tried."""
    prepare, act = CASES[case]
    before, after = ended(tmp_path, prepare, act)
    tried = 0
    for at in points(tmp_path, case):
        if tried == most:
            break
        root = tmp_path / f"k{at}" / "c"
        prepare(root)
        assert died(root, act, at)
        if not callable(act):  # of several decisions some may have been taken
            lost = {path for path, data in before.items() if not path.startswith("site/") and _half(root, path, data, after)}
            assert not lost, f"killed before change {at}: {lost}"
        finish(root, act)
        assert state(root) == after, f"killed before change {at}"
        assert not list((root / "site").glob(".sitegen-staging*")), f"killed before change {at}"
        assert not list((root / "content").rglob(".*")), f"killed before change {at}"
        shutil.rmtree(root)
        tried += 1
    return tried


def _half(root: Path, path: str, data: bytes, after: dict[str, bytes]) -> bool:
    """Whether a file of the content is neither as it was nor as it is to be."""
    there = root / "content" / path
    now = _TIME.sub(b"", there.read_bytes()) if there.exists() else None
    return now not in (data, after.get(path))


@pytest.mark.parametrize("case", CASES)
def test_a_command_killed_at_some_moment_loses_nothing(tmp_path: Path, case: str) -> None:
    assert survive(tmp_path, case, 4)


@pytest.mark.soak
@pytest.mark.parametrize("case", CASES)
def test_a_command_killed_at_every_moment_loses_nothing(tmp_path: Path, case: str) -> None:
    print(case, survive(tmp_path, case, 1000))


def running(root: Path, *arguments: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    program = [sys.executable, str(ORPHAN), "-m", "sitegen"]
    return subprocess.Popen([*program, "-C", str(root), *arguments], env=environment, start_new_session=True, **quiet)


def workers(pid: int) -> list[psutil.Process]:
    """The workers that a process has."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).children()
    return []


def living(group: int) -> bool:
    """Whether a process of a group is left; one that has ended stays in it until the system has taken note."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, 0)
        return True
    return False


def large(root: Path) -> Collection:
    collection = Collection(root, PLAIN)
    for number in range(400):
        collection.article(f"a{number}", f"Morse met Field in Paris, {number} times.\n\n" * 8, date=f"18{number % 90 + 10}")
    return collection.record("people/morse", "Morse").record("people/field", "Field").record("places/paris", "Paris")


def test_ctrl_c_stops_a_build_and_its_workers_and_leaves_the_site_as_it_was(tmp_path: Path) -> None:
    collection = large(tmp_path / "c")
    site = collection.site
    remembers = lambda _: (collection.root / ".sitegen/memo.db").exists()  # noqa: E731
    writes = lambda _: any(site.glob(".sitegen-staging*"))  # noqa: E731
    for has_come in (remembers, workers, writes):
        before = files(site) if site.exists() else {}
        child = running(collection.root, "build", "--jobs", "2")
        while child.poll() is None and not has_come(child.pid):
            time.sleep(0.01)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGINT)  # as a terminal sends it: to the command and all its workers
        code = child.wait(PATIENCE)
        if code == 0:
            break  # it was done sooner
        assert code in (1, 130, -signal.SIGINT)
        end = time.monotonic() + PATIENCE
        while (left := living(child.pid)) and time.monotonic() < end:
            time.sleep(0.01)
        assert not left  # no worker
        assert not site.exists() or files(site) == before or (site / LEDGER).exists()
    assert running(collection.root, "build", "--jobs", "2").wait(PATIENCE) == 0
    clean = tmp_path / "clean"
    collection.clean_build(clean)
    assert files(site) == files(clean)
