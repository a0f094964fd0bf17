"""The toponyms of a text, with what it says of where they are, and the place that each of them means."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

import msgspec

from sitegen.annotate.gazetteer import Gazetteer, Place
from sitegen.annotate.kinds import Name, is_state
from sitegen.annotate.lexicon import COUNTRY_WORDS, SPELLINGS, STATE_ABBREVIATIONS
from sitegen.annotate.nested import nested
from sitegen.annotate.resolve import COUNTY, FEDERATIONS, Point, Toponym, resolve, settles, there, within
from sitegen.annotate.said import plural, said
from sitegen.annotate.signs import Document
from sitegen.annotate.spans import Block
from sitegen.annotate.weights import PEOPLE, PLACES

_WIDE = frozenset(("country", "region", "demonym"))
_LINK = re.compile(r"(?:, | and |, and | or |, or )(?:the )?")
_NEAR = 150  # code points
_SURELY = 0.7  # the score from which on a name is a place's, even if no such place is meant: below, one in ten was
_LARGE = 1_000_000  # inhabitants of a city that is meant by its name alone


class Inner(msgspec.Struct, frozen=True):
    """A place's name at start:end of the block of another name."""

    outer: Name
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.outer.reading.piece.block.text[self.start : self.end]


def locate(
    names: Sequence[Name], document: Document, places: Gazetteer, points: Mapping[str, Point]
) -> tuple[dict[str, Place], list[Inner]]:
    """The place meant by each toponym, and the places' names inside other names. points: where the collection has a name."""
    toponyms: dict[str, Toponym] = {}
    inner = []
    for name in names:
        reading = name.reading
        if name.kind == PLACES:
            toponym = toponyms.setdefault(reading.name, Toponym(_places(name, places)))
            toponym.count += 1
            toponym.said.add(said(reading.piece.block, reading.piece.first, reading.piece.last))
        if name.kind != PEOPLE and not reading.known and "a=disease" not in reading.signs:
            for start, end, known in nested(reading.piece, places):
                inner.append(Inner(name, start, end))
                toponym = toponyms.setdefault(inner[-1].text, Toponym(known))
                toponym.count += 1
                toponym.said.add(_said_inside(reading.piece.block, start, end))
    for chain in _chains(name for name in names if name.kind == PLACES):
        _link(chain, toponyms)
        _call(chain, toponyms, places)
    for text, toponym in toponyms.items():
        if text in points:
            toponym.decided = _decided(text, points[text], toponym.places)
            toponym.places = tuple(dict.fromkeys((toponym.decided, *toponym.places)))
        if toponym.stated and not any(settles(place, wide) for c in toponym.containers for wide in c for place in toponym.places):
            toponym.places = ()  # "Stroud, Ontario", which the gazetteer does not have, is not the one it has
    _look_around(names, toponyms)
    meant, strangers = resolve(toponyms, _peoples(names), _home(names, document))
    for name in names:
        if name.reading.name in strangers and name.kind == PLACES and name.score < _SURELY and not name.known:
            name.kind = ""  # of all that spoke for a place, only the gazetteer is left: "Obama", in Japan
    return meant, inner


def _said_inside(block: Block, start: int, end: int) -> str:
    """What text[start:end] of a block is called beside it."""
    return said(block, bisect_right(block.starts, start) - 1, bisect_left(block.starts, end))


def _call(chain: Sequence[Name], toponyms: dict[str, Toponym], places: Gazetteer) -> None:
    """Note for all places of a list what the noun behind it calls them: "Navarro, Henderson and Ellis counties"."""
    last = chain[-1].reading.piece if chain else None
    kind = plural(last.block, last.last) if last else ""
    for name in chain if kind else ():
        toponym = toponyms[name.reading.name]
        toponym.said.add(kind)
        if kind == COUNTY:
            known = places.lookup(f"{name.reading.name} County")
            toponym.places += tuple(place for place in known if place not in toponym.places)


def _places(name: Name, places: Gazetteer) -> tuple[Place, ...]:
    piece = name.reading.piece
    if is_state(piece):
        state = places.lookup(STATE_ABBREVIATIONS[piece.block.words[piece.first]])
        return tuple(place for place in state if place.kind == "region") or state[:1]
    return tuple(place for place in name.reading.known if place.kind != "demonym")


