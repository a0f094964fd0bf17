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
    evidence what a record's page shows of an article that names it: card, quotes and company
    around   what an article shows of a record that it names: entry and namers
    kinds    the records of a kind, in the order of the index
    years    how many articles each year has
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from sitegen.model.digests import digest
from sitegen.model.entity import Subject
from sitegen.model.mention import Facts
from sitegen.relate.index import COMMON, Index

ALL = "*"
Reads = tuple[tuple[str, Sequence[str]], ...]

_encode = msgspec.msgpack.Encoder().encode


class Table(dict[str, bytes]):
    """Digests by name; what is not there has one too, so that a place left empty counts."""

    def __missing__(self, name: str) -> bytes:
        return bytes(16)


@dataclass(frozen=True, slots=True)
class Cells:
    """The digests of all cells, a table for each sort."""

    tables: Mapping[str, Table]

    def key(self, reads: Reads, *said: bytes) -> bytes:
        """The digest of what `reads` names, and of what else is said."""
        parts = [*said]
        for table, names in reads:
            parts.append(b"%d" % len(names))
            parts += map(self.tables[table].__getitem__, names)
        return digest(b"".join(parts))


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
    written = [*texts, *notes.values()]
    namers = {
        record: digest(b"".join([facts.card for facts in named]))
        for record, named in index.named.items()
        if 1 < len(named) <= COMMON
    }
    company = {facts.id: digest(b"".join([digests[record] for record in facts.named])) for facts in index.articles}
    tables = {
        "own": {facts.id: facts.own for facts in written},
        "links": {facts.id: digest(_encode(lead(facts))) for facts in written if facts.references},
        "card": {facts.id: facts.card for facts in index.articles},
        "quotes": {facts.id: facts.quotes for facts in index.articles},
        "entry": entry,
        "record": digests,
        "company": company,
        "namers": namers,
        "evidence": {facts.id: facts.card + facts.quotes + company[facts.id] for facts in index.articles},
        "around": {record: entry[record] + namers.get(record, b"") for record in records},
        "kinds": {kind: digest(b"".join([entry[subject.id] for subject in found])) for kind, found in kinds.items()},
        "years": {ALL: digest(_encode({year: len(found) for year, found in index.years.items()}))},
    }  # fmt: skip
    return Cells({name: Table(table) for name, table in tables.items()})
