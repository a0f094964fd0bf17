"""The story: content → site. Everything that joins the rooms is here, and all use of the memo."""

from __future__ import annotations

import datetime as dt
import heapq
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from sitegen import __version__
from sitegen.annotate.names import Names
from sitegen.build import cards, causes, fonts, history
from sitegen.build.causes import Moved
from sitegen.build.lock import complete, locked
from sitegen.build.memo import Input, Memo, MemoError, Row, Seen, Stored, code_digest, digest
from sitegen.build.output import STAGING, Late, Make, Plan, Room, Synced, collisions, rehearse, sync
from sitegen.build.pool import Pool
from sitegen.build.scan import File, Tree, scan
from sitegen.build.searching import Indexing, has_page, page_of, search_of
from sitegen.build.stages import (
    HEADS,
    TEXTS,
    Bench,
    Job,
    Known,
    Made,
    Order,
    Page,
    Stream,
    Workshop,
    carry_out,
    make,
    notes_stage,
    poured,
)
from sitegen.config import Config
from sitegen.errors import Issue, SiteError, Span, errors, in_order, strict
from sitegen.model import ids, views
from sitegen.model.entity import Subject
from sitegen.model.mention import Facts, Reading, Target
from sitegen.model.privacy import PUBLIC
from sitegen.publish import feed, sitemap
from sitegen.publish.guard import NOTHING, Guard
from sitegen.relate import check, ledger, pages
from sitegen.relate.authority import Addresses, Authority, Signposts, addresses_of, authority_of, named_records, stems_of
from sitegen.relate.cells import Cells, Reads, cells_of
from sitegen.relate.index import Index, names_of, published, relate
from sitegen.relate.planned import PlannedPage, SearchPage, Setting
from sitegen.theme import Theme

if TYPE_CHECKING:
    from sitegen.build.exports import Exports
    from sitegen.model.notes import NotesFile

_encode = msgspec.msgpack.Encoder().encode
_KEPT_BUILDS = 50
_ARTICLES_AT_HAND = 20_000


@dataclass(frozen=True, slots=True)
class Mode:
    """How a run differs from the last: `today` decides what is of a later date.

    preview: what waits is shown, too. exports: whether they are written. target: the host whose
    files are written, too, "" for none.
    """

    today: dt.date
    drafts: bool = False
    strict: bool = False
    paranoid: bool = False
    search: Indexing = Indexing.MADE
    preview: bool = False
    exports: bool = True
    target: str = ""


