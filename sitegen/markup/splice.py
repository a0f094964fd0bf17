"""A document's HTML with slots where its mentions, links and margin glosses go; and the slots filled.

The HTML stays as Markdown made it; only text positions are looked up, and tags put in. What a tag says
(an address, how many articles name somebody) only the site as a whole knows: a slot stands for it, so
that a page is written again without a look at its Markdown.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape as _escaped
from operator import itemgetter

from sitegen.markup.parse import Document, points_inside
from sitegen.markup.scan import BLOCKS, VOID, Anchor, Leaf, Scan, behind_tag
from sitegen.model.ids import kind_of
from sitegen.model.mention import Body, By, Mention, ShownNote, Target

# An edit replaces html[start:end] by a text, slots, and a text behind them.
Edit = tuple[int, int, str, Sequence[str], str]
Range = tuple[int, int]
Span = tuple[int, int, str]

_IMAGE, _LINK = "<img", "<a"
_SIGNS = re.compile("[&<>\"']")
_TABLE = re.compile(r"<(/?)table\b")
_BARE = frozenset(("dt", "summary"))  # blocks that must not hold an aside
NO_MARKS: Mapping[str, str] = {}


def escape(text: str) -> str:
    """The text as HTML; most has nothing to escape."""
    return _escaped(text) if _SIGNS.search(text) else text


def splice(document: Document, mentions: Sequence[Mention], notes: Sequence[ShownNote] = ()) -> Body:
    """The HTML of `document` with slots for `mentions`, its links, its glosses and the marks of `notes`.

    mentions: in reading order.
    """
    if not document.html:
        return Body()
    html, found = document.html, document.scan
    within, across = _spans(found, mentions)
    closing: list[Edit] = []
    between: list[Edit] = []
    opening: list[Edit] = []
    if notes:
        from sitegen.markup.marks import marks

        within, across = [], [*((first, last, slot) for first, last, _, (slot,), _ in within), *across]  # which marks may part
        closing, between, opening = marks(document, mentions, notes, [(first, last) for first, last, _ in across])
    # At one position they stand in this order.
    edits: list[Edit] = [
        *closing,
        *[(last, last, "</a>", (), "") for _, last, _ in across],
        *between,
        *[(at, at, f' id="{leaf_id}"', (), "") for at, leaf_id in document.paragraph_ids],
        *_glosses(found, mentions),
        *[(at, at, f'<span class="was" id="{escape(name)}"></span>', (), "") for at, name in document.former],
        *_links(document, mentions),
        *within,
        *[(first, first, "", (slot,), "") for first, _, slot in across],
        *opening,
    ]
    return with_slots(html, found, edits, linked=bool(document.references))


def fill(
    body: Body, said: Mapping[str, str], addresses: Sequence[str | None], href: Callable[[str], str],
    marks: Mapping[str, str] = NO_MARKS,
) -> str:  # fmt: skip
    """The HTML of a body as its page shows it.

    said: what stands in the slots of every record the body names, see `spoken`. addresses: the site path, with its fragment,
    that each reference of the document leads to, None for one that leads nowhere. href: a site path as the page writes it.
    marks: by slot, the HTML of the marks of notes; a slot that it has not stays empty.
    """
    return "".join(filled(body, said, addresses, href, marks))


def filled(
    body: Body, said: Mapping[str, str], addresses: Sequence[str | None], href: Callable[[str], str],
    marks: Mapping[str, str] = NO_MARKS,
) -> Sequence[str]:  # fmt: skip
    """What `fill` joins: pieces[0], what stands in slots[0], pieces[1], …"""
    slots = body.slots
    if not slots:
        return body.pieces
    whole = [""] * (2 * len(slots) + 1)
    whole[::2] = body.pieces
    whole[1::2] = [said[slot] if slot in said else _other(slot, body, addresses, href, marks) for slot in slots]
    return whole


def spoken(target: Target, href: Callable[[str], str]) -> dict[str, str]:
    """What stands in the slots of a record: in that of a mention, and in that of its gloss. href: as for `fill`."""
    kind = kind_of(target.record)
    suggested = "" if target.reviewed else " suggested"
    address, record = escape(href(target.url)), escape(target.record)
    return {
        f"m{target.record}": f'<a class="e {kind}{suggested}" href="{address}" data-record="{record}">',
        f"g{target.record}": f'<p class="gloss {kind}"><b>{escape(target.name)}</b> {escape(target.gloss)}</p>',
    }


def _other(
    slot: str, body: Body, addresses: Sequence[str | None], href: Callable[[str], str], marks: Mapping[str, str]
) -> str:  # fmt: skip
    """What stands in a slot that is not of a record."""
    if slot[0] == "r":
        number = int(slot[1:])
        return _readdressed(body.tags[number], addresses[number], href)
    return marks.get(slot, "")


def _readdressed(tag: str, address: str | None, href: Callable[[str], str]) -> str:
    image = tag[:4].lower() == _IMAGE
    if address is None:  # what is not published keeps its words and leads nowhere
        return f"{_IMAGE if image else _LINK}>"
    attribute = "src" if image else "href"
    value = f'{attribute}="{escape(href(address))}"'
    return re.sub(rf"""\b{attribute}\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+)""", lambda _: value, tag, count=1, flags=re.IGNORECASE)


def _links(document: Document, mentions: Sequence[Mention]) -> list[Edit]:
    """Slots for the tags of links and images; links to records look like the mentions they are."""
    if not document.references:
        return []
    linked = {(m.start, m.end): m.record for m in mentions if m.by is By.LINK}
    edits: list[Edit] = []
    # Scanning is deterministic: the anchors that point into the collection come in the order of `references`.
    for number, (reference, anchor) in enumerate(zip(document.references, inside(document.scan), strict=True)):
        record = None if reference.image else linked.get((reference.start, reference.end))
        edits.append((anchor.start, anchor.end, "", (f"m{record}" if record else f"r{number}",), ""))
    return edits


def inside(scan: Scan) -> list[Anchor]:
    return [a for a in scan.anchors if points_inside(a.address) and not (a.image and not a.address.strip())]


def _spans(found: Scan, mentions: Iterable[Mention]) -> tuple[list[Edit], list[Span]]:
    """What becomes a link: that is text alone; and what holds tags, or parts of a mention: html[start:end], with its slot."""
    within: list[Edit] = []
    across: list[Span] = []
    html, runs, starts = found.html, found.runs, found.starts
    for mention in mentions:
        if mention.by is By.LINK:
            continue
        start, end, slot = mention.start, mention.end, "m" + mention.record
        text_start, text_end, html_start, html_end = runs[bisect_right(starts, start) - 1]
        if end <= text_end and html_end - html_start == text_end - text_start:
            before = html_start - text_start
            first, last = start + before, end + before
            within.append((first, last, "", (slot,), html[first:last] + "</a>"))
            continue
        spans = found.html_span(start, end)
        if len(spans) > 1 and (whole := _nesting(found, spans[0][0], spans[-1][1])):
            spans = [whole]
        across += [(first, last, slot) for first, last in spans]
    return within, across


def _nesting(found: Scan, start: int, end: int) -> tuple[int, int] | None:
    """The span of HTML, html[start:end] or a little more, that one link may enclose; None where there is none.

    "<em>Great</em> Eastern" begins inside the emphasis: the link takes in the tag before it.
    """
    starts = found.tag_starts
    inside = [tag for tag in found.tags[bisect_left(starts, start) : bisect_left(starts, end)] if tag.name not in VOID]
    if any(tag.name in BLOCKS or tag.name == "a" for tag in inside):
        return None
    opened: list[str] = []
    closed: list[str] = []
    for tag in inside:
        if not tag.closing:
            opened.append(tag.name)
        elif opened:
            if opened.pop() != tag.name:
                return None
        else:
            closed.append(tag.name)
    for name in closed:
        before = found.tag_before(start)
        if before is None or before.closing or before.name != name:
            return None
        start = before.start
    for name in reversed(opened):
        after = found.tag_at(end)
        if after is None or not after.closing or after.name != name:
            return None
        end = after.end
    return start, end


def _glosses(found: Scan, mentions: Sequence[Mention]) -> list[Edit]:
    """Slots for the glosses of the records that a block of text is the first to name: before a paragraph, within an item."""
    told: set[str] = set()
    edits: list[Edit] = []
    starts = [*[mention.start for mention in mentions], len(found.text) + 1]  # the last is behind all blocks
    tables = _tables(found.html) if "<table" in found.html else []
    for leaf in found.leaves:
        if not leaf.segments:
            continue
        (begin, _), (_, end) = leaf.segments[0], leaf.segments[-1]
        at = bisect_left(starts, begin)
        if starts[at] >= end or leaf.name in _BARE:
            continue
        fresh = []
        while starts[at] < end:
            record = mentions[at].record
            if record not in told:
                told.add(record)
                fresh.append("g" + record)
            at += 1
        if fresh:
            place = leaf.start if leaf.name == "p" and not tables else _place(found.html, leaf, tables)
            edits.append((place, place, '<aside class="glosses" aria-hidden="true">', fresh, "</aside>\n"))
    return edits


def _place(html: str, leaf: Leaf, tables: Sequence[Range]) -> int:
    """Where an aside may stand for a block: HTML allows none before an item of a list, and a table would clip it."""
    beside = bisect_right(tables, (leaf.start, len(html))) - 1
    if beside >= 0 and leaf.start < tables[beside][1]:
        return tables[beside][0]
    return leaf.start if leaf.name == "p" else behind_tag(html, leaf.start)


def _tables(html: str) -> list[Range]:
    """The outermost tables, each html[start:end]."""
    found: list[Range] = []
    depth = start = 0
    for tag in _TABLE.finditer(html):
        if tag[1]:
            depth = max(0, depth - 1)
            if not depth:
                found.append((start, tag.end()))
        else:
            start = start if depth else tag.start()
            depth += 1
    return found


def with_slots(html: str, found: Scan, edits: Iterable[Edit], *, linked: bool) -> Body:
    """The HTML in pieces, its slots between them. linked: whether it points into the collection.

    edits: those at one position in the order in which they are to stand there.
    """
    pieces: list[str] = []
    slots: list[str] = []
    piece = ""
    at = 0
    for start, end, before, made, behind in sorted(edits, key=itemgetter(0)):
        piece += html[at:start] + before
        at = end
        if made:
            pieces.append(piece)
            if len(made) > 1:
                pieces += [""] * (len(made) - 1)
            slots += made
            piece = behind
    pieces.append(piece + html[at:])
    tags = tuple(html[anchor.start : anchor.end] for anchor in inside(found)) if linked else ()
    return Body(tuple(pieces), tuple(slots), tags)
