"""The finder: one claim a test, against tests/fixtures/annotate/find.md for the tables of single passages."""

from __future__ import annotations

import pickle
import random
import re
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.annotate.find import find
from sitegen.annotate.names import Names, spellings
from sitegen.model.entity import Alias, Location, Record
from sitegen.model.mention import Ambiguity, By, Marks, Mention
from sitegen.model.text import canonical, fold

FIXTURE = Path(__file__).parents[1] / "fixtures" / "annotate" / "find.md"


def record(record_id: str, *names: str) -> tuple[str, Record]:
    return record_id, Record(name=names[0], aliases=tuple(map(Alias, names[1:])))


def marks(text: str, *records: tuple[str, Record], stop: tuple[str, ...] = (), **links: str) -> Marks:
    return find(text, (), (), Names.of(records, stop), links)


def shown(text: str, found: Marks) -> list[str]:
    named = [(m.start, f"{text[m.start : m.end]} → {m.record} {m.by}") for m in found.mentions]
    unsure = [(a.start, f"{a.name} ? {' '.join(a.records)}") for a in found.ambiguities]
    return [line for _, line in sorted(named + unsure)]


def table() -> list[tuple[str, Names, str, list[str]]]:
    """(section, names, text, expected) rows: list items are records, [brackets] in the table are mentions."""
    rows = []
    for section in FIXTURE.read_text("utf-8").split("\n## ")[1:]:
        title, _, rest = section.partition("\n")
        items = re.findall(r"^- (\S+): (.+)$", rest, re.MULTILINE)
        names = Names.of(record(key, *line.split(", ")) for key, line in items)
        for marked, expected in re.findall(r"^\| (.+?) \| (.*?) ?\|$", rest, re.MULTILINE)[2:]:
            rows.append((title, names, marked, expected.split()))
    return rows


@pytest.mark.parametrize("title, names, marked, expected", table(), ids=lambda value: value if isinstance(value, str) else "")
def test_a_passage_of_the_table_is_marked_as_it_says(title: str, names: Names, marked: str, expected: list[str]) -> None:
    text = re.sub(r"[\[\]]", "", marked).replace("⏎", "\n")
    found = find(text, (), (), names, {})
    assert _bracketed(text, found) == marked.replace("⏎", "\n")
    assert [mention.record for mention in found.mentions] == expected


def _bracketed(text: str, found: Marks) -> str:
    for mention in reversed(found.mentions):
        text = f"{text[: mention.start]}[{text[mention.start : mention.end]}]{text[mention.end :]}"
    return text


def test_offsets_are_code_points() -> None:
    text = "😀 «Ракка» 😀 Raqqa"
    assert marks(text, record("places/raqqa", "Raqqa")).mentions == (Mention(12, 17, "places/raqqa"),)


def test_the_longest_match_wins_over_an_ambiguous_shorter_one() -> None:
    william, joseph = (
        record("people/william", "William Thomson", "Thomson"),
        record("people/joseph", "J. J. Thomson", "Thomson"),
    )
    text = "William Thomson met no other."
    assert shown(text, marks(text, william, joseph)) == ["William Thomson → people/william alias"]


def test_an_alias_of_two_records_goes_to_the_one_that_the_article_names_in_full() -> None:
    william, joseph = (
        record("people/william", "William Thomson", "Thomson"),
        record("people/joseph", "J. J. Thomson", "Thomson"),
    )
    text = "William Thomson sailed. Later Thomson wrote."
    assert shown(text, marks(text, william, joseph))[1] == "Thomson → people/william context"


def test_an_alias_of_two_records_is_ambiguous_where_the_article_names_neither() -> None:
    william, joseph = (
        record("people/william", "William Thomson", "Thomson"),
        record("people/joseph", "J. J. Thomson", "Thomson"),
    )
    found = marks("Later Thomson wrote.", william, joseph)
    assert found == Marks((), (Ambiguity(6, 13, "Thomson", ("people/joseph", "people/william")),))


