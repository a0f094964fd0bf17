"""What builds changed, carried from the thread that builds to every page that is open.

Each change has an id, "<run>-<number>". A page says which it saw last and is told all later ones, so that
nothing is missed between a page's loading and its listening, over a lost connection, or in a sleep. An
id of another run, or one that is no longer remembered, is answered with "*": anything may have changed.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import threading
from collections import deque
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass

EVERYTHING = ("*",)
_REMEMBERED = 64
# Beyond this a list of addresses says less than "*" and costs more.
_MOST = 1000


@dataclass(frozen=True, slots=True)
class Change:
    """One build's changed site paths; `id` is what a page that saw it knows."""

    id: str
    urls: tuple[str, ...]


class Changes:
    """The history of one run of the server. `publish` and `close` may be called from any thread."""

    def __init__(self) -> None:
        self._run = secrets.token_hex(4)
        self._count = 0
        self._history: deque[tuple[str, ...]] = deque(maxlen=_REMEMBERED)
        self._listeners: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}
        self._lock = threading.Lock()
        self._closed = False

    @property
    def latest(self) -> str:
        """The id of the last change."""
        return f"{self._run}-{self._count}"

    def publish(self, urls: Iterable[str]) -> None:
        """Tell every listener; no urls, no change."""
        changed = tuple(urls)
        if not changed:
            return
        with self._lock:
            self._history.append(changed if len(changed) <= _MOST else EVERYTHING)
            self._count += 1
        self._wake()

    def close(self) -> None:
        """End every `since`."""
        with self._lock:
            self._closed = True
        self._wake()

    async def since(self, seen: str, *, beat: float = 15.0) -> AsyncIterator[Change | None]:
        """Every change after the one with the id `seen`, as they come; None where `beat` seconds passed without."""
        news = asyncio.Event()
        with self._lock:
            self._listeners[news] = asyncio.get_running_loop()
        try:
            while not self._closed:
                news.clear()
                if change := self._after(seen):
                    seen = change.id
                    yield change
                    continue
                try:
                    await asyncio.wait_for(news.wait(), beat)
                except TimeoutError:
                    yield None
        finally:
            with self._lock:
                del self._listeners[news]

    def _after(self, seen: str) -> Change | None:
        """All that came after `seen`, as one change."""
        with self._lock:
            if seen == self.latest:
                return None
            run, _, number = seen.partition("-")
            missed = self._count - int(number) if run == self._run and number.isascii() and number.isdigit() else -1
            if not 0 < missed <= len(self._history):
                return Change(self.latest, EVERYTHING)
            recent = list(self._history)[-missed:]
            return Change(self.latest, tuple(dict.fromkeys(url for urls in recent for url in urls)))

    def _wake(self) -> None:
        with self._lock:
            listeners = list(self._listeners.items())
        for news, loop in listeners:
            with contextlib.suppress(RuntimeError):  # its loop has ended
                loop.call_soon_threadsafe(news.set)
