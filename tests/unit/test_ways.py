"""The addresses that pages write are the same, whatever is remembered of those of other pages, and that is bounded."""

import pytest
from markupsafe import escape

from sitegen.model.ids import Linker
from sitegen.render import ways
from sitegen.render.ways import Folders

_TARGETS = [f"/{folder}/{name}/" for folder in ("articles", "people", "places") for name in "abcdefgh"]
_LINKER = Linker("https://example.org/")


@pytest.mark.parametrize("kept", [3, 100])
@pytest.mark.parametrize("left", [0, 20, 100])
def test_a_way_is_what_the_linker_says(monkeypatch: pytest.MonkeyPatch, kept: int, left: int) -> None:
    monkeypatch.setattr(ways, "_WAYS_KEPT", kept)
    monkeypatch.setattr(ways, "_WAYS_LEFT", left)
    folders = Folders()
    for page in (*_TARGETS, *_TARGETS, "/404.html", "/"):
        found = folders.ways(page, _LINKER)
        assert [found[target] for target in _TARGETS] == [escape(_LINKER.href(page, target)) for target in _TARGETS]


def test_ways_from_other_folders_are_forgotten_where_they_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ways, "_WAYS_LEFT", 30)
    folders = Folders()
    held = []
    for page in _TARGETS:
        found = folders.ways(page, _LINKER)
        for target in _TARGETS:
            found[target]
        held.append(sum(map(len, folders._ways.values())))
    assert held == [23] * 8 + [46] * 8 + [23] * 8
