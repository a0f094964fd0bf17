"""Capitalised spans: the places of a text where a name may stand.

Works on folded text, a block at a time. A span is a run of capitalised words with single spaces between, and
the small words that names hold inside ("de la", "of" after "Ministry"). It knows its neighbours, not what it
names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sitegen.annotate.lexicon import (
    CALENDAR,
    EVENT_FIRST,
    EVENT_LAST,
    FUNCTION_WORDS,
    GIVEN_NAMES,
    ORGANISATION_WORDS,
    PARTICLES,
    ROLES,
    TITLES,
)
from sitegen.model.text import fold

_WORD = re.compile(
    r"(?:[^\W\d_]\.){2,}"  # U.S.
    r"|[^\W_]+(?:'[^\W_]+)*(?:-(?:[a-z]+-)*(?=[^\W\d_a-z])[^\W_]+(?:'[^\W_]+)*)*"  # Al-Raqqah
)
_SENTENCE_GAP = re.compile(r"[.!?:;…\"*•]|(?<![^\W_])'(?=\w)|\A\s*[–—]\s*\Z|\A\s+-\s*\Z")
_LABEL = re.compile(r"(?:READ|SEE|WATCH|MORE|RELATED|ALSO)(?: [A-Z]+)* ?:", re.IGNORECASE)
# Common nouns in whose genitive a name goes on: "People's Protection Units", "Heart's Content".
_GENITIVES = frozenset(("people", "women", "men", "children", "king", "queen", "workers", "heart", "world"))
# "Republic of China", "Bay of Bengal": such words take an "of" as organisations do.
_REALMS = frozenset(("republic", "kingdom", "commonwealth", "emirate", "bay", "gulf", "strait", "isle", "sea"))
_ACTIVITY = re.compile(r"(?:tion|ment|ance|ing|ure|ics|ery)\Z")
_LINES = frozenset(("railway", "railroad"))
_SMALL_WORDS = FUNCTION_WORDS | CALENDAR
_NUMERAL = re.compile(r"[IVX]+\Z")
_ABBREVIATED = TITLES | frozenset(("st", "mt", "ft", "jr", "sr"))


@dataclass(frozen=True, slots=True)
class Token:
    """A word at text[start:end]. `gap` is what stands before it; `opens`: a sentence or a quotation."""

    text: str
    start: int
    gap: str
    opens: bool

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def bare(self) -> str:
        """Lower case, without a genitive's ending."""
        return self.text.lower().removesuffix("'s")

    @property
    def genitive(self) -> bool:
        return self.text.lower().endswith("'s")

    @property
    def capital(self) -> bool:
        first, _, rest = self.text.partition("-")
        return self.text[0].isupper() or (first in PARTICLES and rest[:1].isupper())

    @property
    def acronym(self) -> bool:
        letters = self.text.removesuffix("'s").replace(".", "")
        return 2 <= len(letters) <= 6 and letters.isalnum() and sum(map(str.isupper, letters)) >= max(2, len(letters) - 1)

    @property
    def initial(self) -> bool:
        return len(self.text) == 1 and self.text.isupper()


