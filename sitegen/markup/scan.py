"""Read a fragment of HTML once: its text, and where each character of that text stands in the HTML.

The fragment comes from Python-Markdown (and, where authors wrote HTML, from the sanitiser), so tags are
well formed. Text is laid out block by block, a "\\n" between blocks and none inside; what a reader does
not read as text (footnote marks, a table of contents, scripts) is left out.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from html import unescape

_TOKEN = re.compile(
    r"<!--.*?-->"
    r"|<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9-]*)(?P<rest>(?>[^<>\"']+|\"[^\"]*\"|'[^']*')*+)>"
    r"|&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]*);",
    re.DOTALL,
)
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


@dataclass(slots=True)
class Tag:
    """An opening or closing tag: html[start:end]."""

    name: str
    start: int
    end: int
    closing: bool


@dataclass(slots=True)
class Leaf:
    """A block of running text. `tag_end` is just behind the name of its opening tag, where an id goes."""

    name: str
    start: int
    tag_end: int
    id: str
    top: bool
    segments: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class Anchor:
    """A link or image: its opening tag is html[start:end], it spans text[text_start:text_end]."""

    address: str
    start: int
    end: int
    text_start: int
    text_end: int
    image: bool


@dataclass
class Scan:
    """What one pass over the HTML finds."""

    text: str
    runs: list[tuple[int, int, int, int]]
    starts: list[int]
    tags: list[Tag]
    leaves: list[Leaf]
    closed: list[tuple[int, int]]
    anchors: list[Anchor]
    ids: list[str]

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


def attributes(rest: str) -> dict[str, str]:
    """The attributes of a tag, entities resolved; the first of a name counts, as in browsers."""
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(rest):
        found.setdefault(name.lower(), unescape(double or single or bare))
    return found


def scan(html: str) -> Scan:
    """Scan a fragment. Time is linear in its length."""
    return _Scanner(html).run()


class _Scanner:
    def __init__(self, html: str) -> None:
        self.html = html
        self.parts: list[str] = []
        self.length = 0
        self.runs: list[tuple[int, int, int, int]] = []
        self.tags: list[Tag] = []
        self.leaves: list[Leaf] = []
        self.closed: list[tuple[int, int]] = []
        self.anchors: list[Anchor] = []
        self.ids: list[str] = []
        self.open_leaves: list[Leaf] = []
        self.open_blocks: list[str] = []
        self.segment_start = 0
        self.shut: list[tuple[str, int]] = []  # open elements in which nothing is looked for
        self.unread = ""  # the element whose text is left out, and how deep it is nested in itself
        self.unread_depth = 0
        self.open_anchor: Anchor | None = None

    def run(self) -> Scan:
        at = 0
        for token in _TOKEN.finditer(self.html):
            if token.start() > at:
                self._text(at, token.start())
            at = token.end()
            if token.group("name"):
                self._tag(token)
            elif token.group()[0] == "&":
                self._entity(token)
        if at < len(self.html):
            self._text(at, len(self.html))
        self._break()
        text = "".join(self.parts).rstrip("\n")
        return Scan(text, self.runs, [run[0] for run in self.runs], self.tags, self.leaves, self.closed, self.anchors, self.ids)

    def _text(self, start: int, end: int) -> None:
        if self.unread:
            return
        piece = self.html[start:end]
        if not self.open_leaves or self.segment_start == self.length:
            kept = piece.lstrip()
            start += len(piece) - len(kept)
            piece = kept
        if piece:
            self._add(_SPACE.sub(" ", piece), start, end)

    def _entity(self, token: re.Match[str]) -> None:
        if self.unread:
            return
        character = unescape(token.group())
        self._add(_SPACE.sub(" ", character), token.start(), token.end())

    def _add(self, text: str, start: int, end: int) -> None:
        self.parts.append(text)
        self.runs.append((self.length, self.length + len(text), start, end))
        self.length += len(text)

    def _break(self) -> None:
        """End the running block: its text so far becomes a segment of the innermost open leaf."""
        if self.length > self.segment_start:
            if self.open_leaves:
                self.open_leaves[-1].segments.append((self.segment_start, self.length))
            self.parts.append("\n")
            self.length += 1
        self.segment_start = self.length

    def _tag(self, token: re.Match[str]) -> None:
        name, closing, rest = token.group("name").lower(), bool(token.group("close")), token.group("rest")
        if self.unread:
            self._unread(name, closing)
            return
        given = attributes(rest) if rest and not closing else {}
        if not closing and _left_out(name, given):
            self.unread, self.unread_depth = name, 1
            if "id" in given:
                self.ids.append(given["id"])
            return
        if name in BLOCKS:
            self._break()
        self.tags.append(Tag(name, token.start(), token.end(), closing))
        if closing:
            self._close(name)
        else:
            self._open(token, name, given)

    def _unread(self, name: str, closing: bool) -> None:
        if name == self.unread:
            self.unread_depth += -1 if closing else 1
            if not self.unread_depth:
                self.unread = ""

    def _open(self, token: re.Match[str], name: str, given: dict[str, str]) -> None:
        if "id" in given:
            self.ids.append(given["id"])
        if name == "a" and "href" in given:
            self.open_anchor = Anchor(given["href"], token.start(), token.end(), self.length, self.length, False)
            self.anchors.append(self.open_anchor)
        elif name == "img":
            self.anchors.append(Anchor(given.get("src", ""), token.start(), token.end(), self.length, self.length, True))
        elif name == "br" and self.html[token.end() : token.end() + 1] != "\n":
            # A broken line is a word's end; the HTML has no character for it unless a line break follows.
            self._add(" ", token.end(), token.end())
        if name in VOID:
            return
        if name in _CLOSED:
            self.shut.append((name, self.length))
        if name in _LEAVES:
            leaf = Leaf(name, token.start(), token.start() + 1 + len(name), given.get("id", ""), not self.open_blocks)
            self.leaves.append(leaf)
            self.open_leaves.append(leaf)
        if name in BLOCKS:
            self.open_blocks.append(name)

    def _close(self, name: str) -> None:
        if name == "a" and self.open_anchor:
            self.open_anchor.text_end = self.length
            self.open_anchor = None
        if name in self.open_blocks:
            while self.open_blocks.pop() != name:
                pass
        if self.open_leaves and self.open_leaves[-1].name == name:
            self.open_leaves.pop()
        if self.shut and self.shut[-1][0] == name:
            _, start = self.shut.pop()
            if self.length > start and not self.shut:
                self.closed.append((start, self.length))


def _left_out(name: str, given: dict[str, str]) -> bool:
    """Whether an element holds no text of the author's: marks of footnotes, contents lists, scripts."""
    if name in _UNREAD:
        return True
    classes = given.get("class", "").split()
    return (
        (name == "sup" and given.get("id", "").startswith("fnref"))
        or (name == "a" and "footnote-backref" in classes)
        or (name == "div" and "toc" in classes)
    )
