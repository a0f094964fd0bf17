"""The command line: parse arguments, run one room, print, exit. The only module that prints.

Exit codes: 0 done, 1 the content has errors, 2 the command could not run. Rooms are imported where a
command needs them, so that `--help` costs no more than Click.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import sys
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import click

from sitegen import __version__
from sitegen.errors import Issue, Severity, SiteError, errors, system_refusal

if TYPE_CHECKING:
    from sitegen.annotate.mentions import Aids
    from sitegen.annotate.model import Pipeline
    from sitegen.annotate.suggest import Suggestion
    from sitegen.build.ahead import Ahead
    from sitegen.build.memo import Memo
    from sitegen.build.pipeline import Left, Report
    from sitegen.build.pool import Pool
    from sitegen.build.run import Mode
    from sitegen.config import Config
    from sitegen.convert.story import Outcome
    from sitegen.convert.story import Report as ConvertReport
    from sitegen.review.decide import Clerk
    from sitegen.review.doubts import Adrift
    from sitegen.review.notes import Desk
    from sitegen.review.notes import Outcome as NotesOutcome
    from sitegen.review.session import Session
    from sitegen.review.shelf import Shelf
    from sitegen.review.transactions import Plan

T = TypeVar("T")
_DONE, _CONTENT, _FAILED = 0, 1, 2


class _Group(click.Group):
    """Shows a SiteError as what it is: place, fact, remedy; exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SiteError as error:
            if error.issues:
                _print_issues(error.issues, ctx.meta.get("form", "text"))
            else:
                click.echo(str(error), err=True)
            ctx.exit(_FAILED)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if isinstance(error, OSError | MemoryError) and (refusal := system_refusal(error)):
                click.echo(str(refusal), err=True)
                ctx.exit(_FAILED)
            import traceback

            traceback.print_exc()
            click.echo(f"\nerror: this is a fault of sitegen, not of your collection ({type(error).__name__})", err=True)
            click.echo("  help: report it with the lines above; nothing of the site was changed", err=True)
            ctx.exit(_FAILED)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        from sitegen.errors import did_you_mean

        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            near = did_you_mean(args[0], self.commands, cutoff=0.5)
            ctx.fail(f"no command {args[0]!r}." + (f" {near.capitalize()}" if near else ""))
        return super().resolve_command(ctx, args)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="sitegen")
@click.option("-C", "--directory", type=click.Path(path_type=Path), default=Path(), help="Run as if started in DIRECTORY.")
@click.pass_context
def main(ctx: click.Context, directory: Path) -> None:
    """Turn a folder of texts into a site in which every person, place and event has a page."""
    ctx.meta["edited"], ctx.obj = ctx.obj, directory


def _remember(ctx: click.Context, _: click.Parameter, form: str) -> str:
    """Keep the form of issues where `_Group` finds it, for errors that end the run."""
    ctx.meta["form"] = form
    return form


_format = click.option(
    "--format", "form", type=click.Choice(["text", "json", "github"]), default="text", help="How issues are printed.",
    callback=_remember,
)  # fmt: skip
_strict = click.option("--strict", is_flag=True, help="Treat warnings as errors.")
_jobs = click.option("--jobs", metavar="N", default=0, type=click.IntRange(0), help="Worker processes; else one a processor.")
_executor = click.option("--executor", metavar="ADDRESS", default="", help="Let a Dask cluster work: dask://HOST:PORT.")
_drafts = click.option("--drafts", is_flag=True, help="Include drafts and articles of a later date.")


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.pass_obj
def new(directory: Path, folder: Path) -> None:
    """Scaffold a collection that converts and builds as it stands."""
    from sitegen.scaffold import scaffold

    target = directory / folder
    for path in scaffold(target):
        click.echo(f"  {path}")
    click.echo(f"\nA new collection lies in {target}. Put texts into {target / 'content' / 'sources'}, then:\n")
    click.echo(f"  cd {target}\n  sitegen convert\n  sitegen serve")


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Overwrite articles that were edited by hand.")
@click.option("-n", "--dry-run", is_flag=True, help="Say what would be done; write nothing.")
@click.option("-v", "--verbose", is_flag=True, help="One line a file.")
@_jobs
@_executor
@_format
@click.pass_obj
def convert(
    directory: Path, paths: Sequence[Path], force: bool, dry_run: bool, verbose: bool, jobs: int, executor: str, form: str
) -> None:
    """Turn source texts into articles, and the names in them into suggested records.

    PATHS are files or folders below content/sources; all of it where none is given.
    """
    from sitegen.build.lock import complete, locked
    from sitegen.build.scan import stoplist
    from sitegen.build.stages import names
    from sitegen.convert.story import Options
    from sitegen.convert.story import convert as run

    config = _config(directory)
    if force and not paths and not dry_run and sys.stdin.isatty():
        click.confirm("Overwrite every article of the collection, edits by hand included?", abort=True)
    given = [path if path.is_absolute() else (directory / path).resolve() for path in paths]
    if not dry_run:
        _recover(config)
    stop = frozenset(stoplist(config.content))
    options = Options(
        force=force,
        dry_run=dry_run,
        language=config.language,
        stop=stop,
        day=_today().isoformat(),
        program=f"sitegen {__version__}",
    )
    aids = cache(lambda: _aids(config))  # where nothing is to be converted, nobody asks
    with _pool(jobs, executor) as pool, _Progress("converting", enabled=form == "text" and not verbose) as progress:

        def suggest(texts: Sequence[str]) -> Iterator[list[Suggestion]]:
            return chain.from_iterable(pool.run(names, aids(), texts, again=True))

        def tell(outcome: Outcome) -> None:
            progress.step()
            if verbose and form == "text":
                click.echo(f"  {outcome.action:<10} {_below(config, outcome.source)}")

        where = given or [config.content / "sources"]
        # A decision that another run takes meanwhile would be lost under what this one has read.
        with contextlib.nullcontext() if dry_run else locked(config.memo):
            complete(config.memo)
            report = run(config.content, where, options, progress=tell, started=progress.begin, suggest=suggest)
    _print_issues(report.issues, form)
    if form == "text":
        click.echo(_converted(report, dry_run) if report.outcomes else f"No texts in {_below(config, config.content)}/sources.")
    sys.exit(_CONTENT if errors(report.issues) else _DONE)


