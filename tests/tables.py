"""Fixture tables: a Markdown file of cases, each a heading, an optional line of settings, and fenced blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FIXTURES = Path(__file__).parent / "fixtures"
_SETTING = re.compile(r"(\w+): (.*)")


@dataclass(frozen=True)
class Case:
    """A case of a table: its name, its settings, and the contents of its fenced blocks in order."""

    name: str
    settings: dict[str, str]
    blocks: tuple[str, ...]


def cases(table: str) -> list[Case]:
    """The cases of tests/fixtures/<table>.md."""
    found: list[Case] = []
    name, settings, blocks, fence = "", {}, [], None
    for line in [*(FIXTURES / f"{table}.md").read_text(encoding="utf-8").splitlines(), "## "]:
        if fence is not None:
            if line == "```":
                blocks.append("".join(fence))
                fence = None
            else:
                fence.append(line + "\n")
        elif line.startswith("```"):
            fence = []
        elif line.startswith("## "):
            if name:
                found.append(Case(name, settings, tuple(blocks)))
            name, settings, blocks = line[3:], {}, []
        elif setting := _SETTING.match(line):
            settings[setting.group(1)] = setting.group(2)
    assert found, f"no cases in {table}"
    return found
