"""Which pages read a cell: told by a build that planned them all, so that the next plans those alone that may have changed.

A cell is known by four bytes here, so that 100,000 articles take 20 MB and not 400. Two cells may share them: then a page is
planned in vain.
"""

from __future__ import annotations

import zlib
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cache
from itertools import accumulate

import msgspec

from sitegen.model.digests import digest
from sitegen.relate.pages import Topic
from sitegen.relate.planned import PlannedPage

_HEAD = 16  # bytes of a digest
_WIDTH = array("I").itemsize
_encode = msgspec.msgpack.Encoder().encode


class Readers:
    """Which topics' pages read a cell, and whether a topic still has the pages it had."""

    def __init__(self, noted: Mapping[Topic, bytes] | None = None) -> None:
        self._noted = dict(noted or {})  # by topic: a digest of its pages' addresses, and the cells they read

    @staticmethod
    def decoded(data: bytes) -> Readers:
        """Those that `encoded` gave. Raises: msgspec.MsgspecError."""
        topics, noted = msgspec.msgpack.decode(data, type=tuple[list[Topic], list[bytes]])
        return Readers(dict(zip(topics, noted, strict=True)))

    def encoded(self) -> bytes:
        return _encode((list(self._noted), list(self._noted.values())))

    def note(self, topic: Topic, pages: Sequence[PlannedPage]) -> None:
        """The pages of a topic, as they are planned now."""
        crc = zlib.crc32
        read = [crc(name.encode(), _seed(table)) for page in pages for table, names in page.reads for name in names]
        self._noted[topic] = _addresses(pages) + array("I", read).tobytes()

    def has(self, topic: Topic, pages: Sequence[PlannedPage]) -> bool:
        """Whether the topic had pages at these addresses, and no others."""
        return self._noted.get(topic, b"")[:_HEAD] == _addresses(pages)

    def of(self, moves: Mapping[str, Set[str]]) -> set[Topic]:
        """The topics with a page that reads one of these cells, by table."""
        topics, noted = list(self._noted), list(self._noted.values())
        ends = list(accumulate(map(len, noted)))
        whole = b"".join(noted)
        cells = {zlib.crc32(name.encode(), _seed(table)) for table, names in moves.items() for name in names}
        return {topics[bisect_right(ends, at)] for cell in cells for at in _places(whole, array("I", [cell]).tobytes())}


@cache
def _seed(table: str) -> int:
    return zlib.crc32(table.encode() + b" ")


def _addresses(pages: Iterable[PlannedPage]) -> bytes:
    return digest("\n".join(sorted(page.url for page in pages)).encode())


def _places(whole: bytes, cell: bytes) -> Iterator[int]:
    """Where a cell stands among all. What looks like one across two others, or in a digest, may be among them."""
    at = whole.find(cell)
    while at >= 0:
        if at % _WIDTH == 0:
            yield at
        at = whole.find(cell, at + 1)
