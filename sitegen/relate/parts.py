"""Into which pages a long list of articles is parted: years, the months of a full year, and of a full month so many at a time.

Parting by time keeps addresses: an article that is added is on one page more, and shifts those of no other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sitegen.model.mention import QUOTED, Facts

_MOST, _FEWER = 200, 100  # articles on a page, and on one of those into which a month is parted
_MENTIONS = 300  # quotations on a page, where one article has not more: of a long sentence one is 700 characters


class Part(NamedTuple):
    """Some of the articles. tail: what its address has more than that of the whole, "" for the first part of all.

    year, month: 0 for none, a month only where its year is parted; number: 1, or above where that is parted too.
    """

    tail: str
    year: int
    month: int
    number: int
    articles: list[Facts]


def parts_of(articles: Sequence[Facts], record: str = "") -> list[Part]:
    """The parts of a list in order of date; none where it fits on a page. record: whose passages are to be shown of each."""
    if not _is_full(articles, record):
        return []
    return [part if at else part._replace(tail="") for at, part in enumerate(_parted(articles, record))]


def _parted(articles: Sequence[Facts], record: str) -> Iterator[Part]:
    years: dict[int, list[Facts]] = {}
    for facts in articles:
        years.setdefault(facts.year, []).append(facts)
    for year, found in years.items():
        if not _is_full(found, record):
            yield Part(f"{year}/", year, 0, 1, found)
            continue
        first = True
        for month, number, some in _in_months(found, record):
            # A year that grows full keeps its address, for the first of what it is parted into.
            tail = f"{year}/" if first else f"{year}/{month:02d}/" if number == 1 else f"{year}/{month:02d}-{number}/"
            first = False
            yield Part(tail, year, month, number, some)


def _in_months(articles: Sequence[Facts], record: str) -> Iterator[tuple[int, int, list[Facts]]]:
    months: defaultdict[int, list[Facts]] = defaultdict(list)
    for facts in articles:
        months[facts.date.month if facts.date else 0].append(facts)
    for month, found in sorted(months.items()):
        if not _is_full(found, record):
            yield month, 1, found
            continue
        for number, some in enumerate(_leaves(found, record), 1):
            yield month, number, some


def _leaves(articles: Sequence[Facts], record: str) -> Iterator[list[Facts]]:
    """Of a month that is full so many articles at a time, and no more than a page quotes."""
    some: list[Facts] = []
    quoted = 0
    for facts in articles:
        more = _quotations(facts, record)
        if some and (len(some) == _FEWER or quoted + more > _MENTIONS):
            yield some
            some, quoted = [], 0
        some.append(facts)
        quoted += more
    yield some


def _is_full(articles: Sequence[Facts], record: str) -> bool:
    if len(articles) > _MOST:
        return True
    if not record or len(articles) == 1:
        return False
    return sum([_quotations(facts, record) for facts in articles]) > _MENTIONS


def _quotations(facts: Facts, record: str) -> int:
    return min(QUOTED, facts.here[facts.named.index(record)]) if record else 0
