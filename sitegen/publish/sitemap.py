"""sitemap.xml (sitemaps.org 0.9), robots.txt, and the OpenSearch description by which browsers search the site."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from sitegen.model.dates import Date
from sitegen.model.ids import Linker
from sitegen.model.mention import Facts
from sitegen.model.views import SiteView

SITEMAP = "sitemap.xml"
ROBOTS = "robots.txt"
OPENSEARCH = "opensearch.xml"
_LIMIT = 50_000  # URLs a sitemap may hold
_WEB = 1991  # no page was changed before there was a web: what is older is the date of a text, not of its page


def changed(articles: Iterable[Facts]) -> dict[str, Date]:
    """Site path → when the page of an article was last changed, of those that say so: `updated`, corrections, or date."""
    found = {}
    for facts in articles:
        last = facts.updated or facts.date
        if facts.corrections:
            latest = max(correction.date for correction in facts.corrections)
            last = max(last, latest) if last else latest
        if last and last.year >= _WEB:
            found[facts.url] = last
    return found


def sitemaps(urls: Iterable[str], linker: Linker, last: Mapping[str, Date]) -> dict[str, bytes]:
    """The sitemap of these site paths by file name; an index and numbered parts above 50,000. last: see `changed`."""
    rows = [(linker.absolute(url), last.get(url)) for url in sorted(urls)]
    if len(rows) <= _LIMIT:
        return {SITEMAP: _xml("urlset", "url", rows)}
    parts = [rows[i : i + _LIMIT] for i in range(0, len(rows), _LIMIT)]
    files = {f"sitemap-{number}.xml": _xml("urlset", "url", part) for number, part in enumerate(parts, 1)}
    listed = [
        (linker.absolute("/" + name), max((date for _, date in part if date), default=None))
        for name, part in zip(files, parts, strict=True)
    ]
    return {SITEMAP: _xml("sitemapindex", "sitemap", listed), **files}


def robots(linker: Linker) -> bytes:
    """Everything may be read; here is the sitemap."""
    return f"User-agent: *\nAllow: /\nSitemap: {linker.absolute('/' + SITEMAP)}\n".encode()


def opensearch(site: SiteView, linker: Linker, page: str) -> bytes:
    """OpenSearch 1.1 for the search page at this site path."""
    about = site.description or site.title
    rows = [
        f"<ShortName>{escape(site.title[:16].rstrip(), quote=False)}</ShortName>",
        f"<Description>{escape(about[:1024], quote=False)}</Description>",
        f'<Url type="text/html" template="{escape(linker.absolute(page))}?q={{searchTerms}}"/>',
        f'<Url type="application/opensearchdescription+xml" rel="self" template="{escape(linker.absolute("/" + OPENSEARCH))}"/>',
        f"<Language>{escape(site.language, quote=False)}</Language>",
        "<InputEncoding>UTF-8</InputEncoding>",
    ]
    head = '<?xml version="1.0" encoding="utf-8"?>\n<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">\n'
    return f"{head}{chr(10).join(rows)}\n</OpenSearchDescription>\n".encode()


def _xml(root: str, item: str, found: Iterable[tuple[str, Date | None]]) -> bytes:
    rows = "".join(
        f"<{item}><loc>{escape(address, quote=False)}</loc>{_last(date)}</{item}>\n" for address, date in found
    )  # fmt: skip
    head = '<?xml version="1.0" encoding="utf-8"?>\n'
    return f'{head}<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</{root}>\n'.encode()


def _last(date: Date | None) -> str:
    """When a page was changed, in W3C form: a day, a month or a year."""
    return f"<lastmod>{date.rfc3339 if 'T' in date.iso else date.iso}</lastmod>" if date else ""
