"""The wheel: what pip installs holds all that the program needs, and runs outside of the repository."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run(pip, check=True, capture_output=True)
    (found,) = folder.glob("*.whl")
    return found


@pytest.mark.parametrize("folder", ["sitegen", "themes/default", "themes/plain"])
def test_the_wheel_holds_every_file_that_git_keeps(wheel: Path, folder: str) -> None:
    listed = subprocess.run(["git", "ls-files", folder], cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()
    wanted = {path if folder == "sitegen" else f"sitegen/{path}" for path in listed}
    assert wanted and wanted <= set(zipfile.ZipFile(wheel).namelist())


def test_a_collection_is_made_and_built_from_the_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "installed")
    for command in (["new", "d"], ["-C", "d", "convert"], ["-C", "d", "build", "--strict"]):
        run = [sys.executable, "-m", "sitegen", *command]
        subprocess.run(run, cwd=tmp_path, check=True, capture_output=True, env={"PYTHONPATH": str(tmp_path / "installed")})
    assert (tmp_path / "d/site/people/joseph-paxton/index.html").is_file()
