"""Signs: what a piece and its neighbours say about the kind of name it is, as a list of features for `weights`.

A feature is a word such as "b=in" (the word before is "in") or "l:org" (the last word is an organisation's). What
counts is how often features went with a kind in the texts that the weights were made from (tools/train_weights.py).
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, lru_cache

import msgspec

from sitegen.annotate.gazetteer import Gazetteer, Place
from sitegen.annotate.lexicon import (
    CALENDAR,
    CIVIC_NOUNS,
    COMMON_WORDS,
    DEMONYMS,
    DIRECTIONS,
    DISEASE_NOUNS,
    EVENT_LAST,
    FUNCTION_WORDS,
    KEPT_TITLES,
    NO_ORGANISATION,
    ORGANISATION_NOUNS,
    ORGANISATION_WORDS,
    PERSON_VERBS,
    PLACE_GENERIC,
    PLACE_LAST,
    PLACE_NOUNS,
    PLACE_NOUNS_PLURAL,
    PLACE_SUFFIXES,
    PLACE_VERBS,
    RELATIVES,
    ROLES,
    SAY_VERBS,
    STATE_ABBREVIATIONS,
    STREETS,
    SURNAME_SUFFIXES,
    TITLES,
    WEAK_ORGANISATION_WORDS,
)
from sitegen.annotate.pieces import Piece
from sitegen.annotate.spans import acronym
from sitegen.annotate.words import words

_LOCATING = frozenset(("b=in", "b=at", "b=near", "b=from", "b=across", "b=throughout", "b=outside", "b=around"))
_REMEMBERED = 1 << 15  # words
_LARGE = 100_000  # inhabitants
_WIDE = frozenset(("continent", "country", "region", "sea", "nature", "area"))
_DOUBTFUL = frozenset(("given", "sur", "common", "fn"))
_AGE = re.compile(r", \d{1,2}(?:,|\.|\Z)| \(\d{1,2}\)")


class Document(msgspec.Struct):
    """What the whole text says: its words as they are written, how often a piece stands in it, who is named in full."""

    words: frozenset[str]
    counts: Counter[str] = msgspec.field(default_factory=Counter)
    first: set[str] = msgspec.field(default_factory=set)
    surnames: set[str] = msgspec.field(default_factory=set)


# Lists that words are in, anywhere in a name; before it; behind it. Where only one counts, the first.
_LISTS = (
    ("fn", COMMON_WORDS), ("title", TITLES), ("role", ROLES), ("org", ORGANISATION_WORDS - WEAK_ORGANISATION_WORDS),
    ("weak", WEAK_ORGANISATION_WORDS), ("place", PLACE_LAST), ("generic", PLACE_GENERIC), ("street", STREETS),
    ("demonym", DEMONYMS), ("event", EVENT_LAST), ("direction", DIRECTIONS), ("calendar", CALENDAR),
    ("noorg", NO_ORGANISATION), ("orgnoun", ORGANISATION_NOUNS),
)  # fmt: skip
_OFFICES = TITLES | ROLES
_PLACE_NOUNS = PLACE_NOUNS | PLACE_NOUNS_PLURAL
_BEFORE = (
    ("say", SAY_VERBS), ("role", _OFFICES), ("relative", RELATIVES), ("noun", _PLACE_NOUNS), ("orgnoun", ORGANISATION_NOUNS),
    ("visit", PLACE_VERBS), ("direction", DIRECTIONS), ("verb", PERSON_VERBS),
)  # fmt: skip
_AFTER = (
    ("say", SAY_VERBS), ("verb", PERSON_VERBS), ("disease", DISEASE_NOUNS), ("civic", CIVIC_NOUNS), ("noun", _PLACE_NOUNS),
    ("orgnoun", ORGANISATION_NOUNS),
)  # fmt: skip


@lru_cache(_REMEMBERED)
def lexical(bare: str) -> tuple[str, ...]:
    """The lists that a word is in."""
    lists, word = words(), bare.rstrip(".")
    known = (("given", lists.given), ("sur", lists.surnames), ("common", lists.common))
    found = [name for name, members in known if word in members]
    found += _listed().get(word, ())
    if len(word) > 5 and word.endswith(PLACE_SUFFIXES):
        found.append("-ville")
    if len(word) > 4 and word.endswith(SURNAME_SUFFIXES):
        found.append("-son")
    if word.startswith(("mc", "o'")) and len(word) > 4:
        found.append("mc")
    return tuple(found) or ("unlisted",)


@cache
def _listed() -> dict[str, list[str]]:
    """The lists of the lexicon by word, each in their order."""
    found: dict[str, list[str]] = {}
    for name, members in _LISTS:
        for word in members:
            found.setdefault(word, []).append(name)
    return found


@lru_cache(_REMEMBERED)
def _placed(position: str, bare: str) -> tuple[str, ...]:
    return tuple(f"{position}:{name}" for name in lexical(bare))


@lru_cache(_REMEMBERED)
def _class_before(word: str) -> str:
    if word[0].isupper():
        return "Office" if word.lower() in _OFFICES else "Cap"
    if word in FUNCTION_WORDS:
        return word
    return next((name for name, members in _BEFORE if word in members), "digit" if word.isdigit() else "other")


@lru_cache(_REMEMBERED)
def _class_after(word: str) -> str:
    if word[0].isupper():
        return "Cap"
    usual = word if word in FUNCTION_WORDS else "digit" if word.isdigit() else "other"
    return next((name for name, members in _AFTER if word in members), usual)


def signs(piece: Piece, document: Document, known: tuple[Place, ...], places: Gazetteer) -> list[str]:
    """The features of a piece that the gazetteer knows as `known`."""
    block, first, last = piece.block, piece.first, piece.last
    size = last - first
    found = ["bias", f"size={size if size < 4 else 4}"]
    text, bare, shapes = piece.text, piece.bare, block.words[first:last]
    if size == 1:
        found += _shape(shapes[0])
        found += _placed("o", bare[0]) if found[-1] != "acronym" else ()
    else:
        if not known:
            found += _placed("f", bare[0])
            for word in bare[1:-1]:
                found += _placed("m", word)
        found += _placed("l", bare[-1])
        if "of" in shapes:
            found.append("of")
            found += _placed("h", bare[shapes.index("of") - 1])
        if "&" in text:
            found.append("&")
        if "and" in shapes:
            found.append("and")
        if any(len(word.rstrip(".")) == 1 for word in shapes[:-1]):
            found.append("initial")
        if any(acronym(word) for word in shapes):
            found.append("acronym in")
    if piece.role or (size > 1 and bare[0] in KEPT_TITLES):
        found.append("role" if size > 1 else "role1")
    found += _known(known, size, bare, acronym(shapes[0]))
    found += _before(piece, places)
    if found[-1] in _LOCATING:
        kind = known[0].kind if known else "no"
        found.append("in+wide" if kind in _WIDE else f"in+{kind}")
    found += _after(piece, known, places)
    found += _in_document(piece, text, document, size)
    return found


def _shape(word: str) -> list[str]:
    if acronym(word):
        letters = len(word.replace(".", ""))
        return [f"acronym={letters if letters < 5 else 5}", "noorg" if word.lower() in NO_ORGANISATION else "org", "acronym"]
    if len(word) > 1 and word.isupper():
        return ["capitals"]
    if not word.isalpha() and any(map(str.isdigit, word)):
        return ["digits"]
    return ["hyphen"] if "-" in word else []


def _known(known: tuple[Place, ...], size: int, bare: list[str], letters: bool) -> list[str]:
    if not known:
        return ["g=no", "g1=no" if size == 1 else "g2=no"]
    best = known[0]
    people = len(str(best.population))
    found = [f"g={best.kind}", f"{'g1' if size == 1 else 'g2'}={best.kind}"]
    if best.kind == "city":
        found.append(f"city={people}")
        found.append(f"fame={best.fame // 12}")
        if best.capital:
            found.append("capital")
    listed = lexical(bare[0])
    if best.kind in _WIDE and (letters or size > 1 or not _DOUBTFUL.intersection(listed)):
        found.append("wide")
    if size > 1 and "given" in listed:
        found.append("g2+given")
    if size == 1 and not letters:
        found += [f"g1+{name}" for name in ("given", "sur", "common", "fn") if name in listed]
        if best.population >= _LARGE and not _DOUBTFUL.intersection(listed):
            found.append("plain")
    return found


def _before(piece: Piece, places: Gazetteer) -> list[str]:
    block, first = piece.block, piece.first
    gap = block.gaps[first]
    if first == 0 or block.opens[first]:
        return ["b=^", "b=^1" if piece.last - first == 1 else "b=^2"] + (["b=quote"] if '"' in gap else [])
    if gap != " ":
        if gap == ", " and block.capital(first - 1):
            listed = places.lookup(block.text[block.starts[first - 1] : block.end(first - 1)])
            return ["b=,place" if listed else "b=,Cap"]
        return ["b=$" if "$" in gap else "b=" + gap.strip()[:1]]
    word = block.words[first - 1]
    if block.genitive(first - 1):
        return ["b='s"]
    kind = _class_before(word)
    found = ["b=" + kind]
    if kind == "the" and first > 1 and block.gaps[first - 1] == " ":
        found.append("bb=" + _class_before(block.words[first - 2]))
    elif kind in ("of", "and", "or") and first > 1:
        found.append(f"bb {kind}=" + _class_before(block.words[first - 2]))
    return found


def _after(piece: Piece, known: tuple[Place, ...], places: Gazetteer) -> list[str]:
    block, last = piece.block, piece.last
    if block.genitive(last - 1):
        return ["a='s"]
    if block.text.startswith("$", piece.end):
        return ["a=$"]
    if last == len(block.words):
        return ["a=end"]
    gap, word = block.gaps[last], block.words[last]
    if gap == " ":
        kind = _class_after(word)
        return ["a=" + kind, "civic+known"] if kind == "civic" and known else ["a=" + kind]
    if gap == ", " and word[0].isupper():
        if word in STATE_ABBREVIATIONS or word.removesuffix(".") in STATE_ABBREVIATIONS:
            return ["a=,region"]
        outer = places.lookup(block.text[block.starts[last] : block.end(last)])
        if not outer and last + 1 < len(block.words) and block.gaps[last + 1] == " ":
            outer = places.lookup(block.text[block.starts[last] : block.end(last + 1)])
        kinds = {place.kind for place in outer}
        return ["a=,region" if kinds & {"country", "region"} else "a=,place" if outer else "a=,Cap"]
    if _AGE.match(block.text, piece.end):
        return ["a=age"]
    if gap == "-":
        return ["a=-based" if word == "based" else "a=-"]
    mark = gap.strip()[:1]
    if known and mark in ("-", "–", "—") and gap != "-" and piece.block.opens[piece.first]:
        return ["dateline"]
    return ["a=" + mark]


def _in_document(piece: Piece, text: str, document: Document, size: int) -> list[str]:
    found = []
    if piece.block.headline:
        found.append("headline")
    count = document.counts[text]
    if count > 1:
        found.append("n=2" if count < 4 else "n=4")
    if size == 1:
        bare = piece.block.bare[piece.first]
        if bare in document.words and not acronym(text):
            found.append("low")
        if text in document.surnames:
            found.append("surname")
        elif text in document.first:
            found.append("forename")
    return found
