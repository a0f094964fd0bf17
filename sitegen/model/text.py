"""Plain text: folding for search, sentences, words, summaries.

Offsets are code points. `fold` keeps every offset: one character in, one out.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from functools import cache

# Variants that typists and typesetters use for the same sign, each one character for one; line breaks apart.
_PLAIN = tuple({
    "\t": " ", "\u00a0": " ", "\u2007": " ", "\u202f": " ", "\u2009": " ",
    "‘": "'", "’": "'", "ʼ": "'", "′": "'", "“": '"', "”": '"',
    "‐": "-", "‑": "-", "‒": "-",
}.items())  # fmt: skip

# Abbreviations whose full stop ends no sentence; lower case, without the stop.
_ABBREVIATIONS = frozenset(
    [
        "a.m",
        "adm",
        "b",
        "brig",
        "c",
        "ca",
        "capt",
        "cf",
        "ch",
        "co",
        "col",
        "corp",
        "dr",
        "e.g",
        "ed",
        "eds",
        "esq",
        "et",
        "etc",
        "fig",
        "gen",
        "gov",
        "hon",
        "i.e",
        "inc",
        "jr",
        "lieut",
        "lt",
        "ltd",
        "m",
        "maj",
        "messrs",
        "mlle",
        "mme",
        "mr",
        "mrs",
        "ms",
        "mt",
        "no",
        "nos",
        "p",
        "p.m",
        "pp",
        "pres",
        "prof",
        "rep",
        "rev",
        "sen",
        "sgt",
        "sr",
        "st",
        "u.k",
        "u.n",
        "u.s",
        "v",
        "viz",
        "vol",
        "vs",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
    ]
)
_ABBREVIATED = frozenset(word[-3:] for word in _ABBREVIATIONS)  # how a longer word ends that might be one
# One set of signs to begin with, so that text is passed over at the speed of C.
_SENTENCE_END = re.compile(
    r"""[.!?…。！？؟।\n](?:
        (?<=[.!?…])["'”’»)\]]*(?=\s+["'“‘«(\[]*[^\W_a-z])
      | (?<=[。！？؟।])[」』”’]*
      | (?<=\n)
    )""",
    re.VERBOSE,
)
# The same where no other sign ends a sentence, as in most lines: looking for a single sign takes half the time.
_FULL_STOP = re.compile(r"""\.["'”’»)\]]*(?=\s+["'“‘«(\[]*[^\W_a-z])""")
_OTHER_STOPS = "!?…。！？؟।"
# Bytes of a text as white space or part of a word: to count words so takes half the time that making a string of each does.
_WORDS_AND_SPACES = bytes(32 if code < 128 and chr(code).isspace() else ord("x") for code in range(256))
_ASCII = bytes(range(128))
_UNSPACED = r"\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f"
SUMMARY = 240  # characters of a summary, at most
_LAST_WORD = re.compile(r"([^\W\d_](?:[\w.]*\w)?)\Z")


def in_word(character: str) -> bool:
    """Whether a character is part of a word: a letter, a digit, or a mark on one."""
    return character.isalnum() or unicodedata.category(character).startswith("M")


def fold(text: str) -> str:
    """The text with white space, quotes and hyphens made plain, character for character."""
    return fold_lines(text).replace("\n", " ")


def fold_lines(text: str) -> str:
    """As `fold`, line breaks left as they are."""
    if text.isascii():
        return text.replace("\t", " ")
    for sign, plain in _PLAIN:  # a thirtieth of the time that one pattern for them all takes
        if sign in text:
            text = text.replace(sign, plain)
    return text


def canonical(name: str) -> str:
    """A name as it is compared where letter case counts: folded, NFC, single spaces."""
    if not name.isascii():  # most are; 50,000 names a build
        name = unicodedata.normalize("NFC", fold(name))
    return " ".join(name.split())


def folded(name: str) -> str:
    """A name as it is compared where letter case does not count."""
    return canonical(name).casefold()


def letters(title: str) -> str:
    """The letters and digits of a title, case and accents evened out: what makes two titles the same."""
    return "".join(char for char in unicodedata.normalize("NFKD", title).casefold() if char.isalnum())


def sentences(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Start and end of each sentence of text[start:end], white space at its ends left out; a line break ends one too."""
    end = len(text) if end is None else end
    found = []
    for stop in _SENTENCE_END.finditer(text, start, end):
        at, after = stop.span()
        if text[at] == "." and _abbreviated(text, at):
            continue
        found.append(_trimmed(text, start, after))
        start = after
    found.append(_trimmed(text, start, end))
    return [(first, last) for first, last in found if first < last]


class Sentences:
    """The sentences of a text, found where they are asked for. A line break ends one, so they are those of each line."""

    __slots__ = ("_begin", "_end", "_ends", "_held", "_others", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._others = [sign for sign in _OTHER_STOPS if sign in text]
        self._begin = self._end = 0  # of the line that was asked for last
        self._ends: list[int] = []  # of the sentences in it, but for the last
        self._held = 0, 0

    def around(self, start: int, end: int) -> tuple[int, int]:
        """Start and end of the sentence, or the run of sentences, that text[start:end] lies in, without white space at its ends.

        What is asked for is not empty and lies in one line.
        """
        if self._held[0] <= start and end <= self._held[1]:
            return self._held
        if not self._begin <= start < self._end:
            self._in_line(start)
        text, ends, behind = self._text, self._ends, end
        while behind > start + 1 and text[behind - 1].isspace():
            behind -= 1
        first, last = bisect_right(ends, start), bisect_left(ends, behind)
        found = _trimmed(text, ends[first - 1] if first else self._begin, ends[last] if last < len(ends) else self._end)
        if found[0] >= end or found[1] <= start:  # the white space between sentences
            return start, end
        if first == last:
            self._held = found
        return found

    def _in_line(self, start: int) -> None:
        text = self._text
        self._begin, end = text.rfind("\n", 0, start) + 1, text.find("\n", start)
        self._end = end = end if end >= 0 else len(text)
        stops = _FULL_STOP
        for sign in self._others:
            if text.find(sign, self._begin, end) >= 0:
                stops = _SENTENCE_END
        self._ends = ends = []
        for stop in stops.finditer(text, self._begin, end):
            at, after = stop.span()
            if text[at] != "." or not _abbreviated(text, at):
                ends.append(after)


def word_count(text: str) -> int:
    """Words of the text: what white space parts. In scripts without spaces, two characters count as one word."""
    if not text.isascii():
        text = text.replace("\xa0", " ")
    data = text.encode()
    if text.isascii() or not _unusual().search(data.translate(None, _ASCII).decode()):  # few signs are not of ASCII
        signs = data.translate(_WORDS_AND_SPACES)
        return signs.count(b" x") + signs.startswith(b"x")
    unspaced = len(_unspaced().findall(text))
    return len((_unspaced().sub(" ", text) if unspaced else text).split()) + (unspaced + 1) // 2


@cache
def _unspaced() -> re.Pattern[str]:
    """The signs of scripts written without spaces: each counts as half a word in reading time. Slow to compile."""
    return re.compile(f"[{_UNSPACED}]")


@cache
def _unusual() -> re.Pattern[str]:
    """These, and white space that is in few texts."""
    return re.compile(rf"[{_UNSPACED}\x85\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")


def reading_minutes(words: int) -> int:
    """Minutes to read at 230 words a minute (Brysbaert 2019: 238 for English non-fiction), at least 1."""
    return max(1, round(words / 230))


def summarise(text: str, *, limit: int = SUMMARY) -> str:
    """The first sentences that fit into `limit` characters; a longer first sentence is cut at a word."""
    end = 0
    for _, stop in sentences(text):
        if stop > limit and end:
            break
        end = stop
        if end > limit * 0.6:
            break
    summary = " ".join(text[:end].split())
    return summary if len(summary) <= limit else summary[:limit].rsplit(" ", 1)[0].rstrip(",;:–— ") + " …"


def _abbreviated(text: str, stop: int) -> bool:
    """Whether the full stop at `stop` belongs to an abbreviation or an initial."""
    if stop > 2 and (end := text[stop - 3 : stop]).isalpha() and end.lower() not in _ABBREVIATED:
        return False
    word = text[max(0, stop - 12) : stop].rpartition(" ")[2]
    if not word.isalpha():
        found = _LAST_WORD.search(word)
        if not found:
            return False
        word = found.group(1)
    return word.lower() in _ABBREVIATIONS or (len(word) == 1 and word.isupper())


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Where text[start:end] stands without the white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
