"""The packed gazetteer: names of places → where they are (GeoNames, CC BY 4.0; see sitegen/data/GEONAMES.md).

Read when first asked, within milliseconds: the file is zlib over two tables of UTF-8 lines, an empty line
between them, and a line is taken apart only when somebody asks for it.

    name, kind, country, region, lat, lon, population, GeoNames id, capital     a place; weightiest first
    name, index, index …                                             sorted by name; likeliest place first

Made by tools/pack_gazetteer.py.
"""

from __future__ import annotations

import zlib
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sitegen.model.text import canonical

_PACKED = "data/gazetteer.bin"


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the gazetteer.

    kind: continent, country, region, city or sea. country: ISO 3166-1 alpha-2; region: GeoNames' first-level
    code; both "" where there is none. lat, lon: degrees, WGS 84. population: inhabitants, 0 where unknown; of
    a sea, a weight. geonameid: 0 where unknown.
    """

    name: str
    kind: str
    country: str
    region: str
    lat: float
    lon: float
    population: int
    geonameid: int
    capital: bool


class Gazetteer:
    """Places by name."""

    def __init__(self, packed: bytes) -> None:
        places, _, names = zlib.decompress(packed).decode().partition("\n\n")
        self._places = places.split("\n")
        self._names = names.split("\n")

    def lookup(self, name: str) -> tuple[Place, ...]:
        """The places of a name, the likeliest first; none where it is unknown. A leading "the" is optional.

        Likelihood is population; a country counts tenfold, a capital twentyfold, a region one tenth, an
        alternate name of a city a quarter.
        """
        wanted = canonical(name)
        wanted = wanted[4:] if wanted[:4].lower() == "the " else wanted
        at = bisect_left(self._names, wanted + "\t")
        if at == len(self._names) or not wanted:
            return ()
        found, *numbers = self._names[at].split("\t")
        return tuple(self._place(int(number)) for number in numbers) if found == wanted else ()

    def _place(self, number: int) -> Place:
        name, kind, country, region, lat, lon, population, geonameid, capital = self._places[number].split("\t")
        return Place(
            name,
            kind,
            country,
            region,
            float(lat),
            float(lon),
            int(population),
            int(geonameid),
            capital == "1",
        )


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer that comes with sitegen, read once."""
    return Gazetteer(files("sitegen").joinpath(_PACKED).read_bytes())
