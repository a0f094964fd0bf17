"""`sitegen review` in a real terminal: keys typed into a pseudo-terminal, and what stands on the screen and in the files."""

from __future__ import annotations

import os
import select
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sitegen.build.lock import locked
from sitegen.model import candidate
from sitegen.model.candidate import Row
from tests.support import Collection

pty = pytest.importorskip("pty", reason="pseudo-terminals are of Unix")
termios = pytest.importorskip("termios")

ROOT = Path(__file__).parents[2]
PROMPT = "none): "  # a line is asked for, and not a key
LIMIT = 60  # seconds that a machine under load may take for a screen


class Terminal:
    """A command with a terminal of its own."""

    def __init__(self, *command: str) -> None:
        self.screen = ""
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "GIT_CONFIG_GLOBAL": os.devnull}
        self.process, self._end = pty.fork()
        if not self.process:
            os.execve(sys.executable, [sys.executable, "-m", "sitegen", *command], environment)

    def wait_for(self, words: str) -> str:
        """What the screen says further, up to some words and the end of what is being written."""
        until, seen = time.monotonic() + LIMIT, len(self.screen)
        while words not in self.screen[seen:]:
            assert time.monotonic() < until and self._read(), f"no {words!r} in {self.screen[seen:]!r}"
        return self.screen[seen:]

    def interrupt(self, words: str) -> str:
        """What the screen says upon Ctrl-C; pressed once more where the first came between a prompt and its reading."""
        seen, until = len(self.screen), time.monotonic() + 10
        os.write(self._end, b"\x03")
        while words not in self.screen[seen:] and (left := until - time.monotonic()) > 0:
            if select.select([self._end], [], [], left)[0]:
                self._read()
        if words in self.screen[seen:]:
            return self.screen[seen:]
        os.write(self._end, b"\x03")
        return self.wait_for(words)

    def type(self, keys: str, words: str) -> str:
        """What the screen says upon some keys, typed when the command listens: what is typed before it does is thrown away."""
        until = time.monotonic() + LIMIT
        while self.screen.endswith(PROMPT) != bool(termios.tcgetattr(self._end)[3] & termios.ICANON):
            assert time.monotonic() < until and self.process
            time.sleep(0.005)
        os.write(self._end, keys.encode())
        return self.wait_for(words)

    def close(self) -> int:
        """The exit code, once the command has ended."""
        while self._read():
            pass
        os.close(self._end)
        return os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])

    def _read(self) -> bool:
        if not select.select([self._end], [], [], LIMIT)[0]:
            return False
        try:
            data = os.read(self._end, 65536)
        except OSError:  # how Linux says that the other side is gone
            return False
        self.screen += data.decode("utf-8", "replace")
        return bool(data)


@pytest.fixture
def waiting(collection: Collection) -> Collection:
    collection.article("a", "They left Rakka. Moscow and Vienna.").article("b", "Moscow again.")
    collection.record("places/raqqa", "Raqqa")
    collection.record(
        "places/moscow", "Moscow", "aliases: [Moskva]\nstatus: suggested # by rule\nlocation: {lat: 55.75, lon: 37.62}\n"
    )
    collection.record("places/vienna", "Vienna", "status: suggested\n")
    row = Row("Rakka", "places", 1, 0.6, ("They left Rakka.",), articles=("articles/a",))
    return collection.write("candidates.csv", candidate.written([row]))


@pytest.fixture
def terminal(waiting: Collection) -> Iterator[Terminal]:
    sitting = Terminal("-C", str(waiting.root), "review")
    yield sitting


def text(collection: Collection, path: str) -> str:
    return (collection.content / path).read_text(encoding="utf-8")


