"""Who asserts that a passage names a record, and how surely. Pure.

A link, a note or an article's own `links:` is a person's word, or an import's. All else is found by a rule, which is as
sure as the rule is right and as the record is one: of a record that nobody has reviewed, the model is the one who says so.
"""

from __future__ import annotations

import enum
from typing import NamedTuple

from sitegen.model.entity import Record
from sitegen.model.mention import By

# How often links by rule were right on gold texts: benchmarks/linking.py.
_SEVERAL_WORDS, _ONE_WORD, _BY_CONTEXT = 0.98, 0.92, 0.95


class Who(enum.StrEnum):
    """Who asserts a mention."""

    PERSON = "person"
    IMPORT = "import"  # another program, whose notes were taken over
    RULE = "rule"
    MODEL = "model"  # a rule, for the name of a record that the finder suggested


class Assertion(NamedTuple):
    """Who asserts a mention, and how surely, 0 to 1; None where nothing is known of that."""

    who: Who
    score: float | None


_OUTRIGHT = {
    By.LINK: Assertion(Who.PERSON, 1.0), By.NOTE: Assertion(Who.PERSON, 1.0), By.ARTICLE: Assertion(Who.PERSON, 1.0),
    By.IMPORT: Assertion(Who.IMPORT, 1.0),
}  # fmt: skip


def assertion(by: str, said: str, record: Record) -> Assertion:
    """Of a mention of `record` by the words `said`. by: a value of `By`."""
    if outright := _OUTRIGHT.get(By(by)):
        return outright
    share = _BY_CONTEXT if by == By.CONTEXT else _SEVERAL_WORDS if " " in said else _ONE_WORD
    if record.status != "suggested":
        return Assertion(Who.RULE, share)
    return Assertion(Who.MODEL, None if record.score is None else round(share * record.score, 3))
