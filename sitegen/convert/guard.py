"""The hand-edit guard: an article carries the digest of what convert wrote, so that an edit shows.

The digest is of the whole file but its own `converted:` line; line ends do not count, as git and editors
change those by themselves.
"""

from __future__ import annotations

import hashlib
import re

from sitegen.convert.emit import scalar
from sitegen.model import frontmatter

_LINE = re.compile(r"^converted: (sha256:[0-9a-f]{64})\n", re.MULTILINE)
_CLOSE = "\n---\n"


def seal(article: str) -> str:
    """The article with `converted:` as the last line of its header."""
    head, close, body = article.partition(_CLOSE)
    return f"{head}\nconverted: {_digest(article)}{close}{body}"


def untouched(article: str) -> bool:
    """Whether a file is just what convert wrote."""
    text = article.replace("\r\n", "\n")
    head, close, body = text.partition(_CLOSE)
    found = _LINE.search(head + "\n")
    if not found:
        return False
    bare = _LINE.sub("", head + "\n", count=1).rstrip("\n") + close + body
    return found.group(1) == _digest(bare)


def moved(article: str, source: str, name: str) -> str:
    """The article with another path as its source's, and not a letter else; sealed anew if it was untouched.

    Raises: ValueError where its header does not name a source by a path.
    """
    places = frontmatter.read(article, name).places
    place = places.get(("source", "file")) or (None if ("source", "file", "") in places else places.get(("source",)))
    if not place:
        raise ValueError("its front matter names no source")
    line, column, length = place
    lines = article.split("\n")
    text = lines[line - 1]
    lines[line - 1] = text[: column - 1] + scalar(source, flow=True) + text[column - 1 + length :]
    made = "\n".join(lines)
    if not untouched(article):
        return made
    head, close, body = made.replace("\r\n", "\n").partition(_CLOSE)
    return seal(_LINE.sub("", head + "\n", count=1).rstrip("\n") + close + body)


def _digest(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
