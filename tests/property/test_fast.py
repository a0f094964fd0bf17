"""The fast path equals the slow one, byte for byte, wherever it does not decline."""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.convert.decode import clean
from sitegen.convert.escape import lines
from sitegen.convert.markdown import to_markdown
from sitegen.convert.structure import structure
from sitegen.markup import fast as fast_path
from sitegen.markup import inline
from sitegen.markup.fast import fast, fast_note
from sitegen.markup.markdown import MarkdownError, convert, note_html
from sitegen.markup.scan import scan
from sitegen.markup.writer import Writer
from sitegen.model import frontmatter
from tests.property.test_round_trip import ANYTHING, FRAGMENT, LINE, NASTY, STRUCTURED

ROOT = Path(__file__).parents[2]
DEMO = sorted((ROOT / "content").rglob("*.md"))
OTHERS = sorted(path for folder in ("docs", "tests", "themes", "sitegen/scaffold") for path in (ROOT / folder).rglob("*.md"))


def accepted(body: str) -> bool:
    """Whether the fast path takes this text. Fails where it then differs from the slow one, or tells of it what no scan finds."""
    for raw_html in (False, True):
        found = fast(body, raw_html=raw_html)
        if found is None:
            return False
        html = found.html
        assert found == scan(html), f"raw_html={raw_html}: {body!r}"
        try:
            slow = convert(body, raw_html=raw_html)
        except MarkdownError as error:
            slow = (f"{error}", ["an error"])
        assert (html, []) == slow, f"raw_html={raw_html}: {body!r}"
    return True


def accepted_note(body: str) -> bool:
    """Whether the fast path takes this text as a note's. Fails where it then differs from the slow one."""
    html = fast_note(body)
    if html is None:
        return False
    try:
        slow = note_html(body)
    except MarkdownError as error:
        slow = (f"{error}", ["an error"])
    assert (html, []) == slow, f"{body!r}"
    return True


def body_of(path: Path) -> str:
    text = path.read_bytes().decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    return frontmatter.split(unicodedata.normalize("NFC", text))[1]


WORDS = st.sampled_from('word/two words/Ærø/1870/電報/(aside)/"said"/it\'s/a./x - y/a_b/5 < 6/Q & A'.split("/"))
PIECES = st.sampled_from(
    ["*em*", "**strong**", "_em_", "__strong__", "`code`", "`a > b`", "[sic]",
     "[a *b* c](https://example.org/x_y?z=1&w=2#v)",
     "[mail](mailto:a.b@example.org)", "[there](../b.md#c)", "[[people/jane-doe]]", "[[people/jane-doe|Jane *Doe*]]",
     "[[a/b\\|c]]",
     "\\*", "\\[", "\\_", "\\#", "&amp;", "&lt;", "&#58;", "*[[a/b|c]] d*", "**[a](b)**", "  \n", "\n", ", ", ". ", "’s ", "> ",
     "*(a)*", "(*a*)", "*a*-*b*", "**a*", "*a**", "***a***", "_a *b* c_", "*a", "a*", "[a", "a]", "`a", "&copy;", "<b>", "{x}"]
)  # fmt: skip
TEXT = st.lists(st.one_of(WORDS, st.just(" "), st.just(" "), PIECES), min_size=1, max_size=9).map("".join).map(str.strip)
TEXTS = st.lists(TEXT, min_size=1, max_size=3)
BLOCK = st.one_of(
    TEXT,
    TEXT,
    st.tuples(st.sampled_from(["# ", "## ", "###### ", "#"]), TEXT).map("".join),
    st.tuples(st.sampled_from(["- ", "* ", "1. ", "7. ", "+   "]), TEXTS).map(
        lambda made: made[0] + f"\n{made[0]}".join(made[1])
    ),
    st.tuples(st.sampled_from(["\n> ", "\n>\n> ", "\n"]), TEXTS).map(lambda made: "> " + made[0].join(made[1])),
    st.tuples(st.sampled_from(["|---|:-:|", "|:--|--:|---|", "|-|"]), TEXTS).map(
        lambda made: f"| a | b |\n{made[0]}\n" + "\n".join(f"| {text} | {text} |" for text in made[1])
    ),
    st.tuples(st.sampled_from(["", "python", "no-such-language"]), TEXT).map(lambda made: f"```{made[0]}\n{made[1]}\n```"),
    st.sampled_from(["noted[^1] twice[^b]", "noted[^1]", "---", "***", "a\n- b", "a\n1. b", "a\n# b\nc", "# a\nb", "- a\n  b"]),
)
NOTES = st.sampled_from(["", "", "\n\n[^1]: A note.", "\n\n[^1]: A *note*,\nwrapped.\n[^b]: Another.", "\n\n[^b]: x\n\n[^1]: y"])
DOCUMENT = st.tuples(st.lists(BLOCK, min_size=1, max_size=6).map("\n\n".join), NOTES).map("".join)

