"""Markdown → HTML for the plain prose that most articles are; None for everything else.

What `fast` gives is, byte for byte, what Python-Markdown and the sanitiser make of the text (see `markup.markdown`),
at a fifteenth of the time. It never guesses: one sign in an unexpected place, and the whole text is the slow path's.
The accepted subset:

- paragraphs, also of several lines, with two spaces at a line's end for a line break;
- headings `## Of this form`, lists of one level, quotations of all of these, tables, fenced code;
- emphasis, strong, code, links to the web, to mail and to relative addresses, wiki links, backslash escapes,
  and footnotes that the last blocks define and the text refers to at most once each.

Conventions: a block is text between blank lines, and neither begins nor ends with white space. Functions give HTML as
Python-Markdown writes it, or raise `_Unsure`; what sanitising changes in that is done last, to the whole.
"""

from __future__ import annotations

import functools
import re
from collections import deque
from collections.abc import Iterator
from html import escape, unescape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pygments.formatter import Formatter
    from pygments.lexer import Lexer

# A wiki link keeps its target in the href until the page is written: only then is its address known.
WIKI = "wiki:"
# What can bring in HTML or attributes of the author's own: the HTML of a text without it is not sanitised.
OWN_HTML = re.compile(r"<[a-zA-Z!/?]|\{:?|&#|\]\s*\(|\]:|<\w+:")

_MAX_DEPTH = 4  # of quotations

_RULES = {"---", "***", "* * *"}
_BLANK_LINE = re.compile(r"(?<=\n) +\n")
_BETWEEN_BLOCKS = re.compile(r"\n\n+")
_CONTROLS = "".join(map(chr, (*range(10), *range(11, 32), 127)))
_CONTROL = re.compile(f"[{_CONTROLS}]")
_FENCE = re.compile(r"^(```|~~~)([\w#+-]*)\n((?:.*\n)*?)\1 *$", re.MULTILINE)
_HEADING = re.compile(r"(#{1,6}) +((?:\\.|[^\\#\n])+)(?:\n|$)")
_ITEM = re.compile(r"(?:([*+-])|([1-9][0-9]{0,8})\.) +")
_NOTE = re.compile(r"\[\^([\w-]+)\]: *")
_BAR = re.compile(r"(?<!\\)\|")
_TAG = re.compile(r"<[^>]*>")
_NOT_IN_NOTES = re.compile(r"\[\^|```|~~~")
_NUMBERED = re.compile(r"_[0-9]+$")

# The start of a block, and of a further line of one, that is or might be more than the text of a paragraph.
_SIGN = r"[#>=|:] | !!! | ``` | ~~~ | [*_-][-_*:| ]*(?:\n|$)"
_BLOCK_SIGN = re.compile(rf"\s | {_SIGN} | [*+-][ ] | \d+\.[ ] | \Z", re.VERBOSE)
_LINE_SIGN = re.compile(rf"\n(?:[ ]{{4}} | [ ]{{0,3}}(?:{_SIGN}))", re.VERBOSE)

_HOST = r"(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,}"
_PATH = r"(?:[\w/.,~%+@!$=?-]|\#|&(?!\#))"
_ADDRESS = rf"""(?:
    https?://{_HOST}(?:[/?\#](?:{_PATH}|:|\((?:{_PATH}|:)*\))*)?
  | mailto:[\w.+-]+@{_HOST}
  | (?!//){_PATH}+
)"""
# What may stand in emphasis: text, code, and brackets with what belongs to them. Each is read again on its own.
_EMPHASISED = r"(?:[^\\`*_\[\]<{]|`[^`\n]+`|\[\[[^\[\]`*\n]+\]\]|\[[^\[\]\\`*_\n]+\](?:\([^()\s\\`*]+\))?)+"
# What a bracket must not be followed by, or it would be a link, a reference or a definition.
_NO_LINK = r"(?![(\[:]|\s\[)"
_ANY_SPECIAL = "|".join(map(re.escape, "\\`*_[]&<{" + _CONTROLS))

