from __future__ import annotations

import re

import hypothesis.strategies as st
import pytest
from hypothesis import given

from sitegen.markup.facts import quotes
from sitegen.markup.parse import Document, paragraph_id, paragraph_ids, parse
from sitegen.markup.scan import scan
from sitegen.markup.splice import fill, splice, spoken
from sitegen.model.mention import By, Mention, Target
from sitegen.model.text import Sentences
from tests.tables import Case, cases


def document(body: str, path: str = "articles/a.md", **options: bool) -> Document:
    return parse(path, f"---\ntitle: A\n---\n{body}".encode(), **options).document


def named(parsed: Document, record: str, name: str) -> list[Mention]:
    """Every occurrence of a name outside closed ranges: a finder of the plainest kind."""
    links = {(r.start, r.end) for r in parsed.references if r.target == record}
    found = [Mention(start, end, record, By.LINK) for start, end in links]
    for match in re.finditer(re.escape(name), parsed.text):
        if not any(start <= match.start() < end for start, end in parsed.closed):
            found.append(Mention(match.start(), match.end(), record))
    return sorted(found, key=lambda mention: mention.start)


def spliced(parsed: Document, mentions: list[Mention]) -> str:
    said: dict[str, str] = {}
    for mention in mentions:
        said |= spoken(Target(mention.record, f"/{mention.record}/", mention.record, "", True), str)
    addresses = [f"/{r.target}/" + (f"#{r.fragment}" if r.fragment else "") for r in parsed.references]
    html = fill(splice(parsed, mentions), said, addresses, str)
    return re.sub(r"<aside.*?</aside>\n", "", html)


def _lines(html: str) -> list[str]:
    return [line for line in html.splitlines() if line]


@pytest.mark.parametrize("case", cases("markup/mentions"), ids=lambda case: case.name)
def test_mentions_are_linked(case: Case) -> None:
    record, _, name = case.settings["Names"].partition(" = ")
    body, expected = case.blocks
    parsed = document(body)
    html = re.sub(r' id="p-[0-9a-f-]+"', "", spliced(parsed, named(parsed, record, name)))
    assert _lines(html) == _lines(expected)


def test_a_paragraph_s_id_comes_from_its_words_and_not_its_place() -> None:
    first, second = document("One.\n\nTwo words."), document("Zero.\n\nTwo *words*.")
    assert first.blocks[1].id == second.blocks[1].id


def test_repeated_paragraphs_are_numbered() -> None:
    ids = [block.id for block in document("Same.\n\nSame.\n\nSame.").blocks]
    assert ids == [paragraph_id("Same."), paragraph_id("Same.") + "-2", paragraph_id("Same.") + "-3"]


def test_an_id_the_author_gave_is_kept() -> None:
    assert [block.id for block in document("Words.\n{: #mine }").blocks] == ["mine"]


def test_the_text_of_a_document_has_a_line_for_each_block() -> None:
    assert document("# Head\n\nOne *two*\nthree.\n\n- a\n- b &amp; c").text == "Head\nOne two three.\na\nb & c"


def test_a_passage_is_the_sentence_with_the_paragraph_it_stands_in() -> None:
    parsed = document("It rained. Mr. Morse sailed at 5 p.m. on the tide. The end.")
    start = parsed.text.index("Morse")
    quoted, blocks = quotes(parsed, [Mention(start, start + 5, "people/morse")], Sentences(parsed.text))
    (found,) = quoted["people/morse"]
    assert (found.before, found.name, found.after) == ("Mr. ", "Morse", " sailed at 5 p.m. on the tide.")
    assert blocks == {"people/morse": parsed.blocks[0].id} and found.url.endswith("#" + parsed.blocks[0].id)


def test_an_image_and_a_link_are_addressed_from_the_content_tree() -> None:
    parsed = document("![s](../images/s.png) [b](b.md#p-1) [c](/about/)")
    assert [(r.target, r.fragment, r.image) for r in parsed.references] == [
        ("/images/s.png", "", True),
        ("articles/b", "p-1", False),
        ("/about/", "", False),
    ]


