"""Notes from other programs, and back: what does not anchor is listed, never guessed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sitegen.annotate.anchors import anchor
from sitegen.annotate.standoff import from_brat, from_doccano
from sitegen.annotate.webannotation import export, place, read
from sitegen.errors import Issue, SiteError
from sitegen.model.mention import Mention
from sitegen.model.notes import Note, Quote, Reply, State

TEXT = "The SDF took Raqqa on Tuesday, the coalition said.\nThe city had been held since 2014.\nThe coalition said no more."
PATH = "export.json"
PAGE = "https://example.org/articles/raqqa/"


def hypothesis(**more: Any) -> dict[str, Any]:
    """An annotation as Hypothesis' API and its export give it."""
    path = {"startContainer": "/main[1]/p[1]", "endContainer": "/main[1]/p[1]", "startOffset": 8, "endOffset": 29}
    selectors = [
        {"type": "RangeSelector"} | path,
        {"type": "TextPositionSelector", "start": 1508, "end": 1529},
        {"type": "TextQuoteSelector", "exact": "took Raqqa on Tuesday", "prefix": "\n      The SDF ", "suffix": ", the coal"},
    ]
    return {
        "id": "Ab3-xyz_1", "created": "2017-02-08T14:21:05.123456+00:00", "user": "acct:mk@hypothes.is", "uri": PAGE,
        "text": "Contested.", "tags": ["dispute"], "target": [{"source": PAGE, "selector": selectors}],
    } | more  # fmt: skip


def recogito(**more: Any) -> dict[str, Any]:
    """An annotation as RecogitoJS gives it: no context."""
    bodies = [
        {"type": "TextualBody", "value": "Contested.", "purpose": "commenting", "creator": {"id": "u1", "name": "mk"}},
        {"type": "TextualBody", "value": "Not by the agency.", "purpose": "replying", "creator": {"name": "jo"}},
        {"type": "TextualBody", "value": "dispute", "purpose": "tagging"},
    ]
    selectors = [{"type": "TextQuoteSelector", "exact": "Raqqa"}, {"type": "TextPositionSelector", "start": 13, "end": 18}]
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld", "type": "Annotation", "id": "#fc2ee6cc-fa3f-4e77-a20e-4e0c8a5cbd3d",
        "body": bodies, "target": {"selector": selectors},
    } | more  # fmt: skip


def imported(*items: Any, text: str = TEXT) -> tuple[tuple[Note, ...], tuple[Issue, ...]]:
    return place(read(json.dumps(list(items)), PATH), text, PATH)


def quoted(exact: str, position: tuple[int, int] | None = None, **context: str) -> dict[str, Any]:
    selectors: list[dict[str, Any]] = [{"type": "TextQuoteSelector", "exact": exact} | context]
    if position:
        selectors.append({"type": "TextPositionSelector", "start": position[0], "end": position[1]})
    return {"type": "Annotation", "id": "x", "body": "A note.", "target": {"source": PAGE, "selector": selectors}}


def test_an_annotation_of_hypothesis_is_a_note() -> None:
    assert imported(hypothesis())[0] == (
        Note(
            id="Ab3-xyz_1",
            quote=Quote("took Raqqa on Tuesday", "The SDF ", ", the coalition said."),
            body="Contested.",
            tags=("dispute",),
            by="mk",
            created="2017-02-08T14:21:05+00:00",
        ),
    )


def test_the_json_ld_of_hypothesis_is_the_same_note() -> None:
    bodies = [
        {"type": "TextualBody", "value": "Contested.", "format": "text/markdown"},
        {"type": "TextualBody", "purpose": "tagging", "value": "dispute"},
    ]
    item = {key: value for key, value in hypothesis().items() if key in ("created", "target")}
    item |= {"id": "https://hypothes.is/a/Ab3-xyz_1", "type": "Annotation", "creator": "acct:mk@hypothes.is", "body": bodies}
    assert imported(item) == imported(hypothesis())


def test_a_reply_in_hypothesis_goes_to_the_note_it_answers() -> None:
    reply = hypothesis(
        id="r1", text="Not by the agency.", user="acct:jo@hypothes.is", references=["Ab3-xyz_1"], target=[{"source": PAGE}]
    )
    assert [note.replies for note in imported(reply, hypothesis())[0]] == [
        (Reply("Not by the agency.", "jo", "2017-02-08T14:21:05+00:00"),)
    ]


