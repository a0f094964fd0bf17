"""Lay out a graph: nodes that are tied lie near each other, and no two lie on one spot.

Springs and repulsion after Fruchterman and Reingold, "Graph drawing by force-directed placement", Software: Practice and
Experience 21 (1991), on ever finer versions of the graph after Walshaw, "A multilevel algorithm for force-directed graph
drawing", JGAA 7 (2003). Nothing is left to chance, and only operations are used that IEEE 754 rounds in one way
(+ - * / and the square root), so that equal graphs give equal positions on every machine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from math import sqrt
from operator import itemgetter

Tie = tuple[int, int, float]  # two nodes, the lower first, and how strongly they are tied
_Point = tuple[float, float]

_FEW = 12  # a graph of so few nodes is not made coarser
_ROUNDS, _LAST_ROUNDS = 40, 70
_REACH = 3.0  # lengths of a tie: nodes farther from each other do not repel
_GRAVITY = 0.06
_EVEN = 0.4  # how far a drawing is filled evenly: 0 keeps distances, 1 only which node lies beyond which
_COS, _SIN = -0.7373688780783197, 0.6754902942615238  # of the golden angle


def lay_out(nodes: int, ties: Sequence[Tie]) -> list[_Point]:
    """Return a place for each node, in lengths of a tie, about (0, 0)."""
    levels = [(nodes, list(ties))]
    parents: list[list[int]] = []
    while levels[-1][0] > _FEW:
        parent, coarser = _coarser(*levels[-1])
        if coarser[0] > 0.9 * levels[-1][0]:
            break
        parents.append(parent)
        levels.append(coarser)
    count, last = levels[-1]
    places = _settled(spiral(count), last, _LAST_ROUNDS)
    for (count, level), parent in zip(reversed(levels[:-1]), reversed(parents), strict=True):
        offsets = spiral(count)
        spread = [
            (1.5 * places[of][0] + 0.1 * offsets[node][0], 1.5 * places[of][1] + 0.1 * offsets[node][1])
            for node, of in enumerate(parent)
        ]
        places = _settled(spread, level, _LAST_ROUNDS if count == nodes else _ROUNDS)
    return places


def spiral(count: int) -> list[_Point]:
    """Return places as the seeds of a sunflower lie, from the middle outwards."""
    places = []
    x, y = 1.0, 0.0
    for number in range(count):
        radius = 0.6 * sqrt(number)
        places.append((radius * x, radius * y))
        x, y = x * _COS - y * _SIN, x * _SIN + y * _COS
    return places


def _coarser(nodes: int, ties: Sequence[Tie]) -> tuple[list[int], tuple[int, list[Tie]]]:
    """Join each node to the one it is tied to most, of those still alone; which node became part of which, and the graph."""
    near = _neighbours(nodes, ties)
    parent = [-1] * nodes
    count = 0
    for node in sorted(range(nodes), key=lambda node: (len(near[node]), node)):
        if parent[node] < 0:
            alone = [(-strength, other) for other, strength in near[node] if parent[other] < 0]
            parent[node] = count
            if alone:
                parent[min(alone)[1]] = count
            count += 1
    joined: defaultdict[tuple[int, int], float] = defaultdict(float)
    for a, b, strength in ties:
        low, high = sorted((parent[a], parent[b]))
        if low != high:
            joined[low, high] += strength
    return parent, (count, [(low, high, strength) for (low, high), strength in sorted(joined.items())])


def _neighbours(nodes: int, ties: Iterable[Tie]) -> list[list[tuple[int, float]]]:
    near: list[list[tuple[int, float]]] = [[] for _ in range(nodes)]
    for a, b, strength in ties:
        near[a].append((b, strength))
        near[b].append((a, strength))
    return near


def _settled(places: Sequence[_Point], ties: Sequence[Tie], rounds: int) -> list[_Point]:
    """Let the springs pull and the nodes repel, with steps that grow shorter from round to round."""
    xs, ys = [x for x, _ in places], [y for _, y in places]
    most = max((strength for _, _, strength in ties), default=1.0)
    springs = [
        (a, [(b, 0.35 + 0.65 * sqrt(strength / most)) for _, b, strength in held]) for a, held in groupby(ties, itemgetter(0))
    ]
    reach = _REACH * _REACH
    for done in range(rounds):
        step = 1.2 * (1 - done / rounds) + 0.02
        dx, dy = [-_GRAVITY * x for x in xs], [-_GRAVITY * y for y in ys]
        for a, others in _near(xs, ys):
            # What moves `a` is summed up beside the lists: the same sums, in the same order.
            x, y, to_x, to_y = xs[a], ys[a], dx[a], dy[a]
            for b in others:
                east, north = x - xs[b], y - ys[b]
                square = east * east + north * north
                if square < reach:
                    push = 1 / (square if square > 0.01 else 0.01)
                    east *= push
                    north *= push
                    to_x += east
                    to_y += north
                    dx[b] -= east
                    dy[b] -= north
            dx[a], dy[a] = to_x, to_y
        for a, held in springs:
            x, y, to_x, to_y = xs[a], ys[a], dx[a], dy[a]
            for b, strength in held:
                east, north = xs[b] - x, ys[b] - y
                pull = strength * sqrt(east * east + north * north)
                east *= pull
                north *= pull
                to_x += east
                to_y += north
                dx[b] -= east
                dy[b] -= north
            dx[a], dy[a] = to_x, to_y
        for node, (x, y) in enumerate(zip(dx, dy, strict=True)):
            length = sqrt(x * x + y * y)
            limit = step / length if length > step else 1.0
            xs[node] += x * limit
            ys[node] += y * limit
    return list(zip(xs, ys, strict=True))


def _near(xs: Sequence[float], ys: Sequence[float]) -> Iterator[tuple[int, list[int]]]:
    """Yield nodes, each with those that come after it in its cell or in cells beside, in an order of their own."""
    cells: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for node, (x, y) in enumerate(zip(xs, ys, strict=True)):
        cells[int(x // _REACH), int(y // _REACH)].append(node)
    for (column, row), here in sorted(cells.items()):
        beside: list[int] = []
        for cell in ((column + 1, row - 1), (column + 1, row), (column + 1, row + 1), (column, row + 1)):
            beside += cells.get(cell, ())
        for at, node in enumerate(here, 1):
            yield node, here[at:] + beside


def fitted(places: Sequence[_Point], width: float, height: float, margin: float) -> list[_Point]:
    """Return the places in a drawing of that size, in pixels, its longer side across."""
    if not places:
        return []
    xs, ys = [x for x, _ in places], [y for _, y in places]
    if max(ys) - min(ys) > max(xs) - min(xs):
        xs, ys = ys, xs
    across, along = (_scaled(values, size - 2 * margin) for values, size in ((xs, width), (ys, height)))
    return [(margin + x, margin + y) for x, y in zip(across, along, strict=True)]


def _scaled(values: Sequence[float], size: float) -> list[float]:
    """Scale to the size; a part by rank, so that no corner stays empty while nodes crowd elsewhere."""
    low, high = min(values), max(values)
    if high <= low:
        return [size / 2 for _ in values]
    rank = {node: number for number, node in enumerate(sorted(range(len(values)), key=lambda node: (values[node], node)))}
    last = len(values) - 1
    return [size * ((1 - _EVEN) * (value - low) / (high - low) + _EVEN * rank[node] / last) for node, value in enumerate(values)]


def apart(places: Sequence[_Point], radii: Sequence[float], gap: float, box: _Point, rounds: int = 60) -> list[_Point]:
    """Move circles that touch away from each other, within a drawing of that width and height."""
    xs, ys = [x for x, _ in places], [y for _, y in places]
    largest = max(radii, default=0.0)
    for _ in range(rounds):
        order = sorted(range(len(xs)), key=lambda node: (xs[node], node))
        moved = False
        for at, a in enumerate(order):
            for b in order[at + 1 :]:
                if xs[b] - xs[a] > radii[a] + largest + gap:
                    break
                room = radii[a] + radii[b] + gap
                east, north = xs[b] - xs[a], ys[b] - ys[a]
                square = east * east + north * north
                if square < room * room - 1e-6:
                    length = sqrt(square)
                    if length < 1e-3:
                        east, north, length = 0.0, 1.0, 1.0
                        share = room / 2
                    else:
                        share = (room - length) / 2
                    xs[a] -= east / length * share
                    ys[a] -= north / length * share
                    xs[b] += east / length * share
                    ys[b] += north / length * share
                    moved = True
        for node, r in enumerate(radii):
            xs[node] = min(max(xs[node], r), box[0] - r)
            ys[node] = min(max(ys[node], r), box[1] - r)
        if not moved:
            break
    return list(zip(xs, ys, strict=True))


def strongest_of_each(nodes: int, ties: Mapping[tuple[int, int], float], each: int) -> list[Tie]:
    """Keep of each node the ties that are among its strongest; a tie stays where either end keeps it."""
    near = _neighbours(nodes, [(a, b, strength) for (a, b), strength in ties.items()])
    kept = set()
    for node, others in enumerate(near):
        best = sorted([(-strength, other) for other, strength in others])[:each]
        kept |= {(node, other) if node < other else (other, node) for _, other in best}
    return [(a, b, ties[a, b]) for a, b in sorted(kept)]
