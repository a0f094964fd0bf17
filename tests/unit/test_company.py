"""What a record is found with: sentences, neighbours, places near it, small maps."""

from __future__ import annotations

import itertools

import pytest

from sitegen.model.entity import Location, Record, Subject
from sitegen.relate.near import nearest, tiles_around, tiles_of
from tests.support import Collection, files


def place(name: str, lat: float, lon: float) -> Subject:
    record = Record(name, location=Location(lat, lon))
    return Subject(f"places/{name}", "places", f"places/{name}.md", f"/places/{name}/", record)


def names_near(here: Subject, *others: Subject) -> list[str]:
    return [other.record.name for other, _ in nearest(tiles_of([here, *others]), here)]


def test_places_are_near_in_order_of_their_distance() -> None:
    assert names_near(place("a", 0, 0), place("far", 0, 3), place("next", 1, 0), place("other end", 0, 90)) == ["next", "far"]


def test_nearness_crosses_the_antimeridian() -> None:
    assert names_near(place("fiji", -17, 179.9), place("taveuni", -17, -179.9)) == ["taveuni"]


@pytest.mark.parametrize("lon", [-180.0, 180.0])
def test_both_ends_of_the_meridians_lie_in_one_tile(lon: float) -> None:
    assert tiles_around(Location(0, lon))[4] == tiles_around(Location(0, -180.0))[4]


def test_a_tile_is_among_those_around_its_points() -> None:
    for lat, lon in itertools.product((-90, -4, 0, 3.9, 90), (-180, -0.1, 0, 176, 179.9)):
        assert set(tiles_of([place("x", lat, lon)])) <= set(tiles_around(Location(lat, lon)))


@pytest.fixture
def quay(collection: Collection) -> Collection:
    collection.write("../sitegen.toml", 'title = "T"\ntheme = "default"\n')
    collection.article("a", "Morse met Cooke in Paris. Cooke left.\n\nMorse slept. Field sailed with Thomson.", date="1858-01-02")
    collection.article("b", "Thomson wrote to Morse. Field and Morse met Cooke.", date="1859")
    for name in ("Morse", "Cooke", "Field", "Thomson"):
        collection.record(f"people/{name.lower()}", name)
    return collection.record("places/paris", "Paris", "location: {lat: 48.9, lon: 2.3}\n")


def test_a_record_s_page_has_the_sentences_in_which_it_meets_another(quay: Collection) -> None:
    quay.build()
    together = quay.page("/people/morse/").partition('<ul class="together">')[2]
    cooke = together.partition("/cooke/")[2].partition("</li>")[0]
    assert cooke.count("<blockquote") == 2 and "met Cooke in Paris" in cooke and "met Cooke." in cooke
    thomson = together.partition("/thomson/")[2].partition("</li>")[0]
    assert "wrote to" in thomson and "slept" not in together


def test_a_record_s_page_draws_whom_it_is_named_with(quay: Collection) -> None:
    quay.build()
    drawing = quay.page("/people/morse/").partition('<svg class="circle"')[2].partition("</svg>")[0]
    assert drawing.count("<circle") == 5 and drawing.count("<path") > 4


def test_a_person_s_page_has_a_map_of_the_places_named_with_them(quay: Collection) -> None:
    quay.build()
    assert '<figure class="map locator">' in quay.page("/people/morse/")
    assert '<figure class="map locator">' in quay.page("/articles/a/") and "<figure" not in quay.page("/articles/b/")


def test_a_theme_that_shows_none_of_it_has_none_of_it_made(quay: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("nobody asked")

    for name in ("sitegen.relate.company.meetings", "sitegen.relate.company.circle", "sitegen.relate.records.nearest",
                 "sitegen.relate.records.among", "sitegen.relate.articles.among",
                 "sitegen.cite.citation.citation", "sitegen.cite.linked.linked_data"):  # fmt: skip
        monkeypatch.setattr(name, refuse)
    quay.write("../sitegen.toml", 'title = "T"\ntheme = "plain"\n')
    assert quay.build().report.ok


@pytest.mark.parametrize(
    "edit",
    [
        lambda c: c.record("places/lyon", "Lyon", "location: {lat: 45.8, lon: 4.8}\n"),
        lambda c: c.record("places/paris", "Paris", "location: {lat: -33.9, lon: 151.2}\n"),
        lambda c: c.record("people/cooke", "Cooke", "ids: {wikidata: Q5}\n"),
        lambda c: c.record("people/cooke", "Cooke", "location: {lat: 1, lon: 2}\n"),
        lambda c: c.article("b", "Thomson wrote. Field and Morse met Cooke.", date="1859"),
        lambda c: c.article("a", "Morse met Cooke in Paris. Field sailed.", date="1858-01-02"),
        lambda c: c.delete("articles/b.md"),
    ],
)
def test_what_such_pages_show_is_in_their_keys(quay: Collection, edit, tmp_path) -> None:  # type: ignore[no-untyped-def]
    quay.article("c", "From Paris to Lyon.", date="1860").build()
    edit(quay)
    quay.build()
    quay.clean_build(tmp_path / "clean")
    assert files(quay.site) == files(tmp_path / "clean")
