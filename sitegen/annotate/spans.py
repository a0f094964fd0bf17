"""Capitalised spans: the passages of a text where a name may stand.

Works on folded text, a block (a line) at a time. A span is a run of capitalised words with single spaces between, and
the small words that names hold inside ("de la", "of" after "Ministry"). It knows its neighbours, not what it names.
Offsets within a block are code points from its start.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate

from sitegen.annotate.lexicon import (
    ABBREVIATIONS,
    CALENDAR,
    EVENT_FIRST,
    EVENT_LAST,
    FUNCTION_WORDS,
    GIVEN_NAMES,
    ORGANISATION_WORDS,
    PARTICLES,
    PEERS,
    REALMS,
    ROLES,
    STATE_ABBREVIATIONS,
    WEAK_ORGANISATION_WORDS,
)
from sitegen.annotate.words import words

_WORD = re.compile(
    r"([a-z]{2,}+(?![\w'\-])"  # most words, told at once
    r"|W\. ?Va\b|(?:[^\W\d_]\.){2,}"  # W.Va, U.S.
    r"|(?!(?:al|el|as|ar|at|an|ad|az|ed|es)-)[^\W\d_A-Z]+(?=-[^\W\d_a-z])"  # "anti" of "anti-ISIS"
    r"|[^\W_]+(?:'[^\W_]+)*(?:-(?:[a-z]+-)*(?=[^\W\d_a-z])[^\W_]+(?:'[^\W_]+)*)*)"  # Al-Raqqah
)
_SENTENCE_GAP = re.compile(r"[.!?:;…\"*•]|(?<![^\W_])'(?=\w)|\A\s*[–—]\s*\Z|\A\s+-\s*\Z")
# Common nouns in whose genitive a name goes on: "People's Protection Units", "Heart's Content".
_GENITIVES = frozenset(("people", "women", "men", "children", "king", "queen", "workers", "heart", "world"))
_ACTIVITY = re.compile(r"(?:tion|ment|ance|ing|ure|ics|ery)\Z")
_JOINED_PLACES = [
    (first, [second]) for first, second in (
        ("Bosnia", "Herzegovina"), ("Trinidad", "Tobago"), ("Antigua", "Barbuda"), ("Kitts", "Nevis"), ("Jammu", "Kashmir"),
        ("Newfoundland", "Labrador"), ("Turks", "Caicos"), ("Tyne", "Wear"), ("Brighton", "Hove"),
    )
]  # fmt: skip
_LINES = frozenset(("railway", "railroad"))
_BODIES = frozenset(("cabinet", "congress", "government", "parliament", "police", "senate"))
_STRONG_ORGANISATION_WORDS = ORGANISATION_WORDS - WEAK_ORGANISATION_WORDS
_SMALL_WORDS = FUNCTION_WORDS | CALENDAR
# "Washington, D.C." is one name; the gazetteer has the city by this one too.
WITH_DISTRICT, DISTRICT = re.compile(r"Washington,? D\.?C\.?"), "District of Columbia"
_AFTER_COMMA = frozenset(("Inc.", "Inc", "LLC", "Ltd.", "Ltd", "Jr.", "Jr", "Sr."))
_NUMERAL = re.compile(r"[IVX]+\Z")


class Block:
    """A line of the text, folded, with its words: each one's text, where it begins, and the gap before it.

    bare: the words in lower case, names without a genitive's ending or an abbreviation's stop. opens: whether a sentence
    or a quotation begins with the word. capitals: which words have one. offset: where the block stands in the whole
    text. headline: its capitals mean nothing.
    """

    __slots__ = ("bare", "capitals", "gaps", "headline", "offset", "opens", "starts", "text", "words")

    def __init__(self, text: str, offset: int) -> None:
        self.text, self.offset = text, offset
        parts = _WORD.split(text)
        self.words = words = parts[1::2]
        self.gaps = gaps = parts[:-1:2]
        self.starts = list(accumulate(map(len, parts)))[:-1:2]
        mixed = [at for at, word in enumerate(words) if not word.islower()]
        self.capitals = [at for at in mixed if words[at][0].isupper() or _particled(words[at])]
        for at in self.capitals:
            word = words[at]
            if text.startswith(".", self.starts[at] + len(word)) and word[0].isupper() and _abbreviated(word, gaps[at]):
                words[at] += "."
                if at + 1 < len(gaps):
                    gaps[at + 1] = gaps[at + 1][1:]
        self.opens = [gap != " " and _begins_sentence(gap) for gap in gaps]
        self.opens[:1] = [True] * len(words[:1])
        self.bare = list(map(str.lower, words))
        for at in self.capitals:
            self.bare[at] = _bare(self.bare[at])
        self.headline = _headline(text, words)

    def end(self, at: int) -> int:
        """Where the word ends, without a genitive's ending."""
        word = self.words[at]
        return self.starts[at] + len(word) - (2 if word[-2:] in ("'s", "'S") else 0)

    def genitive(self, at: int) -> bool:
        return self.words[at][-2:] in ("'s", "'S")

    def capital(self, at: int) -> bool:
        word = self.words[at]
        return word[0].isupper() or _particled(word)

    def spans(self) -> Iterator[tuple[int, int]]:
        """First and behind the last word of each span, in order, none overlapping."""
        behind = 0
        for at in self.capitals:
            if at >= behind and _begins(self, at):
                behind = _extent(self, at)
                yield at, behind


