#!/usr/bin/env python3
"""Measure the finder against gold sets: how well it finds and places names, how fast, and how soon it begins.

    .venv/bin/python benchmarks/annotate.py path/to/devsets [--ner en_core_web_sm]

The folder holds geovirus.jsonl, lgl-even.jsonl and wikigold.jsonl with their scorer, score.py; its README says what they
are. Columns: exact-span F of places; the share of placed mentions within 161 km ("sized": or within the radius of a
circle of the country's area); F of mentions found and placed within 161 km; exact-span F of people and organisations;
megabytes of text a second by the clock of the process, the best of three runs, and the first of a process, which reads the
gazetteer and looks up every name for the first time, the best of three such. Below each set: what it must reach and what
it aims at. The weights were trained on wikigold: its row says how well they fit, and tools/train_weights.py --check what
they do on texts they have not seen. Ends with 1 where a figure is less than it must be; speed hangs on the machine, and is
only told.
"""

from __future__ import annotations

import argparse
import json
import runpy
import subprocess
import sys
import time
import timeit
from pathlib import Path
from typing import Any

from sitegen.annotate.jsonl import annotate
from sitegen.annotate.mentions import NONE, Aids
from sitegen.annotate.model import pipeline

NAMES = "names"  # the column of people and organisations
COLUMNS = {"F": "exact F", "acc161": "acc@161", "acc161_sized": "acc@161 sized", "pinF": "pinF", NAMES: "person+organisation F"}
# What each set must reach, and what it aims at; people and organisations with a spaCy pipeline, too.
LIMITS = {
    "geovirus": {"F": (0.88, 0.91), "acc161_sized": (0.92, 0.95), "pinF": (0.72, 0.76)},
    "lgl-even": {"F": (0.78, 0.82), "acc161": (0.85, 0.89), "pinF": (0.70, 0.75)},
    "wikigold": {NAMES: (0.53, 0.60)},
}
WITH_PIPELINE = {NAMES: (0.61, 0.68)}
SPEED, START = 1.0, 0.5  # megabytes a second at least; seconds at most
COLD = """
import time
begun = time.perf_counter()
from sitegen.annotate.mentions import mentions
mentions("The Syrian Democratic Forces (SDF) took Raqqa from Islamic State, said Mark Toner in Washington. " * 40)
print(time.perf_counter() - begun)
"""
FIRST = """
import sys, time
from sitegen.annotate.jsonl import annotate
lines = open(sys.argv[1], "rb").read().splitlines()
begun = time.process_time()
list(annotate(lines))
print(time.process_time() - begun)
"""
ROW = "| {:10} | {:>9} | {:>9} | {:>13} | {:>9} | {:>21} | {:>6} | {:>10} |"


def main() -> int:
    """Print the table for the sets in the folder named on the command line; 1 where one is not what it must be."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("devsets", type=Path)
    parser.add_argument("--ner", default="", metavar="PIPELINE", help="a spaCy pipeline to ask, by its name or folder")
    options = parser.parse_args()
    scorer = runpy.run_path(str(options.devsets / "score.py"))
    aids = Aids(None, pipeline(options.ner)) if options.ner else NONE
    print(ROW.format("set", *COLUMNS.values(), "MB/s", "first MB/s"))
    print("|---" * 8 + "|")
    short: dict[str, list[str]] = {"must": [], "aim": []}
    for name, limits in LIMITS.items():
        path = options.devsets / f"{name}.jsonl"
        wanted = limits | WITH_PIPELINE if options.ner and NAMES in limits else limits
        predictions, speed = annotated(path.read_bytes().splitlines(), aids)
        found = figures(scorer, scorer["read"](path), predictions)
        first = "" if options.ner else f"{size_of(path) / least(FIRST, path) / 1e6:.2f}"
        shown = [f"{found[column]:.3f}" if column in found else "" for column in COLUMNS]
        print(ROW.format(name, *shown, f"{speed:.2f}", first))
        bounds = [" / ".join(f"{limit:.2f}" for limit in wanted.get(column, ())) for column in COLUMNS]
        print(ROW.format("must / aim", *bounds, "" if options.ner else f"{SPEED:.2f}", ""))
        for word, limit in (("must", 0), ("aim", 1)):
            short[word] += [f"{name} {COLUMNS[key]}" for key, both in wanted.items() if found[key] < both[limit]]
    print(f"\nCold start, import to the first article: {least(COLD):.2f} s (must be at most {START} s)")
    for word, missed in short.items():
        print(f"{word}: {'all met' if not missed else 'not met: ' + ', '.join(missed)}")
    return 1 if short["must"] else 0


def size_of(path: Path) -> int:
    """The bytes of all texts of a set."""
    return sum(len(json.loads(line)["text"].encode()) for line in path.read_bytes().splitlines())


def annotated(lines: list[bytes], aids: Aids) -> tuple[dict[Any, Any], float]:
    """The mentions of each line's text by id, as the scorer takes them, and megabytes of text a second."""
    size = sum(len(json.loads(line)["text"].encode()) for line in lines)
    found = list(annotate(lines, aids=aids))
    runs = 1 if aids.pipeline else 3
    seconds = min(timeit.repeat(lambda: list(annotate(lines, aids=aids)), timer=time.process_time, number=1, repeat=runs))
    return {row["id"]: row for row in map(json.loads, found)}, size / seconds / 1e6


def figures(scorer: dict[str, Any], gold: dict[Any, Any], predictions: dict[Any, Any]) -> dict[str, float]:
    """The columns of a set; none where its gold says nothing."""
    kinds = {mention["kind"] for document in gold.values() for mention in document["mentions"]}
    places = scorer["score_places"](gold, predictions)
    found = {"F": places["F"]}
    if places["pinF"] > 0:
        found |= {key: places[key] for key in ("acc161", "acc161_sized", "pinF")}
    if "person" in kinds:
        rows = [scorer["score_names"](gold, predictions, kind) for kind in ("person", "organisation")]
        hits, predicted, wanted = (sum(row[key] for row in rows) for key in ("hits", "predicted", "gold"))
        found[NAMES] = scorer["f1"](hits, predicted, wanted)
    return found


def least(program: str, *arguments: Path, runs: int = 3) -> float:
    """The least seconds that a program says it took, each time in a process of its own."""
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return min(float(subprocess.run(command, check=True, capture_output=True, text=True).stdout) for _ in range(runs))


if __name__ == "__main__":
    sys.exit(main())
