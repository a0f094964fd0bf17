"""The one Python-Markdown configuration of sitegen.

Texts go through `convert`, but for those that `markup.fast` reads to the same bytes; notes through `note_html`. Raw HTML is
sanitised unless the collection's configuration trusts its authors.
"""

from __future__ import annotations

import functools
import re
import xml.etree.ElementTree as etree
from collections import Counter
from html import unescape
from typing import Any

import markdown
from markdown.extensions import Extension
from markdown.extensions.admonition import AdmonitionExtension
from markdown.extensions.attr_list import AttrListExtension
from markdown.extensions.codehilite import CodeHiliteExtension
from markdown.extensions.def_list import DefListExtension
from markdown.extensions.fenced_code import FencedCodeExtension
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension
from markdown.extensions.toc import TocExtension, slugify_unicode
from markdown.inlinepatterns import InlineProcessor

from sitegen.markup.fast import OWN_HTML
from sitegen.markup.inline import WIKI

_WIKI_LINK = r"(?<!\\)\[\[([^\[\]|\\\n]+)(?:\\?\|([^\[\]\n]+))?\]\]"

_UNSAFE = re.compile(r'<(?:a|img)\b[^>]*?\s(?:href|src)="((?!https?:|mailto:|tel:|wiki:)[a-z][a-z0-9+.-]*:[^"]*)"', re.IGNORECASE)
_NOTE_HEADING = re.compile(r"</?h[1-6](?:\s[^>]*)?>", re.IGNORECASE)
_MOST_OPEN = 1000
_BRACKETS = re.compile(r"[\[\]]")
_OPEN_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*(?![^<])")
_HEADING_LINE = re.compile(r"^#+ *(.*)$", re.MULTILINE)
_ALIGNED = re.compile(r'(<t[hd])\b([^>]*?) align="(left|right|center)"')


class MarkdownError(ValueError):
    """Python-Markdown gave up on a text: it is nested too deep, or meets a fault of the library."""


def convert(body: str, *, raw_html: bool = False) -> tuple[str, list[str]]:
    """Markdown to an HTML fragment, and the addresses in it that are not published for their scheme.

    Without `raw_html`, scripts, handlers and unsafe addresses are removed.
    Raises: MarkdownError.
    """
    _disentangled(body)
    try:
        html: str = _converter().reset().convert(body)
    except Exception as error:
        # What an exception leaves behind in the converter would show in the next document.
        _converter.cache_clear()
        raise MarkdownError(f"{type(error).__name__}: {error}".partition("\n")[0][:200]) from error
    unsafe = [unescape(address) for address in _UNSAFE.findall(html)]
    if not raw_html and OWN_HTML.search(body):
        html = _sanitised(html)
    # The strict Content-Security-Policy forbids inline style; `align` is obsolete: a class serves both.
    return (_ALIGNED.sub(r'\1\2 class="align-\3"', html) if " align=" in html else html), unsafe


def note_html(body: str) -> tuple[str, list[str]]:
    """The Markdown of a note to HTML that can stand beside any text, and its addresses that are not published.

    Always sanitised, whoever wrote it: no ids, classes or images; its headings are words in bold.
    Raises: MarkdownError.
    """
    _disentangled(body)
    try:
        html: str = _note_converter().reset().convert(body)
    except Exception as error:
        _note_converter.cache_clear()
        raise MarkdownError(f"{type(error).__name__}: {error}".partition("\n")[0][:200]) from error
    unsafe = [unescape(address) for address in _UNSAFE.findall(html)]
    html = _NOTE_HEADING.sub(lambda tag: "</strong></p>" if tag[0][1] == "/" else "<p><strong>", html)
    return _sanitised(html, _NOTE_TAGS, _NOTE_ATTRIBUTES).strip(), unsafe


def _disentangled(body: str) -> None:
    """Refuse a text for which Python-Markdown's time would grow with its square: it looks for the end of each thing left open.

    Raises: MarkdownError.
    """
    said = ""
    if body.count("[") > _MOST_OPEN:
        for block in body.split("\n\n"):
            opened = 0
            for sign in _BRACKETS.findall(block):
                opened = max(0, opened + (1 if sign == "[" else -1))
            if opened > _MOST_OPEN or block.count("](") - block.count(")") > _MOST_OPEN:
                said = "brackets that are never closed"
    if body.count("<") > _MOST_OPEN and len(_OPEN_TAG.findall(body)) > _MOST_OPEN:
        said = "tags that are never closed"
    if body.count("\n#") > _MOST_OPEN and Counter(_HEADING_LINE.findall(body)).most_common(1)[0][1] > _MOST_OPEN:
        said = "headings of the same words"
    if said:
        raise MarkdownError(f"more than {_MOST_OPEN:,} {said}")


@functools.cache
def _note_converter() -> markdown.Markdown:
    return markdown.Markdown(
        extensions=[TableExtension(), FencedCodeExtension(), SaneListExtension(), _WikiLinks()], output_format="html"
    )


@functools.cache
def _converter() -> markdown.Markdown:
    # Extensions that are named are looked for in every package there is.
    return markdown.Markdown(
        extensions=[
            TableExtension(use_align_attribute=True),
            FootnoteExtension(),
            FencedCodeExtension(),
            AttrListExtension(),
            DefListExtension(),
            AdmonitionExtension(),
            SaneListExtension(),
            CodeHiliteExtension(guess_lang=False, css_class="codehilite"),
            TocExtension(slugify=slugify_unicode),
            _WikiLinks(),
        ],
        output_format="html",
    )  # fmt: skip


class _WikiLinks(Extension):
    """`[[people/mccain|the Senator]]`; without a label the stem is written out: "Mccain"."""

    def extendMarkdown(self, md: markdown.Markdown) -> None:
        # Below code (190), above backslash escapes (180): in a table the bar is written "\\|".
        md.inlinePatterns.register(_WikiLink(_WIKI_LINK, md), "wikilink", 185)


class _WikiLink(InlineProcessor):
    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Any, int, int]:  # type: ignore[override]
        target, label = m.group(1).strip(), m.group(2)
        link = etree.Element("a", {"href": WIKI + target})
        path, _, fragment = target.partition("#")
        stem = path.removesuffix(".md").rpartition("/")[2]
        link.text = label.strip() if label else stem.replace("-", " ").title() or fragment
        return link, m.start(0), m.end(0)


def _sanitised(html: str, tags: set[str] | None = None, attributes: dict[str, set[str]] | None = None) -> str:
    import nh3

    return nh3.clean(
        html,
        tags=tags or _TAGS,
        attributes=attributes or _ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel", WIKI.rstrip(":")},
        link_rel=None,
        clean_content_tags={"script", "style", "template", "iframe", "object"},
    )


_TAGS = {
    "a",
    "abbr",
    "aside",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "nav",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
    "var",
    "wbr",
}
_ATTRIBUTES = {
    "*": {"id", "class", "title", "lang", "dir", "role"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height", "loading"},
    "ol": {"start", "reversed"},
    "li": {"value"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "scope", "align"},
    "time": {"datetime"},
    "blockquote": {"cite"},
    "details": {"open"},
}
_NOTE_TAGS = set(
    """a abbr b bdi bdo blockquote br cite code del dfn em i ins kbd li mark ol p pre q s samp small span strong sub sup
    table tbody td th thead time tr u ul var wbr""".split()
)
_NOTE_ATTRIBUTES = {
    "*": {"title", "lang", "dir"},
    "a": {"href"},
    "ol": {"start", "reversed"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
}
