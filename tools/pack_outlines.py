"""Pack Natural Earth's coasts and borders into sitegen/data/outlines.bin.

    python tools/pack_outlines.py                             # fetches world-atlas with `npm pack`
    python tools/pack_outlines.py path/to/countries-50m.json  # uses a file that is here already

Input is TopoJSON: arcs of quantised deltas, shared by the countries on both sides. Land rings use only arcs
that one country owns and borders only arcs that two own, so each line is simplified once, and a border
still ends on the coast because the points where they meet are kept at every level.

Each point is stored with the coarsest level of detail that needs it, so that one file serves maps of every
scale. sitegen/geo/outlines.py reads the file and describes its layout. Same input, same bytes.
"""

from __future__ import annotations

import argparse
import heapq
import json
import math
import struct
import subprocess
import tarfile
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

PACKAGE = "world-atlas@2.0.2"
MEMBER = "package/countries-50m.json"
TARGET = Path(__file__).resolve().parent.parent / "sitegen" / "data" / "outlines.bin"

MAGIC = b"SGO1"
UNITS_PER_DEGREE = 60  # minutes of arc, 1.9 km; a step of 360 degrees still fits a signed 16-bit number
LEVEL_SCALES = (3.2, 6.4, 12.8, 25.6, 51.2)  # pixels per degree that each level of detail is made for
SMALLEST_TRIANGLE = 1.5  # square pixels: a point that matters less than this at a level is left out of it

Point = tuple[float, float]  # longitude, latitude in degrees
Leveled = list[tuple[int, int, int]]  # longitude, latitude in units, and the point's level


def main() -> None:
    """Read the TopoJSON named on the command line, or fetch it, and write the packed file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("topojson", nargs="?", type=Path, help="countries-50m.json of " + PACKAGE)
    parser.add_argument("--output", type=Path, default=TARGET)
    arguments = parser.parse_args()
    topology = json.loads(arguments.topojson.read_bytes() if arguments.topojson else fetch())
    packed = pack(topology)
    arguments.output.write_bytes(packed)
    print(f"{arguments.output}: {len(packed):,} bytes")


def fetch() -> bytes:
    """Download the package with npm, from whichever registry npm is set up for, and return the one file."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", PACKAGE, "--silent"], cwd=folder, check=True, capture_output=True)
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as files:
            member = files.extractfile(MEMBER)
            if member is None:
                raise SystemExit(f"{PACKAGE} has no file {MEMBER}")
            return member.read()


def pack(topology: dict[str, Any]) -> bytes:
    """Return the packed file for a world-atlas topology of countries."""
    arcs = decode_arcs(topology)
    borders = list(shared_arcs(topology, arcs))
    junctions = {end for border in borders for end in (border[0], border[-1])}
    land = [simplify(ring, junctions, closed=True) for ring in land_rings(topology, arcs)]
    lines = [simplify(unwrap(border), junctions, closed=False) for border in borders]
    return MAGIC + zlib.compress(serialise(land, lines), 9)


# Reading TopoJSON


def decode_arcs(topology: dict[str, Any]) -> list[list[Point]]:
    """Undo the delta encoding and the quantisation: one list of points in degrees for each arc."""
    (scale_x, scale_y), (offset_x, offset_y) = (
        topology["transform"]["scale"],
        topology["transform"]["translate"],
    )
    arcs = []
    for deltas in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in deltas:
            x, y = x + dx, y + dy
            points.append((x * scale_x + offset_x, y * scale_y + offset_y))
        arcs.append(points)
    return arcs


def shared_arcs(topology: dict[str, Any], arcs: Sequence[list[Point]]) -> Iterator[list[Point]]:
    """Yield the arcs that two countries use: the land borders."""
    uses = Counter(
        arc if arc >= 0 else ~arc
        for country in topology["objects"]["countries"]["geometries"]
        for ring in rings_of(country)
        for arc in ring
    )
    return (arcs[arc] for arc in sorted(uses) if uses[arc] > 1)


def rings_of(geometry: dict[str, Any]) -> Iterator[list[int]]:
    """Yield each ring of a Polygon or MultiPolygon as its arc numbers; `~n` is arc n backwards."""
    polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
    return (ring for polygon in polygons for ring in polygon)


def land_rings(topology: dict[str, Any], arcs: Sequence[list[Point]]) -> Iterator[list[Point]]:
    """Yield the rings of all land, unwrapped, without the closing point; Antarctica reaches the pole."""
    for land in topology["objects"]["land"]["geometries"]:
        for ring in rings_of(land):
            points = unwrap(join(arcs, ring))
            turned = points[-1][0] - points[0][0]
            if max(latitude for _, latitude in points) < -89:
                continue  # the source's pinhole at the pole
            if abs(turned) > 180:  # a ring around the pole: close it along the pole instead
                points += [(points[-1][0], -90.0), (points[0][0], -90.0)]
            else:
                points.pop()
            yield points