def test_an_alias_of_two_records_is_ambiguous_where_the_article_names_both() -> None:
    william, joseph = (
        record("people/william", "William Thomson", "Thomson"),
        record("people/joseph", "J. J. Thomson", "Thomson"),
    )
    text = "William Thomson and J. J. Thomson; but Thomson?"
    assert shown(text, marks(text, william, joseph))[2] == "Thomson ? people/joseph people/william"


def test_an_explicit_link_is_evidence_for_an_ambiguous_alias() -> None:
    names = Names.of([record("people/a", "Ann Gray", "Gray"), record("people/b", "Bob Gray", "Gray")])
    found = find("The painter met Gray.", (), [Mention(4, 11, "people/b", By.LINK)], names, {})
    assert found.mentions[1] == Mention(16, 20, "people/b", By.CONTEXT)


def test_initials_before_a_shared_surname_settle_it() -> None:
    names = (
        record("people/william", "William Thomson", "Thomson"),
        record("people/joseph", "Joseph John Thomson", "Thomson"),
    )
    text = "The electron of J. J. Thomson"
    assert shown(text, marks(text, *names)) == ["Thomson → people/joseph context"]


def test_a_title_settles_a_name_for_the_person() -> None:
    names = (
        record("people/washington", "George Washington", "Washington"),
        record("places/washington", "Washington"),
    )
    text = "Mr Washington"
    assert shown(text, marks(text, *names)) == ["Washington → people/washington context"]


def test_explicit_mentions_stay_and_block_what_they_overlap() -> None:
    names = Names.of([record("places/new-york", "New York"), record("places/york", "York")])
    link = Mention(4, 12, "places/york", By.LINK)
    assert find("New York is", (), [Mention(4, 8, "places/york", By.LINK)], names, {}).mentions == (
        Mention(4, 8, "places/york", By.LINK),
    )
    assert find("Old New York is", (), [link], names, {}).mentions == (link,)


def test_nothing_is_found_in_closed_ranges() -> None:
    names = Names.of([record("places/york", "York")])
    assert find("York and York", ((0, 4),), (), names, {}).mentions == (Mention(9, 13, "places/york"),)


def test_the_articles_own_decision_wins_over_aliases() -> None:
    found = marks("Jordan won. Jordan!", record("places/jordan", "Jordan"), Jordan="people/michael-jordan")
    assert {(m.record, m.by) for m in found.mentions} == {("people/michael-jordan", By.ARTICLE)}


def test_the_articles_own_decision_reaches_names_that_no_record_has() -> None:
    assert marks("Air won", Air="people/michael-jordan").mentions == (Mention(0, 3, "people/michael-jordan", By.ARTICLE),)


def test_none_silences_a_name_in_this_article() -> None:
    assert marks("Roast Turkey", record("places/turkey", "Turkey"), Turkey="none") == Marks()


def test_a_silenced_name_does_not_silence_a_longer_one() -> None:
    text = "Turkey near Turkey Point"
    found = marks(text, record("places/turkey", "Turkey"), record("places/point", "Turkey Point"), Turkey="none")
    assert shown(text, found) == ["Turkey Point → places/point alias"]


def test_the_stop_list_silences_an_alias() -> None:
    assert marks("May came", record("people/may", "Theresa May", "May"), stop=("May",)) == Marks()


def test_the_articles_own_decision_wins_over_the_stop_list() -> None:
    assert marks("May came", stop=("May",), May="people/may").mentions == (Mention(0, 3, "people/may", By.ARTICLE),)


def test_a_stop_phrase_silences_the_names_inside_it() -> None:
    assert marks("on Bath stone", record("places/bath", "Bath"), stop=("Bath stone",)) == Marks()


def test_an_alias_that_is_not_automatic_is_not_looked_for() -> None:
    raqqa = Record(name="Raqqa", aliases=(Alias("the city", auto=False),))
    assert marks("in the city", ("places/raqqa", raqqa)) == Marks()


