"""The authority file: which records there are, which were merged, and what leads where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Container, Iterable, Mapping
from functools import cached_property

import msgspec

from sitegen.model.document import Reference
from sitegen.model.entity import Record, Subject
from sitegen.model.mention import Facts
from sitegen.model.privacy import PUBLIC


class Authority(msgspec.Struct, frozen=True, dict=True):
    """The records of the collection by id.

    records: those with a page. merged: the id of a merged record → the published one that took its place.
    retired: the merged records themselves. rejected: ids of those that are kept as a "no".
    """

    records: Mapping[str, Subject]
    merged: Mapping[str, str]
    retired: Mapping[str, Subject]
    rejected: frozenset[str]
    everything: Collection[str] = frozenset()  # the ids of all records on file

    def final(self, doc_id: str) -> str:
        """The id of the record that stands for `doc_id` now."""
        return self.merged.get(doc_id, doc_id)

    def names(self) -> list[tuple[str, Record]]:
        """Record ids with all names that mean them; a merged record's names mean its target."""
        own = [(doc_id, subject.record) for doc_id, subject in self.records.items()]
        return own + [(self.merged[doc_id], subject.record) for doc_id, subject in self.retired.items()]

    def only(self, named: Collection[str]) -> Authority:
        """The authority file without the records that are not `named`."""
        merged = {old: new for old, new in self.merged.items() if new in named}
        records = {doc_id: subject for doc_id, subject in self.records.items() if doc_id in named}
        return Authority(records, merged, {old: self.retired[old] for old in merged}, self.rejected, self.everything)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds that have a record with a page."""
        return frozenset(subject.kind for subject in self.records.values())

    @cached_property
    def by_url(self) -> dict[str, str]:
        """Site path → id of the records with a page."""
        return {subject.url: doc_id for doc_id, subject in self.records.items()}


def authority_of(subjects: Iterable[Subject], publish: float = 0.0) -> Authority:
    """Sort the records out: published, merged (chains followed, circles broken), rejected. Private ones are none of these.

    publish: the score from which on suggestions are published.
    """
    records = {subject.id: subject for subject in subjects}
    rejected = frozenset(i for i, subject in records.items() if subject.record.status == "rejected")
    merged = {}
    for doc_id in records:
        seen, at = {doc_id}, doc_id
        while (target := records[at].record.merged_into) and target in records and target not in seen:
            seen.add(target)
            at = target
        if at != doc_id and at not in rejected and doc_id not in rejected:
            merged[doc_id] = at
    published = {
        i: subject for i, subject in records.items()
        if i not in rejected and not subject.record.merged_into and not subject.record.is_held(publish)
        and subject.record.visibility == PUBLIC
    }  # fmt: skip
    merged = {old: new for old, new in merged.items() if new in published and records[old].record.visibility == PUBLIC}
    return Authority(published, merged, {old: records[old] for old in merged}, rejected, frozenset(records))


def named_records(texts: Iterable[Facts], notes: Mapping[str, Facts]) -> frozenset[str]:
    """The records that some article or page names, and those that the notes on these name in turn.

    A record's page is its evidence: one that nothing names has none, and is not published. notes: by record.
    """
    named: set[str] = set()
    for facts in texts:
        named.update(facts.named)
    waiting = [record for record in named if record in notes]
    while waiting:
        fresh = set(notes[waiting.pop()].named) - named
        named |= fresh
        waiting += (record for record in fresh if record in notes)
    return frozenset(named)


class Signposts:
    """What references in texts mean, as far as they mean records: known before any text is read.

    `stems`: the last part of an id → ids, of all documents there are.
    """

    _records: Container[str]
    _merged: Mapping[str, str]
    _by_url: Mapping[str, str]
    _stems: Mapping[str, str]

    def __init__(self, authority: Authority, stems: Mapping[str, Collection[str]]) -> None:
        self._records, self._merged, self._by_url = frozenset(authority.records), authority.merged, authority.by_url
        owned = ((stem, ids) for stem, ids in stems.items() if len(ids) == 1)
        known = {*authority.records, *authority.merged}
        self._stems = {stem: doc_id for stem, ids in owned for doc_id in ids if doc_id in known}

    def record(self, reference: Reference) -> str:
        """The record that a reference means, "" for none."""
        if reference.image or reference.end <= reference.start:
            return ""
        target = self._by_url.get(reference.target, reference.target)
        if reference.wiki and "/" not in target:
            target = self._stems.get(target, target)
        target = self._merged.get(target, target)
        return target if target in self._records else ""


class Addresses(msgspec.Struct, frozen=True, dict=True):
    """Where references lead.

    documents: id → site path of what is published. by_stem: the last part of an id → ids, of all documents there are.
    merged: as in Authority. others: gives the other site paths there will be.
    """

    documents: Mapping[str, str]
    by_stem: Mapping[str, Collection[str]]
    merged: Mapping[str, str]
    others: Callable[[], Iterable[str]]

    @cached_property
    def by_url(self) -> Mapping[str, str]:
        """The documents by their site paths."""
        return {url: doc_id for doc_id, url in self.documents.items()}

    @cached_property
    def paths(self) -> Collection[str]:
        """Every site path that is published."""
        return frozenset(self.others()) | set(self.documents.values())

    def target(self, reference: Reference) -> str:
        """The document id that a reference means, or its target as written where that is no document.

        Addresses of pages mean their documents, wiki links may leave the folder out, merged records are followed.
        """
        target = self.by_url.get(reference.target, reference.target)
        if reference.wiki and "/" not in target:
            ids = self.by_stem.get(target, ())
            target = next(iter(ids)) if len(ids) == 1 else target
        return self.merged.get(target, target)

    def of(self, reference: Reference) -> str | None:
        """The site path a reference leads to, with its fragment; None where nothing is published there."""
        target = self.target(reference)
        path = (target if target in self.paths else None) if target.startswith("/") else self.documents.get(target)
        return f"{path}#{reference.fragment}" if path and reference.fragment else path

    def lead(self, facts: Facts) -> tuple[str | None, ...]:
        """Where the references of a text lead."""
        return tuple(map(self.of, facts.references)) if facts.references else ()


def stems_of(doc_ids: Iterable[str]) -> dict[str, list[str]]:
    """The last part of an id → the ids that end so."""
    stems: defaultdict[str, list[str]] = defaultdict(list)
    for doc_id in doc_ids:
        stems[doc_id.rpartition("/")[2]].append(doc_id)
    return dict(stems)
