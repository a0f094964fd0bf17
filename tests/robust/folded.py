"""A file system that keeps the letter cases of names and does not tell them apart, and decomposes them, as those of macOS do.

    python -m tests.robust.folded FOLDER MOUNTED_AT SUBTYPE

On FUSE, over a folder that tells all names apart. The kernel sees it as it sees any: only names are met by another rule.
"""

from __future__ import annotations

import os
import stat
import sys
import unicodedata
from typing import Any

import mfusepy

_STATUS = ("st_atime_ns", "st_ctime_ns", "st_gid", "st_mode", "st_mtime_ns", "st_nlink", "st_size", "st_uid", "st_ino")
_SPACE = ("f_bavail", "f_bfree", "f_blocks", "f_bsize", "f_favail", "f_ffree", "f_files", "f_flag", "f_frsize", "f_namemax")


def met(name: str) -> str:
    """What the names share that are one."""
    return unicodedata.normalize("NFD", name).casefold()


class Folded(mfusepy.Operations):
    use_ns = True

    def __init__(self, root: str) -> None:
        self._root = root

    def _real(self, path: str) -> str:
        here = self._root
        for part in filter(None, path.split("/")):
            there = os.path.join(here, part)
            if not os.path.lexists(there):
                names = os.listdir(here) if os.path.isdir(here) else []
                known = next((name for name in names if met(name) == met(part)), None)
                there = os.path.join(here, known or unicodedata.normalize("NFD", part))
            here = there
        return here

    def access(self, path: str, amode: int) -> int:
        return 0

    def getattr(self, path: str, fh: int | None = None) -> dict[str, Any]:
        status = os.lstat(self._real(path))
        return {name.removesuffix("_ns"): getattr(status, name) for name in _STATUS}

    def readdir(self, path: str, fh: int) -> list[tuple[str, dict[str, Any], int]]:
        return [(name, self.getattr(f"{path}/{name}"), 0) for name in (".", "..", *os.listdir(self._real(path)))]

    def readlink(self, path: str) -> str:
        return os.readlink(self._real(path))

    def mkdir(self, path: str, mode: int) -> int:
        os.mkdir(self._real(path), mode)
        return 0

    def rmdir(self, path: str) -> int:
        os.rmdir(self._real(path))
        return 0

    def unlink(self, path: str) -> int:
        os.unlink(self._real(path))
        return 0

    def symlink(self, target: str, source: str) -> int:
        os.symlink(source, self._real(target))
        return 0

    def rename(self, old: str, new: str) -> int:
        there = self._real(new)
        spelled = os.path.join(os.path.dirname(there), unicodedata.normalize("NFD", os.path.basename(new)))
        os.rename(self._real(old), there)
        if spelled != there:
            os.rename(there, spelled)
        return 0

    def chmod(self, path: str, mode: int) -> int:
        os.chmod(self._real(path), stat.S_IMODE(mode))
        return 0

    def chown(self, path: str, uid: int, gid: int) -> int:
        return 0

    def utimens(self, path: str, times: tuple[int, int] | None = None) -> int:
        os.utime(self._real(path), ns=times)
        return 0

    def open(self, path: str, flags: int) -> int:
        return os.open(self._real(path), flags)

    def create(self, path: str, mode: int, fi: Any = None) -> int:
        return os.open(self._real(path), os.O_RDWR | os.O_CREAT | os.O_TRUNC, mode)

    def read(self, path: str, size: int, offset: int, fh: int) -> bytes:
        return os.pread(fh, size, offset)

    def write(self, path: str, data: bytes, offset: int, fh: int) -> int:
        return os.pwrite(fh, data, offset)

    def truncate(self, path: str, length: int, fh: int | None = None) -> int:
        os.truncate(self._real(path), length)
        return 0

    def flush(self, path: str, fh: int) -> int:
        return 0

    def fsync(self, path: str, datasync: int, fh: int) -> int:
        os.fsync(fh)
        return 0

    def release(self, path: str, fh: int) -> int:
        os.close(fh)
        return 0

    def statfs(self, path: str) -> dict[str, int]:
        space = os.statvfs(self._root)
        return {name: getattr(space, name) for name in _SPACE}


if __name__ == "__main__":
    folder, at, kind = sys.argv[1:]
    mfusepy.FUSE(Folded(folder), at, foreground=True, nothreads=True, use_ino=True, subtype=kind)
