"""A planned page, and what all planners of pages are given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import msgspec

from sitegen.model import ids, views
from sitegen.model.mention import Facts
from sitegen.model.text import SUMMARY, summarise
from sitegen.relate.cells import Reads
from sitegen.relate.maps import MapRequest
from sitegen.words.interface import Words, direction

NETWORK_USUAL = 300  # records: more can be drawn, and hardly be read


class SearchPage(msgspec.Struct, frozen=True):
    """What the search page is told: where the index lies, "" where there is none, and whether it is older than the texts."""

    index: str = ""
    older: bool = False


class Setting(msgspec.Struct, frozen=True, dict=True):
    """What the configuration says that pages show, and the words they say it in.

    preview: whether they are for their authors, with what waits.
    wanted: those of `records.ON_REQUEST` that its templates look at.
    cards: whether each article has a card.
    has: the templates that a theme may do without (views.PageView.optional) and this one has.
    """

    site: views.SiteView
    kinds: Mapping[str, views.KindView]
    linker: ids.Linker
    words: Words
    search: SearchPage | None = None  # None where the theme has no page for it
    preview: bool = False
    has: frozenset[str] = frozenset()
    wanted: frozenset[str] = frozenset()
    cards: bool = False
    fed: frozenset[str] = frozenset()  # the records that have a feed
    network: int = NETWORK_USUAL  # how many records the network shows at most

    @cached_property
    def order(self) -> dict[str, int]:
        """The rank of each kind."""
        return {kind: rank for rank, kind in enumerate(self.kinds)}

    def common(self, url: str, title: str, description: str = "", lang: str = "") -> dict[str, Any]:
        """The fields that every view has."""
        lang = lang or self.site.language
        return {"url": url, "canonical": self.linker.absolute(url), "title": title, "description": description,
                "lang": lang, "dir": direction(lang)}  # fmt: skip


class PlannedPage(msgspec.Struct, frozen=True):
    """A page: what it reads, and how its view is built once that has moved.

    said: what it shows besides the cells in `reads`. text: the id of the text whose body it shows, or "". map: the
    map it shows, still to be laid out; asked for only where the template looks at it. mapped: the same, where it hangs on
    nothing but the cells in `reads`. owner: what asks for the page;
    `path` is the content file that does, where it is one.
    """

    url: str
    template: str
    reads: Reads
    said: bytes
    view: Callable[[], views.PageView]
    owner: str
    path: str = ""
    text: str = ""
    map: Callable[[], MapRequest | None] | None = None
    mapped: Callable[[], MapRequest | None] | None = None


def text_reads(facts: Facts | None) -> Reads:
    """What a page reads that shows a text: the text, where its links lead, the records it names."""
    return (("own", (facts.id,)), ("links", (facts.id,)), ("entry", facts.named)) if facts else ()


def card(facts: Facts) -> views.Card:
    """What lists show of an article."""
    summary = facts.summary if len(facts.summary) <= 2 * SUMMARY else summarise(facts.summary)
    return views.Card(facts.title, facts.url, facts.date, summary, facts.minutes, facts.lang)
