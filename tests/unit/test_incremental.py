"""What a build makes again and what it leaves, and what it can say of that."""

from __future__ import annotations

import os
import pickle
import runpy
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sitegen.build import explain, making, output
from sitegen.build.memo import Memo, MemoError, Row
from sitegen.build.pipeline import build
from sitegen.build.pool import Pool, _processes
from sitegen.build.run import Mode
from sitegen.build.unchanged import LEDGER, Edited, is_settled, said_last_time
from sitegen.cli.commands import main
from sitegen.config import load
from sitegen.errors import SiteError
from tests.support import REPOSITORY, TODAY, Collection, crowd, files


def aged(collection: Collection) -> Collection:
    """The same files, changed long enough ago for their times to be trusted."""
    for path in collection.root.rglob("*"):
        if path.is_file() and ".sitegen" not in path.parts:
            os.utime(path, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns - 10_000_000_001))
    return collection


def test_an_alias_that_no_text_holds_renders_no_article(collection: Collection) -> None:
    collection.article("a", "Morse sailed.").article("b", "Rain.", date="1870").record("people/morse", "Morse").build()
    report = collection.record("people/morse", "Morse", "aliases: [Finley]\n").build()
    assert report.rendered == {"/people/morse/"}


def test_an_alias_added_renders_the_articles_that_hold_it(collection: Collection) -> None:
    collection.article("a", "Morse sailed.").article("b", "Finley slept.", date="1870").article("c", date="1880")
    collection.record("places/finley", "Morse").build()
    report = collection.record("places/finley", "Morse", "aliases: [Finley]\n").build()
    assert "/articles/b/" in report.rendered and "/articles/c/" not in report.rendered


def test_a_new_tag_touches_no_page_but_its_own_the_list_of_tags_and_its_articles(collection: Collection) -> None:
    collection.article("a", more="tags: [sea]\n").article("b", date="1870", more="tags: [sea]\n").build()
    report = collection.article("a", more="tags: [sea, war]\n").build()
    assert report.rendered == {"/articles/a/", "/tags/", "/tags/war/"}


def test_a_configuration_key_renders_what_reads_it(collection: Collection) -> None:
    collection.write("../themes/mine/theme.toml", 'name = "mine"\nextends = "plain"\n')
    collection.write("../themes/mine/templates/404.html", "<!doctype html><title>x</title>{{ site.author }}")
    collection.write("../sitegen.toml", 'title = "T"\nurl = "https://e.org/"\ntheme = "mine"\nauthor = "A"\n').article(
        "a"
    ).build()
    report = collection.write("../sitegen.toml", 'title = "T"\nurl = "https://e.org/"\ntheme = "mine"\nauthor = "B"\n').build()
    assert report.rendered == {"/404.html"}


def test_an_article_more_shifts_no_page_of_other_years(collection: Collection) -> None:
    for number in range(210):
        collection.article(f"a{number}", f"Morse sailed {number}.", date=f"{1840 + number % 21}-02-01")
    collection.record("people/morse", "Morse").build()
    report = collection.article("new", "Morse sailed again.", date="1850-06-01").build()
    assert {"/people/morse/", "/people/morse/1850/", "/years/1850/"} <= report.rendered
    assert not report.rendered & {"/people/morse/1849/", "/people/morse/1851/", "/years/1851/"}


def test_a_record_of_many_articles_has_a_page_for_each_year_and_every_mention_on_one(collection: Collection) -> None:
    for number in range(210):
        collection.article(f"a{number}", f"Morse sailed {number}.", date=f"{1840 + number % 3}-02-01")
    collection.record("people/morse", "Morse").build()
    shown = [collection.page(url) for url in ("/people/morse/", "/people/morse/1841/", "/people/morse/1842/")]
    assert [page.count('class="quote by') for page in shown] == [70, 70, 70]


def test_a_large_index_has_a_page_for_each_letter(collection: Collection) -> None:
    names = [f"{letter}{number:03}" for letter in "AB" for number in range(260)]
    collection.article("a", ". ".join(names))
    for name in names:
        collection.record(f"works/{name.lower()}", name)
    collection.build()
    assert "/works/a-z/letter-b/" not in collection.page("/works/") and "letter-b/" in collection.page("/works/")
    assert collection.page("/works/a-z/letter-b/").count('class="e works"') == 260


