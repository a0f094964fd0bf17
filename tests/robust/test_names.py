"""Strange names of files, and links: what they hold is published right, or told with a remedy; a build from nothing agrees."""

from __future__ import annotations

import html
import os
import unicodedata
from pathlib import Path
from urllib.parse import unquote

import pytest

from sitegen.build.memo import Memo
from sitegen.build.pipeline import examine
from sitegen.build.run import Mode
from sitegen.config import load
from sitegen.errors import Issue
from tests.robust.test_killed import command
from tests.support import TODAY, Collection, files

COMPOSED, DECOMPOSED = unicodedata.normalize("NFC", "café"), unicodedata.normalize("NFD", "café")


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    plain = 'title = "Test"\nurl = "https://example.org/"\ntheme = "plain"\n'
    return Collection(tmp_path / "c", plain).record("people/morse", "Morse").article("plain", "Morse.")


def warned(collection: Collection) -> list[Issue]:
    with Memo.none() as memo:
        return [issue for issue in examine(load(collection.root), memo, Mode(TODAY)) if issue.code == "odd-name"]


def agrees(collection: Collection) -> bool:
    collection.clean_build(collection.root.parent / "clean")
    return files(collection.site) == files(collection.root.parent / "clean")


NAMES = [
    "a" * 252, "é" * 126, "a b  c", "🚢 ship", "👩\u200d🚀", "می\u200cخواهم", "a.b.c", "-rf", "$HOME", "a'b", "&amp;",
    COMPOSED, DECOMPOSED, "CON", "aux.old", "a:b", "a.", " a", "+", "=1+1", "@me", "index",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_an_article_of_any_such_name_is_published_and_linked(collection: Collection, name: str) -> None:
    collection.article(name, "Morse sailed.", title="Strange").build()
    assert collection.has(f"/articles/{name}/")
    listed = unquote(html.unescape(collection.page("/people/morse/")))
    assert f"../../articles/{name}/#" in listed and agrees(collection)


@pytest.mark.parametrize("name", ["CON", "aux.old", "nul", "Com1", "lpt9.x", "a:b", "a.", " a", "b ", DECOMPOSED])
def test_check_warns_of_a_name_that_another_system_does_not_keep(collection: Collection, name: str) -> None:
    collection.article(name, title="Strange")
    (issue,) = warned(collection)
    assert name in issue.message and issue.span.path == f"content/articles/{name}.md" and issue.help


@pytest.mark.parametrize("name", ["console", "auxiliary", "a b", "🚢", COMPOSED, "com", "lpt10"])
def test_check_has_nothing_to_say_of_other_names(collection: Collection, name: str) -> None:
    assert not warned(collection.article(name))


def test_names_that_differ_in_composed_letters_alone_claim_one_address(collection: Collection) -> None:
    assert collection.article(COMPOSED).article(DECOMPOSED).build().codes == ["two-owners"]


def test_a_link_to_a_decomposed_name_is_answered_with_what_differs(collection: Collection) -> None:
    (issue,) = collection.article(DECOMPOSED).article("b", f"[[articles/{COMPOSED}]]").build().report.issues
    assert issue.code == "unknown-record" and "other code points" in issue.help


def test_hidden_files_are_left_alone(collection: Collection) -> None:
    collection.article(".hidden").write(".obsidian/app.json", "{}").write("images/.DS_Store", "x").build()
    assert not [path for path in files(collection.site) if "hidden" in path or "obsidian" in path or "DS_Store" in path]


def test_links_that_go_round_end(collection: Collection) -> None:
    (collection.content / "articles/round").symlink_to(collection.content / "articles")
    (collection.content / "self").symlink_to(collection.content)
    assert collection.build().report.ok and agrees(collection)


@pytest.mark.parametrize(
    ("target", "code"), [("itself.md", "unreadable"), ("nowhere.md", "unreadable"), ("/etc/hosts", "link-outside")]
)
def test_a_link_that_gives_no_text_is_told(collection: Collection, target: str, code: str) -> None:
    (collection.content / "articles/itself.md").symlink_to(target)
    before = files(collection.site) if collection.site.exists() else {}
    (issue,) = collection.build().report.issues
    assert issue.code == code and issue.help and (files(collection.site) if collection.site.exists() else {}) == before


def test_a_link_within_the_collection_and_a_hard_link_are_articles_of_their_own(collection: Collection) -> None:
    (collection.content / "articles/soft.md").symlink_to("plain.md")
    os.link(collection.content / "articles/plain.md", collection.content / "articles/hard.md")
    assert collection.build().report.ok and collection.has("/articles/soft/") and collection.has("/articles/hard/")
    collection.article("plain", "Morse again.").build()
    assert "again" in collection.page("/articles/soft/") and "again" in collection.page("/articles/hard/") and agrees(collection)


def test_what_is_no_file_at_all_is_left_alone(collection: Collection) -> None:
    os.mkfifo(collection.content / "articles/pipe.md")
    (collection.content / "articles/folder.md").mkdir()
    assert collection.build().report.ok


def test_a_record_with_a_name_of_255_bytes_is_merged(collection: Collection) -> None:
    long = "m" * 252
    collection.record(f"people/{long}", "Samuel Morse")
    try:
        command(collection.root, "merge", "--yes", f"people/{long}", "people/morse")
    except SystemExit as end:
        assert not end.code
    assert "merged_into: people/morse" in (collection.content / f"people/{long}.md").read_text()


def test_a_source_with_a_name_of_255_bytes_is_converted(collection: Collection) -> None:
    collection.write("sources/" + "s" * 251 + ".txt", "The Cable Landed\n\n16 August 1858\n\nMorse met Field in Paris.\n")
    try:
        command(collection.root, "convert", "--jobs", "1")
    except SystemExit as end:
        assert not end.code
    assert (collection.content / "articles/the-cable-landed.md").exists()
