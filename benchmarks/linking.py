#!/usr/bin/env python3
"""Measure how often a rule's link is right: records made from gold sets, linked in the same texts.

    .venv/bin/python benchmarks/linking.py path/to/devsets

The folder is that of benchmarks/annotate.py. Of wikigold, a record is a name, a person's with the surname where the text
uses it; a link is right where the gold has a name of this kind. Of the sets of places, a record is a name at a point, so
that many share a name; a link is right where the gold's place is within 161 km. From these shares come the scores in
sitegen/model/assertion.py.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sitegen.annotate.find import find
from sitegen.annotate.names import Names, distance_km
from sitegen.model.entity import Alias, Location, Record
from sitegen.model.mention import By

KINDS = {"person": "people", "organisation": "organisations", "place": "places"}
NEAR = 161.0
Row = dict[str, Any]


def main() -> None:
    """Print the shares for the sets in the folder named on the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("devsets", type=Path)
    folder = parser.parse_args().devsets
    print("| set | link | right | of | share |\n|---|---|---|---|---|")
    total = Counter[tuple[str, bool]]()
    for name, judged in (("wikigold", by_kind), ("geovirus", by_point), ("lgl-even", by_point)):
        rows = [json.loads(line) for line in (folder / f"{name}.jsonl").read_bytes().splitlines()]
        counts = Counter(judged(rows))
        total += counts
        show(name, counts)
    show("all", total)


def show(name: str, counts: Counter[tuple[str, bool]]) -> None:
    """A line for each sort of link."""
    for sort in sorted({sort for sort, _ in counts}):
        right, of = counts[sort, True], counts[sort, True] + counts[sort, False]
        print(f"| {name} | {sort} | {right} | {of} | {right / of:.3f} |")


def by_kind(rows: Sequence[Row]) -> Iterator[tuple[str, bool]]:
    """Of each link in wikigold its sort, and whether it is right."""
    held: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        here = {(KINDS[m["kind"]], bare(row, m)) for m in row["mentions"]}
        for kind, name in here:
            surname = name.rpartition(" ")[2]
            if kind != "people" or surname != name:
                held[kind, name] |= {surname} if ("people", surname) in here and kind == "people" else set()
    records = [
        (f"{kind}/{number}", Record(name, tuple(map(Alias, sorted(surnames)))))
        for number, ((kind, name), surnames) in enumerate(sorted(held.items()))
    ]
    names = Names.of(records)
    for row in rows:
        for link in find(row["text"], (), (), names, {}).mentions:
            held_by = [m for m in row["mentions"] if m["start"] <= link.start and link.end <= m["end"]]
            kinds = {KINDS[m["kind"]] for m in held_by if len(bare(row, m)) == link.end - link.start}
            yield sort_of(link.by, row["text"][link.start : link.end]), link.record.partition("/")[0] in kinds


def by_point(rows: Sequence[Row]) -> Iterator[tuple[str, bool]]:
    """Of each link in a set of places its sort, and whether it is right. What the gold ignores is left out."""
    points: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for row in rows:
        for mention in filter(is_placed, row["mentions"]):
            at, known = (mention["lat"], mention["lon"]), points[bare(row, mention)]
            if all(distance_km(at, other) > NEAR for other in known):
                known.append(at)
    where = {f"places/{name}/{i}": at for name, found in points.items() for i, at in enumerate(found)}
    names = Names.of((key, Record(key.split("/")[1], location=Location(*at))) for key, at in where.items())
    for row in rows:
        for link in find(row["text"], (), (), names, {}).mentions:
            meant = [m for m in row["mentions"] if m["start"] < link.end and link.start < m["end"]]
            placed = [(m["lat"], m["lon"]) for m in meant if is_placed(m)]
            if placed or not meant:
                right = any(distance_km(at, where[link.record]) <= NEAR for at in placed)
                yield sort_of(link.by, row["text"][link.start : link.end]), right


def is_placed(mention: Row) -> bool:
    """Whether the gold says where it is."""
    return not mention.get("ignore") and mention.get("lat") is not None


def bare(row: Row, mention: Row) -> str:
    """The words of a mention without "the" before and a genitive behind."""
    text: str = row["text"][mention["start"] : mention["end"]]
    return text.removeprefix("the ").removeprefix("The ").removesuffix("'s").removesuffix("’s")


def sort_of(by: By, said: str) -> str:
    """What is told apart."""
    return "by context" if by is By.CONTEXT else "several words" if " " in said else "one word"


if __name__ == "__main__":
    main()
