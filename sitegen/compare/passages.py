"""Two readings of an article: which mentions it gained and lost, which were reworded, and which mean another record now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import msgspec
from rapidfuzz import fuzz

from sitegen.compare.snapshot import Said

# So alike are two sentences of which one was made of the other. Of more than _MANY the order tells which.
_ALIKE, _MANY = 50.0, 40

Quoted = tuple[str, str, str]  # before, name, after


class Moves(msgspec.Struct):
    """What became of the mentions of an article. Each holds (record, sentence), the rest what it was before, too."""

    gained: list[tuple[str, Quoted]] = msgspec.field(default_factory=list)
    lost: list[tuple[str, Quoted]] = msgspec.field(default_factory=list)
    reworded: list[tuple[str, Quoted, Quoted]] = msgspec.field(default_factory=list)
    passed: list[tuple[str, str, Quoted]] = msgspec.field(default_factory=list)  # from a record to another


def moves(before: Said | None, after: Said | None) -> Moves:
    """How the mentions of an article differ. The same words of the same record are the same mention, wherever they stand.

    The cost is linear in the mentions, but for those of one record that were reworded: these at most _MANY by _MANY.
    """
    had, has = _by_record(before), _by_record(after)
    found = Moves()
    for record in sorted(had.keys() | has.keys()):
        lost, gained = _without_equals(had.get(record, ()), has.get(record, ()))
        pairs = _pairs(lost, gained)
        found.reworded += [(record, lost[i], gained[j]) for i, j in pairs]
        old, new = {i for i, _ in pairs}, {j for _, j in pairs}
        found.lost += [(record, quoted) for i, quoted in enumerate(lost) if i not in old]
        found.gained += [(record, quoted) for j, quoted in enumerate(gained) if j not in new]
    _pass_on(found)
    return found


def _by_record(said: Said | None) -> dict[str, list[Quoted]]:
    found: defaultdict[str, list[Quoted]] = defaultdict(list)
    for record, *quoted in said.passages if said else ():
        before, name, after = quoted
        found[record].append((before, name, after))
    return found


def _without_equals(had: Sequence[Quoted], has: Sequence[Quoted]) -> tuple[list[Quoted], list[Quoted]]:
    """Those of each that the other does not have, in reading order."""
    there: defaultdict[Quoted, int] = defaultdict(int)
    for quoted in has:
        there[quoted] += 1
    lost = []
    for quoted in had:
        if there.get(quoted):
            there[quoted] -= 1
        else:
            lost.append(quoted)
    gained = []
    for quoted in reversed(has):
        if there[quoted]:
            there[quoted] -= 1
            gained.append(quoted)
    return lost, gained[::-1]


def _pairs(lost: Sequence[Quoted], gained: Sequence[Quoted]) -> list[tuple[int, int]]:
    """The numbers of sentences and of what was made of them, in reading order; each once."""
    if not lost or not gained:
        return []
    if len(lost) > _MANY or len(gained) > _MANY:
        return [(number, number) for number in range(min(len(lost), len(gained)))]
    scored = sorted(
        (-score, i, j)
        for i, old in enumerate(lost)
        for j, new in enumerate(gained)
        if (score := fuzz.ratio("".join(old), "".join(new))) >= _ALIKE
    )
    taken_old, taken_new, found = set[int](), set[int](), []
    for _, i, j in scored:
        if i not in taken_old and j not in taken_new:
            taken_old.add(i)
            taken_new.add(j)
            found.append((i, j))
    return sorted(found)


def _pass_on(found: Moves) -> None:
    """What one record lost and another gained in the same words: the mention means another record now."""
    takers: defaultdict[Quoted, list[str]] = defaultdict(list)
    for record, quoted in found.gained:
        takers[quoted].append(record)
    kept = []
    for record, quoted in found.lost:
        if takers.get(quoted):
            found.passed.append((record, takers[quoted].pop(0), quoted))
        else:
            kept.append((record, quoted))
    found.lost = kept
    gained = []
    for record, quoted in found.gained:
        if record in takers[quoted]:
            takers[quoted].remove(record)
            gained.append((record, quoted))
    found.gained = gained
