"""Loading themes, digesting what a template can read, rendering, and what is said when something is wrong."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import jinja2.meta
import pytest
from jinja2 import Environment

from sitegen.errors import SiteError
from sitegen.model.ids import Linker
from sitegen.model.views import KindView, SiteView, TextPageView
from sitegen.render.problems import TemplateProblem
from sitegen.render.theme import PYGMENTS_CSS, Finish, Theme
from tests.support import FILTERS

ROOT = Path(__file__).parents[2]
LINKER = Linker("https://example.org/sub/")
SITE = SiteView(
    title="The Wired World", description="", base="https://example.org/sub/", language="en", author="", licence="",
    kinds=(KindView("people", "People", "person", "/people/", "born", "died"),),
    menu=(), footer=(), options={}, generator="sitegen",
)  # fmt: skip
PAGE = TextPageView(
    url="/about/", canonical="https://example.org/sub/about/", title="About <us>", lang="en", headings=(),
    extra={"tags": ["a"]},
)  # fmt: skip

Write = Callable[[dict[str, str]], Theme]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes files below a folder of themes, and loads the theme "mine" from it."""

    def write(files: dict[str, str]) -> Theme:
        for name, text in files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return Theme.load("mine", [tmp_path])

    return write


def render(theme: Theme, body: str = "<p>Body</p>") -> str:
    return theme.render(PAGE, SITE, body, LINKER)


# Themes and their parents


def test_a_theme_takes_from_its_parent_what_it_lacks(write: Write) -> None:
    theme = write({"mine/theme.toml": 'extends = "parent"', "parent/theme.toml": "", "parent/templates/page.html": "parent"})
    assert render(theme) == "parent"


def test_a_template_can_extend_its_parents_of_the_same_name(write: Write) -> None:
    theme = write(
        {
            "mine/theme.toml": 'extends = "parent"',
            "mine/templates/page.html": '{% extends "parent/page.html" %}{% block b %}mine and {{ super() }}{% endblock %}',
            "parent/theme.toml": "",
            "parent/templates/page.html": "[{% block b %}parent{% endblock %}]",
        }
    )
    assert render(theme) == "[mine and parent]"


def test_a_template_of_the_parent_uses_the_childs_base(write: Write) -> None:
    theme = write(
        {
            "mine/theme.toml": 'extends = "parent"',
            "mine/templates/base.html": "mine: {% block b %}{% endblock %}",
            "parent/theme.toml": "",
            "parent/templates/base.html": "parent: {% block b %}{% endblock %}",
            "parent/templates/page.html": '{% extends "base.html" %}{% block b %}page{% endblock %}',
        }
    )
    assert render(theme) == "mine: page"


def test_an_earlier_root_wins(tmp_path: Path) -> None:
    for root in ("own", "shipped"):
        (tmp_path / root / "mine" / "templates").mkdir(parents=True)
        (tmp_path / root / "mine" / "theme.toml").write_text("")
        (tmp_path / root / "mine" / "templates" / "page.html").write_text(root)
    assert render(Theme.load("mine", [tmp_path / "own", tmp_path / "shipped"])) == "own"