@dataclass(slots=True)
class Profile:
    """Where a build's time went: seconds by part of the story."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began


@dataclass(frozen=True, slots=True)
class Left:
    """What a build knew when it ended, for one that follows it in the same process (see `build.again`)."""

    number: int
    content: Content
    looks: Looks
    rows: Mapping[str, Row]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Report:
    """What a build found and did. `synced` is None where errors stopped it: then nothing was changed.

    hits: by stage, how many inputs were known and how many read. slow: texts whose Markdown left the fast path.
    leans: whether notes hang on what is not in the content folder, the history that git has.
    """

    issues: tuple[Issue, ...]
    synced: Synced | None
    counts: Mapping[str, int]
    note: str = ""
    profile: Profile = field(default_factory=Profile)
    hits: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    slow: Sequence[str] = ()
    seen: Mapping[str, Seen] = field(default_factory=dict)
    left: Left | None = None
    leans: bool = False

    @property
    def ok(self) -> bool:
        return self.synced is not None


@dataclass(frozen=True)
class Content:
    """The collection, read and related: all that plans and checks are made of.

    known: what was known before any text was read. subjects: every record on file. facts: every text that could be read,
    by path. texts: published articles and pages; notes: those on published records, by record. filed: the records of
    each kind, as its index files them. seen: the files by path. moved: what is not as the last build knew it. read: what
    is wrong with each file by itself, by path; issues: all that is wrong.
    """

    tree: Tree
    known: Known
    subjects: Mapping[str, Subject]
    facts: Mapping[str, Facts]
    texts: Sequence[Facts]
    notes: Mapping[str, Facts]
    unnamed: Sequence[Subject]
    addresses: Addresses
    index: Index
    filed: Mapping[str, Sequence[Subject]]
    cells: Cells
    seen: Mapping[str, Seen]
    moved: Sequence[Moved]
    read: Mapping[str, tuple[Issue, ...]]
    guard: Guard = NOTHING
    ledger: ledger.Ledger = ledger.NONE
    issues: tuple[Issue, ...] = ()

    @cached_property
    def written(self) -> dict[str, Facts]:
        """Every text that a page shows, by id."""
        return {text.id: text for text in (*self.texts, *self.notes.values())}

    @cached_property
    def files(self) -> dict[str, File]:
        """The documents by path."""
        return {file.path: file for file in self.tree.documents}


def build(config: Config, memo: Memo, mode: Mode, pool: Pool | None = None) -> Report:
    """Bring the output folder up to date with the content; where there are errors, leave it as it is."""
    with locked(config.memo):
        complete(config.memo)
        try:
            return _build(config, memo, mode, pool or Pool.of(1))
        except MemoError as error:
            if not error.damaged:
                raise
            memo.renew(error)
            return _build(config, memo, mode, pool or Pool.of(1))


def _build(config: Config, memo: Memo, mode: Mode, pool: Pool) -> Report:
    profile = Profile()
    with profile.part("theme"):
        theme = load_theme(config)
    content = read(config, theme, memo, mode, pool, profile)
    number = int(memo.get("build") or b"0") + 1
    with profile.part("search"):
        # Where the content has errors nothing will be published.
        search = search_of(config, content, theme, memo, Indexing.KEPT if stops(content.issues, mode) else mode.search)
    with profile.part("plan"):
        setting = setting_of(config, content.index, theme, search.page, preview=mode.preview)
        looks = Looks(theme, setting, content.guard)
        plans = [*plan(config, content, looks, memo), *search.plans]
        exports = _exports(config, content, setting, memo, mode)
        plans += exports.plans() if exports else _left_out(config, content, looks, memo)
        plans = _guarded(plans, content.guard)
        late = _late(config, exports, content, looks, memo, pool, mode.target)
        issues = [*content.issues, *search.issues, *collisions([*plans, *(p for more in late(None) for p in more({})[0])])]
    counts = count(content)
    memo.commit()  # workers read it by themselves
    if stops(issues, mode):
        # All errors come in one run: those of templates too.
        issues += rehearse(plans, config.output, memo, maker(pool, plans, looks, None), late(None))
        return Report(final(issues, config, mode), None, counts, notes_of(memo, pool), profile, memo.hits, memo.slow)
    with profile.part("make"):
        room = Room(str(config.output / STAGING), str(config.output))
        synced = sync(plans, config.output, memo, maker(pool, plans, looks, room), number, late(room))
    with profile.part("remember"):
        if not synced.issues:
            _remember(memo, number, content, looks, config.output)
        memo.commit()
    issues += synced.issues
    if mode.target and not synced.issues:
        from sitegen.build import hosting  # few builds are for a host

        issues += hosting.check(mode.target, config, content)
    done = None if synced.issues else synced
    leans = bool(content.tree.notes) and any(facts.history for facts in content.texts)
    return Report(
        final(issues, config, mode), done, counts, notes_of(memo, pool), profile, memo.hits, memo.slow, content.seen,
        Left(number, content, looks, synced.rows, counts) if done else None, leans,
    )  # fmt: skip


def _guarded(plans: list[Plan], guard: Guard) -> list[Plan]:
    """The plans, to be looked at again where there are other secrets than last time."""
    return [replace(plan, key=digest(plan.key, guard.digest)) for plan in plans] if guard else plans


def _remember(memo: Memo, number: int, content: Content, looks: Looks, folder: Path) -> None:
    """Write down what changed for this build of a folder, and the cells it saw."""
    before = memo.get(f"cells {folder}")
    found: list[causes.Change] = []
    if remember_cells(memo, content, looks, folder) != before:
        found = causes.changes(before, _tables(content, looks), content.moved, partial(line_of, memo, content))
    remember(memo, number, found)


def remember(memo: Memo, number: int, found: Iterable[causes.Change]) -> None:
    """Write down what changed for this build, and its number."""
    memo.set_changes(number, found, keep=_KEPT_BUILDS)
    memo.set("build", b"%d" % number)


def remember_cells(memo: Memo, content: Content, looks: Looks, folder: Path) -> bytes:
    """Write down the cells that a build of a folder saw; they are also given."""
    now = causes.encoded(_tables(content, looks))
    memo.set(f"cells {folder}", now)
    return now


def _tables(content: Content, looks: Looks) -> dict[str, Mapping[str, bytes]]:
    return {**content.cells.tables, **looks.tables()}


def line_of(memo: Memo, content: Content, facts: Facts, record: str) -> int:
    """The line of a text's file that first names a record, 0 where it cannot be told."""
    quotes = msgspec.msgpack.decode(memo.quotes(facts.path), type=dict[str, list[views.Quote]])
    try:
        text = content.files[facts.path].read().decode()
    except (OSError, UnicodeDecodeError):
        return 0
    quote = quotes[record][0]
    body = text.find("\n---", 3)
    for wanted in ((quote.before + quote.name)[-40:].lstrip(), quote.name):
        if (at := text.find(wanted, body)) >= 0:
            return text.count("\n", 0, at + len(wanted)) + 1
    return 0


def examine(config: Config, memo: Memo, mode: Mode, pool: Pool | None = None) -> tuple[Issue, ...]:
    """All that `build` would complain of before it writes, without a change to anything."""
    pool = pool or Pool.of(1)
    theme = load_theme(config)
    content = read(config, theme, memo, mode, pool)
    setting = setting_of(config, content.index, theme, page_of(config, content, theme, memo, Indexing.NONE))
    looks = Looks(theme, setting, content.guard)
    plans = [*plan(config, content, looks, memo), *_left_out(config, content, looks, memo)]
    memo.commit()
    unnamed = check.check_unnamed(content.unnamed, below_root(str(config.content), config.root))
    doubts = _doubts(config, content, memo, mode)
    rehearsed = rehearse(plans, config.output, memo, maker(pool, plans, looks, None))
    return final([*content.issues, *unnamed, *doubts, *collisions(plans), *rehearsed], config, mode)


