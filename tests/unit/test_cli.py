"""The command line: what it prints, and how it ends. docs/command-line.md is held against it in tests/docs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from sitegen.cli.commands import main
from tests.support import REPOSITORY, Collection


def run(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(root), *arguments])


@pytest.fixture
def texts(collection: Collection) -> Collection:
    return collection.write("sources/a.txt", "Cable laid\n\nThe ships met.\n").write("sources/b.txt", b"\x00\x01\x02\xff" * 200)


def test_convert_says_what_became_of_each_file_when_asked(texts: Collection) -> None:
    output = run(texts.root, "convert", "-v").output
    assert "written    content/sources/a.txt" in output and "failed     content/sources/b.txt" in output


def test_convert_ends_with_1_where_a_file_is_bad_and_converts_the_rest(texts: Collection) -> None:
    assert run(texts.root, "convert").exit_code == 1 and (texts.content / "articles/cable-laid.md").is_file()


def test_a_path_that_is_not_there_is_told_as_it_was_given(collection: Collection) -> None:
    collection.write("sources/a.txt", "Cable laid\n\nThe ships met.\n")
    done = run(collection.root, "convert", "nothere.txt")
    assert "there is no file" in done.stderr and "nothere.txt" in done.stderr and done.stdout == "Nothing converted.\n"


@pytest.mark.parametrize(
    ("name", "told"), [("a.docx", "of 1 file there none ends in .txt"), ("", "put files there that end in .txt")]
)
def test_where_there_is_no_text_convert_says_why(collection: Collection, name: str, told: str) -> None:
    if name:
        collection.write(f"sources/{name}", b"PK")
    assert told in run(collection.root, "convert").stdout


def test_check_sums_up(collection: Collection) -> None:
    collection.write("articles/a.md", "---\ntitle: A\ntagz: x\n---\nText.\n").write("sources/letter.docx", b"PK")
    done = run(collection.root, "check")
    assert done.stdout == "1 warning, 3 notes\n" and "reads .txt" in done.stderr


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert "does not exist" in run(tmp_path / "none", "build").stderr


def test_before_the_first_convert_a_build_says_what_is_missing(collection: Collection) -> None:
    collection.write("sources/a.txt", "Cable laid\n\nThe ships met.\n")
    assert "note: no text is an article yet: sitegen convert" in run(collection.root, "build").stdout
    run(collection.root, "convert")
    assert "note:" not in run(collection.root, "build").stdout


def test_a_file_where_the_site_is_to_be_is_told(collection: Collection) -> None:
    collection.site.write_text("")
    done = run(collection.root, "build")
    assert done.exit_code == 2 and "site is a file" in done.stderr and collection.site.read_text() == ""


def test_convert_sums_up(texts: Collection) -> None:
    assert run(texts.root, "convert").stdout.splitlines()[-1] == "1 written, 1 failed, 0 new records suggested."


def test_a_dry_run_writes_nothing(texts: Collection) -> None:
    assert "Dry run" in run(texts.root, "convert", "-n").output and not (texts.content / "articles").exists()


def test_where_nobody_reads_what_is_printed_that_is_no_fault(collection: Collection) -> None:
    for _ in ("a build", "one with nothing to do"):
        reader, writer = os.pipe()
        os.close(reader)
        command = [sys.executable, "-m", "sitegen", "-C", str(collection.root), "build"]
        ended = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, cwd=REPOSITORY)
        os.close(writer)
        assert (ended.returncode, ended.stderr) == (1, b"") and (collection.site / "index.html").exists()


def test_a_second_build_says_that_there_is_nothing_to_do(collection: Collection) -> None:
    collection.article("a")
    run(collection.root, "build")
    assert "nothing to do" in run(collection.root, "build").output


def test_errors_end_a_build_with_1_and_say_that_the_site_is_as_it_was(collection: Collection) -> None:
    result = run(collection.article("a", "[x](no.md)").root, "build")
    assert result.exit_code == 1 and "Not built: 1 error. site/ is as it was." in result.output


def test_outside_of_a_collection_a_command_ends_with_2_and_a_remedy(tmp_path: Path) -> None:
    result = run(tmp_path, "build")
    assert result.exit_code == 2 and "sitegen new DIR" in result.output


def test_a_misspelt_command_is_answered_with_the_nearest(tmp_path: Path) -> None:
    assert 'Did you mean "build"?' in run(tmp_path, "bild").output


def test_the_help_shows_the_commands_in_the_order_of_the_work_each_on_a_line_of_its_own(tmp_path: Path) -> None:
    lines = CliRunner().invoke(main, ["--help"], terminal_width=80).output.splitlines()
    told = [line.split()[0] for line in lines[lines.index("From texts to a site:") :] if line.startswith("  ")]
    assert told == main.list_commands(click.Context(main)) and told[:3] == ["new", "convert", "review"]


def test_the_help_loads_no_command() -> None:
    code = "import sys; from sitegen.cli.commands import main; main(['--help'], standalone_mode=False); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    assert "sitegen.cli.group" in loaded and "sitegen.cli.ask" not in loaded
