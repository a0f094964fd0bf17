"""The preview's parts, each alone: what stops a build, which editor opens it, where a paragraph was written, what is gone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sitegen.build.output import Synced
from sitegen.build.pipeline import Report
from sitegen.errors import Issue, Severity, SiteError, Span
from sitegen.markup.parse import parse
from sitegen.serve.editor import Editor
from sitegen.serve.files import Shown
from sitegen.serve.problems import problems
from sitegen.serve.server import Show
from sitegen.serve.sources import file_of, line_of

# Problems.

YAML = Issue("yaml", "not valid", Span("content/a.md", 3, 7, 2, "naïve: x: y"), "quote it")


def told(result: Report | SiteError, root: Path = Path("/nowhere"), editor: Editor | None = None) -> list[dict[str, object]]:
    return json.loads(problems(result, root, (editor or Editor()).link))


def test_a_problem_has_its_line_with_the_place_marked():
    shown = told(Report((YAML,), None, {}))[0]
    assert (shown["before"], shown["marked"], shown["after"], shown["help"]) == ("naïve:", " x", ": y", "quote it")


def test_a_long_line_is_cut_around_the_place():
    shown = told(Report((Issue("a", "b", Span("c.md", 1, 500, 4, "x" * 499 + "here" + "y" * 500)),), None, {}))[0]
    assert shown["marked"] == "here" and len(str(shown["before"]) + str(shown["after"])) < 120


def test_a_warning_stops_nothing():
    warning = Issue("a", "b", Span("c.md"), severity=Severity.WARNING)
    assert told(Report((warning,), Synced(), {})) == [] and told(Report((warning, YAML), None, {}))[0]["code"] == "yaml"


def test_what_makes_a_build_impossible_is_a_problem_too():
    assert told(SiteError("no theme", help="make one"))[0]["message"] == "no theme"


def test_of_many_problems_the_rest_is_counted():
    many = tuple(Issue("a", str(number), Span("c.md", number)) for number in range(50))
    assert len(told(Report(many, None, {}))) == 21


def test_a_problem_links_to_its_place_in_the_editor(tmp_path):
    (tmp_path / "content").mkdir()
    (tmp_path / "content/a.md").write_text("x")
    shown = told(Report((YAML,), None, {}), tmp_path, Editor("ed://{path}#{line},{column}"))[0]
    assert shown["open"] == f"ed://{tmp_path}/content/a.md#3,7"


# The editor.


@pytest.mark.parametrize(
    ("configured", "environment", "expected"),
    [
        ("vscode", {}, "vscode://file/c/a%20b.md:3:7"), ("", {"EDITOR": "code --wait"}, "vscode://file/c/a%20b.md:3:7"),
        ("", {"VISUAL": "/usr/bin/zed", "EDITOR": "vi"}, "zed://file/c/a%20b.md:3:7"),
        ("my://{path}?l={line}", {"EDITOR": "code"}, "my:///c/a%20b.md?l=3"), ("", {"EDITOR": "gvim -f"}, "server:3:7"),
        ("ed +{line} {path}", {}, "server:3:7"), ("", {"EDITOR": "vi", "PATH": ""}, ""), ("", {"EDITOR": "'", "PATH": ""}, ""),
    ],
)  # fmt: skip
def test_a_place_opens_in_the_editor_that_is_configured_or_known(configured, environment, expected):
    assert Editor.of(configured, environment).link(Path("/c/a b.md"), 3, 7) == expected


def test_a_program_is_started_without_a_shell(tmp_path):
    import time

    out, odd = tmp_path / "out", tmp_path / "a; touch {line} $(b).md"
    script = tmp_path / "ed"
    script.write_text(f'#!/bin/sh\nprintf "%s|" "$@" > {out}.part && mv {out}.part {out}\n')
    script.chmod(0o755)
    Editor.of(f"{script} +{{line}} {{path}}", {}).open(odd, 3, 7)
    end = time.monotonic() + 60
    while not out.exists() and time.monotonic() < end:
        time.sleep(0.02)
    assert out.read_text() == f"+3|{odd}|"


def test_a_program_that_is_not_there_is_an_error_that_names_it():
    with pytest.raises(SiteError, match="nonesuch"):
        Editor.of("nonesuch {path}", {}).open(Path("/a"), 1)


# Where a paragraph was written.

ARTICLE = """---
title: T
---
# Over[^1]

First *words* of [a link](https://example.org/path) here.

> First words of a quotation,
> and more of it.

- one &amp; two
- [[people/ada|Ada]] wrote

First words, again.

[^1]: A note.
"""


@pytest.fixture
def content(tmp_path: Path) -> Path:
    for path, text in {
        "articles/a.md": ARTICLE, "articles/b.md": "---\ntitle: B\nslug: other\n---\nText.\n",
        "people/ada.md": "---\nname: Ada\n---\n",
        "pages/index.md": "Hello", "pages/about.md": "---\ntitle: About\n---\nText.\n",
    }.items():  # fmt: skip
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    ("page", "path"),
    [("/articles/a/", "articles/a.md"), ("/articles/a/index.html", "articles/a.md"), ("/articles/other/", "articles/b.md"),
     ("/people/ada/", "people/ada.md"), ("/", "pages/index.md"), ("/about/", "pages/about.md")],
)  # fmt: skip
def test_a_page_is_known_by_its_file(content, page, path):
    assert file_of(content, page) == path


@pytest.mark.parametrize("page", ["/articles/b/", "/articles/", "/../a/", "", "/x/\0/", "//etc/passwd"])
def test_a_page_of_no_one_file_is_an_error(content, page):
    with pytest.raises(SiteError):
        file_of(content, page)


def test_every_paragraph_knows_its_line(content):
    blocks = parse("articles/a.md", ARTICLE.encode()).document.blocks
    lines = {line_of(content, "articles/a.md", [block.id]) for block in blocks}
    assert lines == {4, 6, 8, 11, 12, 14, 16}


def test_line_ends_of_windows_count_once(content):
    (content / "articles/a.md").write_bytes(ARTICLE.replace("\n", "\r\n").encode())
    block = parse("articles/a.md", ARTICLE.encode()).document.blocks[1]
    assert line_of(content, "articles/a.md", [block.id]) == 6


def test_of_an_unknown_paragraph_the_file_is_opened(content):
    assert line_of(content, "articles/a.md", ["sec-main", "x"]) == 1


# What is gone.


def test_a_removed_page_says_what_was_removed_when_and_why(tmp_path):
    (tmp_path / "404.html").write_text("<body><main><h1>None</h1></main></body>")
    shown = Shown(tmp_path)
    removed = Report((), Synced(removed=["articles/a<b/index.html"]), {})
    Show(shown, Path("/c"), Editor())(removed, [Path("/c/content/articles/a&b.md")])
    answer = shown.answer("/articles/a<b/", "")
    body = bytes(answer.body).decode()
    assert answer.status_code == 404
    assert "<strong>/articles/a&lt;b/</strong> was removed at <time>" in body
    assert "after a change of <code>content/articles/a&amp;b.md</code>" in body and body.index("<main>") < body.index("removed")


def test_a_page_that_came_back_was_not_removed(tmp_path):
    shown = Shown(tmp_path)
    shown.publish([], ["/a/"])
    shown.publish(["/a/"])
    assert b"was removed" not in bytes(shown.answer("/a/", "").body)
