"""Fuzz one target with atheris: `python -m tests.fuzz TARGET SECONDS`. `make fuzz` does so with each.

The corpus grows in .fuzz/TARGET. The first input that breaks a promise at a place of the program, or takes longer than
five seconds, is left in .fuzz/TARGET-found, and the run goes on. Keep it, cut to what matters, in
tests/fixtures/fuzz/TARGET, where `tests/robust/test_fuzzed.py` reads it from then on.
"""

from __future__ import annotations

import hashlib
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import atheris

ROOT = Path(__file__).parents[2]
# Whose branches are new ground: ours, and the readers below us that are written in Python.
OURS = ["sitegen", "markdown", "yaml"]
SLOW = 5.0  # seconds of the processor, for at most 4 KB under instrumentation

with atheris.instrument_imports(include=OURS):
    from tests.fuzz.targets import TARGETS


def seeds(target: str) -> list[bytes]:
    """Real inputs to begin with: our own collection, and the tables of the tests."""
    content = ROOT / "content"
    where = {
        "convert": [*(content / "sources").glob("*.txt"), *(ROOT / "tests/fixtures/convert").rglob("*")],
        "annotate": [*(content / "sources").glob("*.txt"), *(ROOT / "tests/fixtures/annotate").rglob("*")],
        "markup": [*(content / "articles").glob("*.md"), *(ROOT / "tests/fixtures/markup").rglob("*")],
        "notes": [*content.rglob("*.notes.yaml"), *(ROOT / "tests").rglob("*.json*"), *(ROOT / "tests").rglob("*.ann")],
    }.get(target, list(content.rglob("*.md")))
    known = sorted((ROOT / "tests/fixtures/fuzz" / target).glob("*"))
    return [path.read_bytes()[:4096] for path in [*known, *sorted(where)[:300]] if path.is_file()]


def watched(target: Callable[[bytes], None], found: Path) -> Callable[[bytes], None]:
    """The target, with what it finds written down instead of raised."""
    known: set[str] = set()

    def tell(what: str, where: str, data: bytes) -> None:
        if where not in known:
            known.add(where)
            name = hashlib.sha256(where.encode()).hexdigest()[:12]
            (found / name).write_bytes(data)
            print(f"FOUND {name}: {what}", file=sys.stderr, flush=True)

    def run(data: bytes) -> None:
        began = time.process_time()
        try:
            target(data)
        except Exception as error:
            frames = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
            tell(f"{error!r:.300} at {frames[-1]}", f"{type(error)} {frames[-1]}", data)
        if time.process_time() - began > SLOW:
            tell(f"{time.process_time() - began:.1f} s for {len(data)} bytes", "slow", data)

    return run


def main() -> None:
    target, seconds = sys.argv[1], sys.argv[2]
    corpus, found = ROOT / ".fuzz" / target, ROOT / ".fuzz" / f"{target}-found"
    corpus.mkdir(parents=True, exist_ok=True)
    found.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(seeds(target)):
        (corpus / f"seed-{number}").write_bytes(data)
    options = [f"-max_total_time={seconds}", "-max_len=4096", "-timeout=60", "-rss_limit_mb=4096", "-print_final_stats=1"]
    arguments = [sys.argv[0], str(corpus), f"-artifact_prefix={found}/", "-verbosity=0", "-report_slow_units=1000", *options]
    atheris.Setup(arguments, watched(TARGETS[target], found))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
