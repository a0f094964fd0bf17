"""Bytes put aside by name, beyond a few in a file that has no name itself and goes with its process.

What a build has just made and will want again, piece by piece and in another order, is read back from here in a tenth of
the time that a database takes, and none of it is held. A process that was forked reads what its parent put aside, and
puts its own into a file of its own.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

import msgspec

_HELD = 4 << 20  # bytes that wait for their file: most builds need none
_TURNED = 16 << 20  # of those that are turned: of more, the lists of pieces are memory that was not used before
_BUFFER = 1 << 18

Buffer = bytes | msgspec.Raw


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

    def __contains__(self, name: str) -> bool:
        return name in self._held or any(name in shelf.places for shelf in self._shelves)

    def get(self, name: str) -> bytes | None:
        """What was put aside last under this name."""
        held = self._held.get(name)
        if held is not None:
            return held
        for shelf in self._shelves:
            if place := shelf.places.get(name):
                return shelf.read(*place)
        return None

    def clear(self) -> None:
        """Put nothing aside any more."""
        for shelf in self._shelves:
            shelf.close()
        self._held, self._size, self._shelves = {}, 0, []


class Sheaves:
    """Bytes by name that are added to, and read back as one. names: all there are.

    Pieces wait until they are many, and then go to a file in the order of the names. So what many things say of each of
    many names is turned in one pass into what is said of each name, which lies in as few places as there were such times.
    Its methods raise OSError where the file cannot be written or read.
    """

    def __init__(self, folder: Path, names: Iterable[str]) -> None:
        self._folder = folder
        self.waiting: dict[str, list[Buffer]] = {name: [] for name in names}  # to be added to; `grown` has to be told
        self._numbers = {name: number for number, name in enumerate(self.waiting)}
        self._size = 0
        self._file: _File | None = None
        self._ends: list[array[int]] = []  # each time: where what went to the file ends, name by name, after where it begins

    def grown(self, size: int) -> None:
        """Say that so many bytes were added, or about as many."""
        self._size += size
        if self._size > _TURNED:
            self._file = self._file or _File(self._folder)
            self._turn(self._file)

    def whole(self) -> None:
        """Say that all was added. Where some went to the file, the rest does too."""
        if self._file:
            self._turn(self._file)

    def _turn(self, file: _File) -> None:
        def taken() -> Iterator[bytes]:
            for pieces in self.waiting.values():
                yield b"".join(pieces)
                pieces.clear()

        self._ends.append(array("Q", file.extend(taken())))
        self._size = 0

    def get(self, name: str) -> bytes:
        """All that was added under a name."""
        at, parts = self._numbers[name], list[Buffer]()
        for ends in self._ends:
            begin, end = ends[at : at + 2]
            if self._file and end > begin:
                parts.append(self._file.read(begin, end - begin))
        return b"".join((*parts, *self.waiting[name]))

    def close(self) -> None:
        if self._file:
            self._file.close()


class _File:
    """A file of one process, which others that it forks read too."""

    def __init__(self, folder: Path) -> None:
        import tempfile  # most builds have nothing to put there

        self.process = os.getpid()
        self._file: IO[bytes] = tempfile.TemporaryFile(buffering=_BUFFER, dir=folder)  # noqa: SIM115  it stays open
        self._end = 0

    def extend(self, parts: Iterable[bytes]) -> list[int]:
        """Write these behind what there is. The places where the first begins, and where each ends."""
        self._file.seek(self._end)
        ends = [self._end]
        for part in parts:
            self._end += len(part)
            self._file.write(part)
            ends.append(self._end)
        self._file.flush()
        return ends

    def read(self, at: int, length: int) -> bytes:
        if hasattr(os, "pread"):  # where processes are forked, none may move the position of another
            return os.pread(self._file.fileno(), length, at)
        self._file.seek(at)
        return self._file.read(length)

    def close(self) -> None:
        self._file.close()


class _Shelf(_File):
    """Such a file, and where in it what begins, and how long it is."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.places: dict[str, tuple[int, int]] = {}

    def add(self, things: dict[str, bytes]) -> None:
        begins = self.extend(things.values())
        for (name, data), begin in zip(things.items(), begins, strict=False):
            self.places[name] = begin, len(data)
