"""What the interface says, and how it writes dates, numbers and lists, in one language.

English needs no catalogue and no Babel: the messages are English, and days are written as in "16 August 1858".
Numbers are in the digits 0 to 9 in every language, as dates are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from sitegen.model.dates import Date
from sitegen.words.kinds import COUNTED, KNOWN

if TYPE_CHECKING:
    from gettext import GNUTranslations

    from babel import Locale

_OURS = ("en", "en-gb", "")  # languages whose dates and numbers are written here
_RTL = frozenset(("ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "syr", "ug", "ur", "yi"))
_CAPITAL_NOUNS = ("de", "lb")
_KEPT = 50_000


def direction(language: str) -> str:
    """How a language is written: "ltr" or "rtl"."""
    return "rtl" if language.partition("-")[0].lower() in _RTL else "ltr"


class Words:
    """The words of the interface. `catalogues` are paths and texts of .po files; an earlier goes before a later.

    A value: equal input gives equal words. What it has written it remembers.
    Raises: SiteError from any method where a catalogue cannot be used (see `catalogue.translations`).
    """

    def __init__(self, language: str = "en", catalogues: Sequence[tuple[str, str]] = ()) -> None:
        self.language = language
        self._catalogues = tuple(catalogues)
        self._own = language.lower() in _OURS
        self._dates: dict[str, str] = {}
        self._counts: dict[tuple[str, str, int], str] = {}

    def __reduce__(self) -> tuple[type[Words], tuple[str, tuple[tuple[str, str], ...]]]:
        return Words, (self.language, self._catalogues)

    @property
    def direction(self) -> str:
        return direction(self.language)

    @cached_property
    def digest(self) -> bytes:
        """Of all that the words depend on besides the program."""
        state = hashlib.blake2b(self.language.encode(), digest_size=16)
        if self._catalogues or not self._own:
            from importlib.metadata import version

            state.update(b"\0" + version("babel").encode())
        for _, text in self._catalogues:
            state.update(b"\0" + text.encode())
        return state.digest()

    def check(self) -> None:
        """Raises: SiteError with an issue for each message of a catalogue that cannot be used."""
        _ = self._said

    # Messages, under the names that gettext gives these.

    def gettext(self, message: str, **values: object) -> str:
        """A message in the interface's language; its %(name)s filled where values are given."""
        said = self._said.gettext(message) if self._said else message
        return said % values if values else said

    def pgettext(self, context: str, message: str, **values: object) -> str:
        """A message that needs its context to be understood."""
        said = self._said.pgettext(context, message) if self._said else message
        return said % values if values else said

    def ngettext(self, one: str, many: str, number: int, **values: object) -> str:
        """A message in the form that goes with a number; %(num)s is that number."""
        if values:
            return self.form(one, many, number) % {"num": self.number(number), **values}
        key = one, many, number
        said = self._counts.get(key)
        if said is None:
            if len(self._counts) > _KEPT:
                self._counts.clear()
            said = self._counts[key] = self.form(one, many, number) % {"num": self.number(number)}
        return said

    def form(self, one: str, many: str, number: int) -> str:
        """The form of a message that goes with a number, yet to be filled."""
        if self._said:
            return self._said.ngettext(one, many, number)
        return one if number == 1 else many

    def counted(self, kind: str, singular: str, label: str, number: int) -> str:
        """So many records of a kind, yet to be filled: "%(num)s people". singular, label: as `kind` has them."""
        if kind in COUNTED and label == self.gettext(KNOWN[kind][0]):
            return self.form(*COUNTED[kind], number)
        noun = singular if number == 1 else label if self.language.partition("-")[0] in _CAPITAL_NOUNS else label.lower()
        return f"%(num)s {noun.replace('%', '%%')}"

    # Dates, numbers, lists.

    def date(self, date: Date) -> str:
        """A date in the precision it has: "16 August 1858", "August 1858", "1858"."""
        said = self._dates.get(date.iso)
        if said is None:
            if len(self._dates) > _KEPT:
                self._dates.clear()
            said = self._dates[date.iso] = self._dated(date)
        return said

    def number(self, number: int) -> str:
        """A number with its thousands set apart: 1,204."""
        if self._locale is None:
            return f"{number:,}"
        if -1000 < number < 1000:
            return str(number)
        from babel.numbers import format_decimal

        return format_decimal(number, locale=self._locale)

    def decimal(self, number: float, places: int) -> str:
        """A number with so many decimals: 51.507."""
        if self._locale is None:
            return f"{number:,.{places}f}"
        from babel.numbers import format_decimal

        return format_decimal(number, "#,##0." + "0" * places, locale=self._locale)

    def listed(self, items: Sequence[str]) -> str:
        """A list as a sentence has it: "a, b and c"."""
        if self._locale is None or len(items) < 2:
            return " and ".join(filter(None, (", ".join(items[:-1]), *items[-1:])))
        from babel.lists import format_list

        return format_list(items, locale=self._locale)

    def _dated(self, date: Date) -> str:
        if self._locale is None:
            return date.text
        import datetime as dt

        from babel.dates import format_date, format_skeleton

        day = dt.date(date.year, date.month or 1, date.day or 1)
        if date.day:
            return format_date(day, "long", locale=self._locale)
        return format_skeleton("yMMMM" if date.month else "y", day, locale=self._locale)

    @cached_property
    def _said(self) -> GNUTranslations | None:
        if not self._catalogues:
            return None
        from sitegen.words.catalogue import translations

        return translations(self._catalogues, self.language)

    @cached_property
    def _locale(self) -> Locale | None:
        """What Babel knows of the language; None where we write it ourselves, as one that Babel does not know."""
        if self._own:
            return None
        from babel.core import Locale, UnknownLocaleError

        for name in (self.language, self.language.partition("-")[0]):
            try:
                return Locale.parse(name, sep="-")
            except (ValueError, UnknownLocaleError):
                continue
        return None


def names_of(language: str) -> tuple[str, ...]:
    """The names of the catalogues for a language, the nearest first: "de-at", "de"."""
    parts = language.lower().replace("_", "-").split("-")
    return tuple("-".join(parts[:length]) for length in range(len(parts), 0, -1))