def _doubts(config: Config, content: Content, memo: Memo, mode: Mode) -> Iterator[Issue]:
    """What a person may want to look at now and then: notes that lost their place, doubles, old suggestions, common names."""
    below = below_root(str(config.content), config.root)
    subjects = list(content.subjects.values())
    locate = _Locator({file.path: file for file in content.tree.documents})
    decoder = msgspec.msgpack.Decoder(_TextOnly)
    texts = (decoder.decode(reading).text for path, reading in memo.readings() if not is_record(path))
    since = history.added(config.content) if any(subject.record.status == "suggested" for subject in subjects) else {}
    for issue in (
        *_unanchored(config, content),
        *check.check_names(file.path for file in content.tree.files),
        *check.check_near_duplicates(subjects, locate),
        *check.check_old_suggestions(subjects, since, mode.today, locate),
        *check.check_common_names(content.index.authority.records.values(), texts, locate),
    ):
        yield replace(issue, span=replace(issue.span, path=f"{below}/{issue.span.path}"))


def _unanchored(config: Config, content: Content) -> Iterator[Issue]:
    """The notes that a person has to decide."""
    if not content.tree.notes:
        return
    from sitegen.build import annotations

    yield from annotations.check_anchors(content.tree.notes, config.content, raw_html=config.raw_html)


def read(config: Config, theme: Theme, memo: Memo, mode: Mode, pool: Pool, profile: Profile | None = None) -> Content:
    """Scan, read, find mentions, relate, check. Writes nothing but the memo."""
    profile = profile or Profile()
    kinds = [kind.id for kind in config.kinds]
    with profile.part("scan"):
        before = memo.files()
        tree = scan(config.content, before, paranoid=mode.paranoid)
        files = {file.path: file for file in tree.documents}
        stems = stems_of(path.removesuffix(".md") for path in files)
    with profile.part("heads"):
        records = {path: file for path, file in files.items() if is_record(path)}
        had = memo.known(HEADS)
        heads = memo.map(pool, HEADS, None, _inputs(records, pool), _keyed(), _digests(records), had)
        subjects = {stored.value.id: stored.value for stored in heads.values() if stored.value}
        on_file = authority_of((s for s in subjects.values() if s.kind in kinds), config.annotate.publish)
    with profile.part("texts"):
        noted = {subject.path for subject in subjects.values() if subject.noted and subject.id in on_file.records}
        written = {path: file for path, file in files.items() if path in noted or not is_record(path)}
        names = Names.of(on_file.names(), tree.stoplist)
        has = frozenset(theme.optional())
        known = Known(
            names, Signposts(on_file, stems), on_file, config.raw_html, config.language, days=views.TimelineView.template in has
        )
        read_notes: Mapping[str, Stored[NotesFile]] = {}
        if tree.notes:
            read_notes, known = _with_notes(config, memo, pool, tree, known)
        had_texts = memo.known(TEXTS)
        read_texts = _texts(memo, pool, known, written, had_texts)
    with profile.part("relate"):
        seen = _seen(tree, heads, read_texts)
        memo.set_files(seen, before)
        facts = {path: stored.value for path, stored in read_texts.items() if stored.value}
        notes = {text.id: text for text in facts.values() if text.path in noted}
        candidates = [text for text in facts.values() if text.path not in noted and _has_page(text)]
        texts = published(candidates, mode.today, drafts=mode.drafts)
        authority = on_file.only(named_records(texts, notes))
        notes = {doc_id: note for doc_id, note in notes.items() if doc_id in authority.records}
        withheld = names_of(text for text in candidates if text.is_withheld(mode.today))
        addresses = _addresses(tree, texts, withheld, authority, theme, stems, exports=bool(config.exports))
        articles = [text for text in texts if text.kind == ids.ARTICLES]
        index = relate(articles, authority, partial(linked, addresses), withheld)
        filed = pages.kinds_of(index, kinds)
        parts = pages.part_urls(index, filed, has) | {link.url for link in pages.overviews(index, has, theme.words)}
        addresses = replace(addresses, paths=addresses.paths | parts)
        guard = _guard(subjects, facts, read_notes, memo, mode)
        content = Content(
            tree, known, subjects, facts, texts, notes, [s for i, s in on_file.records.items() if i not in authority.records],
            addresses, index, filed, cells_of(index, texts, notes, addresses.lead, filed), seen,
            (*_moved(had, heads), *_moved(had_texts, read_texts)),
            _issues_of(heads, read_texts, read_notes),
            guard,
            _ledger(tree, guard),
        )  # fmt: skip
    with profile.part("check"):
        return replace(content, issues=tuple(problems(config, content, memo)))


def problems(config: Config, content: Content, memo: Memo) -> Iterator[Issue]:
    """All that is wrong with the content, by paths below the collection's root."""
    below = below_root(str(config.content), config.root)
    alone = (issue for issues in content.read.values() for issue in issues)
    for issue in (*content.tree.issues, *alone, *_checked(config, content, memo)):
        yield replace(issue, span=replace(issue.span, path=f"{below}/{issue.span.path}"))
    yield from check.check_menu((item.url for item in (*config.menu, *config.footer)), content.addresses, config.file)
    yield from fonts.check(config)
    yield from cards.check(config)


