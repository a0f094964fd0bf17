"""What /data/ says of itself: the files as programs find them (schema.org Dataset, Frictionless Data Package)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from sitegen.publish.dataset import Dataset
from sitegen.publish.exports import FOLDER, Export, linked
from sitegen.publish.tables import TABLES, Table

PAGE = "/data/"
_REQUIRED = {"constraints": {"required": True}}
PACKAGE = FOLDER + "datapackage.json"
DATASET = FOLDER + "dataset.jsonld"


class Written(NamedTuple):
    """A file as it was written: bytes, and SHA-256 in hexadecimal."""

    size: int
    sha256: str


def counted(export: Export, data: Dataset) -> dict[str, int]:
    """How many of what a file holds."""
    if export.format == "beacon":
        return {"records": linked(export, data)}
    return {name: data.counts[name] for name in export.holds if data.counts[name]}


def package(exports: Sequence[Export], data: Dataset, written: Mapping[str, Written]) -> bytes:
    """A Frictionless Data Package of the tables: https://specs.frictionlessdata.io/data-package/."""
    site = data.site
    resources = []
    for table in TABLES:
        for export in exports:
            stem, _, ending = export.name.partition(".")
            if export.format == "tables" and stem == table.name:
                resources.append(_resource(table, export, ending, written))
    about: dict[str, Any] = {
        "profile": "data-package", "name": "collection", "title": site.title, "homepage": data.address("/"),
        **({"description": site.description} if site.description else {}),
        **({"licenses": [{"name": site.licence.replace(" ", "-"), "title": site.licence}]} if site.licence else {}),
        **({"contributors": [{"title": site.author, "role": "publisher"}]} if site.author else {}),
        "resources": resources,
    }  # fmt: skip
    return _pretty(about)


def _resource(table: Table, export: Export, ending: str, written: Mapping[str, Written]) -> dict[str, Any]:
    plain = ending == "csv"
    fields = [
        {"name": field.name, "type": field.type, "title": field.title, **(_REQUIRED if field.required else {})}
        for field in table.fields
    ]
    keys = [
        {"fields": field.name, "reference": {"resource": field.target, "fields": "id"}} for field in table.fields if field.target
    ]
    found: dict[str, Any] = {
        "name": table.name if plain else f"{table.name}-lines",
        "title": table.title,
        "path": export.name,
        "format": ending,
        "mediatype": export.media,
        "encoding": "utf-8",
        "profile": "tabular-data-resource" if plain else "data-resource",
        "schema": {"fields": fields, "primaryKey": ["id"], **({"foreignKeys": keys} if keys else {})},
    }
    if plain:
        found["description"] = "An apostrophe before = + - @ keeps spreadsheets from taking a text for a formula; take it off."
        found["dialect"] = {"lineTerminator": "\r\n"}
    if kept := written.get(export.path):
        found |= {"bytes": kept.size, "hash": f"sha256:{kept.sha256}"}
    return found


def dataset(exports: Sequence[Export], data: Dataset, written: Mapping[str, Written], years: tuple[int, int] | None) -> bytes:
    """The collection as a schema.org Dataset, by which search engines for data find it. years: of the first and last article."""
    site = data.site
    about: dict[str, Any] = {
        "@context": "https://schema.org/", "@type": "Dataset", "@id": data.address(PAGE), "url": data.address(PAGE),
        "name": site.title, "description": site.description or f"The articles of {site.title}, and who and what they name.",
        "inLanguage": site.language, "isAccessibleForFree": True,
    }  # fmt: skip
    if site.licence:
        about["license"] = site.licence
    if site.author:
        about["creator"] = about["publisher"] = {"@type": "Organization", "name": site.author}
    if years:
        about["temporalCoverage"] = f"{years[0]:04d}/{years[1]:04d}"
    about["size"] = ", ".join(f"{count:,} {name}" for name, count in data.counts.items() if count)
    about["distribution"] = [_download(export, data, written.get(export.path)) for export in exports]
    return _pretty(about)


def _download(export: Export, data: Dataset, kept: Written | None) -> dict[str, Any]:
    address = data.address("/" + export.path)
    found = {"@type": "DataDownload", "name": export.name, "contentUrl": address, "encodingFormat": export.media}
    return found | ({"contentSize": f"{kept.size} B", "sha256": kept.sha256} if kept else {})


def _pretty(value: dict[str, Any]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"
