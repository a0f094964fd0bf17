"""What a collection keeps to itself: whether a text or a record is withheld, and passages that are blacked out.

A passage to be blacked out is matched word by word, whatever white space lies between; letters of either case.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Any

PRIVATE, PUBLIC = "private", "public"
VISIBILITIES = (PUBLIC, PRIVATE)
BAR = "█████"  # the same for any passage: its length would say something


def is_withheld(visibility: str, embargo: Any, today: dt.date) -> bool:
    """Whether readers must not see something today. embargo: the date on which it may be seen, or None."""
    return visibility == PRIVATE or bool(embargo and embargo.after(today))


def blacked_out(text: str, passages: Sequence[str]) -> str:
    """The text with a bar in each passage's place; line breaks stay, so that places in the text do."""
    if not passages:
        return text
    pattern = _pattern(passages)
    return pattern.sub(lambda found: BAR + "\n" * found[0].count("\n"), text) if pattern else text


def still_in(text: str, passages: Iterable[str]) -> list[str]:
    """The passages that a text holds."""
    return [passage for passage in passages if (pattern := _pattern([passage])) and pattern.search(text)]


def as_slug(name: str) -> str:
    """A name as ids of headings and names of files write it."""
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", name).strip().lower())


def blacked_out_values(value: Any, passages: Sequence[str]) -> Any:
    """A value of front matter with all its texts blacked out; keys of mappings too."""
    if isinstance(value, str):
        return blacked_out(value, passages)
    if isinstance(value, list | tuple):
        return type(value)(blacked_out_values(item, passages) for item in value)
    if isinstance(value, dict):
        return {blacked_out_values(key, passages): blacked_out_values(item, passages) for key, item in value.items()}
    return value


def _pattern(passages: Iterable[str]) -> re.Pattern[str] | None:
    found = (r"\s+".join(map(re.escape, passage.split())) for passage in sorted(passages, key=len, reverse=True))
    alternatives = "|".join(alternative for alternative in found if alternative)
    return re.compile(alternatives, re.IGNORECASE) if alternatives else None
