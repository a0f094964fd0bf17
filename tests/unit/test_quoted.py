"""Quotes go from texts to pages as they were encoded."""

from __future__ import annotations

import msgspec
import pytest

from sitegen.model import views
from sitegen.model.mention import QUOTED, Facts
from sitegen.relate.quoted import Quoted
from tests.support import facts_of

_MORSE = "people/morse"


def article(name: str, date: str = "") -> Facts:
    return facts_of(name, date, named=(_MORSE,), here=(1,))


def quotes(facts: Facts, count: int = 1) -> tuple[views.Quote, ...]:
    return tuple(views.Quote(f"{number} of ", "Morse", " in Paris", facts.url, "alias") for number in range(count))


def quoted(counts: dict[str, int]) -> Quoted:
    def encoded(facts: Facts) -> dict[str, msgspec.Raw]:
        return {_MORSE: msgspec.Raw(msgspec.msgpack.encode(quotes(facts, counts[facts.id])))}

    return Quoted(encoded)


@pytest.mark.parametrize("count", [1, 20, QUOTED, QUOTED + 7])
def test_a_page_gets_the_articles_that_quote_a_record_by_years_and_is_told_how_much_is_left_out(count: int) -> None:
    undated, first, second = article("a"), article("b", "1858-08"), article("c", "1858-09-01")
    counts = {undated.id: 1, first.id: count, second.id: 2}
    years = quoted(counts).years((undated, first, second), counts.values(), _MORSE)
    expected = [
        views.QuotedYear(year, tuple(
            views.QuotedArticle(
                facts.title, facts.url, facts.date, "en", quotes(facts, min(counts[facts.id], QUOTED)),
                max(0, counts[facts.id] - QUOTED),
            )
            for facts in found
        ))
        for year, found in ((0, [undated]), (1858, [first, second]))
    ]  # fmt: skip
    assert msgspec.msgpack.encode(years) == msgspec.msgpack.encode(expected)


def test_an_article_is_quoted_as_a_view_of_it_is_encoded() -> None:
    facts = article("a", "1858-08-16")
    expected = views.QuotedArticle(facts.title, facts.url, facts.date, "en", quotes(facts))
    assert msgspec.msgpack.encode(quoted({facts.id: 1}).article(facts, _MORSE)) == msgspec.msgpack.encode(expected)


@pytest.mark.parametrize(("years", "of_each"), [(1, 15), (1, 16), (40, 1), (1, 70_000)])
def test_lists_of_any_length_are_written_as_views_are_encoded(years: int, of_each: int) -> None:
    facts = [facts for year in range(years) for facts in [article(f"a{year}", f"{1801 + year}")] * of_each]
    raw = msgspec.Raw(msgspec.msgpack.encode(quotes(facts[0])))
    found = Quoted(lambda _: {_MORSE: raw}).years(facts, [1] * len(facts), _MORSE)
    shown = msgspec.msgpack.decode(msgspec.msgpack.encode(found), type=list[views.QuotedYear])
    assert len(shown) == years and {len(year.articles) for year in shown} == {of_each}
