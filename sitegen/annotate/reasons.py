"""Say in words why a name was taken for what it is: the signs that weighed most."""

from __future__ import annotations

from functools import cache

from sitegen.annotate.kinds import Name
from sitegen.annotate.weights import KINDS, weights

_MOST = 3  # signs named
# What a sign says, by its family; "" says nothing to a reader.
_FAMILIES = {
    "b": "after {}", "bb": "after {}", "bb of": 'after {} and "of"', "bb and": "", "bb or": "", "a": "before {}",
    "g": "{} of the gazetteer", "g1": "", "g2": "", "civic": "",
    "o": "{}", "f": "first word {}", "l": "last word {}", "m": "inner word {}", "h": '{} before "of"',
    "in": 'after "in" or alike', "n": "named often", "acronym": "acronym", "city": "", "fame": "", "size": "",
    "model": "", "list": "",
}  # fmt: skip
_LISTS = {
    "given": "a given name", "sur": "a surname", "common": "a common word", "fn": "a common word", "org": "an organisation's",
    "weak": "an organisation's", "place": "a place's", "generic": "a place's", "street": "a street's", "unlisted": "in no list",
    "-ville": "ends like a place's", "-son": "ends like a surname", "mc": "begins like a surname", "noorg": "",
    "orgnoun": "an organisation's noun", "direction": "a direction", "demonym": "a people's", "event": "an event's",
    "role": "a role", "title": "a title",
}  # fmt: skip
# What stands beside a name, where that is no word or mark of its own.
_NEIGHBOURS = {
    "say": '"said"', "Cap": "a name", "^": "", "^1": "", "^2": "", "end": "", "other": "", ",region": "a region",
    ",place": "a place", ",Cap": "a name", "role": "a role", "noun": "a place's noun", "orgnoun": "an organisation's noun",
    "civic": "a word of towns", "disease": "a disease", "verb": "a person's verb", "visit": "a verb of ways", "digit": "a number",
    "quote": "a quotation mark", "direction": "a direction", "relative": "a relative", "Office": "an office",
}  # fmt: skip
_BESIDE = {"a", "b", "bb", "bb of"}
_SIGNS = {
    "bias": "", "noorg": "", "capitals": "", "headline": "", "digits": "", "role1": "role", "acronym in": "acronym",
    "org": "acronym", "acronym": "acronym", "wide": "more than a town", "plain": "a large place", "institution": "well known",
    "low": "also written small", "capital": "a capital city", "surname": "somebody's surname here",
    "forename": "somebody's first name here",
    "initial": "an initial", "hyphen": "a hyphen", "of": '"of" in it', "and": '"and" in it', "&": '"&" in it',
    "role": "role", "dateline": "dateline", "g=no": "not in the gazetteer", "g=nature": "a water or range of the gazetteer",
    "g=demonym": "a people of the gazetteer",
}  # fmt: skip


def reasons(name: Name) -> str:
    """What a name is short for, and the signs that speak most for its kind, strongest first."""
    if name.why:
        return name.why
    told = dict.fromkeys([f'short for "{name.record}"'] if name.record != name.reading.name else [])
    if name.kind not in KINDS:
        return "last word"
    gains = _gains(name.kind)
    for _, sign in sorted((gains[sign], sign) for sign in name.reading.signs if sign in gains):
        if len(told) == _MOST:
            break
        if said := _told(sign):
            told[said] = None
    return "; ".join(told) or "rule"


@cache
def _gains(kind: str) -> dict[str, float]:
    """How much less than for this kind each sign that speaks for it weighs for none: the least says most."""
    at = KINDS.index(kind)
    return {sign: gain for sign, weighed in weights().items() if (gain := weighed[-1] - weighed[at]) < 0}


@cache
def _told(sign: str) -> str:
    """A sign in words."""
    if sign in _SIGNS:
        return _SIGNS[sign]
    for mark in ("=", ":", "+"):
        family, found, value = sign.partition(mark)
        if found and family in _FAMILIES:
            if mark == ":":
                value = _LISTS.get(value, "")
            elif family in _BESIDE:
                value = _NEIGHBOURS.get(value, f'"{value}"')
            return _FAMILIES[family].format(value) if value else ""
    return ""
