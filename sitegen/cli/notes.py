"""`sitegen notes`: notes carried over, in and out."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sitegen.cli import options
from sitegen.cli.codes import CONTENT, DONE
from sitegen.cli.ground import config_at, mode_of, patiently, recover
from sitegen.cli.group import Group
from sitegen.cli.terms import below, print_issues
from sitegen.errors import errors

if TYPE_CHECKING:
    from sitegen.config import Config
    from sitegen.review.notes import Desk
    from sitegen.review.notes import Outcome as NotesOutcome
    from sitegen.review.shelf import Shelf


@click.group(cls=Group)
def notes() -> None:
    """Keep notes in place when their articles are edited, and exchange them with other programs."""


@notes.command("rebase")
@click.argument("articles", metavar="[ARTICLE]...", nargs=-1)
@click.option("--accept", multiple=True, metavar="ID", help="Take the proposal for note ID (ID=2: the second); may be repeated.")
@options.dry_run
@click.pass_obj
def rebase_notes(directory: Path, articles: Sequence[str], accept: Sequence[str], dry_run: bool) -> None:
    """Write into notes files what became of the notes.

    Into those of ARTICLEs, or into all.
    """
    from sitegen.review.notes import carry_over
    from sitegen.review.shelf import id_of

    config = config_at(directory)
    recover(config)
    outcome = carry_over(desk_of(config), [id_of(article) for article in articles], accept, dry_run=dry_run)
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

    config = config_at(directory)
    recover(config)
    outcome = bring_in(desk_of(config), directory / file, str(file), id_of(article), base=config.url)
    _write_notes(config, outcome, "import of notes", dry_run=False)
    sys.exit(CONTENT if errors(outcome.issues) else DONE)


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

    config = config_at(directory)
    with Memo.at(config.memo) as memo:
        pages = exported(config, memo, mode_of(strict=False, drafts=bool(articles)), [id_of(article) for article in articles])
    click.echo(json.dumps(pages[0] if len(articles) == 1 else pages, ensure_ascii=False, indent=1))


@notes.command("text")
@click.argument("article")
@click.pass_obj
def text_of_article(directory: Path, article: str) -> None:
    """Print the text of ARTICLE as positions count it."""
    from sitegen.review.shelf import id_of

    click.echo(desk_of(config_at(directory)).text(id_of(article)))


def desk_of(config: Config, shelf: Shelf | None = None) -> Desk:
    from sitegen.review.notes import Desk
    from sitegen.review.shelf import Shelf

    def remembered(path: str) -> str:
        from sitegen.build.annotations import remembered_text
        from sitegen.build.memo import Memo

        with Memo.at(config.memo) as memo:
            return remembered_text(memo, path)

    return Desk(shelf or Shelf(config.content), below(config, config.content), config.raw_html, remembered)


def _write_notes(config: Config, outcome: NotesOutcome, what: str, *, dry_run: bool) -> None:
    """Show what a person has to decide, and write notes files, or show their diff."""
    from sitegen.review.files import commit
    from sitegen.review.preview import diff

    print_issues(outcome.issues, "text")
    changes = outcome.draft.changes
    if dry_run:
        for change in changes:
            for line in diff(change, below(config, config.content)):
                click.echo(line)
    elif changes:
        patiently(lambda: commit(config.content, config.memo, f"the {what}", changes))
    click.echo(f"{'Dry run, nothing written: ' if dry_run else ''}{outcome.sum}.", err=dry_run)
