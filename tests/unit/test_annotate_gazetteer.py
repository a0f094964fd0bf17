"""The packed gazetteer: what it knows, in which order, and that it stays small."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

import sitegen
from sitegen.annotate.gazetteer import Gazetteer, gazetteer

SLOW = 4  # times slower than a quiet machine, at the worst
PACKED = Path(sitegen.__file__).parent / "data" / "gazetteer.bin"


@pytest.mark.parametrize(
    ("name", "kind", "country"),
    [
        ("Raqqa", "city", "SY"),
        ("Palmyra", "city", "SY"),
        ("Washington", "city", "US"),
        ("New York City", "city", "US"),
        ("Georgia", "country", "GE"),
        ("the Netherlands", "country", "NL"),
        ("Côte d’Ivoire", "country", "CI"),
        ("US", "country", "US"),
        ("Quebec", "region", "CA"),
        ("Zurich", "city", "CH"),
        ("Africa", "continent", ""),
        ("Atlantic", "sea", ""),
        ("Laurel County", "county", "US"),
        ("Suffolk", "county", "GB"),
        ("Himalayas", "nature", ""),
        ("Middle East", "area", ""),
        ("Syrians", "demonym", "SY"),
        ("St. Petersburg", "city", "RU"),
        ("Saint Petersburg", "city", "RU"),
        ("Bulacan", "county", "PH"),
    ],
)
def test_the_likeliest_place_of_a_name_comes_first(name: str, kind: str, country: str) -> None:
    place = gazetteer().lookup(name)[0]
    assert (place.kind, place.country) == (kind, country)


def test_a_city_stands_where_geonames_puts_it() -> None:
    place = gazetteer().lookup("Raqqa")[0]
    assert (place.lat, place.lon, place.geonameid) == (35.953, 39.008, 172955)


def test_a_name_has_all_its_places() -> None:
    assert {place.country for place in gazetteer().lookup("Birmingham")} >= {"GB", "US"}


@pytest.mark.parametrize(
    ("name", "lat", "lon"),
    [("Texas", 31.5, -99.3), ("Canada", 60, -95), ("Laurel County", 37.1, -84.1), ("Bavaria", 49, 11.5), ("Ontario", 50, -85.5)],
)
def test_what_has_an_area_stands_in_its_middle(name: str, lat: float, lon: float) -> None:
    place = gazetteer().lookup(name)[0]
    assert (place.lat, place.lon) == pytest.approx((lat, lon), abs=0.6)


@pytest.mark.parametrize("name", ["", "Xyzzy", "raqqa", "the ", "\t"])
def test_an_unknown_name_has_no_place(name: str) -> None:
    assert gazetteer().lookup(name) == ()


def test_the_file_stays_below_3_megabytes() -> None:
    assert PACKED.stat().st_size <= 3_000_000


def test_the_file_is_read_within_50_milliseconds() -> None:
    packed = PACKED.read_bytes()

    def seconds() -> float:
        begun = time.process_time()
        Gazetteer(packed)
        return time.process_time() - begun

    assert min(seconds() for _ in range(5)) < 0.05 * SLOW


def test_every_line_of_the_file_is_a_place_on_the_globe() -> None:
    book = Gazetteer(PACKED.read_bytes())
    places = [book._place(number) for number in range(len(book._places[0]))]
    assert all(-90 <= place.lat <= 90 and -180 <= place.lon <= 180 and place.name for place in places)


def test_names_are_sorted_so_that_they_can_be_found() -> None:
    book = Gazetteer(PACKED.read_bytes())
    assert all(book.lookup(name) for name in book._names[::97] if not name.lower().startswith("the "))