def planner(content: Content, setting: Setting, memo: Memo) -> pages.Planner:
    """What plans the pages of the site."""
    quotes = _Quotes(memo, {facts.id: facts.path for facts in content.index.articles})
    texts = [text for text in content.texts if text.kind == ids.PAGES]
    sources = {file.path for file in content.tree.sources}
    return pages.Planner(content.index, content.filed, texts, content.notes, sources, quotes, setting)


def planned_pages(content: Content, setting: Setting, memo: Memo) -> Iterator[PlannedPage]:
    """Every page of the site."""
    made = planner(content, setting, memo)
    yield from (page for topic in made.topics() for page in made.pages(topic))
    if content.ledger.rows:
        titles = {text.url: text.title for text in content.texts}
        titles |= {subject.url: subject.title for subject in content.index.authority.records.values()}
        yield from ledger.planned(content.ledger, content.addresses.paths, titles, setting)


def plan(config: Config, content: Content, looks: Looks, memo: Memo) -> Iterator[Plan]:
    """Every file of the site, with a key that tells all that its bytes depend on."""
    theme, setting = looks.theme, looks.setting
    below = below_root(str(config.content), config.root)
    sources = {file.path: file for file in content.tree.sources}
    listed = [pages.DATA] if config.exports else []
    for page in planned_pages(content, setting, memo):
        yield plan_page(below, page, content, looks, memo)
        if page.template not in ("404.html", "redirect.html", "gone.html", "search.html"):
            listed.append(page.url)
    for text in content.index.articles:
        if not pages.is_copied(text, content.index.withheld):
            continue
        yield plan_markdown(below, text, content)
        if source := sources.get(text.source):
            yield _copy(pages.source_url(text.url), source, source.seen.digest, "an article's source", f"{below}/{text.path}")
    for static in content.tree.static:
        yield _copy(static.path, static, static.seen.digest, "a file", f"{below}/{static.path}")
    for path, known in theme.asset_digests().items():
        yield Plan(path, digest(b"asset", known), partial(_asset, theme, path), f"the theme {config.theme}")
    if setting.site.fonts and fonts.shown(theme):
        yield from fonts.plans(config)
    if setting.site.card:
        yield from cards.plans(config, content.index, setting.words)
    yield from plan_feeds(content, looks)
    yield from _record_feeds(content, looks)
    if setting.search is not None:
        described = sitemap.opensearch(setting.site, setting.linker, pages.SEARCH)
        yield _bytes(sitemap.OPENSEARCH, described, "the OpenSearch description")
    for path, data in sitemap.sitemaps(listed, setting.linker, sitemap.changed(content.index.articles)).items():
        yield _bytes(path, data, "the sitemap")
    if all(file.path != sitemap.ROBOTS for file in content.tree.static):
        yield _bytes(sitemap.ROBOTS, sitemap.robots(setting.linker), "robots.txt")


def plan_page(below: str, page: PlannedPage, content: Content, looks: Looks, memo: Memo) -> Plan:
    """A page as a file. below: where the content lies, as messages write it."""
    key = content.cells.key(page.reads, page.said, looks.digest(page))
    if page.said:
        looks.said[page.url] = digest(page.said)
    file = f"{below}/{page.path}" if page.path else ""
    return Plan(ids.output_path(page.url), key, partial(_page, page, content, looks, memo), page.owner, file)


def plan_markdown(below: str, text: Facts, content: Content) -> Plan:
    """The copy of an article's Markdown."""
    copy = content.seen[text.path].digest
    return _copy(pages.markdown_url(text.url), content.files[text.path], copy, "an article's Markdown", f"{below}/{text.path}")


def plan_feeds(content: Content, looks: Looks) -> Iterator[Plan]:
    """The feeds of the collection: of its articles, and of what was corrected in them."""
    setting, articles = looks.setting, content.index.articles
    site, linker = setting.site, setting.linker
    whole, entries = feed.Feed(site.title, site.description, "/", "/feed"), feed.newest(articles)
    yield _bytes(feed.FEED, feed.atom(whole, entries, site, linker), "the feed")
    yield _bytes(feed.FEED_JSON, feed.json_feed(whole, entries, site, linker), "the feed")
    if corrected := feed.corrected(articles):
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


def _exports(config: Config, content: Content, setting: Setting, memo: Memo, mode: Mode) -> Exports | None:
    """The exports that the configuration asks for, where they are not left out."""
    if not (config.exports and mode.exports):
        return None
    from sitegen.build.exports import exports_of  # what few builds need is loaded for those

    return exports_of(content, setting, memo, config.exports)


def _left_out(config: Config, content: Content, looks: Looks, memo: Memo) -> list[Plan]:
    """The page that says which exports there would be."""
    if not config.exports:
        return []
    from sitegen.build.exports import page_without

    return [plan_page("", page_without(looks.setting, config.exports), content, looks, memo)]


