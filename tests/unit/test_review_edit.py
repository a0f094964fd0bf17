"""Edits of front matter: what was meant is said, and not a byte besides is changed."""

from __future__ import annotations

import pytest

from sitegen.errors import SiteError
from sitegen.review.edit import add, drop, listed, put

RECORD = """---
# who laid the cable
name: Cyrus Field   # the promoter
aliases:
- Field
# the "auto" is his own
- {text: "the promoter", auto: false}

status: suggested
ids: {wikidata: Q1}
---
He paid.  \n
"""


def header(lines: str) -> str:
    return f"---\n{lines}---\nText.\n"


def test_a_value_is_replaced_and_all_else_stays() -> None:
    assert put(RECORD, "a.md", ("status",), "reviewed") == RECORD.replace("suggested", "reviewed")


def test_the_quotes_of_a_value_stay() -> None:
    assert put(header("status: 'suggested' # why\n"), "a.md", ("status",), "reviewed") == header("status: 'reviewed' # why\n")


def test_a_new_key_goes_behind_those_it_belongs_to() -> None:
    assert put(RECORD, "a.md", ("role",), "promoter") == RECORD.replace("suggested\n", "suggested\nrole: promoter\n")


def test_a_new_key_goes_behind_a_block_and_before_the_comment_of_the_next() -> None:
    text = header("name: A\naliases:\n- B\n# of the ids\nids: {x: y}\n")
    wanted = header("name: A\naliases:\n- B\nstatus: reviewed\n# of the ids\nids: {x: y}\n")
    assert put(text, "a.md", ("status",), "reviewed") == wanted


def test_a_file_without_a_header_gets_one() -> None:
    assert put("Text.\n", "a.md", ("name",), "A") == "---\nname: A\n---\nText.\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("name: A\n", "name: A\naliases: [B]\n"),
        ("aliases:\n", "aliases: [B]\n"),
        ("aliases: []\n", "aliases: [B]\n"),
        ("aliases: [A, 'C'] # both\n", "aliases: [A, 'C', B] # both\n"),
        ("aliases: [\n  A,\n  C,\n]\n", "aliases: [\n  A,\n  C, B,\n]\n"),
        ("aliases:\n  - A # one\n\n# next\nstatus: reviewed\n", "aliases:\n  - A # one\n  - B\n\n# next\nstatus: reviewed\n"),
        ("aliases:\n- {text: A, auto: false}\n", "aliases:\n- {text: A, auto: false}\n- B\n"),
        ("aliases: A, and C\n", 'aliases: ["A, and C", B]\n'),
        ("aliases: Ærø\nname: x\n", "aliases: [Ærø, B]\nname: x\n"),
    ],
)
def test_an_alias_is_added_in_the_style_of_the_list(before: str, after: str) -> None:
    assert add(header(before), "a.md", "aliases", "B") == header(after)


def test_an_alias_that_is_there_is_not_added() -> None:
    assert add(RECORD, "a.md", "aliases", "Field") == RECORD


def test_an_alias_that_would_read_as_something_else_is_quoted() -> None:
    assert 'aliases: ["1858", "no", "A: b, c"]' in add(
        add(add(header("name: A\n"), "a", "aliases", "1858"), "a", "aliases", "no"), "a", "aliases", "A: b, c"
    )


def test_an_alias_that_is_not_linked_is_added_with_its_text() -> None:
    made = add(header("name: A\n"), "a.md", "aliases", {"text": "the city", "auto": False})
    assert "aliases: [{text: the city, auto: false}]" in made


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("title: T\n", "title: T\nlinks: {Jordan: people/x}\n"),
        ("links: {}\n", "links: {Jordan: people/x}\n"),
        ("links: {Turkey: none}\n", "links: {Turkey: none, Jordan: people/x}\n"),
        ("links:\n  Turkey: none # the bird\ntitle: T\n", "links:\n  Turkey: none # the bird\n  Jordan: people/x\ntitle: T\n"),
        ("links: {Jordan: none}\n", "links: {Jordan: people/x}\n"),
    ],
)
def test_a_link_of_an_article_is_added_in_the_style_of_the_mapping(before: str, after: str) -> None:
    assert put(header(before), "a.md", ("links", "Jordan"), "people/x") == header(after)


@pytest.mark.parametrize(
    ("before", "keys", "after"),
    [
        ("name: A\nmerged_into: b/c # yes\nslug: d\n", ("merged_into",), "name: A\nslug: d\n"),
        ("name: A\naliases:\n- B\n- C\nslug: d\n", ("aliases",), "name: A\nslug: d\n"),
        ("aliases: [B, C, D]\n", ("aliases", 0), "aliases: [C, D]\n"),
        ("aliases: [B, C, D]\n", ("aliases", 2), "aliases: [B, C]\n"),
        ("aliases:\n- B\n# of C\n- C\n- D\n", ("aliases", 1), "aliases:\n- B\n# of C\n- D\n"),
        ("name: A\naliases: [B]\n", ("aliases", 0), "name: A\n"),
        ("name: A\nlinks: {B: c/d, E: none}\n", ("links", "B"), "name: A\nlinks: {E: none}\n"),
    ],
)
def test_a_value_is_taken_out_with_its_line_or_its_comma(before: str, keys: tuple[str | int, ...], after: str) -> None:
    assert drop(header(before), "a.md", keys) == header(after)


def test_line_ends_and_a_byte_order_mark_stay() -> None:
    text = "\ufeff---\r\nname: Ærø\r\nstatus: suggested\r\n---\r\nText.\nMixed.\r\n"
    wanted = text.replace("suggested\r\n", "reviewed\r\nmerged_into: a/b\r\n")
    assert put(put(text, "a.md", ("status",), "reviewed"), "a.md", ("merged_into",), "a/b") == wanted


def test_what_cannot_be_edited_in_place_is_refused_with_a_remedy() -> None:
    with pytest.raises(SiteError, match="cannot be edited in place") as caught:
        put(header("status:\n- a\n- b\n"), "a.md", ("status",), "reviewed")
    assert caught.value.help


def test_front_matter_with_errors_is_refused_with_its_issues() -> None:
    with pytest.raises(SiteError) as caught:
        put(header('name: "A\n'), "a.md", ("status",), "reviewed")
    assert [issue.code for issue in caught.value.issues] == ["yaml"]


def test_a_word_is_added_to_the_stop_list_once() -> None:
    assert listed("Company\r\nBoard", "Act") == "Company\r\nBoard\r\nAct\r\n"
    assert listed("Act\n", "Act") == "Act\n"
