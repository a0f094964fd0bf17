"""`sitegen build`: the build, what it says, and the stamp by which the next finds that nothing is to do."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from sitegen.cli import options
from sitegen.cli.codes import CONTENT, DONE
from sitegen.cli.ground import config_at, mode_of, pool_of, recover
from sitegen.cli.terms import Progress, below, coloured, plural, print_issues
from sitegen.errors import Issue, SiteError, errors

if TYPE_CHECKING:
    from sitegen.build.memo import Memo
    from sitegen.build.pipeline import Left, Report
    from sitegen.build.pool import Pool
    from sitegen.build.run import Mode
    from sitegen.config import Config


@click.command()
@options.strict
@options.drafts
@click.option("--clean", is_flag=True, help="Forget what the last build remembered.")
@click.option("--paranoid", is_flag=True, help="Read every file, also those that look as they were.")
@click.option("--verify", is_flag=True, help="Build clean beside it as well, and compare byte for byte.")
@click.option("--profile", is_flag=True, help="Say where the time went.")
@click.option("--no-search", is_flag=True, help="Make no search index; the search page then offers the A–Z alone.")
@click.option("--no-exports", is_flag=True, help="Leave out the files of /data/.")
@click.option("--no-minify", is_flag=True, help="Write pages, style sheets and scripts as the theme has them.")
@click.option("--precompress", is_flag=True, help="Write each text compressed as well, as .br and .gz.")
@click.option(
    "--target",
    type=click.Choice(["netlify", "github", "cloudflare"]),
    help="Write what this host reads, and check what it takes.",
)
@click.option(
    "--manifest", metavar="FILE", type=click.Path(path_type=Path), help="Save what sitegen diff will compare with in FILE."
)
@options.jobs
@options.executor
@options.in_form
@click.pass_obj
def build(
    directory: Path, strict: bool, drafts: bool, clean: bool, paranoid: bool, verify: bool, profile: bool, no_search: bool,
    no_exports: bool, no_minify: bool, precompress: bool, target: str | None, manifest: Path | None,
    jobs: int, executor: str, form: str,
) -> None:  # fmt: skip
    """Render the collection into the output folder. Where there are errors, nothing is changed."""
    import gc

    from sitegen.build import pipeline, resume
    from sitegen.build.memo import Memo
    from sitegen.config import PACKED

    started = time.perf_counter()
    edited: list[str] = click.get_current_context().meta.get("edited") or []
    gc.disable()  # a build makes hundreds of thousands of values and hardly a circle of them
    config = config_at(directory)
    recover(config)
    packed = config.precompress or (PACKED if precompress else ())
    config = replace(config, minify=config.minify and not no_minify, precompress=packed)
    if clean:
        _forget(config)
    mode = mode_of(
        strict=strict, drafts=drafts, paranoid=paranoid, search=not no_search, exports=not no_exports, target=target or ""
    )
    stamp = _Stamp(config, mode)
    with Memo.at(config.memo) as memo, pool_of(jobs, executor) as pool, Progress("building", enabled=form == "text") as progress:
        pool.progress = progress.steps
        report = resume.build(config, memo, mode, pool, edited) if edited else pipeline.build(config, memo, mode, pool)
        differing = _verified(config, memo, mode, pool) if verify and report.ok else []
        if manifest and report.left:
            _save_manifest(config, memo, mode, report.left, directory / manifest)
    result = built(config, report, time.perf_counter() - started)
    print_issues(report.issues, form)
    if form == "text":
        click.echo(result)
        if profile:
            click.echo(_profile(report))
        if not (no_minify or precompress):  # what a plain build would have to undo
            stamp.leave(report, edited)
    if verify and report.ok:
        print_issues(differing, form)
        if form == "text" and not differing:
            click.echo("Verified: every file is as a clean build makes it.")
    sys.exit(CONTENT if errors(report.issues) or differing or not report.ok else DONE)


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

    def leave(self, report: Report, edited: Sequence[str]) -> None:
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
            if report.resumed:
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
