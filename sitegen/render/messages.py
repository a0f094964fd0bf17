"""What templates say in the interface's words: messages as HTML, filled with values, counted and listed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec
from markupsafe import Markup, escape

from sitegen.render.quick import written
from sitegen.render.ways import as_it_is
from sitegen.words.interface import Words

if TYPE_CHECKING:
    from sitegen.model.dates import Date
    from sitegen.model.views import KindView

_MESSAGES_KEPT = 5000
_OTHER_VALUE = re.compile(r"%(?!%|\(\w+\)s)")  # one that is not written as a text


class Messages(msgspec.Struct, frozen=True):
    """The functions of one language. None needs the page.

    html: a message as HTML, and whether its values are texts and stand in it as they are written. counted: `ngettext` of a
    message that has no other value.
    """

    gettext: Callable[..., str]
    pgettext: Callable[..., str]
    ngettext: Callable[..., str]
    html: Callable[[str], tuple[str, bool]]
    counted: Callable[[str, str, int], str]
    of_kind: Callable[..., Markup]
    listed: Callable[[Iterable[object]], Markup]
    thousands: Callable[[int], str]
    date: Callable[[Date | None], str]


def messages(words: Words) -> Messages:
    """What templates say, in these words."""

    @lru_cache(_MESSAGES_KEPT)
    def html(message: str) -> tuple[str, bool]:
        return str(escape(message)), not _OTHER_VALUE.search(message)

    def filled(message: str, values: Mapping[str, object]) -> Markup:
        text, simple = html(message)
        if simple:
            return as_it_is(text % {name: written(value) for name, value in values.items()})
        return Markup(text) % values

    # A message that counts, and has no other value, is asked for again and again, and so are numbers.
    counted = lru_cache(_MESSAGES_KEPT, typed=True)(words.ngettext)
    thousands = lru_cache(_MESSAGES_KEPT, typed=True)(words.number)

    def gettext(message: str, **values: object) -> str:
        return filled(words.gettext(message), values) if values else words.gettext(message)

    def pgettext(about: str, message: str, **values: object) -> str:
        return filled(words.pgettext(about, message), values) if values else words.pgettext(about, message)

    def ngettext(one: str, many: str, number: int, **values: object) -> str:
        if not values:
            return counted(one, many, number)
        return filled(words.form(one, many, number), {"num": words.number(number), **values})

    def of_kind(count: int, kind: KindView, num: object = None) -> Markup:
        form = words.counted(kind.id, kind.singular, kind.label, count)
        return Markup(escape(form)) % {"num": words.number(count) if num is None else num}

    def listed(items: Iterable[object]) -> Markup:
        return Markup(words.listed([str(escape(item)) for item in items]))

    def date(value: Date | None) -> str:
        return words.date(value) if value else ""

    return Messages(gettext, pgettext, ngettext, html, counted, of_kind, listed, thousands, date)
