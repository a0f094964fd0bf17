"""The maps: projections, outlines, labels, layout."""

from __future__ import annotations

import gzip
import math
import random
import re
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sitegen.geo import outlines
from sitegen.geo.clip import line_within, ring_within, sides_of
from sitegen.geo.labels import Dot, Label, label_box
from sitegen.geo.layout import ENLARGEMENTS, RING, lay_out, locate, sketch
from sitegen.geo.map import MapLayout, Pin, PlacedPin
from sitegen.geo.outlines import LEVELS, load_outlines
from sitegen.geo.path import closed_path, open_path, thinned
from sitegen.geo.projection import AzimuthalEqualArea, Box, EqualEarth, Projection, distance_km, near_meridian

LONDON = Pin("London", "/london/", 51.5074, -0.1278, 40)
NEW_YORK = Pin("New York", "/new-york/", 40.7128, -74.0060, 30)
TOKYO = Pin("Tokyo", "/tokyo/", 35.6762, 139.6503, 9)
BERLIN = Pin("Berlin", "/berlin/", 52.52, 13.405, 5)
ROME = Pin("Rome", "/rome/", 41.9, 12.5, 3)
SUVA = Pin("Suva", "/suva/", -18.1416, 178.4419, 3)
APIA = Pin("Apia", "/apia/", -13.8333, -171.7667, 2)
ANADYR = Pin("Anadyr", "/anadyr/", 64.7337, 177.4968, 1)

pins = st.lists(
    st.builds(
        Pin,
        name=st.text("abcdefgh ÅW京", min_size=1, max_size=18),
        url=st.just("/"),
        lat=st.floats(-90, 90),
        lon=st.floats(-180, 180),
        count=st.integers(1, 5000),
    ),
    max_size=40,
)


def some_pins(count: int, seed: int = 1) -> list[Pin]:
    """Return pins over most of the inhabited world, the same for the same seed."""
    rng = random.Random(seed)
    return [
        Pin(f"Place {n}", f"/{n}/", rng.uniform(-50, 68), rng.uniform(-125, 155), rng.choice([1, 1, 2, 5, 40]))
        for n in range(count)
    ]


def placed(layout: MapLayout, name: str) -> PlacedPin:
    (pin,) = [pin for pin in layout.pins if pin.name == name]
    return pin


def boxes(layout: MapLayout, em: float, tier: int) -> list[Box]:
    """Return the boxes of the labels shown at a tier, with letters as large as that tier allows."""
    return [
        label_box(
            Dot(pin.name, pin.x, pin.y, pin.r),
            Label(pin.label_x, pin.label_y, pin.anchor, pin.label_dy, pin.tier),
            em,
            enlargement,
        )
        for enlargement in [ENLARGEMENTS[tier]]
        for pin in layout.pins
        if pin.label and pin.tier <= tier
    ]


def overlap(a: Box, b: Box) -> bool:
    return a.low_x < b.high_x and b.low_x < a.high_x and a.low_y < b.high_y and b.low_y < a.high_y


def covers(box: Box, pin: PlacedPin) -> bool:
    x = min(max(pin.x, box.low_x), box.high_x)
    y = min(max(pin.y, box.low_y), box.high_y)
    return math.hypot(x - pin.x, y - pin.y) < pin.r - 0.1  # all of these numbers are rounded to tenths


