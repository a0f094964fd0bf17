"""What readers would see change since a git revision, in a real repository."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sitegen.cli.commands import main
from tests.support import Collection


def git(root: Path, *arguments: str) -> str:
    names = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", "-C", str(root), *names, *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def commit(collection: Collection, message: str) -> str:
    git(collection.root, "add", "-A")
    git(collection.root, "commit", "-q", "-m", message)
    return git(collection.root, "rev-parse", "HEAD")


def run(root: Path, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["-C", str(root), "diff", "--no-search", "--jobs", "1", *arguments])
    return done.exit_code, done.output


def found(root: Path, *arguments: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(run(root, "--format", "json", *arguments)[1])
    return told


@pytest.fixture
def kept(tmp_path: Path) -> Collection:
    """A collection in a folder of a repository, with one commit."""
    git(tmp_path, "init", "-q", "-b", "main")
    collection = Collection(tmp_path / "wires")
    collection.write("../.gitignore", ".sitegen/\nsite/\n")
    collection.record("people/morse", "Morse").record("people/field", "Field")
    collection.article("a", "Morse met Field.", title="First").article("b", "Morse slept.", title="Second")
    commit(collection, "one")
    return collection


def test_what_lies_in_the_folder_is_compared_with_what_was_committed(kept: Collection) -> None:
    kept.article("a", "Morse met Field, and Morse left.", title="First")
    told = found(kept.root)
    assert told["against"].startswith("HEAD (") and [page["url"] for page in told["pages"]["changed"]] == ["/articles/a/"]
    assert next((named["record"], named["gained"], named["reworded"]) for named in told["mentions"]) == ("people/morse", 1, 1)


def test_a_commit_a_tag_and_a_branch_may_be_named(kept: Collection) -> None:
    git(kept.root, "tag", "published")
    first = git(kept.root, "rev-parse", "HEAD")
    commit(kept.article("c", "Field slept."), "two")
    for name in ("HEAD^", "published", first, first[:8]):
        assert [page["url"] for page in found(kept.root, "--against", name)["pages"]["added"]] == ["/articles/c/"]


def test_without_a_name_a_branch_is_compared_with_where_it_left_the_main_one(kept: Collection, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", str(tmp_path), str(tmp_path / "clone"))
    commit(kept.article("later", "On main."), "on main, after the branch")
    branch = Collection(tmp_path / "clone" / "wires").article("mine", "Field spoke.")
    commit(branch, "on the branch")
    git(branch.root, "fetch", "-q")
    told = found(branch.root)
    assert [page["url"] for page in told["pages"]["added"]] == ["/articles/mine/"] and not told["lost"]


def test_a_rename_in_git_is_told_as_a_move_with_the_line_to_write(kept: Collection) -> None:
    git(kept.root, "mv", "content/articles/a.md", "content/articles/first.md")
    code, said = run(kept.root)
    assert code == 1 and "/articles/a/,20" in said and ",/articles/first/,renamed" in said and "Mentions:" not in said


def test_the_repository_stays_as_it_was(kept: Collection) -> None:
    git(kept.root, "config", "core.hooksPath", "hooks")
    hook = kept.root.parent / "hooks" / "post-checkout"
    hook.parent.mkdir()
    hook.write_text(f"#!/bin/sh\ntouch {kept.root}/content/ran\n")
    hook.chmod(0o755)
    kept.article("c")
    before = git(kept.root, "status", "--porcelain"), git(kept.root, "worktree", "list"), git(kept.root, "for-each-ref")
    assert run(kept.root)[0] == 0
    assert (git(kept.root, "status", "--porcelain"), git(kept.root, "worktree", "list"), git(kept.root, "for-each-ref")) == before


def test_a_revision_without_the_collection_is_one_without_a_page(kept: Collection) -> None:
    git(kept.root, "checkout", "-q", "--orphan", "bare")
    git(kept.root, "rm", "-r", "-q", "--cached", ".")
    git(kept.root, "commit", "-q", "--allow-empty", "-m", "nothing yet")
    git(kept.root, "checkout", "-q", "-f", "main")
    told = found(kept.root, "--against", "bare")
    assert len(told["pages"]["added"]) > 4 and told["sound"]


def test_a_revision_whose_configuration_is_broken_is_told_as_that(kept: Collection) -> None:
    good = (kept.root / "sitegen.toml").read_text()
    commit(kept.write("../sitegen.toml", "title = "), "broken")
    kept.write("../sitegen.toml", good)
    code, said = run(kept.root)
    assert code == 2 and "cannot be read" in said and "help:" in said


@pytest.mark.parametrize("name", ["nothing", "--upload-pack=x", "HEAD:content", "-x", ""])
def test_what_is_no_revision_is_told_as_that(kept: Collection, name: str, tmp_path: Path) -> None:
    root = kept.root
    if not name:
        root = Collection(tmp_path.parent / f"{tmp_path.name}-outside").article("a").root
    code, said = run(root, f"--against={name}")
    assert code == 2 and "no revision" in said and "help:" in said


def test_a_private_article_of_both_is_in_none_of_it(kept: Collection) -> None:
    kept.article("s", "Field kept Morse quiet.", title="The Secret Thing Itself", more="visibility: private\n")
    commit(kept, "private")
    kept.article("s", "Field kept Morse very quiet.", title="The Secret Thing Itself", more="visibility: private\n")
    kept.article("c", "Field spoke.")
    for form in ("text", "markdown", "json"):
        said = run(kept.root, "--format", form)[1]
        assert "/articles/c/" in said and "Secret" not in said and "quiet" not in said and "articles/s" not in said
