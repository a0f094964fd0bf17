"""The search in a real browser, under the policy that is published with the site."""

from __future__ import annotations

import time

import pytest

from sitegen.publish.search import pagefind
from tests.browser.conftest import PATIENCE, faults

pytestmark = pytest.mark.skipif(pagefind.program() is None, reason="Pagefind has no wheel for this machine")


@pytest.fixture
def search(visit):  # type: ignore[no-untyped-def]
    """Open the search page under a query; gives the page once what was asked is answered, and what went wrong."""

    def go(query: str = "", **options):  # type: ignore[no-untyped-def]
        page, wrong = visit(f"/search/{query}", **options)
        page.wait_for_selector(".results li:visible" if query else "fieldset:visible, summary:visible")
        return page, wrong

    return go


def titles(page, group: str) -> list[str]:  # type: ignore[no-untyped-def]
    return page.locator(f"[data-group={group}] h3").all_inner_texts()


def total(page) -> int:  # type: ignore[no-untyped-def]
    until(page, "/[0-9]/.test(document.getElementById('status').textContent)")
    return int(page.locator("#status").inner_text().split()[-1])


def until(page, expression: str) -> None:  # type: ignore[no-untyped-def]
    """Wait until it is true. Not `wait_for_function`, which the site's policy forbids."""
    end = time.monotonic() + PATIENCE / 1000
    while not page.evaluate(expression):
        assert time.monotonic() < end, expression
        page.wait_for_timeout(50)


def test_a_word_is_found_in_articles_and_records(search) -> None:  # type: ignore[no-untyped-def]
    page, wrong = search("?q=gutta-percha")
    page.locator("[data-group=records] li").first.wait_for()
    assert "A Malayan gum takes the wire to sea" in titles(page, "articles")
    assert "Malay peninsula" in titles(page, "records") and not wrong


def test_what_was_found_is_marked_in_its_sentence(search) -> None:  # type: ignore[no-untyped-def]
    page, _ = search("?q=gutta-percha")
    assert page.locator(".results mark").first.inner_text().lower() == "gutta-percha"


def test_a_facet_narrows_to_as_many_results_as_it_says(search) -> None:  # type: ignore[no-untyped-def]
    page, _ = search("?q=cable")
    label = page.locator("[data-facet=people] label", has_text="Cyrus Field")
    promised, before = int(label.locator(".count").inner_text()), total(page)
    label.click()
    page.wait_for_selector(f"#status:text-is('Results: {promised}')")
    assert promised < before and page.url.endswith("?q=cable&people=Cyrus+Field")


def test_two_names_find_what_names_both_and_two_kinds_what_is_of_either(search) -> None:  # type: ignore[no-untyped-def]
    one, _ = search("?people=Cyrus+Field")
    both, _ = search("?people=Cyrus+Field&people=William+Thomson")
    kinds, _ = search("?q=cable&kind=ships&kind=events")
    ships, _ = search("?q=cable&kind=ships")
    assert 0 < total(both) < total(one) and 0 < total(ships) < total(kinds)


def test_the_state_is_in_the_address_and_comes_back_from_it(search) -> None:  # type: ignore[no-untyped-def]
    page, _ = search("?q=cable&people=Cyrus+Field&sort=old")
    assert page.locator("#q").input_value() == "cable" and page.locator("[name=sort]").input_value() == "old"
    assert page.locator("[data-facet=people] input:checked").evaluate("box => box.value") == "Cyrus Field"
    narrowed = total(page)
    page.locator("#clear").click()
    until(page, "!location.search.includes('people')")
    page.go_back()
    page.wait_for_selector(f"#status:text-is('Results: {narrowed}')")
    assert page.url.endswith("?q=cable&people=Cyrus+Field&sort=old")


def test_results_are_ordered_by_date_where_that_is_asked(search) -> None:  # type: ignore[no-untyped-def]
    years = "list => list.map(e => +e.textContent.match(/\\d{4}/)[0])"
    old, _ = search("?q=cable&sort=old")
    new, _ = search("?q=cable&sort=new")
    found = [page.locator("[data-group=articles] .small").evaluate_all(years) for page in (old, new)]
    assert found[0] == sorted(found[0]) and found[1] == sorted(found[1], reverse=True) and found[0] != found[1]