def test_a_file_changed_under_an_equal_size_and_time_is_found_by_paranoid(collection: Collection) -> None:
    aged(collection.article("a", "Old words.")).build()
    path = collection.content / "articles/a.md"
    status = path.stat()
    path.write_bytes(path.read_bytes().replace(b"Old", b"New"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert collection.build().rendered == set()
    assert collection.build(paranoid=True).rendered >= {"/articles/a/"}


def test_a_file_changed_within_the_clock_s_grain_is_read_again(collection: Collection) -> None:
    path = collection.content / "articles/a.md"
    collection.article("a", "Old words.")
    now = time.time_ns() + 1_000_000_000  # no earlier than the scan, however busy the machine
    os.utime(path, ns=(now, now))
    collection.build()
    path.write_bytes(path.read_bytes().replace(b"Old", b"New"))
    os.utime(path, ns=(now, now))  # as a clock of coarse steps would have it
    assert "/articles/a/" in collection.build().rendered


@pytest.mark.parametrize(
    ("age", "settled"), [(10_000_001, False), (60_000_001, True), (1_000_000_000, False), (3_000_000_000, True)]
)
def test_a_time_is_trusted_once_its_clock_has_moved_on(age: int, settled: bool) -> None:
    now = 1_700_000_000_000_000_000
    assert is_settled(now - age, now) is settled


# Why, impact, verify.


def asked(collection: Collection, *arguments: str) -> str:
    done = CliRunner().invoke(main, ["-C", str(collection.root), *arguments])
    assert done.exit_code == 0, done.output
    return done.output


def test_why_names_the_mention_that_an_article_gained_and_its_line(collection: Collection) -> None:
    collection.article("a", "Rain.\n\nNobody came.").article("b", "To Paris.", date="1870")
    collection.record("places/paris", "Paris", "location: {lat: 48.9, lon: 2.3}\n").build()
    collection.article("a", "Rain.\n\nPeople came to Paris.").build()
    assert "articles/a gained a mention of places/paris, line 7" in asked(collection, "why", "/places/paris/")


@pytest.mark.parametrize(
    ("edit", "url", "words"),
    [
        (lambda c: c.article("a", "To Paris.", title="Other"), "/places/paris/", "articles/a: title, url changed"),
        (lambda c: c.record("places/paris", "Paris", "role: city\n"), "/places/", "places/paris: role changed"),
        (lambda c: c.article("c", "To Paris.", date="1900"), "/places/paris/", "articles/c is new"),
        (lambda c: c.delete("articles/b.md"), "/places/paris/", "articles/b is gone"),
        (lambda c: c.write("../sitegen.toml", 'title = "Another"\n'), "/articles/a/", "the configuration's title changed"),
        (lambda c: c.write("../sitegen.toml", 'title = "Test"\nurl = "https://b.org/"\n'), "/articles/a/", "'s base changed"),
    ],
)
def test_why_says_what_had_changed(collection: Collection, edit, url: str, words: str) -> None:  # type: ignore[no-untyped-def]
    collection.article("a", "To Paris.").article("b", "Paris again.", date="1870").record("places/paris", "Paris").build()
    edit(collection).build()
    assert words.replace("title, url", "title") in asked(collection, "why", url)


def test_why_of_a_first_build_says_so(collection: Collection) -> None:
    collection.article("a").build()
    assert "built for the first time" in asked(collection, "why", "/articles/a/")


def test_why_of_no_page_helps(collection: Collection) -> None:
    collection.article("alpha").build()
    done = CliRunner().invoke(main, ["-C", str(collection.root), "why", "/articles/alfa/"])
    assert (done.exit_code, 'did you mean "/articles/alpha/"' in done.output) == (2, True)


@pytest.mark.parametrize("exports", ["true", "false"])
def test_why_answers_for_every_file_of_a_site(collection: Collection, exports: str) -> None:
    collection.write(
        "../sitegen.toml", f'title = "T"\nurl = "https://e.org/"\nexports = {exports}\nrecord_feeds = 5\ncards = "articles"\n'
    )
    collection.article("a", "To Paris.", more="source: {file: sources/a.txt}\ntags: [sea]\n").write(
        "sources/a.txt", "To Paris.\n"
    )
    collection.record("places/paris", "Paris", "location: {lat: 1, lon: 2}\n").write("images/a.svg", "<svg/>")
    collection.write("urls.csv", "url,first,goes_to,why\n/articles/old/,2026-11-22,gone,Doubted.\n").build(target="netlify")
    config = load(collection.root)
    with Memo.at(config.memo) as memo:
        for path in files(collection.site):
            found = explain.why(config, memo, Mode(TODAY), "/" + path)
            assert "built for the first time" in found.causes[0], path


@pytest.mark.parametrize(
    ("url", "edit", "words"),
    [
        ("/data/", lambda c: c.article("a", "Rain."), "articles/a lost its mentions of places/paris"),
        ("/data", lambda c: c.article("c", "Rain.", date="1880"), "articles/c is new"),
        ("/data/articles.csv", lambda c: c.article("a", "To Paris.", title="O"), "articles/a: title changed"),
        ("/data/receipt.json", lambda c: c.write("images/a.svg", "<svg />"), "a file had changed that no page is made of"),
        ("/data/receipt.json", lambda c: c.article("a", "To Paris.", title="O"), "articles/a: title changed"),
        ("/feed.xml", lambda c: c.article("a", "To Paris.", title="O"), "articles/a: title changed"),
        ("/sitemap.xml", lambda c: c.article("c", "Rain.", date="1880"), "articles/c is new"),
        ("/articles/a/index.md", lambda c: c.article("a", "Rain."), "content/articles/a.md was new"),
        ("/images/a.svg", lambda c: c.write("images/a.svg", "<svg />"), "content/images/a.svg was new"),
        ("/articles/old/", lambda c: c.write("urls.csv", "/articles/old/,2026-11-22,gone,Lost.\n"), "page /articles/old/ lists"),
        ("/_redirects", lambda c: c.write("urls.csv", "/articles/old/,2026-11-22,/,Doubted.\n"), "the page /articles/old/ lists"),
    ],
)  # fmt: skip
def test_why_says_what_had_changed_for_what_is_no_page(collection: Collection, url: str, edit, words: str) -> None:  # type: ignore[no-untyped-def]
    collection.write("../sitegen.toml", 'title = "T"\nurl = "https://e.org/"\nexports = true\n').write("images/a.svg", "<svg/>")
    collection.write("urls.csv", "/articles/old/,2026-11-22,gone,Withdrawn.\n")
    collection.article("a", "To Paris.").article("b", "Paris.", date="1870").record("places/paris", "Paris")
    collection.build(target="netlify")
    edit(collection).build(target="netlify")
    assert words in asked(collection, "why", url)


def test_impact_names_the_pages_that_show_an_article(collection: Collection) -> None:
    collection.article("a", "To Paris.").article("b", "Rain.", date="1870").record("places/paris", "Paris").build()
    said = asked(collection, "impact", "content/articles/a.md")
    assert "its text changes: 1 page\n  /articles/a/" in said and "/places/paris/" in said and "/years/1858/" in said


def test_what_impact_names_holds_what_a_change_renders(collection: Collection) -> None:
    collection.article("a", "To Paris.").article("b", "Paris.", date="1870").article("c", date="1880")
    collection.record("places/paris", "Paris").build()
    config = load(collection.root)
    with Memo.at(config.memo) as memo:
        touched = explain.impact(config, memo, Mode(TODAY), str(collection.content / "articles/a.md"))
    named = {url for group in touched for url in group.urls}
    assert collection.article("a", "To Paris.", title="Other").build().rendered <= named


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("sitegen.toml", "/articles/a/"),
        ("content/places/paris.md", "/places/paris/"),
        ("content/images/a.svg", "1 page\n  /images/a.svg"),
        ("content/sources/a.txt", "1 page\n  /articles/a/source.txt"),
        ("content/articles/a.notes.yaml", "Where a note changes: 1 page\n  /articles/a/"),
        ("content/urls.csv", "1 page\n  /articles/old/"),
        ("content/paragraphs.csv", "Where what a paragraph was called changes: 1 page\n  /articles/a/"),
        ("content/stoplist.txt", "Where it gains or loses a word"),
        ("content/candidates.csv", "it serves the editors"),
        ("content/articles/draft.md", "it is a draft"),
        ("themes/mine/theme.toml", "/articles/a/"),
        ("themes/mine/assets/own.css", "1 page\n  /assets/own.css"),
        ("themes/mine/templates/404.html", "1 page\n  /404.html"),
        ("themes/mine/locale/en.po", "/articles/a/"),
        ("themes/mine/locale/de.po", "0 pages"),
        ("themes/other/theme.toml", "is not the one in use"),
    ],
)
def test_impact_speaks_of_any_file_of_the_collection(collection: Collection, file: str, said: str) -> None:
    collection.write("../sitegen.toml", 'title = "T"\ntheme = "mine"\n')
    collection.write("images/a.svg", "<svg/>").write("stoplist.txt", "x\n")
    for theme in ("mine", "other"):
        collection.write(f"../themes/{theme}/theme.toml", f'name = "{theme}"\nextends = "plain"\n')
    collection.write("../themes/mine/assets/own.css", "p {}").write("candidates.csv", "")
    collection.write("../themes/mine/templates/404.html", "<!doctype html><title>x</title>")
    collection.article("a", "To Paris.", more="source: {file: sources/a.txt}\n").write("sources/a.txt", "To Paris.\n")
    collection.write("articles/a.notes.yaml", "notes:\n- {id: n1, quote: To, body: Hm.}\n").article("draft", more="draft: true\n")
    collection.record("places/paris", "Paris").write("urls.csv", "/articles/old/,2026-11-22,gone,Doubted.\n")
    collection.write("paragraphs.csv", "url,paragraphs\n/articles/a/,p-000000:x\n").build()
    assert said in asked(collection, "impact", file)


