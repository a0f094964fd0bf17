"""The kind of each name: what its signs weigh, in this place and in all others of the text, and a few plain rules."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import msgspec

from sitegen.annotate.institutions import INSTITUTIONS, THINGS
from sitegen.annotate.lexicon import (
    DEMONYMS,
    EVENT_FIRST,
    EVENT_LAST,
    JUDICIAL_WORDS,
    ORGANISATION_WORDS,
    PEERS,
    PLACE_LAST,
    SHIPS,
    STATE_ABBREVIATIONS,
    STREETS,
)
from sitegen.annotate.pieces import Piece
from sitegen.annotate.reading import Reading
from sitegen.annotate.spans import WITH_DISTRICT
from sitegen.annotate.weights import KINDS as WEIGHED
from sitegen.annotate.weights import NONE, ORGANISATIONS, PEOPLE, PLACES, Table, probabilities, scores

Kind = Literal["people", "organisations", "places", "events"]
EVENTS: Literal["events"] = "events"
KINDS: tuple[Kind, ...] = (PEOPLE, ORGANISATIONS, PLACES, EVENTS)

_SHARED = 0.5  # of a name's weight that all its mentions share
_FOR_PLACES = 0.7  # weighed too lightly by the texts of the training, which are no news
_THINGS = ORGANISATION_WORDS | PLACE_LAST | STREETS  # of which a title is but part of the name
_SURE, _TITLED, _BY_RULE = 0.99, 0.9, 0.7
_LIST = re.compile(r",? (?:and |or )?(?:\w{1,2}- )?")
_PARTY = re.compile(r"[A-Z]{1,4}-[A-Z][a-z]")  # "D-Plymouth", "DFL-Cook"


class Name(msgspec.Struct, eq=False):
    """A reading with its kind, "" for none, how sure it is, and the name in full of what it names.

    known: the id of the collection's record that it names, "" for none. at: where that record is, in degrees. own: how
    sure the signs alone are of a known name. why: what settled it, "" for its signs.
    """

    reading: Reading
    kind: Kind | Literal[""]
    score: float
    record: str
    known: str = ""
    at: tuple[float, float] | None = None
    own: float = 0.0
    why: str = ""

    @property
    def span(self) -> tuple[int, int]:
        """Start and end in the text, in code points."""
        piece = self.reading.piece
        return piece.block.offset + piece.start, piece.block.offset + piece.end


def decide(readings: Sequence[Reading], table: Table) -> list[Name]:
    """The readings with their kinds, in order."""
    for reading in readings:
        if reading.signs and _is_well_known(reading.piece):
            reading.signs.append("institution")
    loads = [scores(reading.signs, table) for reading in readings]
    shared: defaultdict[str, list[Sequence[float]]] = defaultdict(list)
    for reading, load in zip(readings, loads, strict=True):
        shared[reading.name].append(load)
    means = {
        name: [sum(weights) / len(alike) for weights in zip(*alike, strict=True)] if len(alike) > 1 else alike[0]
        for name, alike in shared.items()
    }
    names = [_decided(reading, load, means[reading.name]) for reading, load in zip(readings, loads, strict=True)]
    for before, name in pairwise(names):
        if _listed(before, name):
            name.kind, name.score = PLACES, max(_BY_RULE, name.score)
    return names


def _is_well_known(piece: Piece) -> bool:
    """Whether a piece is a well-known organisation, or one of its services in a language ("BBC Persian")."""
    service = piece.last - piece.first == 2 and piece.bare[-1] in DEMONYMS
    return piece.text in INSTITUTIONS or (service and piece.block.words[piece.first] in INSTITUTIONS)


def _decided(reading: Reading, load: Sequence[float], mean: Sequence[float]) -> Name:
    """The name of a reading by its own load and the mean of those of all readings of its name."""
    ruled = _by_rule(reading)
    if ruled:
        return Name(reading, *ruled, reading.name)
    mixed = list(load)
    if mean is not load:
        mixed = [(1 - _SHARED) * own + _SHARED * shared for own, shared in zip(load, mean, strict=True)]
    mixed[WEIGHED.index(PLACES)] += _FOR_PLACES
    chances = probabilities(mixed)
    score = max(chances)
    kind = WEIGHED[chances.index(score)]
    if kind == PLACES and _is_court(reading.piece):
        kind = ORGANISATIONS
    return Name(reading, "" if kind == NONE else kind, score, reading.name)


def _by_rule(reading: Reading) -> tuple[Kind | Literal[""], float] | None:
    """Kind and score where a rule has them."""
    piece = reading.piece
    money = piece.block.text.startswith("$", piece.end)  # "US$"
    if piece.office or money or piece.block.words[piece.first] in SHIPS:
        return "", _SURE
    if is_state(piece) or WITH_DISTRICT.fullmatch(piece.text):
        return PLACES, _SURE
    if _is_event(piece):
        return EVENTS, _BY_RULE
    if _is_peer(piece):
        return PEOPLE, _TITLED
    if not reading.known and (reading.text in THINGS or _PARTY.match(reading.text) or _is_shouted(reading)):
        return "", _SURE
    return None


def _listed(before: Name, name: Name) -> bool:
    """Whether a name stands with a place in "the villages of A, B and C" or "from A to B"."""
    if before.kind != PLACES or before.reading.piece.block is not name.reading.piece.block:
        return False
    between = before.reading.piece.block.text[before.reading.piece.end : name.reading.piece.start]
    if between == " to ":
        return "b=from" in before.reading.signs and name.kind != PEOPLE
    if not _LIST.fullmatch(between):
        return False
    listed = "bb of=noun" in before.reading.signs
    if listed:
        name.reading.signs.append("bb of=noun")  # and so the next
    return listed


def is_state(piece: Piece) -> bool:
    """Whether a piece is a state shortened: behind a town ("Athens, Ga."), or with a stop a word ("the S.C. line")."""
    word, gap = piece.block.words[piece.first], piece.block.gaps[piece.first]
    if piece.last - piece.first > 1 or word not in STATE_ABBREVIATIONS:
        return False
    return gap == ", " or (word.count(".") > 1 and gap == " " and not piece.before()[-1:].isdigit())


def _is_event(piece: Piece) -> bool:
    words, bare = piece.block.words[piece.first : piece.last], piece.bare
    if len(words) < 2:
        return False
    final = bare[-2 if len(words) > 2 and set(words[-1]) <= set("IVX") else -1]
    return final in EVENT_LAST or (bare[0] in EVENT_FIRST and words[1] == "of")


def _is_peer(piece: Piece) -> bool:
    """Whether a piece is a title that names its bearer: "Duke of Wellington"; not "Prince of Wales Hospital"."""
    words, bare = piece.block.words[piece.first : piece.last], piece.bare
    return len(words) > 2 and bare[0] in PEERS and words[1] == "of" and bare[-1] not in _THINGS


def _is_shouted(reading: Reading) -> bool:
    """Whether a piece is a run of words in capitals, where they mean nothing."""
    return reading.piece.last - reading.piece.first > 1 and reading.text.isupper()


def _is_court(piece: Piece) -> bool:
    return piece.bare[-1] == "court" and not JUDICIAL_WORDS.isdisjoint(piece.bare)