@main.command()
@_strict
@_drafts
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
@_jobs
@_executor
@_format
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
    config = _config(directory)
    _recover(config)
    packed = config.precompress or (PACKED if precompress else ())
    config = replace(config, minify=config.minify and not no_minify, precompress=packed)
    if clean:
        _forget(config)
    mode = _mode(
        strict=strict, drafts=drafts, paranoid=paranoid, search=not no_search, exports=not no_exports, target=target or ""
    )
    stamp = _Stamp(config, mode)
    with Memo.at(config.memo) as memo, _pool(jobs, executor) as pool, _Progress("building", enabled=form == "text") as progress:
        pool.progress = progress.steps
        report = resume.build(config, memo, mode, pool, edited) if edited else pipeline.build(config, memo, mode, pool)
        differing = _verified(config, memo, mode, pool) if verify and report.ok else []
        if manifest and report.left:
            _save_manifest(config, memo, mode, report.left, directory / manifest)
    result = _built(config, report, time.perf_counter() - started)
    _print_issues(report.issues, form)
    if form == "text":
        click.echo(result)
        if profile:
            click.echo(_profile(report))
        if not (no_minify or precompress):  # what a plain build would have to undo
            stamp.leave(report, edited)
    if verify and report.ok:
        _print_issues(differing, form)
        if form == "text" and not differing:
            click.echo("Verified: every file is as a clean build makes it.")
    sys.exit(_CONTENT if errors(report.issues) or differing or not report.ok else _DONE)


@main.command()
@click.option("--jsonl", is_flag=True, required=True, help="Lines of JSON in, lines of JSON out.")
@click.argument("file", type=click.File("rb"), default="-")
@_jobs
@_executor
@click.option("--alone", is_flag=True, help="Heed no collection, also inside one.")
@click.pass_obj
def annotate(directory: Path, jsonl: bool, file: BinaryIO, jobs: int, executor: str, alone: bool) -> None:
    """Find names in texts: {"id", "text"} lines in, {"id", "mentions"} lines out. FILE is standard input where none is given.

    Inside a collection, its records and its stop list are heeded.
    """
    from sitegen.annotate.mentions import NONE
    from sitegen.build.stages import annotated
    from sitegen.config import in_collection

    aids = _aids(_config(directory)) if not alone and in_collection(directory) else NONE
    with _pool(jobs, executor) as pool:
        for batch in pool.run(annotated, aids, enumerate(file, 1)):
            for line in batch:
                click.echo(line)


def _aids(config: Config) -> Aids:
    """What the finder is told of a collection."""
    from sitegen.annotate.known import Known
    from sitegen.annotate.mentions import Aids
    from sitegen.build.scan import stoplist
    from sitegen.review.shelf import Shelf

    asked = _pipeline(config) if config.annotate.ner else None
    if not config.content.is_dir():
        return Aids(None, asked)
    shelf = Shelf(config.content)
    return Aids(Known.of(shelf.authority.names(), stop=stoplist(config.content), refused=shelf.refused), asked)


def _pipeline(config: Config) -> Pipeline:
    """The spaCy pipeline that the configuration names, loaded: what is missing shows before the work begins."""
    from sitegen.annotate.model import PREFIX, pipeline
    from sitegen.config import place_of

    name = config.annotate.ner.removeprefix(PREFIX)
    folder = config.root / name
    try:
        return pipeline(str(folder) if folder.is_dir() else name)
    except SiteError as error:
        issue = Issue("no-pipeline", error.message, place_of(config, "ner"), error.help)
        raise SiteError(error.message, issues=[issue]) from error


