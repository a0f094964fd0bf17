"""Build where only a few files were edited since the last build of the same command: from what the memo keeps of that build.

For a process that begins and ends with its build. It is `build.again`, on a standing that is read back: every file but
those that are named is taken as that build met it, and left it (`build.unchanged` has looked). It is read in part where
that will do (`partly`), and then what moved is written beside it; else it is read, and written, as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from sitegen.build import output, partly, pipeline, shelf, shelved
from sitegen.build.again import Standing, again, reaches_far, settle
from sitegen.build.checks import problems
from sitegen.build.lock import complete, locked
from sitegen.build.memo import Memo, MemoError, Rows
from sitegen.build.partly import Shelved
from sitegen.build.pipeline import Left, Report
from sitegen.build.planning import looks_of, setting_of
from sitegen.build.pool import Pool
from sitegen.build.readers import ShelvedReaders
from sitegen.build.reading import recall
from sitegen.build.run import Mode
from sitegen.build.searching import Indexing, has_page, page_of
from sitegen.build.shelf import Digests, Shelf, Unshelved
from sitegen.build.shelved import Since
from sitegen.config import Config
from sitegen.relate.cells import cells_from
from sitegen.render.theme import Theme

# What is not on the shelf; and what comes of parts that do not fit together, of one that no build filled.
UNFIT: tuple[type[Exception], ...] = (Unshelved, msgspec.MsgspecError, LookupError, ValueError, ArithmeticError)
_MUCH = 1_000_000  # bytes that moved: then all is written anew


def build(config: Config, memo: Memo, mode: Mode, pool: Pool, edited: Sequence[str]) -> Report:
    """What `pipeline.build` makes of the collection, sooner where it can be.

    edited: by their paths in the content, the files that alone were edited since the last build in this mode.
    Raises: as `pipeline.build`.
    """
    try:
        with locked(config.memo):
            complete(config.memo)
            if report := _resumed(config, memo, mode, pool, edited):
                return replace(report, resumed=True, seen={path: report.seen[path] for path in edited})
            memo.forget()
    except MemoError as error:
        if not error.damaged:
            raise
    except UNFIT:
        memo.forget()
    return pipeline.build(config, memo, mode, pool)


def _resumed(config: Config, memo: Memo, mode: Mode, pool: Pool, edited: Sequence[str]) -> Report | None:
    number, found = memo.standing(config.output), pipeline.taken(memo, config.output)
    if not number or number != int(memo.get("build") or b"0") or not found:
        return None
    held, since = found
    kept = held.facts(shelved.Left)
    theme = pipeline.load_theme(config, memo)
    if kept.mode != repr(mode) or reaches_far(config, mode) or (mode.search is Indexing.MADE and has_page(theme)):
        return None  # an index is made of every text
    changed = [config.content / path for path in edited]
    if kept.plain and len(memo.get(f"left {config.output}")) < _MUCH:
        try:
            standing = _part(config, theme, memo, mode, number, held, since)
            if report := again(standing, memo, pool, changed):
                _settle(standing, memo, since)
            return report
        except Unshelved:
            memo.forget()
            if memo.standing(config.output) != number:  # what was read is kept already
                return None
    standing = _whole(config, theme, memo, mode, pool, number, held, since, faulty=kept.faulty)
    if report := again(standing, memo, pool, changed):
        settle(standing, memo)
    return report


def _part(
    config: Config, theme: Theme, memo: Memo, mode: Mode, number: int, held: Shelf, since: Since
) -> Standing:  # fmt: skip
    """What the last build left, to be read where it is asked for. Raises: Unshelved."""
    kept = held.facts(shelved.Left)
    content = partly.content_on(held, kept, since, config, theme, memo)
    search = page_of(config, content, theme, memo, mode.search)
    looks = looks_of(config, content, theme, setting_of(config, content.index, theme, search, preview=mode.preview))
    looks.said = Digests(held, "said", {**since.digests.get("said", {})})
    counts = kept.counts if since.mentions < 0 else {**kept.counts, "mentions": since.mentions}
    left = Left(number, content, looks, Rows(memo.output(config.output)), counts, shelved.readers_of(held, since))
    return Standing(config, mode, left, (0, 0), _fragments={*kept.fragments, *since.fragments})


def _settle(standing: Standing, memo: Memo, since: Since) -> None:
    """Write down the list of files, and what moved. Raises: SiteError."""
    left, folder = standing.left, standing.config.output
    content, readers = left.content, left.readers
    assert isinstance(content, Shelved)
    assert isinstance(readers, ShelvedReaders)
    output.settle(folder, left.rows.moved)
    moved = partly.since(content, left.looks, readers, standing.fragments(), left.counts["mentions"])
    memo.set(f"left {folder}", memo.get(f"left {folder}")[: shelf.MARK] + msgspec.msgpack.encode(moved))
    memo.stand(folder, left.number)
    memo.commit()


def _whole(
    config: Config, theme: Theme, memo: Memo, mode: Mode, pool: Pool, number: int, held: Shelf, since: Since, *, faulty: bool
) -> Standing:  # fmt: skip
    """What the last build left, read as a whole. Raises: Unshelved."""
    tables = shelved.tables_of(held, since)
    content = recall(config, theme, memo, mode, pool, cells_from(tables))
    if faulty:
        content = replace(content, issues=tuple(problems(config, content, memo, mode)))
    search = page_of(config, content, theme, memo, mode.search)
    looks = looks_of(config, content, theme, setting_of(config, content.index, theme, search, preview=mode.preview))
    looks.said = tables["said"]
    readers = shelved.readers_of(held, since).whole()
    return Standing(
        config, mode, Left(number, content, looks, Rows(memo.output(config.output)), pipeline.count(content), readers), (0, 0)
    )
