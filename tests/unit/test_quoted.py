"""Quotes go from texts to pages as they were encoded."""

from __future__ import annotations

import msgspec
import pytest

from sitegen.model import views
from sitegen.model.dates import Date
from sitegen.model.mention import QUOTED, Facts
from sitegen.relate.quoted import Quoted

_MORSE = "people/morse"


def article(name: str, date: str = "") -> Facts:
    return Facts(
        id=f"articles/{name}", kind="articles", path=f"articles/{name}.md", url=f"/articles/{name}/", title=f"Of {name}",
        date=Date(date) if date else None, updated=None, lang="en", summary="", minutes=1, draft=False, tags=(), related=(),
        source="", source_sha256="", links=(), references=(), found=(), ambiguities=(), named=(_MORSE,), here=(1,), blocks=("",),
        card=b"", quotes=b"", own=b"",
    )  # fmt: skip


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
    assert msgspec.msgpack.encode(list(years)) == msgspec.msgpack.encode(expected)


def test_an_article_is_quoted_as_a_view_of_it_is_encoded() -> None:
    facts = article("a", "1858-08-16")
    expected = views.QuotedArticle(facts.title, facts.url, facts.date, "en", quotes(facts))
    assert msgspec.msgpack.encode(quoted({facts.id: 1}).article(facts, _MORSE)) == msgspec.msgpack.encode(expected)
