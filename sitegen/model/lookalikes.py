"""Signs that make a text look like another: those that turn its direction, and letters that look like letters of another script.

The letters are those that common faces draw alike (see Unicode Technical Standard 39, whose table is far longer).
"""

from __future__ import annotations

import re
from typing import Final

# Embeddings, overrides and isolates, and what ends them (Unicode Standard Annex 9).
_OPEN, _ISOLATE, _POP, _POP_ISOLATE = "\u202a\u202b\u202d\u202e", "\u2066\u2067\u2068", "\u202c", "\u2069"
OVERRIDES: Final = "\u202d\u202e"
DIRECTIONS: Final = re.compile(f"[{_OPEN}{_ISOLATE}{_POP}{_POP_ISOLATE}]")

_CYRILLIC = dict(zip("аеорсухіјѕԛԝһАВЕКМНОРСТХІЈЅҮ", "aeopcyxijsqwhABEKMHOPCTXIJSY", strict=True))
_GREEK = dict(zip("οναρυιΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ovapuiABEZHIKMNOPTYX", strict=True))
LATIN: Final = str.maketrans(_CYRILLIC | _GREEK)
_ALIKE = frozenset(_CYRILLIC) | frozenset(_GREEK)
_WORD = re.compile(r"[^\W\d_]+")
_FOREIGN = re.compile("[\u0370-\u03ff\u0400-\u052f]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_SCIENCE = re.compile("[\u03b1-\u03c9][A-Z]")  # as in αCMOS
# Latin letters that have a double in Cyrillic or Greek.
_DOUBLED = frozenset(_CYRILLIC.values()) | frozenset(_GREEK.values())


def turned(line: str) -> list[int]:
    """Where a line holds signs that turn the direction of others against their own: overrides, and what is never ended."""
    found: list[int] = []
    opened: list[tuple[int, bool]] = []  # where, and whether by an isolate
    for match in DIRECTIONS.finditer(line):
        at, sign = match.start(), match[0]
        if sign in OVERRIDES:
            found.append(at)
        if sign in _OPEN or sign in _ISOLATE:
            opened.append((at, sign in _ISOLATE))
        elif opened and opened[-1][1] == (sign == _POP_ISOLATE):
            opened.pop()
    return sorted({*found, *(at for at, _ in opened)})


def disguised(text: str) -> list[tuple[int, str]]:
    """The words of a text, with where they begin, that mix Latin letters with doubles of them from another script."""
    if not _FOREIGN.search(text):
        return []
    return [(word.start(), word[0]) for word in _WORD.finditer(text) if _is_disguised(word[0])]


def _is_disguised(word: str) -> bool:
    foreign, latin = _FOREIGN.findall(word), _LATIN.findall(word)
    if not (foreign and latin) or _SCIENCE.match(word):
        return False
    return _ALIKE.issuperset(foreign) or (len(foreign) > len(latin) and _DOUBLED.issuperset(latin))
