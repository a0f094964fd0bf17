"""All names of a collection, ready to be looked for in texts.

Owns how a name may be spelled in a text; where a spelling counts as the name is decided in `find`.
A name is compared folded (`fold`: plain quotes, hyphens and spaces), in Unicode NFC, by these rules of case:

- as written; one that begins lower-case ("the Great Eastern") also capitalised;
- with five letters or more also in ALL CAPS; an acronym (no lower-case letter) only as written;
- "The " at its front is optional where two words or more are left ("The Associated Press"). Of a single word
  it stays, in either case: "the Times" is The Times, "times" and "Times" are not.

A single character of a script without spaces is no name: it would be found inside every second word.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

import msgspec
from ahocorasick_rs import AhoCorasick

from sitegen.model.entity import Record
from sitegen.model.ids import kind_of
from sitegen.model.text import canonical, fold_lines

PEOPLE, PLACES = "people", "places"
_PERSON = f"{PEOPLE}/"
_NEAR = 150.0  # km within which a place speaks for another
Point = tuple[float, float]  # degrees, WGS 84


class _Lists(msgspec.Struct, array_like=True):
    owners: tuple[tuple[str, tuple[str, ...]], ...]
    stop: tuple[str, ...]
    points: tuple[tuple[str, Point], ...] = ()


_CAPITALS_FROM = 5  # letters; "Cook" in capitals would catch "COOK" the verb


class Person(msgspec.Struct, frozen=True):
    """The words of a person's names, lower case; `first` are those that begin a name of several words."""

    words: frozenset[str]
    first: frozenset[str]


class Spellings:
    """Spellings, each with what it stands for, searched for all at once."""

    def __init__(self, owners: Mapping[str, tuple[str, ...]]) -> None:
        self.owners = list(owners.values())
        self._automaton = AhoCorasick(list(owners)) if owners else None

    def hits(self, folded: str) -> list[tuple[int, int, int]]:
        """(index into `owners`, start, end) of every occurrence in a folded text, overlapping ones too."""
        return self._automaton.find_matches_as_indexes(folded, overlapping=True) if self._automaton else []


class Changed:
    """Spellings that were added, removed or given to others."""

    def __init__(self, spelled: frozenset[str]) -> None:
        self._automaton = AhoCorasick(list(spelled)) if spelled else None

    def touch(self, text: str) -> bool:
        """Whether a text holds any of them: where it does not, all that is found in it is as it was."""
        return self._automaton is not None and bool(self._automaton.find_matches_as_indexes(fold_lines(text)))