@main.command()
@click.argument("url")
@_drafts
@click.pass_obj
def why(directory: Path, url: str, drafts: bool) -> None:
    """Say why the page or file at URL was last written: what had changed for it."""
    from sitegen.build import explain
    from sitegen.build.memo import Memo

    config = _config(directory)
    with Memo.at(config.memo) as memo:
        found = explain.why(config, memo, _mode(strict=False, drafts=drafts), url)
    what = f" ({found.owner})" if found.owner else ""
    click.echo(f"{found.url}{what} was last written by build {found.build}:")
    for cause in found.causes:
        click.echo(f"  {cause}")


@main.command()
@click.argument("file")
@_drafts
@click.option("--all", "everything", is_flag=True, help="Name every page, not only the first ten.")
@click.pass_obj
def impact(directory: Path, file: str, drafts: bool, everything: bool) -> None:
    """Say which pages a change of FILE would touch."""
    from sitegen.build import explain
    from sitegen.build.memo import Memo

    config = _config(directory)
    with Memo.at(config.memo) as memo:
        found = explain.impact(config, memo, _mode(strict=False, drafts=drafts), str(directory / file))
    for touched in found:
        click.echo(f"Where {touched.when}: {_plural(len(touched.urls), 'page')}")
        shown = touched.urls if everything else touched.urls[:10]
        for url in shown:
            click.echo(f"  {url}")
        if len(touched.urls) > len(shown):
            click.echo(f"  … and {len(touched.urls) - len(shown):,} more (--all)")


@main.command()
@_strict
@_drafts
@click.option("--external", is_flag=True, help="Ask the addresses outside that are linked to.")
@_format
@click.pass_obj
def check(directory: Path, strict: bool, drafts: bool, external: bool, form: str) -> None:
    """List everything that is wrong, with places and remedies. Writes nothing into the collection."""
    from sitegen.build import pipeline
    from sitegen.build.memo import Memo

    config = _config(directory)
    mode = _mode(strict=strict, drafts=drafts)
    bounds = None
    if external:
        from sitegen.outside.round import Bounds

        bounds = Bounds()
    with Memo.none() as memo, _pool(0) as pool, _Progress("asking", enabled=external and form == "text") as progress:
        issues = pipeline.examine(config, memo, mode, pool, bounds, progress.step)
    _print_issues(issues, form)
    if form == "text" and not issues:
        click.echo("Nothing found.")
    sys.exit(_CONTENT if errors(issues) else _DONE)


@main.command()
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How findings are printed.")
@click.pass_obj
def doctor(directory: Path, form: str) -> None:
    """Say what is installed and works on this machine, and what to do about the rest."""
    from dataclasses import asdict

    from sitegen.config import in_collection
    from sitegen.doctor import State, examined

    findings = []
    for finding in examined(_config(directory) if in_collection(directory) else None):
        findings.append(finding)
        if form == "text":
            colour = {State.OK: "green", State.WRONG: "red"}.get(finding.state, "yellow")
            click.echo(f"{click.style(f'{finding.state:<7}', fg=colour)}{finding.name:<14}{finding.fact}")
            if finding.help:
                click.echo(f"  help: {finding.help}")
    if form == "json":
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=1))
    sys.exit(_CONTENT if any(finding.state is State.WRONG for finding in findings) else _DONE)


@main.command()
@click.option("--record", is_flag=True, help="Add them to content/urls.csv, and the ids of paragraphs to content/paragraphs.csv.")
@click.pass_obj
def addresses(directory: Path, record: bool) -> None:
    """List the addresses of pages that the ledger of addresses does not have, or record them with their paragraphs."""
    from sitegen.build import addresses as ledger
    from sitegen.build.memo import Memo

    config = _config(directory)
    with Memo.none() as memo, _pool(0) as pool:
        found = ledger.recording(config, memo, _mode(strict=False, drafts=False), pool)
    for url in found.new:
        click.echo(url)
    if record and (found.new or found.changed):
        ledger.record(config, found)
    told = "recorded" if record else "not recorded"
    click.echo(f"{len(found.new):,} {told}; pages with new paragraphs: {len(found.changed):,} {told}.", err=True)


@main.command()
@click.option("--against", metavar="FILE|REV", default="", help="A manifest, or a git revision; else what git has published.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    help="For a person, a comment, a machine.",
)
@click.option("--all", "everything", is_flag=True, help="As text, show every line, not only the first.")
@click.option(
    "--max-length",
    metavar="N",
    default=65_536,
    show_default=True,
    type=click.IntRange(0),
    help="As Markdown, at most so many characters; 0 for any number.",
)
@click.option("--no-search", is_flag=True, help="Leave the search index out of both.")
@click.option("--no-exports", is_flag=True, help="Leave the files of /data/ out of both.")
@_jobs
@click.pass_obj
def diff(
    directory: Path, against: str, form: str, everything: bool, max_length: int, no_search: bool, no_exports: bool, jobs: int
) -> None:  # fmt: skip
    """Say what readers would see change: pages, mentions, addresses, sizes.

    The collection as it lies here is compared with a manifest of sitegen build, or with a git revision. Nothing is written.
    """
    from sitegen.build.diffs import diff as run

    config = _config(directory)
    mode = _mode(strict=False, drafts=False, search=not no_search, exports=not no_exports)
    with _pool(jobs) as pool, _Progress("comparing", enabled=form == "text") as progress:
        pool.progress = progress.steps
        done = run(config, against, directory, mode, pool)
    if form == "markdown":
        from sitegen.compare.comment import comment

        click.echo(comment(done.found, done.told, max_length), nl=False)
    else:
        from sitegen.compare import report

        if form == "json":
            click.echo(json.dumps(report.as_json(done.found, done.told, sound=done.is_sound), ensure_ascii=False, indent=1))
        else:
            for line in report.lines(done.found, done.told, everything=everything):
                click.echo(line)
    sys.exit(_DONE if done.is_sound else _CONTENT)


