"""Index → the pages of the site, as views. Nothing is rendered here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

import msgspec

from sitegen.model import views
from sitegen.model.entity import Subject
from sitegen.model.mention import Facts
from sitegen.relate.articles import ArticlePlanner
from sitegen.relate.cells import ALL, Reads
from sitegen.relate.chronology import TIMELINE, Chronology, TimePlanner
from sitegen.relate.index import Index
from sitegen.relate.lists import Lists
from sitegen.relate.planned import NETWORK_USUAL, PlannedPage, SearchPage, Setting, text_reads
from sitegen.relate.quoted import Quoted
from sitegen.relate.records import RecordPlanner, index_urls, tails_of
from sitegen.relate.tags import TagPlanner, tag_urls
from sitegen.relate.urls import ARTICLES, DATA, HOME, NETWORK, NOT_FOUND, SEARCH
from sitegen.words.interface import direction

FRONT = "pages/index"  # the page whose body the front page shows
# Beyond this many articles the list shows the newest year, no more than so many of it, and leads to the others.
_ONE_LIST = 200

_encode = msgspec.msgpack.Encoder().encode

# What pages are about: a sort of topic, and which. A topic has one page, or several where it is long.
Topic = tuple[str, str]


def part_urls(index: Index, filed: Mapping[str, Sequence[Subject]], has: Collection[str]) -> set[str]:
    """The site paths of the pages of years and months, and of those into which long records, tags and indexes are parted.

    filed: see `Filed`. has: see `Setting`.
    """
    found = {*Chronology(index, has).urls(), *tag_urls(index)}
    for kind, records in filed.items():
        for subject in records:
            found.update([subject.url + tail for tail in tails_of(index, subject.id)])
        found.update(index_urls(kind, records))
    return found


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


class Planner:
    """Plans pages from one index. Holds nothing but its inputs and what is derived from them once.

    filed: see `Filed`. texts: those of content/pages. notes: record → its note. sources: the content paths of the
    source texts there are. quoted: what articles say of records and dates.
    """

    def __init__(
        self, index: Index, filed: Mapping[str, Sequence[Subject]], texts: Sequence[Facts], notes: Mapping[str, Facts],
        sources: Collection[str], quoted: Quoted, setting: Setting,
    ) -> None:  # fmt: skip
        self.index, self.quoted, self.setting = index, quoted, setting
        self.site, self.words = setting.site, setting.words
        self.by_kind = filed
        self.front = next((facts for facts in texts if facts.id == FRONT), None)
        self.texts = {facts.id: facts for facts in texts if facts.id != FRONT}
        self.lists = Lists(index, setting)
        self.articles = ArticlePlanner(index, sources, setting)
        self.records = RecordPlanner(index, notes, quoted, self.lists, setting)
        self.tags = TagPlanner(index, self.lists, setting)
        self._last: tuple[Topic, dict[str, PlannedPage]] = ("", ""), {}

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
            yield from (("tag", entry.url) for entry, _ in self.tags.entries)

    def pages(self, topic: Topic) -> Iterable[PlannedPage]:
        """The pages about a topic."""
        sort, name = topic
        match sort:
            case "article":
                return (self.articles.article(self.index.places[name]),)
            case "record":
                return self.records.record(self.index.authority.records[name])
            case "kind":
                return self.records.kind(name, self.by_kind[name])
            case "page":
                return (self.page(self.texts[name]),)
            case "year":
                return self.times.year(int(name))
            case "tag":
                return self.tags.tag(*self.tags.by_url[name])
            case "tags":
                return tuple(self.tags.index_pages())
            case "redirect":
                return (self.redirect(name, self.index.authority.merged[name]),)
            case "home":
                return (self.home(self.front),)
            case "articles":
                return (self.article_list(),)
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

    def home(self, front: Facts | None) -> PlannedPage:
        newest = list(reversed(self.index.articles[-5:]))
        reads: Reads = (("card", [f.id for f in newest]), ("kinds", list(self.by_kind)), ("years", (ALL,)), *text_reads(front))
        said = _encode((len(self.index.articles), [self.setting.kinds[kind] for kind in self.by_kind], self.site.description))

        def view() -> views.HomeView:
            return views.HomeView(
                **self.setting.common(HOME, self.site.title, self.site.description),
                articles=len(self.index.articles),
                bars=self.lists.bars(self.index.articles),
                newest=tuple(map(self.lists.card, newest)),
                kinds=tuple(self.records.kind_count(kind, records) for kind, records in self.by_kind.items()),
            )

        return PlannedPage(
            HOME, views.HomeView.template, reads, said, view, "the home page", front.path if front else "",
            front.id if front else "", lambda: self.records.world,
        )  # fmt: skip

    def article_list(self) -> PlannedPage:
        years = sorted(self.index.years, reverse=True)
        shown = years if len(self.index.articles) <= _ONE_LIST else years[:1]
        listed = {year: self.index.years[year][-_ONE_LIST:] for year in shown}
        cards = [facts.id for found in listed.values() for facts in found]

        def view() -> views.ArticlesView:
            gettext = self.words.gettext
            return views.ArticlesView(
                **self.setting.common(
                    ARTICLES, gettext("Articles"), gettext("All articles of %(site)s by year.", site=self.site.title)
                ),
                count=len(self.index.articles),
                bars=self.lists.bars(self.index.articles),
                years=tuple(self.lists.group(year, found) for year, found in listed.items()),
            )

        reads: Reads = (("card", cards), ("years", (ALL,)))
        return PlannedPage(ARTICLES, views.ArticlesView.template, reads, b"", view, "the list of articles")

    def not_found(self) -> PlannedPage:
        def view() -> views.NotFoundView:
            return views.NotFoundView(**self.setting.common(NOT_FOUND, self.words.gettext("Page not found")))

        return PlannedPage(NOT_FOUND, views.NotFoundView.template, (), b"", view, "the 404 page")

    def search(self, found: SearchPage) -> PlannedPage:
        def view() -> views.SearchView:
            gettext = self.words.gettext
            return views.SearchView(
                **self.setting.common(SEARCH, gettext("Search"), gettext("Search in %(site)s.", site=self.site.title)),
                index=found.index,
                older=found.older,
                articles=len(self.index.articles),
                kinds=tuple(self.records.shelf(kind, records) for kind, records in self.by_kind.items()),
            )

        said = _encode((found.index, found.older, len(self.index.articles), [self.setting.kinds[kind] for kind in self.by_kind]))
        reads: Reads = (("kinds", list(self.by_kind)),)
        return PlannedPage(SEARCH, views.SearchView.template, reads, said, view, "the search page")

    def page(self, facts: Facts) -> PlannedPage:
        def view() -> views.TextPageView:
            return views.TextPageView(
                **self.setting.common(facts.url, facts.title, facts.summary, facts.lang), headings=(), extra={}
            )

        return PlannedPage(
            facts.url, views.TextPageView.template, text_reads(facts), b"", view, "a page", facts.path, facts.id
        )  # fmt: skip

    def network(self) -> PlannedPage:
        """Who is named with whom."""
        most = self.setting.network

        def view() -> views.NetworkView:
            from sitegen.relate.network import graph_of

            gettext = self.words.gettext
            about = gettext("Who and what is named together in %(site)s.", site=self.site.title)
            return views.NetworkView(**self.setting.common(NETWORK, gettext("Network"), about), graph=graph_of(self.index, most))

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
                **{**self.setting.common(retired.url, subject.title), "canonical": self.setting.linker.absolute(subject.url)},
                target=subject.url,
            )

        said = _encode((retired.url, subject.url, subject.title))
        return PlannedPage(retired.url, views.RedirectView.template, (), said, view, "a merged record", retired.path)
