"""Write SVG path data, as short as tenths of a pixel allow.

Points are rounded before their differences are taken, so rounding never adds up along a line, and the text is
the same wherever the points agree to a twentieth of a pixel. A map that is shown small leaves out the bends that are too
small to be seen there: those that move least ink, first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heappush

from sitegen.geo.projection import Point


def closed_path(ring: Sequence[Point], bend: float = 0.0) -> str:
    """Return the ring as `M…l…z`, or nothing where its points round to fewer than three. For `bend`, see `thinned`."""
    numbers = _tenths(thinned(ring, bend, closed=True))
    if not sum(numbers[2::2]) and not sum(numbers[3::2]):  # it comes back to where it began
        del numbers[-2:]
    return f"{_strokes(numbers)}z" if len(numbers) > 4 else ""


def open_path(line: Sequence[Point], bend: float = 0.0) -> str:
    """Return the line as `M…l…`, or nothing where all its points round to one. For `bend`, see `thinned`."""
    numbers = _tenths(thinned(line, bend, closed=False))
    return _strokes(numbers) if len(numbers) > 2 else ""


def thinned(points: Sequence[Point], bend: float, *, closed: bool) -> Sequence[Point]:
    """Return the points without the bends that cut off less than `bend` square pixels, the smallest first, in O(n log n).

    A line keeps its ends, a ring its last three points, so none is lost. Source: Visvalingam and Whyatt (1993), "Line
    generalisation by repeated elimination of points", doi:10.1179/000870493786962263.
    """
    count = len(points)
    if not bend or count <= 3:
        return points
    areas = [
        abs((x2 - x1) * (y3 - y1) - (x3 - x1) * (y2 - y1)) / 2
        for (x1, y1), (x2, y2), (x3, y3) in zip((points[-1], *points[:-1]), points, (*points[1:], points[0]), strict=True)
    ]
    if not closed:
        areas[0] = areas[-1] = bend
    heap = [(area, at) for at, area in enumerate(areas) if area < bend]
    if not heap:
        return points
    heapify(heap)
    before, after = list(range(-1, count - 1)), list(range(1, count + 1))
    before[0], after[-1] = count - 1, 0
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
                (x1, y1), (x2, y2), (x3, y3) = points[before[near]], points[near], points[after[near]]
                cut_off = abs((x2 - x1) * (y3 - y1) - (x3 - x1) * (y2 - y1)) / 2
                if cut_off < area:
                    cut_off = area  # never less than what went beside it, lest a curve be worn down step by step
                areas[near] = cut_off
                if cut_off < bend:
                    heappush(heap, (cut_off, near))
    return [point for point, area in zip(points, areas, strict=True) if area >= 0]


def _tenths(points: Iterable[Point]) -> list[int]:
    """Return the first point, x and y in tenths, and the steps to the others.

    Points that repeat the last one are left out, and those in the middle of a straight stretch.
    """
    numbers: list[int] = []
    last_x = last_y = 0
    step_x = step_y = 0
    for x, y in points:
        here_x, here_y = round(x * 10), round(y * 10)
        if not numbers:
            numbers += (here_x, here_y)
        else:
            to_x, to_y = here_x - last_x, here_y - last_y
            if not (to_x or to_y):
                continue
            if step_x * to_y == to_x * step_y and step_x * to_x + step_y * to_y > 0:  # it goes straight on
                step_x, step_y = step_x + to_x, step_y + to_y
                numbers[-2:] = step_x, step_y
            else:
                step_x, step_y = to_x, to_y
                numbers += (to_x, to_y)
        last_x, last_y = here_x, here_y
    return numbers


def _strokes(numbers: Sequence[int]) -> str:
    return f"M{_joined(numbers[:2])}l{_joined(numbers[2:])}"


def _joined(tenths: Iterable[int]) -> str:
    """Return the numbers with a space only where the next one would run into the last."""
    text = "".join(map(_numbers.__getitem__, tenths))
    return text.replace("|.", ".").replace("|-", "-").replace(" -", "-").replace("|", " ")[:-1]


class _Numbers(dict[int, str]):
    """By tenths, a number and what parts it from the next: "|" behind a point, where another point begins a new number."""

    def __missing__(self, tenths: int) -> str:
        whole, tenth = divmod(abs(tenths), 10)
        sign = "-" if tenths < 0 else ""
        text = self[tenths] = f"{sign}{whole or ''}.{tenth}|" if tenth else f"{sign}{whole} "
        return text


_numbers = _Numbers()  # most steps are short, and come again and again
