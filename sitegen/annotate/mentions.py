"""Find the names in a text and say what they name. Pure; English; by rules and a linear model, nothing to download.

The story: the text is read into capitalised pieces with their signs (`reading`); the signs are weighed, and a name has
one kind in a text, to which all its pieces contribute (`kinds`); acronyms, surnames and capitals are joined with the
names in full (`naming`); places are told apart by the other places of the text (`toponyms`, `resolve`). What the
collection has decided on a name goes before all of it (`known`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from sitegen.annotate.gazetteer import Place, gazetteer
from sitegen.annotate.headlines import known_names
from sitegen.annotate.kinds import KINDS, Kind, Name, decide
from sitegen.annotate.known import Known, Settled, reason, settle, surety
from sitegen.annotate.model import Pipeline, Seen, overlapping, witness
from sitegen.annotate.naming import join
from sitegen.annotate.reading import read
from sitegen.annotate.reasons import reasons
from sitegen.annotate.resolve import there
from sitegen.annotate.toponyms import Inner, locate
from sitegen.annotate.weights import PLACES, weights
from sitegen.model.text import canonical, folded

_BY_MODEL = 0.5  # how sure a name is that only a pipeline sees
_INSIDE = 0.6  # how sure a place inside another name is


class Found(msgspec.Struct, frozen=True):
    """A name at text[start:end], in code points.

    record: the name in full of what is meant, as the text or the gazetteer has it. lat, lon: degrees, WGS 84, of places
    that the gazetteer has. score: 0 to 1, how sure it is a name of this kind. why: the signs that say so. role: of
    people, what they are in the words of the text. inside: it is part of another name. known: the id of the record of the
    collection that is meant, "" for none.
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
    known: str = ""


class Aids(msgspec.Struct, frozen=True):
    """What the finder is told besides a text: the records of the collection, and a spaCy pipeline to ask."""

    known: Known | None = None
    pipeline: Pipeline | None = None


NONE = Aids()


def mentions(text: str, aids: Aids = NONE) -> list[Found]:
    """The names of people, organisations, places and events in a text, in reading order.

    None overlap, but for places inside the names of other things, which come behind those. aids: what else is known.
    Raises: SiteError where the pipeline cannot be loaded.
    """
    places = gazetteer()
    readings, document = read(text, places)
    seen = witness(readings, aids.pipeline.seen(text), listed=aids.pipeline.listed) if aids.pipeline else []
    names = known_names(decide(readings, weights()))
    settled = settle(text, names, aids.known) if aids.known else Settled(names)
    names = settled.names
    where, inner = locate(names, document, places, settled.points)
    settled.place(where)
    join(names, where, places)
    settled.join()
    found = [_found(name, where.get(name.reading.name), text, aids) for name in names if name.kind]
    if aids.known:
        found += _loose(settled, aids.known, where, text)
    if aids.pipeline:
        decided = [name.span for name in names if name.known] + [(mark.start, mark.end) for mark, _ in settled.loose]
        taken = [(one.start, one.end) for one in found] + decided
        found += _seen([one for one in seen if not overlapping((one.start, one.end), taken)], text, aids)
    spans = {(one.start, one.end) for one in found}
    found += [one for place in inner if ((one := _inside(place, where.get(place.text), text)).start, one.end) not in spans]
    return sorted(found, key=lambda mention: (mention.start, -mention.end))


def _found(name: Name, place: Place | None, text: str, aids: Aids) -> Found:
    start, end = name.span
    lat, lon = (name.at or _point(place)) if name.kind == PLACES else (None, None)
    assert name.kind
    score, why = round(name.score, 3), reasons(name)
    role = name.reading.piece.role
    if aids.pipeline and {f"model={name.kind}", f"list={name.kind}"} & set(name.reading.signs):
        why += f"; so says {aids.pipeline.version}"
    return Found(start, end, text[start:end], name.kind, name.record, lat, lon, score, why, role, known=name.known)


def _loose(settled: Settled, known: Known, where: Mapping[str, Place], text: str) -> Iterator[Found]:
    """Known names that the finder alone would not find; inside a longer name, only places."""
    for mark, inside in settled.loose:
        entry, said = known.entries[mark.record], text[mark.start : mark.end]
        kind = next((kind for kind in KINDS if kind == entry.kind), None)
        elsewhere = entry.point and said in where and not there(where[said], entry.point)
        if kind and (kind == PLACES or not inside) and not elsewhere:
            lat, lon = entry.point or (None, None)
            score, why = surety(mark, said, entry), reason(entry)
            yield Found(mark.start, mark.end, said, kind, entry.name, lat, lon, score, why, inside=inside, known=entry.id)


def _seen(seen: Sequence[Seen], text: str, aids: Aids) -> list[Found]:
    """What only the pipeline sees, and nobody has refused."""
    refused = aids.known.refused if aids.known else frozenset()
    version = aids.pipeline.version if aids.pipeline else ""
    made = []
    for one in seen:
        name = text[one.start : one.end]
        if name.lower() != name and folded(name) not in refused:
            why = f"{one.label}, says {version}"
            made.append(Found(one.start, one.end, name, one.kind, canonical(name), None, None, _BY_MODEL, why))
    return made


def _inside(inner: Inner, place: Place | None, text: str) -> Found:
    block = inner.outer.reading.piece.block
    start, end = block.offset + inner.start, block.offset + inner.end
    lat, lon = _point(place)
    record = place.name if place and place.kind == "country" else inner.text
    why = f'inside "{inner.outer.reading.text}"'
    return Found(start, end, text[start:end], PLACES, record, lat, lon, _INSIDE, why, inside=True)


def _point(place: Place | None) -> tuple[float, float] | tuple[None, None]:
    return (place.lat, place.lon) if place else (None, None)
