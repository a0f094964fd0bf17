"""Cut rings and lines to a box.

A ring is a list of points without the closing one. What is left of it follows the box's edge, in as many
rings as there are parts, so that no stray line runs along the edge from one part to another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from sitegen.geo.projection import Box, Point


class Side(NamedTuple):
    """A half-plane: the points whose coordinate on the axis is not beyond the limit."""

    axis: int
    limit: float
    above: bool

    def held(self, points: Sequence[Point]) -> bytes:
        """Which of the points it holds: a byte for each, 1 or 0, as this sees every point of a large coast."""
        axis, limit, above = self
        if axis == 0:
            return bytes([x >= limit for x, _ in points] if above else [x <= limit for x, _ in points])
        return bytes([y >= limit for _, y in points] if above else [y <= limit for _, y in points])

    def crossing(self, a: Point, b: Point) -> Point:
        """Return where the segment from `a` to `b` meets the limit, exactly on it along the axis."""
        axis, limit, _ = self
        part = (limit - a[axis]) / (b[axis] - a[axis])
        other = a[1 - axis] + part * (b[1 - axis] - a[1 - axis])
        return (limit, other) if axis == 0 else (other, limit)


def across(box: Box) -> tuple[Side, Side]:
    """The sides of a box to the left and the right, along which things are cut first."""
    return Side(0, box.low_x, True), Side(0, box.high_x, False)


def along(box: Box) -> tuple[Side, Side]:
    """The sides of a box below and above."""
    return Side(1, box.low_y, True), Side(1, box.high_y, False)


def sides_of(box: Box) -> Sides:
    """The sides of a box, in the order in which things are cut along them."""
    return (*across(box), *along(box))


Sides = Sequence[Side]
Within = Callable[[Sequence[Point], Sides, "Box | None"], list[Sequence[Point]]]  # one of the next two


def ring_within(ring: Sequence[Point], sides: Sides, bounds: Box | None = None) -> list[Sequence[Point]]:
    """Return the parts of the ring within these sides, turning the same way; one that is whole already as it is.

    bounds: those of the ring, where they are known.
    """
    return _clip(ring, sides, bounds, _cut_ring)


def line_within(line: Sequence[Point], sides: Sides, bounds: Box | None = None) -> list[Sequence[Point]]:
    """Return the parts of the line within these sides, in order; one that is whole already as it is. bounds: as for a ring."""
    return _clip(line, sides, bounds, _cut_line)


_Cut = Callable[[Sequence[Point], bytes, Side], list[Sequence[Point]]]


def _clip(points: Sequence[Point], sides: Sides, bounds: Box | None, cut: _Cut) -> list[Sequence[Point]]:
    """Cut in turn along the sides that do not hold all."""
    if bounds:
        least, most = (bounds.low_x, bounds.low_y), (bounds.high_x, bounds.high_y)
    else:
        xs, ys = zip(*points, strict=True)
        least, most = (min(xs), min(ys)), (max(xs), max(ys))
    parts = [points]
    for side in sides:
        axis, limit, above = side
        if least[axis] >= limit if above else most[axis] <= limit:
            continue
        kept: list[Sequence[Point]] = []
        for part in parts:
            held = side.held(part)
            if 0 not in held:
                kept.append(part)
            elif 1 in held:
                kept += cut(part, held, side)
        parts = kept
    return parts


def _cut_ring(ring: Sequence[Point], held: bytes, side: Side) -> list[Sequence[Point]]:
    """Return the rings on one side of the limit; some point must lie on the other side.

    Each stretch on this side runs from one crossing to another. Along the limit, the ring's inside lies
    between the first crossing out and the first crossing in, between the second ones, and so on.
    """
    outside = held.find(0)
    turned = held[outside:] + held[: outside + 1]
    stretches = _cut_line([*ring[outside:], *ring[: outside + 1]], turned, side)
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


def _cut_line(line: Sequence[Point], held: bytes, side: Side) -> list[Sequence[Point]]:
    """Return the stretches of a line on one side of the limit."""
    pieces: list[Sequence[Point]] = []
    end = 0
    while (start := held.find(1, end)) >= 0:
        piece = [side.crossing(line[start - 1], line[start])] if start else []
        end = held.find(0, start)
        if end < 0:
            piece += line[start:]
            end = len(line)
        else:
            piece += line[start:end]
            piece.append(side.crossing(line[end - 1], line[end]))
        if len(piece) > 1:
            pieces.append(piece)
    return pieces