def test_impact_of_a_template_names_the_pages_that_reach_it(collection: Collection) -> None:
    collection.write("../themes/mine/theme.toml", 'name = "mine"\nextends = "plain"\n')
    collection.write("../themes/mine/templates/404.html", "<!doctype html><title>x</title>")
    collection.write("../sitegen.toml", 'title = "T"\ntheme = "mine"\n').article("a").build()
    assert asked(collection, "impact", "themes/mine/templates/404.html") == "Where it changes: 1 page\n  /404.html\n"


def test_verify_finds_nothing_in_an_honest_build(collection: Collection) -> None:
    collection.article("a", "Morse sailed.").record("people/morse", "Morse").build()
    collection.article("b", "Morse again.", date="1870")
    assert "Verified: every file is as a clean build makes it." in asked(collection, "build", "--verify")


def test_verify_names_the_file_and_the_key_that_was_blind(collection: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    from sitegen.relate.cells import Cells

    key = Cells.key
    collection.article("a", "See [b](b.md).", title="Old").article("b", date="1859").build()
    with monkeypatch.context() as patch:
        patch.setattr(Cells, "key", lambda self, reads, *said: key(self, tuple(r for r in reads if r[0] != "card"), *said))
        collection.build()
        collection.article("a", "See [b](b.md).", title="New").build()
        config = load(collection.root)
        with Memo.at(config.memo) as memo, Pool.of(1) as pool:
            found = explain.verify(config, memo, Mode(TODAY), pool)
    assert ("site/articles/b/index.html", True) in [(issue.span.path, "key is blind" in issue.message) for issue in found]


def test_verify_names_a_file_that_was_changed_by_hand(collection: Collection) -> None:
    collection.article("a").build()
    page = collection.site / "articles/a/index.html"
    status = page.stat()
    page.write_bytes(page.read_bytes().replace(b"Text", b"Tent"))
    os.utime(page, ns=(status.st_atime_ns, status.st_mtime_ns))
    done = CliRunner().invoke(main, ["-C", str(collection.root), "build", "--verify"])
    assert (done.exit_code, "changed after it was written" in done.output) == (1, True)


# A build with nothing to do.


@pytest.fixture
def stamped(collection: Collection) -> Collection:
    aged(collection.article("a", "Morse sailed.").record("people/morse", "Morse"))
    assert asked(collection, "build")
    return collection


def said(collection: Collection, *arguments: str) -> tuple[int, str, str] | list[str] | None:
    return said_last_time(arguments or ("build",), str(collection.root))


def test_a_build_without_search_has_nothing_to_do_only_after_another(stamped: Collection) -> None:
    assert said(stamped, "build", "--no-search") is None
    asked(stamped, "build", "--no-search")
    assert said(stamped, "build", "--no-search") and said(stamped) is None


def test_a_build_with_nothing_to_do_says_so_without_beginning(stamped: Collection) -> None:
    there = len(files(stamped.site))
    assert said(stamped) == (0, "", f"1 article, 1 record, 1 mention: nothing to do, {there} files as they were")


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c.article("b"),
        lambda c: c.delete("people/morse.md"),
        lambda c: c.write("stoplist.txt", "Morse\n"),
        lambda c: c.write("../sitegen.toml", 'title = "Other"\n'),
        lambda c: c.write("../themes/x/theme.toml", ""),
        lambda c: (c.site / "articles/a/index.html").unlink(),
        lambda c: (c.site / "articles/a/index.html").write_text("vandalised"),
        lambda c: (c.content / "link").symlink_to(c.content / "articles"),
        lambda c: c.root.joinpath(".sitegen/stamp").write_bytes(b"garbage"),
        lambda c: c.write("__pycache__/n.txt", "a file like any other"),
        lambda c: (c.site / ".sitegen.sha256").unlink(),
    ],
)
def test_after_any_change_it_begins(stamped: Collection, change) -> None:  # type: ignore[no-untyped-def]
    change(stamped)
    assert said(stamped) is None


