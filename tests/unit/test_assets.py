"""Assets under names that tell their bytes, and what is left out of a page that nobody sees. docs/themes.md tells of both."""

from __future__ import annotations

import re
from collections.abc import Iterator

import html5lib
import pytest
from click.testing import CliRunner

from sitegen.build.explain import impact, why
from sitegen.build.memo import Memo
from sitegen.build.run import Mode
from sitegen.cli.commands import main
from sitegen.config import load
from sitegen.publish.assets import minify, published
from sitegen.render.tight import tightened
from tests.support import TODAY, Collection, crowd, files

MINE = 'title = "T"\ntheme = "mine"\nurl = "https://example.org/"\n'


@pytest.fixture
def themed(collection: Collection) -> Collection:
    """A collection with a theme of its own, whose pages have a style sheet more, and whose pages of records have another."""
    collection.write("../sitegen.toml", MINE).write("../themes/mine/theme.toml", 'extends = "default"\n')
    collection.write("../themes/mine/assets/own.css", "a { color: red }").write(
        "../themes/mine/assets/record.css", "b { top: 0 }"
    )
    link = '{%% extends "default/%s" %%}{%% block styles %%}{{ super() }}<link href="{{ %s|asset }}">{%% endblock %%}'
    collection.write("../themes/mine/templates/article.html", link % ("article.html", "'/assets/own.css'"))
    collection.write("../themes/mine/templates/record.html", link % ("record.html", "'/assets/record.css'"))
    return collection.article("a", "Morse sailed.").article("b").record("people/morse", "Morse")


def named(collection: Collection, address: str) -> set[str]:
    """The assets that a page names, without what comes before their folder."""
    return set(re.findall(r'(?:href|src)="(?:\.\./)*(assets/[^"]+)"', collection.page(address)))


def test_what_a_page_names_is_there_under_a_name_that_tells_its_bytes(themed: Collection) -> None:
    themed.build()
    assets = named(themed, "/articles/a/")
    assert assets <= files(themed.site).keys()
    assert {re.sub(r"\.[0-9a-f]{10}\.", ".*.", path) for path in assets} >= {"assets/fixed/own.*.css", "assets/fixed/site.*.js"}


def test_a_change_of_an_asset_renders_the_pages_that_name_it_and_no_other(themed: Collection) -> None:
    themed.build()
    before = named(themed, "/articles/a/")
    built = themed.write("../themes/mine/assets/own.css", "a { color: blue }").build()
    assert built.rendered == {"/articles/a/", "/articles/b/"}
    (old,) = before - named(themed, "/articles/a/")
    assert old not in files(themed.site)


def test_what_leaves_the_bytes_as_they_are_leaves_the_names(themed: Collection) -> None:
    themed.build()
    assert themed.write("../themes/mine/assets/own.css", "/* red */ a { color: red; }\n").build().rendered == set()


def test_a_page_says_why_it_was_rendered_and_an_asset_which_pages_it_touches(themed: Collection) -> None:
    themed.build()
    themed.write("../themes/mine/assets/own.css", "a { color: blue }").build()
    config = load(themed.root)
    with Memo.at(config.memo) as memo:
        assert why(config, memo, Mode(TODAY), "/articles/a/").causes == [
            "assets/own.css of the theme changed, and its name with it"
        ]
        touched = impact(config, memo, Mode(TODAY), str(themed.root / "themes/mine/assets/record.css"))
    assert [set(one.urls) for one in touched[1:]] == [{"/people/morse/"}]


def test_a_preview_and_a_collection_that_says_so_keep_the_names(themed: Collection) -> None:
    themed.write("../sitegen.toml", MINE + "fingerprints = false\n").build()
    assert {"assets/own.css", "assets/site.css"} <= named(themed, "/articles/a/") & files(themed.site).keys()
    preview = load(themed.root).preview()
    assert (preview.fingerprints, preview.minify) == (False, False)


