"""Records as a whole: `merge`, `rename`, `split`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sitegen.cli import options
from sitegen.cli.ground import config_at, in_terminal, patiently, recover
from sitegen.cli.terms import below
from sitegen.errors import SiteError, readable

if TYPE_CHECKING:
    from sitegen.config import Config
    from sitegen.review.shelf import Shelf
    from sitegen.review.transactions import Plan


@click.command()
@click.argument("old", metavar="A")
@click.argument("new", metavar="B")
@click.option("--rewrite", is_flag=True, help="Let links and decisions in texts name B.")
@options.dry_run
@options.yes
@click.pass_obj
def merge(directory: Path, old: str, new: str, rewrite: bool, dry_run: bool, yes: bool) -> None:
    """Merge record A into record B: A leads there, and its names become B's."""
    from sitegen.review import transactions
    from sitegen.review.shelf import id_of

    config = config_at(directory)
    _transact(
        config,
        lambda shelf: transactions.merge(shelf, shelf.meant(id_of(old)), shelf.meant(id_of(new)), rewrite=rewrite),
        dry_run,
        yes,
    )


@click.command()
@click.argument("old", metavar="A")
@click.argument("new", metavar="B")
@options.dry_run
@options.yes
@click.pass_obj
def rename(directory: Path, old: str, new: str, dry_run: bool, yes: bool) -> None:
    """Give record A the id B: every link follows, and its old address redirects."""
    from sitegen.review import transactions
    from sitegen.review.shelf import id_of

    config = config_at(directory)
    kinds = [kind.id for kind in config.kinds]
    _transact(config, lambda shelf: transactions.rename(shelf, shelf.meant(id_of(old)), id_of(new), kinds), dry_run, yes)


@click.command()
@click.argument("record", metavar="ID")
@click.argument("new", metavar="NEW")
@click.option("--name", required=True, help="The name of the new record.")
@click.option("--take", multiple=True, metavar="ALIAS", help="An alias that goes to the new record; may be repeated.")
@click.option("--in", "within", multiple=True, metavar="ARTICLE", help="An article that means the new record; may be repeated.")
@options.dry_run
@options.yes
@click.pass_obj
def split(
    directory: Path, record: str, new: str, name: str, take: Sequence[str], within: Sequence[str], dry_run: bool, yes: bool
) -> None:
    """Make a second record, NEW, of record ID, which stands for two things."""
    from sitegen.review import transactions
    from sitegen.review.shelf import id_of

    config = config_at(directory)
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

    recover(config)
    plan = make(Shelf(config.content))
    for line in preview(plan, below(config, config.content)):
        click.echo(readable(line))
    if dry_run:
        click.echo("Dry run: nothing written.")
        return
    if not yes:
        if not in_terminal():
            raise SiteError("there is no terminal to ask in", help="give --yes to do it, or --dry-run to look only")
        click.confirm("Do it?", abort=True)
    patiently(lambda: commit(config.content, config.memo, f"the {plan.what}", plan.changes))
    click.echo("Done.")
