"""Connections: one that asks nothing for a while is closed, so that lines held open do not keep others out.

A head that never ends, a body that nobody reads, a line that says nothing: uvicorn itself waits for them for ever.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle


class Line(H11Protocol):
    """A connection. A response under way, as an event stream is, may take as long as it likes."""

    patience = 15.0  # seconds

    _timer: asyncio.TimerHandle | None = None
    _last: RequestResponseCycle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._timer = self.loop.call_later(self.patience, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer:
            self._timer.cancel()
        super().connection_lost(exc)

    def _look(self) -> None:
        cycle: Any = self.cycle
        answering = cycle is not None and not cycle.response_complete
        if not answering and cycle is self._last:
            self.transport.abort()
            return
        self._last = cycle
        self._timer = self.loop.call_later(self.patience, self._look)
