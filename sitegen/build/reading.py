"""The content folder → `Content`: scanned, read, its mentions found, related. Writes nothing but the memo."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from sitegen.annotate.names import Names
from sitegen.build import licences
from sitegen.build.causes import Moved
from sitegen.build.checks import problems
from sitegen.build.content import Content, TextOnly, is_record, linked
from sitegen.build.memo import Input, Memo, Seen, Stored, code_digest, digest
from sitegen.build.pool import Pool
from sitegen.build.run import Mode, Profile
from sitegen.build.scan import File, Tree, recalled, scan
from sitegen.build.searching import has_page
from sitegen.build.stages import HEADS, TEXTS, Known, notes_stage
from sitegen.config import Config, place_of
from sitegen.errors import Issue
from sitegen.model import ids, paragraphs, views
from sitegen.model.entity import Subject
from sitegen.model.mention import Facts
from sitegen.model.privacy import PUBLIC
from sitegen.publish import feed, sitemap
from sitegen.publish.guard import NOTHING, Guard
from sitegen.relate import ledger, urls
from sitegen.relate.articles import is_copied
from sitegen.relate.authority import Addresses, Authority, Signposts, authority_of, named_records, stems_of
from sitegen.relate.cells import Cells, cells_of
from sitegen.relate.filing import Filed
from sitegen.relate.index import names_of, published, relate
from sitegen.relate.pages import part_urls
from sitegen.relate.site import overviews
from sitegen.render.theme import Theme

if TYPE_CHECKING:
    from sitegen.model.notes import NotesFile


def read(config: Config, theme: Theme, memo: Memo, mode: Mode, pool: Pool, profile: Profile | None = None) -> Content:
    """Scan, read, find mentions, relate, check. Writes nothing but the memo."""
    profile = profile or Profile()
    with profile.part("scan"):
        before = memo.files()
        tree = scan(config.content, before, paranoid=mode.paranoid)
        stems = stems_of(file.path.removesuffix(".md") for file in tree.documents)
    with profile.part("heads"):
        records = {file.path: file for file in tree.documents if is_record(file.path)}
        had = memo.known(HEADS)
        heads = memo.map(pool, HEADS, None, _inputs(records, pool), _keyed(), _digests(records), had)
        subjects = _subjects(heads)
    with profile.part("texts"):
        known, notes, listed = _known(config, theme, memo, pool, tree, stems, subjects)
        noted = _noted(subjects, known)
        written = {file.path: file for file in tree.documents if file.path in noted or not is_record(file.path)}
        had_texts = memo.known(TEXTS)
        texts = _texts(memo, pool, known, written, had_texts)
        _share_names(_values(texts).values(), subjects)
    with profile.part("relate"):
        seen = _seen(tree, heads, texts)
        memo.set_files(seen, before)
        found = _Read(tree, stems, known, subjects, _issues_of(heads, texts, notes), notes, _values(texts), listed)
        content = _related(config, theme, memo, mode, found)
        moved = (*_moved(had, heads), *_moved(had_texts, texts))
        content = replace(content, seen=seen, moved=moved)
    with profile.part("check"):
        return replace(content, issues=tuple(problems(config, content, memo, mode)))


def recall(config: Config, theme: Theme, memo: Memo, mode: Mode, pool: Pool, cells: Cells) -> Content:
    """The content as the last build read it, from the memo alone: no file is looked at.

    cells: as that build left them. What is wrong with it is not told, but for each file by itself.
    """
    seen = memo.files()
    tree = recalled(config.content, seen)
    heads, texts = memo.stored(HEADS), memo.stored(TEXTS)
    subjects = _subjects(heads)
    stems = stems_of(file.path.removesuffix(".md") for file in tree.documents)
    known, notes, listed = _known(config, theme, memo, pool, tree, stems, subjects)
    found = _Read(tree, stems, known, subjects, _issues_of(heads, texts, notes), notes, _values(texts), listed)
    return replace(_related(config, theme, memo, mode, found, cells), seen=seen)


class _Read(msgspec.Struct, frozen=True):
    """All that was read, each thing by itself.

    stems: see `Addresses.by_stem`. subjects: by id; issues and facts: by path. listed: the addresses on record.
    """

    tree: Tree
    stems: Mapping[str, list[str]]
    known: Known
    subjects: Mapping[str, Subject]
    issues: Mapping[str, tuple[Issue, ...]]
    notes: Mapping[str, Stored[NotesFile]]
    facts: Mapping[str, Facts]
    listed: ledger.Ledger


_NONE: Mapping[str, Stored[NotesFile]] = {}


def _subjects(heads: Mapping[str, Stored[Subject]]) -> dict[str, Subject]:
    return {stored.value.id: stored.value for stored in heads.values() if stored.value}


def _share_names(texts: Iterable[Facts], records: Iterable[str]) -> None:
    """Let texts have the same ids of records, not equal ones: they take less memory, and are sooner found."""
    names = {record: record for record in records}
    for facts in texts:
        msgspec.structs.force_setattr(facts, "named", tuple(map(names.get, facts.named, facts.named)))


def _values(texts: Mapping[str, Stored[Facts]]) -> dict[str, Facts]:
    return {path: stored.value for path, stored in texts.items() if stored.value}


def _known(
    config: Config,
    theme: Theme,
    memo: Memo,
    pool: Pool,
    tree: Tree,
    stems: Mapping[str, list[str]],
    subjects: Mapping[str, Subject],
) -> tuple[Known, Mapping[str, Stored[NotesFile]], ledger.Ledger]:
    """What is known before any text is read; the notes files, and the addresses on record."""
    kinds = [kind.id for kind in config.kinds]
    on_file = authority_of((s for s in subjects.values() if s.kind in kinds), config.annotate.publish)
    days = views.TimelineView.template in theme.optional()
    names = Names.of(on_file.names(), tree.stoplist)
    known = Known(names, Signposts(on_file, stems), on_file, config.raw_html, config.language, days=days)
    listed, notes = _ledger(tree), _NONE
    if recorded := next((file for file in tree.kept if file.path == paragraphs.FILE), None):
        from sitegen.build.paragraphs import rows_of

        lines, faults = paragraphs.read(recorded.read())
        paths = {file.path for file in tree.documents}
        known = replace(known, recorded=rows_of(lines, listed, paths, subjects.values()))
        listed = replace(listed, issues=(*listed.issues, *faults))
    if config.corrections:
        from sitegen.build.amended import amended

        known = replace(known, amended=amended(config.content, place_of(config, "corrections")))
    if tree.notes:
        notes, known = _with_notes(config, memo, pool, tree, known)
    return known, notes, listed


def _noted(subjects: Mapping[str, Subject], known: Known) -> set[str]:
    """The files of the records that have a text too."""
    return {subject.path for subject in subjects.values() if subject.noted and subject.id in known.authority.records}


def _related(config: Config, theme: Theme, memo: Memo, mode: Mode, read: _Read, cells: Cells | None = None) -> Content:
    """What was read, as a whole. cells: where they are known."""
    kinds, has = [kind.id for kind in config.kinds], frozenset(theme.optional())
    facts, on_file = read.facts, read.known.authority
    noted = _noted(read.subjects, read.known)
    notes = {text.id: text for text in facts.values() if text.path in noted}
    candidates = [text for text in facts.values() if text.path not in noted and _has_page(text)]
    texts = published(candidates, mode.today, drafts=mode.drafts)
    authority = on_file.only(named_records(texts, notes))
    notes = {doc_id: note for doc_id, note in notes.items() if doc_id in authority.records}
    hidden = [text for text in candidates if text.is_withheld(mode.today)]
    withheld = names_of(hidden)
    if hidden:
        from sitegen.build.withheld import without_their_files

        read = replace(read, tree=without_their_files(read.tree, hidden, (*texts, *notes.values())))
    documents = {text.id: text.url for text in texts} | {i: subject.url for i, subject in authority.records.items()}

    def paths() -> set[str]:
        """What most collections need in no link is not worked out where only a few texts are read."""
        found = _paths(read.tree, texts, withheld, authority, theme, exports=bool(config.exports))
        return found | part_urls(index, filed, has) | {link.url for link in overviews(index, has, theme.words)}

    addresses = Addresses(documents, read.stems, authority.merged, paths)
    articles = [text for text in texts if text.kind == ids.ARTICLES]
    index = relate(articles, authority, partial(linked, addresses), withheld)
    filed = Filed(authority.records.values(), kinds)
    guard = _guard(read, memo, mode)
    return Content(
        read.tree, read.known, read.subjects, facts, texts, notes,
        [s for i, s in on_file.records.items() if i not in authority.records],
        addresses, index, filed, cells or cells_of(index, texts, notes, addresses.lead, filed), {}, (), read.issues, guard,
        _silenced(read.listed, guard),
    )  # fmt: skip


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


def _ledger(tree: Tree) -> ledger.Ledger:
    """The ledger of addresses; most collections begin without."""
    file = next((file for file in tree.kept if file.path == ledger.FILE), None)
    return ledger.read(file.read()) if file else ledger.NONE


def _silenced(found: ledger.Ledger, guard: Guard) -> ledger.Ledger:
    """The ledger of addresses, those that tell of what is private known as such."""
    return (
        replace(found, silent=frozenset(row.url for row in found.ended if guard.betrayed(row.url.encode()))) if guard else found
    )


def _guard(read: _Read, memo: Memo, mode: Mode) -> Guard:
    """The guard over what is kept private; most collections keep nothing so."""
    files = [stored.value for stored in read.notes.values() if stored.value]
    if (
        any(subject.record.visibility != PUBLIC for subject in read.subjects.values())
        or any(text.visibility != PUBLIC or text.embargo or text.redacted for text in read.facts.values())
        or any(note.visibility != PUBLIC for file in files for note in file.notes)
    ):
        from sitegen.build.withheld import guard

        return guard([*read.subjects.values()], read.facts.values(), files, read.tree, memo, mode.today)
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
    told = bool(known.recorded or known.amended)
    for path, facts in values.items():
        moved = (facts.references or facts.links) and facts.found != known.found(facts.references, facts.links)
        moved = moved or facts.beside != (known.beside(path, facts.url) if told else b"")
        if moved or (facts.history and facts.history != known.history):
            yield path
    before = memo.get("names")
    if not values or before == known.names.encoded:
        return
    changed = known.names.changed_since(Names.decoded(before))
    decoder = msgspec.msgpack.Decoder(TextOnly)
    for path, reading in memo.readings():
        if changed.touch(decoder.decode(reading).text):
            yield path


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


def _has_page(text: Facts) -> bool:
    return text.kind in (ids.ARTICLES, ids.PAGES) and "/" in text.id


def _paths(
    tree: Tree, texts: Sequence[Facts], withheld: Set[str], authority: Authority, theme: Theme, *, exports: bool
) -> set[str]:
    """The site paths of all that is published besides documents, but for the parts of indexes and long records."""
    paths = {
        "/",
        urls.ARTICLES,
        urls.NOT_FOUND,
        "/" + feed.FEED,
        "/" + feed.FEED_JSON,
        "/" + sitemap.SITEMAP,
        "/" + sitemap.ROBOTS,
        "/" + licences.PATH,
    }
    paths |= {f"/{feed.CORRECTIONS}", f"/{feed.CORRECTIONS_JSON}"} if any(text.corrections for text in texts) else set()
    paths |= {urls.SEARCH} if has_page(theme) else set()
    paths |= {"/" + file.path for file in tree.static} | {"/" + path for path in theme.asset_paths()}
    sources = {file.path for file in tree.sources}
    for text in texts:
        if text.kind == ids.ARTICLES:
            copied = is_copied(text, withheld)
            paths |= {urls.markdown_url(text.url)} if copied else set()
            paths |= {urls.source_url(text.url)} if text.source in sources and copied else set()
            paths |= {urls.tag_url(tag) for tag in text.tags} | ({urls.TAGS} if text.tags else set())
    paths |= {f"/{subject.kind}/" for subject in authority.records.values()}
    paths |= {subject.url for subject in authority.retired.values()}
    return paths | ({urls.DATA} if exports else set())
