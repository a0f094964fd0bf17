"""A document and its mentions → what the site knows of it (`Facts`), and what its own page shows (`Reading`)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from sitegen.markup.parse import Document
from sitegen.markup.splice import splice
from sitegen.model.digests import digest
from sitegen.model.document import Article, Block, Page
from sitegen.model.mention import QUOTED, By, Facts, Marks, Mention, Passage, Reading
from sitegen.model.text import SUMMARY, reading_minutes, sentences, summarise, word_count
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
    here: dict[str, int] = {}
    first: dict[str, str] = {}
    quoted: dict[str, list[Quote]] = {}
    for passage in passages(document, marks.mentions):
        record = passage.record
        here[record] = here.get(record, 0) + 1
        first.setdefault(record, passage.block)
        quoted.setdefault(record, []).append(_quote(document, passage))
    quotes = _encode(quoted)
    by_record = digest(quotes)
    if days:
        spoken = _told(document, days)
        quotes = _encode(quoted | spoken)
    references, anchors, notes = document.references, document.anchors, noted.notes if noted else ()
    if noted:
        references, anchors = (*references, *noted.references), (*anchors, *noted.anchors)
    number = {record: i for i, record in enumerate(here)}
    places = tuple([n for mention in marks.mentions for n in (mention.start, mention.end, number[mention.record])])
    body = splice(document, marks.mentions, notes)
    encoded = _encode(Reading(meta, words, document.headings, body, text, anchors, notes, places))
    told = meta if isinstance(meta, Article) else None
    lang = (meta.lang if isinstance(meta, Article | Page) else "") or language
    date, updated = (told.date, told.updated) if told else (None, None)
    summary = meta.summary if told else ""
    minutes = reading_minutes(words)
    if told and not summary:
        summary = summarise(_opening(document) or text)
    elif isinstance(meta, Page):
        summary = meta.summary or summarise(text)
    title = meta.title if isinstance(meta, Article | Page) else meta.name
    source = told.source if told else None
    return Facts(
        id=document.id, kind=document.kind, path=document.path, url=document.url, title=title, date=date, updated=updated,
        lang=lang, summary=summary, minutes=minutes,
        draft=meta.draft if isinstance(meta, Article | Page) else False,
        tags=tuple(dict.fromkeys(told.tags)) if told else (),
        related=told.related if told else (),
        source=source.file if source else "",
        source_sha256=source.sha256 if source else "",
        links=told.links if told else (),
        references=references, found=found, ambiguities=marks.ambiguities,
        named=tuple(here), here=tuple(here.values()), blocks=tuple(first.values()),
        card=digest(_encode((document.id, document.url, title, date, updated, lang, summary, minutes))),
        quotes=by_record,
        own=digest(encoded),
        history=noted.history if noted else b"",
        corrections=told.corrections if told else (),
        days=tuple(spoken) if days else (), told=digest(_encode(spoken)) if days else b"",
        visibility=meta.visibility,
        embargo=meta.embargo if isinstance(meta, Article | Page) else None,
        redacted=meta.redact if isinstance(meta, Article | Page) else (),
    ), encoded, quotes  # fmt: skip


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


def _quote(document: Document, passage: Passage) -> Quote:
    url = f"{document.url}#{passage.block}" if passage.block else document.url
    return Quote(passage.before, passage.name, passage.after, url, passage.by.value, passage.layer)


def _told(document: Document, days: Sequence[tuple[int, int, str]]) -> dict[str, list[Quote]]:
    """The passages that name a date, by date, in order of time; a sentence once for each."""
    found: dict[str, dict[tuple[str, str], Quote]] = {}
    for passage in passages(document, [Mention(start, end, iso, By.ALIAS) for start, end, iso in days]):
        quote = _quote(document, passage)
        found.setdefault(passage.record, {}).setdefault((quote.url, quote.before), quote)
    return {iso: list(quotes.values())[:QUOTED] for iso, quotes in sorted(found.items())}


def passages(document: Document, mentions: Sequence[Mention]) -> list[Passage]:
    """Each mention in its sentence."""
    if not mentions:
        return []
    text = document.text
    blocks = sorted(document.blocks, key=lambda block: block.start)
    starts = [block.start for block in blocks]
    split: dict[int, tuple[list[tuple[int, int]], list[int]]] = {}
    seen: dict[str, int] = {}
    found = []
    for mention in mentions:
        start, end = mention.start, mention.end
        i = bisect_right(starts, start) - 1
        if i >= 0 and start < blocks[i].end:
            block = blocks[i]
            if i not in split:
                spans = sentences(text, block.start, block.end)
                split[i] = spans, [stop for _, stop in spans]
            first, last = _around(*split[i], start, end)
        else:
            block = Block("", "", start, end)
            first, last = start, end
        seen[mention.record] = count = seen.get(mention.record, 0) + 1
        reach = _REACH if count <= QUOTED else _SHORT
        last = min(last, block.end)
        before, after = text[max(first, start - reach - 1) : start], text[end : min(last, end + reach + 1)]
        if len(before) > reach:
            before = "… " + before[-reach:].partition(" ")[2]
        if len(after) > reach:
            after = after[:reach].rpartition(" ")[0] + " …"
        name = text[start : min(end, block.end)]
        found.append(Passage(mention.record, block.id, before, name, after, mention.by, mention.layer))
    return found


def _around(spans: Sequence[tuple[int, int]], stops: Sequence[int], start: int, end: int) -> tuple[int, int]:
    """The sentence, or the run of sentences, that holds text[start:end]. stops: where the spans end."""
    first, last = start, end
    for at in range(bisect_right(stops, start), len(spans)):
        begin, stop = spans[at]
        if begin >= max(end, start + 1):
            break
        first, last = min(begin, first), max(stop, last)
    return first, last
