"""Organisations that everybody knows: found wherever they stand, under one name, and never against what the text says."""

from __future__ import annotations

import pytest

from sitegen.annotate.institutions import INSTITUTIONS
from sitegen.annotate.mentions import mentions


def found(text: str) -> list[tuple[str, str, str]]:
    return [(one.kind, one.text, one.record) for one in mentions(text)]


@pytest.mark.parametrize("name", INSTITUTIONS)
def test_a_well_known_organisation_is_found_under_its_usual_name(name: str) -> None:
    organisations = [one for one in found(f"He said that {name} had told them on Monday.") if one[0] != "places"]
    assert organisations == [("organisations", name, INSTITUTIONS[name])]


@pytest.mark.parametrize("name", ["Coca-Cola", "Delta Air Lines", "Red Cross"])
def test_no_place_is_found_where_the_name_only_sounds_like_one(name: str) -> None:
    assert [one for one in found(f"He said that {name} had told them.") if one[0] == "places"] == []


def test_the_country_in_a_name_is_a_place() -> None:
    assert ("places", "England", "England") in found("He left the Bank of England last year.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ann Lee met Soichiro Honda. Honda said so.", ("people", "Honda", "Soichiro Honda")),
        ("They live in Toyota, Japan.", ("places", "Toyota", "Toyota")),
        ("The Urban League (UN) met. The UN said so.", ("organisations", "UN", "Urban League")),
        (
            "The Northern Amateur Tennis Organisation met. NATO said so.",
            ("organisations", "NATO", "Northern Amateur Tennis Organisation"),
        ),
        ("BBC Persian said so.", ("organisations", "BBC Persian", "BBC Persian")),
    ],
)
def test_the_text_goes_before_what_is_known(text: str, expected: tuple[str, str, str]) -> None:
    assert expected in found(text)


def test_its_names_are_one_record_where_the_text_has_several() -> None:
    text = (
        "The North Atlantic Treaty Organization met. NATO said so. Nato left. The National Space Agency (NSA) and ISIS did not."
    )
    assert [record for _, _, record in found(text)][:4] == ["NATO", "NATO", "NATO", "National Space Agency"]


def test_a_well_known_name_says_so() -> None:
    assert next(one.why for one in mentions("Gazprom said so.")).startswith("well known")


@pytest.mark.parametrize("text", ["He was charged with DUI. The DUI unit came.", "The CEO of it left. Their GPS failed."])
def test_letters_that_stand_for_things_are_nobody(text: str) -> None:
    assert found(text) == []


def test_letters_that_the_text_explains_stand_for_what_it_says() -> None:
    assert ("organisations", "DUI", "Digital Union Institute") in found("The Digital Union Institute (DUI) met. DUI said so.")
