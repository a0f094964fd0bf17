"""Notes are carried from an old text to a new one, and never placed on a guess."""

from __future__ import annotations

import time

import pytest

from sitegen.annotate.anchors import anchor, undecided
from sitegen.annotate.diff import pair
from sitegen.annotate.quotes import quote_of
from sitegen.errors import Span
from sitegen.model.notes import Anchored, Note, NotesFile, Quote, State

HARBOUR = "The cable was landed in the harbour on a Tuesday, and the whole parish came down to see it."
SHIP = "Her captain had sailed before the mast as a boy; he trusted the barometer and nothing else on board."
MONEY = "The directors met in London on the first of the month and voted the shareholders a small dividend."
WEATHER = "All that week the wind stood in the west, with rain, and the men could not work on the open deck."
OLD = "\n".join((HARBOUR, SHIP, MONEY, WEATHER))


def note(words: str, text: str = OLD, name: str = "n1", state: str = "") -> Note:
    start = text.index(words)
    return Note(id=name, quote=quote_of(text, start, start + len(words)), state=state)


def carried(words: str, new: str, old: str | None = OLD) -> Anchored:
    return anchor([note(words, old or OLD)], new, old)[0]


def words(found: Anchored, text: str) -> str:
    return text[found.start : found.end]


def test_in_the_same_text_a_note_stays_where_it_was() -> None:
    found = carried("barometer", OLD)
    assert (found.state, found.start) == (State.ANCHORED, OLD.index("barometer"))


def test_text_in_front_moves_a_note_along() -> None:
    new = "A new first paragraph, which says the same things.\n" + OLD
    assert words(carried("barometer", new), new) == "barometer"


def test_a_moved_paragraph_takes_its_notes_along() -> None:
    new = "\n".join((SHIP, HARBOUR, WEATHER, MONEY))
    found = carried("voted the shareholders", new)
    assert (words(found, new), found.why) == ("voted the shareholders", "its paragraph was moved")


def test_a_moved_paragraph_is_found_where_it_was_joined_to_another() -> None:
    new = "\n".join((MONEY + " " + HARBOUR, SHIP, WEATHER))
    assert words(carried("voted the shareholders", new), new) == "voted the shareholders"


def test_words_beside_the_quotation_may_change() -> None:
    new = OLD.replace("he trusted the barometer and nothing", "he trusted his old barometer, and hardly anything")
    assert words(carried("barometer", new), new) == "barometer"


def test_a_paragraph_may_be_split_within_the_quotation() -> None:
    new = OLD.replace("as a boy; he trusted", "as a boy;\nhe trusted")
    assert words(carried("a boy; he trusted", new), new) == "a boy;\nhe trusted"


def test_two_paragraphs_may_be_joined_within_the_quotation() -> None:
    new = OLD.replace("see it.\nHer captain", "see it. Her captain")
    assert words(carried("to see it.\nHer captain", new), new) == "to see it. Her captain"


def test_quotation_marks_may_change_their_shape() -> None:
    old = OLD.replace("nothing else", "'nothing' else")
    new = old.replace("'nothing'", "‘nothing’")
    assert words(carried("the barometer and 'nothing' else", new, old), new) == "the barometer and ‘nothing’ else"


def test_reworded_words_are_proposed_and_not_placed() -> None:
    new = OLD.replace("the barometer", "his two watches")
    found = carried("trusted the barometer and", new)
    assert found.state is State.REVIEW
    assert [new[start:end] for start, end in found.proposals] == ["trusted his two watches and"]


def test_words_that_were_taken_out_leave_an_orphan() -> None:
    new = OLD.replace(" on the first of the month", "")
    assert carried("on the first of the month", new).state is State.ORPHAN


def test_a_paragraph_that_was_taken_out_leaves_orphans() -> None:
    found = carried("a small dividend", "\n".join((HARBOUR, SHIP, WEATHER)))
    assert (found.state, found.start, found.end) == (State.ORPHAN, -1, -1)


