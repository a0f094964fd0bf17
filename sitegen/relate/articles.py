"""Articles as pages: an article's view, and what mentions in it lead to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence, Set

import msgspec

from sitegen.model import views
from sitegen.model.authorities import page_of
from sitegen.model.document import Article, Page, Reference
from sitegen.model.mention import Facts, Shown, Target
from sitegen.relate.cells import Reads
from sitegen.relate.index import Index, means
from sitegen.relate.maps import among
from sitegen.relate.planned import PlannedPage, Setting
from sitegen.relate.urls import card_url, markdown_url, source_url, tag_url
from sitegen.words.interface import Words, direction

_LINKERS = 200  # articles that an article is said to be linked from, the newest

# The rank of a record's kind, and what each article that names it says of it: fields of views.Named.
_Said = tuple[int, str, str, str, str, str, str, int, bool, tuple[str, ...]]

_encode = msgspec.msgpack.Encoder().encode


def complete(view: views.PageView, reading: Shown) -> views.PageView:
    """The view with what only the text itself says: its front matter and headings."""
    meta = reading.meta
    headings = tuple(heading for heading in reading.headings if 2 <= heading.level <= 3)
    if isinstance(view, views.ArticleView) and isinstance(meta, Article):
        source = view.source
        if meta.source:
            kept = meta.source
            source = views.SourceView(
                source.text_url if source else "", kept.url, kept.publisher, kept.licence, kept.retrieved, kept.sha256,
                kept.converted, kept.converter,
            )  # fmt: skip
        return msgspec.structs.replace(
            view, updated=meta.updated, byline=meta.byline, dateline=meta.dateline, standfirst=meta.summary,
            words=reading.words, headings=headings, source=source, extra=meta.extra,
            corrections=tuple(views.CorrectionView(correction.date, correction.text) for correction in meta.corrections),
        )  # fmt: skip
    if isinstance(view, views.TextPageView) and isinstance(meta, Page):
        return msgspec.structs.replace(view, headings=headings, extra=meta.extra)
    return view


def is_copied(facts: Facts, withheld: Set[str]) -> bool:
    """Whether an article's Markdown and source are published beside it: they are not, where they say what its page does not.

    withheld: `names_of` the articles that readers must not see.
    """
    if facts.redacted or not withheld:
        return not facts.redacted
    told = any(means(title, withheld) for title in facts.related)
    return not (told or any(_leads_to(reference, withheld) for reference in facts.references))


def _leads_to(reference: Reference, withheld: Set[str]) -> bool:
    """Whether a link is to one of these articles: by its id, or, as wiki links may be, by its stem."""
    return reference.target in withheld or (reference.wiki and any(name.endswith(f"/{reference.target}") for name in withheld))


def targets_of(index: Index, records: Sequence[str], words: Words) -> list[Target]:
    """What mentions of these records lead to and what their glosses say."""
    known = index.meant.setdefault(words, {})
    for doc_id in records:
        if doc_id not in known:
            known[doc_id] = _target(index, doc_id, words)
    return [known[doc_id] for doc_id in records]


def _target(index: Index, doc_id: str, words: Words) -> Target:
    subject = index.authority.records[doc_id]
    record, count = subject.record, index.count(doc_id)
    said = record.role or record.summary
    said += "." if said and said[-1] not in ".!?…" else ""
    counted = words.ngettext("%(num)s article", "%(num)s articles", count).replace(" ", "\N{NO-BREAK SPACE}") + "."
    if record.lang and direction(record.lang) != words.direction:
        counted = f"\N{FIRST STRONG ISOLATE}{counted}\N{POP DIRECTIONAL ISOLATE}"
    return Target(doc_id, subject.url, record.name, f"{said} {counted}".strip(), record.status == "reviewed")


class ArticlePlanner:
    """Plans the pages of articles. sources: the content paths of the source texts there are."""

    def __init__(self, index: Index, sources: Collection[str], setting: Setting) -> None:
        self.index, self.sources, self.setting = index, sources, setting
        self._called = _encode([(kind.id, kind.singular) for kind in setting.kinds.values()])
        self._tags: dict[str, views.Link] = {}
        self._records: dict[str, views.Link] = {}
        self._said: dict[str, _Said] = {}

    def article(self, position: int) -> PlannedPage:
        facts = self.index.articles[position]
        beside = self.index.articles
        previous = beside[position - 1] if position else None
        following = beside[position + 1] if position + 1 < len(beside) else None
        linkers = [other for other in self.index.backlinks.get(facts.id, ()) if other.id != facts.id]
        unsaid, linkers = max(0, len(linkers) - _LINKERS), linkers[-_LINKERS:]
        advised = [(t, self.index.resolve_title(t)) for t in facts.related if not self.index.is_withheld(t)]
        cards = [previous.id if previous else "", following.id if following else ""]
        cards += [other.id for other in linkers] + [other.id if other else "" for _, other in advised]
        copied = is_copied(facts, self.index.withheld)
        text = source_url(facts.url) if facts.source in self.sources and copied else ""

        def view() -> views.ArticleView:
            return views.ArticleView(
                **self.setting.common(facts.url, facts.title, facts.summary, facts.lang),
                date=facts.date,
                updated=None,
                byline="",
                dateline="",
                standfirst="",
                words=0,
                minutes=facts.minutes,
                tags=tuple([self._tag(tag) for tag in facts.tags]),
                source=views.SourceView(text, "", "", "", "") if text else None,
                markdown_url=markdown_url(facts.url) if copied else "",
                headings=(),
                named=self._named(facts),
                previous=_link(previous) if previous else None,
                next=_link(following) if following else None,
                related=tuple(self._related(facts, advised)),
                linked_from=tuple(map(_link, linkers)),
                linked_more=unsaid,
                extra={},
                card=card_url(facts.url) if self.setting.cards else "",
            )

        reads: Reads = (("own", (facts.id,)), ("links", (facts.id,)), ("around", facts.named), ("card", cards))
        said = self._called + text.encode() + b"preview" * self.setting.preview + b"card" * self.setting.cards
        said += _encode(len(advised)) if len(advised) < len(facts.related) else b""
        said += _encode([unsaid]) if unsaid else b""
        return PlannedPage(
            facts.url, views.ArticleView.template, reads, said, view, "an article", facts.path, facts.id,
            mapped=lambda: among(self.index, {record: self.index.count(record) for record in facts.named}),
        )  # fmt: skip

    def _named(self, facts: Facts) -> tuple[views.Named, ...]:
        found: list[list[views.Named]] = [[] for _ in self.setting.order]
        for doc_id, here, block in zip(facts.named, facts.here, facts.blocks, strict=True):
            rank, name, url, kind, singular, role, summary, total, reviewed, same_as = self._said.get(doc_id) or self._of(doc_id)
            named = views.Named(name, url, kind, singular, role, summary, here, total, block, reviewed, same_as)
            found[rank].append(named)
        return tuple([named for group in found for named in group])

    def _related(self, facts: Facts, advised: Iterable[tuple[str, Facts | None]]) -> Iterator[views.Related]:
        """First what the source itself recommends, then what names the same records."""
        told = {facts.id}
        for title, other in advised:
            if other is None:
                yield views.Related(title, "", None)
            elif other.id not in told:
                told.add(other.id)
                yield views.Related(other.title, other.url, other.date)
        for other, shared in self.index.related(facts):
            if other.id not in told:
                yield views.Related(other.title, other.url, other.date, tuple([self._record(one) for one in shared[:4]]))

    # What is the same on many pages is put together once.

    def _of(self, doc_id: str) -> _Said:
        subject = self.index.authority.records[doc_id]
        record, kind = subject.record, self.setting.kinds[subject.kind]
        found = self._said[doc_id] = (
            self.setting.order[subject.kind], record.name, subject.url, subject.kind, kind.singular, record.role, record.summary,
            self.index.count(doc_id), record.status == "reviewed", tuple(_addresses(record.ids)),
        )  # fmt: skip
        return found

    def _tag(self, tag: str) -> views.Link:
        found = self._tags.get(tag)
        if found is None:
            found = self._tags[tag] = views.Link(tag, tag_url(tag))
        return found

    def _record(self, doc_id: str) -> views.Link:
        found = self._records.get(doc_id)
        if found is None:
            record = self.index.authority.records[doc_id]
            found = self._records[doc_id] = views.Link(record.title, record.url)
        return found


def _link(facts: Facts) -> views.Link:
    return views.Link(facts.title, facts.url)


def _addresses(identifiers: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Where authority files have a record."""
    for key, value in identifiers:
        if url := page_of(key, value):
            yield url
