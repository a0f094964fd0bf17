"""Blocks → Markdown: readable, and rendered as the text it came from."""

from __future__ import annotations

from collections.abc import Iterable

from sitegen.convert.decode import decode
from sitegen.convert.escape import escape, heading, lines
from sitegen.convert.structure import Block, Kind, structure


def body_of(source: bytes) -> str:
    """The Markdown that a source text is converted to, without front matter.

    Raises: NotText.
    """
    return to_markdown(structure(decode(source).text).blocks)


def to_markdown(blocks: Iterable[Block]) -> str:
    """The body of an article; ends with a line end where there is any text."""
    parts = [_quoted(_block(block)) if block.quoted else _block(block) for block in blocks]
    return "\n\n".join(parts) + "\n" if parts else ""


def _block(block: Block) -> str:
    match block.kind:
        case Kind.HEADING:
            return "## " + heading(block.texts[0])
        case Kind.VERSE:
            return lines(block.texts)
        case Kind.BULLETS:
            return "\n".join(f"- {escape(text)}" for text in block.texts)
        case Kind.NUMBERS:
            first = int(block.mark.rstrip("."))
            return "\n".join(f"{number}. {escape(text)}" for number, text in enumerate(block.texts, first))
        case _:
            return escape(block.texts[0])


def _quoted(markdown: str) -> str:
    return "\n".join(f"> {line}" for line in markdown.split("\n"))
