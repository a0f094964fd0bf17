"""The finder as a stream of lines."""

from __future__ import annotations

import json

import pytest

from sitegen.annotate.jsonl import annotate
from sitegen.errors import SiteError


def test_each_line_gives_a_line_of_mentions() -> None:
    line = json.dumps({"id": "a/1", "text": "They went to Raqqa.", "more": 1})
    (out,) = annotate([line])
    row = json.loads(out)
    (mention,) = row["mentions"]
    assert row["id"] == "a/1"
    assert set(mention) == {"start", "end", "text", "kind", "record", "lat", "lon", "score", "why"}
    assert (mention["start"], mention["end"], mention["text"], mention["kind"]) == (13, 18, "Raqqa", "place")


def test_kinds_are_called_as_in_the_sets_that_finders_are_measured_by() -> None:
    line = json.dumps({"id": 1, "text": "Mark Toner told Gazprom in Moscow of the Battle of Raqqa."})
    found = {mention["kind"] for mention in json.loads(next(annotate([line])))["mentions"]}
    assert found == {"person", "organisation", "place", "event"}


def test_lines_come_as_bytes_too_and_blank_ones_are_skipped() -> None:
    assert [json.loads(out) for out in annotate([b'{"id": 7, "text": ""}', b"\n"])] == [{"id": 7, "mentions": []}]


def test_lines_are_read_one_by_one() -> None:
    lines = iter(['{"id": 1, "text": "a"}', "no json"])
    assert json.loads(next(annotate(lines)))["id"] == 1


@pytest.mark.parametrize("line", ["no json", "[]", '{"id": 1}', '{"text": "a"}', b"\xff"])
def test_another_line_is_an_error_that_says_which(line: str | bytes) -> None:
    with pytest.raises(SiteError, match="line 2"):
        list(annotate(['{"id": 1, "text": "a"}', line]))
