"""A collection on a file system that does not tell letter cases apart and decomposes names, mounted for real.

Needs FUSE, and the right to mount; where there is neither, `test_names.py` and `test_build.py` say what can be said without.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from sitegen.serve.watch import delay
from tests.robust.test_killed import PLAIN, command
from tests.support import REPOSITORY, Collection, files

NFC, NFD = unicodedata.normalize("NFC", "café"), unicodedata.normalize("NFD", "café")


def mounted(tmp_path: Path, kind: str) -> Iterator[Path]:
    pytest.importorskip("mfusepy", reason="needs mfusepy and libfuse", exc_type=Exception)  # type: ignore[arg-type]
    if not os.access("/dev/fuse", os.R_OK | os.W_OK):
        pytest.skip("needs FUSE")
    under, at = tmp_path / "under", tmp_path / "at"
    under.mkdir()
    at.mkdir()
    program = [sys.executable, "-m", "tests.robust.folded", str(under), str(at), kind]
    server = subprocess.Popen(program, cwd=REPOSITORY, stderr=subprocess.PIPE)
    try:
        end = time.monotonic() + 60
        while not at.is_mount() and server.poll() is None and time.monotonic() < end:
            time.sleep(0.05)
        if not at.is_mount():
            pytest.skip("may not mount")
        yield at
    finally:
        subprocess.run(["umount", "-l", str(at)], check=False, capture_output=True)
        server.terminate()
        server.wait(120)
        assert server.stderr
        server.stderr.close()


@pytest.fixture
def folded(tmp_path: Path) -> Iterator[Path]:
    yield from mounted(tmp_path, "folded")


@pytest.fixture
def collection(folded: Path) -> Collection:
    made = Collection(folded / "c", PLAIN).article("one", "Morse met Field. See [two](two.md).").article("two", "Field.")
    return made.record("people/morse", "Morse").record("people/field", "Field")


def differing(collection: Collection) -> set[str]:
    """In which files the site is not, name by name, what a build makes from nothing where all names are told apart."""
    elsewhere = collection.root.parents[1] / "elsewhere"
    shutil.rmtree(elsewhere, ignore_errors=True)
    shutil.copytree(collection.root, elsewhere, ignore=shutil.ignore_patterns("site", ".sitegen"))
    there = Collection.__new__(Collection)
    there.root, there.content, there.site, there.today = elsewhere, elsewhere / "content", elsewhere / "site", collection.today
    there.build()
    ours, clean = files(collection.site), files(there.site)
    return {path for path in ours.keys() | clean.keys() if ours.get(path) != clean.get(path)}


def test_it_does_what_it_is_to_stand_for(folded: Path) -> None:
    (folded / "Foo.md").write_text("x")
    (folded / NFC).write_text("y")
    assert (folded / "foo.MD").read_text() == "x" and set(os.listdir(folded)) == {"Foo.md", NFD} and (folded / NFC).exists()


def test_a_collection_is_built_and_built_again(collection: Collection) -> None:
    assert collection.build().report.ok and not differing(collection)
    collection.article("one", "Field alone.").article("three", "Morse.").delete("articles/two.md").build()
    assert not differing(collection)


def test_an_article_that_is_spelled_otherwise_from_now_on_leaves_one_page_under_the_new_name(collection: Collection) -> None:
    collection.build()
    (collection.content / "articles/two.md").rename(collection.content / "articles/Two.md")
    collection.article("one", "Morse met Field. See [two](Two.md).").build()
    assert "Two" in os.listdir(collection.site / "articles") and not differing(collection)
    assert collection.article("one", "Morse.").build().report.ok and not differing(collection)


def test_a_file_of_somebody_else_that_differs_by_case_alone_is_not_overwritten(collection: Collection) -> None:
    collection.build()
    (collection.site / "Articles/three").mkdir()
    (collection.site / "Articles/three/INDEX.html").write_text("mine")
    assert collection.article("three", "Morse.").build().codes == ["not-ours"]
    assert (collection.site / "articles/three/index.html").read_text() == "mine"


def test_a_decomposed_name_is_published_under_the_name_it_is_listed_by(collection: Collection) -> None:
    collection.article(NFC, "Morse.").build()
    assert collection.has(f"/articles/{NFD}/") and not differing(collection)
    assert collection.article(NFC, "Field.").build().report.ok and not differing(collection)


@pytest.mark.parametrize(
    "arguments",
    [("merge", "--yes", "people/morse", "people/field"), ("rename", "--yes", "people/morse", "people/samuel"),
     ("addresses", "--record")],
)  # fmt: skip
def test_records_are_changed_as_elsewhere(collection: Collection, arguments: tuple[str, ...]) -> None:
    elsewhere = collection.root.parents[1] / "copied"
    shutil.copytree(collection.root, elsewhere)
    for root in (collection.root, elsewhere):
        try:
            command(root, *arguments)
        except SystemExit as end:
            assert not end.code
    assert files(collection.content) == files(elsewhere / "content")


def test_a_record_is_renamed_to_another_case(collection: Collection) -> None:
    """Two files would be one: it is refused, or done; nothing is lost."""
    try:
        command(collection.root, "rename", "--yes", "people/morse", "people/Morse")
    except SystemExit as end:
        assert end.code
    except Exception as refused:
        assert "already" in str(refused)
    assert "name: Morse" in (collection.content / "people/morse.md").read_text()


def test_texts_of_names_that_are_one_are_converted(collection: Collection) -> None:
    for number, name in enumerate(("a.txt", NFC + ".txt")):
        collection.write(f"sources/{name}", f"The Cable Landed\n\n16 August 1858\n\nMorse met Field, {number} times, in Paris.\n")
    try:
        command(collection.root, "convert", "--jobs", "1")
    except SystemExit as end:
        assert not end.code
    assert {"the-cable-landed.md", "the-cable-landed-2.md"} <= set(os.listdir(collection.content / "articles"))
    before = files(collection.content)
    try:
        command(collection.root, "convert", "--jobs", "1")
    except SystemExit as end:
        assert not end.code
    assert files(collection.content) == before


def test_a_mount_of_the_network_has_no_events_and_is_looked_through(tmp_path: Path) -> None:
    for at in mounted(tmp_path, "sshfs"):
        kind, seconds = delay(at, 30.0)
        assert kind == "polling" and seconds is not None
