"""Mentions, and the facts an article contributes to the rest of the site."""

from __future__ import annotations

import enum

import msgspec

from sitegen.model.dates import Date


class By(enum.StrEnum):
    """Who decided that a passage names a record, strongest first."""

    LINK = "link"  # the author wrote the link
    ARTICLE = "article"  # the article's own `links:`
    CONTEXT = "context"  # an alias of several records, settled by a full name nearby
    ALIAS = "alias"  # a name or alias of one record


class Mention(msgspec.Struct, frozen=True):
    """text[start:end] of a document names `record`."""

    start: int
    end: int
    record: str
    by: By = By.ALIAS


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


class Target(msgspec.Struct, frozen=True):
    """What a mention leads to: the record's page, and what the margin says of it."""

    record: str
    url: str
    name: str
    gloss: str
    reviewed: bool


class Passage(msgspec.Struct, frozen=True):
    """A mention in its sentence (keyword in context). `block` is the id of the paragraph it stands in."""

    record: str
    block: str
    before: str
    name: str
    after: str
    by: By = By.ALIAS


class Facts(msgspec.Struct, frozen=True):
    """All that other pages know of an article: no HTML, and none of its text but the quoted passages."""

    id: str
    url: str
    path: str
    title: str
    date: Date | None
    updated: Date | None
    lang: str
    summary: str
    words: int
    tags: tuple[str, ...]
    related: tuple[str, ...]
    passages: tuple[Passage, ...]
    links: tuple[str, ...]
