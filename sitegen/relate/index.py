"""All facts at once: who is named where and with whom, what links to what, what lies in which year."""

from __future__ import annotations

import datetime as dt
import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sitegen.model.document import Document
from sitegen.model.mention import Facts, Passage
from sitegen.model.text import letters
from sitegen.relate.authority import Authority

# A record named in more articles than this says nothing about which of them belong together.
_COMMON = 60


@dataclass(frozen=True, slots=True)
class Index:
    """The collection as a whole. Articles are in order of date, those without one first; ties by id.

    named: record id → its articles with the passages, in that order. backlinks: document id → articles that
    link to it. years: year (0 for none) → articles. tags: tag → articles.
    """

    articles: tuple[Facts, ...]
    by_id: Mapping[str, Facts]
    authority: Authority
    named: Mapping[str, tuple[tuple[Facts, tuple[Passage, ...]], ...]]
    records_of: Mapping[str, tuple[str, ...]]
    backlinks: Mapping[str, tuple[Facts, ...]]
    years: Mapping[int, tuple[Facts, ...]]
    tags: Mapping[str, tuple[Facts, ...]]
    titles: Mapping[str, str]

    def count(self, record: str) -> int:
        """How many articles name a record."""
        return len(self.named.get(record, ()))

    def together(self, record: str) -> list[tuple[str, int]]:
        """Records named in the same articles, most often first."""
        counts: Counter[str] = Counter()
        for facts, _ in self.named.get(record, ()):
            counts.update(other for other in self.records_of[facts.id] if other != record)
        return sorted(counts.items(), key=lambda item: (-item[1], item[0]))

    def related(self, article: str, limit: int = 4) -> list[tuple[Facts, tuple[str, ...]]]:
        """Articles that name the same records, rare ones counting more, with the shared records, rarest first."""
        weights: dict[str, float] = {}
        for record in self.records_of[article]:
            if 1 < self.count(record) <= _COMMON:
                weights[record] = math.log(1 + len(self.articles) / self.count(record))
        scores: defaultdict[str, float] = defaultdict(float)
        shared: defaultdict[str, list[str]] = defaultdict(list)
        for record, weight in sorted(weights.items(), key=lambda item: (-item[1], item[0])):
            for facts, _ in self.named[record]:
                if facts.id != article:
                    scores[facts.id] += weight
                    shared[facts.id].append(record)
        # Rounded, so that the order does not hang on the last bit of a sum.
        best = heapq.nsmallest(limit, scores, key=lambda other: (-round(scores[other], 6), other))
        return [(self.by_id[other], tuple(shared[other])) for other in best]


def relate(facts: Iterable[Facts], authority: Authority) -> Index:
    """Relate the facts of the published articles."""
    articles = tuple(sorted(facts, key=lambda fact: (fact.date.iso if fact.date else "", fact.id)))
    named: defaultdict[str, list[tuple[Facts, tuple[Passage, ...]]]] = defaultdict(list)
    records_of: dict[str, tuple[str, ...]] = {}
    linkers: defaultdict[str, list[Facts]] = defaultdict(list)
    years: defaultdict[int, list[Facts]] = defaultdict(list)
    tags: defaultdict[str, list[Facts]] = defaultdict(list)
    for fact in articles:
        passages: defaultdict[str, list[Passage]] = defaultdict(list)
        for passage in fact.passages:
            passages[passage.record].append(passage)
        records_of[fact.id] = tuple(passages)
        for record, found in passages.items():
            named[record].append((fact, tuple(found)))
        for target in fact.links:
            linkers[target].append(fact)
        years[fact.date.year if fact.date else 0].append(fact)
        for tag in dict.fromkeys(fact.tags):
            tags[tag].append(fact)
    return Index(
        articles=articles,
        by_id={fact.id: fact for fact in articles},
        authority=authority,
        named={record: tuple(found) for record, found in named.items()},
        records_of=records_of,
        backlinks={target: tuple(found) for target, found in linkers.items()},
        years={year: tuple(found) for year, found in sorted(years.items())},
        tags={tag: tuple(found) for tag, found in sorted(tags.items())},
        titles={letters(fact.title): fact.id for fact in reversed(articles)},
    )


def resolve_related(index: Index, title: str) -> Facts | None:
    """The article that a `related:` entry means: by its title, case and quotes aside, or by its id."""
    found = index.by_id.get(title) or index.by_id.get("articles/" + title)
    return found or index.by_id.get(index.titles.get(letters(title), ""))


def published(documents: Iterable[Document], today: dt.date, *, drafts: bool = False) -> list[Document]:
    """The documents that readers may see: no drafts and nothing dated after `today`, unless drafts are asked for."""
    return [d for d in documents if drafts or not (getattr(d.meta, "draft", False) or _later(d, today))]


def _later(document: Document, today: dt.date) -> bool:
    date = getattr(document.meta, "date", None)
    return date is not None and bool(date.after(today))
