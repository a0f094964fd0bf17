"""The cards of a site, as plans: one for the collection, and one for each article where the configuration asks."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import msgspec

from sitegen.build.making import Job
from sitegen.build.memo import digest
from sitegen.build.output import Plan
from sitegen.cards import draw
from sitegen.cards.draw import CardRequest
from sitegen.config import Config
from sitegen.errors import Issue, Severity, Span
from sitegen.model.ids import output_path
from sitegen.relate.index import Index
from sitegen.relate.urls import card_url
from sitegen.render.theme import Theme
from sitegen.words.interface import Words

CARD = "/assets/card.png"
_OWNER = "a card"


def card(config: Config, theme: Theme) -> str:
    """The site path of the collection's card; "" where there is none."""
    return CARD if config.cards != "none" and _shown(theme) and not draw.missing() else ""


def check(config: Config) -> Iterator[Issue]:
    """Says what lacks where cards are asked for; that of the collection is made where it can be."""
    if config.cards == "articles" and (lacking := draw.missing()):
        yield Issue("no-cards", f"cards are left out: {', '.join(lacking)} is not installed", Span(config.file),
                    'install the extra: pip install "sitegen[cards]"', Severity.WARNING)  # fmt: skip


def plans(config: Config, index: Index, words: Words) -> Iterator[Plan]:
    """The cards."""
    version = draw.version()
    bars = tuple((year, len(found)) for year, found in index.years.items() if year)
    host = config.url.partition("://")[2].rstrip("/")
    yield _plan(CARD, CardRequest(config.title, below=config.description, foot=host, bars=bars), version)
    if config.cards == "articles":
        for facts in index.articles:
            day = words.date(facts.date) if facts.date else ""
            yield _plan(card_url(facts.url), CardRequest(facts.title, above=day, foot=config.title), version)


def _plan(url: str, request: CardRequest, version: str) -> Plan:
    path = output_path(url)
    return Plan(path, digest(b"card", version, msgspec.msgpack.encode(request)), partial(_drawn, path, request), _OWNER)


def _drawn(path: str, request: CardRequest) -> Job:
    return Job(path, data=draw.draw(request))


def _shown(theme: Theme) -> bool:
    """Whether the theme's pages look at the card."""
    read = theme.reads_of_site("home.html")
    return read is None or "card" in read
