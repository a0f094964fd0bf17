"""Suggest authority records: the names in a text that no record has yet. English, by rules, without a model.

Every capitalised span is weighed: each sign that it names a person, an organisation, a place or an event is a
probability, and the signs of all its occurrences add up as independent ones do, 1 - (1 - a)(1 - b)…; the kind
with most wins. The probabilities are set by hand, coarsely; no weight is fitted to a corpus.
A name stands for one thing throughout a text. What is only capitalised because it begins a sentence is no
sign.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from sitegen.annotate.find import find
from sitegen.annotate.gazetteer import Gazetteer, Place, gazetteer
from sitegen.annotate.lexicon import (
    COMMON_WORDS,
    DEMONYMS,
    EVENT_FIRST,
    EVENT_LAST,
    FUNCTION_WORDS,
    GIVEN_NAMES,
    NO_ORGANISATION,
    OFFENSIVE_NOUNS,
    ORGANISATION_WORDS,
    PERSON_VERBS,
    PLACE_FIRST,
    PLACE_GENERIC,
    PLACE_LAST,
    PLACE_NOUNS,
    PLACE_NOUNS_PLURAL,
    PLACE_PREPOSITIONS,
    PLACE_VERBS,
    ROLE_MODIFIERS,
    ROLES,
    SAY_VERBS,
    SENT_NOUNS,
    STREETS,
    STRONG_PLACE_PREPOSITIONS,
    TITLES,
    WEAK_ORGANISATION_WORDS,
    WORD_SURNAMES,
)
from sitegen.annotate.names import Names
from sitegen.annotate.spans import Block, Span, Token, blocks
from sitegen.model.entity import Alias, Record

Kind = Literal["people", "organisations", "places", "events"]
PEOPLE, ORGANISATIONS, PLACES, EVENTS = KINDS = ("people", "organisations", "places", "events")

LEAST_SCORE = 0.45  # what is less sure is not suggested
_CERTAIN = 0.99
_KEPT_TITLES = frozenset(("king", "queen", "prince", "princess", "pope", "emperor", "empress", "lord", "lady", "saint"))
_LIST_GAP = re.compile(r" to |,? (?:and |or |& )?(?:\w{1,2}- )?|, (?:and )?(?:the )?\Z")
_LEARNING = frozenset(("university", "college", "institute", "academy", "museum"))
_SHIPS = frozenset(("HMS", "USS", "RMS", "SS", "CS", "HMTS"))  # works, which are not suggested yet
_FILLERS = re.compile(
    r"\b(?:formerly|previously|now|or|and|also|known|as|called|aka|the|abbreviated|hereafter|short|for)\b"
    r"|[/,;.\"' ]"
)
_ACRONYM = re.compile(r"\b[A-Z][A-Za-z&]{0,6}[A-Z]\b")
_AGE = re.compile(r", \d{1,2}(?:,|\.|\Z)| \(\d{1,2}\)")
# Unions of the lists, made once.
_OFFICES = TITLES | ROLES
_ROLE_WORDS = ROLES | ROLE_MODIFIERS
_KEPT_AT_FRONT = ROLES | ORGANISATION_WORDS
_NO_NAMES = COMMON_WORDS | DEMONYMS | _OFFICES
_THING_ENDINGS = ORGANISATION_WORDS | PLACE_LAST | EVENT_LAST
_NO_PERSON_ENDINGS = _THING_ENDINGS | STREETS | ROLES
_PLACE_NOUNS = PLACE_NOUNS | PLACE_NOUNS_PLURAL
_WORDS_TOO = GIVEN_NAMES | COMMON_WORDS
_UNSAFE_ALIASES = _WORDS_TOO | WORD_SURNAMES
_NO_PERSON = (COMMON_WORDS | DEMONYMS | ORGANISATION_WORDS | STREETS) - WORD_SURNAMES
_WEIGHTY = 1_000_000  # inhabitants of a place whose name is not a surname's alias
_OVERRULED = 30  # times the inhabitants that outweigh a country named in the text


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name that may deserve a record.

    aliases: other names that the text uses for it and that are safe to link everywhere. count: its mentions
    in the text, a person's by surname alone included. score: 0 to 1, how sure it is a name of this kind; a
    rank, no frequency. role: of people, what they are in the words of the text. lat, lon: degrees, WGS 84, of
    places the gazetteer has.
    """

    name: str
    kind: Kind
    aliases: tuple[str, ...]
    count: int
    score: float
    role: str = ""
    lat: float | None = None
    lon: float | None = None


