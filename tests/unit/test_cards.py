"""The picture a link is shown with: made where it is asked for, the same bytes for the same words."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from sitegen.cards import draw
from sitegen.cards.draw import CardRequest
from tests.support import Collection, files

HEAD = 'title = "T"\nurl = "https://example.org/"\ntheme = "{}"\n'


@pytest.fixture(autouse=True)
def each_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draw, "draw", draw.draw.__wrapped__)  # type: ignore[attr-defined]


def inked(request: CardRequest) -> int:
    """How many pixels of a card are not paper."""
    image = Image.open(io.BytesIO(draw.draw(request))).convert("L")
    assert image.size == (1200, 630)
    return sum(image.histogram()[:128])


def test_a_card_has_its_words_and_its_bars_and_is_small() -> None:
    bare = inked(CardRequest(""))
    titled = inked(CardRequest("The Wired World"))
    assert bare < titled < inked(CardRequest("The Wired World", bars=((1837, 1), (1902, 3))))
    assert len(draw.draw(CardRequest("The Wired World", below="Words. " * 40))) < 60_000


def test_equal_words_are_equal_bytes() -> None:
    request = CardRequest("Title", "above", "below", "foot", ((1858, 2), (1866, 1)))
    assert draw.draw(request) == draw.draw(request)


@pytest.mark.parametrize("title", ["word " * 400, "w" * 4000, "\n\t", "برقية", "Ω Ж é “—”"])
def test_any_title_can_be_drawn(title: str) -> None:
    assert draw.draw(CardRequest(title)).startswith(b"\x89PNG")


def test_a_script_that_the_face_lacks_is_left_out() -> None:
    assert (draw.legible("برقية"), draw.legible("Ж é\n“—”")) == ("", "Ж é “—”")


def test_the_collection_has_a_card_and_each_page_names_it(collection: Collection) -> None:
    collection.write("../sitegen.toml", HEAD.format("default")).article("a").build()
    assert (collection.site / "assets/card.png").read_bytes().startswith(b"\x89PNG")
    assert '<meta property="og:image" content="https://example.org/assets/card.png">' in collection.page("/articles/a/")
    assert not (collection.site / "articles/a/card.png").exists()


def test_articles_have_cards_where_the_configuration_asks(collection: Collection, tmp_path: Path) -> None:
    collection.write("../sitegen.toml", HEAD.format("default")).article("a").article("b").build()
    collection.write("../sitegen.toml", HEAD.format("default") + 'cards = "articles"\n').build()
    assert 'content="https://example.org/articles/a/card.png"' in collection.page("/articles/a/")
    collection.article("a", title="Another")
    assert collection.build().report.ok
    collection.clean_build(tmp_path / "clean")
    assert files(collection.site) == files(tmp_path / "clean")
    assert (collection.site / "articles/a/card.png").read_bytes() != (collection.site / "articles/b/card.png").read_bytes()


@pytest.mark.parametrize("config", [HEAD.format("plain"), HEAD.format("default") + 'cards = "none"\n'])
def test_nothing_is_drawn_where_nobody_looks(collection: Collection, config: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draw, "draw", lambda _: pytest.fail("nobody asked"))
    collection.write("../sitegen.toml", config).article("a").build()
    assert not collection.has("/assets/card.png") and "og:image" not in collection.page("/articles/a/")


def test_without_pillow_a_site_has_no_card_and_is_told_so_where_it_asked(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draw, "missing", lambda: ["pillow"])
    built = collection.write("../sitegen.toml", HEAD.format("default")).article("a").build()
    assert "no-cards" not in built.codes and "og:image" not in collection.page("/articles/a/")
    built = collection.write("../sitegen.toml", HEAD.format("default") + 'cards = "articles"\n').build()
    assert "no-cards" in built.codes and built.report.ok
