"""The story: content → site. Everything that joins the rooms is here, and all use of the memo."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import msgspec

from sitegen import __version__
from sitegen.annotate.find import find
from sitegen.annotate.names import Names
from sitegen.build.lock import locked
from sitegen.build.memo import Memo, Stage, code_digest, digest
from sitegen.build.output import Plan, Synced, collisions, rehearse, sync
from sitegen.build.scan import File, Tree, scan
from sitegen.config import Config
from sitegen.errors import Issue, SiteError, errors, in_order, strict
from sitegen.geo.layout import MapLayout
from sitegen.markup.facts import facts
from sitegen.markup.parse import parse
from sitegen.markup.splice import splice
from sitegen.model import ids, views
from sitegen.model.document import Article, Document
from sitegen.model.mention import By, Facts, Marks, Mention
from sitegen.publish import feed, sitemap
from sitegen.relate import check, maps, pages
from sitegen.relate.authority import Addresses, Authority, addresses_of, authority_of, named_records
from sitegen.relate.index import Index, published, relate
from sitegen.theme import Theme


@dataclass(frozen=True, slots=True)
class Mode:
    """How a run differs from the last: `today` decides what is of a later date."""

    today: dt.date
    drafts: bool = False
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What a build found and did. `synced` is None where errors stopped it: then nothing was changed."""

    issues: tuple[Issue, ...]
    synced: Synced | None
    counts: Mapping[str, int]
    note: str = ""

    @property
    def ok(self) -> bool:
        return self.synced is not None


@dataclass(frozen=True, slots=True)
class Content:
    """The collection, parsed and related: all that plans and checks are made of."""

    tree: Tree
    shown: tuple[Document, ...]
    unnamed: tuple[Document, ...]
    addresses: Addresses
    marks: Mapping[str, Marks]
    index: Index
    issues: tuple[Issue, ...]


def build(config: Config, memo: Memo, mode: Mode, pool: Executor | None = None) -> Report:
    """Bring the output folder up to date with the content; where there are errors, leave it as it is."""
    with locked(config.memo):
        theme = load_theme(config)
        content = read(config, theme, memo, mode, pool)
        drawn = draw(content.index, memo, pool)
        plans = list(plan(config, content, drawn, theme))
        issues = [*content.issues, *collisions(plans)]
        counts = count(content)
        if stops(issues, mode):
            # All errors come in one run: those of templates too.
            issues += rehearse(plans, config.output, memo)
            return Report(final(issues, config, mode), None, counts, memo.note)
        synced = sync(plans, config.output, memo)
        memo.sweep()
    issues += synced.issues
    return Report(final(issues, config, mode), None if synced.issues else synced, counts, memo.note)


def examine(config: Config, memo: Memo, mode: Mode) -> tuple[Issue, ...]:
    """All that `build` would complain of before it writes, without a change to anything."""
    theme = load_theme(config)
    content = read(config, theme, memo, mode)
    plans = list(plan(config, content, draw(content.index, memo), theme))
    below = config.content.relative_to(config.root).as_posix()
    unnamed = check.check_unnamed(content.unnamed, below)
    return final([*content.issues, *unnamed, *collisions(plans), *rehearse(plans, config.output, memo)], config, mode)


