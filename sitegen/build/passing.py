"""The file of a memo that goes with its process, and what processes left there that were killed.

The file lies in the system's folder for such, since workers that are forked open it by its name. It is held by a lock,
which the system lets go of when a process dies: by that the next one knows what nobody uses any more. On Windows it is
held by being open: there, such a file cannot be removed, and a lock would keep SQLite out.
"""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

from sitegen.build.holds import hold

_BEGIN, _END = "sitegen-memo-", ".db"
_NEW = 60  # seconds: so young a file may not be held yet


def file() -> tuple[Path, int]:
    """A new and empty file, and the handle that holds it until `end`. What killed processes left is put away."""
    import tempfile  # most builds have a memo of their own

    for left in Path(tempfile.gettempdir()).glob(f"{_BEGIN}*{_END}"):
        with contextlib.suppress(OSError):  # another's
            _put_away(left)
    handle, name = tempfile.mkstemp(prefix=_BEGIN, suffix=_END)
    _held(handle)
    return Path(name), handle


def end(path: Path, handle: int) -> None:
    """Take such a file away, with what SQLite put beside it: held to the last, but where only a closed one can be removed."""
    if not _open_stays():
        remove(path)
    os.close(handle)
    if _open_stays():
        remove(path)


def _put_away(left: Path) -> None:
    if time.time() - left.stat().st_mtime < _NEW:
        return
    handle = os.open(left, os.O_RDWR)
    if _held(handle):
        end(left, handle)
    else:
        os.close(handle)


def _held(handle: int) -> bool:
    """Whether the file is ours now. Where locks are unknown, nobody can tell: it stays."""
    return _open_stays() or hold(handle) is True


def _open_stays() -> bool:
    """Whether a file that somebody has open cannot be removed."""
    return os.name == "nt"


def remove(path: Path) -> None:
    """Take a memo away, with what SQLite put beside it; what cannot be taken away stays."""
    for file in path.parent.glob(f"{path.name}*"):
        with contextlib.suppress(OSError):
            file.unlink()
