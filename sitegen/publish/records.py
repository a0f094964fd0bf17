"""Authority records as JSON-LD in the vocabulary of schema.org."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from sitegen.model.authorities import thing_of
from sitegen.model.entity import Subject
from sitegen.publish.dataset import Dataset

_json = msgspec.json.Encoder().encode
# Kind → type, and the properties of its first and last day.
TYPES = {
    "people": ("Person", "birthDate", "deathDate"),
    "organisations": ("Organization", "foundingDate", "dissolutionDate"),
    "places": ("Place", "", ""),
    "events": ("Event", "startDate", "endDate"),
    "works": ("CreativeWork", "datePublished", ""),
}
THING = ("Thing", "", "")


def as_jsonld(data: Dataset) -> Iterator[bytes]:
    """One graph, a record a line."""
    yield b'{"@context":"https://schema.org/","@graph":[\n'
    for number, subject in enumerate(data.records.values()):
        yield (b",\n" if number else b"") + _json(node(subject, data))
    yield b"\n]}\n"


def node(subject: Subject, data: Dataset) -> dict[str, Any]:
    """A record as a node."""
    record = subject.record
    type_, begin, end = TYPES.get(subject.kind, THING)
    address = data.address(subject.url)
    found: dict[str, Any] = {"@id": address, "@type": type_, "name": record.name, "url": address, "identifier": subject.id}
    if record.aliases:
        found["alternateName"] = [alias.text for alias in record.aliases]
    if said := record.summary or record.role:
        found["description"] = said
    if same := same_as(subject):
        found["sameAs"] = same
    if begin and record.begin:
        found[begin] = record.begin
    if end and record.end:
        found[end] = record.end
    if type_ == "Place" and (at := record.location):
        found["geo"] = {"@type": "GeoCoordinates", "latitude": at.lat, "longitude": at.lon}
    return found


def same_as(subject: Subject) -> list[str]:
    """What authority files call the record."""
    return [thing for key, value in subject.record.ids if (thing := thing_of(key, value))]
