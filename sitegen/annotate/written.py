"""Notes as YAML: single values in the style that stood there, and whole notes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sitegen.model.notes import Note

_PLAIN = re.compile(r"[^\W\d_](?:[^\x00-\x1f\x7f-\xa0:#,\[\]{}\u2028\u2029\ufeff]|:(?=\w)|(?<!\s)#)*\Z")
_CONSTANTS = frozenset(("null", "true", "false", "yes", "no", "on", "off", "y", "n"))
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


def scalar(text: str, style: str | None = '"') -> str:
    """A text as a YAML scalar in a style, where that can hold it: plain (None), ' or "."""
    plain = _PLAIN.match(text) and not text[-1:].isspace() and text[-1:] != ":" and text.lower() not in _CONSTANTS
    if not style and plain:
        return text
    if style == "'" and not _UNPRINTABLE.search(text):
        return "'" + text.replace("'", "''") + "'"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return '"' + _UNPRINTABLE.sub(lambda found: f"\\u{ord(found.group()):04x}", escaped) + '"'


def entry(note: Note, indent: str = "") -> str:
    """A note as an item of a block list, indented."""
    return "".join(f"{indent}{'  ' if i else '- '}{line}\n" if line else "\n" for i, line in enumerate(_lines(note)))


def _lines(note: Note) -> Iterator[str]:
    yield f"id: {scalar(note.id, None)}"
    for key in ("layer", "motivation"):
        yield f"{key}: {scalar(getattr(note, key), None)}"
    context = ((key, getattr(note.quote, key)) for key in ("prefix", "suffix"))
    yield f"quote: {{exact: {scalar(note.quote.exact)}{''.join(f', {key}: {scalar(text)}' for key, text in context if text)}}}"
    yield from _texts(("record", note.record), ("body", note.body))
    if note.tags:
        yield f"tags: [{', '.join(scalar(tag, None) for tag in note.tags)}]"
    yield from _texts(("by", note.by), ("created", note.created), ("origin", note.origin))
    if note.replies:
        yield "replies:"
    for reply in note.replies:
        lines = [*_texts(("body", reply.body), ("by", reply.by), ("created", reply.created))]
        yield from (f"{'  ' if i else '- '}{line}" if line else "" for i, line in enumerate(lines))
    yield from _texts(("state", note.state))


def _texts(*pairs: tuple[str, str]) -> Iterator[str]:
    """Keys with their texts, in one line or as a block; those without a text are left out."""
    for key, text in pairs:
        lines = text.split("\n")
        if len(lines) > 1 and _blocklike(lines):
            yield f"{key}: |-"
            yield from (f"  {line}" if line else "" for line in lines)
        elif text:
            yield f"{key}: {scalar(text, None)}"


def _blocklike(lines: Sequence[str]) -> bool:
    """Whether a text reads back the same from a block: it neither begins nor ends in white space, and is printable."""
    whole = "\n".join(lines)
    return whole == whole.strip() and not _UNPRINTABLE.search("".join(lines))
