"""Into which pages a long list of articles is parted: years, the months of a full year, and of a full month so many at a time.

Parting by time keeps addresses: an article that is added is on one page more, and shifts those of no other.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sitegen.model.mention import QUOTED, Facts

_MOST, _FEWER = 200, 100  # articles on a page, and on one of those into which a month is parted
_MENTIONS = 300  # quotations on a page, where one article has not more: of a long sentence one is 700 characters


class Part(NamedTuple):
    """Some of the articles. tail: what its address has more than that of the whole, "" for the first part of all.

    year, month: 0 for none, a month only where its year is parted; number: 1, or above where that is parted too.
    here: see `parts_of`.
    """

    tail: str
    year: int
    month: int
    number: int
    articles: Sequence[Facts]
    here: Sequence[int]


def parts_of(articles: Sequence[Facts], here: Sequence[int] = ()) -> list[Part]:
    """The parts of a list in order of date; none where it fits on a page.

    here: of each article, how often it names the record whose passages are to be shown.
    """
    if not _is_full(len(articles), here):
        return []
    return [part if at else part._replace(tail="") for at, part in enumerate(_parted(articles, here))]


def _parted(articles: Sequence[Facts], here: Sequence[int]) -> Iterator[Part]:
    for iso, begin, end in _runs(articles, slice(4)):
        year = int(iso or 0)
        found, counts = articles[begin:end], here[begin:end]
        if not _is_full(len(found), counts):
            yield Part(f"{year}/", year, 0, 1, found, counts)
            continue
        first = True
        for month, number, some, quoted in _in_months(found, counts):
            # A year that grows full keeps its address, for the first of what it is parted into.
            tail = f"{year}/" if first else f"{year}/{month:02d}/" if number == 1 else f"{year}/{month:02d}-{number}/"
            first = False
            yield Part(tail, year, month, number, some, quoted)


def _in_months(articles: Sequence[Facts], here: Sequence[int]) -> Iterator[tuple[int, int, Sequence[Facts], Sequence[int]]]:
    for iso, begin, end in _runs(articles, slice(5, 7)):
        month = int(iso or 0)
        found, counts = articles[begin:end], here[begin:end]
        for number, (at, to) in enumerate(_leaves(len(found), counts), 1):
            yield month, number, found[at:to], counts[at:to]


def _leaves(articles: int, here: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Of a month that is full so many articles at a time, and no more than a page quotes: from which to which."""
    begin = quoted = 0
    for at in range(articles if _is_full(articles, here) else 0):
        more = min(QUOTED, here[at]) if here else 0
        if at > begin and (at - begin == _FEWER or quoted + more > _MENTIONS):
            yield begin, at
            begin, quoted = at, 0
        quoted += more
    yield begin, articles


def _runs(articles: Sequence[Facts], time: slice) -> Iterator[tuple[str, int, int]]:
    """A part of their dates, "" for none, and from where to where it stands. They are in order of date: few are looked at."""

    def of(facts: Facts) -> str:
        return facts.date.iso[time] if facts.date else ""

    begin = 0
    while begin < len(articles):
        found = of(articles[begin])
        end = bisect_right(articles, found, begin, key=of)
        yield found, begin, end
        begin = end


def _is_full(articles: int, here: Sequence[int]) -> bool:
    if articles > _MOST:
        return True
    return articles > 1 and sum(here) > _MENTIONS and sum([min(QUOTED, count) for count in here]) > _MENTIONS
