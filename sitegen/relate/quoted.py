"""What pages quote of articles, as it was encoded when the articles were read: nothing here looks into it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec

from sitegen.model.mention import QUOTED, Facts

# The encoded quotes (views.Quote) of an article, by the record or date that they name.
Quotes = Callable[[Facts], Mapping[str, msgspec.Raw]]
# An article that names a record, as the record's page shows it: its year, and an encoded views.QuotedArticle.
Entry = tuple[int, msgspec.Raw]
# The entries of a record, of all articles that name it; None where they have not been put together (see `add`).
Gathered = Callable[[str], Sequence[Entry] | None]
Piece = bytes | msgspec.Raw

# What an array of two begins with, and one of six, by the specification of MessagePack; and a zero: see views.QuotedArticle.
_ENTRY, _ARTICLE, _NO_MORE = b"\x92", b"\x96", b"\0"

_encode = msgspec.msgpack.Encoder().encode
_raws = msgspec.msgpack.Decoder(list[msgspec.Raw]).decode
_entries = msgspec.msgpack.Decoder(list[Entry]).decode


class Quoted:
    """Articles with their quotes. of: where they come from; gathered: the same by record."""

    def __init__(self, of: Quotes, gathered: Gathered = lambda _: None) -> None:
        self.of, self._gathered = of, gathered

    def article(self, facts: Facts, date: str) -> Any:
        """An article with its quotes that name a date, encoded: a views.QuotedArticle."""
        return msgspec.Raw(_head(facts) + self.of(facts)[date] + _NO_MORE)

    def years(self, articles: Sequence[Facts], here: Iterable[int], record: str, begin: int = 0) -> Any:
        """Articles with their quotes that name a record, by years, each encoded: views.QuotedYear.

        here: how often each does. begin: how many articles before these name it.
        """
        found = self._gathered(record)
        if found is None:
            pairs = zip(articles, here, strict=False)
            shown = [(facts, _shown(self.of(facts)[record], count)) for facts, count in pairs]
            found = [(facts.year, msgspec.Raw(b"".join((_head(facts), *pieces)))) for facts, pieces in shown]
        else:
            found = found[begin : begin + len(articles)]
        return [(year, [article for _, article in entries]) for year, entries in groupby(found, itemgetter(0))]


def add(facts: Facts, quotes: Mapping[str, msgspec.Raw], to: Mapping[str, list[Piece]]) -> None:
    """Add to what articles say of each record what this one does. They come in the order in which pages show them."""
    begin = _ENTRY + _encode(facts.year) + _head(facts)
    for record, count in zip(facts.named, facts.here, strict=True):
        to[record] += (begin, *_shown(quotes[record], count))


def added(data: bytes, count: int) -> Sequence[Entry]:
    """The entries of a record, to which so many articles added these bytes."""
    return _entries(b"\xdd" + count.to_bytes(4) + data)


def _head(facts: Facts) -> bytes:
    """What the views.QuotedArticle of an article begins with."""
    return _ARTICLE + _encode((facts.title, facts.url, facts.date, facts.lang))[1:]


def _shown(quotes: msgspec.Raw, count: int) -> tuple[Piece, Piece]:
    """What it ends with: of so many quotes those that a page shows, and how many more there are."""
    if count <= QUOTED:
        return quotes, _NO_MORE
    return _encode(_raws(quotes)[:QUOTED]), _encode(count - QUOTED)