def suggest(text: str) -> list[Suggestion]:
    """What a text names, most often first, then by name. Blocks of the text stand on lines of their own."""
    return _suggestions(text, _weigh(blocks(text), gazetteer()), gazetteer())


@dataclass(slots=True)
class _Name:
    """What the text says of one name: signs by kind, and where it stood."""

    doubts: defaultdict[str, float] = field(default_factory=lambda: defaultdict(lambda: 1.0))
    aliases: dict[str, None] = field(default_factory=dict)
    silent: dict[str, None] = field(default_factory=dict)  # counted as it, but no alias everywhere
    roles: list[str] = field(default_factory=list)
    containers: list[str] = field(default_factory=list)  # "Ontario" of "London, Ontario"
    inside: bool = False  # seen where a capital is a sign

    def sign(self, kind: str, probability: float) -> None:
        self.doubts[kind] *= 1.0 - min(probability, _CERTAIN)

    def score(self, kind: str) -> float:
        return 1.0 - self.doubts[kind]

    @property
    def kind(self) -> str:
        return max(KINDS, key=self.score)

    def take(self, other: _Name, *, kinds: bool = True) -> None:
        """Add what is known of another name for the same thing."""
        if kinds:
            for kind, doubt in other.doubts.items():
                self.doubts[kind] *= doubt
        self.aliases |= other.aliases
        self.silent |= other.silent
        self.roles += other.roles
        self.containers += other.containers
        self.inside |= other.inside


_Ledger = defaultdict[str, _Name]


def _weigh(text: Sequence[Block], places: Gazetteer) -> _Ledger:
    """The signs of each name in the text."""
    names: _Ledger = defaultdict(_Name)
    for block in text:
        previous, cue = None, 0.0
        for span in block.spans:
            for part in _parts(span, places):
                listed = 0.9 * cue if previous and _in_list(previous, part) else 0.0
                previous, cue = part, _span_signs(part, names, places, listed)
    for name, expansion in _expansions(text, places):
        names[expansion].take(names.pop(name, _Name()), kinds=False)
        names[expansion].aliases[name] = None
        names[expansion].inside = True
        names[expansion].sign(PLACES if places.lookup(expansion) else ORGANISATIONS, 0.95)
    return names


def _parts(span: Span, places: Gazetteer) -> Iterator[Span]:
    """The span without the words around a name, and the place inside a role ("US President …")."""
    first, last = 0, len(span.tokens)
    while first < last and _sheds(span, first, last, places):
        first += 1
    if first == last:
        return
    span = span.cut(first, last)
    size = _role_size(span)
    if size:
        for number, token in enumerate(span.tokens[:size]):
            if places.lookup(token.text.removesuffix("'s")) and token.bare not in _OFFICES:
                yield span.cut(number, number + 1)
    yield span


def _sheds(span: Span, at: int, last: int, places: Gazetteer) -> bool:
    """Whether the token `at`, the first that is left, is no part of a name: it only begins the sentence, or
    is a nation before an acronym or one other word ("Kurdish YPG")."""
    token = span.tokens[at]
    if token.bare in DEMONYMS and at + 2 == last and not _ends_name(span.tokens[at + 1]):
        return True
    if token.acronym or not token.opens or at + 1 == last:
        return token.bare in FUNCTION_WORDS and not token.acronym
    ending = span.tokens[last - 1].bare
    if ending in _THING_ENDINGS or places.lookup(span.text):
        return token.bare in FUNCTION_WORDS
    return token.bare in COMMON_WORDS and token.bare not in _KEPT_AT_FRONT


def _ends_name(token: Token) -> bool:
    return token.bare in _THING_ENDINGS and not token.acronym


def _role_size(span: Span) -> int:
    """How many tokens at the front of a span are titles and roles, with what belongs to them; 0 for none."""
    tokens = span.tokens
    if len(tokens) > 1 and _named_after_office(tokens):
        return 0
    size = 0
    for number, token in enumerate(tokens[:-1], 1):
        if token.bare in _OFFICES and not token.genitive:
            size = number
    return size


