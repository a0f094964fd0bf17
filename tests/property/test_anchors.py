"""Whatever is done to a text, a note that is said to be anchored stands on its own words."""

from __future__ import annotations

import json
import time
from itertools import pairwise
from unicodedata import normalize

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from sitegen.annotate.anchors import anchor
from sitegen.annotate.diff import pair
from sitegen.annotate.quotes import places, quote_of
from sitegen.annotate.rebase import add, rebase
from sitegen.annotate.webannotation import place, read
from sitegen.errors import SiteError
from sitegen.model.notes import Note, Quote, Reply, State, read_notes, text_digest
from sitegen.model.text import fold

WORDS = st.sampled_from(
    "the a of cable ship harbour captain London Raqqa it was laid sold “quoted” don't 1871 – é 電報 🙂".split()
)
SENTENCE = st.lists(WORDS, min_size=1, max_size=14).map(lambda words: " ".join(words) + ".")
PARAGRAPH = st.lists(SENTENCE, min_size=1, max_size=3).map(" ".join)
PARAGRAPHS = st.lists(PARAGRAPH, min_size=1, max_size=8)
TEXT = PARAGRAPHS.map("\n".join)
# Characters that files keep; composed, as the reader composes them.
CHARACTERS = st.characters(exclude_categories=["Cs", "Cc"], max_codepoint=0x1F6FF)
PLAIN = st.text(CHARACTERS, max_size=30).map(lambda text: normalize("NFC", text))


@st.composite
def noted(draw: st.DrawFn, texts: st.SearchStrategy[str] = TEXT) -> tuple[str, int, int, Note]:
    """A text and a note on some of it, quoted as rebase quotes."""
    text = draw(texts)
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, min(len(text), start + 120)))
    assume(text[start:end].strip() == text[start:end])
    return text, start, end, Note("n1", quote_of(text, start, end), "x")


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, str, Note]:
    """A text, what some edits made of it, and a note on the old one."""
    old, _, _, note = draw(noted())
    lines = old.split("\n")
    for _ in range(draw(st.integers(0, 6))):
        i, j = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines)))
        match draw(st.integers(0, 5)):
            case 0:
                lines.insert(j, draw(PARAGRAPH))
            case 1:
                lines.insert(j, lines[i])
            case 2:
                lines.insert(min(j, len(lines) - 1), lines.pop(i))
            case 3 if len(lines) > 1:
                del lines[i]
            case 4:
                lines[i] = lines[i].replace(draw(WORDS), draw(WORDS), 1)
            case _:
                lines[i] = lines[i].replace(" ", draw(st.sampled_from(["\n", " new ", ""])), 1)
    return old, "\n".join(lines), note


@settings(max_examples=200, deadline=None)
@given(noted())
def test_in_the_same_text_every_note_is_anchored_where_it_was_made(made):
    text, start, end, note = made
    for old in (text, None):
        found = anchor([note], text, old)[0]
        assert (found.state, found.start, found.end) == (State.ANCHORED, start, end)


@settings(max_examples=300, deadline=None)
@given(edited(), st.booleans())
@example(("the the", "the", Note("n1", Quote("the", "the "), "x")), True)
def test_what_is_anchored_stands_on_its_own_words(made, known):
    old, new, note = made
    found = anchor([note], new, old if known else None)[0]
    if found.state is State.ANCHORED:
        assert fold(new[found.start : found.end]) == fold(note.quote.exact)
        assert not found.proposals
    else:
        assert (found.start, found.end) == (-1, -1)
    assert all(0 <= start < end <= len(new) for start, end in found.proposals)


@settings(max_examples=200, deadline=None)
@given(noted(), PARAGRAPHS, PARAGRAPHS)
def test_other_paragraphs_before_and_behind_never_move_a_note_off_its_words(made, before, behind):
    old, start, end, note = made
    lines = old.split("\n")
    assume(not set(lines) & {*before, *behind} and len(set(lines)) == len(lines))
    new = "\n".join([*before, old, *behind])
    shift = len("\n".join([*before, ""]))
    found = anchor([note], new, old)[0]
    assert (found.state, found.start, found.end) == (State.ANCHORED, start + shift, end + shift)


@settings(max_examples=300, deadline=None)
@given(noted(), st.data())
def test_a_paragraph_edited_beside_a_note_does_not_place_it_elsewhere(made, data):
    old, start, end, note = made
    at = data.draw(st.one_of(st.integers(0, start), st.integers(end, len(old))))
    new = old[:at] + " Wholly new words here, " + old[at:]
    shift = len(new) - len(old) if at <= start else 0
    found = anchor([note], new, old)[0]
    assert found.state is not State.ANCHORED or (found.start, found.end) == (start + shift, end + shift)


@settings(max_examples=300, deadline=None)
@given(PARAGRAPHS, st.randoms())
def test_paragraphs_in_another_order_take_their_notes_along(paragraphs, rng):
    paragraphs = [f"{i} begins here, then {paragraph}" for i, paragraph in enumerate(paragraphs)]
    old, shuffled = "\n".join(paragraphs), paragraphs[:]
    rng.shuffle(shuffled)
    new = "\n".join(shuffled)
    for paragraph in paragraphs:
        start = old.index(paragraph)
        note = Note("n1", quote_of(old, start + 2, start + len(paragraph)), "x")
        found = anchor([note], new, old)[0]
        assert (found.state, found.start) == (State.ANCHORED, new.index(paragraph) + 2)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from("abcdef"), max_size=12), st.lists(st.sampled_from("abcdef"), max_size=12), st.data())
