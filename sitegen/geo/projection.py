"""Project longitudes and latitudes onto a plane, and measure distances on the sphere.

Points are (longitude, latitude) in degrees, WGS 84, treated as on a sphere: coasts and places alike, so that
they agree. Planes have x to the east and y to the north, in radii of the sphere, with (0, 0) at the
projection's centre. Both projections are equal-area: a square unit is a steradian everywhere, so how large a
coast will be on a map is known before it is projected.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from sitegen.geo.map import check_degrees

Point = tuple[float, float]

EARTH_RADIUS_KM = 6371.0088  # the IUGG mean radius


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, of degrees, of plane units or of pixels; `low_y` is the south, or the top of an image."""

    low_x: float
    low_y: float
    high_x: float
    high_y: float


class Projection(Protocol):
    """A map projection and its centre."""

    @property
    def longitude(self) -> float:
        """Return the central meridian in degrees; maps are cut at the meridian opposite."""

    def project(self, points: Iterable[Point]) -> list[Point]:
        """Return the points in plane units. Longitudes are taken as they are, never wrapped."""

    def reach(self, radius: float) -> Box:
        """Return the degrees that hold every place within `radius` plane units of the centre."""


@dataclass(frozen=True, slots=True)
class EqualEarth:
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

    def reach(self, radius: float) -> Box:
        """Return the whole world: its edge lies within reach of most views."""
        return Box(self.longitude - 180, -90, self.longitude + 180, 90)


_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_M = math.sqrt(3) / 2


@dataclass(frozen=True, slots=True)
class AzimuthalEqualArea:
    """Lambert's projection for a region: shapes stay true near the centre, at any latitude.

    Source: Snyder (1987), "Map projections: a working manual", USGS Professional Paper 1395, pages 182-190.
    """

    longitude: float
    latitude: float

    def project(self, points: Iterable[Point]) -> list[Point]:
        """Return the points in plane units. The point opposite the centre has no image: it lands far away."""
        radians, sin, cos, sqrt = math.radians, math.sin, math.cos, math.sqrt
        sin0, cos0 = sin(radians(self.latitude)), cos(radians(self.latitude))
        projected = []
        for longitude, latitude in points:
            east, north = radians(longitude - self.longitude), radians(latitude)
            sin_north, cos_north = sin(north), cos(north)
            across = cos_north * cos(east)
            k = sqrt(2 / max(1e-9, 1 + sin0 * sin_north + cos0 * across))
            projected.append((k * cos_north * sin(east), k * (cos0 * sin_north - sin0 * across)))
        return projected

    def reach(self, radius: float) -> Box:
        """Return the degrees that hold the cap of that chord; all longitudes where it reaches a pole."""
        angle = 2 * math.degrees(math.asin(min(1.0, radius / 2)))
        south, north = self.latitude - angle, self.latitude + angle
        if south <= -90 or north >= 90:
            return Box(self.longitude - 180, max(-90, south), self.longitude + 180, min(90, north))
        half = math.degrees(math.asin(min(1.0, math.sin(math.radians(angle)) / math.cos(math.radians(self.latitude)))))
        return Box(self.longitude - half, south, self.longitude + half, north)


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
