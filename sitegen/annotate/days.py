"""Find the days and months that a text names, where they are certain.

Certain is a date written with its year and its month, the month by its name in the text's language or the whole as in
1858-08-16. A year by itself may be any number, 5/6/1858 is another day here and there, and "last Tuesday" hangs on when it
was written: these are left alone. Offsets are code points into the text. Linear in its length.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from typing import NamedTuple

MOST = 200  # dates of one text

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
}
_ALSO = {
    "en": {"Jan": 1, "Feb": 2, "Mar": 3, "Apr": 4, "Jun": 6, "Jul": 7, "Aug": 8, "Sep": 9, "Sept": 9, "Oct": 10, "Nov": 11,
           "Dec": 12},
    "de": {"Jänner": 1, "Feber": 2},
}  # fmt: skip
_YEAR = re.compile(r"(?<![\d.,/-])[12]\d{3}(?![\d/]|[.,]\d)")
_ISO = re.compile(r"-(\d\d)(?:-(\d\d))?(?![\d-])")
_REACH = 40  # how far before its year a date may begin


class Day(NamedTuple):
    """A date in a text: ISO 8601, to the day or the month."""

    start: int
    end: int
    iso: str


def find_days(text: str, language: str) -> list[Day]:
    """The dates that a text names, in order."""
    months, before = _before(language.partition("-")[0].lower())
    found: list[Day] = []
    for year in _YEAR.finditer(text):
        start, end = year.span()
        iso = _ISO.match(text, end)
        if iso:
            day = _day(start, iso.end(), year[0], int(iso[1]), iso[2])
        elif before and (written := before.search(text[max(0, start - _REACH) : start])):
            first = max(0, start - _REACH) + written.start()
            day = _day(first, end, year[0], months[written["month"]], written["day"] or written["after"])
        else:
            continue
        if day:
            found.append(day)
            if len(found) >= MOST:
                break
    return found


def _day(start: int, end: int, year: str, month: int, day: str | None) -> Day | None:
    """The date, None where there was no such day."""
    try:
        date = dt.date(int(year), month, int(day or 1))
    except ValueError:
        return None
    return Day(start, end, date.isoformat()[: 10 if day else 7])


@cache
def _before(language: str) -> tuple[dict[str, int], re.Pattern[str] | None]:
    """The names of months by number, and what stands before a year: "16 August ", "August 16, ", "16 de agosto de "."""
    months = {name: number for number, name in enumerate(_MONTHS.get(language, "").split(), 1)} | _ALSO.get(language, {})
    if not months:
        return {}, None
    names = "|".join(sorted(map(re.escape, months), key=len, reverse=True))
    return months, re.compile(
        rf"(?<!\w)(?:(?<![\d.,:/-])(?P<day>[0-3]?\d)(?:st|nd|rd|th|er|re|\.|º|°)?,?\s(?:of\s|de\s)?)?(?P<month>{names})\b\.?"
        r"(?:\s(?P<after>[0-3]?\d)(?:st|nd|rd|th)?)?,?\s(?:of\s|de\s)?\Z"
    )