def test_an_annotation_of_recogito_is_a_note_with_its_replies() -> None:
    (note,), _ = imported(recogito())
    assert (note.quote.exact, note.body, note.tags, note.by, note.replies) == (
        "Raqqa",
        "Contested.",
        ("dispute",),
        "mk",
        (Reply("Not by the agency.", "jo"),),
    )


def test_an_id_that_is_no_plain_word_is_made_short_and_stays_the_same() -> None:
    first, second = (imported(recogito(id="urn:x " + "é" * 60))[0][0].id for _ in range(2))
    assert first == second and first.startswith("w-")


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda item: item,
        lambda item: [item],
        lambda item: {"type": "AnnotationPage", "items": [item]},
        lambda item: {"type": "AnnotationCollection", "first": {"items": [item]}},
        lambda item: {"export_date": "2024", "annotations": [item]},
        lambda item: {"total": 1, "rows": [item]},
    ],
)
def test_annotations_are_found_in_every_wrapping(wrapped: Any) -> None:
    assert len(read(json.dumps(wrapped(recogito())), PATH)) == 1


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("A note.", "A note."),
        ({"type": "TextualBody", "value": "A note."}, "A note."),
        (["One.", {"value": "Two."}], "One.\n\nTwo."),
        ({"type": "SpecificResource", "source": "https://example.org/x"}, "<https://example.org/x>"),
        ([], ""),
    ],
)
def test_a_body_may_have_any_form_of_the_model(body: Any, said: str) -> None:
    assert imported(quoted("Raqqa") | {"body": body})[0][0].body == said


@pytest.mark.parametrize(
    ("more", "motivation"),
    [
        ({"motivation": "questioning"}, "questioning"),
        ({"motivation": ["oa:describing"]}, "describing"),
        ({"motivation": "painting"}, "commenting"),
        ({"body": []}, "highlighting"),
        ({"body": [{"purpose": "tagging", "value": "x"}]}, "tagging"),
    ],
)
def test_a_motivation_is_kept_or_told_by_what_there_is(more: dict[str, Any], motivation: str) -> None:
    assert imported(quoted("Raqqa") | more)[0][0].motivation == motivation


# Where.


def test_white_space_of_another_layout_does_not_count() -> None:
    item = quoted("coalition said.\n\n        The city had", prefix="Tuesday,\n  the ", suffix="\tbeen")
    assert imported(item)[0][0].quote.exact == "coalition said.\nThe city had"


def test_the_position_tells_which_of_several_places_where_the_words_stand_there() -> None:
    second = TEXT.rindex("coalition")
    assert imported(quoted("coalition", (second, second + 9)))[0][0].quote.prefix == "The "


@pytest.mark.parametrize(
    ("item", "why"),
    [
        (quoted("took Mosul"), "does not have these words"),
        (quoted("coalition"), "stand there 2 times"),
        (quoted("coalition", (5, 14)), "stand there 2 times"),
        (quoted("Raqqa", prefix="in the ruins of ", suffix=" they found him"), "in another context"),
        (quoted("aqq"), "does not have these words"),
        ({"target": {"source": PAGE, "selector": {"type": "TextPositionSelector", "start": 4, "end": 7}}}, "no quotation"),
        ({"target": PAGE, "body": "On the whole page."}, "no quotation"),
    ],
)
def test_what_does_not_anchor_is_listed(item: dict[str, Any], why: str) -> None:
    notes, issues = imported(item)
    assert (notes, [issue.code for issue in issues], why in issues[0].message) == ((), ["not-anchored"], True)


@pytest.mark.parametrize("data", ["", "{", "[]", "3", '{"items": []}', "[" * 100_000])
def test_a_file_without_annotations_is_a_clear_error(data: str) -> None:
    with pytest.raises(SiteError, match="export"):
        read(data, PATH)


# Back again.


def exported() -> dict[str, Any]:
    notes, _ = imported(hypothesis(), recogito())
    notes = (notes[0], Note(**{name: getattr(notes[1], name) for name in notes[1].__struct_fields__} | {"id": "r1"}))
    mention = Mention(TEXT.index("Raqqa"), TEXT.index("Raqqa") + 5, "places/raqqa")
    return export(notes, anchor(notes, TEXT), [mention], TEXT, PAGE, lambda record: f"https://example.org/{record}/")