def test_a_sitting_from_the_first_name_to_the_last(waiting: Collection, terminal: Terminal) -> None:
    first = terminal.wait_for("q quit")
    assert "\x1b[1mMoscow\x1b[0m  places, in 2 articles  places/moscow  [3 to decide]" in first
    assert "also: Moskva" in first and "at 55.75, 37.62" in first and "\x1b[4mMoscow\x1b[0m again." in first
    assert "Vienna" in terminal.type("a", "q quit") and "# by rule" in text(waiting, "places/moscow.md")
    assert "(candidate)" in terminal.type("r", "q quit")
    assert "which record" in terminal.type("l", PROMPT)
    again = terminal.type("raqa\r", PROMPT)
    assert 'no record "raqa"' in again and 'did you mean "raqqa"?' in again
    last = terminal.type("RAQQA\r", "q quit")
    assert "alias Rakka: places/raqqa" in last and "That was the last." in last
    assert "3 suggestions decided, 0 not yet." in terminal.type("q", "not yet.")
    assert terminal.close() == 0
    assert "status: reviewed # by rule" in text(waiting, "places/moscow.md")
    assert "status: rejected" in text(waiting, "places/vienna.md") and "aliases: [Rakka]" in text(waiting, "places/raqqa.md")


@pytest.mark.parametrize("key", ["\x03", "\x04"], ids=["Ctrl-C", "Ctrl-D"])
def test_leaving_by_a_signal_keeps_what_was_decided_and_says_so(key: str, waiting: Collection, terminal: Terminal) -> None:
    terminal.wait_for("q quit")
    terminal.type("a", "q quit")
    assert "1 suggestion decided, 2 not yet." in terminal.type(key, "not yet.")
    assert terminal.close() == 0 and "status: reviewed" in text(waiting, "places/moscow.md")


def test_a_question_that_is_left_decides_nothing(waiting: Collection, terminal: Terminal) -> None:
    terminal.wait_for("q quit")
    terminal.type("m", PROMPT)
    assert "Moscow" in terminal.interrupt("q quit")
    terminal.type("m", PROMPT)
    assert "Moscow" in terminal.type("\r", "q quit")
    terminal.type("q", "not yet.")
    assert terminal.close() == 0 and not (waiting.content / "decisions.jsonl").exists()


def test_keys_that_mean_nothing_do_nothing(waiting: Collection, terminal: Terminal) -> None:
    terminal.wait_for("q quit")
    assert "Moscow" in terminal.type("\x1b[A", "q quit")
    assert "Moscow" in terminal.type("é", "q quit")
    assert "0 suggestions decided, 3 not yet." in terminal.type("q", "not yet.")
    assert terminal.close() == 0


def test_a_run_that_holds_the_lock_is_waited_for(waiting: Collection, terminal: Terminal) -> None:
    terminal.wait_for("q quit")
    with locked(waiting.root / ".sitegen"):
        terminal.type("a", "waiting for it")
        assert "status: suggested" in text(waiting, "places/moscow.md")
    terminal.wait_for("q quit")
    assert "1 suggestion decided, 2 not yet." in terminal.type("q", "not yet.")
    assert terminal.close() == 0 and "status: reviewed" in text(waiting, "places/moscow.md")


FIRST, SECOND = "- id: n1\n  quote: They lost Rakka\n  body: So?\n  state: review\n", "- id: n2\n  quote: Nobody\n  body: Who?\n"


def test_notes_without_a_place_are_decided_after_the_suggestions(waiting: Collection, terminal: Terminal) -> None:
    waiting.write("articles/a.notes.yaml", f"notes:\n{FIRST}{SECOND}")
    terminal.type("q", "not yet.")
    terminal.close()
    sitting = Terminal("-C", str(waiting.root), "review")
    sitting.wait_for("q quit")
    assert "n go on to 2 notes without a place" in [sitting.type("s", "q quit") for _ in range(3)][-1]
    shown = sitting.type("n", "q quit")
    assert "[2 to decide]" in shown and "So?" in shown and "on: They lost Rakka" in shown
    assert "Who?" in sitting.type("k", "q quit")
    assert "suggestions decided" in sitting.type("d", "not yet.")
    assert sitting.close() == 0 and text(waiting, "articles/a.notes.yaml") == f"notes:\n{FIRST}"
    assert '"delete-note"' in text(waiting, "decisions.jsonl")
