"""Carry passages from an old text to a new one, by the difference between the two.

A paragraph that kept its words, in its place or moved, takes its passages along. In one that changed in its place, a
passage stays on its words where they are still whole and nothing else could be meant. A paragraph that changed and is
found elsewhere gives no more than a proposal: whether it was moved, or is another one that reads alike, the texts do
not tell.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property

import msgspec

from sitegen.annotate.diff import TELLING, Pair, pair
from sitegen.annotate.likeness import Likeness, Words, agreement, counterpart, likeness, similar
from sitegen.annotate.quotes import occurrences
from sitegen.model.notes import State
from sitegen.model.text import fold

# Measured by benchmarks/anchors.py.
_ALIKE = 0.3  # a changed paragraph is still the same one where so many of its pairs of words are left
PROPOSED = 0.4  # … and another place is worth a person's look where so many stand there
_RIVAL = 0.2  # there are two of a paragraph where so many have come to stand there once more
_AROUND = 40  # words on either side by which a passage is known
_AGREE = 3  # a passage with those right beside it must have more words than these in common
_SCARCE = 3  # words that hardly ever come together twice by chance
_NEAR = 2000  # characters around a passage in which its words could be taken for each other
_SHOWN = 5  # proposals

Place = tuple[int, int]


class Version(msgspec.Struct, frozen=True, dict=True):
    """A text, prepared: its lines are its paragraphs."""

    text: str

    @cached_property
    def folded(self) -> str:
        return fold(self.text)

    @cached_property
    def lines(self) -> list[Place]:
        ends = [i for i, c in enumerate(self.text) if c == "\n"]
        return list(zip([0, *(end + 1 for end in ends)], [*ends, len(self.text)], strict=True))

    @cached_property
    def starts(self) -> list[int]:
        return [start for start, _ in self.lines]

    @property
    def paragraphs(self) -> list[str]:
        """The lines, folded: where these are the same, the paragraphs are."""
        return [self.folded[start:end] for start, end in self.lines]

    @cached_property
    def words(self) -> Words:
        return self.words_without(set())

    def words_without(self, lines: set[int]) -> Words:
        return Words.of(self.folded, self.lines, lines)

    def line_of(self, at: int) -> int:
        return bisect_right(self.starts, at) - 1


class Found(msgspec.Struct, frozen=True):
    """What was found out about one passage. `place` is there where it is anchored."""

    state: State
    why: str
    place: Place | None = None
    proposals: tuple[Place, ...] = ()


class _Passage(msgspec.Struct, frozen=True):
    """old[start:end], within one line. `inside` are its words, `window` those by which it is known."""

    start: int
    end: int
    line: int
    text: str
    inside: Place
    window: Place


class Carrier:
    """Carries passages of one text to another."""

    def __init__(self, old: Version, new: Version) -> None:
        self.old, self.new = old, new
        self.pairing = pair(old.paragraphs, new.paragraphs, self._similar)
        self.kept = dict(self.pairing.kept)
        self.line_at = self.kept | self.pairing.moved
        self.closed = set(self.line_at.values())
        # Only words of paragraphs that are nobody else's are looked at.
        self.old_words, self.new_words = old.words_without(set(self.line_at)), new.words_without(self.closed)
        self.all_old, self.all_new = (0, len(self.old_words.words)), (0, len(self.new_words.words))

    def carry(self, start: int, end: int) -> Found:
        """Where old[start:end] is in the new text. What spans paragraphs is carried by its two ends."""
        first, last = self.old.line_of(start), self.old.line_of(end - 1)
        if first == last:
            return self._part(start, end, first)
        head = self._part(start, self.old.lines[first][1], first)
        tail = self._part(self.old.lines[last][0], end, last)
        if not (head.place and tail.place):
            return _worse(head, tail)
        place = (head.place[0], tail.place[1])
        if self.new.folded[slice(*place)] == self.old.folded[start:end]:
            return Found(State.ANCHORED, head.why, place)
        proposals = (place,) if place[0] < place[1] < place[0] + 3 * (end - start) else (head.place, tail.place)
        return Found(State.REVIEW, "between its first words and its last the text has changed", None, proposals)

    def _part(self, start: int, end: int, line: int) -> Found:
        if line in self.line_at:
            shift = self.new.starts[self.line_at[line]] - self.old.starts[line]
            why = "its paragraph was moved" if line in self.pairing.moved else "its paragraph has not changed"
            return Found(State.ANCHORED, why, (start + shift, end + shift))
        passage = self._passage(start, end, line)
        old_lines, new_lines = self.pairing.rooms(line, len(self.old.lines), len(self.new.lines))
        room = self.new_words.of_lines(*new_lines)
        like = likeness(self.old_words, passage.window, self.old_words.of_lines(*old_lines), self.new_words, room)
        if like.twice >= _RIVAL:
            proposals = self._occurrences(passage, room)[:_SHOWN]
            return Found(State.AMBIGUOUS, "its paragraph stands there twice, each time a little different", None, proposals)
        if like.share >= _ALIKE:
            found = self._settle(passage, like, room)
            return self._doubted(passage, found.place) if found.place else found
        return self._reflowed(passage) or self._elsewhere(passage)

    def _passage(self, start: int, end: int, line: int) -> _Passage:
        inside = self.old_words.within(start, end)
        first, last = self.old_words.of_lines(line, line + 1)
        window = max(first, inside[0] - _AROUND), min(last, inside[1] + _AROUND)
        return _Passage(start, end, line, self.old.folded[start:end], inside, window)

    def _settle(self, passage: _Passage, like: Likeness, room: Place) -> Found:
        """Find the passage in its changed paragraph."""
        region = max(room[0], like.first - 10), min(room[1], like.last + 10)
        places = tuple(place for place in self._occurrences(passage, region) if self._fits(passage, place))
        if len(places) == 1:
            return Found(State.ANCHORED, "its paragraph has changed around it", places[0])
        if places:
            return Found(State.AMBIGUOUS, "its words stand there more than once", None, places[:_SHOWN])
        between = counterpart(self.old_words, passage.window, passage.inside, self.new_words, region)
        return proposed(between, self.new_words, "its words have changed") or self._scattered(passage)

    def _fits(self, passage: _Passage, place: Place) -> bool:
        """Whether the words at a place are these, and not some others of the old text that read the same."""
        there = self.new_words.within(*place)
        fit = agreement(self.old_words, passage.inside, self.new_words, there)
        if fit + passage.inside[1] - passage.inside[0] <= _AGREE and not self._only(passage.text):
            return False
        for at in occurrences(self.old.folded, passage.text, max(0, passage.start - _NEAR), passage.end + _NEAR):
            other = self.old_words.within(at, at + len(passage.text))
            if at != passage.start and agreement(self.old_words, other, self.new_words, there) >= fit:
                return False
        return True

    def _only(self, words: str) -> bool:
        """Whether words stand once in either text."""
        return all(len(occurrences(version.folded, words, most=2)) == 1 for version in (self.old, self.new))

    def _doubted(self, passage: _Passage, place: Place) -> Found:
        """A place in a changed paragraph, unless another paragraph reads like it and neither neighbour tells which is which."""
        kept = {-1: -1, len(self.old.lines): len(self.new.lines)} | self.kept
        first, last = self.new.line_of(place[0]), self.new.line_of(place[1] - 1)
        beside = kept.get(passage.line - 1) in (first - 1, first) or kept.get(passage.line + 1) in (last, last + 1)
        if beside or likeness(self.old_words, passage.window, self.all_old, self.new_words, self.all_new).twice < _RIVAL:
            return Found(State.ANCHORED, "its paragraph has changed around it", place)
        return Found(State.AMBIGUOUS, "its paragraph has changed, and another reads much like it", None, (place,))

    def _reflowed(self, passage: _Passage) -> Found | None:
        """The place in a paragraph that was moved whole, and joined to another or split."""
        first, last = self.old.lines[passage.line]
        words = self.old.folded[first:last]
        if len(words.split()) < TELLING or len(occurrences(self.old.folded, words, most=2)) > 1:
            return None
        found = occurrences(self.new.folded, words, most=2)
        if len(found) != 1 or not self._open(found[0], found[0] + len(words)):
            return None
        shift = found[0] - first
        return Found(State.ANCHORED, "its paragraph was moved", (passage.start + shift, passage.end + shift))

    def _elsewhere(self, passage: _Passage) -> Found:
        """A proposal from all paragraphs that are nobody else's."""
        like = likeness(self.old_words, passage.window, self.all_old, self.new_words, self.all_new)
        if like.share < PROPOSED:
            return self._scattered(passage)
        found = self._settle(passage, like, self.all_new)
        proposals = (found.place,) if found.place else found.proposals
        why = "its paragraph was moved and changed, or another reads much like it"
        return Found(State.REVIEW, why, None, proposals) if proposals else found

    def _scattered(self, passage: _Passage) -> Found:
        """What to say where a passage's surroundings hold nothing of it: several words together are a hint by themselves."""
        several = passage.inside[1] - passage.inside[0] >= _SCARCE
        places = self._occurrences(passage, self.all_new)[:_SHOWN] if several else ()
        if places:
            return Found(State.REVIEW, "its words stand there in another context", None, places)
        return Found(State.ORPHAN, "its words were taken out")

    def _occurrences(self, passage: _Passage, region: Place) -> tuple[Place, ...]:
        """Where a region of the new text has the passage's words, in paragraphs that are nobody else's."""
        if region[0] >= region[1]:
            return ()
        first, last = self.new_words.starts[region[0]], self.new_words.ends[region[1] - 1]
        found = ((at, at + len(passage.text)) for at in occurrences(self.new.folded, passage.text, first, last))
        return tuple(place for place in found if self._open(*place))

    def _open(self, start: int, end: int) -> bool:
        return self.closed.isdisjoint(range(self.new.line_of(start), self.new.line_of(end - 1) + 1))

    def _similar(self, olds: set[int], news: set[int]) -> Iterator[Pair]:
        return similar(self.old.words_without(olds), self.new.words_without(news))


def proposed(between: Place, words: Words, why: str) -> Found | None:
    """Words [first, last) as a proposal; None where there are none."""
    first, last = between
    place = (words.starts[first], words.ends[last - 1]) if first < last else (0, 0)
    return Found(State.REVIEW, why, None, (place,)) if place[0] < place[1] else None


def _worse(head: Found, tail: Found) -> Found:
    """What to say of a passage of which at least one end is not settled."""
    proposals = tuple(place for part in (head, tail) for place in (part.place, *part.proposals) if place)
    for part in (head, tail):
        if part.state is State.AMBIGUOUS:
            return Found(State.AMBIGUOUS, part.why, None, proposals)
    if head.state is tail.state is State.ORPHAN:
        return head
    return Found(State.REVIEW, "only a part of its words is as it was", None, proposals)
