"""Dates in texts: found where they are certain."""

from __future__ import annotations

import time

import pytest

from sitegen.annotate.days import MOST, find_days


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "On 16 August 1858 it spoke.", ["1858-08-16"]),
        ("en", "On August 5th, 1866, and the 5th of May, 1868.", ["1866-08-05", "1868-05-05"]),
        ("en", "Sept. 3, 1871; from June to July 1870; 1858-08-16.", ["1871-09-03", "1870-07", "1858-08-16"]),
        ("en-GB", "the 16–18 August 1858", ["1858-08-18"]),
        ("de", "Am 12. März 1871, im Mai 1870.", ["1871-03-12", "1870-05"]),
        ("fr", "le 1er août 1914", ["1914-08-01"]),
        ("es", "el 16 de agosto de 1858", ["1858-08-16"]),
        ("ar", "في 16 أغسطس 1858", ["1858-08-16"]),
    ],
)
def test_a_date_with_year_and_month_is_found(language: str, text: str, expected: list[str]) -> None:
    assert [day.iso for day in find_days(text, language)] == expected


@pytest.mark.parametrize(
    "text",
    ["in 1866 he", "No. 1866", "5/6/1858", "1,858 miles", "30 February 1871", "12 März 1871", "may 1866 men", "last Tuesday",
     "1858-1902", "isbn 1858-08-16-7"],
)  # fmt: skip
def test_what_is_not_certain_is_left_alone(text: str) -> None:
    assert find_days(text, "en") == []


def test_a_date_is_where_its_words_are() -> None:
    text = "It spoke on 16 August 1858, at last."
    (day,) = find_days(text, "en")
    assert text[day.start : day.end] == "16 August 1858"


def test_a_hostile_text_is_read_in_linear_time() -> None:
    def seconds(times: int) -> float:
        text = "August 16 August 1858 " * times + "1858" * 3 * times + "9 " * 3 * times
        began = time.process_time()
        assert len(find_days(text, "en")) == MOST
        return time.process_time() - began

    # Eight times the text: 8 where time is linear, 64 where it is quadratic.
    assert min(seconds(20_000) for _ in range(2)) < 24 * min(seconds(2500) for _ in range(3)) + 0.2
