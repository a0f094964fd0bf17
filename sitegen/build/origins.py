"""What those files of a site are made of that are no pages, for a question about one (see `explain`).

Owners are the words of the plans. What is made late, of what was made, and what hosts read has no plan here: it hangs on all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from sitegen.build import planning
from sitegen.build.causes import EVERYTHING, Change
from sitegen.build.content import Content
from sitegen.build.memo import Memo, Row
from sitegen.build.output import Plan
from sitegen.build.planning import Looks
from sitegen.build.run import below_root
from sitegen.config import Config
from sitegen.publish.exports import FOLDER as DATA
from sitegen.publish.receipt import RECEIPT
from sitegen.publish.targets import FILES
from sitegen.relate.urls import FOUND, source_url

_SHOWN = 10
# By owner, the tables of cells that such a file is made of; none where it hangs on the program and its libraries alone.
_FEED = ("card", "site")
_TABLES: Mapping[str, Sequence[str]] = {
    "the feed": _FEED,
    "the feed of corrections": ("own", "site"),
    "a card": ("card", "years", "site"),
    "the search index": ("own", "card", "record"),
    "the exports": ("own", "card", "quotes", "entry", "record", "site"),
    "robots.txt": ("site",),
    "the OpenSearch description": ("site",),
    "the reading face": (),
}


class Origin(msgspec.Struct, frozen=True):
    """A file of the site that is no page. owner: what asks for it, in words. made_of: the file it is made of, "" for many.

    tables: of cells, that it is made of; None for all. names: those of their cells that it hangs on, None for all.
    """

    owner: str
    made_of: str = ""
    tables: Sequence[str] | None = None
    names: frozenset[str] | None = None

    def causes(self, changed: Iterable[Change]) -> list[str]:
        """Those of a build's changes that it was written for, in words; none where there are none or they are not known."""
        by_words = {words: (table, name) for table, name, words in changed}
        for words, (table, _) in by_words.items():
            if table == EVERYTHING:
                return [words]
        if self.made_of:
            return [f"{self.made_of} was new, or had changed"]
        kept = [words for words, (table, name) in by_words.items() if self._hangs_on(table, name)]
        more = len(kept) - _SHOWN
        return [*kept[:_SHOWN], f"and {more:,} more"] if more > 0 else kept

    def _hangs_on(self, table: str, name: str) -> bool:
        if self.tables is not None and table not in self.tables:
            return False
        return self.names is None or table == "site" or name in self.names


def origins(
    config: Config, content: Content, looks: Looks, memo: Memo, rows: Mapping[str, Row], pages: Iterable[str]
) -> dict[str, Origin]:
    """Of every file of the site that is no page, by path below the output folder. rows: the files there. pages: the pages'."""
    found = {path: _late(path) for path in rows}
    sources = _sources(config, content)
    found |= {plan.path: _planned(plan, content, sources) for plan in planning.Plans(config, content, looks, memo).all()}
    for path in pages:
        found.pop(path, None)
    return found


def _planned(plan: Plan, content: Content, sources: Mapping[str, str]) -> Origin:
    if plan.owner == "a record's feed":
        record = plan.file.removesuffix(".md")
        return Origin(plan.owner, "", _FEED, frozenset(text.id for text in content.index.named.get(record, ())))
    if plan.file:
        return Origin(plan.owner, sources.get(plan.path, plan.file), ())
    if plan.owner.startswith("the theme "):
        return Origin(plan.owner, f"its file in {plan.owner}, or in one that it extends,", ())
    return Origin(plan.owner, "", _TABLES.get(plan.owner))


def _sources(config: Config, content: Content) -> dict[str, str]:
    """By path below the output folder, the source text that lies there."""
    below = below_root(str(config.content), config.root)
    return {source_url(text.url).lstrip("/"): f"{below}/{text.source}" for text in content.index.articles if text.source}


def _late(path: str) -> Origin:
    if path == RECEIPT:
        return Origin("the receipt, which names every file of the site")
    if path in FILES:
        return Origin("what the host reads")
    if path.startswith(DATA):
        return Origin("the exports", "", _TABLES["the exports"])
    if path.startswith(FOUND.lstrip("/")):
        return Origin("the search index", "", _TABLES["the search index"])
    return Origin("made of other files of the site, or of what is no longer there")
