"""What a build puts on a shelf (`shelf`), and takes from there as a whole; what lies there is read in part by `partly`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

import msgspec

from sitegen.build.content import Content
from sitegen.build.planning import Looks
from sitegen.build.readers import Readers, ShelvedReaders
from sitegen.build.run import Mode
from sitegen.build.shelf import Column, Digests, Groups, Shelf
from sitegen.config import Config
from sitegen.model.mention import Facts

K = TypeVar("K")

_SMALL = ("template", "site", "asset")  # tables of cells of any length
TABLES = (
    "own", "links", "card", "quotes", "told", "entry", "record", "company", "namers", "kinds", "tiles", "years", "said",
)  # fmt: skip


class Left(msgspec.Struct):
    """What is read of a build in any case.

    mode: how it was made. plain: whether the collection can be read in part. faulty: whether anything was wrong. retired:
    merged records, and their files. kinds: of the records that have pages, in their order. pages: the files of the texts of
    content/pages. fragments: see `again.Standing`. corrected: the places of the articles that were corrected.
    """

    mode: str
    plain: bool
    faulty: bool
    counts: dict[str, int]
    merged: dict[str, str]
    retired: dict[str, str]
    rejected: list[str]
    kinds: list[str]
    pages: list[str]
    fragments: list[str]
    corrected: list[int]


class Since(msgspec.Struct):
    """What edits moved since: by name, an absent digest for one that is gone, an empty group for one that is."""

    digests: dict[str, dict[str, bytes | None]] = {}
    groups: dict[str, dict[str, list[int]]] = {}
    readers: list[tuple[str, str, bytes]] = []
    fragments: list[str] = []
    mentions: int = -1  # how many there are; -1 for as many as there were

    @property
    def noted(self) -> dict[tuple[str, str], bytes]:
        return {(sort, name): data for sort, name, data in self.readers}


def left(config: Config, mode: Mode, content: Content, counts: Mapping[str, int]) -> Left:
    """What is read in any case of a build that ends."""
    known, index = content.known, content.index
    has_more = known.notes or known.recorded or known.amended or content.tree.notes or config.outlines
    fragments = {reference.fragment for text in content.facts.values() for reference in text.references}
    return Left(
        repr(mode), not (content.guard or content.issues or has_more or index.withheld), bool(content.issues), {**counts},
        {**known.authority.merged}, {old: subject.path for old, subject in known.authority.retired.items()},
        sorted(known.authority.rejected), list(content.filed), [text.path for text in content.pages], sorted(fragments - {""}),
        [place for place, facts in enumerate(index.articles) if facts.corrections],
    )  # fmt: skip


def parts(content: Content, looks: Looks, readers: Readers) -> dict[str, bytes]:
    """What a build left, part by part. Raises: ValueError, OverflowError where that cannot be put on a shelf."""
    index, on_file, written = content.index, content.known.authority, content.written.values()
    tables: dict[str, Mapping[str, bytes]] = {**content.cells.tables, **looks.tables()}
    places = index.places

    def placed(groups: Mapping[K, Iterable[Facts]]) -> dict[str, list[int]]:
        return {str(name): [places[facts.id] for facts in group] for name, group in groups.items()}

    found = {
        "articles": Column.of(places),
        "article paths": Column.of([facts.path for facts in index.articles]),
        "texts": Column.of([text.id for text in written]),
        "text paths": Column.of([text.path for text in written]),
        "notes": Column.of(content.notes),
        "records": Column.of(index.authority.records),
        "everything": Column.of(sorted(on_file.everything)),
        "on file": Column.of(on_file.records),
        "on file paths": Column.of([subject.path for subject in on_file.records.values()]),
        "on file urls": Column.of([subject.url for subject in on_file.records.values()]),
        "documents": Column.of(content.files),
        "addresses": Column.of(content.addresses.documents),
        "urls": Column.of(content.addresses.documents.values()),
        "other urls": Column.of(sorted({*content.addresses.paths}.difference(content.addresses.documents.values()))),
        "sources": Column.of([file.path for file in content.tree.sources]),
        "cells": msgspec.msgpack.encode({name: tables[name] for name in _SMALL}),
        **Groups.parts("named", placed(index.named)),
        **Groups.parts("backlinks", placed(index.backlinks)),
        **Groups.parts("in years", placed(index.years)),
        **Groups.parts("tags", placed(index.tags)),
        **readers.parts(),
    }
    for name in TABLES:
        found |= Digests.parts(name, tables[name])
    return found


def tables_of(shelf: Shelf, since: Since) -> dict[str, dict[str, bytes]]:
    """All cells that a build left. Raises: Unshelved."""
    small = shelf.values("cells", dict[str, dict[str, bytes]])
    return {name: Digests(shelf, name, since.digests.get(name)).whole() for name in TABLES} | small


def readers_of(shelf: Shelf, since: Since) -> ShelvedReaders:
    """Which pages read a cell. Raises: Unshelved."""
    return ShelvedReaders(shelf, since.noted)
