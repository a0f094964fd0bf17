"""Lay out a map: choose a view for the pins, draw what lies under them, place their names.

Returns numbers and SVG path data; templates draw the markup. Pixels have y downwards and are rounded to
tenths, so equal pins give equal bytes whatever order they come in.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache, partial

import msgspec
from msgspec.structs import replace

from sitegen.geo.clip import line_within, ring_within, sides_of
from sitegen.geo.labels import Dot, Label, candidates, is_inside, label_box, place_labels
from sitegen.geo.map import MapLayout, Pin, PlacedPin
from sitegen.geo.outlines import (
    Outline,
    Outlines,
    OwnOutlines,
    bounds_of,
    level_for,
    outlines_around,
    stepped,
    turned_into,
)
from sitegen.geo.path import closed_path, open_path
from sitegen.geo.projection import (
    AzimuthalEqualArea,
    Box,
    EqualEarth,
    Point,
    Projection,
    distance_km,
    near_meridian,
)

USUAL_MERIDIAN = 11.0  # its opposite, 169° W, passes between Asia and America and cuts neither
WORLD_SPAN = 150.0  # degrees of longitude: data that spans more gets a map of the whole world
WIDEST_GAP = 120.0  # degrees without data: so wide a gap may move the central meridian of a world map
POLAR = 55.0  # degrees of latitude: data that is all nearer to one pole is shown around that pole
REGION_KM = 5500.0  # data within so far of its middle is shown on the region's own projection
USUAL_LATITUDES = (-57.0, 77.0)  # a world map shows these: all that is inhabited, without Antarctica
SMALLEST_VIEW = math.radians(9)  # the width of the closest view: outlines are too coarse for closer ones

NAMED_FIRST = 6  # of the places on a map: their names show at rest, though small dots have to give way
SMALL_BESIDE = 0.6  # of the radius of the dot whose name they give way to
LARGEST_DOT, SMALLEST_DOT = 14.0, 2.6  # pixels, radius
RING = 2.0  # pixels from the dot of a place that stands for others to the ring around it
LOCATED_DOT, OTHER_DOT = 5.0, 2.6
MARGIN = 0.07  # of the width, on each side of the data
FLATTEST = 0.4  # the least height of a region's map, as a part of its width
LOCATOR_HEIGHT = 0.64  # as a part of its width
LOCATOR_EM = 11.0
SKETCHED = 0.5  # of the dots of a large map
SKETCHES = (12.0, 24.0, 48.0, 84.0)  # the widths of small maps, in degrees of a great circle
# Letters on a map shown at about 390, 630 and 1000 pixels' width, and zoomed to 3000: tiers 0 to 3.
ENLARGEMENTS = (2.6, 1.6, 1.0, 0.33)

SMALLEST_LAND = 0.4  # square pixels: a smaller island is left out, unless a pin is near
SMALLEST_BEND = 3.0  # square pixels of a small map, which no one can enlarge: a smaller bend is straightened
OWN_BEND = 0.6  # square pixels, of a large map of a collection's own outlines: these have all scales' detail
BORDERS_FROM = 1.0  # pixels per degree: a small map on a smaller scale, the world's, shows no borders; they would be a scribble
NEAR = 8.0  # pixels
BLEED = 3.0  # pixels drawn beyond the view, so that cut edges stay out of sight
GRATICULE_STEPS = (30, 20, 10, 5, 2)  # degrees
GRATICULE_GAP = 80.0  # pixels at least between two lines

Ground = tuple[str, str, str]  # what lies under the pins: land, borders, graticule
Keep = Callable[[str, Callable[[], Ground]], Ground]  # the ground of a name, made where it is not at hand


class _View(msgspec.Struct, frozen=True):
    """Which part of which projection the map shows: plane units of its top left corner, pixels for a unit.

    bend: the square pixels of the smallest bend that is drawn.
    """

    projection: Projection
    left: float
    top: float
    scale: float
    width: int
    height: int
    bend: float = 0.0

    @property
    def pixels_per_degree(self) -> float:
        return math.radians(self.scale)

    def pixels(self, points: Sequence[Point]) -> list[Point]:
        """Project the points, with longitudes within 180 degrees of the central meridian, to pixels."""
        scale, left, top = self.scale, self.left, self.top
        return [((x - left) * scale, (top - y) * scale) for x, y in self.projection.project(points)]

    def frame(self) -> Box:
        """Return the box of pixels to draw."""
        return Box(-BLEED, -BLEED, self.width + BLEED, self.height + BLEED)

    def degrees(self) -> Box:
        """Return the degrees that hold all that the frame shows."""
        bleed = BLEED / self.scale
        right, bottom = self.left + self.width / self.scale, self.top - self.height / self.scale
        return self.projection.reach(Box(self.left - bleed, bottom - bleed, right + bleed, self.top + bleed))


def lay_out(
    pins: Sequence[Pin], *, width: int = 1000, max_height: int | None = None, label_px: float = 9.2,
    own: OwnOutlines | None = None,
) -> MapLayout:  # fmt: skip
    """Return the map of a collection: cropped to its pins with a margin, or the world where they span it.

    `max_height` is in pixels, 0.6 of the width unless told; `label_px` is the size of letters.
    A dot's area is proportional to its count, except that no dot is smaller than `SMALLEST_DOT`. own: drawn under the
    pins instead of the outlines of the world, on all maps alike.
    """
    ordered = sorted(pins, key=_most_named_first)
    view = _view_of(ordered, width, max_height or round(0.6 * width))
    view = replace(view, bend=OWN_BEND) if own else view
    radius = _radius_by_count(ordered)
    return _drawn(view, ordered, [radius(pin) for pin in ordered], label_px, ENLARGEMENTS, own)


def locate(
    pin: Pin, *, others: Sequence[Pin] = (), width: int = 360, span_degrees: float = 24.0, own: OwnOutlines | None = None
) -> MapLayout:  # fmt: skip
    """Return a small map with the pin in its middle, `span_degrees` of a great circle wide.

    `others` with another URL are shown smaller where the view holds them. Letters are `LOCATOR_EM` pixels
    high, and all labels of tier 0.
    """
    height = round(LOCATOR_HEIGHT * width)
    span = 4 * math.sin(math.radians(span_degrees) / 4)  # the projection's chord for that angle
    scale = width / span
    projection = AzimuthalEqualArea(pin.lon, pin.lat)
    view = _View(projection, -span / 2, height / scale / 2, scale, width, height, SMALLEST_BEND)
    elsewhere = [other for other in others if other.url != pin.url]
    places = zip(elsewhere, _positions(view, elsewhere), strict=True)
    neighbours = sorted((other for other, place in places if _is_in(view, place)), key=_most_named_first)
    shown = [pin, *neighbours]
    radii = [LOCATED_DOT] + [OTHER_DOT] * len(neighbours)
    return _drawn(view, shown, radii, LOCATOR_EM, (1.0,), own)


def sketch(
    pins: Sequence[Pin], *, width: int = 360, own: OwnOutlines | None = None, keep: Keep | None = None
) -> MapLayout:  # fmt: skip
    """Return a small map of a few places, with the letters of a locator, all of tier 0.

    Its view is one of a few, so that what lies under the pins is drawn once for all maps of a region, and not once for
    each of ten thousand articles; small islands are left out. keep: has the grounds of the world's outlines, which are
    the same for all collections.
    """
    ordered = sorted(pins, key=_most_named_first)
    radius = _radius_by_count(ordered)
    radii = [max(OTHER_DOT, radius(pin) * SKETCHED) for pin in ordered]
    view, places = _usual_view(ordered, width)
    if view is None:
        whole = replace(_view_of(ordered, width, round(LOCATOR_HEIGHT * width)), bend=SMALLEST_BEND)
        return _drawn(whole, ordered, radii, LOCATOR_EM, (1.0,), own)
    land, borders, graticule = _ground(view, own, keep)
    placed = _placed(view, ordered, places, radii, LOCATOR_EM, (1.0,))
    return MapLayout(view.width, view.height, land, borders, graticule, placed)


def _usual_view(pins: Sequence[Pin], width: int) -> tuple[_View | None, list[Point]]:
    """The closest of the usual views that holds the pins, and their places on it: a region around a round number of degrees,
    or the world; None where none does.
    """
    middle, across = _longitudes_of(pins)
    south, north = min(pin.lat for pin in pins), max(pin.lat for pin in pins)
    height = round(LOCATOR_HEIGHT * width)
    for degrees in SKETCHES:
        step = degrees / 4
        if across <= 2 * degrees and north - south <= degrees:
            latitude = max(-80.0, min(80.0, round((south + north) / 2 / step) * step))
            projection = AzimuthalEqualArea(near_meridian(round(middle / step) * step, 0), latitude)
            span = 4 * math.sin(math.radians(degrees) / 4)
            scale = width / span
            view = _View(projection, -span / 2, height / scale / 2, scale, width, height, SMALLEST_BEND)
            places = _positions(view, pins)
            if all(_is_in(view, place, MARGIN * width) for place in places):
                return view, places
    view = _usual_world(width, height)
    places = _positions(view, pins)
    return (view if all(_is_in(view, place) for place in places) else None), places


@lru_cache(maxsize=8)
def _usual_world(width: int, height: int) -> _View:
    return replace(_world_view((), USUAL_MERIDIAN, width, height), bend=SMALLEST_BEND)


@lru_cache(maxsize=1024)
def _ground(view: _View, own: OwnOutlines | None, keep: Keep | None) -> Ground:
    """What lies under the pins of a view."""
    make = partial(_drawn_ground, view, own)
    return keep(repr(view), make) if keep and not own else make()


def _drawn_ground(view: _View, own: OwnOutlines | None) -> Ground:
    degrees = view.degrees()
    outlines = _outlines(view, degrees, own)
    land = _land_path(view, degrees, outlines, ())
    return land, _borders_path(view, degrees, outlines), _lines_path(view, degrees, _graticule(view, degrees))


def _most_named_first(pin: Pin) -> tuple[int, str, str, float, float]:
    return -pin.count, pin.name, pin.url, pin.lat, pin.lon


# The view


def _view_of(pins: Sequence[Pin], width: int, max_height: int) -> _View:
    """Choose projection, centre and scale so that the view holds all pins."""
    middle, span = _longitudes_of(pins)
    south, north = min((pin.lat for pin in pins), default=-90), max((pin.lat for pin in pins), default=90)
    if span <= WORLD_SPAN:
        latitude = (south + north) / 2
    elif south > POLAR or north < -POLAR:
        latitude = math.copysign(90, south)
    else:
        return _world_view(pins, _world_meridian(middle, span), width, max_height)
    meridian = near_meridian(middle, 0)
    region = max(distance_km(latitude, meridian, pin.lat, pin.lon) for pin in pins) <= REGION_KM
    projection = AzimuthalEqualArea(meridian, latitude) if region else EqualEarth(meridian)
    return _fitted(projection, _extent(projection, pins), width, max_height)


def _longitudes_of(pins: Sequence[Pin]) -> tuple[float, float]:
    """Return the middle and the length, in degrees, of the shortest arc that holds all longitudes."""
    if not pins:
        return USUAL_MERIDIAN, 360.0
    longitudes = sorted({pin.lon for pin in pins})
    gaps = [
        (following - longitude, longitude)
        for longitude, following in zip(longitudes, [*longitudes[1:], longitudes[0] + 360], strict=True)
    ]
    gap, start_of_gap = max(gaps)
    return start_of_gap + gap + (360 - gap) / 2, 360 - gap


def _world_meridian(middle: float, span: float) -> float:
    """Return the usual meridian, or the data's own where the usual one would cut data that can stay whole."""
    cut = abs(near_meridian(USUAL_MERIDIAN + 180, middle) - middle) < span / 2
    return near_meridian(middle, 0) if cut and 360 - span >= WIDEST_GAP else USUAL_MERIDIAN


