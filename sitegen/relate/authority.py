"""The authority file: which records there are, which were merged, and what leads where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sitegen.model.document import Document, Reference
from sitegen.model.entity import Record


@dataclass(frozen=True, slots=True)
class Authority:
    """The records of the collection by id. `merged` maps a merged record to the one that took its place."""

    records: Mapping[str, Document]
    merged: Mapping[str, str]
    rejected: frozenset[str]
    inherited: tuple[tuple[str, Record], ...]

    def names(self) -> list[tuple[str, Record]]:
        """Record ids with all names that mean them; a merged record's names mean its target."""
        pairs = [(doc_id, record_of(document)) for doc_id, document in self.records.items()]
        return [*pairs, *self.inherited]

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
        if at != doc_id and at not in rejected:
            merged[doc_id] = at
    published = {i: d for i, d in records.items() if i not in rejected and i not in merged}
    inherited = tuple((target, record_of(records[i])) for i, target in merged.items() if i not in rejected)
    return Authority(published, merged, rejected, inherited)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where references lead: documents by id, and everything else that is published by site path."""

    documents: Mapping[str, str]
    by_stem: Mapping[str, tuple[str, ...]]
    paths: frozenset[str]
    merged: Mapping[str, str]

    def target(self, reference: Reference) -> str:
        """The document id a reference means: wiki links may leave the folder out, merged records are followed."""
        target = reference.target
        if reference.wiki and "/" not in target and target not in self.documents:
            ids = self.by_stem.get(target, ())
            target = ids[0] if len(ids) == 1 else target
        return self.merged.get(target, target)

    def of(self, reference: Reference) -> str | None:
        """The site path a reference leads to, or None where nothing is published there."""
        if reference.target.startswith("/"):
            return reference.target if reference.target in self.paths else None
        return self.documents.get(self.target(reference))


def addresses_of(documents: Iterable[Document], merged: Mapping[str, str], paths: Iterable[str]) -> Addresses:
    """The addresses of published documents; `paths` are the other site paths there will be."""
    urls = {document.id: document.url for document in documents}
    stems: dict[str, list[str]] = defaultdict(list)
    for doc_id in urls:
        stems[doc_id.rpartition("/")[2]].append(doc_id)
    return Addresses(urls, {stem: tuple(ids) for stem, ids in stems.items()}, frozenset(paths) | set(urls.values()), merged)
