"""Where made files wait until all are made, beside what lies in the output folder already: the same bytes wait for nothing."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import msgspec

STAGING = ".sitegen-staging"
_FIRST = "index.html"  # the file of a folder that is made before its others
_TO_WRITE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)


class Room(msgspec.Struct, frozen=True):
    """Where made files wait until all are made: `staging`, laid out as the output `folder` is to be.

    bare: whether there is no output folder yet, and so nothing to compare with.
    """

    staging: str
    folder: str
    bare: bool = False

    @staticmethod
    def of(folder: Path) -> Room:
        """The room of a build into an output folder, taken before it begins to write."""
        return Room(str(folder / STAGING), str(folder), bare=not os.path.lexists(folder))

    def put(self, path: str, data: bytes) -> tuple[str, int, int, bool]:
        """Keep the bytes of a file, unless it holds them already: SHA-256, size, time of change (ns), whether it waits.

        Raises: OSError.
        """
        sha = hashlib.sha256(data).hexdigest()
        if not self.bare:
            target = f"{self.folder}/{path}"
            if (status := size_and_time(target)) and status[0] == len(data) and _bytes(target) == data:
                return sha, *status, False
        handle = _opened(f"{self.staging}/{path}")
        try:
            written = os.write(handle, data)
            while written < len(data):
                written += os.write(handle, data[written:])
            mtime = os.fstat(handle).st_mtime_ns
        finally:
            os.close(handle)
        return sha, len(data), mtime, True

    def pour(self, path: str, write: Callable[[str], None]) -> tuple[str, int, int, bool]:
        """Keep a file that `write` makes at the path it is given, as `put` keeps bytes.

        Raises: OSError.
        """
        from filecmp import cmp

        waiting, target = f"{self.staging}/{path}", f"{self.folder}/{path}"
        os.makedirs(waiting.rpartition("/")[0], exist_ok=True)  # noqa: PTH103
        write(waiting)
        with open(waiting, "rb") as file:  # noqa: PTH123
            sha = hashlib.file_digest(file, "sha256").hexdigest()
        made, status = size_and_time(waiting), size_and_time(target)
        assert made
        if status and status[0] == made[0] and not Path(target).is_symlink() and cmp(waiting, target, shallow=False):
            os.unlink(waiting)  # noqa: PTH108
            return sha, *status, False
        return sha, *made, True


def _opened(path: str) -> int:
    """A file that is to be written, in a folder that may be still to be made. Raises: OSError."""
    folder, _, name = path.rpartition("/")
    if name == _FIRST:
        with contextlib.suppress(FileExistsError, FileNotFoundError):  # the one above may be missing, too: see below
            os.mkdir(folder)  # noqa: PTH102
    try:
        return os.open(path, _TO_WRITE, 0o666)
    except FileNotFoundError:
        os.makedirs(folder, exist_ok=True)  # noqa: PTH103
        return os.open(path, _TO_WRITE, 0o666)


def size_and_time(path: str) -> tuple[int, int] | None:
    """Of the file that has this name its size and its time of change (ns); None where none can be told."""
    try:
        status = os.stat(path)  # noqa: PTH116  tens of thousands a build
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def _bytes(path: str) -> bytes | None:
    if os.path.islink(path):  # noqa: PTH114
        return None
    try:
        return Path(path).read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