def _world_view(pins: Sequence[Pin], meridian: float, width: int, max_height: int) -> _View:
    """Show the projection's whole width, and in height the usual latitudes and those of the pins."""
    projection = EqualEarth(meridian)
    ((half, _),) = projection.project([(meridian + 180, 0)])
    south, north = (y for _, y in projection.project([(0, latitude) for latitude in USUAL_LATITUDES]))
    scale = width / (2 * half)
    if pins:
        extent = _extent(projection, pins)
        room = MARGIN * width / scale / 2
        south, north = min(south, extent.low_y - room), max(north, extent.high_y + room)
    scale = min(scale, max_height / (north - south))
    return _View(projection, -width / scale / 2, north, scale, width, round((north - south) * scale))


def _extent(projection: Projection, pins: Sequence[Pin]) -> Box:
    """Return the box of plane units that holds the pins."""
    points = projection.project([(near_meridian(pin.lon, projection.longitude), pin.lat) for pin in pins])
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Box(min(xs), min(ys), max(xs), max(ys))


def _fitted(projection: Projection, extent: Box, width: int, max_height: int) -> _View:
    """Fit the extent and its margin into the width and the greatest height."""
    margin = MARGIN * width
    extent_width, extent_height = extent.high_x - extent.low_x, extent.high_y - extent.low_y
    scale = min(
        width / SMALLEST_VIEW,
        (width - 2 * margin) / max(extent_width, 1e-9),
        max(max_height - 2 * margin, 1) / max(extent_height, 1e-9),
    )
    height = min(max_height, max(round(FLATTEST * width), round(extent_height * scale + 2 * margin)))
    left = (extent.low_x + extent.high_x) / 2 - width / scale / 2
    top = (extent.low_y + extent.high_y) / 2 + height / scale / 2
    return _View(projection, left, top, scale, width, height)


