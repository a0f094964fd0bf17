"""Who is named with whom: which ties are drawn, where, and when the drawing is made again."""

from __future__ import annotations

import ast
import inspect
from itertools import combinations, pairwise
from math import dist
from pathlib import Path

import pytest

from sitegen.build import networks
from sitegen.model.views import Graph, Neighbour, Node, Tie
from sitegen.relate import springs
from sitegen.relate.network import placed
from tests.support import Collection

RING = [(a, b, 1.0) for a, b in [*pairwise(range(40)), (0, 39)]]
CONFIG = 'title = "Test"\nurl = "https://example.org/"\n'
NAMES = ("Morse", "Field", "Thomson", "Cooke", "Vail")


def graph(nodes: int) -> Graph:
    """A chain of records, every fifth tied to the first as well."""
    ties = [Tie(a, a + 1, 2, 0.5) for a in range(nodes - 1)] + [Tie(0, b, 1, 0.2) for b in range(5, nodes, 5)]
    named = [
        Node(f"Record number {n}", f"/people/{n}/", "people", 1 + 300 // (n + 1), (Neighbour("A", "/people/a/", "people", 1),))
        for n in range(nodes)
    ]
    return Graph(0, 0, tuple(named), tuple(ties))


def test_a_ring_is_laid_out_as_a_ring() -> None:
    places = springs.lay_out(40, RING)
    tied = max(dist(places[a], places[b]) for a, b, _ in RING)
    opposite = min(dist(places[n], places[n + 20]) for n in range(20))
    assert tied < opposite / 3


def test_equal_graphs_are_laid_out_alike_to_the_last_bit() -> None:
    assert springs.lay_out(40, RING) == springs.lay_out(40, list(RING))


def test_the_layout_uses_only_what_every_machine_rounds_alike() -> None:
    tree = ast.parse(inspect.getsource(springs))
    imported = [
        name.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "math" for name in node.names
    ]
    powers = [node for node in ast.walk(tree) if isinstance(node, ast.Pow)]
    assert (imported, powers) == (["sqrt"], []) and not any(isinstance(node, ast.Import) for node in ast.walk(tree))


@pytest.mark.parametrize("nodes", [1, 2, 30, 300])
def test_circles_stand_apart_within_the_drawing(nodes: int) -> None:
    drawn = placed(graph(nodes))
    assert all(dist((a.x, a.y), (b.x, b.y)) > a.r + b.r for a, b in combinations(drawn.nodes, 2))
    assert all(0 <= node.x <= drawn.width and 0 <= node.y <= drawn.height for node in drawn.nodes)


def test_most_of_three_hundred_records_have_their_names_beside_them() -> None:
    shown = [node for node in placed(graph(300)).nodes if node.label and node.tier <= 2]
    assert len(shown) > 150


def test_a_record_keeps_its_strongest_ties() -> None:
    ties = {(0, 1): 0.9, (0, 2): 0.8, (0, 3): 0.1, (2, 3): 0.5}
    assert springs.strongest_of_each(4, ties, 1) == [(0, 1, 0.9), (0, 2, 0.8), (2, 3, 0.5)]


@pytest.fixture
def archive(collection: Collection) -> Collection:
    for name in NAMES:
        collection.record(f"people/{name.lower()}", name)
    for number, (a, b) in enumerate(combinations(NAMES[:4], 2)):
        collection.article(f"a{number}", f"{a} wrote to {b}.")
    return collection.article("alone", "Vail worked.")


def test_the_network_shows_who_is_named_with_whom(archive: Collection) -> None:
    archive.build()
    page = archive.page("/network/")
    assert page.count('class="pin') == 4 and page.count("<path class=") == 6 and "Vail" not in page
    assert 'href="../network/"' in archive.page("/people/")


def test_a_theme_without_the_template_has_no_network(archive: Collection) -> None:
    archive.write("../sitegen.toml", 'title = "T"\ntheme = "plain"\n').build()
    assert not archive.has("/network/")


def test_a_collection_that_names_nobody_together_has_no_network(collection: Collection) -> None:
    collection.record("people/vail", "Vail").article("alone", "Vail worked.").build()
    assert not collection.has("/network/") and "network" not in collection.page("/")


def test_one_article_alone_makes_no_network(collection: Collection) -> None:
    collection.record("people/morse", "Morse").record("people/vail", "Vail").article("a", "Morse met Vail.").build()
    assert not collection.has("/network/")
    assert "/network/" in collection.article("b", "Vail left Morse.").build().rendered


def test_words_that_change_nobody_s_company_leave_the_network_alone(archive: Collection) -> None:
    archive.build()
    assert "/network/" not in archive.article("a0", "Morse wrote at length to Field.").build().rendered


def test_a_new_companion_makes_the_network_again(archive: Collection) -> None:
    archive.build()
    assert "/network/" in archive.article("alone", "Vail worked for Morse.").build().rendered


def test_a_page_may_link_to_the_network(archive: Collection) -> None:
    archive.write("../sitegen.toml", 'title = "T"\nmenu = [{title = "Network", url = "/network/"}]\n')
    assert archive.build().codes == []


def test_no_kind_may_take_the_address(archive: Collection, tmp_path: Path) -> None:
    from sitegen.config import load
    from sitegen.errors import SiteError

    archive.write("../sitegen.toml", '[kinds.network]\nlabel = "N"\n')
    with pytest.raises(SiteError):
        load(archive.root)


def _crowded(collection: Collection, records: int) -> Collection:
    """So many records, each named in two articles, with its neighbours."""
    names = [f"Zed{chr(97 + n // 26 % 26)}{chr(97 + n % 26)}" for n in range(records)]
    for number, name in enumerate(names):
        collection.record(f"people/p{number}", name)
    for number in range(0, records, 5):
        some = ", ".join(names[number : number + 6])
        collection.article(f"a{number}", f"{some}.").article(f"b{number}", f"{some}.")
    return collection


def test_a_network_of_more_records_is_laid_out_by_igraph_always_alike(collection: Collection, tmp_path: Path) -> None:
    pytest.importorskip("igraph", reason="the extra `network` is not installed")
    _crowded(collection.write("../sitegen.toml", CONFIG + "network = 400\n"), 340).build()
    page = collection.page("/network/")
    assert page.count('class="pin') == 340
    collection.clean_build(tmp_path / "again")
    assert (tmp_path / "again/network/index.html").read_text() == page
    collection.write("../sitegen.toml", CONFIG).build()
    assert collection.page("/network/").count('class="pin') <= 300


def test_without_igraph_a_large_network_is_refused_with_a_word(collection: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(networks, "_is_there", lambda: False)
    collection.write("../sitegen.toml", CONFIG + "network = 400\n").record("people/a", "Abe").article("a", "Abe.")
    (issue,) = collection.build().report.issues
    assert (issue.code, issue.span.line) == ("no-igraph", 3) and "sitegen[network]" in issue.help
