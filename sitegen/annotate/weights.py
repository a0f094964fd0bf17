"""Weights of signs by kind of name: a linear model, trained by tools/train_weights.py on wikigold (CC BY 4.0).

score(kind) = the sum of the weights of the signs; the probabilities of the kinds are proportional to exp(score).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

PEOPLE: Literal["people"] = "people"
ORGANISATIONS: Literal["organisations"] = "organisations"
PLACES: Literal["places"] = "places"
NONE: Literal["none"] = "none"
Table = Mapping[str, Sequence[float]]  # sign → its weight for each of KINDS
KINDS = (PEOPLE, ORGANISATIONS, PLACES, NONE)
# What the texts of the training have too little of: news, and towns that only their region knows.
BY_HAND = {
    "g=no": (0.0, 0.0, -0.7, 0.0),
    "wide": (0.0, 0.0, 1.5, 0.0),
    "in+wide": (0.0, 0.0, 1.5, 0.0),
    "in+city": (0.0, 0.0, 0.7, 0.0),
    "civic+known": (0.0, 0.0, 1.0, 0.0),
    "dateline": (0.0, 0.0, 3.0, 0.0),
    "a=disease": (0.0, 0.0, -3.0, 0.0),
    "plain": (0.0, 0.0, 1.5, 0.0),
    "role": (1.5, 0.0, 0.0, 0.0),
    "org": (0.0, 0.7, 0.0, 0.0),
    "b=quote": (0.0, 0.0, 0.6, 0.0),
    "&": (0.0, 2.0, 0.0, 0.0),
    "institution": (0.0, 6.0, 0.0, 0.0),
    "a=$": (0.0, 0.0, 0.0, 6.0),
    "b=$": (0.0, 0.0, 0.0, 6.0),
    # What a spaCy pipeline says, where one is configured: the kind it sees, a name of another extent, or nothing.
    "model=people": (1.0, 0.0, 0.0, 0.0),
    "model=organisations": (0.0, 1.0, 0.0, 0.0),
    "model=places": (0.0, 0.0, 1.0, 0.0),
    "model=other": (0.0, 0.0, 0.0, 0.3),
    "model=no": (0.0, 0.0, 0.0, 0.5),
    # One that has nothing but patterns, which somebody wrote for these texts.
    "list=people": (6.0, 0.0, 0.0, 0.0),
    "list=organisations": (0.0, 6.0, 0.0, 0.0),
    "list=places": (0.0, 0.0, 6.0, 0.0),
}
_NOTHING = (0.0, 0.0, 0.0, 0.0)
_FILE = "data/weights.json"


def scores(signs: Iterable[str], table: Table) -> tuple[float, float, float, float]:
    """The sum of weights for each of KINDS."""
    people = organisations = places = none = 0.0
    for sign in signs:
        if weight := table.get(sign):
            for_people, for_organisations, for_places, for_none = weight
            people += for_people
            organisations += for_organisations
            places += for_places
            none += for_none
    return people, organisations, places, none


def probabilities(sums: Iterable[float]) -> tuple[float, ...]:
    """Sums of weights as probabilities that add up to one."""
    sums = tuple(sums)
    most = max(sums)
    powers = [math.exp(value - most) for value in sums]
    total = sum(powers)
    return tuple([power / total for power in powers])


@cache
def weights() -> Table:
    """The weights that come with sitegen, by sign."""
    packed = files("sitegen").joinpath(_FILE).read_bytes()
    return with_hand(msgspec.json.decode(packed, type=dict[str, tuple[float, float, float, float]]))


def with_hand(trained: Table) -> Table:
    """Trained weights with those set by hand added."""
    return {
        sign: tuple(a + b for a, b in zip(trained.get(sign, _NOTHING), BY_HAND.get(sign, _NOTHING), strict=True))
        for sign in trained.keys() | BY_HAND.keys()
    }