# Drawing


def _drawn(
    view: _View, pins: Sequence[Pin], radii: Sequence[float], em: float, enlargements: Sequence[float], own: OwnOutlines | None
) -> MapLayout:  # fmt: skip
    """Draw the map; earlier pins are named first."""
    degrees = view.degrees()
    outlines = _outlines(view, degrees, own)
    return MapLayout(
        width=view.width,
        height=view.height,
        land=_land_path(view, degrees, outlines, pins),
        borders=_borders_path(view, degrees, outlines),
        graticule=_lines_path(view, degrees, _graticule(view, degrees)),
        pins=_placed(view, pins, _positions(view, pins), radii, em, enlargements),
    )


def _outlines(view: _View, degrees: Box, own: OwnOutlines | None) -> Outlines:
    return own.around(degrees) if own else outlines_around(level_for(view.pixels_per_degree), degrees)


def _land_path(view: _View, degrees: Box, outlines: Outlines, pins: Sequence[Pin]) -> str:
    around, frame = sides_of(degrees), sides_of(view.frame())
    smallest = SMALLEST_LAND / view.scale**2  # steradians, as both projections are equal-area
    is_near = _near(pins, NEAR / view.pixels_per_degree)
    paths = []
    for outline in outlines.land:
        if outline.area >= smallest or is_near(outline.at):
            for whole, bounds in turned_into(outline, degrees):
                for part in ring_within(whole, around, bounds):
                    ring = part if part is whole else stepped(part)  # its cut edges run straight in degrees
                    paths += [closed_path(drawn, view.bend) for drawn in ring_within(view.pixels(ring), frame)]
    return "".join(paths)