def _decided(text: str, point: Point, places: Iterable[Place]) -> Place:
    """The place of a known record: what the gazetteer has of that name at its point, or else just the point."""
    return next((place for place in places if there(place, point)), Place(text, "city", "", "", *point, 0, 0, 0, False))


def _peoples(names: Iterable[Name]) -> set[str]:
    """The countries of the demonyms of a text."""
    known = (name.reading.known for name in names)
    return {places[0].country for places in known if places and places[0].kind == "demonym"}


def _home(names: Iterable[Name], document: Document) -> str:
    """The country that a text is from, by words of its public life and its spelling; "" where they do not say."""
    votes = Counter(country for country, spellings in SPELLINGS.items() for word in spellings if word in document.words)
    for name in names:
        piece = name.reading.piece
        votes.update(COUNTRY_WORDS[word] for word in set(piece.block.words[piece.first : piece.last]) if word in COUNTRY_WORDS)
    (first, most), (_, second) = (*votes.most_common(2), ("", 0), ("", 0))[:2]
    return first if most > 2 * second else ""


def _chains(names: Iterable[Name]) -> Iterator[list[Name]]:
    """Places with nothing but commas, "and" or "or" between."""
    chain: list[Name] = []
    for name in names:
        if chain and not _LINK.fullmatch(_between(chain[-1], name)):
            yield chain
            chain = []
        chain.append(name)
    yield chain


def _between(name: Name, following: Name) -> str:
    """What stands between two names of a block."""
    piece, other = name.reading.piece, following.reading.piece
    return piece.block.text[piece.end : other.start] if piece.block is other.block else "\n"


def _link(chain: Sequence[Name], toponyms: dict[str, Toponym]) -> None:
    """Note for each place of a chain the one behind it, in which it may lie; of a list, that all are of a kind."""
    listed = _listed(chain)
    plain = all(_between(name, outer) == ", " for name, outer in pairwise(chain))
    for name, outer in pairwise(chain):
        toponym, behind = toponyms[name.reading.name], toponyms[outer.reading.name]
        if listed:
            toponym.listed = behind.listed = True
        elif _between(name, outer) == ", ":
            toponym.containers.append(behind.places)
            toponym.stated |= plain and outer in chain[-2:] and _is_state(behind.places)
            behind.outer |= any(within(place, wide) for wide in behind.places for place in toponym.places)


def _listed(chain: Sequence[Name]) -> bool:
    """Whether a chain lists regions or countries, rather than saying in which of them a place lies."""
    wide = all(any(place.kind in ("country", "region") for place in name.reading.known[:2]) for name in chain)
    if not wide or not any(_plainly_wide(name) for name in chain):
        return False
    return len(chain) > 2 or any(_between(name, following) != ", " for name, following in pairwise(chain))


def _is_state(places: Sequence[Place]) -> bool:
    """Whether a name is that of a region such as people write behind a town's name, first of all."""
    return bool(places) and places[0].kind == "region" and places[0].country in FEDERATIONS


def _plainly_wide(name: Name) -> bool:
    """Whether a name is a region's or country's before it is a city's, as "Washington" and "New York" are not."""
    known = name.reading.known
    return known[0].kind in ("country", "region") and not any(
        place.kind == "city" and place.population >= _LARGE for place in known
    )


def _look_around(names: Sequence[Name], toponyms: dict[str, Toponym]) -> None:
    """Note for each place the countries and regions that stand near it in the text."""
    wide = [name for name in names if name.reading.known and name.reading.known[0].kind in _WIDE]
    where = [_at(name) for name in wide]
    for name in names:
        if name.kind == PLACES:
            at = _at(name)
            for other in wide[bisect_left(where, at - _NEAR) : bisect_right(where, at + _NEAR)]:
                if other.reading.name != name.reading.name:
                    toponyms[name.reading.name].near.add(other.reading.known[0])


def _at(name: Name) -> int:
    return name.reading.piece.block.offset + name.reading.piece.start
