"""Connections: one that asks nothing for a while, or does not take its answer, is closed, so that others are not kept out.

A head that never ends, a body that nobody reads, a line that says nothing, an answer that is read a byte now and then:
uvicorn itself waits for them for ever.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle


class Line(H11Protocol):
    """A connection. A response under way, as an event stream is, may take as long as it likes, while what was sent is taken."""

    patience = 15.0  # seconds
    # Bytes that the system holds for us: of the megabytes that it would, a slow reader could not take a third in time.
    held = 128 * 1024

    _timer: asyncio.TimerHandle | None = None
    _full: asyncio.TimerHandle | None = None
    _last: RequestResponseCycle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, self.held)
        self._timer = self.loop.call_later(self.patience, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self._timer, self._full):
            if timer:
                timer.cancel()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """More waits to be sent than uvicorn holds: the other side has to take most of that in time."""
        super().pause_writing()
        self._full = self.loop.call_later(self.patience, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._full:
            self._full.cancel()

    def _look(self) -> None:
        cycle: Any = self.cycle
        answering = cycle is not None and not cycle.response_complete
        if not answering and cycle is self._last:
            self.transport.abort()
            return
        self._last = cycle
        self._timer = self.loop.call_later(self.patience, self._look)
