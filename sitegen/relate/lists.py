"""What pages of several sorts show: articles by years, bars, records in lists, and the parts of what is long."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from sitegen.model import views
from sitegen.model.dates import Date
from sitegen.model.entity import Subject
from sitegen.model.mention import Facts
from sitegen.relate.chronology import year_url
from sitegen.relate.index import Index
from sitegen.relate.parts import Part
from sitegen.relate.planned import Setting, card


class Lists:
    """Of one index. dated: its years, but for 0."""

    def __init__(self, index: Index, setting: Setting) -> None:
        self.index, self.setting, self.words = index, setting, setting.words
        self.dated = [year for year in index.years if year]
        self._cards: dict[str, views.Card] = {}

    def card(self, facts: Facts) -> views.Card:
        found = self._cards.get(facts.id)
        if found is None:
            found = self._cards[facts.id] = card(facts)
        return found

    def group(self, year: int, facts: Iterable[Facts]) -> views.YearGroup:
        return views.YearGroup(year, year_url(year), tuple(map(self.card, facts)))

    def entry(self, subject: Subject) -> views.Entry:
        record = subject.record
        role = record.role or record.summary
        count = self.index.count(subject.id)
        return views.Entry(record.name, subject.url, subject.kind, role, count, record.status == "reviewed")

    def bars(self, facts: Iterable[Facts], parts: Mapping[int, str] | None = None) -> tuple[views.Bar, ...]:
        """A bar for each year that has articles, and for the ends of the collection's span, so that pages can be compared.

        parts: the pages the years have, where they do not lead to the year's list.
        """
        counts = Counter(fact.date.year for fact in facts if fact.date)
        if not self.dated or not counts:
            return ()
        top = max(counts.values())
        shown = sorted(counts.keys() | {self.dated[0], self.dated[-1]})
        return tuple(
            views.Bar(year, counts[year], round(counts[year] / top, 4), (parts or {}).get(year, year_url(year))) for year in shown
        )

    def parts(self, url: str, found: Iterable[Part]) -> tuple[views.Part, ...]:
        return tuple(views.Part(self._called_part(part), url + part.tail, part.year) for part in found)

    def _called_part(self, part: Part) -> str:
        date = Date(f"{part.year:04d}-{part.month:02d}") if part.month else None
        title = self.words.date(date) if date else self._year_title(part.year)
        return title if part.number == 1 else f"{title} ({self.words.number(part.number)})"

    def _year_title(self, year: int) -> str:
        """What the articles of a year are called; `year` is 0 for those without a date."""
        return str(year) if year else self.words.gettext("Undated")
