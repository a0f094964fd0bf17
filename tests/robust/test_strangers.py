"""A collection that came from a stranger: links, pipes and leftovers that are to lead a command astray."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from sitegen.annotate.webannotation import place, read
from sitegen.build.lock import JOURNAL
from sitegen.cli.commands import main
from sitegen.errors import Issue, SiteError, Span
from sitegen.model.notes import read_notes
from sitegen.review.files import Change, _Journal, commit, recover
from tests.support import Collection, files

PLAIN = 'title = "Test"\nurl = "https://example.org/"\ntheme = "plain"\n'
SOURCE = "A Title\n\nSamuel Morse met Cyrus Field in Paris. Cyrus Field met Samuel Morse.\n\nSo Samuel Morse told Cyrus Field.\n"


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "mine.md").write_text("mine")
    return folder


@pytest.fixture
def strange(tmp_path: Path) -> Collection:
    return Collection(tmp_path / "c", PLAIN)


def run(collection: Collection, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(collection.root), *arguments])


@pytest.mark.parametrize("folder", ["people", "articles"])
def test_convert_writes_nothing_through_a_folder_that_leads_out(strange: Collection, outside: Path, folder: str) -> None:
    strange.write("sources/a.txt", SOURCE)
    (strange.content / folder).symlink_to(outside)
    done = run(strange, "convert")
    assert files(outside) == {"mine.md": b"mine"}
    assert done.exit_code and "a link leads out of the content folder" in done.output


def test_a_decision_writes_nothing_through_a_folder_that_leads_out(strange: Collection, outside: Path) -> None:
    (strange.content / "people").symlink_to(outside)
    with pytest.raises(SiteError, match="leads out of the content folder: nothing is written"):
        commit(strange.content, strange.root / ".sitegen", "a test", [Change("people/new.md", None, b"x")])
    assert files(outside) == {"mine.md": b"mine"} and not (strange.root / ".sitegen" / JOURNAL).exists()


@pytest.mark.parametrize("path", ["../../outside/new.md", "{outside}/new.md", "people/../../../outside/new.md"])
def test_a_journal_that_came_along_reaches_no_file_elsewhere(strange: Collection, outside: Path, path: str) -> None:
    journal = _Journal("a change", (Change(path.format(outside=outside), None, b"x"),))
    (strange.root / ".sitegen").mkdir()
    (strange.root / ".sitegen" / JOURNAL).write_bytes(msgspec.msgpack.encode(journal))
    with pytest.raises(SiteError, match="leads out of the content folder"):
        recover(strange.content, strange.root / ".sitegen")
    assert files(outside) == {"mine.md": b"mine"}


def test_a_link_in_the_place_of_a_temporary_file_is_not_written_through(strange: Collection, outside: Path) -> None:
    strange.write("sources/a.txt", SOURCE).record("people/samuel-morse", "Samuel Morse")
    for name in ("articles/.a-title.md", "people/.cyrus-field.md", ".candidates.csv"):
        (strange.content / name).parent.mkdir(exist_ok=True)
        (strange.content / f"{name}.sitegen-tmp").symlink_to(outside / "mine.md")
    assert run(strange, "convert").exit_code == 0
    (strange.content / "people/.samuel-morse.md.sitegen-tmp").symlink_to(outside / "mine.md")
    (strange.root / ".sitegen").mkdir(exist_ok=True)
    (strange.root / ".sitegen/.transaction.sitegen-tmp").symlink_to(outside / "mine.md")
    assert run(strange, "rename", "--yes", "people/samuel-morse", "people/morse").exit_code == 0
    assert files(outside) == {"mine.md": b"mine"}
    assert (strange.content / "people/morse.md").is_file() and (strange.content / "people/cyrus-field.md").is_file()


@pytest.mark.parametrize("name", ["stoplist.txt", "candidates.csv", "decisions.jsonl", "urls.csv", "paragraphs.csv", "a.png"])
def test_a_pipe_in_the_place_of_a_file_holds_nobody_up(strange: Collection, name: str) -> None:
    strange.article("a", "Morse met Field.").record("people/morse", "Morse")
    os.mkfifo(strange.content / name)
    assert strange.build().report.ok
    assert run(strange, "check").exit_code == 0


def test_no_words_of_a_collection_steer_the_terminal(strange: Collection) -> None:
    strange.write("articles/a.md", "---\ntitle: \x9b31m A\ndate: '\x1b]0;pwn\x07 \u202e'\n---\n[[people/\x9b2Jnone]] \x9b\n")
    strange.write("people/x.md", '---\nname: "A\\e[2J\\a"\nmerged_into: "people/\\e[2J"\n---\n')
    for command in ("build", "check"):
        said = run(strange, command).output
        assert "error[" in said and not set(said) & set("\x1b\x9b\x07\u202e")
    assert r"people/\x9b2Jnone" in said


def test_carets_stand_under_a_place_behind_signs_that_are_spelled_out() -> None:
    shown = str(Issue("a", "b", Span("p", 1, 3, 2, "\x9b ab"))).split("\n")
    assert shown[1] == r"  1 | \x9b ab" and shown[2] == "    |      ^^"


def test_many_notes_of_one_article_are_read_and_brought_in_in_time() -> None:
    """A file of a million lines was parted into lines for each of its notes."""
    target = {"selector": {"type": "TextQuoteSelector", "exact": "M"}}
    items = [{"type": "Annotation", "id": f"n{n}", "body": "v", "target": target} for n in range(4000)]
    text = "notes:\n" + "".join(f"- id: n{n}\n  quote: {{exact: Morse}}\n  body: So.\n" for n in range(8000))
    began = time.process_time()
    held, issues = read_notes(text, "a.notes.yaml")
    found, _ = place(read(json.dumps(items), "a.json"), "M met F.", "a.json")
    assert len(held.notes) == 8000 and not issues and len(found) == 4000
    assert time.process_time() - began < 20


# Files that are large beyond measure, and mostly holes: on the disk they take nothing.


def hole(path: Path, size: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.truncate(size)


@pytest.mark.parametrize("path", ["articles/a.md", "people/a.md", "articles/b.notes.yaml", "candidates.csv", "sources/a.txt"])
def test_a_text_of_ten_gigabytes_is_told_and_not_read(strange: Collection, path: str) -> None:
    strange.article("b", "Morse.")
    hole(strange.content / path, 10_000_000_000)
    command = "convert" if path.startswith("sources") else "build"
    done = run(strange, command)
    assert done.exit_code == 1 and f"content/{path}" in done.output and "has 10,000 MB" in done.output


def test_a_film_beside_the_texts_is_copied_without_being_held(strange: Collection) -> None:
    size = 200_000_000
    hole(strange.content / "films/a.mp4", size)
    strange.article("b", "See [the film](../films/a.mp4).")
    child = os.fork()
    if not child:
        import resource

        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + size // 2, resource.RLIM_INFINITY))
        os._exit(0 if strange.build().report.ok else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert (strange.site / "films/a.mp4").stat().st_size == size
    assert strange.build().report.ok