@lru_cache(1 << 10)
def _begins_sentence(gap: str) -> bool:
    """Whether a sentence or a quotation begins behind a gap between words."""
    return _SENTENCE_GAP.search(gap) is not None


def _bare(word: str) -> str:
    if word.endswith("'s"):
        return word[:-2]
    return word[:-1] if word.endswith(".") and word.count(".") == 1 else word


def _particled(word: str) -> bool:
    """Whether a word is a name behind a particle: "al-Assad"."""
    return word[2:3] == "-" and word[:2] in PARTICLES and word[3:4].isupper()


def _abbreviated(word: str, gap: str) -> bool:
    """Whether the stop behind a word is the word's own."""
    return len(word) == 1 or word.lower() in ABBREVIATIONS or (gap == ", " and word + "." in STATE_ABBREVIATIONS)


@lru_cache(1 << 14)
def acronym(word: str) -> bool:
    """Whether a word is letters that stand for words: "SDF", "U.N.", "MoD", "G20"."""
    if word.isalpha() and not word.isupper() and word[1:].islower():
        return False
    letters = word.removesuffix("'s").replace(".", "")
    return 2 <= len(letters) <= 6 and letters.isalnum() and sum(map(str.isupper, letters)) >= max(2, len(letters) - 1)


def _headline(line: str, words: list[str]) -> bool:
    """Whether a line is written in capitals or in title case."""
    if line.isupper():
        return True
    if line.rstrip()[-1] in ".!?\"'" or not words or not words[0][0].isupper():
        return False
    long = [word[0].isupper() for word in words if len(word) > 3 and word[0].isalpha()]
    return len(long) >= 5 and sum(long) >= 0.75 * len(long)


def _begins(block: Block, at: int) -> bool:
    bare = block.bare[at]
    return bare not in CALENDAR and (bare not in FUNCTION_WORDS or acronym(block.words[at]))


def _extent(block: Block, at: int) -> int:
    """The index behind the last word of the span that begins at `at`."""
    first, count = at, len(block.words)
    while True:
        at += 1
        if at >= count or (block.genitive(at - 1) and block.bare[at - 1] not in _GENITIVES):
            return at
        if block.gaps[at - 1] == ", " and block.words[at - 1] in STATE_ABBREVIATIONS:
            return at  # "Athens, Ga. He …"
        reach = _continues(block, first, at)
        if not reach:
            return at
        at += reach - 1


