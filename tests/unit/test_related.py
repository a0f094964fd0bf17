"""Which articles belong together, by the definition and as it is worked out."""

from __future__ import annotations

import math
import random

import pytest

from sitegen.model.mention import Facts
from sitegen.relate import index as room
from sitegen.relate.authority import Authority
from sitegen.relate.index import Index, relate
from tests.support import facts_of


def by_definition(index: Index, facts: Facts, limit: int) -> list[tuple[str, tuple[str, ...]]]:
    """Every other article with the sum of 1 / log(1 + namers) over the telling records that both name."""
    telling = index.telling(facts)
    scores: dict[str, float] = {}
    for record in telling:
        for other in index.named[record]:
            scores[other.id] = scores.get(other.id, 0.0) + 1 / math.log(1 + len(index.named[record]))
    scores.pop(facts.id, None)
    ranked = sorted(scores, key=lambda other: (-round(scores[other], 6), other))[:limit]
    return [(other, tuple(record for record in telling if record in index.by_id[other].named)) for other in ranked]


@pytest.mark.parametrize("seed", range(12))
def test_related_articles_are_those_of_the_definition(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(seed)
    monkeypatch.setattr(room, "COMMON", chance.choice((4, 12, 40)))
    records = [f"people/{number}" for number in range(chance.choice((5, 30, 120)))]
    articles = [
        facts_of(f"{chance.random():.4f}-{number}", named=chance.sample(records, chance.randint(0, 5))) for number in range(80)
    ]
    index = relate(articles, Authority({}, {}, {}, frozenset()), lambda _: ())
    for facts in articles:
        for limit in (1, 4, 9):
            found = [(other.id, shared) for other, shared in index.related(facts, limit)]
            assert found == by_definition(index, facts, limit)


def test_how_often_articles_name_a_record_is_told_alike_one_record_at_a_time_and_all_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    records = [f"people/{number}" for number in range(9)]
    articles = [facts_of(str(number), named=records[number % 5 :], here=range(1, 10 - number % 5)) for number in range(20)]
    one, all_at_once = (relate(articles, Authority({}, {}, {}, frozenset()), lambda _: ()) for _ in range(2))
    expected = {record: list(one.here(record)) for record in records}
    monkeypatch.setattr(room, "_FEW", 2)
    assert {record: list(all_at_once.here(record)) for record in records} == expected
    assert list(all_at_once.here("people/nobody")) == []
