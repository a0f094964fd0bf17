"""Markdown → HTML for the plain prose that most articles are; None for everything else.

What `fast` gives is, byte for byte, what Python-Markdown and the sanitiser make of the text (see `markup.markdown`),
at a twentieth of the time, and scanned (see `markup.scan`). It never guesses: one sign in an unexpected place, and the whole
text is the slow path's.
The accepted subset:

- paragraphs, also of several lines, with two spaces at a line's end for a line break;
- headings `## Of this form`, lists of one level, quotations of all of these, tables, fenced code;
- emphasis, strong, code, links to the web, to mail and to relative addresses, wiki links, backslash escapes,
  and footnotes that the last blocks define and the text refers to at most once each.

Conventions: a block is text between blank lines, and neither begins nor ends with white space. Methods write HTML as
Python-Markdown does, a line break behind each block, or raise `Unsure`; what sanitising changes in that is done last.
"""

from __future__ import annotations

import re
from collections import deque
from itertools import zip_longest

from sitegen.markup.highlight import highlighted
from sitegen.markup.inline import CONTROLS, RunningText, Unsure, special
from sitegen.markup.scan import Scan, scan
from sitegen.markup.writer import Writer

# What can bring in HTML or attributes of the author's own: the HTML of a text without it is not sanitised.
OWN_HTML = re.compile(r"<[a-zA-Z!/?]|\{:?|&#|\]\s*\(|\]:|<\w+:")

_MAX_DEPTH = 4  # of quotations

_RULES = {"---", "***", "* * *"}
_BLANK_LINE = re.compile(r"(?<=\n) +\n")
_BETWEEN_BLOCKS = re.compile(r"\n\n+")
_CONTROL = re.compile(f"[{CONTROLS}]")
_FENCE = re.compile(r"^(```|~~~)([\w#+-]*)\n((?:.*\n)*?)\1 *$", re.MULTILINE)
_HEADING = re.compile(r"(#{1,6}) +((?:\\.|[^\\#\n])+)(?:\n|$)")
_ITEM = re.compile(r"(?:([*+-])|([1-9][0-9]{0,8})\.) +")
_NOTE = re.compile(r"\[\^([\w-]+)\]: *")
_BEFORE_NOTE = re.compile(r"\n(?=\[\^)")
_BAR = re.compile(r"(?<!\\)\|")
_NOT_IN_NOTES = re.compile(r"\[\^|```|~~~")
_NUMBERED = re.compile(r"_[0-9]+$")
_IN_NO_ID, _PARTING = re.compile(r"[^\w\s-]"), re.compile(r"[-\s]+")

# The start of a block, and of a further line of one, that is or might be more than the text of a paragraph.
_SIGN = r"[#>=|:] | !!! | ``` | ~~~ | [*_-][-_*:| ]*(?:\n|$)"
_BLOCK_SIGN = re.compile(rf"\s | {_SIGN} | [*+-][ ] | \d+\.[ ] | \Z", re.VERBOSE)
_LINE_SIGN = re.compile(rf"\n(?:[ ]{{4}} | [ ]{{0,3}}(?:{_SIGN}))", re.VERBOSE)

# What the sanitiser writes otherwise than Python-Markdown and Pygments.
_SANITISED = {"\xa0": "&nbsp;", "&#58;": ":", "&#61;": "=", "&#126;": "~", "&quot;": '"', "&#39;": "'"}


def fast(body: str, *, raw_html: bool = False) -> Scan | None:
    """What `markdown.convert(body, raw_html=raw_html)` gives, where that lies in the subset. There are no unsafe addresses."""
    text = _Text(body, raw_html=raw_html)
    try:
        text.write()
    except Unsure:
        return None
    return text.scanned()


def fast_note(body: str) -> str | None:
    """What `markdown.note_html(body)` gives, where that lies in the subset; there are no unsafe addresses."""
    if _NOT_IN_NOTES.search(body):
        return None
    note = _Note(body)
    try:
        note.write()
    except Unsure:
        return None
    html = note.scanned().html
    return None if "<hr>" in html else html


