"""The preview as an ASGI application: the output folder, as a static host shows it, and the reload script.

Refuses: hosts it was not asked to answer to (DNS rebinding), paths and links that lead out of the output
folder, hidden files, listings, and every method but GET and HEAD. Nothing is cached. Pages on disk stay as
they are; the script is added to what is sent.
"""

from __future__ import annotations

import ipaddress
import json
import mimetypes
import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sitegen.serve.changes import Changes

RELOAD = "/_sitegen/reload.js"
EVENTS = "/_sitegen/events"
_ALWAYS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_BODY_END = re.compile(rb"</body\s*>", re.IGNORECASE)
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^\[\]:/@\s]+)(?::[0-9]+)?")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
_WILDCARD = frozenset({"0.0.0.0", "::", "[::]", ""})
# Python's own table, and not the machine's, so that a preview looks alike everywhere.
_TYPES = mimetypes.MimeTypes()
for _suffix, _type in {
    ".atom": "application/atom+xml", ".avif": "image/avif", ".geojson": "application/geo+json", ".js": "text/javascript",
    ".jsonld": "application/ld+json", ".md": "text/markdown", ".mjs": "text/javascript", ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json", ".webp": "image/webp", ".woff": "font/woff", ".woff2": "font/woff2",
    ".xml": "application/xml", ".yaml": "application/yaml",
}.items():  # fmt: skip
    _TYPES.add_type(_type, _suffix)


def preview(output: Path, changes: Changes, host: str) -> Starlette:
    """The application that shows `output` to browsers that ask for `host` or for this machine."""
    script = Path(__file__).with_name("reload.js").read_bytes()

    def reload(_: Request) -> Response:
        return Response(script, media_type="text/javascript")

    def events(request: Request) -> Response:
        seen = request.headers.get("last-event-id") or request.query_params.get("since", "")
        return StreamingResponse(_stream(changes, seen), media_type="text/event-stream")

    def page(request: Request) -> Response:
        return _answer(output, request.scope["path"], request.url.query, changes.latest)

    # `def`, not `async def`: Starlette runs them in threads, and a slow disk keeps no one waiting.
    routes = [Route(RELOAD, reload), Route(EVENTS, events), Route("/{path:path}", page)]
    return Starlette(routes=routes, middleware=[Middleware(_Guard, host=host)])


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


def with_reload(html: bytes, build: str) -> bytes:
    """A page with the reload script before its end."""
    tag = f'<script src="{RELOAD}" data-build="{build}"></script>'.encode()
    ends = list(_BODY_END.finditer(html))
    at = ends[-1].start() if ends else len(html)
    return html[:at] + tag + html[at:]


def _answer(output: Path, path: str, query: str, build: str) -> Response:
    found = find(output, path)
    if found and found.is_dir():
        index = find(output, path.rstrip("/") + "/index.html")
        if index and not path.endswith("/"):
            return RedirectResponse(quote(path) + "/" + (f"?{query}" if query else ""))
        found = index
    elif found and path.endswith("/"):
        found = None
    try:
        if found is None:
            return _not_found(output, build)
        if found.suffix == ".html":
            return Response(with_reload(found.read_bytes(), build), media_type="text/html")
        if not found.is_file():
            return _not_found(output, build)
        with found.open("rb"):  # whether it may be read must be known before the answer has begun
            return FileResponse(found, media_type=media_type(found))
    except (FileNotFoundError, IsADirectoryError):
        return _not_found(output, build)  # a build removed it since
    except OSError as error:
        return PlainTextResponse(f"{path} cannot be read: {error.strerror}", status_code=500)


def _not_found(output: Path, build: str) -> Response:
    page = find(output, "/404.html")
    html = page.read_bytes() if page and page.is_file() else b"<!doctype html><title>Not found</title><body>Not found</body>"
    return Response(with_reload(html, build), status_code=404, media_type="text/html")


async def _stream(changes: Changes, seen: str) -> AsyncIterator[bytes]:
    yield b"retry: 500\n\n"
    async for change in changes.since(seen):
        if change is None:
            yield b":\n\n"  # a comment: finds out whether anyone is left to hear
        else:
            yield f"id: {change.id}\nevent: changed\ndata: {json.dumps(change.urls)}\n\n".encode()


class _Guard:
    """Answers only to the names the server was started for, and puts its headers on every response."""

    def __init__(self, app: ASGIApp, host: str) -> None:
        self._app = app
        self._any_address = host in _WILDCARD
        bracketed = f"[{host}]" if ":" in host and not host.startswith("[") else host
        self._names = _LOOPBACK if self._any_address else _LOOPBACK | {bracketed.lower()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *((k.lower().encode(), v.encode()) for k, v in _ALWAYS.items())]
            await send(message)

        given = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        app = self._app if len(given) == 1 and self._knows(given[0]) else _stranger
        await app(scope, receive, send_marked)

    def _knows(self, given: str) -> bool:
        found = _HOST.fullmatch(given.lower())
        return found is not None and (found[1] in self._names or (self._any_address and _is_address(found[1])))


def _is_address(name: str) -> bool:
    """Whether it is a bare IP address: those cannot be rebound, as no name server is asked for them."""
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


_stranger = PlainTextResponse("This preview does not answer to that host name. To allow it: sitegen serve --host NAME\n", 421)
