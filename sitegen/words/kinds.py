"""The words for the kinds of record that are there from the start, marked for the catalogues."""

from __future__ import annotations


def N_(message: str) -> str:
    """Marks a message that is translated where it is shown."""
    return message


def NN_(one: str, many: str) -> tuple[str, str]:
    """Marks a message with a number."""
    return one, many


# Kind → label, singular, begin, end: as model.entity has them.
KNOWN = {
    "people": (N_("People"), N_("person"), N_("born"), N_("died")),
    "organisations": (N_("Organisations"), N_("organisation"), N_("founded"), N_("dissolved")),
    "places": (N_("Places"), N_("place"), N_("founded"), N_("abandoned")),
    "events": (N_("Events"), N_("event"), N_("began"), N_("ended")),
    "works": (N_("Works"), N_("work"), N_("published"), N_("lost")),
}
ADDED = (N_("from"), N_("until"))

COUNTED = {
    "people": NN_("%(num)s person", "%(num)s people"),
    "organisations": NN_("%(num)s organisation", "%(num)s organisations"),
    "places": NN_("%(num)s place", "%(num)s places"),
    "events": NN_("%(num)s event", "%(num)s events"),
    "works": NN_("%(num)s work", "%(num)s works"),
}
