"""What articles say of records and dates, as pages ask for it: held where there are few, of many read piece by piece.

In a large collection pages ask for each article many times, far from each other. To hold what all of them say would take
most of the memory, and to fetch it as a whole each time a tenth of a build: so only where each piece begins is held.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from itertools import accumulate

import msgspec

from sitegen.build.aside import Place
from sitegen.build.memo import Memo
from sitegen.model.mention import Facts
from sitegen.relate.quoted import Quotes

_HELD = 20_000  # articles, of 8 KB each

_encode = msgspec.msgpack.Encoder().encode


def quotes_of(memo: Memo, articles: int) -> Quotes:
    """The encoded quotes (views.Quote) of articles, by record and date. articles: how many there are."""
    decode = msgspec.msgpack.Decoder(dict[str, msgspec.Raw]).decode

    def quotes(facts: Facts) -> Mapping[str, msgspec.Raw]:
        encoded = memo.quotes(facts.path)
        found = decode(encoded)
        place = memo.quotes_lie(facts.path) if articles > _HELD else None
        names = (*facts.named, *facts.days) if facts.days else facts.named
        return _Lying(memo, place, names, encoded, found) if place and names == tuple(found) else found

    return quotes


class _Lying(Mapping[str, msgspec.Raw]):
    """The encoded quotes of an article, by name: each is read where it lies when it is asked for."""

    __slots__ = ("_ends", "_memo", "_names", "_place")

    def __init__(
        self, memo: Memo, place: Place, names: tuple[str, ...], encoded: bytes, found: Mapping[str, msgspec.Raw]
    ) -> None:  # fmt: skip
        sizes = [len(_encode(name)) + len(memoryview(said)) for name, said in found.items()]
        self._memo, self._place, self._names = memo, place, names
        # The number of names comes first, then each name with what is said of it.
        self._ends = array("I", accumulate(sizes, initial=len(encoded) - sum(sizes)))

    def __getitem__(self, name: str) -> msgspec.Raw:
        try:
            at = self._names.index(name)
        except ValueError:
            raise KeyError(name) from None
        begin = self._ends[at] + len(_encode(name))
        return msgspec.Raw(self._memo.piece_of_quotes(self._place, begin, self._ends[at + 1] - begin))

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
