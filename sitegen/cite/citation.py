"""A page as others cite it: in plain text, BibTeX, RIS and CSL-JSON.

An article of a source that names its publisher is that publisher's, and a newspaper article; every other page is the
site's own, and a web page. When it was read is for the reader to add: a page knows no clock.

BibTeX and RIS know no escape for every sign: line breaks become spaces, and what BibTeX would read as a command is written
as the sign it stands for. RIS as in the specification of Reference Manager (2011); CSL-JSON as in CSL 1.0.2.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from sitegen.model.dates import Date
from sitegen.model.views import ArticleView, Citation, PageView, RecordView, SiteView

_BY = re.compile(r"by\s+(?=\S)", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*;\s*|\s+(?:and|&|und|et)\s+")
_TEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_TEX_SIGNS = str.maketrans(_TEX)
_TEX_SIGN = re.compile(r"[\\{}$&%#_~^]")
_NOT_IN_KEY = re.compile(r"[^a-z0-9]+")


class _Work(msgspec.Struct, frozen=True):
    """What all forms say of a page, each text on one line; "" where it is not known."""

    key: str
    authors: tuple[str, ...]
    title: str
    publisher: str
    site: str
    date: Date | None
    url: str
    lang: str
    about: str


def citation(page: PageView, site: SiteView, written: Callable[[Date], str]) -> Citation:
    """How a page is cited. written: a date as the line of text has it."""
    date = page.date if isinstance(page, ArticleView) else None
    title = _line(page.title) or page.canonical
    work = _Work(
        _key(page, date), authors(page), title, _publisher(page), _line(site.title), date, page.canonical, page.lang,
        _line(page.description),
    )  # fmt: skip
    return Citation(
        key=work.key,
        authors=work.authors,
        text=_plain(work, written(date) if date else ""),
        bibtex=_bibtex(work),
        ris=_ris(work),
        csl=_csl(work, "entry" if isinstance(page, RecordView) else "webpage"),
    )


def authors(page: PageView) -> tuple[str, ...]:
    """The names in an article's byline, as they are written there: which word is the surname it does not say."""
    byline = _line(page.byline) if isinstance(page, ArticleView) else ""
    said = _BY.match(byline)
    return tuple(name for name in _BETWEEN.split(byline[said.end() :] if said else byline) if name)


def _publisher(page: PageView) -> str:
    """Who published an article first, "" where the source does not say."""
    return _line(page.source.publisher) if isinstance(page, ArticleView) and page.source else ""


def _plain(work: _Work, day: str) -> str:
    published = ", ".join(filter(None, (work.publisher, day)))
    parts = (", ".join(work.authors), work.title, published, work.site)
    return " ".join([_sentence(part) for part in parts if part]) + " " + work.url


def _sentence(text: str) -> str:
    return text if text[-1] in ".!?…" else text + "."


def _bibtex(work: _Work) -> str:
    date, publisher = work.date, work.publisher
    fields = {
        "author": " and ".join([f"{{{_tex(name)}}}" for name in work.authors]),
        "title": f"{{{_tex(work.title)}}}",
        "journal" if publisher else "howpublished": _tex(publisher or work.site),
        "year": str(date.year) if date else "",
        "month": str(date.month) if date and date.month else "",
        "day": str(date.day) if date and date.day else "",
        "url": work.url.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C"),
        "note": _tex(work.site) if publisher else "",
        "language": work.lang,
    }
    lines = "".join([f"  {name} = {{{value}}},\n" for name, value in fields.items() if value])
    return f"@{'article' if publisher else 'misc'}{{{work.key},\n{lines}}}"


def _tex(text: str) -> str:
    return text.translate(_TEX_SIGNS) if _TEX_SIGN.search(text) else text


def _ris(work: _Work) -> str:
    date, publisher = work.date, work.publisher
    day = f"{date.year}/{date.month or '':0>2}/{date.day or '':0>2}" if date and date.day else ""
    fields = [
        ("TY", "NEWS" if publisher else "ELEC"),
        *[("AU", name) for name in work.authors],
        ("TI", work.title),
        ("T2", publisher or work.site),
        ("PY", str(date.year) if date else ""),
        ("DA", day),
        ("DB", work.site if publisher else ""),
        ("LA", work.lang),
        ("UR", work.url),
        ("AB", work.about),
    ]
    return "".join([f"{tag}  - {value}\n" for tag, value in fields if value]) + "ER  - "


def _csl(work: _Work, usual: str) -> str:
    """usual: what a page is called that no publisher published."""
    date, publisher = work.date, work.publisher
    parts = [part for part in (date.year, date.month, date.day) if part] if date else []
    item: dict[str, object] = {
        "id": work.key,
        "type": "article-newspaper" if publisher else usual,
        "title": work.title,
        "author": [{"literal": name} for name in work.authors],
        "container-title": publisher or work.site,
        "archive": work.site if publisher else "",
        "issued": {"date-parts": [parts]} if parts else "",
        "abstract": work.about,
        "URL": work.url,
        "language": work.lang,
    }
    encoded = msgspec.json.encode([{name: value for name, value in item.items() if value}])
    return msgspec.json.format(encoded, indent=1).decode()


def _key(page: PageView, date: Date | None) -> str:
    """What a document calls the work by: the last part of its address, and the year."""
    slug = _NOT_IN_KEY.sub("-", page.url.rstrip("/").rpartition("/")[2].lower()).strip("-") or "home"
    return f"{slug}-{date.year}" if date else slug


def _line(text: str) -> str:
    return " ".join(text.split())
