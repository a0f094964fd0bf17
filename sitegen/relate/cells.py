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
    told     the passages of an article that name a date
    around   what an article shows of a record that it names: entry and namers
    kinds    the records of a kind, in the order of the index
    tiles    the places in a part of the world (see near)
    years    how many articles each year has
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from copy import copy

import msgspec

from sitegen.model.digests import digest
from sitegen.model.entity import PLACES, Subject
from sitegen.model.mention import Facts
from sitegen.relate.index import COMMON, Index
from sitegen.relate.near import tile_of

ALL = "*"
Reads = tuple[tuple[str, Sequence[str]], ...]

_encode = msgspec.msgpack.Encoder().encode


class Table(dict[str, bytes]):
    """Digests by name; what is not there has one too, so that a place left empty counts."""

    def __missing__(self, name: str) -> bytes:
        return bytes(16)

    def __copy__(self) -> Table:
        return Table(self)


class Cells(msgspec.Struct, frozen=True):
    """The digests of all cells, a table for each sort."""

    tables: Mapping[str, MutableMapping[str, bytes]]

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
    namers = {record: _namers(named) for record, named in index.named.items() if 1 < len(named) <= COMMON}
    company = {facts.id: _company(facts, digests) for facts in index.articles}
    tables = {
        "own": {facts.id: facts.own for facts in written},
        "links": {facts.id: digest(_encode(lead(facts))) for facts in written if facts.references},
        "card": {facts.id: facts.card for facts in index.articles},
        "quotes": {facts.id: facts.quotes for facts in index.articles},
        "told": {facts.id: facts.told for facts in index.articles if facts.days},
        "entry": entry,
        "record": digests,
        "company": company,
        "namers": namers,
        "kinds": {kind: _entries(found, entry) for kind, found in kinds.items()},
        "tiles": {name: _entries(found, entry) for name, found in index.tiles.items()},
        "years": {ALL: digest(_encode({year: len(found) for year, found in index.years.items()}))},
    }  # fmt: skip
    return cells_from(tables)


def cells_from(tables: Mapping[str, Mapping[str, bytes]]) -> Cells:
    """The cells of these tables, and those that stand for several of them."""
    card, quotes, namers = tables["card"], tables["quotes"], tables["namers"]
    together = {
        "evidence": {article: card[article] + quotes[article] + company for article, company in tables["company"].items()},
        "around": {record: entry + namers.get(record, b"") for record, entry in tables["entry"].items()},
    }
    return Cells({name: Table(table) for name, table in (*tables.items(), *together.items())})


def replaced(
    cells: Cells, index: Index, before: Facts, after: Facts, lead: Callable[[Facts], Sequence[str | None]],
    kinds: Mapping[str, Sequence[Subject]],
) -> tuple[Cells, dict[str, set[str]]]:  # fmt: skip
    """The cells of `index`, in which `after` took the place of `before`, from those of the index before it.

    lead, kinds: as for `cells_of`; the records, and where addresses lead, are as they were. With them the names, by
    table, of the cells that are not as they were.
    """
    had, name, gone = cells.tables, after.id, dict[str, set[str]]()
    now = {"own": {name: after.own}, "links": {name: digest(_encode(lead(after)))} if after.references else {}}
    if name in index.by_id:
        digests, touched = had["record"], dict.fromkeys((*before.named, *after.named))
        company = _company(after, digests)
        # Where its card is as it was, records that it named before, and does now, have the namers they had.
        recarded = touched if before.card != after.card else dict.fromkeys({*before.named} ^ {*after.named})
        now |= {
            "card": {name: after.card},
            "quotes": {name: after.quotes},
            "told": {name: after.told} if after.days else {},
            "company": {name: company},
            "evidence": {name: after.card + after.quotes + company},
            "entry": {record: digests[record] + index.count(record).to_bytes(4, "big") for record in touched},
            "namers": {r: _namers(named) for r in recarded if 1 < len(named := index.named.get(r, ())) <= COMMON},
        }
        gone["namers"] = recarded.keys() - now["namers"].keys()
        namers = {record: (now if record in recarded else had)["namers"].get(record, b"") for record in touched}
        now["around"] = {record: now["entry"][record] + namers[record] for record in touched}
        entry = copy(had["entry"])
        entry.update(now["entry"])
        moved = {record.partition("/")[0] for record in touched if had["entry"][record] != entry[record]}
        now["kinds"] = {kind: _entries(kinds[kind], entry) for kind in kinds if kind in moved}
        if PLACES in moved:
            around = {tile_of(at) for r in touched if (at := index.authority.records[r].record.location)}
            now["tiles"] = {tile: _entries(index.tiles[tile], entry) for tile in around if tile in index.tiles}
            gone["tiles"] = around - now["tiles"].keys()
    gone["links"] = {name} - now["links"].keys()
    return _with(had, now, gone)


def _with(
    tables: Mapping[str, MutableMapping[str, bytes]], now: Mapping[str, Mapping[str, bytes]], gone: Mapping[str, Iterable[str]]
) -> tuple[Cells, dict[str, set[str]]]:
    """The tables with these cells in them, and without those that are gone; and the names of those that moved."""
    found, moves = dict(tables), {}
    for table, cells in now.items():
        had = tables[table]
        moved = {name for name, cell in cells.items() if had.get(name) != cell}
        moved |= {name for name in gone.get(table, ()) if name in had}
        if moved:
            moves[table] = moved
            found[table] = copy(had)
            for name in moved:
                if name in cells:
                    found[table][name] = cells[name]
                else:
                    del found[table][name]
    return Cells(found), moves


def _namers(named: Sequence[Facts]) -> bytes:
    return digest(b"".join([facts.card for facts in named]))


def _company(facts: Facts, records: Mapping[str, bytes]) -> bytes:
    return digest(b"".join([records[record] for record in facts.named]))


def _entries(found: Sequence[Subject], entry: Mapping[str, bytes]) -> bytes:
    return digest(b"".join([entry[subject.id] for subject in found]))
