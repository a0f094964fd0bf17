"""Where suggested names stand: the articles that hold them, and a few sentences around them. Pure but for reading."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sitegen.annotate.names import Spellings, spellings
from sitegen.model.frontmatter import split
from sitegen.model.ids import ARTICLES, kind_of
from sitegen.model.text import canonical, fold_lines, in_word, sentences
from sitegen.review.edit import plain
from sitegen.review.shelf import Shelf

_MOST = 3  # sentences


@dataclass(frozen=True, slots=True)
class Evidence:
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
