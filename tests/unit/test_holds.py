"""The lock where Python has no flock: on Windows by a region of the file, and on machines that know neither."""

from __future__ import annotations

import errno
import importlib.util
import os
import sys
import tempfile
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from sitegen.build import holds, lock, passing
from sitegen.build.lock import Busy, locked
from sitegen.build.memo import Memo


class Regions:
    """msvcrt as Windows has it: a byte of a file is one handle's, also within a process; others are refused."""

    LK_NBLCK, LK_UNLCK = 2, 0

    def __init__(self) -> None:
        self.held: dict[int, int] = {}

    def locking(self, handle: int, mode: int, count: int) -> None:
        file = os.fstat(handle).st_ino
        assert count == 1
        if self.held.get(file) != (handle if mode == self.LK_UNLCK else None):
            raise OSError(errno.EACCES, "Permission denied")
        self.held.pop(file) if mode == self.LK_UNLCK else self.held.update({file: handle})


def elsewhere(patch: pytest.MonkeyPatch, **modules: object) -> ModuleType:
    """`holds` as another machine imports it, in the place of ours."""
    for name, module in modules.items():
        patch.setitem(sys.modules, name, module)  # type: ignore[arg-type]
    assert holds.__file__
    spec = importlib.util.spec_from_file_location("elsewhere", holds.__file__)
    assert spec and spec.loader
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    for room in (lock, passing):
        patch.setattr(room, "hold", found.hold)
    patch.setattr(lock, "let_go", found.let_go)
    patch.setattr(lock, "_DYING", 0.0)
    return found


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Regions:
    regions = Regions()
    elsewhere(monkeypatch, fcntl=None, msvcrt=regions)
    return regions


def test_on_windows_a_second_run_is_told_and_the_next_one_is_not(tmp_path: Path, windows: Regions) -> None:
    with locked(tmp_path):
        assert windows.held
        with pytest.raises(Busy, match="another sitegen"), locked(tmp_path):
            pass
        assert windows.held  # who was refused has not let go of it
    assert not windows.held
    with locked(tmp_path):
        pass


def test_where_nothing_knows_locks_nobody_is_held_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere(monkeypatch, fcntl=None, msvcrt=None)
    with locked(tmp_path), locked(tmp_path):
        pass


def test_a_file_system_without_locks_is_not_one_that_is_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    elsewhere(monkeypatch, fcntl=SimpleNamespace(flock=refuse, LOCK_EX=2, LOCK_NB=4, LOCK_UN=8))
    with locked(tmp_path), locked(tmp_path):
        pass


def test_a_collection_is_built_on_windows_locks(tmp_path: Path, windows: Regions) -> None:
    from tests.support import Collection

    assert Collection(tmp_path, 'title = "T"\nurl = "https://example.org/"\ntheme = "plain"\n').article("a").build().report.ok
    assert not windows.held


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="what is open is asked of Linux")
def test_on_windows_a_memo_is_removed_once_it_is_closed_and_left_while_it_is_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, windows: Regions
) -> None:
    """There a file that is open cannot be removed, be it by who has it open."""
    unlink = Path.unlink

    def refused(path: Path, missing_ok: bool = False) -> None:
        if str(path) in {os.path.realpath(f"/proc/self/fd/{handle}") for handle in os.listdir("/proc/self/fd")}:
            raise PermissionError(errno.EACCES, "The process cannot access the file", str(path))
        unlink(path, missing_ok)

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(passing, "_open_stays", lambda: True)
    monkeypatch.setattr(passing, "_NEW", -1)
    monkeypatch.setattr(Path, "unlink", refused)
    left = tmp_path / "sitegen-memo-dead.db"
    left.touch()
    with Memo.none() as memo:
        assert not left.exists()
        with Memo.none():
            memo.set("a", b"b")
            assert memo.get("a") == b"b" and len(list(tmp_path.iterdir())) == 2
    assert not windows.held and not list(tmp_path.iterdir())
