"""What helps a reader: cards over names, numbers of paragraphs, citations, pages fetched ahead; and what a page may weigh."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import html5lib
import pytest

from tests.browser.test_pages import PAGES
from tests.support import demo

ARTICLE = PAGES["article"]
each_page = pytest.mark.parametrize("name", PAGES)


def test_a_card_opens_over_a_name_stays_under_the_pointer_and_closes_on_escape(visit) -> None:  # type: ignore[no-untyped-def]
    page, wrong = visit(ARTICLE)
    page.locator(".prose a.e.people").first.hover()
    card = page.locator("#hover-card:popover-open")
    card.wait_for()
    assert "article" in card.inner_text()
    assert card.evaluate("e => e.offsetWidth / parseFloat(getComputedStyle(document.documentElement).fontSize)") <= 19
    card.hover()
    page.wait_for_timeout(400)
    assert card.count() == 1
    page.keyboard.press("Escape")
    assert card.count() == 0 and not wrong


def test_a_card_opens_on_a_name_that_the_keyboard_reaches(visit) -> None:  # type: ignore[no-untyped-def]
    page, _ = visit(ARTICLE)
    page.locator(".tools input").last.focus()
    page.keyboard.press("Tab")
    page.locator("#hover-card:popover-open").wait_for()
    assert page.evaluate("document.activeElement.getAttribute('aria-describedby')") == "hover-card"


def test_a_layer_stays_off_on_the_next_page(visit) -> None:  # type: ignore[no-untyped-def]
    page, _ = visit(ARTICLE)
    page.locator("#layer-people").uncheck()
    page.reload()
    assert not page.locator("#layer-people").is_checked()


def test_a_paragraph_s_number_leads_to_it_and_copies_a_citation_of_it(visit) -> None:  # type: ignore[no-untyped-def]
    page, wrong = visit(ARTICLE, permissions=["clipboard-read", "clipboard-write"])
    number = page.locator("a.number").nth(2)
    number.click()
    page.locator(".said:not(:empty)").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert re.search(r"takes sixteen hours\. .* ¶ 3\. https://\S+#p-\w+$", copied)
    assert page.locator(":target").evaluate("e => '#' + e.id") == number.get_attribute("href") and not wrong


@pytest.mark.parametrize("below", ["corners", "plain"])
def test_an_address_that_moved_leads_on_to_the_paragraph_that_was_asked_for(below: str, visit) -> None:  # type: ignore[no-untyped-def]
    page, _ = visit(f"/{below}/articles/moved/#p-1a2b3c")
    page.wait_for_url(f"**/{below}/articles/works/#p-1a2b3c")
    assert page.locator("h1").inner_text() == "works"
    # A browser lets a refresh drop the paragraph: what a script is for, and what is left without one.
    page, _ = visit(f"/{below}/articles/moved/#p-1a2b3c", java_script_enabled=False)
    page.wait_for_url(f"**/{below}/articles/works/")
    assert page.locator("h1").inner_text() == "works"


def test_a_link_to_the_citation_opens_it_without_javascript(visit) -> None:  # type: ignore[no-untyped-def]
    page, _ = visit(ARTICLE, java_script_enabled=False)
    page.locator("a[href='#sec-cite']").click()
    assert page.locator("#sec-cite").is_visible() and "@misc{" in page.locator("#sec-cite").inner_text()


def test_a_citation_is_copied_and_saved(visit) -> None:  # type: ignore[no-untyped-def]
    page, wrong = visit(PAGES["record"], permissions=["clipboard-read", "clipboard-write"])
    page.locator(".cite summary").click()
    page.locator(".cite button").first.click()
    page.locator(".said:not(:empty)").wait_for()
    assert "Cyrus Field" in page.evaluate("navigator.clipboard.readText()")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save: RIS").click()
    assert download.value.suggested_filename == "cyrus-field.ris"
    assert Path(download.value.path()).read_text().startswith("TY  - ") and not wrong


def test_a_page_that_is_pointed_at_is_fetched_ahead(visit) -> None:  # type: ignore[no-untyped-def]
    page, wrong = visit(PAGES["home"])
    with page.expect_request(lambda request: request.url.endswith("/articles/") and request.resource_type != "document"):
        page.locator(".top a[href$='articles/']").hover()
    page.wait_for_timeout(200)
    assert not wrong


def test_sentences_in_which_two_meet_open_under_their_name(visit) -> None:  # type: ignore[no-untyped-def]
    page, _ = visit(PAGES["record"], java_script_enabled=False)
    first = page.locator(".together details").first
    first.locator("summary").click()
    assert first.locator("mark").first.is_visible()


@each_page
def test_every_page_s_data_can_be_read(site: Path, name: str) -> None:
    if name in ("missing", "gone", "moved"):
        return
    html = (site / PAGES[name].lstrip("/") / "index.html").read_text(encoding="utf-8")
    (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    assert json.loads(script)["@context"] == "https://schema.org"


def test_every_page_is_html_without_a_fault(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 300
    for path in pages[::7]:
        parser = html5lib.HTMLParser()
        parser.parse(path.read_text(encoding="utf-8"))
        assert parser.errors == [], path


def weight(site: Path, html: str, *, scripts: bool) -> int:
    """What a browser fetches before it can show a page, in bytes as they are sent: the page, its style sheets, its font."""
    text = (site / html).read_text(encoding="utf-8")
    wanted = re.findall(r'<link rel="(?:stylesheet|preload)" href="([^"]+)"', text)
    wanted += re.findall(r'<script src="([^"]+)"', text) if scripts else []
    files = [site / html, *((site / html).parent / href for href in wanted)]
    return sum(len(file.read_bytes() if file.suffix == ".woff2" else gzip.compress(file.read_bytes(), 6)) for file in files)


def test_every_article_s_critical_path_with_its_font_is_light(tmp_path: Path) -> None:
    for module in ("fontTools", "brotli", "fontpkg_source_serif_4"):
        pytest.importorskip(module)
    site = demo(tmp_path, fonts=True).site
    articles = [f"articles/{path.parent.name}/index.html" for path in site.glob("articles/*/index.html")]
    assert len(articles) > 20 and all(".woff2" in (site / article).read_text(encoding="utf-8") for article in articles)
    heavy = {article: size for article in articles if (size := weight(site, article, scripts=True)) > 50_000}
    assert heavy == {}


def test_an_article_s_own_scripts_are_light(site: Path) -> None:
    text = (site / ARTICLE.lstrip("/") / "index.html").read_text(encoding="utf-8")
    scripts = [site / ARTICLE.lstrip("/") / source for source in re.findall(r'<script src="([^"]+)"', text)]
    assert scripts and sum(len(gzip.compress(path.read_bytes())) for path in scripts) <= 5_000


def test_the_map_of_two_hundred_places_is_light(site: Path) -> None:
    assert (site / "places/index.html").read_text().count('class="pin') >= 200
    assert weight(site, "places/index.html", scripts=True) <= 100_000
