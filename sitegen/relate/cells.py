"""What pages read, as digests: a page is made again where one of the cells it reads has changed.

A cell is what one thing lets others see of it. A page names the cells it reads (`Reads`); the digest of
their digests is its key, so that 100,000 pages are found unchanged without building one view. Cells may
say too much (a page is then looked at in vain), never too little.

    own      a text's own page: its body, mentions and front matter
    links    where the references of a text lead
    card     what lists show of an article: title, date, summary …
    quotes   the passages of an article, by record
    entry    what others show of a record: name, role, how many articles name it …
    record   all that a record says of itself
    company  the names of all records that an article names
    namers   the articles that name a record, where these are few (see Index.related)
    kinds    the records of a kind, in the order of the index
    years    how many articles each year has
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from sitegen.model.entity import Subject
from sitegen.model.mention import Facts
from sitegen.relate.index import COMMON, Index

ALL = "*"
Table = Mapping[str, bytes]
Reads = tuple[tuple[str, Sequence[str]], ...]

_encode = msgspec.msgpack.Encoder().encode


@dataclass(frozen=True, slots=True)
class Cells:
    """The digests of all cells, a table for each sort."""

    tables: Mapping[str, Table] = field(default_factory=dict)

    def key(self, reads: Reads, *said: bytes) -> bytes:
        """The digest of what `reads` names, and of what else is said."""
        state = hashlib.blake2b(b"".join(said), digest_size=16)
        for table, names in reads:
            found = self.tables[table]
            state.update(b"%d" % len(names))
            state.update(b"".join([found.get(name, b"") for name in names]))
        return state.digest()


def cells_of(
    index: Index,
    texts: Iterable[Facts],
    notes: Mapping[str, Facts],
    lead: Callable[[Facts], Sequence[str | None]],
    kinds: Mapping[str, Sequence[Subject]],
) -> Cells:
    """The cells of an index. texts: articles and pages; notes: record → its note; lead: where references lead."""
    records = index.authority.records
    digests = {doc_id: digest(_encode(subject)) for doc_id, subject in records.items()}
    entry = {doc_id: digests[doc_id] + index.count(doc_id).to_bytes(4, "big") for doc_id in records}
    card = {facts.id: facts.card for facts in index.articles}
    written = [*texts, *notes.values()]
    return Cells({
        "own": {facts.id: facts.own for facts in written},
        "links": {facts.id: digest(_encode(lead(facts))) for facts in written if facts.references},
        "card": card,
        "quotes": {facts.id: facts.quotes for facts in index.articles},
        "entry": entry,
        "record": digests,
        "company": {f.id: digest(b"".join([digests[record] for record in f.named])) for f in index.articles},
        "namers": {
            record: digest(b"".join([facts.card for facts in named]))
            for record, named in index.named.items()
            if 1 < len(named) <= COMMON
        },
        "kinds": {kind: digest(b"".join([entry[subject.id] for subject in found])) for kind, found in kinds.items()},
        "years": {ALL: digest(_encode({year: len(found) for year, found in index.years.items()}))},
    })  # fmt: skip


def digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=16).digest()
