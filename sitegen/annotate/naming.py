"""One thing, one name: acronyms and what they stand for, surnames and full names, a country's names, capitals.

A name stands for one thing in a text. `join` gives each name of it the record, which is the name in full, and the kind of
those it is joined with.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sitegen.annotate.gazetteer import Gazetteer, Place
from sitegen.annotate.institutions import INSTITUTIONS
from sitegen.annotate.kinds import Kind, Name, is_state
from sitegen.annotate.lexicon import ORGANISATION_WORDS
from sitegen.annotate.pieces import Piece
from sitegen.annotate.spans import acronym
from sitegen.annotate.weights import ORGANISATIONS, PEOPLE, PLACES

_FILLERS = re.compile(
    r"\b(?:formerly|previously|now|or|and|also|known|as|called|aka|the|abbreviated|hereafter|short|for)\b"
    r"|[/,;.\"' ]"
)
_ACRONYM = re.compile(r"\b[A-Z][A-Za-z&]{0,6}[A-Z]\b")
_LONGEST = 12  # words that an acronym stands for
_EXPLAINED = 0.95  # how sure the kind is of an acronym that the text explains
_BY_SURNAME = 0.9
_PLAIN_PLACE = 0.9  # how sure a place is that a surname does not claim


def join(names: Sequence[Name], where: Mapping[str, Place], places: Gazetteer) -> None:
    """Give each name its record, and those that are joined one kind. Names that the collection knows stay as they are."""
    for name in names:
        place = where.get(name.reading.name)
        if name.kind != PLACES or not place or name.known:
            continue
        if place.kind == "country" or (is_state(name.reading.piece) and where.get(place.name, place) == place):
            name.record = place.name
    _join_cities(names, where)
    _join_capitals(names)
    _join_acronyms(names, places)
    _join_surnames(names)


def _join_cities(names: Iterable[Name], where: Mapping[str, Place]) -> None:
    """Names of one city, "Kyiv" and "Kiev", are one: the gazetteer's own where the text has it, else the commonest."""
    said: defaultdict[Place, Counter[str]] = defaultdict(Counter)
    meant = [(name, place) for name in names if name.kind == PLACES and (place := where.get(name.reading.name))]
    for name, place in meant:
        if place.kind == "city" and not name.known:
            said[place][name.record] += 1
    for name, place in meant:
        called = said.get(place, ())
        if len(called) > 1 and not name.known:
            name.record = place.name if place.name in called else max(called, key=called.__getitem__)


def _join_capitals(names: Iterable[Name]) -> None:
    """A name in capitals, "RAQQA", is the one that is also written in the usual way."""
    usual = {name.record.upper(): name for name in names if name.kind and not name.reading.text.isupper()}
    for name in names:
        text = name.reading.text
        if len(text) > 3 and text.isupper() and text in usual and not name.reading.piece.office and not name.known:
            name.kind, name.record = usual[text].kind, usual[text].record


def _join_acronyms(names: Sequence[Name], places: Gazetteer) -> None:
    """An acronym is what the text says it stands for, or else the one organisation that has its initials, or is well known."""
    explained = dict(_expansions((name.reading.piece for name in names), places))
    owners = defaultdict(set)
    for name in names:
        if name.kind == ORGANISATIONS and " " in name.record:
            owners[_initials(name.record.split())].add(name.record)
    for name in names:
        if name.known:
            continue
        text = name.reading.name
        text = text.replace(".", "") if acronym(text) else text  # "E.U." is "EU"
        if text in explained or text in explained.values():
            full = explained.get(text, text)
            kind: Kind = PLACES if places.lookup(full) else ORGANISATIONS
            name.kind, name.record, name.score = kind, INSTITUTIONS.get(full, full), max(name.score, _EXPLAINED)
        elif len(text) > 2 and len(owners.get(text, ())) == 1 and not name.reading.known and not name.reading.piece.office:
            name.kind, name.score = ORGANISATIONS, max(name.score, _EXPLAINED)
            (full,) = owners[text]
            name.record = INSTITUTIONS.get(full, full)
        elif name.kind == ORGANISATIONS and name.record == name.reading.name:
            name.record = INSTITUTIONS.get(name.reading.text, text)


def _join_surnames(names: Iterable[Name]) -> None:
    """A surname or first name alone is the person of that name whom the text names in full, where there is one only."""
    full: defaultdict[str, set[str]] = defaultdict(set)
    given: defaultdict[str, set[str]] = defaultdict(set)
    for name in names:
        if name.kind == PEOPLE and " " in name.record:
            full[name.record.rsplit(" ", 1)[1]].add(name.record)
            given[name.record.split(" ", 1)[0]].add(name.record)
    for name in names:
        text = name.reading.name
        if name.reading.piece.office or " " in text or name.known:
            continue
        plain = name.kind == PLACES and bool(name.reading.known) and name.score > _PLAIN_PLACE
        if _one(full.get(text, ())) and not plain:
            name.kind, name.record, name.score = PEOPLE, max(full[text], key=len), max(name.score, _BY_SURNAME)
        elif name.kind == PEOPLE and text not in full and _one(given.get(text, ())):
            name.record = max(given[text], key=len)


def _one(names: Iterable[str]) -> bool:
    """Whether full names are of one person: "John Smith", "John A. Smith"."""
    return len({(name.split()[0], name.split()[-1]) for name in names}) == 1


def _expansions(pieces: Iterable[Piece], places: Gazetteer) -> Iterator[tuple[str, str]]:
    """(acronym, what it stands for) wherever the text says so: "World Bank (WB)", "WB (World Bank)"."""
    for piece in pieces:
        text = piece.block.text
        opening = piece.end + (2 if piece.block.genitive(piece.last - 1) else 0)
        closing = text.find(")", opening)
        if text[opening : opening + 2] != " (" or closing < 0:
            continue
        inside = text[opening + 2 : closing]
        acronyms = _ACRONYM.findall(inside)
        final = piece.block.words[piece.last - 1]
        if acronyms and not _FILLERS.sub("", _ACRONYM.sub("", inside)):
            name = _expansion(piece, acronyms, places)
            yield from ((short, name) for short in acronyms if name)
        elif acronym(final) and _initials(inside.split()) == final.upper():
            yield final, inside


def _expansion(piece: Piece, acronyms: Sequence[str], places: Gazetteer) -> str:
    """The end of the piece whose initials are an acronym; the whole where it is plainly an organisation."""
    words, text = piece.block.words[piece.first : piece.last], piece.block.text
    for first in range(max(0, len(words) - _LONGEST), len(words) - 1):
        if _initials(words[first:]) in acronyms:
            return text[piece.block.starts[piece.first + first] : piece.end]
    plain = len(words) > 1 and (piece.bare[-1] in ORGANISATION_WORDS or bool(places.lookup(piece.text)))
    return piece.text if plain and len(acronyms) == 1 else ""


def _initials(words: Sequence[str]) -> str:
    return "".join(word[0] for word in words if word[0].isupper())
