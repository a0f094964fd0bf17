"""Toponym resolution: which of the places of a name a text means.

One sense a document. Each place of a name has a load; a load of one more makes it ten times as likely. It starts with
what is known of the place itself and what the text says beside the name; what lies near by, in its region and in its
country among the places of the text's other names is added. These vote as likely as they are, all of them at first, and
once more with the likelihoods of the first round.
"""

from __future__ import annotations

import math
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import msgspec

from sitegen.annotate.gazetteer import Place

# Loads of a place itself.
OF_POPULATION = 1.3  # for each power of ten of its inhabitants
KIND = {"country": 1.0, "region": 0.7, "county": -1.0, "city": 0.0, "continent": 3.0, "sea": 3.0, "nature": 1.0, "area": 1.0}
DECIDED = 3.0  # more than any other's: a place that the collection has a record of
UNSAID = -1.6  # of regions but those of federations, which are named without saying what they are
NATION = 8.0  # of England, Scotland, Wales and Northern Ireland: all Britain's towns speak for a village called Wales near them
NAMESAKE = -2.6  # of a region that has its name from a city where many of its people live: "New York"
CAPITAL = 2.1
ALTERNATE = -0.8  # of a city called otherwise, where another city has the name for its own
# Loads by what the text says of the name.
HOME = 0.5  # the country that the text is from
BESIDE = 1.0  # a country or region named near the name
SAID = 2.5  # a place of the kind that the words beside the name say: "the state of New York"
OUTER = 3.0  # a country or region named behind a place
LISTED = 8.0  # a country or region in a list of such: "Ohio, Utah and Washington", which towns of New Jersey are called, too
SETTLED = 30.0  # a place in the country or region named right behind it
# Loads for each doubling of the other names that have places there.
NEIGHBOURS = 3.0  # within some 60 km, a name of many places counting less
OF_CELL, OF_REGION, OF_COUNTRY = 0.8, 2.4, 0.7  # within some 400 km; in its region; in its country

RARITY, EVEN = 0.5, 0.6  # powers of a name's number of places, and of a place's likelihood, as they vote
PLAINLY, OF_PEOPLES = 2.5, 1.0  # votes of a country that is named, or whose people are, for its places
OF_GREAT = 0.5  # of a great city's vote that is one for its region: who is in New York says little of Boston, New York
ROUNDS = 2
_FAINT = 0.01  # the likelihood below which a place has no vote
_MOST = 24  # places of a name that are weighed
_FEWEST = 300  # inhabitants of a place whose number is not known
_CELL, _NEAR = 2.0, 0.4  # degrees
_SAME = 0.3  # degrees, within which a record and a place of its name are one
_WIDTH = 0.5  # degrees from the middle of a county to its edge
COUNTY = "county"
_SMALL = ("city", COUNTY)
FEDERATIONS = ("US", "CA", "AU", "GB")  # countries whose regions are named without saying that they are such
NATIONS = "GB"  # the country whose regions are nations
_GREAT = 3_000_000  # inhabitants
_KNOWN_ABROAD = 100_000  # inhabitants of a city that a text from elsewhere may mean: of smaller ones, one in seven did
_MANY = 0.2  # of a region's people, those of its namesake


Point = tuple[float, float]  # degrees north and east, WGS 84


class Toponym(msgspec.Struct):
    """A name of a text: its places, how often it stands there, and what is named right behind it.

    outer: it is itself named behind a place. listed: it is one of a list of countries or regions. near: countries and regions
    that stand near it in the text. said: the kinds of place that the words beside it call it, "" where they say nothing. stated:
    that a state is named right behind it. decided: the one of the places that the collection has a record of.
    """

    places: tuple[Place, ...]
    count: int = 0
    containers: list[tuple[Place, ...]] = msgspec.field(default_factory=list)
    outer: bool = False
    listed: bool = False
    near: set[Place] = msgspec.field(default_factory=set)
    said: set[str] = msgspec.field(default_factory=set)
    stated: bool = False
    decided: Place | None = None


class _Votes(msgspec.Struct):
    """What the names of a text vote for: countries, regions, and the cells around cities and counties."""

    country: defaultdict[str, float] = msgspec.field(default_factory=lambda: defaultdict(float))
    region: defaultdict[tuple[str, str], float] = msgspec.field(default_factory=lambda: defaultdict(float))
    around: defaultdict[tuple[int, int], float] = msgspec.field(default_factory=lambda: defaultdict(float))

    def cast(self, place: Place, weight: float) -> None:
        self.country[place.country] += weight * (PLAINLY if place.kind == "country" else 1.0)
        if place.kind in _SMALL:
            around = self.around
            for cell in _cells(place.lat, place.lon):
                around[cell] += weight

    def add(self, other: _Votes) -> None:
        for country, weight in other.country.items():
            self.country[country] += weight
        for region, weight in other.region.items():
            self.region[region] += weight
        for cell, weight in other.around.items():
            self.around[cell] += weight


