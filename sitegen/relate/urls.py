"""The site paths of what is not a record or a year, and of the files beside an article."""

from __future__ import annotations

from sitegen.model import ids

HOME, ARTICLES, TAGS, NETWORK, SEARCH, DATA = "/", "/articles/", "/tags/", "/network/", "/search/", "/data/"
NOT_FOUND = "/404.html"
FOUND = "/pagefind/"  # the folder of the search index


def tag_url(tag: str) -> str:
    return f"{TAGS}{ids.tag_slug(tag)}/"


def source_url(url: str) -> str:
    """Where the source text of the article at `url` is published as it came."""
    return url + "source.txt"


def card_url(url: str) -> str:
    """The card of the article at `url`."""
    return url + "card.png"


def markdown_url(url: str) -> str:
    return url + "index.md"
