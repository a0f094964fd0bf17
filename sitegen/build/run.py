"""What a run is asked, and where its time goes."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from sitegen.build.searching import Indexing


class Mode(msgspec.Struct, frozen=True):
    """How a run differs from the last: `today` decides what is of a later date.

    preview: what waits is shown, too. exports: whether they are written. target: the host whose
    files are written, too, "" for none.
    """

    today: dt.date
    drafts: bool = False
    strict: bool = False
    paranoid: bool = False
    search: Indexing = Indexing.MADE
    preview: bool = False
    exports: bool = True
    target: str = ""


class Profile(msgspec.Struct):
    """Where a build's time went: seconds by part of the story."""

    seconds: dict[str, float] = msgspec.field(default_factory=dict)

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began


def below_root(path: str, root: Path) -> str:
    return Path(path).relative_to(root).as_posix() if Path(path).is_relative_to(root) else path