# Everything special in running text. Each alternative begins with a literal and looks behind only after it: so the
# engine searches for a set of characters. The last ones are for what stands where no other alternative expects it.
_INLINE = re.compile(
    rf"""
      \\(?P<escaped>[\\`*_{{}}\[\]()>\#+.!|-])
    | `(?<![`\\]`)(?P<code>[^`\n<&\x00-\x1f\x7f]+)`(?!`)
    | \*\*(?<![\w*]\*\*)(?![\s*])(?P<strong>{_EMPHASISED})(?<!\s)\*\*(?![\w*])
    | \*(?<![\w*]\*)(?![\s*])(?P<em>{_EMPHASISED})(?<!\s)\*(?![\w*])
    | __(?<![\w_*]__)(?![\s_])(?P<strong_>{_EMPHASISED})(?<!\s)__(?![\w_*])
    | _(?<![\w_*]_)(?![\s_])(?P<em_>{_EMPHASISED})(?<!\s)_(?![\w_*])
    | \*(?<=\s\*)(?P<star>)(?=\s)
    | _(?P<underscore>)(?:(?<=[^\W_]_)(?=[^\W_])|(?<=\s_)(?=\s))
    | \[\[(?<![!\\]\[\[)(?P<target>[\w/.\#-]+(?:[ ][\w/.\#-]+)*)(?:\\?\|(?P<label>[^\[\]\\`<{{\n]+))?\]\](?P<wiki>)
    | \[\^(?<!!\[\^)(?P<note>[\w-]+)\](?!:)
    | \[(?<!!\[)(?!\^)(?P<text>[^\[\]\\`<{{]+)\]\((?P<address>{_ADDRESS})\)
    | \[(?<!!\[)(?P<opened>)(?!\^|TOC\])(?=[^\[\]\\`]+\]{_NO_LINK})
    | \](?P<closed>){_NO_LINK}
    | &(?P<entity>amp|lt|gt|nbsp|\#58|\#61|\#126);
    | &(?P<ampersand>)(?![\w.-]*;|\#)
    | <(?P<less>)(?=[ ])
    | >(?P<greater>)
    | {_ANY_SPECIAL}
    """,
    re.VERBOSE,
)
_AS_TEXT = {"star": "*", "underscore": "_", "opened": "[", "closed": "]", "ampersand": "&amp;", "less": "&lt;", "greater": "&gt;"}
_ELEMENTS = {"em": "em", "em_": "em", "strong": "strong", "strong_": "strong"}
# What the sanitiser writes otherwise than Python-Markdown and Pygments.
_SANITISED = {"\xa0": "&nbsp;", "&#58;": ":", "&#61;": "=", "&#126;": "~", "&quot;": '"', "&#39;": "'"}
# What CodeHilite hands to Pygments.
_OPTIONS: dict[str, Any] = {"style": "default", "noclasses": False, "linenos": None, "cssclass": "codehilite",
                            "wrapcode": True, "full": False}  # fmt: skip


class _Unsure(Exception):
    """The text may mean more than is known here."""


def fast(body: str, *, raw_html: bool = False) -> str | None:
    """What `markdown.convert(body, raw_html=raw_html)` gives, where that lies in the subset; there are no unsafe addresses."""
    try:
        html = _Text(raw_html).html(body)
    except _Unsure:
        return None
    return _sanitised(html) if not raw_html and OWN_HTML.search(body) else html


def fast_note(body: str) -> str | None:
    """What `markdown.note_html(body)` gives, where that lies in the subset; there are no unsafe addresses."""
    if _NOT_IN_NOTES.search(body):
        return None
    try:
        html = _Note(raw_html=False).html(body)
    except _Unsure:
        return None
    return None if "<hr>" in html else _sanitised(html)


