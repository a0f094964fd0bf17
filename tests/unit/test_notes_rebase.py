"""What `sitegen notes rebase` writes: the least edit that says what became of the anchors."""

from __future__ import annotations

import difflib

import pytest

from sitegen.annotate.anchors import anchor
from sitegen.annotate.rebase import accepted, add, rebase
from sitegen.errors import SiteError
from sitegen.model.notes import Note, Quote, Reply, State, read_notes, text_digest

PATH = "a.notes.yaml"
OLD = "The SDF took Raqqa on Tuesday, the coalition said.\nIt is gone now.\nNobody was there."
NEW = "Say that the SDF took Raqqa on Tuesday, as the coalition said.\nNobody was there."
FILE = f"""# our notes
notes:   # first the notes

# about the date
- id: n1   # the first
  # on top
  layer: commentary
  quote: {{exact: took Raqqa on Tuesday, prefix: "The SDF ", suffix: ", the coal"}}   # words
  body: "Contested: see [the earlier report](raqqa.md)."
- id: n2
  quote:
    exact: |
      the coalition said
    suffix:
  body: >-
    folded
    text
- {{id: n3, quote: {{exact: "is gone", prefix: 'It '}}, body: x, state: anchored}}
- id: n4
  quote: Nobody
  body: y
text: "{text_digest(OLD)}"  # digest
"""


def rebased(file: str = FILE, new: str = NEW, old: str = OLD) -> str:
    return rebase(file, PATH, anchor(read_notes(file, PATH)[0].notes, new, old), new)


def changed(file: str, made: str) -> list[str]:
    return [line for line in difflib.ndiff(file.splitlines(), made.splitlines()) if line[0] in "+-"]


def test_only_what_has_moved_is_written() -> None:
    assert changed(FILE, rebased()) == [
        '-   quote: {exact: took Raqqa on Tuesday, prefix: "The SDF ", suffix: ", the coal"}   # words',
        '+   quote: {exact: took Raqqa on Tuesday, prefix: "Say that the SDF ", suffix: ", as the coalition said."}   # words',
        "- - {id: n3, quote: {exact: \"is gone\", prefix: 'It '}, body: x, state: anchored}",
        "+ - {id: n3, quote: {exact: \"is gone\", prefix: 'It '}, body: x, state: orphan}",
        f'- text: "{text_digest(OLD)}"  # digest',
        f'+ text: "{text_digest(NEW)}"  # digest',
    ]


@pytest.mark.parametrize("change", [lambda s: s.replace("\n", "\r\n"), lambda s: "\ufeff" + s, lambda s: s.rstrip("\n")])
def test_line_ends_and_byte_order_marks_stay(change) -> None:  # type: ignore[no-untyped-def]
    assert rebased(change(FILE)) == change(rebased())


def test_what_was_written_once_is_not_written_again() -> None:
    once = rebased()
    assert rebased(once, NEW, NEW) == once


def test_a_file_whose_text_has_not_changed_stays_byte_for_byte() -> None:
    assert rebased(FILE, OLD, OLD) == FILE


def test_a_note_that_lost_its_words_gets_a_state_behind_its_id_and_the_context_that_it_had() -> None:
    made = rebased(f"text: {text_digest(OLD)}\nnotes:\n- id: n1  # one\n  quote: is gone\n  body: x\n")
    assert '- id: n1  # one\n  state: orphan\n  quote: {exact: "is gone", prefix: "It ", suffix: " now."}\n' in made


def test_a_note_that_lost_its_words_is_not_placed_by_a_later_text_that_has_them() -> None:
    once = rebased(f"text: {text_digest(OLD)}\nnotes:\n- {{id: n1, quote: is gone, body: x}}\n")
    assert anchor(read_notes(once, PATH)[0].notes, OLD, NEW)[0].state is State.REVIEW


def test_a_proposal_that_a_person_took_is_written_as_the_quotation() -> None:
    file = f"text: {text_digest(OLD)}\nnotes:\n- {{id: n1, state: review, quote: the coalition said, body: x}}\n"
    found = anchor(read_notes(file, PATH)[0].notes, NEW, OLD)[0]
    made = rebase(file, PATH, [accepted(found)], NEW)
    assert ("state: anchored" in made, anchor(read_notes(made, PATH)[0].notes, NEW)[0].state) == (True, State.ANCHORED)


def test_a_quotation_whose_words_repeat_gets_the_context_that_tells_them_apart() -> None:
    new = NEW + "\nNobody knew."
    made = rebased(FILE, new)
    assert 'quote: {exact: "Nobody", suffix: " was there."}' in made


def test_a_file_without_a_digest_gets_one_on_top() -> None:
    made = rebased("# mine\nnotes:\n- {id: n1, quote: Nobody, body: x}\n")
    assert made == f"# mine\ntext: {text_digest(NEW)}\nnotes:\n- {{id: n1, quote: Nobody, body: x}}\n"


def test_an_empty_file_stays_empty() -> None:
    assert rebased("# nothing yet\n") == "# nothing yet\n"


def test_a_file_that_is_no_yaml_is_not_touched() -> None:
    with pytest.raises(SiteError, match="not valid YAML"):
        rebase("notes: [a: b", PATH, [], NEW)


# New notes.

ODD = Note(
    id="w 1",
    quote=Quote("took: 'x' \"y\"\nz", "a "),
    body="multi\n\n  line\nbody: x",
    layer="desk",
    tags=("a, b", "true", "12"),
    by="me",
    created="2020",
    replies=(Reply("one\ntwo", "x"), Reply("- no list")),
)


@pytest.mark.parametrize(
    "file",
    ["", "# empty\n", "# empty", FILE, FILE.rstrip("\n"), "notes: []  # none\ntext: \n", "notes:\n",
     f"text: {text_digest(OLD)}\n", FILE.replace("\n", "\r\n"), "notes:\n  - id: n1\n    quote: a\n    body: x\n"],
)  # fmt: skip
def test_added_notes_read_back_as_they_were(file: str) -> None:
    made = add(file, PATH, [ODD], NEW)
    assert read_notes(made, PATH)[0].notes == (*read_notes(file, PATH)[0].notes, ODD)


def test_adding_notes_leaves_the_rest_of_the_file() -> None:
    assert all(line.startswith("+") for line in changed(FILE, add(FILE, PATH, [ODD], NEW)))


def test_a_note_whose_id_is_taken_is_not_added() -> None:
    with pytest.raises(SiteError, match='already has a note "n1"'):
        add(FILE, PATH, [Note("n1", Quote("x"))], NEW)
