"""Suggest authority records: the names in a text, each with its other names, how often it stands there, and where it is.

A name stands for one thing throughout a text. A place that is only named inside other names is not suggested.
"""

from __future__ import annotations

from collections import Counter, defaultdict

import msgspec

from sitegen.annotate.gazetteer import gazetteer
from sitegen.annotate.kinds import KINDS, Kind
from sitegen.annotate.lexicon import (
    COMMON_WORDS,
    DEMONYMS,
    GIVEN_NAMES,
    ORGANISATION_WORDS,
    PLACE_LAST,
    ROLES,
    STATE_ABBREVIATIONS,
    STREETS,
    TITLES,
    WORD_SURNAMES,
)
from sitegen.annotate.mentions import NONE, Aids, Found, mentions
from sitegen.annotate.signs import lexical
from sitegen.annotate.weights import PEOPLE
from sitegen.model.text import canonical

__all__ = ["KINDS", "LEAST_SCORE", "Suggestion", "suggest"]

LEAST_SCORE = 0.45  # what is less sure is not suggested
_WEIGHTY = 1_000_000  # inhabitants of a place whose name is not a surname's alias
_NO_NAMES = COMMON_WORDS | ORGANISATION_WORDS | PLACE_LAST | STREETS | TITLES | ROLES | DEMONYMS | {""}
_UNSAFE_ALIASES = GIVEN_NAMES | COMMON_WORDS | WORD_SURNAMES


class Suggestion(msgspec.Struct, frozen=True):
    """A name that may deserve a record.

    aliases: other names that the text uses for it and that are safe to link everywhere. count: its mentions
    in the text, a person's by surname alone included. score: 0 to 1, how sure it is a name of this kind; a
    rank, no frequency. why: what spoke most for it. role: of people, what they are in the words of the text.
    lat, lon: degrees, WGS 84, of places the gazetteer has.
    """

    name: str
    kind: Kind
    aliases: tuple[str, ...]
    count: int
    score: float
    role: str = ""
    lat: float | None = None
    lon: float | None = None
    why: str = ""


def suggest(text: str, aids: Aids = NONE) -> list[Suggestion]:
    """What a text names and has no record yet, most often first, then by name. Its blocks stand on lines of their own."""
    by_name: defaultdict[str, list[Found]] = defaultdict(list)
    for found in mentions(text, aids):
        by_name[canonical(found.record)].append(found)
    shared = {
        surname for surname, people in Counter(name.rsplit(" ", 1)[-1] for name in by_name if " " in name).items() if people > 1
    }
    made = [
        _suggestion(name, found) for name, found in by_name.items()
        if name.lower() not in _NO_NAMES and name not in shared and any(_is_found_again(one, name) for one in found)
    ]  # fmt: skip
    return sorted((one for one in made if one.score >= LEAST_SCORE), key=lambda one: (-one.count, one.name))


def _suggestion(name: str, found: list[Found]) -> Suggestion:
    kind = Counter(one.kind for one in found if not one.inside).most_common(1)[0][0]
    alike = [one for one in found if one.kind == kind]
    aliases = dict.fromkeys(canonical(one.text) for one in alike)
    roles = Counter(one.role for one in alike if one.role)
    surest = max(alike, key=lambda one: one.score)
    where = next((one for one in alike if one.lat is not None), None)
    return Suggestion(
        name=name,
        kind=kind,
        aliases=tuple(alias for alias in aliases if alias.upper() != name.upper() and _linkable(alias, kind)),
        count=len(found),
        score=surest.score,
        role=roles.most_common(1)[0][0] if kind == PEOPLE and roles else "",
        lat=where.lat if where else None,
        lon=where.lon if where else None,
        why=surest.why,
    )


def _is_found_again(one: Found, name: str) -> bool:
    """Whether a record of the name would link this mention, which has none yet."""
    text = canonical(one.text)
    return not (one.inside or one.known) and (text.upper() == name.upper() or _linkable(text, one.kind))


def _linkable(alias: str, kind: Kind) -> bool:
    """Whether a name can be linked wherever it stands: "Ga.", "Miss." and "OR" are words elsewhere, "Ariz." is none."""
    if kind == PEOPLE:
        return _safe(alias)
    if alias not in STATE_ABBREVIATIONS or alias.count(".") > 1:
        return True
    word = alias.lower().removesuffix(".")
    return alias.endswith(".") and len(word) > 2 and word not in _NO_NAMES and lexical(word) == ("unlisted",)


def _safe(surname: str) -> bool:
    """Whether a surname alone can be linked wherever it stands: no word, no first name, no place of weight."""
    known = gazetteer().lookup(surname)
    weighty = bool(known) and (known[0].kind != "city" or known[0].population >= _WEIGHTY)
    return len(surname) > 2 and not weighty and surname.lower() not in _UNSAFE_ALIASES
