"""The finder on the real text, where it lies beside the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sitegen.annotate.mentions import Found, mentions
from sitegen.annotate.suggest import Suggestion, suggest

SEEDS = Path(os.environ.get("SITEGEN_SEEDS", Path(__file__).parents[3] / "shared" / "seeds"))

pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the seed texts are not on this machine")


@pytest.fixture(scope="module")
def text() -> str:
    return next(text for path in sorted(SEEDS.glob("*.txt")) if "Raqqa" in (text := path.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def found(text: str) -> list[Found]:
    return mentions(text)


@pytest.fixture(scope="module")
def suggested(text: str) -> dict[str, Suggestion]:
    return {one.name: one for one in suggest(text)}


@pytest.mark.parametrize(
    ("name", "lat", "lon"),
    [("Raqqa", 35.95, 39.01), ("Palmyra", 34.56, 38.28), ("Washington", 38.90, -77.04), ("Moscow", 55.75, 37.62)],
)
def test_a_place_stands_where_it_is(found: list[Found], name: str, lat: float, lon: float) -> None:
    points = [(one.lat, one.lon) for one in found if one.text == name]
    assert points and all(point == pytest.approx((lat, lon), abs=0.01) for point in points)


@pytest.mark.parametrize(
    ("record", "names"),
    [
        ("Syrian Democratic Forces", {"Syrian Democratic Forces", "SDF"}),
        ("Islamic State", {"Islamic State", "IS", "ISIS", "ISIL", "Daesh"}),
        ("Kabar Tolholdan", {"Kabar Tolholdan", "Tolholdan"}),
        ("Steve Warren", {"Steve Warren", "Warren"}),
    ],
)
def test_all_names_of_one_have_one_record(
    found: list[Found], suggested: dict[str, Suggestion], record: str, names: set[str]
) -> None:
    assert {one.text for one in found if one.record == record} == names
    assert {record, *suggested[record].aliases} == names


def test_titles_and_roles_are_no_part_of_a_name(suggested: dict[str, Suggestion]) -> None:
    roles = {name: suggested[name].role for name in ("Steve Warren", "Mark Toner", "Sergey Lavrov")}
    assert roles == {
        "Steve Warren": "Col.",
        "Mark Toner": "US state Department spokesman",
        "Sergey Lavrov": "Russian Foreign Minister",
    }


def test_what_is_no_name_is_not_suggested(suggested: dict[str, Suggestion]) -> None:
    words = {word for name in suggested for word in name.split()}
    no_names = {"Tuesday", "READ", "MORE", "Our", "Following", "Visiting", "Meanwhile", "Col.", "Kurdish", "Kurds", "Intl"}
    assert not words & no_names