@main.command()
@click.argument("site", required=False, type=click.Path(path_type=Path))
@click.option("--collection", metavar="DIR", type=click.Path(path_type=Path), help="The collection that it is said to be of.")
@click.option("--rebuild", is_flag=True, help="Build the collection again as well, and compare.")
@_drafts
@_format
@click.pass_obj
def verify(directory: Path, site: Path | None, collection: Path | None, rebuild: bool, drafts: bool, form: str) -> None:
    """Say whether a published site is what its receipt says, and came from a collection.

    SITE is the site's folder. Without it, the site of the collection here is compared with that collection.
    """
    from sitegen.build import receipts
    from sitegen.build.memo import Memo

    config = _config(directory / collection if collection else directory) if collection or not site or rebuild else None
    folder = directory / site if site else (config.output if config else directory)
    receipt = receipts.read_receipt(folder)
    mode = _mode(strict=False, drafts=drafts)
    issues = list(receipts.check_site(folder, receipt))
    if config:
        with Memo.none() as memo, _pool(0) as pool:
            issues += receipts.check_collection(config, receipt, memo, mode, pool)
            issues += receipts.check_rebuilt(config, receipt, mode, pool) if rebuild else ()
    _print_issues(issues, form)
    if form == "text":
        came = f", and of the {_plural(receipt.read.files, 'file')} of the collection" if config else ""
        click.echo(
            f"Verified: the site is the {_plural(receipt.made.files, 'file')} of its receipt{came}." if not issues
            else f"Not verified: {_plural(len(issues), 'difference')}."
        )  # fmt: skip
    sys.exit(_CONTENT if errors(issues) else _DONE)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="The next free one is taken.")
@click.option("--open", "browse", is_flag=True, help="Open a browser.")
@click.option("--drafts/--no-drafts", default=True, show_default=True, help="Show drafts and articles of a later date.")
@click.pass_obj
def serve(directory: Path, host: str, port: int, browse: bool, drafts: bool) -> None:
    """Build, watch, rebuild on change, and serve a preview."""
    from sitegen.build.again import Builder
    from sitegen.build.memo import Memo
    from sitegen.build.pool import Pool
    from sitegen.serve.idle import Idle, index
    from sitegen.serve.server import serve as run

    config = _config(directory).preview()

    builder = Builder()

    def rebuild(changed: Collection[Path] | None, ahead: Ahead) -> Report:
        now = _config(directory).preview()
        _recover(now)
        with Memo.at(now.memo) as memo:
            return builder.build(now, memo, _mode(strict=False, drafts=drafts, exports=False, preview=True), pool, changed, ahead)

    def settle() -> None:
        idle.poke()
        with Memo.at(config.memo) as memo:
            builder.settle(memo)

    def tell(report: Report | SiteError, seconds: float) -> None:
        if isinstance(report, SiteError):
            click.echo(str(report), err=True)
        else:
            _print_issues(report.issues, "text")
            click.echo(_built(config, report, seconds))

    idle = Idle(lambda: index(_config(directory).preview(), _mode(strict=False, drafts=drafts, preview=True)), tell)
    with Pool.of(stays=True) as pool:  # workers that were started once are there for the next template that is edited
        run(
            config,
            (config.content, config.themes, config.root),
            rebuild,
            tell,
            settle=settle,
            idle=idle,
            clerk=_clerk(config),
            host=host,
            port=port,
            browse=browse,
            say=click.echo,
        )


_dry_run = click.option("-n", "--dry-run", is_flag=True, help="Show what would be done; write nothing.")
_yes = click.option("-y", "--yes", is_flag=True, help="Do not ask.")


@main.command()
@click.argument("old", metavar="A")
@click.argument("new", metavar="B")
@click.option("--rewrite", is_flag=True, help="Let links and decisions in texts name B.")
@_dry_run
@_yes
@click.pass_obj
def merge(directory: Path, old: str, new: str, rewrite: bool, dry_run: bool, yes: bool) -> None:
    """Merge record A into record B: A leads there, and its names become B's."""
    from sitegen.review import transactions
    from sitegen.review.shelf import id_of

    config = _config(directory)
    _transact(
        config,
        lambda shelf: transactions.merge(shelf, shelf.meant(id_of(old)), shelf.meant(id_of(new)), rewrite=rewrite),
        dry_run,
        yes,
    )