def test_shared_names_are_listed_with_their_owners() -> None:
    names = Names.of([record("people/a", "Ann Gray", "Gray"), record("people/b", "Bob Gray", "Gray")])
    assert names.shared == (("Gray", ("people/a", "people/b")),)


def test_names_that_differ_only_in_their_article_are_shared() -> None:
    names = Names.of([record("works/a", "the Great Eastern"), record("works/b", "Great Eastern")])
    assert names.shared[0] == ("Great Eastern", ("works/a", "works/b"))


def test_a_stopped_name_is_not_listed_as_shared() -> None:
    assert not Names.of([record("a/a", "Gray"), record("a/b", "Gray")], ["Gray"]).shared


def test_names_are_the_same_in_any_order_of_records() -> None:
    records = [record("people/a", "Ann Gray", "Gray"), record("people/b", "Bob Gray", "Gray")]
    assert Names.of(records, ["x", "y"]).encoded == Names.of(records[::-1], ["y", "x"]).encoded


def test_encoded_names_tell_a_stop_word_from_a_name() -> None:
    assert len({Names.of([], ["Gray"]).encoded, Names.of([record("a/a", "Gray")]).encoded, Names().encoded}) == 3


def test_encoded_names_are_read_back() -> None:
    names = Names.of([record("a/a", "Gray’s")], ["May"])
    assert (Names.decoded(names.encoded), Names.decoded(b"")) == (names, Names())


@pytest.mark.parametrize(
    ("before", "after", "text", "touched"),
    [
        ([record("places/york", "York")], [record("places/york", "York")], "York", False),
        ([], [record("places/york", "York")], "To York.", True),
        ([record("places/york", "York")], [], "To York.", True),
        ([], [record("places/york", "York")], "To Leeds.", False),
        ([record("places/york", "York")], [record("places/york-2", "York")], "York", True),
        # A new name of a person speaks for or against the others.
        ([record("people/a", "Ann Gray")], [record("people/a", "Ann Gray", "Betty")], "Ann Gray", True),
    ],
)
def test_a_text_is_looked_at_again_where_names_it_may_hold_have_changed(
    before: list[tuple[str, Record]], after: list[tuple[str, Record]], text: str, touched: bool
) -> None:
    assert Names.of(after).changed_since(Names.of(before)).touch(text) is touched


def test_names_survive_a_pickle() -> None:
    names = Names.of([record("places/york", "York")], ["May"])
    assert names.aliases.hits("York")
    assert pickle.loads(pickle.dumps(names)) == names


def place(name: str, lat: float, lon: float, *aliases: str) -> tuple[str, Record]:
    return f"places/{name.casefold()}", Record(name, tuple(map(Alias, aliases)), location=Location(lat, lon))


TOWNS = [place("Springfield-OH", 39.9, -83.8, "Springfield"), place("Springfield-IL", 39.8, -89.6, "Springfield")]


@pytest.mark.parametrize(
    ("others", "text", "meant"),
    [
        ([place("Columbus", 40.0, -83.0)], "From Columbus to Springfield.", ["places/columbus", "places/springfield-oh"]),
        ([place("Decatur", 39.8, -89.0)], "From Decatur to Springfield.", ["places/decatur", "places/springfield-il"]),
        # Too far from either, beside both, and nothing at all.
        ([place("Rome", 41.9, 12.5)], "From Rome to Springfield.", ["places/rome"]),
        ([place("Columbus", 40.0, -83.0), place("Decatur", 39.8, -89.0)], "Columbus, Decatur, Springfield.",
         ["places/columbus", "places/decatur"]),
        ([], "To Springfield.", []),
        # A full name goes before a neighbour.
        ([place("Columbus", 40.0, -83.0)], "Springfield-IL, Columbus, Springfield.",
         ["places/springfield-il", "places/columbus", "places/springfield-il"]),
    ],
)  # fmt: skip
def test_a_name_of_two_places_is_the_one_that_has_neighbours_in_the_text(
    others: list[tuple[str, Record]], text: str, meant: list[str]
) -> None:
    assert [mention.record for mention in find(text, (), (), Names.of([*TOWNS, *others]), {}).mentions] == meant


