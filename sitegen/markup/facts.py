"""A document and its mentions → what the site knows of it (`Facts`), and what its own page shows (`Reading`)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING

import msgspec

from sitegen.markup.parse import Document
from sitegen.markup.splice import splice
from sitegen.model.digests import digest
from sitegen.model.document import Article, Block, Page
from sitegen.model.entity import Record
from sitegen.model.mention import QUOTED, Facts, Marks, Mention, Reading
from sitegen.model.text import SUMMARY, Sentences, reading_minutes, summarise, word_count
from sitegen.model.views import Quote

# A quoted sentence is cut to about this many characters on each side of the name: to fewer where a text names one record
# or date more often than any page quotes it, as only exports tell of those.
_REACH, _SHORT = 320, 40

_encode = msgspec.msgpack.Encoder().encode

if TYPE_CHECKING:
    from sitegen.markup.noted import Noted


def facts(
    document: Document,
    marks: Marks,
    found: tuple[str, ...],
    language: str,
    noted: Noted | None = None,
    days: Sequence[tuple[int, int, str]] = (),
) -> tuple[Facts, bytes, bytes]:
    """The facts of a document, its encoded `Reading`, and its encoded quotes (views.Quote) by record and date.

    found: the record each of the document's references means, "" for none, and each of its notes'. `language` stands in
    where it names none. days: the dates in its text: start, end, ISO.
    """
    meta, text = document.meta, document.text
    words = word_count(text)
    sentences = Sentences(text)
    quoted, blocks = quotes(document, marks.mentions, sentences)
    passages = _encode(quoted)
    by_record = digest(passages)
    if days:
        spoken = _told(document, days, sentences)
        passages = _encode(quoted | spoken)
    references, anchors, notes = document.references, document.anchors, noted.notes if noted else ()
    if noted:
        references, anchors = (*references, *noted.references), (*anchors, *noted.anchors)
    number = {record: i for i, record in enumerate(quoted)}
    places = tuple([n for mention in marks.mentions for n in (mention.start, mention.end, number[mention.record])])
    body = splice(document, marks.mentions, notes)
    encoded = _encode(Reading(meta, words, document.headings, body, text, anchors, notes, places))
    told = meta if isinstance(meta, Article) else None
    headed = meta if isinstance(meta, Article | Page) else None
    lang = (headed.lang if headed else "") or language
    date, updated = (told.date, told.updated) if told else (None, None)
    summary = meta.summary if told else ""
    minutes = reading_minutes(words)
    if told and not summary:
        summary = summarise(_opening(document) or text)
    elif isinstance(meta, Page):
        summary = meta.summary or summarise(text)
    title = meta.name if isinstance(meta, Record) else meta.title
    source = told.source if told else None
    return Facts(
        id=document.id, kind=document.kind, path=document.path, url=document.url, title=title, date=date, updated=updated,
        lang=lang, summary=summary, minutes=minutes,
        draft=headed.draft if headed else False,
        tags=tuple(dict.fromkeys(told.tags)) if told else (),
        related=told.related if told else (),
        source=source.file if source else "",
        source_sha256=source.sha256 if source else "",
        links=told.links if told else (),
        references=references, found=found, ambiguities=marks.ambiguities,
        named=tuple(quoted), here=tuple(map(len, quoted.values())), blocks=tuple(blocks.values()),
        card=digest(_encode((document.id, document.url, title, date, updated, lang, summary, minutes))),
        quotes=by_record,
        own=digest(encoded),
        history=noted.history if noted else b"",
        corrections=told.corrections if told else (),
        days=tuple(spoken) if days else (), told=digest(_encode(spoken)) if days else b"",
        visibility=meta.visibility,
        embargo=headed.embargo if headed else None,
        redacted=headed.redact if headed else (),
    ), encoded, passages  # fmt: skip


def _opening(document: Document) -> str:
    """The first paragraphs, as many as a summary can be made of."""
    found, length = [], 0
    for block in document.blocks:
        if block.name == "p":
            found.append(document.text[block.start : block.end])
            length += block.end - block.start
            if length > SUMMARY:
                break
    return "\n".join(found)


def _told(document: Document, days: Sequence[tuple[int, int, str]], sentences: Sentences) -> dict[str, list[Quote]]:
    """The passages that name a date, by date, in order of time; a sentence once for each."""
    quoted, _ = quotes(document, [Mention(start, end, iso) for start, end, iso in days], sentences)
    found = {}
    for iso, said in sorted(quoted.items()):
        once: dict[tuple[str, str], Quote] = {}
        for quote in said:
            once.setdefault((quote.url, quote.before), quote)
        found[iso] = list(once.values())[:QUOTED]
    return found


def quotes(
    document: Document, mentions: Iterable[Mention], sentences: Sentences
) -> tuple[dict[str, list[Quote]], dict[str, str]]:
    """Each mention in its sentence, by record; and the id of the block that each record is first named in, "" for none.

    mentions: in reading order. sentences: those of the document's text.
    """
    text, around = document.text, sentences.around
    blocks = sorted(document.blocks, key=attrgetter("start"))
    starts = [block.start for block in blocks]
    quoted: dict[str, list[Quote]] = {}
    blocked: dict[str, str] = {}
    begin = stop = 0  # of the block that the last mention stood in
    for mention in mentions:
        record, start, end = mention.record, mention.start, mention.end
        if not begin <= start < stop:
            at = bisect_right(starts, start) - 1
            block = blocks[at] if at >= 0 and start < blocks[at].end else Block("", "", start, end)
            begin, stop, block_id = block.start, block.end, block.id
            url = f"{document.url}#{block_id}" if block_id else document.url
        shown = end if end < stop else stop
        first, last = around(start, shown) if block.name else (start, end)
        said = quoted.get(record)
        if said is None:
            said = quoted[record] = []
            blocked[record] = block_id
        reach = _REACH if len(said) < QUOTED else _SHORT
        before = text[first:start] if start - first <= reach else "… " + text[start - reach : start].partition(" ")[2]
        after = text[end:last] if last - end <= reach else text[end : end + reach].rpartition(" ")[0] + " …"
        said.append(Quote(before, text[start:shown], after, url, mention.by, mention.layer))
    return quoted, blocked
