"""A comparison as a comment on a pull request: GitHub's Markdown, of bounded length.

Every title, sentence and address is written by others: it is escaped, cut, and calls nobody. What does not fit is counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import quote, urlsplit

import msgspec

from sitegen.compare import wording
from sitegen.compare.passages import Quoted
from sitegen.compare.safe import code, length, markdown, plain
from sitegen.compare.snapshot import Page
from sitegen.compare.values import GROUPS, Comparison, Named, Passage
from sitegen.compare.wording import more, plural

MARK = "<!-- sitegen diff -->"
MOST = 65_536  # characters of a comment on GitHub
_TITLE, _ADDRESS, _REACH, _NAME = 120, 200, 100, 80  # characters shown of each
_PER_RECORD = 6
_ROOM_FOR_MORE = 40


class Told(msgspec.Struct, frozen=True):
    """What the comment says besides the comparison: what with, what is wrong here, and the lines that the ledger needs."""

    against: str
    errors: Sequence[str]
    lines: Sequence[str]


class _List(msgspec.Struct, frozen=True):
    """Items, one a line or more, between what stands above and below; shown as far as there is room."""

    above: str
    items: Sequence[str]
    below: str = ""
    bullet: str = "- "

    @property
    def fixed(self) -> int:
        return length(self.above) + length(self.below) + _ROOM_FOR_MORE

    @property
    def flowing(self) -> int:
        return sum(length(item) + 1 for item in self.items)


def comment(found: Comparison, told: Told, most: int = MOST) -> str:
    """The comment, at most so many characters long; 0 for any length. It begins with MARK, by which it is found again."""
    parts = [part for part in _parts(found, told) if isinstance(part, str) or part.items]
    if not most:
        return _joined(_shown(part, part.flowing)[0] if isinstance(part, _List) else part for part in parts)
    last = "\n*Not all of it fits into a comment; `sitegen diff` on your own machine tells the rest.*\n"
    room = most - length(last) - sum(part.fixed if isinstance(part, _List) else length(part) + 1 for part in parts)
    rooms = _shared([part.flowing for part in parts if isinstance(part, _List)], max(0, room))
    made, cut = [], False
    for part in parts:
        if isinstance(part, _List):
            text, is_cut = _shown(part, rooms.pop(0))
            cut |= is_cut
            made.append(text)
        else:
            made.append(part)
    whole = _joined(made) + (last if cut else "")
    if length(whole) <= most:
        return whole
    short = f"{MARK}\n{wording.summary(found)}\n"  # where there is no room even for the headings
    return short if length(short) <= most else f"{MARK}\n"


def _joined(parts: Iterator[str] | Sequence[str]) -> str:
    return "".join(part.rstrip("\n") + "\n" for part in parts if part)


def _shared(wanted: Sequence[int], room: int) -> list[int]:
    """Room for each: what it wants, as long as all get the same; what one leaves is for the others."""
    given = [0] * len(wanted)
    waiting = sorted(range(len(wanted)), key=lambda i: wanted[i])
    for done, i in enumerate(waiting):
        given[i] = min(wanted[i], room // (len(waiting) - done))
        room -= given[i]
    return given


def _shown(part: _List, room: int) -> tuple[str, bool]:
    """As many items as there is room for, and whether some are left out."""
    lines, used = [], 0
    for item in part.items:
        used += length(item) + 1
        if used > room:
            break
        lines.append(item)
    left = len(part.items) - len(lines)
    if left:
        lines.append(f"{part.bullet}… and {left:,} more")
    return part.above + "\n".join(lines) + "\n" + part.below, bool(left)


def _parts(found: Comparison, told: Told) -> Iterator[str | _List]:
    site = found.before.url or found.after.url
    yield f"{MARK}\n## What readers would see change\n\n{wording.summary(found)}"
    notes = [f"Compared with {code(told.against, _ADDRESS)}.", wording.strangers(found), wording.hidden(found)]
    yield "\n" + " ".join(note for note in notes if note)
    if told.errors:
        above = f"\n> [!WARNING]\n> **{plural(len(told.errors), 'error')}: as it is, nothing of this would be published.** "
        yield _List(f"{above}`sitegen check` tells how to mend it:\n", [f"> - {code(error, _ADDRESS)}" for error in told.errors],
                    bullet="> - ")  # fmt: skip
    yield from _lost(found, told)
    yield from _pages(found, site)
    yield from _mentions(found)
    yield from _sizes(found)


def _lost(found: Comparison, told: Told) -> Iterator[str | _List]:
    if found.lost:
        yield (
            f"\n### {plural(len(found.lost), 'address')} lost\n\n> [!CAUTION]\n> Others may have cited "
            f"{'this address' if len(found.lost) == 1 else 'these addresses'}. Say in `content/urls.csv` where "
            f"{'it leads' if len(found.lost) == 1 else 'they lead'}, or why nothing is there any more:"
        )
        fence = "`" * max([3, *(len(line) - len(line.lstrip("`")) + 1 for line in told.lines)])
        yield _List(f"\n{fence}csv\n", [plain(line) for line in told.lines], fence, bullet="")
        titled = [f"- {code(lost.url, _ADDRESS)}: {markdown(lost.title, _TITLE)}" for lost in found.lost if lost.title]
        yield _List("\nWhat was there:\n\n", titled)
    files = found.sizes.lost if found.sizes else []
    yield _List(f"\n**{plural(len(files), 'file')} would be gone**, and cannot be led elsewhere:\n\n",
                [f"- {code('/' + path, _ADDRESS)}" for path in files])  # fmt: skip


def _pages(found: Comparison, site: str) -> Iterator[str | _List]:
    if not (found.added or found.changed or found.moved or found.withdrawn or found.elsewhere):
        return
    yield "\n### Pages"
    added = [f"- {_page(page)}" for page in found.added if page.is_document]
    yield _List(f"\n**{len(added):,} added**\n\n", added)
    changed = [f"- {_page(change.before, site)}: {_what(wording.what_changed(change))}{_retitled(change.before, change.after)}"
               for change in found.changed]  # fmt: skip
    yield _List(f"\n**{len(changed):,} changed**\n\n", changed)
    moved = [f"- {markdown(move.title, _TITLE)} {code(move.url, _ADDRESS)} → {code(move.to, _ADDRESS)}{_also(move.what)}"
             for move in found.moved]  # fmt: skip
    yield _List(f"\n**{len(moved):,} moved**\n\n", moved)
    withdrawn = [f"- {_page(page, site)}: {markdown(why, _ADDRESS)}" for page, why in found.withdrawn]
    yield _List(f"\n**{len(withdrawn):,} withdrawn**\n\n", withdrawn)
    lists = [f"- {code(page.url, _ADDRESS)}" for page in found.added if not page.is_document]
    yield _List(f"\n**{plural(len(lists), 'list')} added**\n\n", lists)
    if said := wording.elsewhere(found):
        yield f"\n{said}"


def _mentions(found: Comparison) -> Iterator[str | _List]:
    if not found.named:
        return
    columns = ("Record", "Mentions", "gained", "lost", "from others", "to others", "reworded")
    head = f"| {' | '.join(columns)} |\n| --- |{' ---: |' * (len(columns) - 1)}\n"
    rows = [_row(found, named) for named in found.named]
    yield _List(f"\n### Mentions of {plural(len(rows), 'record')}\n\n{head}", rows, bullet="")
    items = [item for named in found.named for item in _passages(found, named)]
    yield _List("\n<details><summary>The passages</summary>\n\n", items, "\n</details>")


def _row(found: Comparison, named: Named) -> str:
    count = f"{named.before:,}" if named.before == named.after else f"{named.before:,} → {named.after:,}"
    cells = [more(named.counts[sort] * sign) for sort, sign in (("gained", 1), ("lost", -1), ("taken", 1), ("given", -1))]
    reworded = f"{named.counts['reworded']:,}" if named.counts["reworded"] else "·"
    return f"| {_record(found, named.record)} | {count} | {' | '.join(cells)} | {reworded} |"


def _passages(found: Comparison, named: Named) -> Iterator[str]:
    """A line for each passage shown of a record; the first comes with its name."""
    shown = [(sort, passage) for sort in ("gained", "lost", "taken", "reworded") for passage in named.passages.get(sort, ())]
    total = sum(count for sort, count in named.counts.items() if sort != "given")
    head = f"\n**{_record(found, named.record)}**\n\n"
    for number, (sort, passage) in enumerate(shown[:_PER_RECORD]):
        yield (head if not number else "") + f"- {_told(found, sort, passage)}"
    if shown and total > _PER_RECORD:
        yield f"- … and {total - _PER_RECORD:,} more of this record"


def _told(found: Comparison, sort: str, passage: Passage) -> str:
    article = markdown(found.titles.get(passage.article, (passage.article, ""))[0], _TITLE)
    said = _quoted(passage.quoted)
    if sort == "taken":
        return f"from {_record(found, passage.other)}, in *{article}*: {said}"
    if sort == "reworded" and passage.was:
        return f"reworded in *{article}*: {_quoted(passage.was)} → {said}"
    return f"**{sort}** in *{article}*: {said}"


def _quoted(quoted: Quoted) -> str:
    before, name, after = (plain(part.replace("\n", " ")) for part in quoted)
    before = "…" + before[-_REACH:].partition(" ")[2] if len(before) > _REACH else before
    between = " " if quoted[0][-1:].isspace() and before else ""
    behind = " " if quoted[2][:1].isspace() and after else ""
    return f"“{markdown(before)}{between}<b>{markdown(name, _NAME)}</b>{behind}{markdown(after, _REACH)}”"


def _sizes(found: Comparison) -> Iterator[str | _List]:
    if found.sizes is None:
        side = "here" if found.before.made else "there"
        yield f"\nHow large the site is cannot be told: it could not be built {side}."
        return
    files, sums = found.sizes.files, found.sizes.bytes
    yield "\n### Size\n\n| | Files | | Size | |\n| --- | ---: | ---: | ---: | ---: |"
    rows = [(group, files[group], sums[group]) for group in GROUPS if any(files[group])]
    whole = [(sum(table[group][side] for group in GROUPS)) for table in (files, sums) for side in (0, 1)]
    for group, (had, has), (was, now) in [*rows, ("**all**", (whole[0], whole[1]), (whole[2], whole[3]))]:
        yield f"| {group} | {has:,} | {more(has - had)} | {wording.size(now)} | {wording.more_bytes(now - was)} |"
    yield _List("\nLarge files that are new:\n\n",
                [f"- {code('/' + file.path, _ADDRESS)}, {wording.size(file.size)}" for file in found.sizes.large])  # fmt: skip


def _page(page: Page, site: str = "") -> str:
    """A page by title and address; with a link, where it is published already."""
    address = code(page.url, _ADDRESS)
    if page.title:
        title = markdown(page.title, _TITLE)
        return f"{_linked(title, site, page.url)} ({wording.kind(page)}) {address}"
    return address


def _linked(title: str, site: str, url: str) -> str:
    host = urlsplit(site).hostname or ""
    if not host or host == "localhost" or host.startswith("127."):
        return title
    return f"[{title}](<{site.rstrip('/')}{quote(url, safe='/')}>)"


def _retitled(before: Page, after: Page) -> str:
    return f"; now “{markdown(after.title, _TITLE)}”" if before.title != after.title else ""


def _what(said: str) -> str:
    return markdown(said, _ADDRESS)


def _also(what: Sequence[str]) -> str:
    return f": {_what(', '.join(what))} changed, too" if what else ""


def _record(found: Comparison, record: str) -> str:
    return f"{markdown(found.titles.get(record, (record, ''))[0], _TITLE)} ({markdown(record.partition('/')[0], _NAME)})"
