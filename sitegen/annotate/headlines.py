"""Names in headlines: where every word has a capital, only names that the text has elsewhere are found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from sitegen.annotate.kinds import Name
from sitegen.annotate.pieces import Piece
from sitegen.annotate.reading import Reading

_LONGEST = 5  # words


def known_names(names: Sequence[Name]) -> list[Name]:
    """The names in order, with those that pieces of headlines without a kind have in them."""
    usual = {name.reading.text.upper(): name for name in names if name.kind and len(name.reading.text) > 2}
    found = []
    for name in names:
        piece = name.reading.piece
        found.append(name)
        if not name.kind and piece.last - piece.first > 1 and (piece.block.headline or name.reading.text.isupper()):
            found += _inside(piece, usual)
    return found


def _inside(piece: Piece, usual: dict[str, Name]) -> Iterator[Name]:
    """The names inside a piece, longest first, none overlapping."""
    at = piece.first
    while at < piece.last:
        for last in range(min(at + _LONGEST, piece.last), at, -1):
            part = replace(piece, first=at, last=last, office=False)
            name = usual.get(part.text.upper())
            if name:
                reading = Reading(part, part.text, name.reading.name, name.reading.known, [])
                yield Name(reading, name.kind, name.score, name.record)
                at = last
                break
        else:
            at += 1
