"""The commands, as Click parses them.

A command is loaded when it is asked for, and imports the rooms that it needs: `sitegen --help` costs no more than Click.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import click

from sitegen import __version__
from sitegen.cli.group import Group

# The commands in the order in which somebody meets them: by heading and name, the module that has it, and its line in the help.
_SECTIONS = {
    "From texts to a site": {
        "new": ("collect", "Begin a collection in a folder."),
        "convert": ("collect", "Turn texts into articles, their names into suggested records."),
        "review": ("review", "Decide on what was suggested, one key each."),
        "serve": ("serve", "See the site while you write; every save is shown."),
        "check": ("ask", "List what is wrong, with places and remedies."),
        "build": ("build", "Write the finished site."),
    },
    "Records and notes": {
        "merge": ("records", "Make one record of two that are the same."),
        "rename": ("records", "Give a record another id; links follow."),
        "split": ("records", "Make two records of one that stands for two things."),
        "notes": ("notes", "Carry notes over edits, in from other programs and out."),
    },
    "Publishing": {
        "diff": ("ask", "Say what readers would see change."),
        "addresses": ("ask", "Record the addresses that are never to be lost."),
        "verify": ("ask", "Say whether a site is what its receipt says."),
    },
    "Questions": {
        "why": ("ask", "Say why a page was last written."),
        "impact": ("ask", "Say which pages a change of a file would touch."),
        "doctor": ("ask", "Say what works on this machine, and what to do."),
        "annotate": ("collect", "Find names in texts, for other programs."),
    },
}
_MODULES = {name: module for section in _SECTIONS.values() for name, (module, _) in section.items()}


class _Commands(Group):
    """The commands, each from its own module; the help of all loads none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _MODULES:
            return None
        found: click.Command = getattr(import_module(f"{__package__}.{_MODULES[cmd_name]}"), cmd_name)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for heading, section in _SECTIONS.items():
            with formatter.section(heading):
                formatter.write_dl([(f"{name:<9}", line) for name, (_, line) in section.items()])
        formatter.write_paragraph()
        formatter.write_text("Begin with: sitegen new FOLDER. The options of a command: sitegen COMMAND --help.")


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="sitegen")
@click.option(
    "-C",
    "--directory",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=Path(),
    help="Run as if started in DIRECTORY.",
)
@click.pass_context
def main(ctx: click.Context, directory: Path) -> None:
    """Turn a folder of texts into a site in which every person, place and event has a page."""
    ctx.obj = directory