class Names(msgspec.Struct, frozen=True, dict=True):
    """Names with their owners, and the stop list: canonical, so that equal collections have equal `Names`.

    owners: (name, record ids) by name; stop: stop-list entries; both folded, sorted and without repeats. points: where
    the records of places are, by id; empty where no two places share a name, since nobody asks then.
    The search is made when first used: a build that finds nothing to do never pays for it. A pickle
    carries the lists only.
    """

    owners: tuple[tuple[str, tuple[str, ...]], ...] = ()
    stop: tuple[str, ...] = ()
    points: tuple[tuple[str, Point], ...] = ()

    @staticmethod
    def of(records: Iterable[tuple[str, Record]], stop: Iterable[str] = ()) -> Names:
        """The names of (record id, record) pairs; an id may come more than once, with other names."""
        owners: defaultdict[str, set[str]] = defaultdict(set)
        points: dict[str, Point] = {}
        for record_id, record in records:
            for name in record.names:
                owners[canonical(name)].add(record_id)
            if record.location and kind_of(record_id) == PLACES:
                points.setdefault(record_id, (record.location.lat, record.location.lon))
        named = tuple((name, tuple(sorted(owners[name]))) for name in sorted(owners) if _searchable(name))
        told = tuple(sorted(points.items())) if any(_are_places(ids) for _, ids in named) else ()
        return Names(named, tuple(sorted({canonical(word) for word in stop} - {""})), told)

    @cached_property
    def encoded(self) -> bytes:
        """The canonical lists as bytes: equal where the names are."""
        return msgspec.msgpack.encode((self.owners, self.stop, self.points))

    @staticmethod
    def decoded(data: bytes) -> Names:
        """The names that were `encoded`; none where nothing was."""
        held = msgspec.msgpack.decode(data, type=_Lists) if data else None
        return Names(held.owners, held.stop, held.points) if held else Names()

    def changed_since(self, before: Names) -> Changed:
        """What texts have to hold for something else to be found in them now than `before`."""
        words = set(self.stop) ^ set(before.stop)
        old, new = dict(before.owners), dict(self.owners)
        moved = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
        if self.points != before.points:
            # Where places are speaks for those that share a name.
            moved |= {name for lists in (old, new) for name, ids in lists.items() if _are_places(ids)}
        # A person is told from others by all words of all names: one that changes speaks for every other.
        people = {owner for name in moved for owner in {*old.get(name, ()), *new.get(name, ())} if kind_of(owner) == PEOPLE}
        if people:
            moved |= {name for lists in (old, new) for name, owners in lists.items() if not people.isdisjoint(owners)}
        return Changed(frozenset(spelling for word in words | moved for spelling in spellings(word)))

    @cached_property
    def shared(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """(name, record ids) of the names that two records or more own and the stop list does not silence."""
        silent = {spelling for word in self.stop for spelling in spellings(word)}
        named = {name for name, _ in self.owners}
        found: dict[tuple[str, tuple[str, ...]], str] = {}
        for spelling, ids in self._spelled.items():
            if len(ids) < 2 or spelling in silent:
                continue
            key = spelling.casefold(), ids
            if key not in found or spelling in named:
                found[key] = spelling
        return tuple(sorted((name, ids) for (_, ids), name in found.items()))

    @cached_property
    def aliases(self) -> Spellings:
        """The search for the names of records."""
        return Spellings(self._spelled)

    @cached_property
    def stopped(self) -> Spellings:
        """The search for the stop list."""
        return Spellings({spelling: () for word in self.stop for spelling in spellings(word)})

    def nearest(self, owners: Collection[str], named: Collection[str]) -> str:
        """The one of several places that has others near it among those a text names for certain; "" where none or more have."""
        places = self._places
        if any(owner not in places for owner in owners):
            return ""
        around = [places[record] for record in named if record in places and record not in owners]
        near = [owner for owner in owners if any(distance_km(places[owner], point) <= _NEAR for point in around)]
        return near[0] if len(near) == 1 else ""

    @cached_property
    def _places(self) -> dict[str, Point]:
        return dict(self.points)

    def persons(self, owners: Iterable[str]) -> dict[str, Person]:
        """What is known of those of some records that are of kind "people"."""
        return {owner: self._persons.get(owner) or self._person(owner) for owner in owners if owner.startswith(_PERSON)}

    def _person(self, record_id: str) -> Person:
        parts = [[word.rstrip(".") for word in name.lower().split()] for name in self._people[record_id]]
        words = frozenset(word for part in parts for word in part)
        person = Person(words, frozenset(part[0] for part in parts if len(part) > 1) or words)
        self._persons[record_id] = person
        return person

    @cached_property
    def _persons(self) -> dict[str, Person]:
        return {}  # filled as they are asked for: most texts name few of them

    @cached_property
    def _people(self) -> dict[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for name, ids in self.owners:
            for record_id in ids:
                if kind_of(record_id) == PEOPLE:
                    found[record_id].append(name)
        return dict(found)

    @cached_property
    def _spelled(self) -> dict[str, tuple[str, ...]]:
        spelled: dict[str, tuple[str, ...]] = {}
        for name, ids in self.owners:
            for spelling in spellings(name):
                held = spelled.get(spelling)
                spelled[spelling] = ids if held is None or held == ids else tuple(sorted({*held, *ids}))
        return spelled

    def __reduce__(self) -> tuple[type[Names], tuple[object, ...]]:
        return Names, (self.owners, self.stop, self.points)


def distance_km(one: Point, other: Point) -> float:
    """Great-circle distance on a sphere of 6371.0088 km, the IUGG mean radius."""
    (lat, lon), (north, east) = (tuple(map(math.radians, point)) for point in (one, other))
    half = math.sin((north - lat) / 2) ** 2 + math.cos(lat) * math.cos(north) * math.sin((east - lon) / 2) ** 2
    return 2 * 6371.0088 * math.asin(min(1.0, math.sqrt(half)))


def _are_places(ids: Sequence[str]) -> bool:
    """Whether two of some records are places."""
    return len(ids) > 1 and sum(kind_of(record_id) == PLACES for record_id in ids) > 1


def spellings(name: str) -> Iterator[str]:
    """The spellings under which a canonical name is looked for (see the module's rules); repeats happen."""
    forms = [name]
    if name[:4].lower() == "the ":
        rest = name[4:]
        forms += [rest] if " " in rest else ["the " + rest, "The " + rest]
    for form in forms:
        yield form
        if form[:1].islower():
            yield form[:1].upper() + form[1:]
        if sum(map(str.isalpha, form)) >= _CAPITALS_FROM and not form.isupper():
            yield form.upper()


def is_unspaced(character: str) -> bool:
    """Whether a character belongs to a script that is written without spaces between words."""
    code = ord(character)
    return code >= 0xE00 and (
        code < 0xF00  # Thai, Lao
        or 0x1000 <= code < 0x10A0  # Myanmar
        or 0x1780 <= code < 0x1800  # Khmer
        or 0x3005 <= code < 0x3130  # iteration mark, kana, Bopomofo
        or 0x31F0 <= code < 0x3200
        or 0x3400 <= code < 0xA000  # Han
        or 0xF900 <= code < 0xFB00
        or 0xFF66 <= code < 0xFFA0  # half-width kana
        or 0x20000 <= code < 0x32000
    )


def _searchable(name: str) -> bool:
    return any(map(str.isalnum, name)) and not (len(name) == 1 and is_unspaced(name))
