"""Merge, rename, split: what becomes of every file, and that the site still builds without a complaint."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sitegen.errors import SiteError
from sitegen.review.files import commit
from sitegen.review.links import Move, rewritten, rewritten_notes
from sitegen.review.shelf import Shelf
from sitegen.review.transactions import Plan, merge, rename, split
from tests.support import Collection

KINDS = ("people", "organisations", "places", "events", "works")


@pytest.fixture
def ships(collection: Collection) -> Collection:
    """Two records of one city, and texts that name it in every way."""
    collection.record("places/raqqa", "Raqqa", "aliases: [Rakka]\nlocation: {lat: 36, lon: 39}\n")
    collection.record("places/ar-raqqah", "Ar-Raqqah", 'aliases: [Raqqah, Rakka, {text: "the city", auto: false}]\n')
    collection.article("plain", "They left Ar-Raqqah. Raqqah fell.")
    collection.article(
        "linked",
        "See [[places/ar-raqqah]], [[ar-raqqah|there]] and [here](../places/ar-raqqah.md#p-1).\n\n`[[places/ar-raqqah]]`",
    )
    return collection.article("own", "The town fell.", more="links: {The town: places/ar-raqqah}  # by a person\n")


def carry_out(collection: Collection, make: Callable[[Shelf], Plan]) -> Plan:
    plan = make(Shelf(collection.content))
    commit(collection.content, collection.root / ".sitegen", plan.what, plan.changes)
    return plan


def text(collection: Collection, path: str) -> str:
    return (collection.content / path).read_text(encoding="utf-8")


# Merge.


def test_a_merged_record_keeps_its_file_and_leads_to_the_other(ships: Collection) -> None:
    before = text(ships, "places/ar-raqqah.md")
    carry_out(ships, lambda shelf: merge(shelf, "places/ar-raqqah", "places/raqqa"))
    assert text(ships, "places/ar-raqqah.md") == before.replace("false}]\n", "false}]\nmerged_into: places/raqqa\n")


def test_its_names_become_aliases_unless_they_are_there_or_do_not_link(ships: Collection) -> None:
    carry_out(ships, lambda shelf: merge(shelf, "places/ar-raqqah", "places/raqqa"))
    assert "aliases: [Rakka, Ar-Raqqah, Raqqah]\n" in text(ships, "places/raqqa.md")


def test_a_merge_leaves_texts_alone_and_their_links_work(ships: Collection) -> None:
    plan = carry_out(ships, lambda shelf: merge(shelf, "places/ar-raqqah", "places/raqqa"))
    assert [change.path for change in plan.changes] == ["places/ar-raqqah.md", "places/raqqa.md"]
    assert ships.build().codes == ["dead-fragment"] and plan.touched  # the paragraph of the note is the test's own invention


def test_with_rewrite_links_and_decisions_name_the_record_that_stays(ships: Collection) -> None:
    carry_out(ships, lambda shelf: merge(shelf, "places/ar-raqqah", "places/raqqa", rewrite=True))
    assert "links: {The town: places/raqqa}  # by a person\n" in text(ships, "articles/own.md")
    assert text(ships, "articles/linked.md").endswith(
        "See [[places/raqqa|Ar Raqqah]], [[places/raqqa|there]] and [here](../places/raqqa.md#p-1).\n\n`[[places/ar-raqqah]]`\n"
    )


def test_the_preview_counts_the_mentions_that_lead_elsewhere(ships: Collection) -> None:
    plan = merge(Shelf(ships.content), "places/ar-raqqah", "places/raqqa")
    assert [(found.id, found.mentions) for found in plan.touched] == [
        ("articles/linked", 3),
        ("articles/own", 1),
        ("articles/plain", 2),
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("places/raqqa", "places/raqqa", "into itself"),
        ("places/raqa", "places/raqqa", "no record"),
        ("places/gone", "places/raqqa", "merged into places/raqqa already"),
        ("places/raqqa", "places/gone", "is merged into places/raqqa"),
        ("places/raqqa", "places/no", "rejected"),
        ("places/raqqa", "places/other", "not_same_as"),
    ],
)
def test_a_merge_that_makes_no_sense_is_refused_with_a_remedy(old: str, new: str, said: str, ships: Collection) -> None:
    ships.record("places/gone", "Gone", "merged_into: places/raqqa\n").record("places/no", "No", "status: rejected\n")
    ships.record("places/other", "Other", "not_same_as: [places/raqqa]\n")
    with pytest.raises(SiteError, match=said) as caught:
        merge(Shelf(ships.content), old, new)
    assert caught.value.help


# Rename.


def test_a_renamed_record_moves_and_leaves_a_stub_that_redirects(ships: Collection) -> None:
    whole = text(ships, "places/ar-raqqah.md")
    carry_out(ships, lambda shelf: rename(shelf, "places/ar-raqqah", "places/raqqah", KINDS))
    assert text(ships, "places/raqqah.md") == whole
    assert text(ships, "places/ar-raqqah.md") == "---\nname: Ar-Raqqah\nmerged_into: places/raqqah\n---\n"
    ships.article("linked").build()
    assert "places/raqqah" in ships.page("/places/ar-raqqah/") or "../raqqah/" in ships.page("/places/ar-raqqah/")


def test_every_link_follows_a_renamed_record(ships: Collection) -> None:
    ships.record("places/x", "X", "not_same_as: [places/ar-raqqah]\n").record("places/y", "Y", "merged_into: places/ar-raqqah\n")
    ships.article(
        "address",
        "See [it](/places/ar-raqqah/) and <a href='../places/ar-raqqah/'>it</a>.\n\n[r]: ../places/ar-raqqah.md\n\n[so][r]",
    )
    carry_out(ships, lambda shelf: rename(shelf, "places/ar-raqqah", "places/raqqah", KINDS))
    left = {
        path.relative_to(ships.content).as_posix()
        for path in ships.content.rglob("*.md")
        if "ar-raqqah" in path.read_text().replace("`[[places/ar-raqqah]]`", "")
    }
    assert left == set()


def test_a_renaming_can_be_taken_back(ships: Collection) -> None:
    before = text(ships, "articles/own.md"), text(ships, "places/ar-raqqah.md")
    carry_out(ships, lambda shelf: rename(shelf, "places/ar-raqqah", "places/raqqah", KINDS))
    carry_out(ships, lambda shelf: rename(shelf, "places/raqqah", "places/ar-raqqah", KINDS))
    assert (text(ships, "articles/own.md"), text(ships, "places/ar-raqqah.md")) == before


def test_the_links_of_a_record_of_another_kind_still_lead_where_they_did(ships: Collection) -> None:
    ships.record("organisations/post", "Post", "slug: the-post\n", "See [x](other.md) and [y](../articles/own.md).")
    ships.record("organisations/other", "Other").article("names", "The Post wrote to the Other.")
    carry_out(ships, lambda shelf: rename(shelf, "organisations/post", "works/post", KINDS))
    assert "[x](../organisations/other.md) and [y](../articles/own.md)" in text(ships, "works/post.md")
    assert "slug: the-post\n" in text(ships, "organisations/post.md")


@pytest.mark.parametrize("new", ["places/raqqa", "Places/x", "raqqah", "ships/x", "places/a b#c", "places/.x", "places/RAQQA"])
def test_an_id_that_is_taken_or_none_is_refused(new: str, ships: Collection) -> None:
    with pytest.raises(SiteError):
        rename(Shelf(ships.content), "places/ar-raqqah", new, KINDS)


# Split.


def test_a_new_record_takes_over_names(ships: Collection) -> None:
    carry_out(ships, lambda shelf: split(shelf, "places/ar-raqqah", "places/province", "Raqqah Province", KINDS, take=["Raqqah"]))
    made = "---\nname: Raqqah Province\naliases: [Raqqah]\nstatus: reviewed\nnot_same_as: [places/ar-raqqah]\n---\n"
    assert text(ships, "places/province.md") == made
    assert 'aliases: [Rakka, {text: "the city", auto: false}]\nnot_same_as: [places/province]\n' in text(
        ships, "places/ar-raqqah.md"
    )


def test_in_the_articles_that_are_listed_links_decide(ships: Collection) -> None:
    carry_out(
        ships,
        lambda shelf: split(
            shelf, "places/ar-raqqah", "places/province", "The Province", KINDS, within=["plain", "articles/own"]
        ),
    )
    assert "links: {Ar-Raqqah: places/province, Raqqah: places/province}\n" in text(ships, "articles/plain.md")
    assert "links: {The town: places/province}  # by a person\n" in text(ships, "articles/own.md")
    assert ships.article("linked").build().codes == ["missing-coordinates"] * 2


def test_an_alias_that_the_record_has_not_is_refused(ships: Collection) -> None:
    with pytest.raises(SiteError, match="no alias") as caught:
        split(Shelf(ships.content), "places/ar-raqqah", "places/p", "P", KINDS, take=["Raqah"])
    assert "Raqqah" in caught.value.help


# Links.

MOVE = Move("people/john-mccain", "people/mc-cain", "/people/john-mccain/", "/people/mc-cain/")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[[people/john-mccain]]", "[[people/mc-cain|John Mccain]]"),
        ("[[people/john-mccain#p-1|J]]", "[[people/mc-cain#p-1|J]]"),
        ("[[john-mccain]]", "[[people/mc-cain|John Mccain]]"),
        ("[J](../people/john-mccain.md \"title\")", "[J](../people/mc-cain.md \"title\")"),
        ("[J](/people/john-mccain/#x)", "[J](/people/mc-cain/#x)"),
        ("|a|b|\n|-|-|\n|[[people/john-mccain]]|c|", "|a|b|\n|-|-|\n|[[people/mc-cain\\|John Mccain]]|c|"),
        ("    [[people/john-mccain]]\n\nx [[people/john-mccain|J]]", "    [[people/john-mccain]]\n\nx [[people/mc-cain|J]]"),
        ("```\n[[people/john-mccain]]\n```\n", "```\n[[people/john-mccain]]\n```\n"),
        ("[[people/john-mccain-ii]]", "[[people/john-mccain-ii]]"),
        ("\\[[people/john-mccain]]", "\\[[people/john-mccain]]"),
        ("[x](https://example.org/people/john-mccain/)", "[x](https://example.org/people/john-mccain/)"),
    ],
)  # fmt: skip
def test_a_link_follows_and_the_words_stay(before: str, after: str) -> None:
    for end in ("\n", "\r\n"):
        head = "---\ntitle: Tëst\n---\n"
        found = rewritten((head + before).replace("\n", end), "articles/a.md", MOVE)
        assert found.text == (head + after).replace("\n", end) and found.left == 0


def test_links_in_notes_follow() -> None:
    text = 'notes:\n- id: a\n  quote: {exact: "[[people/john-mccain]]"}\n'
    assert rewritten_notes(text, "articles/a.notes.yaml", MOVE) == (text, 0, 1)
    text = "notes:\n- id: a\n  body: see [[people/john-mccain]] # so\n"
    assert "body: see [[people/mc-cain|John Mccain]] # so" in rewritten_notes(text, "articles/a.notes.yaml", MOVE).text
