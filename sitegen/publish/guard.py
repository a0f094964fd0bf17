"""What must not be published, looked for in everything that a build makes.

A secret is found as it stands, in capitals, and as HTML, XML, JSON and addresses write it; where it is a word, not as part of a
longer one. One of several words is also found in letters of either case, without accents, over line breaks and tags, and joined
by hyphens, as names of files and ids of headings write it; a single one is only in names of files, for many a name is a common
word in small letters. It is never said itself: messages end up in logs that others read.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cached_property
from html import escape, unescape
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import msgspec

from sitegen.model.digests import digest
from sitegen.model.text import fold

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick, BytesAhoCorasick

_LONGEST = 160  # characters of a passage that are looked for
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_HIDING = [b"&shy;", b"&#173;", b"&zwj;", *(chr(sign).encode() for sign in _UNSEEN)]  # what can stand within a word
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_ACCENTS = re.compile("[\u0300-\u036f]")
_JSON = re.compile(r"\\u([0-9a-fA-F]{4})")
_JSON_SPACE = re.compile(r"\\[nrt]")
_BETWEEN = re.compile(r"[\W_]+")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class Secret(msgspec.Struct, frozen=True):
    """Words that are kept private, and the content file that says so. exact: they are none where they are written otherwise."""

    words: str
    file: str
    exact: bool = False


class Guard(msgspec.Struct, frozen=True, dict=True):
    """All secrets of a collection. False where there are none. A pickle carries the secrets only."""

    secrets: tuple[Secret, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.secrets)

    def __reduce__(self) -> tuple[type[Guard], tuple[tuple[Secret, ...]]]:
        return Guard, (self.secrets,)

    @cached_property
    def digest(self) -> bytes:
        return digest(json.dumps([(secret.words, secret.file, secret.exact) for secret in self.secrets]).encode())

    def betrayed(self, data: bytes) -> Secret | None:
        """A secret that these bytes tell; None where they tell none."""
        if data[:2] in _UTF_16:
            data = data.decode("utf-16", "ignore").encode()
        for number, start, end in self._search.find_matches_as_indexes(data, overlapping=True):
            if _is_whole(data, start, end):
                return list(self._spelled.values())[number]
        return self._betrayed_by_words(data) if self._worded else None

    def betrayed_by_name(self, path: str) -> Secret | None:
        """A secret that the name of a file tells, be it of one word and in small letters."""
        words = _words(path).split()
        known = next((self._single[word] for word in words if word in self._single), None)
        return known or self.betrayed(path.encode("utf-8", "surrogateescape"))

    @cached_property
    def _single(self) -> dict[str, Secret]:
        spoken = ((_words(secret.words), secret) for secret in reversed(self.secrets) if "/" not in secret.words)
        return {word: secret for word, secret in spoken if word and " " not in word}

    def _betrayed_by_words(self, data: bytes) -> Secret | None:
        """A secret of several words that these bytes tell, however its words are written."""
        if not (self._hints is None or self._hints.find_matches_as_indexes(data.lower())):
            return None
        text = data.decode("utf-8", "ignore")
        for shown in _shown(text) if "<" in text else (text,):
            words = f" {_words(shown)} "
            found = self._words.find_matches_as_indexes(words)
            if found:
                return list(self._worded.values())[found[0][0]]
        return None

    @cached_property
    def _worded(self) -> dict[str, Secret]:
        """The secrets of several words, each with a space on either side."""
        # An id is no words.
        spoken = (secret for secret in reversed(self.secrets) if not secret.exact and "/" not in secret.words)
        words = ((_words(secret.words[:_LONGEST]), secret) for secret in spoken)
        return {f" {found} ": secret for found, secret in words if " " in found}

    @cached_property
    def _hints(self) -> BytesAhoCorasick | None:
        """Finds what is worth a closer look, which takes long: the longest word of each secret; None where that is all."""
        from ahocorasick_rs import BytesAhoCorasick

        written = (_BETWEEN.split(secret.words[:_LONGEST].casefold()) for secret in self._worded.values())
        longest = [max((word for word in words if word.isascii()), key=len, default="") for words in written]
        return BytesAhoCorasick([word.encode() for word in {*longest}] + _HIDING) if all(longest) else None

    @cached_property
    def _words(self) -> AhoCorasick:
        from ahocorasick_rs import AhoCorasick

        return AhoCorasick(list(self._worded))

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
    return Guard(tuple(sorted({secret for secret in secrets if secret.words.strip()}, key=lambda s: (s.file, s.words, s.exact))))


def _forms(words: str) -> Iterator[str]:
    apart = unicodedata.normalize("NFD", words)
    joined = "".join(words.split())  # as names of accounts are
    together = (joined, joined.lower()) if words.count(" ") in (1, 2) else ()
    for form in dict.fromkeys((words, words.upper(), apart, apart.upper(), *together)):
        yield form
        if not form.isascii():
            yield quote(form)
            yield form.encode("ascii", "xmlcharrefreplace").decode()
        yield escape(form, quote=False)
        yield escape(form)
        yield form.replace("&", "&amp;").replace('"', "&#34;").replace("'", "&#39;").replace("<", "&lt;").replace(">", "&gt;")
        yield json.dumps(form)[1:-1]
        yield json.dumps(form, ensure_ascii=False)[1:-1]


def _words(text: str) -> str:
    """The words of a text in small letters with a space between each two, whatever stood there."""
    if "\\" in text:
        text = _JSON_SPACE.sub(" ", _JSON.sub(lambda found: chr(int(found[1], 16)), text))
    if "%" in text:
        text = unquote(text, errors="ignore")
    if "&" in text:
        text = unescape(text)
    if not text.isascii():
        text = _ACCENTS.sub("", unicodedata.normalize("NFD", fold(text).translate(_UNSEEN)))
    return _BETWEEN.sub(" ", text.casefold()).strip()


def _shown(text: str) -> Iterator[str]:
    """A text with markup as it may be read: as it stands, and without tags, which stand within words or between them."""
    yield text
    bare = _COMMENT.sub("", text)
    yield _TAG.sub("", bare)
    yield _TAG.sub(" ", bare)


def _is_whole(data: bytes, start: int, end: int) -> bool:
    """Whether data[start:end] is no part of a longer word, or, if it is an id, of a longer id."""
    if data[end : end + 1] in (b"-", b"_") and b"/" in data[start:end]:
        return False
    before = start == 0 or not (_in_word(data[start - 1]) and _in_word(data[start]))
    return before and (end == len(data) or not (_in_word(data[end - 1]) and _in_word(data[end])))


def _in_word(byte: int) -> bool:
    return byte >= 0x80 or chr(byte).isalnum()
