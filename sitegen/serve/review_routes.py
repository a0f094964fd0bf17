"""The addresses of the review: its page, what it is told, and what it may write. All of them ask for the token."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from sitegen.build.lock import waiting
from sitegen.errors import SiteError
from sitegen.review.files import recover
from sitegen.serve import decisions
from sitegen.serve.access import Access, Refused, body_of
from sitegen.serve.bench import LISTS, SUGGESTIONS, Bench, Conflict
from sitegen.serve.editor import Editor
from sitegen.serve.review_views import overview, whole
from sitegen.serve.sources import file_of

PAGE = "/_review"
_POLICY = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"
T = TypeVar("T")


class _Room(msgspec.Struct, frozen=True):
    bench: Bench
    access: Access
    editor: Editor

    def read(self, say: Callable[[Request], Any]) -> Callable[[Request], Awaitable[Response]]:
        """An address that tells something."""

        async def answer(request: Request) -> Response:
            return await _answered(lambda: self.access.check(request), self._held(lambda: say(request)))

        return answer

    def write(self, form: type[T], act: Callable[[Bench, T], str]) -> Callable[[Request], Awaitable[Response]]:
        """An address that takes a decision."""

        async def answer(request: Request) -> Response:
            async def decided() -> Any:
                asked = _form(await body_of(request), form)
                return await self._held(lambda: self._done(act, asked))()

            return await _answered(lambda: self.access.check_write(request), decided)

        return answer

    def _done(self, act: Callable[[Bench, T], str], asked: T) -> dict[str, Any]:
        waiting(lambda: recover(self.bench.config.content, self.bench.config.memo))
        said = waiting(lambda: act(self.bench, asked))
        self.bench.wrote()
        return {"said": said}

    def _held(self, work: Callable[[], Any]) -> Callable[[], Awaitable[Any]]:
        def alone() -> Any:
            with self.bench.held():
                return work()

        return lambda: run_in_threadpool(alone)


class _Open(msgspec.Struct, frozen=True):
    path: str
    line: int = 1
    column: int = 1


class _Nothing(msgspec.Struct, frozen=True):
    pass


def review_routes(bench: Bench, access: Access, editor: Editor) -> list[Route]:
    room = _Room(bench, access, editor)

    def page(request: Request) -> Response:
        if not access.has_token(request):
            return _refusal(Refused(403, "the review needs its token", "open the address that sitegen serve printed"))
        try:
            access.check(request)
        except Refused as refused:
            return _refusal(refused)
        if "token" in request.query_params:  # out of the address: it would stand in the browser's history
            return RedirectResponse(_next(request), headers={"Set-Cookie": access.cookie, "Referrer-Policy": "no-referrer"})
        html = Path(__file__).with_name("client").joinpath("review.html").read_text(encoding="utf-8")
        return HTMLResponse(html, headers={"Content-Security-Policy": _POLICY, "Referrer-Policy": "no-referrer"})

    def me(request: Request) -> Response:
        try:
            access.check(request)
        except Refused:
            return JSONResponse({"review": False})
        return JSONResponse({"review": True, "kinds": bench.kinds})

    def overviewed(request: Request) -> dict[str, Any]:
        name = request.query_params.get("list", SUGGESTIONS)
        return overview(bench, name if name in LISTS else SUGGESTIONS)

    def item(request: Request) -> dict[str, Any]:
        return whole(bench, bench.item(request.query_params.get("key", "")))

    def records(request: Request) -> dict[str, Any]:
        return {"records": decisions.names(bench, request.query_params.get("q", "")[:200])}

    def article(request: Request) -> dict[str, Any]:
        try:
            path = file_of(bench.config.content, request.query_params.get("page", ""))
        except SiteError:  # a page of many files: nothing on it is corrected in one place
            return {"article": ""}
        below = bench.config.content.relative_to(bench.config.root).as_posix()
        article = path.removesuffix(".md")
        notes = bench.seen(path, f"{article}.notes.yaml")
        return {"article": article, "path": f"{below}/{path}", "seen": bench.seen(path), "notes_seen": notes}

    def undo(bench: Bench, _: _Nothing) -> str:
        if not bench.session.done:
            raise SiteError("there is nothing to take back", help="only decisions of this sitting can be undone here")
        return f"taken back: {decisions.undo(bench)}"

    def open_place(bench: Bench, asked: _Open) -> str:
        file = (bench.config.root / asked.path).resolve()
        hidden = any(part.startswith(".") for part in Path(asked.path).parts)
        if hidden or not file.is_relative_to(bench.config.root.resolve()) or not file.is_file():
            raise SiteError(f"{asked.path} is no file of the collection", help="open it by hand")
        editor.open(file, max(1, asked.line), max(1, asked.column))
        return f"{asked.path}:{asked.line}"

    return [
        Route(PAGE, page), Route("/_sitegen/me", me), Route("/_review/list", room.read(overviewed)),
        Route("/_review/item", room.read(item)), Route("/_review/records", room.read(records)),
        Route("/_review/article", room.read(article)),
        Route("/_review/decide", room.write(decisions.Decided, decisions.decide), methods=["POST"]),
        Route("/_review/mention", room.write(decisions.Mentioned, decisions.mention), methods=["POST"]),
        Route("/_review/note", room.write(decisions.Noted, decisions.note), methods=["POST"]),
        Route("/_review/undo", room.write(_Nothing, undo), methods=["POST"]),
        Route("/_review/open", room.write(_Open, open_place), methods=["POST"]),
    ]  # fmt: skip


def _next(request: Request) -> str:
    """Where a browser goes that has shown its token: a page of this server, and no other."""
    wanted = request.query_params.get("next", "")
    return wanted if re.fullmatch(r"/(?:[\w.~-]+/)*", wanted, re.ASCII) else PAGE


async def _answered(check: Callable[[], None], work: Callable[[], Awaitable[Any]]) -> Response:
    try:
        check()
        return JSONResponse(await work())
    except Refused as refused:
        return JSONResponse({"error": refused.message, "help": refused.help}, refused.status, {"Connection": "close"})
    except Conflict as error:
        return JSONResponse({"error": error.message, "help": error.help}, 409)
    except ValueError as error:  # a NUL or half a character in what should be a name
        return JSONResponse({"error": f"that is no name of a file: {error}"}, 422)
    except SiteError as error:
        said = "; ".join(f"{issue.span}: {issue.message}" for issue in error.issues[:3])
        return JSONResponse({"error": f"{error.message}{': ' if said else ''}{said}", "help": error.help}, 422)


def _form(body: dict[str, Any], form: type[T]) -> T:
    try:
        return msgspec.convert(body, form)
    except msgspec.ValidationError as error:
        raise Refused(400, f"that is no decision: {error}") from None


def _refusal(refused: Refused) -> Response:
    return PlainTextResponse(f"{refused.message}\n{refused.help}\n", refused.status)