BODIES = [body for path in DEMO if (body := body_of(path)).strip()]
INSERTED = st.one_of(st.sampled_from([*NASTY, *STRUCTURED]), st.text(ANYTHING, max_size=2))
EDIT = st.tuples(st.floats(0, 1), st.integers(0, 6), INSERTED)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """Some blocks of the demo collection, with a few characters put in and taken out."""
    blocks = draw(st.sampled_from(BODIES)).split("\n\n")
    first = draw(st.integers(0, len(blocks) - 1))
    text = "\n\n".join(blocks[first : first + draw(st.integers(1, 4))])
    for where, cut, put in draw(st.lists(EDIT, max_size=3)):
        at = int(where * len(text))
        text = text[:at] + put + text[at + cut :]
    return text


SOURCE = st.lists(FRAGMENT, min_size=1, max_size=24).map("".join)
CONVERTED = SOURCE.map(lambda text: to_markdown(structure(clean("A title\n\n" + text)).blocks))
VERSE = st.lists(LINE, min_size=2, max_size=5).map(lines)


@pytest.mark.parametrize(
    "documents, share, examples",
    [
        pytest.param(DOCUMENT, 0.1, 1500, id="documents made of fragments"),
        pytest.param(mutated(), 0.3, 800, id="articles with slips of the pen"),
        pytest.param(CONVERTED, 0.3, 600, id="converted texts"),
        pytest.param(VERSE, 0.3, 400, id="converted verse"),
    ],
)
def test_what_the_fast_path_takes_it_renders_as_the_slow_one_and_it_takes_a_good_share(documents, share, examples):
    seen: Counter[bool] = Counter()

    @settings(max_examples=examples, deadline=None)
    @given(documents)
    def equal(body):
        seen[accepted(body)] += 1

    equal()
    assert seen[True] > share * seen.total()


@pytest.mark.parametrize(
    "documents, share, examples",
    [
        pytest.param(DOCUMENT, 0.05, 1500, id="documents made of fragments"),
        pytest.param(mutated(), 0.2, 500, id="articles with slips of the pen"),
        pytest.param(SOURCE, 0.05, 500, id="any signs"),
    ],
)
def test_what_the_fast_path_takes_of_notes_it_renders_as_the_slow_one(documents, share, examples):
    seen: Counter[bool] = Counter()

    @settings(max_examples=examples, deadline=None)
    @given(documents)
    def equal(body):
        seen[accepted_note(body)] += 1

    equal()
    assert seen[True] > share * seen.total()


def test_the_demo_collection_goes_by_the_fast_path():
    declined = [path.name for path in DEMO if (body := body_of(path)).strip() and not accepted(body)]
    assert len(declined) <= 0.02 * len(DEMO), declined


