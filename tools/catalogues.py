"""Bring the catalogues of sitegen/locale/ up to date with the program and its themes.

    .venv/bin/python tools/catalogues.py           every catalogue there is
    .venv/bin/python tools/catalogues.py it        begin one for Italian

New messages come without a translation, and those that are no longer there go. Messages stand in the order of the alphabet,
without line numbers and dates, so that a catalogue changes only where its words do.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
LOCALE = ROOT / "sitegen" / "locale"
THEMES = ("default", "plain")
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "N_": None,
    "NN_": (1, 2),
}
# Babel's rule for Arabic has the last two forms in an order of its own.
_PLURALS = {
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5)",
}
_HEAD = r"""# The words of the interface. See docs/languages.md; `make words` brings this file up to date.
msgid ""
msgstr ""
"Language: {language}\n"
"Plural-Forms: {rule};\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Content-Transfer-Encoding: 8bit\n"
"""


def main(languages: Iterable[str]) -> int:
    found = messages()
    for language in languages or sorted(file.stem for file in LOCALE.glob("*.po")):
        file = LOCALE / f"{language}.po"
        text, lacking = updated(file.read_text(encoding="utf-8") if file.exists() else "", language, found)
        file.write_text(text, encoding="utf-8")
        print(f"{file.relative_to(ROOT)}: {len(found)} messages, {lacking} without a translation")
    return 0


def messages() -> Catalog:
    """All messages of the program and its themes."""
    catalogue = Catalog()
    templates = (file for theme in THEMES for file in (ROOT / "themes" / theme).rglob("*.html"))
    for file in sorted([*(ROOT / "sitegen").rglob("*.py"), *templates]):
        how = "python" if file.suffix == ".py" else "jinja2.ext:babel_extract"
        for _, message, comments, context in extract_from_file(how, str(file), KEYWORDS, ["Words:"], {"silent": "false"}):
            flags = ["python-format"] if re.search(r"%\(\w+\)s", str(message)) else []
            catalogue.add(message, "", [(file.relative_to(ROOT).as_posix(), 0)], flags, auto_comments=comments, context=context)
    return catalogue


def updated(text: str, language: str, found: Catalog) -> tuple[str, int]:
    """A catalogue's text with the messages found now, and how many of them lack a translation."""
    kept = read_po(io.StringIO(text), locale=language)
    fresh = Catalog(locale=language, fuzzy=False)
    lacking = 0
    for message in sorted(found, key=lambda message: (str(message.id).lower(), str(message.id), message.context or "")):
        if not message.id:
            continue
        before = kept.get(message.id, message.context)
        string = before.string if before and before.id == message.id else ""
        flags = message.flags | ({"fuzzy"} if before and before.fuzzy else set())
        comments = before.user_comments if before else ()
        places = sorted(set(message.locations))
        fresh.add(message.id, string, places, flags, message.auto_comments, comments, context=message.context)
        lacking += not all(string) if isinstance(string, tuple | list) else not string
    data = io.BytesIO()
    write_po(data, fresh, width=120, include_lineno=False)
    body = data.getvalue().decode().partition("\n\n")[2]
    rule = _PLURALS.get(language) or str(get_plural(language)).rstrip(";")
    return f"{_HEAD.format(language=language, rule=rule)}\n{body.rstrip()}\n", lacking


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