class _Text(RunningText):
    """One text on its way to HTML: what its blocks share are the ids of its headings and its footnotes."""

    def __init__(self, body: str, *, raw_html: bool = False) -> None:
        super().__init__()
        self.body = body
        self.raw_html = raw_html
        self.ids: set[str] = set()
        self.numbers: dict[str, int] = {}  # the last that a heading's words were told apart by

    def scanned(self) -> Scan:
        found = self.out.scan()
        if ("\xa0" in self.body or ("&" in self.body and "&#" in self.body)) and self._sanitised():
            return scan(_clean(found.html))
        return found

    def _sanitised(self) -> bool:
        return not self.raw_html and bool(OWN_HTML.search(self.body))

    def write(self) -> None:
        body = self.body
        if "\t" in body:
            body = body.expandtabs(4)
        fenced = ("`" in body and "```" in body) or ("~" in body and "~~~" in body)
        if body.rfind("\n ") >= 0:  # a search from the right compares the rarer sign first
            body = _BLANK_LINE.sub("\n", body + "\n\n")
        # Text, fence, language, code, text, and so on.
        texts = _FENCE.split(body) if fenced else [body]
        parts = [_split(text) for text in texts[::4]]
        self._cut_notes(parts[-1])
        self._blocks(parts[0], 0)
        for language, code, part in zip(texts[2::4], texts[3::4], parts[1:], strict=True):
            self._code(language, code)
            self._blocks(part, 0)
        if self.notes:
            self._footnotes()
        if not self.out.html:
            raise Unsure

    def _blocks(self, blocks: list[str], depth: int) -> None:
        waiting = deque(blocks)
        while waiting:
            block = waiting.popleft()
            if block[0].isalpha() and "|" not in block:
                self._paragraph(block)
            elif "|" in block and (table := _table_rows(block)):
                self._table(table)
            elif block[0] == "#":
                heading = _HEADING.match(block)
                if not heading:
                    raise Unsure
                self._heading(f"h{len(heading[1])}", heading[2].strip())
                if below := block[heading.end() :]:
                    waiting.appendleft(below)
            elif block[0] == ">":
                quoted = [block]
                while waiting and waiting[0][0] == ">":
                    quoted.append(waiting.popleft())
                self._quotation(quoted, depth)
            elif block in _RULES:
                self.out.mark("<hr>\n")
            elif marker := _ITEM.match(block):
                listed = [block]
                while waiting and (next_marker := _ITEM.match(waiting[0])) and bool(next_marker[1]) == bool(marker[1]):
                    listed.append(waiting.popleft())
                self._list(listed, marker[2])
            else:
                self._paragraph(block)

    def _paragraph(self, text: str) -> None:
        self._block("p", "<p>", text, "</p>\n")

    def _block(self, name: str, tag: str, text: str, closing: str) -> None:
        """A block of running text: a paragraph, or an item that is like one. Most is written as it stands."""
        out, lines = self.out, _lines(text)
        sign = special(text) if len(lines) == 1 else 0
        if sign < 0:
            out.block(name, tag, text, closing)
        else:
            leaf = out.leaf(name, tag)
            self._prose(lines, sign)
            out.end(leaf, closing)

    def _prose(self, lines: list[str], sign: int = 0) -> None:
        """Running text with its line breaks. sign: no special one stands before that in the first line."""
        self.inline(lines[0], "", sign)
        for line in lines[1:]:
            self.out.mark("<br>")
            self.inline(line, "\n")

    def _heading(self, name: str, text: str) -> None:
        if not text or "[^" in text:
            raise Unsure
        out, words = self.out, self._apart(text)
        heading_id = self._id(words.text if words else text)
        tag, closing, start = f'<{name} id="{heading_id}">', f"</{name}>\n", out.length
        if words:
            leaf = out.leaf(name, tag, heading_id)
            out.take(words)
            out.end(leaf, closing)
        else:
            out.block(name, tag, text, closing, heading_id)
        out.shut(start)

    def _apart(self, text: str) -> Scan | None:
        """Running text that is written before it is known where it stands; None where it is nothing but text."""
        if special(text) < 0:
            return None
        out, self.out = self.out, Writer()
        self.inline(text)
        words, self.out = self.out.scan(), out
        words.closed.clear()
        return words

    def _id(self, words: str) -> str:
        """An id of a heading's words, numbered where it stands already."""
        if words.replace(" ", "").isalnum():
            stem = "-".join(words.lower().split())
        else:
            stem = _PARTING.sub("-", _IN_NO_ID.sub("", words).strip().lower())
        number = self.numbers.get(stem, 0)
        found = f"{stem}_{number}" if number else stem
        while not found or found in self.ids:
            if _NUMBERED.search(stem):
                raise Unsure
            number += 1
            found = f"{stem}_{number}"
        self.ids.add(found)
        self.numbers[stem] = number
        return found

    def _quotation(self, blocks: list[str], depth: int) -> None:
        """Quotations that only blank lines part are one."""
        lines = "\n\n".join(blocks).split("\n")
        if depth == _MAX_DEPTH or any(block.endswith((">", "> ")) for block in blocks):
            raise Unsure
        if not all(line[:2] in ("> ", ">", "") for line in lines):
            raise Unsure
        self.out.mark("<blockquote>\n")
        self._blocks(_split("\n".join([line[2:] for line in lines])), depth + 1)
        self.out.mark("</blockquote>\n")

    def _list(self, blocks: list[str], number: str | None) -> None:
        """A list. A blank line makes paragraphs of the items before and after it, and of no others."""
        element, start = ("ul", "") if number is None else ("ol", "" if number == "1" else f' start="{number}"')
        self.out.mark(f"<{element}{start}>\n")
        for b, block in enumerate(blocks):
            items = _items(block, numbered=number is not None)
            for i, item in enumerate(items):
                loose = (b > 0 and i == 0) or (b < len(blocks) - 1 and i == len(items) - 1)
                if loose:
                    leaf = self.out.leaf("li", "<li>\n")
                    self._paragraph(item)
                    self.out.end(leaf, "</li>\n")
                else:
                    self._block("li", "<li>", item, "</li>\n")
        self.out.mark(f"</{element}>\n")

    def _table(self, rows: list[list[str]]) -> None:
        head, rule, *body = rows
        classes = [_alignment(cell.strip(" ")) for cell in rule]
        self.out.mark("<table>\n<thead>\n")
        self._row("th", head, classes)
        self.out.mark("</thead>\n<tbody>\n")
        for row in body:
            self._row("td", row, classes)
        self.out.mark("</tbody>\n</table>\n")

    def _row(self, name: str, cells: list[str], classes: list[str]) -> None:
        """A row of as many cells as the table has columns."""
        self.out.mark("<tr>\n")
        for cell, css in zip_longest(cells[: len(classes)], classes, fillvalue=""):
            leaf = self.out.leaf(name, f"<{name}{css}>")
            self.inline(cell.strip(" "))
            self.out.end(leaf, f"</{name}>\n")
        self.out.mark("</tr>\n")

    def _code(self, language: str, code: str) -> None:
        if _CONTROL.search(code):
            raise Unsure
        try:
            html = highlighted(language, code)
        except Exception as error:  # what a lexer raises is the slow path's to report
            raise Unsure from error
        self.out.take(scan(_clean(html) if self._sanitised() else html))
        self.out.mark("\n")
        self.out.line()

    def _cut_notes(self, blocks: list[str]) -> None:
        """Take the footnotes off the end of the text."""
        first = len(blocks)
        while first and blocks[first - 1].startswith("[^"):
            first -= 1
        for block in blocks[first:]:
            for note in _BEFORE_NOTE.split(block):
                name = _NOTE.match(note)
                if not name or name[1] in self.notes:
                    raise Unsure
                self.notes[name[1]] = note[name.end() :]
        del blocks[first:]

    def _footnotes(self) -> None:
        if "///Footnotes Go Here///" in self.body:
            raise Unsure
        out = self.out
        space, arrow = ("&#160;", "&#8617;") if self.raw_html else ("&nbsp;", "↩")
        out.mark('<div class="footnote">\n<hr>\n<ol>\n')
        for number, (name, text) in enumerate(self.notes.items(), 1):
            item = out.leaf("li", f'<li id="fn:{name}">\n', f"fn:{name}")
            leaf = out.leaf("p", "<p>")
            self._prose(_lines(text))
            out.sign(space, "\xa0")
            out.mark(f'<a class="footnote-backref" href="#fnref:{name}" title="Jump back to footnote {number} in the text">')
            out.mark(f"{arrow}</a>")
            out.end(leaf, "</p>\n")
            out.end(item, "</li>\n")
        out.mark("</ol>\n</div>\n")


