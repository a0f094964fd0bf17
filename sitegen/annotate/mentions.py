"""Find the names in a text and say what they name. Pure; English; by rules and a linear model, nothing to download.

The story: the text is read into capitalised pieces with their signs (`reading`); the signs are weighed, and a name has
one kind in a text, to which all its pieces contribute (`kinds`); acronyms, surnames and capitals are joined with the
names in full (`naming`); places are told apart by the other places of the text (`toponyms`, `resolve`).
"""

from __future__ import annotations

from dataclasses import dataclass

from sitegen.annotate.gazetteer import Place, gazetteer
from sitegen.annotate.headlines import known_names
from sitegen.annotate.kinds import Kind, Name, decide
from sitegen.annotate.naming import join
from sitegen.annotate.reading import read
from sitegen.annotate.reasons import reasons
from sitegen.annotate.toponyms import Inner, locate
from sitegen.annotate.weights import PLACES, weights

_INSIDE = 0.6  # how sure a place inside another name is


@dataclass(frozen=True, slots=True)
class Found:
    """A name at text[start:end], in code points.

    record: the name in full of what is meant, as the text or the gazetteer has it. lat, lon: degrees, WGS 84, of places
    that the gazetteer has. score: 0 to 1, how sure it is a name of this kind. why: the signs that say so. role: of
    people, what they are in the words of the text. inside: it is part of another name.
    """

    start: int
    end: int
    text: str
    kind: Kind
    record: str
    lat: float | None
    lon: float | None
    score: float
    why: str
    role: str = ""
    inside: bool = False


def mentions(text: str) -> list[Found]:
    """The names of people, organisations, places and events in a text, in reading order.

    None overlap, but for places inside the names of other things, which come behind those.
    """
    places = gazetteer()
    readings, document = read(text, places)
    names = known_names(decide(readings, weights()))
    where, inner = locate(names, document, places)
    join(names, where, places)
    found = [_found(name, where.get(name.reading.name), text) for name in names if name.kind]
    found += [_inside(place, where.get(place.text), text) for place in inner]
    return sorted(found, key=lambda mention: (mention.start, -mention.end))


def _found(name: Name, place: Place | None, text: str) -> Found:
    piece = name.reading.piece
    start, end = piece.block.offset + piece.start, piece.block.offset + piece.end
    lat, lon = _point(place if name.kind == PLACES else None)
    assert name.kind
    score, why = round(name.score, 3), reasons(name)
    return Found(start, end, text[start:end], name.kind, name.record, lat, lon, score, why, piece.role)


def _inside(inner: Inner, place: Place | None, text: str) -> Found:
    block = inner.outer.reading.piece.block
    start, end = block.offset + inner.start, block.offset + inner.end
    lat, lon = _point(place)
    record = place.name if place and place.kind == "country" else inner.text
    why = f'inside "{inner.outer.reading.text}"'
    return Found(start, end, text[start:end], PLACES, record, lat, lon, _INSIDE, why, inside=True)


def _point(place: Place | None) -> tuple[float, float] | tuple[None, None]:
    return (place.lat, place.lon) if place else (None, None)
