"""The ledger of paragraphs beside a collection's texts: what it has for each page, and what it is told.

A build reads it and never writes it. Where a text is as it was recorded, the look is all that it costs.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from itertools import chain

import msgspec

from sitegen.annotate.paragraphs import Place, placed, sketch
from sitegen.build.memo import Input
from sitegen.errors import Issue, Severity, Span
from sitegen.markup import former
from sitegen.markup.parse import Document, parse
from sitegen.model.digests import digest
from sitegen.model.document import Article, Page
from sitegen.model.entity import Subject
from sitegen.model.ids import PAGES
from sitegen.model.paragraphs import Recorded, cell_of, paragraphs
from sitegen.model.privacy import PRIVATE, as_slug
from sitegen.relate.ledger import GONE, Ledger

_NAME = 4  # letters of a private name


class Rows(msgspec.Struct, frozen=True, dict=True):
    """What the ledger has for a page: its own row, "" for none, and those of addresses that lead to it."""

    own: str
    joined: tuple[str, ...] = ()

    @cached_property
    def digest(self) -> bytes:
        return digest("\n".join((self.own, *self.joined)).encode())

    @property
    def read(self) -> list[tuple[tuple[Recorded, ...], bool]]:
        """The paragraphs of each row, and whether it is the page's own."""
        return [(paragraphs(self.own), True), *((paragraphs(cell), False) for cell in self.joined)]


def rows_of(
    lines: Mapping[str, str], addresses: Ledger, files: Set[str], subjects: Iterable[Subject]
) -> dict[str, Rows]:  # fmt: skip
    """The rows by the page that has them now. files: the documents by path.

    An address whose text is still on file was not moved, but is withheld: what was recorded of it goes nowhere else.
    """
    secret = _secret_ids(subjects)
    if secret:
        lines = {url: " ".join(item for item in cell.split() if not secret.search(item)) for url, cell in lines.items()}
    joined: defaultdict[str, list[str]] = defaultdict(list)
    for row in addresses.ended:
        cell, doc_id = lines.get(row.url), row.url.strip("/")
        if cell and files.isdisjoint((f"{doc_id}.md", f"{PAGES}/{doc_id}.md")) and (url := _end(addresses, row.url)):
            joined[url].append(cell)
    return {url: Rows(lines.get(url, ""), tuple(joined.get(url, ()))) for url in lines.keys() | joined.keys()}


def _secret_ids(subjects: Iterable[Subject]) -> re.Pattern[str] | None:
    """Finds ids that are made of a private name, as those of headings are."""
    private = (subject.record for subject in subjects if subject.record.visibility == PRIVATE)
    names = {
        name for record in private for name in (record.name, *(alias.text for alias in record.aliases)) if len(name) >= _NAME
    }
    stems = sorted(filter(None, map(as_slug, names)))
    return re.compile("|".join(map(re.escape, stems)), re.IGNORECASE) if stems else None


def _end(addresses: Ledger, url: str) -> str:
    """Where an address leads by the ledger alone; "" where to nothing."""
    seen = set()
    while (row := addresses.rows.get(url)) and row.goes_to:
        if row.goes_to == GONE or url in seen:
            return ""
        seen.add(url)
        url = row.goes_to.partition("#")[0]
    return url


def with_former(document: Document, rows: Rows) -> Document:
    """The document with the anchors of its earlier texts."""
    found = former_of(document, rows)
    return former.with_former(document, {name: place.block for name, place in found.items()}) if found else document


def former_of(document: Document, rows: Rows) -> dict[str, Place]:
    """Where each id goes that the text no longer has.

    None in a text with passages blacked out: an id is a digest of words, or words themselves, and would tell of those.
    """
    meta, here = document.meta, set(document.anchors)
    if isinstance(meta, Article | Page) and meta.redact:
        return {}
    read = rows.read
    if here.issuperset(chain.from_iterable((one.id, *one.former) for row, _ in read for one in row)):
        return {}
    return placed(read, former.paragraphs_of(document), here)


class Recorder(msgspec.Struct, frozen=True):
    """What writing rows needs: what there is, and how Markdown is read."""

    recorded: Mapping[str, Rows]
    raw_html: bool


def rows_now(recorder: Recorder, batch: Sequence[Input]) -> list[tuple[str, str]]:
    """The site path of each text of a batch, and its row as it should be."""
    found = []
    for item in batch:
        document = parse(item.name, item.read(), raw_html=recorder.raw_html).document
        found.append((document.url, row_now(document, recorder.recorded.get(document.url, Rows("")))))
    return found


def row_now(document: Document, rows: Rows) -> str:
    """The row of a text as it is, with the ids that lead to it still."""
    own = paragraphs(rows.own)
    blocks = former.paragraphs_of(document)
    if not rows.joined and [one.id for one in own] == [name for name, _ in blocks]:
        return rows.own
    led: defaultdict[int, list[str]] = defaultdict(list)
    for name, place in former_of(document, rows).items():
        led[place.block].append(name)
    sketches = {one.id: one.sketch for one in own}
    return cell_of(tuple(
        Recorded(name, sketches.get(name) or sketch(text), tuple(led[number])) for number, (name, text) in enumerate(blocks)
    ))  # fmt: skip


def lost(document: Document, rows: Rows) -> Iterator[Issue]:
    """A note for a text some of whose paragraphs are gone."""
    gone = sorted(name for name, place in former_of(document, rows).items() if not place.alike)
    if gone:
        shown = ", ".join(f"#{name}" for name in gone[:3]) + (f" and {len(gone) - 3:,} more" if len(gone) > 3 else "")
        yield Issue("paragraph-gone", f"{shown} of {document.url}: the words are gone; links lead to what stands there",
                    Span(document.path), "nothing, if that is right; `sitegen addresses --record` takes note of it",
                    Severity.NOTE)  # fmt: skip
