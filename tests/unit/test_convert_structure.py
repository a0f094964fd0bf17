"""Fixture tables: a source text, and the article it becomes, side by side in tests/fixtures/convert/*.md."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from sitegen.convert.decode import clean
from sitegen.convert.emit import Value, front_matter
from sitegen.convert.markdown import to_markdown
from sitegen.convert.structure import TITLE_LIMIT, structure

TABLES = Path(__file__).parent.parent / "fixtures" / "convert"
CASE = re.compile(r"^## (.+?)\n\n````text\n(.*?)\n````\n\n````article\n(.*?)\n````$", re.MULTILINE | re.DOTALL)
CASES = [
    pytest.param(source, article, id=f"{table.stem}: {name}")
    for table in sorted(TABLES.glob("*.md"))
    for name, source, article in CASE.findall(table.read_text(encoding="utf-8"))
]


def shown(source: str) -> str:
    """What a source becomes: header lines, a blank line, the body."""
    seed = structure(clean(source))
    header: dict[str, Value] = {"title": seed.title}
    header |= {"date": seed.date} if seed.date else {}
    header |= {"updated": seed.updated} if seed.updated else {}
    header |= {"byline": seed.byline, "dateline": seed.dateline, "related": seed.related}
    head = front_matter(header).removeprefix("---\n").removesuffix("---\n")
    return f"{head}\n{to_markdown(seed.blocks)}".rstrip("\n")


@pytest.mark.parametrize(("source", "article"), CASES)
def test_a_source_becomes_the_article_that_the_table_shows(source, article):
    assert shown(source) == article


def test_every_case_of_the_tables_is_run():
    assert len(CASES) == sum(table.read_text(encoding="utf-8").count("````text\n") for table in TABLES.glob("*.md"))


def test_a_date_of_two_meanings_is_a_doubt_with_its_line():
    (doubt,) = structure("Cable laid\n03/04/2017\n\nThe ships met.").doubts
    assert (doubt.line, doubt.text) == (2, "03/04/2017")


def test_a_title_made_from_a_sentence_is_no_longer_than_its_limit():
    assert len(structure("word " * 100).title) <= TITLE_LIMIT + 2


def test_a_text_of_signs_only_has_its_first_line_as_title():
    assert structure("***\n###\n\nx").title == "x"


@pytest.mark.parametrize(
    "shape",
    [
        lambda size: "word " * (size // 5),
        lambda size: "x" * size,
        lambda size: "*_`[<&" * (size // 6),
        lambda size: "[" * size,
        lambda size: "Title\n\n" + "wrapped line of a text that goes on and on\nand on " * (size // 50),
        lambda size: "Title\n\n" + "- item\n" * (size // 7),
        lambda size: "Title\n\n" + "> " * (size // 2),
        lambda size: "Title\n\n" + "a\n\n" * (size // 3),
        lambda size: "Title\n\n" + "tele¬\n" * (size // 6),
        lambda size: "Title\n\n" + "Related:\n" * (size // 9),
        lambda size: "By " + "A " * (size // 2),
        lambda size: " " * size + "x",
        lambda size: "x" + " " * size + "y",
        lambda size: "Title\n\n" + "1. a\n\n3. b\n\n" * (size // 12),
    ],
)
def test_a_megabyte_is_converted_in_linear_time(shape):
    def seconds(size: int) -> float:
        text = shape(size)
        # Of this process alone: what else the machine does is not counted.
        started = time.process_time()
        to_markdown(structure(clean(text)).blocks)
        return time.process_time() - started

    seconds(10_000)
    small, large = min(seconds(125_000) for _ in range(3)), min(seconds(1_000_000) for _ in range(2))
    # Eight times the text: 8 where time is linear, 64 where it is quadratic.
    assert large < 24 * small + 0.2


def test_a_lone_number_that_is_no_year_stays_text():
    seed = structure("Tales\n\n1001\n\nThe nights were long, and there were many of them in the old book.\n")
    assert seed.date is None and "1001" in seed.text


def test_a_headline_repeated_under_underline_byline_and_date_stands_once():
    head = "The cable is laid\n=====\nThe cable is laid\n\nBy Jane Doe\n\n16 August 1858\n\nThe cable is laid\n\n"
    text = head + "It was a long night at sea.\n"
    assert structure(text).text.count("The cable is laid") == 0


def test_a_quoted_headline_over_two_lines_is_one_related_title():
    seed = structure(
        "Title\n\nA paragraph of the text, which is long enough.\n\nREAD MORE: ‘A headline\nthat is broken over two lines’\n"
    )
    assert list(seed.related) == ["A headline that is broken over two lines"]