@pytest.mark.parametrize("edited", [["articles/a.md"], ["articles/a.md", "people/morse.md"]])
def test_files_that_alone_were_edited_are_named(stamped: Collection, edited: list[str]) -> None:
    for path in edited:
        with (stamped.content / path).open("a") as file:
            file.write("\nMore.\n")
    assert said(stamped) == edited


def test_an_edit_stands_alone_where_the_output_is_as_it_was_made(stamped: Collection) -> None:
    """Looked at by a process of its own, as a command begins, and here."""
    look = "import sys; from sitegen.build.unchanged import said_last_time as said; found = said(['build'], sys.argv[1])"

    def stands() -> list[str]:
        code = [sys.executable, "-c", f"{look}; print(found, found.stand_alone())", str(stamped.root)]
        told = said(stamped)
        assert isinstance(told, Edited)
        return [subprocess.run(code, capture_output=True, text=True, check=True).stdout.split()[-1], str(told.stand_alone())]

    with (stamped.content / "articles/a.md").open("a") as file:
        file.write("\nMore.\n")
    assert stands() == ["True", "True"]
    (stamped.site / "articles/a/index.html").unlink()
    assert stands() == ["False", "False"]


def test_where_much_was_edited_all_is_looked_at(collection: Collection) -> None:
    aged(crowd(collection, 40))
    asked(collection, "build")
    for path in (collection.content / "articles").glob("*.md"):
        path.write_text(path.read_text() + "\nMore.\n")
    assert said(collection) is None