def join(arcs: Sequence[list[Point]], ring: Iterable[int]) -> list[Point]:
    """Return the points of a ring whose arcs follow on one another."""
    points: list[Point] = []
    for arc in ring:
        following = arcs[arc] if arc >= 0 else arcs[~arc][::-1]
        points += following[1:] if points else following
    return points


def unwrap(points: Sequence[Point]) -> list[Point]:
    """Return the line with longitudes that run on past 180 degrees instead of jumping to -180."""
    unwrapped = [points[0]]
    for longitude, latitude in points[1:]:
        turns = round((longitude - unwrapped[-1][0]) / 360)
        unwrapped.append((longitude - 360 * turns, latitude))
    middle = (min(x for x, _ in unwrapped) + max(x for x, _ in unwrapped)) / 2
    shift = 360 * math.floor((middle + 180) / 360)
    return [(longitude - shift, latitude) for longitude, latitude in unwrapped]


# Simplifying


def simplify(points: Sequence[Point], junctions: set[Point], *, closed: bool) -> Leveled:
    """Give each point its level of detail and drop those that no level needs.

    Visvalingam's method: a point is worth the area of the triangle that goes when the point goes.
    """
    worth = effective_areas(points, closed=closed)
    for at, point in enumerate(points):
        beside_pole = closed and -90 in (points[at - 1][1], point[1], points[(at + 1) % len(points)][1])
        if point in junctions or beside_pole:  # Antarctica's two edges to the pole lie on one meridian
            worth[at] = math.inf
    if closed:  # an island keeps a triangle at every level; maps drop it where it is too small to see
        for at in heapq.nlargest(3, range(len(points)), key=worth.__getitem__):
            worth[at] = math.inf
    leveled: Leveled = []
    for (longitude, latitude), area in zip(points, worth, strict=True):
        level = level_of(area)
        unit = (round(longitude * UNITS_PER_DEGREE), round(latitude * UNITS_PER_DEGREE))
        if level is not None:
            leveled.append((*unit, level))
    return leveled


def level_of(area: float) -> int | None:
    """Return the first level at which a triangle of so many square degrees can be seen, or None."""
    for level, scale in enumerate(LEVEL_SCALES):
        if area * scale * scale >= SMALLEST_TRIANGLE:
            return level
    return None


def effective_areas(points: Sequence[Point], *, closed: bool) -> list[float]:
    """Return each point's Visvalingam area in square degrees at the equator; ends of a line are infinite."""
    count = len(points)
    before = [at - 1 for at in range(count)]
    after = [at + 1 for at in range(count)]
    areas = [math.inf] * count
    if closed:
        before[0], after[-1] = count - 1, 0
    inner = range(count) if closed else range(1, count - 1)
    queue = []
    for at in inner:
        areas[at] = triangle(points[before[at]], points[at], points[after[at]])
        queue.append((areas[at], at))
    heapq.heapify(queue)
    gone = [False] * count
    floor = 0.0  # a point is never worth less than one that went before it
    while queue:
        area, at = heapq.heappop(queue)
        if gone[at] or area != areas[at]:
            continue  # an entry from before a neighbour went
        floor = areas[at] = max(floor, area)
        gone[at] = True
        left, right = before[at], after[at]
        after[left], before[right] = right, left
        for near in (left, right):
            if not gone[near] and near in inner:
                areas[near] = triangle(points[before[near]], points[near], points[after[near]])
                heapq.heappush(queue, (areas[near], near))
    return areas


def triangle(a: Point, b: Point, c: Point) -> float:
    """Return the area of a small triangle in square degrees as they are at the equator."""
    shrink = math.cos(math.radians(b[1]))
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) * shrink / 2


# Writing


def serialise(land: Sequence[Leveled], borders: Sequence[Leveled]) -> bytes:
    """Return the uncompressed file: counts, starts, levels, then deltas as planes of low and high bytes."""
    lines = [*land, *borders]
    starts = [value for line in lines for value in line[0][:2]]
    steps = [(here[0] - last[0], here[1] - last[1]) for line in lines for last, here in pairwise(line)]
    deltas = struct.pack(f"<{2 * len(steps)}h", *[dx for dx, _ in steps], *[dy for _, dy in steps])
    return b"".join(
        (
            struct.pack("<2H", len(land), len(borders)),
            struct.pack(f"<{len(lines)}H", *map(len, lines)),
            struct.pack(f"<{len(starts)}h", *starts),
            bytes(level for line in lines for _, _, level in line),
            deltas[0::2],
            deltas[1::2],
        )
    )


if __name__ == "__main__":
    main()
