"""Install a dependency group of pyproject.toml into the environment that runs this.

    .venv/bin/python tools/install_group.py test

What `pip install --group` does since pip 25.1, for the older pips that Debian's Pythons bring.
"""

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[1] / "pyproject.toml"


def main(name: str) -> int:
    groups = tomllib.loads(PROJECT.read_text(encoding="utf-8")).get("dependency-groups", {})
    if name not in groups:
        print(f'{PROJECT.name} has no dependency group "{name}"; it has: {", ".join(groups)}', file=sys.stderr)
        return 2
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    return subprocess.run([*pip, *requirements(groups, name)]).returncode


def requirements(groups: dict[str, list[Any]], name: str) -> list[str]:
    """A group's requirements, with those of the groups it includes."""
    found: list[str] = []
    for item in groups[name]:
        found += requirements(groups, item["include-group"]) if isinstance(item, dict) else [item]
    return found


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]) if len(sys.argv) == 2 else "usage: install_group.py GROUP")
