"""The licences of what a site carries. docs/publishing.md tells of them."""

from __future__ import annotations

from importlib.metadata import version

import pytest

from sitegen.fonts import face
from tests.support import Collection


def listed(collection: Collection) -> str:
    collection.build()
    return (collection.site / "licences.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("theme", ["default", "plain"])
def test_every_page_leads_to_the_licences_of_what_the_site_carries(collection: Collection, theme: str) -> None:
    said = listed(collection.write("../sitegen.toml", f'theme = "{theme}"\n').article("a"))
    assert 'href="../../licences.txt"' in collection.page("/articles/a/")
    assert "sitegen" in said and "BSD" in said


def test_what_a_site_does_not_carry_is_not_listed(collection: Collection) -> None:
    said = listed(collection.write("../sitegen.toml", 'theme = "plain"\n').article("a"))
    assert not any(name in said for name in ("Pagefind", "Natural Earth", "GeoNames", "Source Serif"))


def test_data_and_search_are_named_with_their_licences(collection: Collection) -> None:
    collection.article("a", "Paris.").record(
        "places/paris", "Paris", "location: {lat: 48.9, lon: 2.3}\nids: {geonames: 2988507}\n"
    )
    said = listed(collection)
    assert f"Search: Pagefind {version('pagefind-bin')}\n\nMIT\nhttps://pagefind.app\n" in said
    assert "no text of the licence; that comes with the source: https://github.com/pagefind/pagefind" in said
    assert f"Pygments {version('pygments')}\n\nBSD-2-Clause\n" in said
    assert "Outlines of maps: Natural Earth" in said and "public domain" in said
    assert "GeoNames" in said and "creativecommons.org/licenses/by/4.0" in said
    assert "GeoNames" not in listed(collection.record("places/paris", "Paris", "location: {lat: 48.9, lon: 2.3}\n"))


def test_the_reading_face_comes_with_its_licence(collection: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(face, "font", lambda file: b"a font")
    said = listed(collection.write("../sitegen.toml", "fonts = true\n").article("a"))
    assert "SIL OPEN FONT LICENSE" in said.upper()
