"""The catalogues that come with the program: up to date, whole, and able to be filled.

Where a test here fails after an interface string was added or changed: `make words`, then write the translations that lack.
"""

from __future__ import annotations

import io
import re

import pytest
from babel.core import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from sitegen.words.catalogue import problems
from sitegen.words.interface import Words
from tools.catalogues import LOCALE, messages, updated

LANGUAGES = sorted(file.stem for file in LOCALE.glob("*.po"))
FORMS = {
    "de": ("one", "other"),
    "es": ("one", "other"),
    "fr": ("one", "other"),
    "ar": ("zero", "one", "two", "few", "many", "other"),
}
PLACEHOLDER = re.compile(r"%\(\w+\)s")

each = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(scope="module")
def found() -> Catalog:
    return messages()


def text_of(language: str) -> str:
    return (LOCALE / f"{language}.po").read_text(encoding="utf-8")


def said(language: str) -> list[Message]:
    return [message for message in read_po(io.StringIO(text_of(language)), locale=language) if message.id]


def forms(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, tuple | list) else (message.string,)


def test_german_french_spanish_and_arabic_are_there() -> None:
    assert {"ar", "de", "es", "fr"} <= set(LANGUAGES)


@each
def test_a_catalogue_has_the_messages_of_the_program_and_its_themes(language: str, found: Catalog) -> None:
    assert updated(text_of(language), language, found)[0] == text_of(language), "make words"


@each
def test_every_message_is_translated_in_every_form(language: str) -> None:
    assert [message.id for message in said(language) if message.fuzzy or not all(forms(message))] == []


@each
def test_a_translation_fills_what_its_original_fills(language: str) -> None:
    """A form that is a number's own, as Arabic's dual, may do without the number."""
    wrong = []
    for message in said(language):
        originals = message.id if isinstance(message.id, tuple) else (message.id,)
        for form in forms(message):
            lacking = set(PLACEHOLDER.findall(originals[-1])) ^ set(PLACEHOLDER.findall(form))
            if lacking - ({"%(num)s"} if message.pluralizable and language == "ar" else set()):
                wrong.append((message.id, form))
    assert wrong == []


@each
def test_no_translation_would_fail_when_it_is_filled(language: str) -> None:
    catalogue = read_po(io.StringIO(text_of(language)), locale=language)
    assert list(problems(catalogue, f"{language}.po", text_of(language))) == []


@pytest.mark.parametrize("language", FORMS)
def test_the_rule_of_plurals_is_that_of_the_language(language: str) -> None:
    names = FORMS[language]
    catalogue = "\n".join(
        [*text_of(language).split("\n\n")[0].splitlines(), "", 'msgid "one"', 'msgid_plural "many"']
        + [f'msgstr[{number}] "{name}"' for number, name in enumerate(names)]
    )
    words, rule = Words(language, [("a.po", catalogue)]), Locale.parse(language).plural_form
    assert [words.ngettext("one", "many", number) for number in range(1205)] == [rule(number) for number in range(1205)]


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0, "لا مقالات"),
        (1, "مقالة واحدة"),
        (2, "مقالتان"),
        (3, "3 مقالات"),
        (10, "10 مقالات"),
        (11, "11 مقالة"),
        (100, "100 مقالة"),
        (1204, "1,204 مقالات"),
    ],
)
def test_arabic_counts_articles_in_its_six_forms(number: int, written: str) -> None:
    words = Words("ar", [("ar.po", text_of("ar"))])
    assert words.ngettext("%(num)s article", "%(num)s articles", number) == written


def test_a_kind_with_its_own_words_keeps_them_and_one_without_is_translated() -> None:
    german = Words("de", [("de.po", text_of("de"))])
    assert german.counted("people", "Person", "Personen", 2) % {"num": 2} == "2 Personen"
    assert german.counted("people", "Mensch", "Menschen", 2) % {"num": 2} == "2 Menschen"
