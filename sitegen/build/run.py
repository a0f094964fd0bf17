"""What a run is asked, and where its time goes."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TypeVar

import msgspec

from sitegen.build.searching import Indexing

T = TypeVar("T")
_SOME = 25


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
    """Where a build's time went: seconds by part of the story, those of a part within another only its own."""

    seconds: dict[str, float] = msgspec.field(default_factory=dict)
    _within: float = 0.0

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        began, others = time.perf_counter(), self._within
        self._within = 0.0
        try:
            yield
        finally:
            took = time.perf_counter() - began
            self.seconds[name] = self.seconds.get(name, 0.0) + took - self._within
            self._within = others + took

    def drawn(self, name: str, items: Iterable[T]) -> Iterator[list[T]]:
        """The items, some at a time, drawn in a part."""
        rest = iter(items)
        while True:
            with self.part(name):
                some = list(islice(rest, _SOME))
            if not some:
                return
            yield some


def below_root(path: str, root: Path) -> str:
    return Path(path).relative_to(root).as_posix() if Path(path).is_relative_to(root) else path
