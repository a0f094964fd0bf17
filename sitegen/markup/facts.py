"""A document and its mentions → Facts: what the rest of the site may know of an article."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from sitegen.model.document import Article, Block, Document
from sitegen.model.mention import Facts, Marks, Passage
from sitegen.model.text import sentences, summarise, word_count

# A quoted sentence is cut to about this many characters on each side of the name.
_REACH = 320


def facts(document: Document, marks: Marks, links: tuple[str, ...], language: str) -> Facts:
    """The facts of an article. `links`: ids of the documents it links to. `language` stands in where it names none."""
    meta = document.meta
    assert isinstance(meta, Article)
    prose = "\n".join(document.text[block.start : block.end] for block in document.blocks if block.name == "p")
    return Facts(
        id=document.id,
        url=document.url,
        path=document.path,
        title=meta.title,
        date=meta.date,
        updated=meta.updated,
        lang=meta.lang or language,
        summary=meta.summary or summarise(prose or document.text),
        words=word_count(document.text),
        tags=meta.tags,
        related=meta.related,
        passages=tuple(passages(document, marks)),
        links=links,
    )


def passages(document: Document, marks: Marks) -> list[Passage]:
    """Each mention in its sentence."""
    blocks = sorted(document.blocks, key=lambda block: block.start)
    starts = [block.start for block in blocks]
    split: dict[int, _Sentences] = {}
    found = []
    for mention in marks.mentions:
        i = bisect_right(starts, mention.start) - 1
        inside = i >= 0 and mention.start < blocks[i].end
        block = blocks[i] if inside else Block("", "", mention.start, mention.end)
        if i not in split or not inside:
            split[i] = _Sentences(document.text[block.start : block.end])
        text = split[i].text
        start, end = mention.start - block.start, mention.end - block.start
        first, last = split[i].around(start, end)
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


class _Sentences:
    """The sentences of a paragraph, split once however many mentions it holds."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._spans = list(sentences(text))

    def around(self, start: int, end: int) -> tuple[int, int]:
        """The sentence, or the run of sentences, that holds text[start:end]."""
        first = bisect_right(self._spans, start, key=lambda span: span[1])
        last = bisect_left(self._spans, max(end, start + 1), key=lambda span: span[0])
        held = self._spans[first:last]
        return (min(held[0][0], start), max(held[-1][1], end)) if held else (start, end)


def _clipped_left(text: str) -> str:
    return text if len(text) <= _REACH else "… " + text[-_REACH:].partition(" ")[2]


def _clipped_right(text: str) -> str:
    return text if len(text) <= _REACH else text[:_REACH].rpartition(" ")[0] + " …"