@dataclass(frozen=True, slots=True)
class Span:
    """tokens[first:last] of a block, which a name may fill."""

    block: Block
    first: int
    last: int

    @property
    def tokens(self) -> Sequence[Token]:
        return self.block.tokens[self.first : self.last]

    @property
    def start(self) -> int:
        return self.tokens[0].start

    @property
    def end(self) -> int:
        final = self.tokens[-1]
        return final.end - 2 if final.genitive else final.end

    @property
    def text(self) -> str:
        return self.block.text[self.start : self.end]

    @property
    def opens(self) -> bool:
        return self.tokens[0].opens

    def before(self, back: int = 1) -> str:
        """The word before, "" where something other than a space stands between; further ones alike."""
        at = self.first - back
        if at < 0 or any(token.gap != " " for token in self.block.tokens[at + 1 : self.first + 1]):
            return ""
        return self.block.tokens[at].text

    def after(self) -> str:
        """The word after, across a space or a comma; "" where something else stands between."""
        if self.last >= len(self.block.tokens) or self.tokens[-1].genitive:
            return ""
        token = self.block.tokens[self.last]
        return token.text if token.gap in (" ", ", ") else ""

    def cut(self, first: int, last: int | None = None) -> Span:
        """The part of it from its token `first` to before `last`."""
        return Span(self.block, self.first + first, self.first + last if last is not None else self.last)


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A block of the text, folded, with its words."""

    text: str
    tokens: tuple[Token, ...]

    @property
    def spans(self) -> Iterator[Span]:
        """Its spans in order, none overlapping."""
        at = 0
        while at < len(self.tokens):
            if not _begins(self.tokens, at):
                at += 1
                continue
            last = _extent(self.tokens, at)
            yield Span(self, at, last)
            at = last


def blocks(text: str) -> tuple[Block, ...]:
    """The blocks whose capitals mean something: no headlines in capitals or title case, no "READ MORE: …"."""
    found = []
    for line in text.split("\n"):
        line = fold(line).strip()
        if not line or _LABEL.match(line):
            continue
        tokens = tuple(_tokens(line))
        if tokens and not _headline(line, tokens):
            found.append(Block(line, tokens))
    return tuple(found)


def _tokens(line: str) -> Iterator[Token]:
    at = end = 0
    opens = True
    while found := _WORD.search(line, at):
        word = found[0]
        head, hyphen, _ = word.partition("-")
        if hyphen and head.islower() and head not in PARTICLES:
            word = head  # "anti-ISIS" is about ISIS
        gap = line[end : found.start()]
        yield Token(word, found.start(), gap, opens or bool(_SENTENCE_GAP.search(gap)))
        at = end = found.start() + len(word)
        opens = False
        if line[end : end + 1] == "." and (len(word) == 1 or word.lower() in _ABBREVIATED) and word[0].isupper():
            at = end = end + 1  # the stop is the word's


def _headline(line: str, tokens: Sequence[Token]) -> bool:
    words = [token for token in tokens if len(token.text) > 3 and token.text[0].isalpha()]
    if not any(map(str.islower, line)):
        return True
    capitals = sum(token.capital for token in words)
    return tokens[0].capital and len(words) >= 5 and capitals >= 0.75 * len(words) and line[-1] not in ".!?\"'"


def _begins(tokens: Sequence[Token], at: int) -> bool:
    token = tokens[at]
    if not token.capital or (token.bare in FUNCTION_WORDS and not token.acronym):
        return False
    return token.bare not in CALENDAR


def _extent(tokens: Sequence[Token], at: int) -> int:
    """The index behind the last token of the span that begins at `at`."""
    first = at
    while True:
        token = tokens[at]
        at += 1
        if at >= len(tokens) or (token.genitive and token.bare not in _GENITIVES):
            return at
        reach = _continues(tokens, first, at)
        if not reach:
            return at
        at += reach - 1


def _continues(tokens: Sequence[Token], first: int, at: int) -> int:
    """How many tokens from `at` on the span takes in next; 0 where it ends."""
    following = tokens[at]
    if following.gap == " & " and following.capital:
        return 1
    if following.gap != " " or following.opens:
        return 0
    if following.capital:
        word = following.bare in _SMALL_WORDS and not following.acronym
        given = tokens[at - 1].bare in GIVEN_NAMES or tokens[at - 1].initial
        return int(not word or given or _numeral(following, tokens[at - 1]))  # Theresa May, Neil Young
    link = _link(tokens, first, at)
    return link + 1 if link else 0


def _link(tokens: Sequence[Token], first: int, at: int) -> int:
    """How many small words from `at` on stand inside a name; 0 where what follows is no part of it."""
    count = 0
    head = tokens[at - 1].bare
    word = tokens[at].text
    if word in PARTICLES:
        while at + count < len(tokens) and tokens[at + count].text in PARTICLES and count < 3:
            count += 1
    elif word in ("of", "for") and _takes_of(head, word):
        count = 2 if at + 1 < len(tokens) and tokens[at + 1].text == "the" else 1
        if at + count < len(tokens) and tokens[at + count].bare in GIVEN_NAMES:
            return 0  # "the office of John Smith"
    elif word == "and" and _joins(tokens, first, at):
        count = 1
    following = tokens[at : at + count + 1]
    whole = len(following) == count + 1 and all(token.gap == " " for token in following)
    return count if count and whole and following[-1].capital and following[-1].bare not in _SMALL_WORDS else 0


def _joins(tokens: Sequence[Token], first: int, at: int) -> bool:
    """Whether the "and" at `at` is part of an organisation's name.

    It is in "Ministry of Posts and Telegraphs", "Baltimore and Ohio Railroad", "Telegraph Construction and
    Maintenance Company".
    """
    inside = tokens[first:at]
    if inside[0].bare in ORGANISATION_WORDS and any(token.text in ("of", "for") for token in inside):
        return True
    last = at + 1
    while last < len(tokens) and tokens[last].gap == " " and tokens[last].capital:
        last += 1
    if last < at + 3:
        return False
    if tokens[last - 1].bare in _LINES:
        return True
    return tokens[last - 1].bare in ORGANISATION_WORDS and bool(_ACTIVITY.search(inside[-1].bare))


def _takes_of(head: str, word: str) -> bool:
    if head in ORGANISATION_WORDS and head != "company":
        return True
    return word == "of" and (head in ROLES or head in EVENT_FIRST or head in EVENT_LAST or head in _REALMS)


def _numeral(token: Token, before: Token) -> bool:
    """Whether a word is a Roman number; "I" is one only after what is counted so ("World War I")."""
    counted = token.text != "I" or before.bare in EVENT_LAST | GIVEN_NAMES
    return counted and bool(_NUMERAL.match(token.text))
