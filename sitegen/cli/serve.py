"""`sitegen serve`: the preview."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sitegen.cli.building import built
from sitegen.cli.ground import clerk_of, config_at, mode_of, recover
from sitegen.cli.terms import print_issues
from sitegen.errors import SiteError

if TYPE_CHECKING:
    from sitegen.build.ahead import Ahead
    from sitegen.build.pipeline import Report


@click.command()
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

    config = config_at(directory).preview()

    builder = Builder()

    def rebuild(changed: Collection[Path] | None, ahead: Ahead) -> Report:
        now = config_at(directory).preview()
        recover(now)
        with Memo.at(now.memo) as memo:
            mode = mode_of(strict=False, drafts=drafts, exports=False, preview=True)
            return builder.build(now, memo, mode, pool, changed, ahead)

    def settle() -> None:
        idle.poke()
        with Memo.at(config.memo) as memo:
            builder.settle(memo)

    def tell(report: Report | SiteError, seconds: float) -> None:
        if isinstance(report, SiteError):
            click.echo(str(report), err=True)
        else:
            print_issues(report.issues, "text")
            click.echo(built(config, report, seconds))

    idle = Idle(lambda: index(config_at(directory).preview(), mode_of(strict=False, drafts=drafts, preview=True)), tell)
    with Pool.of(stays=True) as pool:  # workers that were started once are there for the next template that is edited
        run(
            config,
            (config.content, config.themes, config.root),
            rebuild,
            tell,
            settle=settle,
            idle=idle,
            clerk=clerk_of(config),
            host=host,
            port=port,
            browse=browse,
            say=click.echo,
        )
