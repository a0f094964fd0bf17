"""A theme's assets as they are published: minified, and under names that tell their bytes.

Pure. A path is that of a file below the output folder: "assets/site.css". What is named by its bytes lies in one folder,
so that one rule tells every host that it never changes. References between files are followed: `url()` and `@import` of
CSS, `import` and `new URL("…", import.meta.url)` of JavaScript, where they stand as text in quotes.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Set
from hashlib import blake2b
from typing import Final

import msgspec

FOLDER: Final = "assets/"
FIXED: Final = "assets/fixed/"
MINIFIERS: Final = ("rcssmin", "rjsmin")
_DIGITS = 10
_QUOTED = r"""(?:"(?P<{0}2>[^"\\\n]*)"|'(?P<{0}1>[^'\\\n]*)')"""
_IN_CSS = re.compile(
    rf"""\burl\(\s*(?:{_QUOTED.format("u")}|(?P<u0>[^\s"'()\\]+))\s*\)|@import\s*{_QUOTED.format("i")}""", re.IGNORECASE
)
_IN_JS = re.compile(
    rf"""(?<![.\w$])(?:from\s*|import\s*\(?\s*){_QUOTED.format("m")}|\bnew\s+URL\(\s*{_QUOTED.format("u")}\s*,\s*import\.meta\.url"""
)
_FOREIGN = re.compile(r"[a-z][a-z0-9+.-]*:|//|#", re.IGNORECASE)


class Published(msgspec.Struct, frozen=True):
    """A file as it is published: its path, and its bytes."""

    path: str
    data: bytes


def published(
    files: Mapping[str, bytes], named: Set[str], *, minified: bool, elsewhere: Mapping[str, str] | None = None
) -> dict[str, Published]:
    """The files by the paths that a theme knows them by.

    named: those whose names are to tell their bytes; what they refer to is named so, too. elsewhere: the published paths of
    files that others make. A name changes with the bytes of its file, and of those it refers to.
    """
    elsewhere = elsewhere or {}
    made = {path: minify(path, data) if minified else data for path, data in files.items()}
    leads = {path: {to for *_, to in _references(path, data) if to in made or to in elsewhere} for path, data in made.items()}
    fixed = {path: _reached(path, leads) for path in sorted(_reached_of(named & made.keys(), leads)) if path in made}
    paths = {**{path: path for path in made}, **elsewhere}
    for path, reached in fixed.items():
        state = blake2b(digest_size=_DIGITS // 2)
        for other in sorted(reached):
            data = made.get(other, b"")
            state.update(f"{other}\0{elsewhere.get(other, '')}\0{len(data)}\0".encode() + data)
        paths[path] = named_by(path, state.hexdigest())
    return {path: Published(paths[path], _led(path, data, paths)) for path, data in made.items()}


def named_by(path: str, digest: str) -> str:
    """The path that an asset is published at, by a digest of what it is made of."""
    stem, dot, ending = path.removeprefix(FOLDER).rpartition(".")
    return f"{FIXED}{stem}.{digest[:_DIGITS]}.{ending}" if dot else f"{FIXED}{ending}.{digest[:_DIGITS]}"


def minify(path: str, data: bytes) -> bytes:
    """A style sheet or script that means the same in fewer bytes; anything else as it is."""
    minifier = _minifier(path)
    if minifier is None:
        return data
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data
    return minifier(text).encode()


def _minifier(path: str) -> Callable[[str], str] | None:
    # What these two leave out is white space and comments, in time linear in the text: no rule is merged, no name shortened.
    if path.endswith(".css"):
        from rcssmin import cssmin

        return lambda text: str(cssmin(text, keep_bang_comments=True))
    if path.endswith((".js", ".mjs")):
        from rjsmin import jsmin

        return lambda text: str(jsmin(text, keep_bang_comments=True))
    return None


def _references(path: str, data: bytes) -> Iterator[tuple[int, int, str, str]]:
    """The places in a text that name another file: where it begins and ends, what stands there, and the path it means."""
    pattern = _IN_CSS if path.endswith(".css") else _IN_JS if path.endswith((".js", ".mjs")) else None
    if pattern is None:
        return
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return
    for found in pattern.finditer(text):
        name = next(name for name, value in found.groupdict().items() if value is not None)
        said = found[name]
        bare = pattern is _IN_JS and name.startswith("m") and not said.startswith(("./", "../", "/"))
        if said and not bare and not _FOREIGN.match(said):
            yield (*found.span(name), said, _meant(path, said))


def _meant(path: str, said: str) -> str:
    """The path that a reference in a file means, without query and fragment."""
    plain = re.split(r"[?#]", said, maxsplit=1)[0]
    return posixpath.normpath(posixpath.join("/" + posixpath.dirname(path), plain)).lstrip("/")


def _led(path: str, data: bytes, paths: Mapping[str, str]) -> bytes:
    """The bytes of a file whose references lead to where the others are published."""
    found = list(_references(path, data))
    here = posixpath.dirname(paths[path])
    if not found or (here == posixpath.dirname(path) and all(paths.get(to, to) == to for *_, to in found)):
        return data
    text, at, parts = data.decode(), 0, []
    for begin, end, said, to in found:
        if said.startswith("/") and to not in paths:
            continue  # no file of the theme
        rest = said[len(re.split(r"[?#]", said, maxsplit=1)[0]) :]
        way = posixpath.relpath("/" + paths.get(to, to), "/" + here)
        parts += [text[at:begin], way if way.startswith("../") else f"./{way}", rest]
        at = end
    return "".join([*parts, text[at:]]).encode()


def _reached(path: str, leads: Mapping[str, Set[str]]) -> set[str]:
    return _reached_of({path}, leads)


def _reached_of(paths: Set[str], leads: Mapping[str, Set[str]]) -> set[str]:
    """The files that some lead to, and these."""
    reached, waiting = set(paths), list(paths)
    while waiting:
        new = leads.get(waiting.pop(), set()) - reached
        reached |= new
        waiting += new
    return reached
