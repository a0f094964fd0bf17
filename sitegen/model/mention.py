"""Mentions, and what a text contributes to the rest of the site.

Of each text the site as a whole knows its `Facts`; the `Reading` holds the rest, which only the pages need
that show it. Both are stored by position: a field that is added or moved is a new schema of the memo.
"""

from __future__ import annotations

import datetime as dt
import enum

import msgspec

from sitegen.model.dates import Date
from sitegen.model.document import Article, Correction, Heading, Page, Reference
from sitegen.model.entity import Record
from sitegen.model.privacy import PUBLIC, is_withheld

QUOTED = 500  # passages of a text that pages quote of those that name one record, the first


class By(enum.StrEnum):
    """Who decided that a passage names a record, strongest first."""

    LINK = "link"  # the author wrote the link
    NOTE = "note"  # a note on the passage says so
    IMPORT = "import"  # a note that came from another program does
    ARTICLE = "article"  # the article's own `links:`
    CONTEXT = "context"  # an alias of several records, settled by a full name or a place nearby
    ALIAS = "alias"  # a name or alias of one record


class Mention(msgspec.Struct, frozen=True, gc=False):
    """text[start:end] of a document names `record`. layer: that of the note that says so, "" where none does."""

    start: int
    end: int
    record: str
    by: By = By.ALIAS
    layer: str = ""


class Ambiguity(msgspec.Struct, frozen=True):
    """text[start:end] is a name of several records, and nothing in the article tells which."""

    start: int
    end: int
    name: str
    records: tuple[str, ...]


class Marks(msgspec.Struct, frozen=True):
    """What the finder says of one document, in reading order, without overlaps."""

    mentions: tuple[Mention, ...] = ()
    ambiguities: tuple[Ambiguity, ...] = ()


class Target(msgspec.Struct, frozen=True, array_like=True):
    """What a mention leads to: the record's page, and what the margin says of it."""

    record: str
    url: str
    name: str
    gloss: str
    reviewed: bool


class Body(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The HTML of a text with slots for what only the site as a whole can say.

    The HTML is pieces[0], slots[0], pieces[1], … A slot is "m" and a record (the opening tag of a mention),
    "g" and a record (its gloss), "r" and the number of a reference, whose own tag is in `tags`, "n" and the number of
    a note (its mark), or "b" or "f" and the number of a block that notes stand beside (where it begins and finishes).
    """

    pieces: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


class ShownReply(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An answer to a note, as pages show it."""

    body: Body
    by: str
    created: str


class ShownNote(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A note as pages show it, on text[start:end] of its article; both are -1 where it is not anchored.

    number: its mark in the text, 0 where it has none: it only marks the passage, or waits for a decision. name: what its
    address ends with. rank: the layer's number on this page. block: the number of the block of the body that it stands
    beside, -1 for none. quote: the words it is about. first: the number of its first reference, -1 where its links lead
    nowhere, as those of a note that waits. id: its own, in its file.
    """

    number: int
    name: str
    layer: str
    rank: int
    motivation: str
    quote: str
    body: Body
    tags: tuple[str, ...]
    by: str
    created: str
    replies: tuple[ShownReply, ...]
    state: str
    why: str
    start: int
    end: int
    block: int
    first: int
    id: str


class Reading(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One text as its own page shows it; `text` and `anchors` are what others look for in it.

    marks: start and end in `text`, and the number among `Facts.named`, of each mention, one after the other.
    """

    meta: Article | Page | Record
    words: int
    headings: tuple[Heading, ...]
    body: Body
    text: str
    anchors: tuple[str, ...]
    notes: tuple[ShownNote, ...] = ()
    marks: tuple[int, ...] = ()


class Shown(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A `Reading` of which its own page is made: what others look for is left as it is encoded."""

    meta: Article | Page | Record
    words: int
    headings: tuple[Heading, ...]
    body: Body
    text: msgspec.Raw
    anchors: msgspec.Raw
    notes: tuple[ShownNote, ...] = ()


class Facts(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """All that the site as a whole knows of a text: no HTML, and none of its words but title and summary.

    named: the records it names, in order of first mention; here, blocks: how often, and in which paragraph
    first. card, quotes, own: digests of what lists show of it, of its passages, and of its own page.
    found: the records that its references mean, one each, "" for none: what the mentions were found with. Those of its
    notes are among the references, behind its own. history: a digest of what its notes were looked for in besides
    the text itself (git, sources), b"" for nothing. days, told: the dates its text names, in order of time, and a digest
    of their passages; none where nothing shows them. redacted: the passages that are blacked out. beside: a digest of what
    is said of it besides its own file (see `Known.beside`), b"" for nothing.
    """

    id: str
    kind: str
    path: str
    url: str
    title: str
    date: Date | None
    updated: Date | None
    lang: str
    summary: str
    minutes: int
    draft: bool
    tags: tuple[str, ...]
    related: tuple[str, ...]
    source: str
    source_sha256: str
    links: tuple[tuple[str, str], ...]
    references: tuple[Reference, ...]
    found: tuple[str, ...]
    ambiguities: tuple[Ambiguity, ...]
    named: tuple[str, ...]
    here: tuple[int, ...]
    blocks: tuple[str, ...]
    card: bytes
    quotes: bytes
    own: bytes
    history: bytes = b""
    corrections: tuple[Correction, ...] = ()
    days: tuple[str, ...] = ()
    told: bytes = b""
    visibility: str = PUBLIC
    embargo: Date | None = None
    redacted: tuple[str, ...] = ()
    beside: bytes = b""

    def is_withheld(self, today: dt.date) -> bool:
        """Whether readers must not see the text today."""
        return is_withheld(self.visibility, self.embargo, today)

    @property
    def year(self) -> int:
        """Of its date, 0 where it has none."""
        return int(self.date.iso[:4]) if self.date else 0  # Date.year, with a call less
