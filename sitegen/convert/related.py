"""Titles that a text refers to → titles of the collection, where they are the same but for typing."""

from __future__ import annotations

from collections.abc import Sequence

from sitegen.model.text import letters

_NEAR = 92  # of 100: a changed word in a short headline is another headline


def same(one: str, other: str) -> bool:
    """Whether two headlines are one, ignoring case, quotes, white space and a slip of the typist.

    Numbers must agree: "Part 1" is not "Part 2".
    """
    from rapidfuzz import fuzz

    a, b = letters(one), letters(other)
    if not a or not b:
        return one.split() == other.split()
    if a == b:
        return True
    return min(len(a), len(b)) >= 12 and _digits(a) == _digits(b) and fuzz.ratio(a, b, score_cutoff=_NEAR) > 0


class Titles:
    """The titles of a collection, ready to be asked for the nearest."""

    def __init__(self, titles: Sequence[str]) -> None:
        self._titles = tuple(dict.fromkeys(titles))
        self._folded = [letters(title) for title in self._titles]
        self._exact = dict(zip(reversed(self._folded), reversed(self._titles), strict=True))

    def nearest(self, wanted: str) -> str:
        """The title that `wanted` names, or `wanted` itself where the collection has none."""
        from rapidfuzz import fuzz, process

        key = letters(wanted)
        if not key or key in self._exact:
            return self._exact.get(key, wanted) if key else wanted
        found = process.extractOne(key, self._folded, scorer=fuzz.ratio, score_cutoff=_NEAR)
        return self._titles[found[2]] if found and same(wanted, self._titles[found[2]]) else wanted


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())
