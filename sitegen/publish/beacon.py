"""BEACON link dumps, by which authority files learn what a site has on their records.

Format: https://gbv.github.io/beaconspec/beacon.html. A line is an identifier, the number of articles, and the page.
"""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.model.authorities import AUTHORITIES, page_of, prefix_of
from sitegen.publish.dataset import Dataset

_SEE_ALSO = "http://www.w3.org/2000/01/rdf-schema#seeAlso"


def as_beacon(key: str, data: Dataset) -> Iterator[bytes]:
    """The records that have an identifier in this authority file, by identifier."""
    site = data.site
    yield b"#FORMAT: BEACON\n"
    fields = {
        "PREFIX": prefix_of(key),
        "RELATION": _SEE_ALSO,
        "NAME": site.title,
        "DESCRIPTION": site.description,
        "CREATOR": site.author,
        "HOMEPAGE": data.address("/"),
        "FEED": data.address(f"/data/beacon-{key}.txt"),
        "MESSAGE": f"Articles of {site.title}",
        "SOURCESET": AUTHORITIES[key][0],
    }
    for name, value in fields.items():
        if value:
            yield f"#{name}: {' '.join(value.split())}\n".encode()
    yield b"\n"
    for value, doc_id in linked(key, data):
        yield f"{value}|{data.articles.get(doc_id, 0)}|{data.address(data.records[doc_id].url)}\n".encode()


def linked(key: str, data: Dataset) -> list[tuple[str, str]]:
    """Identifiers in an authority file, with the ids of their records."""
    found = ((value, subject.id) for subject in data.records.values() for name, value in subject.record.ids if name == key)
    return sorted((value, doc_id) for value, doc_id in found if page_of(key, value))
