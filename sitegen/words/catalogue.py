"""Catalogues of gettext (.po) → translations, and what is wrong with them.

A translation that lacks one of its plural forms, or is marked fuzzy, is none: the English shows.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from gettext import GNUTranslations
from typing import TYPE_CHECKING

from sitegen.errors import Issue, SiteError, Span

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

_PLACEHOLDER = re.compile(r"%\((\w+)\)s")
_SIGN = re.compile(r"%(?!\(\w+\)s|%)")


def translations(catalogues: Sequence[tuple[str, str]], language: str) -> GNUTranslations | None:
    """The translations of these catalogues, each a path and a text, an earlier before a later; None where there are none.

    Raises: SiteError with an issue for each message that cannot be used.
    """
    first: GNUTranslations | None = None
    issues: list[Issue] = []
    for path, text in catalogues:
        catalogue = read(path, text, language)
        issues += problems(catalogue, path, text)
        try:
            found = _compiled(catalogue)
        except (ValueError, LookupError) as error:  # its header: the rule of plurals, the character set
            raise _unreadable(str(error), Span(path)) from None
        if first is None:
            first = found
        else:
            first.add_fallback(found)
    if issues:
        raise SiteError(issues[0].message, help=issues[0].help, issues=issues)
    return first


def read(path: str, text: str, language: str) -> Catalog:
    """The messages of a catalogue. Raises: SiteError where its text is none."""
    from babel.core import Locale, UnknownLocaleError
    from babel.messages.pofile import PoFileError, read_po

    try:
        locale = Locale.parse(language, sep="-")
    except (ValueError, UnknownLocaleError):
        locale = None
    try:
        return read_po(io.StringIO(text), locale=locale, abort_invalid=True, ignore_obsolete=True)
    except PoFileError as error:
        lines = text.splitlines()
        excerpt = lines[error.lineno] if 0 <= error.lineno < len(lines) else ""
        place = Span(path, error.lineno + 1, 1, len(excerpt.strip()) or 1, excerpt)
        fact = re.sub(r" on \d+\Z", "", str(error))
        raise _unreadable(fact, place) from None
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise _unreadable(f"this is no catalogue: {error}", Span(path)) from None


def problems(catalogue: Catalog, path: str, text: str) -> Iterator[Issue]:
    """Messages whose translation could not be filled: a name that the English does not give, or a lone %."""
    lines = text.splitlines()
    for message in catalogue:
        originals = message.id if isinstance(message.id, tuple) else (message.id,)
        names = {name for original in originals for name in _PLACEHOLDER.findall(str(original))}
        if not message.id or not names:
            continue
        for said in written(message):
            unknown = sorted(set(_PLACEHOLDER.findall(said)) - names)
            fact = f'"%({unknown[0]})s" is not in the original' if unknown else "a lone %" if _SIGN.search(said) else ""
            if fact:
                place = message.lineno or 0
                excerpt = lines[place - 1] if 0 < place <= len(lines) else ""
                allowed = ", ".join(f"%({name})s" for name in sorted(names))
                yield Issue("catalogue", f'the translation of "{originals[0]}" cannot be filled: {fact}',
                            Span(path, place, 1, len(excerpt) or 1, excerpt),
                            f"it may use {allowed}, and %% for a per cent sign")  # fmt: skip


def written(message: Message) -> tuple[str, ...]:
    """The forms of a message's translation that somebody has written."""
    forms = message.string if isinstance(message.string, list | tuple) else (message.string,)
    return tuple(str(form) for form in forms if form)


def _compiled(catalogue: Catalog) -> GNUTranslations:
    from babel.messages.mofile import write_mo

    for message in list(catalogue):
        if message.pluralizable and len(written(message)) < catalogue.num_plurals:
            catalogue.delete(message.id, message.context)
    data = io.BytesIO()
    write_mo(data, catalogue)
    data.seek(0)
    return GNUTranslations(data)


def _unreadable(fact: str, place: Span) -> SiteError:
    help = "`msgfmt --check` tells more"
    return SiteError(fact, help=help, issues=[Issue("catalogue", fact, place, help)])
