"""Write SVG path data, as short as tenths of a pixel allow.

Points are rounded before their differences are taken, so rounding never adds up along a line, and the text is
the same wherever the points agree to a twentieth of a pixel.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from sitegen.geo.projection import Point


def closed_path(ring: Sequence[Point]) -> str:
    """Return the ring as `M…l…z`, or nothing where its points round to fewer than three."""
    points = _tenths(ring)
    if len(points) > 1 and points[0] == points[-1]:
        points.pop()
    return f"{_strokes(points)}z" if len(points) > 2 else ""


def open_path(line: Sequence[Point]) -> str:
    """Return the line as `M…l…`, or nothing where all its points round to one."""
    points = _tenths(line)
    return _strokes(points) if len(points) > 1 else ""


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
