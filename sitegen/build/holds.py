"""A file that one run holds at a time: flock on POSIX, a region of it on Windows, both part of Python.

The system lets go of it when the last process dies that has it open from its holder.
"""

from __future__ import annotations

import contextlib
import errno

_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP)


def hold(handle: int) -> bool | None:
    """Whether the open file is ours from now on; None where neither Python nor the file system knows locks."""
    try:
        _take(handle)
    except ImportError:
        return None
    except OSError as error:
        return None if error.errno in _NO_LOCKS else False
    return True


def let_go(handle: int) -> None:
    """Give it up, for the processes too that were forked while it was held."""
    with contextlib.suppress(ImportError, OSError):
        _give(handle)


try:
    import fcntl
except ImportError:  # Windows, or a machine without either

    def _take(handle: int) -> None:
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]

    def _give(handle: int) -> None:
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined,unused-ignore]

else:

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # type: ignore[attr-defined,unused-ignore]

    def _give(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)  # type: ignore[attr-defined,unused-ignore]
