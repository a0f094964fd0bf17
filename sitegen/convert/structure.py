"""Clean text → Seed: what a text says of itself, and the blocks that its body is made of.

Pure. Nothing is lost: each line of the text is in a block, or is named in `Seed.lifted` with the field it went to.
Line numbers count from 1. The rules are conservative: what is not plainly something else is a paragraph.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import msgspec
from msgspec.structs import replace

from sitegen.convert import head
from sitegen.convert.related import same
from sitegen.convert.wrap import Group, Line, Wrap, joined, measure
from sitegen.model.dates import Date
from sitegen.model.text import sentences

TITLE_LIMIT = 90  # characters of a title made from a sentence
_LONG = 200  # a first line beyond this is a paragraph
_HEAD_LINES = 6  # non-blank lines that may be byline or date
_RELATED_LINES = 30  # titles that may stand below "Related:"
_INDENT = 4  # columns from which a block is a quotation
_HEADING_WORDS = 8
_VERSE, _QUOTED_VERSE = 70, 100  # characters a line of verse has at most; an indented one may be a hexameter

_DECORATION = re.compile(r"[\s=\-_*~#.+•—–]+\Z")
_TRAILING = re.compile(r"\s+(?:={2,}|\*{2,}|_{2,}|~{2,}|#{1,6}|-{2,}|[—–]{2,})\Z")
_BULLET = re.compile(r"([-*•])\s+(?=.*\w)")
_NUMBER = re.compile(r"([1-9][0-9]{0,3})\.\s+(?=.*\w)", re.ASCII)
_ITEM_START = re.compile(r"(?:[-*•–—]|\(?\d{1,3}[.)]|\(?[a-z]\))\s+\S")
_SENTENCE_ENDS = (*".!?…。؟」", ".”", ".’", '."', ".'", ".)")


class Kind(enum.StrEnum):
    """What a block is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    VERSE = "verse"
    BULLETS = "bullets"
    NUMBERS = "numbers"


class Block(msgspec.Struct, frozen=True):
    """A block of plain text. `texts` are the lines of verse, the items of a list, or one text.

    mark: the sign that stood before each line or item in the source, and that Markdown's own stands for:
    "•", "1." (the number of the first item), ">", or none. lines: those of the source.
    """

    kind: Kind
    texts: tuple[str, ...]
    lines: tuple[int, ...]
    mark: str = ""
    quoted: bool = False


class Doubt(msgspec.Struct, frozen=True):
    """A line that may be a date, and can be read in two ways."""

    line: int
    text: str


class Seed(msgspec.Struct, frozen=True):
    """An article before it is Markdown. `lifted` maps a line that left the text to the field it went to."""

    title: str
    date: Date | None = None
    updated: Date | None = None
    byline: str = ""
    dateline: str = ""
    related: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    lifted: dict[int, str] = msgspec.field(default_factory=dict)
    doubts: tuple[Doubt, ...] = ()

    @property
    def text(self) -> str:
        """The body as plain text, a block a paragraph."""
        return "\n\n".join("\n".join(block.texts) for block in self.blocks)


def structure(text: str) -> Seed:
    """Read the structure of a clean text (see decode.clean)."""
    groups = _groups(text)
    wrap = measure(groups, text)
    reader = _Head(wrap)
    reader.title(groups)
    reader.top(groups)
    reader.repeated(groups)
    related = _lift_related(groups, wrap, reader.lifted)
    rest = [part for group in groups for part in _without(group, reader.lifted)]
    blocks = tuple(_blocks(rest, wrap))
    dateline = _dateline(blocks)
    return Seed(
        title=reader.title_text,
        date=reader.date or head.dateline_date(dateline),
        updated=reader.updated,
        byline=reader.byline,
        dateline=dateline,
        related=tuple(dict.fromkeys(related)),
        blocks=blocks,
        lifted=reader.lifted,
        doubts=tuple(reader.doubts),
    )


