"""What other programs call the keys of front matter, so that a remedy can name ours.

Hugo, Jekyll, Pelican, Eleventy, Zola. A key is never taken for ours: what it holds may be of another form.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Any

_BYLINE, _TAGS, _SUMMARY, _UPDATED = "byline", "tags", "summary", "updated"
_KEYS = {
    "author": _BYLINE, "authors": _BYLINE, "by": _BYLINE, "categories": _TAGS, "category": _TAGS, "keywords": _TAGS,
    "topics": _TAGS, "description": _SUMMARY, "excerpt": _SUMMARY, "abstract": _SUMMARY, "subtitle": _SUMMARY,
    "lastmod": _UPDATED, "modified": _UPDATED, "last_modified_at": _UPDATED, "publishdate": "date", "pubdate": "date",
    "language": "lang", "locale": "lang", "headline": "title", "coordinates": "location", "alias": "aliases", "label": "name",
}  # fmt: skip
_MOVED = {"permalink", "url", "aliases", "redirect_from"}
# What keeps a text back elsewhere: it must not come out because the key is another here.
_HIDING = {"published": False, "private": True, "hidden": True}


def remedy(key: str, value: Any, known: Container[str]) -> str:
    """What to write instead of the key; "" where there is nothing like it. known: our keys for this kind of file."""
    if hides(key, value):
        return "to keep it back, write draft: true or visibility: private" if "draft" in known else "write visibility: private"
    if (ours := _KEYS.get(key.lower(), "")) in known:
        return f"here it is called {ours}:"
    if key.lower() in _MOVED:
        return "slug: sets the last part of the address; old addresses are led on by content/urls.csv"
    return ""


def hides(key: str, value: Any) -> bool:
    """Whether the key keeps a text from being published elsewhere."""
    return isinstance(value, bool) and _HIDING.get(key.lower()) is value
