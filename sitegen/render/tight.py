"""White space of templates that no reader sees, taken out once, when a template is compiled: a page costs nothing more.

Only what stands between two tags is touched. Beside an element that is a block of its own it goes; elsewhere a run of it
becomes one line break, which HTML shows as it shows the run. Values are never looked at, nor what stands in tags, in
comments, and in `pre`, `textarea`, `script` and `style`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

# Blocks whatever a style sheet is likely to say. `li`, `dt`, `nav`, headings and the like are often set in a line.
_BLOCKS = frozenset("!doctype html head body header main footer section article aside ul ol dl table thead tbody tfoot".split())
_UNSEEN = frozenset("meta link title script template".split())  # two of them have nothing to say between them
_KEPT = frozenset(("pre", "textarea", "script", "style"))
_TAG = re.compile(r"<(?:(!--)|(/?)(!?[a-zA-Z][^\s/>]*))")
_SIGN = re.compile(r"""[>"']""")
_SPACE = re.compile(r"[ \t\r\n\f]+(?=<)")


class _Place(msgspec.Struct):
    """Where in a page a text ends: within a tag of this name, within quotes, or within an element that is kept."""

    tag: str = ""
    quote: str = ""
    kept: str = ""
    opens: bool = False


def tightened(parts: Iterable[str]) -> Iterator[str]:
    """The texts of a template between its expressions, in order, with less white space."""
    place = _Place()
    for part in parts:
        yield _tight(part, place)


def _tight(part: str, place: _Place) -> str:
    done, at, seen = [], 0, 0  # what is before `seen` is done, what is before `at` has been looked at
    while 0 <= at < len(part):
        if place.kept:
            at = _behind(part, at, place)
        elif place.quote:
            at = part.find(place.quote, at) + 1 or len(part)
            place.quote = "" if part[at - 1] == place.quote else place.quote
        elif place.tag:
            sign = _SIGN.search(part, at)
            if not sign:
                break
            at = sign.end()
            if sign[0] != ">":
                place.quote = sign[0]
                continue
            before, place.tag = place.tag, ""
            if place.opens and before in _KEPT:
                place.kept = before
            elif space := _SPACE.match(part, at):
                done += [part[seen:at], _instead(before, _name(part, space.end()), space[0])]
                at = seen = space.end()
        else:
            tag = _TAG.search(part, at)
            if not tag:
                break
            at = tag.end()
            if tag[1]:
                place.kept = tag[1]
            else:
                place.tag, place.opens = tag[3].lower(), not tag[2]
    return "".join([*done, part[seen:]])


def _behind(part: str, at: int, place: _Place) -> int:
    """Where an element that is kept, or a comment, ends, or the text does."""
    if place.kept == "!--":
        end = part.find("-->", at)
        place.kept = "" if end >= 0 else place.kept
        return end + 3 if end >= 0 else len(part)
    found = re.compile(rf"</{place.kept}(?=[\s/>])", re.IGNORECASE).search(part, at)
    if not found:
        return len(part)
    place.tag, place.opens, place.kept = place.kept, False, ""
    return found.end()


def _name(part: str, at: int) -> str:
    tag = _TAG.match(part, at)
    return tag[3].lower() if tag and tag[3] else ""


def _instead(before: str, after: str, space: str) -> str:
    """What takes the place of white space between two tags."""
    if {before, after} & _BLOCKS or {before, after} <= _UNSEEN:
        return ""
    return "\n" if "\n" in space else " "
