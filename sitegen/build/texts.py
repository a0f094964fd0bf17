"""One text: what it names, and what the site is told of it. Loaded where texts are read, by `stages`."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from sitegen.annotate.find import find
from sitegen.build.memo import Input, Outcome
from sitegen.markup.facts import facts
from sitegen.markup.parse import Document, Parsed
from sitegen.model.document import Article
from sitegen.model.entity import Record
from sitegen.model.mention import By, Marks, Mention

if TYPE_CHECKING:
    from sitegen.build.stages import Known
    from sitegen.markup.noted import Noted
    from sitegen.model.document import Correction
    from sitegen.relate.authority import Authority

_encode = msgspec.msgpack.Encoder().encode


def read(known: Known, item: Input, data: bytes, parsed: Parsed) -> Outcome:
    """What is told of a text that was parsed. data: the digest of its file."""
    document, noted = parsed.document, None
    rows = known.recorded.get(document.url)
    if rows:
        from sitegen.build.paragraphs import with_former

        document = with_former(document, rows)
    if known.amended and (corrected := known.amended.found.get(item.name)):
        document = _corrected(document, corrected)
    if item.name in known.notes:
        from sitegen.build.annotations import noted_on

        noted = noted_on(known, document, item)
    marks, found = marks_of(known, document, noted)
    days = _days(known, document) if known.days else ()
    told, reading, quotes = facts(document, marks, found, known.language, noted, days)
    if beside := known.beside(item.name, document.url):
        told = msgspec.structs.replace(told, beside=beside)
    issues = parsed.body if document.id in known.authority.everything else (*parsed.header, *parsed.body)
    issues = (*issues, *noted.issues) if noted else issues
    return Outcome(item.name, data, _encode(told), issues, reading, quotes, document.quick)


def _corrected(document: Document, told: Sequence[Correction]) -> Document:
    """The document with corrections that its own file does not have."""
    from sitegen.build.amended import with_corrections
    from sitegen.model.privacy import blacked_out

    meta = document.meta
    if not isinstance(meta, Article):
        return document
    shown = [msgspec.structs.replace(one, text=blacked_out(one.text, meta.redact)) for one in told]
    meta = msgspec.structs.replace(meta, corrections=with_corrections(meta.corrections, shown))
    return msgspec.structs.replace(document, meta=meta)


def _days(known: Known, document: Document) -> Sequence[tuple[int, int, str]]:
    """The dates that an article names."""
    from sitegen.annotate.days import find_days

    return find_days(document.text, document.meta.lang or known.language) if isinstance(document.meta, Article) else ()


def marks_of(known: Known, document: Document, noted: Noted | None = None) -> tuple[Marks, tuple[str, ...]]:
    """What a text names, and the records that its references, and those of its notes, mean (see `Known.found`)."""
    links = document.meta.links if isinstance(document.meta, Article) else ()
    references, closed = document.references, document.closed
    found = known.found((*references, *noted.references) if noted else references, links)
    explicit = [
        Mention(reference.start, reference.end, record, By.LINK)
        for reference, record in zip(references, found, strict=False)
        if record
    ]
    if noted:
        explicit += _said_by_notes(document, noted, found[len(references) :])
        closed = [*closed, *noted.barred]
    marks = find(document.text, closed, explicit, known.names, dict(links))
    if links or isinstance(document.meta, Record):  # names and references mean published records only
        marks = _published(marks, document.id, known.authority)
    return marks, found


def _said_by_notes(document: Document, noted: Noted, found: Sequence[str]) -> list[Mention]:
    """What notes say that passages name. A link that the author wrote is stronger, wherever it leads."""
    taken = sorted((anchor.text_start, anchor.text_end) for anchor in document.scan.anchors if not anchor.image)
    starts = [start for start, _ in taken]
    said = []
    for number, (reference, record) in enumerate(zip(noted.references, found, strict=False)):
        before = bisect_left(starts, reference.end) - 1
        if record and not (before >= 0 and taken[before][1] > reference.start):
            by = By.IMPORT if number in noted.imported else By.NOTE
            said.append(Mention(reference.start, reference.end, record, by, noted.layers[number]))
    return said


def _published(marks: Marks, doc_id: str, authority: Authority) -> Marks:
    """The marks that lead somewhere else: a record's note does not link to itself, nothing to what is not published."""
    kept = []
    for mention in marks.mentions:
        record = authority.final(mention.record)
        if record != doc_id and record in authority.records:
            kept.append(mention if record == mention.record else msgspec.structs.replace(mention, record=record))
    return Marks(tuple(kept), marks.ambiguities)
