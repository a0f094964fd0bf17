"""`Content` → plans: every file of the site, with a key that tells all that its bytes depend on, and what makes it."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from copy import copy
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from sitegen import __version__
from sitegen.build import assets, cards, fonts, licences, networks, outlines
from sitegen.build.content import Content
from sitegen.build.makers import maker
from sitegen.build.making import Again, Job, Page, Stream
from sitegen.build.memo import Memo, Row, code_digest, digest
from sitegen.build.output import Late, Make, Plan
from sitegen.build.passages import Passages
from sitegen.build.pool import Pool
from sitegen.build.readers import Readers
from sitegen.build.room import Room
from sitegen.build.run import Mode, below_root
from sitegen.build.scan import File
from sitegen.config import Config
from sitegen.errors import SiteError
from sitegen.model import ids, views
from sitegen.model.mention import Facts, Target
from sitegen.publish import feed, sitemap
from sitegen.publish.guard import NOTHING, Guard
from sitegen.relate import ledger, urls
from sitegen.relate.articles import is_copied, targets_of
from sitegen.relate.cells import Reads
from sitegen.relate.index import Index
from sitegen.relate.pages import Planner, Topic
from sitegen.relate.planned import PlannedPage, SearchPage, Setting
from sitegen.relate.quoted import Quoted
from sitegen.relate.records import ON_REQUEST
from sitegen.relate.site import overviews, site_view
from sitegen.render.theme import Theme

if TYPE_CHECKING:
    from sitegen.build.exports import Exports

_encode = msgspec.msgpack.Encoder().encode
_encode_into = msgspec.msgpack.Encoder().encode_into
_TELLING = 16  # pages of records, which tell whether most have to be made
_HELD = 64_000_000  # bytes of a file that is copied as one


def guarded(plans: Iterable[Plan], guard: Guard) -> Iterable[Plan]:
    """The plans, to be looked at again where there are other secrets than last time."""
    return (replace(plan, key=digest(plan.key, guard.digest)) for plan in plans) if guard else plans


def planner(content: Content, setting: Setting, passages: Passages) -> Planner:
    """What plans the pages of the site."""
    quoted = Quoted(passages.of, passages.gathered)
    return Planner(content.index, content.filed, content.pages, content.notes, content.sources, quoted, setting)


def planned_pages(content: Content, setting: Setting, memo: Memo, readers: Readers | None = None) -> Iterator[PlannedPage]:
    """Every page of the site. readers: told of those that have a topic."""
    yield from (page for _, page in _about(planner(content, setting, Passages(memo, content.index)), readers))
    yield from _of_ledger(content, setting)


def _about(made: Planner, readers: Readers | None) -> Iterator[tuple[Topic, PlannedPage]]:
    """Every page that has a topic, with that."""
    for topic in made.topics():
        found = list(made.pages(topic))
        if readers is not None:
            readers.note(topic, found)
        yield from ((topic, page) for page in found)


def _of_ledger(content: Content, setting: Setting) -> Iterator[PlannedPage]:
    """The pages at addresses that were given up."""
    if content.ledger.rows:
        titles = {text.url: text.title for text in content.texts}
        titles |= {subject.url: subject.title for subject in content.index.authority.records.values()}
        yield from ledger.planned(content.ledger, content.addresses.paths, titles, setting)


class Plans:
    """The plans of all files of a site, each with a key that tells all that its bytes depend on.

    readers: as for `planned_pages`.
    """

    def __init__(self, config: Config, content: Content, looks: Looks, memo: Memo, readers: Readers | None = None) -> None:
        self._config, self._content, self._looks, self._memo, self._readers = config, content, looks, memo, readers
        self._below = below_root(str(config.content), config.root)
        self._passages = Passages(memo, content.index)
        self._made = planner(content, looks.setting, self._passages)
        self._listed = [urls.DATA] if config.exports else []
        self._scratch = bytearray()

    def prepare(self, known: Mapping[str, Row]) -> None:
        """Do once, before workers are forked, what most pages of records need, where most of these have to be made.

        A few of them tell. known: the files of the last build.
        """
        content, records = self._content, [subject for filed in self._made.by_kind.values() for subject in filed]
        some = [next(self._made.records.record(subject)) for subject in records[:: len(records) // _TELLING + 1]]
        plans = [plan_page(self._below, page, content, self._looks, self._memo) for page in some]
        moved = [plan.path not in known or known[plan.path].key != plan.key for plan in guarded(plans, content.guard)]
        if 2 * sum(moved) > len(moved):
            content.index.expect_all()
            self._passages.gather()

    def pages(self) -> Iterator[Plan]:
        """The pages that have a topic."""
        for topic, page in _about(self._made, self._readers):
            # Planned a second time where it is made: the pages would be nine tenths of the memory of all plans.
            yield plan_page(self._below, page, self._content, self._looks, self._memo, Again(topic, page.url))
            if page.template not in ("404.html", "redirect.html", "search.html"):
                self._listed.append(page.url)

    def again(self, page: Again) -> Job:
        """One of them, to be made."""
        return _page(self._made.planned(page.topic, page.url), self._content, self._looks, self._memo, self._scratch)

    def files(self) -> Iterator[Plan]:
        """What can be planned before these."""
        config, content, looks, memo, below = self._config, self._content, self._looks, self._memo, self._below
        theme, setting = looks.theme, looks.setting
        sources = {file.path: file for file in content.tree.sources}
        yield from (plan_page(below, page, content, looks, memo) for page in _of_ledger(content, setting))
        for text in content.index.articles:
            if not is_copied(text, content.index.withheld):
                continue
            yield plan_markdown(below, text, content)
            if source := sources.get(text.source):
                yield _copy(urls.source_url(text.url), source, source.seen.digest, "an article's source", f"{below}/{text.path}")
        for static in content.tree.static:
            yield _copy(static.path, static, static.seen.digest, "a file", f"{below}/{static.path}")
        yield from assets.plans(theme, config)
        yield licences.plan(content, setting, theme)
        if setting.site.card:
            yield from cards.plans(config, content.index, setting.words)
        yield from _record_feeds(content, looks)

    def all(self) -> Iterator[Plan]:
        """Every file."""
        yield from self.pages()
        yield from self.files()
        yield from self.lists()

    def lists(self) -> Iterator[Plan]:
        """What machines ask for, the list of all pages among it, once these are planned."""
        content, setting = self._content, self._looks.setting
        yield from plan_feeds(content, self._looks)
        if setting.search is not None:
            described = sitemap.opensearch(setting.site, setting.linker, urls.SEARCH)
            yield _bytes(sitemap.OPENSEARCH, described, "the OpenSearch description")
        for path, data in sitemap.sitemaps(self._listed, setting.linker, sitemap.changed(content.index.articles)).items():
            yield _bytes(path, data, "the sitemap")
        if all(file.path != sitemap.ROBOTS for file in content.tree.static):
            yield _bytes(sitemap.ROBOTS, sitemap.robots(setting.linker), "robots.txt")


def plan_page(
    below: str, page: PlannedPage, content: Content, looks: Looks, memo: Memo, again: Again | None = None
) -> Plan:  # fmt: skip
    """A page as a file. below: where the content lies, as messages write it. again: how to come by it, where it is not kept."""
    key = content.cells.key(page.reads, page.said, looks.digest(page))
    if page.said:
        looks.said[page.url] = digest(page.said)
    file = f"{below}/{page.path}" if page.path else ""
    return Plan(ids.output_path(page.url), key, again or partial(_page, page, content, looks, memo), page.owner, file)


def plan_markdown(below: str, text: Facts, content: Content) -> Plan:
    """The copy of an article's Markdown."""
    copy = content.seen[text.path].digest
    return _copy(urls.markdown_url(text.url), content.files[text.path], copy, "an article's Markdown", f"{below}/{text.path}")


