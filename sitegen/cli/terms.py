"""How the command line speaks: lines, issues in their forms, errors that end a run, counts, progress."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sitegen.cli.colours import uncoloured
from sitegen.errors import Issue, Severity, SiteError, system_refusal

if TYPE_CHECKING:
    from sitegen.config import Config


_COLOURS = {Severity.ERROR: 31, Severity.WARNING: 33}
_CYAN = 36


def echo(text: str, *, err: bool = False) -> None:
    """Print a line as Click does, which takes longer to load than a small build works; on standard error, where asked to.

    Raises: BrokenPipeError.
    """
    stream = sys.stderr if err else sys.stdout
    try:
        if sys.platform != "win32":
            stream.write((text if stream.isatty() else uncoloured(text)) + "\n")
            stream.flush()
            return
    except (AttributeError, UnicodeEncodeError):  # there is none, or it has but a few letters: nothing was written
        pass
    import click

    click.echo(text, err=err)


def print_issues(issues: Sequence[Issue], form: str) -> None:
    if form == "json":
        import json

        echo(json.dumps([as_json(issue) for issue in issues], ensure_ascii=False, indent=1))
        return
    for issue in issues:
        if form == "github":
            echo(_as_github(issue))
        else:
            echo(coloured(issue) + "\n", err=True)


def as_json(issue: Issue) -> dict[str, Any]:
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


def coloured(issue: Issue) -> str:
    head = f"{issue.severity}[{issue.code}]"
    return str(issue).replace(head, f"\x1b[{_COLOURS.get(issue.severity, _CYAN)}m\x1b[1m{head}\x1b[0m", 1)


def tell(error: Exception, form: str) -> None:
    """Say why a command cannot run: a SiteError as what it is, all else as the machine's fault, or as ours."""
    refusal = error if isinstance(error, SiteError) else None
    if isinstance(error, OSError | MemoryError):
        refusal = system_refusal(error)
    if refusal and refusal.issues:
        print_issues(refusal.issues, form)
    elif refusal:
        echo(str(refusal), err=True)
    else:
        import traceback

        traceback.print_exc()
        echo(f"\nerror: this is a fault of sitegen, not of your collection ({type(error).__name__})", err=True)
        echo("  help: report it with the lines above; nothing of the site was changed", err=True)


def plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def below(config: Config, path: Path) -> str:
    try:
        return path.relative_to(config.root).as_posix()
    except ValueError:
        return str(path)


class Progress:
    """A count on standard error while long work runs; nothing where that is no terminal."""

    def __init__(self, verb: str, *, enabled: bool) -> None:
        self._verb, self._enabled = verb, enabled and sys.stderr.isatty()
        self._bar: Any = None
        self._task: Any = None
        self.step: Callable[[], None] = self._advance if self._enabled else lambda: None

    def __enter__(self) -> Progress:
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
