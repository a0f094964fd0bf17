"""The packed gazetteer: names of places → where they are (GeoNames, CC BY 4.0; see sitegen/data/GEONAMES.md).

Read when first asked, within milliseconds. The file is sections, each a length of four bytes (little-endian, as
all numbers are) and as many bytes of zlib:

    kinds, codes ("US TX": country and region), names (sorted)          lines of UTF-8
    name, latitude, longitude (0.001°), population, GeoNames id,
    code, kind, twice the fame plus capital                             a column of numbers each; a place a row
    how many places, which places                                       a name after the other; likeliest first

A row becomes a `Place` only when somebody asks for it. Made by tools/pack_gazetteer.py.
"""

from __future__ import annotations

import sys
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from itertools import accumulate

import msgspec

from sitegen.model.text import canonical

_PACKED = "data/gazetteer.bin"
_PLACE_COLUMNS = "IiiIIHBB"
_REMEMBERED = 1 << 16  # names looked up of late


class Place(msgspec.Struct, frozen=True):
    """A place of the gazetteer.

    kind: continent, country, region (first level), county (second level), city, sea, nature (ranges, rivers),
    area (of the world) or demonym ("Syrian"). country: ISO 3166-1 alpha-2; region: GeoNames' first-level code;
    both "" where there is none. lat, lon: degrees, WGS 84. population: inhabitants, 0 where unknown; of seas and
    areas, a weight. geonameid: 0 where unknown. fame: in how many ways the world writes it, up to 127.
    """

    name: str
    kind: str
    country: str
    region: str
    lat: float
    lon: float
    population: int
    geonameid: int
    fame: int
    capital: bool


class Gazetteer:
    """Places by name."""

    def __init__(self, packed: bytes) -> None:
        sections = _sections(packed)
        self._kinds, codes, self._names = (next(sections).decode().split("\n") for _ in range(3))
        self._codes = [code.split(" ", 1) for code in codes]
        self._places = [_numbers(code, next(sections)) for code in _PLACE_COLUMNS]
        self._ends = array("I", accumulate(_numbers("B", next(sections))))
        self._order = _numbers("I", next(sections))
        self.lookup = lru_cache(_REMEMBERED)(self._lookup)

    def _lookup(self, name: str) -> tuple[Place, ...]:
        """The places of a name, the likeliest first; none where it is unknown. A leading "the" is optional.

        Likelihood is population; a country counts tenfold, a capital twentyfold, a region half, a county a third,
        an alternate name of a city a quarter.
        """
        wanted = canonical(name)
        wanted = wanted[4:] if wanted[:4].lower() == "the " else wanted
        at = bisect_left(self._names, wanted)
        if at == len(self._names) or self._names[at] != wanted:
            return ()
        first = self._ends[at - 1] if at else 0
        return tuple(self._place(number) for number in self._order[first : self._ends[at]])

    def _place(self, number: int) -> Place:
        names, lats, lons, populations, ids, codes, kinds, fames = self._places
        country, region = self._codes[codes[number]]
        fame = fames[number]
        return Place(
            self._names[names[number]], self._kinds[kinds[number]], country, region, lats[number] / 1000, lons[number] / 1000,
            populations[number], ids[number], fame // 2, fame % 2 == 1,
        )  # fmt: skip


def _sections(packed: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(packed):
        size = int.from_bytes(packed[at : at + 4], "little")
        yield zlib.decompress(packed[at + 4 : at + 4 + size])
        at += 4 + size


def _numbers(code: str, section: bytes) -> array[int]:
    numbers = array(code, section)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer that comes with sitegen, read once."""
    return Gazetteer(files("sitegen").joinpath(_PACKED).read_bytes())
