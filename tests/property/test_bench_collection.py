"""The generated collection of the benchmarks: the share of the fast path on it, and its builds after many edits."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sitegen.build.explain import verify
from sitegen.build.memo import Memo
from sitegen.build.pipeline import build
from sitegen.build.pool import Pool
from sitegen.build.run import Mode
from sitegen.config import load
from sitegen.markup.fast import fast
from sitegen.markup.markdown import convert
from sitegen.model import frontmatter
from tests.support import REPOSITORY, TODAY


def generated(folder: Path, articles: int) -> Path:
    """A collection of the generator's."""
    command = [
        sys.executable,
        REPOSITORY / "benchmarks" / "gen.py",
        "--n",
        str(articles),
        "--out",
        folder,
        "--formats",
        "sitegen",
    ]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return folder / "sitegen"


@pytest.fixture(scope="module")
def bodies(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    root = generated(tmp_path_factory.mktemp("bench"), 200)
    files = sorted((root / "content" / "articles").glob("*.md"))
    return [frontmatter.read(file.read_text(encoding="utf-8"), file.name).body for file in files]


def test_the_fast_path_reads_the_whole_collection(bodies: list[str]) -> None:
    assert [body[:60] for body in bodies if fast(body) is None] == []


def test_it_reads_it_as_python_markdown_does(bodies: list[str]) -> None:
    for body in bodies[:60]:
        found = fast(body)
        assert found and found.html == convert(body)[0]


def edits(root: Path, count: int, chance: random.Random) -> Iterator[None]:
    """Random edits of a generated collection; after each, what it was is kept in no memory but the disk's."""
    content = root / "content"
    for _ in range(count):
        articles = sorted((content / "articles").glob("*.md"))
        records = sorted((content / "people").glob("*.md")) + sorted((content / "places").glob("*.md"))
        article, other, record = chance.choice(articles), chance.choice(articles), chance.choice(records)
        text = article.read_text(encoding="utf-8")
        name = record.read_text(encoding="utf-8").split("name: ")[1].split("\n")[0]
        match chance.randrange(7):
            case 0:
                article.write_text(text.replace("\n---\n\n", f"\n---\n\n{name} said so.\n\n", 1), encoding="utf-8")
            case 1:
                article.write_text(text.replace('title: "', 'title: "Again: ', 1), encoding="utf-8")
            case 2:
                article.unlink()
            case 3:
                article.write_text(text + f"\n\nSee [that]({other.name}).\n" * (other != article), encoding="utf-8")
            case 4:
                record.write_text(f"---\nname: {name}\naliases: [{chance.choice(['Harbour', 'Ledger', name.upper()])}]\n---\n")
            case 5:
                record.unlink()
            case 6:
                article.rename(article.with_name(f"moved-{chance.randrange(10**6)}.md"))
        yield


@pytest.mark.parametrize(
    ("articles", "count", "step"), [(60, 24, 4), pytest.param(1000, 200, 10, marks=pytest.mark.soak)], ids=["short", "long"]
)
def test_after_random_edits_verify_finds_nothing(tmp_path: Path, articles: int, count: int, step: int) -> None:
    root = generated(tmp_path, articles)
    config, built = load(root), 0
    for number, _ in enumerate(edits(root, count, random.Random(7)), 1):
        if number % step:
            continue
        with Memo.at(config.memo) as memo, Pool.of(2) as pool:
            if build(config, memo, Mode(TODAY), pool).ok:  # a link may have lost its article
                built += 1
                assert verify(config, memo, Mode(TODAY), pool) == []
    assert built
