"""Which pages read a cell: told by a build that planned them all, so that the next plans those alone that may have changed.

A cell is known by four bytes here, so that 100,000 articles take 7 MB and not 130. Two cells may share them: then a page is
planned in vain. Most of what pages read follows from who names whom (`_FOLLOWING`): the index knows that, and it is not noted.
"""

from __future__ import annotations

import sys
import zlib
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from functools import cache, cached_property, partial
from itertools import accumulate

from sitegen.build.shelf import Column, Shelf, Unshelved, numbers
from sitegen.model.digests import digest
from sitegen.relate.index import Index
from sitegen.relate.pages import Topic
from sitegen.relate.planned import PlannedPage

_HEAD = 16  # bytes of a digest
_MANY = ("card", "entry")  # tables whose cells many pages read
_FOLLOWING = ("evidence", "around")  # tables whose cells are read by the pages of who names, or is named: see `_following`
_WIDTH = 4  # bytes of a cell


class Readers:
    """Which topics' pages read a cell, and whether a topic still has the pages it had."""

    def __init__(self, noted: Mapping[Topic, bytes] | None = None) -> None:
        self._noted = dict(noted or {})  # by topic: a digest of its pages' addresses, and the cells they read
        self._marks: dict[str, Callable[[str], bytes]] = {}  # by table: what tells one of its cells

    def parts(self) -> dict[str, bytes]:
        """As what they are put on a shelf. Raises: ValueError, OverflowError."""
        names = Column.of([f"{sort} {name}" for sort, name in self._noted])
        noted = self._noted.values()
        return {"topics": names, "topic ends": numbers(accumulate(map(len, noted))), "topic cells": b"".join(noted)}

    def note(self, topic: Topic, pages: Sequence[PlannedPage]) -> None:
        """The pages of a topic, as they are planned now."""
        found, marks = [_addresses(pages)], self._marks
        for page in pages:
            for table, names in page.reads:
                if table not in _FOLLOWING:
                    found += map(marks.get(table) or self._mark(table), names)
        self._noted[topic] = b"".join(found)

    def _mark(self, table: str) -> Callable[[str], bytes]:
        """What tells a cell of a table."""
        seed = _seed(table)
        found = self._marks[table] = _Marks(seed).__getitem__ if table in _MANY else partial(_mark, seed)
        return found

    def has(self, topic: Topic, pages: Sequence[PlannedPage]) -> bool:
        """Whether the topic had pages at these addresses, and no others."""
        return self._of(topic)[:_HEAD] == _addresses(pages)

    def of(self, moves: Mapping[str, Set[str]], index: Index) -> set[Topic]:
        """The topics with a page that reads one of these cells, by table. index: as it was when they were noted."""
        return {*self._of_noted(moves), *_following(moves, index)}

    def _of_noted(self, moves: Mapping[str, Set[str]]) -> set[Topic]:
        topics, noted = list(self._noted), list(self._noted.values())
        ends = list(accumulate(map(len, noted)))
        return {topics[bisect_right(ends, at)] for at in _read(b"".join(noted), moves)}

    def _of(self, topic: Topic) -> bytes:
        return self._noted.get(topic, b"")


class ShelvedReaders(Readers):
    """The same, as they lie on a shelf, under what was noted since."""

    def __init__(self, shelf: Shelf, noted: Mapping[Topic, bytes]) -> None:
        super().__init__(noted)
        self._shelf = shelf

    @property
    def noted(self) -> Mapping[Topic, bytes]:
        """What was noted since."""
        return self._noted

    def whole(self) -> Readers:
        """All of them."""
        names, ends, data = self._topics.names, self._ends, self._data
        begins = [0, *ends[:-1]]
        if len(names) != len(ends):
            raise Unshelved
        held = {_topic(name): data[at:end] for name, at, end in zip(names, begins, ends, strict=True)}
        return Readers(held | self._noted)

    def _of_noted(self, moves: Mapping[str, Set[str]]) -> set[Topic]:
        topics, ends = self._topics.names, self._ends
        found = {_topic(topics[bisect_right(ends, at)]) for at in _read(self._data, moves)}
        return super()._of_noted(moves) | (found - self._noted.keys())

    def _of(self, topic: Topic) -> bytes:
        if topic in self._noted:
            return self._noted[topic]
        at = self._topics.place(" ".join(topic))
        return self._data[self._ends[at - 1] if at else 0 : self._ends[at]] if at >= 0 else b""

    @property
    def _topics(self) -> Column:
        return self._shelf.column("topics")

    @cached_property
    def _ends(self) -> array[int]:
        return self._shelf.numbers("topic ends")

    @cached_property
    def _data(self) -> bytes:
        return self._shelf.part("topic cells")


def _topic(name: str) -> Topic:
    sort, _, about = name.partition(" ")
    return sort, about


class _Marks(dict[str, bytes]):
    """The marks of the cells of a table, each made once."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._seed = seed

    def __missing__(self, name: str) -> bytes:
        found = self[name] = _mark(self._seed, name)
        return found


def _mark(seed: int, name: str) -> bytes:
    return zlib.crc32(name.encode(), seed).to_bytes(_WIDTH, sys.byteorder)


@cache
def _seed(table: str) -> int:
    return zlib.crc32(table.encode() + b" ")


def _addresses(pages: Sequence[PlannedPage]) -> bytes:
    return digest("\n".join(sorted([page.url for page in pages])).encode())


def _following(moves: Mapping[str, Set[str]], index: Index) -> Iterator[Topic]:
    """What reads a cell because of who names whom: records read what names them, and articles whom they name."""
    for article in moves.get("evidence", ()):
        yield from (("record", record) for record in index.by_id[article].named)
    for record in moves.get("around", ()):
        if index.count(record):
            yield from (("article", article) for article in index.namers(record))


def _read(whole: bytes, moves: Mapping[str, Set[str]]) -> Iterator[int]:
    """Where one of these cells, by table, stands among all."""
    noted = ((_seed(table), names) for table, names in moves.items() if table not in _FOLLOWING)
    for cell in {_mark(seed, name) for seed, names in noted for name in names}:
        yield from _places(whole, cell)


def _places(whole: bytes, cell: bytes) -> Iterator[int]:
    """Where a cell stands among all. What looks like one across two others, or in a digest, may be among them."""
    at = whole.find(cell)
    while at >= 0:
        if at % _WIDTH == 0:
            yield at
        at = whole.find(cell, at + 1)
