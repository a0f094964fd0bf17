"""All facts at once: who is named where and with whom, what links to what, what lies in which year."""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from functools import cached_property
from itertools import chain
from typing import TypeVar

import msgspec

from sitegen.model.entity import PLACES, Subject
from sitegen.model.mention import Facts, Target
from sitegen.model.text import letters
from sitegen.relate.authority import Authority
from sitegen.relate.near import Tiles, tiles_of
from sitegen.relate.parts import Part, parts_of
from sitegen.words.interface import Words

K = TypeVar("K")

# A record named in more articles than this says little about which of them belong together; and of an
# article's records the rarest few say enough.
COMMON = 40
_TELLING = 6
_FEW = 500  # records that are looked for in their articles, one by one


class Index(msgspec.Struct, frozen=True, dict=True):
    """The collection as a whole. Articles are in order of date, those without one first; ties by id.

    named: record id → the articles that name it. backlinks: document id → articles that link to it. years: year
    (0 for none) → articles. tags: tag → articles. All in the order of `articles`.
    """

    articles: Sequence[Facts]
    authority: Authority
    named: Mapping[str, Sequence[Facts]]
    backlinks: Mapping[str, Sequence[Facts]]
    years: Mapping[int, Sequence[Facts]]
    tags: Mapping[str, Sequence[Facts]]
    withheld: frozenset[str] = frozenset()  # see `names_of`

    @cached_property
    def by_id(self) -> Mapping[str, Facts]:
        return {facts.id: facts for facts in self.articles}

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where each article stands among the articles, by id."""
        return {facts.id: place for place, facts in enumerate(self.articles)}

    @cached_property
    def corrected(self) -> Sequence[Facts]:
        """The articles that were corrected."""
        return [facts for facts in self.articles if facts.corrections]

    def position(self, article: Facts) -> int:
        """Where an article stands among the articles."""
        return bisect_left(self.articles, _order(article), key=_order)

    @cached_property
    def titles(self) -> dict[str, str]:
        """The letters of a title → the id of the first article that bears it."""
        return {letters(facts.title): facts.id for facts in reversed(self.articles)}

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """Record id → how many articles name it, of those that any does."""
        return {record: len(named) for record, named in self.named.items()}

    @cached_property
    def located(self) -> tuple[Subject, ...]:
        """The places that articles name and that say where they are."""
        records = self.authority.records.values()
        return tuple(s for s in records if s.kind == PLACES and s.record.location and self.count(s.id))

    @cached_property
    def tiles(self) -> Tiles:
        """These places by tile (see `near`)."""
        return tiles_of(self.located)

    @cached_property
    def is_place(self) -> Mapping[str, bool]:
        """Record id → whether it is of a place, of those that were asked for."""
        return _IsPlace(self.authority)

    def count(self, record: str) -> int:
        """How many articles name a record."""
        return self.counts.get(record, 0)

    def here(self, record: str) -> Sequence[int]:
        """How often each of the articles that name a record does, in their order."""
        found = self._here.get(record)
        if found is None:
            if len(self._here) == _FEW:  # who asks for more will ask for most
                self._here.update(self._all_here())
            else:
                self._here[record] = [facts.here[facts.named.index(record)] for facts in self.named.get(record, ())]
            found = self._here.get(record, ())
        return found

    def expect_all(self) -> None:
        """Work out for all records what most of their pages ask for: processes that are forked then have it."""
        self._here.update(self._all_here())
        for record in self.named:
            self.parts(record)

    def _all_here(self) -> dict[str, list[int]]:
        counts: dict[str, list[int]] = {record: [] for record in self.named}
        for facts in self.articles:
            for record, count in zip(facts.named, facts.here, strict=True):
                counts[record].append(count)
        return counts

    def parts(self, record: str) -> Sequence[Part]:
        """The parts of the articles that name a record: see `parts_of`."""
        found = self._parts.get(record)
        if found is None:
            found = self._parts[record] = parts_of(self.named.get(record, ()), self.here(record)) or ()
        return found

    def parts_tagged(self, url: str, articles: Sequence[Facts]) -> Sequence[Part]:
        """The parts of the articles that bear the tag whose page is at `url`."""
        found = self._parts.get(url)
        if found is None:
            found = self._parts[url] = parts_of(articles) or ()
        return found

    @cached_property
    def _parts(self) -> dict[str, Sequence[Part]]:
        """By record, or by the address of a tag, of those that were asked for."""
        return {}

    @cached_property
    def _here(self) -> dict[str, Sequence[int]]:
        """By record, of those that were asked for."""
        return {}

    def company(self, record: str) -> Mapping[str, int]:
        """Record id → how many of the articles that name a record name it: the record itself, and whom it stands with."""
        found = self._company.get(record)
        if found is None:  # one page asks twice
            self._company.clear()
            found = self._company[record] = Counter(chain.from_iterable([facts.named for facts in self.named.get(record, ())]))
        return found

    @cached_property
    def _company(self) -> dict[str, Mapping[str, int]]:
        """That of the record that was asked for last."""
        return {}

    def together(self, record: str, limit: int) -> list[tuple[str, int]]:
        """The records most often named in the same articles, most often first; ties by id."""
        counts = self.company(record)
        likely = list(counts)
        if len(likely) > limit + 1 and (least := sorted(counts.values())[-limit - 1]) > 1:  # the last of all is its own
            likely = [other for other, count in counts.items() if count >= least]
        if likely:
            likely.remove(record)
        likely.sort()
        likely.sort(key=counts.__getitem__, reverse=True)  # which leaves equals as they are
        return [(other, counts[other]) for other in likely[:limit]]

    def telling(self, article: Facts) -> list[str]:
        """The records of an article that say what it belongs to: the rarest, of those that others name too."""
        counts = self.counts
        rare = sorted([(count, record) for record in article.named if 1 < (count := counts[record]) <= COMMON])
        return [record for _, record in rare[:_TELLING]]

    def related(self, article: Facts, limit: int = 4) -> list[tuple[Facts, tuple[str, ...]]]:
        """Articles that name the same records, with the shared ones, rarest first.

        A shared record counts by its rarity, 1 / log(articles that name it): Adamic and Adar, "Friends and neighbors
        on the Web", Social Networks 25 (2003). It hangs on those articles alone, not on how many there are in all.
        """
        telling, own = self.telling(article), article.id
        shared = [self._shared(record) for record in telling]
        once: set[str] = set()
        more: set[str] = set()
        for _, namers, _ in shared[:-1]:
            more |= once & namers
            once |= namers
        if shared:  # the largest is last, and need not be put together with the others
            more |= once & shared[-1][1]
        more.discard(own)
        likely: list[tuple[float, str, tuple[str, ...]]] = []
        for other in more:
            score, by = 0.0, []
            for record, (weight, namers, _) in zip(telling, shared, strict=True):
                if other in namers:
                    score += weight
                    by.append(record)
            # Rounded, so that the order does not hang on the last bit of a sum.
            likely.append((-round(score, 6), other, tuple(by)))
        # Of those that share one record, of each the first by id, as many as can be among the first.
        left, least = limit, 0.0
        for record, (weight, _, ordered) in zip(telling, shared, strict=True):
            if left <= 0 and weight < least:
                break
            least, score, alone = weight, -round(weight, 6), (record,)
            some = [other for other in ordered[: limit + len(more) + 1] if other != own and other not in more][:limit]
            left -= len(some)
            likely += [(score, other, alone) for other in some]
        likely.sort()
        return [(self.by_id[other], by) for _, other, by in likely[:limit]]

    def _shared(self, record: str) -> tuple[float, frozenset[str], list[str]]:
        """How much it says that two articles share a record, and the ids of those that name it, as a set and in order."""
        found = self._weights.get(record)
        if found is None:
            namers = sorted(self.namers(record))
            found = self._weights[record] = 1 / math.log(1 + len(namers)), frozenset(namers), namers
        return found

    def namers(self, record: str) -> list[str]:
        """The ids of the articles that name a record."""
        return [facts.id for facts in self.named[record]]

    @cached_property
    def _weights(self) -> dict[str, tuple[float, frozenset[str], list[str]]]:
        """By record, of those that were asked for."""
        return {}

    @cached_property
    def meant(self) -> dict[Words, dict[str, Target]]:
        """What mentions lead to, by record, in the words of a language: of those that were asked for."""
        return {}

    def is_withheld(self, title: str) -> bool:
        """Whether a `related:` entry means an article that readers must not see."""
        return means(title, self.withheld)

    def resolve_title(self, title: str) -> Facts | None:
        """The article that a `related:` entry means: by its title, case and quotes aside, or by its id."""
        found = self.by_id.get(title) or self.by_id.get("articles/" + title)
        return found or self.by_id.get(self.titles.get(letters(title), ""))

    def replaced(self, before: Facts, after: Facts, links: Callable[[Facts], Iterable[str]]) -> Index:
        """The index with `after` in the place of `before`: what `relate` makes of it, where both bear the same id and date.

        links: as for `relate`, of both.
        """
        at = self.position(before)

        def moved(groups: Mapping[K, Sequence[Facts]], had: Iterable[K], has: Iterable[K]) -> dict[K, Sequence[Facts]]:
            """Groups of articles, after the article left those it was in and entered those it is in."""
            found = dict(groups)
            entered, left = dict.fromkeys(has), dict.fromkeys(had)
            for name in entered | left:
                group = [facts for facts in found.get(name, ()) if facts.id != after.id]
                if name in entered:
                    insort(group, after, key=_order)
                if group:
                    found[name] = group
                else:
                    del found[name]
            return found

        year, tags = (after.year,), dict.fromkeys(after.tags)
        return Index(
            articles=(*self.articles[:at], after, *self.articles[at + 1 :]),
            authority=self.authority,
            named=moved(self.named, before.named, after.named),
            backlinks=moved(self.backlinks, links(before), links(after)),
            years=moved(self.years, year, year),
            tags=moved(self.tags, tags, tags),
            withheld=self.withheld,
        )


class _IsPlace(dict[str, bool]):
    def __init__(self, authority: Authority) -> None:
        self.records = authority.records

    def __missing__(self, record: str) -> bool:
        found = self[record] = self.records[record].kind == PLACES
        return found


def relate(
    articles: Iterable[Facts], authority: Authority, links: Callable[[Facts], Iterable[str]], withheld: Set[str] = frozenset()
) -> Index:
    """Relate the facts of the published articles.

    links: the ids of the documents that one links to. withheld: `names_of` the articles that readers must not see.
    """
    ordered = tuple(sorted(articles, key=_order))
    named: defaultdict[str, list[Facts]] = defaultdict(list)
    linkers: defaultdict[str, list[Facts]] = defaultdict(list)
    years: defaultdict[int, list[Facts]] = defaultdict(list)
    tags: defaultdict[str, list[Facts]] = defaultdict(list)
    for facts in ordered:
        for record in facts.named:
            named[record].append(facts)
        if facts.references:
            for target in links(facts):
                linkers[target].append(facts)
        years[facts.year].append(facts)
        for tag in facts.tags:
            tags[tag].append(facts)
    return Index(
        articles=ordered,
        authority=authority,
        named=dict(named),
        backlinks=dict(linkers),
        years=dict(sorted(years.items())),
        tags=dict(sorted(tags.items())),
        withheld=frozenset(withheld),
    )


def names_of(articles: Iterable[Facts]) -> frozenset[str]:
    """What `related:` entries may call these articles: their ids, and the letters of their titles."""
    return frozenset(name for facts in articles for name in (facts.id, letters(facts.title)))


def means(title: str, names: Set[str]) -> bool:
    """Whether a `related:` entry means one of the articles of these `names_of`."""
    return bool(names) and not names.isdisjoint((title, "articles/" + title, letters(title)))


def _order(facts: Facts) -> tuple[str, str]:
    return facts.date.iso if facts.date else "", facts.id


def published(texts: Iterable[Facts], today: dt.date, *, drafts: bool = False) -> list[Facts]:
    """The texts that readers may see: nothing withheld, and, unless drafts are asked for, no drafts and nothing dated later."""
    shown = (facts for facts in texts if not facts.is_withheld(today))
    return [facts for facts in shown if drafts or not (facts.draft or (facts.date and facts.date.after(today)))]
