"""The program in a process whose disk is full, or that may not read a file, while a flag of that name lies in its folder.

CPython's audit events tell of each file before it is opened; SQLite is held to the pages it has.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import sys
from pathlib import Path
from typing import Any

FULL, MEMO_FULL, SHUT = "disk-is-full", "memo-is-full", "may-not-be-read"
SHUT_FILE = "articles/three.md"
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


def struck(root: Path) -> None:
    connect = sqlite3.connect

    def told(event: str, given: tuple[Any, ...]) -> None:
        if event not in ("open", "os.mkdir") or not str(given[0]).startswith(str(root)):
            return
        writes = event == "os.mkdir" or (isinstance(given[2], int) and bool(given[2] & _WRITING))
        # The lock is there already, and a full disk keeps no one from opening it.
        if writes and not str(given[0]).endswith("/lock") and (root / FULL).exists():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(given[0]))
        if str(given[0]).endswith(SHUT_FILE) and (root / SHUT).exists():
            raise OSError(errno.EACCES, os.strerror(errno.EACCES), str(given[0]))

    def connected(*given: Any, **more: Any) -> sqlite3.Connection:
        made = connect(*given, **more)
        if (root / MEMO_FULL).exists():
            made.execute("PRAGMA max_page_count = 1").fetchall()  # no less than there are
        return made

    sys.addaudithook(told)
    sqlite3.connect = connected  # type: ignore[assignment]


if __name__ == "__main__":
    struck(Path.cwd())
    from sitegen.cli.commands import main

    main()
