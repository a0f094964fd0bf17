"""Edits of front matter on any header: all lines stay but the one that is meant; what was added can be taken out again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sitegen.review.edit import add, drop, put, values

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
COMMENTS = st.sampled_from(["", "# a comment\n", "\n", "# one: {two}\n\n"])
LISTS = st.sampled_from(
    ["aliases: [A, 'B, c']\n", "aliases:\n- A\n# of B\n- B # b\n", "aliases:\n  - {text: A, auto: false}\n", "aliases:\n", ""]
)
LINES = st.lists(
    st.sampled_from(
        ["name: N # n\n", "status: 'suggested'\n", "role: |\n  a\n\n  b\n", "ids: {x: 1}\n", "extra:\n  a:\n  - 1\n"]
    ),
    unique=True,
)


@st.composite
def files(draw: st.DrawFn) -> str:
    lines = [*draw(LINES), draw(LISTS)]
    header = "".join(draw(COMMENTS) + line for line in draw(st.permutations(lines))) + draw(COMMENTS)
    text = f"---\n{header}---\nText.\n"
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


@given(files(), WORDS)
def test_an_alias_that_is_added_and_taken_out_leaves_the_file_as_it_was(text: str, name: str) -> None:
    before = values(text, "a.md").get("aliases") or []
    made = add(text, "a.md", "aliases", name)
    assert values(made, "a.md")["aliases"] == ([*before, name] if name not in before else before)
    if made != text and before:
        assert drop(made, "a.md", ("aliases", len(before))) == text


@given(files(), st.sampled_from(["status", "merged_into"]), WORDS)
def test_a_value_that_is_put_changes_no_other_line(text: str, key: str, value: str) -> None:
    before, made = values(text, "a.md"), put(text, "a.md", (key,), value)
    assert values(made, "a.md") == {**before, key: value}
    if key not in before:
        assert drop(made, "a.md", (key,)) == text
        return
    lines = zip(text.splitlines(True), made.splitlines(True), strict=True)
    assert all(new.startswith(f"{key}: ") for old, new in lines if old != new)