def resolve(toponyms: Mapping[str, Toponym], named: Iterable[str], home: str) -> tuple[dict[str, Place], set[str]]:
    """The place meant by each name; and the names that only places have which the text has nothing to do with.

    named: countries that the text points to in other ways ("Syrian"). home: the country the text is from, or "".
    """
    weighed = [_Weighed(name, toponym, home) for name, toponym in toponyms.items() if toponym.places]
    named = list(named)
    _draw_near(weighed)
    for _ in range(ROUNDS):
        votes = _Votes()
        for country in named:
            votes.country[country] += OF_PEOPLES
        many = [(name, name.votes()) for name in weighed if len(name.places) > 1]
        for name in weighed:
            if len(name.places) == 1:
                name.vote(votes)
        for _, own in many:
            votes.add(own)
        for name, own in many:
            name.weigh(votes, own)
    best = {name.name: name.best for name in weighed}
    countries = Counter(place.country for place in best.values()) + Counter({*named, home})
    decided = {name.name for name in weighed if name.toponym.decided}
    strangers = {name for name, place in best.items() if name not in decided and _is_stranger(place, countries)}
    return {name: place for name, place in best.items() if name not in strangers}, strangers


def _is_stranger(place: Place, countries: Mapping[str, int]) -> bool:
    """Whether a place is a small town of a country that nothing else in the text has to do with: a namesake, nearly always."""
    if place.kind != "city" or place.population >= _KNOWN_ABROAD:
        return False
    return countries[place.country] == 1 and any(country not in ("", place.country) for country in countries)


class _Weighed:
    """A name with its places and their shares of likelihood."""

    __slots__ = ("name", "places", "priors", "shares", "toponym", "weight")

    def __init__(self, name: str, toponym: Toponym, home: str) -> None:
        self.name, self.toponym, self.places = name, toponym, toponym.places[:_MOST]
        self.weight = min(2.0, 0.75 + 0.25 * toponym.count)
        owned = any(place.kind == "city" and _own(name, place) for place in self.places)
        self.priors = [_prior(name, place, owned) for place in self.places]
        for at, place in enumerate(self.places):
            if place.kind == "region":
                self.priors[at] += _unsaid(place, self.places)
        if toponym.decided in self.places:
            at = self.places.index(toponym.decided)
            self.priors[at] = max(self.priors[at], DECIDED + max(self.priors[:at] + self.priors[at + 1 :], default=0.0))
        for at, place in enumerate(self.places):
            self.priors[at] += _told(place, toponym, home)
        self.shares = _shares(self.priors)

    @property
    def best(self) -> Place:
        return self.places[max(range(len(self.shares)), key=self.shares.__getitem__)]

    def vote(self, votes: _Votes) -> None:
        regions: defaultdict[tuple[str, str], float] = defaultdict(float)
        for place, share in zip(self.places, self.shares, strict=True):
            if share > _FAINT:
                weight = share**EVEN * self.weight
                votes.cast(place, weight)
                if place.kind != "country":
                    region = place.country, place.region
                    great = place.kind == "city" and place.population >= _GREAT
                    # A state and its city of the same name are one vote for the state.
                    regions[region] = max(regions[region], weight * (OF_GREAT if great else 1.0))
        for region, weight in regions.items():
            votes.region[region] += weight

    def votes(self) -> _Votes:
        """The votes of this name alone."""
        own = _Votes()
        self.vote(own)
        return own

    def weigh(self, votes: _Votes, own: _Votes) -> None:
        """Share the likelihood anew, by what the rest of the text says for each place; `own` are this name's votes among it."""
        self.shares = _shares(
            [prior + _support(place, votes, own) for place, prior in zip(self.places, self.priors, strict=True)]
        )


def _draw_near(names: Sequence[_Weighed]) -> None:
    """Favour places that have neighbours among the places of other names: "Paris" and "Henry County", in Tennessee."""
    cells: defaultdict[tuple[int, int], dict[int, float]] = defaultdict(dict)
    for number, name in enumerate(names):
        rarity = len(name.places) ** -RARITY
        for place in name.places:
            if place.kind in _SMALL:
                cells[_cell(place, _NEAR)][number] = rarity
    for number, name in enumerate(names):
        if len(name.places) > 1:
            for at, place in enumerate(name.places):
                if place.kind in _SMALL:
                    name.priors[at] += NEIGHBOURS * _grown(_beside(number, place, cells))
            name.shares = _shares(name.priors)


