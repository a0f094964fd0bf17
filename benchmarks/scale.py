#!/usr/bin/env python3
"""Time `sitegen build` at sizes that follow each other, and print what an article costs at each.

    python scale.py [--sizes 10000,100000] [--scratch DIR] [--sitegen "sitegen build"] [--exports]

Rows: cold, no-op, one article edited, the base template edited; with --exports instead: cold, and all files of /data/ on top
of it, with how many bytes they have. A build that is linear costs the same for each article
at every size; shares are that cost as a part of the first size's, by wall and by processor time. Peak memory is that of the
largest process. With sizes like 10000,100000,10000 the last tells how even the machine was meanwhile.
"""

import argparse
import shlex
import shutil
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from compare import HERE, timed, touch

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
    options.add_argument("--sizes", default="10000,100000")
    options.add_argument("--scratch", type=Path)
    options.add_argument("--sitegen", default="sitegen build")
    options.add_argument("--exports", action="store_true")
    args = options.parse_args()
    command = shlex.split(args.sitegen)
    first = {}
    print(f"{'articles':>9} {'':14}{'wall s':>9}{'cpu s':>9}{'MB':>7}{'ms/article':>12}{'share':>8}{'of cpu':>8}")
    for size in map(int, args.sizes.split(",")):
        scratch = Path(tempfile.mkdtemp(prefix="scale-", dir=args.scratch))
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
            costs = [seconds / size * 1000 for seconds in (wall, cpu)]
            shares = [cost / one for cost, one in zip(costs, first.setdefault(row, costs), strict=True)]
            figures = f"{wall:9.2f}{cpu:9.2f}{memory:7.0f}{costs[0]:12.3f}{shares[0]:8.2f}{shares[1]:8.2f}"
            print(f"{size:9,} {row:14}{figures}", flush=True)
        if args.exports:
            sizes = [file.stat().st_size for file in (room / "site" / "data").iterdir()]
            print(f"{size:9,} /data/: {len(sizes)} files, {sum(sizes) / 1e6:,.0f} MB", flush=True)
        shutil.rmtree(scratch)


if __name__ == "__main__":
    main()