def test_a_near_duplicate_does_not_attract_a_note() -> None:
    near = SHIP.replace("a boy", "a child")
    for new in (f"{near}\n{OLD}", f"{OLD}\n{near}", OLD.replace(SHIP, f"{SHIP}\n{near}"), OLD.replace(SHIP, f"{near}\n{SHIP}")):
        assert carried("trusted the barometer", new).start == new.index(SHIP) + SHIP.index("trusted the barometer")


def test_a_near_duplicate_is_only_proposed_where_the_original_is_gone() -> None:
    near = SHIP.replace("a boy", "a child")
    new = "\n".join((HARBOUR, MONEY, WEATHER, near))
    found = carried("trusted the barometer", new)
    assert (found.state, [new[a:b] for a, b in found.proposals]) == (State.REVIEW, ["trusted the barometer"])


def test_words_reworded_in_place_are_not_looked_for_in_a_near_duplicate() -> None:
    near = SHIP.replace("a boy", "a child")
    new = OLD.replace("trusted the barometer", "believed in the glass") + "\n" + near
    assert carried("trusted the barometer", new).state is not State.ANCHORED


def test_two_copies_side_by_side_that_both_changed_are_ambiguous() -> None:
    new = OLD.replace(SHIP, SHIP.replace("a boy", "a child") + "\n" + SHIP.replace("on board", "aboard"))
    assert carried("trusted the barometer", new).state is State.AMBIGUOUS


def test_the_same_words_elsewhere_in_a_changed_paragraph_are_not_taken() -> None:
    old = f"{HARBOUR}\nThe Eastern Telegraph Company bought the ship, and the Eastern Telegraph Company sold her.\n{MONEY}"
    new = old.replace("The Eastern Telegraph Company bought", "A rival bought")
    first = old.index("Eastern")
    made = Note("n1", quote_of(old, first, first + len("Eastern")))
    assert anchor([made], new, old)[0].state is not State.ANCHORED


def test_of_equal_paragraphs_each_keeps_its_notes() -> None:
    old = f"{HARBOUR}\nThe same words stand here again.\n{SHIP}\nThe same words stand here again.\n{MONEY}"
    second = old.rindex("same words")
    made = Note("n1", quote_of(old, second, second + len("same words")))
    new = "First a word.\n" + old
    assert anchor([made], new, old)[0].start == new.rindex("same words")


def test_a_short_line_that_turns_up_elsewhere_is_not_taken_for_the_one_that_went() -> None:
    old = f"{HARBOUR}\n1871\n{SHIP}\n{MONEY}"
    found = anchor(
        [Note("n1", quote_of(old, old.index("1871"), old.index("1871") + 4))], f"{HARBOUR}\n{SHIP}\n{MONEY}\n1871", old
    )
    assert found[0].state is not State.ANCHORED


# Without the old text.


def test_without_the_old_text_quotation_and_context_place_a_note() -> None:
    new = "\n".join((WEATHER, SHIP, HARBOUR))
    assert words(carried("barometer", new, None), new) == "barometer"


def test_without_the_old_text_two_places_with_the_same_context_are_ambiguous() -> None:
    new = f"{OLD}\n{SHIP}"
    found = carried("barometer", new, None)
    assert (found.state, len(found.proposals)) == (State.AMBIGUOUS, 2)


def test_without_the_old_text_words_in_another_context_are_proposed() -> None:
    new = f"{HARBOUR}\nNobody knows who sold him that barometer in the end.\n{MONEY}"
    found = carried("barometer", new, None)
    assert (found.state, [new[a:b] for a, b in found.proposals]) == (State.REVIEW, ["barometer"])


def test_without_the_old_text_something_like_the_quotation_is_proposed() -> None:
    new = OLD.replace("nothing else on board", "nobody else on board")
    found = carried("the barometer and nothing else on board", new, None)
    assert (found.state, [new[a:b] for a, b in found.proposals]) == (State.REVIEW, ["the barometer and nobody else on board"])


def test_without_the_old_text_words_that_are_nowhere_leave_an_orphan() -> None:
    assert carried("the barometer and nothing else on board", HARBOUR, None).state is State.ORPHAN


def test_a_quotation_without_context_is_placed_where_its_words_stand_once() -> None:
    assert anchor([Note("n1", Quote("barometer"))], OLD)[0].state is State.ANCHORED


