"""The lock of libraries holds what pyproject.toml asks for, with hashes, and the workflows install and audit by it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

HERE = Path(__file__).parents[2]
LOCK = (HERE / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))
ASKED = [Requirement(line) for line in (*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"])]
LOCKED = {
    canonicalize_name(found[1]): (Version(found[2]), found[3])
    for found in re.finditer(r"^([\w.-]+)==(\S+)[^\n]*\\\n((?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n)*)", LOCK, re.MULTILINE)
}
WORKFLOWS = [".github/workflows/publish.yml", "sitegen/scaffold/files/dot-github/workflows/publish.yml"]
ALL = [
    path.with_name(name).as_posix() for path in map(Path, WORKFLOWS) for name in ("publish.yml", "diff.yml", "diff-comment.yml")
]


def commands(workflow: str) -> dict[str, str]:
    """What each job of a workflow runs."""
    jobs: dict[str, Any] = yaml.safe_load((HERE / workflow).read_text(encoding="utf-8"))["jobs"]
    return {name: "\n".join(step.get("run", "") for step in job["steps"]) for name, job in jobs.items()}


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked.name)
def test_the_lock_has_a_version_that_pyproject_allows_with_the_hashes_of_its_files(asked: Requirement) -> None:
    version, hashes = LOCKED[canonicalize_name(asked.name)]
    assert asked.specifier.contains(version), f"{asked} and {version}: run make lock"
    assert "--hash=sha256:" in hashes


def test_every_line_of_the_lock_is_a_version_a_hash_or_a_word_on_where_it_came_from() -> None:
    known = re.compile(r"#.*| +#.*|[a-z0-9._-]+==\S+( ; .*)? \\| +--hash=sha256:[0-9a-f]{64}( \\)?|")
    assert [line for line in LOCK.splitlines() if not known.fullmatch(line)] == []
    assert len(LOCKED) == len(re.findall(r"^\S+==", LOCK, re.MULTILINE)) and all(hashes for _, hashes in LOCKED.values())


def test_the_lock_names_no_host_and_no_folder_that_files_came_from() -> None:
    assert not re.search(r"https?:|file:|index-url|find-links|trusted-host|(?<![\w.])/\w", LOCK)


def test_this_repositorys_site_is_built_with_what_the_lock_has_and_nothing_else() -> None:
    runs = commands(WORKFLOWS[0])["build"].splitlines()
    installs = [line for line in runs if line.startswith("pip install")]
    assert [("--require-hashes" in line, "--no-deps --no-build-isolation" in line) for line in installs] == [
        (True, False),
        (False, True),
    ]


@pytest.mark.parametrize("workflow", WORKFLOWS)
def test_a_publication_asks_for_known_weaknesses_with_a_tool_of_one_version(workflow: str) -> None:
    assert re.search(r"pip-audit==\d+\.\d+\.\d+ pip-audit .*--requirement", commands(workflow)["audit"])


def test_every_action_of_the_workflows_is_of_one_major_version() -> None:
    used = re.findall(r"uses: (\S+)", "\n".join((HERE / workflow).read_text(encoding="utf-8") for workflow in ALL))
    assert used and all(re.fullmatch(r"actions/[a-z-]+@v\d+", action) for action in used)
