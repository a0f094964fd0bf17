"""Plain text → Markdown that renders as that very text.

Written against Python-Markdown as `sitegen.markup.markdown` configures it, and decided by position: a sign
is escaped only where Markdown would take it for its own. A backslash serves where Python-Markdown knows
the escape, a character reference elsewhere. Lines are given without white space at their ends.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_KNOWN = frozenset("\\`*_{}[]()>#+-.!|")  # what a backslash escapes; a test holds it against the renderer

_INLINE = re.compile(
    r"""
      \\(?=[\\`*_{}\[\]()>#+\-.!|]|$)         # a backslash before what it would escape
    | `                                       # code
    | \*+ | _+                                # emphasis: judged by its neighbours
    | \{                                      # attribute lists
    | \[(?=[\[^]|TOC\])                       # wiki links, footnotes, the table of contents
    | (?<=\])\(                               # links
    | <(?![ ]|$)                              # HTML and autolinks
    | &(?=\#|[A-Za-z][-.A-Za-z0-9]*;|[0-9A-Za-z]+;)   # character references
    """,
    re.VERBOSE,
)
_MARKER = re.compile(r"(\d+)\.(?=\s|$)")
_BULLET = re.compile(r"[*+-](?=\s|$)")
_RULE = re.compile(r"([-_*=])[-_*= ]*\Z")
_TABLE_RULE = re.compile(r"[|:\- ]*\|[|:\- ]*\Z")


def escape(line: str) -> str:
    """A line of text, escaped as the first or a further line of a paragraph, list item or quotation."""
    return _start(line, _inline(line))


def heading(line: str) -> str:
    """A line escaped to stand after `## `, where a `#` at the end would be swallowed."""
    return _inline(line).replace("#", "\\#")


def lines(texts: Sequence[str]) -> str:
    """Lines that stay lines: two spaces before the line end are Python-Markdown's line break."""
    return "  \n".join(escape(text) for text in texts)


def _inline(line: str) -> str:
    return _INLINE.sub(_escaped, line)


def _escaped(found: re.Match[str]) -> str:
    sign = found.group()
    if sign == "<":
        return "&lt;"
    if sign == "&":
        return "&amp;"
    if sign[0] in "*_" and _harmless(found):
        return sign
    return "".join("\\" + char for char in sign)


def _harmless(found: re.Match[str]) -> bool:
    """A run of stars or underscores that can neither open nor close emphasis, nor begin a line."""
    if not found.start() or len(found.group()) > 2:
        return False
    before, after = found.string[found.start() - 1], found.string[found.end() : found.end() + 1]
    if found.group()[0] == "_" and _word(before) and _word(after):
        return True
    return before.isspace() and after.isspace()


def _word(char: str) -> bool:
    return bool(char) and (char.isalnum() or re.match(r"\w", char) is not None)


def _start(raw: str, text: str) -> str:
    """What is special at the start of a line only. `raw` is the line before `text` was escaped."""
    if not raw:
        return text
    if marker := _MARKER.match(raw):
        return marker.group(1) + "\\" + text[len(marker.group(1)) :]
    first = raw[0]
    if first in ">#" or (first == "!" and raw.startswith("!!!")):
        return "\\" + text
    if _TABLE_RULE.match(raw):
        text = text.replace("|", "\\|")
    if _BULLET.match(raw) or _RULE.match(raw):
        return f"&#{ord('=')};{text[1:]}" if first == "=" else text if text[0] == "\\" else "\\" + text
    if first == ":" and (len(raw) == 1 or raw[1].isspace()):
        return "&#58;" + text[1:]
    if raw.startswith("~~~"):
        return "&#126;" + text[1:]
    if first == "[" and text[0] != "\\":
        return "\\" + text if "]:" in raw or "]" not in raw else text
    return text