def _groups(text: str) -> list[Group]:
    """Runs of lines without a blank one between them."""
    groups: list[Group] = []
    run: list[Line] = []
    for number, raw in enumerate(text.split("\n"), 1):
        stripped = raw.strip()
        if stripped:
            run.append(Line(number, len(raw) - len(raw.lstrip()), stripped))
        elif run:
            groups.append(tuple(run))
            run = []
    if run:
        groups.append(tuple(run))
    return groups


def _without(group: Group, lifted: dict[int, str]) -> Iterator[Group]:
    """The runs of a group that are left when lifted lines are taken out."""
    run: list[Line] = []
    for line in group:
        if line.number in lifted:
            if run:
                yield tuple(run)
            run = []
        else:
            run.append(line)
    if run:
        yield tuple(run)


class _Head:
    """Reads the top of a text, line by line, and notes what leaves it."""

    def __init__(self, wrap: Wrap) -> None:
        self.wrap = wrap
        self.title_text = ""
        self.date: Date | None = None
        self.updated: Date | None = None
        self.byline = ""
        self.lifted: dict[int, str] = {}
        self.doubts: list[Doubt] = []

    def title(self, groups: Sequence[Group]) -> None:
        """The first line, or a first sentence; a headline that is repeated below stands once."""
        flat = [(line, group) for group in groups[:4] for line in group[:4]]
        if not flat:
            return
        start = next((i for i, (line, _) in enumerate(flat[:3]) if any(char.isalnum() for char in line.text)), None)
        for line, _ in flat[: start or 0]:
            if _DECORATION.match(line.text):
                self.lifted[line.number] = "decoration"
        first, group = flat[start or 0]
        own = group[group.index(first) :]
        run = self._headline(own)
        if not run:
            self.title_text = _shortened(joined(own[:40], self.wrap) if self.wrap.hard else first.text)
            return
        self.title_text = _undecorated(joined(run, self.wrap))
        for line in run:
            self.lifted[line.number] = "title"
        rest = [(line, owner) for line, owner in flat if line.number > run[-1].number]
        self._repeated(rest)

    def top(self, groups: Sequence[Group]) -> None:
        """Byline and date lines of their own among the first lines."""
        lines = [(line, i) for group in groups[: _HEAD_LINES + 1] for i, line in enumerate(group[: _HEAD_LINES + 1])]
        before = True  # whether the line above is blank or was lifted
        for at, (line, place) in enumerate(lines[:_HEAD_LINES]):
            before = before or not place
            if line.number not in self.lifted:
                below = lines[at + 1][0].text if at + 1 < len(lines) else ""
                year = at == 1 and bool(self.title_text) and _runs_on(below)
                before = (before or not self.wrap.hard) and self._line(line, year=year)

    def repeated(self, groups: Sequence[Group]) -> None:
        """A headline that is repeated below byline and date stands once."""
        if "title" not in self.lifted.values():
            return
        first = next(number for number, field in self.lifted.items() if field == "title")
        lines = [(line, group) for group in groups[: 4 * _HEAD_LINES] for line in group[: 2 * _HEAD_LINES]]
        left = [(line, group) for line, group in lines if line.number > first and line.number not in self.lifted]
        self._repeated(left[:_HEAD_LINES], underlined=False)

    def _headline(self, own: Sequence[Line]) -> Sequence[Line]:
        """The lines of the headline that a group opens with; none where it opens with a paragraph."""
        first = own[0].text
        marked = len(own) > 1 and (head.date_line(own[1].text) or head.byline(own[1].text))
        if self.wrap.hard and len(own) > 1 and self.wrap.full(own[0], own[1]) and not marked:
            whole = joined(own, self.wrap) if len(own) <= 3 else ""
            return own if whole and len(whole) <= _LONG and not whole.endswith(_SENTENCE_ENDS) else ()
        several = len(first) > 100 and len(list(sentences(first[:400]))) > 1
        return () if len(first) > _LONG or several else own[:1]

    def _repeated(self, rest: Sequence[tuple[Line, Group]], *, underlined: bool = True) -> None:
        for line, group in rest[:_HEAD_LINES]:
            if len(line.text) > 2 * len(self.title_text) + 20:
                continue
            above = self.lifted.get(line.number - 1)
            underlines = (underlined and line == rest[0][0] and above) or (not underlined and above == "title")
            if underlines and len(line.text) > 2 and len(set(line.text)) == 1 and _DECORATION.match(line.text):
                self.lifted[line.number] = "decoration"
            elif same(_undecorated(line.text), self.title_text):
                self.lifted[line.number] = "title"
            elif line == group[0] and 1 < len(group) <= 3 and same(joined(group, self.wrap), self.title_text):
                self.lifted |= {part.number: "title" for part in group}

    def _line(self, line: Line, *, year: bool) -> bool:
        """Lift a byline or date line; says whether it was one. `year`: whether a lone number may be a year here."""
        if not self.byline and (author := head.byline(line.text)):
            self.byline = author
            self.lifted[line.number] = "byline"
            return True
        found = head.date_lines(line.text)
        if not found:
            self.date = self.date or head.dated_place(line.text)
            return False
        if found[0].lone and not year:
            return False
        if any(date.date is None for date in found):
            self.doubts.append(Doubt(line.number, line.text))
            return False
        published = [date.date for date in found if not date.updated]
        updated = [date.date for date in found if date.updated]
        if len(published) > (not self.date) or len(updated) > (not self.updated):
            return False
        self.date = published[0] if published else self.date
        self.updated = updated[0] if updated else self.updated
        self.lifted[line.number] = "date" if published else "updated"
        return True


