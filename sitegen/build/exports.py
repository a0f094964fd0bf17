"""The exports of a collection as plans: what each hangs on, and how it is written a piece at a time."""

from __future__ import annotations

import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from sitegen.annotate.webannotation import export as annotated
from sitegen.build.content import Content
from sitegen.build.making import Job, Stream
from sitegen.build.memo import Memo, Row, code_digest, digest
from sitegen.build.output import Plan
from sitegen.model import views
from sitegen.model.document import Article, Heading, Page
from sitegen.model.entity import Record
from sitegen.model.mention import By, Facts, Mention, ShownNote
from sitegen.model.notes import Anchored, Note, State
from sitegen.publish import catalogue, database
from sitegen.publish.catalogue import Written
from sitegen.publish.dataset import Dataset, Edition, Mentioned
from sitegen.publish.exports import EXPORTS, Export, chosen
from sitegen.publish.receipt import RECEIPT
from sitegen.publish.tables import joined
from sitegen.relate.cells import Reads
from sitegen.relate.pages import data_page
from sitegen.relate.planned import PlannedPage, Setting

_encode = msgspec.msgpack.Encoder().encode
_PAGE_SIZE = 4096
_VERSION_OF_LIBRARY = 96  # where a database says which SQLite wrote it last
Noted = Mapping[str, Sequence[tuple[Note, Anchored]]]


class _Bare(msgspec.Struct, array_like=True, gc=False):
    """A Reading without its HTML."""

    meta: Article | Page | Record
    words: int
    headings: tuple[Heading, ...]
    body: msgspec.Raw
    text: str
    anchors: msgspec.Raw
    notes: tuple[ShownNote, ...]
    marks: tuple[int, ...]


class Exports(msgspec.Struct, frozen=True):
    """The files of /data/ for one build. `data` is what they are made of, `key` tells when that has moved."""

    data: Dataset
    setting: Setting
    years: tuple[int, int] | None
    files: Sequence[Export]
    key: bytes

    def plans(self) -> Iterator[Plan]:
        """A plan for each file."""
        for file in self.files:
            write = partial(_piecewise, file, self.data) if file.write else partial(_database, self.data)
            yield Plan(file.path, digest(self.key, file.path), partial(Stream, file.path, write), "the exports")

    def described(self, rows: Mapping[str, Row]) -> list[Plan]:
        """The files that say what the others hold. rows: the output, as far as it is made."""
        written = {file.path: Written(rows[file.path].size, rows[file.path].sha) for file in self.files if file.path in rows}
        made = {catalogue.DATASET: catalogue.dataset(self.files, self.data, written, self.years)}
        if any(file.format == "tables" for file in self.files):
            made[catalogue.PACKAGE] = catalogue.package(self.files, self.data, written)
        return [Plan(path, digest(b"file", data), partial(_job, path, data), "the exports") for path, data in made.items()]

    def page(self, rows: Mapping[str, Row]) -> PlannedPage:
        """The page that explains and counts them."""
        about = {catalogue.DATASET: "application/ld+json"}
        if any(file.format == "tables" for file in self.files):
            about[catalogue.PACKAGE] = "application/json"
        about[RECEIPT] = "application/json"
        found = [(file.format, _shown(file.path, file.media, rows, catalogue.counted(file, self.data))) for file in self.files]
        found += [("about", _shown(path, media, rows, {})) for path, media in about.items()]
        return data_page(self.setting, _counted(self.data.counts), _grouped(found))


def page_without(setting: Setting, formats: Sequence[str]) -> PlannedPage:
    """The page where the files are left out: the same whatever is in the collection."""
    files = [
        (export.format, views.DataFile(export.name, "", export.media, 0, ())) for export in EXPORTS if export.format in formats
    ]
    return data_page(setting, (), _grouped(files))


def exports_of(content: Content, setting: Setting, memo: Memo, formats: Sequence[str]) -> Exports:
    """The exports in these formats."""
    noted = _noted(content, memo)
    data = dataset_of(content, setting, memo, noted)
    articles = [facts.id for facts in content.index.articles]
    reads: Reads = (("own", articles), ("card", articles), ("quotes", articles), ("entry", list(data.records)))
    notes = [(file.path, file.seen.digest) for file in content.tree.notes]
    merged = sorted(content.index.authority.merged.items())  # where notes on them lead
    said = _encode((setting.site, setting.linker.base, notes, merged, sqlite3.sqlite_version, zlib.ZLIB_RUNTIME_VERSION))
    dated = [year for year in content.index.years if year]
    years = (dated[0], dated[-1]) if dated else None
    key = content.cells.key(reads, said, code_digest())
    return Exports(data, setting, years, chosen(formats, data), key)


