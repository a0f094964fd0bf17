"""Imports point one way: the design, held against the code."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "sitegen"

# Room → the rooms it may import. `errors` is open to all.
MAY_IMPORT = {
    "errors": set(),
    "geo": set(),
    "model": {"geo"},
    "annotate": {"model"},
    "markup": {"model"},
    "publish": {"model"},
    "words": {"model"},
    "fonts": set(),
    "cards": set(),
    "outside": set(),
    "relate": {"model", "geo", "words"},
    "cite": {"model"},
    "kept": {"model"},
    "render": {"model", "words", "cite", "kept"},
    "patterns": {"kept", "model"},
    "config": {"model"},
    "convert": {"annotate", "model"},
    "scaffold": set(),
    "compare": set(),
    "build": {
        "config",
        "compare",
        "convert",
        "annotate",
        "markup",
        "publish",
        "relate",
        "render",
        "words",
        "fonts",
        "cards",
        "outside",
        "kept",
        "patterns",
        "model",
    }
    | {"geo"},
    "review": {"build", "convert", "relate", "markup", "annotate", "model"},
    "serve": {"review", "build", "config", "markup", "model"},
    "doctor": {"serve", "publish", "annotate", "config"},
    "cli": {"doctor", "serve", "review", "build", "compare", "config", "convert", "annotate", "scaffold", "outside"},
    "start": {"cli", "build", "patterns"},
    "__main__": {"start"},
    "__init__": set(),
}
CONFIG_READERS = {"cli", "doctor", "serve", "build"}


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    rooms = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module] if node.module != "sitegen" else [f"sitegen.{alias.name}" for alias in node.names]
        rooms |= {name.split(".")[1] for name in names if name.startswith("sitegen.")}
    return rooms - {"__version__"}


MODULES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_rooms_below_its_own(path: Path) -> None:
    here = room(path)
    assert imported(path) - {here, "errors"} <= MAY_IMPORT[here]


def test_the_table_of_the_page_is_this_one() -> None:
    page = (PACKAGE.parent / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line.startswith("| `")]
    told = {row[0].strip("`"): row[-1] for row in rows}
    assert told.pop("build") == "all of the above, config"
    assert {name: set(filter(None, rooms.split(", "))) for name, rooms in told.items()} == {
        name: rooms for name, rooms in MAY_IMPORT.items() if name not in ("build", "__main__", "__init__")
    }


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_only_the_command_line_prints(path: Path) -> None:
    printers = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        name = (
            ast.unparse(node.func) if isinstance(node, ast.Call) else ast.unparse(node) if isinstance(node, ast.Attribute) else ""
        )
        if name in ("print", "click.echo", "click.secho", "sys.stdout", "sys.stderr", "traceback.print_exc"):
            printers.append(name)
    assert not printers or room(path) in ("cli", "start")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_only_the_outer_rooms_see_the_configuration(path: Path) -> None:
    assert "config" not in imported(path) or room(path) in CONFIG_READERS
