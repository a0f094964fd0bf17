"""What the text of a template names, told without Jinja: other templates, fields, assets.

What is computed may be anything, and is told as such. A text is looked at once in a process: templates reach the same ones,
and builds follow one another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_TEXTS_KEPT = 500
# A static reference is a string, or a list of strings, and then nothing but modifiers.
_REFERENCE = re.compile(r"\{%[-+]?\s*(?:extends|include|import|from)\b(.*?)%\}", re.DOTALL)
_STRING = r"""(?:"[^"\\]*"|'[^'\\]*')"""
_STATIC = re.compile(
    rf"\s*({_STRING}|[\[(]\s*{_STRING}(?:\s*,\s*{_STRING})*\s*,?\s*[\])])\s*"
    r"(?:\b(?:ignore|with|without|import|as)\b.*?)?[-+]?\Z",
    re.DOTALL,
)
# `site.title` names a field; `site` by itself, or a name that is computed, may mean any.
_SITE = re.compile(r"\bsite\b(?!\.(?:css|js)\b)")
_SITE_FIELD = re.compile(r"\bsite\.(?!(?:css|js)\b)(\w+)")
_COMPUTED = re.compile(r"""\[(?!\s*(?:[-0-9:\s]*|"[^"]*"|'[^']*')\s*\])|\|\s*attr\b""")
# An asset that is named as text is one that can be told; a name that is computed may be any.
_ASSET = re.compile(rf"({_STRING})\s*\|\s*asset\b")
_ANY_ASSET = re.compile(r"""(?:\||\bfilter)\s*asset\b|["']asset["']""")
_PLAINLY = re.compile(rf"({_STRING})\s*\|\s*(?:href|absolute)\b")


def page_field(texts: Iterable[str], field: str) -> bool:
    """Whether one of the texts may look at a field of this name; True where a name is computed."""
    spelled = re.compile(rf"\.\s*{re.escape(field)}\b|['\"]{re.escape(field)}['\"]|\bpage\b(?!\s*\.)")
    return any(spelled.search(text) or _COMPUTED.search(text) for text in texts)


def site_fields(texts: Iterable[str]) -> frozenset[str] | None:
    """The fields of `site` that the texts name; None where that may be any."""
    return _together(map(_site_fields, texts))


def assets(texts: Iterable[str]) -> frozenset[str] | None:
    """What the texts name by `asset`; None where a name is computed."""
    return _together(map(_assets, texts))


@lru_cache(_TEXTS_KEPT)
def plainly(text: str) -> frozenset[str]:
    """What a text names by `href` or `absolute`."""
    return frozenset(name[1:-1].lstrip("/") for name in _PLAINLY.findall(text))


@lru_cache(_TEXTS_KEPT)
def templates(text: str) -> tuple[tuple[str, ...], ...]:
    """The names that each reference to other templates gives, none where it computes them."""
    found = map(_STATIC.match, _REFERENCE.findall(text))
    return tuple(tuple(name[1:-1] for name in re.findall(_STRING, static[1])) if static else () for static in found)


@lru_cache(_TEXTS_KEPT)
def _site_fields(text: str) -> frozenset[str] | None:
    fields = _SITE_FIELD.findall(text)
    return None if len(fields) != len(_SITE.findall(text)) or _COMPUTED.search(text) else frozenset(fields)


@lru_cache(_TEXTS_KEPT)
def _assets(text: str) -> frozenset[str] | None:
    named = _ASSET.findall(text)
    return None if len(named) != len(_ANY_ASSET.findall(text)) else frozenset(name[1:-1].lstrip("/") for name in named)


def _together(found: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    """All that is in any, None where one of them may be anything."""
    every: set[str] = set()
    for names in found:
        if names is None:
            return None
        every |= names
    return frozenset(every)