@main.command()
@click.argument("old", metavar="A")
@click.argument("new", metavar="B")
@_dry_run
@_yes
@click.pass_obj
def rename(directory: Path, old: str, new: str, dry_run: bool, yes: bool) -> None:
    """Give record A the id B: every link follows, and its old address redirects."""
    from sitegen.review import transactions
    from sitegen.review.shelf import id_of

    config = _config(directory)
    kinds = [kind.id for kind in config.kinds]
    _transact(config, lambda shelf: transactions.rename(shelf, shelf.meant(id_of(old)), id_of(new), kinds), dry_run, yes)


@main.command()
@click.argument("record", metavar="ID")
@click.argument("new", metavar="NEW")
@click.option("--name", required=True, help="The name of the new record.")
@click.option("--take", multiple=True, metavar="ALIAS", help="An alias that goes to the new record; may be repeated.")
@click.option("--in", "within", multiple=True, metavar="ARTICLE", help="An article that means the new record; may be repeated.")
@_dry_run
@_yes
@click.pass_obj
def split(
    directory: Path, record: str, new: str, name: str, take: Sequence[str], within: Sequence[str], dry_run: bool, yes: bool
) -> None:
    """Make a second record, NEW, of record ID, which stands for two things."""
    from sitegen.review import transactions
    from sitegen.review.shelf import id_of

    config = _config(directory)
    kinds = [kind.id for kind in config.kinds]
    articles = [id_of(article) for article in within]
    _transact(
        config,
        lambda shelf: transactions.split(shelf, shelf.meant(id_of(record)), id_of(new), name, kinds, take=take, within=articles),
        dry_run,
        yes,
    )


def _transact(config: Config, make: Callable[[Shelf], Plan], dry_run: bool, yes: bool) -> None:
    """Show what a change of records would do, ask, and do it."""
    from sitegen.review.files import commit
    from sitegen.review.preview import preview
    from sitegen.review.shelf import Shelf

    _recover(config)
    plan = make(Shelf(config.content))
    for line in preview(plan, _below(config, config.content)):
        click.echo(line)
    if dry_run:
        click.echo("Dry run: nothing written.")
        return
    if not yes:
        if not _in_terminal():
            raise SiteError("there is no terminal to ask in", help="give --yes to do it, or --dry-run to look only")
        click.confirm("Do it?", abort=True)
    _patiently(lambda: commit(config.content, config.memo, f"the {plan.what}", plan.changes))
    click.echo("Done.")


def _recover(config: Config) -> None:
    """Finish what an earlier run was stopped at, and say so."""
    from sitegen.build.lock import JOURNAL

    if not (config.memo / JOURNAL).exists():
        return
    from sitegen.review.files import recover

    if said := _patiently(lambda: recover(config.content, config.memo)):
        click.echo(f"note: {said}", err=True)


def _patiently(work: Callable[[], T]) -> T:
    """What `work` gives: another run that holds the lock, as a preview that builds, is waited for."""
    from sitegen.build.lock import waiting

    return waiting(work, busy=lambda: click.echo("note: another sitegen is at work: waiting for it", err=True))


def _in_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


@main.command()
@click.option("--apply", "file", type=click.Path(path_type=Path), metavar="FILE", help="Carry out the decisions of a CSV file.")
@click.option("--why", default="", metavar="TEXT", help="A reason, for the log.")
@click.pass_obj
def review(directory: Path, file: Path | None, why: str) -> None:
    """Decide on suggestions, one key each; or carry out those that were filled into a table."""
    from sitegen.review.decide import queue
    from sitegen.review.doubts import adrift
    from sitegen.review.session import Session
    from sitegen.review.shelf import Shelf

    config = _config(directory)
    _recover(config)
    shelf = Shelf(config.content)
    kinds = [kind.id for kind in config.kinds]
    clerk = _clerk(config, why)
    if file:
        sys.exit(_apply(config, shelf, directory / file, clerk(), kinds))
    if not _in_terminal():
        raise SiteError("there is no terminal to ask in", help="fill in content/candidates.csv, and give it to --apply")
    desk = _desk(config, shelf)
    session = Session(shelf, config.memo, clerk, kinds, queue(shelf))
    if _sit(session, notes := list(adrift(desk))):
        _sit_over_notes(session, desk, notes)
    click.echo(f"{_plural(session.decided, 'suggestion')} decided, {len(session.waiting)} not yet.")


def _clerk(config: Config, why: str = "") -> Callable[[], Clerk]:
    """Who decides, and when it is now."""
    from sitegen.review.decide import Clerk

    who = _who(config.root)
    return lambda: Clerk(who, dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), why)


def _apply(config: Config, shelf: Shelf, file: Path, clerk: Clerk, kinds: Sequence[str]) -> int:
    """Carry out the decisions of a file, all or none."""
    from sitegen.review.decide import apply
    from sitegen.review.files import commit

    shown = _below(config, file.resolve())
    try:
        data = file.read_bytes()
    except OSError as error:
        raise SiteError(f"{shown} cannot be read: {error.strerror}", help="name a copy of content/candidates.csv") from error
    applied = apply(shelf, data, shown, clerk, kinds)
    _print_issues(applied.issues, "text")
    if applied.issues:
        click.echo(f"Nothing done: {_plural(len(applied.issues), 'decision')} to correct in {shown}.")
        return _CONTENT
    _patiently(lambda: commit(config.content, config.memo, f"applying of {shown}", applied.draft.changes))
    done = ", ".join(f"{count} {word}" for word, count in sorted(applied.counts.items())) or "nothing decided"
    click.echo(f"{done}; {_plural(applied.open, 'name')} still to decide.")
    return _DONE


