"""Quotations: where a text has them, and how a passage is quoted so that it can be found again.

Texts are compared folded (`model.text.fold`): a curly quotation mark is a straight one, a line break a space. Folding
keeps every offset.
"""

from __future__ import annotations

from sitegen.model.notes import Quote
from sitegen.model.text import fold

_REACH = 32  # characters of context, as other annotation tools have it
_FURTHEST = 4096
_MOST = 1000  # places that are worth looking at one by one


def occurrences(folded: str, words: str, start: int = 0, end: int | None = None, most: int = _MOST) -> list[int]:
    """Where folded[start:end] has these words, in folded form: at most `most` places, overlapping ones included."""
    found: list[int] = []
    end = len(folded) if end is None else end
    at = folded.find(words, start, end) if words else -1
    while at >= 0 and len(found) < most:
        found.append(at)
        at = folded.find(words, at + 1, end)
    return found


def places(folded: str, quote: Quote) -> tuple[list[int], list[int]]:
    """Where a folded text has a quotation: with all of its context, and in any context (among the first 1,000)."""
    exact, prefix, suffix = fold(quote.exact), fold(quote.prefix), fold(quote.suffix)
    found = [at + len(prefix) for at in occurrences(folded, prefix + exact + suffix)]
    found = [at for at in found if whole_words(folded, at, at + len(exact), quote)]
    anywhere = [at for at in occurrences(folded, exact) if whole_words(folded, at, at + len(exact), quote)]
    if not found:
        found = [at for at in anywhere if precedes(folded, at, prefix) and follows(folded, at + len(exact), suffix)]
    return found, anywhere


def whole_words(folded: str, start: int, end: int, quote: Quote) -> bool:
    """Whether a place begins and ends where words do, or the quotation itself cuts a word there: "art" is not in "start"."""
    cut = folded[max(0, start - 1) : start + 1].isalnum() and start > 0 and not quote.prefix[-1:].isalnum()
    return not cut and not (folded[end - 1 : end + 1].isalnum() and end < len(folded) and not quote.suffix[:1].isalnum())


def precedes(folded: str, at: int, prefix: str) -> bool:
    """Whether a text has this context before `at`; white space at either end of it does not count."""
    wanted = prefix.strip()
    return folded[max(0, at - len(prefix) - 2) : at].rstrip().endswith(wanted) if wanted else True


def follows(folded: str, at: int, suffix: str) -> bool:
    """Whether a text has this context from `at` on; white space at either end of it does not count."""
    wanted = suffix.strip()
    return folded[at : at + len(suffix) + 2].lstrip().startswith(wanted) if wanted else True


def quote_of(text: str, start: int, end: int, folded: str = "") -> Quote:
    """Quote text[start:end] with so much context, in whole words, that no other place of the text fits.

    Context stays within the paragraph as long as that tells the place. Where 4,096 characters on both sides do
    not tell it, the quotation fits more than one place. `folded`: the text folded, where it is at hand.
    """
    folded, reach = folded or fold(text), _REACH
    first, last = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    bounds = (first, last if last >= 0 else len(text))
    while True:
        quote = Quote(text[start:end], _before(text, start, reach, bounds[0]), _after(text, end, reach, bounds[1]))
        if reach > _FURTHEST or len(places(folded, quote)[0]) == 1:
            return quote
        if reach > _REACH:
            bounds = (0, len(text))
        reach *= 2


def _before(text: str, start: int, reach: int, first: int) -> str:
    cut = max(first, start - reach)
    if cut > first and not text[cut - 1].isspace():
        space = next((i for i in range(cut, start) if text[i].isspace()), -1)
        cut = space + 1 if space >= 0 else cut
    return text[cut:start]


def _after(text: str, end: int, reach: int, last: int) -> str:
    cut = min(last, end + reach)
    if cut < last and not text[cut].isspace():
        space = next((i for i in range(cut - 1, end - 1, -1) if text[i].isspace()), -1)
        cut = space if space >= 0 else cut
    return text[end:cut]