def _borders_path(view: _View, degrees: Box, outlines: Outlines) -> str:
    if view.bend and view.pixels_per_degree < BORDERS_FROM:
        return ""
    return _lines_path(view, degrees, outlines.borders)


def _lines_path(view: _View, degrees: Box, lines: Sequence[Outline]) -> str:
    around, frame = sides_of(degrees), sides_of(view.frame())
    return "".join(
        open_path(drawn, view.bend)
        for line in lines
        for whole, bounds in turned_into(line, degrees)
        for part in line_within(whole, around, bounds)
        for drawn in line_within(view.pixels(part), frame)
    )


def _near(pins: Sequence[Pin], degrees: float) -> Callable[[Point], bool]:
    """Return a test for points about so many degrees from a pin: in the pin's cell of a grid or beside it."""
    cells = {
        (math.floor(pin.lon / degrees) + column, math.floor(pin.lat / degrees) + row)
        for pin in pins
        for column in (-1, 0, 1)
        for row in (-1, 0, 1)
    }
    return lambda point: (math.floor(point[0] / degrees), math.floor(point[1] / degrees)) in cells


def _graticule(view: _View, degrees: Box) -> list[Outline]:
    """Return meridians and parallels over the degrees of the view, a round number of degrees apart."""
    middle = math.radians((degrees.low_y + degrees.high_y) / 2)
    along = _graticule_step(view.pixels_per_degree)
    # Meridians draw together towards the poles, so there they stand further apart in degrees.
    across = _graticule_step(view.pixels_per_degree * math.cos(middle))
    west = math.floor(degrees.low_x / across) * across
    east = math.ceil(degrees.high_x / across) * across
    south = max(-90, math.floor(degrees.low_y / along) * along)
    north = min(90, math.ceil(degrees.high_y / along) * along)
    meridians = [
        [(float(longitude), south + (north - south) * part / 24) for part in range(25)]
        for longitude in range(west, min(east + 1, west + 360), across)
    ]
    parallels = [
        [(degrees.low_x + (degrees.high_x - degrees.low_x) * part / 48, float(latitude)) for part in range(49)]
        for latitude in range(south, north + 1, along)
        if abs(latitude) < 90
    ]
    return [Outline(line, bounds_of(line), 0.0, line[0]) for line in (*meridians, *parallels)]


def _graticule_step(pixels_per_degree: float) -> int:
    """Return the least round number of degrees that leaves enough room between two lines."""
    steps = (step for step in GRATICULE_STEPS if step * pixels_per_degree >= GRATICULE_GAP)
    return min(steps, default=GRATICULE_STEPS[0])


# Pins


def _radius_by_count(pins: Sequence[Pin]) -> Callable[[Pin], float]:
    """Return the rule for radii: areas proportional to counts, the most named as large as a dot may be.

    Where counts are low the largest stays smaller, so that a map of places named once is not all large dots.
    """
    most = max((pin.count for pin in pins), default=1)
    full = max(float(most), (LARGEST_DOT / SMALLEST_DOT) ** 2)
    return lambda pin: max(SMALLEST_DOT, LARGEST_DOT * math.sqrt(max(pin.count, 0) / full))


