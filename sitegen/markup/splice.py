"""Write a document's HTML with its mentions linked, its links addressed and its margin glosses set.

The HTML of the document stays as Markdown made it; only text positions are looked up, and tags put in.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from html import escape

from sitegen.markup.parse import points_inside
from sitegen.markup.scan import BLOCKS, VOID, Scan, scan
from sitegen.model.document import Document
from sitegen.model.ids import kind_of
from sitegen.model.mention import By, Mention, Target

Edit = tuple[int, int, str]


def splice(
    document: Document,
    mentions: Sequence[Mention],
    targets: Mapping[str, Target],
    addresses: Sequence[str | None],
    href: Callable[[str], str],
) -> str:
    """The HTML of `document` as its page shows it.

    targets: by record id, for every record in `mentions`. addresses: the site path each of
    `document.references` leads to, None for one that leads nowhere. href: a site path as the page writes it.
    """
    if not document.html:
        return ""
    found = scan(document.html)
    edits = _links(document, found, mentions, targets, addresses, href)
    for mention in mentions:
        if mention.by is not By.LINK:
            edits += _mention(document.html, found, mention, _opening(targets[mention.record], href, ""))
    edits += _glosses(document, found, mentions, targets)
    return _applied(document.html, edits)


def _opening(target: Target, href: Callable[[str], str], extra: str) -> str:
    classes = f"e {kind_of(target.record)}" + ("" if target.reviewed else " suggested")
    return f'<a class="{classes}" href="{escape(href(target.url))}" data-record="{escape(target.record)}"{extra}>'


def _links(
    document: Document,
    found: Scan,
    mentions: Sequence[Mention],
    targets: Mapping[str, Target],
    addresses: Sequence[str | None],
    href: Callable[[str], str],
) -> list[Edit]:
    """Address the links of the document; those to records look like the mentions they are."""
    linked = {(m.start, m.end): targets[m.record] for m in mentions if m.by is By.LINK}
    edits: list[Edit] = []
    # Scanning is deterministic: the anchors that point into the collection come in the order of `references`.
    inside = iter(zip(document.references, addresses, strict=True))
    for anchor in found.anchors:
        if not points_inside(anchor.address) or (anchor.image and not anchor.address.strip()):
            continue
        reference, address = next(inside)
        tag = document.html[anchor.start : anchor.end]
        if (target := linked.get((reference.start, reference.end))) and not reference.image:
            edits.append((anchor.start, anchor.end, _opening(target, href, "")))
        elif address is not None:
            tail = f"#{reference.fragment}" if reference.fragment else ""
            attribute = "src" if reference.image else "href"
            edits.append((anchor.start, anchor.end, _readdressed(tag, attribute, href(address + tail))))
        else:
            # What is not published keeps its words and leads nowhere.
            edits.append((anchor.start, anchor.end, "<img>" if reference.image else "<a>"))
    return edits


def _readdressed(tag: str, attribute: str, address: str) -> str:
    value = f'{attribute}="{escape(address)}"'
    return re.sub(rf"""\b{attribute}\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+)""", lambda _: value, tag, count=1, flags=re.IGNORECASE)


def _mention(html: str, found: Scan, mention: Mention, opening: str) -> list[Edit]:
    spans = found.html_span(mention.start, mention.end)
    if not spans:
        return []
    if len(spans) > 1 and (whole := _nesting(found, spans[0][0], spans[-1][1])):
        spans = [whole]
    return [edit for first, last in spans for edit in ((first, first, opening), (last, last, "</a>"))]


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


def _glosses(document: Document, found: Scan, mentions: Sequence[Mention], targets: Mapping[str, Target]) -> list[Edit]:
    """Before each paragraph of the main text, the glosses of the records it is the first to name."""
    told: set[str] = set()
    edits: list[Edit] = []
    ordered = sorted(mentions, key=lambda mention: mention.start)
    starts = [mention.start for mention in ordered]
    for leaf in found.leaves:
        if not (leaf.top and leaf.name == "p" and leaf.segments):
            continue
        here = ordered[bisect_left(starts, leaf.segments[0][0]) : bisect_left(starts, leaf.segments[-1][1])]
        fresh = [mention.record for mention in here if mention.record not in told]
        notes = []
        for record in dict.fromkeys(fresh):
            told.add(record)
            target = targets[record]
            if target.gloss:
                notes.append(f'<p class="gloss {kind_of(record)}"><b>{escape(target.name)}</b> {escape(target.gloss)}</p>')
        if notes:
            edits.append((leaf.start, leaf.start, f'<aside class="glosses" aria-hidden="true">{"".join(notes)}</aside>\n'))
    return edits


def _applied(html: str, edits: list[Edit]) -> str:
    pieces, at = [], 0
    # At one position a closing tag comes before an opening one; sorting is stable within each.
    for start, end, text in sorted(edits, key=lambda edit: (edit[0], edit[2] != "</a>")):
        pieces += [html[at:start], text]
        at = end
    return "".join([*pieces, html[at:]])
