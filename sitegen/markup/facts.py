"""A document and its mentions → Facts: what the rest of the site may know of an article."""

from __future__ import annotations

from bisect import bisect_right

from sitegen.model.document import Article, Block, Document
from sitegen.model.mention import Facts, Marks, Passage
from sitegen.model.text import sentence_around, summarise, word_count

# A quoted sentence is cut to about this many characters on each side of the name.
_REACH = 320


def facts(document: Document, marks: Marks, links: tuple[str, ...], language: str) -> Facts:
    """The facts of an article. `links`: ids of the documents it links to. `language` stands in where it names none."""
    meta = document.meta
    assert isinstance(meta, Article)
    prose = "\n".join(document.text[block.start : block.end] for block in prose_blocks(document))
    return Facts(
        id=document.id,
        url=document.url,
        path=document.path,
        title=meta.title,
        date=meta.date,
        updated=meta.updated,
        lang=meta.lang or language,
        summary=meta.summary or summarise(prose),
        words=word_count(document.text),
        tags=meta.tags,
        related=meta.related,
        passages=tuple(passages(document, marks)),
        links=links,
    )


def prose_blocks(document: Document) -> list[Block]:
    """The paragraphs of a document; headings, which carry no mentions, are left out."""
    headings = {heading.id for heading in document.headings}
    return [block for block in document.blocks if block.id not in headings]


def passages(document: Document, marks: Marks) -> list[Passage]:
    """Each mention in its sentence."""
    blocks = sorted(document.blocks, key=lambda block: block.start)
    starts = [block.start for block in blocks]
    found = []
    for mention in marks.mentions:
        i = bisect_right(starts, mention.start) - 1
        inside = i >= 0 and mention.start < blocks[i].end
        block = blocks[i] if inside else Block("", mention.start, mention.end)
        text = document.text[block.start : block.end]
        start, end = mention.start - block.start, mention.end - block.start
        first, last = sentence_around(text, start, end)
        found.append(
            Passage(
                record=mention.record,
                block=block.id,
                before=_clipped_left(text[first:start]),
                name=text[start:end],
                after=_clipped_right(text[end:last]),
                by=mention.by,
            )
        )
    return found


def _clipped_left(text: str) -> str:
    return text if len(text) <= _REACH else "… " + text[-_REACH:].partition(" ")[2]


def _clipped_right(text: str) -> str:
    return text if len(text) <= _REACH else text[:_REACH].rpartition(" ")[0] + " …"
