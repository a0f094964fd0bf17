"""The file of a memo that goes with its process, and what processes left there that were killed.

The file lies in the system's folder for such, since workers that are forked open it by its name. It is held by a lock,
which the system lets go of when a process dies: by that the next one knows what nobody uses any more.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from pathlib import Path

_BEGIN, _END = "sitegen-memo-", ".db"
_NEW = 60  # seconds: so young a file may not be held yet


def file() -> tuple[Path, int]:
    """A new and empty file, and the handle that holds it until it is closed. What killed processes left is put away."""
    for left in Path(tempfile.gettempdir()).glob(f"{_BEGIN}*{_END}"):
        with contextlib.suppress(OSError):  # another's
            _put_away(left)
    handle, name = tempfile.mkstemp(prefix=_BEGIN, suffix=_END)
    _held(handle)
    return Path(name), handle


def _put_away(left: Path) -> None:
    if time.time() - left.stat().st_mtime < _NEW:
        return
    handle = os.open(left, os.O_RDWR)
    try:
        if _held(handle):
            left.unlink()
    finally:
        os.close(handle)


def _held(handle: int) -> bool:
    """Whether the file is ours now. Where there are no such locks, a file that is open cannot be removed."""
    if os.name != "nt":
        import fcntl

        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
    return True
