"""The interface in a language: messages, plural forms, dates, numbers, lists; and catalogues that are wrong."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from sitegen.errors import SiteError
from sitegen.model.dates import Date
from sitegen.model.ids import Linker
from sitegen.model.views import KindView, SiteView, TextPageView
from sitegen.render.theme import Theme
from sitegen.words.interface import Words, direction, names_of
from tests.support import Collection

ROOT = Path(__file__).parents[2]
GERMAN = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Articles"
msgstr "Artikel <&>"

msgid "By %(name)s"
msgstr "%(name)s <schrieb>"

msgid "%(num)s article"
msgid_plural "%(num)s articles"
msgstr[0] "ein Artikel"
msgstr[1] "%(num)s Artikel"

msgctxt "compass"
msgid "E"
msgstr "O"

#, fuzzy
msgid "Tags"
msgstr "Zettel"
"""


def rendered(template: str, tmp_path: Path, catalogue: str = GERMAN, language: str = "de") -> str:
    (tmp_path / "mine" / "templates").mkdir(parents=True)
    (tmp_path / "mine" / "locale").mkdir()
    (tmp_path / "mine" / "theme.toml").write_text("")
    (tmp_path / "mine" / "templates" / "page.html").write_text(template, encoding="utf-8")
    (tmp_path / "mine" / "locale" / f"{language}.po").write_text(catalogue, encoding="utf-8")
    people = KindView("people", "Leute", "Mensch", "/people/", "", "")
    site = SiteView("T", "", "https://example.org/", language, "", "", (people,), (), (), {}, "sitegen")
    page = TextPageView(url="/a/", canonical="", title="<T>", lang="de", headings=(), extra={"n": 2, "kind": people})
    return Theme.load("mine", [tmp_path], language).render(page, site, "<b>b</b>", Linker("https://example.org/"))


@pytest.mark.parametrize(
    ("template", "html"),
    [
        ("{{ _('Articles') }}", "Artikel &lt;&amp;&gt;"),
        ("{% set t = 'Articles' %}{{ _(t) }}", "Artikel &lt;&amp;&gt;"),
        ("{{ _('By %(name)s', name=page.title) }}", "&lt;T&gt; &lt;schrieb&gt;"),
        ("{{ _('By %(name)s', name=body) }}", "<b>b</b> &lt;schrieb&gt;"),
        ("{{ ngettext('%(num)s article', '%(num)s articles', 1) }}", "ein Artikel"),
        ("{{ ngettext('%(num)s article', '%(num)s articles', page.extra.n) }}", "2 Artikel"),
        ("{{ ngettext('%(num)s article', '%(num)s articles', 1204) }}", "1.204 Artikel"),
        ("{{ ngettext('%(num)s article', '%(num)s articles', 5, num=body) }}", "<b>b</b> Artikel"),
        ("{{ pgettext('compass', 'E') }}{{ _('E') }}", "OE"),
        ("{{ _('Tags') }}{{ _('not in the catalogue') }}", "Schlagwörternot in the catalogue"),
        ("{{ 2|of_kind(page.extra.kind) }}, {{ 1|of_kind(page.extra.kind) }}", "2 Leute, 1 Mensch"),
        ("{{ ['a', page.title, body]|listed }}", "a, &lt;T&gt; und <b>b</b>"),
        ("{{ 1204|thousands }} {{ 51.5074|decimal(2) }}", "1.204 51,51"),
    ],
)
def test_a_template_speaks_the_interfaces_language(tmp_path: Path, template: str, html: str) -> None:
    assert rendered(template, tmp_path) == html


@pytest.mark.parametrize(
    ("language", "day", "month", "year"),
    [
        ("en", "16 August 1858", "August 1858", "1858"),
        ("en-US", "August 16, 1858", "August 1858", "1858"),
        ("de", "16. August 1858", "August 1858", "1858"),
        ("fr", "16 août 1858", "août 1858", "1858"),
        ("es", "16 de agosto de 1858", "agosto de 1858", "1858"),
        ("ar", "16 أغسطس 1858", "أغسطس 1858", "1858"),
        ("ja", "1858年8月16日", "1858年8月", "1858年"),
        ("tlh", "16 August 1858", "August 1858", "1858"),  # no language Babel knows
    ],
)
def test_dates_are_written_as_the_language_writes_them(language: str, day: str, month: str, year: str) -> None:
    words = Words(language)
    assert [words.date(Date(iso)) for iso in ("1858-08-16", "1858-08", "1858")] == [day, month, year]