def plan_feeds(content: Content, looks: Looks) -> Iterator[Plan]:
    """The feeds of the collection: of its articles, and of what was corrected in them."""
    setting, articles = looks.setting, content.index.articles
    site, linker = setting.site, setting.linker
    whole, entries = feed.Feed(site.title, site.description, "/", "/feed"), feed.newest(articles)
    yield _bytes(feed.FEED, feed.atom(whole, entries, site, linker), "the feed")
    yield _bytes(feed.FEED_JSON, feed.json_feed(whole, entries, site, linker), "the feed")
    if corrected := feed.corrected(content.index.corrected):
        title = setting.words.gettext("Corrections in %(site)s", site=site.title)
        said = feed.Feed(title, "", "/", "/corrections")
        yield _bytes(feed.CORRECTIONS, feed.atom(said, corrected, site, linker), "the feed of corrections")
        yield _bytes(feed.CORRECTIONS_JSON, feed.json_feed(said, corrected, site, linker), "the feed of corrections")


def _record_feeds(content: Content, looks: Looks) -> Iterator[Plan]:
    """The feeds of those records that have one, each made where it has to be."""
    setting = looks.setting
    site, linker = setting.site, setting.linker
    for record in sorted(setting.fed):
        subject, named = content.index.authority.records[record], content.index.named[record]
        recent = [facts for facts in named if facts.date][-feed.ENTRIES :]
        about = subject.record.summary or subject.record.role
        said = feed.Feed(f"{subject.title} · {site.title}", about, subject.url, f"{subject.url}feed")
        seen = _encode(
            (said, [facts.tags for facts in recent], site.language, site.author, site.title, site.generator, linker.base)
        )
        key = content.cells.key((("card", [facts.id for facts in recent]),), seen, code_digest())
        for ending, made in ((".xml", feed.atom), (".json", feed.json_feed)):
            path = said.path.lstrip("/") + ending
            job = partial(_feed_job, path, partial(made, said), recent, site, linker)
            yield Plan(path, digest(key, ending), job, "a record's feed", subject.path)