def _runs_on(text: str) -> bool:
    """Whether a line can be the beginning of a paragraph."""
    return len(text) >= 40 or text.endswith(_SENTENCE_ENDS)


def _undecorated(title: str) -> str:
    """A title without underlining at its end, or with stars around it."""
    title = " ".join(title.split())
    for sign in ("***", "**", "===", "==", "---", "--", "~~~", "###"):
        if title.startswith(sign) and title.endswith(sign) and len(title) > 2 * len(sign):
            title = title.strip(sign[0]).strip()
    return _TRAILING.sub("", title) or title


def _shortened(text: str) -> str:
    """The first sentence, cut at a word where it is longer than a title may be."""
    text = " ".join(text[:2000].split())
    start, end = (sentences(text) or [(0, len(text))])[0]
    sentence = text[start:end]
    if len(sentence) <= TITLE_LIMIT:
        return sentence
    cut = sentence[: TITLE_LIMIT - 1]
    return (cut.rpartition(" ")[0] or cut[:-1]).rstrip(",;:–— ") + " …"


def _lift_related(groups: Sequence[Group], wrap: Wrap, lifted: dict[int, str]) -> list[str]:
    """Take "READ MORE: …" lines out, and return what they refer to."""
    titles: list[str] = []
    for at, group in enumerate(groups):
        for i, line in enumerate(group):
            if line.number in lifted or (title := head.related_title(line.text)) is None:
                continue
            if wrap.hard and i and wrap.full(group[i - 1], line):
                continue  # a wrapped sentence that happens to break before "Related:"
            if title:
                run = _quoted_run(group, i, wrap) or _wrapped_run(group, i, wrap)
                whole = head.related_title(joined(run, wrap))
                if whole is None:
                    continue  # a sentence, seen as a whole
                found = [whole]
            else:
                below = group[i + 1 : i + 2 + _RELATED_LINES] or (groups[at + 1] if at + 1 < len(groups) else ())
                if len(below) > _RELATED_LINES:
                    continue
                listed = all(_BULLET.match(other.text) or _NUMBER.match(other.text) for other in below)
                run = (line, *below) if below and (listed or i + 1 < len(group)) else ()
                found = [head.unquoted(other.text) for other in run[1:]]
                if not all(head.title_like(other.text) for other in run[1:]):
                    continue
            titles += [title for title in found if title]
            lifted |= {other.number: "related" for other in run}
    return titles


