"""The workflows that tell a pull request what readers would see change: what they may do, and what they run."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from sitegen.compare.comment import MARK

HERE = Path(__file__).parents[2]
FOLDERS = (".github/workflows", "sitegen/scaffold/files/dot-github/workflows")
GH = """#!/bin/sh
printf '%s\\n' "$*" >> "$CALLS"
case "$*" in
  *"/pulls --field"*) printf '%s' "$PULL" ;;
  *"/comments --jq"*) printf '%s' "$MINE" ;;
esac
"""


def workflow(folder: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((HERE / folder / name).read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("folder", FOLDERS)
def test_what_runs_the_words_of_strangers_may_read_alone_and_what_may_write_runs_none_of_them(folder: str) -> None:
    reading, writing = workflow(folder, "diff.yml"), workflow(folder, "diff-comment.yml")
    assert reading["permissions"] == {"contents": "read"} and "permissions" not in reading["jobs"]["diff"]
    assert set(reading[True]) == {"pull_request"} and "secrets." not in (HERE / folder / "diff.yml").read_text()
    assert writing["permissions"] == {} and set(writing[True]) == {"workflow_run"}
    assert writing["jobs"]["comment"]["permissions"] == {"actions": "read", "pull-requests": "write"}
    steps = writing["jobs"]["comment"]["steps"]
    assert [step.get("uses") for step in steps] == ["actions/download-artifact@v7", None]
    # What others chose (names of branches and people) reaches the shell in variables only.
    assert all("${{" not in step.get("run", "") for step in [*steps, *reading["jobs"]["diff"]["steps"]])
    assert writing[True]["workflow_run"]["workflows"] == [reading["name"]]


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_comment_is_found_again_by_the_mark_that_the_program_writes(folder: str) -> None:
    assert f"mark='{MARK}'" in workflow(folder, "diff-comment.yml")["jobs"]["comment"]["steps"][1]["run"]


def post(tmp_path: Path, *, pull: str = "7", mine: str = "", told: str = f"{MARK}\nhello\n", link: str = "") -> tuple[int, str]:
    """Run the step that posts, with a `gh` that writes down how it was called."""
    (tmp_path / "bin").mkdir()
    gh = tmp_path / "bin" / "gh"
    gh.write_text(GH)
    gh.chmod(0o755)
    (tmp_path / "told").mkdir()
    if link:
        (tmp_path / "other").write_text(told)
        (tmp_path / "told" / "diff.md").symlink_to(tmp_path / "other")
    else:
        (tmp_path / "told" / "diff.md").write_text(told)
    calls = tmp_path / "calls"
    calls.touch()
    step = workflow(FOLDERS[0], "diff-comment.yml")["jobs"]["comment"]["steps"][1]
    known = {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "CALLS": str(calls), "PULL": pull, "MINE": mine, "COMMIT": "abc",
             "REPOSITORY": "o/r", "FROM": "someone:$(touch ran)"}  # fmt: skip
    assert set(step["env"]) <= {*known, "GH_TOKEN"}
    done = subprocess.run(["bash", "-e", "-c", step["run"]], cwd=tmp_path, env=known, capture_output=True, text=True)
    assert not (tmp_path / "ran").exists()
    return done.returncode, calls.read_text()


def test_the_first_run_posts_a_comment(tmp_path: Path) -> None:
    code, calls = post(tmp_path)
    assert code == 0 and "--method POST repos/o/r/issues/7/comments --field body=@told/diff.md" in calls and "PATCH" not in calls


def test_a_later_run_writes_the_comment_anew(tmp_path: Path) -> None:
    code, calls = post(tmp_path, mine="42\n43\n")
    assert code == 0 and "--method PATCH repos/o/r/issues/comments/42 --field" in calls and "POST" not in calls


def test_where_the_pull_request_has_gone_on_nothing_is_posted(tmp_path: Path) -> None:
    code, calls = post(tmp_path, pull="")
    assert code == 0 and "body=" not in calls


@pytest.mark.parametrize("left", [{"told": "anything\n"}, {"told": ""}, {"link": "yes"}])
def test_what_is_no_comment_of_ours_is_not_posted(tmp_path: Path, left: dict[str, str]) -> None:
    code, calls = post(tmp_path, **left)  # type: ignore[arg-type]
    assert code == 1 and not calls


def test_what_differs_between_the_two_repositories_is_how_the_program_gets_there() -> None:
    ours, theirs = (workflow(folder, "diff-comment.yml") for folder in FOLDERS)
    assert ours == theirs
    steps = [
        [step for step in workflow(folder, "diff.yml")["jobs"]["diff"]["steps"] if "pip" not in str(step)] for folder in FOLDERS
    ]
    assert steps[0] == steps[1]
