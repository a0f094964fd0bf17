"""The Atom feed of the collection (RFC 4287)."""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Sequence

from sitegen.model.dates import Date
from sitegen.model.ids import Linker
from sitegen.model.mention import Facts
from sitegen.model.views import SiteView

FEED = "feed.xml"
_ATOM = "http://www.w3.org/2005/Atom"
_ENTRIES = 50
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# A feed must say when it changed; one without a dated article says this, never the clock.
_NEVER = "1970-01-01T00:00:00Z"


def feed(articles: Sequence[Facts], site: SiteView, linker: Linker) -> bytes:
    """The newest 50 dated articles, newest first. `articles` are in order of date."""
    newest = [facts for facts in reversed(articles) if facts.date][:_ENTRIES]
    etree.register_namespace("", _ATOM)
    root = _element(None, "feed", attributes={"{http://www.w3.org/XML/1998/namespace}lang": site.language})
    _element(root, "id", linker.absolute("/"))
    _element(root, "title", site.title)
    if site.description:
        _element(root, "subtitle", site.description)
    _element(root, "link", attributes={"rel": "self", "href": linker.absolute("/" + FEED), "type": "application/atom+xml"})
    _element(root, "link", attributes={"rel": "alternate", "href": linker.absolute("/"), "type": "text/html"})
    _element(root, "updated", max(map(_changed, newest)).rfc3339 if newest else _NEVER)
    author = _element(root, "author")
    _element(author, "name", site.author or site.title)
    _element(root, "generator", site.generator)
    for facts in newest:
        _entry(root, facts, linker)
    data: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return data + b"\n"


def _entry(root: etree.Element, facts: Facts, linker: Linker) -> None:
    assert facts.date
    entry = _element(root, "entry", attributes={"{http://www.w3.org/XML/1998/namespace}lang": facts.lang})
    address = linker.absolute(facts.url)
    _element(entry, "id", address)
    _element(entry, "title", facts.title)
    _element(entry, "link", attributes={"rel": "alternate", "href": address, "type": "text/html"})
    _element(entry, "published", facts.date.rfc3339)
    _element(entry, "updated", _changed(facts).rfc3339)
    if facts.summary:
        _element(entry, "summary", facts.summary)
    for tag in facts.tags:
        _element(entry, "category", attributes={"term": tag})


def _changed(facts: Facts) -> Date:
    """When an article was last changed, as far as it says so itself."""
    assert facts.date
    return max(facts.date, facts.updated or facts.date)


def _element(parent: etree.Element | None, name: str, text: str = "", attributes: dict[str, str] | None = None) -> etree.Element:
    tag, given = f"{{{_ATOM}}}{name}", {key: printable(value) for key, value in (attributes or {}).items()}
    element = etree.Element(tag, given) if parent is None else etree.SubElement(parent, tag, given)
    element.text = printable(text) or None
    return element


def printable(text: str) -> str:
    """The text without the characters that XML 1.0 cannot hold."""
    return _UNPRINTABLE.sub("", text)