def _feed_job(
    path: str, made: Callable[..., bytes], recent: Sequence[Facts], site: views.SiteView, linker: ids.Linker
) -> Job:  # fmt: skip
    return Job(path, data=made(feed.newest(recent), site, linker))


def fed(config: Config, index: Index) -> frozenset[str]:
    """The records that have a feed: of the reviewed ones those most named, as many as the configuration says."""
    if not config.record_feeds:
        return frozenset()
    named = ((-count, record) for record, count in index.counts.items() if record in index.authority.records)
    reviewed = (pair for pair in named if index.authority.records[pair[1]].record.status == "reviewed")
    return frozenset(record for _, record in heapq.nsmallest(config.record_feeds, reviewed))


def exports_for(config: Config, content: Content, setting: Setting, memo: Memo, mode: Mode) -> Exports | None:
    """The exports that the configuration asks for, where they are not left out."""
    if not (config.exports and mode.exports):
        return None
    from sitegen.build.exports import exports_of  # what few builds need is loaded for those

    return exports_of(content, setting, memo, config.exports)


def left_out(config: Config, content: Content, looks: Looks, memo: Memo) -> list[Plan]:
    """The page that says which exports there would be."""
    if not config.exports:
        return []
    from sitegen.build.exports import page_without

    return [plan_page("", page_without(looks.setting, config.exports), content, looks, memo)]


def late_plans(
    config: Config, exports: Exports | None, content: Content, looks: Looks, memo: Memo, pool: Pool, target: str
) -> Callable[[Room | None], list[Late]]:  # fmt: skip
    """What is made of what was made: the files that describe the exports, the page that counts them, the receipt of all.

    What a server sends in place of files, and what a host reads, comes last: it is no part of what was published.
    """

    def rounds(room: Room | None) -> list[Late]:
        def making(plans: list[Plan]) -> tuple[list[Plan], Make]:
            plans = [*guarded(plans, content.guard)]
            return plans, maker(pool, plans, looks, room)

        def hosted(_: Mapping[str, Row]) -> tuple[list[Plan], Make]:
            from sitegen.build import hosting

            return making(hosting.plans(target, config, content, looks))

        def packed(rows: Mapping[str, Row]) -> tuple[list[Plan], Make]:
            from sitegen.build import packing

            plans = list(packing.plans(config, rows, room))
            return plans, maker(pool, plans, looks.unguarded(), room)  # what they are made of was looked at

        last = [*([packed] if config.precompress else []), *([hosted] if target else [])]
        if exports is None:
            return [*last]

        def described(rows: Mapping[str, Row]) -> tuple[list[Plan], Make]:
            return making(exports.described(rows))

        def page(rows: Mapping[str, Row]) -> tuple[list[Plan], Make]:
            return making([plan_page("", exports.page(rows), content, looks, memo)])

        def receipt(rows: Mapping[str, Row]) -> tuple[list[Plan], Make]:
            from sitegen.build.receipts import receipt_of
            from sitegen.publish.receipt import RECEIPT, encoded

            data = encoded(receipt_of(config, content, looks.theme, rows)) if rows else b""
            return making([_bytes(RECEIPT, data, "the receipt")])

        return [described, page, receipt, *last]

    return rounds


