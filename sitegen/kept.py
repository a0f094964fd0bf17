"""What the program keeps for a person from run to run, whatever the collection: in that person's own cache folder.

Code is kept here, and code is run. So it is never kept with a collection, which may be a stranger's, and only taken from
a folder that nobody else can write to. What cannot be kept, or read back, is made again.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from functools import cache

from sitegen.model.digests import digest

VARIABLE = "SITEGEN_CACHE"  # of the environment: another folder; empty, and nothing is kept
_MOST = 600  # files of a sort, of some 20 KB
_HEAD = 16

# Paths are texts here: this is asked before anything else is loaded.


def read(sort: str, key: bytes) -> bytes:
    """What was kept under a key, a digest of all that it was made of; b"" where there is nothing."""
    folder = _folder(os.environ.get(VARIABLE))
    if folder is None:
        return b""
    try:
        with open(_place(folder, sort, key), "rb", buffering=0) as file:  # noqa: PTH123
            data = file.read()
    except OSError:
        return b""
    return data[_HEAD:] if digest(data[_HEAD:]) == data[:_HEAD] else b""


def keep(sort: str, key: bytes, data: bytes) -> None:
    """Keep data under a key, in place of the oldest of very many of its sort."""
    folder = _folder(os.environ.get(VARIABLE))
    if folder is None:
        return
    import tempfile

    with contextlib.suppress(OSError):  # a full disk, say: then it is made again each time
        handle, temporary = tempfile.mkstemp(prefix=f"{sort}-", dir=folder)
        with os.fdopen(handle, "wb") as file:
            file.write(digest(data) + data)
        os.replace(temporary, _place(folder, sort, key))
        files = [file for file in os.scandir(folder) if file.name.startswith(f"{sort}-")]
        if len(files) > _MOST:
            for old in sorted(files, key=lambda file: file.stat(follow_symlinks=False).st_mtime_ns)[:-_MOST]:
                os.unlink(old.path)  # noqa: PTH108


def _place(folder: str, sort: str, key: bytes) -> str:
    return f"{folder}/{sort}-{key.hex()}"


@cache
def _folder(named: str | None) -> str | None:
    """The folder, made where it is not there; None where there is none that is this person's alone."""
    if named == "":
        return None
    folder = named or _usual()
    if not os.path.isabs(folder):  # noqa: PTH117
        return None
    try:
        with contextlib.suppress(FileExistsError):
            os.makedirs(folder, mode=0o700)  # noqa: PTH103
        status = os.lstat(folder)
    except OSError:
        return None
    if hasattr(os, "geteuid") and (status.st_uid != os.geteuid() or status.st_mode & 0o022):
        return None
    return folder if stat.S_ISDIR(status.st_mode) else None


def _usual() -> str:
    """Where the system's programs keep such things; no whole path where a person has no home."""
    home = os.path.expanduser("~")  # noqa: PTH111
    if sys.platform == "win32":
        return f"{os.environ.get('LOCALAPPDATA') or f'{home}/AppData/Local'}/sitegen/cache"
    if sys.platform == "darwin":
        return f"{home}/Library/Caches/sitegen"
    stated = os.environ.get("XDG_CACHE_HOME", "")
    return f"{stated if stated.startswith('/') else f'{home}/.cache'}/sitegen"
