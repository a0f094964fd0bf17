"""What the ledgers of addresses and of paragraphs are told: what there is. Only a command does; a build never writes content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from msgspec.structs import replace

from sitegen.build import pipeline, planning, reading
from sitegen.build.content import Content
from sitegen.build.memo import Input, Memo
from sitegen.build.paragraphs import Recorder, rows_now
from sitegen.build.pool import Pool
from sitegen.build.run import Mode
from sitegen.build.searching import Indexing, page_of
from sitegen.config import Config
from sitegen.convert.collection import write_bytes
from sitegen.errors import SiteError
from sitegen.model import paragraphs
from sitegen.relate import ledger
from sitegen.relate.urls import DATA, NOT_FOUND


class Recording(msgspec.Struct, frozen=True):
    """What the ledgers do not have yet: addresses, and pages whose paragraphs changed. data, paragraphs: the files with these."""

    new: Sequence[str]
    data: bytes
    changed: Sequence[str]
    paragraphs: bytes


def recording(config: Config, memo: Memo, mode: Mode, pool: Pool) -> Recording:
    """What recording every page that is published would write.

    Raises: SiteError where a ledger has lines that cannot be read: written anew, it would be without them.
    """
    theme = pipeline.load_theme(config, memo)
    content = reading.read(config, theme, memo, mode, pool)
    if content.ledger.issues:
        # Their places are below the content folder.
        issues = content.ledger.issues
        wrong = [replace(issue, span=replace(issue.span, path=str(config.content / issue.span.path))) for issue in issues]
        raise SiteError("the ledgers have errors", issues=pipeline.final(wrong, config, mode))
    search = page_of(config, content, theme, memo, Indexing.NONE)
    setting = planning.setting_of(config, content.index, theme, search)
    urls = {page.url for page in planning.planned_pages(content, setting, memo)} | ({DATA} if config.exports else set())
    known = content.ledger.rows
    new = sorted(urls - known.keys() - {NOT_FOUND})
    day = mode.today.isoformat()
    before = _paragraphs(content)
    rows = before | _rows(content, before, pool, raw_html=config.raw_html)
    changed = sorted(url for url in rows if rows[url] != before.get(url))
    return Recording(
        new, ledger.written([*known.values(), *(ledger.Row(url, day) for url in new)]), changed, paragraphs.written(rows)
    )


def _paragraphs(content: Content) -> dict[str, str]:
    """The rows of the ledger of paragraphs, as they stand."""
    file = next((file for file in content.tree.kept if file.path == paragraphs.FILE), None)
    return paragraphs.read(file.read())[0] if file else {}


def _rows(content: Content, before: Mapping[str, str], pool: Pool, *, raw_html: bool) -> dict[str, str]:
    """The row of each page that has a text. A text that another was joined to has the ids of both."""
    inputs = [Input(text.path, content.files[text.path].full) for text in content.written.values()]
    recorder = Recorder(content.known.recorded, raw_html)
    return {url: row for batch in pool.run(rows_now, recorder, inputs) for url, row in batch if row or url in before}


def record(config: Config, found: Recording) -> None:
    """Write the ledgers. Raises: OSError."""
    if found.new:
        write_bytes(config.content, config.content / ledger.FILE, found.data)
    if found.changed:
        write_bytes(config.content, config.content / paragraphs.FILE, found.paragraphs)
