"""Corrections that commits of git tell of. docs/publishing.md, "Corrections from git"."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from sitegen.build.amended import amended
from sitegen.build.searching import Indexing
from sitegen.cli.commands import main
from sitegen.errors import Span
from tests.property.test_again import Resident
from tests.support import Collection, files, git

CONFIG = 'title = "Test"\nurl = "https://example.org/"\ncorrections = "git"\n'


def commit(collection: Collection, message: str, day: str) -> None:
    git(collection.root, "add", "-A")
    git(collection.root, "commit", "-q", "--allow-empty", "-m", message, day=day)


@pytest.fixture
def kept(collection: Collection) -> Collection:
    collection.write("../sitegen.toml", CONFIG).write("../.gitignore", "site/\n.sitegen/\nclean/\n")
    git(collection.root, "init", "-q")
    collection.article("a", "Morse sailed on Monday.").article("b", "Field stayed.")
    commit(collection, "Add both\n\nCorrection: of nothing", "2026-11-01")
    collection.article("a", "Morse sailed on Tuesday.")
    commit(collection, "oops, who wrote that??\n\nCorrection: He sailed on <Tuesday>,\n  not on Monday.\n", "2026-11-03")
    return collection


def told(collection: Collection) -> dict[str, list[tuple[str, str]]]:
    found = amended(collection.content, Span("sitegen.toml")).found
    return {path: [(one.date.iso, one.text) for one in given] for path, given in found.items()}


def codes(collection: Collection) -> list[str]:
    return [issue.code for issue in amended(collection.content, Span("sitegen.toml")).issues]


def test_a_correction_of_a_commit_is_under_its_article_with_its_day_and_in_the_feed(kept: Collection) -> None:
    kept.build()
    page = kept.page("/articles/a/")
    assert '<li id="correction-1">' in page and "He sailed on &lt;Tuesday&gt;, not on Monday." in page and "2026-11-03" in page
    assert "#correction-1" in kept.page("/corrections.xml") and "correction-1" not in kept.page("/articles/b/")


def test_nothing_else_of_a_commit_is_published(kept: Collection) -> None:
    kept.build()
    assert b"oops" not in b"".join(files(kept.site).values())


def test_a_commit_that_adds_an_article_corrects_nothing(kept: Collection) -> None:
    assert told(kept) == {"articles/a.md": [("2026-11-03", "He sailed on <Tuesday>, not on Monday.")]}


def test_without_being_asked_nobody_looks_at_git(kept: Collection) -> None:
    kept.write("../sitegen.toml", CONFIG.replace('corrections = "git"\n', "")).build()
    assert "correction-1" not in kept.page("/articles/a/")


def test_a_new_commit_alone_renders_the_page_again_and_an_equal_one_nothing(kept: Collection) -> None:
    kept.build()
    commit(kept, "later\n\nCorrection: articles/b: He was ill.", "2026-11-04")
    built = kept.build()
    assert "/articles/b/" in built.rendered and "/articles/a/" not in built.rendered
    kept.clean_build(kept.root / "clean")
    assert files(kept.root / "clean") == files(kept.site)
    commit(kept, "nothing", "2026-11-05")
    assert not kept.build().rendered


def test_a_command_and_a_preview_see_a_commit_that_changed_no_file(kept: Collection) -> None:
    """The text stays as it is: history alone has moved. Each ends where a clean build does."""
    run = partial(CliRunner().invoke, main, ["-C", str(kept.root), "build", "--no-search", "--jobs", "1"])
    mode = {"search": Indexing.NONE}
    assert run().exit_code == 0
    commit(kept, "later\n\nCorrection: articles/b: He was ill.", "2026-11-04")
    assert run().exit_code == 0 and "He was ill." in kept.page("/articles/b/")
    # One file edited, and a commit that speaks of another: those that are read alone are not enough.
    commit(kept.article("a", "Morse sailed on Wednesday."), "more\n\nCorrection: articles/b: He was well.", "2026-11-05")
    assert run().exit_code == 0 and "He was well." in kept.page("/articles/b/")
    kept.clean_build(kept.root / "clean", **mode)
    assert files(kept.root / "clean") == files(kept.site)
    preview = Resident(kept)
    preview.build()
    commit(kept, "still later\n\nCorrection: articles/b: He was neither.", "2026-11-06")
    kept.article("a", "Morse sailed on Thursday.")
    preview.build()
    kept.clean_build(kept.root / "clean", **mode)
    assert files(kept.root / "clean") == files(kept.site) and "He was neither." in kept.page("/articles/b/")


def test_corrections_follow_an_article_that_was_renamed(kept: Collection) -> None:
    git(kept.root, "mv", "content/articles/a.md", "content/articles/c.md")
    commit(kept, "rename", "2026-11-04")
    git(kept.root, "mv", "content/articles/c.md", "content/articles/d.md")
    commit(kept, "again", "2026-11-05")
    assert list(told(kept)) == ["articles/d.md"]


def test_corrections_of_git_and_of_the_front_matter_are_shown_once_by_date(kept: Collection) -> None:
    same = "- {date: 2026-11-03, text: 'He sailed on <Tuesday>, not on Monday.'}\n"
    more = f"corrections:\n{same}- {{date: 2026-10-01, text: Earlier.}}\n"
    kept.article("a", "Morse sailed on Tuesday.", more=more).build()
    page = kept.page("/articles/a/")
    assert page.count("not on Monday.") == 1 and page.index("Earlier.") < page.index("not on Monday.")


def test_a_commit_of_several_articles_must_say_which_it_corrects(kept: Collection) -> None:
    kept.article("a", "Morse sailed.").article("b", "Field left.", more="visibility: private\n")
    commit(kept, "both\n\nCorrection: Field was no friend.", "2026-11-04")
    assert codes(kept) == ["unclear-correction"] * 2 and "friend" not in str(told(kept))


def test_a_correction_of_a_private_article_is_nowhere(kept: Collection) -> None:
    kept.article("b", "Field left.", more="visibility: private\n")
    commit(kept, "hide\n\nCorrection: A family asked.", "2026-11-04")
    kept.build()
    assert b"A family asked" not in b"".join(files(kept.site).values())


def test_passages_blacked_out_are_so_in_corrections_of_either_sort(kept: Collection) -> None:
    more = "redact: [on <Tuesday>]\ncorrections:\n- {date: 2026-10-01, text: It was on <Tuesday>.}\n"
    built = kept.article("a", "Morse sailed on <Tuesday>.", more=more).build()
    assert built.report.ok and kept.page("/articles/a/").count("█████") >= 3


def test_a_shallow_clone_is_told_with_a_remedy(kept: Collection, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{kept.root}", "shallow")
    clone = Collection(tmp_path / "shallow", CONFIG)
    issue = next(issue for issue in clone.build().report.issues if issue.code == "shallow-history")
    assert issue.span.path == "sitegen.toml" and "fetch-depth: 0" in issue.help


def test_without_a_history_there_is_a_word_and_the_site_is_built(collection: Collection) -> None:
    collection.write("../sitegen.toml", CONFIG).article("a").write("../.git", "gitdir: nowhere\n")
    built = collection.build()
    assert built.codes == ["no-history"] and built.report.ok
