"""Read a collection's own outlines from GeoJSON (RFC 7946): polygons are land, lines are borders, points are left out.

Where there are several polygons, as of states, their edges are borders too. Refuses what is not in degrees, and what is larger
than a map can show. Rings may cross the antimeridian, or go round a pole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import msgspec

from sitegen.geo.outlines import Outlines, OwnOutlines, outline_of
from sitegen.geo.projection import Point

MOST_BYTES, MOST_POINTS = 32_000_000, 400_000
_FEWEST = 3  # different points of a ring


class NoOutlines(ValueError):
    """Why a file is of no use, on which line as far as that is known, and what to do about it."""

    def __init__(self, message: str, help: str, line: int = 1) -> None:
        super().__init__(message)
        self.help, self.line = help, line


def read_outlines(data: bytes) -> OwnOutlines:
    """Return the outlines. Raises: NoOutlines."""
    if len(data) > MOST_BYTES:
        raise NoOutlines(
            f"the file has {len(data):,} bytes, and {MOST_BYTES:,} are the most", "simplify it: mapshaper, or ogr2ogr -simplify"
        )
    reader = _Reader()
    try:
        reader.look(msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf")), "the file")
    except msgspec.DecodeError as error:
        found = re.search(r"byte (\d+)", str(error))
        line = data[: int(found[1])].count(b"\n") + 1 if found else 1
        raise NoOutlines(f"this is no JSON: {error}", "save it as GeoJSON, in UTF-8", line) from error
    except RecursionError as error:
        raise NoOutlines(
            "geometries lie in each other too deeply", "save it as a FeatureCollection of polygons and lines"
        ) from error
    if not reader.rings and not reader.lines:
        raise NoOutlines("the file holds no polygon and no line", "points alone make no outlines: save areas or borders")
    land = [outline_of(ring, closed=True) for ring in reader.rings]
    edges = [(*ring, ring[0]) for ring in reader.edges] if reader.polygons > 1 else []
    borders = [outline_of(line, closed=False) for line in (*reader.lines, *edges)]
    return OwnOutlines(Outlines(tuple(land), tuple(borders)))


class _Reader:
    """What was found so far. rings: of land, holes turning the other way; edges: the same without the way over a pole."""

    def __init__(self) -> None:
        self.rings: list[Sequence[Point]] = []
        self.edges: list[Sequence[Point]] = []
        self.lines: list[Sequence[Point]] = []
        self.polygons, self.points = 0, 0

    def look(self, found: Any, where: str) -> None:
        if not isinstance(found, dict) or not isinstance(found.get("type"), str):
            raise NoOutlines(f"{where} is no GeoJSON object", 'it must be {"type": "FeatureCollection", "features": […]}')
        parts = found.get("coordinates")
        match found["type"]:
            case "FeatureCollection":
                for number, feature in enumerate(_list(found.get("features"), where), 1):
                    self.look(feature, f"feature {number}")
            case "Feature":
                if found.get("geometry") is not None:
                    self.look(found["geometry"], where)
            case "GeometryCollection":
                for geometry in _list(found.get("geometries"), where):
                    self.look(geometry, where)
            case "Polygon":
                self._polygon(parts, where)
            case "MultiPolygon":
                for polygon in _list(parts, where):
                    self._polygon(polygon, where)
            case "LineString":
                self._line(parts, where)
            case "MultiLineString":
                for line in _list(parts, where):
                    self._line(line, where)
            case "Point" | "MultiPoint":
                pass
            case other:
                kinds = "FeatureCollection, Feature, Polygon, MultiPolygon, LineString, MultiLineString or GeometryCollection"
                raise NoOutlines(f'{where} is a "{other[:40]}", which GeoJSON does not know', f"it must be a {kinds}")

    def _polygon(self, rings: Any, where: str) -> None:
        self.polygons += 1
        for number, positions in enumerate(_list(rings, where)):
            points = list(_unwound(self._positions(positions, where)))
            if points and points[0] == points[-1]:
                del points[-1]
            if len(set(points)) < _FEWEST:
                continue
            turned = _signed_area(points) < 0
            if turned != (number > 0):  # SVG fills by winding: land turns one way, lakes the other
                points.reverse()
            self.edges.append(points)
            self.rings.append(_over_the_pole(points))

    def _line(self, positions: Any, where: str) -> None:
        points = list(_unwound(self._positions(positions, where)))
        if len(points) > 1:
            self.lines.append(points)

    def _positions(self, positions: Any, where: str) -> list[Point]:
        found = []
        for position in _list(positions, where):
            numbers = position[:2] if isinstance(position, list) else []
            if len(numbers) < 2 or any(isinstance(n, bool) or not isinstance(n, int | float) for n in numbers):
                raise NoOutlines(f"{where} has a position that is no pair of numbers", "positions are [longitude, latitude]")
            longitude, latitude = numbers
            if not (-360 <= longitude <= 360 and -90 <= latitude <= 90):
                message = f"{where} has the position {longitude:.6g}, {latitude:.6g}, which is not in degrees"
                raise NoOutlines(message, "GeoJSON has longitude, then latitude, WGS 84: ogr2ogr -t_srs EPSG:4326 converts it")
            found.append((float(longitude), float(latitude)))
        self.points += len(found)
        if self.points > MOST_POINTS:
            raise NoOutlines(f"the file has more than {MOST_POINTS:,} points", "simplify it: mapshaper, or ogr2ogr -simplify")
        return found


def _list(found: Any, where: str) -> list[Any]:
    if not isinstance(found, list):
        raise NoOutlines(f"{where} lacks its list of coordinates or features", "save it as GeoJSON again")
    return found


def _unwound(points: Sequence[Point]) -> Iterator[Point]:
    """Yield the points with longitudes that run on past 180 degrees where the line crosses the antimeridian."""
    yield from points[:1]
    turns = 0.0
    for (before, _), (longitude, latitude) in pairwise(points):
        # An edge along the antimeridian itself, by which files are cut there, has no length across.
        turns -= 360.0 * round((longitude - before) / 360) if abs(abs(longitude - before) - 360) < 179 else 0.0
        yield longitude + turns, latitude


def _over_the_pole(ring: Sequence[Point]) -> Sequence[Point]:
    """Return the ring, one that goes round a pole closed along it, as maps that are cut at the antimeridian draw it."""
    (first, _), (last, _) = ring[0], ring[-1]
    if abs(last - first) < 180:
        return ring
    whole = first + 360.0 * round((last - first) / 360)
    pole = 90.0 if sum(latitude for _, latitude in ring) > 0 else -90.0
    return [*ring, (whole, ring[0][1]), (whole, pole), (first, pole)]


def _signed_area(ring: Sequence[Point]) -> float:
    return sum((x2 - x1) * (y2 + y1) for (x1, y1), (x2, y2) in pairwise([*ring, ring[0]]))
