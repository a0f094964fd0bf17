"""What somebody looks at is made, put into place and told of first; what comes of the build is the same."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from sitegen.build import pipeline
from sitegen.build.ahead import Ahead
from sitegen.build.memo import Memo
from sitegen.build.pool import Pool
from sitegen.build.run import Mode
from sitegen.build.searching import Indexing
from sitegen.config import load
from tests.support import REPOSITORY, Collection, files

LOOKED_AT, OPEN, OTHER = "articles/a7/index.html", "articles/a3/index.html", "articles/a1/index.html"


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    made = Collection(tmp_path, 'title = "Test"\nurl = "https://example.org/"\ntheme = "own"\n')
    shutil.copytree(REPOSITORY / "themes" / "plain", tmp_path / "themes" / "own")
    for number in range(12):
        made.article(f"a{number}", f"Morse, for the {number}th time.")
    made.record("people/morse", "Morse")
    build(made)
    return made


def build(
    collection: Collection, told: Callable[[Sequence[str]], None] = lambda _: None, wanted: Sequence[Sequence[str]] = (),
    jobs: int = 1,
) -> pipeline.Report:  # fmt: skip
    config = load(collection.root)
    with Memo.at(config.memo) as memo, Pool.of(jobs) as pool:
        mode = Mode(collection.today, search=Indexing.NONE)
        return pipeline.build(config, memo, mode, pool, Ahead(lambda: wanted, told))


def clean(collection: Collection) -> dict[str, bytes]:
    into = collection.root / "clean"
    shutil.rmtree(into, ignore_errors=True)
    assert collection.clean_build(into, search=Indexing.NONE).report.ok
    return files(into)


def template(collection: Collection, name: str = "article.html") -> Path:
    return collection.root / "themes/own/templates" / name


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_is_looked_at_lies_in_place_before_what_is_open_and_that_before_the_rest(collection, jobs):
    page, heard = (collection.site / LOOKED_AT).read_bytes(), []

    def told(paths: Sequence[str]) -> None:
        now = [(collection.site / path).read_bytes() != before[path] for path in (LOOKED_AT, OPEN, OTHER)]
        heard.append((list(paths), now))

    before = files(collection.site)
    collection.record("people/morse", "Samuel Morse", "aliases: [Morse]\n")
    report = build(collection, told, [[LOOKED_AT], [OPEN]], jobs)
    assert heard == [([LOOKED_AT], [True, False, False]), ([OPEN], [True, True, False])]
    assert (collection.site / LOOKED_AT).read_bytes() != page
    assert report.synced and {LOOKED_AT, OPEN, OTHER} <= set(report.synced.written)
    assert files(collection.site) == clean(collection)
    assert build(collection).synced.written == []


def test_a_page_that_did_not_change_is_not_told_of(collection):
    heard = []
    collection.article("a1", "Other words of Morse.")
    build(collection, heard.append, [["articles/a9/index.html"], ["nothing/index.html", "../sitegen.toml", "/etc/passwd"]])
    assert heard == []
    assert files(collection.site) == clean(collection)


def test_a_style_goes_along_with_the_page_that_loads_it(collection):
    heard = []
    edit(template(collection), "{{ body }}", "<!-- new -->{{ body }}")
    style = next((collection.root / "themes/own/assets").rglob("*.css"))
    style.write_text(style.read_text() + "\nh1 { color: teal }\n")
    build(collection, heard.append, [[LOOKED_AT]])
    assert len(heard) == 1 and any(path.endswith(".css") for path in heard[0]) and LOOKED_AT in heard[0]
    assert files(collection.site) == clean(collection)


def test_where_an_error_shows_up_later_what_went_ahead_is_put_back(collection):
    before, heard = files(collection.site), []
    times = {path: (collection.site / path).stat().st_mtime_ns for path in before}
    good = template(collection, "record.html").read_text()
    edit(template(collection), "{{ body }}", "<!-- new -->{{ body }}")
    edit(template(collection, "record.html"), "{{ records(page.together) }}", "{{ page.nothing }}")
    edit(template(collection, "record.html"), "{% if page.together %}", "{% if true %}")
    report = build(collection, heard.append, [[LOOKED_AT]])
    assert report.synced is None and {issue.code for issue in report.issues} == {"template-error"}
    assert heard == [[LOOKED_AT], [LOOKED_AT]]
    assert files(collection.site) == before
    assert {path: (collection.site / path).stat().st_mtime_ns for path in before} == times
    template(collection, "record.html").write_text(good)
    assert build(collection).ok
    assert files(collection.site) == clean(collection)


def test_where_the_build_cannot_go_on_what_went_ahead_is_put_back(collection):
    before = files(collection.site)

    def told(_: Sequence[str]) -> None:
        if files(collection.site) != before:
            raise KeyboardInterrupt

    edit(template(collection), "{{ body }}", "<!-- new -->{{ body }}")
    with pytest.raises(KeyboardInterrupt):
        build(collection, told, [[LOOKED_AT]])
    assert files(collection.site) == before


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a child is forked to be killed")
@pytest.mark.parametrize("new", [False, True], ids=["an old page", "a new style"])
def test_a_process_killed_in_between_leaves_what_the_next_build_makes_whole(collection, new):
    edit(template(collection), "{{ body }}", "<!-- new -->{{ body }}")
    if new:
        (collection.root / "themes/own/assets/more.css").write_text("h1 { color: teal }")
    child = os.fork()
    if not child:
        build(collection, lambda _: os._exit(7), [[LOOKED_AT]])
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert b"<!-- new -->" in (collection.site / LOOKED_AT).read_bytes()
    assert b"<!-- new -->" not in (collection.site / OTHER).read_bytes()
    if new:  # and should the page that loads it never be made again
        (collection.root / "themes/own/assets/more.css").unlink()
    assert build(collection).ok
    assert files(collection.site) == clean(collection)


def test_a_file_of_another_owner_is_left_alone(collection):
    page = collection.site / LOOKED_AT
    page.unlink()
    page.symlink_to(collection.root / "sitegen.toml")
    heard = []
    collection.record("people/morse", "Samuel Morse", "aliases: [Morse]\n")
    build(collection, heard.append, [[LOOKED_AT]])
    assert heard == [] and "title" in (collection.root / "sitegen.toml").read_text()
