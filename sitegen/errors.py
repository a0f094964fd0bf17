"""What goes wrong, as values: a place, a fact, a remedy.

Problems of the content are collected as `Issue`s, so that one run reports them all. Only what makes a
run impossible (no configuration, unreadable folder, a broken theme) raises `SiteError`.
Lines and columns count from 1, columns in code points, as editors do.
"""

from __future__ import annotations

import enum
import errno
import re
import unicodedata
from collections.abc import Iterable, Sequence

import msgspec
from msgspec.structs import replace


class Severity(enum.StrEnum):
    """How bad an issue is: an error stops the build, a warning does not unless `--strict` is given, a note never."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


# A line longer than this is kept as what stands around the place, so many characters: there may be thousands of places on it.
_LONG, _AROUND, _LONGEST = 400, 120, 2000


class Span(msgspec.Struct, frozen=True):
    """A place in a file the person edits; `excerpt` is its line, of a long one a part that begins behind `cut` letters."""

    path: str
    line: int = 0
    column: int = 0
    length: int = 1
    excerpt: str = ""
    cut: int = 0

    @staticmethod
    def on(path: str, line: int, column: int, length: int, text: str, start: int = 0, end: int | None = None) -> Span:
        """A place on the line text[start:end]."""
        end = len(text) if end is None else end
        if end - start <= _LONG:
            return Span(path, line, column, length, text[start:end])
        at = start + column - 1
        first = max(start, at - _AROUND)
        return Span(path, line, column, length, text[first : min(end, at + min(length, _LONGEST) + _AROUND)], first - start)

    @property
    def at(self) -> int:
        """Where in the excerpt the place begins."""
        return max(0, self.column - 1 - self.cut)

    def __str__(self) -> str:
        if not self.line:
            return self.path
        return f"{self.path}:{self.line}:{self.column}" if self.column else f"{self.path}:{self.line}"


class Issue(msgspec.Struct, frozen=True):
    """One problem of the content. `code` is stable and kebab-case; `help` says what to do about it."""

    code: str
    message: str
    span: Span
    help: str = ""
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        lines = [readable(f"{self.span}: {self.severity}[{self.code}]: {self.message}")]
        if self.span.excerpt and self.span.line and self.span.column:
            lines += _caret(self.span)
        if self.help:
            lines.append(readable(f"  help: {self.help}"))
        return "\n".join(lines)


class SiteError(Exception):
    """The run cannot go on. Its text reads like an issue: place, fact, remedy."""

    def __init__(self, message: str, *, help: str = "", issues: Sequence[Issue] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.issues = tuple(issues)

    def __str__(self) -> str:
        lines = [str(issue) for issue in self.issues] or [readable(f"error: {self.message}")]
        if self.help and not self.issues:
            lines.append(readable(f"  help: {self.help}"))
        return "\n".join(lines)


# What steers a terminal, or turns the direction of what follows.
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def readable(text: str) -> str:
    """Words of other people for a terminal: signs that would steer it are spelled out."""
    return _STEERING.sub(_spelled, text)


def _spelled(sign: re.Match[str]) -> str:
    code = ord(sign[0])
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"


_REMEDIES = {
    errno.EMFILE: "close programs, or allow more open files (`ulimit -n 1024`), then run the command again",
    errno.ENFILE: "close programs, then run the command again",
    errno.ENOSPC: "free space, then run the command again",
    errno.EDQUOT: "free space, then run the command again",
    errno.EFBIG: "allow larger files (`ulimit -f unlimited`), then run the command again",
    errno.EROFS: "the disk is mounted for reading only: mount it for writing, or work on a copy",
    errno.EACCES: "check permissions, then run the command again",
    errno.EPERM: "check permissions, then run the command again",
    errno.EIO: "the disk may be failing: make a copy of the collection first",
    errno.ENOMEM: "close programs, or use fewer workers (`--jobs 1`)",
}


def system_refusal(error: OSError | MemoryError) -> SiteError | None:
    """The error as a person can mend it, where the machine and not the program is at fault; else None."""
    if isinstance(error, MemoryError):
        return SiteError("the machine has no more memory", help=_REMEDIES[errno.ENOMEM])
    if error.errno not in _REMEDIES:
        return None
    place = f"{error.filename}: " if error.filename else ""
    return SiteError(f"{place}{error.strerror}", help=_REMEDIES[error.errno])


def strict(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """The same issues with every warning made an error."""
    return tuple(issue if issue.severity is Severity.NOTE else replace(issue, severity=Severity.ERROR) for issue in issues)


def errors(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """Those issues that stop a build."""
    return tuple(issue for issue in issues if issue.severity is Severity.ERROR)


def in_order(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """The distinct issues by file, line and column: the order in which a person mends them."""

    def place(issue: Issue) -> tuple[str, int, int, str, str]:
        return issue.span.path, issue.span.line, issue.span.column, issue.code, issue.message

    return tuple(sorted(set(issues), key=place))


def did_you_mean(word: str, known: Iterable[str], *, cutoff: float = 0.72) -> str:
    """A remedy that names the known word nearest to `word`, or nothing where none is near."""
    from rapidfuzz import fuzz, process

    found = process.extract(word, known if isinstance(known, list | tuple) else sorted(known), scorer=fuzz.ratio,
                            score_cutoff=cutoff * 100, limit=1)  # fmt: skip
    if found and unicodedata.normalize("NFC", found[0][0]) == unicodedata.normalize("NFC", word):
        return f'the name of "{found[0][0]}" is spelled with other code points: rename its file; `sitegen check` names it'
    return f'did you mean "{found[0][0]}"?' if found else ""


def _caret(span: Span) -> list[str]:
    """The excerpt with carets under the place; a long line is cut to a window around it."""
    width = 110
    start = max(0, span.at - width // 2) if len(span.excerpt) > width else 0
    shown = span.excerpt[start : start + width].replace("\t", " ").rstrip()
    number = str(span.line)
    gutter = " " * len(number)
    cut = max(0, span.at - start)
    before, marked = readable(shown[:cut]), readable(shown[cut : cut + max(1, span.length)])
    return [f"  {number} | {readable(shown)}", f"  {gutter} | {' ' * _width(before)}{'^' * max(1, _width(marked))}"]


def _width(text: str) -> int:
    """Columns that a terminal gives to a text: none to a mark, two to a wide character."""
    widths = (0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
    return sum(widths)