@pytest.mark.parametrize(
    ("language", "said"), [("en", "a, b and c"), ("de", "a, b und c"), ("fr", "a, b et c"), ("es", "a, b y c"), ("ar", "a وb وc")]
)
def test_lists_read_as_sentences_do(language: str, said: str) -> None:
    assert Words(language).listed(["a", "b", "c"]) == said
    assert [Words(language).listed(items) for items in ([], ["a"])] == ["", "a"]


def test_an_added_kind_is_counted_in_the_words_of_the_configuration() -> None:
    english, german = Words("en"), Words("de")
    assert english.counted("ships", "ship", "Ships", 2) % {"num": 2} == "2 ships"
    assert german.counted("ships", "Schiff", "100 % Schiffe", 2) % {"num": 2} == "2 100 % Schiffe"
    assert english.counted("people", "soul", "Souls", 2) % {"num": 2} == "2 souls"


def test_english_needs_no_babel() -> None:
    program = (
        "import sys; from sitegen.words.interface import Words; from sitegen.model.dates import Date; w = Words('en');"
        "w.digest, w.date(Date('1858-08')), w.number(1204), w.decimal(1.5, 2), w.listed(['a', 'b']), w.ngettext('a', 'b', 2);"
        "print([name for name in sys.modules if name.startswith('babel')])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_languages_written_from_right_to_left_are_known_with_their_regions() -> None:
    assert [direction(language) for language in ("ar", "ar-EG", "HE", "en", "de-AT")] == ["rtl", "rtl", "rtl", "ltr", "ltr"]


def test_a_regional_language_falls_back_to_its_own() -> None:
    assert names_of("zh_Hant-TW") == ("zh-hant-tw", "zh-hant", "zh")


def test_a_nearer_catalogue_goes_before_a_farther() -> None:
    nearer = 'msgid "Articles"\nmsgstr "Fundstellen"\n'
    words = Words("de", [("near.po", nearer), ("far.po", GERMAN)])
    assert [words.gettext("Articles"), words.pgettext("compass", "E")] == ["Fundstellen", "O"]


def test_words_travel_to_other_processes() -> None:
    words = Words("de", [("de.po", GERMAN)])
    words.gettext("Articles")
    assert pickle.loads(pickle.dumps(words)).ngettext("%(num)s article", "%(num)s articles", 3) == "3 Artikel"


def test_a_plural_that_lacks_a_form_is_not_used() -> None:
    lacking = 'msgid "%(num)s article"\nmsgid_plural "%(num)s articles"\nmsgstr[0] "ein Artikel"\nmsgstr[1] ""\n'
    assert Words("de", [("de.po", lacking)]).ngettext("%(num)s article", "%(num)s articles", 2) == "2 articles"


@pytest.mark.parametrize(
    ("catalogue", "place", "fact"),
    [
        ('msgid "By %(name)s"\nmsgstr "Von %(nome)s"\n', "de.po:1:1", '"%(nome)s" is not in the original'),
        ('msgid "By %(name)s"\nmsgstr "Von %(name)s, 100 %"\n', "de.po:1:1", "a lone %"),
        ('msgid "a"\nmsgstr "b"\nnonsense\n', "de.po:3:1", "keyword"),
        ('msgid "a"\nmsgid_plural "b"\nmsgstr[5] "c"\n', "de.po:1:1", "more translations"),
        ('msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=n+;\\n"\n\nmsgid "a"\nmsgstr "b"\n', "de.po", "plural form"),
        ('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-99\\n"\n', "de.po", "unknown encoding"),
    ],
)
def test_a_catalogue_that_cannot_be_used_is_refused_with_its_place(catalogue: str, place: str, fact: str) -> None:
    with pytest.raises(SiteError) as refused:
        Words("de", [("de.po", catalogue)]).check()
    assert f"{place}" in str(refused.value) and "error[catalogue]" in str(refused.value) and fact in str(refused.value)


def test_a_word_that_changes_makes_the_pages_again_and_only_then(collection: Collection) -> None:
    collection.write("../sitegen.toml", 'title = "T"\nlanguage = "de"\ntheme = "mine"\n')
    collection.write("../themes/mine/theme.toml", 'extends = "default"\n').write("../themes/mine/locale/de.po", GERMAN)
    collection.article("a").build()
    assert collection.build().rendered == set()
    collection.write("../themes/mine/locale/de.po", GERMAN.replace("Artikel <&>", "Fundstellen"))
    assert {"/articles/", "/articles/a/"} <= collection.build().rendered
    assert "Fundstellen" in collection.page("/articles/")
