"""Pack lists of common words, given names and surnames into sitegen/data/words.bin.

    pip install names==0.3.0; apt-get download wamerican-small
    python tools/pack_words.py wamerican-small_2020.12.07-2_all.deb

Common words: those of SCOWL's smallest lists that are written small. Given names and surnames: the frequent ones of
the United States census of 1990, as the package `names` has them. Same data, same bytes. Licences:
sitegen/data/WORDS.md; layout: sitegen/annotate/words.py, which reads the file.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

TARGET = Path(__file__).parents[1] / "sitegen" / "data" / "words.bin"
WORDS = "usr/share/dict/american-english-small"
GIVEN = ("dist.male.first", "dist.female.first")
MOST_GIVEN = 900  # of each list; those behind are rare, and surnames or words more often
MOST_SURNAMES = 10_000


def main() -> None:
    """Read the Debian package named on the command line and write the packed file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("archive", type=Path, help="wamerican-small_*.deb")
    data = pack(_words(parser.parse_args().archive), _given(), _surnames())
    TARGET.write_bytes(data)
    sys.stdout.write(f"{TARGET}: {len(data):,} bytes\n")


def pack(*lists: set[str]) -> bytes:
    """The file: zlib over the lists, each sorted, a word a line, with an empty line between lists."""
    return zlib.compress("\n\n".join("\n".join(sorted(words)) for words in lists).encode(), 9)


def _words(archive: Path) -> set[str]:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["dpkg-deb", "-x", archive, folder], check=True)
        lines = (Path(folder) / WORDS).read_text(encoding="utf-8").split("\n")
    return {word for word in lines if len(word) > 1 and word.islower() and word.isalpha()}


def _given() -> set[str]:
    return {name for table in GIVEN for name in _census(table, MOST_GIVEN)}


def _surnames() -> set[str]:
    return set(_census("dist.all.last", MOST_SURNAMES))


def _census(table: str, most: int) -> Iterator[str]:
    rows = files("names").joinpath(table).read_text(encoding="utf-8").splitlines()
    for row in rows[:most]:
        yield row.split()[0].lower()


if __name__ == "__main__":
    main()
