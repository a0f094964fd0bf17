"""Which paragraphs of an old text are which of a new one.

Paragraphs whose words are the same are paired where nothing else could be meant: those in order first, then those that
were moved. What is in order is told by all paragraphs together, those that only resemble each other included, so that
one that was moved does not pass for the one that stayed. Time grows with the length of the texts.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

import msgspec

_DEPTH = 32
# A paragraph of fewer words that turns up elsewhere may be another of the same words: "Yes.", "1871".
TELLING = 5
# A paragraph that is the same counts for so many that are alike, where both cannot be in order.
_SAME = 2

Pair = tuple[int, int]  # the numbers of an old and a new paragraph
_Range = tuple[int, int, int, int]


class Pairing(msgspec.Struct, frozen=True):
    """`kept` are paragraphs that are the same, in order; `moved` those out of it: old → new; `alike` others in order."""

    kept: tuple[Pair, ...]
    moved: dict[int, int]
    alike: tuple[Pair, ...]

    def rooms(self, old: int, olds: int, news: int) -> tuple[tuple[int, int], tuple[int, int]]:
        """Where an old paragraph that is not kept belongs: between those around it, in both texts.

        A neighbour that changed may have been joined to it, and lies within the room; one that is the same does not.
        olds, news: how many paragraphs there are. Ranges are [first, behind the last).
        """
        i = bisect_left(self.kept, (old, -1))
        before = self.kept[i - 1] if i else (-1, -1)
        behind = self.kept[i] if i < len(self.kept) else (olds, news)
        first, last = before[1] + 1, behind[1]
        k = bisect_left(self.alike, (old, -1))
        if k and self.alike[k - 1][0] > before[0]:
            first = max(first, self.alike[k - 1][1])
        k += k < len(self.alike) and self.alike[k][0] == old
        if k < len(self.alike) and self.alike[k][0] < behind[0]:
            last = min(last, self.alike[k][1] + 1)
        return (before[0] + 1, behind[0]), (first, last)


def pair(old: Sequence[str], new: Sequence[str], similar: Callable[[set[int], set[int]], Iterable[Pair]]) -> Pairing:
    """Pair the paragraphs of two texts. Equal texts are paired throughout.

    similar: gives pairs of paragraphs that are much alike, leaving those of these old and new numbers out.
    """
    if old == new:
        return Pairing(tuple((i, i) for i in range(len(old))), {}, ())
    olds, news = Counter(old), Counter(new)
    at = {line: j for j, line in enumerate(new) if news[line] == olds[line] == 1}
    same = {i: at[line] for i, line in enumerate(old) if line in at}
    weighed = [(i, j, _SAME) for i, j in same.items()]
    weighed += [(i, j, 1) for i, j in similar(set(same), set(same.values())) if old[i] != new[j]]
    chain = _heaviest(sorted(weighed))
    kept = sorted(_between(chain, old, new))
    firm, taken = {i for i, _ in kept}, {j for _, j in kept}
    moved = {i: j for i, j in same.items() if i not in firm and len(old[i].split()) >= TELLING}
    return Pairing(tuple(kept), moved, tuple((i, j) for i, j in chain if i not in firm and j not in taken))


def _heaviest(weighed: Sequence[tuple[int, int, int]]) -> list[Pair]:
    """The pairs, one an old paragraph, that rise in order and weigh most. Two old ones may share a new one."""
    size = 1 + max((j for _, j, _ in weighed), default=0)
    tree: list[tuple[int, int]] = [(0, -1)] * (size + 1)  # a Fenwick tree of the best weight up to j, and its last pair
    before: list[int] = []

    def best(j: int) -> tuple[int, int]:
        found, j = (0, -1), j + 1
        while j:
            found, j = max(found, tree[j]), j & (j - 1)
        return found

    pending: list[tuple[int, int, int]] = []
    for at, (i, j, weight) in enumerate(weighed):
        if at and weighed[at - 1][0] != i:
            _grow(tree, pending)
            pending = []
        total, last = best(j)
        before.append(last)
        pending.append((j, total + weight, at))
    _grow(tree, pending)
    chain = []
    at = best(size - 1)[1]
    while at >= 0:
        chain.append(weighed[at][:2])
        at = before[at]
    return chain[::-1]


def _grow(tree: list[tuple[int, int]], pending: Iterable[tuple[int, int, int]]) -> None:
    for j, total, at in pending:
        k = j + 1
        while k < len(tree):
            tree[k] = max(tree[k], (total, at))
            k += k & -k


def _between(chain: Sequence[Pair], old: Sequence[str], new: Sequence[str]) -> Iterator[Pair]:
    """Those pairs of the chain that are the same, and what else is the same and in order between its pairs."""
    first, new_first = 0, 0
    for i, j in [*chain, (len(old), len(new))]:
        if first < i and new_first < j:
            yield from _in_order(old, new, (first, i, new_first, j))
        if i < len(old) and old[i] == new[j]:
            yield i, j
        first, new_first = i + 1, max(new_first, j + 1)


def _in_order(old: Sequence[Hashable], new: Sequence[Hashable], whole: _Range) -> Iterator[Pair]:
    """Patience diff: what is unique on both sides leads, then what is unique between two that were paired, and so on."""
    rooms = [(whole, 0)]
    while rooms:
        room, depth = rooms.pop()
        first, last, new_first, new_last = room
        found = _rising(_alike(old, new, room))
        yield from found
        if not found or depth >= _DEPTH:
            continue
        for i, j in [*found, (last, new_last)]:
            if first < i and new_first < j:
                rooms.append(((first, i, new_first, j), depth + 1))
            first, new_first = i + 1, j + 1


def _alike(old: Sequence[Hashable], new: Sequence[Hashable], room: _Range) -> list[Pair]:
    """Pairs of what is unique in both halves of a room; where nothing is, of what both have equally often."""
    olds, news = Counter(old[room[0] : room[1]]), Counter(new[room[2] : room[3]])
    shared = {line for line, count in olds.items() if news.get(line) == count}
    unique = {line for line in shared if olds[line] == 1}
    wanted = unique or shared
    places: dict[Hashable, list[int]] = {}
    for j in range(room[3] - 1, room[2] - 1, -1):
        if new[j] in wanted:
            places.setdefault(new[j], []).append(j)
    return [(i, places[old[i]].pop()) for i in range(room[0], room[1]) if old[i] in wanted]


def _rising(pairs: Sequence[Pair]) -> list[Pair]:
    """The longest run of pairs that rises on both sides; the first sides rise already."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for at, (_, j) in enumerate(pairs):
        k = bisect_left(tails, j)
        before.append(ends[k - 1] if k else -1)
        if k == len(tails):
            tails.append(j)
            ends.append(at)
        else:
            tails[k], ends[k] = j, at
    found = []
    at = ends[-1] if ends else -1
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]