def test_an_asset_that_some_template_names_by_href_keeps_its_name(themed: Collection) -> None:
    themed.write("../themes/mine/templates/404.html", "<link href=\"{{ '/assets/own.css'|href }}\">").build()
    assert "assets/own.css" in named(themed, "/articles/a/") & files(themed.site).keys()


def test_where_a_name_is_computed_every_asset_has_a_digest(themed: Collection) -> None:
    themed.write("../themes/mine/templates/404.html", "{% set name = 'own' %}{{ ('/assets/' ~ name ~ '.css')|asset }}").build()
    assert "assets/fixed/own." in themed.page("/404.html")
    assert not any(path.endswith(".css") and "/fixed/" not in path for path in files(themed.site))


def test_an_asset_that_is_not_there_is_an_error_with_its_place(themed: Collection) -> None:
    built = themed.write("../themes/mine/templates/404.html", "<p>\n{{ '/assets/onw.css'|asset }}").build()
    (issue,) = built.report.issues
    assert (issue.code, issue.span.path, issue.span.line) == ("template-error", "themes/mine/templates/404.html", 2)
    assert 'no asset "/assets/onw.css"' in issue.message and '"/assets/own.css"' in issue.help


def test_references_between_assets_lead_to_where_these_are_published() -> None:
    given = {
        "assets/a.css": b'@import "sub/b.css"; a { background: url(x.svg?v#y) } b { background: url("../images/z.png") } '
        b"c { src: url(data:font/woff2;base64,AA) } d { fill: url(#e) } f { src: url('face.woff2') }",
        "assets/sub/b.css": b"p { background: url(/assets/x.svg) }",
        "assets/x.svg": b"<svg/>",
    }
    made = published(given, {"assets/a.css"}, minified=False, elsewhere={"assets/face.woff2": "assets/fixed/face.1.woff2"})
    path = {name: one.path for name, one in made.items()}
    x = path["assets/x.svg"].removeprefix("assets/fixed/")
    css = made["assets/a.css"].data.decode()
    assert re.findall(r"url\(([^)]*)\)", css) == [
        f"./{x}?v#y", '"../../images/z.png"', "data:font/woff2;base64,AA", "#e", "'./face.1.woff2'",
    ]  # fmt: skip
    assert css.startswith(f'@import "./{path["assets/sub/b.css"].removeprefix("assets/fixed/")}"')
    assert made["assets/sub/b.css"].data.decode() == f"p {{ background: url(../{x}) }}"


def test_modules_that_import_each_other_have_names_that_tell_of_both() -> None:
    def paths(second: bytes) -> list[str]:
        given = {"assets/m.js": b'import {a} from "./n.js"; import x from "lib"; Array.from("./n.js")', "assets/n.js": second}
        made = published(given, {"assets/m.js"}, minified=True)
        n = made["assets/n.js"].path.removeprefix("assets/fixed/")
        assert made["assets/m.js"].data.decode() == f'import{{a}}from"./{n}";import x from"lib";Array.from("./n.js")'
        return [one.path for one in made.values()]

    before, after = paths(b'import("./m.js");'), paths(b'import("./m.js");1')
    assert not {*before} & {*after}


def test_a_style_sheet_that_is_no_text_is_published_as_it_is() -> None:
    assert minify("assets/a.css", b"\xff { }") == b"\xff { }"
    assert published({"assets/a.css": b"\xff { }"}, {"assets/a.css"}, minified=True)["assets/a.css"].data == b"\xff { }"


def test_minifying_can_be_turned_off(themed: Collection) -> None:
    def sizes() -> tuple[int, int]:
        (css,) = (themed.site / "assets/fixed").glob("site.*.css")
        return css.stat().st_size, len(themed.page("/articles/a/"))

    themed.build()
    small = sizes()
    themed.write("../sitegen.toml", MINE + "minify = false\n").build()
    assert all(less < more for less, more in zip(small, sizes(), strict=True))


