"""Which file a page is made of, and on which line of it a paragraph stands. Reads; writes nothing.

A page knows its paragraphs by ids that are made of their words. Lines are found by those words, in the order in which
the paragraphs stand: of Markdown only letters and digits are compared, so that its signs do not matter.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from sitegen.errors import SiteError
from sitegen.markup.parse import head, parse
from sitegen.model.frontmatter import split
from sitegen.model.ids import ARTICLES, PAGES, SOURCES, kind_of

_TRIED = (80, 40, 20, 8, 4)  # letters of a paragraph that are looked for, the more the surer

_REFERENCE = re.compile(r"&#?\w+;")


def file_of(content: Path, page: str) -> str:
    """The content path of the document that has the page at this site path.

    Raises: SiteError where it is made of no one file.
    """
    page = page.removesuffix("index.html")
    below = page.strip("/")
    for path in (f"{below}.md", f"pages/{below or 'index'}.md"):
        if ".." not in path.split("/") and _url(content, path) == page:
            return path
    for path in _documents(content):
        data = (content / path).read_bytes()
        if b"slug" in data and _url(content, path) == page:
            return path
    raise SiteError(f"{page} is made of no one file", help="click on a paragraph of an article or of a record")


def line_of(content: Path, path: str, blocks: Sequence[str]) -> int:
    """The line of the first of these paragraphs that the document has; that of its body, or 1, where it has none of them.

    Raises: SiteError where it cannot be read.
    """
    try:
        data = (content / path).read_bytes()
        text = data.decode().replace("\r\n", "\n").replace("\r", "\n")
        document = parse(path, data, raw_html=True).document
    except (OSError, UnicodeDecodeError) as error:
        raise SiteError(f"{content.name}/{path} cannot be read: {error}", help="check permissions; save as UTF-8") from error
    body = len(text) - len(split(text)[1])
    known = {block.id for block in document.blocks}
    wanted = next((block for block in blocks if block in known), "")
    if not wanted:
        return 1
    passages = []
    for block in document.blocks:
        passages.append(document.text[block.start : block.end])
        if block.id == wanted:
            break
    return text.count("\n", 0, _place(text, body, passages)) + 1


def _place(text: str, body: int, passages: Iterable[str]) -> int:
    """Where the last of these passages begins: each is looked for behind the one before it."""
    letters, places = _letters(_REFERENCE.sub(lambda sign: " " * len(sign[0]), text), body)
    at = found = 0
    for passage in passages:
        wanted = _letters(passage)[0]
        for length in _TRIED:
            hit = letters.find(wanted[:length], at) if wanted else -1
            if hit >= 0:
                found, at = hit, hit + min(length, len(wanted))
                break
    return places[found] if places else body


def _letters(text: str, start: int = 0) -> tuple[str, list[int]]:
    """The letters and digits of a text from a place on, and where each of them stands."""
    places = [at for at in range(start, len(text)) if text[at].isalnum()]
    return "".join([text[at] for at in places]), places


def _url(content: Path, path: str) -> str | None:
    """The site path of a document, None where there is none, or it cannot be read."""
    try:
        data = (content / path).read_bytes()
        if kind_of(path) in (ARTICLES, PAGES):
            return parse(path, data, raw_html=True).document.url
        return head(path, data)[0].url if "/" in path else None
    except (OSError, ValueError, AssertionError):  # not there, no text, no name of a file
        return None


def _documents(content: Path) -> Iterator[str]:
    for folder, below, names in os.walk(content):
        here = Path(folder).relative_to(content).as_posix()
        below[:] = [name for name in below if name[0] != "." and not (here == "." and name == SOURCES)]
        for name in names:
            if name.endswith(".md") and name[0] != ".":
                yield name if here == "." else f"{here}/{name}"
