"""From texts to a collection: `new`, `convert`, `annotate`."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from sitegen import __version__
from sitegen.cli import options
from sitegen.cli.codes import CONTENT, DONE
from sitegen.cli.ground import config_at, pool_of, recover, today
from sitegen.cli.terms import Progress, below, plural, print_issues
from sitegen.errors import Issue, SiteError, errors

if TYPE_CHECKING:
    from sitegen.annotate.mentions import Aids
    from sitegen.annotate.model import Pipeline
    from sitegen.annotate.suggest import Suggestion
    from sitegen.config import Config
    from sitegen.convert.story import Outcome
    from sitegen.convert.story import Report as ConvertReport


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.pass_obj
def new(directory: Path, folder: Path) -> None:
    """Scaffold a collection that converts and builds as it stands."""
    from sitegen.scaffold import scaffold

    target = directory / folder
    for path in scaffold(target):
        click.echo(f"  {path}")
    here = target.resolve() == directory.resolve()
    where = "this folder" if here else target
    click.echo(f"\nA new collection lies in {where}. Put texts into {target / 'content' / 'sources'}, then:\n")
    click.echo(("" if here else f"  cd {target}\n") + "  sitegen convert\n  sitegen serve")


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Overwrite articles that were edited by hand.")
@click.option("-n", "--dry-run", is_flag=True, help="Say what would be done; write nothing.")
@click.option("-v", "--verbose", is_flag=True, help="One line a file.")
@options.jobs
@options.executor
@options.in_form
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

    config = config_at(directory)
    if force and not paths and not dry_run and sys.stdin.isatty():
        click.confirm("Overwrite every article of the collection, edits by hand included?", abort=True)
    given = [directory / path for path in paths]
    if not dry_run:
        recover(config)
    stop = frozenset(stoplist(config.content))
    options = Options(
        force=force,
        dry_run=dry_run,
        language=config.language,
        stop=stop,
        day=today().isoformat(),
        program=f"sitegen {__version__}",
    )
    aids = cache(lambda: _aids(config))  # where nothing is to be converted, nobody asks
    with pool_of(jobs, executor) as pool, Progress("converting", enabled=form == "text" and not verbose) as progress:

        def suggest(texts: Sequence[str]) -> Iterator[list[Suggestion]]:
            return chain.from_iterable(pool.run(names, aids(), texts, again=True))

        def tell(outcome: Outcome) -> None:
            progress.step()
            if verbose and form == "text":
                click.echo(f"  {outcome.action:<10} {below(config, outcome.source)}")

        where = given or [config.content / "sources"]
        # A decision that another run takes meanwhile would be lost under what this one has read.
        with contextlib.nullcontext() if dry_run else locked(config.memo):
            complete(config.memo)
            report = run(config.content, where, options, progress=tell, started=progress.begin, suggest=suggest)
    print_issues(report.issues, form)
    if form == "text":
        click.echo(_converted(report, dry_run) if report.outcomes else _nothing(config, given))
    sys.exit(CONTENT if errors(report.issues) else DONE)


@click.command()
@click.option("--jsonl", is_flag=True, required=True, help="Lines of JSON in, lines of JSON out.")
@click.argument("file", type=click.File("rb"), default="-")
@options.jobs
@options.executor
@click.option("--alone", is_flag=True, help="Heed no collection, also inside one.")
@click.pass_obj
def annotate(directory: Path, jsonl: bool, file: BinaryIO, jobs: int, executor: str, alone: bool) -> None:
    """Find names in texts: {"id", "text"} lines in, {"id", "mentions"} lines out. FILE is standard input where none is given.

    Inside a collection, its records and its stop list are heeded.
    """
    from sitegen.annotate.mentions import NONE
    from sitegen.build.stages import annotated
    from sitegen.config import in_collection

    aids = _aids(config_at(directory)) if not alone and in_collection(directory) else NONE
    with pool_of(jobs, executor) as pool:
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


def _nothing(config: Config, given: Sequence[Path]) -> str:
    """Why no text was converted; what is wrong with the paths that were given is said already."""
    if given:
        return "Nothing converted."
    sources = config.content / "sources"
    others = sum(path.is_file() and not path.name.startswith(".") for path in sources.rglob("*"))
    why = f"of {plural(others, 'file')} there none ends in .txt" if others else "put files there that end in .txt"
    return f"No texts in {below(config, sources)}/: {why}."


def _converted(report: ConvertReport, dry_run: bool) -> str:
    counts: dict[str, int] = {}
    for outcome in report.outcomes:
        counts[outcome.action] = counts.get(outcome.action, 0) + 1
    words = {"kept": "edited by hand and left alone", "moved": "under a new name", "conflict": "in conflict", "failed": "failed"}
    parts = [f"{number} {words.get(action, action)}" for action, number in counts.items()]
    parts.append(f"{plural(len(report.suggestions), 'new record')} suggested")
    if report.waiting:
        parts.append(f"{plural(report.waiting, 'more name')} to decide in candidates.csv")
    return ("Dry run, nothing written: " if dry_run else "") + ", ".join(parts) + "."
