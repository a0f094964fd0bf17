"""What became of the paragraphs of an earlier text, of which only sketches are left.

Pure. Old and new are matched as for notes (`carry`), by the share of pairs of neighbouring words that a paragraph kept: first
where it stood, between neighbours that did not change, then anywhere among what is new. The pairs of the new text are all at
hand; of the old one a sample is enough: those six whose hashes are least.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from zlib import crc32

import msgspec

from sitegen.model.paragraphs import Recorded
from sitegen.model.text import fold

_ALIKE = 0.3  # the share of its pairs that a paragraph kept in its place (see carry)
_ELSEWHERE = 0.5  # … and where it may have been moved
_PAIRS = 6  # of a sketch
_SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
# Words, and each sign by itself where a script writes none apart.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\u0e00-\u0eff]|\w+")


class Place(msgspec.Struct, frozen=True):
    """The number of the paragraph where an old id goes. alike: whether its words went there, or only stood there."""

    block: int
    alike: bool


def sketch(text: str) -> str:
    """Twelve signs of base64 at most: two for each of the pairs of words that stand for a paragraph."""
    return "".join(map(_code, sorted(_hashes(text))[:_PAIRS]))


def placed(
    rows: Sequence[tuple[Sequence[Recorded], bool]], blocks: Sequence[tuple[str, str]], taken: Collection[str] = ()
) -> dict[str, Place]:  # fmt: skip
    """Where each id goes that the text no longer has.

    rows: the paragraphs that were recorded, and whether for this text: what was recorded for another, since joined to it,
    goes where its words are, or nowhere. blocks: the id and the text of each paragraph as it is. taken: all ids of the page.
    """
    here = {name: number for number, (name, _) in enumerate(blocks)}
    kept = {here[one.id] for row, _ in rows for one in row if one.id in here}
    pairs = _Pairs([(number, text) for number, (_, text) in enumerate(blocks) if number not in kept])
    found: dict[str, Place] = {}
    for row, own in rows:
        for one, place in _row(row, here, pairs, len(blocks), own=own):
            for name in (one.id, *one.former):
                if name not in here and name not in taken:
                    found.setdefault(name, place)
    return found


class _Pairs(msgspec.Struct):
    """The pairs of words of the paragraphs that are new, by code; worked out when first asked for."""

    blocks: Sequence[tuple[int, str]]
    _found: Mapping[str, set[int]] | None = msgspec.field(default=None)

    def votes(self, codes: Sequence[str]) -> dict[int, set[int]]:
        """By paragraph, the numbers of these codes that it has."""
        if self._found is None:
            made: defaultdict[str, set[int]] = defaultdict(set)
            for number, text in self.blocks:
                for code in {*map(_code, _hashes(text))}:
                    made[code].add(number)
            self._found = dict(made)
        votes: defaultdict[int, set[int]] = defaultdict(set)
        for at, code in enumerate(codes):
            for number in self._found.get(code, ()):
                votes[number].add(at)
        return votes


def _row(
    row: Sequence[Recorded], here: Mapping[str, int], pairs: _Pairs, count: int, *, own: bool
) -> Iterator[tuple[Recorded, Place]]:  # fmt: skip
    """Each paragraph of a row with its place."""
    at = [here.get(one.id) for one in row]
    places = [None if block is None else Place(block, True) for block in at]
    rooms = _rooms(at, count)
    for number, one in enumerate(row):
        if places[number] is None:
            places[number] = _likest(one.sketch, rooms[number], pairs)
    if own and count:
        _in_their_place(places, rooms, {number for number, _ in pairs.blocks})
        _beside(places)
    yield from ((one, place) for one, place in zip(row, places, strict=True) if place)


def _rooms(at: Sequence[int | None], count: int) -> list[range]:
    """For each paragraph, those of the new text that lie between its neighbours that stayed; all where these changed places."""
    before, behind = [-1] * len(at), [count] * len(at)
    for number in range(1, len(at)):
        last = at[number - 1]
        before[number] = before[number - 1] if last is None else last
    for number in range(len(at) - 2, -1, -1):
        following = at[number + 1]
        behind[number] = behind[number + 1] if following is None else following
    return [range(first + 1, last) if first < last else range(count) for first, last in zip(before, behind, strict=True)]


def _likest(sketched: str, room: range, pairs: _Pairs) -> Place | None:
    """The paragraph that has most of a sketch; the first of several that share it, as those have that it was split into."""
    codes = [sketched[i : i + 2] for i in range(0, len(sketched), 2)]
    votes = pairs.votes(codes) if codes else {}
    near = {number: hits for number, hits in votes.items() if number in room and len(hits) >= _ALIKE * len(codes)}
    if near:
        best = min(near, key=lambda number: (-len(near[number]), number))
        return Place(min(number for number in near if number == best or not near[number] & near[best]), True)
    share = Counter({number: len(hits) for number, hits in votes.items()}).most_common(2)
    clear = share and share[0][1] >= _ELSEWHERE * len(codes) and (len(share) == 1 or share[1][1] < share[0][1])
    return Place(share[0][0], True) if clear else None


def _in_their_place(places: list[Place | None], rooms: Sequence[range], new: set[int]) -> None:
    """Where as many new paragraphs stand between two that stayed as are missing there, each stands for one."""
    taken = {place.block for place in places if place}
    missing: defaultdict[range, list[int]] = defaultdict(list)
    for number, place in enumerate(places):
        if place is None:
            missing[rooms[number]].append(number)
    for room, numbers in missing.items():
        free = [block for block in room if block in new and block not in taken]
        if len(free) == len(numbers):
            for number, block in zip(numbers, free, strict=True):
                places[number] = Place(block, False)


def _beside(places: list[Place | None]) -> None:
    """A paragraph that is gone leads to the one that followed it, or came before; to the first where nothing stayed."""
    following: Place | None = None
    for number in range(len(places) - 1, -1, -1):
        place = places[number]
        following = following if place is None else place
        if place is None and following:
            places[number] = Place(following.block, False)
    last = Place(0, False)
    for number, place in enumerate(places):
        last = Place((place or last).block, False)
        places[number] = place or last


def _hashes(text: str) -> set[int]:
    words = _WORD.findall(fold(text).lower())
    twos = [f"{one} {other}" for one, other in pairwise(words)] or words
    return {crc32(two.encode()) for two in twos}


def _code(number: int) -> str:
    return _SIGNS[number >> 6 & 63] + _SIGNS[number & 63]
