"""The authority file: which records there are, which were merged, and what leads where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sitegen.model.document import Document, Reference
from sitegen.model.entity import Record
from sitegen.model.mention import Marks


@dataclass(frozen=True, slots=True)
class Authority:
    """The records of the collection by id.

    records: those with a page. merged: the id of a merged record → the published one that took its place.
    retired: the merged records themselves. rejected: ids of those that are kept as a "no".
    """

    records: Mapping[str, Document]
    merged: Mapping[str, str]
    retired: Mapping[str, Document]
    rejected: frozenset[str]

    def names(self) -> list[tuple[str, Record]]:
        """Record ids with all names that mean them; a merged record's names mean its target."""
        own = [(doc_id, record_of(document)) for doc_id, document in self.records.items()]
        return own + [(self.merged[doc_id], record_of(document)) for doc_id, document in self.retired.items()]

    def only(self, named: Collection[str]) -> Authority:
        """The authority file without the records that are not `named`."""
        merged = {old: new for old, new in self.merged.items() if new in named}
        records = {doc_id: document for doc_id, document in self.records.items() if doc_id in named}
        return Authority(records, merged, {old: self.retired[old] for old in merged}, self.rejected)

    def final(self, doc_id: str) -> str:
        """The id of the record that stands for `doc_id` now."""
        return self.merged.get(doc_id, doc_id)


def record_of(document: Document) -> Record:
    """The front matter of a record's document."""
    assert isinstance(document.meta, Record)
    return document.meta


def authority_of(documents: Iterable[Document]) -> Authority:
    """Sort the records out: published, merged (chains followed, circles broken), rejected."""
    records = {document.id: document for document in documents if isinstance(document.meta, Record)}
    rejected = frozenset(i for i, d in records.items() if record_of(d).status == "rejected")
    merged = {}
    for doc_id in records:
        seen, at = {doc_id}, doc_id
        while (target := record_of(records[at]).merged_into) and target in records and target not in seen:
            seen.add(target)
            at = target
        if at != doc_id and at not in rejected and doc_id not in rejected:
            merged[doc_id] = at
    published = {i: d for i, d in records.items() if i not in rejected and not record_of(d).merged_into}
    merged = {old: new for old, new in merged.items() if new in published}
    return Authority(published, merged, {old: records[old] for old in merged}, rejected)


def named_records(authority: Authority, marks: Mapping[str, Marks]) -> frozenset[str]:
    """The records that some article or page names, and those that the notes on these name in turn.

    A record's page is its evidence: one that nothing names has none, and is not published.
    """
    waiting = [doc_id for doc_id in marks if doc_id not in authority.records]
    named: set[str] = set()
    while waiting:
        fresh = {mention.record for mention in marks[waiting.pop()].mentions} - named
        named |= fresh
        waiting += fresh
    return frozenset(named)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where references lead.

    documents: id → site path of what is published. by_url: the same, turned round. by_stem: the last part of an
    id → ids, of all documents there are. paths: every site path that is published. merged: as in Authority.
    """

    documents: Mapping[str, str]
    by_url: Mapping[str, str]
    by_stem: Mapping[str, tuple[str, ...]]
    paths: frozenset[str]
    merged: Mapping[str, str]

    def target(self, reference: Reference) -> str:
        """The document id that a reference means, or its target as written where that is no document.

        Addresses of pages mean their documents, wiki links may leave the folder out, merged records are followed.
        """
        target = self.by_url.get(reference.target, reference.target)
        if reference.wiki and "/" not in target:
            ids = self.by_stem.get(target, ())
            target = ids[0] if len(ids) == 1 else target
        return self.merged.get(target, target)

    def of(self, reference: Reference) -> str | None:
        """The site path a reference leads to, or None where nothing is published there."""
        target = self.target(reference)
        if target.startswith("/"):
            return target if target in self.paths else None
        return self.documents.get(target)


def addresses_of(
    published: Iterable[Document], everything: Iterable[Document], merged: Mapping[str, str], paths: Iterable[str]
) -> Addresses:
    """The addresses of published documents; `paths` are the other site paths there will be."""
    urls = {document.id: document.url for document in published}
    stems: dict[str, list[str]] = defaultdict(list)
    for document in everything:
        stems[document.id.rpartition("/")[2]].append(document.id)
    return Addresses(
        documents=urls,
        by_url={url: doc_id for doc_id, url in urls.items()},
        by_stem={stem: tuple(ids) for stem, ids in stems.items()},
        paths=frozenset(paths) | set(urls.values()),
        merged=merged,
    )
