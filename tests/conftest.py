from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from sitegen.cards import draw
from tests.support import Collection


@pytest.fixture(scope="session", autouse=True)
def cards_are_drawn_once() -> Iterator[None]:
    """To draw the card of a small site takes longer than to build it: equal ones are drawn once a worker, but in test_cards."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(draw, "draw", lru_cache(maxsize=200)(draw.draw))
        yield


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return Collection(tmp_path)


def pytest_configure() -> None:
    os.environ["SITEGEN_CACHE"] = ""  # nothing that another run left shows in this one
    # Begun in the background, as by nohup, a process and its children do not hear Ctrl-C; some tests send it.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write the golden files anew")
