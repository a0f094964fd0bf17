"""Who is named with whom: the strongest ties among the records named most, as a drawing of the whole collection.

Choosing is done when a page is planned anew, placing when it is made: see `graph_of` and `placed`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from itertools import combinations
from math import sqrt

import msgspec

from sitegen.geo.labels import Dot, place_labels
from sitegen.model import views
from sitegen.model.entity import Subject
from sitegen.relate import springs
from sitegen.relate.index import Index
from sitegen.relate.planned import NETWORK_USUAL

_EACH, _CROWD, _EACH_OF_A_CROWD = 3, 160, 2  # ties kept of each record, fewer where there are so many records
# Where so many records are named in two articles, those named in one alone are left out: they say what the article says.
_ENOUGH = 40
_LISTED, _LISTED_OF_A_CROWD = 5, 3  # of each record, the others it is named with most; none beyond what is usual
_WIDTH, _MARGIN = 1000.0, 28.0
_LARGEST, _LARGEST_OF_A_CROWD, _SMALLEST = 14.0, 10.0, 3.0  # pixels, radius
_EM, _ENLARGEMENTS = 11.0, (2.2, 1.5, 1.0, 0.33)
_GAP = 7.0  # pixels between two dots


def graph_of(index: Index, most: int = NETWORK_USUAL) -> views.Graph:
    """The records named most and the ties among them, not yet placed.

    A tie is strong where two records are named together often for how often each is named: the cosine of Salton and McGill,
    "Introduction to modern information retrieval" (1983), less where it rests on few articles.
    """
    records = _chosen(index, most)
    at = {subject.id: number for number, subject in enumerate(records)}
    counts: Counter[tuple[int, int]] = Counter()
    for facts in index.articles:
        counts.update(combinations(sorted([at[record] for record in facts.named if record in at]), 2))
    named = [index.count(subject.id) for subject in records]
    strengths = {(a, b): round(count * count / ((count + 1) * sqrt(named[a] * named[b])), 6) for (a, b), count in counts.items()}
    ties = springs.strongest_of_each(len(records), strengths, _EACH if len(records) <= _CROWD else _EACH_OF_A_CROWD)
    return _without_the_lonely(records, named, counts, ties)


def igraph_version() -> str:
    """The version of igraph, the extra `network`; "" where it is not installed."""
    try:
        return version("igraph")
    except PackageNotFoundError:
        return ""


def _of_many(nodes: int, ties: Sequence[springs.Tie]) -> list[tuple[float, float]]:
    """Return a place for each of very many nodes, in lengths of a tie: by igraph, from the same start, with no chance in it."""
    import random

    import igraph

    igraph.set_random_number_generator(random.Random(1))
    graph = igraph.Graph(nodes, [(a, b) for a, b, _ in ties])
    start = springs.spiral(nodes)
    found = graph.layout_fruchterman_reingold(weights=[strength for _, _, strength in ties], seed=start, niter=300, grid=False)
    return [(round(x, 6), round(y, 6)) for x, y in found]


def _chosen(index: Index, most: int) -> list[Subject]:
    ranked = sorted([(-count, record) for record, count in index.counts.items()])
    often = sum(count < -1 for count, _ in ranked)
    limit = min(most, often) if often >= _ENOUGH else most
    return [index.authority.records[record] for _, record in ranked[:limit]]


def _without_the_lonely(
    records: Sequence[Subject], named: Sequence[int], counts: Mapping[tuple[int, int], int], ties: Sequence[springs.Tie]
) -> views.Graph:
    tied = sorted({node for a, b, _ in ties for node in (a, b)})
    new = {old: number for number, old in enumerate(tied)}
    together: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for (a, b), count in counts.items():
        together[a].append((-count, b))
        together[b].append((-count, a))
    listed = _LISTED if len(tied) <= _CROWD else _LISTED_OF_A_CROWD if len(tied) <= NETWORK_USUAL else 0
    nodes = []
    for old in tied:
        subject = records[old]
        others = ((records[other], -count) for count, other in sorted(together[old])[:listed])
        mates = tuple(views.Neighbour(mate.title, mate.url, mate.kind, count) for mate, count in others)
        nodes.append(views.Node(subject.title, subject.url, subject.kind, named[old], mates))
    strongest = max((strength for _, _, strength in ties), default=1.0)
    drawn = tuple(views.Tie(new[a], new[b], counts[a, b], round(strength / strongest, 4)) for a, b, strength in ties)
    return views.Graph(0, 0, tuple(nodes), drawn)


def complete(view: views.PageView) -> views.PageView:
    """The view with its graph laid out."""
    return msgspec.structs.replace(view, graph=placed(view.graph)) if isinstance(view, views.NetworkView) else view


def placed(graph: views.Graph) -> views.Graph:
    """The graph with a place for each record and each name that has room: pixels, rounded to tenths."""
    nodes = graph.nodes
    height = round(_WIDTH * (0.55 if len(nodes) <= 60 else 0.75 if len(nodes) <= _CROWD else 1.0))
    largest = _LARGEST if len(nodes) <= _CROWD else _LARGEST_OF_A_CROWD
    full = max(float(max((node.count for node in nodes), default=1)), (largest / _SMALLEST) ** 2)
    radii = [max(_SMALLEST, round(largest * sqrt(node.count / full), 1)) for node in nodes]
    ties = [(tie.a, tie.b, tie.strength) for tie in graph.ties]
    loose = springs.lay_out(len(nodes), ties) if len(nodes) <= NETWORK_USUAL else _of_many(len(nodes), ties)
    places = springs.apart(springs.fitted(loose, _WIDTH, height, _MARGIN), radii, _GAP, (_WIDTH, height))
    dots = [Dot(node.name, round(x, 1), round(y, 1), r) for node, (x, y), r in zip(nodes, places, radii, strict=True)]
    labels = place_labels(dots, width=_WIDTH, height=height, em=_EM, enlargements=_ENLARGEMENTS)
    found = []
    for node, dot, label in zip(nodes, dots, labels, strict=True):
        if label:
            beside = {"label": node.name, "label_x": label.x, "label_y": label.y, "label_dy": label.dy,
                      "anchor": label.anchor, "tier": label.tier}  # fmt: skip
        else:
            beside = {"tier": len(_ENLARGEMENTS) - 1}
        found.append(msgspec.structs.replace(node, x=dot.x, y=dot.y, r=dot.r, **beside))
    return views.Graph(round(_WIDTH), height, tuple(found), graph.ties)