def test_points_are_kept_only_where_places_share_a_name() -> None:
    assert len(Names.of(TOWNS).points) == 2 and not Names.of(TOWNS[:1]).points
    assert Names.decoded(Names.of(TOWNS).encoded) == pickle.loads(pickle.dumps(Names.of(TOWNS))) == Names.of(TOWNS)


def test_a_collection_without_names_finds_nothing() -> None:
    assert find("York", (), (), Names(), {}) == Marks()


def test_four_kilobytes_against_ten_thousand_names_take_little_time() -> None:
    chance = random.Random(7)
    words = ["".join(chance.choices("abcdefghij", k=6)).capitalize() for _ in range(5000)]
    names = Names.of(record(f"people/{n}", f"{chance.choice(words)} {words[n]}", words[n]) for n in range(5000))
    text = " ".join(chance.choice(words) if n % 20 == 0 else "telegraph" for n in range(420))
    find(text, (), (), names, {})
    best = min(_seconds(text, names) for _ in range(20))
    assert best < 0.003  # measured 0.5 ms; a shared machine gets six times that


def _seconds(text: str, names: Names) -> float:
    start = time.process_time()
    find(text, (), (), names, {})
    return time.process_time() - start


_SYLLABLES = st.sampled_from(["Al", "Ra", "ya", "US", "york", "New", "the", "The", "Mr", "Łó", "東京", "Élan", "and"])
_NAMES = st.lists(st.builds("".join, st.lists(_SYLLABLES, min_size=1, max_size=2)), min_size=1, max_size=3).map(" ".join)
_GLUE = st.sampled_from([" ", " ", " ", "\n", "-", "’s ", ", ", ". ", "“", "” ", "’", "😀", "&", " & "])
_RECORDS = st.lists(st.tuples(st.sampled_from(["people/a", "people/b", "places/c", "works/d"]), _NAMES), max_size=8)


@st.composite
def _articles(draw: st.DrawFn) -> tuple[str, list[tuple[str, Record]], list[tuple[int, int]], list[Mention]]:
    records = [record(key, name) for key, name in draw(_RECORDS)]
    known = st.sampled_from([r.name for _, r in records]) if records else st.nothing()
    words = draw(st.lists(st.one_of(_SYLLABLES, known), max_size=14))
    text = "".join(word + draw(_GLUE) for word in words)
    points = st.integers(0, len(text))
    ranges = draw(st.lists(st.tuples(points, points).map(lambda pair: (min(pair), max(pair))), max_size=3))
    linked = ranges[:1] if draw(st.booleans()) else []
    links = [Mention(*span, "works/link", By.LINK) for span in linked]
    return text, records, ranges, links


@settings(max_examples=400, deadline=None)
@given(_articles(), st.lists(_SYLLABLES, max_size=2))
def test_marks_are_apart_in_order_outside_closed_ranges_and_spell_a_name(article, stop) -> None:  # type: ignore[no-untyped-def]
    text, records, closed, links = article
    found = find(text, closed, links, Names.of(records, stop), {})
    spans = [(m.start, m.end) for m in found.mentions]
    assert spans == sorted(spans)
    every = sorted(spans + [(a.start, a.end) for a in found.ambiguities])
    assert all(end <= start for (_, end), (start, _) in pairwise(every))
    for mention in found.mentions:
        if mention.by is By.LINK:
            continue
        assert all(mention.end <= start or end <= mention.start for start, end in closed if start < end)
        names = {s.casefold() for key, r in records if key == mention.record for s in spellings(canonical(r.name))}
        assert fold(text[mention.start : mention.end]).casefold() in names
        assert "\n" not in text[mention.start : mention.end]


@given(st.text(max_size=60), st.text(min_size=1, max_size=8))
def test_any_text_and_any_name_are_searched_without_an_error(text: str, name: str) -> None:
    find(text, (), (), Names.of([record("people/x", name)]), {name: "none"})
