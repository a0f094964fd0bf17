"""Index → the pages of the site, as views. Nothing is rendered here."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property, partial
from itertools import chain
from typing import Any

import msgspec

from sitegen.model import ids, views
from sitegen.model.authorities import AUTHORITIES, page_of
from sitegen.model.dates import Date
from sitegen.model.document import Article, Page, Reference
from sitegen.model.entity import PLACES, Kind, Subject
from sitegen.model.mention import Facts, Shown, Target
from sitegen.relate import company
from sitegen.relate.cells import ALL, Reads
from sitegen.relate.chronology import TIMELINE, Chronology, TimePlanner, year_url
from sitegen.relate.filing import filing, letter_of
from sitegen.relate.index import Index, means
from sitegen.relate.maps import MapRequest, among, locator, world
from sitegen.relate.near import nearest, tiles_around
from sitegen.relate.parts import Part, parts_of
from sitegen.relate.planned import NETWORK_USUAL, PlannedPage, SearchPage, Setting, card
from sitegen.relate.quoted import Quoted
from sitegen.words.interface import Words, direction

HOME, ARTICLES, TAGS, NETWORK, SEARCH, DATA = "/", "/articles/", "/tags/", "/network/", "/search/", "/data/"
NOT_FOUND = "/404.html"
FOUND = "/pagefind/"  # the folder of the search index
FRONT = "pages/index"  # the page whose body the front page shows
# Beyond this many articles the list shows the newest year, no more than so many of it, and leads to the others.
_ONE_LIST = 200
# Beyond so many records an index has a page for each letter, of a full letter several, and itself shows the most named.
_ONE_INDEX, _MOST_NAMED = 400, 200
_ONE_TAGS = 1500  # tags on a page
_NEIGHBOURS = 24
_LINKERS = 200  # articles that an article is said to be linked from, the newest

# Fields that cost something and that not every theme shows: they are filled where a template looks at them.
ON_REQUEST = (("record.html", "near"), ("record.html", "circle"), ("record.html", "meetings"), ("record.html", "bars"))

_encode = msgspec.msgpack.Encoder().encode


# What pages are about: a sort of topic, and which. A topic has one page, or several where it is long.
Topic = tuple[str, str]


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


def overviews(index: Index, has: Collection[str], words: Words) -> list[views.Link]:
    """The pages that show the collection as a whole, where the theme has them and there is something to show."""
    found = []
    if views.TimelineView.template in has and any(facts.date or facts.days for facts in index.articles):
        found.append(views.Link(words.gettext("Timeline"), TIMELINE))
    telling = (facts for facts in index.articles if len(facts.named) > 1)  # one alone says no more than the article does
    if views.NetworkView.template in has and next(telling, None) and next(telling, None):
        found.append(views.Link(words.gettext("Network"), NETWORK))
    return found


def part_urls(index: Index, filed: Mapping[str, Sequence[Subject]], has: Collection[str]) -> set[str]:
    """The site paths of the pages of years and months, and of those into which long records, tags and indexes are parted.

    filed: see `Filed`. has: see `Setting`.
    """
    found = {*Chronology(index, has).urls()}
    for kind, records in filed.items():
        for subject in records:
            found.update([subject.url + tail for tail in tails_of(index, subject.id)])
        if len(records) > _ONE_INDEX:
            found.update(_letter_url(kind, letter, number) for letter, number, _ in _shelved(records))
    tags = tags_of(index)
    found.update(_tags_url(number) for number in range(2, -(-len(tags) // _ONE_TAGS) + 1))
    for entry, articles in tags:
        found.update([entry.url + part.tail for part in parts_of(articles)])
    return found


def tails_of(index: Index, record: str) -> list[str]:
    """What the addresses of a record's pages have more than its own, where it has several."""
    return [part.tail for part in parts_of(index.named.get(record, ()), index.here(record))]


def tags_of(index: Index) -> list[tuple[views.TagEntry, Sequence[Facts]]]:
    """Tags with their articles. Tags that share an address are one tag, under the spelling used most."""
    by_url: dict[str, dict[str, Sequence[Facts]]] = {}
    for tag, facts in index.tags.items():
        by_url.setdefault(tag_url(tag), {})[tag] = facts
    found = []
    for url, spellings in by_url.items():
        title = max(sorted(spellings), key=lambda tag: len(spellings[tag]))
        ordered = spellings[title]
        if len(spellings) > 1:
            together = {f.id for facts in spellings.values() for f in facts}
            ordered = [f for f in index.articles if f.id in together]
        found.append((views.TagEntry(title, url, len(ordered)), ordered))
    return sorted(found, key=lambda item: item[0].title.casefold())