def setting_of(config: Config, index: Index, theme: Theme, search: SearchPage | None = None, *, preview: bool = False) -> Setting:
    """What pages show of the configuration. The menu names the kinds that have records."""
    words, has = theme.words, frozenset(theme.optional())
    kinds = [kind for kind in config.kinds if kind.id in index.authority.kinds]
    menu = [views.Link(item.title, item.url) for item in config.menu]
    menu = menu or [views.Link(words.gettext("Articles"), urls.ARTICLES),
                    *(views.Link(words.gettext(kind.label), f"/{kind.id}/") for kind in kinds)]  # fmt: skip
    footer = [views.Link(item.title, item.url) for item in config.footer]
    site = site_view(
        title=config.title, description=config.description, base=config.url, language=config.language,
        author=config.author, licence=config.licence, kinds=kinds, menu=menu, footer=footer, options=config.options,
        generator=f"sitegen {__version__}", words=words, fonts=fonts.folder(config), card=cards.card(config, theme),
        overviews=overviews(index, has, words), data=urls.DATA if config.exports else "",
    )  # fmt: skip
    wanted = frozenset(name for template, name in ON_REQUEST if theme.reads(template, name))
    kept = {kind.id: kind for kind in site.kinds}
    carded = bool(site.card) and config.cards == "articles"
    feeds = frozenset[str]() if preview else fed(config, index)
    linker = ids.Linker(config.url, config.links)
    return Setting(site, kept, linker, words, search, preview, has, wanted, carded, feeds, networks.most(config))


class Looks:
    """What a page's template can see besides its view: the theme, and the configuration. own: the file of outlines for maps."""

    def __init__(self, theme: Theme, setting: Setting, guard: Guard | None = None, own: File | None = None) -> None:
        self.theme, self.setting, self.guard, self.own = theme, setting, guard or NOTHING, own
        self._digests: dict[str, bytes] = {}
        self._looked: dict[tuple[str, str], bool] = {}
        self.said: MutableMapping[str, bytes] = {}  # by URL, what pages show besides cells

    def saying(self, search: SearchPage | None) -> Looks:
        """The same, where the search page says something else."""
        other = copy(self)
        other.setting, other.said = replace(self.setting, search=search), copy(self.said)
        return other

    def unguarded(self) -> Looks:
        """The same, where nothing is private."""
        other = copy(self)
        other.guard = NOTHING
        return other

    def digest(self, page: PlannedPage) -> bytes:
        """Of all that the template of a page can see besides its view, and of the map it shows."""
        template = page.template
        if template not in self._digests:
            site, linker = self.setting.site, self.setting.linker
            seen = _encode([getattr(site, name) for name in self.fields(template)])
            assets = _encode([(path, self._published[path]) for path in self.assets(template)])
            self._digests[template] = digest(
                code_digest(), template, self.theme.digest(template), seen, linker.base, linker.mode, site.language, site.title,
                assets, str(self.theme.finish.tight),
            )  # fmt: skip
        found = self._digests[template]
        if self.own and self.maps(page):
            found = digest(found, self.own.seen.digest)
        return digest(found, self.map(page)) if page.map and self.maps(page) else found

    def map(self, page: PlannedPage) -> bytes:
        """The map a page shows, encoded; b"" where it has none."""
        asked = page.mapped or page.map
        request = asked() if asked and self.maps(page) else None
        return _encode(request) if request else b""

    def fields(self, template: str) -> list[str]:
        """The fields of `site` that a template may look at."""
        read = self.theme.reads_of_site(template)
        return [name for name in views.SiteView.__struct_fields__ if read is None or name in read]

    def assets(self, template: str) -> list[str]:
        """The assets whose addresses a template may write."""
        named = self.theme.named_assets(template)
        return [path for path in self._published if named is None or path in named]

    @property
    def _published(self) -> Mapping[str, str]:
        return self.theme.finish.assets or {}

    def reads(self, page: PlannedPage) -> Reads:
        """The cells a page reads, those of its template and of the configuration among them."""
        fields = [*self.fields(page.template), "base", "title", "language", *(["outlines"] if self.maps(page) else [])]
        assets = ("asset", self.assets(page.template))
        return (*page.reads, ("said", [page.url]), ("template", [page.template]), ("site", fields), assets)

    def tables(self) -> dict[str, Mapping[str, bytes]]:
        """The cells of templates and configuration (see `causes`)."""
        templates = {name.partition("/")[2] for name in self.theme.templates()}
        site = self.setting.site
        return {
            "template": {name: self.theme.digest(name).encode() for name in sorted(templates)},
            "site": {name: digest(_encode(getattr(site, name))) for name in site.__struct_fields__}
            | {"outlines": self.own.seen.digest if self.own else b""},
            "said": self.said,
            "asset": {path: into.encode() for path, into in self._published.items()},
        }

    def maps(self, page: PlannedPage) -> bool:
        """Whether the page has a map that its template looks at."""
        if page.map is None and page.mapped is None:
            return False
        return self._looks_at(page.template, "map")

    def notes(self, page: PlannedPage) -> bool:
        """Whether the page's template looks at the notes of articles."""
        return self._looks_at(page.template, "notes")

    def _looks_at(self, template: str, field: str) -> bool:
        if (template, field) not in self._looked:
            self._looked[template, field] = self.theme.reads(template, field)
        return self._looked[template, field]


