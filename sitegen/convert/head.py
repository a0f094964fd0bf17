"""Lines at the top of a text: dates, bylines, datelines, and lines that refer to other articles.

Each function reads one line and answers what it is, or nothing. A date is never invented: a line that is
no date of one meaning only is text.
"""

from __future__ import annotations

import re

import msgspec
from msgspec.structs import replace

from sitegen.annotate.lexicon import COMMON_WORDS, GIVEN_NAMES, TITLES, WORD_SURNAMES
from sitegen.model.dates import Date

_MONTHS = (
    "january jan januar jänner janvier janv enero ene gennaio gen janeiro januari января январь stycznia styczeń يناير",
    "february feb februar feber février fevrier févr fevr febrero febbraio fevereiro februari февраля февраль lutego luty فبراير",
    "march mar mars märz maerz mrz marzo março marco maart марта март marca marzec مارس",
    "april apr avril avr abril abr aprile апреля апрель kwietnia kwiecień أبريل ابريل",
    "may mai mayo maggio mag maio mei мая май maja maj مايو",
    "june jun juni juin junio giugno giu junho июня июнь czerwca czerwiec يونيو يونية",
    "july jul juli juillet juil julio luglio lug julho июля июль lipca lipiec يوليو يولية",
    "august aug août aout agosto ago augustus августа август sierpnia sierpień أغسطس اغسطس",
    "september sept sep septembre septiembre setiembre settembre setembro сентября сентябрь września wrzesień سبتمبر",
    "october oct oktober okt octobre octubre ottobre ott outubro октября октябрь października październik أكتوبر اكتوبر",
    "november nov novembre noviembre novembro ноября ноябрь listopada listopad نوفمبر",
    "december dec dezember dez décembre decembre déc diciembre dic dicembre dezembro декабря декабрь grudnia grudzień ديسمبر",
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_WEEKDAYS = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun montag
    dienstag mittwoch donnerstag freitag samstag sonnabend sonntag lundi mardi mercredi jeudi vendredi samedi dimanche
    lunes martes miércoles miercoles jueves viernes sábado sabado domingo lunedì martedì mercoledì giovedì venerdì domenica
    segunda terça quarta quinta sexta feira segunda-feira terça-feira quarta-feira quinta-feira sexta-feira maandag dinsdag
    woensdag donderdag vrijdag zaterdag zondag понедельник вторник среда четверг пятница суббота воскресенье poniedziałek
    wtorek środa czwartek piątek sobota niedziela الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد""".split()
)
_FILLERS = frozenset(
    {
        "г",
        "года",
        "r",
        "roku",
        "dnia",
        "il",
        "op",
        "do",
        "em",
        "the",
        "of",
        "de",
        "del",
        "den",
        "der",
        "le",
        "el",
        "on",
        "am",
        "at",
        "um",
        "à",
        "a",
        "las",
        "uhr",
    }
)
_LABEL = re.compile(
    r"(?P<updated>(?:last )?(?:updated|modified|edited|revised)|edited time|mise à jour|aktualisiert|actualizado)"
    r"|(?P<published>published|posted|issued|first published|publication date|publié|veröffentlicht|publicado|date|datum"
    r"|fecha)",
    re.IGNORECASE,
)
_AFTER_LABEL = re.compile(r"(?:\s+(?:time|on|at|date|le|am|el))?\s*(?P<colon>:)?\s*", re.IGNORECASE)
_CLOCK = re.compile(
    r"(?<![\d:])([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?(?:\s*([ap])\.?m\b\.?)?"
    r"(?:\s*(?P<zone>(?:gmt|utc|z)\b(?!\s*[+-]))|\s*(?P<offset>[+-](?:0\d|1[0-4]):[0-5]\d)\b|\s*\(?(?P<other>"
    r"(?:(?:gmt|utc)\s*)?[+-]\d{1,2}(?::?\d\d)?|(?:[aceghjmnpswu][ds]?|ak[ds]|hk|ne?z[ds]|ae[ds]|ac[ds]|aw[ds]|ee[ds]?|ce[ds]?"
    r"|we[ds]?|i|b)t|(?:ce|ee|we)st|msk|bst|local\s+time)\b\)?)?",
    re.IGNORECASE,
)
_UNSURE_YEAR = range(1450, 2100)  # of which a lone number may be one
_CJK_DAY = re.compile(
    r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월](?:\s*(\d{1,2})\s*[日号號일])?\s*(?:[(（]?(?:星期|周|週)?[一二三四五六日天月火水木金土]?(?:曜日)?[)）]?)\Z"
)
_DASHED = re.compile(r"(\d{1,2})-([^\W\d_]+)\.?-(\d{4})\Z")
_WEEKDAY_BEHIND = re.compile(r"\s*\(([^\W\d_]+)\.?\)?\Z")
_DATES = re.compile(r"\s*[|•·]\s*|[,;]\s+(?=(?:last )?(?:updated|modified|edited)\b)", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?\Z")
_NUMERIC = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})\Z")
_TOKEN = re.compile(r"[^\W\d_]+\.?|\d+(?:st|nd|rd|th|er|º|ª)?\.?|\S", re.IGNORECASE)
_YEARS = range(1000, 2100)

_BY = re.compile(
    r"(?P<label>(?:written|reported)\s+by\s*:?|by\s*:|author\s*:)?(?(label)|(?:by|von|par|por))\s+(?=\S)", re.IGNORECASE
)
_AND = re.compile(r"\s+(?:and|&|und|et|y|e)\s+", re.IGNORECASE)
_INITIALS = re.compile(r"(?:[^\W\d_]\.-?)+\Z")
_PARTICLES = frozenset(
    "and & und et y e of the de der den des del della di da du van von vom zu la le el al bin ibn in for at".split()
)
# "By Sea", "By Order of …" are text.
_NO_AUTHORS = frozenset(
    """sea land air rail road night day order way tuesday monday wednesday thursday friday saturday sunday the a an all no
    telegraph telegram cable cablegram wire wireless radio telephone telex mail post letter courier pigeon express special
    bridge railway railroad train steamer steamship ship boat canal river street square park gate tower station hotel
    electric atlantic pacific overland submarine royal authority appointment permission request command law act virtue
    jove god heaven gum means reason far then now chance hand degrees contrast comparison
    company association agency press times news""".split()
)
_NAME_WORD = re.compile(r"[^\W\d_][\w.'’\-]*[,;]?\Z")

_AGENCY = r"\s*\([^()\n]{2,40}\)"
_DATELINE = re.compile(rf"(?P<place>[^\W\d_][^()\n—–]{{1,60}}?)(?P<agency>{_AGENCY})?\s*(?:—|–|--|-(?=\s))\s*(?=\S)")
_AGENCIES = frozenset(
    """ap afp upi reuters dpa tass itar-tass xinhua kyodo ansa efe pti ani ians aap bloomberg interfax sana irna anadolu
    aa cnn bbc rt dw ins havas wolff novosti""".split()
)
_NO_PLACES = frozenset("NOTE WARNING UPDATE CORRECTION EXCLUSIVE BREAKING ADVERTISEMENT WATCH VIDEO PHOTO EDITORIAL".split())

_RELATED = re.compile(
    r"""[\[(*\s>]*(?:read\ (?:more|also|next)|related(?:\ (?:stor(?:y|ies)|articles?|links?|news|reading|coverage))?
    |see\ also|more\ on\ this(?:\ (?:story|topic))?|lesen\ sie\ (?:auch|mehr)|lire\ aussi|à\ lire\ aussi|lea\ también|leer\ más)
    \s*:[\s*]*(?P<title>.*)\Z""",
    re.IGNORECASE | re.VERBOSE,
)
_CLAUSE = re.compile(
    r";|, (?:he|she|it|they|we|where|which|who|whom|when|because|although) |: (?=[a-zß-öø-ÿа-яё])|[a-zß-öø-ÿа-яё]{3}[.?!…] "
)
_QUOTES = {"‘": "’", "“": "”", '"': '"', "'": "'", "«": "»", "„": "“", "‚": "‘", "「": "」"}


class DateLine(msgspec.Struct, frozen=True):
    """A line that is a date. An empty `date` means one that can be read in two ways.

    lone: nothing but a number that may be a year. Only its place can tell whether it is one.
    """

    date: Date | None
    updated: bool = False
    lone: bool = False


def date_lines(line: str) -> tuple[DateLine, ...]:
    """The dates of a line that holds them and nothing else: one, or several as in "Published: … | Updated: …"."""
    if found := date_line(line):
        return (found,)
    parts = _DATES.split(line.strip()) if len(line) <= 160 else []
    dates = [date_line(part) for part in parts]
    if not 2 <= len(parts) <= 3 or any(date is None or date.lone for date in dates):
        return ()
    return tuple(date for date in dates if date)


def date_line(line: str) -> DateLine | None:
    """Read a line that holds a date and nothing else ("Published time: 8 Feb, 2017 14:21", "June 1870", "1870")."""
    line = " ".join(line.strip(" \t[]()|*_").split())
    if not 4 <= len(line) <= 80:
        return None
    updated = labelled = False
    if label := _LABEL.match(line):
        after = _AFTER_LABEL.match(line, label.end())
        if after and (after.end() > label.end()):
            line, updated, labelled = line[after.end() :], bool(label["updated"]), True
    clock = _CLOCK.search(line)
    time = ""
    if clock:
        time = _time(clock)
        line = " ".join((line[: clock.start()] + " " + line[clock.end() :]).split())
    if (behind := _WEEKDAY_BEHIND.search(line)) and behind[1].lower() in _WEEKDAYS:
        line = line[: behind.start()]
    found = _date(line.strip(" ,.;-–—|T"), time, updated)
    if not found or not found.date or found.date.month:
        return found
    if labelled:
        return found
    return replace(found, lone=True) if found.date.year in _UNSURE_YEAR else None


def dated_place(line: str) -> Date | None:
    """The date of a line that holds a place and a full date and nothing else ("HAMBURG, March 3, 1870")."""
    place, comma, rest = line.partition(",")
    words = place.split()
    if not comma or len(line) > 60 or not 1 <= len(words) <= 4 or not all(word[0].isupper() for word in words):
        return None
    if any(char.isdigit() for char in place) or words[0].lower().rstrip(".") in _WEEKDAYS | _MONTH.keys() or _LABEL.match(place):
        return None
    return _full_date(rest)


def dateline_date(dateline: str) -> Date | None:
    """The full date that a dateline ends in ("ST. JOHN'S, Newfoundland, July 27, 1866"), or nothing."""
    commas = [at for at, char in enumerate(dateline) if char == ","]
    return next((date for at in commas if (date := _full_date(dateline[at + 1 :]))), None)


def _full_date(text: str) -> Date | None:
    found = date_line(text)
    return found.date if found and found.date and found.date.day and not found.updated else None


def byline(line: str) -> str:
    """The author named by a byline ("By Jane Doe, Staff Writer" gives "Jane Doe, Staff Writer"), or ""."""
    line = " ".join(line.split())
    found = _BY.match(line)
    rest = line[found.end() :] if found else ""
    if not rest or len(rest) > 100 or any(char.isdigit() or char in '!?:"“”' for char in rest):
        return ""
    people = [part.split() for part in _AND.split(rest.split(",")[0])]
    listed = bool(found and found["label"]) or len(people) > 1 or "," in rest
    ends = rest.endswith(".") and not re.search(r"(?:\b[A-Z]|[JS]r|Esq|M\.?D|U\.?S)\.\Z", rest)
    if ends or len(people) > 4 or len(rest.split()) > 16 or not all(_person(words, listed=listed) for words in people):
        return ""
    return rest


def _person(words: list[str], *, listed: bool) -> bool:
    """Whether words have the shape of a person's name. In a list, or behind "Written by", any two to four names have."""
    names = [word for word in words if word.lower() not in _PARTICLES]
    shaped = all(_NAME_WORD.match(word) and (word[0].isupper() or word.lower() in _PARTICLES) for word in words)
    if not shaped or not 2 <= len(names) <= 4 or not words[-1][0].isupper():
        return False
    plain = [word.lower().strip(".,;") for word in names]
    if _NO_AUTHORS.intersection(plain) or len(plain[-1]) < 2:
        return False
    given = plain[0] in GIVEN_NAMES or plain[0].split("-")[0] in GIVEN_NAMES
    if plain[-1] in COMMON_WORDS - WORD_SURNAMES and not given:
        return False
    return given or listed or plain[0] in TITLES or any(_INITIALS.match(word) for word in names[:-1])


def dateline(paragraph: str) -> str:
    """The dateline a first paragraph opens with ("RAQQA, Syria (AP)"), or ""."""
    found = _DATELINE.match(paragraph[:160])
    if not found:
        return ""
    place = found["place"].strip(" ,.")
    town = place.split(",")[0].strip()
    letters = [char for char in town if char.isalpha()]
    capitals = len(letters) >= 3 and all(char.isupper() for char in letters)
    if (not capitals and not _credited(place, found["agency"] or "")) or town.split()[0] in _NO_PLACES or len(place) > 50:
        return ""
    if found["agency"] is None and place == town and _acronym(place):
        return ""
    written = paragraph[: found.end("agency") if found["agency"] else found.end("place")].strip(" ,")
    return written.removesuffix(".") if written[-2:-1].isdigit() else written


def _credited(place: str, agency: str) -> bool:
    """Whether a place in small letters stands before the name of a news agency: "Paris (AFP)"."""
    words = place.replace(",", " ").split()
    known = bool(_AGENCIES.intersection(re.split(r"[\s()/,]+", agency.lower())))
    return known and len(words) <= 5 and all(word[0].isupper() or word.lower() in _PARTICLES for word in words)


def _acronym(word: str) -> bool:
    """Whether a short word in capitals is more likely initials ("NASA") than a place ("ROME")."""
    if len(word) > 6 or not word.isascii() or not word.isalpha():
        return False
    from sitegen.annotate.gazetteer import gazetteer

    # Among small towns there is one for nearly every word: Nato, Una, Ira.
    places = gazetteer().lookup(word.capitalize())
    return not any(place.kind != "city" or place.capital or place.population >= 100_000 for place in places)


def related_title(line: str) -> str | None:
    """What a line such as "READ MORE: ‘…’" refers to; "" where the titles follow on lines of their own."""
    found = _RELATED.match(line) if len(line) <= 400 else None
    if not found:
        return None
    title = unquoted(found["title"])
    return title if not title or title_like(found["title"]) else None


def opens_quote(line: str) -> bool:
    """Whether a line refers to another article by a quoted title that does not end on it."""
    found = _RELATED.match(line) if len(line) <= 400 else None
    title = found["title"].strip() if found else ""
    closing = _QUOTES.get(title[:1])
    return bool(closing) and not re.search(re.escape(closing or "") + r"(?!\w)", title[1:])


def quoted_whole(line: str) -> bool:
    """Whether a line refers to another article by a quoted title, and says nothing behind it."""
    found = _RELATED.match(line) if len(line) <= 400 else None
    return bool(found) and _quoted(_bulletless(found["title"] if found else ""))


def title_like(written: str) -> bool:
    """Whether words behind "Read more:" can be a title: quoted, or short and no sentence."""
    title = unquoted(written)
    if not title or len(title) > 200:
        return False
    if _quoted(_bulletless(written)):
        return True
    ends = title.endswith((".", "…", ",", ";", ":")) and not re.search(r"\b(?:[A-Z]\.)+\Z", title)
    return len(title) <= 120 and not ends and not title[0].islower() and not _CLAUSE.search(title)


def unquoted(title: str) -> str:
    """A title without bullet, brackets and the quotes that enclose all of it."""
    title = _bulletless(title)
    return title[1:-1].strip() if _quoted(title) else title


def _bulletless(title: str) -> str:
    title = " ".join(title.split()).removesuffix("]").strip(" *")
    return re.sub(r"\A(?:[-*•–—]|\d{1,2}[.)])\s+", "", title)


def _quoted(title: str) -> bool:
    """Whether quotes enclose all of it, and not only its first and its last words."""
    if len(title) <= 2 or _QUOTES.get(title[0]) != title[-1]:
        return False
    return title[0] not in title[1:-1] or title[0] == title[-1] == "'"


def _time(clock: re.Match[str]) -> str:
    hour, half = int(clock[1]), (clock[4] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return "?"
        hour = hour % 12 + (12 if half == "p" else 0)
    if clock["other"]:
        return "day"
    seconds = f":{clock[3]}" if clock[3] else ""
    return f"T{hour:02d}:{clock[2]}{seconds}" + ("Z" if clock["zone"] else clock["offset"] or "")


def _date(text: str, time: str, updated: bool) -> DateLine | None:
    if time == "?":
        return None
    if iso := _ISO.match(text):
        return _made(int(iso[1]), int(iso[2]), int(iso[3]) if iso[3] else None, time, updated)
    if cjk := _CJK_DAY.match(text):
        return _made(int(cjk[1]), int(cjk[2]), int(cjk[3]) if cjk[3] else None, time, updated)
    if dashed := _DASHED.match(text):
        text = " ".join(dashed.groups())
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
    time = "" if time == "day" else time  # a clock in a zone that is not known tells the day only
    iso = f"{year:04d}" + (f"-{month:02d}" if month is not None else "") + (f"-{day:02d}" + time if day is not None else "")
    try:
        return DateLine(Date.parse(iso), updated)
    except ValueError:
        return None
