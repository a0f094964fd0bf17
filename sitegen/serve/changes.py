"""What builds changed and what they complain of, carried from the thread that builds to every page that is open.

Each change has an id, "<run>-<number>". A page says which it saw last and is told all later ones, so that
nothing is missed between a page's loading and its listening, over a lost connection, or in a sleep. An
id of another run, or one that is no longer remembered, is answered with "*": anything may have changed.
Complaints are a state and no history: whoever begins to listen is told those that stand.
That a build has ended, whatever came of it, is told apart: what waits for a decision may be other though no page is.
A page says, too, which one it is: what is looked at is made first. One that is hidden stops listening, and is remembered.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import threading
from collections import deque
from collections.abc import AsyncIterator, Iterable

import msgspec

EVERYTHING = ("*",)
_REMEMBERED = 64
# Beyond this a list of addresses says less than "*" and costs more.
_MOST = 1000
_LISTENERS = 256
_OPEN = 32  # pages that were listening a while ago, and may be open still
_LONGEST = 1000  # letters of a page's address


class Change(msgspec.Struct, frozen=True):
    """One build's changed site paths; `id` is what a page that saw it knows."""

    id: str
    urls: tuple[str, ...]


class Complaints(msgspec.Struct, frozen=True):
    """What the last build stopped at, as JSON; "[]" where it went through."""

    json: bytes = b"[]"


class Built(msgspec.Struct, frozen=True):
    """A build has ended, or whoever listens has just begun to."""


News = Change | Complaints | Built


class _Listener(msgspec.Struct, eq=False):
    """A page that is open. page: its site path; told: the number of the complaints it has heard, built: of builds."""

    loop: asyncio.AbstractEventLoop
    page: str = ""
    news: asyncio.Event = msgspec.field(default_factory=asyncio.Event)
    told: int = -1
    built: int = -1


class Changes:
    """The history of one run of the server. `publish`, `hold` and `close` may be called from any thread."""

    def __init__(self) -> None:
        self._run = secrets.token_hex(4)
        self._count = 0
        self._history: deque[tuple[str, ...]] = deque(maxlen=_REMEMBERED)
        self._listeners: dict[_Listener, None] = {}
        self._left: dict[str, None] = {}
        self._complaints, self._complained = Complaints(), 0
        self._builds = 0
        self._lock = threading.Lock()
        self._closed = False

    @property
    def latest(self) -> str:
        """The id of the last change."""
        return f"{self._run}-{self._count}"

    @property
    def full(self) -> bool:
        """Whether no more pages can listen."""
        return len(self._listeners) >= _LISTENERS

    @property
    def open(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The site paths of the pages that are looked at, and of those that were, each with the latest first."""
        with self._lock:
            seen = dict.fromkeys(listener.page for listener in reversed(self._listeners) if listener.page)
            return tuple(seen), tuple(page for page in reversed(self._left) if page not in seen)

    def publish(self, urls: Iterable[str]) -> None:
        """Tell every listener; no urls, no change."""
        changed = tuple(urls)
        if not changed:
            return
        with self._lock:
            self._history.append(changed if len(changed) <= _MOST else EVERYTHING)
            self._count += 1
        self._wake()

    def hold(self, json: bytes) -> None:
        """Tell every listener what stops the build: a JSON list, empty where nothing does."""
        with self._lock:
            if json == self._complaints.json:
                return
            self._complaints = Complaints(json)
            self._complained += 1
        self._wake()

    def built(self) -> None:
        """Tell every listener that a build has ended and all that hangs on it is known."""
        with self._lock:
            self._builds += 1
        self._wake()

    def close(self) -> None:
        """End every `since`."""
        with self._lock:
            self._closed = True
        self._wake()

    async def since(self, seen: str, page: str = "", *, beat: float = 15.0) -> AsyncIterator[News | None]:
        """First the complaints that stand, then every change after the one with the id `seen`, new complaints and the ends of
        builds, as they come.

        page: the site path of the page that listens. None where `beat` seconds passed without news.
        """
        listener = _Listener(asyncio.get_running_loop(), page if page.startswith("/") and len(page) <= _LONGEST else "")
        with self._lock:
            self._listeners[listener] = None
        try:
            while not self._closed:
                listener.news.clear()
                with self._lock:
                    complaints, number = self._complaints, self._complained
                if number != listener.told:
                    listener.told = number
                    yield complaints
                    continue
                if change := self._after(seen):
                    seen = change.id
                    yield change
                    continue
                if listener.built != (number := self._builds):
                    listener.built = number
                    yield Built()
                    continue
                try:
                    await asyncio.wait_for(listener.news.wait(), beat)
                except TimeoutError:
                    yield None
        finally:
            with self._lock:
                del self._listeners[listener]
                self._leave(listener.page)

    def _leave(self, page: str) -> None:
        if page:
            self._left.pop(page, None)
            self._left[page] = None
        while len(self._left) > _OPEN:
            del self._left[next(iter(self._left))]

    def _after(self, seen: str) -> Change | None:
        """All that came after `seen`, as one change."""
        with self._lock:
            if seen == self.latest:
                return None
            run, _, number = seen.partition("-")
            known = run == self._run and number.isascii() and number.isdigit() and len(number) < 10
            missed = self._count - int(number) if known else -1
            if not 0 < missed <= len(self._history):
                return Change(self.latest, EVERYTHING)
            recent = list(self._history)[-missed:]
            return Change(self.latest, tuple(dict.fromkeys(url for urls in recent for url in urls)))

    def _wake(self) -> None:
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            with contextlib.suppress(RuntimeError):  # its loop has ended
                listener.loop.call_soon_threadsafe(listener.news.set)