def test_all_other_markdown_of_the_repository_is_rendered_alike():
    bodies = [body_of(path) for path in OTHERS]
    sections = [section for body in bodies for section in re.split(r"\n(?=#)", body) if section.strip()]
    assert sum(accepted(section) for section in sections) > 0.2 * len(sections)


@pytest.mark.parametrize("guard, body", [
    ("_LINE_SIGN", "a\n> b"),
    ("_BLOCK_SIGN", "- # a"),
    ("_BLANK_LINE", "a\n  \nb"),
    ("_NUMBERED", "# a 1\n\n# a\n\n# a\n\n# a_1\n\n# a_1"),
    ("_CONTROL", "```\n\x02\n```"),
])  # fmt: skip
def test_the_comparison_bites_where_a_guard_is_missing(monkeypatch, guard, body):
    assert accepted(body) or fast(body) is None
    monkeypatch.setattr(fast_path, guard, re.compile(r"(?!)"))
    with pytest.raises(AssertionError):
        accepted(body)


def test_the_comparison_bites_where_signs_in_running_text_are_not_seen(monkeypatch):
    monkeypatch.setattr(inline, "_INLINE", re.compile(r"(?!)"))
    with pytest.raises(AssertionError):
        accepted("a ![b](c)")


@pytest.mark.parametrize("unsaid", ["shut", "mark"])
def test_the_comparison_bites_where_the_writer_does_not_tell_what_it_writes(monkeypatch, unsaid):
    monkeypatch.setattr(Writer, unsaid, lambda *_: None)
    with pytest.raises(AssertionError):
        accepted("## a\n\n[b](c) `d` *e*")


def test_neither_python_markdown_nor_pygments_is_imported_before_it_is_needed():
    code = "import sys, sitegen.markup.fast as f; f.fast('# a *b*'); print({'markdown', 'pygments', 'nh3'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set()"


