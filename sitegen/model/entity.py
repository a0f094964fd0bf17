"""Kinds of authority record, and the records themselves."""

from __future__ import annotations

from typing import Any

import msgspec

from sitegen.model.privacy import PUBLIC


class Kind(msgspec.Struct, frozen=True):
    """A kind of authority record. `id` is the folder and the URL; `begin` and `end` name what its dates are."""

    id: str
    label: str
    singular: str
    begin: str = "from"
    end: str = "until"


KINDS: tuple[Kind, ...] = (
    Kind("people", "People", "person", "born", "died"),
    Kind("organisations", "Organisations", "organisation", "founded", "dissolved"),
    Kind("places", "Places", "place", "founded", "abandoned"),
    Kind("events", "Events", "event", "began", "ended"),
    Kind("works", "Works", "work", "published", "lost"),
)
PLACES = "places"


class Alias(msgspec.Struct, frozen=True):
    """Another name of a record. With `auto` false it is shown, and never linked by itself."""

    text: str
    auto: bool = True


class Location(msgspec.Struct, frozen=True):
    """A point in degrees, WGS 84."""

    lat: float
    lon: float


class Record(msgspec.Struct, frozen=True, tag="record"):
    """The front matter of an authority record. `begin` and `end` are ISO dates in any precision.

    score, why: how sure the program was when it suggested the record, 0 to 1, and what spoke for it; None and "" where it
    did not.
    """

    name: str
    aliases: tuple[Alias, ...] = ()
    status: str = "reviewed"
    role: str = ""
    summary: str = ""
    begin: str = ""
    end: str = ""
    sort: str = ""
    location: Location | None = None
    ids: tuple[tuple[str, str], ...] = ()
    merged_into: str = ""
    not_same_as: tuple[str, ...] = ()
    slug: str = ""
    lang: str = ""
    extra: dict[str, Any] = {}
    score: float | None = None
    visibility: str = PUBLIC
    why: str = ""

    def is_held(self, publish: float) -> bool:
        """Whether it is a suggestion that is less sure than is published; one without a score is not sure at all."""
        return self.status == "suggested" and (self.score or 0.0) < publish

    @property
    def names(self) -> tuple[str, ...]:
        """What is looked for in texts: the name and the aliases that link by themselves, each once."""
        return tuple(dict.fromkeys((self.name, *(alias.text for alias in self.aliases if alias.auto))))

    @property
    def sort_key(self) -> str:
        """The name as an index files it; people by surname where the record does not say otherwise."""
        if self.sort:
            return self.sort
        for article in ("The ", "A ", "An "):
            if self.name.startswith(article):
                return self.name[len(article) :]
        return self.name


class Subject(msgspec.Struct, frozen=True):
    """A record with its place in the collection. `noted`: whether it has a body, the editor's note."""

    id: str
    kind: str
    path: str
    url: str
    record: Record
    noted: bool = False

    @property
    def title(self) -> str:
        return self.record.name


STATUSES = ("suggested", "reviewed", "rejected")
