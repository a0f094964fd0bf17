"""What commands stand on: the configuration, how a build is to be made, who decides, and the lock."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from sitegen.cli.terms import echo
from sitegen.errors import SiteError

if TYPE_CHECKING:
    from sitegen.build.pool import Pool
    from sitegen.build.run import Mode
    from sitegen.config import Config
    from sitegen.review.decide import Clerk


T = TypeVar("T")


def recover(config: Config) -> None:
    """Finish what an earlier run was stopped at, and say so."""
    from sitegen.build.lock import JOURNAL

    if not (config.memo / JOURNAL).exists():
        return
    from sitegen.review.files import recover

    if said := patiently(lambda: recover(config.content, config.memo)):
        echo(f"note: {said}", err=True)


def patiently(work: Callable[[], T]) -> T:
    """What `work` gives: another run that holds the lock, as a preview that builds, is waited for."""
    from sitegen.build.lock import waiting

    return waiting(work, busy=lambda: echo("note: another sitegen is at work: waiting for it", err=True))


def in_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def clerk_of(config: Config, why: str = "") -> Callable[[], Clerk]:
    """Who decides, and when it is now."""
    from sitegen.review.decide import Clerk

    who = who_decides(config.root)
    return lambda: Clerk(who, dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), why)


def who_decides(root: Path) -> str:
    """Who decides: as git knows them, else by their login."""
    import getpass
    import subprocess

    found = []
    for key in ("user.name", "user.email"):
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            done = subprocess.run(["git", "config", key], cwd=root, capture_output=True, text=True, check=True, timeout=10)
            found.append(done.stdout.strip())
    if found and found[0]:
        return found[0] if len(found) < 2 or not found[1] else f"{found[0]} <{found[1]}>"
    with contextlib.suppress(OSError, KeyError, ImportError):
        return getpass.getuser()
    return "unknown"


def config_at(directory: Path) -> Config:
    from sitegen.config import load

    return load(directory)


def mode_of(
    *, strict: bool, drafts: bool, paranoid: bool = False, search: bool = True, exports: bool = True, preview: bool = False,
    target: str = "",
) -> Mode:  # fmt: skip
    from sitegen.build.run import Mode
    from sitegen.build.searching import Indexing

    indexing = (Indexing.KEPT if preview else Indexing.MADE) if search else Indexing.NONE
    return Mode(today(), drafts, strict, paranoid, indexing, preview, exports, target)


def today() -> dt.date:
    """The day; a build of a past day can be made again, as reproducible builds do it."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    try:
        return dt.datetime.fromtimestamp(int(epoch), dt.UTC).date() if epoch else dt.date.today()
    except (ValueError, OverflowError, OSError) as error:
        raise SiteError(f'SOURCE_DATE_EPOCH is "{epoch}"', help="seconds since 1970, or unset it") from error


def pool_of(jobs: int, executor: str = "") -> Pool:
    from sitegen.build.pool import Pool

    if not executor:
        return Pool.of(jobs)
    if not executor.startswith("dask://"):
        raise SiteError(f'"{executor}" is no executor', help="the address of a Dask scheduler: dask://HOST:PORT")
    return Pool.dask(executor.removeprefix("dask://"))
