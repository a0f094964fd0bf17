"""What is kept for a person between runs lies where only that person can put it, and is never needed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from sitegen import kept
from sitegen.build import memo
from sitegen.cli.commands import main
from tests.support import Collection, files

KEY = bytes(range(16))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv(kept.VARIABLE, str(folder))
    kept.keep("thing", KEY, b"as it was")
    return folder


def test_what_is_kept_is_read_back(folder: Path) -> None:
    assert kept.read("thing", KEY) == b"as it was"
    assert kept.read("thing", bytes(16)) == b""
    assert kept.read("other", KEY) == b""


@pytest.mark.parametrize("damage", [b"", b"x", b"0123456789abcdefas it was"])
def test_what_was_damaged_is_not_read(folder: Path, damage: bytes) -> None:
    (file,) = folder.iterdir()
    file.write_bytes(damage)
    assert kept.read("thing", KEY) == b""


@pytest.mark.skipif(sys.platform == "win32", reason="no permissions of that sort")
@pytest.mark.parametrize("mode", [0o777, 0o770, 0o702])
def test_a_folder_that_others_can_write_to_is_not_used(folder: Path, mode: int) -> None:
    folder.chmod(mode)
    kept._folder.cache_clear()
    assert kept.read("thing", KEY) == b""
    kept.keep("more", KEY, b"of it")
    assert len(list(folder.iterdir())) == 1


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no owners of that sort")
def test_a_folder_of_another_person_is_not_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: folder.stat().st_uid + 1)
    kept._folder.cache_clear()
    assert kept.read("thing", KEY) == b""


def test_a_link_to_a_folder_is_not_used(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "link").symlink_to(folder)
    monkeypatch.setenv(kept.VARIABLE, str(tmp_path / "link"))
    assert kept.read("thing", KEY) == b""


@pytest.mark.parametrize("named", ["", "here"])
def test_where_no_folder_is_named_nothing_is_kept(named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(kept.VARIABLE, named)
    kept.keep("thing", KEY, b"as it was")
    assert kept.read("thing", KEY) == b""
    assert not list(tmp_path.iterdir())


def test_a_person_without_a_home_has_nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(kept.VARIABLE)
    monkeypatch.setattr(kept, "_usual", lambda: "/dev/null/cache")
    kept._folder.cache_clear()
    kept.keep("thing", KEY, b"as it was")
    assert kept.read("thing", KEY) == b""


def test_the_oldest_make_room(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_MOST", 3)
    for number in range(5):
        kept.keep("thing", bytes([number]) * 16, b"%d" % number)
        for age, file in enumerate(sorted(folder.iterdir(), key=lambda file: -file.stat().st_mtime_ns)):
            os.utime(file, (1_700_000_000 - age, 1_700_000_000 - age))
    assert [kept.read("thing", bytes([number]) * 16) for number in range(5)] == [b"", b"", b"2", b"3", b"4"]


def test_the_digest_of_the_program_is_kept(folder: Path) -> None:
    memo.code_digest.cache_clear()
    made = memo.code_digest()
    if not memo._as_it_lies(Path(memo.__file__).resolve().parent.parent):
        pytest.skip("the program was changed in this second")
    assert [file.name for file in folder.iterdir() if file.name.startswith("program-")]
    memo.code_digest.cache_clear()
    assert memo.code_digest() == made


def test_a_site_is_the_same_with_templates_that_were_kept_and_without(
    collection: Collection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sitegen.render import engine

    collection.record("people/morse", "Morse").article("one", "Morse was here.")
    found = []
    for named in ("", str(tmp_path / "cache"), str(tmp_path / "cache")):
        monkeypatch.setenv(kept.VARIABLE, named)
        monkeypatch.setattr(engine, "_codes", {})
        with pytest.raises(SystemExit):
            main(["-C", str(collection.root), "build", "--clean", "--jobs", "1"])
        found.append(files(collection.root / "site"))
    assert found[0] == found[1] == found[2]
    kept_there = [file.name for file in (tmp_path / "cache").iterdir()]
    assert all(any(name.startswith(sort) for name in kept_there) for sort in ("template-", "assets-"))


def test_the_ground_of_a_small_map_is_drawn_once_for_a_person(
    collection: Collection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sitegen.geo import layout

    collection.record("places/paris", "Paris", "location: {lat: 48.9, lon: 2.3}\n").article("one", "Paris.")
    drawn: list[str] = []
    real = layout._drawn_ground
    monkeypatch.setattr(layout, "_drawn_ground", lambda view, own: (drawn.append("ground"), real(view, own))[1])
    pages = []
    for named in ("", str(tmp_path / "cache"), str(tmp_path / "cache")):
        monkeypatch.setenv(kept.VARIABLE, named)
        layout._ground.cache_clear()
        with pytest.raises(SystemExit):
            main(["-C", str(collection.root), "build", "--clean", "--jobs", "1"])
        pages.append((collection.root / "site" / "articles" / "one" / "index.html").read_bytes())
    assert pages[0] == pages[1] == pages[2]
    assert len(drawn) == 2
