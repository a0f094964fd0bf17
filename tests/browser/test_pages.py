"""The demo's pages in a real browser: nothing from elsewhere, nothing broken, nothing too wide, all without JavaScript too."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from tests.browser.conftest import faults, visiting

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
SHIFT = """() => new Promise(done => { let sum = 0;
  const watch = new PerformanceObserver(list => list.getEntries().forEach(entry => { sum += entry.value; }));
  watch.observe({type: "layout-shift", buffered: true});
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(sum), 120))); })"""


NARROW, WIDE = [(name, 390) for name in PAGES], [(name, 1280) for name in PAGES]
narrow = pytest.mark.parametrize("opened", NARROW, indirect=True, ids=PAGES)


@pytest.fixture(scope="module", params=[*NARROW, *WIDE], ids=lambda param: f"{param[0]}-{param[1]}")
def opened(request, browser, address):  # type: ignore[no-untyped-def]
    """A page in a window of its own, wide or narrow: one visit for all that is asked of it, as visits are what takes time.

    What went wrong, and how far anything moved as it came. Every test leaves it as it was.
    """
    name, width = request.param
    with visiting(browser, address) as go:
        page, wrong = go(PAGES[name], width=width)
        page.path, page.moved = PAGES[name], page.evaluate(SHIFT)
        yield page, wrong


def test_every_template_is_opened(site) -> None:  # type: ignore[no-untyped-def]
    templates = {path.stem for path in (ROOT / "themes/default/templates").glob("[!_]*.html")} - {"base"}
    named = {"kind": "places", "redirect": "moved", "404": "missing"}
    assert {named.get(template, template) for template in templates} <= PAGES.keys()
    assert all((site / path.lstrip("/") / ("" if path.endswith(".html") else "index.html")).is_file() for path in PAGES.values())


def test_the_first_key_leads_to_the_content(opened) -> None:  # type: ignore[no-untyped-def]
    page, _ = opened
    if page.path == PAGES["moved"]:
        return  # a page of one link
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')").startswith("#")
    page.evaluate("document.activeElement.blur()")


def test_nothing_of_a_page_moves_as_it_comes(opened) -> None:  # type: ignore[no-untyped-def]
    assert opened[0].moved < 0.02


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_passes_axe_without_a_message_and_asks_no_other_host(opened, scheme) -> None:  # type: ignore[no-untyped-def]
    """Under the strict policy that hosts are told to set."""
    page, wrong = opened
    page.emulate_media(color_scheme=scheme)
    found = faults(page)
    page.emulate_media(color_scheme="light")
    assert found == [] and not wrong


def test_a_page_has_one_heading_of_the_first_rank_and_one_main_part(opened) -> None:  # type: ignore[no-untyped-def]
    page, _ = opened
    assert (page.locator("h1").count(), page.locator("main").count()) == (1, 1)


def test_what_is_tapped_is_large_enough(opened) -> None:  # type: ignore[no-untyped-def]
    """Controls and menus: 44 pixels. Links within text are as large as the text, as WCAG 2.5.8 allows."""
    small = opened[0].evaluate(
        """[...document.querySelectorAll("button, summary, label:has(input), .top a, .bottom nav a, .jump a, .counts a")]
           .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML.slice(0, 90))"""
    )
    assert small == []


@narrow
def test_a_page_says_and_links_the_same_without_javascript(opened, visit) -> None:  # type: ignore[no-untyped-def]
    """What a script adds are buttons; no link and no paragraph waits for it."""
    shown = "list => list.filter(e => e.checkVisibility()).map(e => e.getAttribute('href') + e.textContent.trim())"
    full, _ = opened
    bare, wrong = visit(full.path, width=390, java_script_enabled=False)
    links = "main :is(a[href], p:not([role=status]), h1, h2, h3, dd, time)"
    without = set(bare.locator(links).evaluate_all(shown))
    assert without and set(full.locator(links).evaluate_all(shown)) <= without and not wrong


@narrow
def test_a_page_is_no_wider_than_a_telephone(opened) -> None:  # type: ignore[no-untyped-def]
    page, _ = opened
    page.set_viewport_size({"width": 360, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.set_viewport_size({"width": 390, "height": 900})


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


def test_names_have_glosses_behind_the_notes_of_their_paragraph(visit) -> None:  # type: ignore[no-untyped-def]
    page, _ = visit(PAGES["noted"], width=1400)
    edges = "list => list.filter(e => e.checkVisibility()).map(e => e.getBoundingClientRect()).map(r => [r.top, r.bottom])"
    margin = sorted(page.locator(".glosses, .remark").evaluate_all(edges))
    assert page.locator(".glosses:visible").count() == page.locator(".glosses").count() > 2
    assert page.locator(".passage > .remark ~ .glosses:visible").count() > 0
    assert all(above[1] <= below[0] + 1 for above, below in itertools.pairwise(margin))
