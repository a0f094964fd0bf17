"""What stops a build, as the browser shows it: place, excerpt with the place marked, remedy, a link that opens the editor."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from sitegen.errors import Issue, SiteError, errors

if TYPE_CHECKING:
    from sitegen.build.pipeline import Report

_SHOWN = 20
_WIDTH = 110  # code points of a long line that are shown around the place

Link = Callable[[Path, int, int], str]


class Problem(msgspec.Struct, frozen=True):
    """An issue for the overlay. before, marked, after: the line it lies on; open: what a click leads to, "" for nothing."""

    code: str
    message: str
    place: str
    line: int
    before: str
    marked: str
    after: str
    help: str
    path: str
    open: str


def problems(result: Report | SiteError, root: Path, link: Link) -> bytes:
    """What keeps the last good pages on show, as a JSON list; empty where the build went through.

    root: the collection, which the paths of issues are below.
    """
    if isinstance(result, SiteError) and not result.issues:
        return msgspec.json.encode([Problem("error", result.message, "", 0, "", "", "", result.help, "", "")])
    found = result.issues if isinstance(result, SiteError) or result.synced is None else ()
    if not isinstance(result, SiteError):
        found = errors(found)
    shown = [_problem(issue, root, link) for issue in found[:_SHOWN]]
    if len(found) > _SHOWN:
        more = f"and {len(found) - _SHOWN:,} more: sitegen check lists all"
        shown.append(Problem("", more, "", 0, "", "", "", "", "", ""))
    return msgspec.json.encode(shown)


def _problem(issue: Issue, root: Path, link: Link) -> Problem:
    span = issue.span
    before = marked = after = ""
    if span.excerpt and span.column:
        start = max(0, span.at - _WIDTH // 2) if len(span.excerpt) > _WIDTH else 0
        line = span.excerpt[start : start + _WIDTH].rstrip()
        at = span.at - start
        before, marked, after = line[:at], line[at : at + max(1, span.length)], line[at + max(1, span.length) :]
    file = root / span.path if span.path else None
    opens = link(file, max(1, span.line), max(1, span.column)) if file and file.is_file() else ""
    return Problem(issue.code, issue.message, str(span), span.line, before, marked, after, issue.help, span.path, opens)
