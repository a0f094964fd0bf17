"""The output folder as a static host shows it, with the preview's script added to what is sent.

Refuses: paths and links that lead out of the output folder, hidden files, listings. Pages on disk stay as they are.
"""

from __future__ import annotations

import datetime as dt
import html
import mimetypes
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import quote

import msgspec
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response

from sitegen.serve.changes import Changes

RELOAD = "/_sitegen/reload.js"
_REMEMBERED = 10_000
_BODY_END = re.compile(rb"</body\s*>", re.IGNORECASE)
_MAIN, _BODY = (re.compile(rb"<%s\b[^>]*>" % name, re.IGNORECASE) for name in (b"main", b"body"))
# Python's own table, and not the machine's, so that a preview looks alike everywhere.
_TYPES = mimetypes.MimeTypes()
for _suffix, _type in {
    ".atom": "application/atom+xml", ".avif": "image/avif", ".geojson": "application/geo+json", ".js": "text/javascript",
    ".jsonld": "application/ld+json", ".md": "text/markdown", ".mjs": "text/javascript", ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json", ".webp": "image/webp", ".woff": "font/woff", ".woff2": "font/woff2",
    ".xml": "application/xml", ".yaml": "application/yaml",
}.items():  # fmt: skip
    _TYPES.add_type(_type, _suffix)


class Removal(msgspec.Struct, frozen=True):
    """When a page was removed, and the files that had changed for it: paths as people know them."""

    at: dt.datetime
    because: tuple[str, ...]


class Shown(msgspec.Struct, eq=False):
    """What browsers are shown: the output folder, the news of it, and the pages it has lost."""

    output: Path
    changes: Changes = msgspec.field(default_factory=Changes)
    removed: dict[str, Removal] = msgspec.field(default_factory=dict)

    def publish(self, written: Iterable[str], removed: Sequence[str] = (), because: Sequence[str] = ()) -> None:
        """Take note of a build that wrote and removed pages, and tell those that look at them."""
        written = list(written)
        for url in written:
            self.removed.pop(url, None)
        now = dt.datetime.now()
        for url in removed:
            self.removed[url] = Removal(now, tuple(because))
        while len(self.removed) > _REMEMBERED:
            del self.removed[next(iter(self.removed))]
        self.changes.publish([*written, *removed])

    def answer(self, path: str, query: str) -> Response:
        """What a GET of a decoded path gets."""
        build = self.changes.latest  # taken first: what changes while we read is told again
        found = find(self.output, path)
        if found and found.is_dir():
            index = find(self.output, path.rstrip("/") + "/index.html")
            if index and not path.endswith("/"):
                return RedirectResponse(quote(path) + "/" + (f"?{query}" if query else ""))
            found = index
        elif found and path.endswith("/"):
            found = None
        try:
            if found is None:
                return self._not_found(path, build)
            if found.suffix == ".html":
                return Response(with_reload(found.read_bytes(), build), media_type="text/html")
            if not found.is_file():
                return self._not_found(path, build)
            with found.open("rb") as file:  # whether it may be read must be known before the answer has begun
                return FileResponse(found, media_type=media_type(found), stat_result=os.fstat(file.fileno()))
        except (FileNotFoundError, IsADirectoryError):
            return self._not_found(path, build)  # a build removed it since
        except OSError as error:
            return PlainTextResponse(f"{path} cannot be read: {error.strerror}", status_code=500)

    def _not_found(self, path: str, build: str) -> Response:
        page = find(self.output, "/404.html")
        empty = b'<!doctype html><html lang="en"><meta charset="utf-8"><title>Not found</title><body><main>'
        empty += b"<h1>Not found</h1></main></body></html>"
        sent = page.read_bytes() if page and page.is_file() else empty
        removal = self.removed.get(path.removesuffix("index.html"))
        if removal:
            opening = _MAIN.search(sent) or _BODY.search(sent)
            at = opening.end() if opening else 0
            sent = sent[:at] + _told(path, removal) + sent[at:]
        return Response(with_reload(sent, build), status_code=404, media_type="text/html")


def find(output: Path, path: str) -> Path | None:
    """The file or folder of `output` that a decoded URL path names; None where there is none to be shown."""
    parts = path.removeprefix("/").split("/")
    if parts[-1] == "":
        parts.pop()
    if any(part == "" or part.startswith(".") or "\\" in part or ":" in part for part in parts):
        return None
    try:
        root = output.resolve(strict=True)
        found = root.joinpath(*parts).resolve(strict=True)
    except (OSError, ValueError, RuntimeError):  # not there, a NUL, a name too long, a ring of links
        return None
    if not found.is_relative_to(root) or any(part.startswith(".") for part in found.relative_to(root).parts):
        return None
    return found


def media_type(path: Path) -> str:
    """The content type of a file by its name; texts are UTF-8, as static hosts say of them."""
    guessed, encoding = _TYPES.guess_type(path.name)
    if guessed is None or encoding:
        return "application/octet-stream"
    text = guessed.startswith("text/") or guessed.endswith(("/xml", "+xml"))
    return f"{guessed}; charset=utf-8" if text else guessed


def with_reload(page: bytes, build: str) -> bytes:
    """A page with the preview's script before its end."""
    tag = f'<script src="{RELOAD}" data-build="{build}"></script>'.encode()
    ends = list(_BODY_END.finditer(page))
    at = ends[-1].start() if ends else len(page)
    return page[:at] + tag + page[at:]


def _told(path: str, removal: Removal) -> bytes:
    names = [f"<code>{html.escape(name)}</code>" for name in removal.because[:3]]
    more = f" and {len(removal.because) - 3} more" if len(removal.because) > 3 else ""
    why = f", after a change of {', '.join(names)}{more}" if names else ""
    when = removal.at.strftime("%H:%M:%S")
    said = f"<strong>{html.escape(path)}</strong> was removed at <time>{when}</time>{why}."
    return f'<p class="sitegen-removed" role="status">{said}</p>'.encode()