def read(config: Config, theme: Theme, memo: Memo, mode: Mode, pool: Executor | None = None) -> Content:
    """Scan, parse, find mentions, relate, check. Writes nothing but the memo."""
    tree = scan(config.content)
    parsed = memo.map(pool, _parsing(config.raw_html), tree.documents)
    documents = tuple(stored.value for stored in parsed if stored.value is not None)
    kinds = [kind.id for kind in config.kinds]
    on_file = authority_of(document for document in documents if document.kind in kinds and "/" in document.id)
    candidates = [d for d in published(documents, mode.today, drafts=mode.drafts) if _shows(d, on_file)]
    marks = _marked(memo, pool, candidates, addresses_of(candidates, documents, on_file.merged, ()), on_file, tree.stoplist)
    authority = on_file.only(named_records(on_file, marks))
    visible = [document for document in candidates if _shows(document, authority)]
    addresses = addresses_of(visible, documents, authority.merged, _other_paths(tree, visible, authority, theme))
    articles = [document for document in visible if isinstance(document.meta, Article)]
    known = memo.map(pool, _relating(config.language), [(d, marks[d.id], _links(d, addresses)) for d in articles])
    index = relate((stored.value for stored in known), authority)
    everything = {document.id: document for document in documents}
    issues = [
        *tree.issues,
        *(issue for stored in parsed for issue in stored.issues),
        *(issue for stored in known for issue in stored.issues),
        *check.check_places_of_files(documents, kinds),
        *check.check_authority(on_file, everything),
        *check.check_aliases(on_file, marks),
        *check.check_articles(articles, everything, {file.path: file.data for file in tree.sources}),
        *check.check_tags(articles),
        *check.check_references(visible, addresses, everything),
        *check.check_notes(file.path for file in tree.notes),
    ]
    below = config.content.relative_to(config.root).as_posix()
    located = [replace(issue, span=replace(issue.span, path=f"{below}/{issue.span.path}")) for issue in issues]
    located += check.check_menu((item.url for item in (*config.menu, *config.footer)), addresses, config.file)
    unnamed = tuple(document for document in candidates if not _shows(document, authority))
    return Content(tree, tuple(visible), unnamed, addresses, marks, index, tuple(located))


def draw(index: Index, memo: Memo, pool: Executor | None = None) -> dict[str, MapLayout]:
    """The maps of the site by the id of what they show."""
    requests = maps.map_requests(index)
    stage = Stage("map", MapLayout, lambda request: msgspec.msgpack.encode((request.pins, request.locator)), maps.draw)
    return {request.id: stored.value for request, stored in zip(requests, memo.map(pool, stage, requests), strict=True)}


def plan(config: Config, content: Content, drawn: Mapping[str, MapLayout], theme: Theme) -> Iterator[Plan]:
    """Every file of the site, with a key that tells all that its bytes depend on."""
    setting = setting_of(config, content.index)
    below = config.content.relative_to(config.root).as_posix()
    sources = {file.path: file for file in content.tree.sources}
    listed = []
    for page in pages.plan_pages(content.index, content.shown, sources, drawn, setting):
        yield _page(page, content, setting, theme, below)
        if page.view.template not in ("404.html", "redirect.html"):
            listed.append(page.view.url)
    files = {file.path: file for file in content.tree.documents}
    for document in content.shown:
        if isinstance(document.meta, Article):
            yield _file(
                pages.markdown_url(document), files[document.path].data, "an article's Markdown", f"{below}/{document.path}"
            )
            source = sources.get(document.meta.source.file) if document.meta.source else None
            if source:
                yield _file(pages.source_url(document), source.data, "an article's source", f"{below}/{document.path}")
    for file in content.tree.static:
        yield _file(file.path, file.data, "a file", f"{below}/{file.path}")
    for path, known in theme.asset_digests().items():
        yield Plan(path, digest(b"asset", known), partial(_asset, theme, path), f"the theme {config.theme}")
    yield _file(feed.FEED, feed.feed(content.index.articles, setting.site, setting.linker), "the feed")
    for path, data in sitemap.sitemaps(listed, setting.linker).items():
        yield _file(path, data, "the sitemap")
    if all(file.path != sitemap.ROBOTS for file in content.tree.static):
        yield _file(sitemap.ROBOTS, sitemap.robots(setting.linker), "robots.txt")


