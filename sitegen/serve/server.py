"""Build, serve, watch, rebuild: the preview from its start to Ctrl-C.

The main thread serves; one more thread waits for changes and builds, one build at a time. A build that
fails is told, and the last good output stays on show.
"""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import threading
import time
import traceback
import webbrowser
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import uvicorn
from starlette.routing import BaseRoute

from sitegen.build.ahead import Ahead
from sitegen.build.lock import waiting
from sitegen.config import Config
from sitegen.errors import SiteError
from sitegen.model.ids import output_path
from sitegen.review.decide import Clerk
from sitegen.serve.access import Access
from sitegen.serve.app import preview
from sitegen.serve.bench import Bench
from sitegen.serve.editor import Editor
from sitegen.serve.files import Shown
from sitegen.serve.idle import Idle
from sitegen.serve.lines import Line
from sitegen.serve.problems import problems
from sitegen.serve.review_routes import review_routes
from sitegen.serve.source_routes import sources_of
from sitegen.serve.watch import Watch

if TYPE_CHECKING:
    from sitegen.build.pipeline import Report

# Of the files that may have changed, None for any.
Rebuild = Callable[["Collection[Path] | None"], "Report"]
Build = Callable[["Collection[Path] | None", Ahead], "Report"]
Tell = Callable[["Report | SiteError", float], None]
_PORTS_TRIED = 100
_OUTSIDE = frozenset({"", "0.0.0.0", "::"})
_CONNECTIONS = 1000
_LARGEST_HEAD = 64 * 1024


def serve(
    config: Config, watched: Sequence[Path], build: Build, tell: Tell, *,
    settle: Callable[[], None], idle: Idle, clerk: Callable[[], Clerk],
    host: str, port: int, browse: bool, say: Callable[[str], None],
) -> None:  # fmt: skip
    """Serve a preview of a collection until Ctrl-C, and rebuild it whenever one of the watched folders changes.

    config: as the preview builds it. `tell` gets each build's report, or what made it impossible, and its seconds; it is
    called from another thread after the first. `watched`: see Watch. settle: what can wait until a
    build has been shown; idle: what waits until nobody has edited for a while, and then calls for another build. clerk:
    who decides in the review, and when it is now.
    Raises: SiteError where the address cannot be listened on.
    """
    shown = Shown(config.output)
    editor = Editor.of(config.editor, os.environ)
    bench = Bench(config, clerk)
    show = Show(shown, config.root, editor, bench.built)
    ahead = Ahead(show.wanted, show.early)

    def rebuild(changed: Collection[Path] | None) -> Report:
        return build(changed, ahead)

    with listen(host, port) as listener, contextlib.suppress(KeyboardInterrupt):
        taken = listener.getsockname()[1]
        access = Access(taken)
        server = Server(shown, host, [*sources_of(config, editor), *review_routes(bench, access, editor)])
        with Watch(watched, apart=config.output) as watch:
            show(built(rebuild, tell))
            with rebuilding(watch, rebuild, tell, show, settle), idle.running(lambda: watch.changed(config.memo)):
                moved = "" if port in (0, taken) else f"Port {port} is taken. "
                say(f"{moved}Serving at {address(host, taken)} (Ctrl-C stops)")
                here = f"{address('127.0.0.1' if host in _OUTSIDE else host, taken)}_review?token={access.token}"
                say(f"Review at {here}")
                if browse:
                    webbrowser.open(f"{here}&next=/")
                server.run([listener])


class Server(uvicorn.Server):
    """A quiet uvicorn that lets go of open event streams when it stops."""

    def __init__(self, shown: Shown, host: str, more: Sequence[BaseRoute] = ()) -> None:
        super().__init__(uvicorn.Config(
            preview(shown, host, more), access_log=False, log_config=None, log_level="error", lifespan="off", ws="none",
            server_header=False, timeout_graceful_shutdown=5, proxy_headers=False, limit_concurrency=_CONNECTIONS,
            h11_max_incomplete_event_size=_LARGEST_HEAD, http=Line,
        ))  # fmt: skip
        self._changes = shown.changes

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._changes.close()
        await super().shutdown(sockets)


