"""A memo that goes with its process leaves nothing, and what killed ones left is put away by the next."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import pytest

from sitegen.build.memo import Memo

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a child is forked to die")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def left_by_one_that_died(folder: Path) -> Path:
    child = os.fork()
    if not child:
        Memo.none().set("a", b"b" * 10_000)
        os._exit(9)
    os.waitpid(child, 0)
    (file,) = folder.iterdir()
    return file


def aged(*files: Path) -> None:
    for file in files:
        os.utime(file, (time.time() - 3600,) * 2)


def test_it_is_one_file_and_leaves_none(folder: Path) -> None:
    with Memo.none() as memo:
        for value in (b"1", b"2"):
            memo.set("a", value * 100_000)
            memo.commit()
        memo.set("a", b"3")
        memo.forget()
        assert memo.get("a")[:1] == b"2" and len(list(folder.iterdir())) == 1
    assert not list(folder.iterdir())


def test_what_a_process_left_that_died_the_next_one_puts_away(folder: Path) -> None:
    left = left_by_one_that_died(folder)
    aged(left)
    with Memo.none():
        assert len(list(folder.iterdir())) == 1 and not left.exists()


def test_what_another_still_uses_stays_however_old_and_what_is_another_s(folder: Path) -> None:
    young = left_by_one_that_died(folder)
    with Memo.none() as memo:
        other = folder / "sitegen-notes.db"
        other.touch()
        used = {file for file in folder.iterdir() if file not in (young, other)}
        aged(other, *used)
        with Memo.none():
            assert used <= set(folder.iterdir()) and young.exists() and other.exists()
        memo.set("a", b"b")
        assert memo.get("a") == b"b"