def site_view(
    *, title: str, description: str, base: str, language: str, author: str, licence: str, kinds: Iterable[Kind],
    menu: Sequence[views.Link], footer: Sequence[views.Link], options: dict[str, object], generator: str, words: Words,
    overviews: Sequence[views.Link], data: str = "", fonts: str = "", card: str = "",
) -> views.SiteView:  # fmt: skip
    """The site as templates see it: configuration only."""
    return views.SiteView(
        title, description, base, language, author, licence, tuple(kind_view(kind, words) for kind in kinds),
        tuple(menu), tuple(footer), options, generator, tuple(overviews), data, fonts, card,
    )  # fmt: skip


def kind_view(kind: Kind, words: Words) -> views.KindView:
    """The kind in the words of the interface; what these do not have stays as the configuration says it."""
    label, singular, begin, end = map(words.gettext, (kind.label, kind.singular, kind.begin, kind.end))
    return views.KindView(kind.id, label, singular, f"/{kind.id}/", begin, end)


def tag_url(tag: str) -> str:
    return f"{TAGS}{ids.tag_slug(tag)}/"


def data_page(setting: Setting, counts: tuple[views.DataCount, ...], groups: tuple[views.DataGroup, ...]) -> PlannedPage:
    """The page of the exports."""
    site, gettext = setting.site, setting.words.gettext
    title = gettext("Open data")
    description = gettext("%(site)s as data: every article, record and mention, in open formats.", site=site.title)

    def view() -> views.DataView:
        return views.DataView(
            url=DATA, canonical=setting.linker.absolute(DATA), title=title, description=description, lang=site.language,
            dir=direction(site.language), counts=counts, groups=groups,
        )  # fmt: skip

    return PlannedPage(
        DATA, views.DataView.template, (), _encode((counts, groups, title, description)), view, "the page of the exports"
    )


def source_url(url: str) -> str:
    """Where the source text of the article at `url` is published as it came."""
    return url + "source.txt"


def card_url(url: str) -> str:
    """The card of the article at `url`."""
    return url + "card.png"


def markdown_url(url: str) -> str:
    return url + "index.md"


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


