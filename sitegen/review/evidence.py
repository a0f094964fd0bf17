"""Where suggested names stand: the articles that hold them, and a few sentences around them. Pure but for reading."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

import msgspec

from sitegen.annotate.names import Spellings, spellings
from sitegen.model.frontmatter import split
from sitegen.model.ids import ARTICLES, kind_of
from sitegen.model.text import canonical, fold_lines, in_word, sentences
from sitegen.review.edit import plain
from sitegen.review.shelf import Shelf

_MOST = 3  # sentences
_MANY = 500  # passages


class Evidence(msgspec.Struct, frozen=True):
    """The ids of the articles that hold a name, and the first sentences that do, as their Markdown has them."""

    articles: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()


def evidence(shelf: Shelf, names: Mapping[str, Collection[str]]) -> dict[str, Evidence]:
    """The evidence for each record, by id. names: of each record."""
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for doc_id, known in names.items():
        for name in known:
            for spelling in spellings(canonical(name)):
                if spelling:
                    owners[spelling].add(doc_id)
    wanted = Spellings({spelling: tuple(sorted(ids)) for spelling, ids in owners.items()})
    articles: defaultdict[str, list[str]] = defaultdict(list)
    shown: defaultdict[str, list[str]] = defaultdict(list)
    for path in shelf.texts() if names else ():
        if kind_of(path) != ARTICLES:
            continue
        text = split(plain((shelf.data(path) or b"").decode("utf-8", "replace")))[1]
        found: dict[str, list[int]] = defaultdict(list)
        for index, start, end in wanted.hits(fold_lines(text)):
            if not (in_word(text[start - 1 : start] or " ") or in_word(text[end : end + 1] or " ")):
                for doc_id in wanted.owners[index]:
                    found[doc_id].append(start)
        for doc_id, places in found.items():
            articles[doc_id].append(path.removesuffix(".md"))
            if len(shown[doc_id]) < _MOST:
                shown[doc_id] += [said for said in _around(text, places) if said not in shown[doc_id]]
    return {doc_id: Evidence(tuple(articles[doc_id]), tuple(shown[doc_id][:_MOST])) for doc_id in names}


def _around(text: str, places: Collection[int]) -> list[str]:
    """The sentences that hold these places, each once."""
    found: dict[str, None] = {}
    for at in sorted(places)[:_MOST]:
        start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
        for first, last in sentences(text, start, len(text) if end < 0 else end):
            if first <= at < last:
                found[" ".join(text[first:last].split())[:400]] = None
    return list(found)


class Passage(msgspec.Struct, frozen=True):
    """A name in its sentence, as the Markdown of an article has it. line: of the file; name: as it is spelled there."""

    article: str
    line: int
    before: str
    name: str
    after: str


def passages(shelf: Shelf, articles: Iterable[str], names: Collection[str]) -> list[Passage]:
    """Every passage of these articles that has one of the names, in order; at most 500."""
    wanted = Spellings({spelling: ("",) for name in names for spelling in spellings(canonical(name)) if spelling})
    found: list[Passage] = []
    for article in articles:
        whole = plain((shelf.data(f"{article}.md") or b"").decode("utf-8", "replace"))
        text = split(whole)[1]
        above = whole.count("\n", 0, len(whole) - len(text)) + 1
        behind = 0
        for _, start, end in sorted(wanted.hits(fold_lines(text)), key=lambda hit: (hit[1], -hit[2])):
            if start < behind or in_word(text[start - 1 : start] or " ") or in_word(text[end : end + 1] or " "):
                continue
            behind = end
            first, last = _sentence(text, start)
            line = above + text.count("\n", 0, start)
            found.append(Passage(article, line, text[first:start][-300:], text[start:end], text[end:last][:300]))
            if len(found) >= _MANY:
                return found
    return found


def _sentence(text: str, at: int) -> tuple[int, int]:
    """The sentence around a place."""
    start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
    end = len(text) if end < 0 else end
    return next(((first, last) for first, last in sentences(text, start, end) if first <= at < last), (start, end))
