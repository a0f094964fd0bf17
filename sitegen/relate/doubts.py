"""What may be wrong across documents, and only `sitegen check` looks for: times, titles, points, sources, files nobody uses.

Only what is sure is told: a date counts as early, or as late, as its precision allows. What many lack alike is told once.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from sitegen.errors import Issue, Severity, Span
from sitegen.geo.projection import distance_km
from sitegen.model.dates import Date
from sitegen.model.document import Article, Source
from sitegen.model.entity import PLACES, Location, Subject
from sitegen.model.mention import Facts
from sitegen.model.text import letters
from sitegen.relate.check import Locate

PEOPLE = "people"
# Km from a place of the same name, and from where a slip would put it: of towns, and of all that has no one point.
_FAR, _NEAR = {True: 300.0, False: 2500.0}, {True: 60.0, False: 500.0}
_TOWN = "city"
_MANY = 10  # of one kind in a folder, above which they are told together


class Known(Protocol):
    """A place of the gazetteer, in degrees."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def lat(self) -> float: ...
    @property
    def lon(self) -> float: ...
    @property
    def geonameid(self) -> int: ...


def is_before(one: str, other: str) -> bool:
    """Whether an ISO date lies wholly before another, in whatever precision the two are."""
    shared = min(len(one.partition("T")[0]), len(other.partition("T")[0]))
    return one[:shared] < other[:shared]


def check_titles(texts: Iterable[Facts], locate: Locate) -> Iterator[Issue]:
    """No two texts bear one title; those of one date cannot be told apart in lists at all."""
    groups: defaultdict[tuple[str, str], list[Facts]] = defaultdict(list)
    for facts in texts:
        groups[facts.kind, letters(facts.title)].append(facts)
    for (_, title), found in sorted(groups.items()):
        if not title or len(found) < 2:
            continue
        dates = [facts.date.iso if facts.date else "" for facts in found]
        alike = len(set(dates)) < len(dates)
        first, second = found[0], next((facts for at, facts in enumerate(found) if dates[at] in dates[:at]), found[1])
        count = "two" if len(found) == 2 else f"{len(found):,}"
        fact = f'{count} texts{", of one date," if alike else ""} bear the title "{second.title}": {_some(found, "id")}'
        help = f"say in the title what tells it from {first.id if first is not second else found[1].id}"
        place = locate(second.path, "title")
        if alike:
            yield Issue("same-title", fact, place, help, Severity.WARNING)
        else:
            yield Issue("same-title", fact, place, help, Severity.NOTE)


def check_times(
    facts: Facts, meta: Article, births: Mapping[str, Subject], locate: Locate, line_of: Callable[[str], Span]
) -> Iterator[Issue]:
    """What an article says of times holds together. births: people with a date of birth. line_of: where a record is named."""
    if not facts.date:
        return
    date = facts.date.iso
    source = meta.source or Source()
    said: list[tuple[str, str, tuple[str, ...]]] = [("was updated", facts.updated.iso if facts.updated else "", ("updated",))]
    said += [("was corrected", item.date.iso, ("corrections",)) for item in meta.corrections]
    said += [("was retrieved", _iso(source.retrieved), ("source", "retrieved")),
             ("was converted", _iso(source.converted), ("source", "converted"))]  # fmt: skip
    for what, iso, keys in said:
        if iso and is_before(iso, date):
            yield Issue("dates-out-of-order", f"it {what} on {iso}, before its own date, {date}", locate(facts.path, *keys),
                        "correct one of the two dates", Severity.WARNING)  # fmt: skip
    for record in facts.named:
        if (person := births.get(record)) and is_before(date, person.record.begin):
            yield Issue("before-birth", f"it is of {date}, and names {record}, born {person.record.begin}", line_of(record),
                        f"somebody else may be meant (links: {{{person.title}: none}}), or one of the dates is wrong",
                        Severity.WARNING)  # fmt: skip


def check_points(places: Iterable[Subject], lookup: Callable[[str], Sequence[Known]], locate: Locate) -> Iterator[Issue]:
    """Places lie where the gazetteer has one of their name, or at least not just where a slip of the pen would put it."""
    for subject in places:
        at = subject.record.location
        if subject.kind != PLACES or at is None:
            continue
        if at.lat == 0 == at.lon:
            yield Issue("odd-coordinates", f'"{subject.title}" lies at 0, 0, in the sea off Africa',
                        locate(subject.path, "location"), "write its own latitude and longitude, or take location out",
                        Severity.WARNING)  # fmt: skip
            continue
        known = {(one.lat, one.lon): one for name in subject.record.names for one in lookup(name)}
        own = dict(subject.record.ids).get("geonames", "")
        same = [one for one in known.values() if own and str(one.geonameid) == own]
        if any(_km(at, one) <= _FAR[one.kind == _TOWN] for one in same or known.values()):
            continue
        if slip := _slip(at, same or list(known.values())):
            yield Issue("odd-coordinates", f'"{subject.title}" lies at {_shown(at)}; {slip}', locate(subject.path, "location"),
                        "correct location; or give the identifier of the place that is meant (ids: {geonames: …})",
                        Severity.WARNING)  # fmt: skip
        elif same and same[0].kind == _TOWN:
            far = f"{_km(at, same[0]):,.0f} km from where GeoNames has {own}, {same[0].name}"
            yield Issue("odd-coordinates", f'"{subject.title}" lies {far}', locate(subject.path, "location"),
                        "correct location, or the identifier", Severity.WARNING)  # fmt: skip