class Planner:
    """Plans pages from one index. Holds nothing but its inputs and what is derived from them once.

    filed: see `Filed`. texts: those of content/pages. notes: record → its note. sources: the content paths of the
    source texts there are. quoted: what articles say of records and dates.
    """

    def __init__(
        self, index: Index, filed: Mapping[str, Sequence[Subject]], texts: Sequence[Facts], notes: Mapping[str, Facts],
        sources: Collection[str], quoted: Quoted, setting: Setting,
    ) -> None:  # fmt: skip
        self.index, self.notes, self.sources, self.quoted, self.setting = index, notes, sources, quoted, setting
        self.site, self.words = setting.site, setting.words
        self.by_kind = filed
        self.front = next((facts for facts in texts if facts.id == FRONT), None)
        self.texts = {facts.id: facts for facts in texts if facts.id != FRONT}
        self.dated = [year for year in index.years if year]
        self._cards: dict[str, views.Card] = {}
        self._last: tuple[Topic, dict[str, PlannedPage]] = ("", ""), {}
        self._called = _encode([(kind.id, kind.singular) for kind in setting.kinds.values()])

    def topics(self) -> Iterator[Topic]:
        """What the site has pages about."""
        yield from (("home", ""), ("articles", ""), ("404", ""))
        if self.setting.search:
            yield ("search", "")
        yield from (("overview", overview.url) for overview in self.site.overviews)
        yield from (("year", str(year)) for year in self.time.years)
        yield from (("article", facts.id) for facts in self.index.articles)
        yield from (("page", doc_id) for doc_id in self.texts)
        for kind_id, records in self.by_kind.items():
            yield ("kind", kind_id)
            yield from (("record", subject.id) for subject in records)
        yield from (("redirect", old) for old in sorted(self.index.authority.merged))
        if self.index.tags:
            yield ("tags", "")
            yield from (("tag", entry.url) for entry, _ in self.tags)

    def pages(self, topic: Topic) -> Iterable[PlannedPage]:
        """The pages about a topic."""
        sort, name = topic
        match sort:
            case "article":
                return (self.article(self.index.places[name]),)
            case "record":
                return self.record(self.index.authority.records[name])
            case "kind":
                return self.kind(name, self.by_kind[name])
            case "page":
                return (self.page(self.texts[name]),)
            case "year":
                return self.times.year(int(name))
            case "tag":
                return self.tag(*self._tags_by_url[name])
            case "tags":
                return tuple(self.tag_index(self.tags))
            case "redirect":
                return (self.redirect(name, self.index.authority.merged[name]),)
            case "home":
                return (self.home(self.front),)
            case "articles":
                return (self.articles(),)
            case "overview":
                return (self.times.timeline() if name == TIMELINE else self.network(),)
            case "search" if self.setting.search:
                return (self.search(self.setting.search),)
        return (self.not_found(),)

    def planned(self, topic: Topic, url: str) -> PlannedPage:
        """The page about a topic that has this address; those of the topic asked for last are at hand."""
        if self._last[0] != topic:
            self._last = topic, {page.url: page for page in self.pages(topic)}
        return self._last[1][url]

    @cached_property
    def time(self) -> Chronology:
        return Chronology(self.index, self.setting.has)

    @cached_property
    def times(self) -> TimePlanner:
        return TimePlanner(self.time, self.quoted, self.setting)

    @cached_property
    def world(self) -> MapRequest | None:
        """The map of all places, made when a theme asks for it."""
        return world(self.index)

    # Pages of the collection as a whole.

    def home(self, front: Facts | None) -> PlannedPage:
        newest = list(reversed(self.index.articles[-5:]))
        reads: Reads = (("card", [f.id for f in newest]), ("kinds", list(self.by_kind)), ("years", (ALL,)), *self._own(front))
        said = _encode((len(self.index.articles), [self.setting.kinds[kind] for kind in self.by_kind], self.site.description))

        def view() -> views.HomeView:
            return views.HomeView(
                **self._common(HOME, self.site.title, self.site.description),
                articles=len(self.index.articles),
                bars=self._bars(self.index.articles),
                newest=tuple(map(self._card, newest)),
                kinds=tuple(self._kind_count(kind, records) for kind, records in self.by_kind.items()),
            )

        return PlannedPage(
            HOME, views.HomeView.template, reads, said, view, "the home page", front.path if front else "",
            front.id if front else "", lambda: self.world,
        )  # fmt: skip

    def articles(self) -> PlannedPage:
        years = sorted(self.index.years, reverse=True)
        shown = years if len(self.index.articles) <= _ONE_LIST else years[:1]
        listed = {year: self.index.years[year][-_ONE_LIST:] for year in shown}
        cards = [facts.id for found in listed.values() for facts in found]

        def view() -> views.ArticlesView:
            gettext = self.words.gettext
            return views.ArticlesView(
                **self._common(ARTICLES, gettext("Articles"), gettext("All articles of %(site)s by year.", site=self.site.title)),
                count=len(self.index.articles),
                bars=self._bars(self.index.articles),
                years=tuple(self._group(year, found) for year, found in listed.items()),
            )

        reads: Reads = (("card", cards), ("years", (ALL,)))
        return PlannedPage(ARTICLES, views.ArticlesView.template, reads, b"", view, "the list of articles")

    def not_found(self) -> PlannedPage:
        def view() -> views.NotFoundView:
            return views.NotFoundView(**self._common(NOT_FOUND, self.words.gettext("Page not found")))

        return PlannedPage(NOT_FOUND, views.NotFoundView.template, (), b"", view, "the 404 page")

    def search(self, found: SearchPage) -> PlannedPage:
        def view() -> views.SearchView:
            gettext = self.words.gettext
            return views.SearchView(
                **self._common(SEARCH, gettext("Search"), gettext("Search in %(site)s.", site=self.site.title)),
                index=found.index,
                older=found.older,
                articles=len(self.index.articles),
                kinds=tuple(self._shelf(kind, records) for kind, records in self.by_kind.items()),
            )

        said = _encode((found.index, found.older, len(self.index.articles), [self.setting.kinds[kind] for kind in self.by_kind]))
        reads: Reads = (("kinds", list(self.by_kind)),)
        return PlannedPage(SEARCH, views.SearchView.template, reads, said, view, "the search page")

    def _shelf(self, kind: str, records: Sequence[Subject]) -> views.Shelf:
        """The way into the index of a kind: its letters."""
        address = f"/{kind}/#{{}}" if len(records) <= _ONE_INDEX else f"/{kind}/a-z/{{}}/"
        letters = dict.fromkeys(letter_of(subject) for subject in records)
        links = tuple(views.Link(letter, address.format(_anchor(letter))) for letter in letters)
        return views.Shelf(self.setting.kinds[kind], len(records), links)

    # Articles and pages.

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
                **self._common(facts.url, facts.title, facts.summary, facts.lang),
                date=facts.date,
                updated=None,
                byline="",
                dateline="",
                standfirst="",
                words=0,
                minutes=facts.minutes,
                tags=tuple(views.Link(tag, tag_url(tag)) for tag in facts.tags),
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

    def page(self, facts: Facts) -> PlannedPage:
        def view() -> views.TextPageView:
            return views.TextPageView(**self._common(facts.url, facts.title, facts.summary, facts.lang), headings=(), extra={})

        return PlannedPage(
            facts.url, views.TextPageView.template, self._own(facts), b"", view, "a page", facts.path, facts.id
        )  # fmt: skip

    # Records and their indexes.

    def kind(self, kind_id: str, records: Sequence[Subject]) -> Iterator[PlannedPage]:
        """The index of a kind; of a large one an index of its letters, and a page for each."""
        kind = self.setting.kinds[kind_id]
        mapped = kind_id == PLACES
        if len(records) <= _ONE_INDEX:
            yield self._index(kind, kind.url, {sign: some for sign, _, some in _shelved(records)}, "", (), len(records), mapped)
            return
        letters: dict[str, list[Subject]] = {}
        links: list[views.Link] = []
        for letter, number, some in _shelved(records):
            title = letter if number == 1 else f"{letter} ({self.words.number(number)})"
            letters[title] = some
            links.append(views.Link(title, _letter_url(kind_id, letter, number)))
        parts = tuple(links)
        top = heapq.nsmallest(_MOST_NAMED, records, key=lambda s: (-self.index.count(s.id), filing(s)))
        yield self._index(kind, kind.url, {"": top}, "", parts, len(records), mapped)
        for part in parts:
            yield self._index(kind, part.url, {part.title: letters[part.title]}, part.title, parts, len(records), False)

    def record(self, subject: Subject) -> Iterator[PlannedPage]:
        """The page of a record, and where it is named very often one for each of its parts: see `parts_of`."""
        named, here = self.index.named.get(subject.id, []), self.index.here(subject.id)
        note = self.notes.get(subject.id)
        found = parts_of(named, here)
        if not found:
            yield self._record(subject, note, named, here, "", ())
            return
        parts = self._parts(subject.url, found)
        for link, part in zip(parts, found, strict=True):
            if part.tail:
                yield self._record(subject, None, part.articles, part.here, link.title, parts, link.url)
            else:
                yield self._record(subject, note, named, here, "", parts, shown=len(part.articles))

    def _parts(self, url: str, found: Iterable[Part]) -> tuple[views.Part, ...]:
        return tuple(views.Part(self._called_part(part), url + part.tail, part.year) for part in found)

    def _called_part(self, part: Part) -> str:
        date = Date(f"{part.year:04d}-{part.month:02d}") if part.month else None
        title = self.words.date(date) if date else self._year(part.year)
        return title if part.number == 1 else f"{title} ({self.words.number(part.number)})"

    def network(self) -> PlannedPage:
        """Who is named with whom."""
        most = self.setting.network

        def view() -> views.NetworkView:
            from sitegen.relate.network import graph_of

            gettext = self.words.gettext
            about = gettext("Who and what is named together in %(site)s.", site=self.site.title)
            return views.NetworkView(**self._common(NETWORK, gettext("Network"), about), graph=graph_of(self.index, most))

        reads: Reads = (("company", [facts.id for facts in self.index.articles]),)
        said = b""
        if most != NETWORK_USUAL:
            from sitegen.relate.network import igraph_version

            said = _encode((most, igraph_version()))
        return PlannedPage(NETWORK, views.NetworkView.template, reads, said, view, "the network")

    def redirect(self, old: str, new: str) -> PlannedPage:
        subject, retired = self.index.authority.records[new], self.index.authority.retired[old]

        def view() -> views.RedirectView:
            return views.RedirectView(
                **{**self._common(retired.url, subject.title), "canonical": self.setting.linker.absolute(subject.url)},
                target=subject.url,
            )

        said = _encode((retired.url, subject.url, subject.title))
        return PlannedPage(retired.url, views.RedirectView.template, (), said, view, "a merged record", retired.path)

    # Tags.

    @cached_property
    def tags(self) -> list[tuple[views.TagEntry, Sequence[Facts]]]:
        """See `tags_of`."""
        return tags_of(self.index)

    @cached_property
    def _tags_by_url(self) -> dict[str, tuple[views.TagEntry, Sequence[Facts]]]:
        return {entry.url: (entry, found) for entry, found in self.tags}

    def tag_index(self, entries: Sequence[tuple[views.TagEntry, Sequence[Facts]]]) -> Iterator[PlannedPage]:
        tags = tuple(entry for entry, _ in entries)
        pages = [tags[at : at + _ONE_TAGS] for at in range(0, len(tags), _ONE_TAGS)] or [tags]
        urls = [_tags_url(number) for number in range(1, len(pages) + 1)]
        parts = tuple(views.Link(str(number), url) for number, url in enumerate(urls, 1)) if pages[1:] else ()

        def view(number: int) -> views.TagsView:
            gettext = self.words.gettext
            about = gettext("All tags of %(site)s.", site=self.site.title)
            title = gettext("Tags") + (f" ({self.words.number(number)})" if number > 1 else "")
            return views.TagsView(
                **self._common(urls[number - 1], title, about), tags=pages[number - 1], part="" if number == 1 else str(number),
                parts=parts,
            )  # fmt: skip

        for number, (url, shown) in enumerate(zip(urls, pages, strict=True), 1):
            said = _encode((shown, number, len(pages))) if parts else _encode(shown)
            yield PlannedPage(url, views.TagsView.template, (), said, partial(view, number), "the list of tags")

    def tag(self, entry: views.TagEntry, found: Sequence[Facts]) -> Iterator[PlannedPage]:
        """The page of a tag, and of one that very many articles bear one for each of its parts: see `parts_of`."""
        parted = parts_of(found)
        parts = self._parts(entry.url, parted)
        if not parted:
            yield self._tag(entry, entry.url, found, "", ())
        for link, part in zip(parts, parted, strict=True):
            yield self._tag(entry, link.url, part.articles, link.title if part.tail else "", parts)

    def _tag(
        self, entry: views.TagEntry, url: str, shown: Sequence[Facts], part: str, parts: tuple[views.Part, ...]
    ) -> PlannedPage:  # fmt: skip
        def view() -> views.TagView:
            years: dict[int, list[Facts]] = {}
            for facts in shown:
                years.setdefault(facts.year, []).append(facts)
            title = f"{entry.title}, {part}" if part else entry.title
            return views.TagView(
                **self._common(url, title, self.words.gettext("Articles tagged “%(tag)s”.", tag=title)),
                tag=entry,
                years=tuple(self._group(year, group) for year, group in years.items()),
                part=part,
                parts=parts,
            )

        reads: Reads = (("card", [facts.id for facts in shown]),)
        said = _encode((entry, part, parts)) if parts else _encode(entry)
        return PlannedPage(url, views.TagView.template, reads, said, view, f'the tag "{entry.title}"')

    # Parts.

    def _own(self, facts: Facts | None) -> Reads:
        """What a page reads that shows a text: the text, where its links lead, the records it names."""
        return (("own", (facts.id,)), ("links", (facts.id,)), ("entry", facts.named)) if facts else ()

    def _common(self, url: str, title: str, description: str = "", lang: str = "") -> dict[str, Any]:
        return self.setting.common(url, title, description, lang)

    def _index(
        self, kind: views.KindView, url: str, letters: Mapping[str, Sequence[Subject]], letter: str,
        parts: tuple[views.Link, ...], count: int, mapped: bool,
    ) -> PlannedPage:  # fmt: skip
        def view() -> views.KindIndexView:
            groups = (
                views.Letter(sign, _anchor(sign.partition(" ")[0]), tuple(map(self._entry, found)))
                for sign, found in letters.items()
            )
            about = self.words.gettext("%(kinds)s named in %(site)s, A to Z.", kinds=kind.label, site=self.site.title)
            return views.KindIndexView(
                **self._common(url, kind.label, about),
                kind=kind,
                count=count,
                letters=tuple(groups),
                letter=letter,
                parts=parts,
            )

        reads: Reads = (("entry", [subject.id for found in letters.values() for subject in found]),)
        said = _encode((kind, url, list(letters), letter, parts, count))
        owner = f"the index of {kind.id}"
        drawn = (lambda: self.world) if mapped else None
        return PlannedPage(url, views.KindIndexView.template, reads, said, view, owner, map=drawn)

    def _record(
        self, subject: Subject, note: Facts | None, named: Sequence[Facts], here: Sequence[int], part: str,
        parts: tuple[views.Part, ...], url: str = "", shown: int | None = None,
    ) -> PlannedPage:  # fmt: skip
        """named, here: the articles it counts, and how often each names the record; shown: how many of them it shows."""
        doc_id, record, kind = subject.id, subject.record, self.setting.kinds[subject.kind]
        url = url or subject.url

        def view() -> views.RecordView:
            together = tuple(self._neighbours(doc_id)) if not part else ()
            described = record.summary or record.role
            described = described or self.words.gettext("Every passage that names %(name)s.", name=record.name)
            title = f"{record.name}, {part}" if part else record.name
            return views.RecordView(
                **self._common(url, title, described, record.lang),
                kind=kind,
                name=record.name,
                role=record.role,
                summary=record.summary,
                begin=Date(record.begin) if record.begin else None,
                end=Date(record.end) if record.end else None,
                aliases=record.aliases,
                identifiers=tuple(_identifier(key, value) for key, value in record.ids),
                reviewed=record.status == "reviewed",
                score=record.score or 0.0,
                location=record.location,
                articles=len(named),
                mentions=sum(here),
                bars=() if part else self._record_bars(named, parts),
                years=tuple(self.quoted.years(named[:shown], here, doc_id)),
                together=together,
                part=part,
                parts=parts,
                extra=record.extra,
                near=() if part else tuple(self._near(subject)),
                feed=fed,
                circle=None if part else self._circle(subject, together, named),
            )

        def mapped() -> MapRequest | None:
            if record.location:
                return locator(self.index, subject)
            return among(self.index, Counter(chain.from_iterable([facts.named for facts in named])))

        fed = f"{subject.url}feed.xml" if doc_id in self.setting.fed else ""
        reads: Reads = (("record", (doc_id,)), ("evidence", [facts.id for facts in named]))
        reads += () if part else (("entry", (doc_id,)), *self._own(note))
        if record.location and not part:
            reads += (("tiles", tiles_around(record.location)),)
        said = _encode((kind, part, parts, url, self.dated[:1], self.dated[-1:], fed))
        return PlannedPage(
            url, views.RecordView.template, reads, said, view, "a record", subject.path,
            note.id if note else "", mapped=None if part else mapped,
        )  # fmt: skip

    def _kind_count(self, kind: str, records: Sequence[Subject]) -> views.KindCount:
        top = heapq.nsmallest(8, records, key=lambda s: (-self.index.count(s.id), filing(s)))
        named = tuple(self._entry(subject) for subject in top if self.index.count(subject.id))
        return views.KindCount(self.setting.kinds[kind], len(records), named)

    def _card(self, facts: Facts) -> views.Card:
        found = self._cards.get(facts.id)
        if found is None:
            found = self._cards[facts.id] = card(facts)
        return found

    def _group(self, year: int, facts: Iterable[Facts]) -> views.YearGroup:
        return views.YearGroup(year, year_url(year), tuple(map(self._card, facts)))

    def _year(self, year: int) -> str:
        """What the articles of a year are called; `year` is 0 for those without a date."""
        return str(year) if year else self.words.gettext("Undated")

    def _entry(self, subject: Subject) -> views.Entry:
        record = subject.record
        role = record.role or record.summary
        count = self.index.count(subject.id)
        return views.Entry(record.name, subject.url, subject.kind, role, count, record.status == "reviewed")

    def _bars(self, facts: Iterable[Facts], parts: Mapping[int, str] | None = None) -> tuple[views.Bar, ...]:
        """A bar for each year that has articles, and for the ends of the collection's span, so that pages can be compared.

        parts: the pages the years have, where they do not lead to the year's list.
        """
        counts = Counter(fact.date.year for fact in facts if fact.date)
        if not self.dated or not counts:
            return ()
        top = max(counts.values())
        shown = sorted(counts.keys() | {self.dated[0], self.dated[-1]})
        return tuple(
            views.Bar(year, counts[year], round(counts[year] / top, 4), (parts or {}).get(year, year_url(year))) for year in shown
        )

    def _record_bars(self, named: Iterable[Facts], parts: Sequence[views.Part]) -> tuple[views.Bar, ...]:
        return self._bars(named, {part.year: part.url for part in reversed(parts)}) if "bars" in self.setting.wanted else ()

    def _named(self, facts: Facts) -> tuple[views.Named, ...]:
        found, counts = [], self.index.counts
        for doc_id, here, block in zip(facts.named, facts.here, facts.blocks, strict=True):
            subject = self.index.authority.records[doc_id]
            record = subject.record
            kind = self.setting.kinds[subject.kind]
            found.append(views.Named(
                record.name, subject.url, subject.kind, kind.singular, record.role, record.summary, here,
                counts.get(doc_id, 0), block, record.status == "reviewed",
                tuple(_addresses(record.ids)) if record.ids else (),
            ))  # fmt: skip
        order = self.setting.order
        return tuple(sorted(found, key=lambda named: order[named.kind]))

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
                subjects = [self.index.authority.records[record] for record in shared[:4]]
                links = tuple(views.Link(subject.title, subject.url) for subject in subjects)
                yield views.Related(other.title, other.url, other.date, links)

    def _neighbours(self, record: str) -> Iterator[views.Neighbour]:
        near, records = self.index.together(record, _NEIGHBOURS), self.index.authority.records
        met: Mapping[str, Sequence[views.QuotedArticle]] = {}
        if near and "meetings" in self.setting.wanted:
            met = company.meetings(self.index.named[record], record, [other for other, _ in near], self.quoted.quotes)
        for other, count in near:
            subject = records[other]
            yield views.Neighbour(subject.record.name, subject.url, subject.kind, count, tuple(met.get(other, ())))

    def _circle(self, subject: Subject, together: Sequence[views.Neighbour], named: Iterable[Facts]) -> views.Circle | None:
        if "circle" not in self.setting.wanted:
            return None
        drawn = together[: company.DRAWN]
        by_url = self.index.authority.by_url
        return company.circle(subject, drawn, [by_url[item.url] for item in drawn], named)

    def _near(self, subject: Subject) -> Iterator[views.Near]:
        if subject.kind == PLACES and "near" in self.setting.wanted:
            for other, km in nearest(self.index.tiles, subject):
                yield views.Near(other.title, other.url, km)


