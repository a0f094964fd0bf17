"""A collection → a snapshot of what readers can see of it, and the veil over what they must not. Writes that one file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
from msgspec.structs import replace

from sitegen import __version__
from sitegen.build import pipeline, planning, reading
from sitegen.build.content import Content, TextOnly
from sitegen.build.lock import waiting
from sitegen.build.memo import Memo, Row
from sitegen.build.planning import Looks, looks_of
from sitegen.build.pool import Pool
from sitegen.build.run import Mode
from sitegen.build.searching import Indexing, page_of
from sitegen.compare.snapshot import ARTICLE, GONE, LIST, MOVED, PAGE, RECORD, VERSION, File, Head, Line, Page, Said, save
from sitegen.compare.values import Veil
from sitegen.config import Config
from sitegen.errors import Issue
from sitegen.model import ids, views
from sitegen.model.digests import digest
from sitegen.model.entity import Record
from sitegen.model.mention import Facts
from sitegen.model.privacy import PUBLIC
from sitegen.publish.guard import Guard, Secret, guard_of
from sitegen.relate import urls
from sitegen.relate.articles import is_copied
from sitegen.relate.planned import PlannedPage

# What a document says of itself to readers: of the front matter only these may leave the house, as digests.
_SAID = {
    "article": ("title", "date", "updated", "lang", "byline", "dateline", "summary", "tags", "related", "source", "corrections",
                "extra"),
    "page": ("title", "summary", "lang", "extra"),
    "record": ("name", "aliases", "status", "role", "summary", "begin", "end", "location", "ids", "lang", "extra"),
}  # fmt: skip
_encode = msgspec.msgpack.Encoder(order="sorted").encode


class Taken(msgspec.Struct, frozen=True):
    """A collection of which a snapshot was made. issues: what is wrong with it; where errors are, no file is known."""

    content: Content
    issues: tuple[Issue, ...]


def take(config: Config, memo: Memo, mode: Mode, pool: Pool, site: Path, file: Path) -> Taken:
    """Build the collection in a folder, and write the snapshot of it.

    Where the content has errors nothing is built: then the snapshot knows pages and mentions only.
    """
    config = replace(config, output=site)
    report = waiting(lambda: pipeline.build(config, memo, mode, pool))
    if report.left:
        write(config, memo, mode, report.left, file)
        return Taken(report.left.content, report.issues)
    theme = pipeline.load_theme(config, memo)
    content = reading.read(config, theme, memo, mode, pool)
    setting = planning.setting_of(config, content.index, theme, page_of(config, content, theme, memo, Indexing.NONE))
    save(file, _lines(config, memo, mode, content, looks_of(config, content, theme, setting), {}))
    return Taken(content, report.issues)


def write(config: Config, memo: Memo, mode: Mode, left: pipeline.Left, file: Path) -> None:
    """Write the snapshot of what a build left. Raises: SiteError."""
    save(file, _lines(config, memo, mode, left.content, left.looks, left.rows))


def veil_of(content: Content, mode: Mode) -> Veil:
    """The veil over what is withheld: its documents, and its names and passages, whatever their case and white space."""
    hidden = {text.id for text in content.facts.values() if text.is_withheld(mode.today)}
    hidden |= {subject.id for subject in content.subjects.values() if subject.record.visibility != PUBLIC}
    if not content.guard:
        return Veil(hidden.__contains__) if hidden else Veil()
    guard = guard_of(Secret(secret.words.casefold(), secret.file) for secret in content.guard.secrets)
    return Veil(hidden.__contains__, lambda words: _tells(guard, words))


def _tells(guard: Guard, words: str) -> bool:
    return guard.betrayed(" ".join(words.split()).casefold().encode()) is not None


def _lines(config: Config, memo: Memo, mode: Mode, content: Content, looks: Looks, rows: Mapping[str, Row]) -> Iterator[Line]:
    yield Head(
        VERSION, config.title, config.url, f"sitegen {__version__}", config.theme, mode.today.isoformat(), bool(rows),
        pipeline.count(content),
    )  # fmt: skip
    planned = {page.url: page for page in planning.planned_pages(content, looks.setting, memo)}
    if config.exports:
        planned.setdefault(urls.DATA, PlannedPage(urls.DATA, views.DataView.template, (), b"", _no_view, "the exports"))
    documents = _Documents(content, memo)
    for url in sorted(planned.keys() - {urls.NOT_FOUND}):
        yield documents.page(planned[url], rows.get(ids.output_path(url)))
    for path in sorted(rows):
        yield File(path, rows[path].size, rows[path].sha[:16])
    decoder = msgspec.msgpack.Decoder(dict[str, list[views.Quote]])
    for facts in sorted(content.index.articles, key=lambda facts: facts.id):
        if facts.named:
            quotes = decoder.decode(memo.quotes(facts.path))
            yield Said(facts.id, tuple([(record, q.before, q.name, q.after) for record in sorted(facts.named)
                                        for q in quotes[record]]))  # fmt: skip


def _no_view() -> views.PageView:
    raise AssertionError("a snapshot renders nothing")


class _Documents:
    """What snapshots say of the pages of a collection."""

    def __init__(self, content: Content, memo: Memo) -> None:
        self._memo = memo
        self._texts = {text.url: text for text in content.texts}
        self._records = content.index.authority.by_url
        self._content = content
        self._mentions: Counter[str] = Counter()
        for facts in content.index.articles:
            self._mentions.update(dict(zip(facts.named, facts.here, strict=True)))
        self._readings = msgspec.msgpack.Decoder(TextOnly)

    def page(self, planned: PlannedPage, row: Row | None) -> Page:
        url, sha = planned.url, row.sha[:16] if row else ""
        if planned.template in (views.RedirectView.template, views.GoneView.template):
            view = planned.view()
            if isinstance(view, views.RedirectView):
                return Page(url, MOVED, to=view.target, sha=sha)
            assert isinstance(view, views.GoneView)
            return Page(url, GONE, to=view.why, sha=sha)
        if text := self._texts.get(url):
            kind = ARTICLE if text.kind == ids.ARTICLES else PAGE
            words, parts = self._text(text)
            named, form = _forms(text)
            if not is_copied(text, self._content.index.withheld):
                form = ""  # the markup says what readers do not see: who has the rest could try names with its digest
            return Page(url, kind, text.id, text.title, "", words, sum(text.here), parts, named, form, sha)
        if doc_id := self._records.get(url):
            return self._record(url, doc_id, sha)
        return Page(url, LIST, sha=sha)

    def _record(self, url: str, doc_id: str, sha: str) -> Page:
        subject = self._content.index.authority.records[doc_id]
        parts, words, forms = _parts("record", subject.record), 0, ("", "")
        if note := self._content.notes.get(doc_id):
            words, said = self._text(note)
            parts, forms = {**said, **parts}, _forms(note)
        return Page(url, RECORD, doc_id, subject.title, "", words, self._mentions[doc_id], parts, *forms, sha)

    def _text(self, text: Facts) -> tuple[int, dict[str, str]]:
        """How many words a text has, and its parts."""
        found = self._readings.decode(self._memo.reading(text.path))
        meta = msgspec.msgpack.decode(found.meta)
        if "related" in meta:
            meta["related"] = [title for title in meta["related"] if not self._content.index.is_withheld(title)]
        parts = _parts(meta["type"], meta)
        if found.text.strip():
            parts["text"] = _short(found.text)
        if bytes(found.notes) != _NOTHING:
            parts["notes"] = _short(bytes(found.notes))
        return found.words, parts


def _forms(text: Facts) -> tuple[str, str]:
    """Of the passages that name records, and of all its markup."""
    return text.quotes.hex()[:16], text.own.hex()[:16]


_NOTHING = msgspec.msgpack.encode(())


def _parts(kind: str, meta: Record | dict[str, object]) -> dict[str, str]:
    """A digest of each thing that the front matter says to readers; of what it does not say, none."""
    values = {name: meta.get(name) if isinstance(meta, dict) else getattr(meta, name) for name in _SAID[kind]}
    return {name: _short(value) for name, value in values.items() if value not in ("", None, (), [], {})}


def _short(value: object) -> str:
    return digest(_encode(value)).hex()[:12]