_KEYS = {"a": "accept", "r": "reject", "m": "merge", "l": "alias", "s": "stop"}


def _sit(session: Session, notes: Sequence[Adrift]) -> bool:
    """Ask about one suggestion after the other until none is left, or the person leaves. Whether they go on to the notes."""
    while session.current or session.done:
        _show(session, len(notes))
        key = _key()
        if key == "n" and notes and not session.current:
            return True
        if key in ("q", "") or not (session.current or key == "u"):
            return False
        try:
            _answer(session, key)
        except SiteError as error:
            click.echo(str(error), err=True)
    return bool(notes)


def _key() -> str:
    """The key that a person presses; "q" for Ctrl-C and Ctrl-D."""
    try:
        key = click.getchar()
    except (KeyboardInterrupt, EOFError):
        key = "q"
    click.echo(f"  {key if key.isprintable() else ''}")
    return key


def _show(session: Session, notes: int) -> None:
    """Show what is to be decided next, and the keys. notes: how many wait, too."""
    item = session.current
    if item is None:
        more = f"  n go on to {_plural(notes, 'note')} without a place" if notes else ""
        click.echo(f"\nThat was the last.  u undo{more}  q quit", nl=False)
        return
    named = _plural(len(item.articles), "article")
    left = f"{len(session.waiting)} to decide"
    click.echo(f"\n{click.style(item.name, bold=True)}  {item.kind}, in {named}  {item.record or '(candidate)'}  [{left}]")
    for line in item.details:
        click.echo(f"  {line}")
    for sentence in item.sentences:
        click.echo("  " + sentence.replace(item.name, click.style(item.name, underline=True)))
    alike = len(session.alike())
    many = f"  A/R the same for all {alike} alike" if alike > 1 else ""
    click.echo(f"a accept  r reject  m merge  l alias  s stop  k skip  u undo  q quit{many}", nl=False)


def _sit_over_notes(session: Session, desk: Desk, notes: Sequence[Adrift]) -> None:
    """Ask about one note without a place after the other, or until the person leaves."""
    from sitegen.review.doubts import adrift, delete_note, place_note

    at = 0
    while at < len(notes):
        item = notes[at]
        _show_note(item, len(notes) - at)
        key = _key()
        try:
            if key in ("q", ""):
                return
            if key == "k":
                at += 1
            elif key == "u":
                undone = _patiently(session.undo)
                click.echo(f"Undone: {undone}." if undone else "There is nothing to undo.")
                notes, at = list(adrift(desk)), 0
            elif key == "d":
                _patiently(partial(delete_note, session, desk, item))
                at += 1
            elif key.isascii() and key.isdigit() and 1 <= int(key) <= len(item.result.proposals):
                _patiently(partial(place_note, session, desk, item, int(key)))
                at += 1
        except SiteError as error:
            click.echo(str(error), err=True)


def _show_note(item: Adrift, left: int) -> None:
    """Show a note without a place, the places that are proposed, and the keys."""
    click.echo(f"\n{click.style(item.note.id, bold=True)}  in {item.article}: {item.result.why}  [{left} to decide]")
    click.echo(f"  on: {item.note.quote.exact}")
    for line in item.note.body.splitlines():
        click.echo(f"  {line}")
    for number, (start, end) in enumerate(item.result.proposals, 1):
        words = click.style(item.text[start:end], underline=True)
        click.echo("  " + " ".join(f"{number} {item.text[max(0, start - 40) : start]}{words}{item.text[end : end + 40]}".split()))
    places = f"1-{len(item.result.proposals)} this place  " if item.result.proposals else ""
    click.echo(f"{places}d delete  k skip  u undo  q quit", nl=False)


def _answer(session: Session, key: str) -> None:
    """Do what a key asks for."""
    from sitegen.review.decide import verdict

    if key == "k":
        session.skip()
    elif key == "u":
        undone = _patiently(session.undo)
        click.echo(f"Undone: {undone}." if undone else "There is nothing to undo.")
    elif key in ("A", "R"):
        _patiently(lambda: session.decide(verdict(_KEYS[key.lower()], session.shelf), session.alike()))
    elif key in ("m", "l"):
        asked = f"{'merge with' if key == 'm' else 'alias of'} which record (Enter for none)"
        try:
            target = click.prompt(asked, default="", show_default=False)
        except (click.Abort, KeyboardInterrupt):  # Ctrl-C takes the key back
            target = ""
            click.echo()
        if target:
            _patiently(lambda: session.decide(verdict(f"{_KEYS[key]} {target}", session.shelf), session.waiting[:1]))
    elif key in _KEYS:
        _patiently(lambda: session.decide(verdict(_KEYS[key], session.shelf), session.waiting[:1]))


