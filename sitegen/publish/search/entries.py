"""What the search index holds: an entry for each article, page, record and note.

Pure. All entries are of one language, the site's: Pagefind makes an index for each language and looks only
into that of the page, and a collection is searched as a whole. A filter is a facet of the search page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec

from sitegen.model import ids
from sitegen.model.dates import Date
from sitegen.model.entity import Subject
from sitegen.model.mention import Facts

# The groups in which results are shown; notes are a kind as well.
ARTICLES, RECORDS, NOTES = "articles", "records", "notes"
_UNDATED = "0000"


class Entry(msgspec.Struct, frozen=True):
    """What can be found, in the form in which Pagefind takes it.

    url: a site path. content: its text, not HTML. sort: by key, texts that order entries.
    """

    url: str
    content: str
    language: str
    meta: dict[str, str]
    filters: dict[str, list[str]]
    sort: dict[str, str]


class Noted(msgspec.Struct, frozen=True):
    """A published note on an article: where it is shown, what it is on, and what it says, as text."""

    article: str
    url: str
    layer: str
    quote: str
    body: str


def entries(
    texts: Sequence[Facts], records: Iterable[Subject], notes: Iterable[Noted], text_of: Callable[[str], str],
    date_of: Callable[[Date], str], language: str,
) -> Iterator[Entry]:  # fmt: skip
    """An entry for each text, record and note, always in the same order.

    texts: published articles and pages. text_of: what is written in a content path, as text. date_of: a date as pages
    write it. language: the site's.
    """
    filed = sorted(records, key=lambda subject: subject.id)
    called = names_of(filed)
    kinds = {subject.id: subject.kind for subject in filed}
    ordered = sorted(texts, key=lambda facts: facts.id)
    by_article: dict[str, list[Noted]] = {}
    for note in notes:
        by_article.setdefault(note.article, []).append(note)
    # Of two articles of one day always the same comes first.
    rank = {facts.id: f"{facts.date.iso if facts.date else _UNDATED} {number:07}" for number, facts in enumerate(ordered)}

    def entry(url: str, title: str, content: str, facets: Mapping[str, Sequence[str]], date: str = "", sort: str = "") -> Entry:
        meta = {"title": title, **({"date": date} if date else {})}
        content = content if any(map(str.isalnum, content)) else title  # Pagefind leaves out what has no word
        filters = {facet: list(values) for facet, values in sorted(facets.items()) if values}
        return Entry(url, content, language, meta, filters, {"date": sort} if sort else {})

    for facts in ordered:
        date = date_of(facts.date) if facts.date else ""
        lang = [facts.lang] if facts.lang and facts.lang != language else []
        own = by_article.get(facts.id, [])
        facets: dict[str, list[str]] = {"lang": lang}
        if facts.kind == ids.ARTICLES:
            facets |= _named(facts.named, called, kinds) | {"year": [str(facts.year)] if facts.year else []}
        layers = sorted({note.layer for note in own})
        content = text_of(facts.path)
        yield entry(facts.url, facts.title, content, {**facets, "kind": [facts.kind], "group": [ARTICLES], "layer": layers},
                    date, rank[facts.id])  # fmt: skip
        for note in own:
            where = {**facets, "kind": [NOTES], "group": [NOTES], "layer": [note.layer]}
            yield entry(note.url, facts.title, f"“{note.quote}” {note.body}", where, date, rank[facts.id])
    for subject in filed:
        record = subject.record
        said = [record.role, record.summary, ", ".join(alias.text for alias in record.aliases)]
        written = text_of(subject.path) if subject.noted else ""
        content = " ".join(f"{part}." if part[-1] not in ".!?…" else part for part in said if part)
        where = {subject.kind: [called[subject.id]], "kind": [subject.kind], "group": [RECORDS]}
        yield entry(subject.url, record.name, f"{content}\n{written}".strip(), where)


def names_of(records: Iterable[Subject]) -> dict[str, str]:
    """What a facet calls each record: its name, with its role or id where others of its kind bear the same."""
    found = list(records)
    bearers = Counter((subject.kind, subject.record.name) for subject in found)
    return {
        subject.id: subject.record.name
        if bearers[subject.kind, subject.record.name] == 1
        else f"{subject.record.name} ({subject.id.partition('/')[2]})"
        for subject in found
    }


def _named(records: Iterable[str], called: Mapping[str, str], kinds: Mapping[str, str]) -> dict[str, list[str]]:
    """What a text names, by kind of record: each is a facet."""
    found: dict[str, list[str]] = {}
    for record in records:
        found.setdefault(kinds[record], []).append(called[record])
    return found