def test_a_template_is_compiled_once_in_a_process_for_the_same_words_and_white_space(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write({"mine/theme.toml": "", "mine/templates/page.html": "<ul>  <li>{{ _('Home') }} {{ 1234|thousands }}"})
    written: list[str] = []
    generate = Environment._generate
    monkeypatch.setattr(
        Environment, "_generate", lambda self, *given, **more: (written.append(""), generate(self, *given, **more))[1]
    )

    def told(language: str = "en", *, tight: bool = False) -> str:
        return render(Theme.load("mine", [tmp_path], language).finished(Finish(tight=tight)))

    assert (told(), told(tight=True), told("de")) == (told(), told(tight=True), told("de")) and len(written) == 3
    assert len({told(), told(tight=True), told("de")}) == 3
    assert write({"mine/templates/page.html": "Edited."}) and told() == "Edited."


def test_a_loaded_theme_can_be_sent_to_another_process(write: Write) -> None:
    theme = write({"mine/theme.toml": "", "mine/templates/page.html": "{{ page.title }}"})
    render(theme)
    assert render(pickle.loads(pickle.dumps(theme))) == "About &lt;us&gt;"


@pytest.mark.parametrize(
    ("toml", "message", "help"),
    [
        ('extend = "default"', 'theme.toml:1:1: error[unknown-key]: theme.toml has no key "extend"', 'did you mean "extends"?'),
        ("name = 3", "theme.toml:1:1: error[configuration]", 'write name = "…"'),
        ("name = mine", "theme.toml:1:8: error[toml]", "theme.toml is TOML"),
        ('\nextends = "minee"', 'theme.toml:2:1: error[unknown-theme]: no theme "minee"', 'did you mean "mine"?'),
        ('extends = "mine"', "theme.toml:1:1: error[theme-circle]: a theme extends itself: mine → mine", 'take "extends" out'),
    ],
)
def test_a_wrong_theme_toml_is_refused_with_its_place_and_a_remedy(write: Write, toml: str, message: str, help: str) -> None:
    with pytest.raises(SiteError) as refused:
        write({"mine/theme.toml": toml})
    assert message in str(refused.value)
    assert help in str(refused.value)


def test_every_wrong_key_is_reported_in_one_run(write: Write) -> None:
    with pytest.raises(SiteError) as refused:
        write({"mine/theme.toml": 'colour = "red"\nlicense = "MIT"'})
    assert [issue.span.line for issue in refused.value.issues] == [1, 2]


def test_a_longer_circle_is_named(write: Write) -> None:
    with pytest.raises(SiteError, match="mine → other → mine"):
        write({"mine/theme.toml": 'extends = "other"', "other/theme.toml": 'extends = "mine"'})


def test_an_unknown_theme_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(SiteError) as refused:
        Theme.load("defualt", [ROOT / "themes"])
    assert 'did you mean "default"?' in str(refused.value)


def test_a_folder_without_theme_toml_is_told_what_it_lacks(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    with pytest.raises(SiteError) as refused:
        Theme.load("mine", [tmp_path])
    assert 'write one that says: extends = "default"' in str(refused.value)


def test_a_theme_name_cannot_lead_out_of_the_roots(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "theme.toml").write_text("")
    with pytest.raises(SiteError):
        Theme.load("../outside", [tmp_path / "themes"])


# Digests


def test_a_digest_changes_with_a_template_reached_through_others(write: Write) -> None:
    files = {
        "mine/theme.toml": "",
        "mine/templates/page.html": '{% extends "base.html" %}',
        "mine/templates/base.html": '{%- include "foot.html" -%}',
        "mine/templates/foot.html": "one",
    }
    before = write(files).digest("page.html")
    assert write(files | {"mine/templates/foot.html": "two"}).digest("page.html") != before


def test_a_digest_does_not_change_with_a_template_out_of_reach(write: Write) -> None:
    files = {"mine/theme.toml": "", "mine/templates/page.html": "page", "mine/templates/home.html": "one"}
    before = write(files).digest("page.html")
    assert write(files | {"mine/templates/home.html": "two"}).digest("page.html") == before


def test_a_computed_reference_takes_every_template(write: Write) -> None:
    files = {"mine/theme.toml": "", "mine/templates/page.html": "{% include page.extra.part %}", "mine/templates/x.html": "1"}
    before = write(files).digest("page.html")
    assert write(files | {"mine/templates/x.html": "2"}).digest("page.html") != before


def test_a_template_that_appears_where_it_was_missing_changes_the_digest(write: Write) -> None:
    files = {"mine/theme.toml": "", "mine/templates/page.html": '{% include "x.html" ignore missing %}'}
    before = write(files).digest("page.html")
    assert write(files | {"mine/templates/x.html": ""}).digest("page.html") != before


def test_a_digest_does_not_depend_on_where_the_theme_lies(tmp_path: Path) -> None:
    digests = set()
    for root in ("a", "b"):
        (tmp_path / root / "mine" / "templates").mkdir(parents=True)
        (tmp_path / root / "mine" / "theme.toml").write_text("")
        (tmp_path / root / "mine" / "templates" / "page.html").write_text("page")
        digests.add(Theme.load("mine", [tmp_path / root]).digest("page.html"))
    assert len(digests) == 1


@pytest.mark.parametrize(
    "tag",
    [
        "{% include 'a.html' %}", '{%- include "a.html" -%}', '{%+ include ["b.html", "a.html"] ignore missing %}',
        '{% import "a.html" as a %}', '{% from "a.html" import x as y with context %}', '{%\n  extends\n"a.html" %}',
        '{% include ("b.html", "a.html") without context %}', '{% include "a.html" if page.lang else "b.html" %}',
        '{% include "a" ~ ".html" %}', '{% include "a" ".html" %}', '{% set n = "a.html" %}{% include n %}',
        '{% include "%}" ~ n %}',
    ],
)  # fmt: skip
def test_no_reference_that_jinja_sees_is_missed(write: Write, tag: str) -> None:
    others = {"mine/templates/a.html": "", "mine/templates/b.html": ""}
    theme = write({"mine/theme.toml": "", "mine/templates/page.html": tag} | others)
    seen = set(jinja2.meta.find_referenced_templates(Environment().parse(tag)))
    needed = set(theme.templates()) if None in seen else {theme.qualified(name) for name in seen if name}
    assert needed <= set(theme.references("page.html"))


def test_the_digests_of_the_default_theme_rest_on_static_references_only() -> None:
    theme = Theme.load("default", [ROOT / "themes"])
    for name in theme.templates():
        source = theme.source(name)
        assert source
        environment = Environment(autoescape=True)
        environment.filters |= dict.fromkeys(FILTERS, str)
        seen = jinja2.meta.find_referenced_templates(environment.parse(source[0]))
        assert set(theme.references(name)) == {theme.qualified(str(reference)) for reference in seen}


def test_digests_import_neither_jinja_nor_pygments() -> None:
    program = (
        "import sys; from pathlib import Path; from sitegen.render.theme import Theme;"
        "theme = Theme.load('default', [Path('themes')]); theme.digest('article.html'); theme.asset_digests();"
        "print(sorted({'jinja2', 'pygments'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_unknown_template_is_refused_with_the_nearest_name(write: Write) -> None:
    theme = write({"mine/theme.toml": "", "mine/templates/article.html": ""})
    with pytest.raises(SiteError, match=r'did you mean "article\.html"'):
        theme.digest("articel.html")


# Assets


def test_an_asset_of_the_child_replaces_its_parents(write: Write) -> None:
    theme = write({
        "mine/theme.toml": 'extends = "parent"', "mine/assets/a.css": "mine",
        "parent/theme.toml": "", "parent/assets/a.css": "parent", "parent/assets/b.css": "parent",
    })  # fmt: skip
    assets = theme.assets()
    assert (assets["assets/a.css"], assets["assets/b.css"]) == (b"mine", b"parent")


def test_code_is_coloured_for_light_and_for_dark(write: Write) -> None:
    css = write({"mine/theme.toml": ""}).assets()[PYGMENTS_CSS].decode()
    assert css.index("prefers-color-scheme: light") < css.index(".codehilite .k ") < css.index("prefers-color-scheme: dark")


def test_the_digest_of_an_asset_changes_when_its_bytes_do(write: Write) -> None:
    before = write({"mine/theme.toml": "", "mine/assets/a.css": "a"}).asset_digests()
    after = write({"mine/theme.toml": 'pygments_dark = "monokai"', "mine/assets/a.css": "b"}).asset_digests()
    assert set(before) == set(after) == {"assets/a.css", PYGMENTS_CSS}
    assert all(before[path] != after[path] for path in before)


def test_an_unknown_pygments_style_is_refused_with_its_place(write: Write) -> None:
    theme = write({"mine/theme.toml": 'pygments_light = "frendly"'})
    with pytest.raises(SiteError) as refused:
        theme.assets()
    assert "theme.toml:1:1: error[unknown-style]" in str(refused.value)
    assert 'did you mean "friendly"?' in str(refused.value)


# Rendering


@pytest.mark.parametrize(
    ("template", "html"),
    [
        ("{{ page.title }}", "About &lt;us&gt;"),
        ("{{ body }}", "<p>Body</p>"),
        ("{{ '/people/'|href }}", "../people/"),
        ("{{ '/about/#p-1'|href }}", "#p-1"),
        ("{{ 'https://example.org/?a&b'|href }}", "https://example.org/?a&amp;b"),
        ("{{ '/people/'|absolute }}", "https://example.org/sub/people/"),
        ("{{ 1204|thousands }} {{ ngettext('%(num)s man', '%(num)s men', 1204) }}", "1,204 1,204 men"),
        ('{% from "m.html" import m with context %}{{ m() }}', "../people/"),
        ("{{ page.extra.photo|default('none') }}", "none"),
    ],
)
def test_a_template_renders(write: Write, template: str, html: str) -> None:
    macro = "{% macro m() %}{{ '/people/'|href }}{% endmacro %}"
    assert render(write({"mine/theme.toml": "", "mine/templates/page.html": template, "mine/templates/m.html": macro})) == html


@pytest.mark.parametrize(
    ("template", "place", "fact", "help"),
    [
        ("a\n{{ page.titel }}", "2:9", 'TextPageView has no field "titel"', 'did you mean "title"?'),
        ("{{ page.zzz }}", "1:9", 'TextPageView has no field "zzz"', "it has url, canonical, title"),
        ("{{ pag.title }}", "1:4", 'there is no variable "pag"', 'did you mean "page"?'),
        ("{{ page.extra.foto }}", "1:15", 'there is no item "foto"', 'write |default("")'),
        ("\n{% if %}", "2:1", "Expected an expression", "docs/themes.md"),
        ("{{ page.title|shout }}", "1:15", "No filter named 'shout'", "docs/themes.md"),
        ("{{ page.title|hrev }}", "1:15", "No filter named 'hrev'", 'did you mean "href"?'),
        ("{{ now() }}", "1:4", 'there is no variable "now"', "a template gets site, page and body"),
        ('{% include "nix.html" %}', "1:1", 'no template "nix.html"', "docs/themes.md"),
        ('{% extends "page.html" %}', "1:1", "extends itself without end", "default/…"),
        ("{{ 1 // 0 }}", "1:1", "ZeroDivisionError", "docs/themes.md"),
        ('{% from "m.html" import m %}{{ m() }}', "m.html:1:1", "this filter needs the page", "with context"),
    ],
)
def test_a_template_error_names_place_fact_page_and_remedy(write: Write, template: str, place: str, fact: str, help: str) -> None:
    macro = "{% macro m() %}{{ '/people/'|href }}{% endmacro %}"
    theme = write({"mine/theme.toml": "", "mine/templates/page.html": template, "mine/templates/m.html": macro})
    with pytest.raises(TemplateProblem) as problem:
        render(theme)
    text = str(problem.value)
    assert f"{place}: error[template-error]: " in text
    assert fact in text
    assert "(rendering /about/)" in text
    assert help in text


def test_a_template_error_can_be_sent_from_another_process(write: Write) -> None:
    theme = write({"mine/theme.toml": "", "mine/templates/page.html": "{{ page.titel }}"})
    with pytest.raises(TemplateProblem) as problem:
        render(theme)
    assert str(pickle.loads(pickle.dumps(problem.value))) == str(problem.value)


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ page.__class__ }}",
        "{{ page.extra.tags.append('b') }}",
        "{{ page.extra.update({'a': 1}) }}",
        "{{ lipsum() }}",
        "{{ [1, 2]|random }}",
    ],
)
def test_a_template_cannot_reach_out_change_a_value_or_throw_dice(write: Write, template: str) -> None:
    theme = write({"mine/theme.toml": "", "mine/templates/page.html": template})
    with pytest.raises(TemplateProblem):
        render(theme)
    assert PAGE.extra == {"tags": ["a"]}


def test_the_plain_theme_is_a_whole_theme_in_under_150_lines():
    files = [path for path in (ROOT / "themes" / "plain").rglob("*") if path.is_file()]
    assert sum(len(path.read_text(encoding="utf-8").splitlines()) for path in files) < 150
