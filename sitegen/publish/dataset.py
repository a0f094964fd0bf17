"""What exports are made of: the collection as rows and texts, one article at a time.

Nothing here holds the articles: `Dataset.editions` reads them anew for each export, so that a collection of any size is
written in the memory of one article.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import msgspec

from sitegen.model.document import Article, Heading
from sitegen.model.entity import PLACES, Subject
from sitegen.model.ids import Linker
from sitegen.model.mention import Facts
from sitegen.model.notes import Anchored, Note
from sitegen.model.views import Quote, SiteView


class Mentioned(NamedTuple):
    """text[start:end] of an article names `record`; `quote` shows it in its sentence."""

    start: int
    end: int
    record: str
    quote: Quote


class Edition(msgspec.Struct, frozen=True):
    """An article with all that is published of it. `text` is what mentions and notes count in, a line a block.

    notes: those that have their place in the text, in order of the file.
    """

    facts: Facts
    meta: Article
    words: int
    headings: Sequence[Heading]
    text: str
    mentions: Sequence[Mentioned]
    notes: Sequence[tuple[Note, Anchored]]


class Dataset(msgspec.Struct, frozen=True, dict=True):
    """The published collection.

    records: by id, in order of ids. articles: how many name each record; mentions: how often each is named in them.
    totals: how many articles, mentions and notes there are. editions: every article, in order of date.
    annotations: the notes and mentions of an article as W3C Web Annotations.
    """

    site: SiteView
    linker: Linker
    records: Mapping[str, Subject]
    articles: Mapping[str, int]
    mentions: Mapping[str, int]
    totals: Mapping[str, int]
    editions: Callable[[], Iterator[Edition]]
    annotations: Callable[[Edition], Sequence[dict[str, Any]]]

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many there are of everything that files hold."""
        return {**self.totals, "records": len(self.records), "places": len(self.places)}

    @cached_property
    def places(self) -> tuple[Subject, ...]:
        return tuple(subject for subject in self.records.values() if subject.kind == PLACES)

    def address(self, path: str) -> str:
        """The full address of a site path."""
        return self.linker.absolute(path)
