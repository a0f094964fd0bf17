"""docs/themes.md says what the code says, and the themes use nothing that it does not say."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import html5lib
import pytest
from jinja2 import Environment, nodes

from sitegen.model import views
from sitegen.model.dates import Date
from sitegen.model.ids import Linker
from sitegen.render.theme import Theme
from tests.support import FILTERS

ROOT = Path(__file__).parents[2]
DOC = (ROOT / "docs" / "themes.md").read_text(encoding="utf-8")
THEMES = ("default", "plain")

VIEWS: list[type] = [*views.View.__subclasses__(), *views.PageView.__subclasses__(), *views.PARTS]
PAGES = [view for view in VIEWS if issubclass(view, views.PageView) and view is not views.PageView]


def all_fields(cls: type) -> dict[str, Any]:
    """The public fields and properties of a type, with their types."""
    hints = typing.get_type_hints(cls)
    found = {name: hints[name] for name in cls.__struct_fields__}  # type: ignore[attr-defined]
    for name, value in vars(cls).items():
        if isinstance(value, property) and value.fget:
            found[name] = typing.get_type_hints(value.fget)["return"]
    return found


def own_fields(cls: type) -> dict[str, Any]:
    """Those fields that its table lists: for a page, all but those every page has."""
    inherited = all_fields(views.PageView) if cls in PAGES else {}
    return {name: kind for name, kind in all_fields(cls).items() if name not in inherited}


def type_words(kind: Any) -> str:
    """A type as the document writes it."""
    words = {str: "text", int: "number", float: "number", bool: "yes or no"}
    if kind in words:
        return words[kind]
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple:
        return f"list of {type_words(arguments[0])}"
    if origin in (typing.Union, types.UnionType):
        return f"{type_words(arguments[0])}, or none"
    if origin is dict:
        return "mapping"
    if origin is typing.Literal:
        return "text"
    return f"[{kind.__name__}](#{kind.__name__.lower()})"


def documented(name: str) -> dict[str, str]:
    """The rows of the table below a heading: field → type."""
    section = re.search(rf"^### {name}\n(.*?)(?=^##|\Z)", DOC, re.MULTILINE | re.DOTALL)
    assert section, f"docs/themes.md has no heading ### {name}"
    return dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", section[1], re.MULTILINE))


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.__name__)
def test_the_table_of_a_view_lists_its_fields_with_their_types_and_no_others(view: type) -> None:
    assert documented(view.__name__) == {name: type_words(kind) for name, kind in own_fields(view).items()}


def test_the_document_has_no_table_of_a_view_that_is_not_there() -> None:
    assert set(re.findall(r"^### (\w+)$", DOC, re.MULTILINE)) == {view.__name__ for view in VIEWS}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.__name__)
def test_the_document_names_the_template_of_a_page(page: type[views.PageView]) -> None:
    assert f"### {page.__name__}\n\n`{page.template}`" in DOC


def test_the_document_names_every_block_of_the_default_theme() -> None:
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "themes" / "default" / "templates").glob("*.html"))
    blocks = {block for text in texts for block in re.findall(r"\{% block (\w+)", text)}
    assert {block for block in blocks if f"`{block}`" not in DOC} == set()


# The themes against the contract


def sample(kind: Any, name: str, *, full: bool) -> Any:
    """A value of a type: with something everywhere, or with nothing wherever there may be nothing."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if kind is str:
        return _sample_text(name, full)
    if kind is bool:
        return full
    if kind is int and name.endswith(("-begin", "-end")):
        return -1  # bounds in a body that this sample is not
    if kind is int and name[-2:] in ("-a", "-b"):
        return 0  # a place in a list
    if kind in (int, float):
        return kind(3 + sum(map(int, re.findall(r"\d+", name))) if full else 0)
    if kind is Date:
        return Date("1858-08-16")
    if origin is tuple:
        return tuple(sample(arguments[0], f"{name}-{n}", full=full) for n in range(3)) if full else ()
    if origin in (typing.Union, types.UnionType):
        return sample(arguments[0], name, full=full) if full else None
    if origin is dict:
        return {"note": "of the author's"} if full else {}
    if origin is typing.Literal:
        return arguments[0]
    return kind(**{field: sample(of, f"{name}-{field}", full=full) for field, of in fields_of(kind).items()})


def fields_of(kind: type) -> dict[str, Any]:
    """What the constructor of a type takes."""
    return {name: of for name, of in all_fields(kind).items() if not isinstance(vars(kind).get(name), property)}