def _sanitised(html: str) -> str:
    if any(sign in html for sign in ("&#", "&quot;", "\xa0")):
        for sign, sanitised in _SANITISED.items():
            html = html.replace(sign, sanitised)
    return html


class _Text:
    """One text on its way to HTML: what its blocks share are the ids of its headings and its footnotes."""

    def __init__(self, raw_html: bool) -> None:
        self.raw_html = raw_html
        self.ids: set[str] = set()
        self.numbers: dict[str, int] = {}  # the last that a heading's words were told apart by
        self.notes: dict[str, str] = {}
        self.noted: set[str] = set()

    def html(self, body: str) -> str:
        if "\t" in body:
            body = body.expandtabs(4)
        if "\n " in body:
            body = _BLANK_LINE.sub("\n", body + "\n\n")
        # Text, fence, language, code, text, and so on.
        texts = _FENCE.split(body) if "```" in body or "~~~" in body else [body]
        parts = [_split(text) for text in texts[::4]]
        self._cut_notes(parts[-1])
        pieces = [*self._blocks(parts[0], 0)]
        for language, code, part in zip(texts[2::4], texts[3::4], parts[1:], strict=True):
            pieces += [_highlighted(language, code), *self._blocks(part, 0)]
        if self.notes:
            pieces.append(self._footnotes(body))
        if not pieces:
            raise _Unsure
        return "\n".join(pieces).strip()

    def _blocks(self, blocks: list[str], depth: int) -> Iterator[str]:
        waiting = deque(blocks)
        while waiting:
            block = waiting.popleft()
            if "|" in block and (table := _table_rows(block)):
                yield self._table(table)
            elif block[0] == "#":
                heading = _HEADING.match(block)
                if not heading:
                    raise _Unsure
                yield self._heading(len(heading[1]), heading[2].strip())
                if below := block[heading.end() :]:
                    waiting.appendleft(below)
            elif block[0] == ">":
                quoted = [block]
                while waiting and waiting[0][0] == ">":
                    quoted.append(waiting.popleft())
                yield self._quotation(quoted, depth)
            elif block in _RULES:
                yield "<hr>"
            elif marker := _ITEM.match(block):
                blocks = [block]
                while waiting and (next_marker := _ITEM.match(waiting[0])) and bool(next_marker[1]) == bool(marker[1]):
                    blocks.append(waiting.popleft())
                yield self._list(blocks, marker[2])
            else:
                yield f"<p>{self._prose(block)}</p>"

    def _prose(self, block: str) -> str:
        """The lines of a paragraph, or of what holds one: an item, a footnote."""
        if _BLOCK_SIGN.match(block) or _LINE_SIGN.search(block) or block[-1].isspace():
            raise _Unsure
        if " \n" not in block:
            return self._inline(block)
        lines = block.split("  \n")
        if any(line.endswith(" ") or " \n" in line for line in lines) or any(line[:1].isspace() for line in lines):
            raise _Unsure
        return "<br>\n".join(map(self._inline, lines))

    def _heading(self, rank: int, text: str) -> str:
        if not text or "[^" in text:
            raise _Unsure
        html = self._inline(text)
        return f'<h{rank} id="{self._id(html)}">{html}</h{rank}>'

    def _id(self, heading: str) -> str:
        """An id of a heading's words, numbered where it stands already."""
        words = unescape(" ".join(_TAG.sub("", heading).split()))
        stem = re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", words).strip().lower())
        number = self.numbers.get(stem, 0)
        found = f"{stem}_{number}" if number else stem
        while not found or found in self.ids:
            if _NUMBERED.search(stem):
                raise _Unsure
            number += 1
            found = f"{stem}_{number}"
        self.ids.add(found)
        self.numbers[stem] = number
        return found

    def _quotation(self, blocks: list[str], depth: int) -> str:
        """Quotations that only blank lines part are one."""
        lines = "\n\n".join(blocks).split("\n")
        if depth == _MAX_DEPTH or any(block.endswith((">", "> ")) for block in blocks):
            raise _Unsure
        if not all(line[:2] in ("> ", ">", "") for line in lines):
            raise _Unsure
        quoted = "\n".join(self._blocks(_split("\n".join(line[2:] for line in lines)), depth + 1))
        return f"<blockquote>\n{quoted}\n</blockquote>"

    def _list(self, blocks: list[str], number: str | None) -> str:
        """A list. A blank line makes paragraphs of the items before and after it, and of no others."""
        html = []
        for b, block in enumerate(blocks):
            items = _items(block, numbered=number is not None)
            for i, item in enumerate(items):
                loose = (b > 0 and i == 0) or (b < len(blocks) - 1 and i == len(items) - 1)
                text = self._prose(item)
                html.append(f"<li>\n<p>{text}</p>\n</li>\n" if loose else f"<li>{text}</li>\n")
        if number is None:
            return f"<ul>\n{''.join(html)}</ul>"
        start = "" if number == "1" else f' start="{number}"'
        return f"<ol{start}>\n{''.join(html)}</ol>"

    def _table(self, rows: list[list[str]]) -> str:
        head, rule, *body = rows
        classes = [_alignment(cell.strip(" ")) for cell in rule]
        first = self._row("th", head, classes)
        rest = "\n".join(self._row("td", row, classes) for row in body)
        return f"<table>\n<thead>\n{first}\n</thead>\n<tbody>\n{rest}\n</tbody>\n</table>"

    def _row(self, tag: str, cells: list[str], classes: list[str]) -> str:
        """A row of as many cells as the table has columns."""
        cells = [cell.strip(" ") for cell in cells[: len(classes)]] + [""] * (len(classes) - len(cells))
        html = (f"<{tag}{css}>{self._inline(cell)}</{tag}>" for cell, css in zip(cells, classes, strict=True))
        return "<tr>\n" + "\n".join(html) + "\n</tr>"

    def _cut_notes(self, blocks: list[str]) -> None:
        """Take the footnotes off the end of the text."""
        first = len(blocks)
        while first and blocks[first - 1].startswith("[^"):
            first -= 1
        for block in blocks[first:]:
            for note in re.split(r"\n(?=\[\^)", block):
                name = _NOTE.match(note)
                if not name or name[1] in self.notes:
                    raise _Unsure
                self.notes[name[1]] = note[name.end() :]
        del blocks[first:]

    def _footnotes(self, body: str) -> str:
        if "///Footnotes Go Here///" in body:
            raise _Unsure
        space, arrow = ("&#160;", "&#8617;") if self.raw_html else ("&nbsp;", "↩")
        items = []
        for number, (name, text) in enumerate(self.notes.items(), 1):
            items.append(
                f'<li id="fn:{name}">\n<p>{self._prose(text)}{space}<a class="footnote-backref" href="#fnref:{name}" '
                f'title="Jump back to footnote {number} in the text">{arrow}</a></p>\n</li>\n'
            )
        return f'<div class="footnote">\n<hr>\n<ol>\n{"".join(items)}</ol>\n</div>'

    def _inline(self, text: str) -> str:
        return _INLINE.sub(self._sign, text)

    def _sign(self, found: re.Match[str]) -> str:
        """The HTML of one special sign, with what belongs to it."""
        kind = found.lastgroup
        if kind is None:
            raise _Unsure
        if kind in _AS_TEXT:
            return _AS_TEXT[kind]
        if kind in _ELEMENTS:
            return f"<{_ELEMENTS[kind]}>{self._inline(found[kind])}</{_ELEMENTS[kind]}>"
        if kind == "address":
            return f'<a href="{escape(found[kind])}">{self._inline(found["text"])}</a>'
        if kind == "code" and found[kind].strip():
            return f"<code>{escape(found[kind].strip(), quote=False)}</code>"
        if kind == "escaped":
            return escape(found[kind])
        if kind == "entity":
            return found[0]
        if kind == "wiki":
            return self._wiki_link(found["target"], found["label"])
        if kind == "note":
            return self._reference(found[kind])
        raise _Unsure

    def _wiki_link(self, target: str, label: str | None) -> str:
        path, _, fragment = target.partition("#")
        stem = path.removesuffix(".md").rpartition("/")[2]
        text = label.strip() if label else stem.replace("-", " ").title() or fragment
        if not text:
            raise _Unsure
        return f'<a href="{WIKI}{target}">{self._inline(text)}</a>'

    def _reference(self, name: str) -> str:
        if name not in self.notes or name in self.noted:
            raise _Unsure
        self.noted.add(name)
        number = list(self.notes).index(name) + 1
        return f'<sup id="fnref:{name}"><a class="footnote-ref" href="#fn:{name}">{number}</a></sup>'


