"""The formats that the configuration's `exports` names."""

from __future__ import annotations

FORMATS = ("tables", "records", "places", "annotations", "beacon", "rdf", "tei", "sqlite")