TAKEN = [
    # paragraphs
    "a", "a\nb", "a\n b", "a\n   b", "a\n\nb", "\n\na\n\n\n\nb\n", "a\n   \nb", "a\tb", "a  \nb", "a  \nb  \nc\nd",
    "1870 a", "1870.a", "1.", "-a", "-- a", "+5", "a # b", "a = b", "a: b", "a | b", "a > b", "a\n- b", "a\n1870. b",
    "a\n* b", "a\n+ b", "\"a\" 'b' “c”", "http://example.org/_a_", "a@example.org", "a ~ b ^ c $ d % e", "a\u00a0b",
    "a\u00a0b [c](d)", "電報 и кабель", "a!", "}",
    # headings
    "# a", "###### a b", "# a\nb", "# a\n\n# a\n\n# a", "# a\n## b", "# Ärger & Ω (2) - *x* `y`", "# !?", "# !?\n\n# !?",
    "# a_1\n\n# a", "# 電報", "# a   b", "#   a", "# a  ", "# a \\#5", "# [[places/paris|Paris]]", "# [a](b) &lt; c",
    "# a\u2003b", "# a &amp; b", "# ²³",
    # lists
    "- a", "- a\n- b", "* a\n+ b", "- a\nb", "- a\n  b", "-   a", "1. a\n2. b", "3. a", "1. a\n1. b", "- a\n\n- b",
    "- a\n- b\n\n- c\n- d", "1. a\n\n2. b\n\n3. c", "- a\n\n1. b", "1. a\n\n- b", "- a\n\nb\n\n- c", "- *a*: b\n- [x] c",
    "- a  \nb",
    # quotations
    "> a", "> a\n> b", "> a\n>\n> b", "> a\n\n> b", "> - a\n> - b", "> # a", "> > a", "> a\n\nb\n\n> c", "> a  \n> b",
    "> | a | b |\n> |---|---|\n> | c | d |",
    # tables
    "| a | b |\n|---|---|\n| c | d |", "a | b\n--|--\nc | d", "|a|b|\n|:-|-:|\n|c|d|",
    "| a | b |\n|:-:|---|\n| c |\n| d | e | f |", "a | b\n-|-\n[[c\\|d]] | e", "| *a* | `b` |\n|-|-|\n| [c](d) | \\| |",
    "# a | b\n--|--\nc | d", "| a | b |\n|---|---|\n|  | & |",
    # rules
    "---", "a\n\n---\n\nb", "* * *", "***",
    # code
    "```\na\n```", "```python\nx = 'a' < \"b\"\n```", "```nope\na & b\n```", "a\n```\nb\n```\nc", "~~~\na\n\n\nb\n~~~",
    "```\n\n  a\n\n```\n\n```python\ndef f(): ...\n```", "```\na\n``` ", "```\n```",
    "```\n[x](y) \u00a0 'z' \"w\"\n```\n\n[a](b)", "- a\n\n```\nb\n```\n\n- c", "> a\n\n```\nb\n```\n\n> c",
    "```\n[^1]: a\n```",
    # footnotes
    "a[^1]\n\n[^1]: b", "a[^1] b[^x-y]\n\n[^1]: c\n[^x-y]: *d*\ne", "a\n\n[^1]: b",
    "a[^2] b[^1]\n\n[^1]: c\n\n[^2]: d[^3]\n\n[^3]: e", "> a[^1]\n\n[^1]: b", "[^1]: a", "*a[^1]*\n\n[^1]: b",
    "a[^1][^2]\n\n[^1]: b\n[^2]: c", "a[^1](b)\n\n[^1]: c", "# a\n\nb[^a]\n\n[^a]: c  \nd",
    # links
    "[a](b)", "[a](https://example.org)", "[a](https://example.org/b_c/d)", "[a](http://example.org?a=b&c=d)",
    "[a](https://en.example.org/wiki/A_(b))", "[a](mailto:a@example.org)", "[a](#b)", "[a](/b/)", "[a](../b.md#c)",
    "[*a* **b**](c)", "*[a](b_c)*", "[a\nb](c)", "[a](b)(c)", "[sic]", "a [b] c", "[a] (b)", "a]", "[[b]]", "[a!](b)",
    "[ä](ö)", "[a](%20)", "[a & b](c)",
    # wiki links
    "[[a/b]]", "[[a/b-c|d]]", "[[a/b\\|c]]", "[[a b|c]]", "[[a/b#c]]", "[[#c]]", "[[a/b.md]]", "[[a_b]]", "[[a/b| *c* ]]",
    "[[a|b & c]]", "*[[a/b|c]]*", "[[a]]: b",
    # emphasis
    "*a*", "**a**", "_a_", "__a__", "*a b*", "*a\nb*", "(*a*)", "*a*,", "*a*’s", "*(a)*", "“*a*”", "a * b", "a _ b",
    "a_b_c", "2 * 3 * 4", "*a*-*b*", "*a* *b*", "*a `b* c` d*", "**a** *b* _c_", "*a & b > c*", "*[a]*", "*a* [b](c_d) *e*",
    "a _b_ c_d _e_",
    # code
    "`a`", "`*a*`", "a `b` c", "`a b` `c d`", "` a `", "`\\`", "`[a](b)`", "`{a}`", "`a > b`", "`a\u00a0b`",
    # escapes and references
    "\\*a\\*", "\\\\", "\\`a\\`", "\\_ \\{ \\} \\[ \\] \\( \\) \\> \\# \\+ \\- \\. \\! \\|", "1\\. a", "\\- a", "\\# a",
    "\\> a", "\\[a\\](b)", "\\[[a]]", "&amp; &lt; &gt; &nbsp;", "&#58; a", "&#61;==", "&#126;~~", "a & b", "AT&T", "&c.",
    "a &amp b", "a < b", "a &", "\\!!! note",
]  # fmt: skip

