"""What is near a place. Places lie in tiles, so that a page reads nine of these and not every place there is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import floor

from sitegen.geo.projection import distance_km
from sitegen.model.entity import Location, Subject

_TILE, _ROUND = 4, 90  # degrees; tiles around the world
_FAR_KM, _MOST = 400.0, 8

Tiles = Mapping[str, Sequence[Subject]]


def tiles_of(places: Iterable[Subject]) -> Tiles:
    """The places that say where they are, by tile."""
    found: defaultdict[str, list[Subject]] = defaultdict(list)
    for subject in places:
        if at := subject.record.location:
            found[tile_of(at)].append(subject)
    return dict(found)


def tile_of(at: Location) -> str:
    """The tile that a point lies in."""
    return _name(*_tile(at))


def tiles_around(at: Location) -> list[str]:
    """A point's tile and those beside it, across the antimeridian too."""
    row, column = _tile(at)
    return [_name(row + up, column + right) for up in (-1, 0, 1) for right in (-1, 0, 1)]


def nearest(tiles: Tiles, subject: Subject) -> list[tuple[Subject, float]]:
    """The places nearest to one with their distance in km, eight at most and none beyond 400 km; ties by id.

    Where meridians draw together, beyond 60 degrees, it sees less far to the east and to the west.
    """
    here = subject.record.location
    if not here:
        return []
    found = []
    for name in tiles_around(here):
        for other in tiles.get(name, ()):
            at = other.record.location
            if at and other.id != subject.id and (km := distance_km(here.lat, here.lon, at.lat, at.lon)) <= _FAR_KM:
                found.append((round(km, 3), other.id, other))
    return [(other, km) for km, _, other in sorted(found, key=lambda item: item[:2])[:_MOST]]


def _tile(at: Location) -> tuple[int, int]:
    return floor(at.lat / _TILE), floor(at.lon / _TILE)


def _name(row: int, column: int) -> str:
    return f"{row} {(column + _ROUND // 2) % _ROUND}"