def _beside(number: int, place: Place, cells: Mapping[tuple[int, int], Mapping[int, float]]) -> float:
    """The names other than `number` that have a place near `place`, each by its rarity."""
    found: dict[int, float] = {}
    for cell in _cells(place.lat, place.lon, _NEAR):
        if cell in cells:
            found |= cells[cell]
    found.pop(number, None)
    return sum(found.values())


def _prior(name: str, place: Place, owned: bool) -> float:
    """The load of a place itself."""
    load = OF_POPULATION * math.log10(max(place.population, _FEWEST)) + KIND.get(place.kind, 0.0)
    if place.kind == "city":
        if owned and not _own(name, place):
            load += ALTERNATE
        elif place.capital:
            load += CAPITAL
    return load


def _told(place: Place, toponym: Toponym, home: str) -> float:
    """The load of a place by what the text says beside its name."""
    load = SAID if place.kind in toponym.said else 0.0
    if place.country == home:
        load += HOME
    if place.kind in ("country", "region") and (toponym.listed or toponym.outer):
        plain = place.kind == "country" or place.country in FEDERATIONS
        load += LISTED if toponym.listed and plain else OUTER
    if any(settles(place, outer) for container in toponym.containers for outer in container):
        load += SETTLED
    if any(within(place, outer) for outer in toponym.near):
        load += BESIDE
    return load


def settles(place: Place, outer: Place) -> bool:
    """Whether a place is meant where another is named right behind it; of D.C. too, which is "Washington, D.C."."""
    if outer.kind == COUNTY:
        return place.kind == "city" and place.country == outer.country and _beside_each_other(place, outer)
    return within(place, outer) or (place == outer and place.kind == "city")


def _beside_each_other(place: Place, other: Place) -> bool:
    return abs(place.lat - other.lat) < _WIDTH and abs(place.lon - other.lon) < _WIDTH / math.cos(math.radians(place.lat))


def _unsaid(region: Place, places: Iterable[Place]) -> float:
    """The load of a region for being named without saying that it is one."""
    if region.country == NATIONS:
        return NATION
    if region.country not in FEDERATIONS:
        return UNSAID
    cities = (place for place in places if place.kind == "city" and within(place, region))
    return NAMESAKE if any(city.population > _MANY * region.population for city in cities) else 0.0


def _shares(loads: Sequence[float]) -> list[float]:
    most = max(loads)
    powers = [10.0 ** (load - most) for load in loads]
    total = sum(powers)
    return [power / total for power in powers]


def _support(place: Place, votes: _Votes, own: _Votes) -> float:
    """What the rest of the text says for a place; `own` are the votes of its name for all places of that name."""
    if not place.country:
        return 0.0
    support = OF_COUNTRY * _grown(votes.country.get(place.country, 0.0) - own.country.get(place.country, 0.0))
    if place.region:
        region = place.country, place.region
        support += OF_REGION * _grown(votes.region.get(region, 0.0) - own.region.get(region, 0.0))
        if place.kind in _SMALL:
            cell = _cell(place)
            support += OF_CELL * _grown(votes.around.get(cell, 0.0) - own.around.get(cell, 0.0))
    return support


def _grown(votes: float) -> float:
    return math.log2(1.0 + votes) if votes > 0 else 0.0


def _own(name: str, place: Place) -> bool:
    """Whether a name is the place's first one, accents or none."""
    return place.name == name or _plain(place.name) == _plain(name)


def _plain(name: str) -> str:
    return name if name.isascii() else "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))


@lru_cache(1 << 12)
def _cells(lat: float, lon: float, size: float = _CELL) -> tuple[tuple[int, int], ...]:
    """The cell of a point and the eight around it."""
    north, east = math.floor(lat / size), math.floor(lon / size)
    return tuple((north + up, east + right) for up in (-1, 0, 1) for right in (-1, 0, 1))


def _cell(place: Place, size: float = _CELL) -> tuple[int, int]:
    return math.floor(place.lat / size), math.floor(place.lon / size)


def there(place: Place | None, point: Point) -> bool:
    """Whether a place is at a point, as near as two sources agree on where a place is."""
    return place is not None and abs(place.lat - point[0]) < _SAME and abs(place.lon - point[1]) < _SAME


def within(place: Place, outer: Place) -> bool:
    """Whether a place lies in a country or region."""
    if place == outer or place.country != outer.country:
        return False
    return outer.kind in ("country", "demonym") or (
        outer.kind == "region" and outer.region == place.region and place.kind != "country"
    )