def _late(
    config: Config, exports: Exports | None, content: Content, looks: Looks, memo: Memo, pool: Pool, target: str
) -> Callable[[Room | None], list[Late]]:  # fmt: skip
    """What is made of what was made: the files that describe the exports, the page that counts them, the receipt of all.

    What a host reads comes last: it is no part of what was published, whoever the host.
    """

    def rounds(room: Room | None) -> list[Late]:
        def hosted(_: Mapping[str, Row]) -> tuple[list[Plan], Make]:
            from sitegen.build import hosting

            plans = hosting.plans(target, config, content, looks)
            return plans, maker(pool, plans, looks, room)

        last = [hosted] if target else []
        if exports is None:
            return [*last]

        def described(rows: Mapping[str, Row]) -> tuple[list[Plan], Make]:
            plans = exports.described(rows)
            return plans, maker(pool, plans, looks, room)

        def page(rows: Mapping[str, Row]) -> tuple[list[Plan], Make]:
            plans = [plan_page("", exports.page(rows), content, looks, memo)]
            return plans, maker(pool, plans, looks, room)

        def receipt(rows: Mapping[str, Row]) -> tuple[list[Plan], Make]:
            from sitegen.build.receipts import receipt_of
            from sitegen.publish.receipt import RECEIPT, encoded

            data = encoded(receipt_of(config, content, looks.theme, rows)) if rows else b""
            plans = [_bytes(RECEIPT, data, "the receipt")]
            return plans, maker(pool, plans, looks, room)

        return [described, page, receipt, *last]

    return rounds


def setting_of(config: Config, index: Index, theme: Theme, search: SearchPage | None = None, *, preview: bool = False) -> Setting:
    """What pages show of the configuration. The menu names the kinds that have records."""
    words, has = theme.words, frozenset(theme.optional())
    present = {subject.kind for subject in index.authority.records.values()}
    kinds = [kind for kind in config.kinds if kind.id in present]
    menu = [views.Link(item.title, item.url) for item in config.menu]
    menu = menu or [views.Link(words.gettext("Articles"), pages.ARTICLES),
                    *(views.Link(words.gettext(kind.label), f"/{kind.id}/") for kind in kinds)]  # fmt: skip
    footer = [views.Link(item.title, item.url) for item in config.footer]
    site = pages.site_view(
        title=config.title, description=config.description, base=config.url, language=config.language,
        author=config.author, licence=config.licence, kinds=kinds, menu=menu, footer=footer, options=config.options,
        generator=f"sitegen {__version__}", words=words, fonts=fonts.folder(config), card=cards.card(config, theme),
        overviews=pages.overviews(index, has, words), data=pages.DATA if config.exports else "",
    )  # fmt: skip
    wanted = frozenset(name for template, name in pages.ON_REQUEST if theme.reads(template, name))
    kept = {kind.id: kind for kind in site.kinds}
    carded = bool(site.card) and config.cards == "articles"
    feeds = frozenset[str]() if preview else fed(config, index)
    linker = ids.Linker(config.url, config.links)
    return Setting(site, kept, linker, words, search, preview, has, wanted, carded, feeds)


def load_theme(config: Config) -> Theme:
    """The collection's theme.

    Raises: SiteError, with paths below the collection's root.
    """
    try:
        return Theme.load(config.theme, theme_roots(config), config.language)
    except SiteError as error:
        issues = [
            replace(issue, span=replace(issue.span, path=below_root(issue.span.path, config.root))) for issue in error.issues
        ]
        raise SiteError(error.message, help=error.help, issues=issues) from error


def theme_roots(config: Config) -> tuple[Path, ...]:
    """Where themes are looked for: the collection's own first, then those that come with the program."""
    package = Path(__file__).resolve().parent.parent
    return config.themes, package / "themes", package.parent / "themes"


def stops(issues: Iterable[Issue], mode: Mode) -> bool:
    return bool(errors(strict(issues) if mode.strict else issues))


def final(issues: Iterable[Issue], config: Config, mode: Mode) -> tuple[Issue, ...]:
    """The issues as they are reported: in order, by the run's severity, with paths below the collection's root."""
    below = (_located(issue, config.root) for issue in issues)
    return in_order(strict(below) if mode.strict else below)


def _located(issue: Issue, root: Path) -> Issue:
    return replace(issue, span=replace(issue.span, path=below_root(issue.span.path, root)))


def count(content: Content) -> dict[str, int]:
    index = content.index
    return {
        "articles": len(index.articles),
        "records": len(index.authority.records),
        "mentions": sum(sum(facts.here) for facts in index.articles),
    }


# Reading.


def _inputs(files: Mapping[str, File], pool: Pool) -> dict[str, Input]:
    """The files as a stage takes them; where workers cannot see this machine's files, with their bytes."""
    return {path: Input(path, file.full, None if pool.local else file.read()) for path, file in files.items()}


def _digests(files: Mapping[str, File]) -> dict[str, bytes]:
    """The digests of the files whose bytes are known."""
    return {path: file.seen.digest for path, file in files.items() if file.seen.digest}


def _keyed(*settings: str) -> Callable[[str, bytes], bytes]:
    """Makes a stage's keys: of the program, what of the configuration it reads, and the digest of a file's bytes."""
    seen = digest(code_digest(), *settings)
    return lambda path, data: seen + data


def _ledger(tree: Tree, guard: Guard) -> ledger.Ledger:
    """The ledger of addresses; most collections begin without."""
    file = next((file for file in tree.kept if file.path == ledger.FILE), None)
    if not file:
        return ledger.NONE
    found = ledger.read(file.read())
    return replace(found, silent=frozenset(row.url for row in found.ended if guard and guard.betrayed(row.url.encode())))