def _quoted_run(group: Group, i: int, wrap: Wrap) -> Group:
    """The line at `i` with those up to the end of the quotation that it opens, where one ends soon."""
    if not head.opens_quote(group[i].text):
        return ()
    for end in range(i + 2, min(i + 4, len(group)) + 1):
        whole = joined(group[i:end], wrap)
        if not head.opens_quote(whole):
            return group[i:end] if head.quoted_whole(whole) else ()
    return ()


def _wrapped_run(group: Group, i: int, wrap: Wrap) -> Group:
    """The line at `i` with those it is wrapped on to."""
    end = i + 1
    while wrap.hard and end < len(group) and wrap.full(group[end - 1], group[end]):
        end += 1
    return group[i:end]


def _dateline(blocks: Sequence[Block]) -> str:
    first = next((block for block in blocks if block.kind is Kind.PARAGRAPH and not block.quoted), None)
    return head.dateline(first.texts[0]) if first else ""


def _blocks(groups: Sequence[Group], wrap: Wrap) -> Iterator[Block]:
    """Groups of lines → blocks, in order."""
    base = min((line.indent for group in groups for line in group), default=0)
    indented = sum(_indented(group, base) and not _ornament(group) for group in groups)
    quotes = indented <= max(1, len(groups) * 0.4)
    headings = _headings(groups, wrap)
    at = 0
    while at < len(groups):
        group = groups[at]
        end, found = _listed(groups, at, wrap)
        if found:
            yield found
            at = end
            continue
        at += 1
        if all(line.text.startswith(">") for line in group):
            for part in _unmarked(group):
                yield from (replace(block, quoted=True, mark=">") for block in _prose(part, wrap))
        elif quotes and _indented(group, base) and not _ornament(group):
            yield from (replace(block, quoted=True) for block in _prose(group, wrap, width=_QUOTED_VERSE))
        elif at - 1 in headings:
            yield Block(Kind.HEADING, (group[0].text,), (group[0].number,))
        else:
            yield from _prose(group, wrap)


def _indented(group: Group, base: int) -> bool:
    return all(line.indent >= base + _INDENT for line in group)


def _ornament(group: Group) -> bool:
    return not any(char.isalnum() for line in group for char in line.text)


def _unmarked(group: Group) -> Iterator[Group]:
    """The lines of a quotation without their `>`; a bare `>` parts paragraphs."""
    run: list[Line] = []
    for line in group:
        text = re.sub(r"\A(?:>\s*)+", "", line.text)
        if text:
            run.append(replace(line, text=text))
        elif run:
            yield tuple(run)
            run = []
    if run:
        yield tuple(run)


def _headings(groups: Sequence[Group], wrap: Wrap) -> frozenset[int]:
    """Which groups are headings: short lines of their own, each before a paragraph, and few of them."""
    short = {at for at, group in enumerate(groups) if len(group) == 1 and _heading_like(group[0])}
    if len(short) * 2 > len(groups):
        return frozenset()
    found = [at for at in sorted(short) if at + 1 < len(groups) and at + 1 not in short and _paragraph_like(groups[at + 1])]
    # What stands above the first paragraph may as well be a second headline or a name.
    return frozenset(found if len(found) > 2 or 0 not in found else found[1:])


def _heading_like(line: Line) -> bool:
    text = line.text
    last = text[-1]
    return (
        len(text) <= 80
        and len(text.split()) <= _HEADING_WORDS
        and (last.isalnum() or last in "’”'\")»")
        and text[-2:-1] not in (".", "!", "?", ",", ";", ":")
        and not (text[0].islower() or text[0] in "\"“‘'«„-*•>(")
        and sum(char.isalpha() for char in text) >= 3
        and not (len(text) > 40 and " " not in text)
    )


