"""Front matter → Article, Record or Page: every wrong value is an issue at its own place.

A file with issues still gives what can be read of it, so that one run reports everything.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec

from sitegen.errors import Issue, Severity, Span, did_you_mean
from sitegen.markup import elsewhere
from sitegen.model.dates import Date
from sitegen.model.document import Article, Correction, Page, Source
from sitegen.model.entity import STATUSES, Alias, Location, Record
from sitegen.model.frontmatter import FrontMatter, span_at
from sitegen.model.ids import ARTICLES, PAGES
from sitegen.model.privacy import PRIVATE, VISIBILITIES

_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*\Z")
_IDENTIFIERS = {"wikidata": r"Q[1-9]\d*", "geonames": r"\d+", "viaf": r"\d+", "gnd": r"[\dX-]+", "isni": r"[\dX ]+"}
_SLUG = re.compile(r"[\w-][\w.-]{0,79}\Z")
_NAMES = {str: "text", int: "a number", float: "a number", bool: "true or false", list: "a list", dict: "a mapping",
          type(None): "empty"}  # fmt: skip


class Header(msgspec.Struct):
    """Reads one file's front matter; collects issues as it goes."""

    matter: FrontMatter
    path: str
    whole: str
    issues: list[Issue] = msgspec.field(default_factory=list)

    def span(self, *at: str | int) -> Span:
        """Where the value at this path stands; the file's first line where it is absent."""
        while at and at not in self.matter.places:
            at = at[:-1]
        line, column, length = self.matter.places.get(at, (1, 1, 1)) if at else (1, 1, 3)
        return span_at(self.whole, self.path, line, column, length)

    def complain(self, code: str, message: str, *at: str | int, help: str = "", warn: bool = False) -> None:
        severity = Severity.WARNING if warn else Severity.ERROR
        self.issues.append(Issue(code, message, self.span(*at), help, severity))

    def wrong_type(self, value: Any, wanted: str, *at: str | int, help: str = "") -> None:
        got = _NAMES.get(type(value), type(value).__name__)
        key = ".".join(str(part) for part in at)
        self.complain("front-matter-type", f'"{key}" is {got}, and must be {wanted}', *at, help=help)

    # Each reader takes the raw value and its path, and gives a value of the type or None after an issue.

    def text(self, value: Any, *at: str | int) -> str | None:
        if isinstance(value, str):
            return value.strip()
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        self.wrong_type(value, "text", *at, help="put the value in quotes" if isinstance(value, bool | float) else "")
        return None

    def flag(self, value: Any, *at: str | int) -> bool | None:
        if isinstance(value, bool):
            return value
        self.wrong_type(value, "true or false", *at)
        return None

    def date(self, value: Any, *at: str | int) -> Date | None:
        text = self.text(value, *at)
        if text is None:
            return None
        try:
            return Date.parse(text)
        except ValueError as error:
            self.complain("wrong-date", f"{error}" if "is not" in str(error) else f'"{text}" is not a date: {error}', *at,
                          help='write dates as "1858-08-16", "1858-08" or "1858"')  # fmt: skip
            return None

    def iso(self, value: Any, *at: str | int) -> str | None:
        date = self.date(value, *at)
        return date.iso if date else None

    def texts(self, value: Any, *at: str | int) -> tuple[str, ...] | None:
        """A list of texts; one text is a list of one."""
        if not isinstance(value, list):
            one = self.text(value, *at)
            return (one,) if one else None
        found = (self.text(item, *at, i) for i, item in enumerate(value))
        return tuple(text for text in found if text)

    def pairs(self, value: Any, *at: str | int) -> tuple[tuple[str, str], ...] | None:
        if not isinstance(value, dict):
            self.wrong_type(value, "a mapping of names to values", *at)
            return None
        found = ((key, self.text(item, *at, key)) for key, item in value.items())
        return tuple((key, text) for key, text in found if text)

    def anything(self, value: Any, *at: str | int) -> dict[str, Any] | None:
        if isinstance(value, dict):
            return value
        self.wrong_type(value, "a mapping", *at)
        return None

    def source(self, value: Any, *at: str | int) -> Source | None:
        if isinstance(value, str):
            return Source(file=value)
        if not isinstance(value, dict):
            self.wrong_type(value, "a mapping with file, sha256, url, publisher, licence or retrieved", *at)
            return None
        readers: Readers = dict.fromkeys(Source.__struct_fields__, Header.text)
        return Source(**self._fields(value, readers | {"url": Header.web}, *at))

    def corrections(self, value: Any, *at: str | int) -> tuple[Correction, ...] | None:
        """What was corrected, by date; the order of one day stays."""
        if not isinstance(value, list):
            self.wrong_type(value, "a list of corrections", *at, help='write each as "- {date: 2026-11-22, text: …}"')
            return None
        found = []
        for i, item in enumerate(value):
            if not isinstance(item, dict):
                self.wrong_type(item, "a mapping with date and text", *at, i)
                continue
            given = self._fields(item, {"date": Header.date, "text": Header.text}, *at, i)
            if given.get("date") and given.get("text"):
                found.append(Correction(given["date"], given["text"]))
            elif missing := [key for key in ("date", "text") if key not in item]:
                help = 'write each as "- {date: 2026-11-22, text: …}"'
                self.complain("front-matter-type", f"a correction needs {' and '.join(missing)}", *at, i, help=help)
        return tuple(sorted(found, key=lambda correction: correction.date))

    def web(self, value: Any, *at: str | int) -> str | None:
        text = self.text(value, *at)
        if text and not text.startswith(("https://", "http://")):
            self.complain("unsafe-link", f'"{text}" is no web address', *at, help="begin it with https://")
            return None
        return text

    def location(self, value: Any, *at: str | int) -> Location | None:
        if not isinstance(value, dict):
            self.wrong_type(value, "a mapping with lat and lon in degrees", *at)
            return None
        degrees = self._fields(value, {"lat": Header.latitude, "lon": Header.longitude}, *at)
        if "lat" not in value or "lon" not in value:
            self.complain("coordinates", '"location" needs both lat and lon', *at, help="location: {lat: 51.5, lon: -0.13}")
        return Location(degrees["lat"], degrees["lon"]) if len(degrees) == 2 else None

    def latitude(self, value: Any, *at: str | int) -> float | None:
        return self.degrees(value, 90, *at)

    def longitude(self, value: Any, *at: str | int) -> float | None:
        return self.degrees(value, 180, *at)

    def degrees(self, value: Any, most: int, *at: str | int) -> float | None:
        if not isinstance(value, int | float) or isinstance(value, bool):
            self.wrong_type(value, "a number of degrees", *at)
        elif abs(value) > most:
            self.complain("coordinates", f"{value} is no {'latitude' if most == 90 else 'longitude'}", *at,
                          help=f"it lies in -{most} … {most}: are lat and lon swapped?")  # fmt: skip
        else:
            return float(value)
        return None

    def score(self, value: Any, *at: str | int) -> float | None:
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
            return float(value)
        self.wrong_type(value, "a number from 0 to 1", *at)
        return None

    def language(self, value: Any, *at: str | int) -> str | None:
        text = self.text(value, *at)
        if text and not _LANGUAGE.match(text):
            self.complain("front-matter-type", f'"{text}" is no language code', *at, help='such as "en", "de" or "zh-Hant"')
            return None
        return text

    def identifiers(self, value: Any, *at: str | int) -> tuple[tuple[str, str], ...] | None:
        found = self.pairs(value, *at)
        for key, text in found or ():
            pattern = _IDENTIFIERS.get(key)
            if pattern and not re.fullmatch(pattern, text):
                self.complain(
                    "identifier",
                    f'"{text}" is no identifier of {key}',
                    *at,
                    key,
                    help="copy it from the authority's page",
                    warn=True,
                )
        return found

    def aliases(self, value: Any, *at: str | int) -> tuple[Alias, ...] | None:
        found = []
        for i, item in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(item, dict):
                given = self._fields(item, {"text": Header.text, "auto": Header.flag}, *at, i)
                if given.get("text"):
                    found.append(Alias(given["text"], given.get("auto", True)))
                elif "text" not in item:
                    self.complain("front-matter-type", "an alias needs a text", *at, i, help='{text: "the city", auto: false}')
            elif text := self.text(item, *at, i):
                found.append(Alias(text))
        return tuple(found)

    def status(self, value: Any, *at: str | int) -> str | None:
        if value in STATUSES:
            return str(value)
        help = did_you_mean(str(value), STATUSES) or f"one of {', '.join(STATUSES)}"
        self.complain("front-matter-type", f'"{value}" is no status', *at, help=help)
        return None

    def visibility(self, value: Any, *at: str | int) -> str | None:
        if value in VISIBILITIES:
            return str(value)
        help = did_you_mean(str(value), VISIBILITIES) or f"one of {', '.join(VISIBILITIES)}"
        self.complain("front-matter-type", f'"{value}" is no visibility', *at, help=help)
        return PRIVATE  # what somebody meant to hide must not come out for a slip of the pen

    def slug(self, value: Any, *at: str | int) -> str | None:
        text = self.text(value, *at)
        if text and not _SLUG.match(text):
            self.complain(
                "front-matter-type",
                f'"{text}" cannot be part of an address',
                *at,
                help="up to 80 letters, digits, hyphens, underscores and full stops",
            )
            return None
        return text

    def _fields(self, value: dict[str, Any], readers: Readers, *at: str | int) -> dict[str, Any]:
        """The known keys of a mapping that hold a value of their type."""
        found: dict[str, Any] = {}
        for key, item in value.items():
            reader = readers.get(key)
            if reader is None:
                self._unknown(key, item, readers, *at)
            elif item is not None:
                read = reader(self, item, *at, key)
                if read is not None:
                    found[key] = read
        return found

    def _unknown(self, key: str, value: Any, readers: Readers, *at: str | int) -> None:
        """A key that is not ours is ignored; not so one by which other programs keep a text back."""
        whole = "extra" in readers
        help = elsewhere.remedy(key, value, readers) if whole else ""
        help = help or did_you_mean(key, readers) or ("own keys go under extra:" if whole else "")
        fact, hides = f'"{key}" is no key sitegen knows here', whole and elsewhere.hides(key, value)
        if hides:
            self.complain("unknown-key", f"{fact}: the text would be published", *at, key, "", help=help)
        else:
            self.complain("unknown-key", fact, *at, key, "", help=help, warn=True)


