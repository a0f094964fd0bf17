"""The demo's pages in a real browser: nothing from elsewhere, nothing broken, nothing too wide, all without JavaScript too."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

ROOT = Path(__file__).parents[2]
# Each template, and each of its forms.
PAGES = {
    "home": "/",
    "articles": "/articles/",
    "year": "/years/1866/",
    "daily-year": "/corners/years/1858/",
    "month": "/corners/years/1858/05/",
    "article": "/articles/a-queens-greeting-takes-sixteen-hours/",
    "noted": "/articles/at-hearts-content-the-atlantic-line-comes-to-stay/",
    "record": "/people/cyrus-field/",
    "record-by-years": "/corners/people/morse/",
    "record-of-a-year": "/corners/people/morse/1859/",
    "suggested": "/corners/people/vail/",
    "places": "/places/",
    "place": "/places/valentia-island/",
    "people": "/people/",
    "kind-by-letters": "/corners/works/",
    "letter": "/corners/works/a-z/letter-a/",
    "timeline": "/timeline/",
    "network": "/network/",
    "tags": "/corners/tags/",
    "tag": "/corners/tags/sea/",
    "page": "/about/",
    "data": "/data/",
    "missing": "/404.html",
    "gone": "/corners/articles/lost/",
    "moved": "/corners/people/samuel-morse/",
    "search": "/search/",
}
each_page = pytest.mark.parametrize("name", PAGES)
SHIFT = """() => new Promise(done => { let sum = 0;
  const watch = new PerformanceObserver(list => list.getEntries().forEach(entry => { sum += entry.value; }));
  watch.observe({type: "layout-shift", buffered: true});
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(sum), 120))); })"""


def test_every_template_is_opened(site) -> None:  # type: ignore[no-untyped-def]
    templates = {path.stem for path in (ROOT / "themes/default/templates").glob("[!_]*.html")} - {"base"}
    named = {"kind": "places", "redirect": "moved", "404": "missing"}
    assert {named.get(template, template) for template in templates} <= PAGES.keys()
    assert all((site / path.lstrip("/") / ("" if path.endswith(".html") else "index.html")).is_file() for path in PAGES.values())


@each_page
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_loads_without_a_fault_moves_nothing_and_passes_axe(visit, name, width, scheme) -> None:  # type: ignore[no-untyped-def]
    """No message, nothing from another host, under the strict policy; one visit for all, as visits are what takes time."""
    page, wrong = visit(PAGES[name], width=width, color_scheme=scheme)
    assert page.evaluate(SHIFT) < 0.02
    violations = Axe().run(page).response["violations"]
    assert [(found["id"], found["nodes"][0]["html"]) for found in violations] == []
    assert not wrong


@each_page
def test_a_page_says_and_links_the_same_without_javascript(visit, name) -> None:  # type: ignore[no-untyped-def]
    """What a script adds are buttons; no link and no paragraph waits for it."""
    shown = "list => list.filter(e => e.checkVisibility()).map(e => e.getAttribute('href') + e.textContent.trim())"
    bare, wrong = visit(PAGES[name], width=390, java_script_enabled=False)
    full, _ = visit(PAGES[name], width=390)
    links = "main :is(a[href], p:not([role=status]), h1, h2, h3, dd, time)"
    without = set(bare.locator(links).evaluate_all(shown))
    assert without and set(full.locator(links).evaluate_all(shown)) <= without and not wrong


@each_page
def test_a_page_is_no_wider_than_a_telephone(visit, name) -> None:  # type: ignore[no-untyped-def]
    page, _ = visit(PAGES[name], width=360)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@each_page
def test_a_page_has_one_heading_of_the_first_rank_and_one_main_part(visit, name) -> None:  # type: ignore[no-untyped-def]
    page, _ = visit(PAGES[name])
    assert (page.locator("h1").count(), page.locator("main").count()) == (1, 1)


@each_page
def test_the_first_key_leads_to_the_content(visit, name) -> None:  # type: ignore[no-untyped-def]
    if name == "moved":
        return  # a page of one link
    page, _ = visit(PAGES[name])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')").startswith("#")


def test_an_article_reads_without_javascript(visit) -> None:  # type: ignore[no-untyped-def]
    page, _ = visit(PAGES["article"], java_script_enabled=False)
    assert "Queen Victoria" in page.locator("main").inner_text()


def test_a_layer_can_be_switched_off_without_javascript(visit) -> None:  # type: ignore[no-untyped-def]
    page, _ = visit(PAGES["article"], java_script_enabled=False)
    link = page.locator("main p a.e.people").first
    before = link.evaluate("e => getComputedStyle(e).textDecorationColor")
    page.locator("input[type=checkbox]").first.uncheck()
    assert link.evaluate("e => getComputedStyle(e).textDecorationColor") != before


def test_a_layer_of_notes_can_be_switched_off_without_javascript(visit) -> None:  # type: ignore[no-untyped-def]
    page, _ = visit(PAGES["noted"], java_script_enabled=False)
    shown = page.locator(".remark.layer-1, .noteref.layer-1")
    assert shown.count() == 4 and shown.first.is_visible() and shown.last.is_visible()
    page.locator("#notes-1").uncheck()
    assert not any(shown.nth(number).is_visible() for number in range(4))
    assert page.locator(".remark.layer-2").is_visible()


def test_passages_are_filtered_by_review_and_by_layer_without_javascript(visit) -> None:  # type: ignore[no-untyped-def]
    page, _ = visit("/corners/people/field/", java_script_enabled=False)
    shown = "list => list.filter(e => e.checkVisibility()).length"
    quotes = page.locator(".mentions .quote")
    every = quotes.evaluate_all(shown)
    assert page.locator("label:has(#only-reviewed) .count").inner_text() == f"1 / {every}"
    page.locator("#only-reviewed").check()
    assert quotes.evaluate_all(shown) == 1 == page.locator(".mentions .quoted > li").evaluate_all(shown)
    page.locator("#only-reviewed").uncheck()
    page.locator("#by-link").uncheck()
    assert quotes.evaluate_all(shown) == every - 1
    page.locator("#by-alias").uncheck()
    assert quotes.evaluate_all(shown) == 0


def test_the_places_named_most_bear_their_names_on_the_map_at_rest(visit) -> None:  # type: ignore[no-untyped-def]
    page, _ = visit(PAGES["places"])
    names = page.locator(".map text").evaluate_all("list => list.filter(e => e.checkVisibility()).map(e => e.firstChild.data)")
    assert {"London", "Atlantic Ocean", "Europe", "Valentia Island"} <= set(names)


def test_a_number_leads_to_its_note_and_the_note_leads_back(visit) -> None:  # type: ignore[no-untyped-def]
    page, _ = visit(PAGES["noted"], java_script_enabled=False)
    page.locator(".noteref a").first.click()
    assert page.locator(".remark:target").count() == 1
    page.locator(".remark:target [role=doc-backlink]").click()
    assert page.locator(".noteref a:target").count() == 1


@pytest.mark.parametrize(("width", "media"), [(1400, "screen"), (700, "print")])
def test_notes_hang_in_the_margin_from_the_top_of_their_paragraph_or_the_note_before(visit, width: int, media: str) -> None:  # type: ignore[no-untyped-def]
    page, _ = visit(PAGES["noted"], width=width)
    page.emulate_media(media=media)
    edges = "r => [r.top, r.bottom, r.left, r.right]"
    notes = page.locator(".remark").evaluate_all(f"list => list.map(e => e.getBoundingClientRect()).map({edges})")
    blocks = page.locator(".passage > p").evaluate_all(f"list => list.map(e => e.getBoundingClientRect()).map({edges})")
    assert all(note[2] > blocks[0][3] for note in notes)
    assert abs(notes[0][0] - blocks[0][0]) < 12
    assert all(above[1] <= below[0] + 1 for above, below in itertools.pairwise(notes))


def test_on_a_narrow_screen_a_note_stands_below_its_paragraph(visit) -> None:  # type: ignore[no-untyped-def]
    page, _ = visit(PAGES["noted"], width=390)
    note, block = page.locator(".remark").first.bounding_box(), page.locator(".passage > p").first.bounding_box()
    assert note["y"] >= block["y"] + block["height"] and note["width"] > 300


def test_a_quote_leads_to_the_very_paragraph(visit) -> None:  # type: ignore[no-untyped-def]
    page, _ = visit(PAGES["record"])
    quote = page.locator("main a[href*='#p-']").first
    with page.expect_navigation():
        quote.click()
    assert page.locator(":target").count() == 1 and "Field" in page.locator(":target").inner_text()


def test_a_place_on_the_map_leads_to_its_page(visit) -> None:  # type: ignore[no-untyped-def]
    page, _ = visit(PAGES["places"])
    pin = page.locator("main svg a[href*='valentia-island']").first
    with page.expect_navigation():
        pin.evaluate("a => a.dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}))")
    assert page.url.endswith("/places/valentia-island/")


def test_margin_glosses_do_not_overlap(visit) -> None:  # type: ignore[no-untyped-def]
    page, _ = visit(PAGES["article"], width=1400)
    boxes = sorted(
        page.locator(".glosses").evaluate_all("list => list.map(e => e.getBoundingClientRect()).map(r => [r.top, r.bottom])")
    )
    assert boxes and all(above[1] <= below[0] + 1 for above, below in itertools.pairwise(boxes))


def test_a_printed_article_has_its_text_and_no_menu(visit) -> None:  # type: ignore[no-untyped-def]
    page, _ = visit(PAGES["article"])
    page.emulate_media(media="print")
    assert page.locator("main p").first.is_visible() and not page.locator("header nav").first.is_visible()
    assert page.locator(".cite p").is_visible() and not page.locator(".cite pre").first.is_visible()


def test_names_have_glosses_beside_the_paragraphs_that_no_note_is_on(visit) -> None:  # type: ignore[no-untyped-def]
    page, _ = visit(PAGES["noted"], width=1400)
    edges = "list => list.filter(e => e.checkVisibility()).map(e => e.getBoundingClientRect()).map(r => [r.top, r.bottom])"
    margin = sorted(page.locator(".glosses, .remark").evaluate_all(edges))
    assert page.locator(".glosses:visible").count() > 2 and page.locator(".passage .glosses:visible").count() == 0
    assert all(above[1] <= below[0] + 1 for above, below in itertools.pairwise(margin))
