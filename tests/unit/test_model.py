from __future__ import annotations

import datetime as dt
import itertools

import hypothesis.strategies as st
import pytest
from hypothesis import given

from sitegen.model.dates import Date
from sitegen.model.frontmatter import read
from sitegen.model.text import Sentences, fold, sentences, summarise, word_count


@pytest.mark.parametrize(
    ("iso", "text"),
    [("1858-08-16", "16 August 1858"), ("1858-08", "August 1858"), ("1858", "1858"), ("1858-08-16T09:30:00Z", "16 August 1858")],
)
def test_a_date_reads_in_the_precision_it_has(iso: str, text: str) -> None:
    assert Date.parse(iso).text == text


@pytest.mark.parametrize("wrong", ["1858-02-30", "1858-13", "58", "16.8.1858", "", "1858-8-16", "next week", "1858-08-16T25:00"])
def test_what_is_no_date_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError):
        Date.parse(wrong)


def test_dates_of_all_precisions_sort_by_time() -> None:
    texts = ["1858", "1858-08", "1858-08-16", "1858-08-17", "1859"]
    assert sorted(map(Date.parse, reversed(texts))) == [Date(text) for text in texts]


@pytest.mark.parametrize(
    ("iso", "late"),
    [("2026-11-22", False), ("2026-11-23", True), ("2026-11", False), ("2026-12", True), ("2026", False), ("2027", True)],
)
def test_a_date_is_later_only_where_it_lies_wholly_after_today(iso: str, late: bool) -> None:
    assert Date(iso).after(dt.date(2026, 11, 22)) is late


@pytest.mark.parametrize(
    ("iso", "instant"),
    [
        ("1858-08", "1858-08-01T00:00:00Z"),
        ("2017-02-08T14:21", "2017-02-08T14:21:00Z"),
        ("2017-02-08T14:21:05+0100", "2017-02-08T14:21:05+01:00"),
        ("2017-02-08T14:21:05Z", "2017-02-08T14:21:05Z"),
    ],
)
def test_a_feed_gets_the_first_instant_a_date_allows(iso: str, instant: str) -> None:
    assert Date.parse(iso).rfc3339 == instant


def values(header: str) -> dict[str, object]:
    return read(f"---\n{header}\n---\nBody", "a.md").values


@pytest.mark.parametrize(
    ("header", "value"),
    [("a: no", "no"), ("a: 2017-02-08", "2017-02-08"), ("a: true", True), ("a: 12", 12), ("a: 012", "012"), ("a: 1.5", 1.5),
     ("a: ~", None), ("a: 12:30:45", "12:30:45"), ("a: 'true'", "true"), ("a: [x, y]", ["x", "y"]), ("a: On", "On"),
     ("a: 0", 0), ("a: 1_000", "1_000")],
)  # fmt: skip
def test_front_matter_is_yaml_of_the_core_schema(header: str, value: object) -> None:
    assert values(header)["a"] == value


@pytest.mark.parametrize(
    "hostile",
    [
        "a: &x [1]\nb: *x",
        "a: !!python/object:os.system x",
        "a: !x y",
        "a: 1\na: 2",
        "? [a]\n: b",
        "- a\n- b",
        "a: [" * 40,
        "a: b: c",
        "a: 'x",
        "\ta: b",
        "a: \x01",
    ],
)
def test_front_matter_that_cannot_be_trusted_is_an_issue_at_a_line(hostile: str) -> None:
    assert (
        all(issue.span.line >= 2 for issue in read(f"---\n{hostile}\n---\n", "a.md").issues)
        and read(f"---\n{hostile}\n---\n", "a.md").issues
    )


def test_the_body_begins_on_the_line_after_the_header() -> None:
    matter = read("---\ntitle: a\n---\nBody\n", "a.md")
    assert (matter.body, matter.body_line) == ("Body\n", 4)


def test_a_file_without_a_header_is_all_body() -> None:
    assert read("Just text --- here", "a.md").body == "Just text --- here"


@given(st.text(max_size=200))
def test_any_text_can_be_read_as_front_matter(text: str) -> None:
    matter = read("---\n" + text + "\n---\n", "a.md")
    assert isinstance(matter.values, dict)


@given(st.text(max_size=200))
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! “Three?” Four", ["One.", "Two!", "“Three?”", "Four"]),
        ("Mr. Morse met Gen. Scott. He left.", ["Mr. Morse met Gen. Scott.", "He left."]),
        ("S. F. B. Morse came. So did A. Vail.", ["S. F. B. Morse came.", "So did A. Vail."]),
        ("It cost £1.5 million. That was much.", ["It cost £1.5 million.", "That was much."]),
        ("He said “Go.” and went. Then 1858 came.", ["He said “Go.” and went.", "Then 1858 came."]),
        ("電報が届いた。皆が喜んだ。", ["電報が届いた。", "皆が喜んだ。"]),
        ("A line\nAnother line", ["A line", "Another line"]),
    ],
)
def test_sentences_end_where_readers_end_them(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == expected


@given(st.text(max_size=300))
def test_sentences_are_in_order_and_do_not_overlap(text: str) -> None:
    spans = list(sentences(text))
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans)) and all(start < end for start, end in spans)


@given(st.lists(st.text(st.sampled_from('Aab.!?。” "(\xa0St'), min_size=1, max_size=30), min_size=1, max_size=3), st.data())
def test_the_sentence_around_a_passage_is_the_one_it_stands_in(lines: list[str], data: st.DataObject) -> None:
    text, at = "\n".join(lines), 0
    found = Sentences(text)
    for line in lines:
        start = data.draw(st.integers(at, at + len(line) - 1))
        end = data.draw(st.integers(start + 1, at + len(line)))
        spans = [span for span in sentences(text, at, at + len(line)) if span[0] < end and span[1] > start]
        first, last = min((start, *(span[0] for span in spans))), max((end, *(span[1] for span in spans)))
        begun, stopped = found.around(start, end)
        assert (text[begun:start], text[end:stopped]) == (text[first:start], text[end:last])
        at += len(line) + 1


def test_a_summary_is_made_of_whole_sentences_where_they_fit() -> None:
    assert summarise("Short first. " + "Second goes on and on " * 20) == "Short first."


def test_a_long_first_sentence_is_cut_at_a_word() -> None:
    summary = summarise("word " * 100)
    assert len(summary) <= 245 and summary.endswith("word …")


@pytest.mark.parametrize(("text", "count"), [("One two-three don’t", 3), ("電報が届いた", 3), ("", 0), ("Telegraph 電報", 2)])
def test_words_are_counted_in_scripts_with_and_without_spaces(text: str, count: int) -> None:
    assert word_count(text) == count


@given(st.text(st.sampled_from("aé-’… \t\n\x0b\x1c\x85\xa0\u2003\u2028\u3000"), max_size=40))
def test_words_are_what_white_space_of_any_kind_parts(text: str) -> None:
    assert word_count(text) == len(text.split())
