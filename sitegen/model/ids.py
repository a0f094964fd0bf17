"""Identifiers and addresses: a document's folder and stem are its id, and its id gives its URL.

    content/articles/raqqa.md   id  articles/raqqa   URL  /articles/raqqa/
    content/pages/about.md      id  pages/about      URL  /about/

URLs here are site paths: they begin with "/" and know nothing of the host or folder the site is
published below. `Linker` turns them into what stands in an `href`.
"""

from __future__ import annotations

import functools
import hashlib
import posixpath
import re
from urllib.parse import quote, urlsplit

import msgspec

from sitegen.model.text import in_word

ARTICLES = "articles"
PAGES = "pages"
SOURCES = "sources"
LARGEST_TEXT = 256_000_000  # bytes of a text that is read; files that are only copied may have any size
# Folders of the content tree that are no kind of authority record.
RESERVED = frozenset({ARTICLES, PAGES, SOURCES})


def kind_of(doc_id: str) -> str:
    """The first folder of an id: "people/sergey-lavrov" is of kind "people"."""
    return doc_id.partition("/")[0]


def url_of(doc_id: str, slug: str = "") -> str:
    """The address of a document; `slug` replaces the last part where its front matter names one."""
    if doc_id == f"{PAGES}/index":
        return "/"
    folder, _, stem = doc_id.rpartition("/")
    stem = slug or stem
    if folder == PAGES or folder.startswith(PAGES + "/"):
        folder = folder[len(PAGES) :].strip("/")
    return f"/{folder}/{stem}/" if folder else f"/{stem}/"


def output_path(url: str) -> str:
    """The file below the output folder that serves a URL: "/people/" is people/index.html."""
    path = url.lstrip("/")
    return f"{path}index.html" if url.endswith("/") else path


def sidecar_of(path: str) -> str:
    """The content path of the notes on the article of a content path."""
    return path.removesuffix(".md") + ".notes.yaml"


def resolve(folder: str, target: str) -> str:
    """A content path that `target`, written in a file of `folder`, points at ("" where it leaves the tree)."""
    joined = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
    path = posixpath.normpath(joined)
    return "" if path.startswith("..") or path == "." else path


class Linker(msgspec.Struct, frozen=True):
    """Writes a site path as an `href`.

    mode "relative" gives links that work below any path; "absolute" begins with the path of `base`.
    """

    base: str
    mode: str = "relative"

    def href(self, page: str, target: str) -> str:
        """The `href` that leads from the page at site path `page` to `target` (a site path, or anything else as it is)."""
        if not target.startswith("/") or target.startswith("//"):
            return target
        path, mark, fragment = target.partition("#")
        tail = mark + fragment
        if self.mode == "absolute" or page == "/404.html":
            return quoted(self._root() + path.lstrip("/")) + tail
        top, up = _above(page)
        if up and not path.startswith(top):
            return f"{up}{quoted(path[1:])}{tail}"
        if path == page:
            return tail or "./"
        return quoted(relative(page, path)) + tail

    def above(self, page: str) -> tuple[str, str]:
        """The first folder of a page, and the way up from the page to the root, with which the `href` of a path outside of
        that folder begins; both "" where hrefs do not.
        """
        return ("", "") if self.mode == "absolute" or page == "/404.html" else _above(page)

    def absolute(self, target: str) -> str:
        """The full address of a site path, for feeds, sitemaps and `rel=canonical`."""
        if not target.startswith("/"):
            return target
        path, mark, fragment = target.partition("#")
        return self.base.rstrip("/") + quoted(path) + mark + fragment

    def _root(self) -> str:
        return urlsplit(self.base).path.rstrip("/") + "/"


@functools.lru_cache(maxsize=1024)
def _above(page: str) -> tuple[str, str]:
    """The first folder of a page at a site path, and the way up from the page to the root."""
    here = page.split("/")
    return f"/{here[1]}/", "../" * (len(here) - 2)


def relative(page: str, path: str) -> str:
    """The site path `path` as seen from the page at site path `page`."""
    here, there = page.split("/")[1:-1], path.split("/")[1:]
    shared = 0
    while shared < len(here) and shared < len(there) - 1 and here[shared] == there[shared]:
        shared += 1
    # "./" before a first part with a colon, which would read as a scheme.
    found = "../" * (len(here) - shared) + "/".join(there[shared:])
    return found if found and ":" not in found.partition("/")[0] else "./" + found


_PLAIN_PATH = re.compile(r"[\w/.~!$&'()*+,;=:@%-]*\Z")


@functools.lru_cache(maxsize=16384)
def quoted(path: str) -> str:
    """Percent-encode what a URL path may not hold; letters of any script stay readable."""
    if _PLAIN_PATH.match(path):
        return path
    return "".join(c if ord(c) > 127 and not c.isspace() else quote(c, safe="/-._~!$&'()*+,;=:@%") for c in path)


@functools.lru_cache(maxsize=4096)
def tag_slug(tag: str) -> str:
    """A tag as part of an address: letters and digits of any script, lower case, joined by hyphens.

    A long one is cut, and told apart by a digest: file names have at most 255 bytes.
    """
    slug = "-".join("".join(c if in_word(c) else " " for c in tag.casefold()).split()) or "tag"
    if len(slug.encode()) <= 120:
        return slug
    return slug.encode()[:100].decode("utf-8", "ignore").rstrip("-") + "-" + hashlib.sha256(slug.encode()).hexdigest()[:8]
