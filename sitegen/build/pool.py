"""Work shared out: one task over many items, in batches, here or in other processes or on other machines.

A task is a function of a context (the same for all items) and a batch, and gives a list. The executor is any
of `concurrent.futures`: processes of this machine, or a Dask cluster's. A context travels once to each worker:
a worker that does not have it says so and is sent it with the batch, so none needs to be set up, and a new one
may join at any time. What a lost worker had in hand is done again, item by item; an item that kills its worker
each time is named. What executors need is loaded with the first: few builds of an edit begin one.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence, Sized
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, TypeVar

from sitegen.errors import SiteError

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

T = TypeVar("T")
R = TypeVar("R")
Task = Callable[[Any, Sequence[T]], list[R]]

FEW = 48  # texts or pages
_BATCH = 100
_REMEMBERED = 4
_PATIENCE = 10  # seconds for a scheduler to answer

_numbers = itertools.count()
_contexts: dict[bytes, Any] = {}  # of a worker; those of its parent are inherited by a fork


class Pool:
    """Runs tasks with `jobs` workers; a context manager. With one job, or few items, in this process.

    local: whether workers see this machine's files; else everything travels as bytes. inherits: whether workers that
    start find all that this process knows in their memory. Use `Pool.of(jobs)` or `Pool.dask(address)`.
    """

    def __init__(self, jobs: int, start: Callable[[], Executor] | None, *, local: bool = True, inherits: bool = True) -> None:
        self.jobs, self.local, self.inherits = jobs, local, inherits
        self._start, self._executor = start, None if local else (start() if start else None)
        self._leaving: threading.Thread | None = None  # waits for workers that were told to end
        self._client: Any = None
        self._last: tuple[Any, bytes] | None = None  # a context that may come again, and its token
        self.note = ""
        self.progress: Callable[[int], None] | None = None
        self.meanwhile: Callable[[], None] | None = None  # done by this process once others have work

    @staticmethod
    def of(jobs: int = 0, *, stays: bool = False) -> Pool:
        """A pool of processes of this machine, by default as many as it may use. stays: for a process that will have threads."""
        jobs = jobs or available()
        # A fork is soonest, and inherits; among threads it is not safe.
        forks = sys.platform == "linux" and threading.active_count() == 1 and not stays
        return Pool(jobs, (lambda: _processes(jobs, forks)) if jobs > 1 else None, inherits=forks or jobs == 1)

    @staticmethod
    def dask(address: str) -> Pool:
        """A pool of the workers of a Dask cluster at "HOST:PORT".

        Raises: SiteError where `distributed` is not installed, or there is no scheduler.
        """
        try:
            from distributed import Client
        except ImportError as error:
            raise SiteError("Dask is not installed", help='pip install "sitegen[dask]"') from error
        try:
            client = Client(address, timeout=_PATIENCE)
        except (OSError, TimeoutError, ValueError) as error:
            raise SiteError(f"no Dask scheduler at {address}: {error}", help="start one: dask scheduler") from error
        workers = len(client.scheduler_info()["workers"])
        pool = Pool(max(1, workers), lambda: client.get_executor(pure=False, retries=2), local=False, inherits=False)
        pool._client = client
        return pool

    def run(
        self, task: Task[T, R], context: Any, items: Iterable[T], *, inherit: bool = False, again: bool = False, few: int = FEW,
        ahead: int = 0,
    ) -> Generator[list[R], None, None]:  # fmt: skip
        """The outcomes of the items, batch by batch in their order. Items have a `name`, and are asked for as needed.

        inherit: start the workers anew where that gives them the context, which then need not travel, and let them end with
        the run. again: the context is that of other runs too and does not change, so that it travels once. few: so many
        items are done sooner than a process starts. ahead: so many batches are handed out before the first outcome is waited
        for, where that is more than keeps all workers busy. Closed before its end, it ends its workers, and waits for that.
        Raises: SiteError where an item kills its worker; whatever a task raises.
        """
        rest = iter(items)
        first = list(islice(rest, few))
        alone = self._start is None or (self.local and len(first) < few)
        if alone:
            for batch in _batches(chain(first, rest), itertools.repeat(_BATCH)):
                yield self._told(task(context, batch))
            return
        batches = _batches(chain(first, rest), _sizes(len(items) if isinstance(items, Sized) else None, self.jobs))
        token = self._known(context, again=again)
        if inherit and self.inherits:
            self.close()
        waiting: deque[tuple[Sequence[T], Future[Any]]] = deque()
        most = max(ahead, 2 * self.jobs + 2)
        try:
            while True:
                for batch in islice(batches, most - len(waiting)):
                    waiting.append((batch, self._submit(task, token, None, batch)))
                if meanwhile := self.meanwhile:
                    self.meanwhile = None
                    meanwhile()
                if not waiting:
                    if inherit and self.inherits:
                        self._dismiss()
                    return
                batch, future = waiting.popleft()
                yield self._told(self._result(task, token, context, batch, future))
        except BaseException:
            self._stop(future for _, future in waiting)
            raise

    def close(self) -> None:
        if self._client:
            self._client.close()
        elif self._executor:
            self._executor.shutdown(wait=True, cancel_futures=True)
        self._executor = self._client = None
        self._see_off()

    def _dismiss(self) -> None:
        """Let the workers end, which takes them a while, and go on."""
        if self._executor:
            leaving = threading.Thread(target=self._executor.shutdown, name="sitegen-leaving")
            leaving.start()
            self._leaving, self._executor = leaving, None

    def _see_off(self) -> None:
        """Wait until workers that were told to end are gone, and the threads that serve them: among these none is forked."""
        if self._leaving:
            self._leaving.join()
            self._leaving = None

    def _stop(self, waiting: Iterable[Future[Any]]) -> None:
        """Let nothing more be done. Workers that write here are waited for until they are gone: whoever hears of an
        interruption may count on it that none of them writes, also where it fell between a worker's start and our hearing
        of it, or one of them died of it.
        """
        if self.local:
            self.close()
        else:
            for future in waiting:
                future.cancel()

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _told(self, outcomes: list[R]) -> list[R]:
        if self.progress:
            self.progress(len(outcomes))
        return outcomes

    def _submit(self, task: Task[T, R], token: bytes, context: bytes | None, batch: Sequence[T]) -> Future[Any]:
        from concurrent.futures import BrokenExecutor, Future

        assert self._start
        try:
            with _uninterrupted():
                if self._executor is None:
                    self._see_off()
                    self._executor = self._start()
                return self._executor.submit(_work, task, token, context, batch)
        except BrokenExecutor as error:  # a worker died while nothing was asked of it
            failed: Future[Any] = Future()
            failed.set_exception(error)
            return failed

    def _result(self, task: Task[T, R], token: bytes, context: Any, batch: Sequence[T], future: Future[Any]) -> list[R]:
        try:
            return self._found(task, token, context, batch, future)
        except Exception as error:
            if not _is_loss(error):
                raise
            return self._again(task, token, context, batch)

    def _found(self, task: Task[T, R], token: bytes, context: Any, batch: Sequence[T], future: Future[Any]) -> list[R]:
        """What a worker made of a batch; one that does not know the context is sent it."""
        found = future.result()
        if found is None:
            import pickle

            found = self._submit(task, token, pickle.dumps(context, pickle.HIGHEST_PROTOCOL), batch).result()
        return list(found)

    def _again(self, task: Task[T, R], token: bytes, context: Any, batch: Sequence[T]) -> list[R]:
        """Do a batch again whose worker was lost, item by item."""
        self.note = "a worker process was lost; its work was done again"
        outcomes: list[R] = []
        for item in batch:
            self._renew()
            try:
                outcomes += self._found(task, token, context, [item], self._submit(task, token, None, [item]))
            except Exception as error:
                if not _is_loss(error):
                    raise
                name = getattr(item, "name", item)
                help = "it may need more memory than there is: try --jobs 1, or split the file"
                raise SiteError(f"the process that worked on {name} died, twice", help=help) from error
        return outcomes

    def _renew(self) -> None:
        """A broken pool of processes takes no more work: the next `_submit` starts another."""
        if self.local and self._executor and getattr(self._executor, "_broken", False):
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor = None

    def _known(self, context: Any, *, again: bool) -> bytes:
        if not again or self._last is None or self._last[0] is not context:
            self._last = context, hashlib.blake2b(f"{os.getpid()} {next(_numbers)}".encode(), digest_size=16).digest()
        token = self._last[1]
        if self.local and token not in _contexts:
            _remember(token, context)
        return token


def available() -> int:
    """How many processors this process may use."""
    with contextlib.suppress(AttributeError):
        return len(os.sched_getaffinity(0))  # type: ignore[attr-defined,unused-ignore]
    return os.cpu_count() or 1


def _work(task: Task[T, R], token: bytes, context: bytes | None, batch: Sequence[T]) -> list[R] | None:
    """In a worker: the outcomes of a batch, or None where the context is not known here."""
    if token not in _contexts:
        if context is None:
            return None
        import pickle

        _remember(token, pickle.loads(context))  # from our own parent
    return task(_contexts[token], batch)


def _remember(token: bytes, context: Any) -> None:
    while len(_contexts) >= _REMEMBERED:
        del _contexts[next(iter(_contexts))]
    _contexts[token] = context


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hear a Ctrl-C at the end only. A worker that starts meanwhile does not hear it: it lives on until it is told to end."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are the main thread's
        return
    heard = False

    def hear(*_: object) -> None:
        nonlocal heard
        heard = True

    before = signal.signal(signal.SIGINT, hear)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if heard:
            signal.raise_signal(signal.SIGINT)


def _batches(items: Iterable[T], sizes: Iterable[int]) -> Iterator[Sequence[T]]:
    rest = iter(items)
    for size in sizes:
        batch = list(islice(rest, size))
        if not batch:
            return
        yield batch


def _sizes(count: int | None, jobs: int) -> Iterator[int]:
    """How many items to hand out at once, of so many: ever fewer, so that no worker waits long for the last of another.

    Where their number is not known, a few first: each batch costs the parent as much as a page.
    """
    if count is None:
        yield from itertools.repeat(_BATCH // 4, jobs * 16)
        yield from itertools.repeat(_BATCH)
        return
    while True:
        size = max(8, min(_BATCH, count // (jobs * 4)))
        count -= size
        yield size


def _is_loss(error: Exception) -> bool:
    from concurrent.futures import BrokenExecutor

    return isinstance(error, BrokenExecutor) or type(error).__name__ in ("KilledWorker", "CommClosedError")


def _processes(jobs: int, forks: bool) -> Executor:
    import gc
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    gc.freeze()
    method = "fork" if forks else "spawn"
    return ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context(method), initializer=_begin)


def _end_with_parent() -> None:
    """End this worker once its parent is gone: a forked one would wait for work for ever, and hold the parent's lock."""
    import multiprocessing

    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def _begin() -> None:
    import gc
    from multiprocessing.util import Finalize

    from sitegen import patterns

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to hear
    Finalize(None, patterns.keep, exitpriority=0)
    threading.Thread(target=_end_with_parent, name="sitegen-orphan", daemon=True).start()
    # What was there before is not looked at again; what templates leave behind in circles is, but not too often.
    gc.freeze()
    gc.set_threshold(20_000, 20, 1000)
    gc.enable()
