"""Write SVG path data, as short as tenths of a pixel allow.

Points are rounded before their differences are taken, so rounding never adds up along a line, and the text is
the same wherever the points agree to a twentieth of a pixel. A map that is shown small leaves out the bends that are too
small to be seen there: those that move least ink, first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from heapq import heapify, heappop, heappush

from sitegen.geo.projection import Point


def closed_path(ring: Sequence[Point], bend: float = 0.0) -> str:
    """Return the ring as `M…l…z`, or nothing where its points round to fewer than three. For `bend`, see `thinned`."""
    points = _tenths(thinned(ring, bend, closed=True))
    if len(points) > 1 and points[0] == points[-1]:
        points.pop()
    return f"{_strokes(points)}z" if len(points) > 2 else ""


def open_path(line: Sequence[Point], bend: float = 0.0) -> str:
    """Return the line as `M…l…`, or nothing where all its points round to one. For `bend`, see `thinned`."""
    points = _tenths(thinned(line, bend, closed=False))
    return _strokes(points) if len(points) > 1 else ""


def thinned(points: Sequence[Point], bend: float, *, closed: bool) -> Sequence[Point]:
    """Return the points without the bends that cut off less than `bend` square pixels, the smallest first, in O(n log n).

    A line keeps its ends, a ring its last three points, so none is lost. Source: Visvalingam and Whyatt (1993), "Line
    generalisation by repeated elimination of points", doi:10.1179/000870493786962263.
    """
    count = len(points)
    if not bend or count <= 3:
        return points
    before, after = [at - 1 for at in range(count)], [at + 1 for at in range(count)]
    before[0], after[-1] = count - 1, 0

    def cut_off(at: int) -> float:
        (x1, y1), (x2, y2), (x3, y3) = points[before[at]], points[at], points[after[at]]
        return abs((x2 - x1) * (y3 - y1) - (x3 - x1) * (y2 - y1)) / 2

    areas = [cut_off(at) for at in range(count)]
    if not closed:
        areas[0] = areas[-1] = bend
    heap = [(area, at) for at, area in enumerate(areas) if area < bend]
    heapify(heap)
    left = count
    while heap and left > 3:
        area, at = heappop(heap)
        if area != areas[at]:
            continue  # a neighbour has gone since
        areas[at] = -1.0
        left -= 1
        one, other = before[at], after[at]
        after[one], before[other] = other, one
        for near in (one, other):
            if closed or 0 < near < count - 1:
                # Never less than what went beside it, lest a curve be worn down step by step.
                areas[near] = max(area, cut_off(near))
                if areas[near] < bend:
                    heappush(heap, (areas[near], near))
    return [point for point, area in zip(points, areas, strict=True) if area >= 0]


def _tenths(points: Iterable[Point]) -> list[tuple[int, int]]:
    """Return the points in tenths, without repeats and without points in the middle of a straight stretch."""
    kept: list[tuple[int, int]] = []
    for x, y in points:
        here = round(x * 10), round(y * 10)
        if kept and here == kept[-1]:
            continue
        if len(kept) > 1 and _goes_on(kept[-2], kept[-1], here):
            kept.pop()
        kept.append(here)
    return kept


def _goes_on(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> bool:
    """Tell whether the way from `b` to `c` goes on exactly as from `a` to `b`."""
    x1, y1, x2, y2 = b[0] - a[0], b[1] - a[1], c[0] - b[0], c[1] - b[1]
    return x1 * y2 == x2 * y1 and x1 * x2 + y1 * y2 > 0


def _strokes(points: Sequence[tuple[int, int]]) -> str:
    (x, y), *others = points
    parts = [f"M{_joined((x, y))}l"]
    numbers: list[int] = []
    for to_x, to_y in others:
        numbers += (to_x - x, to_y - y)
        x, y = to_x, to_y
    return parts[0] + _joined(numbers)


def _joined(tenths: Iterable[int]) -> str:
    """Return the numbers with a space only where the next one would run into the last."""
    text: list[str] = []
    fraction = True  # whether the last number has a point, so that another point begins a new number
    for value in tenths:
        number = _number(value)
        first = number[0]
        if first != "-" and not (first == "." and fraction) and text:
            text.append(" ")
        text.append(number)
        fraction = value % 10 != 0
    return "".join(text)


@lru_cache(maxsize=8192)  # most steps are short, and come again and again
def _number(tenths: int) -> str:
    whole, tenth = divmod(abs(tenths), 10)
    sign = "-" if tenths < 0 else ""
    if not tenth:
        return f"{sign}{whole}"
    return f"{sign}{whole or ''}.{tenth}"
