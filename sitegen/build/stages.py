"""The stages in which content is read: pure functions of a context and a batch of inputs, as a pool carries them.

    names, annotated   the finder on its own, for other commands
    heads   the front matter of the records
    notes   the notes files
    texts   a text read: parsed, its mentions found, its HTML with slots, its facts

Each imports what it needs when it runs: a build with nothing to do imports none of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from sitegen.build.memo import Input, Outcome, Stage
from sitegen.errors import Issue, Span
from sitegen.model.digests import digest
from sitegen.model.entity import Subject
from sitegen.model.mention import Facts

if TYPE_CHECKING:
    from sitegen.annotate.mentions import Aids
    from sitegen.annotate.names import Names
    from sitegen.annotate.suggest import Suggestion
    from sitegen.build.amended import Amended
    from sitegen.build.paragraphs import Rows
    from sitegen.model.document import Reference
    from sitegen.model.notes import NotesFile
    from sitegen.relate.authority import Authority, Signposts

_encode = msgspec.msgpack.Encoder().encode


def _unreadable(item: Input, error: OSError) -> Outcome:
    issue = Issue("unreadable", f"the file cannot be read: {error.strerror}", Span(item.name), "check its permissions")
    return Outcome(item.name, b"", b"", (issue,))


def heads(_: None, batch: Sequence[Input]) -> list[Outcome]:
    """The `Subject` of each record file."""
    from sitegen.markup.parse import head, undecodable

    outcomes = []
    for item in batch:
        try:
            data = item.read()
            subject, issues = head(item.name, data)
            outcomes.append(Outcome(item.name, digest(data), _encode(subject), issues))
        except UnicodeDecodeError as error:
            outcomes.append(Outcome(item.name, digest(data), b"", (undecodable(item.name, data, error),)))
        except OSError as error:
            outcomes.append(_unreadable(item, error))
    return outcomes


class Known(msgspec.Struct, frozen=True):
    """What is known before any text is read: the names to look for, what references mean, and the notes.

    notes, sidecars: by the path of their article, the notes and the digests of their files. history: see `Facts`.
    olds: by path, the texts that notes were verified on; only for workers that cannot look for them. days: whether the
    dates that texts name are looked for. recorded: by site path, what the ledger of paragraphs has for a page. amended: what
    git tells of corrections, None where it is not asked.
    """

    names: Names
    signposts: Signposts
    authority: Authority
    raw_html: bool
    language: str
    notes: Mapping[str, NotesFile] = msgspec.field(default_factory=dict)
    sidecars: Mapping[str, bytes] = msgspec.field(default_factory=dict)
    history: bytes = b""
    olds: Mapping[str, str] = msgspec.field(default_factory=dict)
    days: bool = False
    recorded: Mapping[str, Rows] = msgspec.field(default_factory=dict)
    amended: Amended | None = None

    def beside(self, path: str, url: str) -> bytes:
        """A digest of what the ledger of paragraphs and git say of a text besides its own file, b"" for nothing."""
        rows = self.recorded.get(url)
        told = self.amended.found.get(path) if self.amended else None
        return (rows.digest if rows else b"") + (digest(_encode(told)) if told else b"")

    def found(self, references: Sequence[Reference], links: Sequence[tuple[str, str]]) -> tuple[str, ...]:
        """The records that a text's references and its own `links:` mean, "" for none."""
        meant = (self.authority.final(target) for _, target in links)
        records = self.authority.records
        return (*map(self.signposts.record, references), *(record if record in records else "" for record in meant))


def texts(known: Known, batch: Sequence[Input]) -> list[Outcome]:
    """The `Facts` of each text, with its Reading and quotes. The header of a record has been read before."""
    from sitegen.build.texts import read
    from sitegen.markup.parse import parse, undecodable

    outcomes = []
    for item in batch:
        try:
            data = item.read()
            parsed = parse(item.name, data, raw_html=known.raw_html)
        except UnicodeDecodeError as error:
            outcomes.append(Outcome(item.name, digest(data), b"", (undecodable(item.name, data, error),)))
            continue
        except OSError as error:
            outcomes.append(_unreadable(item, error))
            continue
        outcomes.append(read(known, item, digest(data), parsed))
    return outcomes


def _load_texts() -> None:
    import sitegen.build.texts  # noqa: F401


def notes(_: None, batch: Sequence[Input]) -> list[Outcome]:
    """The `NotesFile` of each notes file."""
    from sitegen.markup.parse import undecodable
    from sitegen.model.notes import read_notes

    outcomes = []
    for item in batch:
        try:
            data = item.read()
            read, issues = read_notes(data.decode(), item.name)
            outcomes.append(Outcome(item.name, digest(data), _encode(read), issues))
        except UnicodeDecodeError as error:
            outcomes.append(Outcome(item.name, digest(data), b"", (undecodable(item.name, data, error),)))
        except OSError as error:
            outcomes.append(_unreadable(item, error))
    return outcomes


def names(aids: Aids, batch: Sequence[str]) -> list[list[Suggestion]]:
    """What each text of a batch names, for `convert`."""
    from sitegen.annotate.suggest import suggest

    return [suggest(text, aids) for text in batch]


def annotated(aids: Aids, batch: Sequence[tuple[int, bytes]]) -> list[bytes]:
    """Lines of mentions for numbered lines of texts (see annotate.jsonl). Raises: SiteError."""
    from sitegen.annotate.jsonl import annotate

    return [found for number, line in batch for found in annotate([line], number, aids)]


HEADS: Stage[Subject] = Stage("heads", Subject, heads, few=5000)
TEXTS: Stage[Facts] = Stage("texts", Facts, texts, load=_load_texts)


def notes_stage() -> Stage[NotesFile]:
    """The stage of the notes files; what it needs is loaded where there are any."""
    from sitegen.model.notes import NotesFile

    return Stage("notes", NotesFile, notes)