def test_pairs_of_paragraphs_are_the_same_and_in_order(old, new, data):
    numbers = st.tuples(st.integers(0, max(0, len(old) - 1)), st.integers(0, max(0, len(new) - 1)))
    alike = data.draw(st.lists(numbers, max_size=6)) if old and new else []
    found = pair(old, new, lambda olds, news: [(i, j) for i, j in alike if i not in olds and j not in news])
    assert all(old[i] == new[j] for i, j in (*found.kept, *found.moved.items()))
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(found.kept))
    assert len({j for _, j in found.kept} | set(found.moved.values())) == len(found.kept) + len(found.moved)
    for i in set(range(len(old))) - dict(found.kept).keys():
        (first, last), (new_first, new_last) = found.rooms(i, len(old), len(new))
        assert 0 <= first <= i < last <= len(old) and 0 <= new_first <= new_last <= len(new)


# Quotations.


@settings(max_examples=200, deadline=None)
@given(noted())
def test_a_quotation_fits_the_place_it_was_made_at_and_no_other(made):
    text, start, _, note = made
    assert places(fold(text), note.quote)[0] == [start]


# The file.

QUOTE = st.builds(Quote, PLAIN.map(str.strip).filter(bool), PLAIN, PLAIN)
REPLY = st.builds(
    Reply, PLAIN.map(str.strip).filter(bool), PLAIN.map(str.strip), st.sampled_from(["", "2017", "2017-02-08T14:21Z"])
)
BODY = st.lists(PLAIN, min_size=1, max_size=4).map("\n".join).map(str.strip).filter(bool)
NOTE = st.builds(
    Note,
    id=PLAIN.map(str.strip).filter(bool),
    quote=QUOTE,
    body=BODY,
    layer=st.sampled_from(["commentary", "no", "12", "a: b"]),
    tags=st.lists(PLAIN.map(str.strip).filter(bool), max_size=3).map(tuple),
    by=PLAIN.map(str.strip),
    replies=st.lists(REPLY, max_size=2).map(tuple),
    state=st.sampled_from(["", *State]),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(NOTE, min_size=1, max_size=3, unique_by=lambda note: note.id))
def test_any_notes_that_are_written_read_back_as_they_were(notes):
    assert read_notes(add("", "a", notes, ""), "a")[0].notes == tuple(notes)


@settings(max_examples=300, deadline=None)
@given(edited(), st.sampled_from(["", "# above\n"]), st.sampled_from(["  ", "    "]), st.sampled_from(["'", '"', ""]))
def test_a_rebased_file_says_what_was_found_and_settles(made, comment, indent, sign):
    old, new, note = made
    exact = "quote: " + (
        f"{sign}{note.quote.exact}{sign}"
        if sign and sign not in note.quote.exact + "\n"
        else json.dumps(note.quote.exact, ensure_ascii=False)
    )
    source = (
        f"{comment}text: {text_digest(old)}\nnotes: # all\n-{indent[1:]}id: n1 # one\n{indent}{exact}\n{indent}body: x # end\n"
    )
    assume("\n" not in note.quote.exact)
    notes = read_notes(source, "a")[0].notes
    found = anchor(notes, new, old)
    written = rebase(source, "a", found, new)
    again = read_notes(written, "a")[0]
    assert again.text == text_digest(new) and written.startswith(comment) and written.endswith("body: x # end\n")
    settled = anchor(again.notes, new, new)[0]
    if found[0].state is State.ANCHORED:
        assert (settled.state, settled.start, settled.end) == (State.ANCHORED, found[0].start, found[0].end)
    else:
        assert settled.state is not State.ANCHORED
    assert rebase(written, "a", anchor(again.notes, new, new), new) == written or found[0].state is not State.ANCHORED


# From elsewhere.

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from("id type target body selector exact prefix start end value items source text".split()), inner
        )
    ),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from("id target body motivation creator tags references created text uri".split()), JSON))
def test_any_json_is_read_or_refused(item):
    try:
        notes, issues = place(read(json.dumps({"target": None} | item), "a.json"), "some text", "a.json")
    except SiteError:
        return
    assert len(notes) + len(issues) <= 1


# Speed.


def spent(lines: int, change) -> float:
    old = "\n".join(f"{i} the captain of the {i % 97} ships sailed for London with {i % 13} bales of wool" for i in range(lines))
    new = "\n".join(change(i, line) for i, line in enumerate(old.split("\n")))
    step = max(1, lines // 20)
    spots = [old.index(f"\n{i} the captain") + 1 for i in range(1, lines, step)]
    notes = [Note(str(at), quote_of(old, at, at + 16)) for at in spots]
    best = 60.0
    for _ in range(3):
        began = time.process_time()
        anchor(notes, new, old)
        best = min(best, time.process_time() - began)
    return best


@pytest.mark.parametrize(
    "change",
    [
        lambda i, line: line,
        lambda i, line: line.replace("captain", "master"),
        lambda i, line: "the same again" if i % 2 else line,
        lambda i, line: line[::-1],
    ],
    ids=["the same", "every line", "every other line the same", "all else"],
)
def test_ten_times_the_text_takes_about_ten_times_the_time(change):
    assert spent(4000, change) < 35 * max(0.004, spent(400, change))
