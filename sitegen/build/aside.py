"""Bytes put aside by name, beyond a few in a file that has no name itself and goes with its process.

What a build has just made and will want again, piece by piece and in another order, is read back from here in a tenth of
the time that a database takes, and none of it is held. A process that was forked reads what its parent put aside, and
puts its own into a file of its own.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import IO, NamedTuple

_HELD = 4 << 20  # bytes that wait for their file: most builds need none


class Aside:
    """Bytes by name. folder: where files lie, since the system's own for such may be small.

    Its methods raise OSError where a file cannot be written or read.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, bytes] = {}
        self._size = 0
        self._shelves: list[_Shelf] = []  # the latest first

    def put(self, things: Iterable[tuple[str, bytes]]) -> None:
        """Put things aside, in the place of what had their names."""
        for name, data in things:
            self._held[name] = data
            self._size += len(data)
            if self._size > _HELD:
                if not self._shelves or self._shelves[0].process != os.getpid():
                    self._shelves.insert(0, _Shelf(self._folder))
                self._shelves[0].add(self._held)
                self._held, self._size = {}, 0

    def get(self, name: str) -> bytes | None:
        """What was put aside last under this name."""
        held = self._held.get(name)
        if held is not None:
            return held
        for shelf in self._shelves:
            if place := shelf.places.get(name):
                return shelf.read(*place)
        return None

    def place(self, name: str) -> Place | None:
        """Where that lies; None where it waits for a file, or was never put aside."""
        if name not in self._held:
            for shelf in self._shelves:
                if place := shelf.places.get(name):
                    return Place(shelf, place[0])
        return None

    def clear(self) -> None:
        """Put nothing aside any more."""
        for shelf in self._shelves:
            shelf.file.close()
        self._held, self._size, self._shelves = {}, 0, []


class Place(NamedTuple):
    """Where something lies, for one who knows what is in it: good until all is cleared."""

    shelf: _Shelf
    begin: int

    def read(self, begin: int, length: int) -> bytes:
        """A piece of it. Raises: OSError."""
        return self.shelf.read(self.begin + begin, length)


class _Shelf:
    """A file of one process, and where in it what begins, and how long it is."""

    def __init__(self, folder: Path) -> None:
        import tempfile  # most builds have nothing to put there

        self.process = os.getpid()
        self.file: IO[bytes] = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  it stays open
        self.places: dict[str, tuple[int, int]] = {}
        self._end = 0

    def add(self, things: dict[str, bytes]) -> None:
        self.file.seek(self._end)
        self.file.write(b"".join(things.values()))
        self.file.flush()
        for name, data in things.items():
            self.places[name] = self._end, len(data)
            self._end += len(data)

    def read(self, at: int, length: int) -> bytes:
        if hasattr(os, "pread"):  # where processes are forked, none may move the position of another
            return os.pread(self.file.fileno(), length, at)
        self.file.seek(at)
        return self.file.read(length)
