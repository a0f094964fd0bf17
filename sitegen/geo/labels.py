"""Place names beside their dots so that none covers another name or a dot.

Greedy and in a fixed order: the first dot chooses first. Sizes are estimated, on the large side, because the
reader's font is not known here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache

import msgspec

from sitegen.geo.map import Anchor
from sitegen.geo.projection import Box

LINE_HEIGHT = 1.25  # in ems
BASELINE = 0.975  # from the top of a line down to where its letters stand, in ems
GAP = 2.2  # pixels between a dot and the name beside it
_FEW = 24  # dots: so many are looked through sooner than found in a grid


class Dot(msgspec.Struct, frozen=True):
    """A circle on the map with the name it would like to show; pixels."""

    name: str
    x: float
    y: float
    r: float

    def shrunk(self, enlargement: float) -> Dot:
        """Return the dot as it is where the map is zoomed in; else as it stands."""
        return self if enlargement >= 1 else Dot(self.name, self.x, self.y, self.r * enlargement)

    @property
    def box(self) -> Box:
        """Return the square around the circle."""
        return Box(self.x - self.r, self.y - self.r, self.x + self.r, self.y + self.r)


class Label(msgspec.Struct, frozen=True):
    """A placed name: a point just outside of its dot, in tenths of a pixel, from which the text grows away.

    `anchor` and `dy` are SVG's: which end of the text is at `x`, and how many ems its baseline is below `y`.
    `tier` tells how large the letters may be without a collision: see `place_labels`.
    """

    x: float
    y: float
    anchor: Anchor
    dy: float
    tier: int


def place_labels(
    dots: Sequence[Dot], *, width: float, height: float, em: float, enlargements: Sequence[float], late: Collection[int] = ()
) -> list[Label | None]:
    """Return a label, or None for want of room, for each dot; earlier dots choose first.

    A small screen shrinks the map but not the letters. `enlargements` are the sizes of letters, in multiples
    of `em`, largest first. A label of tier n collides with none of tiers 0 to n, and with no dot, while
    letters are no larger than the nth of them. One below 1 is of a map zoomed in, where dots shrink as letters do;
    `late` are the numbers of dots that show only there.
    """
    labels: list[Label | None] = [None] * len(dots)
    for tier, enlargement in enumerate(enlargements):
        taken = _Taken() if len(dots) <= _FEW else _Gridded(cell=4 * em)
        shown = [at for at in range(len(dots)) if enlargement < 1 or at not in late]
        for dot in map(dots.__getitem__, shown):
            taken.add(dot.shrunk(enlargement).box)
        for dot, label in zip(dots, labels, strict=True):
            if label is not None:
                taken.add(label_box(dot, label, em, enlargement))
        for at in shown:
            dot = dots[at]
            if labels[at] is not None or not dot.name.strip():
                continue
            for label in candidates(dot, tier):
                box = label_box(dot, label, em, enlargement)
                if is_inside(box, width, height) and taken.is_free(box):
                    labels[at] = label
                    taken.add(box)
                    break
    return labels


def label_box(dot: Dot, label: Label, em: float, enlargement: float = 1.0) -> Box:
    """Return the box that the dot's name fills when its letters are `enlargement` times `em`; pixels."""
    letter = em * enlargement
    width = text_width(dot.name) * letter
    x, y = label.x, label.y
    if enlargement < 1:  # the label draws near to its dot
        x, y = dot.x + (x - dot.x) * enlargement, dot.y + (y - dot.y) * enlargement
    left = x if label.anchor == "start" else x - (width / 2 if label.anchor == "middle" else width)
    top = y + (label.dy - BASELINE) * letter
    return Box(left, top, left + width, top + LINE_HEIGHT * letter)


@lru_cache(maxsize=4096)  # each place a name is tried at asks, and many maps show the same places
def text_width(text: str) -> float:
    """Return about how wide the text is in ems of a sans serif; rather too wide than too narrow."""
    return sum(_character_width(character) for character in text)


def _character_width(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    if character in "iljtfrI.,:;'|!()[] -":
        return 0.4
    if character in "mwMW@%—":
        return 0.95
    return 0.74 if character.isupper() else 0.6


_BESIDE, _ABOVE, _BELOW = (round(dy, 3) for dy in (BASELINE - LINE_HEIGHT / 2, BASELINE - LINE_HEIGHT, BASELINE))


def candidates(dot: Dot, tier: int) -> Iterator[Label]:
    """Yield the places to try, best first: right, left, above, below."""
    x, y, away = dot.x, dot.y, dot.r + GAP
    yield Label(round(x + away, 1), y, "start", _BESIDE, tier)
    yield Label(round(x - away, 1), y, "end", _BESIDE, tier)
    yield Label(x, round(y - away, 1), "middle", _ABOVE, tier)
    yield Label(x, round(y + away, 1), "middle", _BELOW, tier)


def is_inside(box: Box, width: float, height: float) -> bool:
    """Return whether a box is on a drawing of that size."""
    return box.low_x >= 0 and box.low_y >= 0 and box.high_x <= width and box.high_y <= height


class _Taken:
    """The boxes placed so far, where there are few of them."""

    def __init__(self) -> None:
        self.boxes: list[tuple[float, float, float, float]] = []

    def add(self, box: Box) -> None:
        self.boxes.append((box.low_x, box.low_y, box.high_x, box.high_y))

    def is_free(self, box: Box) -> bool:
        return _is_free(box, self.boxes)


class _Gridded(_Taken):
    """The same, kept by the cells of a grid so that a look-up meets few of many."""

    def __init__(self, cell: float) -> None:
        self.cell = cell
        self.by_cell: dict[tuple[int, int], list[tuple[float, float, float, float]]] = {}

    def add(self, box: Box) -> None:
        corners = box.low_x, box.low_y, box.high_x, box.high_y
        for cell in self._cells(box):
            self.by_cell.setdefault(cell, []).append(corners)

    def is_free(self, box: Box) -> bool:
        return all(_is_free(box, self.by_cell.get(cell, ())) for cell in self._cells(box))

    def _cells(self, box: Box) -> list[tuple[int, int]]:
        cell = self.cell
        rows = range(int(box.low_y // cell), int(box.high_y // cell) + 1)
        return [(column, row) for column in range(int(box.low_x // cell), int(box.high_x // cell) + 1) for row in rows]


def _is_free(box: Box, taken: Iterable[tuple[float, float, float, float]]) -> bool:
    low_x, low_y, high_x, high_y = box.low_x, box.low_y, box.high_x, box.high_y
    for left, top, right, bottom in taken:  # noqa: SIM110  a generator takes half as long again
        if low_x < right and left < high_x and low_y < bottom and top < high_y:
            return False
    return True
