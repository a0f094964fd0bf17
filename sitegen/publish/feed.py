"""Feeds: as Atom (RFC 4287) and as JSON Feed (https://www.jsonfeed.org/version/1.1/), of the same entries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from sitegen.model.dates import Date
from sitegen.model.ids import Linker
from sitegen.model.mention import Facts
from sitegen.model.views import SiteView

if TYPE_CHECKING:
    import xml.etree.ElementTree as etree

FEED, FEED_JSON = "feed.xml", "feed.json"
CORRECTIONS, CORRECTIONS_JSON = "corrections.xml", "corrections.json"
_ATOM = "http://www.w3.org/2005/Atom"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
ENTRIES = 50
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# A feed must say when it changed; one without a dated article says this, never the clock.
_NEVER = "1970-01-01T00:00:00Z"


class Entry(NamedTuple):
    """`address` is a site path; updated is not before published."""

    id: str
    address: str
    title: str
    summary: str
    published: Date
    updated: Date
    lang: str
    tags: Sequence[str]


class Feed(NamedTuple):
    """What a feed says of itself. `home` is the site path of the page it belongs to, `path` its own without ending."""

    title: str
    description: str
    home: str
    path: str


def newest(articles: Sequence[Facts]) -> list[Entry]:
    """The newest 50 dated articles, newest first. `articles` are in order of date."""
    found: list[Entry] = []
    for facts in reversed(articles):
        if len(found) == ENTRIES:
            break
        if facts.date:
            updated = max(facts.date, facts.updated or facts.date)
            found.append(Entry(facts.url, facts.url, facts.title, facts.summary, facts.date, updated, facts.lang, facts.tags))
    return found


def corrected(articles: Iterable[Facts]) -> list[Entry]:
    """The latest 50 corrections, latest first."""
    found: list[Entry] = []
    for facts in articles:
        for number, correction in enumerate(facts.corrections, 1):
            address = f"{facts.url}#correction-{number}"
            date, text = correction.date, correction.text
            found.append(Entry(address, address, facts.title, text, date, date, facts.lang, ()))
    return sorted(found, key=lambda entry: (entry.published, entry.id), reverse=True)[:ENTRIES]


def atom(feed: Feed, entries: Sequence[Entry], site: SiteView, linker: Linker) -> bytes:
    """The feed as Atom."""
    import xml.etree.ElementTree as etree

    etree.register_namespace("", _ATOM)
    root = _element(None, "feed", attributes={_LANG: site.language})
    # The feed of a page is known by that page, as it always was.
    _element(root, "id", linker.absolute(feed.home if feed.path == f"{feed.home}feed" else f"{feed.path}.xml"))
    _element(root, "title", feed.title)
    if feed.description:
        _element(root, "subtitle", feed.description)
    own = linker.absolute(feed.path + ".xml")
    _element(root, "link", attributes={"rel": "self", "href": own, "type": "application/atom+xml"})
    _element(root, "link", attributes={"rel": "alternate", "href": linker.absolute(feed.home), "type": "text/html"})
    _element(root, "updated", max(entry.updated for entry in entries).rfc3339 if entries else _NEVER)
    author = _element(root, "author")
    _element(author, "name", site.author or site.title)
    _element(root, "generator", site.generator)
    for entry in entries:
        _entry(root, entry, linker)
    data: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return data + b"\n"


def json_feed(feed: Feed, entries: Sequence[Entry], site: SiteView, linker: Linker) -> bytes:
    """The feed as JSON."""
    about: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1", "title": feed.title, "home_page_url": linker.absolute(feed.home),
        "feed_url": linker.absolute(feed.path + ".json"), "language": site.language,
        "authors": [{"name": site.author or site.title}],
    }  # fmt: skip
    if feed.description:
        about["description"] = feed.description
    about["items"] = [_item(entry, linker) for entry in entries]
    return msgspec.json.format(msgspec.json.encode(about), indent=1) + b"\n"


def printable(text: str) -> str:
    """The text without the characters that XML 1.0 cannot hold."""
    return _UNPRINTABLE.sub("", text)


def _entry(root: etree.Element, entry: Entry, linker: Linker) -> None:
    made = _element(root, "entry", attributes={_LANG: entry.lang})
    _element(made, "id", linker.absolute(entry.id))
    _element(made, "title", entry.title)
    _element(made, "link", attributes={"rel": "alternate", "href": linker.absolute(entry.address), "type": "text/html"})
    _element(made, "published", entry.published.rfc3339)
    _element(made, "updated", entry.updated.rfc3339)
    if entry.summary:
        _element(made, "summary", entry.summary)
    for tag in entry.tags:
        _element(made, "category", attributes={"term": tag})


def _item(entry: Entry, linker: Linker) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": linker.absolute(entry.id), "url": linker.absolute(entry.address), "title": entry.title,
        "content_text": entry.summary, "date_published": entry.published.rfc3339, "date_modified": entry.updated.rfc3339,
        "language": entry.lang,
    }  # fmt: skip
    return found | ({"tags": list(entry.tags)} if entry.tags else {})


def _element(parent: etree.Element | None, name: str, text: str = "", attributes: dict[str, str] | None = None) -> etree.Element:
    import xml.etree.ElementTree as etree

    tag, given = f"{{{_ATOM}}}{name}", {key: printable(value) for key, value in (attributes or {}).items()}
    element = etree.Element(tag, given) if parent is None else etree.SubElement(parent, tag, given)
    element.text = printable(text) or None
    return element
