"""Commands that end with place, fact and remedy where they cannot run, or as with a fault of ours."""

from __future__ import annotations

from typing import Any

import click

from sitegen.cli.codes import FAILED
from sitegen.cli.terms import tell


class Group(click.Group):
    """Shows a SiteError as what it is: place, fact, remedy; exit code 2. Lists its commands in the order of the work."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise  # click knows what to do, also where nobody reads on, as behind `| head`
        except Exception as error:
            tell(error, ctx.meta.get("form", "text"))
            ctx.exit(FAILED)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        from sitegen.errors import did_you_mean

        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            near = did_you_mean(args[0], self.list_commands(ctx), cutoff=0.5)
            ctx.fail(f"no command {args[0]!r}." + (f" {near.capitalize()}" if near else ""))
        return super().resolve_command(ctx, args)
