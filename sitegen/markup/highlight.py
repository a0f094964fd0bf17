"""Code → HTML with its signs marked, as CodeHilite gives it. Pygments is imported where there is code."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pygments.formatter import Formatter
    from pygments.lexer import Lexer

# What CodeHilite hands to Pygments.
_OPTIONS: dict[str, Any] = {"style": "default", "noclasses": False, "linenos": None, "cssclass": "codehilite",
                            "wrapcode": True, "full": False}  # fmt: skip


def highlighted(language: str, code: str) -> str:
    """Fenced code as CodeHilite gives it; a new lexer each time, as a few keep something of the text before."""
    from pygments import highlight

    lexer, formatter = _highlighting(language)
    return str(highlight(code.strip("\n"), lexer(**_OPTIONS), formatter))


@functools.lru_cache(maxsize=64)
def _highlighting(language: str) -> tuple[type[Lexer], Formatter[str]]:
    """The lexer and the formatter that CodeHilite makes anew for each block. An unknown language is plain text."""
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language, **_OPTIONS)
    except ClassNotFound:
        lexer = get_lexer_by_name("text", **_OPTIONS)
    return type(lexer), HtmlFormatter(**_OPTIONS)
