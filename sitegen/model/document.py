"""What the files of the content tree say: the front matter of articles and pages, and the parts of a body."""

from __future__ import annotations

from typing import Any

import msgspec

from sitegen.errors import Span
from sitegen.model.dates import Date
from sitegen.model.privacy import PUBLIC


class Source(msgspec.Struct, frozen=True):
    """Where an article's text came from. `file` is a content path; `sha256` is of its bytes.

    converted: the day on which it was made an article; converter: by which version of the program.
    """

    file: str = ""
    sha256: str = ""
    url: str = ""
    publisher: str = ""
    licence: str = ""
    retrieved: str = ""
    converted: str = ""
    converter: str = ""


class Correction(msgspec.Struct, frozen=True, array_like=True):
    """What was put right in an article after it was published, and when."""

    date: Date
    text: str


class Article(msgspec.Struct, frozen=True, tag="article"):
    """The front matter of an article. `links` maps a name to a record id or "none", for this article only."""

    title: str
    date: Date | None = None
    updated: Date | None = None
    lang: str = ""
    byline: str = ""
    dateline: str = ""
    summary: str = ""
    tags: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    source: Source | None = None
    converted: str = ""
    draft: bool = False
    slug: str = ""
    corrections: tuple[Correction, ...] = ()
    extra: dict[str, Any] = {}
    visibility: str = PUBLIC
    embargo: Date | None = None
    redact: tuple[str, ...] = ()


class Page(msgspec.Struct, frozen=True, tag="page"):
    """The front matter of a page in content/pages."""

    title: str
    summary: str = ""
    lang: str = ""
    draft: bool = False
    slug: str = ""
    extra: dict[str, Any] = {}
    visibility: str = PUBLIC
    embargo: Date | None = None
    redact: tuple[str, ...] = ()


class Block(msgspec.Struct, frozen=True, gc=False):
    """A paragraph ("p"), list item ("li"), cell … with an id of its own: text[start:end]. `name` is its element."""

    id: str
    name: str
    start: int
    end: int


class Heading(msgspec.Struct, frozen=True, array_like=True):
    """A heading of the body, for tables of contents. `level` is 1 to 6."""

    id: str
    text: str
    level: int


class Reference(msgspec.Struct, frozen=True, array_like=True):
    """A link or image that points into the collection, as written.

    target: a document id, or a content path or site path beginning with "/" for anything else.
    start, end: what it spans of the text (equal for an image). wiki: whether it was a `[[…]]`.
    """

    target: str
    fragment: str
    start: int
    end: int
    place: Span
    wiki: bool = False
    image: bool = False