def _paragraph_like(group: Group) -> bool:
    return len(group) > 1 or len(group[0].text) >= 40 or group[0].text.endswith(_SENTENCE_ENDS)


def _listed(groups: Sequence[Group], at: int, wrap: Wrap) -> tuple[int, Block | None]:
    """The list that begins with the group at `at`, over as many groups as go on with it, and the group after it."""
    items: list[list[Line]] = []
    mark = ""
    end = at
    while end < len(groups):
        more = _items(groups[end], wrap, mark, len(items))
        if not more:
            break
        items += more
        mark = mark or _mark(more[0][0].text)
        end += 1
    if len(items) < 2:
        return at, None
    sign = _NUMBER if mark[0].isdigit() else _BULLET
    texts = tuple(joined([replace(item[0], text=sign.sub("", item[0].text, count=1)), *item[1:]], wrap) for item in items)
    numbers = tuple(line.number for item in items for line in item)
    return end, Block(Kind.NUMBERS if sign is _NUMBER else Kind.BULLETS, texts, numbers, mark)


def _items(group: Group, wrap: Wrap, mark: str, count: int) -> list[list[Line]]:
    """The group as list items (each with the lines it is wrapped on to), or nothing where it is no list."""
    items: list[list[Line]] = []
    for line in group:
        own = _mark(line.text)
        if own and not mark:
            mark = own
        if own and own == (f"{int(mark[:-1]) + count + len(items)}." if mark[0].isdigit() else mark):
            items.append([line])
        elif items and not own and (line.indent > items[-1][0].indent or (wrap.hard and wrap.full(items[-1][-1], line))):
            items[-1].append(line)
        else:
            return []
    return items


def _mark(text: str) -> str:
    found = _BULLET.match(text) or _NUMBER.match(text)
    return "" if not found else found[1] + ("." if found[1].isdigit() else "")


def _prose(group: Group, wrap: Wrap, *, width: int = _VERSE) -> Iterator[Block]:
    """A group as paragraphs, or as verse where its lines are meant."""
    if _verse(group, wrap, width):
        yield Block(Kind.VERSE, tuple(line.text for line in group), tuple(line.number for line in group))
        return
    for run in _paragraphs(group, wrap):
        yield Block(Kind.PARAGRAPH, (joined(run, wrap),), tuple(line.number for line in run))


def _verse(group: Group, wrap: Wrap, width: int) -> bool:
    """Several lines of up to `width` characters, each with a capital, that are not broken because they were full."""
    if len(group) < (3 if wrap.hard else 2) or any(len(line.text) > width or line.broken for line in group):
        return False
    capitals = sum(not line.starts_lower for line in group)
    if capitals < len(group) or any(_ITEM_START.match(line.text) for line in group):
        return False
    if not wrap.hard:
        return True
    full = sum(wrap.full(a, b) for a, b in pairwise(group))
    return full * 2 < len(group) - 1


def _paragraphs(group: Group, wrap: Wrap) -> Iterable[Sequence[Line]]:
    """The runs of lines that make a paragraph each."""
    base = min(line.indent for line in group)
    inset = sum(line.indent >= base + 2 for line in group)
    run: list[Line] = [group[0]]
    for before, line in pairwise(group):
        if before.broken or (wrap.hard and not _breaks(before, line, wrap, base if inset * 2 < len(group) else 999)):
            run.append(line)
        else:
            yield run
            run = [line]
    yield run


def _breaks(before: Line, line: Line, wrap: Wrap, base: int) -> bool:
    """Whether a paragraph ends between two lines of a hard-wrapped group."""
    if line.indent >= base + 2:
        return True
    if wrap.full(before, line):
        return False
    ends = before.text.endswith(_SENTENCE_ENDS) and len(before.text) < wrap.width * 0.75 and not line.starts_lower
    return ends or bool(_ITEM_START.match(line.text))