class _Note(_Text):
    """The text of a note: what an article's Markdown has and a note's has not, or otherwise, is the slow path's."""

    def _heading(self, rank: int, text: str) -> str:
        raise _Unsure

    def _table(self, rows: list[list[str]]) -> str:
        raise _Unsure


def _split(text: str) -> list[str]:
    """The blocks of a text."""
    text = text.strip("\n")
    return (_BETWEEN_BLOCKS.split(text) if "\n\n\n" in text else text.split("\n\n")) if text else []


def _items(block: str, *, numbered: bool) -> list[str]:
    """The text of each item in a block of a list; lines without a marker go on with the item above."""
    items: list[str] = []
    for line in block.split("\n"):
        marker = _ITEM.match(line)
        if marker and bool(marker[2]) == numbered:
            items.append(line[marker.end() :])
        elif marker or _BLOCK_SIGN.match(line.lstrip(" ")):
            raise _Unsure
        else:
            items[-1] += "\n" + line
    return items


def _table_rows(block: str) -> list[list[str]] | None:
    """The cells of a block that is a table: under its first line lies one of bars, hyphens and colons. None for no table."""
    lines = [line.strip(" ") for line in block.split("\n")]
    if len(lines) < 2 or lines[1].strip("|:- "):
        return None
    bordered = lines[0].startswith("|") or lines[0].endswith("|")
    rows = []
    for line in lines:
        if "\\\\" in line or line.endswith("\\|") or line.startswith("!!!") or ("\\" in line and "`" in line):
            raise _Unsure
        if bordered:
            line = line.removeprefix("|").removesuffix("|")
        rows.append(_BAR.split(line))
    if block[0] == " " or len(rows) < 3 or len(rows[0]) < 2 or len(rows[0]) != len(rows[1]):
        raise _Unsure
    return rows


def _alignment(rule: str) -> str:
    left, right = rule.startswith(":"), rule.endswith(":")
    side = "center" if left and right else "left" if left else "right" if right else ""
    return f' class="align-{side}"' if side else ""


def _highlighted(language: str, code: str) -> str:
    """Fenced code as CodeHilite gives it; a new lexer each time, as a few keep something of the text before."""
    from pygments import highlight

    if _CONTROL.search(code):
        raise _Unsure
    lexer, formatter = _highlighting(language)
    try:
        return str(highlight(code.strip("\n"), lexer(**_OPTIONS), formatter))
    except Exception as error:  # what a lexer raises is the slow path's to report
        raise _Unsure from error


@functools.lru_cache(maxsize=64)
def _highlighting(language: str) -> tuple[type[Lexer], Formatter[str]]:
    """The lexer and the formatter that CodeHilite makes anew for each block. An unknown language is plain text."""
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language, **_OPTIONS)
    except ClassNotFound:
        lexer = get_lexer_by_name("text", **_OPTIONS)
    return type(lexer), HtmlFormatter(**_OPTIONS)