def _guard(
    subjects: Mapping[str, Subject], facts: Mapping[str, Facts], notes: Mapping[str, Stored[NotesFile]], memo: Memo, mode: Mode
) -> Guard:
    """The guard over what is kept private; most collections keep nothing so."""
    files = [stored.value for stored in notes.values() if stored.value]
    if (
        any(subject.record.visibility != PUBLIC for subject in subjects.values())
        or any(text.visibility != PUBLIC or text.embargo or text.redacted for text in facts.values())
        or any(note.visibility != PUBLIC for file in files for note in file.notes)
    ):
        from sitegen.build.withheld import guard

        return guard(subjects.values(), facts.values(), files, memo, mode.today)
    return NOTHING


def _with_notes(
    config: Config, memo: Memo, pool: Pool, tree: Tree, known: Known
) -> tuple[Mapping[str, Stored[NotesFile]], Known]:
    """The notes files, read, and what is known with them."""
    from sitegen.build import annotations

    files = {file.path: file for file in tree.notes}
    stored = memo.map(pool, notes_stage(), None, _inputs(files, pool), _keyed(), _digests(files))
    beside = ((annotations.article_of(path), found.value) for path, found in stored.items())
    shown = ((path, file.public) for path, file in beside if file and ids.kind_of(path) == ids.ARTICLES)
    notes = {path: file for path, file in shown if file.notes}
    olds = {} if pool.local else annotations.earlier_texts(notes, config.content, raw_html=config.raw_html)
    seen = annotations.history_of(config.content, tree.sources)
    sidecars = {annotations.article_of(path): file.seen.digest for path, file in files.items()}
    return stored, replace(known, notes=notes, sidecars=sidecars, history=seen, olds=olds)


def _texts(
    memo: Memo, pool: Pool, known: Known, files: Mapping[str, File], values: Mapping[str, Facts]
) -> dict[str, Stored[Facts]]:
    """Read the texts that changed, and those in which other names are found than at the last build.

    values: the facts as the last build knew them, by path.
    """
    digests = _digests(files)
    for path in list(_restless(memo, known, values)):
        digests.pop(path, None)
    memo.set("names", known.names.encoded)
    read = memo.map(pool, TEXTS, known, _inputs(files, pool), text_key(known), digests, values)
    if known.notes:
        from sitegen.build.annotations import remember as remember_texts

        remember_texts(memo, known.notes, read)
    return read


def text_key(known: Known) -> Callable[[str, bytes], bytes]:
    """Makes the keys of texts."""
    key = _keyed("raw" if known.raw_html else "", known.language, "days" if known.days else "")
    sidecars = known.sidecars
    return (lambda path, data: key(path, data) + sidecars.get(path, b"")) if sidecars else key


def _restless(memo: Memo, known: Known, values: Mapping[str, Facts]) -> Iterator[str]:
    """Texts whose bytes may be as they were, and in which other mentions are found now."""
    for path, facts in values.items():
        moved = (facts.references or facts.links) and facts.found != known.found(facts.references, facts.links)
        if moved or (facts.history and facts.history != known.history):
            yield path
    before = memo.get("names")
    if not values or before == known.names.encoded:
        return
    changed = known.names.changed_since(Names.decoded(before))
    decoder = msgspec.msgpack.Decoder(_TextOnly)
    for path, reading in memo.readings():
        if changed.touch(decoder.decode(reading).text):
            yield path


class _TextOnly(msgspec.Struct, array_like=True):
    """A Reading of which only the text is looked at."""

    meta: msgspec.Raw
    words: msgspec.Raw
    headings: msgspec.Raw
    body: msgspec.Raw
    text: str


def _moved(before: Mapping[str, Any], after: Mapping[str, Stored[Any]]) -> Iterator[Moved]:
    """What a stage made anew, or has lost."""
    for name, stored in after.items():
        if stored.fresh and stored.value != before.get(name):
            yield Moved(before.get(name), stored.value)
    yield from (Moved(before[name], None) for name in before.keys() - after.keys())


def _issues_of(
    *stages: Mapping[str, Stored[Subject]] | Mapping[str, Stored[Facts]] | Mapping[str, Stored[NotesFile]],
) -> dict[str, tuple[Issue, ...]]:
    """What stages found wrong with each file."""
    found: dict[str, tuple[Issue, ...]] = {}
    for stage in stages:
        for path, stored in stage.items():
            if stored.issues:
                found[path] = found.get(path, ()) + stored.issues
    return found


def _with_digest(seen: Seen, data: bytes) -> Seen:
    return Seen(seen.size, seen.mtime, seen.inode, data)


def _seen(tree: Tree, *stages: Mapping[str, Stored[Subject]] | Mapping[str, Stored[Facts]]) -> dict[str, Seen]:
    """The files as this build met them; of those a stage was the first to read it gives the digest."""
    found = {file.path: file.seen for file in tree.files}
    for stage in stages:
        for path, stored in stage.items():
            if stored.digest:
                found[path] = _with_digest(found[path], stored.digest)
    return found


def is_record(path: str) -> bool:
    return "/" in path and ids.kind_of(path) not in (ids.ARTICLES, ids.PAGES)


