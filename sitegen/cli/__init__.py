"""The command line: parse arguments, run one room, print, exit. The only room that prints, with `start`.

A command is loaded when it is asked for, and imports the rooms that it needs: `sitegen --help` costs no more than Click.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import click

from sitegen import __version__
from sitegen.cli.group import Group

# By command, the module that has it under its name.
_COMMANDS = {
    "addresses": "ask",
    "annotate": "collect",
    "build": "build",
    "check": "ask",
    "convert": "collect",
    "diff": "ask",
    "doctor": "ask",
    "impact": "ask",
    "merge": "records",
    "new": "collect",
    "notes": "notes",
    "rename": "records",
    "review": "review",
    "serve": "serve",
    "split": "records",
    "verify": "ask",
    "why": "ask",
}


class _Commands(Group):
    """The commands, each from its own module."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        found: click.Command = getattr(import_module(f"{__name__}.{_COMMANDS[cmd_name]}"), cmd_name)
        return found


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="sitegen")
@click.option("-C", "--directory", type=click.Path(path_type=Path), default=Path(), help="Run as if started in DIRECTORY.")
@click.pass_context
def main(ctx: click.Context, directory: Path) -> None:
    """Turn a folder of texts into a site in which every person, place and event has a page."""
    ctx.meta["edited"], ctx.obj = ctx.obj, directory
