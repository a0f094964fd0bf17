"""The commands that change records: what they show, when they ask, and what an interrupted one leaves to the next."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sitegen.cli.commands import main
from sitegen.errors import SiteError
from sitegen.review import files
from tests.support import Collection


def run(root: Path, *arguments: str, keys: str = "") -> Result:
    return CliRunner().invoke(main, ["-C", str(root), *arguments], input=keys)


@pytest.fixture
def cities(collection: Collection) -> Collection:
    return collection.record("places/a", "Aleppo").record("places/h", "Halab").article("x", "Halab is old. Halab.")


def test_a_preview_shows_each_file_and_what_is_touched(cities: Collection) -> None:
    output = run(cities.root, "merge", "places/h", "places/a", "--dry-run").output
    assert "--- content/places/a.md\n+++ content/places/a.md\n" in output and "+aliases: [Halab]\n" in output
    assert "content/articles/x.md: 2 mentions will lead elsewhere\n" in output
    assert "The merge of places/h into places/a: 2 files edited, 2 mentions on 1 page touched.\n" in output


def test_a_preview_quotes_every_mention_that_is_touched(cities: Collection) -> None:
    output = run(cities.root, "merge", "h", "Aleppo", "--dry-run").output
    assert "  [Halab] is old. Halab.  → places/a\n  Halab is old. [Halab].  → places/a\n" in output


def test_a_long_list_of_mentions_is_cut_and_counted(cities: Collection) -> None:
    cities.article("y", "Halab. " * 30)
    output = run(cities.root, "merge", "places/h", "places/a", "--dry-run").output
    assert "30 mentions will lead elsewhere" in output and "… and 20 more here" in output


def test_a_merge_of_two_kinds_is_remarked_on(cities: Collection) -> None:
    cities.record("people/p", "Pat")
    output = run(cities.root, "merge", "people/p", "places/a", "--dry-run").output
    assert "note: people/p is one of people, and places/a one of places" in output


def test_a_dry_run_writes_nothing(cities: Collection) -> None:
    run(cities.root, "merge", "places/h", "places/a", "-n")
    assert "merged_into" not in (cities.content / "places/h.md").read_text()


def test_without_a_terminal_a_command_needs_yes(cities: Collection) -> None:
    result = run(cities.root, "merge", "places/h", "places/a")
    assert result.exit_code == 2 and "--yes" in result.output
    assert "merged_into" not in (cities.content / "places/h.md").read_text()


def test_with_yes_it_is_done(cities: Collection) -> None:
    assert run(cities.root, "rename", "content/places/h.md", "places/halab", "--yes").exit_code == 0
    assert (cities.content / "places/halab.md").is_file()


def test_in_a_terminal_it_asks(cities: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sitegen.cli.records.in_terminal", lambda: True)
    assert run(cities.root, "merge", "places/h", "places/a", keys="n\n").exit_code == 1
    assert run(cities.root, "merge", "places/h", "places/a", keys="y\n").exit_code == 0


def test_a_split_gives_names_and_articles_to_the_new_record(cities: Collection) -> None:
    arguments = ("split", "places/h", "places/h-2", "--name", "Halab (Ohio)", "--in", "content/articles/x.md", "-y")
    assert run(cities.root, *arguments).exit_code == 0
    assert "links: {Halab: places/h-2}" in (cities.content / "articles/x.md").read_text()


@pytest.mark.parametrize("then", [("merge", "places/h", "places/a", "-y"), ("build",), ("convert",), ("notes", "rebase")])
def test_the_next_command_finishes_an_interrupted_one_and_says_so(
    cities: Collection, monkeypatch: pytest.MonkeyPatch, then: tuple[str, ...]
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(files, "_carry_out", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        run(cities.root, "merge", "places/h", "places/a", "-y")
    assert "merged_into" not in (cities.content / "places/h.md").read_text()
    result = run(cities.root, *then)
    assert "note: the merge of places/h into places/a was interrupted, and is finished now" in result.output
    assert "merged_into: places/a" in (cities.content / "places/h.md").read_text()


def test_nothing_is_built_of_a_change_that_was_interrupted(cities: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(files, "_carry_out", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        run(cities.root, "merge", "places/h", "places/a", "-y")
    with pytest.raises(SiteError, match="interrupted half-way"):
        cities.build()
