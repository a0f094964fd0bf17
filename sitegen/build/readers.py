"""Which pages read a cell: told by a build that planned them all, so that the next plans those alone that may have changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set

import msgspec

from sitegen.relate.pages import Topic
from sitegen.relate.planned import PlannedPage

_decode = msgspec.msgpack.Decoder(list[int]).decode
_encode = msgspec.msgpack.Encoder().encode


class _Encoded(msgspec.Struct, array_like=True):
    """By table and cell, the numbers of the topics that read it; these in their order, with the addresses of their pages."""

    topics: list[Topic]
    urls: list[list[str]]
    tables: dict[str, dict[str, msgspec.Raw]]


class Readers:
    """Which topics' pages read a cell, and which pages each topic has. A topic that once read a cell stays.

    grown: whether it knows more than it did when it was made.
    """

    def __init__(self) -> None:
        self.grown = False
        self._numbers: dict[Topic, int] = {}
        self._urls: list[list[str]] = []
        self._tables: defaultdict[str, dict[str, list[int] | msgspec.Raw]] = defaultdict(dict)

    @staticmethod
    def decoded(data: bytes) -> Readers:
        """Those that `encoded` gave. What is not asked for stays as it is. Raises: msgspec.MsgspecError."""
        found = msgspec.msgpack.decode(data, type=_Encoded)
        readers = Readers()
        readers._numbers = {topic: number for number, topic in enumerate(found.topics)}
        readers._urls = found.urls
        for table, cells in found.tables.items():
            readers._tables[table] |= cells
        return readers

    def encoded(self) -> bytes:
        return _encode((list(self._numbers), self._urls, self._tables))

    def note(self, topic: Topic, pages: Iterable[PlannedPage]) -> None:
        """The pages of a topic, as they are planned now."""
        first = topic not in self._numbers
        number = self._numbers.setdefault(topic, len(self._numbers))
        urls = []
        for page in pages:
            urls.append(page.url)
            for table, names in page.reads:
                cells = self._tables[table]
                for name in names:
                    known = cells.get(name)
                    if known is None:
                        cells[name], self.grown = [number], True
                    elif not first or isinstance(known, msgspec.Raw):
                        self._enter(cells, name, number)
                    elif known[-1] != number:
                        known.append(number)
        if first:
            self._urls.append(urls)
        elif urls != self._urls[number]:
            self._urls[number], self.grown = urls, True

    def of(self, moves: Mapping[str, Set[str]]) -> set[Topic]:
        """The topics with a page that reads one of these cells, by table."""
        topics = list(self._numbers)
        found: set[int] = set()
        for table, names in moves.items():
            cells = self._tables.get(table, {})
            found.update(*(_listed(cells[name]) for name in names if name in cells))
        return {topics[number] for number in found}

    def urls(self, topic: Topic) -> frozenset[str]:
        """The addresses of a topic's pages."""
        number = self._numbers.get(topic)
        return frozenset() if number is None else frozenset(self._urls[number])

    def _enter(self, cells: dict[str, list[int] | msgspec.Raw], name: str, number: int) -> None:
        known = _listed(cells[name])
        if number not in known:
            cells[name], self.grown = [*known, number], True


def _listed(numbers: list[int] | msgspec.Raw) -> list[int]:
    return numbers if isinstance(numbers, list) else _decode(numbers)
