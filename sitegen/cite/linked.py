"""A page's JSON-LD, in the words of schema.org: what it is about, whom it mentions, where it stands on the site.

The text stands in a `<script type="application/ld+json">`, which a strict Content-Security-Policy leaves alone: it is data.
Other people's text is in it, so that every sign that could end the element or begin another is written as an escape.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec

from sitegen.cite.citation import authors
from sitegen.model.dates import Date
from sitegen.model.ids import Linker
from sitegen.model.views import (
    ArticleView,
    DataView,
    HomeView,
    KindIndexView,
    PageView,
    RecordView,
    SiteView,
)

_TYPES = {
    "people": "Person", "organisations": "Organization", "places": "Place", "events": "Event", "works": "CreativeWork",
}  # fmt: skip
_BEGIN = {"Person": "birthDate", "Organization": "foundingDate", "Event": "startDate", "CreativeWork": "datePublished"}
_END = {"Person": "deathDate", "Organization": "dissolutionDate", "Event": "endDate"}
_ESCAPES = {sign: f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}

Node = dict[str, Any]
_encode = msgspec.json.encode


def linked_data(page: PageView, site: SiteView, linker: Linker) -> str:
    """The JSON-LD of a page, safe within a script element; the way to the page is part of it."""
    nodes = [_main(page, site, linker)]
    if trail := _trail(page, site, linker):
        nodes.append(trail)
    text = _encode({"@context": "https://schema.org", "@graph": nodes}).decode()
    for sign, escape in _ESCAPES.items():
        text = text.replace(sign, escape)
    return text


def _main(page: PageView, site: SiteView, linker: Linker) -> Node:
    if isinstance(page, ArticleView):
        return _article(page, site, linker)
    if isinstance(page, RecordView):
        return _record(page, site, linker)
    if isinstance(page, HomeView):
        return _some({"@type": "WebSite", "@id": site.base + "#site", "url": site.base, "name": site.title,
                      "description": site.description, "inLanguage": site.language, "publisher": _publisher(site),
                      "license": _address(site.licence)})  # fmt: skip
    if isinstance(page, DataView):
        return _dataset(page, site, linker)
    kind = "CollectionPage" if isinstance(page, KindIndexView) else "WebPage"
    return _some({"@type": kind, "@id": page.canonical, "url": page.canonical, "name": page.title,
                  "description": page.description, "inLanguage": page.lang, "isPartOf": _site(site)})  # fmt: skip


def _article(page: ArticleView, site: SiteView, linker: Linker) -> Node:
    source = page.source
    return _some({
        "@type": "NewsArticle",
        "@id": page.canonical,
        "url": page.canonical,
        "headline": page.title,
        "description": page.description,
        "datePublished": _day(page.date),
        "dateModified": _day(page.updated),
        "inLanguage": page.lang,
        "wordCount": page.words or None,
        "author": [{"@type": "Person", "name": name} for name in authors(page)],
        "publisher": {"@type": "Organization", "name": source.publisher} if source and source.publisher else _publisher(site),
        "image": linker.absolute(page.card or site.card) if page.card or site.card else "",
        "isBasedOn": _address(source.url) if source else "",
        "license": _address(source.licence if source and source.licence else site.licence),
        "keywords": [tag.title for tag in page.tags],
        "isPartOf": _site(site),
        "mentions": [_named(item.kind, item.url, item.name, item.same_as, linker.base) for item in page.named],
    })  # fmt: skip


def _dataset(page: DataView, site: SiteView, linker: Linker) -> Node:
    files = [file for group in page.groups for file in group.files if file.url and group.id != "about"]
    return _some({
        "@type": "Dataset",
        "@id": page.canonical,
        "url": page.canonical,
        "name": site.title,
        "description": site.description or page.description,
        "inLanguage": site.language,
        "license": _address(site.licence),
        "creator": _publisher(site),
        "isAccessibleForFree": True,
        "isPartOf": _site(site),
        "distribution": [{"@type": "DataDownload", "name": file.name, "contentUrl": linker.absolute(file.url),
                          "encodingFormat": file.media, "contentSize": f"{file.size} B"} for file in files],
    })  # fmt: skip


@lru_cache(4096)  # articles name the same records
def _named(kind: str, url: str, name: str, same_as: tuple[str, ...], base: str) -> msgspec.Raw:
    address = Linker(base).absolute(url)
    return msgspec.Raw(_encode(_some({"@type": _type(kind), "@id": address, "url": address, "name": name, "sameAs": same_as})))


def _record(page: RecordView, site: SiteView, linker: Linker) -> Node:
    kind = _type(page.kind.id)
    node = {
        "@type": kind,
        "@id": linker.absolute(page.parts[0].url) if page.part else page.canonical,
        "url": page.canonical,
        "name": page.name,
        "alternateName": [alias.text for alias in page.aliases],
        "description": page.summary or page.role,
        "jobTitle": page.role if kind == "Person" else "",
        _BEGIN.get(kind, ""): _day(page.begin),
        _END.get(kind, ""): _day(page.end),
        "sameAs": [item.url for item in page.identifiers if item.url],
        "mainEntityOfPage": page.canonical,
        "isPartOf": _site(site) if kind == "CreativeWork" else "",
    }
    if page.location and kind == "Place":
        latitude, longitude = (msgspec.Raw(repr(degrees).encode()) for degrees in (page.location.lat, page.location.lon))
        node["geo"] = {"@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude}
    node.pop("", None)
    return _some(node)


def _trail(page: PageView, site: SiteView, linker: Linker) -> Node:
    """The way from the front page to this one; the front page has none."""
    steps = [(site.title, "/")]
    if isinstance(page, RecordView):
        steps.append((page.kind.label, page.kind.url))
        steps += [(page.name, page.parts[0].url)] if page.part else []
    elif isinstance(page, KindIndexView) and page.letter:
        steps.append((page.kind.label, page.kind.url))
    elif isinstance(page, ArticleView):
        steps.append((_titled(site, "/articles/", "Articles"), "/articles/"))
    if page.url == "/":
        return {}
    steps.append((page.title, page.url))
    items = [{"@type": "ListItem", "position": number, "name": name, "item": linker.absolute(url)}
             for number, (name, url) in enumerate(steps, 1)]  # fmt: skip
    return {"@type": "BreadcrumbList", "itemListElement": items}


def _titled(site: SiteView, url: str, usual: str) -> str:
    """What the menu calls a page."""
    return next((item.title for item in site.menu if item.url == url), usual)


def _type(kind: str) -> str:
    return _TYPES.get(kind, "Thing")


def _site(site: SiteView) -> Node:
    return {"@type": "WebSite", "@id": site.base + "#site", "name": site.title, "url": site.base}


def _publisher(site: SiteView) -> Node:
    return {"@type": "Organization", "name": site.author} if site.author else {}


def _address(text: str) -> str:
    """A text that is a full address, else "": schema.org wants one, and people write names too."""
    return text if text.startswith(("https://", "http://")) and not any(c.isspace() for c in text) else ""


def _day(date: Date | None) -> str:
    return date.machine if date else ""


def _some(node: Node) -> Node:
    """The node without what is empty."""
    return {name: value for name, value in node.items() if value}
