"""What pages quote of articles, as it was encoded when the articles were read: nothing here looks into it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec

from sitegen.model import views
from sitegen.model.mention import QUOTED, Facts

# The encoded quotes (views.Quote) of an article, by the record or date that they name.
Quotes = Callable[[Facts], Mapping[str, msgspec.Raw]]

_QUOTED_ARTICLE, _NO_MORE = b"\x96", b"\0"  # an array of six, and a zero: see views.QuotedArticle

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

    def years(self, articles: Iterable[Facts], here: Iterable[int], record: str) -> Iterator[views.QuotedYear]:
        """Articles with their quotes that name a record, by years. here: how often each does."""
        years: dict[int, list[Any]] = {}
        for facts, count in zip(articles, here, strict=False):
            year, head, quotes = self._found.get(facts.id) or self._of(facts)
            shown, more = quotes[record], _NO_MORE
            if count > QUOTED:
                shown, more = msgspec.Raw(_encode(_pieces(shown)[:QUOTED])), _encode(count - QUOTED)
            years.setdefault(year, []).append(msgspec.Raw(head + shown + more))
        for year, found in years.items():
            yield views.QuotedYear(year, tuple(found))

    def _of(self, facts: Facts) -> tuple[int, bytes, Mapping[str, msgspec.Raw]]:
        """Its year, what its views.QuotedArticle begins with, and its quotes."""
        found = self._found.get(facts.id)
        if found is None:
            head = _QUOTED_ARTICLE + b"".join(map(_encode, (facts.title, facts.url, facts.date, facts.lang)))
            found = self._found[facts.id] = facts.year, head, self._quotes(facts)
        return found
