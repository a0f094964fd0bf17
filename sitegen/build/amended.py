"""What was put right in articles, as commits of git say it with a trailer: `Correction: The ship sailed on Tuesday.`

Only what is marked so is published: the subjects of commits are written for those who work on a collection. One look at the
log serves all articles. Dates are those of the authors, in UTC: they outlive a rebase, and are the same on all machines.
"""

from __future__ import annotations

import datetime as dt
import subprocess
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from sitegen.build import history
from sitegen.errors import Issue, Severity, Span
from sitegen.model.dates import Date
from sitegen.model.document import Correction
from sitegen.model.ids import ARTICLES

_LONGEST = 1_000  # signs of a correction
_TRAILERS = "%(trailers:key=Correction,valueonly,unfold,separator=%x02)"


class Amended(msgspec.Struct, frozen=True):
    """The corrections by the path of their article, oldest first, the commit they were read at, and what is wrong."""

    found: Mapping[str, tuple[Correction, ...]] = msgspec.field(default_factory=dict)
    head: bytes = b""
    issues: tuple[Issue, ...] = ()


class _Commit(msgspec.Struct, frozen=True):
    """A commit by its number, 0 for the latest: its day, what it corrects, the files it changed, and those it renamed."""

    number: int
    name: str
    day: dt.date
    said: tuple[str, ...]
    changed: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]


def amended(content: Path, place: Span) -> Amended:
    """The corrections that git tells of. place: of what asks for them in the configuration."""
    head = history.head(content)
    if not head:
        issue = Issue("no-history", "corrections are asked of git, and there is no history here", place,
                      "make a commit, or take `corrections` out", Severity.WARNING)  # fmt: skip
        return Amended(issues=(issue,))
    issues = [_shallow(place)] if _git(content, "rev-parse", "--is-shallow-repository").strip() == b"true" else []
    numbers = {name: number for number, name in enumerate(_git(content, "rev-list", "--topo-order", "HEAD").decode().split())}
    commits = list(_commits(content, numbers, "-i", "--grep=^correction:"))
    if not any(commit.said for commit in commits):
        return Amended({}, head, tuple(issues))
    names = _Names(_commits(content, numbers, "--diff-filter=R"))
    found: defaultdict[str, list[Correction]] = defaultdict(list)
    for commit in sorted(commits, key=lambda commit: -commit.number):
        for text in commit.said:
            paths, said = _told(text, commit)
            if not paths:
                issues.append(_unclear(commit, place))
            for path in paths:
                found[names.now(path, commit.number)].append(Correction(Date(commit.day.isoformat()), said))
    return Amended({path: tuple(given) for path, given in sorted(found.items())}, head, tuple(issues))


def with_corrections(own: Sequence[Correction], told: Sequence[Correction]) -> tuple[Correction, ...]:
    """An article's own corrections and those of git by date, each once."""
    return tuple(sorted(dict.fromkeys((*own, *told)), key=lambda correction: correction.date))


def _told(text: str, commit: _Commit) -> tuple[Sequence[str], str]:
    """The articles that a correction is about, and what it says. One that names none is about the only one that changed."""
    name, colon, rest = text.partition(": ")
    if colon and name.startswith(f"{ARTICLES}/") and " " not in name:
        return [f"{name.removesuffix('.md')}.md"], rest.strip()
    return (commit.changed if len(commit.changed) == 1 else ()), text


def _commits(content: Path, numbers: Mapping[str, int], *options: str) -> Iterator[_Commit]:
    """The commits that `git log` gives, with the articles below the content folder that each found there and changed."""
    listed = _git(content, "-c", "i18n.logOutputEncoding=UTF-8", "-c", "log.showSignature=false", "-c", "log.diffMerges=off",
                  "log", "-M", "--relative", "--name-status", "-z", f"--format=%x01%H%x03%at%x03{_TRAILERS}",
                  *options)  # fmt: skip
    for record in listed.decode("utf-8", "replace").split("\x01")[1:]:
        header, *parts = record.replace("\n", "\0").split("\0")
        name, _, rest = header.partition("\x03")
        when, _, said = rest.partition("\x03")
        if name not in numbers:
            continue  # a message that holds our signs
        changed, renamed = _files([part for part in parts if part])
        day = dt.datetime.fromtimestamp(int(when), dt.UTC).date()
        texts = (_plain(text) for text in said.split("\x02"))
        yield _Commit(numbers[name], name, day, tuple(filter(None, texts)), changed, renamed)


def _files(parts: Sequence[str]) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The articles that a commit changed, and those it renamed, of what `--name-status` lists."""
    changed, renamed, rest = [], [], iter(parts)
    for status in rest:
        path = next(rest, "")
        if status[:1] in ("R", "C"):
            old, path = path, next(rest, "")
            if status[:1] == "R":
                renamed.append((old, path))
        if status[:1] in ("M", "R") and path.startswith(f"{ARTICLES}/") and path.endswith(".md"):
            changed.append(path)
    return tuple(changed), tuple(renamed)


class _Names:
    """What a file is called since it was renamed."""

    def __init__(self, commits: Iterator[_Commit]) -> None:
        self._renames: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)  # by name: -number, new name; oldest first
        for commit in commits:
            for old, new in commit.renamed:
                self._renames[old].append((-commit.number, new))
        for found in self._renames.values():
            found.sort()

    def now(self, name: str, number: int) -> str:
        """Today's name of what a file's name was at a commit."""
        after = -number + 1
        while (found := self._renames.get(name)) and (at := bisect_left(found, (after, ""))) < len(found):
            after, name = found[at][0] + 1, found[at][1]
        return name


def _plain(text: str) -> str:
    """A line of a message as a page can show it."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text[:_LONGEST]).split())


def _shallow(place: Span) -> Issue:
    return Issue("shallow-history", "the clone is shallow: earlier corrections are not known here", place,
                 "git fetch --unshallow; for actions/checkout: fetch-depth: 0", Severity.WARNING)  # fmt: skip


def _unclear(commit: _Commit, place: Span) -> Issue:
    """Which article is meant is not guessed: another one of the same commit may be private."""
    return Issue("unclear-correction", f"commit {commit.name[:12]} does not say which article it corrects", place,
                 "write it into the article (corrections:), or commit: Correction: articles/NAME: what was wrong",
                 Severity.WARNING)  # fmt: skip


def _git(content: Path, *arguments: str) -> bytes:
    try:
        return subprocess.run(["git", "-C", str(content), *arguments], capture_output=True, check=True, timeout=120).stdout
    except (OSError, subprocess.SubprocessError):
        return b""
