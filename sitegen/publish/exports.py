"""The files of /data/: which there are, what each holds, and how it is written.

A new format is a function from a Dataset to pieces of bytes, and a line in EXPORTS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import msgspec

from sitegen.model.exports import FORMATS
from sitegen.publish import beacon, places, records, tables, tei, turtle, webannotations
from sitegen.publish.database import metadata
from sitegen.publish.dataset import Dataset

FOLDER = "data/"
DATABASE = "collection.sqlite"
BEACONS = ("gnd", "wikidata", "viaf", "geonames")


class Export(msgspec.Struct, frozen=True):
    """A file of /data/. format: the key of the configuration that asks for it. holds: what of `Dataset.counts` it holds.

    write: its bytes, piece by piece; None for the database, which is made by `database.statements`.
    """

    format: str
    name: str
    media: str
    holds: tuple[str, ...]
    write: Callable[[Dataset], Iterator[bytes]] | None

    @property
    def path(self) -> str:
        """Below the output folder."""
        return FOLDER + self.name


def _tables() -> Iterator[Export]:
    for table in tables.TABLES:
        yield Export("tables", f"{table.name}.csv", "text/csv", (table.name,), partial(tables.as_csv, table))
        if table is not tables.RECORDS:
            yield Export("tables", f"{table.name}.jsonl", "application/jsonl", (table.name,), partial(tables.as_jsonl, table))


def _whole(made: Callable[[Dataset], bytes], data: Dataset) -> Iterator[bytes]:
    yield made(data)


EXPORTS: tuple[Export, ...] = (
    *_tables(),
    Export("records", "records.jsonld", "application/ld+json", ("records",), records.as_jsonld),
    Export("places", "places.geojson", "application/geo+json", ("places",), places.as_geojson),
    Export("places", "places.lpf.json", "application/ld+json", ("places",), places.as_linked_places),
    Export("annotations", "annotations.jsonld", "application/ld+json", ("mentions", "notes"), webannotations.as_annotations),
    *(Export("beacon", f"beacon-{key}.txt", "text/plain", (), partial(beacon.as_beacon, key)) for key in BEACONS),
    Export("rdf", "collection.ttl", "text/turtle", ("articles", "records", "mentions"), turtle.as_turtle),
    Export("tei", "tei.zip", "application/zip", ("articles", "mentions", "notes"), tei.as_archive),
    Export("sqlite", DATABASE, "application/vnd.sqlite3", ("articles", "records", "mentions", "notes"), None),
    Export("sqlite", "metadata.json", "application/json", (), partial(_whole, metadata)),
)
assert {export.format for export in EXPORTS} == set(FORMATS)


def chosen(formats: Sequence[str], data: Dataset) -> list[Export]:
    """The files of these formats that have something to hold."""
    return [export for export in EXPORTS if export.format in formats and _holds_something(export, data)]


def _holds_something(export: Export, data: Dataset) -> bool:
    if export.format == "beacon":
        return bool(linked(export, data))
    return not export.holds or any(data.counts[name] for name in export.holds)


def linked(export: Export, data: Dataset) -> int:
    """How many records a BEACON file lists."""
    return len(beacon.linked(export.name.removeprefix("beacon-").removesuffix(".txt"), data))