def _sample_text(name: str, full: bool) -> str:
    field = name.rpartition("-")[2]
    if field in ("lang", "language"):
        return "en"
    if field == "dir":
        return "ltr"
    if field in ("url", "canonical", "target", "base"):
        return f"/{name}/" if full or name.count("-") < 2 else ""
    if field in ("title", "name", "label", "singular", "id", "anchor", "block"):
        return name
    return f"<{name}> & more" if full else ""


OPTIONAL = {"search.html"}  # a theme may lack them


def pages_of(theme: str) -> list[type[views.PageView]]:
    """The pages that a theme has to render."""
    there = {path.name for path in (ROOT / "themes" / theme / "templates").glob("*.html")}
    return [page for page in PAGES if page.template in there or page.template not in OPTIONAL]


EACH_PAGE = [(theme, page) for theme in THEMES for page in pages_of(theme)]
each_page = pytest.mark.parametrize(
    ("theme", "page"), EACH_PAGE, ids=[f"{theme}-{page.__name__}" for theme, page in EACH_PAGE], indirect=["theme"]
)


def rendered(theme: Theme, page: type[views.PageView], *, full: bool) -> str:
    if page.optional and page.template not in theme.optional():
        return "<!doctype html><title>A page that the theme does without</title>"
    site = sample(views.SiteView, "site", full=full)
    body = '<p id="p-1">Text.</p>' if full else ""
    return theme.render(sample(page, "page", full=full), site, body, Linker("https://example.org/sub/"))


@pytest.fixture(scope="module")
def theme(request: pytest.FixtureRequest) -> Theme:
    return Theme.load(request.param, [ROOT / "themes"])


@pytest.mark.parametrize("full", [True, False], ids=["full", "empty"])
@each_page
def test_every_view_renders_to_html_without_error(theme: Theme, page: type[views.PageView], full: bool) -> None:
    parser = html5lib.HTMLParser()
    html = rendered(theme, page, full=full)
    parser.parse(html)
    assert [(place, code) for place, code, _ in parser.errors] == []
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert sorted(ids) == sorted(set(ids))


@each_page
def test_a_page_has_nothing_inline_and_loads_nothing_from_elsewhere(theme: Theme, page: type[views.PageView]) -> None:
    html = rendered(theme, page, full=True)
    inline = r'\s(?:style|on\w+)="|<style|<script(?! src=| type="application/ld\+json">)'
    assert re.findall(inline + r'|(?:src|srcset)="(?:https?:)?//', html) == []


def _trees(theme: str) -> Iterator[tuple[str, nodes.Template]]:
    for path in sorted((ROOT / "themes" / theme / "templates").glob("*.html")):
        environment = Environment(autoescape=True)
        environment.filters |= dict.fromkeys(FILTERS, str)
        yield path.name, environment.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", THEMES)
def test_templates_use_no_variable_but_site_page_and_body(name: str) -> None:
    unknown = []
    for file, tree in _trees(name):
        known = {"site", "page", "body", "range", "loop", "super", "namespace", "_", "ngettext", "pgettext"} | _declared(tree)
        used = (name for name in tree.find_all(nodes.Name) if name.ctx == "load")
        unknown += [f"{file}:{name.lineno} {name.name}" for name in used if name.name not in known]
    assert unknown == []


def _declared(tree: nodes.Template) -> set[str]:
    """The names that a template sets, imports or defines."""
    names = {name.name for name in tree.find_all(nodes.Name) if name.ctx in ("store", "param")}
    imported = (name for block in tree.find_all(nodes.FromImport) for name in block.names)
    names |= {macro.name for macro in tree.find_all(nodes.Macro)}
    return names | {name if isinstance(name, str) else name[1] for name in imported}


@pytest.mark.parametrize("name", THEMES)
def test_templates_use_no_field_of_page_or_site_that_the_view_lacks(name: str) -> None:
    """Also in branches that no sample reaches."""
    known = {page.template: set(all_fields(page)) for page in PAGES}
    known["page.html"] = set(all_fields(views.TextPageView))
    site, common = set(all_fields(views.SiteView)), set(all_fields(views.PageView))
    wrong = []
    for file, tree in _trees(name):
        for access in tree.find_all(nodes.Getattr):
            if isinstance(access.node, nodes.Name):
                allowed = {"page": known.get(file, common), "site": site}.get(access.node.name)
                if allowed is not None and access.attr not in allowed:
                    wrong.append(f"{file}:{access.lineno} {access.node.name}.{access.attr}")
    assert wrong == []
