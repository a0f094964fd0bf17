"""How pages are set: measure, margin, lines under names, motion; and what home, an article's foot and its head hold."""

from __future__ import annotations

import json
import re
from pathlib import Path

from sitegen.publish.targets import HEADERS, TARGETS, written
from tests.browser.test_pages import PAGES

ARTICLE = PAGES["article"]
REM = 16  # pixels


def test_a_text_is_34_of_its_ems_wide_and_larger_on_a_wide_screen(visit) -> None:  # type: ignore[no-untyped-def]
    page, _ = visit(ARTICLE, width=1400)
    size = "e => parseFloat(getComputedStyle(e).fontSize)"
    wide = page.locator(".prose").evaluate(size)
    assert abs(page.locator(".prose").evaluate("e => e.getBoundingClientRect().width") / wide - 34) < 0.1
    assert page.locator("h1").evaluate("e => getComputedStyle(e).textWrapStyle || getComputedStyle(e).textWrap") == "balance"
    page.set_viewport_size({"width": 390, "height": 900})
    assert page.locator(".prose").evaluate(size) < wide


def test_glosses_stand_in_the_margin_from_66_rem_on_and_the_list_says_the_same_at_any_width(visit) -> None:  # type: ignore[no-untyped-def]
    page, _ = visit(ARTICLE, width=66 * REM)
    text, glosses = page.locator(".prose").bounding_box(), page.locator(".glosses")
    assert glosses.count() > 3
    assert all(glosses.nth(at).bounding_box()["x"] > text["x"] + text["width"] for at in range(glosses.count()))
    page.set_viewport_size({"width": 66 * REM - 1, "height": 900})
    assert not any(glosses.nth(at).is_visible() for at in range(glosses.count()))
    assert page.locator(".named").is_visible()
    assert set(page.locator(".gloss b").all_text_contents()) == set(page.locator(".named a.e").all_text_contents())


def test_each_kind_has_a_line_of_its_own_besides_its_colour(visit) -> None:  # type: ignore[no-untyped-def]
    page, _ = visit("/")
    line = "e => { const s = getComputedStyle(e); return s.textDecorationStyle + s.textDecorationThickness; }"
    kinds = ("people", "organisations", "places", "events", "works", "ships")
    assert len({page.locator(f"main a.e.{kind}").first.evaluate(line) for kind in kinds}) == len(kinds)


def test_an_article_has_its_day_its_place_a_map_and_articles_that_name_the_same(visit) -> None:  # type: ignore[no-untyped-def]
    page, _ = visit(PAGES["noted"], java_script_enabled=False)
    assert re.fullmatch(r"27 July 1866 · .+, Newfoundland", page.locator(".kicker").inner_text())
    assert {"Original text", "Markdown", "Cite"} <= set(page.locator(".meta a").all_text_contents())
    assert page.locator(".where svg .pin").count() > 2
    shared = page.locator("[aria-labelledby=sec-related] p.small").all_inner_texts()
    assert len(shared) > 2 and all(said.startswith("Both name ") for said in shared)
    assert page.locator("[aria-labelledby=sec-related] p.small a").count() > 4


def test_home_tells_what_it_is_how_much_when_what_is_new_and_who_and_where(visit) -> None:  # type: ignore[no-untyped-def]
    page, _ = visit("/", java_script_enabled=False)
    assert page.locator(".lede").inner_text().startswith("How the world was joined by telegraph")
    assert "28 articles" in " ".join(page.locator(".counts").inner_text().split())
    assert page.locator(".bars a .bar").count() > 10 and page.locator(".newest .card").count() == 5
    assert page.locator(".most a.e.people").count() == page.locator(".most a.e.places").count() == 8
    assert page.locator(".map .pin").count() > 100


def test_nothing_glides_for_readers_who_want_less_motion(visit) -> None:  # type: ignore[no-untyped-def]
    moves = """() => [getComputedStyle(document.documentElement).scrollBehavior,
      [...document.styleSheets].flatMap(sheet => [...sheet.cssRules])
        .filter(rule => rule.media && matchMedia(rule.media.mediaText).matches)
        .flatMap(rule => [...rule.cssRules]).filter(rule => rule.cssText.startsWith('@view-transition')).length]"""
    page, _ = visit("/about/")
    assert page.evaluate(moves) == ["smooth", 1]
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(moves) == ["auto", 0]
    assert page.evaluate("""[...document.styleSheets].flatMap(sheet => [...sheet.cssRules])
        .every(rule => !rule.cssText.startsWith('@view-transition'))""")


def test_what_the_keyboard_reaches_is_ringed(visit) -> None:  # type: ignore[no-untyped-def]
    page, _ = visit("/about/")
    for _ in range(6):
        page.keyboard.press("Tab")
        ring = page.evaluate("(s => [s.outlineStyle, parseFloat(s.outlineWidth)])(getComputedStyle(document.activeElement))")
        assert ring == ["solid", 3]


def test_other_programs_read_what_an_article_is(site: Path) -> None:
    """Zotero and Scholar, those that show a link with its picture, and those that read where a page lies."""
    html = (site / ARTICLE.lstrip("/") / "index.html").read_text(encoding="utf-8")
    said = dict(re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', html))
    assert said["citation_title"] == said["og:title"] == "A queen’s greeting takes sixteen hours"
    assert said["citation_publication_date"] == "1858/08/16" and said["citation_language"] == "en"
    assert said["citation_public_url"] == said["og:url"] and said["og:type"] == "article"
    assert said["og:image"].endswith(".png") and said["twitter:card"] == "summary_large_image"
    (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    kinds = {node["@type"]: node for node in json.loads(script)["@graph"]}
    assert {"NewsArticle", "BreadcrumbList"} <= kinds.keys() and len(kinds["NewsArticle"]["mentions"]) > 5


def test_browsers_are_told_which_pages_to_fetch_ahead(site: Path) -> None:
    headers = written(TARGETS["netlify"], "https://example.org/", [], speculation="/assets/speculation.json")[HEADERS].decode()
    assert 'Speculation-Rules: "/assets/speculation.json"' in headers and "application/speculationrules+json" in headers
    (rule,) = json.loads((site / "assets/speculation.json").read_text())["prefetch"]
    assert rule["where"]
