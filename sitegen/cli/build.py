"""`sitegen build`, as Click parses it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from sitegen.cli import building, options


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
def build(directory: Path, /, **asked: Any) -> None:
    """Render the collection into the output folder. Where there are errors, nothing is changed."""
    sys.exit(building.build(directory, building.Asked(**asked)))
