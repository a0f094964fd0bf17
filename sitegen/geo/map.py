"""The values of a map: what it is asked to show, and how it is drawn."""

from __future__ import annotations

from typing import Literal

import msgspec

Anchor = Literal["start", "end", "middle"]  # as SVG's text-anchor has it


def check_degrees(latitude: float, longitude: float) -> None:
    """Raise ValueError where a latitude is outside [-90, 90] or a longitude outside [-180, 180]."""
    if not -90 <= latitude <= 90:  # written so that NaN fails too
        raise ValueError(f"latitude {latitude} is outside [-90, 90]")
    if not -180 <= longitude <= 180:
        raise ValueError(f"longitude {longitude} is outside [-180, 180]")


class Pin(msgspec.Struct, frozen=True):
    """A place to show: degrees, WGS 84, how many articles name it, and in which of the map's periods.

    Raises: ValueError where the latitude is outside [-90, 90] or the longitude outside [-180, 180].
    """

    name: str
    url: str
    lat: float
    lon: float
    count: int
    periods: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        check_degrees(self.lat, self.lon)


class PlacedPin(msgspec.Struct, frozen=True):
    """A pin on the map, in pixels. `label` is its name, or "" where there is no room for it.

    A label's text grows away from its point: draw it with `anchor` as text-anchor and `label_dy`, in ems, as
    dy. Labels of tier 0 fit while the map is shown 390 pixels wide or wider, tier 1
    from 630, tier 2 from 1000, tier 3 where it is zoomed to 3000, always with letters of the same size on the screen.

    Of places that crowd, the most named stands for the others: `crowd` is how many, and these are `late`: they show where
    the map is zoomed to 3000 pixels. periods: in which of the map's periods articles name it.
    """

    name: str
    url: str
    count: int
    x: float
    y: float
    r: float
    label: str
    label_x: float
    label_y: float
    label_dy: float
    anchor: Anchor
    tier: int
    crowd: int = 0
    late: bool = False
    periods: tuple[int, ...] = ()


class MapLayout(msgspec.Struct, frozen=True):
    """A map of so many pixels: path data for land, borders and graticule, and pins in drawing order.

    periods: the spans of years that readers may choose, as "1850–1859".
    """

    width: int
    height: int
    land: str
    borders: str
    graticule: str
    pins: tuple[PlacedPin, ...]
    periods: tuple[str, ...] = ()
