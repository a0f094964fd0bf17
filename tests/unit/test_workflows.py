"""The workflows of this repository and those of a new collection, by the schema that GitHub's have."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).parents[2]
WORKFLOWS = sorted(
    file for folder in (".github", "sitegen/scaffold/files/dot-github") for file in (HERE / folder / "workflows").glob("*.yml")
)


def checked(*files: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", *map(str, files)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_every_workflow_is_one_by_the_schema_of_github(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(WORKFLOWS[0].read_text(encoding="utf-8").replace("runs-on:", "run-on:"), encoding="utf-8")
    told = checked(*WORKFLOWS)
    assert len(WORKFLOWS) == 6 and told.returncode == 0, told.stdout
    assert checked(wrong).returncode == 1


def test_an_action_is_of_one_version_in_all_workflows() -> None:
    versions = defaultdict(set)
    for file in WORKFLOWS:
        for name, version in re.findall(r"uses: (\S+)@(\S+)", file.read_text(encoding="utf-8")):
            versions[name].add(version)
    assert len(versions) >= 7 and all(len(found) == 1 for found in versions.values()), versions
