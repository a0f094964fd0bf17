"""Lines at the top of a text: dates, bylines, datelines, and lines that refer to other articles.

Each function reads one line and answers what it is, or nothing. A date is never invented: a line that is
no date of one meaning only is text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sitegen.model.dates import Date

_MONTHS = (
    "january jan januar jänner janvier janv enero ene",
    "february feb februar feber février fevrier févr fevr febrero",
    "march mar mars märz maerz mrz marzo",
    "april apr avril avr abril abr",
    "may mai mayo",
    "june jun juni juin junio",
    "july jul juli juillet juil julio",
    "august aug août aout agosto ago",
    "september sept sep septembre septiembre setiembre",
    "october oct oktober okt octobre octubre",
    "november nov novembre noviembre",
    "december dec dezember dez décembre decembre déc diciembre dic",
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_WEEKDAYS = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun montag
    dienstag mittwoch donnerstag freitag samstag sonnabend sonntag lundi mardi mercredi jeudi vendredi samedi dimanche
    lunes martes miércoles miercoles jueves viernes sábado sabado domingo""".split()
)
_FILLERS = frozenset({"the", "of", "de", "del", "den", "der", "le", "el", "on", "am", "at", "um", "à", "a", "las", "uhr"})
_LABEL = re.compile(
    r"(?P<updated>(?:last )?(?:updated|modified|edited|revised)|edited time|mise à jour|aktualisiert|actualizado)"
    r"|(?P<published>published|posted|issued|first published|publication date|publié|veröffentlicht|publicado|date|datum"
    r"|fecha)",
    re.IGNORECASE,
)
_AFTER_LABEL = re.compile(r"(?:\s+(?:time|on|at|date|le|am|el))?\s*(?P<colon>:)?\s*", re.IGNORECASE)
_CLOCK = re.compile(r"(?<![\d:])([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?(?:\s*([ap])\.?m\b\.?)?(?:\s*(gmt|utc|z)\b)?", re.I)
_ISO = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?\Z")
_NUMERIC = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})\Z")
_TOKEN = re.compile(r"[^\W\d_]+\.?|\d+(?:st|nd|rd|th|er|º|ª)?\.?|\S", re.IGNORECASE)
_YEARS = range(1000, 2100)

_BY = re.compile(r"(?:by|von|par|por)\s+(?=\S)", re.IGNORECASE)
_PARTICLES = frozenset(
    "and & und et y e of the de der den des del della di da du van von vom zu la le el al bin ibn in for at".split()
)
# "By Sea", "By Order of …" are text.
_NO_AUTHORS = frozenset("sea land air rail road night day order way tuesday monday friday sunday the a an all no".split())
_NAME_WORD = re.compile(r"[^\W\d_][\w.'’\-]*[,;]?\Z")

_AGENCY = r"\s*\([^()\n]{2,40}\)"
_DATELINE = re.compile(rf"(?P<place>[^\W\d_][^()\n—–]{{1,60}}?)(?P<agency>{_AGENCY})?\s*(?:—|–|--|-(?=\s))\s*(?=\S)")
_NO_PLACES = frozenset("NOTE WARNING UPDATE CORRECTION EXCLUSIVE BREAKING ADVERTISEMENT WATCH VIDEO PHOTO EDITORIAL".split())

_RELATED = re.compile(
    r"""[\[(*\s>]*(?:read\ (?:more|also|next)|related(?:\ (?:stor(?:y|ies)|articles?|links?|news|reading|coverage))?
    |see\ also|more\ on\ this(?:\ (?:story|topic))?|lesen\ sie\ (?:auch|mehr)|lire\ aussi|à\ lire\ aussi|lea\ también|leer\ más)
    \s*:[\s*]*(?P<title>.*)\Z""",
    re.IGNORECASE | re.VERBOSE,
)
_QUOTES = {"‘": "’", "“": "”", '"': '"', "'": "'", "«": "»", "„": "“", "‚": "‘", "「": "」"}


@dataclass(frozen=True, slots=True)
class DateLine:
    """A line that is a date. An empty `date` means one that can be read in two ways."""

    date: Date | None
    updated: bool = False


def date_line(line: str) -> DateLine | None:
    """Read a line that holds a date and nothing else ("Published time: 8 Feb, 2017 14:21", "June 1870", "1870")."""
    line = " ".join(line.strip(" \t[]()|*_").split())
    if not 4 <= len(line) <= 80:
        return None
    updated = False
    if label := _LABEL.match(line):
        after = _AFTER_LABEL.match(line, label.end())
        if after and (after.end() > label.end()):
            line, updated = line[after.end() :], bool(label["updated"])
    clock = _CLOCK.search(line)
    time = ""
    if clock:
        time = _time(clock)
        line = " ".join((line[: clock.start()] + " " + line[clock.end() :]).split())
    return _date(line.strip(" ,.;-–—|T"), time, updated)


def dated_place(line: str) -> Date | None:
    """The date of a line that holds a place and a full date and nothing else ("HAMBURG, March 3, 1870")."""
    place, comma, rest = line.partition(",")
    words = place.split()
    if not comma or len(line) > 60 or not 1 <= len(words) <= 4 or not all(word[0].isupper() for word in words):
        return None
    if any(char.isdigit() for char in place) or words[0].lower().rstrip(".") in _WEEKDAYS | _MONTH.keys() or _LABEL.match(place):
        return None
    found = date_line(rest)
    return found.date if found and found.date and found.date.day and not found.updated else None


