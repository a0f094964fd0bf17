"""The preview as an ASGI application: pages, the news of them, the preview's own scripts, and the review.

Refuses: hosts it was not asked to answer to (DNS rebinding), and outside the review every method but GET and HEAD.
Nothing is cached.
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sitegen.serve.changes import Built, Changes, Complaints
from sitegen.serve.files import Shown, media_type
from sitegen.serve.ranges import asked

EVENTS = "/_sitegen/events"
_ALWAYS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^\[\]:/@\s]+)(?::[0-9]+)?")
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
_WILDCARD = frozenset({"0.0.0.0", "::", "[::]", ""})
_CLIENT = Path(__file__).with_name("client")


def preview(shown: Shown, host: str, review: Sequence[BaseRoute] = ()) -> Starlette:
    """The application that shows pages to browsers that ask for `host` or for this machine. review: routes of its own."""

    def own(request: Request) -> Response:
        name = request.path_params["name"]
        known = {path.name: path for path in _CLIENT.iterdir() if path.suffix in (".js", ".css", ".svg")}
        if name not in known:
            return PlainTextResponse("Not found", 404)
        return Response(known[name].read_bytes(), media_type=media_type(known[name]))

    def events(request: Request) -> Response:
        if shown.changes.full:
            return PlainTextResponse("Too many pages are open: close some", 503, {"Retry-After": "5"})
        seen = request.headers.get("last-event-id") or request.query_params.get("since", "")
        page = request.query_params.get("page", "")
        return StreamingResponse(_stream(shown.changes, seen, page), media_type="text/event-stream")

    def page(request: Request) -> Response:
        response = shown.answer(request.scope["path"], request.url.query)
        if isinstance(response, FileResponse) and "range" in request.headers:
            wanted = asked(request.method, request.headers["range"], int(response.headers["content-length"]))
            kept = [header for header in request.scope["headers"] if header[0] != b"range"]
            request.scope["headers"] = [*kept, (b"range", wanted.encode())] if wanted else kept
        return response

    # `def`, not `async def`: Starlette runs them in threads, and a slow disk keeps no one waiting.
    routes = [Route(EVENTS, events), *review, Route("/_sitegen/{name}", own), Route("/{path:path}", page)]
    return Starlette(routes=routes, middleware=[Middleware(_Guard, host=host)])


async def _stream(changes: Changes, seen: str, page: str) -> AsyncIterator[bytes]:
    yield b"retry: 500\n\n"
    async for news in changes.since(seen, page):
        if news is None:
            yield b"event: beat\ndata:\n\n"  # finds out whether anyone is left to hear
        elif isinstance(news, Complaints):
            yield b"event: problems\ndata: " + news.json + b"\n\n"
        elif isinstance(news, Built):
            yield b"event: built\ndata:\n\n"
        else:
            yield f"id: {news.id}\nevent: changed\ndata: {json.dumps(news.urls)}\n\n".encode()


class _Guard:
    """Answers only to the names the server was started for, and puts its headers on every response."""

    def __init__(self, app: ASGIApp, host: str) -> None:
        self._app = app
        self._any_address = host in _WILDCARD
        bracketed = f"[{host}]" if ":" in host and not host.startswith("[") else host
        self._names = LOOPBACK if self._any_address else LOOPBACK | {bracketed.lower()}

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
        name = host_name(given)
        return bool(name) and (name in self._names or (self._any_address and _is_address(name)))


def host_name(given: str) -> str:
    """The name or address in a Host header, "" where it is none."""
    found = _HOST.fullmatch(given.lower())
    return found[1] if found else ""


def _is_address(name: str) -> bool:
    """Whether it is a bare IP address: those cannot be rebound, as no name server is asked for them."""
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


_stranger = PlainTextResponse("This preview does not answer to that host name. To allow it: sitegen serve --host NAME\n", 421)
