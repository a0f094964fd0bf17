"""Authority files that records are identified in: their names, and the addresses their identifiers stand for."""

from __future__ import annotations

import re

# Key of a record's `ids:` → name, address for people.
AUTHORITIES = {
    "wikidata": ("Wikidata", "https://www.wikidata.org/wiki/{}"),
    "geonames": ("GeoNames", "https://www.geonames.org/{}"),
    "viaf": ("VIAF", "https://viaf.org/viaf/{}"),
    "gnd": ("GND", "https://d-nb.info/gnd/{}"),
    "lccn": ("Library of Congress", "https://id.loc.gov/authorities/{}"),
    "isni": ("ISNI", "https://isni.org/isni/{}"),
    "orcid": ("ORCID", "https://orcid.org/{}"),
    "osm": ("OpenStreetMap", "https://www.openstreetmap.org/{}"),
}
# Where an authority names the thing itself otherwise than the page about it.
_THINGS = {
    "wikidata": "http://www.wikidata.org/entity/{}",
    "geonames": "https://sws.geonames.org/{}/",
    "viaf": "http://viaf.org/viaf/{}",
    "lccn": "http://id.loc.gov/authorities/{}",
}
_IDENTIFIER = re.compile(r"[\w./-]+\Z", re.ASCII)


def page_of(key: str, value: str) -> str:
    """The address of the page about what an identifier stands for; "" where the authority is not known."""
    pattern = AUTHORITIES.get(key.lower(), ("", ""))[1]
    return pattern.format(value) if pattern and _IDENTIFIER.match(value) else ""


def prefix_of(key: str) -> str:
    """What stands before an identifier in the name (URI) of the thing it stands for."""
    key = key.lower()
    return _THINGS.get(key, AUTHORITIES.get(key, ("", ""))[1]).partition("{}")[0]


def thing_of(key: str, value: str) -> str:
    """The name (URI) of the thing that an identifier stands for; "" where the authority is not known."""
    pattern = _THINGS.get(key.lower()) or AUTHORITIES.get(key.lower(), ("", ""))[1]
    return pattern.format(value) if pattern and _IDENTIFIER.match(value) else ""
