"""Whole small sites, byte for byte. `pytest tests/golden --update` writes what is built; then read the diff."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sitegen.render import engine
from sitegen.render.theme import Theme
from tests.support import Collection, files

HERE = Path(__file__).parent
SITES = sorted(path.name for path in HERE.iterdir() if (path / "sitegen.toml").is_file())


@pytest.mark.parametrize("name", SITES)
def test_the_site_is_as_expected(
    name: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def quick(theme: Theme, *, careful: bool = False) -> object:
        assert not careful, "a template of ours asks for a field that is not there, so that its pages take longer to make"
        return made(theme)

    made = engine.Engine
    monkeypatch.setattr(engine, "Engine", quick)
    given, expected = HERE / name, HERE / name / "expected"
    shutil.copytree(given / "content", tmp_path / "content")
    collection = Collection(tmp_path, (given / "sitegen.toml").read_text(encoding="utf-8"))
    built = collection.build()
    found = files(collection.site)
    del found["licences.txt"]  # texts and versions of what is installed: tests/unit/test_licences.py
    found["issues.txt"] = ("\n\n".join(map(str, built.report.issues)) + "\n").encode()
    if request.config.getoption("--update"):
        shutil.rmtree(expected, ignore_errors=True)
        for path, data in found.items():
            (expected / path).parent.mkdir(parents=True, exist_ok=True)
            (expected / path).write_bytes(data)
    wanted = files(expected)
    assert sorted(found) == sorted(wanted), "files that are missing, or expected files that nothing makes any more"
    for path, data in found.items():
        assert data.decode("utf-8", "replace") == wanted[path].decode("utf-8", "replace"), path