def _who(root: Path) -> str:
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


@main.group(cls=_Group)
def notes() -> None:
    """Keep notes in place when their articles are edited, and exchange them with other programs."""


@notes.command("rebase")
@click.argument("articles", metavar="[ARTICLE]...", nargs=-1)
@click.option("--accept", multiple=True, metavar="ID", help="Take the proposal for note ID (ID=2: the second); may be repeated.")
@_dry_run
@click.pass_obj
def rebase_notes(directory: Path, articles: Sequence[str], accept: Sequence[str], dry_run: bool) -> None:
    """Write into notes files what became of the notes.

    Into those of ARTICLEs, or into all.
    """
    from sitegen.review.notes import carry_over
    from sitegen.review.shelf import id_of

    config = _config(directory)
    _recover(config)
    outcome = carry_over(_desk(config), [id_of(article) for article in articles], accept, dry_run=dry_run)
    _write_notes(config, outcome, "rebase of notes", dry_run=dry_run)


@notes.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--article", default="", metavar="ID", help="The article they are about; else the address they were made at tells.")
@click.pass_obj
def import_notes(directory: Path, file: Path, article: str) -> None:
    """Add annotations of another program.

    FILE is JSON-LD of Hypothesis or Recogito, .ann of brat with its .txt, or .jsonl of doccano.
    """
    from sitegen.review.notes import bring_in
    from sitegen.review.shelf import id_of

    config = _config(directory)
    _recover(config)
    outcome = bring_in(_desk(config), directory / file, str(file), id_of(article), base=config.url)
    _write_notes(config, outcome, "import of notes", dry_run=False)
    sys.exit(_CONTENT if errors(outcome.issues) else _DONE)


@notes.command("export")
@click.argument("articles", metavar="[ARTICLE]...", nargs=-1)
@click.pass_obj
def export_notes(directory: Path, articles: Sequence[str]) -> None:
    """Print notes and mentions as JSON-LD.

    Of ARTICLEs, or of all that are published and have any; as W3C Web Annotations with both selectors.
    """
    from sitegen.build.annotations import exported
    from sitegen.build.memo import Memo
    from sitegen.review.shelf import id_of

    config = _config(directory)
    with Memo.at(config.memo) as memo:
        pages = exported(config, memo, _mode(strict=False, drafts=bool(articles)), [id_of(article) for article in articles])
    click.echo(json.dumps(pages[0] if len(articles) == 1 else pages, ensure_ascii=False, indent=1))


@notes.command("text")
@click.argument("article")
@click.pass_obj
def text_of_article(directory: Path, article: str) -> None:
    """Print the text of ARTICLE as positions count it."""
    from sitegen.review.shelf import id_of

    click.echo(_desk(_config(directory)).text(id_of(article)))


def _desk(config: Config, shelf: Shelf | None = None) -> Desk:
    from sitegen.review.notes import Desk
    from sitegen.review.shelf import Shelf

    def remembered(path: str) -> str:
        from sitegen.build.annotations import remembered_text
        from sitegen.build.memo import Memo

        with Memo.at(config.memo) as memo:
            return remembered_text(memo, path)

    return Desk(shelf or Shelf(config.content), _below(config, config.content), config.raw_html, remembered)


def _write_notes(config: Config, outcome: NotesOutcome, what: str, *, dry_run: bool) -> None:
    """Show what a person has to decide, and write notes files, or show their diff."""
    from sitegen.review.files import commit
    from sitegen.review.preview import diff

    _print_issues(outcome.issues, "text")
    changes = outcome.draft.changes
    if dry_run:
        for change in changes:
            for line in diff(change, _below(config, config.content)):
                click.echo(line)
    elif changes:
        _patiently(lambda: commit(config.content, config.memo, f"the {what}", changes))
    click.echo(f"{'Dry run, nothing written: ' if dry_run else ''}{outcome.sum}.", err=dry_run)


def _config(directory: Path) -> Config:
    from sitegen.config import load

    return load(directory)


def _mode(
    *, strict: bool, drafts: bool, paranoid: bool = False, search: bool = True, exports: bool = True, preview: bool = False,
    target: str = "",
) -> Mode:  # fmt: skip
    from sitegen.build.run import Mode
    from sitegen.build.searching import Indexing

    indexing = (Indexing.KEPT if preview else Indexing.MADE) if search else Indexing.NONE
    return Mode(_today(), drafts, strict, paranoid, indexing, preview, exports, target)


