"""How the command line speaks: issues in their forms, counts, progress."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sitegen.errors import Issue, Severity

if TYPE_CHECKING:
    from sitegen.config import Config


def print_issues(issues: Sequence[Issue], form: str) -> None:
    if form == "json":
        click.echo(json.dumps([as_json(issue) for issue in issues], ensure_ascii=False, indent=1))
        return
    for issue in issues:
        if form == "github":
            click.echo(_as_github(issue))
        else:
            click.echo(coloured(issue) + "\n", err=True)


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
    colour = {Severity.ERROR: "red", Severity.WARNING: "yellow"}.get(issue.severity, "cyan")
    text = str(issue)
    head = f"{issue.severity}[{issue.code}]"
    return text.replace(head, click.style(head, fg=colour, bold=True), 1)


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
