"""A collection's own outlines. Docs: docs/configuration.md, Maps."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from sitegen.geo.geojson import NoOutlines, read_outlines
from sitegen.geo.layout import lay_out, locate, sketch
from sitegen.geo.map import Pin
from tests.support import Collection, files

CONFIG = 'title = "Test"\nurl = "https://example.org/"\noutlines = "maps/own.geojson"\n'
SQUARE = [[0, 40], [10, 40], [10, 50], [0, 50], [0, 40]]
LAKE = [[4, 44], [6, 44], [6, 46], [4, 46], [4, 44]]
PIN = Pin("Here", "/places/here/", 45, 5, 2)


def polygon(*rings: list[list[float]]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def collected(*geometries: dict[str, Any]) -> bytes:
    return json.dumps(
        {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": g} for g in geometries]}
    ).encode()


@pytest.fixture
def mapped(collection: Collection) -> Collection:
    collection.write("../sitegen.toml", CONFIG).write("maps/own.geojson", collected(polygon(SQUARE)))
    collection.record("places/here", "Here", "location: {lat: 45, lon: 5}\n")
    collection.record("places/there", "There", "location: {lat: 44, lon: 6}\n")
    return collection.article("a", "From Here to There.").article("b", "Nothing.")


def land(page: str) -> str:
    return re.findall(r'<path class="land" d="([^"]*)"', page)[0]


def test_all_maps_show_the_collection_s_own_land(mapped: Collection) -> None:
    mapped.build()
    for page in ("/", "/places/", "/places/here/", "/articles/a/"):
        assert land(mapped.page(page)).count("M") == 1 and len(land(mapped.page(page))) < 400


@pytest.mark.parametrize("ring", [SQUARE, SQUARE[::-1]])
@pytest.mark.parametrize("lake", [LAKE, LAKE[::-1]])
def test_a_lake_turns_the_other_way_whichever_way_it_was_written(ring: list[list[float]], lake: list[list[float]]) -> None:
    land, water = read_outlines(collected(polygon(ring, lake))).whole.land
    assert _turns(land.points) and not _turns(water.points)


@pytest.mark.parametrize("draw", [lay_out, sketch])
def test_land_and_lake_are_drawn_on_maps_of_all_sizes(draw: Callable[..., Any]) -> None:
    own = read_outlines(collected(polygon(SQUARE, LAKE)))
    assert draw([PIN], own=own).land.count("M") == locate(PIN, own=own).land.count("M") == 2


def _turns(points: Sequence[tuple[float, float]]) -> bool:
    return sum((x2 - x1) * (y2 + y1) for (x1, y1), (x2, y2) in zip(points, [*points[1:], points[0]], strict=True)) > 0


def test_the_edges_of_several_states_are_borders() -> None:
    other = [[x + 10, y] for x, y in SQUARE]
    one, two = (lay_out([PIN], own=read_outlines(collected(*g))) for g in ([polygon(SQUARE)], [polygon(SQUARE), polygon(other)]))
    assert not one.borders and two.borders.count("M") >= 2


def test_a_ring_over_the_antimeridian_is_in_one_piece() -> None:
    ring = [[170, -10], [-170, -10], [-170, 10], [170, 10], [170, -10]]
    (found,) = read_outlines(collected(polygon(ring))).whole.land
    assert (found.bounds.low_x, found.bounds.high_x) == (170, 190)


def test_a_ring_around_a_pole_is_closed_along_it() -> None:
    ring = [[x, -70] for x in range(-180, 181, 30)]
    (found,) = read_outlines(collected(polygon(ring))).whole.land
    assert found.bounds.low_y == -90 and found.bounds.high_x - found.bounds.low_x == 360


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no JSON"),
        (b'{"type": "FeatureCollection",\n\n oops', "no JSON"),
        (b"[]", "no GeoJSON object"),
        (b'{"type": "Topology", "arcs": []}', "does not know"),
        (b'{"type": "FeatureCollection"}', "lacks its list"),
        (collected(polygon([[512300, 5400000], [512301, 5400000], [512301, 5400001]])), "feature 1 has the position 512300"),
        (collected(polygon([[1, 2], [3, None], [5, 6]])), "no pair of numbers"),
        (collected(polygon([[1, 2], [True, 2], [5, 6]])), "no pair of numbers"),
        (b'{"type": "Point", "coordinates": [1, 2]}', "no polygon and no line"),
        (b'{"type": "GeometryCollection", "geometries": [' * 5000, "JSON|deeply"),
        (collected({"type": "LineString", "coordinates": [[0, 0]] * 400_001}), "more than 400,000 points"),
    ],
)  # fmt: skip
def test_what_is_no_outline_says_why(data: bytes, said: str) -> None:
    with pytest.raises(NoOutlines, match=said) as told:
        read_outlines(data)
    assert told.value.help


def test_a_file_that_is_no_geojson_is_an_error_at_its_line_and_changes_nothing(mapped: Collection) -> None:
    mapped.build()
    before = files(mapped.site)
    mapped.write("maps/own.geojson", '{"type": "FeatureCollection",\n "features": [}')
    (issue,) = _issues(mapped)
    assert (issue.code, issue.span.path, issue.span.line) == ("outlines", "content/maps/own.geojson", 2) and issue.help
    assert files(mapped.site) == before


def test_a_file_that_is_not_there_is_an_error_with_what_may_be_meant(mapped: Collection) -> None:
    mapped.write("../sitegen.toml", CONFIG.replace("own.geo", "onw.geo"))
    (issue,) = _issues(mapped)
    assert (issue.span.path, issue.span.line) == ("sitegen.toml", 3) and "maps/own.geojson" in issue.help


def _issues(collection: Collection):  # type: ignore[no-untyped-def]
    from sitegen.build import pipeline
    from sitegen.build.memo import Memo
    from sitegen.build.run import Mode
    from sitegen.config import load

    with Memo.none() as memo:
        return pipeline.build(load(collection.root), memo, Mode(collection.today)).issues


def test_other_outlines_are_drawn_anew_on_pages_with_maps_alone(mapped: Collection) -> None:
    mapped.build()
    built = mapped.write("maps/own.geojson", collected(polygon([[x, y + 1] for x, y in SQUARE]))).build()
    assert built.rendered == {"/", "/places/", "/places/here/", "/places/there/", "/articles/a/"}
    mapped.clean_build(mapped.root / "clean")
    assert files(mapped.site) == files(mapped.root / "clean")
    mapped.write("../sitegen.toml", CONFIG.replace("outlines", "#")).build()
    mapped.clean_build(mapped.root / "clean")
    assert files(mapped.site) == files(mapped.root / "clean") and len(land(mapped.page("/places/"))) > 400
