"""Which maps the site has. Laying one out is dear, so a map is asked for by value and made by a stage."""

from __future__ import annotations

import msgspec

from sitegen.errors import Issue
from sitegen.geo.layout import MapLayout, Pin, lay_out, locate
from sitegen.model.entity import PLACES, Location
from sitegen.relate.authority import record_of
from sitegen.relate.index import Index

WORLD = "world"  # the id under which the map of all places goes


class MapRequest(msgspec.Struct, frozen=True):
    """A map to lay out: all pins together, or the place of the first among the others."""

    id: str
    pins: tuple[Pin, ...]
    locator: bool


def map_requests(index: Index) -> list[MapRequest]:
    """The map of all named places, and a locator map for every record that has a place on Earth."""
    pins = {record: _pin(index, record, location) for record, location in located(index).items()}
    places = tuple(pin for record, pin in pins.items() if record.startswith(PLACES + "/") and pin.count)
    requests = [MapRequest(WORLD, places, locator=False)] if places else []
    return requests + [MapRequest(record, (pin,), locator=True) for record, pin in pins.items()]


def located(index: Index) -> dict[str, Location]:
    """The published records that say where they are, in order of id."""
    found = {}
    for record, document in sorted(index.authority.records.items()):
        location = record_of(document).location
        if location is not None:
            found[record] = location
    return found


def draw(request: MapRequest) -> tuple[MapLayout, tuple[Issue, ...]]:
    """Lay a map out: the stage behind `MapRequest`."""
    if request.locator:
        return locate(request.pins[0]), ()
    return lay_out(request.pins), ()


def _pin(index: Index, record: str, location: Location) -> Pin:
    document = index.authority.records[record]
    return Pin(document.title, document.url, location.lat, location.lon, index.count(record))
