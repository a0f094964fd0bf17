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


def test_a_way_within_a_folder_is_what_the_linker_says_however_deep_it_leads() -> None:
    months = [f"/people/{name}/{year}/{month}" for name in "ab" for year in (1871, 1872) for month in ("", "05/", "06/", "06-2/")]
    targets = ["/people/", "/people/c/", *months, "/people/a/1871/05/#p-ab", "/people/a/1871/#top", "/people/a/feed.xml"]
    folders = Folders()
    for page in (*months, *reversed(months), "/people/a/old.html"):
        found = folders.ways(page, _LINKER)
        assert [found[target] for target in targets] == [escape(_LINKER.href(page, target)) for target in targets]


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
