"""Names found in a run's texts → new authority records with `status: suggested`, and names that wait for a decision.

A name becomes a record where it is sure, or named in two articles; the others wait in content/candidates.csv.
A name found in many articles is one suggestion. What the collection has an answer to already, be it a
"no", is not asked again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, TypeVar

import msgspec

from sitegen.annotate.find import find
from sitegen.annotate.names import Names
from sitegen.convert.emit import Value, front_matter
from sitegen.model.candidate import SENTENCES, Row
from sitegen.model.entity import Record
from sitegen.model.text import fold, folded, sentences

if TYPE_CHECKING:
    from sitegen.annotate.suggest import Suggestion

T = TypeVar("T")
_SURE = 0.75  # a score from which on a name is a record though one article alone has it
_LONGEST = 300  # characters of a sentence
Suggest = Callable[[Sequence[str]], "Iterable[list[Suggestion]]"]


def suggested(texts: Sequence[str]) -> list[list[Suggestion]]:
    """What each text names."""
    from sitegen.annotate.suggest import suggest

    return [suggest(text) for text in texts]


class Answered:
    """The names the collection has an answer to, and the longer names of records that hold others in them.

    `given` are the names of the records that this run has made, folded; another of that name is the same.
    Their aliases are guesses, and stand in nobody's way.
    """

    def __init__(self, names: Collection[str]) -> None:
        self.folded = frozenset(folded(name) for name in names)
        self.given: set[str] = set()
        # Found as places are: the rules for people's surnames are none of this.
        self._names = Names.of((f"known/{i}", Record(name=name)) for i, name in enumerate(sorted(names)))

    def grow(self, records: Iterable[Mapping[str, Value]]) -> None:
        """Take in records that were made from the texts so far."""
        self.given |= {folded(str(record["name"])) for record in records}

    def open(self, text: str, suggestions: Iterable[Suggestion]) -> list[Suggestion]:
        """Those suggestions whose name stands somewhere outside the known names: no "Malta" in "Bank of Malta"."""
        marks = find(text, (), (), self._names, {})
        spans = sorted([(m.start, m.end) for m in marks.mentions] + [(a.start, a.end) for a in marks.ambiguities])
        starts = [start for start, _ in spans]
        # How far the spans reach that begin at each start or before it.
        reach = list(accumulate((end for _, end in spans), max))
        searched = fold(text)
        return [found for found in suggestions if _stands_alone(fold(found.name), searched, starts, reach)]


def _stands_alone(name: str, text: str, starts: Sequence[int], reach: Sequence[int]) -> bool:
    at = text.find(name)
    if at < 0:
        return True
    while at >= 0:
        before = bisect_right(starts, at)
        if not before or reach[before - 1] < at + len(name):
            return True
        at = text.find(name, at + 1)
    return False


class Candidate(msgspec.Struct):
    """A name with all that the texts of a run say of it."""

    names: Counter[str] = msgspec.field(default_factory=Counter)
    kinds: Counter[str] = msgspec.field(default_factory=Counter)
    aliases: Counter[str] = msgspec.field(default_factory=Counter)
    roles: Counter[str] = msgspec.field(default_factory=Counter)
    places: Counter[tuple[float, float]] = msgspec.field(default_factory=Counter)
    counts: dict[str, int] = msgspec.field(default_factory=dict)  # mentions by article
    sentences: dict[str, None] = msgspec.field(default_factory=dict)
    score: float = 0.0
    why: str = ""

    @property
    def name(self) -> str:
        return _first(self.names)

    @property
    def kind(self) -> str:
        return _first(self.kinds)

    def add(self, found: Suggestion, article: str, text: str) -> None:
        self.counts[article] = self.counts.get(article, 0) + max(1, found.count)
        if (found.score, found.why) > (self.score, self.why):
            self.score, self.why = found.score, found.why
        if found.score < _SURE:
            self.sentences.update(dict.fromkeys(_sentences(text, found.name, SENTENCES)))
        weight = max(1, found.count)
        self.names[found.name] += weight
        self.kinds[found.kind] += weight
        self.aliases.update(dict.fromkeys(found.aliases, weight))
        if found.role:
            self.roles[found.role] += weight
        if found.lat is not None and found.lon is not None:
            self.places[found.lat, found.lon] += weight


class Candidates:
    """Collects suggestions article by article; order does not matter to the outcome but for equal counts."""

    def __init__(self) -> None:
        self._by_name: dict[str, Candidate] = {}

    def add(self, suggestions: Iterable[Suggestion], article: str = "", text: str = "") -> None:
        """Take in what an article names. `article`: its id; `text`: what its sentences are taken from."""
        for found in suggestions:
            self._by_name.setdefault(folded(found.name), Candidate()).add(found, article, text)

    def new(self, known: Answered, stop: Collection[str], waiting: dict[str, Row]) -> list[tuple[str, str, dict[str, Value]]]:
        """Kind, name and front matter of each record to be, by name; `stop` holds folded names.

        waiting: the names that wait already, folded. It gets those that are to wait, and loses those that need no longer.
        """
        for name, row in list(waiting.items()):
            if not row.decision and name in known.folded:
                del waiting[name]
        candidates = self._merged()
        owners: Mapping[str, int] = Counter(
            key for candidate in candidates for key in {folded(name) for name in (*candidate.aliases, candidate.name)}
        )
        made = []
        for candidate in candidates:
            keys = {folded(name) for name in (*candidate.names, *candidate.aliases)}
            if any(key in known.folded for key in keys) or folded(candidate.name) in stop:
                continue
            if any(folded(name) in known.given for name in candidate.names):
                continue
            # An alias that two records own links to neither: it is of no use in a suggestion.
            aliases = [
                alias for alias in sorted(candidate.aliases)
                if owners[folded(alias)] == 1 and folded(alias) not in stop and folded(alias) != folded(candidate.name)
                and folded(alias) not in known.given
            ]  # fmt: skip
            key = folded(candidate.name)
            before = waiting.get(key)
            if before and before.decision:
                continue
            row = _row(candidate, aliases, before)
            if row.score < _SURE and len(row.articles) < 2:
                waiting[key] = row
                continue
            waiting.pop(key, None)
            made.append((candidate.kind, candidate.name, _record(candidate, aliases)))
        return sorted(made, key=lambda record: (record[0], record[1]))

    def _merged(self) -> list[Candidate]:
        """One candidate where a name is the alias of one other ("SDF"), and of no more than one."""
        owners: dict[str, list[str]] = defaultdict(list)
        for key, candidate in self._by_name.items():
            for alias in {folded(alias) for alias in candidate.aliases} - {key}:
                owners[alias].append(key)
        merged = dict(self._by_name)
        for key in sorted(self._by_name):
            owner = owners.get(key, [])
            if len(owner) == 1 and owner[0] in merged and key in merged and not owners.get(owner[0]):
                short, full = merged.pop(key), merged[owner[0]]
                full.aliases.update(short.names)
                full.aliases.update(short.aliases)
                full.places.update(short.places)
                full.score, full.why = max((full.score, full.why), (short.score, short.why))
                full.sentences.update(short.sentences)
                for article, count in short.counts.items():
                    full.counts[article] = full.counts.get(article, 0) + count
        return list(merged.values())


def _record(candidate: Candidate, aliases: list[str]) -> dict[str, Value]:
    values: dict[str, Value] = {"name": candidate.name, "aliases": aliases, "status": "suggested"}
    values["score"] = round(candidate.score, 2)
    values["why"] = candidate.why
    if candidate.roles:
        values["role"] = _first(candidate.roles)
    if candidate.places:
        lat, lon = _first(candidate.places)
        values["location"] = {"lat": lat, "lon": lon}
    return values


def _row(candidate: Candidate, aliases: list[str], before: Row | None) -> Row:
    """The evidence for a name, with what was known of it before; an article that is converted again says nothing new."""
    lat, lon = _first(candidate.places) if candidate.places else (None, None)
    before = before or Row(candidate.name, candidate.kind)
    counts = {article: count for article, count in candidate.counts.items() if article not in before.articles}
    return Row(
        name=candidate.name,
        kind=before.kind,
        count=before.count + sum(counts.values()),
        score=max(before.score, candidate.score),
        sentences=tuple(dict.fromkeys((*before.sentences, *candidate.sentences)))[:SENTENCES],
        articles=(*before.articles, *sorted(counts)),
        aliases=tuple(dict.fromkeys((*before.aliases, *aliases))),
        role=_first(candidate.roles) if candidate.roles else before.role,
        lat=before.lat if lat is None else lat,
        lon=before.lon if lon is None else lon,
        more=before.more,
    )


def _sentences(text: str, name: str, most: int) -> list[str]:
    """The first sentences of a text that hold a name, long ones cut around it."""
    searched, wanted = fold(text), fold(name)
    found: list[str] = []
    at = searched.find(wanted)
    while at >= 0 and len(found) < most:
        start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
        inside = (span for span in sentences(text, start, len(text) if end < 0 else end) if span[0] <= at < span[1])
        first, last = next(inside, (at, at + len(name)))
        cut = max(first, at - _LONGEST // 2)
        shown = text[cut : min(last, cut + _LONGEST)]
        if cut > first:
            shown = "… " + shown.partition(" ")[2]
        if cut + _LONGEST < last:
            shown = shown.rpartition(" ")[0] + " …"
        found.append(" ".join(shown.split()))
        at = searched.find(wanted, last)
    return found


def record_text(values: Mapping[str, Value]) -> str:
    """The file of a record."""
    return front_matter(values)


def _first(counts: Counter[T]) -> T:
    """The commonest; of equals the first in order."""
    return min(counts, key=lambda key: (-counts[key], str(key)))
