"""Index → the pages of the site, as views. Nothing is rendered here."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sitegen.geo.layout import MapLayout
from sitegen.model import ids, views
from sitegen.model.dates import Date
from sitegen.model.document import Article, Document, Page
from sitegen.model.entity import PLACES, Kind, Record
from sitegen.model.mention import Facts, Passage, Target
from sitegen.model.text import reading_minutes, summarise
from sitegen.relate.authority import record_of
from sitegen.relate.index import Index, resolve_related
from sitegen.relate.maps import WORLD

HOME, ARTICLES, TAGS, NOT_FOUND = "/", "/articles/", "/tags/", "/404.html"
FRONT = "pages/index"  # the page whose body the front page shows
# Beyond this many articles the list shows the newest year, and leads to the others.
_ONE_LIST = 500
_NEIGHBOURS = 24
_RTL = frozenset(("ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "syr", "ug", "ur", "yi"))

_AUTHORITIES = {
    "wikidata": ("Wikidata", "https://www.wikidata.org/wiki/{}"),
    "geonames": ("GeoNames", "https://www.geonames.org/{}"),
    "viaf": ("VIAF", "https://viaf.org/viaf/{}"),
    "gnd": ("GND", "https://d-nb.info/gnd/{}"),
    "lccn": ("Library of Congress", "https://id.loc.gov/authorities/{}"),
    "isni": ("ISNI", "https://isni.org/isni/{}"),
    "orcid": ("ORCID", "https://orcid.org/{}"),
    "osm": ("OpenStreetMap", "https://www.openstreetmap.org/{}"),
}
_NUMERAL = re.compile(r"[IVX]+\Z")
_IDENTIFIER = re.compile(r"[\w./-]+\Z")


@dataclass(frozen=True, slots=True)
class Setting:
    """What the configuration says that pages show."""

    site: views.SiteView
    kinds: Mapping[str, views.KindView]
    linker: ids.Linker


@dataclass(frozen=True, slots=True)
class PlannedPage:
    """A page, and the document whose body it shows, if any.

    `owner` says what asks for the page; `path` is the content file that does, where it is one.
    """

    view: views.PageView
    document: Document | None
    owner: str
    path: str = ""


def plan_pages(
    index: Index, documents: Sequence[Document], sources: Collection[str], maps: Mapping[str, MapLayout], setting: Setting
) -> Iterator[PlannedPage]:
    """Every page of the site. `sources` are the content paths of the source texts there are."""
    by_id = {document.id: document for document in documents}
    plan = _Planner(index, sources, maps, setting)
    front = by_id.get(FRONT)
    yield PlannedPage(plan.home(), front, "the home page", front.path if front else "")
    yield PlannedPage(plan.articles(), None, "the list of articles")
    yield PlannedPage(plan.not_found(), None, "the 404 page")
    for year in index.years:
        yield PlannedPage(plan.year(year), None, f"the list of {year or 'undated articles'}")
    for position in range(len(index.articles)):
        document = by_id[index.articles[position].id]
        yield PlannedPage(plan.article(position, document), document, "an article", document.path)
    for document in documents:
        if isinstance(document.meta, Page) and document.id != FRONT:
            yield PlannedPage(plan.page(document, document.meta), document, "a page", document.path)
    for kind_id, records in plan.by_kind.items():
        yield PlannedPage(plan.kind(kind_id, records), None, f"the index of {kind_id}")
        for document in records:
            yield PlannedPage(plan.record(document), document, "a record", document.path)
    for old, new in sorted(index.authority.merged.items()):
        yield PlannedPage(plan.redirect(old, new), None, "a merged record", index.authority.retired[old].path)
    if index.tags:
        entries = plan.tags()
        yield PlannedPage(plan.tag_index(entries), None, "the list of tags")
        for entry, facts in entries:
            yield PlannedPage(plan.tag(entry, facts), None, f'the tag "{entry.title}"')


def site_view(
    *, title: str, description: str, base: str, language: str, author: str, licence: str, kinds: Iterable[Kind],
    menu: Sequence[views.Link], footer: Sequence[views.Link], options: dict[str, object], generator: str,
) -> views.SiteView:  # fmt: skip
    """The site as templates see it: configuration only."""
    return views.SiteView(
        title, description, base, language, author, licence, tuple(kind_view(kind) for kind in kinds),
        tuple(menu), tuple(footer), options, generator,
    )  # fmt: skip


def kind_view(kind: Kind) -> views.KindView:
    return views.KindView(kind.id, kind.label, kind.singular, f"/{kind.id}/", kind.begin, kind.end)


def year_url(year: int) -> str:
    return f"/years/{year}/" if year else "/years/undated/"


def tag_url(tag: str) -> str:
    return f"{TAGS}{ids.tag_slug(tag)}/"


def source_url(document: Document) -> str:
    """Where the source text of an article is published as it came."""
    return document.url + "source.txt"


def markdown_url(document: Document) -> str:
    return document.url + "index.md"


def direction(language: str) -> str:
    return "rtl" if language.partition("-")[0].lower() in _RTL else "ltr"


def targets_of(index: Index, records: Iterable[str]) -> dict[str, Target]:
    """What mentions of these records lead to and what their glosses say."""
    found = {}
    for record in records:
        document = index.authority.records[record]
        meta = record_of(document)
        count = index.count(record)
        said = meta.role or meta.summary
        said += "." if said and said[-1] not in ".!?…" else ""
        gloss = f"{said} {count} article{'s' * (count != 1)}.".strip()
        found[record] = Target(record, document.url, meta.name, gloss, meta.status == "reviewed")
    return found


def surname_first(name: str) -> str:
    """A person's name as an index files it: the last word first, particles staying with it."""
    words = name.split()
    if not words or _NUMERAL.match(words[-1]):  # "Napoleon III" has no surname
        return name
    if len(words) > 2 and words[-1].rstrip(".") in ("Jr", "Sr"):
        return f"{surname_first(' '.join(words[:-1]).rstrip(','))}, {words[-1]}"
    at = len(words) - 1
    while at > 0 and words[at - 1][:1].islower():
        at -= 1
    return f"{' '.join(words[at:])}, {' '.join(words[:at])}" if at > 0 else name


