"""Templates compiled to quick code write what Jinja's own code would, and see and reach no more."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from jinja2.compiler import CodeGenerator
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import escape

from sitegen.model.ids import Linker
from sitegen.model.views import SiteView, TextPageView
from sitegen.render.quick import written
from sitegen.render.theme import Theme

SITE = SiteView(
    title="A & B", description="", base="https://example.org/", language="en", author="", licence="", kinds=(), menu=(),
    footer=(), options={}, generator="sitegen",
)  # fmt: skip
PAGE = TextPageView(
    url="/about/", canonical="https://example.org/about/", title="About <us>", lang="en", headings=(),
    extra={"title": "of a mapping", "tags": ["a", "<b>"]},
)  # fmt: skip

Write = Callable[..., Theme]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(page: str, macros: str = "") -> Theme:
        folder = tmp_path / "mine" / "templates"
        folder.mkdir(parents=True, exist_ok=True)
        (tmp_path / "mine" / "theme.toml").write_text("")
        (folder / "page.html").write_text(page)
        (folder / "_m.html").write_text(macros)
        return Theme.load("mine", [tmp_path])

    return write


def render(theme: Theme) -> str:
    return theme.render(PAGE, SITE, "<p>Body</p>", Linker("https://example.org/"))


@pytest.mark.parametrize(
    "page",
    [
        "{{ page.title }}{{ body }}{{ 1.5 }}{{ -3 }}{{ true }}{{ none }}{{ page.extra }}",
        "{% for t in page.extra.tags %}{{ loop.index }}{{ t }}{% if not loop.last %}, {% endif %}{% endfor %}",
        "{% macro m(a, b='x', c=1) %}[{{ a }}{{ b }}{{ c }}]{% endmacro %}{{ m('<') }}{{ m(1, c=2) }}{{ m(1, 2, 3) }}",
        "{% macro m() %}{{ caller('<') }}{{ varargs|join }}{% endmacro %}{% call(x) m(1, 2) %}{{ x }}{% endcall %}",
        "{{ page.url.startswith('/ab') }}{{ page.title.upper() }}{{ page.title.split('<')|join('-') }}",
        "{{ '{0.lang}'.format(page) }}{{ 'a'.join(page.extra.tags) }}",
        "{% set n = namespace(all=[]) %}{% for t in page.extra.tags %}{% set n.all = [t] %}{% endfor %}{{ n.all|join }}",
        "{% filter upper %}{{ page.title }}, {{ site.title }}{% endfilter %}{% set x %}{{ page.title }}{% endset %}{{ x }}",
        "{{ (page.title ~ '!')|e }}{{ page.extra|length }}{{ [page]|map(attribute='title')|list }}",
        "{{ [page, page]|sum('headings', ())|list }}{{ [page]|map(attribute='title')|join }}{{ [3, 4]|sum }}",
        "{% for t in page.extra.tags %}{{ later is defined }}{% set later = t %}{{ later }}{{ site.title }}{% endfor %}"
        "{{ later is defined }}",
        "{% if page.url == '' %}{% for t in 'ab' %}{{ site.title }}{% endfor %}{% endif %}"
        "{% for t in '' %}{{ page.url }}{% else %}{{ site.title }}{% endfor %}"
        "{% for t in 'ab' %}{% for u in 'cd' if u != t %}{{ site.title }}{{ loop.index }}{% endfor %}"
        "{{ x is defined }}{% set x = site.title %}{{ x }}{% endfor %}",
        "{% block a %}{{ page.title }}-{{ self.b() }}{% endblock %}{% block b %}{{ site.title }}{% endblock %}",
        "1{% block a %}2{% block b %}{{ page.url }}{% endblock %}3{% endblock %}4{% if page.url %}5{% block c %}6{% endblock %}7"
        "{% endif %}{% for t in 'ab' %}{{ t }}{% block d scoped %}{{ t }}{% endblock %}8{% endfor %}9{% set x %}a{% block e %}b"
        "{% endblock %}c{% endset %}{% filter upper %}d{% block f %}e{% endblock %}{% endfilter %}{{ x }}",
        "{% for t in page.extra.tags %}{{ site.title }}{{ t }}{% else %}{{ body }}{% endfor %}{{ site.language }}",
        "{% for page in page.extra.tags %}{{ page }}{{ site.title }}{% endfor %}{{ page.title }}",
        "{% for t in 'ab' %}{% set site = t %}{{ site }}{% for u in 'cd' %}{{ site }}{{ page.lang }}{% endfor %}{% endfor %}",
        "{% if 1 %}{% for t in 'a' %}{{ site.title }}{% endfor %}{% endif %}{% for t in 'a' %}{{ site.title }}{% endfor %}",
        "{% set site = 'set' %}{% for t in 'a' %}{{ site }}{% macro m(page) %}{{ page }}{% endmacro %}{{ m(1) }}{% endfor %}",
    ],
)
def test_a_template_says_what_jinja_makes_of_it(write: Write, page: str) -> None:
    class Sandbox(ImmutableSandboxedEnvironment):
        code_generator_class = CodeGenerator

    plain = Sandbox(autoescape=True, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)
    from markupsafe import Markup

    said = plain.from_string(page).render(page=PAGE, site=SITE, body=Markup("<p>Body</p>"))
    theme = write(page)
    assert render(theme) == said


def test_links_lead_to_pages_and_their_places(write: Write) -> None:
    targets = ["/a/b/#p-1c", "/a/b/", "/a/b/#p-1c", "/a/b/#p-<", "/a/b/#p-", "/a/b/#x", "/about/#p-1", "/a b/#p-1", "#p-1",
               "https://example.com/#p-1"]  # fmt: skip
    theme = write("{% for t in page.extra.targets %}{{ t|href }} {% endfor %}")
    page = msgspec.structs.replace(PAGE, extra={"targets": targets})
    for mode in ("relative", "absolute"):
        linker = Linker(SITE.base, mode)
        expected = [str(escape(linker.href(PAGE.url, target))) for target in targets]
        assert theme.render(page, SITE, "", linker).split() == expected


def test_a_message_is_filled_with_what_is_written_as_html(write: Write) -> None:
    theme = write(
        "{{ _('<%(a)s> & %(b)s', a=page.title, b='&lt;'|safe) }}{{ gettext('%(a)s', a=1.5) }}{{ _('%(a)03d', a=2) }}{{ _('%') }} "
        "{{ ngettext('%(num)s <', '%(num)s >', 2) }}{{ ngettext('%(num)s %(a)s', '%(num)s %(a)s', 1, a=page.title) }}"
        "{{ _('%(a)s|', a=_('%(b)s', b='>'))|lower }}"
    )
    assert render(theme) == "&lt;About &lt;us&gt;&gt; &amp; &lt;1.5002% 2 &gt;1 About &lt;us&gt;&gt;|"


def test_a_field_that_is_not_there_can_be_asked_for(write: Write) -> None:
    theme = write("{{ page.summary|default('none') }} {{ page.canonical is defined }} {{ page.extra.minutes is defined }}")
    assert render(theme) == render(theme) == "none True False"


def test_an_item_of_a_mapping_can_be_called_like_a_field(write: Write) -> None:
    assert render(write("{{ page.extra.title }}")) == "of a mapping"
    assert render(write("{{ {'url': 'item'}.url }}")) == "item"


@pytest.mark.parametrize("page", ["{{ page.extra.tags.append('c') }}", "{{ page.__class__ }}", "{{ page.extra.update({}) }}"])
def test_what_the_sandbox_refuses_is_refused(write: Write, page: str) -> None:
    with pytest.raises(Exception, match=r"unsafe|no field"):
        render(write(page))


def test_imported_macros_see_what_is_set_where_they_are_imported(write: Write) -> None:
    theme = write(
        "{% for colour in ('red', 'blue') %}{% from '_m.html' import shown with context %}{{ shown() }}{% endfor %}"
        "{% from '_m.html' import shown with context %}{{ shown() }}",
        "{% macro shown() %}{{ colour|default('none') }} {{ page.title }};{% endmacro %}",
    )
    assert render(theme) == "red About &lt;us&gt;;blue About &lt;us&gt;;none About &lt;us&gt;;"


def test_what_an_import_keeps_count_of_begins_anew_with_each(write: Write) -> None:
    macros = (
        "{% set seen = namespace(count=0) %}{% macro next() %}{% set seen.count = 1 + seen.count %}{{ seen.count }}{% endmacro %}"
    )
    once = "{% from '_m.html' import next with context %}{{ next() }}{{ next() }} "
    assert render(write(f"{{% if true %}}{once}{{% endif %}}{{% if true %}}{once}{{% endif %}}", macros)) == "12 12 "


@pytest.mark.parametrize(("value", "text"), [("<&>", "&lt;&amp;&gt;"), (7, "7"), (0.5, "0.5"), (True, "True"), (None, "None")])
def test_a_value_is_written_as_html(value: object, text: str) -> None:
    assert written(value) == text


def test_macros_that_are_made_once_see_the_page_that_is_rendered(write: Write) -> None:
    theme = write(
        "{% from '_m.html' import shown with context %}{{ shown() }}", "{% macro shown() %}{{ page.title }}{% endmacro %}"
    )
    other = msgspec.structs.replace(PAGE, title="Other")
    said = [theme.render(page, SITE, "", Linker(SITE.base)) for page in (PAGE, other, PAGE)]
    assert said == ["About &lt;us&gt;", "Other", "About &lt;us&gt;"]


def test_each_page_of_a_folder_writes_its_own_way_to_an_address(write: Write) -> None:
    theme = write("{% for url in page.extra.tags %}{{ url|href }} {% endfor %}")
    linker = Linker(SITE.base)
    targets = ["/", "/a/", "/a/x/", "/a/x/#p", "/a/x/#p-1", "/a/x/y.md", "/a/x/y:z.md", "/a/x/z/", "/a/xy/", "/a/x/",
               "/a/xy/#p-1", "/a/y/#p-1", "/a/y/", "/a/y/#p-1", "/a:b/", "/b/?c&d", "/b/x/", "/b/x/#p-1",
               "/a/x/zz/", "/a/xy/z/", "/a/xy/z/#p-1"]  # fmt: skip
    for url in "/a/x/ /a/y/ /a/x/ /a/ /b/ /a/x/z/ /a/xy/z/ /a/x/z/ /b/x/ /404.html / /a/xy/ /a/x/".split():
        page = msgspec.structs.replace(PAGE, url=url, extra={"tags": targets})
        assert theme.render(page, SITE, "", linker).split() == [str(escape(linker.href(url, target))) for target in targets]


def test_pages_leave_nothing_behind_in_circles(write: Write) -> None:
    theme = write(
        "{% from '_m.html' import shown with context %}{{ shown() }}", "{% macro shown() %}{{ page.title }}{% endmacro %}"
    )
    render(theme)
    gc.collect()
    render(theme)
    assert gc.collect() == 0
