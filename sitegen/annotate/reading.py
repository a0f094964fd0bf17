"""A text read once: its pieces, with what the gazetteer knows of them and what speaks for which kind of name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from sitegen.annotate.gazetteer import Gazetteer, Place
from sitegen.annotate.lexicon import PLACE_LAST, STREETS
from sitegen.annotate.pieces import Piece, pieces
from sitegen.annotate.signs import Document, lexical, signs
from sitegen.annotate.spans import DISTRICT, WITH_DISTRICT, Block
from sitegen.model.text import fold

_LABEL = re.compile(r"(?:READ|SEE|WATCH|MORE|RELATED|ALSO)(?: [A-Z]+)* ?:", re.IGNORECASE)
_WRAPPED = range(40, 101)  # characters of a line that was broken because it was full
_SHOUT, _LARGE = 4, 100_000  # a word in capitals of no more letters is a place of that many inhabitants, or an acronym


class Reading(msgspec.Struct):
    """A piece and its text, how the text is spelled outside headlines, the places of that name, and its signs."""

    piece: Piece
    text: str
    name: str
    known: tuple[Place, ...]
    signs: list[str]


def read(text: str, places: Gazetteer) -> tuple[list[Reading], Document]:
    """The pieces of a text in order, and what the document says as a whole."""
    held = list(blocks(text))
    found = [piece for block in held for piece in pieces(block, places)]
    document = Document(_words(held), Counter([piece.text for piece in found]))
    for piece in found:
        _introduce(piece, document)
    return [_read(piece, document, places) for piece in found], document


def _words(held: Iterable[Block]) -> frozenset[str]:
    """The words of a text as they are written, also without a genitive's ending."""
    words = set().union(*(block.words for block in held))
    return frozenset(words.union([word.partition("'")[0] for word in words if "'" in word]))


def _introduce(piece: Piece, document: Document) -> None:
    """Note the surname and the first name of what looks like a person's full name."""
    bare = piece.bare
    if len(bare) < 2 or piece.office or bare[-1] in PLACE_LAST or bare[-1] in STREETS:
        return
    if piece.role or "given" in lexical(bare[0]):
        document.surnames.add(piece.block.text[piece.block.starts[piece.last - 1] : piece.end])
        document.first.add(piece.block.words[piece.first])


def _read(piece: Piece, document: Document, places: Gazetteer) -> Reading:
    text = name = piece.text
    known = places.lookup(text)
    if not known and len(text) >= _SHOUT and text.isupper():
        usual = places.lookup(text.title())
        if len(text) > _SHOUT or (usual and usual[0].population >= _LARGE):
            known, name = usual, text.title() if usual or len(text) > _SHOUT + 2 else text
    found = [] if piece.office else signs(piece, document, known, places)
    return Reading(piece, text, name, places.lookup(DISTRICT) if WITH_DISTRICT.fullmatch(text) else known, found)


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a text, a line each, but a paragraph of broken lines is one.

    Left out are those that only refer to other articles ("READ MORE: …").
    """
    for offset, lines in _paragraphs(text):
        if _wrapped(lines):
            yield from _block("\n".join(lines), offset)
            continue
        for line in lines:
            yield from _block(line, offset)
            offset += len(line) + 1


def _paragraphs(text: str) -> Iterator[tuple[int, list[str]]]:
    """Where each paragraph begins, and its lines."""
    at = first = 0
    lines: list[str] = []
    for line in text.split("\n"):
        if line.strip():
            first = first if lines else at
            lines.append(line)
        elif lines:
            yield first, lines
            lines = []
        at += len(line) + 1
    if lines:
        yield first, lines


def _block(text: str, offset: int) -> Iterator[Block]:
    if not _LABEL.match(text.lstrip()):
        block = Block(fold(text), offset)
        if block.words:
            yield block


def _wrapped(lines: list[str]) -> bool:
    """Whether the lines of a paragraph were broken to a width: a name may go on behind the break."""
    full = lines[:-1]
    return bool(full) and all(len(line) in _WRAPPED for line in full) and any(line[-1] not in ".!?:\"'”" for line in full)
