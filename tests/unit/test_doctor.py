"""What the doctor says of a machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from sitegen import doctor
from sitegen.cli.commands import main
from sitegen.doctor import State, within
from sitegen.publish.search import pagefind
from tests.support import REPOSITORY, Collection


def findings(root: Path, code: int = 0) -> dict[str, dict[str, str]]:
    done = CliRunner().invoke(main, ["-C", str(root), "doctor", "--format", "json"])
    assert done.exit_code == code, done.output
    return {finding["name"]: finding for finding in json.loads(done.output)}


def test_a_machine_with_everything_is_well(collection: Collection) -> None:
    found = findings(collection.root)
    assert {"Python", "libraries", "search", "reading font", "social cards", "spaCy", "Dask cluster", "git", "editor", "memory",
            "disk", "watch"} == set(found)  # fmt: skip
    assert all(finding["help"] for finding in found.values() if finding["state"] != "ok")


def test_the_watch_is_tried_and_leaves_nothing_behind(collection: Collection) -> None:
    watch = findings(collection.root)["watch"]
    assert watch["state"] == "ok" and "is noticed after" in watch["fact"]
    assert not list((collection.root / ".sitegen").iterdir()) and not list(collection.content.iterdir())


def test_outside_a_collection_it_says_what_it_can(tmp_path: Path) -> None:
    assert "watch" not in findings(tmp_path) and not list(tmp_path.iterdir())


def test_a_search_program_that_does_not_start_is_wrong(
    collection: Collection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "pagefind"
    broken.write_text("no program")
    monkeypatch.setattr(pagefind, "program", lambda: broken)
    search = findings(collection.root, 1)["search"]
    assert search["state"] == "wrong" and str(broken) in search["fact"] and "pip install" in search["help"]


def test_without_a_search_program_nothing_is_wrong(collection: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pagefind, "program", lambda: None)
    assert findings(collection.root)["search"]["state"] == "absent"


def test_an_extra_that_the_configuration_asks_for_is_missed(collection: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "find_spec", lambda name: None)
    assert findings(collection.root)["reading font"]["state"] == "absent"
    collection.write("../sitegen.toml", 'title = "T"\nurl = "https://e.org/"\nfonts = true\n')
    font = findings(collection.root, 1)["reading font"]
    assert font["state"] == "wrong" and "sitegen[fonts]" in font["help"]


def test_a_pipeline_that_cannot_be_loaded_is_wrong(collection: Collection) -> None:
    collection.write("../sitegen.toml", 'title = "T"\nurl = "https://e.org/"\n[annotate]\nner = "spacy:no_such_pipeline"\n')
    spacy = findings(collection.root, 1)["spaCy"]
    assert spacy["state"] == "wrong" and "no_such_pipeline" in spacy["fact"] and spacy["help"]


def test_an_editor_that_is_not_there_is_wrong(collection: Collection) -> None:
    collection.write("../sitegen.toml", 'title = "T"\nurl = "https://e.org/"\neditor = "no-such-editor {path}"\n')
    assert "no-such-editor" in findings(collection.root, 1)["editor"]["fact"]


def test_little_space_is_wrong(collection: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_LITTLE_SPACE", 10**18)
    assert findings(collection.root, 1)["disk"]["help"]


def test_people_get_a_line_a_thing(collection: Collection) -> None:
    done = CliRunner().invoke(main, ["-C", str(collection.root), "doctor"])
    assert done.output.startswith("ok     Python        3.") and "\nok     watch " in done.output


def test_a_library_out_of_its_range_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.metadata, "requires", lambda _: ["click<9,>=8.1", "no-such-thing>=1", 'dask>1; extra == "dask"'])
    monkeypatch.setattr(doctor.metadata, "version", _version)
    (found,) = doctor._libraries()
    assert found.state is State.WRONG and found.fact == "click 7.0 is not <9,>=8.1; no-such-thing is not installed"


@pytest.fixture
def uninstalled(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> list[str]:
        raise doctor.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(doctor.metadata, "requires", absent)


def test_run_from_its_source_it_holds_libraries_against_what_the_source_asks_for(
    uninstalled: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    (found,) = doctor._libraries()
    assert found.state is State.OK and "msgspec " in found.fact and f"runs from its source in {REPOSITORY}" in found.fact
    monkeypatch.setattr(doctor.metadata, "version", _version)
    (found,) = doctor._libraries()
    assert found.state is State.WRONG and "click 7.0 is not >=8.1,<9" in found.fact
    assert found.help == f"pip install --upgrade {REPOSITORY}"


def test_a_copy_of_the_package_alone_is_told_as_such(uninstalled: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_SOURCE", tmp_path)
    (found,) = doctor._libraries()
    assert found.state is State.WRONG and str(tmp_path) in found.fact and found.help == "pip install sitegen"


def test_run_from_its_source_as_a_command_it_works(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sitegen", "doctor"], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0 and "\nok     libraries " in done.stdout, done.stdout


def _version(name: str) -> str:
    if name == "click":
        return "7.0"
    raise doctor.metadata.PackageNotFoundError(name)


@pytest.mark.parametrize(
    ("version", "ranges", "fits"),
    [("1.5", ">=1.0,<2", True), ("2.0", ">=1.0,<2", False), ("0.9.9", ">=1.0", False), ("1.0.0", "<=1", True),
     ("8.1.7rc1", ">=8.1.7", True),      ("1.10", "<1.9", False), ("3", "", True)],
)  # fmt: skip
def test_versions_are_compared_by_their_numbers(version: str, ranges: str, fits: bool) -> None:
    assert within(version, ranges) is fits
