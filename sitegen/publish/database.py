"""The collection as one SQLite database that Datasette opens as it is: tables with keys, full-text search, facets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from sitegen.publish.dataset import Dataset
from sitegen.publish.tables import TABLES, Field, Table, plain

DATABASE = "collection"  # what Datasette calls it, after the file
_TYPES = {"integer": "INTEGER", "number": "REAL"}
_INDEXED = {"articles": ("year",), "mentions": ("article", "record"), "notes": ("article",), "records": ("kind",)}
Statement = tuple[str, Iterable[tuple[Any, ...]] | None]

_PASSAGES = """CREATE VIEW passages AS
    SELECT mentions.id, records.name AS record, articles.title AS article, articles.date,
        mentions."before" || mentions.name || mentions."after" AS passage, mentions.url
    FROM mentions JOIN records ON records.id = mentions.record JOIN articles ON articles.id = mentions.article"""


def statements(data: Dataset) -> Iterator[Statement]:
    """The SQL that makes the database, in order; rows where a statement is to be run for each of them."""
    for table in TABLES:
        yield _created(table), None
        names = ", ".join("?" for _ in table.fields)
        yield f"INSERT INTO {table.name} VALUES ({names})", (tuple(map(plain, row)) for row in table.rows(data))
    for table in TABLES:
        for field in _INDEXED[table.name]:
            yield f"CREATE INDEX {table.name}_by_{field} ON {table.name} ({field})", None
    yield _PASSAGES, None
    for table in TABLES:
        columns = ", ".join(f'"{name}"' for name in table.searched)
        search = f"{table.name}_fts"
        yield (
            (
                f'CREATE VIRTUAL TABLE {search} USING fts5({columns}, content="{table.name}", '
                "tokenize='unicode61 remove_diacritics 2')"
            ),
            None,
        )
        yield f"INSERT INTO {search} ({search}) VALUES ('rebuild')", None
        yield f"INSERT INTO {search} ({search}) VALUES ('optimize')", None


def metadata(data: Dataset) -> bytes:
    """What Datasette shows beside the database, with the facets that are open from the start (`datasette -m metadata.json`)."""
    site = data.site
    tables = {
        table.name: {
            "title": table.title,
            "description": "",
            "facets": list(table.facets),
            "columns": {field.name: field.title for field in table.fields},
        }
        for table in TABLES
    }
    about: dict[str, Any] = {
        "title": site.title, "description": site.description, "license": site.licence, "source": site.title,
        "source_url": data.address("/"), "databases": {DATABASE: {"tables": tables}},
    }  # fmt: skip
    return msgspec.json.format(msgspec.json.encode(about), indent=1) + b"\n"


def _created(table: Table) -> str:
    return f"CREATE TABLE {table.name} (\n    " + ",\n    ".join(map(_column, table.fields)) + "\n)"


def _column(field: Field) -> str:
    if field.name == "id":
        return "id TEXT PRIMARY KEY NOT NULL"
    target = f" REFERENCES {field.target} (id)" if field.target else ""
    return f'"{field.name}" {_TYPES.get(field.type, "TEXT")}{" NOT NULL" if field.required else ""}{target}'