def setting_of(config: Config, index: Index) -> pages.Setting:
    """What pages show of the configuration. The menu names the kinds that have records."""
    present = {document.kind for document in index.authority.records.values()}
    kinds = [kind for kind in config.kinds if kind.id in present]
    menu = [views.Link(item.title, item.url) for item in config.menu]
    menu = menu or [views.Link("Articles", pages.ARTICLES), *(views.Link(kind.label, f"/{kind.id}/") for kind in kinds)]
    footer = [views.Link(item.title, item.url) for item in config.footer]
    site = pages.site_view(
        title=config.title, description=config.description, base=config.url, language=config.language,
        author=config.author, licence=config.licence, kinds=kinds, menu=menu, footer=footer, options=config.options,
        generator=f"sitegen {__version__}",
    )  # fmt: skip
    return pages.Setting(site, {kind.id: kind for kind in site.kinds}, ids.Linker(config.url, config.links))


def load_theme(config: Config) -> Theme:
    """The collection's theme.

    Raises: SiteError, with paths below the collection's root.
    """
    try:
        return Theme.load(config.theme, theme_roots(config))
    except SiteError as error:
        issues = [replace(issue, span=replace(issue.span, path=_below(issue.span.path, config.root))) for issue in error.issues]
        raise SiteError(error.message, help=error.help, issues=issues) from error


def theme_roots(config: Config) -> tuple[Path, ...]:
    """Where themes are looked for: the collection's own first, then those that come with the program."""
    package = Path(__file__).resolve().parent.parent
    return config.themes, package / "themes", package.parent / "themes"


def stops(issues: Iterable[Issue], mode: Mode) -> bool:
    return bool(errors(strict(issues) if mode.strict else issues))


def final(issues: Iterable[Issue], config: Config, mode: Mode) -> tuple[Issue, ...]:
    """The issues as they are reported: in order, by the run's severity, with paths below the collection's root."""
    below = (replace(issue, span=replace(issue.span, path=_below(issue.span.path, config.root))) for issue in issues)
    return in_order(strict(below) if mode.strict else below)


def _below(path: str, root: Path) -> str:
    return Path(path).relative_to(root).as_posix() if Path(path).is_relative_to(root) else path


def count(content: Content) -> dict[str, int]:
    index = content.index
    return {
        "articles": len(index.articles),
        "records": len(index.authority.records),
        "mentions": sum(len(facts.passages) for facts in index.articles),
    }


# Stages. Each is a pure function that a process pool can carry, and a key that holds all it sees.


def _parsing(raw_html: bool) -> Stage[File, Document | None]:
    flag = b"raw" if raw_html else b""
    return Stage("parse", Document | None, lambda file: digest(file.path, file.data, flag), partial(_parse, raw_html))


def _parse(raw_html: bool, file: File) -> tuple[Document | None, tuple[Issue, ...]]:
    return parse(file.path, file.data, raw_html=raw_html)


Question = tuple[Document, tuple[Mention, ...]]


def _finding(names: Names) -> Stage[Question, Marks]:
    def key(question: Question) -> bytes:
        document, explicit = question
        seen = (document.kind, document.text, document.closed, explicit, _own_links(document))
        return digest(names.digest, msgspec.msgpack.encode(seen))

    return Stage("find", Marks, key, partial(_find, names))


def _find(names: Names, question: Question) -> tuple[Marks, tuple[Issue, ...]]:
    document, explicit = question
    return find(document.text, document.closed, explicit, names, dict(_own_links(document))), ()


Story = tuple[Document, Marks, tuple[str, ...]]


def _relating(language: str) -> Stage[Story, Facts]:
    def key(story: Story) -> bytes:
        document, marks, links = story
        return digest(document.path, document.digest, document.html, msgspec.msgpack.encode((marks, links)), language)

    return Stage("facts", Facts, key, partial(_facts, language))


def _facts(language: str, story: Story) -> tuple[Facts, tuple[Issue, ...]]:
    return facts(*story, language), ()


def _links(document: Document, addresses: Addresses) -> tuple[str, ...]:
    """The ids of the published documents that a document links to."""
    targets = {addresses.target(reference) for reference in document.references if not reference.image}
    return tuple(sorted(target for target in targets if target in addresses.documents and target != document.id))


# Parts of the story.


def _shows(document: Document, authority: Authority) -> bool:
    """Whether a document has a page: any article or page, and the records of the authority file."""
    return document.kind in (ids.ARTICLES, ids.PAGES) or document.id in authority.records


