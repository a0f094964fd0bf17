"""What is plain in a text stays plain: the text of the rendered article is the text of the source.

Source lines that leave the body are named in Seed.lifted; signs that Markdown's own stand for ("•", "1.", ">")
in Block.mark. All else must come out letter by letter, white space aside.
"""

from __future__ import annotations

import re

import html5lib
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from sitegen.convert import escape as escaping
from sitegen.convert.decode import clean
from sitegen.convert.emit import front_matter
from sitegen.convert.escape import escape, lines
from sitegen.convert.markdown import to_markdown
from sitegen.convert.structure import Block, Kind, Seed, structure
from sitegen.markup.markdown import convert as to_html
from sitegen.model import frontmatter

ALLOWED = {"p", "br", "blockquote", "h2", "ul", "ol", "li"}

NASTY = r"""
* _ ** __ *** ` `` ``` ~~~ ~ # ## ###### + - -- --- - - - *** ___ * * * === = | |---| |:-|-:| a|b --|-- : :: :a
1. 1) 10. 1870. 01. ٣. ² <b> </b> <b>x</b> <!-- --> <!--x--> <? <?x?> <![CDATA[x]]> <http://x.org> <a@b.org> <script> < > >> >x
[x](y) [x] (y) [x][y] ![x](y) [x]: y [x]: [^1] [^1]: [[x]] [[x|y]] [TOC] *[abbr]: ]( ]: [ ] ( ) !
!!! !!!note {: .x} { } {: {.x} $x$ \ \\ \* \_ \` \[ \
&amp; &lt; &#60; &#x3c; &nbsp; & &a &x; AT&T *a* _a_ **a** __a__ ***a*** a_b_c a*b*c _a*b_c* klzzwxh:0000 wzxhzdk:0
a b c word Word http://x.org/_a_?b=c&d=e é é ß Ω Кабель 電報 電 ملكة 🙂 ́ ‘ ’ “ ” — … · • § 0 9 2 /// ///Footnotes Go Here///
""".split()
STRUCTURED = ["    ", "  ", " ", "\t", "\n", "\n\n", "\n    ", "\n> ", "\n- ", "\n* ", "\n1. ", "\n2. ", "\n: ", "\n!!! note\n",
              "\n---\n", "\n===\n", "\n|-|-|\n", "\n```\n", "\n~~~\n", "\n# ", "\n[x]: ", "\r\n", "\r", "\f", "\u2028", "\x85",
              "\u00a0", "\u3000", "\x00", "\x02", "\x03", "\x02amp\x03", "\x02wzxhzdk:0\x03", "\x0235\x03",
              "\ufeff", "\ufffe"]  # fmt: skip
ANYTHING = st.characters(exclude_categories=["Cs"])
FRAGMENT = st.one_of(st.sampled_from(NASTY), st.sampled_from(STRUCTURED), st.text(ANYTHING, max_size=6))
TEXT = st.lists(FRAGMENT, min_size=1, max_size=24).map("".join)
LINE = TEXT.map(lambda text: " ".join(clean(text).split())).filter(bool)


KINDS = st.sampled_from([Kind.BULLETS, Kind.NUMBERS, Kind.HEADING, Kind.VERSE])


def squeezed(text: str) -> str:
    return "".join(text.split())


def rendered(markdown: str) -> str:
    """The text of the page. Fails on any element that plain text has no business to make."""
    tree = html5lib.parseFragment(to_html(markdown)[0], namespaceHTMLElements=False)
    elements = {element.tag for element in tree.iter()} - {"DOCUMENT_FRAGMENT"}
    assert elements <= ALLOWED, f"{elements - ALLOWED} from {markdown!r}"
    return squeezed("".join(tree.itertext()))


def left_in_body(text: str, seed: Seed) -> str:
    """The source's text less what the Seed says has left it."""
    owners = {number: block for block in seed.blocks for number in block.lines}
    kept = []
    for number, line in enumerate(text.split("\n"), 1):
        if number in seed.lifted:
            continue
        line = line.strip()
        block = owners.get(number)
        if block and block.mark:
            number = r"\d+\." if block.kind is Kind.NUMBERS else re.escape(block.mark)
            sign = r"(?:>\s*)+" if block.quoted else number + r"\s+(?=.*\w)"
            line = re.sub(r"\A" + sign, "", line, count=1)
        elif not block and not line.replace(">", "").strip():
            line = ""  # blank, or the bare ">" that parts the paragraphs of a quotation: no word runs on over it
        kept.append(line)
    return squeezed(re.sub(r"(?<=\w)[¬\u00ad]\n(?=[^\n])", "", "\n".join(kept)))