def _positions(view: _View, pins: Sequence[Pin]) -> list[Point]:
    """Return the pins' places in tenths of a pixel."""
    meridian = view.projection.longitude
    return [(round(x, 1), round(y, 1)) for x, y in view.pixels([(near_meridian(pin.lon, meridian), pin.lat) for pin in pins])]


def _is_in(view: _View, place: Point, margin: float = 0.0) -> bool:
    x, y = place
    return margin <= x <= view.width - margin and margin <= y <= view.height - margin


def _placed(
    view: _View, pins: Sequence[Pin], positions: Sequence[Point], radii: Sequence[float], em: float, enlargements: Sequence[float]
) -> tuple[PlacedPin, ...]:
    """Place pins, which lie there, and names; the larger are drawn first, so that the smaller stay on top."""
    places = [(x, y, round(r, 1)) for (x, y), r in zip(positions, radii, strict=True)]
    zoomed = enlargements[-1] < 1
    stands_for = _crowds(places) if zoomed else {}
    if zoomed:
        _make_room([pin.name for pin in pins], places, stands_for, em, view)
    crowds = Counter(stands_for.values())
    dots = [
        _ringed(f"{pin.name} +{crowds[at]}", places[at]) if at in crowds else Dot(pin.name, *places[at])
        for at, pin in enumerate(pins)
    ]
    labels = place_labels(dots, width=view.width, height=view.height, em=em, enlargements=enlargements, late=stands_for)
    last = len(enlargements) - 1
    placed = [_placed_pin(pin, places[at], labels[at], last, crowds.get(at, 0), at in stands_for) for at, pin in enumerate(pins)]
    return tuple(sorted(placed, key=lambda pin: -pin.r))


def _crowds(places: Sequence[tuple[float, float, float]]) -> dict[int, int]:
    """Return which circles have their middle in an earlier one that shows, and the number of that one."""
    shown: list[int] = []
    found = {}
    for at, (x, y, _) in enumerate(places):
        over = (other for other in shown if math.dist(places[other][:2], (x, y)) <= places[other][2])
        if (other := next(over, None)) is None:
            shown.append(at)
        else:
            found[at] = other
    return found


def _make_room(
    names: Sequence[str], places: Sequence[tuple[float, float, float]], stands_for: dict[int, int], em: float, view: _View
) -> None:  # fmt: skip
    """Let the most named stand for small dots in the way of their names, too: a map that does not name them tells nothing.

    The names are as large as a map 1000 pixels wide has them. A name takes the place in which fewest are in its way, and
    none where that is another of the most named, or its name.
    """
    kept: list[Box] = []
    first = [at for at in range(min(len(places), NAMED_FIRST)) if at not in stands_for]
    for at in first:
        dot = _ringed(f"{names[at]} +99", places[at])
        boxes = [label_box(dot, label, em) for label in candidates(dot, 0)]
        free = [box for box in boxes if is_inside(box, view.width, view.height) and not any(map(box.meets, kept))]
        shown = [n for n in range(len(places)) if n != at and n not in stands_for]
        in_way = [[n for n in shown if Dot("", *places[n]).box.meets(box)] for box in free]
        small = SMALL_BESIDE * places[at][2]
        ways = [(len(way), number) for number, way in enumerate(in_way) if all(places[n][2] <= small for n in way)]
        if ways:
            _, best = min(ways)
            kept.append(free[best])
            for n in in_way[best]:
                for other, stand in list(stands_for.items()):
                    if stand == n:
                        stands_for[other] = at
                stands_for[n] = at


def _ringed(name: str, place: tuple[float, float, float]) -> Dot:
    """The dot of a place that stands for others, with the ring drawn around it."""
    x, y, r = place
    return Dot(name, x, y, r + RING)


def _placed_pin(
    pin: Pin, place: tuple[float, float, float], label: Label | None, last_tier: int, crowd: int, late: bool
) -> PlacedPin:  # fmt: skip
    x, y, r = place
    shown = label or Label(x, y, "start", 0.0, last_tier)
    return PlacedPin(
        name=pin.name,
        url=pin.url,
        count=pin.count,
        x=x,
        y=y,
        r=r,
        label=pin.name if label else "",
        label_x=shown.x,
        label_y=shown.y,
        label_dy=shown.dy,
        anchor=shown.anchor,
        tier=shown.tier,
        crowd=crowd,
        late=late,
        periods=pin.periods,
    )
