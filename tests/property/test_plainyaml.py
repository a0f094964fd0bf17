"""The plain reader of front matter equals libyaml wherever it does not decline: values, places, and the order of both."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.convert.emit import front_matter
from sitegen.model import frontmatter, plainyaml

ROOT = Path(__file__).parents[2]
DEMO = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "content").rglob("*.md"))]
HEADERS = [header for text in DEMO if (header := frontmatter.split(text)[0])]


def accepted(header: str) -> bool:
    """Whether the plain reader takes this header. Fails where it then differs from libyaml."""
    text = f"---\n{header}---\nbody\n"
    if frontmatter.split(text)[0] != header or not header.strip() or not plainyaml.read(header):
        return False
    plain, full = frontmatter.read(text, "a.md"), frontmatter._load(header, "body\n", header.count("\n") + 3, "a.md", whole=text)
    for part in ("values", "places", "body", "body_line", "issues"):
        read, wanted = getattr(plain, part), getattr(full, part)
        assert repr(read) == repr(wanted), header  # 1, 1.0 and True are equal, and dicts of another order
    return True


SIGNS = [
    ": ", ":", " #", "#", "- ", "-", "[", "]", "{", "}", ", ", ",", '"', "'", "''", "\\", "\\n", "|", ">", "&a ", "*a", "!",
    "!!str ", "%", "@", "`", "?", "? ", "~", "null", "true", "yes", "=", "<<", "1", "0", "-5", "1.5", ".5", "1e3", "0x1f",
    "0o7", "1_000", "012", "1858-08-16", "12:30", ".inf", "  ", " ", "\n", "\n\n", "\n  ", "\n- ", "\n  - ", "\nkey: ", "\t",
    "---", "...", "é", "電報", "🙂", "\u00a0", "\u3000", "\u2028", "\x85", "\x7f", "\x00", "\ufeff", "\ufffe", "a", "word",
    "Two words", "it's", "a:b", "a#b", "http://x.org",
]  # fmt: skip
SIGN = st.one_of(st.sampled_from(SIGNS), st.text(st.characters(exclude_categories=["Cs"]), max_size=2))
TEXT = st.lists(SIGN, min_size=1, max_size=5).map("".join)
WORD = st.sampled_from(["a", "b c", "-1.5", "12", "true", "'a'", '"b: c"', "it's", "1858-08-16"])
SCALAR = st.one_of(WORD, WORD, TEXT, TEXT.map('"{}"'.format), TEXT.map("'{}'".format))
KEY = st.sampled_from(["title", "date", "tags", "a-b", "a_b", "A1", "true", "1", "né", "a b"])
PAIR = st.tuples(KEY, SCALAR).map(": ".join)
ENTRY = st.one_of(
    PAIR,
    st.tuples(KEY, st.lists(SCALAR, min_size=1, max_size=3).map(", ".join)).map(lambda made: f"{made[0]}: [{made[1]}]"),
    st.tuples(KEY, st.lists(PAIR, min_size=1, max_size=3).map(", ".join)).map(lambda made: f"{made[0]}: {{{made[1]}}}"),
    st.tuples(KEY, st.sampled_from(["\n- ", "\n  - "]), st.lists(SCALAR, min_size=1, max_size=3)).map(
        lambda made: f"{made[0]}:" + "".join(made[1] + item for item in made[2])
    ),
)
HEADER = st.lists(ENTRY, min_size=1, max_size=4).map(lambda entries: "".join(f"{entry}\n" for entry in entries))


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A header of the demo collection with a few characters put in and taken out."""
    header = draw(st.sampled_from(HEADERS))
    for where, cut, put in draw(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 3), SIGN), max_size=2)):
        at = int(where * len(header))
        header = header[:at] + put + header[at + cut :]
    return header


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
WRITTEN = st.fixed_dictionaries(
    {"title": WORDS, "related": st.lists(WORDS, max_size=3), "source": st.dictionaries(st.sampled_from("ab"), WORDS)}
).map(lambda values: front_matter(values).removeprefix("---\n").removesuffix("---\n"))


