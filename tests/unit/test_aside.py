"""What a build puts aside is there again, in this process and in those forked from it, and leaves nothing behind."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sitegen.build import aside
from sitegen.build.aside import Aside


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Aside]:
    monkeypatch.setattr(aside, "_HELD", 10)
    made = Aside(tmp_path)
    yield made
    made.clear()


def test_what_was_put_aside_is_found_by_its_name(shelf: Aside) -> None:
    shelf.put((f"n{i}", b"%d" % i * 3) for i in range(50))
    assert [shelf.get(f"n{i}") for i in range(50)] == [b"%d" % i * 3 for i in range(50)]


def test_what_was_never_put_aside_is_none(shelf: Aside) -> None:
    shelf.put([("a", b"x" * 20)])
    assert shelf.get("b") is None


def test_empty_bytes_are_kept_as_such(shelf: Aside) -> None:
    shelf.put([("a", b""), ("b", b"x" * 20)])
    assert shelf.get("a") == b""


@pytest.mark.parametrize("size", [1, 30])
def test_what_was_put_aside_last_is_found(shelf: Aside, size: int) -> None:
    shelf.put([("a", b"before" * size)])
    shelf.put([("a", b"after" * size)])
    assert shelf.get("a") == b"after" * size


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_fork_reads_what_its_parent_put_aside_and_keeps_its_own_apart(shelf: Aside) -> None:
    shelf.put([("a", b"a" * 20), ("b", b"b")])
    if not (child := os.fork()):  # pragma: no cover  another process
        shelf.put([("a", b"c" * 20), ("c", b"c" * 40)])
        os._exit(0 if (shelf.get("a"), shelf.get("b"), shelf.get("c")) == (b"c" * 20, b"b", b"c" * 40) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    shelf.put([("d", b"d" * 20)])
    assert (shelf.get("a"), shelf.get("b"), shelf.get("c"), shelf.get("d")) == (b"a" * 20, b"b", None, b"d" * 20)


def test_it_leaves_no_file_behind(shelf: Aside, tmp_path: Path) -> None:
    shelf.put([("a", b"x" * 20)])
    shelf.clear()
    assert shelf.get("a") is None
    assert not list(tmp_path.iterdir())
