"""What the words beside a place's name call it: "the state of New York", "Navarro and Ellis counties", "downtown Lima"."""

from __future__ import annotations

from sitegen.annotate.resolve import COUNTY
from sitegen.annotate.spans import Block

_KINDS = (
    ("region", "state province region prefecture oblast governorate canton territory"),
    ("city", "city town village port municipality capital"),
    (COUNTY, "county"),
)
_NOUNS = {noun: kind for kind, nouns in _KINDS for noun in nouns.split()}
_PLURALS = {
    "states": "region", "provinces": "region", "regions": "region", "cities": "city", "towns": "city", "counties": COUNTY,
}  # fmt: skip
_BEFORE = {"upstate": "region", "downtown": "city", "midtown": "city", "uptown": "city"}
# Whom a region or a town has; capitals count too: "New York Governor", "the mayor of New York".
_OFFICES = {"governor": "region", "gov": "region", "legislature": "region", "mayor": "city"}


def said(block: Block, first: int, last: int) -> str:
    """The kind of place that words[first:last] of a block are called beside their name, "" where they are not."""
    if last < len(block.words) and block.gaps[last] == " ":
        found = _after(block, last)
        if found:
            return found
    if not first or block.gaps[first] != " ":
        return ""
    before = block.bare[first - 1]
    if before == "of" and first > 1 and block.gaps[first - 1] == " ":
        head = block.bare[first - 2]
        return _NOUNS.get(head, "") or _PLURALS.get(head, "") or _OFFICES.get(head, "")
    return _BEFORE.get(before, "")


def plural(block: Block, last: int) -> str:
    """The kind of all places of a list that ends before the word `last`: "Navarro and Ellis counties"."""
    return _PLURALS.get(block.bare[last], "") if last < len(block.words) and block.gaps[last] == " " else ""


def _after(block: Block, at: int) -> str:
    word = block.bare[at]
    if word in _NOUNS and block.words[at].islower():
        # "the Lima city council" and "New York state police" are of the city and the state; "Kuwait city" too.
        return _NOUNS[word]
    if word.rstrip(".") in _OFFICES:
        return _OFFICES[word.rstrip(".")]
    return "region" if word == "attorney" and block.bare[at + 1 : at + 2] == ["general"] else ""
