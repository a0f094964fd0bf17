"""Time the making of a search index: what is entered, and what Pagefind takes for it.

    python benchmarks/search.py [--n 1000]

The collection is that of gen.py, built with the theme `default` and without search before the clock starts.
"""

from __future__ import annotations

import argparse
import datetime as dt
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sitegen.build import pipeline, reading, searching
from sitegen.build.memo import Memo
from sitegen.build.pool import Pool
from sitegen.build.run import Mode
from sitegen.config import load
from sitegen.publish.search import pagefind
from sitegen.publish.search.settled import settled

HERE = Path(__file__).parent


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--n", type=int, default=1000)
    args = options.parse_args()
    program = pagefind.program()
    assert program, "Pagefind is not installed"
    with tempfile.TemporaryDirectory() as scratch, Memo.none() as memo, Pool.of(0) as pool:
        subprocess.run(
            [sys.executable, HERE / "gen.py", "--n", str(args.n), "--out", scratch, "--formats", "sitegen"], check=True
        )
        settings = Path(scratch, "sitegen", "sitegen.toml")
        settings.write_text(settings.read_text().replace('theme = "plain"', 'theme = "default"'))
        config = load(settings.parent)
        theme = pipeline.load_theme(config, memo)
        content = reading.read(config, theme, memo, Mode(dt.date.today()), pool)
        times = [time.perf_counter()]
        entries = searching._entries(config, content, theme, memo)
        times.append(time.perf_counter())
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        made = pagefind.index(program, entries)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(time.perf_counter())
        files = settled(made)
        times.append(time.perf_counter())
    worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"{args.n:,} articles, {len(entries):,} entries of {sum(len(e.content) for e in entries) / 1e6:.1f} MB of text")
    print(f"entries {times[1] - times[0]:.2f} s, Pagefind {times[2] - times[1]:.1f} s ({worked:.1f} s of a processor), "
          f"put in order {times[3] - times[2]:.2f} s")  # fmt: skip
    print(f"{len(files):,} files, {sum(map(len, files.values())) / 1e6:.1f} MB; Pagefind's memory {after.ru_maxrss // 1024:,} MB")


if __name__ == "__main__":
    main()
