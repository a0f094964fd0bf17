"""Build where only a few files were edited since the last build of the same command: from what the memo keeps of that build.

For a process that begins and ends with its build. It is `build.again`, on a standing that is read back: every file but
those that are named is taken as that build met it, and left it (`build.unchanged` has looked).
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from sitegen.build import causes, pipeline
from sitegen.build.again import Standing, again, reaches_far, settle
from sitegen.build.checks import problems
from sitegen.build.lock import complete, locked
from sitegen.build.memo import Memo, MemoError, Rows
from sitegen.build.pipeline import Left, Report
from sitegen.build.planning import looks_of, setting_of
from sitegen.build.pool import Pool
from sitegen.build.readers import Readers
from sitegen.build.reading import recall
from sitegen.build.run import Mode
from sitegen.build.searching import Indexing, has_page, page_of
from sitegen.config import Config
from sitegen.relate.cells import cells_from


def build(config: Config, memo: Memo, mode: Mode, pool: Pool, edited: Sequence[str]) -> Report:
    """What `pipeline.build` makes of the collection, sooner where it can be.

    edited: by their paths in the content, the files that alone were edited since the last build in this mode.
    Raises: as `pipeline.build`.
    """
    try:
        with locked(config.memo):
            complete(config.memo)
            standing = _standing(config, memo, mode, pool)
            if standing and (report := again(standing, memo, pool, [config.content / path for path in edited])):
                settle(standing, memo)
                return replace(report, resumed=True)
            memo.forget()
    except MemoError as error:
        if not error.damaged:
            raise
    except msgspec.MsgspecError:
        memo.forget()
    return pipeline.build(config, memo, mode, pool)


def _standing(config: Config, memo: Memo, mode: Mode, pool: Pool) -> Standing | None:
    """What the last build left; None where that cannot be told, or will not do."""
    number, folder = memo.standing(config.output), config.output
    cells, readers = memo.get(f"cells {folder}"), memo.get(f"readers {folder}")
    if not number or number != int(memo.get("build") or b"0") or not cells or not readers:
        return None
    theme = pipeline.load_theme(config, memo)
    if reaches_far(config, mode) or (mode.search is Indexing.MADE and has_page(theme)):  # an index is made of every text
        return None
    tables = causes.decoded(cells)
    content = recall(config, theme, memo, mode, pool, cells_from(tables))
    if memo.get(f"faulty {folder}"):
        content = replace(content, issues=tuple(problems(config, content, memo, mode)))
    search = page_of(config, content, theme, memo, mode.search)
    looks = looks_of(config, content, theme, setting_of(config, content.index, theme, search, preview=mode.preview))
    looks.said = tables["said"]
    left = Left(number, content, looks, Rows(memo.output(folder)), pipeline.count(content), Readers.decoded(readers))
    return Standing(config, mode, left, (0, 0))
