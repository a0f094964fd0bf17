"""Pieces: what is left of a capitalised span once the words around the name are gone.

"Russian Foreign Minister Sergey Lavrov" is the piece "Sergey Lavrov" with a role; "The Kurdish YPG" is "YPG".
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from sitegen.annotate.gazetteer import Gazetteer
from sitegen.annotate.institutions import INSTITUTIONS
from sitegen.annotate.lexicon import (
    COMMON_WORDS,
    CREEDS,
    DEMONYMS,
    EVENT_LAST,
    FUNCTION_WORDS,
    GIVEN_NAMES,
    KEPT_TITLES,
    ORGANISATION_WORDS,
    PLACE_LAST,
    ROLE_MODIFIERS,
    ROLES,
    STREETS,
    TITLES,
)
from sitegen.annotate.spans import Block, acronym

_OFFICES = TITLES | ROLES
_ROLE_WORDS = ROLES | ROLE_MODIFIERS
_KEPT_AT_FRONT = ROLES | ORGANISATION_WORDS
_NO_NAMES = COMMON_WORDS | DEMONYMS | _OFFICES
_THING_ENDINGS = ORGANISATION_WORDS | PLACE_LAST | EVENT_LAST
_FIRST_OF_INSTITUTIONS = frozenset(name.partition(" ")[0] for name in INSTITUTIONS)
_NO_PERSON_ENDINGS = _THING_ENDINGS | STREETS | ROLES


class Piece(msgspec.Struct, eq=False):
    """words[first:last] of a block, which one name may fill.

    role: what the words before it call a person. office: that it is no name but such a role, and may hold a place's.
    """

    block: Block
    first: int
    last: int
    role: str = ""
    office: bool = False
    start: int = 0
    end: int = 0
    text: str = ""

    def __post_init__(self) -> None:
        self.start = self.block.starts[self.first]
        self.end = self.block.end(self.last - 1)
        self.text = self.block.text[self.start : self.end]

    @property
    def bare(self) -> list[str]:
        return self.block.bare[self.first : self.last]

    def before(self, back: int = 1) -> str:
        """The word before, "" where something other than a space stands between; further ones alike."""
        at = self.first - back
        if at < 0 or any(gap != " " for gap in self.block.gaps[at + 1 : self.first + 1]):
            return ""
        return self.block.words[at]


def pieces(block: Block, places: Gazetteer) -> Iterator[Piece]:
    """The pieces of a block in reading order."""
    for first, last in block.spans():
        while first < last and not _is_institution(block, first, last) and _sheds(block, first, last, places):
            first += 1
        if first == last:
            continue
        if _is_institution(block, first, last):
            yield Piece(block, first, last)
            continue
        size = _role_size(block, first, last)
        if not size:
            piece = Piece(block, first, last)
            piece.role = _role_before(piece)
            yield piece
            continue
        if size > 1:
            yield Piece(block, first, first + size, office=True)
        yield from _titled(block, first, last, size)


def _is_institution(block: Block, first: int, last: int) -> bool:
    """Whether words are an organisation's name as a whole: "General Motors" is nobody's rank."""
    if last - first == 1 or block.words[first] not in _FIRST_OF_INSTITUTIONS:
        return False
    return block.text[block.starts[first] : block.end(last - 1)] in INSTITUTIONS


def _sheds(block: Block, at: int, last: int, places: Gazetteer) -> bool:
    """Whether the word `at`, the first that is left, is no part of a name: it only begins the sentence, or is a nation
    before an acronym or one other word ("Kurdish YPG")."""
    bare, letters = block.bare[at], acronym(block.words[at])
    if bare in CREEDS and at + 1 < last:
        return False
    if bare in DEMONYMS and at + 2 == last and not _ends_name(block, at + 1):
        return not places.lookup(block.text[block.starts[at] : block.end(at + 1)])
    if letters or not block.opens[at] or at + 1 == last:
        return bare in FUNCTION_WORDS and not letters
    if bare in FUNCTION_WORDS:
        return True
    if bare not in COMMON_WORDS or bare in _KEPT_AT_FRONT or block.bare[last - 1] in _THING_ENDINGS:
        return False
    ends = {last - 1, at + 1, min(at + 2, last - 1)}
    return not any(places.lookup(block.text[block.starts[at] : block.end(end)]) for end in ends)  # "New York Governor …"


def _ends_name(block: Block, at: int) -> bool:
    return block.bare[at] in _THING_ENDINGS and not acronym(block.words[at])


def _role_size(block: Block, first: int, last: int) -> int:
    """How many words at the front of a span are titles and roles, with what belongs to them; 0 for none."""
    bare = block.bare
    if last - first > 1 and (bare[last - 1] in _NO_PERSON_ENDINGS or "of" in block.words[first + 1 : last]):
        return 0
    size = 0
    for at in range(first, last - 1):
        given = at > first and bare[at] in GIVEN_NAMES  # "Rep. Earl Pomeroy"
        if bare[at] in _OFFICES and not given and not block.genitive(at):
            size = at - first + 1
    return size


def _titled(block: Block, first: int, last: int, size: int) -> Iterator[Piece]:
    """A name after titles or roles within the span: "Russian Foreign Minister Sergey Lavrov"."""
    start = first + size
    one = last - start == 1 or (last - start == 2 and block.words[last - 1].isupper() and len(block.words[last - 1]) > 1)
    if block.bare[start - 1] in KEPT_TITLES and one:
        start -= 1
    if all(bare in _NO_NAMES for bare in block.bare[start:last]):
        return
    piece = Piece(block, start, last)
    role = block.text[block.starts[first] : block.starts[start]].strip()
    if piece.first > first and Piece(block, first, last).before() in ROLE_MODIFIERS:
        role = f"{_role_back(Piece(block, first, last), 1)} {role}".strip()
    piece.role = role
    yield piece


def _role_before(piece: Piece) -> str:
    """The role in lower case before a name, with what belongs to it: "US state Department spokesman"."""
    word = piece.before()
    if word not in _OFFICES or piece.last - piece.first > 4 or piece.bare[-1] in _THING_ENDINGS:
        return ""
    return _role_back(piece, 1)


def _role_back(piece: Piece, back: int) -> str:
    """The words before the piece, from the one `back` before it on, as far left as they belong to a role."""
    while True:
        word = piece.before(back + 1)
        proper = word[:1].isupper() and (word.lower() not in FUNCTION_WORDS or (len(word) > 1 and word.isupper()))
        if not proper and word not in _ROLE_WORDS:
            break
        back += 1
    block = piece.block
    return block.text[block.starts[piece.first - back] : block.end(piece.first - 1)]
