"""Find mentions of authority records in the text of an article.

Pure: no files, no cache. Offsets are code points into the text. What claims a passage, strongest first:
links the author wrote, the article's own `links:`, the stop list, the names of records. The longest match
wins whatever claims it (`links: {Jordan: …}` leaves "Jordan River" alone); where two claim the same passage,
the stronger. How names are spelled is in `names`; where a spelling counts is here:

- Letters or digits on neither side. "US-led" names the US (a hyphen and lower case), as do "US’s" and
  "anti-US"; "Al-Raqqah" does not name Raqqah, "Stratford-upon-Avon" not Stratford, "O’Brien" not Brien,
  "Hawai’i" not Hawai, "cnn.com" and "@CNN" not CNN. Scripts without spaces have no such boundary; Korean,
  whose particles follow the name without a space, has it on the left only.
- Never across blocks: a text has "\\n" between blocks and nowhere else.
- In a block of capitals, "IS" and "US" are words: an acronym of up to three letters with such a neighbour is
  left.
- **One word of a person's name** ("Henry" for Joseph Henry) is not linked where it is part of somebody
  else's: after a capitalised word ("Patrick Henry", "Fort Henry"), before one ("Henry Jones", "Henry van
  Dyke"), or beside "&" (a firm). Words that may stand before it: titles and roles ("Professor Henry"),
  function words, as at the start of a sentence ("Then Henry"), days and dated months, and the record's own
  ("Samuel Morse", "S. F. B. Morse"). "Sir" takes a given name: "Sir Henry" is not a Mr Henry. One word of any
  other name is not linked after a given name ("Jack London").

A name of several records goes to the one that its neighbours ("J. J. Thomson", "Mr Washington") or the rest
of the article point to: exactly one of them is named unambiguously elsewhere in it; or, of places, exactly one
has another place that is named there within 150 km. Else it is an `Ambiguity`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter

from sitegen.annotate.lexicon import (
    FUNCTION_WORDS,
    GIVEN_NAME_TITLES,
    GIVEN_NAMES,
    MONTHS,
    PARTICLES,
    PLACE_FIRST,
    PREFIXES,
    ROLES,
    TITLES,
    WEEKDAYS,
)
from sitegen.annotate.names import Names, Person, Spellings, is_unspaced, spellings
from sitegen.model.mention import Ambiguity, By, Marks, Mention
from sitegen.model.text import canonical, fold_lines, in_word

NONE = "none"  # the record of `links:` that says: no record

_LINKS, _STOP, _NAMES = range(3)  # who claims, strongest first
_OPENINGS = TITLES | ROLES | FUNCTION_WORDS | WEEKDAYS
_SHORT_ACRONYM = 3
_ABBREVIATED = TITLES | {"st", "ste", "ft", "mt", "pt", "jr", "sr"}
_PLACES_TOO = frozenset(("austin", "charlotte", "florence", "jackson", "jordan", "sofia", "sydney", "victoria", "virginia"))
_FIRST_NAMES = GIVEN_NAMES - FUNCTION_WORDS - MONTHS - _PLACES_TOO  # that are nothing else
# What may follow a name and an apostrophe; anything longer is part of a word ("Hawai'i").
_AFTER_APOSTROPHE = re.compile(r"'(?:(?:s|d|ll|ve|re|S|D|LL|VE|RE)(?![^\W_])|(?![^\W_]))")
_COMPOUND = re.compile(r"-(?:[^\W\d_]+-)*(?P<last>[^\W_])")
_PREFIX = re.compile(r"([^\W\d_]+)-\Z")
_WORD_BEFORE = re.compile(r"(?:(?<=\s)|(?<=[\"'(\[{])|\A)([^\W\d_][\w'.\-]*|&) \Z")
_WORD_AFTER = re.compile(r" (&|[^\W\d_][\w'\-]*)")
_BESIDE = re.compile(r"[^\W_] \Z| [^\W_]")
_PARTING = frozenset(" ,\n")  # most of what stands behind a name
_REACH = 40  # characters looked back for a neighbouring word


# Somebody's claim on text[start:end] → start, -end, who claims, and for which records. So claims sort leftmost, longest,
# strongest first.
_Claim = tuple[int, int, int, tuple[str, ...]]


def find(
    text: str,
    closed: Sequence[tuple[int, int]],
    explicit: Sequence[Mention],
    names: Names,
    links: Mapping[str, str],
) -> Marks:
    """Mentions of records in a text, in reading order, none overlapping.

    closed: ranges in which nothing is found. explicit: links the author wrote; they stay, also inside closed
    ranges, except empty ones and those that overlap an earlier one. links: name → record id or "none", for
    every occurrence of the name in this text.
    """
    lines = fold_lines(text)
    fixed = _apart(explicit) if explicit else []
    barred = _Ranges([*closed, *[(mention.start, mention.end) for mention in fixed]])
    wanted = _claims(lines, barred, _own(links), _LINKS) if links else []
    if names.stop:
        decided = _Ranges([(start, -negative) for start, negative, *_ in wanted])
        stopped = _claims(lines, barred, names.stopped, _STOP)
        wanted += [claim for claim in stopped if not decided.touch(claim[0], -claim[1])]
    wanted += _claims(lines, barred, names.aliases, _NAMES)
    return _settle(text, lines, fixed, wanted, names)


def _own(links: Mapping[str, str]) -> Spellings:
    """The search for an article's own decisions. A record "none" claims the passage for nobody."""
    decided: dict[str, tuple[str, ...]] = {}
    for name, record in links.items():
        for spelling in spellings(canonical(name)):
            if spelling:
                decided[spelling] = () if record == NONE else (record,)
    return Spellings(decided)