class _Planner:
    """Builds views from one index. Holds nothing but its inputs and what is derived from them once."""

    def __init__(self, index: Index, sources: Collection[str], maps: Mapping[str, MapLayout], setting: Setting) -> None:
        self.index, self.sources, self.maps, self.setting = index, sources, maps, setting
        self.site = setting.site
        by_kind: defaultdict[str, list[Document]] = defaultdict(list)
        for document in index.authority.records.values():
            by_kind[document.kind].append(document)
        order = [kind for kind in setting.kinds if kind in by_kind]
        self.by_kind = {kind: sorted(by_kind[kind], key=_filing) for kind in order}

    # Pages of the collection as a whole.

    def home(self) -> views.HomeView:
        newest = list(reversed(self.index.articles))[:5]
        kinds = []
        for kind_id, records in self.by_kind.items():
            top = sorted(records, key=lambda d: (-self.index.count(d.id), _filing(d)))[:8]
            named = tuple(self._entry(d) for d in top if self.index.count(d.id))
            kinds.append(views.KindCount(self.setting.kinds[kind_id], len(records), named))
        return views.HomeView(
            **self._common(HOME, self.site.title, self.site.description),
            articles=len(self.index.articles),
            bars=self._bars(self.index.articles),
            newest=tuple(map(self._card, newest)),
            kinds=tuple(kinds),
            map=self.maps.get(WORLD),
        )

    def articles(self) -> views.ArticlesView:
        years = sorted(self.index.years, reverse=True)
        shown = years if len(self.index.articles) <= _ONE_LIST else years[:1]
        return views.ArticlesView(
            **self._common(ARTICLES, "Articles", f"All articles of {self.site.title} by year."),
            count=len(self.index.articles),
            bars=self._bars(self.index.articles),
            years=tuple(self._group(year, self.index.years[year]) for year in shown),
        )

    def year(self, year: int) -> views.YearView:
        dated = [y for y in self.index.years if y]
        at = dated.index(year) if year else -1
        title = str(year) if year else "Undated"
        return views.YearView(
            **self._common(year_url(year), title, f"Articles of {self.site.title}: {title}."),
            year=self._group(year, self.index.years[year]),
            previous=self._year_link(dated[at - 1]) if at > 0 else None,
            next=self._year_link(dated[at + 1]) if year and at + 1 < len(dated) else None,
        )

    def not_found(self) -> views.NotFoundView:
        return views.NotFoundView(**self._common(NOT_FOUND, "Page not found"))

    # Articles and pages.

    def article(self, position: int, document: Document) -> views.ArticleView:
        facts = self.index.articles[position]
        meta = document.meta
        assert isinstance(meta, Article)
        beside = self.index.articles
        return views.ArticleView(
            **self._common(document.url, meta.title, facts.summary, facts.lang),
            date=meta.date,
            updated=meta.updated,
            byline=meta.byline,
            dateline=meta.dateline,
            standfirst=meta.summary,
            words=facts.words,
            minutes=reading_minutes(facts.words),
            tags=tuple(views.Link(tag, tag_url(tag)) for tag in dict.fromkeys(meta.tags)),
            source=self._source(document, meta),
            markdown_url=markdown_url(document),
            headings=tuple(h for h in document.headings if 2 <= h.level <= 3),
            named=self._named(facts),
            previous=_link(beside[position - 1]) if position else None,
            next=_link(beside[position + 1]) if position + 1 < len(beside) else None,
            related=tuple(self._related(facts)),
            linked_from=tuple(_link(f) for f in self.index.backlinks.get(facts.id, ()) if f.id != facts.id),
            extra=meta.extra,
        )

    def page(self, document: Document, meta: Page) -> views.TextPageView:
        summary = meta.summary or summarise(document.text)
        return views.TextPageView(
            **self._common(document.url, meta.title, summary, meta.lang),
            headings=tuple(h for h in document.headings if 2 <= h.level <= 3),
            extra=meta.extra,
        )

    # Records and their indexes.

    def kind(self, kind_id: str, records: Sequence[Document]) -> views.KindIndexView:
        kind = self.setting.kinds[kind_id]
        letters: dict[str, list[views.Entry]] = {}
        for document in records:
            letters.setdefault(_letter(_sort_key(document)), []).append(self._entry(document))
        groups = (views.Letter(letter, _anchor(letter), tuple(entries)) for letter, entries in letters.items())
        return views.KindIndexView(
            **self._common(kind.url, kind.label, f"{kind.label} named in {self.site.title}, A to Z."),
            kind=kind,
            count=len(records),
            letters=tuple(groups),
            map=self.maps.get(WORLD) if kind_id == PLACES else None,
        )

    def record(self, document: Document) -> views.RecordView:
        meta = record_of(document)
        named = self.index.named.get(document.id, ())
        years: dict[int, list[views.QuotedArticle]] = {}
        for facts, passages in named:
            years.setdefault(facts.date.year if facts.date else 0, []).append(self._quoted(facts, passages))
        kind = self.setting.kinds[document.kind]
        described = meta.summary or meta.role
        return views.RecordView(
            **self._common(document.url, meta.name, described or f"Every passage that names {meta.name}.", meta.lang),
            kind=kind,
            name=meta.name,
            role=meta.role,
            summary=meta.summary,
            begin=Date(meta.begin) if meta.begin else None,
            end=Date(meta.end) if meta.end else None,
            aliases=meta.aliases,
            identifiers=tuple(_identifier(key, value) for key, value in meta.ids),
            reviewed=meta.status == "reviewed",
            location=meta.location,
            map=self.maps.get(document.id),
            articles=len(named),
            mentions=sum(len(passages) for _, passages in named),
            bars=self._bars([facts for facts, _ in named]),
            years=tuple(views.QuotedYear(year, tuple(found)) for year, found in years.items()),
            together=tuple(self._neighbours(document.id)),
            extra=meta.extra,
        )

    def redirect(self, old: str, new: str) -> views.RedirectView:
        document, retired = self.index.authority.records[new], self.index.authority.retired[old]
        return views.RedirectView(
            **{**self._common(retired.url, document.title), "canonical": self.setting.linker.absolute(document.url)},
            target=document.url,
        )

    # Tags.

    def tags(self) -> list[tuple[views.TagEntry, list[Facts]]]:
        """Tags that share an address are one tag, under the spelling used most."""
        by_url: dict[str, dict[str, list[Facts]]] = {}
        for tag, facts in self.index.tags.items():
            by_url.setdefault(tag_url(tag), {})[tag] = list(facts)
        found = []
        for url, spellings in by_url.items():
            title = max(sorted(spellings), key=lambda tag: len(spellings[tag]))
            together = {f.id: f for facts in spellings.values() for f in facts}
            ordered = [f for f in self.index.articles if f.id in together] if len(spellings) > 1 else list(spellings[title])
            found.append((views.TagEntry(title, url, len(ordered)), ordered))
        return sorted(found, key=lambda item: item[0].title.casefold())

    def tag_index(self, entries: Sequence[tuple[views.TagEntry, list[Facts]]]) -> views.TagsView:
        return views.TagsView(
            **self._common(TAGS, "Tags", f"All tags of {self.site.title}."), tags=tuple(entry for entry, _ in entries)
        )

    def tag(self, entry: views.TagEntry, facts: Sequence[Facts]) -> views.TagView:
        years: dict[int, list[Facts]] = {}
        for fact in facts:
            years.setdefault(fact.date.year if fact.date else 0, []).append(fact)
        return views.TagView(
            **self._common(entry.url, entry.title, f"Articles tagged “{entry.title}”."),
            tag=entry,
            years=tuple(self._group(year, found) for year, found in years.items()),
        )

    # Parts.

    def _common(self, url: str, title: str, description: str = "", lang: str = "") -> dict[str, str]:
        lang = lang or self.site.language
        return {"url": url, "canonical": self.setting.linker.absolute(url), "title": title, "description": description,
                "lang": lang, "dir": direction(lang)}  # fmt: skip

    def _card(self, facts: Facts) -> views.Card:
        return views.Card(facts.title, facts.url, facts.date, facts.summary, reading_minutes(facts.words), facts.lang)

    def _group(self, year: int, facts: Iterable[Facts]) -> views.YearGroup:
        return views.YearGroup(year, year_url(year), tuple(map(self._card, facts)))

    def _year_link(self, year: int) -> views.Link:
        return views.Link(str(year), year_url(year))

    def _entry(self, document: Document) -> views.Entry:
        meta = record_of(document)
        role = meta.role or meta.summary
        return views.Entry(meta.name, document.url, document.kind, role, self.index.count(document.id), meta.status == "reviewed")

    def _bars(self, facts: Iterable[Facts]) -> tuple[views.Bar, ...]:
        """A bar for each year that has articles, and for the ends of the collection's span, so that pages can be compared."""
        counts: defaultdict[int, int] = defaultdict(int)
        for fact in facts:
            if fact.date:
                counts[fact.date.year] += 1
        years = [year for year in self.index.years if year]
        if not years or not counts:
            return ()
        top = max(counts.values())
        shown = sorted(counts.keys() | {min(years), max(years)})
        return tuple(views.Bar(year, counts.get(year, 0), round(counts.get(year, 0) / top, 4), year_url(year)) for year in shown)

    def _source(self, document: Document, meta: Article) -> views.SourceView | None:
        source = meta.source
        if source is None:
            return None
        text = source_url(document) if source.file in self.sources else ""
        return views.SourceView(text, source.url, source.publisher, source.licence, source.retrieved)

    def _named(self, facts: Facts) -> tuple[views.Named, ...]:
        counts: dict[str, list[Passage]] = {}
        for passage in facts.passages:
            counts.setdefault(passage.record, []).append(passage)
        found = []
        for record, passages in counts.items():
            document = self.index.authority.records[record]
            meta = record_of(document)
            found.append(
                views.Named(
                    name=meta.name, url=document.url, kind=document.kind,
                    singular=self.setting.kinds[document.kind].singular, role=meta.role, summary=meta.summary,
                    here=len(passages), total=self.index.count(record), block=passages[0].block,
                    reviewed=meta.status == "reviewed",
                )
            )  # fmt: skip
        order = list(self.setting.kinds)
        return tuple(sorted(found, key=lambda named: order.index(named.kind)))

    def _related(self, facts: Facts) -> Iterator[views.Related]:
        """First what the source itself recommends, then what names the same records."""
        told = {facts.id}
        for title in facts.related:
            other = resolve_related(self.index, title)
            if other is None:
                yield views.Related(title, "", None)
            elif other.id not in told:
                told.add(other.id)
                yield views.Related(other.title, other.url, other.date)
        for other, shared in self.index.related(facts.id):
            if other.id not in told:
                records = [self.index.authority.records[record] for record in shared[:4]]
                links = tuple(views.Link(document.title, document.url) for document in records)
                yield views.Related(other.title, other.url, other.date, links)

    def _quoted(self, facts: Facts, passages: Iterable[Passage]) -> views.QuotedArticle:
        quotes = (
            views.Quote(p.before, p.name, p.after, facts.url + (f"#{p.block}" if p.block else ""), str(p.by)) for p in passages
        )
        return views.QuotedArticle(facts.title, facts.url, facts.date, facts.lang, tuple(quotes))

    def _neighbours(self, record: str) -> Iterator[views.Neighbour]:
        for other, count in self.index.together(record)[:_NEIGHBOURS]:
            document = self.index.authority.records[other]
            yield views.Neighbour(document.title, document.url, document.kind, count)


def _link(facts: Facts) -> views.Link:
    return views.Link(facts.title, facts.url)


def _identifier(key: str, value: str) -> views.Identifier:
    label, pattern = _AUTHORITIES.get(key.lower(), (key, ""))
    return views.Identifier(label, value, pattern.format(value) if pattern and _IDENTIFIER.match(value) else "")


def _sort_key(document: Document) -> str:
    record: Record = record_of(document)
    if document.kind == "people" and not record.sort:
        return surname_first(record.name)
    return record.sort_key


def _filing(document: Document) -> tuple[bool, str, str]:
    """Alphabetical order without regard to accents, case and signs; digits after letters."""
    plain = _plain(_sort_key(document))
    return not plain[:1].isalpha(), plain, document.id


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if c.isalnum() or c.isspace()).casefold()


def _letter(key: str) -> str:
    first = _plain(key)[:1].upper()
    return first if first.isalpha() else "#"


def _anchor(letter: str) -> str:
    return "letter-" + (letter.lower() if letter != "#" else "other")
