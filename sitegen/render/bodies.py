"""Filters for the body of an article: its paragraphs numbered, notes beside its blocks."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from markupsafe import Markup, escape

_BEFORE_ID = '<p id="'
_PARAGRAPH = _BEFORE_ID + "p-"  # none holds another
_GLOSSES = re.compile(r'<aside class="glosses".*?</aside>', re.DOTALL)  # see `markup.splice`


def numbered(body: Markup, label: str = "Paragraph") -> Markup:
    """A body whose paragraphs end in their numbers, each a link to itself. For templates only."""
    text, before = str(body), f'" aria-label="{escape(label)} '
    parts: list[str] = []
    at, count = 0, 1
    while (start := text.find(_PARAGRAPH, at)) >= 0:
        begin = start + len(_BEFORE_ID)
        named = text.find('"', begin)
        end = text.find("</p>", text.find(">", named))
        if named < 0 or end < 0:
            break
        number = str(count)
        parts += (text[at:end], '<a class="number" href="#', text[begin:named], before, number, '">', number, "</a></p>")
        at, count = end + len("</p>"), count + 1
    return Markup("".join([*parts, text[at:]]))


def beside(body: str, notes: Sequence[Any], show: Callable[[list[Any]], str]) -> Markup:
    """The body with notes behind the blocks they are on: `show`, a macro, is given those of a block.

    A block, its notes and then its glosses are wrapped in a `div` of the class "passage": in the margin a note stands where
    its block begins. Notes that are on none come behind all.
    """
    groups: dict[tuple[int, int], list[Any]] = {}
    for note in notes:
        groups.setdefault((note.begin, note.end), []).append(note)
    text, at, parts = str(body), 0, []
    for (begin, end), group in sorted(groups.items()):
        if begin >= at:
            block = text[begin:end]
            glosses = _GLOSSES.findall(block)
            block = _GLOSSES.sub("", block) if glosses else block
            parts += [text[at:begin], '<div class="passage">', block, show(group), *glosses, "</div>"]
            at = end
    return Markup("".join([*parts, text[at:], *(show(group) for (begin, _), group in groups.items() if begin < 0)]))
