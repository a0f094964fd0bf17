"""Which maps the site has. Laying one out is dear: a view asks for it by value, and it is made when the page is."""

from __future__ import annotations

import heapq
from collections.abc import Mapping

import msgspec

from sitegen.geo.map import MapLayout, Pin
from sitegen.model.entity import PLACES, Subject
from sitegen.relate.index import Index
from sitegen.relate.near import nearest

# A map that shows more shows nothing: the most named places stand for all.
_PINS, _SMALL = 400, 12
_WIDTH = 240  # pixels of a small one, about as wide as a margin


class MapRequest(msgspec.Struct, frozen=True, array_like=True):
    """A map to lay out: all pins together, as large or as a small one, or the first on its surroundings."""

    pins: tuple[Pin, ...]
    locator: bool
    small: bool = False


def world(index: Index) -> MapRequest | None:
    """The map of the most named places; None where none says where it is."""
    most = heapq.nsmallest(_PINS, index.located, key=lambda subject: (-index.count(subject.id), subject.id))
    pins = tuple(pin for subject in sorted(most, key=lambda subject: subject.id) if (pin := _pin(index, subject)))
    return MapRequest(pins, locator=False) if pins else None


def locator(index: Index, subject: Subject) -> MapRequest | None:
    """The map that shows where a record is, a place with those near it; None where it does not say."""
    pin = _pin(index, subject)
    near = [_pin(index, other) for other, _ in nearest(index.tiles, subject)] if subject.kind == PLACES else []
    return MapRequest((pin, *filter(None, near)), locator=True) if pin else None


def among(index: Index, counts: Mapping[str, int]) -> MapRequest | None:
    """A small map of the places among these records, each with its count; None where none says where it is."""
    records = index.authority.records
    places = [doc_id for doc_id in counts if records[doc_id].kind == PLACES]
    most = heapq.nsmallest(_SMALL, places, key=lambda doc_id: (-counts[doc_id], doc_id))
    pins = tuple(pin for doc_id in sorted(most) if (pin := _pin(index, records[doc_id], counts[doc_id])))
    return MapRequest(pins, locator=False, small=True) if pins else None


def draw(request: MapRequest) -> MapLayout:
    """Lay a map out."""
    from sitegen.geo.layout import lay_out, locate, sketch  # outlines of the whole world come with it

    if request.locator:
        return locate(request.pins[0], others=request.pins[1:], width=_WIDTH)
    return sketch(request.pins, width=_WIDTH) if request.small else lay_out(request.pins)


def _pin(index: Index, subject: Subject, count: int = 0) -> Pin | None:
    at = subject.record.location
    return Pin(subject.title, subject.url, at.lat, at.lon, count or index.count(subject.id)) if at else None