def _claims(lines: str, barred: _Ranges, search: Spellings, rank: int) -> list[_Claim]:
    """What is claimed of a folded text, whatever stands beside it."""
    claims: list[_Claim] = []
    owners, last, starts, ends = search.owners, len(lines), barred.starts, barred.ends
    for index, start, end in search.hits(lines):
        before = bisect_left(starts, end)
        if before and ends[before - 1] > start:
            continue
        if start and lines[start - 1] != " " and not _opens(lines, start):
            continue
        if end < last and lines[end] not in _PARTING and not _closes(lines, end):
            continue
        if end - start <= _SHORT_ACRONYM and _shouted(lines, start, end):
            continue
        claims.append((start, -end, rank, owners[index]))
    return claims


def _settle(text: str, lines: str, fixed: list[Mention], claims: list[_Claim], names: Names) -> Marks:
    """The leftmost of overlapping claims; of those that begin together the longest, then the strongest.

    The neighbours of a one-word name are heard only where no stronger claim has the passage. Claims of several owners are
    decided by what the article names for certain. lines: the text, folded.
    """
    mentions, doubtful, behind = [*fixed], [], 0
    for start, negative, rank, owners in sorted(claims):
        if start < behind:
            continue
        end, meant = -negative, owners
        if rank == _NAMES and " " not in lines[start:end]:
            meant = _heard(lines, start, end, owners, names)
            if not meant:
                continue
        behind = end
        if len(meant) == 1:
            if meant == owners and rank == _NAMES:
                mentions.append(Mention(start, end, meant[0]))
            else:
                mentions.append(Mention(start, end, meant[0], By.ARTICLE if rank == _LINKS else By.CONTEXT))
        elif meant:
            doubtful.append((start, end, meant))
    ambiguities = []
    certain = {mention.record for mention in mentions} if doubtful else set()
    for start, end, owners in doubtful:
        likely = tuple(owner for owner in owners if owner in certain)
        if not likely and (near := names.nearest(owners, certain)):
            likely = (near,)
        if len(likely) == 1:
            mentions.append(Mention(start, end, likely[0], By.CONTEXT))
        else:
            ambiguities.append(Ambiguity(start, end, text[start:end], owners))
    if fixed or doubtful:
        mentions.sort(key=attrgetter("start"))
    return Marks(tuple(mentions), tuple(ambiguities))


def _apart(explicit: Sequence[Mention]) -> list[Mention]:
    end, apart = 0, []
    for mention in sorted(explicit, key=lambda mention: (mention.start, -mention.end)):
        if mention.end > mention.start >= end:
            end = mention.end
            apart.append(mention)
    return apart


class _Ranges:
    """Half-open ranges, merged, to ask whether a passage touches one: ranges[i] is starts[i] to ends[i]."""

    __slots__ = ("ends", "starts")

    def __init__(self, ranges: Iterable[tuple[int, int]]) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        for start, end in sorted(ranges):
            if start >= end:
                continue
            if self.ends and start <= self.ends[-1]:
                self.ends[-1] = max(self.ends[-1], end)
            else:
                self.starts.append(start)
                self.ends.append(end)

    def touch(self, start: int, end: int) -> bool:
        before = bisect_left(self.starts, end) - 1
        return before >= 0 and self.ends[before] > start


def _shouted(text: str, start: int, end: int) -> bool:
    """Whether an acronym stands in a run of capitals, where it may as well be a word."""
    if not text[start:end].isupper():
        return False
    first, last = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    block = text[first : last if last >= 0 else len(text)]
    neighbours = _BESIDE.search(text, first, start) or _BESIDE.match(text, end)
    return neighbours is not None and not any(map(str.islower, block))


def _opens(text: str, start: int) -> bool:
    """Whether a name can begin at `start` > 0 of a folded text."""
    if _within_a_word(text, start):
        return False
    before, further = text[start - 1], text[start - 2] if start > 1 else " "
    if before == " ":
        return True
    if in_word(before):
        return is_unspaced(before) or is_unspaced(text[start])
    if before == "-" and in_word(further):
        prefix = _PREFIX.search(text, max(0, start - _REACH), start)
        return prefix is None or prefix[1] in PREFIXES
    if before == "'":
        return not further.isupper()
    if before == ".":
        return not (further.islower() or further.isdigit())
    return before not in "@_"


