"""The collection as tables, written as CSV (RFC 4180) and as JSON, an object a line (JSONL).

Spreadsheets run a cell that begins with = + - @ as a formula. In CSV such a text gets an apostrophe before it, and so
does one that has apostrophes before such a sign: who takes one apostrophe from what looks guarded has the text again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import msgspec

from sitegen.model.assertion import assertion
from sitegen.model.document import Source
from sitegen.publish.dataset import Dataset

Row = Sequence[Any]
_CHUNK = 1 << 16
_FORMULA = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
_GUARDED = re.compile(r"'+[=+\-@\t\r＝＋－＠]")
_json = msgspec.json.Encoder().encode


class Field(msgspec.Struct, frozen=True):
    """A column. type: of Frictionless Table Schema; target: the table whose `id` it names, "" for none."""

    name: str
    type: str
    title: str
    target: str = ""
    required: bool = False


class Table(msgspec.Struct, frozen=True):
    """A table whose key is `id`. Rows hold a value or None for each field. facets: fields with few values."""

    name: str
    title: str
    fields: tuple[Field, ...]
    rows: Callable[[Dataset], Iterator[Row]]
    searched: tuple[str, ...] = ()
    facets: tuple[str, ...] = ()


def _articles(data: Dataset) -> Iterator[Row]:
    for edition in data.editions():
        facts, meta = edition.facts, edition.meta
        source = meta.source or Source()
        yield (
            facts.id, data.address(facts.url), facts.title, facts.date.iso if facts.date else None, facts.year or None,
            facts.updated.iso if facts.updated else None, facts.lang, meta.byline, meta.dateline, facts.summary,
            list(facts.tags) or None, edition.words, len(edition.mentions), len(edition.notes), source.file, source.sha256,
            source.url, source.publisher, source.licence or data.site.licence, source.retrieved, edition.text,
        )  # fmt: skip


def _mentions(data: Dataset) -> Iterator[Row]:
    for edition in data.editions():
        doc_id, text = edition.facts.id, edition.text
        for start, end, record, quote in edition.mentions:
            who, score = assertion(quote.by, quote.name, data.records[record].record)
            yield (
                f"{doc_id}#mention-{start}-{end}", doc_id, record, start, end, text[start:end], quote.before, quote.after,
                who.value, quote.by, score, data.address(quote.url),
            )  # fmt: skip


def _records(data: Dataset) -> Iterator[Row]:
    for doc_id, subject in data.records.items():
        record = subject.record
        known = dict(record.ids)
        at = record.location
        yield (
            doc_id, data.address(subject.url), subject.kind, record.name, record.sort_key,
            [alias.text for alias in record.aliases] or None, record.status, record.role, record.summary, record.begin,
            record.end, at.lat if at else None, at.lon if at else None, known.get("wikidata"), known.get("geonames"),
            known.get("viaf"), known.get("gnd"), known or None, data.articles.get(doc_id, 0), data.mentions.get(doc_id, 0),
            *((record.score, record.why) if record.status == "suggested" else (None, None)),
        )  # fmt: skip


def _notes(data: Dataset) -> Iterator[Row]:
    for edition in data.editions():
        for note, at in edition.notes:
            exact = edition.text[at.start : at.end]
            yield (
                f"{edition.facts.id}#note-{note.id}", edition.facts.id, note.layer, note.motivation, at.start, at.end, exact,
                note.body, list(note.tags) or None, note.by, note.created,
            )  # fmt: skip


_KEY = Field("id", "string", "Identifier, the same in every table", required=True)
ARTICLES = Table("articles", "Articles", (
    _KEY,
    Field("url", "string", "Address of the article's page", required=True),
    Field("title", "string", "Title", required=True),
    Field("date", "string", "Date as far as it is known: a day, a month or a year (ISO 8601)"),
    Field("year", "integer", "Year of the date"),
    Field("updated", "string", "Date of the last change that the article tells of"),
    Field("language", "string", "Language (BCP 47)"),
    Field("byline", "string", "Who wrote it, as the text says"),
    Field("dateline", "string", "Where it was written, as the text says"),
    Field("summary", "string", "Summary: the editors', or the first sentences"),
    Field("tags", "array", "Tags"),
    Field("words", "integer", "Number of words"),
    Field("mentions", "integer", "Number of mentions of records", required=True),
    Field("notes", "integer", "Number of notes", required=True),
    Field("source_file", "string", "File that the text came in"),
    Field("source_sha256", "string", "SHA-256 of that file"),
    Field("source_url", "string", "Address that the text came from"),
    Field("publisher", "string", "Who published the text first"),
    Field("licence", "string", "Licence of the text"),
    Field("retrieved", "string", "When the text was retrieved"),
    Field("text", "string", "The text, a line a paragraph; positions of mentions and notes count its characters"),
), _articles, ("title", "summary", "text"), ("year", "language", "tags", "publisher"))  # fmt: skip
RECORDS = Table("records", "Authority records", (
    _KEY,
    Field("url", "string", "Address of the record's page", required=True),
    Field("kind", "string", "Kind: people, places …", required=True),
    Field("name", "string", "Name", required=True),
    Field("sort", "string", "Name as an index files it"),
    Field("aliases", "array", "Other names"),
    Field("status", "string", "reviewed or suggested", required=True),
    Field("role", "string", "Role"),
    Field("summary", "string", "Summary"),
    Field("begin", "string", "Birth, foundation, beginning (ISO 8601)"),
    Field("end", "string", "Death, dissolution, end (ISO 8601)"),
    Field("latitude", "number", "Latitude in degrees, WGS 84"),
    Field("longitude", "number", "Longitude in degrees, WGS 84"),
    Field("wikidata", "string", "Identifier in Wikidata"),
    Field("geonames", "string", "Identifier in GeoNames"),
    Field("viaf", "string", "Identifier in VIAF"),
    Field("gnd", "string", "Identifier in GND"),
    Field("identifiers", "object", "All identifiers by authority file"),
    Field("articles", "integer", "Number of articles that name it", required=True),
    Field("mentions", "integer", "Number of its mentions in articles", required=True),
    Field("score", "number", "Of a suggested record, how sure the finder was, 0 to 1"),
    Field("why", "string", "Of a suggested record, what spoke for it"),
), _records, ("name", "aliases", "role", "summary"), ("kind", "status"))  # fmt: skip
MENTIONS = Table("mentions", "Mentions", (
    _KEY,
    Field("article", "string", "Article that names", "articles", required=True),
    Field("record", "string", "Record that is named", "records", required=True),
    Field("start", "integer", "First character in the article's text, counted from 0 in Unicode code points", required=True),
    Field("end", "integer", "Character behind the last", required=True),
    Field("name", "string", "The words that name it", required=True),
    Field("before", "string", "What stands before them in the sentence"),
    Field("after", "string", "What stands behind them in the sentence"),
    Field("asserted_by", "string", "Who asserts it: person, import, rule or model", required=True),
    Field("by", "string", "By what: link, note, import, article, context or alias", required=True),
    Field("score", "number", "How surely, 0 to 1"),
    Field("url", "string", "Address of the paragraph", required=True),
), _mentions, ("before", "name", "after"), ("record", "asserted_by", "by"))  # fmt: skip
NOTES = Table("notes", "Notes", (
    _KEY,
    Field("article", "string", "Article that the note is on", "articles", required=True),
    Field("layer", "string", "Layer", required=True),
    Field("motivation", "string", "Motivation (Web Annotation vocabulary)", required=True),
    Field("start", "integer", "First character in the article's text", required=True),
    Field("end", "integer", "Character behind the last", required=True),
    Field("exact", "string", "The words that the note is on", required=True),
    Field("body", "string", "What the note says, as Markdown"),
    Field("tags", "array", "Tags"),
    Field("by", "string", "Who wrote it"),
    Field("created", "string", "When it was written"),
), _notes, ("exact", "body"), ("layer", "motivation"))  # fmt: skip
TABLES = (ARTICLES, RECORDS, MENTIONS, NOTES)


def as_jsonl(table: Table, data: Dataset) -> Iterator[bytes]:
    """An object a line, with every field; null for what is empty."""
    names = [field.name for field in table.fields]
    for row in table.rows(data):
        yield _json(dict(zip(names, [None if value == "" else value for value in row], strict=True))) + b"\n"


def as_csv(table: Table, data: Dataset) -> Iterator[bytes]:
    """RFC 4180 in UTF-8, with a header; arrays and objects as JSON, texts guarded."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([field.name for field in table.fields])
    for row in table.rows(data):
        writer.writerow([_cell(value) for value in row])
        if buffer.tell() > _CHUNK:
            yield _emptied(buffer)
    yield _emptied(buffer)


def guarded(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """The text that `guarded` was given."""
    return cell[1:] if _GUARDED.match(cell) else cell


def plain(value: Any) -> Any:
    """A value as databases and cells hold it: lists and objects as JSON, nothing for what is empty."""
    if isinstance(value, list | dict):
        return _json(value).decode()
    return None if value == "" else value


def joined(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces that are worth writing."""
    waiting: list[bytes] = []
    size = 0
    for chunk in chunks:
        waiting.append(chunk)
        size += len(chunk)
        if size > _CHUNK:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join(waiting)


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return guarded(value)
    return plain(value)


def _emptied(buffer: io.StringIO) -> bytes:
    data = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return data
