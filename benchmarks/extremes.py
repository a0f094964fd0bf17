#!/usr/bin/env python3
"""Build whole sites of what nobody has: an article of 50 MB, 100,000 records, 10,000 names of one, one that is everywhere.

    python extremes.py [--themes plain,default] [--only article,records] [--scratch DIR] [--sitegen "sitegen build"]

Each at a quarter of its size first and then whole: the last column is how many times longer four times as much takes. Peak
memory is that of the largest process; the page is the largest of the site, and in MB.
"""

import argparse
import shlex
import shutil
import sys
import tempfile
from pathlib import Path

from compare import timed

WORDS = "Then Morse met Field in Paris and the cable was laid across the sea to Valentia before the winter came. "


def article(content, share):
    """One article, of 50 MB in all."""
    paragraph = WORDS * 6 + "\n\n"
    put(
        content / "articles" / "long.md",
        "---\ntitle: Long\ndate: 1858-08-16\n---\n" + paragraph * (50_000_000 * share // 100 // len(paragraph)),
    )
    for kind, name in (("people", "Morse"), ("people", "Field"), ("places", "Paris"), ("places", "Valentia")):
        put(content / kind / f"{name.lower()}.md", f"---\nname: {name}\n---\n")


def records(content, share):
    """100,000 records in all, each named once, a hundred an article."""
    for number in range(1000 * share):
        put(content / "people" / f"p{number}.md", f"---\nname: Person {number}\n---\n")
    dated(content, 10 * share, lambda at: " ".join(f"Then came Person {at * 100 + of} by sea." for of in range(100)))


def aliases(content, share):
    """10,000 names of one record in all, and 1,000 articles that use them."""
    listed = "".join(f"- Alias {number}\n" for number in range(100 * share))
    put(content / "people" / "many.md", f"---\nname: Many\naliases:\n{listed}---\n")
    dated(content, 10 * share, lambda at: " ".join(f"Then came Alias {at * 10 + of} by sea." for of in range(10)))


def everywhere(content, share):
    """A record that every other word of 1,000 articles names, 1,000,000 mentions in all."""
    put(content / "people" / "the.md", "---\nname: The Cable\naliases: [the, The]\n---\n")
    dated(content, 10 * share, lambda _: "the sea " * 1000)


SITES = {"article": article, "records": records, "aliases": aliases, "everywhere": everywhere}


def dated(content, count, said):
    """So many articles over a hundred years, each of what is said at its number."""
    for number in range(count):
        head = f"---\ntitle: Article {number}\ndate: {1800 + number % 100}-01-01\n---\n"
        put(content / "articles" / f"a{number}.md", f"{head}{said(number)}\n")


def put(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--themes", default="plain,default")
    options.add_argument("--only", default=",".join(SITES))
    options.add_argument("--scratch", type=Path)
    options.add_argument("--sitegen", default="sitegen build")
    args = options.parse_args()
    heads = ("share", "wall s", "cpu s", "MB", "files", "site MB", "page MB", "growth")
    print(f"{'site':12}{'theme':9}{''.join(f'{head:>10}' for head in heads)}")
    for name in args.only.split(","):
        for theme in args.themes.split(","):
            first = 0.0
            for share in (25, 100):
                room = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=args.scratch))
                put(room / "sitegen.toml", f'title = "Extreme"\nurl = "https://example.org/"\ntheme = "{theme}"\n')
                SITES[name](room / "content", share)
                wall, cpu, memory = timed(shlex.split(args.sitegen), room)
                sizes = {path: path.stat().st_size for path in (room / "site").rglob("*") if path.is_file()}
                page = max(size for path, size in sizes.items() if path.suffix == ".html")
                growth, first = (cpu / first if first else 1.0), first or cpu
                columns = (f"{share}%", f"{wall:.1f}", f"{cpu:.1f}", f"{memory:.0f}", f"{len(sizes):,}")
                columns += (f"{sum(sizes.values()) / 1e6:.1f}", f"{page / 1e6:.2f}", f"{growth:.2f}")
                print(f"{name:12}{theme:9}{''.join(f'{column:>10}' for column in columns)}", flush=True)
                shutil.rmtree(room)


if __name__ == "__main__":
    sys.exit(main())
