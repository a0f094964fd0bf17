"""Places as GeoJSON (RFC 7946) and in the Linked Places Format (linkedplaces-context-v1.2), which gazetteers read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from sitegen.model.entity import Subject
from sitegen.publish.dataset import Dataset

_json = msgspec.json.Encoder().encode
_CONTEXT = "https://raw.githubusercontent.com/LinkedPasts/linked-places-format/main/linkedplaces-context-v1.2.jsonld"
# What the Linked Places Format calls authority files.
_PREFIXES = {"wikidata": "wd", "geonames": "gn", "viaf": "viaf", "gnd": "gnd", "osm": "osm"}


def as_geojson(data: Dataset) -> Iterator[bytes]:
    """A feature a line; a place that does not say where it is has no geometry."""
    return _collection(b'{"type":"FeatureCollection","features":[\n', _feature, data)


def as_linked_places(data: Dataset) -> Iterator[bytes]:
    """A feature a line. Feature classes, which gazetteers ask for, are those that a record names under `extra:`."""
    head = b'{"type":"FeatureCollection","@context":' + _json(_CONTEXT) + b',"features":[\n'
    return _collection(head, _linked, data)


def _collection(head: bytes, made: Callable[[Subject, Dataset], dict[str, Any]], data: Dataset) -> Iterator[bytes]:
    yield head
    for number, subject in enumerate(data.places):
        yield (b",\n" if number else b"") + _json(made(subject, data))
    yield b"\n]}\n"


def _feature(subject: Subject, data: Dataset) -> dict[str, Any]:
    record = subject.record
    about = {
        "name": record.name, "url": data.address(subject.url), "aliases": [alias.text for alias in record.aliases],
        "summary": record.summary, "status": record.status, "articles": data.articles.get(subject.id, 0),
        "mentions": data.mentions.get(subject.id, 0), **dict(record.ids),
    }  # fmt: skip
    return {"type": "Feature", "id": subject.id, "geometry": _point(subject), "properties": about}


def _linked(subject: Subject, data: Dataset) -> dict[str, Any]:
    record = subject.record
    address = data.address(subject.url)
    about: dict[str, Any] = {"title": record.name}
    if isinstance(classes := record.extra.get("fclasses"), list):
        about["fclasses"] = classes
    names = [record.name, *(alias.text for alias in record.aliases)]
    found: dict[str, Any] = {
        "@id": address, "type": "Feature", "properties": about, "geometry": _point(subject),
        "names": [{"toponym": name, "citations": [{"label": data.site.title, "@id": address}]} for name in names],
    }  # fmt: skip
    span = {key: {"in": date} for key, date in (("start", record.begin), ("end", record.end)) if date}
    if span:
        found["when"] = {"timespans": [span]}
    links = [{"type": "closeMatch", "identifier": f"{_PREFIXES[key]}:{value}"} for key, value in record.ids if key in _PREFIXES]
    if links:
        found["links"] = links
    if record.summary:
        found["descriptions"] = [{"@id": address, "value": record.summary, "lang": record.lang or data.site.language}]
    return found


def _point(subject: Subject) -> dict[str, Any] | None:
    at = subject.record.location
    return {"type": "Point", "coordinates": [at.lon, at.lat]} if at else None
