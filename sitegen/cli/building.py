"""What `sitegen build` does and says; and the stamp by which the next build finds that nothing is to do.

Click is not loaded here: a plain build starts without it (`plain`), all others are parsed by it (`cli.build`).
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from sitegen.cli.codes import CONTENT, DONE, FAILED
from sitegen.cli.ground import config_at, mode_of, pool_of, recover
from sitegen.cli.terms import Progress, below, coloured, echo, plural, print_issues, tell
from sitegen.errors import Issue, SiteError, errors

if TYPE_CHECKING:
    from sitegen.build.memo import Memo
    from sitegen.build.pipeline import Left, Report
    from sitegen.build.pool import Pool
    from sitegen.build.run import Mode
    from sitegen.build.unchanged import Edited
    from sitegen.config import Config


class Asked(msgspec.Struct, frozen=True):
    """What a build is asked for, by the names of its options."""

    strict: bool = False
    drafts: bool = False
    clean: bool = False
    paranoid: bool = False
    verify: bool = False
    profile: bool = False
    no_search: bool = False
    no_exports: bool = False
    no_minify: bool = False
    precompress: bool = False
    target: str | None = None
    manifest: Path | None = None
    jobs: int = 0
    executor: str = ""
    form: str = "text"


def plain(directory: Path, asked: Asked, edited: Edited | None) -> int:
    """A build that Click did not parse, from beginning to end: as it ends under Click. Gives the exit code."""
    try:
        return build(directory, asked, edited)
    except BrokenPipeError:  # nobody reads on, as behind `| head`
        os._exit(CONTENT)
    except KeyboardInterrupt:
        echo("\nAborted!", err=True)
        return CONTENT
    except Exception as error:
        tell(error, asked.form)
        return FAILED


def build(directory: Path, asked: Asked, edited: Edited | None = None) -> int:
    """Build the collection in or above a folder, and say what came of it. Gives the exit code.

    edited: the files that alone were edited since the last build of the same sort, where that is known.
    Raises: SiteError.
    """
    import gc

    from sitegen.build import pipeline, resume
    from sitegen.build.memo import Memo
    from sitegen.config import PACKED

    started = time.perf_counter()
    gc.disable()  # a build makes hundreds of thousands of values and hardly a circle of them
    config = config_at(directory)
    recover(config)
    packed = config.precompress or (PACKED if asked.precompress else ())
    config = replace(config, minify=config.minify and not asked.no_minify, precompress=packed)
    if asked.clean:
        _forget(config)
    mode = mode_of(
        strict=asked.strict, drafts=asked.drafts, paranoid=asked.paranoid, search=not asked.no_search,
        exports=not asked.no_exports, target=asked.target or "",
    )  # fmt: skip
    stamp, in_text = _Stamp(config, mode), asked.form == "text"
    pools = pool_of(asked.jobs, asked.executor)
    with Memo.at(config.memo) as memo, pools as pool, Progress("building", enabled=in_text) as progress:
        pool.progress = progress.steps
        if edited and edited.stand_alone():
            report = resume.build(config, memo, mode, pool, edited)
        else:
            report = pipeline.build(config, memo, mode, pool)
        differing = _verified(config, memo, mode, pool) if asked.verify and report.ok else []
        if asked.manifest and report.left:
            _save_manifest(config, memo, mode, report.left, directory / asked.manifest)
    result = built(config, report, time.perf_counter() - started)
    print_issues(report.issues, asked.form)
    if in_text:
        echo(result)
        if asked.profile:
            echo(_profile(report))
        if not (asked.no_minify or asked.precompress):  # what a plain build would have to undo
            stamp.leave(report, edited)
    if asked.verify and report.ok:
        print_issues(differing, asked.form)
        if in_text and not differing:
            echo("Verified: every file is as a clean build makes it.")
    return CONTENT if errors(report.issues) or differing or not report.ok else DONE


def _save_manifest(config: Config, memo: Memo, mode: Mode, left: Left, file: Path) -> None:
    from sitegen.build import snapshots

    if file.resolve().is_relative_to(config.content) or file.resolve().is_relative_to(config.output):
        raise SiteError(f"{file} would be part of the site", help=f"name a file beside {config.content.name}/")
    snapshots.write(config, memo, mode, left, file)


def _verified(config: Config, memo: Memo, mode: Mode, pool: Pool) -> list[Issue]:
    from sitegen.build.explain import verify

    return verify(config, memo, mode, pool)


class _Stamp:
    """Lets the next build that has nothing to do end at once; see `build.unchanged`."""

    def __init__(self, config: Config, mode: Mode) -> None:
        from sitegen.build import pipeline, unchanged

        self._config, self._mode = config, mode
        self._themes = [str(root) for root in pipeline.theme_roots(config)]
        try:
            self._before = unchanged.surroundings(str(config.root), self._themes, time.time_ns())
        except (OSError, ValueError):  # a link leads about: then it takes a real build each time
            self._before = b""

    def leave(self, report: Report, edited: Sequence[str] | None) -> None:
        from sitegen.build import unchanged
        from sitegen.build.searching import Indexing

        config, mode, synced = self._config, self._mode, report.synced
        settled = bool(self._before) and all(seen.inode >= 0 for seen in report.seen.values())
        # What was left out is not in `seen`: it takes a real build to complain of it again.
        left_out = any(issue.code in ("unreadable", "link-outside", "file-name") for issue in report.issues)
        if synced is None or not settled or left_out or report.note or report.leans or mode.target:
            return
        messages = "".join(f"{coloured(issue)}\n\n" for issue in report.issues)
        total = synced.unchanged + len(synced.written)
        result = _nothing_to_do(report, total)
        told = (mode.strict, mode.drafts, mode.search is Indexing.NONE, not mode.exports)
        with contextlib.suppress(OSError, ValueError, OverflowError, KeyError):  # a convenience: the build is done
            if report.resumed and edited:
                seen = {path: report.seen[path] for path in edited}
                unchanged.amend(str(config.root), seen, synced.rows, messages, result)
                return
            unchanged.write(
                str(config.root), told, self._themes, self._before,
                config.content.relative_to(config.root).as_posix(), report.seen,
                config.output.relative_to(config.root).as_posix(), synced.rows, DONE, messages, result,
            )  # fmt: skip


def _forget(config: Config) -> None:
    for path in (*config.memo.glob("memo.db*"), *config.memo.glob("left-*")):
        path.unlink()


def built(config: Config, report: Report, seconds: float) -> str:
    lines = [f"note: {report.note}"] if report.note else []
    if not report.counts["articles"] and _waits(config):
        sources = f"{below(config, config.content)}/sources"
        lines.append(f"note: no text is an article yet: sitegen convert makes articles of the texts in {sources}")
    if report.synced is None:
        found = errors(report.issues)
        lines.append(f"Not built: {plural(len(found), 'error')}. {below(config, config.output)}/ is as it was.")
        return "\n".join(lines)
    synced = report.synced
    if not synced.written and not synced.removed:
        lines.append(f"{_nothing_to_do(report, synced.unchanged)} ({seconds:.2f} s).")
    else:
        done = f"{len(synced.written)} written, {len(synced.removed)} removed, {synced.unchanged} unchanged"
        lines.append(f"{_what(report)}: {done} in {below(config, config.output)}/ ({seconds:.2f} s).")
    return "\n".join(lines)


def _waits(config: Config) -> bool:
    """Whether there are texts and no articles, as before the first `sitegen convert`."""
    articles, sources = (config.content / folder for folder in ("articles", "sources"))
    return not any(articles.rglob("*.md")) and any(path.suffix.lower() == ".txt" for path in sources.rglob("*"))


def _what(report: Report) -> str:
    return ", ".join(plural(report.counts[name], name.removesuffix("s")) for name in ("articles", "records", "mentions"))


def _nothing_to_do(report: Report, files: int) -> str:
    return f"{_what(report)}: nothing to do, {plural(files, 'file')} as they were"


def _profile(report: Report) -> str:
    """Where the time went, as a table."""
    synced = report.synced
    lines = [f"{name:24}{seconds:9.3f} s" for name, seconds in report.profile.seconds.items()]
    for stage, (known, made) in report.hits.items():
        lines.append(f"{stage:24}{known:9,} known, {made:,} read")
    texts = report.hits.get("texts", (0, 0))[1]
    if texts:
        lines.append(f"{'Markdown fast path':24}{texts - len(report.slow):9,} of {texts:,}")
        lines += [f"  left it: {name}" for name in report.slow[:10]]
    if synced:
        lines.append(f"{'made':24}{synced.rendered:9,} files, of which {len(synced.written):,} had changed")
        longest = sorted(synced.seconds.items(), key=lambda item: -item[1])[:12]
        lines += [f"  {what:22}{seconds:9.3f} s" for what, seconds in longest]
        lines += [f"  slowest: {seconds * 1000:8.1f} ms  {path}" for seconds, path in synced.slowest]
    return "\n".join(lines)
