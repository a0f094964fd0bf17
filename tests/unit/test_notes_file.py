"""Notes files: what can be read, and what is said of what cannot."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.errors import Issue
from sitegen.model.notes import MOTIVATIONS, Note, Quote, Reply, read_notes, text_digest

PATH = "articles/raqqa.notes.yaml"
DIGEST = "sha256:" + "0" * 64
FILE = f"""# The desk's notes.
text: {DIGEST}
notes:
- id: n1
  layer: commentary
  motivation: commenting
  quote: {{exact: took Raqqa on Tuesday, prefix: "The SDF ", suffix: ", the coal"}}
  body: "Contested: see [the earlier report](raqqa.md)."
  tags: [dispute]
  by: mk
  created: 2017-02-08T14:21:05Z
  replies:
  - {{body: Not by the agency., by: jo, created: 2017-02-09}}
  state: anchored
"""


def issues(text: str) -> list[Issue]:
    return list(read_notes(text, PATH)[1])


def one(more: str, motivation: str = "commenting", quote: str = "words") -> list[Issue]:
    return issues(f"text: {DIGEST}\nnotes:\n- id: n1\n  motivation: {motivation}\n  quote: {quote}\n{more}")


def place(issue: Issue) -> tuple[str, int, int]:
    return issue.code, issue.span.line, issue.span.column


def test_a_notes_file_is_read_whole() -> None:
    file, found = read_notes(FILE, PATH)
    note = Note(
        id="n1",
        quote=Quote("took Raqqa on Tuesday", "The SDF ", ", the coal"),
        body="Contested: see [the earlier report](raqqa.md).",
        tags=("dispute",),
        by="mk",
        created="2017-02-08T14:21:05Z",
        replies=(Reply("Not by the agency.", "jo", "2017-02-09"),),
        state="anchored",
    )
    assert (file.text, file.notes, found) == (DIGEST, (note,), ())


def test_the_place_of_a_note_is_that_of_its_quotation() -> None:
    span = read_notes(FILE, PATH)[0].places["n1"]
    assert (span.path, span.line, span.column, span.excerpt.strip()[:6]) == (PATH, 7, 18, "quote:")


def test_the_digest_is_of_the_text_in_utf_8() -> None:
    assert text_digest("ß") == "sha256:cd3a7e92a9114307055e4a0583acd6549ec3bb6d7c10ecc6ce11ae3d76b3d7db"


def test_an_empty_file_has_no_notes_and_no_issues() -> None:
    assert (read_notes("", PATH)[0].notes, issues("")) == ((), [])


def test_a_quotation_may_be_just_its_words() -> None:
    assert read_notes("notes:\n- {id: n1, quote: the words, body: x}\n", PATH)[0].notes[0].quote == Quote("the words")


def test_a_file_may_begin_with_a_line_of_hyphens() -> None:
    file, found = read_notes("---\nnotes:\n- {id: n1, quote: a, body: x, foo: y}\n", PATH)
    assert (len(file.notes), [place(issue) for issue in found]) == (1, [("unknown-key", 3, 31)])


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_byte_order_mark_and_line_ends_of_windows_are_read_over(end: str) -> None:
    file, found = read_notes("\ufeff" + FILE.replace("\n", end), PATH)
    assert (len(file.notes), found, file.places["n1"].line) == (1, (), 7)


def test_accents_are_composed_as_those_of_articles_are() -> None:
    assert read_notes("notes:\n- {id: n1, quote: cafe\u0301, body: x}\n", PATH)[0].notes[0].quote.exact == "caf\u00e9"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("notes: [a: b", ("yaml", 2, 1)),
        ("- a\n", ("yaml", 1, 1)),
        ("text: x\n", ("front-matter-type", 1, 7)),
        ("notes: {}\n", ("front-matter-type", 1, 8)),
        ("notes:\n- 1\n", ("front-matter-type", 2, 3)),
        ("notes: []\nnote: 1\n", ("unknown-key", 2, 1)),
        ("notes: []\nnotes: []\n", ("duplicate-key", 2, 1)),
        ("notes: []\n---\nnotes: []\n", ("yaml", 2, 1)),
    ],
)
def test_a_file_that_is_no_notes_file_is_an_issue_at_its_place(text: str, found: tuple[str, int, int]) -> None:
    assert [place(issue) for issue in issues(text)] == [found]


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ("  body: true\n", ("front-matter-type", 6, 9)),
        ("  body: x\n  created: next week\n", ("wrong-date", 7, 12)),
        ("  body: x\n  state: lost\n", ("front-matter-type", 7, 10)),
        ("  body: x\n  tags: {a: b}\n", ("front-matter-type", 7, 9)),
        ("  body: x\n  replies: [{by: me}]\n", ("missing-key", 7, 13)),
        ("  body: x\n  layr: commentary\n", ("unknown-key", 7, 3)),
        ("  body: x\n- id: n1\n  quote: other\n  body: y\n", ("note-twice", 7, 7)),
        ("", ("missing-key", 3, 3)),
    ],
)
def test_a_wrong_value_is_an_issue_at_its_place(more: str, found: tuple[str, int, int]) -> None:
    assert [place(issue) for issue in one(more)] == [found]


@pytest.mark.parametrize("quote", ["", "{prefix: a}", "{exact: ''}", '" "'])
def test_a_note_without_words_is_an_issue_and_no_note(quote: str) -> None:
    found = read_notes(f"notes:\n- id: n1\n  quote: {quote}\n  body: x\n", PATH)
    assert (found[0].notes, [issue.span.line for issue in found[1]]) in [((), [2]), ((), [3])]


def test_a_motivation_that_is_none_is_named_with_the_nearest() -> None:
    found = one("  body: x\n", motivation="comenting")
    assert [(place(issue), issue.help) for issue in found] == [(("unknown-motivation", 4, 15), 'did you mean "commenting"?')]


@pytest.mark.parametrize("motivation", MOTIVATIONS)
def test_every_motivation_of_the_vocabulary_is_known(motivation: str) -> None:
    assert one("  body: x\n", motivation=motivation) == []


@pytest.mark.parametrize("motivation", ["highlighting", "bookmarking", "tagging", "identifying", "classifying"])
def test_what_speaks_by_being_there_needs_no_body(motivation: str) -> None:
    assert one("", motivation=motivation) == []


@given(st.text(max_size=200))
def test_any_text_can_be_read_as_a_notes_file(text: str) -> None:
    assert read_notes(text, PATH)[0].path == PATH
