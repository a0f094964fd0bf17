"""Ids that paragraphs had in earlier texts: empty anchors in those they lead to now, so that what was cited goes on working."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from sitegen.markup.parse import Document, paragraph_ids
from sitegen.markup.scan import Leaf


def paragraphs_of(document: Document) -> list[tuple[str, str]]:
    """The id and the text of each block of running text that has an id of its own, in order."""
    return [(leaf_id, _text(document, leaf)) for leaf, leaf_id in paragraph_ids(document.scan)]


def with_former(document: Document, found: Mapping[str, int]) -> Document:
    """The document with former ids, each in the paragraph of that number."""
    leaves = [leaf for leaf, _ in paragraph_ids(document.scan)]
    places = sorted((_inside(document, leaves[number]), name) for name, number in found.items())
    return replace(document, former=tuple(places), anchors=(*document.anchors, *(name for _, name in places)))


def _inside(document: Document, leaf: Leaf) -> int:
    """Where the HTML within a block begins: an anchor may stand there, whatever the block."""
    tag = document.scan.tag_at(leaf.start)
    return tag.end if tag else document.html.index(">", leaf.tag_end) + 1


def _text(document: Document, leaf: Leaf) -> str:
    return " ".join(document.text[start:end] for start, end in leaf.segments)
