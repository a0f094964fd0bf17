"""Common words, given names and surnames of English, packed (sources and licences: sitegen/data/WORDS.md).

Evidence about names, never proof: a word may be in all three lists. The file is zlib over three lists of lower-case
words, a word a line, an empty line between lists. Made by tools/pack_words.py.
"""

from __future__ import annotations

import zlib
from functools import cache
from importlib.resources import files

import msgspec

from sitegen.annotate.lexicon import GIVEN_NAMES

_PACKED = "data/words.bin"


class Words(msgspec.Struct, frozen=True):
    """Lower-case words: those of daily use, given names, surnames."""

    common: frozenset[str]
    given: frozenset[str]
    surnames: frozenset[str]


@cache
def words() -> Words:
    """The lists that come with sitegen, read once."""
    lists = zlib.decompress(files("sitegen").joinpath(_PACKED).read_bytes()).decode().split("\n\n")
    common, given, surnames = (frozenset(part.split("\n")) for part in lists)
    return Words(common, given | GIVEN_NAMES, surnames)
