"""Read the packed outlines of land and borders, at the level of detail that a map's scale needs.

Natural Earth 1:50m, packed by tools/pack_outlines.py; see sitegen/data/NATURAL-EARTH.md. Longitudes run on
past 180 degrees where a coast does, so no line jumps across the map. Antarctica is closed along the pole.

The file: `SGO1`, then zlib over little-endian values. Two u16: how many land rings, how many border lines;
for each line a u16: its points; for each line its first point as two i16 (longitude, latitude) in minutes of
arc; for each point a byte: the coarsest level that needs it; then for each point but the first of a line its
step as an i16, all longitudes before all latitudes, and of all these the low bytes before the high bytes.
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import accumulate, chain, compress, pairwise
from pathlib import Path

import msgspec

from sitegen.geo.clip import Within, across, along, line_within, ring_within
from sitegen.geo.projection import Box, Point

LEVELS = 5
COARSEST_SCALE = 3.2  # pixels per degree that level 0 is made for; each further level doubles it
LONGEST_STEP = 4.0  # degrees: a longer straight line in degrees would be seen to bend on a map
TILE = 15  # degrees: views whose edges lie between the same multiples of it share one cut of the outlines
WIDEST_TILE = 120.0  # degrees of longitude: a wider view takes the outlines whole

_MAGIC = b"SGO1"
_FILE = Path(__file__).parents[1] / "data" / "outlines.bin"  # to load importlib.resources would take a fifth of the time of a map
_UNITS_PER_DEGREE = 60
_NEEDED = [bytes(needed <= level for needed in range(256)) for level in range(LEVELS)]  # by level: 1 or 0


class Outline(msgspec.Struct, frozen=True):
    """A ring of land (or of a lake in it, turning the other way) or a border line, in degrees.

    `area` is in steradians, 0 for a line; of a part, that of the whole. `at` is a point of the whole.
    """

    points: Sequence[Point]
    bounds: Box
    area: float
    at: Point


class Outlines(msgspec.Struct, frozen=True):
    """Everything drawn under the pins, at one level of detail."""

    land: tuple[Outline, ...]
    borders: tuple[Outline, ...]


class OwnOutlines(msgspec.Struct, frozen=True, eq=False):
    """A collection's own outlines, in one level of detail for all scales. No two are equal: maps are kept by which they show."""

    whole: Outlines

    def around(self, view: Box) -> Outlines:
        """Return what a view of those degrees needs."""
        return self.whole if view.high_x - view.low_x > WIDEST_TILE else _within(self.whole, view)


class _Packed(msgspec.Struct, frozen=True):
    """A line as stored: in minutes of arc, each point with the coarsest level that needs it."""

    longitudes: tuple[int, ...]
    latitudes: tuple[int, ...]
    levels: bytes


def level_for(pixels_per_degree: float) -> int:
    """Return the level of detail made for about that scale: 0 for a world map, LEVELS - 1 for the finest."""
    return max(0, min(LEVELS - 1, round(math.log2(pixels_per_degree / COARSEST_SCALE))))


@cache
def load_outlines(level: int) -> Outlines:
    """Return the outlines with the points that the level needs."""
    land, borders = _unpacked()
    return Outlines(
        tuple(_at_level(line, level, closed=True) for line in land),
        tuple(_at_level(line, level, closed=False) for line in borders),
    )


def outlines_around(level: int, view: Box) -> Outlines:
    """Return the outlines that a view of those degrees needs, already cut to its surroundings where it is small."""
    if view.high_x - view.low_x > WIDEST_TILE:
        return load_outlines(level)
    west, east = math.floor(view.low_x / TILE), math.ceil(view.high_x / TILE)
    south, north = math.floor(view.low_y / TILE), math.ceil(view.high_y / TILE)
    return _cut(level, west, south, east, north)


@lru_cache(maxsize=512)  # the points are shared with the outlines, so a cut is small
def _cut(level: int, west: int, south: int, east: int, north: int) -> Outlines:
    """Return the outlines within a box of so many tiles."""
    return _between_parallels(_strip(level, west, east), Box(west * TILE, south * TILE, east * TILE, north * TILE))


@lru_cache(maxsize=128)
def _strip(level: int, west: int, east: int) -> _Strip:
    """What lies between two meridians: the boxes that are cut out of the world have few of them."""
    return _between_meridians(load_outlines(level), Box(west * TILE, -90, east * TILE, 90))


def _within(whole: Outlines, box: Box) -> Outlines:
    return _between_parallels(_between_meridians(whole, box), box)


class _Stretch(msgspec.Struct, frozen=True, gc=False):
    """What two meridians leave of an outline: points, and whether they had to cut it."""

    outline: Outline
    points: Sequence[Point]
    cut: bool
    bounds: Box


_Strip = tuple[list[_Stretch], list[_Stretch]]


def _between_meridians(whole: Outlines, box: Box) -> _Strip:
    return [*_stretches(whole.land, box, ring_within)], [*_stretches(whole.borders, box, line_within)]


def _stretches(outlines: Iterable[Outline], box: Box, within: Within) -> Iterator[_Stretch]:
    sides, west, east = across(box), box.low_x, box.high_x
    for outline in outlines:
        bounds = outline.bounds
        if (east - bounds.low_x) // 360 < -((bounds.high_x - west) // 360):
            continue  # no turn brings it here; most outlines are elsewhere
        for points, bounds in turned_into(outline, box):
            for part in within(points, sides, bounds):
                if part is points:
                    yield _Stretch(outline, points, False, bounds)
                else:
                    yield _Stretch(outline, part, True, bounds_of(part))


def _between_parallels(strip: _Strip, box: Box) -> Outlines:
    land, borders = strip
    return Outlines(tuple(_parts(land, box, ring_within, closed=True)), tuple(_parts(borders, box, line_within, closed=False)))