def test_the_slash_opens_the_search_and_arrow_keys_lead_to_the_page_with_the_hits_marked(visit) -> None:  # type: ignore[no-untyped-def]
    page, wrong = visit("/articles/", reduced_motion="reduce")
    with page.expect_navigation():
        page.keyboard.press("/")
    until(page, "document.activeElement.id === 'q'")
    page.keyboard.type("gutta-percha")
    page.wait_for_selector(".results li:visible")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.press("ArrowDown")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    until(page, "CSS.highlights.has('hit')")
    marked = page.evaluate("[...CSS.highlights.get('hit')].map(range => range.toString().toLowerCase())")
    top = page.evaluate("[...CSS.highlights.get('hit')].map(r => r.getBoundingClientRect()).find(r => r.top >= 0)?.top")
    assert set(marked) == {"gutta-percha"} and 0 <= top <= 900 and not wrong


def test_the_slash_is_only_a_slash_in_a_field(search) -> None:  # type: ignore[no-untyped-def]
    page, _ = search()
    page.locator("#q").fill("")
    page.locator("#q").press("/")
    assert page.locator("#q").input_value() == "/"


def test_a_text_in_the_address_is_never_read_as_html(visit) -> None:  # type: ignore[no-untyped-def]
    page, wrong = visit("/search/?q=%3Cimg+src%3Dx%3E&people=%3Cimg+src%3Dx%3E")
    page.wait_for_selector("[data-facet=people] label")
    assert (
        page.locator("main img").count() == 0 and "<img src=x>" in page.locator("[data-facet=people]").inner_text() and not wrong
    )


def test_nothing_that_matches_is_said_aloud(visit) -> None:  # type: ignore[no-untyped-def]
    page, wrong = visit("/search/?q=cable&people=Nobody")
    until(page, "document.getElementById('status').textContent.length > 1")
    assert page.locator("#status").inner_text() == "Nothing found." and page.locator("#status[role=status]").count() and not wrong


def test_without_javascript_the_page_offers_the_indexes(visit) -> None:  # type: ignore[no-untyped-def]
    page, wrong = visit("/search/", java_script_enabled=False)
    assert not page.locator("form").is_visible() and "needs JavaScript" in page.locator("main").inner_text()
    page.locator("a[aria-label='People: F']").click()
    assert page.url.endswith("/people/#letter-f") and not wrong


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_moves_as_results_come_in(browser, address, width) -> None:  # type: ignore[no-untyped-def]
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => list.getEntries().forEach(e => { shift += e.value; }))"
        ".observe({ type: 'layout-shift', buffered: true })"
    )
    page.goto(f"{address}/search/?q=cable")
    page.wait_for_selector(".results li:visible")
    page.wait_for_timeout(300)
    assert page.evaluate("shift") < 0.01
    context.close()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_results_and_facets_have_no_fault_that_axe_finds(search, width, scheme) -> None:  # type: ignore[no-untyped-def]
    page, _ = search("?q=cable&people=Cyrus+Field", width=width, color_scheme=scheme, bypass_csp=True)
    page.locator("details.facets").evaluate("details => { details.open = true; }")
    assert faults(page) == []


def test_a_note_is_found_under_its_layer_and_leads_to_where_it_stands(search) -> None:  # type: ignore[no-untyped-def]
    page, wrong = search("?kind=notes", reduced_motion="reduce")
    link = page.locator("[data-group=notes] h3 a").first
    assert page.locator("[data-facet=layer] label").count() and "#note-" in link.get_attribute("href")
    with page.expect_navigation():
        link.click()
    assert page.locator("aside:target").count() == 1 and not wrong


def test_the_key_that_opens_the_search_can_be_switched_off(visit) -> None:  # type: ignore[no-untyped-def]
    """WCAG 2.1.4: a shortcut of one character can be turned off, and stays off."""
    page, _ = visit("/search/")
    page.locator("#slash-key").uncheck()
    page.goto(page.url.replace("/search/", "/about/"))
    page.keyboard.press("/")
    page.wait_for_timeout(300)
    assert page.url.endswith("/about/") and page.locator("#to-search").get_attribute("aria-keyshortcuts") is None