def check_provenance(articles: Iterable[tuple[Facts, Article]], licence: str, config: Span, locate: Locate) -> Iterator[Issue]:
    """Every article says where its text is from, and on what terms it may be used. licence: the collection's own."""
    count = 0
    unsourced: list[Facts] = []
    unlicensed: list[Facts] = []
    for facts, meta in articles:
        count += 1
        source = meta.source
        if source is None or not (source.file or source.url or source.publisher):
            unsourced.append(facts)
        if not licence and not (source and source.licence):
            unlicensed.append(facts)
    for fact, place in _lacking("where the text is from", unsourced, count, config, locate):
        yield Issue("no-origin", fact, place, "add source: with a file, a url or a publisher", Severity.NOTE)
    for fact, place in _lacking("on what terms it may be used", unlicensed, count, config, locate):
        help = "set licence in the configuration, or under source: in the article"
        yield Issue("no-licence", fact, place, help, Severity.NOTE)


def check_files(files: Iterable[str], used: Collection[str]) -> Iterator[Issue]:
    """Files that are published as they are, and that nothing leads to. files, used: content paths."""
    for fact, place in _unused(files, used, "is published, and nothing links to it"):
        yield Issue("unused-file", fact, place, "link to it, or take it out of the content folder", Severity.NOTE)


def check_sources(files: Collection[str], used: Collection[str]) -> Iterator[Issue]:
    """Sources that no article is made of. files, used: content paths."""
    for fact, place in _unused(files, used, "is a source, and no article is made of it"):
        is_text = place.path.lower().endswith(".txt") or place.path not in files
        help = "run sitegen convert" if is_text else "sitegen convert reads .txt: save it as plain text"
        yield Issue("unused-source", fact, place, f"{help}, or take it out of sources/", Severity.NOTE)


def _unused(files: Iterable[str], used: Collection[str], what: str) -> Iterator[tuple[str, Span]]:
    """What is to be said of files, and where; of a folder, where it has many of them."""
    folders: defaultdict[str, list[str]] = defaultdict(list)
    for path in files:
        if path not in used:
            folders[path.rpartition("/")[0]].append(path)
    for folder, found in sorted(folders.items()):
        if len(found) > _MANY:
            shown = ", ".join(path.rpartition("/")[2] for path in found[:3])
            yield f"{len(found):,} files of this folder: each {what}, such as {shown}", Span(folder)
        else:
            yield from ((f"this file {what}", Span(path)) for path in found)


def _lacking(what: str, lacking: Sequence[Facts], count: int, config: Span, locate: Locate) -> Iterator[tuple[str, Span]]:
    """What is to be said of articles that lack something, and where: one by one where they are few of many, else all at once."""
    if len(lacking) > _MANY or len(lacking) * 2 > count:
        which = "no article says" if len(lacking) == count else f"{len(lacking):,} of {count:,} articles do not say"
        yield f"{which} {what}" + (f": {_some(lacking, 'path')}" if len(lacking) < count else ""), config
        return
    for facts in lacking:
        place = locate(facts.path, "source")
        yield f"it does not say {what}", place if place.line else locate(facts.path, "title")


def _slip(at: Location, known: Iterable[Known]) -> str:
    """Which slip of the pen would bring a place of the gazetteer to this point; empty where none would."""
    slips = {
        "latitude and longitude seem to be swapped": (at.lon, at.lat),
        "the latitude seems to lack its sign, or to have one too many": (-at.lat, at.lon),
        "the longitude seems to lack its sign, or to have one too many": (at.lat, -at.lon),
        "both seem to lack their sign, or to have one too many": (-at.lat, -at.lon),
    }
    for one in known:
        for said, (lat, lon) in slips.items():
            if abs(lat) <= 90 and distance_km(lat, lon, one.lat, one.lon) <= _NEAR[one.kind == _TOWN]:
                return f"{said}: the gazetteer has {one.name} at {_shown(Location(one.lat, one.lon))}"
    return ""


def _km(at: Location, known: Known) -> float:
    return distance_km(at.lat, at.lon, known.lat, known.lon)


def _shown(at: Location) -> str:
    return f"{at.lat:g}, {at.lon:g}"


def _iso(text: str) -> str:
    """A date that stands as free text; empty where it is none."""
    found = re.match(r"\d{4}(-\d\d(-\d\d)?)?(?=$|[T ])", text)
    try:
        return Date.parse(found[0]).iso if found else ""
    except ValueError:
        return ""


def _some(found: Sequence[Facts], field: str) -> str:
    shown = ", ".join(str(getattr(facts, field)) for facts in found[:3])
    return f"{shown} and {len(found) - 3:,} more" if len(found) > 3 else shown


def is_published_as_it_is(path: str) -> bool:
    """Whether hosts and browsers ask for a file by its name, so that nothing need link to it."""
    name = path.rpartition("/")[2].lower()
    known = ("favicon.ico", "robots.txt", "cname", "_headers", "_redirects", "humans.txt", "ads.txt", "apple-touch-icon.png")
    return name in known or name.startswith(("google", "yandex_", "bingsiteauth", "licen", "readme"))