def test_the_output_is_looked_at_by_a_process_of_its_own(stamped: Collection) -> None:
    """In a process without threads, as a command begins."""
    look = "import sys; from sitegen.build import unchanged; unchanged._MANY = 0"
    look += "; print(unchanged.said_last_time(['build'], sys.argv[1]))"

    def seen() -> str:
        return subprocess.run([sys.executable, "-c", look, str(stamped.root)], capture_output=True, text=True, check=True).stdout

    assert "nothing to do" in seen()
    for path in (sorted(files(stamped.site))[0], sorted(files(stamped.site))[-1]):  # either process has its own
        status = (stamped.site / path).stat()
        os.utime(stamped.site / path, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
        assert seen() == "None\n"
        os.utime(stamped.site / path, ns=(status.st_atime_ns, status.st_mtime_ns))
        assert "nothing to do" in seen()
    (stamped.site / "articles/a/index.html").unlink()
    assert seen() == "None\n"


def test_the_list_of_files_is_put_right_where_one_path_ends_as_another(tmp_path: Path) -> None:
    old, new = "1" * 64, "2" * 64
    (tmp_path / LEDGER).write_text(f"{old}  a  c.html\n{old}  b.html\n{old}  c.html\n")
    row = Row(b"", b"", new, 0, 0, 1)
    output.settle(tmp_path, {"c.html": row})
    assert (tmp_path / LEDGER).read_text() == f"{old}  a  c.html\n{old}  b.html\n{new}  c.html\n"
    output.settle(tmp_path, {"a  c.html": row})
    assert (tmp_path / LEDGER).read_text() == f"{new}  a  c.html\n{old}  b.html\n{new}  c.html\n"


def test_after_an_edit_the_command_leaves_what_a_clean_build_makes(tmp_path: Path) -> None:
    collection = Collection(tmp_path / "c", 'title = "Test"\nurl = "https://example.org/"\ntheme = "plain"\n')
    collection.article("a", "Morse sailed.").article("b", "Rain.").record("people/morse", "Morse")
    aged(collection)

    def command(*arguments: str) -> str:
        done = [sys.executable, "-m", "sitegen", "-C", str(collection.root), *arguments]
        return subprocess.run(done, capture_output=True, text=True, check=True).stdout

    command("build")
    aged(collection.article("a", "Morse sailed, and slept."))
    assert "5 written" in command("build")  # the article, its Markdown, the record, and both feeds
    clean = tmp_path / "clean"
    collection.clean_build(clean)
    assert files(collection.site) == files(clean)
    assert "nothing to do" in command("build")
    assert "the passages of articles/a changed" in command("why", "/people/morse/")


@pytest.mark.parametrize(
    "arguments",
    [
        ("build", "--clean"),
        ("build", "--drafts"),
        ("check",),
        ("build", "--verify"),
        (),
        ("build", "--jobs", "abc"),
        ("build", "--jobs"),
        ("-C", "no-folder", "build"),
    ],
)
def test_only_the_same_plain_build_is_answered(stamped: Collection, arguments: tuple[str, ...]) -> None:
    assert said_last_time(arguments, str(stamped.root)) is None


def test_another_day_is_another_build(stamped: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sitegen.build.unchanged.today", lambda: "2999-01-01")
    assert said(stamped) is None


def test_warnings_are_said_again(collection: Collection) -> None:
    aged(collection.article("a", more="tagz: [x]\n"))
    asked(collection, "build")
    answer = said(collection)
    assert answer and "unknown-key" in answer[1]


def test_a_build_that_saw_a_file_too_young_leaves_no_stamp(collection: Collection) -> None:
    now = time.time_ns()
    path = collection.article("a").content / "articles/a.md"
    os.utime(path, ns=(now + 10**9, now + 10**9))
    asked(collection, "build")
    assert said(collection) is None


# The pool.


def built(collection: Collection, into: Path, pool: Pool) -> dict[str, bytes]:
    import msgspec

    config = msgspec.structs.replace(load(collection.root), output=into)
    with pool, Memo.none() as memo:
        assert build(config, memo, Mode(TODAY), pool).ok
    return files(into)


@pytest.fixture(name="crowd")
def _crowd(collection: Collection) -> Collection:
    return crowd(collection, 70)


def test_any_number_of_jobs_makes_the_same_bytes(crowd: Collection, tmp_path: Path) -> None:
    assert built(crowd, tmp_path / "one", Pool.of(1)) == built(crowd, tmp_path / "two", Pool.of(2))


def test_spawned_processes_make_the_same_bytes(crowd: Collection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = built(crowd, tmp_path / "one", Pool.of(1))
    monkeypatch.setattr("sys.platform", "darwin")
    assert built(crowd, tmp_path / "two", Pool.of(2)) == one


@pytest.mark.parametrize("jobs", [1, 2])
def test_two_owners_found_while_pages_are_made_already_change_nothing_and_hide_no_other_error(
    crowd: Collection, jobs: int
) -> None:
    assert crowd.build().codes == []
    before = files(crowd.site)
    crowd.article("again", "Twice.", more="slug: a3\n")
    crowd.write("../themes/mine/theme.toml", 'name = "Mine"\nextends = "plain"')
    crowd.write("../themes/mine/templates/article.html", "{{ page.titel }}")
    crowd.write("../sitegen.toml", 'title = "T"\ntheme = "mine"\n')
    config = load(crowd.root)
    with Memo.at(config.memo) as memo, forking(jobs) as pool:
        report = build(config, memo, Mode(TODAY), pool)
    assert ({issue.code for issue in report.issues}, report.ok) == ({"two-owners", "template-error"}, False)
    assert files(crowd.site) == before


@pytest.mark.parametrize("jobs", [1, 2])
def test_quotes_put_aside_are_those_of_the_texts(
    crowd: Collection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    config = load(crowd.root)
    with Memo.at(config.memo) as memo, forking(jobs) as pool:
        assert build(config, memo, Mode(TODAY), pool).ok
    crowd.article("a3", "Morse and Field met elsewhere.")
    crowd.write("../themes/mine/theme.toml", 'name = "Mine"\nextends = "plain"')
    crowd.write("../themes/mine/templates/record.html", "{% for year in page.years %}{{ year.articles }}{% endfor %}")
    crowd.write("../sitegen.toml", 'title = "T"\ntheme = "mine"\n')
    monkeypatch.setattr("sitegen.build.memo._ASKED_ONE_BY_ONE", 5)
    monkeypatch.setattr("sitegen.build.aside._HELD", 100)
    config = load(crowd.root)
    with Memo.at(config.memo) as memo, forking(jobs) as pool:
        assert build(config, memo, Mode(TODAY), pool).ok
    assert "met elsewhere." in crowd.page("/people/morse/")
    crowd.clean_build(tmp_path / "clean")
    assert files(crowd.site) == files(tmp_path / "clean")


def test_of_work_whose_end_is_not_known_the_first_batches_are_small_and_those_behind_them_large() -> None:
    with Pool.of(2) as pool:
        sizes = [size for batch in pool.run(size_of, None, iter(range(2000))) for size in batch]
    assert (sizes[0], max(sizes), sum(sizes)) == (25, 100, 2000)
    assert sizes[:-1] == sorted(sizes[:-1])


def test_a_worker_that_dies_is_replaced_and_its_work_done_again(tmp_path: Path) -> None:
    mark = tmp_path / "died"
    with Pool.of(2) as pool:
        outcomes = [o for batch in pool.run(die_once, str(mark), list(range(60))) for o in batch]
    assert (outcomes, "done again" in pool.note) == (list(range(60)), True)


def test_once_an_interruption_is_told_no_worker_works_on(tmp_path: Path) -> None:
    def interrupt() -> None:
        while not any(tmp_path.iterdir()):
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    with Pool.of(2) as pool, pytest.raises(KeyboardInterrupt):
        threading.Thread(target=interrupt).start()
        try:
            list(pool.run(leave_marks, str(tmp_path), list(range(400))))
        finally:
            marks = len(list(tmp_path.iterdir()))
            time.sleep(0.3)
            assert 0 < marks == len(list(tmp_path.iterdir())) < 400


def test_work_handed_out_as_an_interruption_comes_is_waited_for_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hand_out = ProcessPoolExecutor.submit
    handed: list[object] = []

    def interrupted(*given: Any) -> Any:
        handed.append(future := hand_out(*given))
        if len(handed) == 3:  # the first two are in the workers' hands
            os.kill(os.getpid(), signal.SIGINT)
        return future

    monkeypatch.setattr(ProcessPoolExecutor, "submit", interrupted)
    with Pool.of(2) as pool, pytest.raises(KeyboardInterrupt):
        try:
            list(pool.run(leave_marks, str(tmp_path), list(range(400))))
        finally:
            marks = len(list(tmp_path.iterdir()))
            time.sleep(0.3)
            assert marks == len(list(tmp_path.iterdir()))


def test_a_worker_lost_to_an_interruption_takes_the_others_with_it(tmp_path: Path) -> None:
    def interrupt(pool: Pool) -> None:
        while not any(tmp_path.iterdir()):
            time.sleep(0.01)
        os.kill(next(iter(pool._executor._processes)), signal.SIGKILL)  # type: ignore[union-attr]
        os.kill(os.getpid(), signal.SIGINT)

    with Pool.of(2) as pool, pytest.raises(KeyboardInterrupt):
        threading.Thread(target=interrupt, args=(pool,)).start()
        try:
            list(pool.run(leave_marks, str(tmp_path), list(range(400))))
        finally:
            marks = len(list(tmp_path.iterdir()))
            time.sleep(0.3)
            assert marks == len(list(tmp_path.iterdir())) < 400


def test_an_item_that_kills_its_worker_is_named() -> None:
    with Pool.of(2) as pool, pytest.raises(SiteError, match="worked on 7 died"):
        list(pool.run(die_at_seven, None, list(range(60))))


@pytest.mark.skipif(sys.platform != "linux", reason="no process is forked here")
def test_workers_that_inherit_end_with_their_run_and_are_gone_when_the_pool_is_closed() -> None:
    forking = "from tests.unit.test_incremental import see_workers_off; see_workers_off()"  # a process that has no other threads
    subprocess.run([sys.executable, "-c", forking], cwd=REPOSITORY, check=True)


def see_workers_off() -> None:
    with Pool.of(2) as pool:
        assert pool.inherits
        first, second = (set(chain.from_iterable(pool.run(who, None, range(200), inherit=True))) for _ in range(2))
    assert first.isdisjoint(second)
    for worker in (*first, *second):
        with pytest.raises(ProcessLookupError):
            os.kill(worker, 0)


def who(_: None, batch: list[int]) -> list[int]:
    return [os.getpid()] * len(batch)


def leave_marks(folder: str, items: list[int]) -> list[int]:
    for item in items:
        time.sleep(0.01)
        Path(folder, str(item)).touch()
    return list(items)


def size_of(_: None, batch: list[int]) -> list[int]:
    return [len(batch)]


def die_once(mark: str, batch: list[int]) -> list[int]:
    if 7 in batch and not Path(mark).exists():
        Path(mark).touch()
        os._exit(9)
    return batch


def die_at_seven(_: None, batch: list[int]) -> list[int]:
    if 7 in batch:
        os._exit(9)
    return batch


def test_a_worker_lost_while_pages_are_made_loses_no_page(
    crowd: Collection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    near = built(crowd, tmp_path / "near", Pool.of(1))
    mark, rendered = tmp_path / "died", making._rendered

    def dying(workshop: making.Workshop, page: making.Page) -> str:
        if os.getpid() != here and not mark.exists():
            mark.touch()
            os._exit(9)
        return rendered(workshop, page)

    here = os.getpid()
    monkeypatch.setattr(making, "_rendered", dying)
    assert built(crowd, tmp_path / "far", forking(2)) == near and mark.exists()


def test_errors_are_listed_by_any_number_of_jobs(crowd: Collection) -> None:
    crowd.article("dead", "See [nothing](nothing.md).")
    config = load(crowd.root)
    with Memo.none() as memo, forking(2) as pool:
        report = build(config, memo, Mode(TODAY), pool)
    assert [issue.code for issue in report.issues] == ["dead-link"] and not (crowd.root / "site").exists()


def forking(jobs: int) -> Pool:
    """A pool that forks, though the tests' own threads run."""
    return Pool(jobs, lambda: _processes(jobs, forks=True))


def test_a_memo_s_error_survives_the_way_from_a_worker() -> None:
    error = MemoError(sqlite3.DatabaseError("file is not a database"), Path("memo.db"))
    assert (str(pickle.loads(pickle.dumps(error))), error.damaged) == (str(error), True)


# What pages show, and had better read.


def same_as_clean(collection: Collection) -> bool:
    collection.build()
    into = collection.root / "clean"
    collection.clean_build(into)
    return files(collection.site) == files(into)


def test_a_place_that_moves_decides_anew_which_of_two_is_meant(collection: Collection) -> None:
    def at(lat: float, lon: float, more: str = "") -> str:
        return f"location: {{lat: {lat}, lon: {lon}}}\n{more}"

    collection.record("places/ohio", "Springfield-OH", at(39.9, -83.8, "aliases: [Springfield]\n"))
    collection.record("places/illinois", "Springfield-IL", at(39.8, -89.6, "aliases: [Springfield]\n"))
    collection.record("places/columbus", "Columbus", at(40.0, -83.0)).article(
        "a", "From [here](../places/columbus.md) to Springfield."
    )
    collection.build()
    assert collection.has("/places/ohio/") and not collection.has("/places/illinois/")
    collection.record("places/columbus", "Columbus", at(39.9, -89.0))
    assert same_as_clean(collection) and collection.has("/places/illinois/") and not collection.has("/places/ohio/")


def test_a_rename_that_keeps_the_address_moves_the_neighbours(collection: Collection) -> None:
    collection.article("b", title="B", more="slug: x\n").article("m", title="M").build()
    (collection.content / "articles/b.md").rename(collection.content / "articles/z.md")
    assert same_as_clean(collection)


@pytest.mark.parametrize(
    ("template", "text", "before", "after"),
    [
        ("home.html", "{{ page.description }}", 'description = "One"\n', 'description = "Two"\n'),
        ("article.html", "{% for n in page.named %}{{ n.singular }}{% endfor %}", "", '[kinds.people]\nsingular = "soul"\n'),
        ("record.html", "{{ page . map.width }}", "", 'title2 = "x"\n'),
        ("article.html", "{{ page }}", "", '[kinds.people]\nlabel = "Souls"\n'),
    ],
)
def test_whatever_a_template_shows_is_in_a_page_s_key(
    collection: Collection, template: str, text: str, before: str, after: str
) -> None:
    collection.write("../themes/mine/theme.toml", 'name = "mine"\nextends = "plain"\n')
    collection.write(f"../themes/mine/templates/{template}", f"<!doctype html><title>x</title>{text}")
    head = 'title = "T"\ntheme = "mine"\n'
    collection.article("a", "Morse in Paris.").record("people/morse", "Morse", "location: {lat: 1, lon: 2}\n")
    collection.write("../sitegen.toml", head + before).build()
    collection.write("../sitegen.toml", head + after.replace('title2 = "x"', 'author = "x"'))
    assert same_as_clean(collection)


def test_an_author_may_link_to_a_year_of_a_long_record(collection: Collection) -> None:
    for number in range(210):
        collection.article(f"a{number}", f"Morse sailed {number}.", date=f"{1840 + number % 3}-02-01")
    collection.record("people/morse", "Morse").article("guide", "See [1841](/people/morse/1841/).")
    assert collection.build().codes == []


# The output folder has other owners too.


def test_a_foreign_file_is_safe_though_it_differs_from_ours_by_case_alone(collection: Collection) -> None:
    collection.article("a").write("images/a.svg", "<svg/>").build()
    foreign = collection.site / "images/A.svg"
    foreign.write_text("foreign")
    (collection.content / "images/a.svg").rename(collection.content / "images/A.svg")
    collection.build()
    assert foreign.read_text() == "foreign"


def test_nothing_is_removed_behind_a_link_that_leads_out_of_the_site(collection: Collection, tmp_path: Path) -> None:
    store = tmp_path / "store"
    collection.article("a").write("images/a.svg", "<svg/>").build()
    (collection.site / "images").rename(store)
    (collection.site / "images").symlink_to(store)
    collection.delete("images/a.svg").build()
    assert (store / "a.svg").exists()


def test_an_empty_folder_in_a_file_s_place_is_an_issue_and_changes_nothing(collection: Collection) -> None:
    collection.article("a").build()
    (collection.site / "articles/b/index.html").mkdir(parents=True)
    assert "not-ours" in collection.article("b").build().codes and not collection.has("/articles/b/")


def test_a_linked_theme_builds(collection: Collection, tmp_path: Path) -> None:
    theme = tmp_path / "theme"
    theme.mkdir()
    (theme / "theme.toml").write_text('name = "mine"\nextends = "plain"\n')
    collection.root.joinpath("themes").mkdir()
    collection.root.joinpath("themes/mine").symlink_to(theme)
    collection.write("../sitegen.toml", 'title = "T"\ntheme = "mine"\n').article("a")
    assert asked(collection, "build") and said(collection) is None


def test_a_worker_that_is_spawned_does_not_run_the_command_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sitegen.start.main", lambda: pytest.fail("it ran"))
    runpy.run_module("sitegen", run_name="__mp_main__")  # as multiprocessing does it


def test_a_file_from_before_1970_is_no_hindrance(collection: Collection) -> None:
    os.utime(collection.article("a").content / "articles/a.md", ns=(0, -5_000_000_001))
    assert asked(collection, "build") and "nothing to do" in asked(collection, "build")
