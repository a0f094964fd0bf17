"""What a record is found with: the sentences in which it meets another, and a drawing of those it is named with.

Pure, and asked for by pages whose template shows it: for one record at a time.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain, combinations

import msgspec

from sitegen.model import views
from sitegen.model.entity import Subject
from sitegen.model.mention import QUOTED, Facts

Place = tuple[float, float]

MEETINGS = 3  # sentences shown of a pair
DRAWN = 12  # neighbours in a drawing: more cannot be told apart

_CUT_BEFORE, _CUT_AFTER = "… ", " …"
_CUT_SIGN = "…".encode()


def meetings(
    named: Iterable[Facts], record: str, others: Iterable[str], quotes: Callable[[Facts], Mapping[str, msgspec.Raw]]
) -> Mapping[str, Sequence[views.QuotedArticle]]:  # fmt: skip
    """Of each of these records, the sentences of articles that name it and the record, `MEETINGS` at most, each once.

    named: the articles that name the record. quotes: the encoded quotes of an article, by the record that they name.
    """
    met: dict[str, list[views.QuotedArticle]] = {other: [] for other in others}
    left = dict.fromkeys(met, MEETINGS)
    decode = msgspec.msgpack.Decoder(list[views.Quote]).decode
    for facts in named:
        at = facts.named.index(record)
        if facts.here[at] > 1:
            here = [other for other in facts.named if other in left]
        else:  # another that is named once, too, and in another paragraph, is in no sentence with it
            block, each = facts.blocks[at], zip(facts.named, facts.here, facts.blocks, strict=True)
            here = [other for other, count, first in each if other in left and (first == block or count > 1)]
        if not here:
            continue
        said = quotes(facts)
        own = bytes(said[record])
        ours, cut = decode(own)[:QUOTED], _CUT_SIGN in own
        names = [quote.name.encode() for quote in ours]
        for other in here:
            encoded = bytes(said[other])
            if not (cut or any(map(encoded.__contains__, names))):
                continue  # none of these sentences names the record; most do not
            if shown := _shared(ours, decode(encoded)[:QUOTED])[: left[other]]:
                met[other].append(views.QuotedArticle(facts.title, facts.url, facts.date, facts.lang, shown))
                left[other] -= len(shown)
                if not left[other]:
                    del left[other]
        if not left:
            break
    return met


def _shared(ours: Iterable[views.Quote], theirs: Iterable[views.Quote]) -> tuple[views.Quote, ...]:
    """Those of our passages whose sentence is one of theirs, each sentence once."""
    whole = {(their.url, _sentence(their)) for their in theirs}
    names = {(their.url, their.name): None for their in theirs}
    found: dict[str, views.Quote] = {}
    for quote in ours:
        if (quote.url, _sentence(quote)) in whole or _holds_any(quote, names):
            found.setdefault(_sentence(quote), quote)
    return tuple(found.values())


def _holds_any(ours: views.Quote, names: Iterable[tuple[str, str]]) -> bool:
    """Whether one of the names, each with its place, stands in the same sentence; of a long one each quote shows another part."""
    if not (ours.before.startswith(_CUT_BEFORE) or ours.after.endswith(_CUT_AFTER)):
        return False
    around = ours.before + "\n" + ours.after
    return any(url == ours.url and name in around for url, name in names)


def _sentence(quote: views.Quote) -> str:
    return quote.before + quote.name + quote.after


# The drawing


_WIDTH, _ROW, _MARGIN, _LONGEST = 640, 38, 24, 23  # pixels, and letters of a name
_RADII = (4.0, 11.0)
_PAIRS = 14


def circle(
    subject: Subject, neighbours: Sequence[views.Neighbour], ids: Sequence[str], named: Iterable[Facts]
) -> views.Circle | None:
    """A record in the midst of its neighbours; None where there are too few to draw.

    ids: those of the neighbours. They stand in rows of two, a name outside of each: names cannot collide. Neighbours
    that are named together stand side by side as far as a simple rule can bring them there.
    """
    if len(ids) < 3:
        return None
    number = {doc_id: at for at, doc_id in enumerate(ids)}
    is_drawn, number_of = number.__contains__, number.__getitem__
    groups = [sorted(map(number_of, filter(is_drawn, facts.named))) for facts in named]
    pairs = Counter(chain.from_iterable([combinations(group, 2) for group in groups if len(group) > 1]))
    ring = _ring(len(ids), pairs)
    height, slots = _slots(len(ids))
    top = max([item.count for item in neighbours])
    places = dict(zip(ring, slots, strict=True))
    points = tuple(
        _point(neighbours[item], *places[item], top, "start" if places[item][0] > _WIDTH / 2 else "end") for item in sorted(ring)
    )
    middle = (_WIDTH / 2, height / 2)
    lines = [_line(middle, place, middle, neighbours[item].count / top) for item, place in sorted(places.items())]
    strong = sorted(((pair, n) for pair, n in pairs.items() if n > 1), key=lambda found: (-found[1], found[0]))[:_PAIRS]
    lines += [_line(places[one], places[two], middle, count / top) for (one, two), count in strong]
    name = subject.record.name
    own = views.CirclePoint(name, _short(name), subject.url, subject.kind, 0, *middle, _RADII[1], "middle")
    return views.Circle(_WIDTH, height, own, points, tuple(lines))


@lru_cache(DRAWN)
def _slots(count: int) -> tuple[int, list[Place]]:
    """The height of a drawing of so many neighbours, and where they stand, in the order of the ring."""
    rows = math.ceil(count / 2)
    height = rows * _ROW + 2 * _MARGIN
    places = []
    for at in range(count):
        right = at < rows
        row = at if right else rows - 1 - (at - rows)
        y = _MARGIN + (row + 0.5) * _ROW
        slope = (y - height / 2) / (height / 2)
        x = 70 + 80 * math.sqrt(max(0.0, 1 - slope * slope))
        places.append((round(_WIDTH / 2 + (x if right else -x), 1), round(y, 1)))
    return height, places


def _ring(count: int, pairs: Mapping[tuple[int, int], int]) -> list[int]:
    """The neighbours in an order in which each is followed by the one most often named with it, of equals the first."""
    left, ring = list(range(1, count)), [0]
    times = [[0] * count for _ in range(count)]
    for (one, other), together in pairs.items():
        times[one][other] = times[other][one] = together
    while left:
        following = max(left, key=times[ring[-1]].__getitem__)
        left.remove(following)
        ring.append(following)
    return ring


def _point(item: views.Neighbour, x: float, y: float, top: int, anchor: str) -> views.CirclePoint:
    radius = _RADII[0] + (_RADII[1] - _RADII[0]) * math.sqrt(item.count / top)
    return views.CirclePoint(item.name, _short(item.name), item.url, item.kind, item.count, x, y, round(radius, 1), anchor)


def _line(one: Place, two: Place, middle: Place, share: float) -> views.CircleLine:
    """A line that bends halfway to the middle, so that lines of one side do not lie on each other."""
    return views.CircleLine(*one, *_bend(one, two, middle), *two, round(0.8 + 3.2 * share, 1))


@lru_cache(4096)  # drawings of as many have their places in common
def _bend(one: Place, two: Place, middle: Place) -> Place:
    (x1, y1), (x2, y2), (x, y) = one, two, middle
    return round((x1 + x2) / 4 + x / 2, 1), round((y1 + y2) / 4 + y / 2, 1)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1].rstrip() + "…"