@pytest.mark.parametrize(
    "headers, share, examples",
    [
        pytest.param(HEADER, 0.05, 2000, id="headers made of fragments"),
        pytest.param(mutated(), 0.25, 1000, id="headers with slips of the pen"),
        pytest.param(WRITTEN, 0.1, 500, id="headers that convert writes"),
    ],
)
def test_what_the_plain_reader_takes_it_reads_as_libyaml_does_and_it_takes_a_good_share(headers, share, examples):
    seen: Counter[bool] = Counter()

    @settings(max_examples=examples, deadline=None)
    @given(headers)
    def equal(header):
        seen[accepted(header)] += 1

    equal()
    assert seen[True] > share * seen.total()


def test_headers_of_the_demo_collection_are_plain():
    assert sum(map(accepted, HEADERS)) > 0.95 * len(HEADERS)


@pytest.mark.parametrize("header", [
    "a: b\n", "a: b c, d [e] {f} 'g' \"h\"\n", "a: b:c\n", "a: b#c\n", "a: 1\n", "a: -1.5\n", "a: 012\n", "a: true\n",
    "a: null\n", "a: yes\n", "a: 1858-08-16\n", "a: 2022-01-22T17:57:00Z\n", "a: '1858'\n", 'a: "b: c"\n', "a: 'it''s'\n",
    'a: ""\n', "a: ''\n", "a:   b\n", "a: [b]\n", "a: [b, 'c, d', 5, \"e\"]\n", "a: [ b , c ]\n", "a: {b: c}\n",
    "a: {b: 1.5, c: 'd, e'}\n", "a: { b: c }\n", "true: a\n", "a:\n- b\n", "a:\n- b\n- 'c: d'\nd: e\n",
    "a:\n  - 1\n  - b, c\n", "a: Ærø 電報 🙂\nb: [é]\n",
])  # fmt: skip
def test_plain_headers_are_read_without_libyaml(header):
    assert accepted(header)


@pytest.mark.parametrize("header", [
    "a:\n", "a: \n", "a: b \n", "a: b\n  c\n", "a: b # c\n", "a: b: c\n", "a: b:\n", "a: |\n  b\n", "a: >\n  b\n",
    "a: &b c\n", "a: *b\n", "a: !b c\n", 'a: "b\\n"\n', "a: 'b\n  c'\n", "a: [b,\n  c]\n", "a: []\n", "a: [b,]\n",
    "a: [[b]]\n", "a: [{b: c}]\n", "a: {b: [c]}\n", "a: {b}\n", "a: {b: 1, b: 2}\n", "a: b\na: c\n", "a:\n- b\n - c\n",
    "a:\n-  b\n", "a:\n- b: c\n", "a:\n- - b\n", "a:\n- b\n  c\n", "- a\n", "a\n", "a b: c\n", "# a\nb: c\n",
    "a: b\n\nc: d\n", " a: b\n", "a: %b\n", "a: @b\n", "a: `b`\n", "a: ~\n", "a: .5\n", "a: \tb\n", "a: b\tc\n", "a: b\x7f\n",
    "a: b\u00a0c\n", "a: b\u2028c\n", "a: [b: c]\n", "a: [b?c]\n", "'a': b\n", "a : b\n", "a:b\n", "1: a\n", "<<: a\n",
    "\ufeffa: b\n",
])  # fmt: skip
def test_all_else_is_left_to_libyaml(header):
    assert not plainyaml.read(header)


def test_the_comparison_bites_where_a_sign_is_taken_for_text(monkeypatch):
    monkeypatch.setattr(plainyaml, "_ENTRY", re.compile(plainyaml._ENTRY.pattern.replace("(?<![\\s:])", ""), re.VERBOSE))
    with pytest.raises(AssertionError):
        accepted("a: b \n")
