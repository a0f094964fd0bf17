"""One run at a time: two builds of a collection would mix their files."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from sitegen.build.holds import hold, let_go
from sitegen.errors import SiteError

T = TypeVar("T")

JOURNAL = "transaction"  # of a change of many files (`review.files`); it lies there while one is under way

_DYING = 2.0  # seconds that the workers of a run that was killed may take to notice


class Busy(SiteError):
    """Another run holds the lock."""


def complete(folder: Path) -> None:
    """Refuse a collection in which a change of many files was interrupted: half of it would be published.

    Raises: SiteError.
    """
    if (folder / JOURNAL).exists():
        raise SiteError("a change of records was interrupted half-way", help="run sitegen review: it finishes the change first")


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of `folder` while the block runs. The system lets go of it when a process and its workers die.

    Raises: Busy where another run holds it, and goes on to; SiteError where the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT)
    except OSError as error:
        raise SiteError(f"{folder}: cannot be written: {error.strerror}",
                        help="the program keeps what it remembers there; move what is in the way") from error  # fmt: skip
    try:
        end = time.monotonic() + _DYING
        while hold(handle) is False:  # on a file system that knows no locks, as some mounted from elsewhere, it never is
            if time.monotonic() < end:
                time.sleep(0.02)
                continue
            raise Busy("another sitegen is building this collection", help="wait for it to end, or stop it")
        yield
    finally:
        let_go(handle)
        os.close(handle)


def waiting(work: Callable[[], T], seconds: float = 30.0, busy: Callable[[], None] = lambda: None) -> T:
    """What `work` gives, tried again for a while where another run holds the lock; then `busy` is called, once.

    Raises: what `work` raises; Busy where the time is over.
    """
    end, told = time.monotonic() + seconds, False
    while True:
        try:
            return work()
        except Busy:
            if time.monotonic() > end:
                raise
            if not told:
                busy()
            told = True
            time.sleep(0.02)