def test_a_build_after_one_without_minifying_minifies(themed: Collection) -> None:
    def run(*options: str) -> str:
        assert CliRunner().invoke(main, ["-C", str(themed.root), "build", "--no-search", *options]).exit_code == 0
        return themed.page("/articles/a/")

    whole, tight = run("--no-minify"), run()
    assert len(tight) < len(whole) == len(run("--no-minify"))


BLOCKS = {"html", "head", "body", "header", "main", "footer", "section", "article", "aside", "ul", "ol", "dl", "table", "tbody"}


def said(html: str) -> list[object]:
    """What a page means: tags, attributes and texts, white space as HTML shows it."""

    def walk(node, kept: bool) -> Iterator[object]:  # type: ignore[no-untyped-def]
        tag = node.tag.rpartition("}")[2] if isinstance(node.tag, str) else "<!--"
        kept = kept or tag in ("pre", "textarea", "script")
        yield ("<", tag, sorted(node.attrib.items()))
        yield (node.text or "") if kept else re.sub(r"\s+", " ", node.text or "")
        for child in node:
            yield from walk(child, kept)
            yield (child.tail or "") if kept else re.sub(r"\s+", " ", child.tail or "")
        yield (">", tag)

    tokens = [token for token in walk(html5lib.parse(html), False) if token]
    head = next(at for at, token in enumerate(tokens) if isinstance(token, tuple) and token[:2] == (">", "head"))
    edges = [isinstance(token, tuple) and token[1] in BLOCKS for token in tokens]
    shown = (token for at, token in enumerate(tokens)
             if token != " " or not (at < head or edges[at - 1] or edges[at + 1]))  # fmt: skip
    # Beside a block, white space at the end of a text is not shown either.
    return [token.strip() if isinstance(token, str) and token.strip() else token for token in shown]


@pytest.mark.parametrize("theme", ["default", "plain"])
def test_a_page_means_what_it_meant_before_white_space_was_left_out(collection: Collection, theme: str) -> None:
    crowd(collection, 12).article("code", "    a\n      b\n\n```\n\n  Morse\n```\n\nWords *of* **Field**  \nand more.")
    settings = f'title = "T"\ntheme = "{theme}"\nfingerprints = false\n'
    collection.write("../sitegen.toml", settings).build()
    tight = files(collection.site)
    collection.write("../sitegen.toml", settings + "minify = false\n").build()
    loose = files(collection.site)
    pages = [path for path in loose if path.endswith(".html")]
    assert sum(tight[path] != loose[path] for path in pages) > 20
    for path in pages:
        assert said(tight[path].decode()) == said(loose[path].decode()), path


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (["<ul>\n  <li>a</li>\n  <li>b</li>\n</ul>"], ["<ul><li>a</li>\n<li>b</li></ul>"]),
        (["<b>a</b>  <i>b</i>\n\n<i>c</i>"], ["<b>a</b> <i>b</i>\n<i>c</i>"]),
        (["<b>a</b>\n<meta><meta>\n<link>\n<b>c</b>"], ["<b>a</b>\n<meta><meta><link>\n<b>c</b>"]),
        (["<pre>\n <ul>\n <li>", "</li>\n</ul></pre>\n\n<ul>"], ["<pre>\n <ul>\n <li>", "</li>\n</ul></pre><ul>"]),
        (["<p title='a >\n <ul>", "'>\n\n<b>"], ["<p title='a >\n <ul>", "'>\n<b>"]),
        (["<p title='", ">\n\n<ul>' >\n\n<ul>"], ["<p title='", ">\n\n<ul>' ><ul>"]),
        (["a < b >\n\n<ul>It's > \n\n<ul>"], ["a < b >\n\n<ul>It's > \n\n<ul>"]),
        (
            ["<!-- >\n\n< -->", "<textarea> <p>\n <ul>", "</textarea>"],
            ["<!-- >\n\n< -->", "<textarea> <p>\n <ul>", "</textarea>"],
        ),
        (["<p>a\n  b"], ["<p>a\n  b"]),
    ],
)
def test_white_space_of_a_template_goes_where_it_is_not_shown(given: list[str], wanted: list[str]) -> None:
    assert list(tightened(given)) == wanted
