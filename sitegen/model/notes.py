"""Stand-off notes: what `<article>.notes.yaml` holds, and what becomes of its anchors.

A note hangs on a quotation, not on a number: the words themselves, with some of what stands before and behind.
`text` is the digest of the body text that the quotations were last verified on. `state` in the file says only
whether a person still has to decide; that a note is anchored is computed each time.
"""

from __future__ import annotations

import enum
import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from sitegen.errors import Issue, Severity, Span, did_you_mean
from sitegen.model import frontmatter
from sitegen.model.dates import Date
from sitegen.model.privacy import PRIVATE, PUBLIC, VISIBILITIES

# The Web Annotation vocabulary, https://www.w3.org/TR/annotation-vocab/#named-individuals
MOTIVATIONS = (
    "assessing", "bookmarking", "classifying", "commenting", "describing", "editing", "highlighting", "identifying",
    "linking", "moderating", "questioning", "replying", "tagging",
)  # fmt: skip
# A note with one of these says something by being where it is; any other needs a body.
_SPEAKS_WITHOUT_BODY = frozenset(("bookmarking", "classifying", "highlighting", "identifying", "tagging"))
_OPENING = re.compile(r"---[ \t]*\r?\n")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}\Z")


class State(enum.StrEnum):
    """What became of an anchor."""

    ANCHORED = "anchored"  # the words stand there, and are the very ones
    REVIEW = "review"  # a person has to look; there may be a proposal
    AMBIGUOUS = "ambiguous"  # several places fit, and nothing tells which
    ORPHAN = "orphan"  # the words are gone


class Quote(msgspec.Struct, frozen=True):
    """The words a note is about, and what stands right before and behind them."""

    exact: str
    prefix: str = ""
    suffix: str = ""


class Reply(msgspec.Struct, frozen=True):
    """An answer to a note. `body` is Markdown, `created` an ISO date in any precision."""

    body: str
    by: str = ""
    created: str = ""


class Note(msgspec.Struct, frozen=True):
    """A note on some words of an article. `body` is Markdown, `layer` the reader's toggle.

    motivation: one of MOTIVATIONS. record: the id of the record that the words name, "none" where they name nobody,
    "" where the note does not say. state: as the file has it; empty, or what a person still has to decide. origin: the
    file that the note was imported from, "" for one that was written here.
    """

    id: str
    quote: Quote
    body: str = ""
    layer: str = "commentary"
    motivation: str = "commenting"
    tags: tuple[str, ...] = ()
    by: str = ""
    created: str = ""
    replies: tuple[Reply, ...] = ()
    state: str = ""
    record: str = ""
    origin: str = ""
    visibility: str = "public"

    @property
    def undecided(self) -> bool:
        """Whether the file says that the quotation no longer fits: then finding its words again decides nothing."""
        return self.state not in ("", State.ANCHORED)


class NotesFile(msgspec.Struct, frozen=True):
    """A notes file, read. `places` maps a note's id to where its quotation stands in the file, `said` to what it says."""

    path: str
    text: str = ""
    notes: tuple[Note, ...] = ()
    places: dict[str, Span] = {}
    said: dict[str, Span] = {}

    @property
    def public(self) -> NotesFile:
        """The file without its private notes."""
        kept = tuple(note for note in self.notes if note.visibility == PUBLIC)
        return self if kept == self.notes else replace(self, notes=kept)


class Anchored(msgspec.Struct, frozen=True):
    """Where a note belongs: text[start:end], in code points, where `state` is anchored; else both are -1.

    why: the reason, for people. proposals: places that a person may choose from, the likeliest first. quote: where a person
    has to decide and the note says no context, the quotation with the one that it had.
    """

    id: str
    state: State
    why: str
    start: int = -1
    end: int = -1
    proposals: tuple[tuple[int, int], ...] = ()
    quote: Quote | None = None


def text_digest(text: str) -> str:
    """The digest of a body text, as `text:` has it."""
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def read_notes(text: str, path: str) -> tuple[NotesFile, tuple[Issue, ...]]:
    """Read a notes file. What is wrong is an issue at its place; the notes that can be read are given all the same."""
    text = text.removeprefix("\ufeff")
    matter = _yaml(text, path)
    reader = _Reader(matter.places, text, path, list(matter.issues))
    top = reader.fields(matter.values, _FILE)
    notes: dict[str, Note] = {}
    places: dict[str, Span] = {}
    said: dict[str, Span] = {}
    for i, note in top.get("notes", ()):
        if note.id in notes:
            reader.complain("note-twice", f'the id "{note.id}" stands twice', "notes", i, "id", help="give each note its own")
            continue
        notes[note.id], places[note.id] = note, reader.span("notes", i, "quote", "exact")
        said[note.id] = reader.span("notes", i, "record" if note.record else "body")
    return NotesFile(path, top.get("text", ""), tuple(notes.values()), places, said), tuple(reader.issues)