def test_raw_html_is_trusted_only_where_configuration_says_so() -> None:
    body = '<button onclick="x()">b</button>'
    assert ("onclick" in document(body).html, "onclick" in document(body, raw_html=True).html) == (False, True)


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "<javascript:alert(1)>",
        "text\n{: onclick=alert(1) style=x }", "<a href='vbscript:x'>y</a>", "<iframe src=//evil></iframe>",
        "<svg onload=alert(1)>",
        "[x](&#106;avascript:alert(1))", "[x]: javascript:alert(1)\n\n[x]", "<style>*{}</style>", "<form action=x><input></form>",
        "![x](data:text/html,<script>)", "<p style='position:fixed'>x</p>", "<base href=//evil>", "<math><mtext></mtext></math>",
    ],
)  # fmt: skip
def test_nothing_active_gets_into_a_page(hostile: str) -> None:
    html = document(hostile).html.lower()
    tags = re.findall(r"<[^>]*>", html)
    assert not any(
        re.search(r"<(script|iframe|style|svg|form|input|base|math)|\son\w+=|style=|javascript:|vbscript:|data:text", tag)
        for tag in tags
    )


@given(st.text(alphabet="ab <>&;\"'/=!-p\n", max_size=80))
def test_any_html_can_be_scanned_and_its_paragraphs_told_apart(html: str) -> None:
    given = [leaf_id for _, leaf_id in paragraph_ids(scan(html))]
    assert len(set(given)) == len(given)


@given(st.lists(st.text(alphabet="abZ_09 .,'-\xa0’“é電İ—?\x85", min_size=1, max_size=12), max_size=5))
def test_a_paragraph_has_the_id_of_its_own_words_whatever_stands_beside_it(texts: list[str]) -> None:
    for shape in ("<p>{}</p>", "<li><p>{}</p>, too</li>", "<li>{}<ul><li>b</li></ul></li>"):
        found = scan("".join(shape.format(text) for text in texts))
        for leaf, leaf_id in paragraph_ids(found):
            assert leaf_id.split("-")[1] == paragraph_id(found.text[slice(*leaf.segments[0])]).removeprefix("p-")


@given(
    st.lists(
        st.sampled_from(["Morse ", "*a* ", "b & c ", "`Morse` ", "\n\n", "**Mo", "rse** ", "- ", "<b>x</b> ", "é "]), max_size=14
    )
)
def test_linking_changes_no_text(parts: list[str]) -> None:
    parsed = document("".join(parts))
    linked = spliced(parsed, named(parsed, "people/morse", "Morse"))
    assert scan(linked).text == parsed.text


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("> Morse came.\n\nMorse left.", "<blockquote>\n{}<p"),
        ("- Morse came\n- Morse left", "<li>{}<a"),
        ("- Morse came\n\n- Morse left", "<li>\n{}<p"),
        ("| A | B |\n| --- | --- |\n| C | Morse |", "{}<table"),
        ("D\n\n| A | B |\n| --- | --- |\n| C | D |\n\n1. Morse", "<li>{}<a"),
        ("Then.[^1]\n\n[^1]: Morse says so.", '<li id="fn:1">\n{}<p'),
        ('<ul><li title="a > b">Morse</li></ul>', '<li title="a &gt; b">{}<a'),
        ("## Morse\n\nMorse came.", "</h2>\n{}<p"),
    ],
    ids=["quote", "item", "loose item", "table", "item below a table", "footnote", "attribute", "heading"],
)
def test_the_first_mention_in_any_block_of_text_has_its_gloss_and_the_second_none(body: str, told: str) -> None:
    parsed = document(body)
    mentions = named(parsed, "people/morse", "Morse")
    said = spoken(Target("people/morse", "/people/morse/", "Morse", "Painter.", True), str)
    html = re.sub(r' id="p-\w+"', "", fill(splice(parsed, mentions), said, [], str))
    gloss = '<aside class="glosses" aria-hidden="true"><p class="gloss people"><b>Morse</b> Painter.</p></aside>\n'
    assert html.count("<aside") == 1 and told.format(gloss) in html