def _named_after_office(tokens: Sequence[Token]) -> bool:
    ending = tokens[-1].bare
    return ending in _NO_PERSON_ENDINGS or any(t.text == "of" for t in tokens[1:])


def _span_signs(span: Span, names: _Ledger, places: Gazetteer, listed: float) -> float:
    """Note what a span and its neighbours say.

    listed: how sure the list says that it stands in is one of places. Returns how much
    the words before it say so.
    """
    size = _role_size(span)
    if span.text.isdigit() or (len(span.tokens) == 1 and _no_name(span, places)):
        return 0.0
    if len(span.tokens) > 1 and span.text.isupper() and not places.lookup(span.text):
        return 0.0  # a run of capitals
    if span.tokens[0].text in _SHIPS:
        return 0.0
    if size:
        _titled(span, size, names)
        return 0.0
    role = _role_before(span)
    if role and len(span.tokens) <= 4 and span.tokens[-1].bare not in _THING_ENDINGS:
        _person(names, span, role, 0.75)
        return 0.0
    text = span.text
    if len(text) > 4 and text.isupper() and places.lookup(text.title()) and not places.lookup(text):
        text = text.title()  # "LONDON —", a dateline
        names[text].sign(PLACES, 0.65)
        names[text].inside = True
        return 0.0
    name = names[text]
    name.inside |= not span.opens or len(span.tokens) > 1
    _organisation_signs(span, name, places)
    _event_signs(span, name)
    cue = _place_signs(span, name, places, listed)
    _person_signs(span, name, cue)
    return cue


def _no_name(span: Span, places: Gazetteer) -> bool:
    """Whether a single word is one that is capitalised without being a name."""
    token = span.tokens[0]
    word = token.bare
    if token.acronym:
        return word in NO_ORGANISATION and not places.lookup(token.text.removesuffix("'s"))
    if len(word) < 2 or word in DEMONYMS or word in TITLES or word in ROLES or word in FUNCTION_WORDS:
        return True
    return word in COMMON_WORDS or word in ORGANISATION_WORDS or word in PLACE_LAST or word in STREETS or not word[0].isalpha()


def _titled(span: Span, size: int, names: _Ledger) -> None:
    """A name after titles or roles within the span: "Russian Foreign Minister Sergey Lavrov"."""
    rest, last_title = span.cut(size), span.tokens[size - 1].bare
    numeral = len(rest.tokens) == 2 and rest.tokens[1].text.isupper() and not rest.tokens[1].initial
    if last_title in _KEPT_TITLES and (len(rest.tokens) == 1 or numeral):
        rest, size = span.cut(size - 1), size - 1
    front = span.cut(0, size) if size else None
    role = span.block.text[front.start : rest.start].strip() if front else ""
    if all(token.bare in _NO_NAMES for token in rest.tokens):
        return
    _person(names, rest, _role_with_before(span, role), 0.8)


def _person(names: _Ledger, span: Span, role: str, probability: float) -> None:
    name = names[span.text]
    name.inside = True
    name.sign(PEOPLE, probability)
    if role:
        name.roles.append(role)


def _role_before(span: Span) -> str:
    """The role in lower case before a name, with what belongs to it: "US state Department spokesman"."""
    word = span.before().lower()
    if word not in _OFFICES or span.before()[0].isupper():
        return ""
    return _role_back(span, 1)


def _role_with_before(span: Span, role: str) -> str:
    """A role, with the lower-case words before it that belong to it: "former Foreign Minister"."""
    before = span.before()
    if role and before in ROLE_MODIFIERS:
        return f"{_role_back(span, 1)} {role}"
    return role


def _role_back(span: Span, back: int) -> str:
    """The words before the span, from the one `back` before it on, as far left as they belong to a role."""
    while True:
        word = span.before(back + 1)
        proper = word[:1].isupper() and (word.lower() not in FUNCTION_WORDS or (len(word) > 1 and word.isupper()))
        if not proper and word not in _ROLE_WORDS:
            break
        back += 1
    first = span.block.tokens[span.first - back]
    return span.block.text[first.start : span.block.tokens[span.first - 1].end]


