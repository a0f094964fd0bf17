"""The finder: what is a name, of which kind, of whom; and where places are."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.annotate.kinds import KINDS
from sitegen.annotate.mentions import Found, mentions

SCRAPS = ["Raqqa", "US", "(SDF)", "Mr.", "of", "John", "’s", "\n", "Ga.", "İ", "—", "W.Va.", "al-Assad", "$"]


def shown(text: str) -> list[str]:
    return [f"{found.kind}:{found.text}" for found in mentions(text)]


def only(text: str, name: str) -> Found:
    return next(found for found in mentions(text) if found.text == name)


def point(text: str, name: str) -> tuple[float, float]:
    found = only(text, name)
    assert found.lat is not None and found.lon is not None
    return found.lat, found.lon


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The talks in Bosnia and Herzegovina failed.", ["places:Bosnia and Herzegovina"]),
        ("They live in Athens, Ga. The river is near.", ["places:Athens", "places:Ga."]),
        ("She works for the S.C. Highway Patrol.", ["organisations:S.C. Highway Patrol", "places:S.C."]),
        ("DENVER — The mayor spoke.", ["places:DENVER"]),
        ("It costs US$40 and 30 million US$.", []),
        ("An outbreak of West Nile virus began.", []),
        ("He walks along Cowley Road in Oxford.", ["places:Cowley Road", "places:Oxford"]),
        ("the self-styled Emir of Nowhere", []),
        ("It was Tuesday. Our men left. Following that, May came.", []),
        ("READ MORE: ‘London and Paris should run’", []),
        ("South American nations, Kurds and Jordanians", []),
        ("The US said it will cost US$58 million.", ["places:US"]),
        ("The Duke of Wellington met the Earl of Derby.", ["people:Duke of Wellington", "people:Earl of Derby"]),
        ("Philip, Duke of St Albans, came to London.", ["people:Philip", "people:Duke of St Albans", "places:London"]),
        ("They met at the Duke of York Theatre.", ["organisations:Duke of York Theatre"]),
    ],
)
def test_a_text_has_these_mentions(text: str, expected: list[str]) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("The Springfield Police Department said no.", "Springfield"),
        ("He is a student at the University of Cincinnati.", "Cincinnati"),
        ("Clarke County Superior Court heard it.", "Clarke County"),
        ("The house stands in South Philadelphia, he said.", "Philadelphia"),
        ("New York Governor Andrew Cuomo spoke.", "New York"),
    ],
)
def test_a_place_inside_another_name_is_a_mention_of_its_own(text: str, place: str) -> None:
    found = only(text, place)
    assert (found.kind, found.inside) == ("places", True)


@pytest.mark.parametrize("text", ["He met Paris Hilton.", "They read the Los Angeles Times.", "They turned into Boston Road."])
def test_people_papers_and_streets_hold_no_places(text: str) -> None:
    assert not any(found.inside for found in mentions(text))


def test_offsets_are_code_points_of_the_text_as_it_is() -> None:
    text = "Ünïcödé 🚢 first.\n\n  The “Côte d’Ivoire” border, near Abidjan’s port."
    assert [(found.start, found.end) for found in mentions(text) if found.text == "Abidjan"] == [
        (text.index("Abidjan"), text.index("Abidjan") + 7)
    ]


def test_a_name_goes_on_behind_a_broken_line() -> None:
    text = "The council of the old city on the river met the mayor, Piet\nPeeters, on the first day of the new year to\ntalk."
    assert only(text, "Piet\nPeeters").kind == "people"


def test_a_name_ends_with_a_block() -> None:
    assert all("\n" not in found.text for found in mentions("We met John\nSmith was there."))


def test_a_headline_in_capitals_has_the_names_of_the_text() -> None:
    found = mentions("ALEPPO FALLS TO ASSAD FORCES\n\nThe city of Aleppo fell to the men of Bashar al-Assad.")
    assert [(one.text, one.record) for one in found if one.start < 28] == [("ALEPPO", "Aleppo")]


def test_an_acronym_has_the_record_of_its_expansion() -> None:
    assert only("The World Bank (WB) met. Later the WB paid.", "WB").record == "World Bank"


def test_an_acronym_with_stops_is_the_one_without() -> None:
    found = mentions("The European Union (EU) met. The E.U. paid.")
    assert {one.record for one in found} == {"European Union"}


def test_a_surname_alone_has_the_record_of_the_full_name() -> None:
    assert only("Kabar Tolholdan said so. Later Tolholdan left.", "Tolholdan").record == "Kabar Tolholdan"


def test_a_country_has_one_record_under_all_its_names() -> None:
    found = mentions("The US paid; in America, they said. The United States won.")
    assert {one.record for one in found} == {"United States"}


def test_a_name_says_why() -> None:
    assert 'after "in"' in only("They met in Toronto.", "Toronto").why


def test_a_name_says_what_it_is_short_for() -> None:
    assert only("The World Bank (WB) met. Later the WB paid.", "WB").why.startswith('short for "World Bank"')


@pytest.mark.parametrize(
    ("text", "name", "where"),
    [
        ("He lives in Paris, Texas.", "Paris", (33.7, -95.6)),
        ("He lives in Paris.", "Paris", (48.9, 2.4)),
        ("A woman of Paris was found in Henry County, Tenn.", "Paris", (36.3, -88.3)),
        ("They live in Athens, Ga., and in Atlanta.", "Athens", (34.0, -83.4)),
        ("It lies in Georgia, between Russia and Armenia.", "Georgia", (42, 43.5)),
        ("They drove from Alabama to Atlanta, Georgia.", "Georgia", (32.7, -83.4)),
        ("In Syria, the army took the ancient city of Palmyra.", "Palmyra", (34.6, 38.3)),
        ("Washington believes so.", "Washington", (38.9, -77.0)),
        ("It is so in Oregon, Idaho and Washington.", "Washington", (47.4, -120.4)),
        ("In New Jersey, the towns of Trenton and Newark; elsewhere Ohio, Utah and Washington.", "Washington", (47.4, -120.4)),
        ("They came from Alberta, Manitoba, Ontario and Quebec.", "Ontario", (50, -85.5)),
        ("She flew from Paris to New York.", "New York", (40.7, -74.0)),
        ("She flew from New York to Boston.", "Boston", (42.4, -71.1)),
        ("New York and Washington disagreed.", "New York", (40.7, -74.0)),
        ("He was born in Albany, New York.", "New York", (42.9, -75.5)),
        ("The state of New York sued.", "New York", (42.9, -75.5)),
        ("New York Governor Andrew Cuomo spoke.", "New York", (42.9, -75.5)),
        ("They came from Ohio and New York.", "New York", (42.9, -75.5)),
        ("In the United States, New York is large.", "New York", (40.7, -74.0)),
        ("It came from a Washington state farm.", "Washington", (47.4, -120.4)),
        ("They met in Washington, D.C. on Monday.", "Washington, D.C.", (38.9, -77.0)),
        ("The man rode his bike to D.C. last year.", "D.C.", (38.9, -77.0)),
        ("He moved from Philadelphia to Moscow.", "Philadelphia", (40.0, -75.2)),
        ("He was born in Wales, she in England.", "Wales", (52.4, -3.8)),
        ("The minister of Wales spoke in London, Leeds, Derby and Bristol.", "Wales", (52.4, -3.8)),
        ("They have offices in Navarro, Henderson and Ellis counties.", "Navarro", (32.0, -96.5)),
        ("Among them are China, Japan, and the United Kingdom.", "China", (35, 104)),
        ("He lives in Ashford, Kent, with her.", "Ashford", (51.1, 0.9)),
    ],
)
def test_the_text_decides_which_place_is_meant(text: str, name: str, where: tuple[float, float]) -> None:
    assert point(text, name) == pytest.approx(where, abs=0.3)


def test_a_town_that_the_state_behind_it_does_not_have_has_no_point() -> None:
    assert only("He was stopped in Stroud, Ontario, on Monday.", "Stroud").lat is None


def test_a_city_has_one_record_under_all_its_names() -> None:
    assert {one.record for one in mentions("They met in Kyiv. Later they left Kiev by train.")} == {"Kyiv"}


def test_a_state_shortened_has_the_record_of_the_state() -> None:
    assert only("They live in Athens, Ga., and work there.", "Ga.").record == "Georgia"


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.text(max_size=10), st.sampled_from(SCRAPS))))
def test_any_text_gives_mentions_that_stand_in_it(words: list[str]) -> None:
    text = " ".join(words)
    found = mentions(text)
    assert all(text[one.start : one.end] == one.text.strip() and one.kind in KINDS and 0 <= one.score <= 1 for one in found)
    plain = [one for one in found if not one.inside]
    assert all(one.end <= following.start for one, following in pairwise(plain))


ABROAD = "He left Paris for Lyon, in France. Later he came to {}, and died in Marseille."


def test_a_small_town_of_a_country_that_the_text_has_nothing_to_do_with_has_no_point() -> None:
    assert only(ABROAD.format("Chatsworth"), "Chatsworth").lat is None


@pytest.mark.parametrize("name", ["Berlin", "Chatsworth, California"])
def test_a_large_city_and_a_town_whose_country_is_named_have_theirs(name: str) -> None:
    assert only(ABROAD.format(name), name.partition(",")[0]).lat is not None


def test_a_name_for_which_only_a_far_town_of_the_gazetteer_speaks_is_no_place() -> None:
    assert "places:Obama" not in shown("They live in Dallas. Obama said so in Austin, Texas.")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("A hurricane in the Atlantic hit Florida, Georgia and Miami.", (30.0, -40.0)),
        ("They live in Atlantic, Iowa.", (41.4, -95.0)),
    ],
)
def test_a_sea_is_meant_rather_than_a_town_of_its_name(text: str, where: tuple[float, float]) -> None:
    assert point(text, "Atlantic") == pytest.approx(where, abs=0.1)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "He left the National Institute of Allergy and Infectious Diseases on Monday.",
            ["National Institute of Allergy and Infectious Diseases"],
        ),
        ("The US Department of Health and Human Services said so.", ["US Department of Health and Human Services"]),
        ("They asked the Bank of England and Parliament to act.", ["Bank of England"]),
        ("The Ministry of Defence and NATO agreed.", ["Ministry of Defence", "NATO"]),
        ("She has left the Ministry of Health and Paris.", ["Ministry of Health"]),
        (
            "She taught at the University of Rouen and University of Manchester.",
            ["University of Rouen", "University of Manchester"],
        ),
    ],
)
def test_an_and_joins_the_matters_of_an_organisation_and_not_two_names(text: str, names: list[str]) -> None:
    assert [one.text for one in mentions(text) if one.kind == "organisations"] == names


def test_a_contraction_at_the_start_of_a_sentence_is_no_name() -> None:
    assert mentions("They don't know, and we don't either. Don't ask.") == []
