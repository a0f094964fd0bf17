"""Where in a text some words stand most alike, judged by the pairs of neighbouring words they share.

Positions here are numbers of words, not characters. Each look-up takes time by the length of what is looked for, not of
the text; the text is read once.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from itertools import pairwise

import msgspec

_WORD = re.compile(r"\w+|[^\w\s]")
# Where an edit puts words in or takes some out, the words behind it shift: by up to this many they still go together.
_SHIFT = 30
_RARE, _CANDIDATES = 16, 4  # … in looking for lines that resemble each other
_LEAST, _ALIKE = 3, 0.3  # pairs of words, and the share of the shorter line's, that two such lines have in common
_COMMON = 64  # a pair of words that occurs more often tells no place


class Words(msgspec.Struct, dict=True):
    """The words and signs of a text's open lines, in order and in lower case; a closed line is one empty word, like no other."""

    words: list[str] = msgspec.field(default_factory=list)
    starts: list[int] = msgspec.field(default_factory=list)
    ends: list[int] = msgspec.field(default_factory=list)
    first_of: list[int] = msgspec.field(default_factory=list)  # by line; one more for the end

    @classmethod
    def of(cls, folded: str, lines: Sequence[tuple[int, int]], closed: Collection[int] = ()) -> Words:
        """The words of a folded text in which the lines of these numbers are closed."""
        made = cls()
        for number, (start, end) in enumerate(lines):
            made.first_of.append(len(made.words))
            if number in closed:
                made._add("", start, start)
                continue
            for found in _WORD.finditer(folded, start, end):
                made._add(found.group().lower(), found.start(), found.end())
        made.first_of.append(len(made.words))
        return made

    def _add(self, word: str, start: int, end: int) -> None:
        self.words.append(word)
        self.starts.append(start)
        self.ends.append(end)

    def within(self, start: int, end: int) -> tuple[int, int]:
        """The words that text[start:end] touches: [first, behind the last)."""
        return bisect_right(self.ends, start), bisect_left(self.starts, end)

    def of_lines(self, first: int, last: int) -> tuple[int, int]:
        """The words of the lines [first, last)."""
        return self.first_of[first], self.first_of[last]

    def opens_line(self, word: int) -> bool:
        """Whether a word is the first of its line, or there is none."""
        return word >= len(self.words) or self.first_of[bisect_left(self.first_of, word)] == word

    @cached_property
    def pairs(self) -> dict[tuple[str, str], list[int]]:
        """Where each two neighbouring words stand."""
        found: dict[tuple[str, str], list[int]] = defaultdict(list)
        for at, (one, other) in enumerate(pairwise(self.words)):
            if one and other:
                found[one, other].append(at)
        return found

    def places(self, two: tuple[str, str], first: int, last: int) -> list[int]:
        """Where two words stand as neighbours between these words."""
        all_of_them = self.pairs.get(two, ())
        return list(all_of_them[bisect_left(all_of_them, first) : bisect_left(all_of_them, last)])


class Likeness(msgspec.Struct, frozen=True):
    """Some words' counterpart: the words [first, last) of a text.

    share: how much of the pairs stands there. twice: how much stands in that text more often than in the old one.
    """

    share: float
    twice: float
    first: int
    last: int


def likeness(old: Words, window: tuple[int, int], old_room: tuple[int, int], new: Words, room: tuple[int, int]) -> Likeness:
    """The place in a room of the new text that is most like a window of the old one."""
    start, end = window
    twos = list(pairwise(old.words[start:end]))
    found: list[tuple[int, int]] = []
    twice = 0
    for k, two in enumerate(twos):
        places = new.places(two, *room)
        twice += len(places) > max(1, len(old.places(two, *old_room)))
        if len(places) <= _COMMON:
            found += [(j - k, j) for j in places]
    together = _densest(sorted(found))
    if not twos or not together:
        return Likeness(0.0, 0.0, room[0], room[0])
    shifts = [shift for shift, _ in together]
    first, last = min(shifts), max(shifts) + (end - start)
    hits = len({j for _, j in together})
    return Likeness(min(1.0, hits / len(twos)), twice / len(twos), max(room[0], first), min(room[1], last))


def _densest(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The most votes whose shifts lie close together."""
    best = (0, 0)
    first = 0
    for last in range(len(found)):
        while found[last][0] - found[first][0] > _SHIFT:
            first += 1
        if last + 1 - first > best[1] - best[0]:
            best = (first, last + 1)
    return found[best[0] : best[1]]


def similar(old: Words, new: Words) -> Iterator[tuple[int, int]]:
    """Lines that have much in common, as pairs of line numbers: what of a paragraph may have become what."""
    line_of = [line for line, (first, last) in enumerate(pairwise(new.first_of)) for _ in range(first, last)]
    sizes = [last - first - 1 for first, last in pairwise(new.first_of)]
    for line, (first, last) in enumerate(pairwise(old.first_of)):
        shared: Counter[int] = Counter()
        for two in set(pairwise(old.words[first:last])):
            places = new.pairs.get(two, ())
            if len(places) <= _RARE:
                shared.update({line_of[at] for at in places})
        for other, count in shared.most_common(_CANDIDATES):
            if count >= max(_LEAST, _ALIKE * min(last - first - 1, sizes[other])):
                yield line, other


def agreement(old: Words, here: tuple[int, int], new: Words, there: tuple[int, int], most: int = 25) -> int:
    """How many words around a passage of the old text stand likewise around one of the new; passages are [first, last).

    That both begin or end a paragraph counts as two words.
    """
    return _agreement(old, here[0] - 1, new, there[0] - 1, -1, most) + _agreement(old, here[1], new, there[1], 1, most)


def _agreement(old: Words, i: int, new: Words, j: int, step: int, most: int) -> int:
    count = border = 0
    while True:
        if old.opens_line(i + (step < 0)) and new.opens_line(j + (step < 0)):
            border = 2
        inside = 0 <= i < len(old.words) and 0 <= j < len(new.words)
        if count == most or not inside or old.words[i] != new.words[j] or not old.words[i]:
            return count + border
        i, j, count = i + step, j + step, count + 1


def counterpart(
    old: Words, window: tuple[int, int], passage: tuple[int, int], new: Words, region: tuple[int, int]
) -> tuple[int, int]:
    """What stands in the new text between the words that surround a passage of the old one; both are [first, last).

    The passage lies in the window, and the answer in the region.
    """
    from rapidfuzz.distance import LCSseq

    (start, end), (first, last) = window, region
    at, behind = first, last
    blocks = LCSseq.opcodes(old.words[start:end], new.words[first:last])
    for block in blocks:
        if block.tag != "equal":
            continue
        if start + block.src_start < passage[0]:
            at = first + block.dest_start + min(block.src_end, passage[0] - start) - block.src_start
        if start + block.src_end > passage[1]:
            behind = first + block.dest_start + max(0, passage[1] - start - block.src_start)
            break
    return at, max(at, behind)
