"""Read a fragment of HTML once: its text, and where each character of that text stands in the HTML.

The fragment comes from Markdown (and, where authors wrote HTML, from the sanitiser), so tags are well formed.
Text is laid out block by block, a "\\n" between blocks and none inside; what a reader does not read as text
(footnote marks, a table of contents, scripts) is left out.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from html import unescape
from operator import itemgetter

import msgspec

# The alternatives begin with two signs only, so that text is passed over at the speed of C.
_TOKEN = re.compile(
    r"""(<!--.*?-->|</?[a-zA-Z](?>[^<>"']+|"[^"]*"|'[^']*')*+>|&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]*);)""", re.DOTALL
)
_NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9-]*)(.*)>", re.DOTALL)
_ATTRIBUTE = re.compile(r"([a-zA-Z][\w:.-]*)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
_SPACE = re.compile(r"[\n\t\r\f]")

VOID = frozenset("br hr img input wbr col area base embed link meta source track".split())
BLOCKS = frozenset(
    """address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hr legend li main nav ol p pre section summary table tbody td tfoot th
    thead tr ul""".split()
)
# Blocks that hold running text and so get an id of their own.
_LEAVES = frozenset("p li dd dt td th figcaption summary caption pre h1 h2 h3 h4 h5 h6".split())
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
# No mention is looked for in these.
_CLOSED = _HEADINGS | {"a", "code", "pre", "kbd", "samp"}
_UNREAD = frozenset("script style template svg math".split())

Run = tuple[int, int, int, int]  # text[0:1] is made of html[2:3]


class Tag(msgspec.Struct, frozen=True):
    """An opening or closing tag: html[start:end]."""

    name: str
    start: int
    end: int
    closing: bool


class Leaf(msgspec.Struct, gc=False):
    """A block of running text. `tag_end` is just behind the name of its opening tag, where an id goes."""

    name: str
    start: int
    tag_end: int
    id: str
    segments: list[tuple[int, int]] = msgspec.field(default_factory=list)


class Anchor(msgspec.Struct, gc=False):
    """A link or image: its opening tag is html[start:end], it spans text[text_start:text_end]."""

    address: str
    start: int
    end: int
    text_start: int
    text_end: int
    image: bool


class Scan(msgspec.Struct, dict=True):
    """What one pass over the HTML finds."""

    html: str
    text: str
    runs: list[Run]
    leaves: list[Leaf]
    closed: list[tuple[int, int]]
    anchors: list[Anchor]
    ids: list[str]

    @functools.cached_property
    def starts(self) -> list[int]:
        """Where the runs begin in the text."""
        return [*map(itemgetter(0), self.runs)]

    @functools.cached_property
    def tags(self) -> list[Tag]:
        """The tags of the HTML in order, those of unread elements left out. Few documents need them."""
        found, unread, depth = [], "", 0
        for token in _TOKEN.finditer(self.html):
            if token.group()[0] == "&" or token.group()[1] == "!":
                continue
            tag = _tag(token.group())
            if depth:
                depth += (-1 if tag.closing else 1) if tag.name == unread else 0
            elif tag.left_out and not tag.closing:
                unread, depth = tag.name, 1
            else:
                found.append(Tag(tag.name, token.start(), token.end(), tag.closing))
        return found

    @functools.cached_property
    def tag_starts(self) -> list[int]:
        return [tag.start for tag in self.tags]

    def tag_at(self, start: int) -> Tag | None:
        """The tag that begins at html[start]."""
        i = bisect_left(self.tag_starts, start)
        return self.tags[i] if i < len(self.tags) and self.tags[i].start == start else None

    def tag_before(self, end: int) -> Tag | None:
        """The tag that ends at html[end]."""
        i = bisect_left(self.tag_starts, end) - 1
        return self.tags[i] if i >= 0 and self.tags[i].end == end else None

    def html_span(self, start: int, end: int) -> list[tuple[int, int]]:
        """The HTML that makes up text[start:end], one span a run of text, as (start, end) offsets."""
        spans = []
        i = bisect_right(self.starts, start) - 1
        while i < len(self.runs) and self.runs[i][0] < end:
            text_start, text_end, html_start, html_end = self.runs[i]
            if html_end > html_start:
                plain = html_end - html_start == text_end - text_start
                first = html_start + (max(start, text_start) - text_start) if plain else html_start
                last = html_start + (min(end, text_end) - text_start) if plain else html_end
                if last > first:
                    spans.append((first, last))
            i += 1
        return spans


def scan(html: str) -> Scan:
    """Scan a fragment. Time is linear in its length."""
    return _Scanner(html).run()


def behind_tag(html: str, start: int) -> int:
    """Where the tag that begins at html[start] ends."""
    tag = _TOKEN.match(html, start)
    return tag.end() if tag else start


def attributes(rest: str) -> dict[str, str]:
    """The attributes of a tag, entities resolved; the first of a name counts, as in browsers."""
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(rest):
        found.setdefault(name.lower(), unescape(double or single or bare))
    return found


class _Tag(msgspec.Struct, frozen=True):
    """What a tag says, wherever it stands. The same few are met again and again."""

    name: str
    closing: bool
    given: Mapping[str, str]
    block: bool
    leaf: bool
    shut: bool
    left_out: bool
    plain: bool  # says nothing that a scan asks for


@functools.lru_cache(maxsize=2048)
def _tag(token: str) -> _Tag:
    found = _NAME.match(token)
    assert found
    name, closing = found[1].lower(), token[1] == "/"
    given = attributes(found[2]) if found[2] and not closing else {}
    block, shut, left_out = name in BLOCKS, name in _CLOSED, _left_out(name, given)
    plain = not (given or block or shut or left_out or name in VOID or name in _UNREAD)
    return _Tag(name, closing, given, block, name in _LEAVES, shut, left_out, plain)


def _left_out(name: str, given: Mapping[str, str]) -> bool:
    """Whether an element holds no text of the author's: marks of footnotes, contents lists, scripts."""
    if name in _UNREAD:
        return True
    classes = given.get("class", "").split()
    return (
        (name == "sup" and given.get("id", "").startswith("fnref"))
        or (name == "a" and "footnote-backref" in classes)
        or (name == "div" and "toc" in classes)
    )


class _Scanner:
    def __init__(self, html: str) -> None:
        self.html = html
        self.parts: list[str] = []
        self.length = 0
        self.runs: list[Run] = []
        self.leaves: list[Leaf] = []
        self.closed: list[tuple[int, int]] = []
        self.anchors: list[Anchor] = []
        self.ids: list[str] = []
        self.open_leaves: list[Leaf] = []
        self.segment_start = 0
        self.shut: list[tuple[str, int]] = []  # open elements in which nothing is looked for
        self.unread = ""  # the element whose text is left out, and how deep it is nested in itself
        self.unread_depth = 0
        self.open_anchor: Anchor | None = None

    def run(self) -> Scan:
        at = 0
        pieces = _TOKEN.split(self.html)
        pieces.append("")
        parts, runs = self.parts, self.runs
        for text, token in zip(pieces[::2], pieces[1::2], strict=True):
            if text:
                start, at = at, at + len(text)
                if not self.unread:
                    length = self.length
                    if length == self.segment_start or not self.open_leaves:
                        text = text.lstrip()
                        start = at - len(text)
                    if text:
                        parts.append(text if text.isprintable() else _SPACE.sub(" ", text))
                        self.length = after = length + len(text)
                        runs.append((length, after, start, at))
            start, at = at, at + len(token)
            if token[:1] == "<":
                if token[1] != "!":
                    tag = _tag(token)
                    if not tag.plain or self.unread:
                        self._tag(tag, start, at)
            elif token and not self.unread:
                self._add(_SPACE.sub(" ", unescape(token)), start, at)
        self._break()
        text = "".join(self.parts).rstrip("\n")
        return Scan(self.html, text, self.runs, self.leaves, self.closed, self.anchors, self.ids)

    def _add(self, text: str, start: int, end: int) -> None:
        self.parts.append(text)
        after = self.length + len(text)
        self.runs.append((self.length, after, start, end))
        self.length = after

    def _break(self) -> None:
        """End the running block: its text so far becomes a segment of the innermost open leaf."""
        if self.length > self.segment_start:
            if self.open_leaves:
                self.open_leaves[-1].segments.append((self.segment_start, self.length))
            self.parts.append("\n")
            self.length += 1
        self.segment_start = self.length

    def _tag(self, tag: _Tag, start: int, end: int) -> None:
        if self.unread:
            self._unread(tag)
            return
        if tag.left_out and not tag.closing:
            self.unread, self.unread_depth = tag.name, 1
            if "id" in tag.given:
                self.ids.append(tag.given["id"])
            return
        if tag.block:
            self._break()
        if tag.closing:
            self._close(tag.name)
        else:
            self._open(tag, start, end)

    def _unread(self, tag: _Tag) -> None:
        if tag.name == self.unread:
            self.unread_depth += -1 if tag.closing else 1
            if not self.unread_depth:
                self.unread = ""

    def _open(self, tag: _Tag, start: int, end: int) -> None:
        name, given = tag.name, tag.given
        if given or name == "img":
            self._given(name, given, start, end)
        if name in VOID:
            if name == "br" and self.html[end : end + 1] != "\n":
                # A broken line is a word's end; the HTML has no character for it unless a line break follows.
                self._add(" ", end, end)
            return
        if tag.shut:
            self.shut.append((name, self.length))
        if tag.leaf:
            leaf = Leaf(name, start, start + 1 + len(name), given.get("id", ""))
            self.leaves.append(leaf)
            self.open_leaves.append(leaf)

    def _given(self, name: str, given: Mapping[str, str], start: int, end: int) -> None:
        if "id" in given:
            self.ids.append(given["id"])
        if name == "a" and "href" in given:
            self.open_anchor = Anchor(given["href"], start, end, self.length, self.length, False)
            self.anchors.append(self.open_anchor)
        elif name == "img":
            self.anchors.append(Anchor(given.get("src", ""), start, end, self.length, self.length, True))

    def _close(self, name: str) -> None:
        if name == "a" and self.open_anchor:
            self.open_anchor.text_end = self.length
            self.open_anchor = None
        if self.open_leaves and self.open_leaves[-1].name == name:
            self.open_leaves.pop()
        if self.shut and self.shut[-1][0] == name:
            _, start = self.shut.pop()
            if self.length > start and not self.shut:
                self.closed.append((start, self.length))
