"""Options that several commands have."""

from __future__ import annotations

import click


def _remember(ctx: click.Context, _: click.Parameter, form: str) -> str:
    """Keep the form of issues where `_Group` finds it, for errors that end the run."""
    ctx.meta["form"] = form
    return form


in_form = click.option(
    "--format", "form", type=click.Choice(["text", "json", "github"]), default="text", help="How issues are printed.",
    callback=_remember,
)  # fmt: skip
strict = click.option("--strict", is_flag=True, help="Treat warnings as errors.")
jobs = click.option("--jobs", metavar="N", default=0, type=click.IntRange(0), help="Worker processes; else one a processor.")
executor = click.option("--executor", metavar="ADDRESS", default="", help="Let a Dask cluster work: dask://HOST:PORT.")
drafts = click.option("--drafts", is_flag=True, help="Include drafts and articles of a later date.")
dry_run = click.option("-n", "--dry-run", is_flag=True, help="Show what would be done; write nothing.")
yes = click.option("-y", "--yes", is_flag=True, help="Do not ask.")
