"""Which maps the site has. Laying one out is dear: a view asks for it by value, and it is made when the page is."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from sitegen.geo.map import MapLayout, Pin
from sitegen.model.entity import PLACES, Subject
from sitegen.relate.index import Index
from sitegen.relate.near import nearest

if TYPE_CHECKING:
    from sitegen.geo.layout import Keep
    from sitegen.geo.outlines import OwnOutlines

# A map that shows more shows nothing: the most named places stand for all.
_PINS, _SMALL = 400, 12
_WIDTH = 240  # pixels of a small one, about as wide as a margin
_PERIODS, _STEPS = 12, (1, 5, 10, 20, 25, 50, 100, 200, 500, 1000)


class MapRequest(msgspec.Struct, frozen=True, array_like=True):
    """A map to lay out: all pins together, as large or as a small one, or the first on its surroundings.

    periods: see `MapLayout`.
    """

    pins: tuple[Pin, ...]
    locator: bool
    small: bool = False
    periods: tuple[str, ...] = ()


def world(index: Index) -> MapRequest | None:
    """The map of the most named places; None where none says where it is."""
    most = heapq.nsmallest(_PINS, index.located, key=lambda subject: (-index.count(subject.id), subject.id))
    years = {subject.id: {year for facts in index.named[subject.id] if (year := facts.year)} for subject in most}
    spans = _spans(sorted(set().union(*years.values())))
    pins = []
    for subject in sorted(most, key=lambda subject: subject.id):
        if pin := _pin(index, subject):
            periods = tuple(at for at, span in enumerate(spans) if not years[subject.id].isdisjoint(span))
            pins.append(replace(pin, periods=periods))
    return MapRequest(tuple(pins), locator=False, periods=tuple(map(_span_words, spans))) if pins else None


def _spans(years: Sequence[int]) -> list[range]:
    """At most so many spans of years, of equal length, beginning with round years: those that hold any of the years."""
    if len(years) <= 1:
        return []
    for step in _STEPS:
        starts = sorted({year // step * step for year in years})
        if len(starts) <= _PERIODS:
            return [range(start, start + step) for start in starts] if len(starts) > 1 else []
    return []


def _span_words(span: range) -> str:
    return f"{span[0]}–{span[-1]}" if len(span) > 1 else str(span[0])


def locator(index: Index, subject: Subject) -> MapRequest | None:
    """The map that shows where a record is, a place with those near it; None where it does not say."""
    pin = _pin(index, subject)
    near = [_pin(index, other) for other, _ in nearest(index.tiles, subject)] if subject.kind == PLACES else []
    return MapRequest((pin, *filter(None, near)), locator=True) if pin else None


def among(index: Index, counts: Mapping[str, int]) -> MapRequest | None:
    """A small map of the places among these records, each with its count; None where none says where it is."""
    records = index.authority.records
    places = filter(index.is_place.__getitem__, counts)
    most = heapq.nsmallest(_SMALL, places, key=lambda doc_id: (-counts[doc_id], doc_id))
    pins = tuple(pin for doc_id in sorted(most) if (pin := _pin(index, records[doc_id], counts[doc_id])))
    return MapRequest(pins, locator=False, small=True) if pins else None


def draw(request: MapRequest, own: OwnOutlines | None = None, keep: Keep | None = None) -> MapLayout:
    """Lay a map out. own: what lies under the pins, instead of the world's outlines. keep: see `geo.layout.sketch`."""
    from sitegen.geo.layout import lay_out, locate, sketch  # outlines of the whole world come with it

    if request.locator:
        return locate(request.pins[0], others=request.pins[1:], width=_WIDTH, own=own)
    if request.small:
        return sketch(request.pins, width=_WIDTH, own=own, keep=keep)
    return replace(lay_out(request.pins, own=own), periods=request.periods)


def _pin(index: Index, subject: Subject, count: int = 0) -> Pin | None:
    at = subject.record.location
    return Pin(subject.title, subject.url, at.lat, at.lon, count or index.count(subject.id)) if at else None
