#!/usr/bin/env python3
"""Time `sitegen build` at sizes that follow each other, and print what an article costs at each.

    python scale.py [--sizes 10000,100000,10000] [--sitegen "sitegen build"] [--exports]

Rows: cold, no-op, one article edited, the base template edited; with --exports instead: cold, and all files of /data/ on top
of it, with how many bytes they have. A build that is linear costs the same for each article at every size; at the end stands
what an article costs at the largest size as a share of what it costs at the smallest. With the smallest size first and last it
is a share of the mean of both, and they tell how even the machine was meanwhile. Peak memory is that of the largest process.
All is done in memory where there is such a place.
"""

import argparse
import shlex
import shutil
import subprocess
import sys
from collections import defaultdict
from functools import partial
from statistics import mean

from compare import HERE, MEMORY_AN_ARTICLE, a_place, timed, touch, touch_memory

THEMES = HERE.parent / "themes"


def edited(room):
    """Change the template that all pages extend, in a copy of the theme that belongs to the collection."""
    if not (room / "themes" / "plain").is_dir():
        shutil.copytree(THEMES / "plain", room / "themes" / "plain")
    base = room / "themes" / "plain" / "templates" / "base.html"
    base.write_text(base.read_text().replace("</footer>", "<p>Edited.</p></footer>"))


def exporting(room):
    """Ask for every export."""
    config = room / "sitegen.toml"
    config.write_text("exports = true\n" + config.read_text())


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sizes", default="10000,100000,10000")
    options.add_argument("--sitegen", default="sitegen build")
    options.add_argument("--exports", action="store_true")
    args = options.parse_args()
    command = shlex.split(args.sitegen)
    sizes, costs = [int(size) for size in args.sizes.split(",")], defaultdict(list)
    touch_memory(max(sizes) * MEMORY_AN_ARTICLE)
    print(f"{'articles':>9} {'':14}{'wall s':>9}{'cpu s':>9}{'MB':>7}{'ms/article':>12}{'of cpu':>8}")
    for size in sizes:
        scratch = a_place("scale-")
        generate = [sys.executable, HERE / "gen.py", "--n", str(size), "--out", scratch, "--formats", "sitegen"]
        subprocess.run(generate, check=True, stdout=subprocess.DEVNULL)
        room = scratch / "sitegen"
        edits = {"body edit": partial(touch, room, "*.md", 77), "template edit": partial(edited, room)}
        rows = ("no-op", *edits)
        if args.exports:
            edits = {"exports": partial(exporting, room)}
            rows = ("exports",)
        for row in ("cold", *rows):
            edits.get(row, lambda: None)()
            wall, cpu, memory = timed(command, room)
            cost = [seconds / size * 1000 for seconds in (wall, cpu)]
            costs[row, size].append(cost)
            print(f"{size:9,} {row:14}{wall:9.2f}{cpu:9.2f}{memory:7.0f}{cost[0]:12.3f}{cost[1]:8.3f}", flush=True)
        if args.exports:
            written = [file.stat().st_size for file in (room / "site" / "data").iterdir()]
            print(f"{size:9,} /data/: {len(written)} files, {sum(written) / 1e6:,.0f} MB", flush=True)
        shutil.rmtree(scratch)
    print(f"an article at {max(sizes):,} as a share of one at {min(sizes):,}, by wall and by processor time")
    for row in ("cold", *rows):
        large, small = ([mean(both) for both in zip(*costs[row, size], strict=True)] for size in (max(sizes), min(sizes)))
        print(f"          {row:14}{large[0] / small[0]:9.2f}{large[1] / small[1]:9.2f}")


if __name__ == "__main__":
    main()
