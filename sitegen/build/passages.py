"""What articles say of records and dates, as pages ask for it: of an article, or of a record where it was put together.

It lies by articles, and pages ask by records: each piece that a page quotes is sought in another place. Where most pages
have to be made, it is sooner turned as a whole first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from sitegen.build.aside import Sheaves
from sitegen.build.memo import Memo
from sitegen.model.mention import Facts
from sitegen.relate.index import Index
from sitegen.relate.quoted import Entry, add, added

_HELD = 20_000  # articles, of 8 KB each

_decode = msgspec.msgpack.Decoder(dict[str, msgspec.Raw]).decode


class Passages:
    """The encoded quotes (views.Quote) of the articles of an index."""

    def __init__(self, memo: Memo, index: Index) -> None:
        self._memo, self._index = memo, index
        self._held: dict[str, Mapping[str, msgspec.Raw]] = {}
        self._sheaves: Sheaves | None = None
        self._last: tuple[str, Sequence[Entry]] = "", ()

    def of(self, facts: Facts) -> Mapping[str, msgspec.Raw]:
        """Those of an article, by record and date. They are held, but where there are many articles."""
        found = self._held.get(facts.id)
        if found is None:
            found = _decode(self._memo.quotes(facts.path))
            if len(self._index.articles) <= _HELD:
                self._held[facts.id] = found
        return found

    def gather(self) -> None:
        """Put together what all articles say of each record, for one who will ask for most records."""
        self._memo.expect_quotes()
        with self._memo.guarded():
            sheaves = self._memo.sheaves(self._index.named)
            for facts in self._index.articles:
                encoded = self._memo.quotes(facts.path)
                add(facts, _decode(encoded), sheaves.waiting)
                sheaves.grown(len(encoded))
            sheaves.whole()
        self._sheaves = sheaves

    def gathered(self, record: str) -> Sequence[Entry] | None:
        """What articles say of a record, where that was put together. A long one has pages one after the other."""
        if self._sheaves is None:
            return None
        if self._last[0] != record:
            count = self._index.count(record)
            with self._memo.guarded():
                self._last = record, added(self._sheaves.get(record), count) if count else ()
        return self._last[1]