def _letter_url(kind: str, letter: str, number: int = 1) -> str:
    return f"/{kind}/a-z/{_anchor(letter)}/" + (f"page-{number}/" if number > 1 else "")


def _tags_url(number: int) -> str:
    return f"{TAGS}a-z/page-{number}/" if number > 1 else TAGS


def _shelved(records: Iterable[Subject]) -> Iterator[tuple[str, int, list[Subject]]]:
    """The records of an index by letters, of a letter so many at a time, in their order: letter, number from 1, records."""
    letters: dict[str, list[Subject]] = {}
    for subject in records:
        letters.setdefault(letter_of(subject), []).append(subject)
    for letter, found in letters.items():
        for number, at in enumerate(range(0, len(found), _ONE_INDEX), 1):
            yield letter, number, found[at : at + _ONE_INDEX]


def _link(facts: Facts) -> views.Link:
    return views.Link(facts.title, facts.url)


def _identifier(key: str, value: str) -> views.Identifier:
    label = AUTHORITIES.get(key.lower(), (key, ""))[0]
    return views.Identifier(label, value, page_of(key, value))


def _addresses(identifiers: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Where authority files have a record."""
    for key, value in identifiers:
        if url := _identifier(key, value).url:
            yield url


def _anchor(letter: str) -> str:
    return "letter-" + (letter.lower() if letter != "#" else "other")