def _closes(text: str, end: int) -> bool:
    """Whether a name can end at `end` < len(text) of a folded text."""
    if _within_a_word(text, end):
        return False
    after, further = text[end], text[end + 1] if end + 1 < len(text) else " "
    if after == " ":
        return True
    if in_word(after):
        return is_unspaced(after) or is_unspaced(text[end - 1]) or _is_hangul(text[end - 1])
    if after == "'":
        return _AFTER_APOSTROPHE.match(text, end) is not None
    if after == "-":
        compound = _COMPOUND.match(text, end)
        return compound is None or compound["last"].islower()
    if after in ".@":
        return not further.islower()
    return after != "_"


def _within_a_word(text: str, at: int) -> bool:
    """Whether letters or digits of ASCII stand on both sides: no name begins or ends there, and most hits that are none do."""
    sides = text[at - 1 : at + 1]
    return sides.isascii() and sides.isalnum()


def _is_hangul(character: str) -> bool:
    return "\uac00" <= character <= "\ud7a3"


def _heard(text: str, start: int, end: int, owners: tuple[str, ...], names: Names) -> tuple[str, ...]:
    """The owners of a one-word name as far as its neighbour words allow; none where it is part of somebody else's name.

    A neighbour that speaks for some of the owners (a title, a word of their own names) settles it for them; one that speaks
    against a person drops that person.
    """
    persons = names.persons(owners)
    if not persons:
        return () if _after_given_name(text, start) else owners
    name = text[start:end].lower()
    meant, others = [], []
    for owner, person in persons.items():
        verdict = _verdict(text, start, end, name, person)
        if verdict:
            meant.append(owner)
        elif verdict is False:
            others.append(owner)
    if len(others) == len(persons):
        return ()
    return tuple(meant) or tuple(owner for owner in owners if owner not in others)


def _after_given_name(text: str, start: int) -> bool:
    """Whether a given name stands before ("Jack London"), and is not itself a place's ("St. Paul")."""
    if not start or text[start - 1] != " ":
        return False
    if text[text.rfind(" ", max(0, start - _REACH), start - 1) + 1 : start - 1].islower():
        return False
    words = _words_before(text, start)
    before = next(words, "")
    given = before[:1].isupper() and before.lower() in _FIRST_NAMES
    return given and next(words, "").rstrip(".").lower() not in PLACE_FIRST


def _verdict(text: str, start: int, end: int, name: str, person: Person) -> bool | None:
    """Whether the neighbours of a one-word name speak for the person, against, or neither (None)."""
    before = _speaks_before(text, start, name, person)
    after = _speaks_after(text, end, person)
    return False if before is False or after is False else before or after


def _speaks_before(text: str, start: int, name: str, person: Person) -> bool | None:
    """What the words before a one-word name say: True for the person, False for another, None for neither."""
    initial = ""
    words = _words_before(text, start)
    for word in words:
        bare = word.removesuffix(".").lower()
        if bare in person.words and word[0].isupper():
            return True
        if len(bare) == 1 and word[0].isupper() and (word.endswith(".") or bare not in "aio"):
            initial = bare
        elif word == "&":
            return False
        elif bare not in PARTICLES or word[0].isupper():
            return _judge(word, bare, next(words, ""), name, person, initial)
    return any(own.startswith(initial) for own in person.words) if initial else None


def _judge(word: str, bare: str, earlier: str, name: str, person: Person, initial: str) -> bool | None:
    """What `word`, the first before the name that is neither initial nor particle, says of it."""
    if initial and (word[0].islower() or bare in _OPENINGS):
        return any(own.startswith(initial) for own in person.words)
    if word[0].islower():
        return None
    if bare in GIVEN_NAME_TITLES:
        return name in person.first
    if bare in TITLES:
        return True
    if bare in MONTHS:  # "In August Henry", but "August Henry"
        return None if earlier[:1].islower() or earlier.lower() in FUNCTION_WORDS else False
    return None if bare in _OPENINGS else False


def _speaks_after(text: str, end: int, person: Person) -> bool | None:
    """What the word after a one-word name says: True for the person, False for another, None for neither."""
    particles = False
    while found := _WORD_AFTER.match(text, end):
        word = found[1]
        if word == "&":
            return False
        if word not in PARTICLES:
            break
        particles, end = True, found.end()
    if not found or not word[0].isupper():
        return None
    bare = word.lower().removesuffix("'s")
    if bare in person.words:
        return True
    return False if particles or not (bare == "i" or bare in WEEKDAYS or bare in MONTHS) else None


def _words_before(text: str, start: int) -> Iterator[str]:
    """The words before `start`, nearest first, as long as nothing but one space stands between."""
    while start and text[start - 1] == " ":
        reach = max(0, start - _REACH)
        found = _WORD_BEFORE.search(text, max(reach, text.rfind(" ", reach, start - 1) + 1), start)  # no word holds a space
        if not found:
            return
        bare = found[1].removesuffix(".").lower()
        if bare != found[1].lower() and len(bare) > 1 and bare not in _ABBREVIATED:
            return  # a sentence ends there
        yield found[1]
        start = found.start(1)