def _parts(stretches: Iterable[_Stretch], box: Box, within: Within, *, closed: bool) -> Iterator[Outline]:
    sides, low, high = along(box), box.low_y, box.high_y
    for stretch in stretches:
        if stretch.bounds.high_y < low or stretch.bounds.low_y > high:
            continue
        outline, points = stretch.outline, stretch.points
        for part in within(points, sides, stretch.bounds):
            if part is outline.points:
                yield outline
            elif closed and (stretch.cut or part is not points):  # its cut edges run straight in degrees
                yield _part(outline, stepped(part))
            else:
                yield _part(outline, part)


def _part(outline: Outline, points: Sequence[Point]) -> Outline:
    return Outline(points, bounds_of(points), outline.area, outline.at)


def turned_into(outline: Outline, degrees: Box) -> Iterator[tuple[Sequence[Point], Box]]:
    """Yield the outline's points and their bounds, moved by the whole turns that bring them into those degrees."""
    bounds = outline.bounds
    if bounds.high_y < degrees.low_y or bounds.low_y > degrees.high_y:
        return
    first = math.ceil((degrees.low_x - bounds.high_x) / 360)
    last = math.floor((degrees.high_x - bounds.low_x) / 360)
    for turn in range(first, last + 1):
        if turn:
            moved = [(longitude + 360.0 * turn, latitude) for longitude, latitude in outline.points]
            yield moved, bounds_of(moved)
        else:
            yield outline.points, bounds


def bounds_of(points: Sequence[Point]) -> Box:
    """Return the box around the points."""
    xs, ys = zip(*points, strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))


def stepped(ring: Sequence[Point]) -> Sequence[Point]:
    """Return a ring of such points with short steps; itself where it has no other."""
    for (x1, y1), (x2, y2) in zip(ring, (*ring[1:], ring[0]), strict=True):
        if not -LONGEST_STEP <= x2 - x1 <= LONGEST_STEP or not -LONGEST_STEP <= y2 - y1 <= LONGEST_STEP:
            return tuple(with_short_steps(ring, closed=True))
    return ring


def with_short_steps(points: Sequence[Point], *, closed: bool) -> Iterator[Point]:
    """Yield the points with others between those far apart, so that the line bends as the map does."""
    closing = [(points[-1], points[0])] if closed else []
    for (x1, y1), (x2, y2) in chain(pairwise(points), closing):
        yield x1, y1
        if abs(x2 - x1) > LONGEST_STEP or abs(y2 - y1) > LONGEST_STEP:
            steps = math.ceil(max(abs(x2 - x1), abs(y2 - y1)) / LONGEST_STEP)
            for step in range(1, steps):
                yield x1 + (x2 - x1) * step / steps, y1 + (y2 - y1) * step / steps
    if not closed:
        yield points[-1]


@cache
def _unpacked() -> tuple[list[_Packed], list[_Packed]]:
    """Return all land rings and all border lines with all their points."""
    packed = _FILE.read_bytes()
    if not packed.startswith(_MAGIC):
        raise ValueError("sitegen/data/outlines.bin is not an outlines file: run tools/pack_outlines.py")
    data = zlib.decompress(packed[len(_MAGIC) :])
    land, borders = struct.unpack_from("<2H", data)
    counts = struct.unpack_from(f"<{land + borders}H", data, 4)
    starts = struct.unpack_from(f"<{2 * len(counts)}h", data, 4 + 2 * len(counts))
    at_levels = 4 + 6 * len(counts)
    at_steps = at_levels + sum(counts)
    steps = _steps(data[at_steps:])
    north = len(steps) // 2  # where the latitudes begin
    lines = []
    first_level, first_step = at_levels, 0
    for count, x, y in zip(counts, starts[0::2], starts[1::2], strict=True):
        last_step = first_step + count - 1
        longitudes = tuple(accumulate(steps[first_step:last_step], initial=x))
        latitudes = tuple(accumulate(steps[north + first_step : north + last_step], initial=y))
        lines.append(_Packed(longitudes, latitudes, data[first_level : first_level + count]))
        first_level, first_step = first_level + count, last_step
    return lines[:land], lines[land:]


def _steps(planes: bytes) -> tuple[int, ...]:
    """Join the low and the high bytes of the steps again."""
    count = len(planes) // 2
    joined = bytearray(len(planes))
    joined[0::2], joined[1::2] = planes[:count], planes[count:]
    return struct.unpack(f"<{count}h", joined)


def _at_level(line: _Packed, level: int, *, closed: bool) -> Outline:
    needed = line.levels.translate(_NEEDED[level])
    xs = [x / _UNITS_PER_DEGREE for x in compress(line.longitudes, needed)]
    ys = [y / _UNITS_PER_DEGREE for y in compress(line.latitudes, needed)]
    return outline_of(list(zip(xs, ys, strict=True)), closed=closed)


def outline_of(points: Sequence[Point], *, closed: bool) -> Outline:
    """Return a ring of land, or a border line, of these points: a ring's first is not repeated."""
    return Outline(
        points=tuple(with_short_steps(points, closed=closed)),
        bounds=bounds_of(points),
        area=_area(points) if closed else 0.0,
        at=points[0],
    )


def _area(ring: Sequence[Point]) -> float:
    """Return the ring's area on the sphere in steradians, its sides taken as straight on a cylinder."""
    heights = [math.sin(math.radians(latitude)) for _, latitude in ring]
    twice = 0.0
    for at, (longitude, _) in enumerate(ring):
        twice += (longitude - ring[at - 1][0]) * (heights[at] + heights[at - 1])
    return math.radians(abs(twice)) / 2
