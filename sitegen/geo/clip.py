"""Cut rings and lines to a box.

A ring is a list of points without the closing one. What is left of it follows the box's edge, in as many
rings as there are parts, so that no stray line runs along the edge from one part to another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from sitegen.geo.projection import Box, Point


def clip_ring(ring: Sequence[Point], box: Box) -> list[Sequence[Point]]:
    """Return the parts of the ring inside the box, turning the same way."""
    return _clip(ring, box, _cut_ring)


def clip_line(line: Sequence[Point], box: Box) -> list[Sequence[Point]]:
    """Return the parts of the line inside the box, in order."""
    return _clip(line, box, _cut_line)


def _clip(points: Sequence[Point], box: Box, cut: _Cut) -> list[Sequence[Point]]:
    """Cut along each side of the box in turn; what is whole already is returned as it is."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    low_x, high_x, low_y, high_y = min(xs), max(xs), min(ys), max(ys)
    if low_x > box.high_x or high_x < box.low_x or low_y > box.high_y or high_y < box.low_y:
        return []
    if low_x >= box.low_x and high_x <= box.high_x and low_y >= box.low_y and high_y <= box.high_y:
        return [points]
    parts = [points]
    for side in (
        _Side(0, box.low_x, True),
        _Side(0, box.high_x, False),
        _Side(1, box.low_y, True),
        _Side(1, box.high_y, False),
    ):
        parts = [piece for part in parts for piece in ([part] if side.holds_all(part) else cut(part, side))]
    return parts


class _Side(NamedTuple):
    """A half-plane: the points whose coordinate on the axis is not beyond the limit."""

    axis: int
    limit: float
    above: bool

    def holds(self, point: Point) -> bool:
        return point[self.axis] >= self.limit if self.above else point[self.axis] <= self.limit

    def holds_all(self, points: Sequence[Point]) -> bool:
        values = [point[self.axis] for point in points]
        return min(values) >= self.limit if self.above else max(values) <= self.limit

    def crossing(self, a: Point, b: Point) -> Point:
        """Return where the segment from `a` to `b` meets the limit, exactly on it along the axis."""
        axis, limit, _ = self
        part = (limit - a[axis]) / (b[axis] - a[axis])
        other = a[1 - axis] + part * (b[1 - axis] - a[1 - axis])
        return (limit, other) if axis == 0 else (other, limit)


_Cut = Callable[[Sequence[Point], _Side], list[Sequence[Point]]]


def _cut_ring(ring: Sequence[Point], side: _Side) -> list[Sequence[Point]]:
    """Return the rings on one side of the limit; some point must lie on the other side.

    Each stretch on this side runs from one crossing to another. Along the limit, the ring's inside lies
    between the first crossing out and the first crossing in, between the second ones, and so on.
    """
    outside = next(at for at, point in enumerate(ring) if not side.holds(point))
    stretches = _cut_line([*ring[outside:], *ring[: outside + 1]], side)
    numbers = range(len(stretches))
    along = 1 - side.axis
    ends = sorted(numbers, key=lambda number: stretches[number][-1][along])
    starts = sorted(numbers, key=lambda number: stretches[number][0][along])
    following = dict(zip(ends, starts, strict=True))
    rings: list[Sequence[Point]] = []
    while following:
        number = next(iter(following))
        whole: list[Point] = []
        while number in following:
            whole += stretches[number]
            number = following.pop(number)
        rings.append(whole)
    return rings


def _cut_line(line: Sequence[Point], side: _Side) -> list[Sequence[Point]]:
    """Return the stretches of a line on one side of the limit."""
    axis, limit, above = side  # unpacked, as this loop sees every point of a large coast
    pieces: list[list[Point]] = []
    last_inside = False
    for at, point in enumerate(line):
        inside = point[axis] >= limit if above else point[axis] <= limit
        if inside and not last_inside:
            pieces.append([side.crossing(line[at - 1], point)] if at else [])
        elif last_inside and not inside:
            pieces[-1].append(side.crossing(line[at - 1], point))
        if inside:
            pieces[-1].append(point)
        last_inside = inside
    return [piece for piece in pieces if len(piece) > 1]
