"""The finder inside a collection: its records, its stop list and its refusals are heeded."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from sitegen.annotate.known import Known
from sitegen.annotate.mentions import Aids, Found, mentions
from sitegen.annotate.suggest import suggest
from sitegen.build.pool import Pool, _processes
from sitegen.cli.commands import main
from sitegen.model.entity import Alias, Location, Record
from tests.support import Collection

TEXAS = Location(33.66, -95.55)
AIDS = Aids(
    Known.of(
        [
            ("people/tolholdan", Record("Kabar Tolholdan")),
            ("organisations/sdf", Record("Syrian Democratic Forces", (Alias("SDF"), Alias("the Forces")))),
            ("organisations/valencia", Record("Valencia")),
            ("places/paris", Record("Paris", location=TEXAS)),
            ("places/homs", Record("Homs", status="suggested", score=0.5)),
            ("places/raqqa", Record("Raqqa", (Alias("the old city"),), location=Location(35.95, 39.0))),
            ("works/gatsby", Record("Gatsby")),
        ],
        stop=["Our Staff"],
        refused=["Aleppo Bureau"],
    )
)


def found(text: str) -> list[tuple[str, str]]:
    return [(one.text, one.known or one.record) for one in mentions(text, AIDS)]


def only(text: str, name: str) -> Found:
    return next(one for one in mentions(text, AIDS) if one.text == name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The SDF left Raqqa.", [("SDF", "organisations/sdf"), ("Raqqa", "places/raqqa")]),
        ("They went to the old city.", [("the old city", "places/raqqa")]),
        ("He played for Valencia in Dallas.", [("Valencia", "organisations/valencia"), ("Dallas", "Dallas")]),
        (
            "Kabar Tolholdan came. Tolholdan said so.",
            [("Kabar Tolholdan", "people/tolholdan"), ("Tolholdan", "people/tolholdan")],
        ),
        ("The Paris Police Department came.", [("Paris Police Department",) * 2, ("Paris", "places/paris")]),
        ("He met Paris Hilton.", [("Paris Hilton", "Paris Hilton")]),
        ("RAQQA FALLS\n\nThey left Raqqa.", [("RAQQA", "places/raqqa"), ("Raqqa", "places/raqqa")]),
    ],
)
def test_a_known_name_has_its_record(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


def test_a_known_name_has_the_kind_and_the_point_that_the_collection_gave_it() -> None:
    paris = only("They moved to Paris last year.", "Paris")
    assert (paris.kind, paris.lat, paris.lon, paris.why) == ("places", 33.66, -95.55, "a name of places/paris")


@pytest.mark.parametrize(("name", "score"), [("Paris", 0.92), ("Syrian Democratic Forces", 0.98), ("Homs", 0.46)])
def test_a_known_name_is_as_sure_as_the_rule_and_its_record(name: str, score: float) -> None:
    assert only(f"They spoke of {name} last year.", name).score == pytest.approx(score)


def test_a_name_that_nobody_has_reviewed_says_so() -> None:
    assert only("They went to Homs.", "Homs").why == "a name of places/homs, which nobody has reviewed"


def test_a_known_place_says_where_others_are() -> None:
    assert only("They live in Raqqa. She left Palmyra.", "Palmyra").lat == pytest.approx(34.6, abs=0.1)


def test_a_place_that_the_text_says_is_elsewhere_is_not_the_record() -> None:
    paris = only("They moved to Paris, France, last year.", "Paris")
    alone = next(one for one in mentions("They moved to Paris, France, last year.") if one.text == "Paris")
    assert (paris.known, paris.lat, paris.score) == ("", pytest.approx(48.9, abs=0.1), alone.score)


@pytest.mark.parametrize("text", ["Our Staff wrote so.", "The Aleppo Bureau wrote so.", "They read Gatsby."])
def test_what_was_refused_or_is_of_another_kind_is_not_found(text: str) -> None:
    assert found(text) == []


def test_what_has_a_record_is_not_suggested_and_what_stands_for_it_is_not_either() -> None:
    assert [one.name for one in suggest("Kabar Tolholdan came. Tolholdan met Ann Lee.", AIDS)] == ["Ann Lee"]


# Through the commands.


@pytest.fixture
def texan(collection: Collection) -> Collection:
    collection.record("places/paris", "Paris", "location: {lat: 33.66, lon: -95.55}\n")
    collection.record("places/lutece", "Lutèce", "merged_into: places/paris\n").record(
        "people/no", "Ann Lee", "status: rejected\n"
    )
    return collection.write("stoplist.txt", "Springfield\n")


def annotated(root: Path, text: str, *options: str) -> list[tuple[str, str, float | None]]:
    line = json.dumps({"id": 1, "text": text})
    done = CliRunner().invoke(main, ["-C", str(root), "annotate", "--jsonl", *options], input=line)
    assert done.exit_code == 0, done.output
    return [(one["text"], one["record"], one["lat"]) for one in json.loads(done.stdout)["mentions"]]


TEXT = "Ann Lee left Paris for Springfield. They call it Lutèce."


def test_annotate_heeds_the_collection_it_is_run_in(texan: Collection) -> None:
    assert annotated(texan.root, TEXT) == [("Paris", "places/paris", 33.66), ("Lutèce", "places/paris", 33.66)]


def test_annotate_alone_does_not(texan: Collection) -> None:
    assert [name for name, _, _ in annotated(texan.root, TEXT, "--alone")][:2] == ["Ann Lee", "Paris"]


def test_annotate_runs_where_there_is_no_collection(tmp_path: Path) -> None:
    assert [name for name, _, _ in annotated(tmp_path, "They live in Paris.")] == ["Paris"]


def test_convert_places_new_names_by_the_records_that_the_text_names(texan: Collection) -> None:
    texan.write("sources/a.txt", "The trip\n\nThey live in Paris. She left Clarksville, where he was born.\n")
    assert CliRunner().invoke(main, ["-C", str(texan.root), "convert"]).exit_code == 0
    assert "lat: 33.611" in (texan.content / "places/clarksville.md").read_text()


class Counted:
    """A context that counts how often it is sent on its way."""

    sent = 0

    def __reduce__(self) -> tuple[type[Counted], tuple[()]]:
        Counted.sent += 1
        return Counted, ()


@pytest.mark.parametrize("again", [True, False])
def test_what_the_finder_is_told_travels_once_for_many_runs(again: bool) -> None:
    context, Counted.sent = Counted(), 0
    # One worker: of several, the one that has the context may be given all the work, and others ask for it late.
    with Pool(2, lambda: _processes(1, True), inherits=False) as pool:
        list(pool.run(lengths, None, ["x"] * 60))  # now the worker runs, and knows nothing of the context
        for _ in range(10):
            assert sum(map(sum, pool.run(lengths, context, ["x"] * 60, again=again))) == 60
    assert Counted.sent and (Counted.sent > 9) is not again


def lengths(_: object, batch: Sequence[str]) -> list[int]:
    return [len(text) for text in batch]


def test_workers_heed_the_collection_too(texan: Collection) -> None:
    lines = "".join(json.dumps({"id": i, "text": TEXT}) + "\n" for i in range(60))
    run = [
        CliRunner().invoke(main, ["-C", str(texan.root), "annotate", "--jsonl", "--jobs", n], input=lines).stdout for n in "12"
    ]
    assert run[0] == run[1] and run[1].count('"places/paris"') == 120
