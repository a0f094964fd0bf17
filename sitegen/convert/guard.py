"""The hand-edit guard: an article carries the digest of what convert wrote, so that an edit shows.

The digest is of the whole file but its own `converted:` line; line ends do not count, as git and editors
change those by themselves.
"""

from __future__ import annotations

import hashlib
import re

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


def _digest(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode("utf-8")).hexdigest()
