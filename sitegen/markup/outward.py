"""What the HTML of a text says of images and of links that lead out of the collection."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property

import msgspec

from sitegen.errors import Span
from sitegen.markup.scan import attributes
from sitegen.model.mention import Body

_GOES_ON = re.compile(r"[\w/?&=#%~+-]|\.\w")
_TAG = re.compile(r"""<(a|img)\b((?>[^<>"']+|"[^"]*"|'[^']*')*+)>""")


class Outward(msgspec.Struct, frozen=True):
    """An address as its author wrote it. undescribed: it is that of an image without a text in its place."""

    address: str
    outside: bool
    undescribed: bool


def outward(body: Body) -> Iterator[Outward]:
    """The links that lead out, and the images that nothing describes, of one text."""
    for html in (*body.pieces, *body.tags):
        if "<a" not in html and "<img" not in html:
            continue
        for name, rest in _TAG.findall(html):
            given = attributes(rest)
            address = given.get("src" if name == "img" else "href", "").strip()
            bare = name == "img" and not given.get("alt", "").strip() and given.get("role") not in ("presentation", "none")
            outside = address.lower().startswith(("http://", "https://"))
            if bare or outside:
                yield Outward(address, outside, bare)


class Places:
    """Where addresses stand in a file: each time one is asked for, the next place that it was written at."""

    def __init__(self, path: str, text: str) -> None:
        self._path, self.text = path, text
        self._next: dict[str, int] = {}
        self._missing: set[str] = set()

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    def of(self, written: str) -> Span:
        """The file alone where the address is spelled otherwise, as with escapes."""
        for spelled in dict.fromkeys((written, written.replace("&", "&amp;"))):
            if spelled in self._missing:
                continue
            at = self._find(spelled, self._next.get(spelled, 0))
            if at < 0 and self._next.get(spelled):
                at = self._find(spelled, 0)
            if at >= 0:
                self._next[spelled] = at + len(spelled)
                return self.at(at, len(spelled))
            self._missing.add(spelled)
        return Span(self._path)

    def _find(self, spelled: str, start: int) -> int:
        """Where an address stands, and not another that begins with it."""
        at = self.text.find(spelled, start) if spelled else -1
        while at >= 0 and _GOES_ON.match(self.text, at + len(spelled)):
            at = self.text.find(spelled, at + len(spelled))
        return at

    def at(self, at: int, length: int = 1) -> Span:
        """Where text[at:at + length] stands."""
        line = bisect_right(self._lines, at)
        start = self._lines[line - 1]
        end = self._lines[line] - 1 if line < len(self._lines) else len(self.text)
        return Span.on(self._path, line, at - start + 1, min(length, end - at), self.text, start, end)

    def on(self, line: int, words: Iterable[str]) -> Span:
        """Where the first of some words stands on a line; the line's beginning where none does."""
        if not 0 < line <= len(self._lines):
            return Span(self._path)
        start = self._lines[line - 1]
        whole = self.text[start : self._lines[line] - 1 if line < len(self._lines) else len(self.text)]
        found = ((whole.find(word), len(word)) for word in words)
        at, length = next(((at, length) for at, length in found if at >= 0), (0, 1))
        return self.at(start + at, length)
