"""What is done when nobody has edited for a while, in a thread of its own: making the search index of a preview."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator

from sitegen.build import pipeline, reading
from sitegen.build.lock import locked, waiting
from sitegen.build.memo import Memo
from sitegen.build.pool import Pool
from sitegen.build.run import Mode
from sitegen.build.searching import has_page, renew
from sitegen.config import Config
from sitegen.errors import SiteError

_QUIET = 3.0  # seconds


class Idle:
    """Does `work` once no `poke` has come for `quiet` seconds; where it gives True, tells so.

    `fail` is told what made it impossible; it is not tried again before the next poke.
    """

    def __init__(self, work: Callable[[], bool], fail: Callable[[SiteError, float], None], quiet: float = _QUIET) -> None:
        self._work, self._fail, self._quiet = work, fail, quiet
        self._condition = threading.Condition()
        self._due: float | None = None
        self._closed = False

    def poke(self) -> None:
        """Something has happened: wait again."""
        with self._condition:
            self._due = time.monotonic() + self._quiet
            self._condition.notify()

    @contextlib.contextmanager
    def running(self, done: Callable[[], None]) -> Iterator[None]:
        """Work while the block runs. What is under way when it ends is left to itself: the process ends."""
        threading.Thread(target=self._run, args=(done,), name="sitegen-idle", daemon=True).start()
        try:
            yield
        finally:
            with self._condition:
                self._closed = True
                self._condition.notify()

    def _run(self, done: Callable[[], None]) -> None:
        while self._waited():
            began = time.perf_counter()
            try:
                if self._work() and not self._closed:
                    done()
            except SiteError as error:
                self._fail(error, time.perf_counter() - began)

    def _waited(self) -> bool:
        """Wait for a quiet while. False when there is none to come."""
        with self._condition:
            while not self._closed:
                left = None if self._due is None else self._due - time.monotonic()
                if left is not None and left <= 0:
                    self._due = None
                    return True
                self._condition.wait(left)
        return False


def index(config: Config, mode: Mode) -> bool:
    """Make the search index of a preview, where the one there is is older. While Pagefind works, builds can go on.

    Raises: SiteError where the collection cannot be read, or Pagefind fails.
    """

    def read() -> Callable[[], Callable[[Memo], None]] | None:
        with locked(config.memo), Memo.at(config.memo) as memo, Pool.of(1) as pool:
            theme = pipeline.load_theme(config, memo)
            if not has_page(theme):  # else all would be read for nothing, and a save meanwhile would wait for it
                return None
            content = reading.read(config, theme, memo, mode, pool)
            found = None if pipeline.stops(content.issues, mode) else renew(config, content, theme, memo)
            memo.forget()  # what was read, the next build reads
            return found

    def keep() -> None:
        with locked(config.memo), Memo.at(config.memo) as memo:
            kept(memo)
            memo.commit()

    make = waiting(read)
    if make is None:
        return False
    kept = make()
    waiting(keep)
    return True