def _other_paths(tree: Tree, visible: Sequence[Document], authority: Authority, theme: Theme) -> set[str]:
    """The site paths of everything that is published and is no document."""
    paths = {"/", pages.ARTICLES, pages.NOT_FOUND, "/" + feed.FEED, "/" + sitemap.SITEMAP, "/" + sitemap.ROBOTS}
    paths |= {"/" + file.path for file in tree.static} | {"/" + path for path in theme.asset_digests()}
    sources = {file.path for file in tree.sources}
    for document in visible:
        meta = document.meta
        if isinstance(meta, Article):
            paths |= {pages.markdown_url(document), pages.year_url(meta.date.year if meta.date else 0)}
            paths |= {pages.source_url(document)} if meta.source and meta.source.file in sources else set()
            paths |= {pages.tag_url(tag) for tag in meta.tags} | ({pages.TAGS} if meta.tags else set())
        elif document.kind != ids.PAGES:
            paths.add(f"/{document.kind}/")
    return paths | {document.url for document in authority.retired.values()}


def _marked(
    memo: Memo, pool: Executor | None, visible: Sequence[Document], addresses: Addresses, authority: Authority,
    stoplist: Sequence[str],
) -> dict[str, Marks]:  # fmt: skip
    names = Names.of(authority.names(), stoplist)
    questions = [(document, _explicit(document, addresses, authority)) for document in visible]
    found = memo.map(pool, _finding(names), questions)
    return {document.id: _foreign(document, stored.value, authority) for document, stored in zip(visible, found, strict=True)}


def _explicit(document: Document, addresses: Addresses, authority: Authority) -> tuple[Mention, ...]:
    """The author's own links to records."""
    targets = ((r, addresses.target(r)) for r in document.references if r.end > r.start and not r.image)
    return tuple(Mention(r.start, r.end, target, By.LINK) for r, target in targets if target in authority.records)


def _own_links(document: Document) -> tuple[tuple[str, str], ...]:
    return document.meta.links if isinstance(document.meta, Article) else ()


def _foreign(document: Document, marks: Marks, authority: Authority) -> Marks:
    """The marks that lead somewhere else: a record's note does not link to itself, nothing to what is not published."""
    kept = []
    for mention in marks.mentions:
        record = authority.final(mention.record)
        if record != document.id and record in authority.records:
            kept.append(msgspec.structs.replace(mention, record=record))
    return Marks(tuple(kept), marks.ambiguities)


def _page(page: pages.PlannedPage, content: Content, setting: pages.Setting, theme: Theme, below: str) -> Plan:
    view, document = page.view, page.document
    site, linker = setting.site, setting.linker
    path, file = ids.output_path(view.url), f"{below}/{page.path}" if page.path else ""
    seen: list[bytes | str] = [
        code_digest(), type(view).__name__, msgspec.msgpack.encode(view), msgspec.msgpack.encode(site),
        theme.digest(view.template), linker.base, linker.mode,
    ]  # fmt: skip
    if document is None:
        return Plan(path, digest(*seen), lambda: theme.render(view, site, "", linker).encode(), page.owner, file)
    mentions = content.marks[document.id].mentions
    targets = pages.targets_of(content.index, {mention.record for mention in mentions})
    addresses = tuple(content.addresses.of(reference) for reference in document.references)
    ordered = [targets[record] for record in sorted(targets)]
    seen += [document.path, document.digest, msgspec.msgpack.encode((document.html, mentions, ordered, addresses))]

    def make() -> bytes:
        body = splice(document, mentions, targets, addresses, partial(linker.href, view.url))
        return theme.render(view, site, body, linker).encode()

    return Plan(path, digest(*seen), make, page.owner, file)


def _asset(theme: Theme, path: str) -> bytes:
    return theme.assets()[path]


def _file(path: str, data: bytes, owner: str, file: str = "") -> Plan:
    return Plan(path.lstrip("/"), digest(b"file", data), lambda: data, owner, file)
