"""What a host reads beside the pages, as plans; and what lies in the output folder, held against what the host takes."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sitegen.build.making import Job
from sitegen.build.memo import digest
from sitegen.build.output import Plan
from sitegen.build.room import STAGING
from sitegen.build.unchanged import LEDGER
from sitegen.config import Config
from sitegen.errors import Issue, Severity, Span
from sitegen.publish.assets import FIXED
from sitegen.publish.targets import HEADERS, REDIRECTS, TARGETS, Uploaded, check_rules, written
from sitegen.publish.targets import check as check_uploaded
from sitegen.relate import ledger

if TYPE_CHECKING:
    from sitegen.build.content import Content
    from sitegen.build.planning import Looks

_SPECULATION = "assets/speculation.json"


def plans(target: str, config: Config, content: Content, looks: Looks) -> list[Plan]:
    """The files that the host reads. Where the collection has one of that name, it is that one."""
    setting = looks.setting
    index = setting.search.index if setting.search else ""
    speculation = "/" + _SPECULATION if _SPECULATION in looks.theme.asset_digests() else ""
    fixed = "/" + FIXED if any(path.startswith(FIXED) for path in looks.theme.asset_paths()) else ""
    found = written(TARGETS[target], config.url, moved(content), index=index, speculation=speculation, fixed=fixed)
    own = {file.path for file in content.tree.static}
    return [
        Plan(path, digest(b"file", data), partial(Job, path, data=data), "what the host reads")
        for path, data in found.items()
        if path not in own
    ]


def moved(content: Content) -> list[tuple[str, str]]:
    """Old addresses and those they lead to, in order."""
    authority = content.index.authority
    merged = ((authority.retired[old].url, authority.records[new].url) for old, new in authority.merged.items())
    return sorted([*merged, *ledger.moved(content.ledger, content.addresses.paths)])


def check(target: str, config: Config, content: Content) -> Iterator[Issue]:
    """What the host would not take, of all that lies in the output folder, whoever put it there."""
    host, folder = TARGETS[target], str(config.output)
    yield from check_uploaded(host, _uploaded(config.output), folder, len(moved(content)))
    yield from check_rules(host, dict(_texts(config.output)), folder)
    if config.precompress:
        yield Issue("compressed-already", f"{host.name} compresses what it sends, and sends no file that was compressed ahead",
                    Span(config.file), "build without --precompress for this host", Severity.NOTE)  # fmt: skip


def _texts(folder: Path) -> Iterator[tuple[str, str]]:
    for name in (HEADERS, REDIRECTS):
        with contextlib.suppress(OSError):
            yield name, (folder / name).read_text(encoding="utf-8", errors="replace")


def _uploaded(folder: Path) -> Iterator[Uploaded]:
    for here, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in (STAGING, ".git")]
        linked = [name for name in folders if Path(here, name).is_symlink()]
        for name in (*names, *linked):
            path = Path(here, name)
            if name != LEDGER:
                yield Uploaded(path.relative_to(folder).as_posix(), path.lstat().st_size, path.is_symlink())
