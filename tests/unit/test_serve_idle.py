"""What the preview does when nobody edits: it makes the search index."""

from __future__ import annotations

import threading
import time

import msgspec
import pytest

from sitegen.build import pipeline, reading
from sitegen.build.memo import Memo
from sitegen.build.run import Mode
from sitegen.build.searching import Indexing
from sitegen.config import load
from sitegen.errors import SiteError
from sitegen.publish.search import pagefind
from sitegen.serve.idle import Idle, index
from tests.support import Collection

needs_pagefind = pytest.mark.skipif(pagefind.program() is None, reason="Pagefind has no wheel for this machine")


def test_work_is_done_once_after_the_last_of_many_pokes_and_told() -> None:
    for quiet in (0.2, 1.0, 5.0):
        done, began, poked = threading.Event(), [], []
        idle = Idle(lambda began=began: not began.append(time.monotonic()), lambda *_: None, quiet=quiet)
        with idle.running(done.set):
            for _ in range(5):
                poked.append(time.monotonic())
                idle.poke()
                time.sleep(0.02)
            assert done.wait(60)
            time.sleep(1.5 * quiet)
        if poked[-1] - poked[0] < quiet / 2:
            break  # else the machine stood still between two of them
    assert len(began) == 1 and began[0] >= poked[-1] + quiet


def test_a_failure_is_told_and_the_next_poke_tries_again() -> None:
    failures: list[SiteError] = []
    again = threading.Semaphore(0)

    def work() -> bool:
        raise SiteError("no")

    def fail(error: SiteError, _: float) -> None:
        failures.append(error)
        again.release()

    idle = Idle(work, fail, quiet=0.01)
    with idle.running(lambda: None):
        for _ in range(2):
            idle.poke()
            assert again.acquire(timeout=60)
    assert [error.message for error in failures] == ["no", "no"]


@needs_pagefind
def test_a_preview_gets_its_index_when_it_is_idle_and_only_then(collection: Collection) -> None:
    config = load(collection.article("a").root).preview()
    mode = Mode(collection.today, search=Indexing.KEPT, preview=True)

    def build() -> str:
        with Memo.at(config.memo) as memo:
            assert pipeline.build(config, memo, mode).ok
        return (config.output / "search/index.html").read_text(encoding="utf-8")

    assert "still to be made" in build() and not (config.output / "pagefind").exists()
    assert index(config, mode)
    assert "<form" in build() and (config.output / "pagefind" / "pagefind.js").is_file()
    assert not index(config, mode)
    collection.article("a", "Other.")
    assert "older than the texts" in build() and index(config, mode) and "older than the texts" not in build()


def test_without_a_search_page_nothing_is_read_and_no_save_waits_for_it(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Read(Exception):
        pass

    def read(*_: object) -> None:
        raise Read

    config = load(collection.article("a").root).preview()
    mode = Mode(collection.today, search=Indexing.KEPT, preview=True)
    monkeypatch.setattr(reading, "read", read)
    assert not index(msgspec.structs.replace(config, theme="plain"), mode)
    with pytest.raises(Read):
        index(msgspec.structs.replace(config, theme="default"), mode)