def looks_of(config: Config, content: Content, theme: Theme, setting: Setting) -> Looks:
    """What the pages of a collection can see."""
    return Looks(theme, setting, content.guard, outlines.own(config, content))


def _page(page: PlannedPage, content: Content, looks: Looks, memo: Memo, scratch: bytearray | None = None) -> Job:
    """The job that renders a page. scratch: where its view is encoded: one that grew for the last need not grow for this one."""
    view = page.view()
    reading = own = b""
    targets: tuple[Target, ...] = ()
    addresses: tuple[str | None, ...] = ()
    if page.text:
        text = content.written[page.text]
        reading, own = memo.reading(text.path), text.own
        targets, addresses = tuple(targets_of(content.index, text.named, looks.setting.words)), content.addresses.lead(text)
    noted = bool(content.tree.notes and page.text) and looks.notes(page)
    preview = noted and looks.setting.preview
    kind, drawn = type(view).__name__, looks.map(page)
    if scratch is None:
        encoded = _encode(view)
    else:
        _encode_into(view, scratch)
        encoded = bytes(scratch)
    # The digest of a text's reading stands for it.
    goes_in = digest(_encode((kind, encoded, drawn, own, targets, addresses, noted, preview)), looks.digest(page))
    whole = view if type(view) is views.ArticleView else None
    job = Page(kind, encoded, drawn, reading, targets, addresses, noted, preview, whole)
    return Job(ids.output_path(page.url), goes_in, job)


def _copy(path: str, file: File, known: bytes, owner: str, source: str) -> Plan:
    path = path.lstrip("/")
    if file.seen.size > _HELD:
        return Plan(path, b"file" + known, lambda: Stream(path, partial(_copied, file.full)), owner, source)
    return Plan(path, b"file" + known, lambda: Job(path, file=file.full), owner, source)


def _copied(full: str, waiting: str) -> None:
    """Raises: SiteError where the file cannot be read; OSError where the other cannot be written."""
    try:
        file = open(full, "rb")  # noqa: PTH123, SIM115
    except OSError as error:
        raise SiteError(f"{full} cannot be read: {error.strerror}", help="check its permissions") from error
    from shutil import copyfileobj

    with file, open(waiting, "wb") as target:  # noqa: PTH123
        copyfileobj(file, target, 1 << 22)


def _bytes(path: str, data: bytes, owner: str) -> Plan:
    return Plan(path, digest(b"file", data), Job(path, data=data), owner)
