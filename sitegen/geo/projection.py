"""Project longitudes and latitudes onto a plane, and measure distances on the sphere.

Points are (longitude, latitude) in degrees, WGS 84, treated as on a sphere: coasts and places alike, so that
they agree. Planes have x to the east and y to the north, in radii of the sphere, with (0, 0) at the
projection's centre. Both projections are equal-area: a square unit is a steradian everywhere, so how large a
coast will be on a map is known before it is projected.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Protocol

import msgspec

from sitegen.geo.map import check_degrees

Point = tuple[float, float]

EARTH_RADIUS_KM = 6371.0088  # the IUGG mean radius


class Box(msgspec.Struct, frozen=True):
    """A rectangle, of degrees, of plane units or of pixels; `low_y` is the south, or the top of an image."""

    low_x: float
    low_y: float
    high_x: float
    high_y: float

    def meets(self, other: Box) -> bool:
        """Return whether the two have more than an edge in common."""
        across = self.low_x < other.high_x and other.low_x < self.high_x
        return across and self.low_y < other.high_y and other.low_y < self.high_y


class Projection(Protocol):
    """A map projection and its centre."""

    @property
    def longitude(self) -> float:
        """Return the central meridian in degrees; maps are cut at the meridian opposite."""

    def project(self, points: Iterable[Point]) -> list[Point]:
        """Return the points in plane units. Longitudes are taken as they are, never wrapped."""

    def reach(self, plane: Box) -> Box:
        """Return degrees that hold every place whose image lies in that part of the plane."""


class EqualEarth(msgspec.Struct, frozen=True):
    """The whole world, 5.4133 units wide and 2.6347 high.

    Source: Šavrič, Patterson and Jenny (2018), "The Equal Earth map projection",
    doi:10.1080/13658816.2018.1504949.
    """

    longitude: float

    def project(self, points: Iterable[Point]) -> list[Point]:
        """Return the points in plane units; straight only for longitudes within 180 degrees of the centre."""
        radians, sin, cos, asin = math.radians, math.sin, math.cos, math.asin
        projected = []
        for longitude, latitude in points:
            t = asin(_M * sin(radians(latitude)))
            t2 = t * t
            t6 = t2 * t2 * t2
            stretch = _M * (_A1 + 3 * _A2 * t2 + t6 * (7 * _A3 + 9 * _A4 * t2))
            x = radians(longitude - self.longitude) * cos(t) / stretch
            projected.append((x, t * (_A1 + _A2 * t2 + t6 * (_A3 + _A4 * t2))))
        return projected

    def reach(self, plane: Box) -> Box:
        """Return the whole world: its edge lies within reach of most views."""
        return Box(self.longitude - 180, -90, self.longitude + 180, 90)


_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_M = math.sqrt(3) / 2


class AzimuthalEqualArea(msgspec.Struct, frozen=True):
    """Lambert's projection for a region: shapes stay true near the centre, at any latitude.

    Source: Snyder (1987), "Map projections: a working manual", USGS Professional Paper 1395, pages 182-190.
    """

    longitude: float
    latitude: float

    def project(self, points: Iterable[Point]) -> list[Point]:
        """Return the points in plane units. The point opposite the centre has no image: it lands far away."""
        sin, cos, sqrt, degree = math.sin, math.cos, math.sqrt, math.pi / 180  # this loop sees every point of a coast
        middle = self.longitude
        sin0, cos0 = sin(self.latitude * degree), cos(self.latitude * degree)
        projected = []
        for longitude, latitude in points:
            east, north = (longitude - middle) * degree, latitude * degree
            sin_north, cos_north = sin(north), cos(north)
            across = cos_north * cos(east)
            near = 1 + sin0 * sin_north + cos0 * across
            k = sqrt(2 / (near if near > 1e-9 else 1e-9))
            projected.append((k * cos_north * sin(east), k * (cos0 * sin_north - sin0 * across)))
        return projected

    def reach(self, plane: Box) -> Box:
        """Return the degrees that hold that part of the plane, a little more; all longitudes where a pole may lie in it."""
        corners = ((x, y) for x in (plane.low_x, plane.high_x) for y in (plane.low_y, plane.high_y))
        angle = 2 * math.degrees(math.asin(min(1.0, max(math.hypot(x, y) for x, y in corners) / 2)))
        south, north = self.latitude - angle, self.latitude + angle
        if south <= -90 or north >= 90:
            return Box(self.longitude - 180, max(-90, south), self.longitude + 180, min(90, north))
        edge = [self._unproject(x, y) for x, y in _edge(plane)]
        room = angle / 32  # what lies between two points of the edge may reach a little further
        return Box(
            min(east for east, _ in edge) - room, max(-90, min(north for _, north in edge) - room),
            max(east for east, _ in edge) + room, min(90, max(north for _, north in edge) + room),
        )  # fmt: skip

    def _unproject(self, x: float, y: float) -> Point:
        """Return the degrees of a point of the plane, not at a pole."""
        chord = math.hypot(x, y)
        if chord < 1e-12:
            return self.longitude, self.latitude
        angle, latitude = 2 * math.asin(min(1.0, chord / 2)), math.radians(self.latitude)
        sin, cos = math.sin(angle), math.cos(angle)
        north = math.asin(max(-1.0, min(1.0, cos * math.sin(latitude) + y * sin * math.cos(latitude) / chord)))
        east = math.atan2(x * sin, chord * math.cos(latitude) * cos - y * math.sin(latitude) * sin)
        return self.longitude + math.degrees(east), math.degrees(north)


_EDGE_PARTS = 8


def _edge(box: Box) -> list[Point]:
    """Return points along the four sides of a box."""
    parts = [part / _EDGE_PARTS for part in range(_EDGE_PARTS + 1)]
    xs = [box.low_x + (box.high_x - box.low_x) * part for part in parts]
    ys = [box.low_y + (box.high_y - box.low_y) * part for part in parts]
    return [
        *((x, y) for x in xs for y in (box.low_y, box.high_y)),
        *((x, y) for y in ys for x in (box.low_x, box.high_x)),
    ]


def near_meridian(longitude: float, meridian: float) -> float:
    """Return the same longitude, counted so that it lies within 180 degrees of the meridian."""
    return longitude - 360 * math.floor((longitude - meridian + 180) / 360)


def distance_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance in km between two points in degrees, WGS 84.

    Error: up to about 0.6 % (sphere, R = 6371.0088 km, the IUGG mean radius).
    Raises: ValueError where a latitude is outside [-90, 90] or a longitude outside [-180, 180].
    """
    check_degrees(lat1, lon1)
    check_degrees(lat2, lon2)
    north1, north2 = math.radians(lat1), math.radians(lat2)
    across = math.sin(math.radians(lon2 - lon1) / 2) ** 2 * math.cos(north1) * math.cos(north2)
    haversine = math.sin((north2 - north1) / 2) ** 2 + across
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, haversine)))