def test_a_quotation_is_not_found_within_a_word() -> None:
    assert anchor([Note("n1", Quote("meter"))], OLD)[0].state is State.ORPHAN


def test_a_quotation_may_cut_a_word_where_its_context_says_so() -> None:
    assert anchor([Note("n1", Quote("meter", prefix="the baro"))], OLD)[0].state is State.ANCHORED


def test_white_space_at_the_ends_of_a_context_does_not_count() -> None:
    assert anchor([Note("n1", Quote("the", prefix="trusted", suffix="barometer"))], OLD)[0].start == OLD.index("the barometer")


# What waits for a person.


@pytest.mark.parametrize("old", [OLD, None])
def test_a_note_that_waits_for_a_person_is_not_placed_by_its_words(old: str | None) -> None:
    found = anchor([note("barometer", state="orphan")], OLD, old)[0]
    assert (found.state, found.proposals) == (State.REVIEW, ((OLD.index("barometer"), OLD.index("barometer") + 9),))


def test_that_a_file_calls_a_note_anchored_is_not_believed() -> None:
    assert anchor([note("barometer", state="anchored")], MONEY, OLD)[0].state is State.ORPHAN


def test_a_quotation_corrected_after_the_edit_is_found_in_the_new_text() -> None:
    new = OLD.replace("barometer", "weather glass")
    assert words(anchor([Note("n1", Quote("weather glass"))], new, OLD)[0], new) == "weather glass"


def test_a_quotation_that_fitted_two_places_stays_in_doubt_where_one_of_them_goes() -> None:
    assert anchor([Note("n1", Quote("on"))], f"{SHIP}\n{WEATHER.replace(' on ', ' upon ')}", OLD)[0].state is State.AMBIGUOUS


def test_each_undecided_note_is_an_issue_at_its_quotation() -> None:
    span = Span("a.notes.yaml", 4, 10)
    states = (State.ANCHORED, State.REVIEW, State.AMBIGUOUS, State.ORPHAN)
    results = [Anchored(str(state), state, "why", proposals=((0, 9),)) for state in states]
    found = list(undecided(NotesFile("a.notes.yaml", places={"review": span}), results, OLD))
    assert [issue.code for issue in found] == ["note-review", "note-ambiguous", "note-orphan"]
    assert (found[0].span, '"The cable"' in found[0].help) == (span, True)


# The parts.


def test_paragraphs_that_only_resemble_each_other_tell_which_one_moved() -> None:
    old = ["a", "b changed", "c changed", "d changed"]
    new = ["b", "c", "d", "a"]
    found = pair(old, new, lambda olds, news: [(1, 0), (2, 1), (3, 2)])
    assert (found.kept, found.alike) == ((), ((1, 0), (2, 1), (3, 2)))


def test_a_quotation_takes_more_context_where_its_words_repeat() -> None:
    text = "one two three four five six seven. " * 3 + "the end"
    start = text.index("four", 40)
    quote = quote_of(text, start, start + 4)
    assert text.count(quote.prefix + quote.exact + quote.suffix) == 1


def test_a_quotation_of_a_unique_word_keeps_its_context_within_the_paragraph() -> None:
    assert carried("barometer", OLD).start > 0 and "\n" not in str(note("trusted the barometer").quote)


# Speed.


def timed(size: int) -> float:
    old = "\n".join(f"{i} {line}" for i in range(size) for line in (HARBOUR, SHIP, MONEY, WEATHER))
    new = "\n".join(f"{line[:30]} more {line[30:]}" if i % 3 else line for i, line in enumerate(old.split("\n")))
    notes = [note(f"{i} {HARBOUR[:20]}", old, str(i)) for i in range(0, size, max(1, size // 20))]
    best = 60.0
    for _ in range(3):
        began = time.process_time()
        anchor(notes, new, old)
        best = min(best, time.process_time() - began)
    return best


def test_time_grows_with_the_length_of_the_text_and_not_with_its_square() -> None:
    assert timed(800) < 30 * max(0.002, timed(80))


def test_an_article_of_five_kilobytes_with_twenty_notes_takes_a_few_milliseconds() -> None:
    assert timed(14) < 0.1  # 3 ms where nothing else runs