def byline(line: str) -> str:
    """The author named by a byline ("By Jane Doe, Staff Writer" gives "Jane Doe, Staff Writer"), or ""."""
    line = " ".join(line.split())
    found = _BY.match(line)
    rest = line[found.end() :] if found else ""
    if not rest or len(rest) > 100 or any(char.isdigit() or char in '!?:"“”' for char in rest):
        return ""
    words = rest.split()
    name = rest.split(",")[0].split()
    if words[0].lower().strip(",.") in _NO_AUTHORS or not 1 <= len(name) <= 12 or len(words) > 16:
        return ""
    if len(name) < 2 and "," not in rest and not line.startswith("By"):
        return ""
    named = all(_NAME_WORD.match(word) and (word[0].isupper() or word.lower() in _PARTICLES) for word in name)
    caseless = not any(char.islower() or char.isupper() for char in rest)
    ends = rest.endswith(".") and not re.search(r"(?:\b[A-Z]|[JS]r|Esq|M\.?D|U\.?S)\.\Z", rest)
    return rest if named and not caseless and not ends and name[-1][0].isupper() else ""


def dateline(paragraph: str) -> str:
    """The dateline a first paragraph opens with ("RAQQA, Syria (AP)"), or ""."""
    found = _DATELINE.match(paragraph[:160])
    if not found:
        return ""
    place = found["place"].strip(" ,.")
    town = place.split(",")[0].strip()
    letters = [char for char in town if char.isalpha()]
    capitals = len(letters) >= 3 and all(char.isupper() for char in letters)
    if not capitals or town.split()[0] in _NO_PLACES or len(place) > 50:
        return ""
    return paragraph[: found.end("agency") if found["agency"] else found.end("place")].strip(" ,")


def related_title(line: str) -> str | None:
    """What a line such as "READ MORE: ‘…’" refers to; "" where the titles follow on lines of their own."""
    found = _RELATED.match(line) if len(line) <= 400 else None
    if not found:
        return None
    title = unquoted(found["title"])
    return None if len(title) > 200 or title.count(". ") > 1 else title


def unquoted(title: str) -> str:
    """A title without bullet, brackets and the quotes that enclose all of it."""
    title = " ".join(title.split()).removesuffix("]").strip(" *")
    title = re.sub(r"\A(?:[-*•–—]|\d{1,2}[.)])\s+", "", title)
    if len(title) > 2 and _QUOTES.get(title[0]) == title[-1]:
        inner = title[1:-1]
        if title[0] not in inner or title[0] == title[-1] == "'":
            return inner.strip()
    return title


def _time(clock: re.Match[str]) -> str:
    hour, half = int(clock[1]), (clock[4] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return "?"
        hour = hour % 12 + (12 if half == "p" else 0)
    seconds = f":{clock[3]}" if clock[3] else ""
    return f"T{hour:02d}:{clock[2]}{seconds}" + ("Z" if clock[5] else "")


def _date(text: str, time: str, updated: bool) -> DateLine | None:
    if time == "?":
        return None
    if iso := _ISO.match(text):
        return _made(int(iso[1]), int(iso[2]), int(iso[3]) if iso[3] else None, time, updated)
    if numeric := _NUMERIC.match(text):
        return _numeric(numeric, time, updated)
    tokens = [word for token in _TOKEN.findall(text) if (word := token.lower().rstrip(".")) and word != ","]
    words = [word for word in tokens if word not in _WEEKDAYS and word not in _FILLERS]
    months = [word for word in words if word in _MONTH]
    numbers = [int(re.sub(r"\D", "", word)) for word in words if word[0].isdecimal()]
    if len(words) != len(months) + len(numbers) or len(months) > 1:
        return None
    years = [word for word in words if re.fullmatch(r"\d{4}", word)]
    if len(years) != 1 or int(years[0]) not in _YEARS:
        return None
    year = int(years[0])
    if not months:
        return _made(year, None, None, time, updated) if len(tokens) == 1 == len(text.split()) and not time else None
    days = [number for word, number in zip((w for w in words if w[0].isdecimal()), numbers, strict=True) if word != years[0]]
    if len(days) > 1 or (days and words.index(years[0]) == 0):
        return None
    return _made(year, _MONTH[months[0]], days[0] if days else None, time, updated)


def _numeric(found: re.Match[str], time: str, updated: bool) -> DateLine | None:
    """ "25/04/2017" has one meaning, "03/04/2017" two; a year of two digits is no year."""
    first, second, third = found[1], found[3], found[4]
    if len(first) == 4 and len(third) <= 2:
        return _made(int(first), int(second), int(third), time, updated) if found[2] != "." else None
    if len(third) != 4 or len(first) > 2:
        return None
    a, b, year = int(first), int(second), int(third)
    readings = {d.date for d in (_made(year, b, a, time, updated), _made(year, a, b, time, updated)) if d}
    if len(readings) == 2:
        return DateLine(None, updated)
    return DateLine(readings.pop(), updated) if readings else None


def _made(year: int, month: int | None, day: int | None, time: str, updated: bool) -> DateLine | None:
    """A date that was, or nothing: the 30th of February is text, and so is a time without a day."""
    if year not in _YEARS or (time and day is None):
        return None
    iso = f"{year:04d}" + (f"-{month:02d}" if month is not None else "") + (f"-{day:02d}" + time if day is not None else "")
    try:
        return DateLine(Date.parse(iso), updated)
    except ValueError:
        return None