def _organisation_signs(span: Span, name: _Name, places: Gazetteer) -> None:
    tokens = span.tokens
    if "&" in span.text and len(tokens) > 1:
        name.sign(ORGANISATIONS, 0.8)
    if len(tokens) == 1:
        if tokens[0].acronym and not places.lookup(span.text):
            name.inside = True
            name.sign(ORGANISATIONS, 0.6)
        return
    heads = [tokens[-1].bare, *(a.bare for a, b in pairwise(tokens) if b.text in ("of", "for"))]
    words = [head for head in heads if head in ORGANISATION_WORDS]
    if words:
        name.sign(ORGANISATIONS, 0.5 if set(words) <= WEAK_ORGANISATION_WORDS else 0.8)
    elif any(token.bare in _LEARNING for token in tokens):  # "University College London"
        name.sign(ORGANISATIONS, 0.6)
    elif tokens[0].acronym and not places.lookup(tokens[0].text):
        name.sign(ORGANISATIONS, 0.5)
    elif tokens[0].bare in DEMONYMS and any(token.bare in ORGANISATION_WORDS for token in tokens):
        name.sign(ORGANISATIONS, 0.6)


def _event_signs(span: Span, name: _Name) -> None:
    tokens = span.tokens
    if len(tokens) < 2:
        return
    final = tokens[-2 if len(tokens) > 2 and set(tokens[-1].text) <= set("IVX") else -1]
    if final.bare in EVENT_LAST or (tokens[0].bare in EVENT_FIRST and tokens[1].text == "of"):
        name.sign(EVENTS, 0.7)


def _place_signs(span: Span, name: _Name, places: Gazetteer, listed: float) -> float:
    """Note what says place. Returns the strength of the cue before the span."""
    tokens = span.tokens
    if len(tokens) > 1:
        if tokens[-1].bare in PLACE_LAST:
            name.sign(PLACES, 0.65)
        elif tokens[0].bare in PLACE_GENERIC:
            name.sign(PLACES, 0.7)
    known = places.lookup(span.text)
    if known:
        name.sign(PLACES, _known(known[0], span))
        name.inside = True
    cue = max(_place_cue(span), listed)
    name.sign(PLACES, cue)
    container = _container(span, places)
    if container:
        name.sign(PLACES, 0.5)
        name.containers.append(container)
    return cue


def _known(place: Place, span: Span) -> float:
    """How much the gazetteer says for a place: less for a small one, and where the name is a word too."""
    if len(span.tokens) > 1 or place.kind != "city" or place.population >= _WEIGHTY or place.capital:
        sure = 0.85
    else:
        sure = 0.65 if place.population >= 100_000 else 0.5
    if place.kind == "city" and place.name != span.text and place.population < _WEIGHTY:
        sure -= 0.1
    first = span.tokens[0]
    word_too = len(span.tokens) == 1 and not first.acronym and first.bare in _WORDS_TOO
    return sure * (0.5 if word_too else 1.0)


def _place_cue(span: Span) -> float:
    """What the words around the span say for a place."""
    before, earlier = span.before().lower(), span.before(2).lower()
    if before == "the":
        before, earlier = earlier, ""
    cue = 0.0
    if before in STRONG_PLACE_PREPOSITIONS:
        cue = 0.4
    elif before == "from" and span.after() == "to" and earlier not in SENT_NOUNS:
        cue = 0.6
    elif before in PLACE_PREPOSITIONS:
        cue = 0.2
    elif before == "of" and earlier in _PLACE_NOUNS:
        cue = 0.7
    elif before in ("on", "against", "of", "for") and earlier in OFFENSIVE_NOUNS:
        cue = 0.35
    elif before in PLACE_NOUNS:
        cue = 0.5
    elif before in PLACE_VERBS:
        cue = 0.3
    if span.after() in OFFENSIVE_NOUNS and not span.block.text.startswith(",", span.end):
        cue = max(cue, 0.3)
    return cue