class Show(msgspec.Struct, frozen=True):
    """Carries what a build came to over to the browsers. root: the collection. after: told the files that had changed."""

    shown: Shown
    root: Path
    editor: Editor
    after: Callable[[Sequence[Path]], None] = lambda _: None
    _told: set[str] = msgspec.field(default_factory=set)  # of the build under way

    def wanted(self) -> list[list[str]]:
        """The files of the pages that are looked at, and of those that are open otherwise."""
        return [[output_path(url) for url in urls] for urls in self.shown.changes.open]

    def early(self, paths: Sequence[str]) -> None:
        """Files went ahead of the rest of a build, or went back."""
        self._told.symmetric_difference_update(paths)
        self.shown.publish(map(site_path, paths))

    def __call__(self, result: Report | SiteError, because: Sequence[Path] = ()) -> None:
        synced = None if isinstance(result, SiteError) else result.synced
        written, removed = (synced.written, synced.removed) if synced else ([], [])
        names = [path.relative_to(self.root).as_posix() for path in because if path.is_relative_to(self.root)]
        written = [path for path in written if path not in self._told]
        self._told.clear()
        self.shown.publish(map(site_path, written), [site_path(path) for path in removed], names)
        self.shown.changes.hold(problems(result, self.root, self.editor.link))
        self.after(because)
        self.shown.changes.built()


@contextlib.contextmanager
def rebuilding(
    watch: Watch, rebuild: Rebuild, tell: Tell, show: Callable[..., None], settle: Callable[[], None] = lambda: None
) -> Iterator[None]:
    """Build again after each burst of changes, in a thread of its own, until the block ends."""

    def run() -> None:
        settled(settle)
        while watch.wait():
            changed = watch.burst
            try:
                show(built(rebuild, tell, changed), changed or ())
                settled(settle)
            except Exception as error:  # this thread is all that keeps the pages true
                tell(_fault(error), 0.0)

    thread = threading.Thread(target=run, name="sitegen-rebuild")
    thread.start()
    try:
        yield
    finally:
        watch.close()
        thread.join()


def settled(settle: Callable[[], None]) -> None:
    """Do what could wait; what cannot be done now, the next build does."""
    with contextlib.suppress(SiteError, OSError):
        waiting(settle)


def built(rebuild: Rebuild, tell: Tell, changed: Collection[Path] | None = None) -> Report | SiteError:
    """Build once, and tell how it went. No failure gets out. changed: the files that may have, None for any."""
    started = time.perf_counter()
    result: Report | SiteError
    try:
        result = waiting(lambda: rebuild(changed))
    except SiteError as error:
        result = error
    except OSError as error:
        result = SiteError(f"{error.filename or 'the build'}: {error.strerror or error}", help="check space and permissions")
    except Exception as error:
        result = _fault(error)
    with contextlib.suppress(OSError):  # a terminal that is gone is no reason to stop
        tell(result, time.perf_counter() - started)
    return result


def _fault(error: Exception) -> SiteError:
    place = traceback.extract_tb(error.__traceback__)[-1]
    return SiteError(f"the build failed: {type(error).__name__}: {error} ({Path(place.filename).name}:{place.lineno})",
                     help="this is a fault of sitegen, not of your content: please report it")  # fmt: skip


def site_path(path: str) -> str:
    """The site path of an output file: people/index.html is shown at /people/."""
    folder, slash, name = path.rpartition("/")
    return f"/{folder}{slash}" if name == "index.html" else f"/{path}"


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on `port`, or on the next free one; 0 takes any.

    Raises: SiteError where none can be had.
    """
    ports = range(port, min(port + _PORTS_TRIED, 65536)) if port else (0,)
    try:
        family, _, _, _, (name, *_) = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        for candidate in ports:
            try:
                return socket.create_server((str(name), candidate), family=family)
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
    except OSError as error:
        raise SiteError(f"cannot listen on {host} port {port}: {error.strerror}",
                        help="try --host 127.0.0.1, or a --port above 1023") from error  # fmt: skip
    raise SiteError(f"every port from {ports[0]} to {ports[-1]} is taken", help="try --port 0, which takes any that is free")


def address(host: str, port: int) -> str:
    """Where a browser on this machine finds the preview."""
    shown = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{shown}]:{port}/" if ":" in shown else f"http://{shown}:{port}/"
