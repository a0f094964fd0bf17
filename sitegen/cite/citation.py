"""A page as others cite it: in plain text, BibTeX, RIS and CSL-JSON.

An article of a source that names its publisher is that publisher's, and a newspaper article; every other page is the
site's own, and a web page. When it was read is for the reader to add: a page knows no clock.

BibTeX and RIS know no escape for every sign: line breaks become spaces, and what BibTeX would read as a command is written
as the sign it stands for. RIS as in the specification of Reference Manager (2011); CSL-JSON as in CSL 1.0.2.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from sitegen.model.dates import Date
from sitegen.model.views import ArticleView, Citation, PageView, RecordView, SiteView

_BY = re.compile(r"by\s+(?=\S)", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*;\s*|\s+(?:and|&|und|et)\s+")
_TEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_TEX_SIGNS = str.maketrans(_TEX)
_NOT_IN_KEY = re.compile(r"[^a-z0-9]+")


def citation(page: PageView, site: SiteView, written: Callable[[Date], str]) -> Citation:
    """How a page is cited. written: a date as the line of text has it."""
    date, publisher = _date(page), _publisher(page)
    names = authors(page)
    title = _line(page.title) or page.canonical
    return Citation(
        key=_key(page, date),
        authors=names,
        text=_plain(names, title, publisher, written(date) if date else "", _line(site.title), page.canonical),
        bibtex=_bibtex(page, names, title, publisher, date, _line(site.title)),
        ris=_ris(page, names, title, publisher, date, _line(site.title)),
        csl=_csl(page, names, title, publisher, date, _line(site.title)),
    )


def authors(page: PageView) -> tuple[str, ...]:
    """The names in an article's byline, as they are written there: which word is the surname it does not say."""
    byline = _line(page.byline) if isinstance(page, ArticleView) else ""
    said = _BY.match(byline)
    return tuple(name for name in _BETWEEN.split(byline[said.end() :] if said else byline) if name)


def _date(page: PageView) -> Date | None:
    return page.date if isinstance(page, ArticleView) else None


def _publisher(page: PageView) -> str:
    """Who published an article first, "" where the source does not say."""
    return _line(page.source.publisher) if isinstance(page, ArticleView) and page.source else ""


def _plain(names: tuple[str, ...], title: str, publisher: str, day: str, site: str, url: str) -> str:
    published = ", ".join(filter(None, (publisher, day)))
    return " ".join(_sentence(part) for part in (", ".join(names), title, published, site) if part) + " " + url


def _sentence(text: str) -> str:
    return text if text[-1] in ".!?…" else text + "."


def _bibtex(page: PageView, names: tuple[str, ...], title: str, publisher: str, date: Date | None, site: str) -> str:
    fields = {
        "author": " and ".join(f"{{{name.translate(_TEX_SIGNS)}}}" for name in names),
        "title": f"{{{title.translate(_TEX_SIGNS)}}}",
        "journal" if publisher else "howpublished": (publisher or site).translate(_TEX_SIGNS),
        "year": str(date.year) if date else "",
        "month": str(date.month) if date and date.month else "",
        "day": str(date.day) if date and date.day else "",
        "url": page.canonical.translate({ord("{"): "%7B", ord("}"): "%7D", ord("\\"): "%5C"}),
        "note": site.translate(_TEX_SIGNS) if publisher else "",
        "language": page.lang,
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@{'article' if publisher else 'misc'}{{{_key(page, date)},\n{lines}}}"


def _ris(page: PageView, names: tuple[str, ...], title: str, publisher: str, date: Date | None, site: str) -> str:
    day = f"{date.year}/{date.month or '':0>2}/{date.day or '':0>2}" if date and date.day else ""
    fields = [
        ("TY", "NEWS" if publisher else "ELEC"),
        *(("AU", name) for name in names),
        ("TI", title),
        ("T2", publisher or site),
        ("PY", str(date.year) if date else ""),
        ("DA", day),
        ("DB", site if publisher else ""),
        ("LA", page.lang),
        ("UR", page.canonical),
        ("AB", _line(page.description)),
    ]
    return "".join(f"{tag}  - {value}\n" for tag, value in fields if value) + "ER  - "


def _csl(page: PageView, names: tuple[str, ...], title: str, publisher: str, date: Date | None, site: str) -> str:
    kind = "article-newspaper" if publisher else "entry" if isinstance(page, RecordView) else "webpage"
    parts = [part for part in (date.year, date.month, date.day) if part] if date else []
    item: dict[str, object] = {
        "id": _key(page, date),
        "type": kind,
        "title": title,
        "author": [{"literal": name} for name in names],
        "container-title": publisher or site,
        "archive": site if publisher else "",
        "issued": {"date-parts": [parts]} if parts else "",
        "abstract": _line(page.description),
        "URL": page.canonical,
        "language": page.lang,
    }
    return json.dumps([{name: value for name, value in item.items() if value}], ensure_ascii=False, indent=1)


def _key(page: PageView, date: Date | None) -> str:
    """What a document calls the work by: the last part of its address, and the year."""
    slug = _NOT_IN_KEY.sub("-", page.url.rstrip("/").rpartition("/")[2].lower()).strip("-") or "home"
    return f"{slug}-{date.year}" if date else slug


def _line(text: str) -> str:
    return " ".join(text.split())