def _container(span: Span, places: Gazetteer) -> str:
    """The country or region in "London, Ontario"."""
    at = span.last
    tokens = span.block.tokens
    if at >= len(tokens) or tokens[at].gap != ", " or not tokens[at].capital:
        return ""
    for size in (3, 2, 1):
        text = span.block.text[tokens[at].start : tokens[min(at + size, len(tokens)) - 1].end].removesuffix("'s")
        found = places.lookup(text)
        if found and any(place.kind in ("country", "region") for place in found):
            return text
    return ""


def _person_signs(span: Span, name: _Name, place_cue: float) -> None:
    tokens = span.tokens
    if len(tokens) > 5 or any(token.acronym and not token.initial for token in tokens):
        return
    after = span.after().lower()
    if len(tokens) == 1:
        if after in SAY_VERBS and not tokens[0].genitive:
            name.sign(PEOPLE, 0.45)
        return
    common = any(token.bare in _NO_PERSON for token in tokens)
    place_like = tokens[0].bare in PLACE_FIRST or tokens[-1].bare in PLACE_LAST
    weight = (0.4 if common or place_like else 1.0) * (0.6 if place_cue >= 0.3 else 1.0)
    if tokens[0].bare in GIVEN_NAMES:
        name.sign(PEOPLE, 0.7 * weight)
    if any(token.initial for token in tokens[:-1]):
        name.sign(PEOPLE, 0.6 * weight)
    if after in SAY_VERBS:
        name.sign(PEOPLE, 0.5 * weight)
    elif after in PERSON_VERBS:
        name.sign(PEOPLE, 0.25 * weight)
    if _AGE.match(span.block.text, span.end):
        name.sign(PEOPLE, 0.6 * weight)
    if len(tokens) <= 3 and not common and not place_like and span.before().lower() != "the":
        name.sign(PEOPLE, 0.3 * weight)


def _in_list(before: Span, span: Span) -> bool:
    """Whether the span follows another in "A, B and C"."""
    return before.block is span.block and bool(_LIST_GAP.fullmatch(span.block.text[before.end : span.start]))


def _expansions(text: Iterable[Block], places: Gazetteer) -> Iterator[tuple[str, str]]:
    """(acronym, what it stands for) wherever the text says so: "World Bank (WB)", "WB (World Bank)"."""
    for block in text:
        for span in block.spans:
            opening = span.end + (2 if span.tokens[-1].genitive else 0)
            closing = block.text.find(")", opening)
            if block.text[opening : opening + 2] != " (" or closing < 0:
                continue
            inside = block.text[opening + 2 : closing]
            acronyms = _ACRONYM.findall(inside)
            if acronyms and not _FILLERS.sub("", _ACRONYM.sub("", inside)):
                name = _expansion(span, acronyms, places)
                yield from ((acronym, name) for acronym in acronyms if name)
            elif span.tokens[-1].acronym and _initials(inside.split()) == span.tokens[-1].text.upper():
                yield span.tokens[-1].text, inside


def _expansion(span: Span, acronyms: Sequence[str], places: Gazetteer) -> str:
    """The end of the span whose initials are an acronym; the whole where it is plainly an organisation."""
    if len(span.tokens) < 2:
        return ""
    for first in range(len(span.tokens) - 1):
        if _initials([token.text for token in span.tokens[first:]]) in acronyms:
            return span.cut(first).text
    plain = span.tokens[-1].bare in ORGANISATION_WORDS or bool(places.lookup(span.text))
    return span.text if plain and len(acronyms) == 1 else ""


def _initials(words: Sequence[str]) -> str:
    return "".join(word[0] for word in words if word[0].isupper())


def _suggestions(text: str, names: _Ledger, places: Gazetteer) -> list[Suggestion]:
    _join_countries(names, places)
    _join_capitals(names)
    _join_acronyms(names)
    kept = {name: held for name, held in names.items() if held.inside and held.score(held.kind) >= LEAST_SCORE}
    _join_surnames(names, kept, places)
    counts = _counts(text, kept)
    named = {place for name, held in kept.items() if held.kind == PLACES for place in places.lookup(name)[:1]}
    found = []
    for name, held in kept.items():
        where = _locate(name, held, places, named) if held.kind == PLACES else None
        found.append(
            Suggestion(
                name=name,
                kind=held.kind,  # type: ignore[arg-type]
                aliases=tuple(held.aliases),
                count=max(1, counts[name]),
                score=round(held.score(held.kind), 3),
                role=Counter(held.roles).most_common(1)[0][0] if held.kind == PEOPLE and held.roles else "",
                lat=where.lat if where else None,
                lon=where.lon if where else None,
            )
        )
    return sorted(found, key=lambda suggestion: (-suggestion.count, suggestion.name))