def _yaml(text: str, path: str) -> frontmatter.FrontMatter:
    """The file's values and places. It is read as front matter is, between fences lent to it."""
    lent = not _OPENING.match(text)
    matter = frontmatter.read(("---\n" if lent else "") + text.rstrip() + "\n---\n", path)
    issues = [_of_the_file(issue, lines=int(lent)) for issue in matter.issues]
    if matter.body.strip():
        place = frontmatter.span_at(text, path, matter.body_line - lent - 1, 1, 3)
        issues.append(Issue("yaml", "the file holds more than one document", place, "take this line out"))
    places = {at: (line - lent, column, length) for at, (line, column, length) in matter.places.items()}
    return replace(matter, locate=lambda: places, issues=tuple(issues))


def _of_the_file(issue: Issue, *, lines: int) -> Issue:
    """An issue of the front matter as one of a file without fences, that many lines further up."""
    span = replace(issue.span, line=max(1, issue.span.line - lines))
    return replace(
        issue,
        span=span,
        message=issue.message.replace("the front matter", "the file"),
        help=issue.help.replace("the front matter", "the file"),
    )


class _Reader(msgspec.Struct):
    """Turns raw values into notes; collects issues as it goes."""

    places: Mapping[frontmatter.Path, tuple[int, int, int]]
    whole: str
    path: str
    issues: list[Issue] = msgspec.field(default_factory=list)

    def span(self, *at: str | int) -> Span:
        """Where the value at this path stands, or what it would be part of."""
        while at and at not in self.places:
            at = at[:-1]
        line, column, length = self.places.get(at, (1, 1, 1)) if at else (1, 1, 1)
        return frontmatter.span_at(self.whole, self.path, line, column, length)

    def complain(self, code: str, message: str, *at: str | int, help: str = "", warn: bool = False) -> None:
        severity = Severity.WARNING if warn else Severity.ERROR
        self.issues.append(Issue(code, message, self.span(*at), help, severity))

    def wrong_type(self, wanted: str, *at: str | int, help: str = "") -> None:
        name = ".".join(str(part) for part in at)
        self.complain("front-matter-type", f'"{name}" must be {wanted}', *at, help=help)

    # Each reader takes the raw value and its path, and gives a value of the type or None after an issue.

    def words(self, value: Any, *at: str | int) -> str | None:
        """A text as it stands, white space and all: quotations are compared letter by letter."""
        if isinstance(value, str):
            return unicodedata.normalize("NFC", value)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        self.wrong_type("text", *at, help="put the value in quotes" if isinstance(value, bool | float) else "")
        return None

    def text(self, value: Any, *at: str | int) -> str | None:
        words = self.words(value, *at)
        return words.strip() if words is not None else None

    def texts(self, value: Any, *at: str | int) -> tuple[str, ...] | None:
        """A list of texts; one text is a list of one."""
        if not isinstance(value, list):
            one = self.text(value, *at)
            return (one,) if one else None
        return tuple(text for i, item in enumerate(value) if (text := self.text(item, *at, i)))

    def digest(self, value: Any, *at: str | int) -> str | None:
        text = self.text(value, *at)
        if text and not _DIGEST.match(text):
            self.wrong_type('"sha256:" and 64 hexadecimal digits', *at, help="`sitegen notes rebase` writes it")
            return None
        return text

    def date(self, value: Any, *at: str | int) -> str | None:
        text = self.text(value, *at)
        try:
            return Date.parse(text).iso if text else None
        except ValueError:
            help = 'write dates as "1858-08-16" or "1858-08-16T14:05:00Z"'
            self.complain("wrong-date", f'"{text}" is not a date', *at, help=help)
            return None

    def motivation(self, value: Any, *at: str | int) -> str | None:
        text = self.text(value, *at)
        if text and text not in MOTIVATIONS:
            help = did_you_mean(text, MOTIVATIONS) or f"one of {', '.join(MOTIVATIONS)}"
            self.complain("unknown-motivation", f'"{text}" is no motivation of the Web Annotation vocabulary', *at, help=help)
            return None
        return text

    def visibility(self, value: Any, *at: str | int) -> str | None:
        text = self.text(value, *at)
        if text and text not in VISIBILITIES:
            self.wrong_type(f"one of {', '.join(VISIBILITIES)}", *at)
            return PRIVATE  # what somebody meant to hide must not come out for a slip of the pen
        return text

    def state(self, value: Any, *at: str | int) -> str | None:
        text = self.text(value, *at)
        if text and text not in tuple(State):
            self.wrong_type(f"one of {', '.join(State)}", *at, help="it is computed: take the line out")
            return None
        return text

    def exact(self, value: Any, *at: str | int) -> str | None:
        text = self.text(value, *at)
        if text == "" != value:
            self.wrong_type("words of the text", *at)
        return text

    def quote(self, value: Any, *at: str | int) -> Quote | None:
        if isinstance(value, str):
            value = {"exact": value}
        found = self.fields(value, _QUOTE, *at)
        return Quote(**found) if self.has(found, value, "exact", "the words that the note is about", *at) else None

    def replies(self, value: Any, *at: str | int) -> tuple[Reply, ...] | None:
        found = ((self.fields(item, _REPLY, *at, i), item, i) for i, item in self.items(value, *at))
        return tuple(Reply(**given) for given, item, i in found if self.has(given, item, "body", "what it says", *at, i))

    def notes(self, value: Any, *at: str | int) -> tuple[tuple[int, Note], ...]:
        """The notes that can be read, each with its number in the list."""
        found = ((i, self.note(item, *at, i)) for i, item in self.items(value, *at))
        return tuple((i, note) for i, note in found if note)

    def note(self, value: Any, *at: str | int) -> Note | None:
        found = self.fields(value, _NOTE, *at)
        whole = self.has(found, value, "id", "a short name of its own", *at)
        whole &= self.has(found, value, "quote", "the words that it is about", *at)
        if found.get("record"):
            found.setdefault("motivation", "identifying")
        if found.get("motivation", "commenting") not in _SPEAKS_WITHOUT_BODY and not found.get("record"):
            self.has(found, value, "body", "what it says", *at)
        return Note(**found) if whole else None

    def has(self, found: Mapping[str, Any], value: Any, key: str, what: str, *at: str | int) -> bool:
        """Whether a value was read under a key. Where there is none to read, that is an issue."""
        if not found.get(key) and isinstance(value, dict) and value.get(key) in (None, ""):
            self.complain("missing-key", f'there is no "{key}": {what}', *at, help=f'add "{key}: …"')
        return bool(found.get(key))

    def items(self, value: Any, *at: str | int) -> tuple[tuple[int, Any], ...]:
        if isinstance(value, list):
            return tuple(enumerate(value))
        self.wrong_type("a list", *at, help='begin each item with "- "')
        return ()

    def fields(self, value: Any, readers: _Readers, *at: str | int) -> dict[str, Any]:
        """The known keys of a mapping that hold a value of their type."""
        if not isinstance(value, dict):
            self.wrong_type(f"a mapping with {', '.join(readers)}", *at)
            return {}
        found: dict[str, Any] = {}
        for key, item in value.items():
            if key not in readers:
                self.complain(
                    "unknown-key",
                    f'"{key}" is no key sitegen knows here',
                    *at,
                    key,
                    "",
                    help=did_you_mean(key, readers),
                    warn=True,
                )
            elif item is not None and (read := readers[key](self, item, *at, key)) is not None:
                found[key] = read
        return found


_Readers = Mapping[str, Callable[..., Any]]

_QUOTE: _Readers = {"exact": _Reader.exact, "prefix": _Reader.words, "suffix": _Reader.words}
_REPLY: _Readers = {"body": _Reader.text, "by": _Reader.text, "created": _Reader.date}
_NOTE: _Readers = {
    "id": _Reader.text, "layer": _Reader.text, "motivation": _Reader.motivation, "quote": _Reader.quote, "body": _Reader.text,
    "tags": _Reader.texts, "by": _Reader.text, "created": _Reader.date, "replies": _Reader.replies, "state": _Reader.state,
    "record": _Reader.text, "origin": _Reader.text,
    "visibility": _Reader.visibility,
}  # fmt: skip
_FILE: _Readers = {"text": _Reader.digest, "notes": _Reader.notes}