def test_an_export_carries_both_selectors() -> None:
    for item in exported()["items"]:
        if item["motivation"] != "replying":
            quotation, position = item["target"]["selector"]
            assert TEXT[position["start"] : position["end"]] == quotation["exact"]
            assert quotation["prefix"] + quotation["exact"] + quotation["suffix"] in TEXT


def test_a_mention_is_exported_as_identifying_its_record() -> None:
    item = exported()["items"][-1]
    assert (item["motivation"], item["body"]["source"]) == ("identifying", "https://example.org/places/raqqa/")


def test_what_was_exported_is_imported_as_the_same_notes() -> None:
    items = [item for item in exported()["items"] if item["motivation"] != "identifying"]
    notes, issues = imported(*items)
    (first, second), _ = imported(hypothesis(), recogito())
    assert issues == ()
    assert [(note.quote, note.body, note.tags, note.by) for note in notes] == [
        (note.quote, note.body, note.tags, note.by) for note in (first, second)
    ]
    assert [reply.body for note in notes for reply in note.replies] == ["Not by the agency."]


def test_a_note_that_is_not_anchored_is_not_exported() -> None:
    note = Note("n1", Quote("nowhere"), "x")
    assert anchor([note], TEXT)[0].state is State.ORPHAN
    assert export([note], anchor([note], TEXT), [], TEXT, PAGE, str)["items"] == []


# brat and doccano.

ANN = """\
T1\tPlace 13 18\tRaqqa
#1\tAnnotatorNotes T1\tIn Syria.
T2\tOrg 4 7;35 44\tSDF coalition
T3\tPlace 4 7\tSDX
R1\tIn Arg1:T1 Arg2:T2
"""


def test_an_entity_of_brat_is_a_note_with_its_label_as_tag() -> None:
    notes, _ = from_brat(ANN, TEXT + "\n", "a.ann", TEXT)
    assert [(note.id, note.quote.exact, note.tags, note.body) for note in notes] == [("T1", "Raqqa", ("Place",), "In Syria.")]


def test_an_entity_of_brat_in_parts_or_with_other_words_is_listed() -> None:
    _, issues = from_brat(ANN, TEXT, "a.ann", TEXT)
    assert [(issue.code, issue.span.line) for issue in issues] == [("not-anchored", 3), ("not-anchored", 4)]


@pytest.mark.parametrize("theirs", ["", TEXT.replace("Tuesday", "Monday"), TEXT.replace("\n", "\r\n")])
def test_brat_on_another_text_is_refused(theirs: str) -> None:
    with pytest.raises(SiteError, match="another text"):
        from_brat(ANN, theirs, "a.ann", TEXT)


@pytest.mark.parametrize(
    "labels",
    [
        {"label": [[13, 18, "Place"]]},
        {"labels": [[13, 18, "Place"]]},
        {"entities": [{"id": 1, "label": "Place", "start_offset": 13, "end_offset": 18}]},
    ],
)
def test_a_label_of_doccano_is_a_note(labels: dict[str, Any]) -> None:
    lines = [{"id": 1, "text": "Another text.", "label": [[0, 7, "X"]]}, {"id": 2, "text": TEXT} | labels]
    notes, issues = from_doccano("\n".join(map(json.dumps, lines)), "d.jsonl", TEXT)
    assert ([(note.quote.exact, note.tags, note.motivation) for note in notes], issues) == (
        [("Raqqa", ("Place",), "classifying")],
        (),
    )


def test_a_label_of_doccano_outside_the_text_is_listed() -> None:
    _, issues = from_doccano(json.dumps({"text": TEXT, "label": [[5, 5000, "X"]]}), "d.jsonl", TEXT)
    assert [issue.code for issue in issues] == ["not-anchored"]


@pytest.mark.parametrize(
    ("data", "said"), [(json.dumps({"text": "Other."}), "another text"), ("{", "not JSON"), ("3", "another text")]
)
def test_doccano_without_the_text_is_refused(data: str, said: str) -> None:
    with pytest.raises(SiteError, match=said):
        from_doccano(data, "d.jsonl", TEXT)