def points_of(path: str) -> list[list[tuple[float, float]]]:
    """Return the points of each stroke of path data, absolute."""
    strokes = []
    for stroke in path.split("M")[1:]:
        numbers = [float(number) for number in re.findall(r"-?\d*\.?\d+", stroke)]
        x = y = 0.0
        points = []
        for dx, dy in zip(numbers[0::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            points.append((x, y))
        strokes.append(points)
    return strokes


# Projections


def test_equal_earth_has_its_origin_where_the_equator_meets_the_central_meridian():
    assert EqualEarth(11).project([(11, 0)]) == [(0, 0)]


def test_equal_earth_has_the_published_extent():
    ((east, _), (_, north)) = EqualEarth(0).project([(180, 0), (0, 90)])
    assert (east, north) == (pytest.approx(2.7066, abs=1e-4), pytest.approx(1.3174, abs=1e-4))


def test_equal_earth_draws_the_pole_as_a_line_0_59_times_as_long_as_the_equator():
    ((equator, _), (pole, _)) = EqualEarth(0).project([(180, 0), (180, 90)])
    assert pole / equator == pytest.approx(0.592, abs=1e-3)


@pytest.mark.parametrize("projection", [EqualEarth(0), AzimuthalEqualArea(20, 50)])
@pytest.mark.parametrize("latitude", [-80, -45, 0, 30, 60, 85])
@pytest.mark.parametrize("longitude", [-150, -20, 35, 120])
def test_a_projection_keeps_areas(projection: Projection, longitude: float, latitude: float):
    step = 1e-4
    (x0, y0), (x1, y1), (x2, y2) = projection.project(
        [(longitude, latitude), (longitude + step, latitude), (longitude, latitude + step)]
    )
    on_the_map = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
    on_the_sphere = math.radians(step) ** 2 * math.cos(math.radians(latitude))
    assert on_the_map == pytest.approx(on_the_sphere, rel=1e-3)


@pytest.mark.parametrize("latitude", [0, 40, -60, 74, 82])
@pytest.mark.parametrize("plane", [Box(-0.21, -0.14, 0.21, 0.14), Box(-0.1, -0.25, 0.3, 0.05)])
def test_the_azimuthal_projection_reaches_as_far_as_it_says(latitude: float, plane: Box):
    projection = AzimuthalEqualArea(170, latitude)
    reach = projection.reach(plane)
    places = [(longitude / 2, north / 4) for longitude in range(680) for north in range(-359, 360)]
    within = [
        place
        for place, (x, y) in zip(places, projection.project(places), strict=True)
        if plane.low_x <= x <= plane.high_x and plane.low_y <= y <= plane.high_y
    ]
    assert within
    assert all(reach.low_x <= x <= reach.high_x and reach.low_y <= y <= reach.high_y for x, y in within)


@pytest.mark.parametrize("place", [(51.5, -0.1), (-17.7, 178.1), (71.0, 25.8), (-54.8, -68.3), (1.3, 103.8), (-89.0, 10.0)])
def test_a_cut_of_the_outlines_draws_what_the_whole_outlines_draw(place: tuple[float, float], monkeypatch: pytest.MonkeyPatch):
    pin = Pin("P", "/p/", *place, 1)
    cut = locate(pin)
    monkeypatch.setattr(outlines, "WIDEST_TILE", 0)
    whole = locate(pin)
    assert (sorted(cut.land.split("z")), cut.borders) == (sorted(whole.land.split("z")), whole.borders)


@pytest.mark.parametrize(("longitude", "meridian", "expected"), [(-171, 180, 189), (178, -170, -182), (5, 0, 5)])
def test_a_longitude_is_counted_from_the_meridian(longitude: float, meridian: float, expected: float):
    assert near_meridian(longitude, meridian) == expected


def test_london_and_new_york_are_5570_km_apart():
    assert distance_km(LONDON.lat, LONDON.lon, NEW_YORK.lat, NEW_YORK.lon) == pytest.approx(5570, abs=2)


def test_the_poles_are_half_a_great_circle_apart():
    assert distance_km(90, 0, -90, 77) == pytest.approx(math.pi * 6371.0088)


@pytest.mark.parametrize(("lat", "lon"), [(90.1, 0), (-91, 0), (0, 180.5), (0, -181), (math.nan, 0), (0, math.inf)])
def test_degrees_that_do_not_exist_are_refused(lat: float, lon: float):
    with pytest.raises(ValueError, match="is outside"):
        Pin("Nowhere", "/nowhere/", lat, lon, 1)


# Cutting and writing

BOX = Box(0, 0, 10, 10)


def test_a_ring_that_leaves_the_box_twice_is_cut_into_two():
    fork = [
        (5.0, 1.0),
        (15.0, 1.0),
        (15.0, 9.0),
        (5.0, 9.0),
        (5.0, 7.0),
        (12.0, 7.0),
        (12.0, 3.0),
        (5.0, 3.0),
    ]
    assert [set(part) for part in ring_within(fork, sides_of(BOX))] == [
        {(5, 1), (10, 1), (10, 3), (5, 3)},
        {(10, 9), (5, 9), (5, 7), (10, 7)},
    ]


def test_a_ring_outside_the_box_leaves_nothing():
    assert ring_within([(11.0, 1.0), (15.0, 1.0), (15.0, 9.0)], sides_of(BOX)) == []


def test_a_line_through_the_box_ends_on_its_sides():
    assert line_within([(-5.0, 5.0), (15.0, 5.0)], sides_of(BOX)) == [[(0, 5), (10, 5)]]


def test_a_path_uses_no_more_characters_than_it_needs():
    assert closed_path([(0.51, 2), (0.98, 1.5), (-3, 1.04), (-3, 1)]) == "M.5 2l.5-.5-4-.5z"


def test_a_path_leaves_out_points_on_a_straight_stretch():
    assert open_path([(0, 0), (1, 0), (2, 0), (2, 5)]) == "M0 0l2 0 0 5"


def test_rounding_does_not_add_up_along_a_path():
    zigzag = [(n * 1.04, n % 2) for n in range(101)]
    assert points_of(open_path(zigzag))[0][-1] == pytest.approx((104, 0))


def test_bends_that_cut_off_less_are_left_out_and_larger_ones_stay():
    line = [(0.0, 0.0), (5.0, 0.3), (10.0, 0.0), (15.0, 4.0), (20.0, 0.0)]
    assert thinned(line, 2.0, closed=False) == [(0, 0), (10, 0), (15, 4), (20, 0)]


def test_a_curve_of_many_small_bends_is_not_worn_down_to_a_line():
    arc = [(50 * math.cos(n / 500), 50 * math.sin(n / 500)) for n in range(1500)]
    kept = thinned(arc, 2.0, closed=False)
    ways = [math.dist((0, 0), ((x1 + x2) / 2, (y1 + y2) / 2)) for (x1, y1), (x2, y2) in pairwise(kept)]
    assert 10 < len(kept) < 60 and min(ways) > 49


def test_a_ring_without_large_bends_keeps_three_points():
    assert len(thinned([(0.0, 0.0), (0.1, 0.0), (0.2, 0.1), (0.1, 0.2), (0.0, 0.1)], 2.0, closed=True)) == 3


@given(st.lists(st.tuples(st.floats(0, 9), st.floats(0, 9)), min_size=4, max_size=30, unique=True))
@settings(max_examples=40, deadline=None)
def test_a_line_keeps_its_ends_and_gains_no_points(line: list[tuple[float, float]]):
    kept = thinned(line, 2.0, closed=False)
    places = [line.index(point) for point in kept]
    assert places == sorted(places) and (places[0], places[-1]) == (0, len(line) - 1)


# Outlines


def test_the_packed_outlines_hold_the_worlds_coasts_and_borders():
    outlines = load_outlines(LEVELS - 1)
    assert (len(outlines.land), len(outlines.borders)) == (1428, 362)


@pytest.mark.parametrize("level", range(LEVELS))
def test_land_covers_29_percent_of_the_earth_at_every_level(level: int):
    rings = sorted(load_outlines(level).land, key=lambda ring: -ring.area)
    caspian = next(ring for ring in rings if 46 < ring.bounds.low_x < ring.bounds.high_x < 55 and ring.area > 0.005)
    land = sum(ring.area for ring in rings) - 2 * caspian.area
    assert land / (4 * math.pi) == pytest.approx(0.29, abs=0.01)


def test_each_level_has_more_points_than_the_last():
    counts = [sum(len(ring.points) for ring in load_outlines(level).land) for level in range(LEVELS)]
    assert counts == sorted(set(counts))


# Layout


def test_a_collection_without_places_gets_the_whole_world():
    layout = lay_out([])
    assert (layout.width, len(layout.pins), layout.land != "") == (1000, 0, True)


def test_a_regional_collection_gets_a_map_of_its_region():
    layout = lay_out([LONDON, BERLIN, ROME])
    assert placed(layout, "Berlin").x - placed(layout, "London").x > 300


def test_fiji_and_samoa_are_side_by_side_on_a_pacific_map():
    layout = lay_out([SUVA, APIA, TOKYO])
    assert 0 < placed(layout, "Apia").x - placed(layout, "Suva").x < 200


def test_fiji_and_samoa_are_side_by_side_on_a_world_map():
    layout = lay_out([SUVA, APIA, LONDON, NEW_YORK, TOKYO])
    assert 0 < placed(layout, "Apia").x - placed(layout, "Suva").x < 40


def test_a_locator_on_the_antimeridian_shows_both_sides():
    layout = locate(SUVA, others=[APIA])
    assert placed(layout, "Suva").x < placed(layout, "Apia").x < layout.width


@pytest.mark.parametrize(
    "layout",
    [
        lay_out(some_pins(30)),
        lay_out([SUVA, APIA, TOKYO]),
        lay_out([LONDON, ANADYR, APIA]),
        lay_out([Pin("McMurdo", "/m/", -77.8, 166.7, 1), Pin("Rothera", "/r/", -67.6, -68.1, 1)]),
        locate(ANADYR),
        locate(Pin("Amundsen", "/a/", -90, 0, 1)),
    ],
    ids=["world", "pacific", "wide", "antarctica", "chukotka", "pole"],
)
def test_no_stroke_runs_outside_of_the_view(layout: MapLayout):
    for points in points_of(layout.land + layout.borders + layout.graticule):
        assert all(-3.1 <= x <= layout.width + 3.1 and -3.1 <= y <= layout.height + 3.1 for x, y in points)


@pytest.mark.parametrize("centre", [LONDON, TOKYO, SUVA, NEW_YORK])
def test_no_border_leaps_across_a_world_map(centre: Pin):
    layout = lay_out([centre, *some_pins(10, seed=centre.count)])
    steps = [math.dist(a, b) for line in points_of(layout.borders) for a, b in pairwise(line)]
    assert max(steps) < 100  # the longest is along the 49th parallel


def test_all_pins_lie_in_the_view():
    layout = lay_out(some_pins(80))
    assert all(pin.r < pin.x < layout.width - pin.r and pin.r < pin.y < layout.height - pin.r for pin in layout.pins)


def test_a_circles_area_is_proportional_to_its_count():
    layout = lay_out([LONDON, NEW_YORK])
    ratio = placed(layout, "London").r ** 2 / placed(layout, "New York").r ** 2
    assert ratio == pytest.approx(40 / 30, rel=0.02)


def test_larger_circles_are_drawn_first():
    radii = [pin.r for pin in lay_out(some_pins(60)).pins]
    assert radii == sorted(radii, reverse=True)


def test_places_on_one_spot_are_both_kept():
    layout = lay_out([LONDON, Pin("City of London", "/city/", LONDON.lat, LONDON.lon, 2)])
    assert {pin.name for pin in layout.pins} == {"London", "City of London"}


@pytest.mark.parametrize("tier", [0, 1, 2])
@settings(max_examples=25, deadline=None)
@given(pins=pins)
def test_no_label_covers_another_label(pins: list[Pin], tier: int):
    shown = boxes(lay_out(pins), 9.2, tier)
    assert not any(overlap(a, b) for a, b in combinations(shown, 2))


@pytest.mark.parametrize("tier", [0, 1, 2])
@settings(max_examples=25, deadline=None)
@given(pins=pins)
def test_no_label_covers_a_circle(pins: list[Pin], tier: int):
    layout = lay_out(pins)
    ringed = [replace(pin, r=pin.r + RING) if pin.crowd else pin for pin in layout.pins if not pin.late]
    assert not any(covers(box, pin) for box in boxes(layout, 9.2, tier) for pin in ringed)


def test_of_places_that_crowd_the_most_named_stands_for_the_others():
    layout = lay_out([Pin("A", "/a/", 50.0, 4.0, 9), Pin("B", "/b/", 50.01, 4.0, 1), Pin("C", "/c/", 40.0, 60.0, 1)])
    assert [(pin.name, pin.crowd, pin.late) for pin in layout.pins] == [("A", 1, False), ("B", 0, True), ("C", 0, False)]


def test_a_name_without_room_has_it_where_the_map_is_enlarged():
    near = [Pin(f"A place of name {n}", f"/{n}/", 50.0 + n / 2, 4.0, 1) for n in range(8)]
    layout = lay_out([*near, Pin("Far", "/far/", -40.0, 170.0, 1)])
    shown = boxes(layout, 9.2, 3)
    assert any(pin.tier == 3 and pin.label for pin in layout.pins) and not any(overlap(a, b) for a, b in combinations(shown, 2))


def test_the_most_named_place_has_its_label():
    layout = lay_out(some_pins(200))
    assert layout.pins[0].label == layout.pins[0].name


def test_a_locator_has_its_place_in_the_middle():
    layout = locate(BERLIN, others=[BERLIN, ROME])
    assert (placed(layout, "Berlin").x, placed(layout, "Berlin").y) == (layout.width / 2, layout.height / 2)


def test_a_locator_leaves_out_places_beyond_its_view():
    assert [pin.name for pin in locate(BERLIN, others=[ROME, TOKYO], span_degrees=40).pins] == [
        "Berlin",
        "Rome",
    ]


def test_an_island_too_small_to_draw_is_drawn_for_a_pin_on_it():
    tarawa = Pin("Tarawa", "/tarawa/", 1.45, 172.97, 1)
    assert len(lay_out([*some_pins(9), tarawa]).land) > len(lay_out(some_pins(9)).land)


def test_the_order_of_pins_does_not_matter():
    assert lay_out(some_pins(50)) == lay_out(some_pins(50)[::-1])


def test_a_world_map_of_80_places_takes_less_than_45_kb():
    layout = lay_out(some_pins(80))
    assert len(layout.land) + len(layout.borders) < 45_000


@pytest.mark.parametrize("layout", [locate(BERLIN, width=240), *(sketch(some_pins(n), width=240) for n in (1, 2, 12))])
def test_what_lies_under_a_small_map_takes_less_than_3_kb_packed(layout: MapLayout):
    assert len(gzip.compress((layout.land + layout.borders + layout.graticule).encode())) < 3_000


def test_only_small_maps_leave_out_small_bends_and_the_borders_of_the_world():
    one, wide = sketch([NEW_YORK, TOKYO, LONDON], width=240), lay_out([NEW_YORK, TOKYO, LONDON])
    assert one.land and not one.borders and wide.borders
    assert sum(map(len, points_of(one.land))) < sum(map(len, points_of(wide.land))) / 3


def test_a_small_map_draws_the_island_that_its_place_lies_on():
    assert locate(Pin("Ocean Island", "/o/", 1.45, 172.97, 1), width=240).land


@pytest.mark.parametrize(
    "places",
    [
        [(51.5, -0.1)],
        [(51.5, -0.1), (48.9, 2.3)],
        [(51.9, -10.4), (47.9, -53.4), (40.7, -74.0)],
        [(-17.0, 179.9), (-17.0, -179.9)],
        [(60.0, -150.0), (-35.0, 150.0), (51.0, 0.0)],
        [(-89.0, 0.0), (51.0, 0.0)],
    ],
)
def test_a_small_map_holds_its_places(places: list[tuple[float, float]]) -> None:
    pins = [Pin(f"P{n}", f"/places/{n}/", lat, lon, n + 1) for n, (lat, lon) in enumerate(places)]
    drawn = sketch(pins, width=240)
    assert len(drawn.pins) == len(pins) and drawn.land and sketch(pins[::-1], width=240) == drawn
    assert all(0 <= pin.x <= drawn.width and 0 <= pin.y <= drawn.height for pin in drawn.pins)


def test_small_maps_of_a_region_share_what_lies_under_them() -> None:
    one = sketch([Pin("A", "/a/", 51.5, -0.1, 1), Pin("B", "/b/", 48.9, 2.3, 1)], width=240)
    two = sketch([Pin("C", "/c/", 51.4, 0.1, 1), Pin("D", "/d/", 49.0, 2.2, 1)], width=240)
    assert one.land == two.land and one.pins != two.pins
