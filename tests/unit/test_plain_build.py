"""A plain build, which Click does not parse, says and does what it would under Click."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from sitegen.build.unchanged import plainly
from sitegen.cli import building
from sitegen.cli.build import build
from sitegen.cli.commands import main
from sitegen.cli.terms import coloured, echo
from sitegen.errors import Issue, Severity, Span
from tests.support import REPOSITORY, Collection

CONFIG = 'title = "Test"\nurl = "https://example.org/"\ntheme = "plain"\n'
_SECONDS = re.compile(r"\(\d+\.\d\d s\)")


def fine(collection: Collection) -> None:
    collection.article("a", "Morse sailed.").record("people/morse", "Morse")


def warned(collection: Collection) -> None:
    collection.article("a", more="tagz: [x]\n")


def wrong(collection: Collection) -> None:
    collection.write("articles/a.md", "---\ntitle: [\n---\nText.\n")


def themeless(collection: Collection) -> None:
    collection.write("../sitegen.toml", 'theme = "nome"\n').article("a")


def in_the_way(collection: Collection) -> None:
    collection.article("a").write("../site", "")


def nowhere(collection: Collection) -> None:
    (collection.root / "sitegen.toml").unlink()


@pytest.mark.parametrize(
    ("made", "options"),
    [
        (fine, ()),
        (fine, ("--jobs", "1", "--no-search")),
        (warned, ()),
        (warned, ("--strict",)),
        (wrong, ()),
        (themeless, ()),
        (in_the_way, ()),
        (nowhere, ()),
    ],
)
def test_it_ends_as_under_click(
    made: Callable[[Collection], None], options: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def fresh() -> list[str]:
        shutil.rmtree(tmp_path / "c", ignore_errors=True)
        made(Collection(tmp_path / "c", CONFIG))
        return ["-C", str(tmp_path / "c"), "build", *options]

    parsed = CliRunner().invoke(main, fresh())
    plain = plainly(fresh())
    assert plain
    code = building.plain(Path(plain[0]), building.Asked(**plain[1]), None)
    out, err = (_SECONDS.sub("(s)", text) for text in capsys.readouterr())
    assert (code, out, err) == (parsed.exit_code, _SECONDS.sub("(s)", parsed.stdout), parsed.stderr)


def test_click_is_loaded_for_what_is_not_plain_alone(collection: Collection) -> None:
    fine(collection)
    look = "import os, sys; from sitegen import start; os._exit = lambda _: print('click' in sys.modules); start.main()"

    def loads(*arguments: str) -> bool:
        done = subprocess.run([sys.executable, "-c", look, *arguments], cwd=collection.root, capture_output=True, text=True,
                              env={**os.environ, "PYTHONPATH": str(REPOSITORY)})  # fmt: skip
        return done.stdout.splitlines()[-1] == "True"

    assert not loads("build") and loads("-C", "none", "build")


@pytest.mark.parametrize(
    "arguments",
    [
        ["build"],
        ["build", "--strict", "--jobs", "3", "--drafts"],
        ["-C", "x", "build", "--no-search", "--no-exports"],
    ],
)
def test_what_it_reads_of_a_command_line_is_what_click_reads(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[building.Asked] = []
    monkeypatch.setattr(building, "build", lambda _, asked: heard.append(asked))
    with pytest.raises(SystemExit):
        build.main(arguments[arguments.index("build") + 1 :], standalone_mode=False, obj=Path())
    plain = plainly(arguments)
    assert plain and building.Asked(**plain[1]) == heard[0]
    assert plain[0] == ("x" if "-C" in arguments else ".")


def test_interrupted_it_says_what_click_says(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(*_: object) -> int:
        signal.raise_signal(signal.SIGINT)
        return 0

    monkeypatch.setattr(building, "build", interrupted)
    assert building.plain(Path(), building.Asked(), None) == 1
    ours = capsys.readouterr()
    with pytest.raises(SystemExit) as end:
        build.main([], obj=Path())
    assert (end.value.code, capsys.readouterr()) == (1, ours)


@pytest.mark.parametrize("severity", Severity)
def test_issues_have_the_colours_that_click_would_give_them(severity: Severity) -> None:
    colour = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}[severity]
    found = coloured(Issue("code", "fact", Span("a.md"), severity=severity))
    assert found == f"a.md: {click.style(f'{severity}[code]', fg=colour, bold=True)}: fact"


@pytest.mark.parametrize("terminal", [True, False])
def test_a_line_is_printed_as_click_prints_it(
    terminal: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal, raising=False)
    line = click.style("Cable", fg="red", bold=True) + " laid"
    echo(line)
    ours = capsys.readouterr().out
    click.echo(line)
    assert capsys.readouterr().out == ours and ("\x1b" in ours) == terminal
