"""What a collection has decided on names, for the finder to heed: its records, and the names that are none.

Pure. A known name is found where the linker finds it (`find`), and has its record's name, kind and place; of the other
names of a text only those are joined with it that stand for it there. A name that was refused is not found.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from sitegen.annotate.find import find
from sitegen.annotate.gazetteer import Place
from sitegen.annotate.kinds import KINDS, Kind, Name
from sitegen.annotate.names import Names
from sitegen.annotate.resolve import Point, there
from sitegen.annotate.weights import PEOPLE, PLACES
from sitegen.model.assertion import assertion
from sitegen.model.entity import Record
from sitegen.model.ids import kind_of
from sitegen.model.mention import Mention
from sitegen.model.text import canonical, fold_lines, folded


class Entry(msgspec.Struct, frozen=True):
    """A record as the finder knows it. kind: "" where the finder has no such kind. point: degrees, WGS 84."""

    id: str
    record: Record
    kind: Kind | str
    point: Point | None = None

    @property
    def name(self) -> str:
        return self.record.name


class Known(msgspec.Struct, frozen=True):
    """The names of a collection's records, the records by id, and the names that were refused, folded."""

    names: Names
    entries: dict[str, Entry]
    refused: frozenset[str]

    @staticmethod
    def of(records: Iterable[tuple[str, Record]], *, stop: Collection[str] = (), refused: Collection[str] = ()) -> Known:
        """records: ids with records whose names mean them; the first with an id is the record itself. stop: never names.

        refused: names that people have said no to; where a record has such a name all the same, it is that record's.
        """
        entries: dict[str, Entry] = {}
        owned = set()
        kept = list(records)
        for doc_id, record in kept:
            at, kind = record.location, next((kind for kind in KINDS if kind == kind_of(doc_id)), "")
            entries.setdefault(doc_id, Entry(doc_id, record, kind, (at.lat, at.lon) if at and kind == PLACES else None))
            owned |= {folded(name) for name in record.names}
        no = {folded(name) for name in refused} - owned | {folded(word) for word in stop}
        return Known(Names.of(kept, tuple(stop)), entries, frozenset(no))


class Settled(msgspec.Struct):
    """What the collection says of a text.

    names: the finder's, but for those that are refused or lie across a known name. loose: mentions of records that none of
    these has the span of; of each, whether it lies within a longer name.
    called: canonical names in the text → the records they are names of. points: names of places → where their records are.
    """

    names: list[Name]
    loose: list[tuple[Mention, bool]] = msgspec.field(default_factory=list)
    called: dict[str, Entry] = msgspec.field(default_factory=dict)
    points: dict[str, Point] = msgspec.field(default_factory=dict)

    def place(self, where: Mapping[str, Place]) -> None:
        """Take the record from names by which the text means a place somewhere else: "Paris, Texas"."""
        for name in self.names:
            if name.at and not there(where.get(name.reading.name), name.at):
                self.called.pop(canonical(name.reading.name), None)
                name.known, name.record, name.at, name.why = "", name.reading.name, None, ""
                name.score = name.own

    def join(self) -> None:
        """Give the record to what stands for a known name: its acronym, its surname."""
        if not self.called:
            return
        named = {entry.name: entry for entry in self.called.values()}
        for name in self.names:
            entry = self.called.get(canonical(name.record)) or named.get(name.record)
            if entry and not name.known:
                name.known, name.record, name.at = entry.id, entry.name, entry.point


def settle(text: str, names: Sequence[Name], known: Known) -> Settled:
    """Give the names of a text that are known their records."""
    settled = Settled([])
    marks = find(text, (), (), known.names, {}).mentions
    starts = [mark.start for mark in marks]
    stopped = [(first, last) for _, first, last in known.names.stopped.hits(fold_lines(text))]
    alike, within, held = set(), set(), set()  # the last are no mentions: Paris Hilton, Paris Road
    for name in names:
        start, end = name.span
        across = folded(name.reading.text) in known.refused or any(first <= start and end <= last for first, last in stopped)
        at = bisect_left(starts, end) - 1
        while at >= 0 and marks[at].end > start:
            mark = marks[at]
            if (mark.start, mark.end) == (start, end):
                entry = known.entries[mark.record]
                _know(name, mark, entry)
                settled.called[canonical(name.reading.name)] = entry
                if entry.point:
                    settled.points[name.reading.name] = entry.point
                alike.add(at)
            elif start <= mark.start and mark.end <= end:
                within |= {at} if name.kind else set()
                held |= {at} if name.kind in (PEOPLE, PLACES) else set()
            else:
                across = True
            at -= 1
        if not across or name.known:
            settled.names.append(name)
    settled.loose = [(mark, at in within) for at, mark in enumerate(marks) if at not in alike | held]
    for mark, _ in settled.loose:
        if point := known.entries[mark.record].point:
            settled.points[text[mark.start : mark.end]] = point
    return settled


def surety(mark: Mention, said: str, entry: Entry) -> float:
    """How sure a known name is: as sure as the link on the site. A suggestion without a score is not sure at all."""
    return assertion(mark.by, said, entry.record).score or 0.0


def reason(entry: Entry) -> str:
    """Why a known name was found."""
    return f"a name of {entry.id}" + (", which nobody has reviewed" if entry.record.status == "suggested" else "")


def _know(name: Name, mark: Mention, entry: Entry) -> None:
    name.known, name.record, name.at, name.why = entry.id, entry.name, entry.point, reason(entry)
    name.own, name.score = name.score, surety(mark, name.reading.text, entry)
    name.kind = next((kind for kind in KINDS if kind == entry.kind), "")
