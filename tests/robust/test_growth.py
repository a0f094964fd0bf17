"""Time grows with size, not with its square: four times the text takes far less than sixteen times as long, or is refused."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from sitegen.annotate.find import find
from sitegen.annotate.names import Names
from sitegen.annotate.suggest import suggest
from sitegen.convert.markdown import body_of
from sitegen.markup.parse import parse
from sitegen.model.entity import Record

# What parsers stumble over: things opened and never closed, repeated, nested.
UNITS = {
    "words": "word ", "one word": "a", "lines": "a\n", "stars": "*",
    "open emphasis": "**a*", "underscores": "_a", "brackets": "[",
    "links": "[a](", "double brackets": "[[", "images": "![", "code": "`a", "open tags": "<a ", "addresses": "<http://a",
    "comments": "<!--", "entities": "&#", "escapes": "\\", "headings": "# a\n", "quotations": "> ", "items": "- a\n",
    "bars": "|a",
    "tables": "|a|b|\n", "fences": "~~~\n", "footnotes": "[^a]", "definitions": "a\n: b\n", "attributes": "{: #a", "mails": "a@",
    "rules": "a\n=", "names": "Mr Smith of ", "initials": "A. ", "capitals": "THE ", "apostrophes": "a'b", "spaces": " ",
}  # fmt: skip


def seconds(of: Callable[[str], object], text: str) -> float:
    began = time.process_time()
    of(text)
    return time.process_time() - began


def grows(of: Callable[[str], object], unit: str, size: int) -> float:
    """How many times longer four times the text takes; 1 where that is over too soon to tell."""
    small, large = (unit * (n // len(unit) + 1) for n in (size, 4 * size))
    took = min(seconds(of, large) for _ in range(3))
    if took < 0.25:
        return 1.0
    return took / max(0.02, min(seconds(of, small) for _ in range(2)))


def parsed(text: str) -> object:
    return parse("articles/a.md", f"---\ntitle: A\n---\n{text}".encode())


def converted(text: str) -> object:
    from sitegen.convert.decode import NotText

    try:
        return body_of(text.encode())
    except NotText:
        return None


@pytest.mark.parametrize("unit", UNITS)
def test_parsing_grows_with_the_text(unit: str) -> None:
    assert grows(parsed, UNITS[unit], 4000) < 13


@pytest.mark.parametrize("unit", UNITS)
def test_converting_grows_with_the_text(unit: str) -> None:
    assert grows(converted, UNITS[unit], 20_000) < 13


@pytest.mark.parametrize("unit", UNITS)
def test_finding_names_grows_with_the_text(unit: str) -> None:
    assert grows(suggest, UNITS[unit], 10_000) < 13


def test_ten_thousand_aliases_of_one_record_and_one_that_matches_everywhere_are_found_in_time() -> None:
    aliases = [{"text": f"Alias {number}"} for number in range(10_000)]
    import msgspec

    record = msgspec.convert({"name": "The", "aliases": aliases}, Record)
    names = Names.of([("people/a", record)])
    text = "The Alias 77 the The " * 20_000
    began = time.process_time()
    found = find(text, [], [], names, {})
    assert len(found.mentions) >= 20_000
    assert time.process_time() - began < 20


def test_what_is_refused_is_told_as_an_issue() -> None:
    issues = parsed("[" * 2000).body  # type: ignore[attr-defined]
    assert [issue.code for issue in issues] == ["markdown"]
    assert "1,000 brackets that are never closed" in issues[0].message
