"""Titles → slugs: lower-case ASCII words joined by hyphens, at most 60 characters, safe as file names anywhere."""

from __future__ import annotations

import re
from collections.abc import Collection

LIMIT = 60
# Windows keeps these names for devices, whatever their extension.
_RESERVED = frozenset({"con", "prn", "aux", "nul", "index"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)})
_APOSTROPHES = re.compile("['’‘ʼ`´]")
_HAN = re.compile("([\u3400-\u9fff\uf900-\ufaff])")


def slug(title: str, *, fallback: str = "article") -> str:
    """A slug that reads well in any script; never empty, never a name that an operating system reserves."""
    made = _ascii(title) or _ascii(fallback) or "article"
    if len(made) > LIMIT:
        made = made[: LIMIT + 1].rpartition("-")[0] or made[:LIMIT]
    return f"{made}-1" if made in _RESERVED else made


def unique(wanted: str, taken: Collection[str]) -> str:
    """The slug itself, or the first of "-2", "-3" … that is not taken."""
    made, number = wanted, 2
    while made in taken:
        made, number = f"{wanted}-{number}", number + 1
    return made


def _ascii(text: str) -> str:
    from anyascii import anyascii

    # Each Han character is a syllable or more: written apart, they can be read.
    spaced = _HAN.sub(r" \1 ", _APOSTROPHES.sub("", text[:400]))
    return re.sub(r"[^a-z0-9]+", "-", _APOSTROPHES.sub("", anyascii(spaced)).lower()).strip("-")