Readers = dict[str, Callable[..., Any]]

_ARTICLE: Readers = {
    "title": Header.text, "date": Header.date, "updated": Header.date, "lang": Header.language, "byline": Header.text,
    "dateline": Header.text, "summary": Header.text, "tags": Header.texts, "related": Header.texts,
    "links": Header.pairs, "source": Header.source, "converted": Header.text, "draft": Header.flag,
    "visibility": Header.visibility, "embargo": Header.date, "redact": Header.texts,
    "slug": Header.slug, "corrections": Header.corrections, "extra": Header.anything,
}  # fmt: skip
_RECORD: Readers = {
    "name": Header.text, "aliases": Header.aliases, "status": Header.status, "role": Header.text,
    "summary": Header.text, "begin": Header.iso, "end": Header.iso, "sort": Header.text, "location": Header.location,
    "ids": Header.identifiers, "merged_into": Header.text, "not_same_as": Header.texts, "slug": Header.slug,
    "score": Header.score, "why": Header.text, "visibility": Header.visibility, "lang": Header.language, "extra": Header.anything,
}  # fmt: skip
_PAGE: Readers = {
    "title": Header.text, "summary": Header.text, "lang": Header.language, "draft": Header.flag,
    "visibility": Header.visibility, "embargo": Header.date, "redact": Header.texts, "slug": Header.slug,
    "extra": Header.anything,
}  # fmt: skip


def read_header(kind: str, stem: str, header: Header) -> Article | Record | Page:
    """The front matter as the type that its folder calls for; a missing name is made from the file's stem."""
    readers, needed = {ARTICLES: (_ARTICLE, "title"), PAGES: (_PAGE, "title")}.get(kind, (_RECORD, "name"))
    header.issues.extend(header.matter.issues)
    found = header._fields(header.matter.values, readers)
    if not found.get(needed):
        found[needed] = stem.replace("-", " ").capitalize()
        if not any(issue.span == header.span(needed) for issue in header.issues) and not any(
            issue.code == "yaml" for issue in header.issues
        ):
            header.complain(
                "missing-key", f'the front matter has no "{needed}"', help=f'add "{needed}: …" between two --- lines at the top'
            )
    if kind == ARTICLES:
        return Article(**found)
    if kind == PAGES:
        return Page(**found)
    if found.get("begin") and found.get("end") and found["begin"][: len(found["end"])] > found["end"]:
        header.complain("dates-out-of-order", f"it ends ({found['end']}) before it begins ({found['begin']})", "end", warn=True,
                        help="are they swapped?")  # fmt: skip
    return Record(**found)
