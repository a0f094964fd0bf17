"""A guard against getting slower: how many function calls an article costs, which no busy machine can blur.

Seconds differ from run to run; calls do not. The figures are those of the day they were written down, on Python 3.11; a
change that costs a fifth more calls fails here, one that saves some may lower them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from sitegen.build.memo import Memo
from sitegen.build.pipeline import build, load_theme
from sitegen.build.pool import Pool
from sitegen.build.reading import read
from sitegen.build.run import Mode, Profile
from sitegen.config import load
from tests.support import TODAY, Collection

ARTICLES = 60
READ, WHOLE, NOTHING = 2510, 4505, 745  # calls an article: read, built from nothing, looked at and left alone
DEFAULT = 7930  # built from nothing with the theme `default`


@pytest.fixture
def archive(collection: Collection) -> Collection:
    for number in range(ARTICLES):
        body = "\n\n".join(
            f"In {1840 + part} the *council* of Valentia met Morse and Cooke, {number} times. The "
            f"[ledger](https://example.org/{part}) names Field; nobody sailed, though Thomson's ship lay "
            f"ready at the quay.\n\n> Quoted from Paris, by Morse."
            for part in range(4)
        )
        collection.article(f"a{number}", f"## The cable\n\n{body}", date=f"{1840 + number % 20}-02-01", more="tags: [sea, war]\n")
    for name in ("Morse", "Field", "Thomson", "Cooke"):
        collection.record(f"people/{name.lower()}", name)
    for name in ("Paris", "Valentia"):
        collection.record(f"places/{name.lower()}", name, "location: {lat: 51, lon: -10}\n")
    return collection.write("../sitegen.toml", 'title = "T"\ntheme = "plain"\n')


def calls(work: Callable[[], object]) -> int:
    """How many functions are called, Python's and C's."""
    count = 0

    def tell(_: FrameType, event: str, __: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(tell)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def test_an_article_costs_no_more_calls_than_it_did(archive: Collection) -> None:
    config = load(archive.root)
    with Memo.none() as memo, Pool.of(1) as pool:  # imports, compiled templates and caches are no article's cost
        build(config, memo, Mode(TODAY), pool)
    with Memo.none() as memo, Pool.of(1) as pool:
        theme = load_theme(config, memo)
        reading = calls(lambda: read(config, theme, memo, Mode(TODAY), pool, Profile())) / ARTICLES
    archive.delete("articles/a0.md").article("a0")
    with Memo.none() as memo, Pool.of(1) as pool:
        whole = calls(lambda: build(config, memo, Mode(TODAY), pool)) / ARTICLES
        nothing = calls(lambda: build(config, memo, Mode(TODAY), pool)) / ARTICLES
    found = {"read": reading / READ, "whole": whole / WHOLE, "nothing": nothing / NOTHING}
    assert all(share < 1.2 for share in found.values()), found


def test_an_article_with_maps_and_citations_costs_no_more_calls_than_it_did(archive: Collection) -> None:
    config = load(archive.write("../sitegen.toml", 'title = "T"\ntheme = "default"\n').root)
    with Memo.none() as memo, Pool.of(1) as pool:
        build(config, memo, Mode(TODAY), pool)
    archive.delete("articles/a0.md").article("a0")
    with Memo.none() as memo, Pool.of(1) as pool:
        whole = calls(lambda: build(config, memo, Mode(TODAY), pool)) / ARTICLES
    assert whole < 1.2 * DEFAULT, whole
