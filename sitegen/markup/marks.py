"""The marks of notes in a text: the passages they are about, their numbers, and the blocks they stand beside.

A passage may begin and end anywhere, within links and emphasis, and run over paragraphs: plain text alone is wrapped, piece
by piece, so that tags stay well nested. Time is linear in pieces and notes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from sitegen.markup.parse import Document
from sitegen.markup.scan import VOID, Scan
from sitegen.markup.splice import Edit, Range
from sitegen.model.mention import Mention, ShownNote


def marks(
    document: Document, mentions: Sequence[Mention], notes: Sequence[ShownNote], linked: Sequence[Range]
) -> tuple[list[Edit], list[Edit], list[Edit]]:
    """What anchored notes add to the HTML: ends of marks, what stands behind the ends of links, and beginnings of marks.

    linked: the links that mentions become.
    """
    anchored = [note for note in notes if note.start >= 0]
    if not anchored:
        return [], [], []
    found = document.scan
    links = sorted([*_links(found), *linked])
    closing, opening = _wrapped(found, mentions, anchored)
    numbered = [note for note in anchored if note.number]
    ends = [(_behind(links, end_of(found, note.start, note.end)), note.number) for note in numbered]
    beside = blocks(found)
    noted = [(block, *beside[block]) for block in sorted({note.block for note in numbered if note.block >= 0})]
    between: list[Edit] = [
        *((at, at, "", (f"n{number}",), "") for at, number in ends),
        *((end, end, "", (f"f{block}",), "") for block, _, end in noted),
        *((start, start, "", (f"b{block}",), "") for block, start, _ in noted),
    ]
    return closing, between, opening


def blocks(found: Scan) -> list[Range]:
    """The outermost elements of the HTML, each html[start:end]."""
    whole: list[Range] = []
    depth = start = 0
    for tag in found.tags:
        if tag.name in VOID:
            continue
        if not tag.closing:
            start = tag.start if not depth else start
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                whole.append((start, tag.end))
    return whole


def block_at(beside: Sequence[Range], at: int) -> int:
    """The number of the block that html[at] lies in, -1 for none."""
    number = bisect_right(beside, (at, len(beside) and beside[-1][1])) - 1
    return number if number >= 0 and at < beside[number][1] else -1


def end_of(found: Scan, start: int, end: int) -> int:
    """Where text[start:end] ends in the HTML; its start where no sign of it is in there."""
    spans = found.html_span(start, end)
    return spans[-1][1] if spans else 0


def _wrapped(found: Scan, mentions: Sequence[Mention], notes: Sequence[ShownNote]) -> tuple[list[Edit], list[Edit]]:
    """The closing and the opening tags around each piece of text that notes are about, one for each of their layers."""
    closing: list[Edit] = []
    opening: list[Edit] = []
    turns: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for note in notes:
        turns[note.start].append((note.rank, 1))
        turns[note.end].append((note.rank, -1))
    # A piece must not reach over the end of a link.
    cuts = sorted({*turns, *(at for mention in mentions for at in (mention.start, mention.end))})
    held: Counter[int] = Counter()
    for at, following in pairwise([*cuts, cuts[-1]]):
        for rank, step in turns.get(at, ()):
            held[rank] += step
        layers = [rank for rank in sorted(held) if held[rank]]
        if layers:
            for start, end in found.html_span(at, following):
                opening += [(start, start, f'<mark class="noted layer-{rank}">', (), "") for rank in layers]
                closing += [(end, end, "</mark>", (), "") for _ in layers]
    return closing, opening


def _links(found: Scan) -> Iterator[Range]:
    """The links that the author wrote."""
    start = -1
    for tag in found.tags:
        if tag.name == "a":
            if tag.closing and start >= 0:
                yield start, tag.end
            start = -1 if tag.closing else tag.start


def _behind(links: Sequence[Range], at: int) -> int:
    """The place itself, or the end of the link that it lies in: no link stands within another."""
    number = bisect_right(links, (at, 0)) - 1
    return links[number][1] if number >= 0 and links[number][0] < at < links[number][1] else at
