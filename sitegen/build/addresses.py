"""What the ledger of addresses is told: the pages there are. Only a command does; a build never writes content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sitegen.build import pipeline, planning, reading
from sitegen.build.memo import Memo
from sitegen.build.pool import Pool
from sitegen.build.run import Mode
from sitegen.build.searching import Indexing, page_of
from sitegen.config import Config
from sitegen.convert.collection import write_bytes
from sitegen.relate import ledger, pages


@dataclass(frozen=True, slots=True)
class Recording:
    """The addresses that the ledger does not have yet, and its file with them."""

    new: Sequence[str]
    data: bytes


def recording(config: Config, memo: Memo, mode: Mode, pool: Pool) -> Recording:
    """What recording every page that is published would write."""
    theme = pipeline.load_theme(config)
    content = reading.read(config, theme, memo, mode, pool)
    search = page_of(config, content, theme, memo, Indexing.NONE)
    setting = planning.setting_of(config, content.index, theme, search)
    urls = {page.url for page in planning.planned_pages(content, setting, memo)} | ({pages.DATA} if config.exports else set())
    known = content.ledger.rows
    new = sorted(urls - known.keys() - {pages.NOT_FOUND})
    day = mode.today.isoformat()
    return Recording(new, ledger.written([*known.values(), *(ledger.Row(url, day) for url in new)]))


def record(config: Config, found: Recording) -> None:
    """Write the ledger. Raises: OSError."""
    write_bytes(config.content / ledger.FILE, found.data)
