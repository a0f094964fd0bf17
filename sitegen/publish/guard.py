"""What must not be published, looked for in everything that a build makes.

A secret is found as it stands, in capitals, and as HTML, XML and JSON write it; where it is a word, not as part of a longer
one. It is never said itself: messages end up in logs that others read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING

from sitegen.model.digests import digest

if TYPE_CHECKING:
    from ahocorasick_rs import BytesAhoCorasick

_LONGEST = 160  # characters of a passage that are looked for


@dataclass(frozen=True, slots=True)
class Secret:
    """Words that are kept private, and the content file that says so."""

    words: str
    file: str


@dataclass(frozen=True)
class Guard:
    """All secrets of a collection. False where there are none. A pickle carries the secrets only."""

    secrets: tuple[Secret, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.secrets)

    def __reduce__(self) -> tuple[type[Guard], tuple[tuple[Secret, ...]]]:
        return Guard, (self.secrets,)

    @cached_property
    def digest(self) -> bytes:
        return digest(json.dumps([(secret.words, secret.file) for secret in self.secrets]).encode())

    def betrayed(self, data: bytes) -> Secret | None:
        """A secret that these bytes tell; None where they tell none."""
        for number, start, end in self._search.find_matches_as_indexes(data, overlapping=True):
            if _is_whole(data, start, end):
                return list(self._spelled.values())[number]
        return None

    @cached_property
    def _spelled(self) -> dict[bytes, Secret]:
        return {form.encode(): secret for secret in reversed(self.secrets) for form in _forms(secret.words[:_LONGEST])}

    @cached_property
    def _search(self) -> BytesAhoCorasick:
        from ahocorasick_rs import BytesAhoCorasick

        return BytesAhoCorasick(list(self._spelled))

    @property
    def reach(self) -> int:
        """How many bytes the longest spelling takes."""
        return max(map(len, self._spelled), default=0)


NOTHING = Guard()


def guard_of(secrets: Iterable[Secret]) -> Guard:
    """The guard over these secrets, each once, in order."""
    return Guard(tuple(sorted({secret for secret in secrets if secret.words.strip()}, key=lambda s: (s.file, s.words))))


def _forms(words: str) -> Iterator[str]:
    for form in dict.fromkeys((words, words.upper())):
        yield form
        yield escape(form, quote=False)
        yield escape(form)
        yield form.replace("&", "&amp;").replace('"', "&#34;").replace("'", "&#39;").replace("<", "&lt;").replace(">", "&gt;")
        yield json.dumps(form)[1:-1]
        yield json.dumps(form, ensure_ascii=False)[1:-1]


def _is_whole(data: bytes, start: int, end: int) -> bool:
    """Whether data[start:end] is no part of a longer word."""
    before = start == 0 or not (_in_word(data[start - 1]) and _in_word(data[start]))
    return before and (end == len(data) or not (_in_word(data[end - 1]) and _in_word(data[end])))


def _in_word(byte: int) -> bool:
    return byte >= 0x80 or chr(byte).isalnum()
