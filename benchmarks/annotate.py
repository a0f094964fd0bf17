#!/usr/bin/env python3
"""Measure the finder against gold sets: how well it finds and places names, how fast, and how soon it begins.

    .venv/bin/python benchmarks/annotate.py path/to/devsets

The folder holds geovirus.jsonl, lgl-even.jsonl and wikigold.jsonl with their scorer, score.py; its README says what they
are. Columns: exact-span F of places; the share of placed mentions within 161 km ("sized": or within the radius of a
circle of the country's area); F of mentions found and placed within 161 km; exact-span F of people and organisations;
megabytes of text a second, the best of three runs, by the clock of this process. The weights were trained on wikigold: its
row says how well they fit, and tools/train_weights.py --check what they do on texts they have not seen.
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

SETS = ("geovirus", "lgl-even", "wikigold")
COLD = """
import time
begun = time.perf_counter()
from sitegen.annotate.mentions import mentions
mentions("The Syrian Democratic Forces (SDF) took Raqqa from Islamic State, said Mark Toner in Washington. " * 40)
print(time.perf_counter() - begun)
"""
ROW = "| {:10} | {:>7} | {:>7} | {:>12} | {:>6} | {:>21} | {:>6} |"


def main() -> None:
    """Print the table for the sets in the folder named on the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("devsets", type=Path)
    folder = parser.parse_args().devsets
    scorer = runpy.run_path(str(folder / "score.py"))
    print(ROW.format("set", "exact F", "acc@161", "acc@161 sized", "pinF", "person+organisation F", "MB/s"))
    print("|---" * 7 + "|")
    for name in SETS:
        lines = (folder / f"{name}.jsonl").read_bytes().splitlines()
        predictions, speed = annotated(lines)
        print(ROW.format(name, *figures(scorer, scorer["read"](folder / f"{name}.jsonl"), predictions), f"{speed:.2f}"))
    print(f"\nCold start, import to the first article: {cold_start():.2f} s")


def annotated(lines: list[bytes]) -> tuple[dict[Any, Any], float]:
    """The mentions of each line's text by id, as the scorer takes them, and megabytes of text a second."""
    size = sum(len(json.loads(line)["text"].encode()) for line in lines)
    found = list(annotate(lines))
    seconds = min(timeit.repeat(lambda: list(annotate(lines)), timer=time.process_time, number=1, repeat=3))
    return {row["id"]: row for row in map(json.loads, found)}, size / seconds / 1e6


def figures(scorer: dict[str, Any], gold: dict[Any, Any], predictions: dict[Any, Any]) -> list[str]:
    """The columns of a set; "" where its gold says nothing."""
    kinds = {mention["kind"] for document in gold.values() for mention in document["mentions"]}
    places = scorer["score_places"](gold, predictions)
    pinned = places["pinF"] > 0
    names = ""
    if "person" in kinds:
        rows = [scorer["score_names"](gold, predictions, kind) for kind in ("person", "organisation")]
        hits, predicted, wanted = (sum(row[key] for row in rows) for key in ("hits", "predicted", "gold"))
        names = f"{scorer['f1'](hits, predicted, wanted):.3f}"
    accuracy = [f"{places[key]:.3f}" if pinned else "" for key in ("acc161", "acc161_sized", "pinF")]
    return [f"{places['F']:.3f}", *accuracy, names]


def cold_start() -> float:
    """Seconds from the import to the end of the first article, in a process of its own: the best of five."""
    runs = [subprocess.run([sys.executable, "-c", COLD], check=True, capture_output=True, text=True) for _ in range(5)]
    return min(float(run.stdout) for run in runs)


if __name__ == "__main__":
    main()
