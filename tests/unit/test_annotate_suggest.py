"""Suggestions: tables of single texts in tests/fixtures/annotate/suggest.md, and claims on whole articles."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.annotate.suggest import KINDS, LEAST_SCORE, Suggestion, suggest

FIXTURE = Path(__file__).parents[1] / "fixtures" / "annotate" / "suggest.md"


def table() -> list[tuple[str, str]]:
    return re.findall(r"^\| (.+?) \| (.*?) ?\|$", FIXTURE.read_text("utf-8"), re.MULTILINE)[1:]


def shown(found: Suggestion) -> str:
    aliases = f" ={' '.join(found.aliases)}" if found.aliases else ""
    role = f" ({found.role})" if found.role else ""
    return f"{found.kind}:{found.name}{aliases}{role}"


def only(text: str, name: str) -> Suggestion:
    return next(found for found in suggest(text) if found.name == name)


@pytest.mark.parametrize("text, expected", table())
def test_a_text_of_the_table_gives_its_suggestions(text: str, expected: str) -> None:
    assert sorted(map(shown, suggest(text))) == sorted(filter(None, expected.split("; ")))


def test_a_person_is_counted_by_surname_too() -> None:
    assert only("Kabar Tolholdan said so. Later Tolholdan, and Tolholdan’s men.", "Kabar Tolholdan").count == 3


def test_a_surname_that_is_a_common_word_is_counted_but_no_alias() -> None:
    field = only("Cyrus W. Field said so. Later Field left.", "Cyrus W. Field")
    assert (field.count, field.aliases) == (2, ())


def test_a_surname_of_two_people_is_nobodys() -> None:
    found = suggest("William Thomson said so. Joseph Thomson said no. Later Thomson left.")
    assert [(person.name, person.aliases) for person in found] == [
        ("Joseph Thomson", ()),
        ("William Thomson", ()),
    ]


def test_a_state_shortened_to_what_may_be_a_word_is_no_alias() -> None:
    assert only("He left Georgia. They live in Athens, Ga., now.", "Georgia").aliases == ()


def test_a_state_shortened_to_what_is_no_word_is_an_alias() -> None:
    assert only("They live in Tulsa, Okla., now.", "Oklahoma").aliases == ("Okla.",)


def test_a_state_that_only_what_may_be_a_word_names_is_not_suggested() -> None:
    assert [found.name for found in suggest("They live in Athens, Ga., now.")] == ["Athens"]


def test_a_known_place_has_a_point() -> None:
    raqqa = only("They went to Raqqa.", "Raqqa")
    assert (raqqa.lat, raqqa.lon) == pytest.approx((35.95, 39.01), abs=0.01)


def test_an_unknown_place_has_none() -> None:
    assert only("the village of Al-Fatsa", "Al-Fatsa").lat is None


def test_population_decides_between_places_of_a_name() -> None:
    assert only("They went to Birmingham.", "Birmingham").lon == pytest.approx(-1.9, abs=0.1)


def test_a_country_named_in_the_text_wins_over_population() -> None:
    assert only("Birmingham is in the United States.", "Birmingham").lon == pytest.approx(-86.8, abs=0.1)


def test_a_country_named_in_the_text_does_not_move_a_capital() -> None:
    assert only("From Canada they went to London.", "London").lon == pytest.approx(-0.1, abs=0.1)


def test_the_region_named_right_after_a_place_decides() -> None:
    assert only("They live in London, Ontario now.", "London").lon == pytest.approx(-81.2, abs=0.1)


def test_washington_is_the_seat_of_government() -> None:
    assert only("Washington believes so.", "Washington").lon == pytest.approx(-77.0, abs=0.1)


def test_suggestions_come_in_order_of_count_and_name() -> None:
    found = suggest("In Syria, in Canada, in Raqqa; Raqqa again.")
    assert [place.name for place in found] == ["Raqqa", "Canada", "Syria"]


def test_an_article_by_a_name_in_capitals_has_one_suggestion_for_it() -> None:
    assert [place.name for place in suggest("RAQQA, Syria — They left Raqqa.")] == ["Raqqa", "Syria"]


def test_names_do_not_reach_across_blocks() -> None:
    assert "John Smith" not in {found.name for found in suggest("We met John\nSmith was there.")}


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(st.text(max_size=12), st.sampled_from(["Raqqa", "US", "(SDF)", "Mr.", "of", "John", "’s", "\n"]))))
def test_any_text_gives_well_formed_suggestions(words: list[str]) -> None:
    found = suggest(" ".join(words))
    assert all(s.name.strip() and s.kind in KINDS and LEAST_SCORE <= s.score <= 1 and s.count > 0 for s in found)
    assert len({s.name for s in found}) == len(found)