def _has_page(text: Facts) -> bool:
    return text.kind in (ids.ARTICLES, ids.PAGES) and "/" in text.id


def linked(addresses: Addresses, facts: Facts) -> list[str]:
    """The ids of the published documents that a text links to."""
    targets = {addresses.target(reference) for reference in facts.references if not reference.image}
    return sorted(target for target in targets if target in addresses.documents and target != facts.id)


def _addresses(
    tree: Tree,
    texts: Sequence[Facts],
    withheld: Set[str],
    authority: Authority,
    theme: Theme,
    stems: Mapping[str, list[str]],
    *,
    exports: bool,
) -> Addresses:
    """The addresses of all that is published."""
    paths = {
        "/",
        pages.ARTICLES,
        pages.NOT_FOUND,
        "/" + feed.FEED,
        "/" + feed.FEED_JSON,
        "/" + sitemap.SITEMAP,
        "/" + sitemap.ROBOTS,
    }
    paths |= {f"/{feed.CORRECTIONS}", f"/{feed.CORRECTIONS_JSON}"} if any(text.corrections for text in texts) else set()
    paths |= {pages.SEARCH} if has_page(theme) else set()
    paths |= {"/" + file.path for file in tree.static} | {"/" + path for path in theme.asset_digests()}
    sources = {file.path for file in tree.sources}
    for text in texts:
        if text.kind == ids.ARTICLES:
            copied = pages.is_copied(text, withheld)
            paths |= {pages.markdown_url(text.url)} if copied else set()
            paths |= {pages.source_url(text.url)} if text.source in sources and copied else set()
            paths |= {pages.tag_url(tag) for tag in text.tags} | ({pages.TAGS} if text.tags else set())
    paths |= {f"/{subject.kind}/" for subject in authority.records.values()}
    paths |= {subject.url for subject in authority.retired.values()}
    paths |= {pages.DATA} if exports else set()
    documents = {text.id: text.url for text in texts} | {i: subject.url for i, subject in authority.records.items()}
    return addresses_of(documents, stems, authority.merged, paths)


def _checked(config: Config, content: Content, memo: Memo) -> Iterator[Issue]:
    """What is wrong across documents."""
    files, on_file = content.files, content.known.authority
    titles = _Titles(content.subjects, list(content.facts.values()))
    locate = _Locator(files)
    paths = {text.id: text.path for text in content.texts} | {
        doc_id: subject.path for doc_id, subject in content.index.authority.records.items()
    }

    def anchors(doc_id: str) -> Collection[str]:
        if doc_id in content.index.authority.records and doc_id not in content.notes:
            return ()
        return anchors_of(memo, paths[doc_id])

    articles = content.index.articles
    digests = _sha256(content.tree.sources, {text.source for text in articles if text.source_sha256})
    yield from check.check_places_of_files(files, [kind.id for kind in config.kinds])
    yield from check.check_authority(on_file, content.subjects, titles, locate)
    yield from check.check_aliases(on_file, [*content.texts, *content.notes.values()], locate)
    yield from check.check_articles(articles, content.subjects, titles, digests, locate)
    yield from check.check_tags(articles)
    yield from ledger.check(content.ledger, content.addresses.paths)
    yield from check.check_references([*content.texts, *content.notes.values()], content.addresses, titles, anchors, paths)
    if content.tree.notes:
        from sitegen.build import annotations

        yield from annotations.check_files(content.tree.notes, files)


def anchors_of(memo: Memo, path: str) -> tuple[str, ...]:
    """The ids in the text of a file."""
    reading = memo.reading(path)
    return msgspec.msgpack.decode(reading, type=Reading).anchors if reading else ()


class _Titles:
    """The titles of all documents by id, made when first asked for: few builds have a complaint that needs them."""

    def __init__(self, subjects: Mapping[str, Subject], facts: Sequence[Facts]) -> None:
        self._subjects, self._facts = subjects, facts

    def __call__(self) -> Mapping[str, str]:
        return self._found

    @cached_property
    def _found(self) -> dict[str, str]:
        found = {text.id: text.title for text in self._facts}
        return dict(sorted((found | {i: subject.title for i, subject in self._subjects.items()}).items()))


class _Locator:
    """Finds the place of a value in the front matter of a file, by reading it again."""

    def __init__(self, files: Mapping[str, File]) -> None:
        self._files = files

    def __call__(self, path: str, *at: str) -> Span:
        from sitegen.markup.parse import place

        try:
            return place(path, self._files[path].read(), *at)
        except OSError:
            return Span(path)


def _sha256(sources: Iterable[File], wanted: Collection[str]) -> dict[str, str]:
    """The SHA-256 of the sources that say what they were; "" for the others."""
    from hashlib import sha256

    found = {}
    for file in sources:
        try:
            found[file.path] = sha256(file.read()).hexdigest() if file.path in wanted else ""
        except OSError:
            found[file.path] = ""
    return found


# Planning.


