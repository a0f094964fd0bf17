"""The collection in time: its years and months, by the dates of articles and by the dates that their texts name."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial

import msgspec

from sitegen.model import views
from sitegen.model.dates import Date
from sitegen.model.mention import Facts
from sitegen.relate.cells import Reads
from sitegen.relate.index import Index
from sitegen.relate.planned import PlannedPage, Setting, card
from sitegen.relate.quoted import Quoted

TIMELINE = "/timeline/"
# A year that shows more, or has articles of so many days, has a page for each month; of the latter with calendars.
_ONE_YEAR, _DAILY = 100, 50
_ONE_PAGE = 200  # articles of a month, of a year that has no months, or that name none, on a page
# A timeline of more articles and dates than this leads to them, and shows none itself; of more months, to years alone.
_ONE_TIMELINE, _MOST_MONTHS = 200, 600
_TELLERS, _QUOTED = 20, 100  # articles quoted of those that name a date, and of those on a page, a few of each date at least
_GREGORIAN = 1583  # the first whole year of the calendar

_encode = msgspec.msgpack.Encoder().encode

Told = tuple[str, Facts]  # a date, and an article of another date that names it


def year_url(year: int) -> str:
    return f"/years/{year}/" if year else "/years/undated/"


def _page_url(year: int, number: int) -> str:
    return f"{year_url(year)}page-{number}/" if number > 1 else year_url(year)


def month_url(year: int, month: int, number: int = 1) -> str:
    return f"/years/{year}/{month:02d}/" + (f"page-{number}/" if number > 1 else "")


class Chronology(msgspec.Struct, frozen=True, dict=True):
    """The years of a collection. has: see `Setting`."""

    index: Index
    has: Collection[str]

    @cached_property
    def told(self) -> dict[int, list[Told]]:
        """By year, the dates that articles of other dates name, in order of time."""
        found: defaultdict[int, list[Told]] = defaultdict(list)
        for facts in self.index.articles:
            for iso in facts.days:
                if not facts.date or facts.date.iso[:10] != iso:
                    found[int(iso[:4])].append((iso, facts))
        return {year: sorted(dates, key=_by_date) for year, dates in found.items()}

    @cached_property
    def years(self) -> list[int]:
        """The years that have a page, 0 for articles without a date."""
        return sorted({*self.index.years, *self.told})

    def articles(self, year: int) -> Sequence[Facts]:
        return self.index.years.get(year, ())

    def is_daily(self, year: int) -> bool:
        """Whether articles came day by day."""
        days = {facts.date.iso[:10] for facts in self.articles(year) if facts.date and facts.date.day}
        return year >= _GREGORIAN and len(days) >= _DAILY

    def months(self, year: int) -> dict[int, tuple[list[Facts], list[Told]]]:
        """The months that have pages of their own, with their articles and the dates named in them; 0 for what names none."""
        articles, told = self.articles(year), self.told.get(year, ())
        if not year or views.MonthView.template not in self.has:
            return {}
        if len(articles) + len(told) <= _ONE_YEAR and not self.is_daily(year):
            return {}
        found: defaultdict[int, tuple[list[Facts], list[Told]]] = defaultdict(lambda: ([], []))
        for facts in articles:
            found[facts.date.month if facts.date else 0][0].append(facts)
        for iso, facts in told:
            found[int(iso[5:7] or 0)][1].append((iso, facts))
        return dict(sorted(found.items()))

    def pages(self, year: int) -> list[Sequence[Facts]]:
        """The articles that a year lists itself, by pages; one page where there are none."""
        months = self.months(year)
        return _pages(months.get(0, ([], []))[0] if months else self.articles(year))

    def urls(self) -> Iterator[str]:
        """The pages of years and months."""
        for year in self.years:
            yield from (_page_url(year, number) for number in range(1, len(self.pages(year)) + 1))
            for month, (articles, _) in self.months(year).items():
                if month:
                    yield from (month_url(year, month, number) for number in range(1, len(_pages(articles)) + 1))


def _pages(articles: Sequence[Facts]) -> list[Sequence[Facts]]:
    return [articles[at : at + _ONE_PAGE] for at in range(0, len(articles), _ONE_PAGE)] or [articles]


def _by_date(told: Told) -> tuple[str, str]:
    return told[0], told[1].id


class TimePlanner:
    """Plans the timeline and the pages of years and months. quoted: what articles say of dates."""

    def __init__(self, chronology: Chronology, quoted: Quoted, setting: Setting) -> None:
        self.time, self.quoted, self.setting = chronology, quoted, setting
        self.dated = [year for year in chronology.years if year]

    def year(self, year: int) -> Iterator[PlannedPage]:
        """The page of a year, and those of its months."""
        time, gettext = self.time, self.setting.words.gettext
        found, told, months = time.articles(year), time.told.get(year, []), time.months(year)
        at = self.dated.index(year) if year else -1
        previous = self.dated[at - 1] if at > 0 else None
        following = self.dated[at + 1] if year and at + 1 < len(self.dated) else None
        daily = bool(months) and time.is_daily(year)
        dates = months.get(0, ((), ()))[1] if months else told
        pages = time.pages(year)
        parts = tuple(views.Part(str(at), _page_url(year, at), year) for at in range(1, len(pages) + 1)) if pages[1:] else ()

        def view(number: int) -> views.YearView:
            title = str(year) if year else gettext("Undated")
            title = title if number == 1 else f"{title} ({number})"
            about = gettext("Articles of %(site)s: %(year)s.", site=self.setting.site.title, year=title)
            first = number == 1
            return views.YearView(
                **self.setting.common(_page_url(year, number), title, about),
                year=views.YearGroup(year, year_url(year), tuple(map(card, pages[number - 1]))),
                count=len(found),
                previous=_year(previous) if previous else None,
                next=_year(following) if following else None,
                months=_months(year, months) if first else (),
                told=self._told(dates) if first else (),
                calendar=tuple(_calendar(year, m, articles) for m, (articles, _) in months.items() if m and daily and first),
                part="" if first else str(number),
                parts=parts,
            )

        owner = f"the list of {year or 'undated articles'}"
        for number, shown in enumerate(pages, 1):
            reads: Reads = (("card", [facts.id for facts in (found if number == 1 else shown)]),)
            reads += _reads(told) if number == 1 else ()
            said = _encode((previous, following, bool(months), *([len(found), number, len(pages)] if parts else [])))
            yield PlannedPage(_page_url(year, number), views.YearView.template, reads, said, partial(view, number), owner)
        numbers = [month for month in months if month]
        for number in numbers:
            yield from self._month(year, number, numbers, months[number], daily=daily)

    def _month(
        self, year: int, month: int, beside: Sequence[int], held: tuple[Sequence[Facts], Sequence[Told]], *, daily: bool
    ) -> Iterator[PlannedPage]:
        found, told = held
        date, words = Date(f"{year:04d}-{month:02d}"), self.setting.words
        at = beside.index(month)
        previous = beside[at - 1] if at else None
        following = beside[at + 1] if at + 1 < len(beside) else None
        pages = _pages(found)
        urls = [month_url(year, month, number) for number in range(1, len(pages) + 1)]
        parts = tuple(views.Part(str(number), url, year) for number, url in enumerate(urls, 1)) if pages[1:] else ()

        def view(number: int) -> views.MonthView:
            first = number == 1
            title = words.date(date) if first else f"{words.date(date)} ({number})"
            about = words.gettext("Articles of %(site)s: %(year)s.", site=self.setting.site.title, year=title)
            return views.MonthView(
                **self.setting.common(urls[number - 1], title, about),
                date=date,
                articles=tuple(map(card, pages[number - 1])),
                told=self._told(told) if first else (),
                calendar=_calendar(year, month, found) if daily and first else None,
                year=_year(year),
                previous=self._month_link(year, previous) if previous else None,
                next=self._month_link(year, following) if following else None,
                count=len(found),
                part="" if first else str(number),
                parts=parts,
            )

        for number, (url, shown) in enumerate(zip(urls, pages, strict=True), 1):
            reads: Reads = (("card", [facts.id for facts in (found if number == 1 else shown)]),)
            reads += _reads(told) if number == 1 else ()
            said = _encode((previous, following, daily, *([len(found), number, len(pages)] if parts else [])))
            yield PlannedPage(url, views.MonthView.template, reads, said, partial(view, number), f"the list of {date.text}")

    def _month_link(self, year: int, month: int) -> views.Link:
        return views.Link(self.setting.words.date(Date(f"{year:04d}-{month:02d}")), month_url(year, month))

    def timeline(self) -> PlannedPage:
        """The page of the whole collection in time."""
        time, words = self.time, self.setting.words
        articles = [facts for facts in time.index.articles if facts.date]
        told = [date for dates in time.told.values() for date in dates]
        whole = len(articles) + len(told) <= _ONE_TIMELINE
        few = sum(len(time.months(year)) for year in self.dated) <= _MOST_MONTHS

        def view() -> views.TimelineView:
            about = words.gettext("%(site)s in time, year by year.", site=self.setting.site.title)
            spoken = {year: len({facts.id for _, facts in dates}) for year, dates in time.told.items()}
            written = {year: len(found) for year, found in time.index.years.items() if year}
            return views.TimelineView(
                **self.setting.common(TIMELINE, words.gettext("Timeline"), about),
                count=len(articles),
                bars=_bars(written, self.dated),
                told=_bars(spoken, self.dated),
                years=tuple(self._year(year, spoken.get(year, 0), whole=whole, months=few) for year in self.dated),
            )

        reads: Reads = (("card", [facts.id for facts in articles]), *_reads(told))
        return PlannedPage(TIMELINE, views.TimelineView.template, reads, b"", view, "the timeline")

    def _year(self, year: int, told: int, *, whole: bool, months: bool) -> views.TimelineYear:
        found = self.time.articles(year)
        return views.TimelineYear(
            year, year_url(year), len(found), told, _months(year, self.time.months(year)) if months else (),
            tuple(map(card, found)) if whole else (), self._told(self.time.told.get(year, ())) if whole else (),
        )  # fmt: skip

    def _told(self, told: Iterable[Told]) -> tuple[views.ToldDate, ...]:
        dates: dict[str, list[Facts]] = {}
        for iso, facts in told:
            dates.setdefault(iso, []).append(facts)
        most = max(2, min(_TELLERS, _QUOTED // (len(dates) or 1)))
        return tuple(
            views.ToldDate(Date(iso), tuple(self.quoted.article(facts, iso) for facts in found[:most]), max(0, len(found) - most))
            for iso, found in dates.items()
        )


def _reads(told: Iterable[Told]) -> Reads:
    """What is read of the articles that name these dates."""
    names = list(dict.fromkeys([facts.id for _, facts in told]))
    return (("card", names), ("told", names)) if names else ()


def _year(year: int) -> views.Link:
    return views.Link(str(year), year_url(year))


def _months(year: int, months: Mapping[int, tuple[Sequence[Facts], Sequence[Told]]]) -> tuple[views.Month, ...]:
    return tuple(
        views.Month(Date(f"{year:04d}-{month:02d}"), month_url(year, month), len(found), len({f.id for _, f in told}))
        for month, (found, told) in months.items()
        if month
    )


def _calendar(year: int, month: int, articles: Sequence[Facts]) -> views.Calendar:
    days = [facts.date.day if facts.date else 0 for facts in articles]
    counts = Counter(days)
    # A day leads to the page that its first article is on.
    urls = {day: f"{month_url(year, month, days.index(day) // _ONE_PAGE + 1)}#d-{day}" for day in counts}
    from calendar import Calendar  # few pages have one

    weeks = Calendar().monthdayscalendar(year, month)
    return views.Calendar(Date(f"{year:04d}-{month:02d}"), month_url(year, month), tuple(
        tuple(views.CalendarDay(day, counts[day] if day else 0, urls[day] if day and counts[day] else "") for day in week)
        for week in weeks
    ))  # fmt: skip


def _bars(counts: Mapping[int, int], years: Sequence[int]) -> tuple[views.Bar, ...]:
    """A bar for each year that counts something, and for the ends of the timeline."""
    if not counts:
        return ()
    top = max(counts.values())
    shown = sorted({*counts, years[0], years[-1]})
    return tuple(views.Bar(year, counts.get(year, 0), round(counts.get(year, 0) / top, 4), year_url(year)) for year in shown)
