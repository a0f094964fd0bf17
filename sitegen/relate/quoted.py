"""What pages quote of articles, as it was encoded when the articles were read: nothing here looks into it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from sitegen.model.mention import QUOTED, Facts

# The encoded quotes (views.Quote) of an article, by the record or date that they name.
Quotes = Callable[[Facts], Mapping[str, msgspec.Raw]]

# An array of two; one of six, and a zero: see views.QuotedYear and views.QuotedArticle.
_QUOTED_YEAR, _QUOTED_ARTICLE, _NO_MORE = b"\x92", b"\x96", b"\0"

_encode = msgspec.msgpack.Encoder().encode
_pieces = msgspec.msgpack.Decoder(list[msgspec.Raw]).decode


class Quoted:
    """Articles with their quotes. quotes: where they come from; asked once for each article."""

    def __init__(self, quotes: Quotes) -> None:
        self._quotes = quotes
        self._found: dict[str, tuple[int, bytes, Mapping[str, msgspec.Raw]]] = {}

    def of(self, facts: Facts) -> Mapping[str, msgspec.Raw]:
        """The encoded quotes of an article, by the record or date that they name."""
        return self._of(facts)[2]

    def article(self, facts: Facts, date: str) -> Any:
        """An article with its quotes that name a date, encoded: a views.QuotedArticle."""
        _, head, quotes = self._of(facts)
        return msgspec.Raw(head + quotes[date] + _NO_MORE)

    def years(self, articles: Iterable[Facts], here: Iterable[int], record: str) -> Any:
        """Articles with their quotes that name a record, by years, encoded: views.QuotedYear. here: how often each does."""
        years: dict[int, list[bytes | msgspec.Raw]] = {}
        found, last, pieces = self._found, -1, list[bytes | msgspec.Raw]()
        for facts, count in zip(articles, here, strict=False):
            year, head, quotes = found.get(facts.id) or self._of(facts)
            if year != last:
                last, pieces = year, years.setdefault(year, [])
            if count > QUOTED:
                pieces += (head, _encode(_pieces(quotes[record])[:QUOTED]), _encode(count - QUOTED))
            else:
                pieces += (head, quotes[record], _NO_MORE)
        parts = [_array(len(years))]
        for year, pieces in years.items():
            parts += (_QUOTED_YEAR, _encode(year), _array(len(pieces) // 3), *pieces)
        return msgspec.Raw(b"".join(parts))

    def _of(self, facts: Facts) -> tuple[int, bytes, Mapping[str, msgspec.Raw]]:
        """Its year, what its views.QuotedArticle begins with, and its quotes."""
        found = self._found.get(facts.id)
        if found is None:
            head = _QUOTED_ARTICLE + _encode((facts.title, facts.url, facts.date, facts.lang))[1:]
            found = self._found[facts.id] = facts.year, head, self._quotes(facts)
        return found


def _array(length: int) -> bytes:
    """What an array of so many begins with, by the specification of MessagePack."""
    if length < 16:
        return bytes((0x90 | length,))
    return b"\xdc" + length.to_bytes(2) if length < 1 << 16 else b"\xdd" + length.to_bytes(4)