class Looks:
    """What a page's template can see besides its view: the theme, and the configuration."""

    def __init__(self, theme: Theme, setting: Setting, guard: Guard | None = None) -> None:
        self.theme, self.setting, self.guard = theme, setting, guard or NOTHING
        self._digests: dict[str, bytes] = {}
        self._looked: dict[tuple[str, str], bool] = {}
        self.said: dict[str, bytes] = {}  # by URL, what pages show besides cells

    def saying(self, search: SearchPage | None) -> Looks:
        """The same, where the search page says something else."""
        other = copy(self)
        other.setting, other.said = replace(self.setting, search=search), dict(self.said)
        return other

    def digest(self, page: PlannedPage) -> bytes:
        """Of all that the template of a page can see besides its view, and of the map it shows."""
        template = page.template
        if template not in self._digests:
            site, linker = self.setting.site, self.setting.linker
            seen = _encode([getattr(site, name) for name in self.fields(template)])
            self._digests[template] = digest(
                code_digest(), template, self.theme.digest(template), seen, linker.base, linker.mode, site.language, site.title
            )
        found = self._digests[template]
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

    def reads(self, page: PlannedPage) -> Reads:
        """The cells a page reads, those of its template and of the configuration among them."""
        fields = [*self.fields(page.template), "base", "title", "language"]
        return (*page.reads, ("said", [page.url]), ("template", [page.template]), ("site", fields))

    def tables(self) -> dict[str, dict[str, bytes]]:
        """The cells of templates and configuration (see `causes`)."""
        templates = {name.partition("/")[2] for name in self.theme.templates()}
        site = self.setting.site
        return {
            "template": {name: self.theme.digest(name).encode() for name in sorted(templates)},
            "site": {name: digest(_encode(getattr(site, name))) for name in site.__struct_fields__},
            "said": self.said,
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


class _Quotes:
    """The encoded quotes of an article that name a record, from the memo."""

    def __init__(self, memo: Memo, paths: Mapping[str, str]) -> None:
        self._memo, self._paths = memo, paths
        self._decoder = msgspec.msgpack.Decoder(dict[str, msgspec.Raw])
        self._found: dict[str, dict[str, msgspec.Raw]] = {}

    def __call__(self, article: str, record: str) -> msgspec.Raw:
        found = self._found.get(article)
        if found is None:
            if len(self._found) >= _ARTICLES_AT_HAND:
                self._found.clear()
            found = self._found[article] = self._decoder.decode(self._memo.quotes(self._paths[article]))
        return found[record]


def _page(page: PlannedPage, content: Content, looks: Looks, memo: Memo) -> Job:
    """The job that renders a page."""
    view = page.view()
    reading = b""
    targets: tuple[Target, ...] = ()
    addresses: tuple[str | None, ...] = ()
    if page.text:
        text = content.written[page.text]
        reading = memo.reading(text.path)
        targets, addresses = tuple(pages.targets_of(content.index, text.named, looks.setting.words)), content.addresses.lead(text)
    noted = bool(content.tree.notes and page.text) and looks.notes(page)
    preview = noted and looks.setting.preview
    encoded = _encode(Page(type(view).__name__, _encode(view), looks.map(page), reading, targets, addresses, noted, preview))
    return Job(ids.output_path(page.url), digest(encoded, looks.digest(page)), encoded)


def _copy(path: str, file: File, known: bytes, owner: str, source: str) -> Plan:
    path = path.lstrip("/")
    return Plan(path, b"file" + known, lambda: Job(path, file=file.full), owner, source)


def _bytes(path: str, data: bytes, owner: str) -> Plan:
    return Plan(path, digest(b"file", data), lambda: Job(path, data=data), owner)


def _asset(theme: Theme, path: str) -> Job:
    return Job(path, data=theme.assets()[path])


def maker(pool: Pool, plans: Sequence[Plan], looks: Looks, room: Room | None) -> Make:
    """What makes files: in the pool; put into place by the workers where they see this machine's files, else by us.

    Workers that are forked now find the plans in their memory, and need only the numbers; to others the finished jobs
    are sent.
    """
    theme, setting = looks.theme, looks.setting
    workshop = Workshop(theme, setting.site, setting.linker, room if pool.local else None, looks.guard)

    def inherited(orders: Iterator[Order]) -> Iterator[list[Made]]:
        return pool.run(carry_out, Bench([plan.job for plan in plans], workshop), orders, inherit=True)

    def sent(orders: Iterator[Order]) -> Iterator[list[Made]]:
        same: list[Made] = []

        def jobs() -> Iterator[Job]:
            for order in orders:
                job = plans[order.number].job()
                if isinstance(job, Stream):
                    same.append(poured(room, job, time.perf_counter(), looks.guard))
                elif job.goes_in and job.goes_in == order.before:
                    same.append(Made(order.name, job.goes_in, same=True))
                elif job.file and not pool.local:
                    yield msgspec.structs.replace(job, data=Path(job.file).read_bytes())
                else:
                    yield job

        for outcomes in pool.run(make, workshop, jobs()):
            yield [_put(made, room) for made in outcomes] if room else outcomes
        yield same

    return inherited if pool.inherits else sent


def _put(made: Made, room: Room) -> Made:
    if made.data is None:
        return made
    return msgspec.structs.replace(made, put=room.put(made.name, made.data), data=None)


def notes_of(memo: Memo, pool: Pool) -> str:
    return "; ".join(filter(None, (memo.note, pool.note)))


def below_root(path: str, root: Path) -> str:
    return Path(path).relative_to(root).as_posix() if Path(path).is_relative_to(root) else path
