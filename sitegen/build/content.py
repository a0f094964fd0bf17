"""The collection, read and related: all that checks and plans are made of."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

import msgspec
from msgspec.structs import replace

from sitegen.build.causes import Moved
from sitegen.build.memo import Memo, Seen
from sitegen.build.scan import File, Tree
from sitegen.build.stages import Known
from sitegen.errors import Issue
from sitegen.model import ids
from sitegen.model.entity import Subject
from sitegen.model.mention import Facts, Reading
from sitegen.publish.guard import NOTHING, Guard
from sitegen.relate import ledger
from sitegen.relate.authority import Addresses
from sitegen.relate.cells import Cells
from sitegen.relate.index import Index


class Content(msgspec.Struct, frozen=True, dict=True):
    """The collection, read and related: all that plans and checks are made of.

    known: what was known before any text was read. subjects: every record on file. facts: every text that could be read,
    by path. texts: published articles and pages; notes: those on published records, by record. filed: the records of
    each kind, as its index files them. seen: the files by path. moved: what is not as the last build knew it. read: what
    is wrong with each file by itself, by path; issues: all that is wrong.
    """

    tree: Tree
    known: Known
    subjects: Mapping[str, Subject]
    facts: Mapping[str, Facts]
    texts: Sequence[Facts]
    notes: Mapping[str, Facts]
    unnamed: Sequence[Subject]
    addresses: Addresses
    index: Index
    filed: Mapping[str, Sequence[Subject]]
    cells: Cells
    seen: Mapping[str, Seen]
    moved: Sequence[Moved]
    read: Mapping[str, tuple[Issue, ...]]
    guard: Guard = NOTHING
    ledger: ledger.Ledger = ledger.NONE
    issues: tuple[Issue, ...] = ()

    @cached_property
    def written(self) -> Mapping[str, Facts]:
        """Every text that a page shows, by id."""
        return {text.id: text for text in (*self.texts, *self.notes.values())}

    @cached_property
    def files(self) -> Mapping[str, File]:
        """The documents by path."""
        return {file.path: file for file in self.tree.documents}

    @cached_property
    def pages(self) -> Sequence[Facts]:
        """The texts of content/pages."""
        return [text for text in self.texts if text.kind == ids.PAGES]

    @cached_property
    def sources(self) -> Collection[str]:
        """The paths of the source texts there are."""
        return {file.path for file in self.tree.sources}

    @property
    def is_partial(self) -> bool:
        """Whether no check across documents can be made of it."""
        return False

    def with_texts(
        self, files: Mapping[str, File], facts: Mapping[str, Facts], seen: Mapping[str, Seen],
        read: Mapping[str, tuple[Issue, ...]], index: Index, cells: Cells, moved: Sequence[Moved],
    ) -> Content:  # fmt: skip
        """The same content with these of its files as they are now, and all that was made of it anew. The texts are those
        there were."""
        documents = tuple([files.get(file.path, file) for file in self.tree.documents])
        return replace(
            self, tree=replace(self.tree, documents=documents), facts=facts, texts=[facts[text.path] for text in self.texts],
            index=index, cells=cells, seen=seen, moved=moved, read=read,
        )  # fmt: skip


class TextOnly(msgspec.Struct, array_like=True, gc=False):
    """A Reading of which the text is looked at, and none of its HTML."""

    meta: msgspec.Raw
    words: int
    headings: msgspec.Raw
    body: msgspec.Raw
    text: str
    anchors: msgspec.Raw
    notes: msgspec.Raw


def is_record(path: str) -> bool:
    return "/" in path and ids.kind_of(path) not in (ids.ARTICLES, ids.PAGES)


def linked(addresses: Addresses, facts: Facts) -> list[str]:
    """The ids of the published documents that a text links to."""
    targets = {addresses.target(reference) for reference in facts.references if not reference.image}
    return sorted(target for target in targets if target in addresses.documents and target != facts.id)


def anchors_of(memo: Memo, path: str) -> tuple[str, ...]:
    """The ids in the text of a file."""
    reading = memo.reading(path)
    return msgspec.msgpack.decode(reading, type=Reading).anchors if reading else ()