DECLINED = [
    "", " ", " a", "    a", "a\n    b", "a ", "a \nb", "a   \nb", "a  \n b", "a\n=", "a\n---", "a\n===\nb", "a\n- - -",
    "a\n***", "a\n# b", "#", "#a", "# a #", "# a {#b}", "# \\", "#######  a", "a\n> b", ">a", "> a\nb", "> a\n>", ">  a",
    "> ```\n> a\n> ```", "a\n: b", ": a", "!!! note\n    a", "[TOC]", "a\x00b", "a\x02b", "a\x1fb", "a\rb", "a\fb", "- ",
    "-", "- # a", "- - a", "- > a", "- a\n    b", "- a\n    - b", "- a\n\n    b", "- a\n1. b", "1. a\n- b", "- a\n  - b",
    "- a\n# b", "١. a", "01. a", "0. a", "- ---", "- a\n---", "| a | b |\n|---|---|", "| a |\n|---|\n| b |",
    "a | b\n--|--|--\nc | d", "| a | b |\n|---|---|\n| `c|d` | e |", "a|b\n-|-\n\\\\|c", "| a\n| b", "_ _ _", "___",
    "```\na", "```{.python}\na\n```", "````\na\n````", "``` python\na\n```", "  ```\na\n```", "~~~\na\n```", "a[^1]",
    "a[^1] b[^1]\n\n[^1]: c", "[^1]: a\n\nb[^1]", "[^1]: a\n\n    b", "[^1]:\na", "[^1]: a\n[^1]: b", "# a[^1]\n\n[^1]: b",
    "[^1]: - a", "a[^1]\n\n///Footnotes Go Here///\n\n[^1]: b", "[a](b \"c\")", "[a](<b>)", "[a]( b )", "[a]()", "[a](b c)",
    "[a](javascript:b)", "[a](data:b)", "[a](//b)", "[a](http://1.2.3.4)", "[a](http://a_b.org)", "[a](http://xn--a.org)",
    "[a](http://example.org:99999)", "[a](http://user@example.org)", "[a](b){: c}", "[a][b]", "[a] [b]", "[a]: b",
    "[a]\n\n[a]: b", "![a](b)", "![[a]]", "[a [b](c) d](e)", "[a", "[]", "[^a]", "[a](b&#58;c)", "<http://example.org>",
    "<b>a</b>", "a<b", "<!-- a -->", "<a@example.org>", "a{b}", "{: .a}", "a\n{: .a}", "[[a", "[[a|]]", "[[a| ]]",
    "[[<a>]]", "[[a:b]]", "*a", "a*", "**a*", "*a**", "***a***", "*a **b** c*", "a*b*c", "*a*b", "_a _", "* a*b", "*a_b*",
    "_a*_*", "*a]*", "`a", "``a``", "`a``b`", "` `", "`a\nb`", "`<b>`", "`&amp;`", "\\", "\\a", "a\\", "a\\\nb", "&copy;",
    "&#8217;", "&#x3c;", "&#38", "&unknown;", "\\\\`a`", "\\\\[[c]]", "*a\\* b*",
]  # fmt: skip


@pytest.mark.parametrize("body", TAKEN)
def test_plain_markdown_goes_by_the_fast_path(body):
    assert accepted(body)


@pytest.mark.parametrize("body", DECLINED)
def test_what_may_mean_more_goes_by_the_slow_path(body):
    assert fast(body) is None


BEFORE = ["", "a\n\n", "a\n", "- a\n\n", "1. a\n", "> a\n\n", "> ", "- ", "# ", "*", "[a](b) ", "`c` ", "[^1]: ",
          "a[^1]\n\n[^1]: a\n"]  # fmt: skip


@pytest.mark.parametrize("before", BEFORE)
def test_the_written_inputs_are_rendered_alike_wherever_they_stand(before):
    written = [before + body + after for body in [*TAKEN, *DECLINED] for after in ("", "\n\nb", "\nb", " b", "*")]
    assert sum(map(accepted, written)) > 0.05 * len(written)
