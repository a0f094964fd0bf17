"""Time grows with size, not with its square: four times the text takes far less than sixteen times as long, or is refused."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

import msgspec
import pytest

from sitegen.annotate.days import find_days
from sitegen.annotate.find import find
from sitegen.annotate.names import Names
from sitegen.annotate.suggest import suggest
from sitegen.convert.markdown import body_of
from sitegen.markup.facts import facts
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
    gc.collect()
    gc.disable()  # how long it looks for garbage hangs on what all other tests have left
    try:
        began = time.process_time()
        of(text)
        return time.process_time() - began
    finally:
        gc.enable()


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


MET = {
    "in one line": "Then Morse met Field in Paris on 16 August 1858, and Morse left. ",
    "in one sentence": "Morse, Field and Paris, ",
    "in paragraphs": "Morse met Field.\n\n",
    "in links on one line": "[[people/morse]], [a](b.md), ![a](a.png) and <i>[Field](x%20y.md)</i> ",
    "in links of lines": "[[people/morse]], [a](b.md) and [Field](x%20y.md)\n\n",
}


@pytest.mark.parametrize("unit", MET)
def test_what_is_said_of_names_grows_with_the_text(unit: str) -> None:
    names = Names.of([("people/morse", _record("Morse")), ("people/field", _record("Field")), ("places/paris", _record("Paris"))])

    def told(text: str) -> object:
        document = parse("articles/a.md", f"---\ntitle: A\n---\n{text}".encode()).document
        assert document is not None
        known, *encoded = facts(document, find(document.text, [], [], names, {}), (), "en", days=find_days(document.text, "en"))
        assert len(msgspec.msgpack.encode(known)) + sum(map(len, encoded)) < 100 * len(text)  # a memo of gigabytes is none
        return known

    assert grows(told, MET[unit], 40_000) < 9


def test_ten_thousand_aliases_of_one_record_and_one_that_matches_everywhere_are_found_in_time() -> None:
    aliases = [{"text": f"Alias {number}"} for number in range(10_000)]
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


# The largest that anybody was heard to have: measured in `make soak`, which prints seconds of the processor and memory.


def measured(what: str, of: Callable[[], object]) -> object:
    import resource

    began = time.process_time()
    found = of()
    print(
        f"{what}: {time.process_time() - began:.1f} s, {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB",
        flush=True,
    )
    return found


@pytest.mark.soak
@pytest.mark.parametrize(("words", "what"), [(1_000_000, "a line of a million words"), (8_500_000, "an article of 50 MB")])
def test_a_text_of_unheard_of_length_is_read(words: int, what: str) -> None:
    """In one line, and in paragraphs."""
    unit = "Then Morse met Field in Paris. " * 20 + ("" if words == 1_000_000 else "\n\n")
    text = unit * (words // 120)
    parsed_text = measured(f"{what}, parsed", lambda: parsed(text))
    assert len(parsed_text.document.scan.text) > 0.9 * len(text.strip())  # type: ignore[attr-defined]
    names = Names.of([("people/morse", _record("Morse"))])
    found = measured(f"{what}, names found", lambda: find(text, [], [], names, {}))
    assert len(found.mentions) == text.count("Morse")  # type: ignore[attr-defined]


@pytest.mark.soak
def test_names_are_found_among_those_of_a_hundred_thousand_records() -> None:
    text = "Then Person 77777 met Person 5 in Paris. " * 20_000
    taken = []
    for number in (25_000, 100_000):
        records = [(f"people/p{n}", _record(f"Person {n}")) for n in range(number)]
        began = time.process_time()
        names = measured(f"{number:,} records, told", lambda records=records: Names.of(records))  # type: ignore[misc]
        found = measured(f"{number:,} records, names found", lambda names=names: find(text, [], [], names, {}))  # type: ignore[misc]
        taken.append(time.process_time() - began)
        assert len(found.mentions) == (40_000 if number == 100_000 else 20_000)  # type: ignore[attr-defined]
    assert taken[1] < 13 * taken[0]


def _record(name: str) -> Record:
    return msgspec.convert({"name": name}, Record)
