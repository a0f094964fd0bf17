"""Decisions on suggestions: in a table or one key each, logged, undone, and never asked for twice."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sitegen.cli.commands import main
from sitegen.convert.story import Options, convert
from sitegen.errors import SiteError
from sitegen.model import candidate, decision
from sitegen.model.candidate import Row
from sitegen.model.decision import Decision
from sitegen.review.decide import queue
from sitegen.review.shelf import Shelf
from tests.support import Collection

ROWS = (
    Row("Rakka", "places", 2, 0.6, ("They left Rakka.", "=Rakka fell, he said."), articles=("articles/a",), lat=36.0, lon=39.0),
    Row("Our Staff", "organisations", 1, 0.5, ("Our Staff wrote.",), articles=("articles/a",)),
)


@pytest.fixture
def waiting(collection: Collection) -> Collection:
    collection.article("a", "They left Rakka. Our Staff wrote. Moscow and Vienna.").article("b", "Moscow again.")
    collection.record("places/raqqa", "Raqqa").record("places/moscow", "Moscow", "status: suggested # by rule\n")
    collection.record("places/vienna", "Vienna", "status: suggested\n")
    return collection.write("candidates.csv", candidate.written(ROWS))


@pytest.mark.parametrize(
    ("written", "record"),
    [
        ("places/raqqa", "places/raqqa"),
        ("raqqa", "places/raqqa"),
        ("hyde park", "places/hyde-park-london"),
        ("Rakka", "places/raqqa"),  # and not the record that went into it
        ("nobody", "nobody"),
    ],
)
def test_a_record_is_meant_by_its_id_the_end_of_that_or_a_name(written: str, record: str, collection: Collection) -> None:
    collection.record("places/raqqa", "Raqqa", "aliases: [Rakka]\n").record("places/hyde-park-london", "Hyde Park")
    collection.record("places/rakka-city", "Rakka", "merged_into: places/raqqa\n")
    assert Shelf(collection.content).meant(written) == record


@pytest.mark.parametrize("written", ["Paris", "paris-texas", "paris"])
def test_a_name_of_several_records_is_asked_back(written: str, collection: Collection) -> None:
    collection.record("places/paris-france", "Paris").record("places/paris-texas", "Paris", "aliases: [Paris-Texas]\n")
    collection.record("works/paris-texas", "The film")
    with pytest.raises(SiteError, match=r"could be .+ or ") as caught:
        Shelf(collection.content).meant(written)
    assert caught.value.help == "name it by its id"


def run(root: Path, *arguments: str, keys: str = "") -> Result:
    return CliRunner().invoke(main, ["-C", str(root), "review", *arguments], input=keys)


def sit(collection: Collection, monkeypatch: pytest.MonkeyPatch, keys: str, *arguments: str) -> str:
    monkeypatch.setattr("sitegen.cli.review.in_terminal", lambda: True)
    result = run(collection.root, *arguments, keys=keys)
    assert result.exit_code == 0, result.output
    return result.output


def applied(collection: Collection, *decisions: str) -> Result:
    rows = [Row(**{**row_fields(row), "decision": said}) for row, said in zip(ROWS, decisions, strict=True)]
    file = collection.root / "decided.csv"
    file.write_bytes(candidate.written(rows))
    return run(collection.root, "--apply", str(file))


def row_fields(row: Row) -> dict[str, object]:
    return {name: getattr(row, name) for name in row.__struct_fields__}


def text(collection: Collection, path: str) -> str:
    return (collection.content / path).read_text(encoding="utf-8")


def log(collection: Collection) -> list[dict[str, str]]:
    return [json.loads(line) for line in text(collection, "decisions.jsonl").splitlines()]


def names(collection: Collection) -> list[str]:
    return [item.name for item in queue(Shelf(collection.content))]


def test_a_suggestion_says_how_sure_the_finder_was_and_why(waiting: Collection) -> None:
    waiting.record("people/lee", "Lee", "status: suggested\nscore: 0.8\nwhy: a surname\n")
    (item,) = [item for item in queue(Shelf(waiting.content)) if item.name == "Lee"]
    assert item.details[-1] == "score 0.80: a surname"


# The table.


def test_a_table_comes_back_from_a_spreadsheet_as_it_went() -> None:
    data = candidate.written(ROWS)
    assert [row_fields(row) | {"line": 0} for row in candidate.read(data, "x")] == [row_fields(row) for row in ROWS]
    other = data.replace(b"\xef\xbb\xbf", b"").replace(b",", b";").replace(b"\n", b"\r\n")
    assert [(row.name, row.lat) for row in candidate.read(other, "x")] == [("Rakka", 36.0), ("Our Staff", None)]


def test_a_sentence_is_never_a_formula() -> None:
    assert b"\n=" not in candidate.written(ROWS) and b",=" not in candidate.written(ROWS)


def spreadsheet(data: bytes, *, delimiter: str, end: str, mark: bool, comma: bool) -> bytes:
    """A table as a spreadsheet saves it: all cells quoted, with its own delimiter, line ends, mark and decimal sign."""
    cells = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    for row in cells:
        writer.writerow([re.sub(r"^(-?\d+)\.(\d+)$", r"\1,\2", cell) if comma else cell for cell in row])
    return (b"\xef\xbb\xbf" if mark else b"") + out.getvalue().encode()


@pytest.mark.parametrize("mark", [True, False])
@pytest.mark.parametrize(("delimiter", "comma"), [(",", False), (";", True), ("\t", True)])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_what_a_spreadsheet_does_to_a_table_changes_no_decision(
    mark: bool, delimiter: str, comma: bool, end: str, waiting: Collection
) -> None:
    rows = [Row(**{**row_fields(ROWS[0]), "decision": "Accept ", "more": {"why": "seen; twice"}}), ROWS[1]]
    file = waiting.root / "decided.csv"
    file.write_bytes(spreadsheet(candidate.written(rows), delimiter=delimiter, end=end, mark=mark, comma=comma))
    assert run(waiting.root, "--apply", str(file)).output == "1 accept; 1 name still to decide.\n"
    assert text(waiting, "places/rakka.md") == "---\nname: Rakka\nstatus: reviewed\nlocation: {lat: 36.0, lon: 39.0}\n---\n"
    assert log(waiting)[0]["why"] == "seen; twice"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_table_saved_as_unicode_text_is_read(encoding: str, waiting: Collection) -> None:
    file = waiting.root / "decided.txt"
    rows = [Row(**{**row_fields(ROWS[0]), "decision": "accept"}), ROWS[1]]
    saved = spreadsheet(candidate.written(rows), delimiter="\t", end="\r\n", mark=False, comma=True)
    file.write_bytes(f"\ufeff{saved.decode()}".encode(encoding))
    assert run(waiting.root, "--apply", str(file)).output == "1 accept; 1 name still to decide.\n"


def test_a_first_line_that_names_the_separator_is_none_of_the_table(waiting: Collection) -> None:
    file = waiting.root / "decided.csv"
    rows = [Row(**{**row_fields(ROWS[0]), "decision": "accept"}), Row(**{**row_fields(ROWS[1]), "decision": "acept"})]
    saved = spreadsheet(candidate.written(rows), delimiter=";", end="\r\n", mark=False, comma=True)
    file.write_bytes(b"sep=;\r\n" + saved)
    assert "decided.csv:4: error[not-a-decision]" in run(waiting.root, "--apply", str(file)).output


def test_a_table_of_another_encoding_is_told(waiting: Collection) -> None:
    file = waiting.root / "decided.csv"
    file.write_bytes(candidate.written([Row("Orléans", "places")]).decode("utf-8-sig").encode("cp1252"))
    result = run(waiting.root, "--apply", str(file))
    assert result.exit_code == 2 and 'save it as "CSV UTF-8"' in result.output


def test_a_name_that_was_corrected_in_a_copy_keeps_that_of_the_texts_as_an_alias(waiting: Collection) -> None:
    file = waiting.root / "decided.csv"
    file.write_bytes(candidate.written([Row(**{**row_fields(ROWS[0]), "name": "Ar-Raqqah", "decision": "accept"}), ROWS[1]]))
    assert run(waiting.root, "--apply", str(file)).exit_code == 0
    assert "name: Ar-Raqqah\naliases:\n- Rakka\n" in text(waiting, "places/ar-raqqah.md")
    assert "Rakka" not in text(waiting, "candidates.csv")


def test_a_name_that_never_waited_is_told(waiting: Collection) -> None:
    file = waiting.root / "decided.csv"
    file.write_bytes(candidate.written([Row("Nobody", "people", decision="accept")]))
    result = run(waiting.root, "--apply", str(file))
    assert result.exit_code == 1 and 'decided.csv:2: error[not-a-decision]: "Nobody": no name waits' in result.output


@pytest.mark.parametrize("said", ["alias raqqa", "alias Raqqa", "merge places/raqqa"])
def test_a_record_may_be_named_by_the_end_of_its_id_or_by_its_name(said: str, waiting: Collection) -> None:
    applied(waiting, said, "")
    assert "aliases: [Rakka]" in text(waiting, "places/raqqa.md")


def test_accept_makes_a_reviewed_record_of_a_candidate(waiting: Collection) -> None:
    assert applied(waiting, "accept", "").output.endswith("1 accept; 1 name still to decide.\n")
    assert text(waiting, "places/rakka.md") == "---\nname: Rakka\nstatus: reviewed\nlocation: {lat: 36.0, lon: 39.0}\n---\n"
    assert [row.name for row in candidate.read((waiting.content / "candidates.csv").read_bytes(), "x")] == ["Our Staff"]


@pytest.mark.parametrize("said", ["alias places/raqqa", "Merge content/places/raqqa.md"])
def test_a_candidate_becomes_an_alias(said: str, waiting: Collection) -> None:
    applied(waiting, said, "")
    assert text(waiting, "places/raqqa.md") == "---\nname: Raqqa\naliases: [Rakka]\n---\n\n"


def test_stop_puts_the_name_on_the_stop_list(waiting: Collection) -> None:
    applied(waiting, "", "stop")
    assert text(waiting, "stoplist.txt") == "Our Staff\n"


def test_every_decision_is_logged_with_who_when_and_why(waiting: Collection) -> None:
    applied(waiting, "reject", "")
    (line,) = log(waiting)
    assert line["who"] and line["at"].endswith("Z") and {key: line[key] for key in ("decision", "name", "kind")} == {
        "decision": "reject", "name": "Rakka", "kind": "places"}  # fmt: skip


@pytest.mark.parametrize("said", ["acept", "merge", "merge places/nowhere", "accept places/raqqa"])
def test_what_is_no_decision_is_told_with_its_line_and_nothing_is_done(said: str, waiting: Collection) -> None:
    result = applied(waiting, "accept", said)
    assert result.exit_code == 1 and "decided.csv:3" in result.output and "not-a-decision" in result.output
    assert not (waiting.content / "places/rakka.md").exists()


def test_a_table_that_was_applied_does_nothing_a_second_time(waiting: Collection) -> None:
    applied(waiting, "reject", "stop")
    before = text(waiting, "decisions.jsonl")
    assert applied(waiting, "reject", "stop").exit_code == 0 and text(waiting, "decisions.jsonl") == before


# The terminal.


def test_suggestions_come_with_their_sentences_those_of_most_articles_first(waiting: Collection) -> None:
    items = queue(Shelf(waiting.content))
    assert [item.name for item in items] == ["Moscow", "Vienna", "Our Staff", "Rakka"]
    assert items[0].sentences == ("Moscow and Vienna.", "Moscow again.")


def test_one_key_is_one_decision_and_the_least_edit(waiting: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    output = sit(waiting, monkeypatch, "arq", "--why", "seen")
    assert text(waiting, "places/moscow.md") == "---\nname: Moscow\nstatus: reviewed # by rule\n---\n\n"
    assert "status: rejected" in text(waiting, "places/vienna.md")
    assert [(line["decision"], line["why"]) for line in log(waiting)] == [("accept", "seen"), ("reject", "seen")]
    assert output.endswith("2 suggestions decided, 2 not yet.\n")


def test_a_merge_asks_for_the_record_and_a_wrong_one_is_answered(waiting: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    output = sit(waiting, monkeypatch, "mplaces/raqa\nplaces/raqqa\nq")
    assert 'did you mean "places/raqqa"?' in output
    assert "merged_into: places/raqqa" in text(waiting, "places/moscow.md")
    assert "aliases: [Moscow]" in text(waiting, "places/raqqa.md")


def test_an_alias_takes_the_suggested_record_away(waiting: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    sit(waiting, monkeypatch, "lplaces/raqqa\nq")
    assert not (waiting.content / "places/moscow.md").exists() and "aliases: [Moscow]" in text(waiting, "places/raqqa.md")


def test_undo_puts_every_file_back_and_the_log_keeps_both(waiting: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {path: path.read_bytes() for path in waiting.content.rglob("*") if path.is_file()}
    output = sit(waiting, monkeypatch, "lplaces/raqqa\nksuuuq")
    assert "Undone: stop Our Staff." in output and "Undone: alias Moscow." in output and "nothing to undo" in output
    after = {path: path.read_bytes() for path in waiting.content.rglob("*") if path.is_file()}
    assert [line["decision"] for line in log(waiting)] == ["alias", "stop", "undo", "undo"]
    assert {path: data for path, data in after.items() if path.name != "decisions.jsonl"} == before


def test_the_very_last_decision_can_be_undone_too(waiting: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    output = sit(waiting, monkeypatch, "kkkruq")
    assert "Undone: reject Rakka." in output and "Rakka" in names(waiting)


def test_the_same_is_decided_for_all_alike(waiting: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting.record("places/paris", "Paris", "status: suggested\n").article("c", "Paris.")
    output = sit(waiting, monkeypatch, "kRq")
    assert "A/R the same for all 2 alike" in output
    assert [item for item in names(waiting) if item in ("Paris", "Vienna", "Moscow")] == ["Moscow"]


def test_a_no_is_never_asked_again(waiting: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    sit(waiting, monkeypatch, "rrrrq")
    assert names(waiting) == [] and "0 suggestions decided" in sit(waiting, monkeypatch, "q")


def test_without_a_terminal_review_points_at_the_table(waiting: Collection) -> None:
    result = run(waiting.root)
    assert result.exit_code == 2 and "--apply" in result.output


# What convert does of it.


class Names:
    """A finder that finds these names, by article."""

    def __init__(self, **scores: float) -> None:
        self.scores = scores

    def __call__(self, texts):  # type: ignore[no-untyped-def]
        from sitegen.annotate.suggest import Suggestion

        return [
            [Suggestion(name, "places", (), 1, score) for name, score in self.scores.items() if name in text] for text in texts
        ]


def converted(collection: Collection, **scores: float) -> list[str]:
    report = convert(collection.content, [collection.content / "sources"], Options(language="en"), suggest=Names(**scores))
    return [path.stem for path in report.suggestions]


def rows(collection: Collection) -> list[Row]:
    return list(candidate.read((collection.content / "candidates.csv").read_bytes(), "x"))


def test_a_sure_name_is_a_record_and_another_waits_with_its_sentences(collection: Collection) -> None:
    collection.write("sources/a.txt", "One\n\nRome is far. Deal is near, they say.\n")
    assert converted(collection, Rome=0.9, Deal=0.5) == ["rome"]
    (row,) = rows(collection)
    assert (row.name, row.count, row.score, row.sentences, row.articles) == (
        "Deal", 1, 0.5, ("Deal is near, they say.",), ("articles/one",))  # fmt: skip


def test_a_name_that_waits_becomes_a_record_with_its_second_article(collection: Collection) -> None:
    collection.write("sources/a.txt", "One\n\nDeal is near, they say.\n")
    assert converted(collection, Deal=0.5) == []
    collection.write("sources/b.txt", "Two\n\nFrom Deal to Dover they went.\n")
    assert converted(collection, Deal=0.5) == ["deal"] and rows(collection) == []


def test_convert_keeps_decisions_that_are_filled_in(collection: Collection) -> None:
    collection.write("candidates.csv", candidate.written([Row("Deal", "places", decision="reject", more={"note": "mine"})]))
    collection.write("sources/a.txt", "One\n\nDeal and Ware are near, they say.\n")
    assert converted(collection, Deal=0.9, Ware=0.5) == []
    assert [(row.name, row.decision, row.more.get("note")) for row in rows(collection)] == [
        ("Deal", "reject", "mine"),
        ("Ware", "", ""),
    ]


def test_a_name_that_was_refused_is_not_suggested_again_until_that_is_undone(collection: Collection) -> None:
    collection.write("sources/a.txt", "One\n\nDeal is near, they say.\n")
    no = decision.written(Decision("2026-01-01T00:00:00Z", "mk", "reject", "Deal", "places"))
    collection.write("decisions.jsonl", no + b"<<<<<<< a quarrel\n")
    assert converted(collection, Deal=0.9) == []
    collection.write("decisions.jsonl", no + no.replace(b"reject", b"undo")).delete("articles/one.md")
    assert converted(collection, Deal=0.9) == ["deal"]
