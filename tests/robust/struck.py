"""A command in a child process that something befalls: a full disk, a file it may not read, too few handles.

CPython's audit events tell of each file before it is opened; raising there is what the system's refusal would be.
"""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

Fault = Callable[[], None]
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


def struck(root: Path, arguments: tuple[str, ...], fault: Fault) -> tuple[int, str]:
    """The exit code and the words of a command that `fault` was prepared for."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        code = 99
        sys.stdout = sys.stderr = os.fdopen(writing, "w", encoding="utf-8", closefd=False)
        try:
            from sitegen.cli.commands import main

            fault()
            main(["-C", str(root), *arguments])
        except SystemExit as end:
            code = int(end.code or 0)
        except BaseException:
            traceback.print_exc()
        sys.stdout.flush()
        os._exit(code)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), said


def on_open(root: Path, hear: Callable[[str, bool], None]) -> Fault:
    """Tell `hear` of each file or folder below `root` that is about to be opened, and whether it is to be written."""

    def begin() -> None:
        def told(event: str, given: tuple[Any, ...]) -> None:
            if event in ("open", "os.mkdir", "os.scandir", "os.listdir") and str(given[0]).startswith(str(root)):
                writes = event == "os.mkdir" or (event == "open" and isinstance(given[2], int) and bool(given[2] & _WRITING))
                hear(str(given[0]), writes)

        sys.addaudithook(told)

    return begin


def full(root: Path, at: int) -> Fault:
    """From change number `at` on there is no room: neither for a new file or folder, nor for a byte in one."""
    count = 0
    write = os.write

    def change(path: str = "") -> None:
        nonlocal count
        count += 1
        if count >= at:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path or None)

    def written(handle: int, data: bytes) -> int:
        change()
        return write(handle, data)

    def begin() -> None:
        on_open(root, lambda path, writes: change(path) if writes else None)()
        os.write = written

    return begin


def refused(root: Path, path: Path) -> Fault:
    """What `path` names may not be read: where tests run as root, permissions would not do."""

    def hear(opened: str, _: bool) -> None:
        if opened == str(path):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), opened)

    return on_open(root, hear)


def once(root: Path, path: Path, happen: Callable[[Path], None]) -> Fault:
    """Something happens to a file just before it is read for the first time."""
    happened = False

    def hear(opened: str, writes: bool) -> None:
        nonlocal happened
        if opened == str(path) and not writes and not happened:
            happened = True
            happen(path)

    return on_open(root, hear)


def smallest(limit: int, value: int) -> Fault:
    """A limit of the system, as `ulimit` sets it."""

    def begin() -> None:
        import resource

        resource.setrlimit(limit, (value, resource.getrlimit(limit)[1]))

    return begin