class _Note(_Text):
    """The text of a note: what an article's Markdown has and a note's has not, or otherwise, is the slow path's."""

    def _sanitised(self) -> bool:
        return True

    def _heading(self, name: str, text: str) -> None:
        raise Unsure

    def _table(self, rows: list[list[str]]) -> None:
        raise Unsure


def _clean(html: str) -> str:
    """The HTML as the sanitiser writes it."""
    if any(sign in html for sign in ("&#", "&quot;", "\xa0")):
        for sign, sanitised in _SANITISED.items():
            html = html.replace(sign, sanitised)
    return html


def _split(text: str) -> list[str]:
    """The blocks of a text."""
    text = text.strip("\n")
    return (_BETWEEN_BLOCKS.split(text) if text.rfind("\n\n\n") >= 0 else text.rsplit("\n\n")) if text else []


def _lines(block: str) -> list[str]:
    """The lines of a paragraph, or of what holds one (an item, a footnote), as line breaks part them."""
    if block[-1:].isspace() or (not block[:1].isalpha() and _BLOCK_SIGN.match(block)):
        raise Unsure
    if "\n" not in block:
        return [block]
    if _LINE_SIGN.search(block):
        raise Unsure
    if " \n" not in block:
        return [block]
    lines = block.split("  \n")
    if any(line[-1:] == " " or " \n" in line or line[:1].isspace() for line in lines):
        raise Unsure
    return lines


def _items(block: str, *, numbered: bool) -> list[str]:
    """The text of each item in a block of a list; lines without a marker go on with the item above."""
    items: list[str] = []
    for line in block.split("\n"):
        marker = _ITEM.match(line)
        if marker and bool(marker[2]) == numbered:
            items.append(line[marker.end() :])
        elif marker or _BLOCK_SIGN.match(line.lstrip(" ")):
            raise Unsure
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
            raise Unsure
        if bordered:
            line = line.removeprefix("|").removesuffix("|")
        rows.append(_BAR.split(line))
    if block[0] == " " or len(rows) < 3 or len(rows[0]) < 2 or len(rows[0]) != len(rows[1]):
        raise Unsure
    return rows


def _alignment(rule: str) -> str:
    left, right = rule.startswith(":"), rule.endswith(":")
    side = "center" if left and right else "left" if left else "right" if right else ""
    return f' class="align-{side}"' if side else ""