def _join_countries(names: _Ledger, places: Gazetteer) -> None:
    """Call a country by its own name; "US" and "America" are aliases of United States."""
    for name in list(names):
        known = places.lookup(name)
        if known and known[0].kind == "country" and known[0].name != name and names[name].kind == PLACES:
            held = names.pop(name)
            names[known[0].name].take(held)
            names[known[0].name].aliases[name] = None


def _join_acronyms(names: _Ledger) -> None:
    """An acronym of three letters or more is the one organisation of the text that has its initials."""
    organisations = [name for name, held in names.items() if " " in name and held.kind == ORGANISATIONS]
    initials = Counter(_initials(name.split()) for name in organisations)
    for name in organisations:
        acronym = _initials(name.split())
        if len(acronym) > 2 and initials[acronym] == 1 and acronym in names and names[acronym].kind == ORGANISATIONS:
            names[name].take(names.pop(acronym))
            names[name].aliases[acronym] = None


def _join_capitals(names: _Ledger) -> None:
    """A name in capitals, "RAQQA", is the one that is also written in the usual way."""
    titled = {name.upper(): name for name in names if not name.isupper()}
    for name in [name for name in names if name.isupper() and len(name) > 4 and name in titled]:
        names[titled[name]].take(names.pop(name), kinds=False)


def _join_surnames(names: _Ledger, kept: dict[str, _Name], places: Gazetteer) -> None:
    """A surname alone is the person of that surname whom the text names in full, where there is one only."""
    people: defaultdict[str, list[str]] = defaultdict(list)
    for name, held in kept.items():
        if held.kind == PEOPLE and " " in name:
            people[name.rsplit(" ", 1)[1]].append(name)
    for surname, full in people.items():
        alone = names.get(surname)
        if len(full) != 1 or alone is None or _is_place(surname, alone, places):
            continue
        person = kept[full[0]]
        kept.pop(surname, None)
        person.roles += alone.roles
        person.sign(PEOPLE, 0.5)
        known = places.lookup(surname)
        weighty = bool(known) and (known[0].kind != "city" or known[0].population >= _WEIGHTY)
        word = surname.lower()
        safe = len(surname) > 2 and not weighty and word not in _UNSAFE_ALIASES
        (person.aliases if safe else person.silent)[surname] = None


def _is_place(surname: str, alone: _Name, places: Gazetteer) -> bool:
    known = places.lookup(surname)
    return bool(known) and alone.score(PLACES) > max(0.9, alone.score(PEOPLE))


def _counts(text: str, kept: dict[str, _Name]) -> Counter[str]:
    """How often each name stands in the text, as the finder of mentions finds it."""
    records = []
    for name, held in kept.items():
        aliases = tuple(Alias(alias) for alias in (*held.aliases, *held.silent))
        records.append((f"{held.kind}/{name}", Record(name=name, aliases=aliases)))
    found = find(text, (), (), Names.of(records), {})
    return Counter(mention.record.partition("/")[2] for mention in found.mentions)


def _locate(name: str, held: _Name, places: Gazetteer, named: set[Place]) -> Place | None:
    """The place meant: in the region named right after it, or in one the text names, or the likeliest.

    A region of the text does not count against a place with thirty times the inhabitants.
    """
    known = places.lookup(name)
    if not known:
        return None
    for container in held.containers:
        for place in known:
            if any(_within(place, outer) for outer in places.lookup(container)):
                return place
    first = known[0]
    if first.kind != "city" or first.capital:
        return first
    outers = [place for place in named if place.kind in ("country", "region")]
    for place in known:
        if any(_within(place, outer) for outer in outers) and place.population * _OVERRULED >= first.population:
            return place
    return first


def _within(place: Place, outer: Place) -> bool:
    if place == outer or place.country != outer.country:
        return False
    return outer.kind == "country" or (outer.kind == "region" and outer.region == place.region)
