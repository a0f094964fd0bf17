"""Hard-wrapped text: tell it by its line lengths, and join its lines again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import msgspec

_NARROW, _WIDE = 16, 140  # characters between which a text can be hard-wrapped
_TELLING = 40
_FULL = 0.88  # share of the width that a full line and the next word exceed
_UNSPACED = re.compile("[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\u0e00-\u0e7f]")
_FIRST_WORD = re.compile(r"\S+")
_WORDS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_HEAD_OF_BREAK = re.compile(r"([^\W\d_]+)-\Z")
_TAIL_OF_BREAK = re.compile(r"[^\W\d_]+")
_BROKEN = re.compile(r"\w[¬\u00ad]\Z")


class Line(msgspec.Struct, frozen=True):
    """A line without the white space at its ends. `indent` counts columns."""

    number: int
    indent: int
    text: str

    @property
    def broken(self) -> bool:
        """Whether the line ends within a word, by a sign that means just that."""
        return _BROKEN.search(self.text, max(0, len(self.text) - 2)) is not None

    @property
    def starts_lower(self) -> bool:
        return next((char.islower() for char in self.text[:12] if char.isalpha()), False)


Group = tuple[Line, ...]


class Wrap(msgspec.Struct, frozen=True):
    """How a text is wrapped: `hard` says whether it is, `width` in characters, `words` are those of its lines."""

    hard: bool
    width: int
    words: frozenset[str] = frozenset()

    def full(self, line: Line, below: Line) -> bool:
        """Whether the first word of the line below would not have fitted on to the line."""
        return line.indent + len(line.text) + 1 + _first_word(below.text) > self.width * _FULL


def measure(groups: Sequence[Group], text: str) -> Wrap:
    """Whether most lines of a text end because they are full, and at what width."""
    joints = [(a, b) for group in groups for a, b in pairwise(group)]
    if not joints:
        return Wrap(False, 0)
    lengths = sorted(line.indent + len(line.text) for group in groups if len(group) > 1 for line in group)
    width = lengths[int(0.95 * (len(lengths) - 1))]
    wrap = Wrap(False, width)
    full = sum(wrap.full(a, b) for a, b in joints) / len(joints)
    lower = sum(b.starts_lower for _, b in joints) / len(joints)
    capital = sum(_starts_upper(b.text) for _, b in joints) / len(joints)
    # Two or three lines prove little where they are short: a headline and a date are not a paragraph.
    narrow = _NARROW if len(joints) > 2 else _TELLING
    hard = narrow <= width <= _WIDE and ((full >= 0.6 and capital <= 0.6) or (full >= 0.3 and lower >= 0.5))
    if not hard:
        return wrap
    hyphens = any(a.text.endswith("-") for a, _ in joints)
    return Wrap(True, width, frozenset(_WORDS.findall(text.lower())) if hyphens else frozenset())


def joined(lines: Sequence[Line], wrap: Wrap) -> str:
    """One line of text. White space within is single; hyphens at line ends go where that is safe."""
    parts = [lines[0].text] if lines else []
    for before, line in pairwise(lines):
        last = parts[-1]
        if before.broken:
            parts[-1] = last[:-1]
        elif last.endswith("-") and last[-2:-1].isalpha():
            if _mends(before.text, line.text, wrap):
                parts[-1] = last[:-1]
        elif not (_UNSPACED.match(last[-1]) and _UNSPACED.match(line.text[0])):
            parts.append(" ")
        parts.append(line.text)
    return " ".join("".join(parts).split())


def _mends(before: str, below: str, wrap: Wrap) -> bool:
    """Whether a word broken over two lines stands whole elsewhere, and never with its hyphen."""
    first, second = _HEAD_OF_BREAK.search(before[-60:]), _TAIL_OF_BREAK.match(below)
    if not first or not second or not second[0][0].islower():
        return False
    one, other = first[1].lower(), second[0].lower()
    return one + other in wrap.words and f"{one}-{other}" not in wrap.words


def _first_word(text: str) -> int:
    if _UNSPACED.match(text):
        return 1
    found = _FIRST_WORD.match(text)
    return min(30, found.end()) if found else 0


def _starts_upper(text: str) -> bool:
    return next((char.isupper() for char in text[:12] if char.isalpha()), False)
