"""`sitegen new`: what it writes, and that it converts and builds as it stands."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from sitegen.config import Config, load
from sitegen.errors import SiteError
from sitegen.scaffold import scaffold

HERE = Path(__file__).parents[2]


def tree(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def sitegen(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sitegen", "-C", str(folder), *arguments],
        capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(HERE), "PYTHONUTF8": "1"},
    )  # fmt: skip


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("new") / "collection"
    scaffold(folder)
    converted = sitegen(folder, "convert")
    assert (converted.returncode, converted.stderr) == (0, "")
    return folder


def test_the_paths_returned_are_the_files_written(tmp_path):
    assert scaffold(tmp_path / "d") == tree(tmp_path / "d")


def test_hidden_files_get_their_dot(tmp_path):
    assert {".gitignore", ".github/workflows/publish.yml"} <= set(scaffold(tmp_path))


def test_a_folder_with_foreign_files_keeps_them(tmp_path):
    (tmp_path / "letters.doc").write_text("mine")
    scaffold(tmp_path)
    assert (tmp_path / "letters.doc").read_text() == "mine"


def test_a_folder_with_one_of_the_files_is_refused_by_name(tmp_path):
    (tmp_path / "sitegen.toml").write_text("")
    (tmp_path / "README.md").write_text("")
    with pytest.raises(SiteError, match=r"README\.md, sitegen\.toml"):
        scaffold(tmp_path)


def test_a_collection_that_is_there_already_is_refused_in_a_line(tmp_path):
    scaffold(tmp_path)
    with pytest.raises(SiteError, match=r"\.gitignore and \d+ more"):
        scaffold(tmp_path)


def test_in_the_folder_itself_nobody_is_told_to_go_there(tmp_path):
    told = sitegen(tmp_path, "new", ".").stdout
    assert "lies in this folder" in told and "cd " not in told


def test_a_refusal_writes_nothing(tmp_path):
    (tmp_path / "netlify.toml").write_text("")
    with pytest.raises(SiteError):
        scaffold(tmp_path)
    assert tree(tmp_path) == ["netlify.toml"]


def test_a_file_in_the_folders_place_is_an_error_that_names_it(tmp_path):
    (tmp_path / "d").write_text("")
    with pytest.raises(SiteError, match="cannot be written"):
        scaffold(tmp_path / "d")


def test_the_configuration_loads(tmp_path):
    scaffold(tmp_path)
    assert load(tmp_path).title == "A new collection"


def test_the_keys_shown_in_comments_have_their_defaults(tmp_path):
    scaffold(tmp_path)
    lines = (tmp_path / "sitegen.toml").read_text(encoding="utf-8").splitlines()
    shown = [line[2:] for line in lines if line.startswith("# ") and " = " in line and not line.startswith("# menu")]
    plain = tomllib.loads("\n".join(line for line in shown[: shown.index('label = "Ships"')]))
    default = Config(root=tmp_path)
    assert plain == {key: str(value) if isinstance(value := getattr(default, key), Path) else value for key in plain}


def test_every_key_shown_in_a_comment_is_a_key(tmp_path):
    scaffold(tmp_path)
    path = tmp_path / "sitegen.toml"
    path.write_text(re.sub(r"^# (?=\w+ = |\[kinds)", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE), encoding="utf-8")
    assert any(kind.id == "ships" for kind in load(tmp_path).kinds)


def test_a_new_collection_builds_without_a_warning(collection):
    built = sitegen(collection, "build", "--strict")
    assert (built.returncode, built.stderr) == (0, "")


@pytest.mark.parametrize("path", ["people/joseph-paxton", "places/london", "places/hyde-park", "about", "articles"])
def test_a_new_collections_site_has_the_page(collection, path):
    sitegen(collection, "build")
    assert (collection / "site" / path / "index.html").is_file()


def test_converting_a_new_collection_twice_changes_nothing(collection):
    before = tree(collection / "content")
    sitegen(collection, "convert")
    assert tree(collection / "content") == before


@pytest.mark.parametrize("path", ["netlify.toml", "sitegen/scaffold/files/netlify.toml"])
def test_netlify_is_sent_the_headers_that_the_build_writes_and_no_others(path):
    settings = tomllib.loads((HERE / path).read_text(encoding="utf-8"))
    assert settings["build"]["command"].endswith("--target netlify")
    assert "headers" not in settings and "redirects" not in settings


@pytest.mark.parametrize("path", [".github/workflows/publish.yml", "sitegen/scaffold/files/dot-github/workflows/publish.yml"])
def test_the_workflow_may_write_pages_and_nothing_else(path):
    import yaml

    workflow = yaml.safe_load((HERE / path).read_text(encoding="utf-8"))
    granted = [workflow["permissions"], *(job.get("permissions", {}) for job in workflow["jobs"].values())]
    assert granted == [{"contents": "read"}, {}, {}, {"pages": "write", "id-token": "write"}]