def dataset_of(content: Content, setting: Setting, memo: Memo, noted: Noted) -> Dataset:
    """The published collection. noted: by content path, the notes that have their place."""
    index = content.index
    mentions: Counter[str] = Counter()
    for facts in index.articles:
        mentions.update(dict(zip(facts.named, facts.here, strict=True)))
    totals = {
        "articles": len(index.articles),
        "mentions": mentions.total(),
        "notes": sum(len(noted.get(facts.path, ())) for facts in index.articles),
    }
    records = dict(sorted(index.authority.records.items()))
    address = setting.linker.absolute

    def page_of(record: str) -> str:
        """Where the record that a note names is read about; nowhere, if it is nobody's or is not published."""
        subject = records.get(index.authority.final(record))
        return address(subject.url) if subject else ""

    def annotations(edition: Edition) -> list[dict[str, Any]]:
        named = [Mention(m.start, m.end, m.record, By(m.quote.by)) for m in edition.mentions]
        notes, results = [note for note, _ in edition.notes], [at for _, at in edition.notes]
        source = address(edition.facts.url)
        page = annotated(notes, results, named, edition.text, source, page_of)
        items: list[dict[str, Any]] = page["items"]
        return items

    editions = partial(_editions, index.articles, memo, noted)
    return Dataset(setting.site, setting.linker, records, index.counts, mentions, totals, editions, annotations)


def _editions(articles: Sequence[Facts], memo: Memo, noted: Noted) -> Iterator[Edition]:
    """The articles, read one at a time."""
    readings = msgspec.msgpack.Decoder(_Bare)
    quoted = msgspec.msgpack.Decoder(dict[str, list[views.Quote]])
    for facts in articles:
        reading = readings.decode(memo.reading(facts.path))
        assert isinstance(reading.meta, Article)
        quotes = {record: iter(found) for record, found in quoted.decode(memo.quotes(facts.path)).items()}
        marks = iter(reading.marks)
        mentions = []
        for start, end, number in zip(marks, marks, marks, strict=True):
            record = facts.named[number]
            mentions.append(Mentioned(start, end, record, next(quotes[record])))
        notes = noted.get(facts.path, ())
        yield Edition(facts, reading.meta, reading.words, reading.headings, reading.text, mentions, notes)


def _noted(content: Content, memo: Memo) -> Noted:
    """By content path, the notes that the pages of published articles show in their place."""
    decoder = msgspec.msgpack.Decoder(_Bare)
    found: dict[str, Sequence[tuple[Note, Anchored]]] = {}
    for facts in content.index.articles:
        if file := content.known.notes.get(facts.path):
            shown = {note.id: note for note in decoder.decode(memo.reading(facts.path)).notes if note.state == State.ANCHORED}
            found[facts.path] = [
                (note, Anchored(note.id, State.ANCHORED, "", shown[note.id].start, shown[note.id].end))
                for note in file.notes
                if note.id in shown
            ]
    return found


def _shown(path: str, media: str, rows: Mapping[str, Row], counts: Mapping[str, int]) -> views.DataFile:
    row = rows.get(path)
    return views.DataFile(path.rpartition("/")[2], "/" + path, media, row.size if row else 0, _counted(counts))


def _grouped(files: Iterable[tuple[str, views.DataFile]]) -> tuple[views.DataGroup, ...]:
    """Files with their formats, format by format."""
    groups: dict[str, list[views.DataFile]] = {}
    for name, file in files:
        groups.setdefault(name, []).append(file)
    return tuple(views.DataGroup(name, tuple(found)) for name, found in groups.items())


def _counted(counts: Mapping[str, int]) -> tuple[views.DataCount, ...]:
    return tuple(views.DataCount(name, count) for name, count in counts.items() if count)


def _job(path: str, data: bytes) -> Job:
    return Job(path, data=data)


def _piecewise(file: Export, data: Dataset, path: str) -> None:
    assert file.write
    with Path(path).open("wb") as target:
        for piece in joined(file.write(data)):
            target.write(piece)


def _database(data: Dataset, path: str) -> None:
    """Make the database: with the same SQLite the same bytes, whatever the day."""
    made = sqlite3.connect(path, isolation_level=None)
    try:
        for pragma in (f"page_size = {_PAGE_SIZE}", "journal_mode = OFF", "synchronous = OFF", "auto_vacuum = NONE"):
            made.execute(f"PRAGMA {pragma}").fetchall()
        made.execute("BEGIN")
        for statement, rows in database.statements(data):
            if rows is None:
                made.execute(statement)
            else:
                made.executemany(statement, rows)
        made.execute("COMMIT")
    finally:
        made.close()