def _today() -> dt.date:
    """The day; a build of a past day can be made again, as reproducible builds do it."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    try:
        return dt.datetime.fromtimestamp(int(epoch), dt.UTC).date() if epoch else dt.date.today()
    except (ValueError, OverflowError, OSError) as error:
        raise SiteError(f'SOURCE_DATE_EPOCH is "{epoch}"', help="seconds since 1970, or unset it") from error


def _pool(jobs: int, executor: str = "") -> Pool:
    from sitegen.build.pool import Pool

    if not executor:
        return Pool.of(jobs)
    if not executor.startswith("dask://"):
        raise SiteError(f'"{executor}" is no executor', help="the address of a Dask scheduler: dask://HOST:PORT")
    return Pool.dask(executor.removeprefix("dask://"))


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
        messages = "".join(f"{_coloured(issue)}\n\n" for issue in report.issues)
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
                config.output.relative_to(config.root).as_posix(), synced.rows, _DONE, messages, result,
            )  # fmt: skip


def _forget(config: Config) -> None:
    for path in config.memo.glob("memo.db*"):
        path.unlink()


def _built(config: Config, report: Report, seconds: float) -> str:
    lines = [f"note: {report.note}"] if report.note else []
    if report.synced is None:
        found = errors(report.issues)
        lines.append(f"Not built: {_plural(len(found), 'error')}. {_below(config, config.output)}/ is as it was.")
        return "\n".join(lines)
    synced = report.synced
    if not synced.written and not synced.removed:
        lines.append(f"{_nothing_to_do(report, synced.unchanged)} ({seconds:.2f} s).")
    else:
        done = f"{len(synced.written)} written, {len(synced.removed)} removed, {synced.unchanged} unchanged"
        lines.append(f"{_what(report)}: {done} in {_below(config, config.output)}/ ({seconds:.2f} s).")
    return "\n".join(lines)


def _what(report: Report) -> str:
    return ", ".join(_plural(report.counts[name], name.removesuffix("s")) for name in ("articles", "records", "mentions"))


def _nothing_to_do(report: Report, files: int) -> str:
    return f"{_what(report)}: nothing to do, {_plural(files, 'file')} as they were"


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


def _converted(report: ConvertReport, dry_run: bool) -> str:
    counts: dict[str, int] = {}
    for outcome in report.outcomes:
        counts[outcome.action] = counts.get(outcome.action, 0) + 1
    words = {"kept": "edited by hand and left alone", "moved": "under a new name", "conflict": "in conflict", "failed": "failed"}
    parts = [f"{number} {words.get(action, action)}" for action, number in counts.items()]
    parts.append(f"{_plural(len(report.suggestions), 'new record')} suggested")
    if report.waiting:
        parts.append(f"{_plural(report.waiting, 'more name')} to decide in candidates.csv")
    return ("Dry run, nothing written: " if dry_run else "") + ", ".join(parts) + "."


def _print_issues(issues: Sequence[Issue], form: str) -> None:
    if form == "json":
        click.echo(json.dumps([_as_json(issue) for issue in issues], ensure_ascii=False, indent=1))
        return
    for issue in issues:
        if form == "github":
            click.echo(_as_github(issue))
        else:
            click.echo(_coloured(issue) + "\n", err=True)


def _as_json(issue: Issue) -> dict[str, Any]:
    span = issue.span
    return {"code": issue.code, "severity": str(issue.severity), "message": issue.message, "path": span.path,
            "line": span.line, "column": span.column, "length": span.length, "help": issue.help}  # fmt: skip


def _as_github(issue: Issue) -> str:
    """A workflow command, as GitHub Actions reads it; its own signs are escaped as it asks."""

    def escaped(text: str, more: str = "") -> str:
        for sign in "%\r\n" + more:
            text = text.replace(sign, f"%{ord(sign):02X}")
        return text

    where = f"file={escaped(issue.span.path, ':,')},line={max(1, issue.span.line)},col={max(1, issue.span.column)}"
    text = issue.message + (f" ({issue.help})" if issue.help else "")
    severity = "notice" if issue.severity is Severity.NOTE else issue.severity
    return f"::{severity} {where},title={escaped(issue.code, ':,')}::{escaped(text)}"


def _coloured(issue: Issue) -> str:
    colour = {Severity.ERROR: "red", Severity.WARNING: "yellow"}.get(issue.severity, "cyan")
    text = str(issue)
    head = f"{issue.severity}[{issue.code}]"
    return text.replace(head, click.style(head, fg=colour, bold=True), 1)


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _below(config: Config, path: Path) -> str:
    try:
        return path.relative_to(config.root).as_posix()
    except ValueError:
        return str(path)


class _Progress:
    """A count on standard error while long work runs; nothing where that is no terminal."""

    def __init__(self, verb: str, *, enabled: bool) -> None:
        self._verb, self._enabled = verb, enabled and sys.stderr.isatty()
        self._bar: Any = None
        self._task: Any = None
        self.step: Callable[[], None] = self._advance if self._enabled else lambda: None

    def __enter__(self) -> _Progress:
        if self._enabled:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

            self._bar = Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
                                 console=Console(stderr=True), transient=True)  # fmt: skip
            self._bar.start()
            self._task = self._bar.add_task(self._verb, total=None)
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._bar.stop()

    def steps(self, count: int) -> None:
        """Note that so many more are done."""
        if self._bar:
            self._bar.advance(self._task, count)

    def begin(self, total: int) -> None:
        """Say how many steps there will be."""
        if self._bar:
            self._bar.update(self._task, total=total)

    def _advance(self) -> None:
        self._bar.advance(self._task)
