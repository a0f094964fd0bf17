"""Places inside longer names: "Athens" of "Athens Police Department", "Boston" of "Mayor of Boston".

By rule: what the longer name is about has a seat, and says so by a word of office or organisation behind the place,
"of" or a point of the compass before it, or a hyphen beside it. Not so in the names of streets, people and papers.
"""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.annotate.gazetteer import Gazetteer, Place
from sitegen.annotate.institutions import INSTITUTIONS
from sitegen.annotate.lexicon import (
    CIVIC_WORDS,
    DIRECTIONS,
    JUDICIAL_WORDS,
    ORGANISATION_WORDS,
    PEERS,
    PLACE_LAST,
    PRESS_WORDS,
    REALMS,
    ROLES,
    STATE_ABBREVIATIONS,
    STREETS,
    TITLES,
    WEAK_ORGANISATION_WORDS,
)
from sitegen.annotate.pieces import Piece
from sitegen.annotate.signs import lexical
from sitegen.annotate.spans import acronym

_LONGEST = 4  # words of a place's name
_SEATED = CIVIC_WORDS | ROLES | TITLES | (ORGANISATION_WORDS - WEAK_ORGANISATION_WORDS)
_GEOGRAPHY = STREETS | (PLACE_LAST - {"airport", "head", "point", "district", "park", "junction"})
_NOT_OF_PLACES = (PLACE_LAST - REALMS) | PEERS  # "Duke of York" of "Duke of York Theatre"
_CITY = frozenset(("city", "town", "village"))
_WIDE = frozenset(("country", "region", "county"))


def nested(piece: Piece, places: Gazetteer) -> Iterator[tuple[int, int, tuple[Place, ...]]]:
    """Start and end in the block, and the places, of each place's name inside a piece that is no place's itself."""
    block = piece.block
    at = piece.first
    while at < piece.last:
        size = next((size for size in range(min(_LONGEST, piece.last - at), 0, -1) if _named(piece, at, size, places)), 0)
        if not size:
            if "-" in block.words[at] and piece.text not in INSTITUTIONS:
                yield from _hyphened(piece, at, places)
            at += 1
            continue
        start, end = block.starts[at], block.end(at + size - 1)
        known = _known(block.text[start:end], places)
        if _seat(piece, at, at + size, known) and (piece.text not in INSTITUTIONS or _is_realm(piece, at, known)):
            yield start, end, known
        at += size


def _named(piece: Piece, at: int, size: int, places: Gazetteer) -> bool:
    block = piece.block
    if size == piece.last - piece.first or not block.words[at][0].isupper() or block.words[at + size - 1].islower():
        return False
    if size > 1 and at + size < piece.last and block.bare[at + size - 1] in _CITY:
        return False  # not "Oxford City" of "Oxford City Council"
    known = _known(block.text[block.starts[at] : block.end(at + size - 1)], places)
    return bool(known) and known[0].kind != "demonym"


def _known(name: str, places: Gazetteer) -> tuple[Place, ...]:
    """The places of a name, also of a state shortened to letters with stops: "the S.C. Highway Patrol"."""
    if name.count(".") > 1 and name in STATE_ABBREVIATIONS:
        state = places.lookup(STATE_ABBREVIATIONS[name])
        return tuple(place for place in state if place.kind == "region") or state[:1]
    return places.lookup(name)


def _seat(piece: Piece, first: int, last: int, known: tuple[Place, ...]) -> bool:
    """Whether words[first:last] of the block are the seat of what the piece names."""
    block, kind = piece.block, known[0].kind
    if last - first == 1 and not acronym(block.words[first]):
        listed = lexical(block.bare[first])
        if "fn" in listed or "direction" in listed or ("common" in listed and kind == "city"):
            return False
        if "given" in listed and kind not in _WIDE:
            return False
    rest = block.bare[last : piece.last]
    if first > piece.first:
        before = block.bare[first - 1]
        of = before == "of" or (before == "the" and block.bare[first - 2] == "of")
        if of:
            return (not rest or rest[0] in _SEATED) and block.bare[first - 2] not in _NOT_OF_PLACES
        if before not in DIRECTIONS or first != piece.first + 1:
            return False
        if not rest:
            return True
    if (
        (rest[-1] in _GEOGRAPHY and JUDICIAL_WORDS.isdisjoint(rest))
        or not PRESS_WORDS.isdisjoint(rest)
        or (rest[0] in _GEOGRAPHY and rest[-1] not in _SEATED)
    ):
        return False
    if kind in _WIDE and (last - first > 1 or kind != "county"):
        return True
    return not _SEATED.isdisjoint(rest)


def _is_realm(piece: Piece, at: int, known: tuple[Place, ...]) -> bool:
    """Whether a place in a well-known organisation's name is one: "Bank of England", but not "Delta Air Lines"."""
    return known[0].kind in ("country", "continent") or (at > piece.first and piece.block.words[at - 1] == "of")


def _hyphened(piece: Piece, at: int, places: Gazetteer) -> Iterator[tuple[int, int, tuple[Place, ...]]]:
    """The places on either side of a hyphen: "India-Pakistan", "DFL-Minneapolis"."""
    start = piece.block.starts[at]
    parts = piece.block.text[start : piece.block.end(at)].split("-")
    found = [places.lookup(part) if part[:1].isupper() else () for part in parts]
    party = parts[0].isupper() and len(parts[0]) < 5
    sure = [bool(known) and (known[0].kind in _WIDE or party or all(found)) for known in found]
    for part, known, kept in zip(parts, found, sure, strict=True):
        if kept and known[0].kind != "demonym" and "given" not in lexical(part.lower()):
            yield start, start + len(part), known
        start += len(part) + 1
