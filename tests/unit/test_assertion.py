"""Who asserts a mention, and how surely: from the rule to the exports."""

from __future__ import annotations

import csv
import json
import zipfile
from typing import Any

import pytest

from sitegen.model.assertion import Assertion, Who, assertion
from sitegen.model.entity import Record
from sitegen.model.mention import By
from tests.support import Collection

MORSE = Record("Samuel Morse")


@pytest.mark.parametrize("by", [By.LINK, By.NOTE, By.ARTICLE])
def test_what_a_person_says_outright_is_sure_whatever_the_record(by: By) -> None:
    assert assertion(by, "he", Record("Morse", status="suggested", score=0.3)) == Assertion(Who.PERSON, 1.0)


def test_what_was_imported_is_another_programs_word() -> None:
    assert assertion(By.IMPORT, "he", MORSE).who is Who.IMPORT


def test_of_reviewed_records_a_name_of_several_words_is_surer_than_one_and_no_rule_is_certain() -> None:
    said = [assertion(by, name, MORSE) for by, name in ((By.ALIAS, "Samuel Morse"), (By.CONTEXT, "Morse"), (By.ALIAS, "Morse"))]
    assert [one.who for one in said] == [Who.RULE] * 3
    assert 1 > (said[0].score or 0) > (said[1].score or 0) > (said[2].score or 0)


def test_a_suggestion_is_no_surer_than_the_finder_was() -> None:
    suggested = Record("Samuel Morse", status="suggested", score=0.5)
    assert assertion(By.ALIAS, "Samuel Morse", suggested) == Assertion(Who.MODEL, 0.49)


def test_nothing_is_known_of_a_suggestion_without_a_score() -> None:
    assert assertion(By.ALIAS, "Morse", Record("Morse", status="suggested")) == Assertion(Who.MODEL, None)


@pytest.fixture
def exported(collection: Collection) -> Collection:
    collection.write("../sitegen.toml", 'title = "T"\nexports = ["tables", "tei"]\n')
    collection.record("people/morse", "Morse").record("people/lee", "Lee", "status: suggested\nscore: 0.5\nwhy: a surname\n")
    collection.article("a", "Morse met Lee and [[people/morse|him]].")
    collection.build()
    return collection


def rows(exported: Collection, table: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (exported.site / f"data/{table}.jsonl").read_text(encoding="utf-8").splitlines()]


def test_the_table_of_mentions_says_who_by_what_and_how_surely(exported: Collection) -> None:
    said = [(row["name"], row["asserted_by"], row["by"], row["score"]) for row in rows(exported, "mentions")]
    assert said == [("Morse", "rule", "alias", 0.92), ("Lee", "model", "alias", 0.46), ("him", "person", "link", 1.0)]


def test_the_table_of_records_says_what_spoke_for_a_suggestion(exported: Collection) -> None:
    with (exported.site / "data/records.csv").open(encoding="utf-8", newline="") as file:
        assert [(row["score"], row["why"]) for row in csv.DictReader(file)] == [("0.5", "a surname"), ("", "")]


def test_tei_says_how_sure_each_name_is(exported: Collection) -> None:
    with zipfile.ZipFile(exported.site / "data/tei.zip") as archive:
        text = archive.read("articles/a.xml").decode()
    assert [text.count(f'cert="{score}"') for score in ("0.92", "0.46", "1.0")] == [1, 1, 1]


def test_what_a_score_becomes_is_published_with_the_next_build(exported: Collection) -> None:
    exported.record("people/lee", "Lee", "status: suggested\nscore: 0.9\n").build()
    assert rows(exported, "mentions")[1]["score"] == pytest.approx(0.828)