@settings(max_examples=600, deadline=None)
@given(TEXT)
@example("Title\n\n[a\nb]: c")
@example("Title\n\n<b>\n</b>")
@example("Title\n\nA\n===\n\nB\n---")
def test_the_text_of_an_article_is_the_text_of_its_source(text):
    source = clean("A title\n\n" + text)
    assume(not re.search(r"\w-\s*\n", source))
    seed = structure(source)
    assert rendered(to_markdown(seed.blocks)) == left_in_body(source, seed)


@settings(max_examples=300, deadline=None)
@given(TEXT)
def test_any_first_line_is_in_the_title_or_in_the_body(text):
    source = clean(text)
    assume(source.strip() and not re.search(r"\w-\s*\n", source))
    seed = structure(source)
    assert rendered(to_markdown(seed.blocks)) == left_in_body(source, seed)
    titles = [line for number, line in enumerate(source.split("\n"), 1) if seed.lifted.get(number) == "title"]
    if len(titles) == 1:
        assert set(squeezed(titles[0]).replace(squeezed(seed.title), "", 1)) <= set("*=_~#-—–")


@settings(max_examples=600, deadline=None)
@given(LINE)
@example("a\\")
@example("\\`")
@example("1.")
@example("x `a` y")
def test_a_paragraph_of_any_text_renders_as_that_text(line):
    assert rendered(escape(line)) == squeezed(line)


@settings(max_examples=600, deadline=None)
@given(st.lists(LINE, min_size=2, max_size=5))
@example(["a|b", "-|-"])
@example(["|a|", "|-|"])
@example(["a", "==="])
@example(["[a", "b]: c"])
@example(["[a]: b", "'c'"])
def test_lines_of_verse_render_as_their_text(texts):
    html = to_html(lines(texts))[0]
    assert html.count("<br") == len(texts) - 1
    assert rendered(lines(texts)) == squeezed("".join(texts))


@settings(max_examples=300, deadline=None)
@given(st.lists(LINE, min_size=2, max_size=5), KINDS, st.booleans())
def test_blocks_of_every_kind_render_as_their_text(texts, kind, quoted):
    if kind is Kind.HEADING:
        texts = texts[:1]
    block = Block(kind, tuple(texts), (), "1." if kind is Kind.NUMBERS else "", quoted)
    paragraph = Block(Kind.PARAGRAPH, ("after",), ())
    assert rendered(to_markdown([block, paragraph, block])) == squeezed("".join(texts) + "after" + "".join(texts))


@settings(max_examples=400, deadline=None)
@given(LINE, st.lists(LINE, max_size=3), LINE)
@example("no", ["1858", "null", "~", "a: b", "- x", "yes"], "a,b")
def test_front_matter_reads_back_as_it_was_written(title, related, file):
    written = front_matter({"title": title, "related": related, "source": {"file": file}}) + "text\n"
    matter = frontmatter.read(written, "a.md")
    assert not matter.issues
    expected = {"title": title, "source": {"file": file}} | ({"related": related} if related else {})
    assert matter.values == expected
    assert matter.body == "text\n"


@pytest.mark.parametrize("nasty", ["*a*", "<b>x</b>", "[x](y)", "1. a", "# a", "&amp;", "[[x]]", "A b\n> c", "`a`", "---"])
def test_the_round_trip_bites_where_nothing_is_escaped(monkeypatch, nasty):
    monkeypatch.setattr("sitegen.convert.markdown.escape", lambda line: line)
    seed = structure("A title\n\n" + nasty)
    with pytest.raises(AssertionError):
        assert rendered(to_markdown(seed.blocks)) == left_in_body("A title\n\n" + nasty, seed)


def test_readable_text_is_left_readable():
    plain = (
        "On 16 August 1858 - at 3.15 p.m. - AT&T (then A. & T.) paid £5 * 3 [sic] for snake_case; "
        "x < y > z, #1, 50% & more: e.g. a/b."
    )
    assert escape(plain) == plain


def test_escaping_knows_every_escape_of_python_markdown():
    from sitegen.markup.markdown import _converter

    assert set(_converter().ESCAPED_CHARS) == escaping._KNOWN
