"""sitemap.xml (sitemaps.org 0.9) and robots.txt."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from sitegen.model.ids import Linker

SITEMAP = "sitemap.xml"
ROBOTS = "robots.txt"
_LIMIT = 50_000  # URLs a sitemap may hold


def sitemaps(urls: Iterable[str], linker: Linker) -> dict[str, bytes]:
    """The sitemap of these site paths by file name; an index and numbered parts above 50,000."""
    addresses = [linker.absolute(url) for url in sorted(urls)]
    if len(addresses) <= _LIMIT:
        return {SITEMAP: _xml("urlset", "url", addresses)}
    parts = [addresses[i : i + _LIMIT] for i in range(0, len(addresses), _LIMIT)]
    files = {f"sitemap-{number}.xml": _xml("urlset", "url", part) for number, part in enumerate(parts, 1)}
    return {SITEMAP: _xml("sitemapindex", "sitemap", [linker.absolute("/" + name) for name in files]), **files}


def robots(linker: Linker) -> bytes:
    """Everything may be read; here is the sitemap."""
    return f"User-agent: *\nAllow: /\nSitemap: {linker.absolute('/' + SITEMAP)}\n".encode()


def _xml(root: str, item: str, addresses: Iterable[str]) -> bytes:
    rows = "".join(f"<{item}><loc>{escape(address, quote=False)}</loc></{item}>\n" for address in addresses)
    head = '<?xml version="1.0" encoding="utf-8"?>\n'
    return f'{head}<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</{root}>\n'.encode()
