"""Which maps the site has. Laying one out is dear: a view asks for it by value, and it is made when the page is."""

from __future__ import annotations

import heapq

import msgspec

from sitegen.geo.map import MapLayout, Pin
from sitegen.model.entity import PLACES, Subject
from sitegen.relate.index import Index

# A map that shows more shows nothing: the most named places stand for all.
_PINS = 400


class MapRequest(msgspec.Struct, frozen=True, array_like=True):
    """A map to lay out: all pins together, or one place on its surroundings."""

    pins: tuple[Pin, ...]
    locator: bool


def world(index: Index) -> MapRequest | None:
    """The map of the most named places; None where none says where it is."""
    places = (s for s in index.authority.records.values() if s.kind == PLACES and s.record.location and index.count(s.id))
    most = heapq.nsmallest(_PINS, places, key=lambda subject: (-index.count(subject.id), subject.id))
    pins = tuple(pin for subject in sorted(most, key=lambda subject: subject.id) if (pin := _pin(index, subject)))
    return MapRequest(pins, locator=False) if pins else None


def locator(index: Index, subject: Subject) -> MapRequest | None:
    """The map that shows where a record is; None where it does not say."""
    pin = _pin(index, subject)
    return MapRequest((pin,), locator=True) if pin else None


def draw(request: MapRequest) -> MapLayout:
    """Lay a map out."""
    from sitegen.geo.layout import lay_out, locate  # outlines of the whole world come with it

    return locate(request.pins[0]) if request.locator else lay_out(request.pins)


def _pin(index: Index, subject: Subject) -> Pin | None:
    at = subject.record.location
    return Pin(subject.title, subject.url, at.lat, at.lon, index.count(subject.id)) if at else None