def _continues(block: Block, first: int, at: int) -> int:
    """How many words from `at` on the span takes in next; 0 where it ends."""
    gap = block.gaps[at]
    if gap == " & " and block.capital(at):
        return int(block.bare[first] not in GIVEN_NAMES or at - first < 2)
    if gap != " ":
        return int(gap == ", " and (block.words[at] in _AFTER_COMMA or block.bare[at - 1 : at + 1] == ["washington", "d.c."]))
    if block.capital(at):
        word = block.bare[at] in _SMALL_WORDS and not acronym(block.words[at])
        given = block.bare[at - 1] in GIVEN_NAMES or len(block.words[at - 1].rstrip(".")) == 1
        return int(not word or given or _numeral(block, at))  # Theresa May, Neil Young
    link = _link(block, first, at)
    return link + 1 if link else 0


def _link(block: Block, first: int, at: int) -> int:
    """How many small words from `at` on stand inside a name; 0 where what follows is no part of it."""
    count, words = 0, block.words
    head, word = block.bare[at - 1], words[at]
    if word in PARTICLES:
        while at + count < len(words) and words[at + count] in PARTICLES and count < 3:
            count += 1
    elif word in ("of", "for") and _takes_of(head, word):
        count = 2 if at + 1 < len(words) and words[at + 1] == "the" else 1
        if at + count < len(words) and block.bare[at + count] in GIVEN_NAMES:
            return 0  # "the office of John Smith"
    elif word == "and" and _joins(block, first, at):
        count = 1
    last = at + count
    whole = count and last < len(words) and all(gap == " " for gap in block.gaps[at : last + 1])
    return count if whole and block.capital(last) and block.bare[last] not in _SMALL_WORDS else 0


def _joins(block: Block, first: int, at: int) -> bool:
    """Whether the "and" at `at` is part of a name.

    It is in "Ministry of Posts and Telegraphs", "Baltimore and Ohio Railroad", "Telegraph Construction and
    Maintenance Company", "Food and Drug Administration"; not in "Bank of England and Parliament".
    """
    if _has_subject(block, first, at):
        return at + 1 < len(block.words) and _is_matter(block, at + 1) and block.bare[at + 1] not in _BODIES
    if (block.words[at - 1], block.words[at + 1 : at + 2]) in _JOINED_PLACES:
        return True
    last = at + 1
    while last < len(block.words) and block.gaps[last] == " " and block.capital(last):
        last += 1
    if last < at + 3:
        return False
    final = block.bare[last - 1]
    if final in _LINES:
        return True
    return final in _STRONG_ORGANISATION_WORDS and _is_matter(block, at - 1)


def _has_subject(block: Block, first: int, at: int) -> bool:
    """Whether words[first:at] are an organisation "of" or "for" a matter: "National Institute of Allergy"."""
    heads = (block.bare[i - 1] for i in range(first + 1, at) if block.words[i] in ("of", "for"))
    return _is_matter(block, at - 1) and any(head in ORGANISATION_WORDS for head in heads)


def _is_matter(block: Block, at: int) -> bool:
    """Whether a word is of daily use: no place, no person, no acronym."""
    bare = block.bare[at]
    return bare in words().common or _ACTIVITY.search(bare) is not None


def _takes_of(head: str, word: str) -> bool:
    if head in ORGANISATION_WORDS and head != "company":
        return True
    return word == "of" and any(head in heads for heads in (ROLES, PEERS, EVENT_FIRST, EVENT_LAST, REALMS))


def _numeral(block: Block, at: int) -> bool:
    """Whether a word is a Roman number; "I" is one only after what is counted so ("World War I")."""
    word = block.words[at]
    counted = word != "I" or block.bare[at - 1] in EVENT_LAST | GIVEN_NAMES
    return counted and bool(_NUMERAL.match(word))
