"""A newcomer's path in a real browser: a folder of texts, converted, looked at, reviewed by keys, corrected where one reads.

With SITEGEN_PICTURES set to a folder, the pictures of docs/first-review.md are made there.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import faults
from tests.preview import PATIENCE, Serving
from tests.support import REPOSITORY, Collection

TEXTS = ("a-queens-greeting-takes-sixteen-hours", "at-hearts-content-the-line-comes-to-stay", "the-first-atlantic-cable-snaps")
PICTURES = os.environ.get("SITEGEN_PICTURES", "")


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    root = tmp_path_factory.mktemp("newcomer") / "cables"
    collection = Collection(root, 'title = "Cables"\nurl = "https://example.org/"\n')
    (root / "content/sources").mkdir()
    for name in TEXTS:
        shutil.copy(REPOSITORY / "content/sources" / f"{name}.txt", root / "content/sources")
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    subprocess.run([sys.executable, "-m", "sitegen", "convert"], cwd=root, env=environment, check=True, capture_output=True)
    running = Serving(collection)
    yield running
    running.stop()


@pytest.fixture
def tab(serving, browser):  # type: ignore[no-untyped-def]
    """A browser that came with the token; what goes wrong in it fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    wrong: list[str] = []

    def go(address: str = ""):  # type: ignore[no-untyped-def]
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(serving.review)
        if address:
            page.goto(serving.address + address)
        return page

    yield go
    context.close()
    assert not wrong


def picture(page, name: str) -> None:  # type: ignore[no-untyped-def]
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png")


def decisions(serving: Serving) -> list[str]:
    path = serving.collection.content / "decisions.jsonl"
    return [json.loads(line)["decision"] for line in path.read_text().splitlines()] if path.exists() else []


def said(page) -> str:  # type: ignore[no-untyped-def]
    page.wait_for_selector("#said:not(:empty)", timeout=PATIENCE * 1000)
    return page.inner_text("#said")


def ready(page) -> str:  # type: ignore[no-untyped-def]
    page.wait_for_selector("#item h2", timeout=PATIENCE * 1000)
    return page.inner_text("#item h2")


def test_suggestions_are_decided_by_keys_and_taken_back(serving, tab) -> None:  # type: ignore[no-untyped-def]
    page = tab()
    assert "token" not in page.url
    first = ready(page)
    picture(page, "review-queue")
    page.keyboard.press("a")
    assert said(page) == f"accept {first}"
    page.locator(f"#item h2:not(:text-is({json.dumps(first)}))").wait_for(timeout=PATIENCE * 1000)
    before = decisions(serving)
    page.keyboard.press("u")
    page.locator("#said", has_text="taken back").wait_for(timeout=PATIENCE * 1000)
    assert (before[-1], decisions(serving)[-1]) == ("accept", "undo")
    assert ready(page) == first


def test_a_name_is_merged_into_a_record_that_is_found_by_typing(serving, tab) -> None:  # type: ignore[no-untyped-def]
    page = tab()
    ready(page)
    record = page.locator("#waiting button").nth(3).inner_text().split("\n")[0]
    page.keyboard.press("m")
    page.locator("form.ask input").type(record)
    page.locator("[role=option]").first.wait_for(timeout=PATIENCE * 1000)
    picture(page, "review-merge")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert said(page).startswith("merge ")
    page.keyboard.press("u")
    page.locator("#said", has_text="taken back").wait_for(timeout=PATIENCE * 1000)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_review_has_no_fault_that_axe_finds(serving, browser, width, scheme) -> None:  # type: ignore[no-untyped-def]
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.goto(serving.review)
    ready(page)
    page.keyboard.press("n")
    page.locator("form.ask").wait_for()
    found, wide = faults(page), page.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert found == [] and wide <= width


def test_without_its_token_nothing_of_the_review_is_shown(serving, browser) -> None:  # type: ignore[no-untyped-def]
    page = browser.new_page()
    page.goto(serving.address + "/_review")
    assert "needs its token" in page.inner_text("body")
    page.goto(serving.address + f"/articles/{TEXTS[0]}/")
    page.wait_for_timeout(500)
    assert page.locator("sitegen-tools").count() == 0
    page.close()


def annotating(tab):  # type: ignore[no-untyped-def]
    page = tab(f"/articles/{TEXTS[0]}/")
    button = page.locator("sitegen-tools button", has_text="Annotate")
    button.wait_for(timeout=PATIENCE * 1000)
    button.focus()
    page.keyboard.press("Enter")
    return page


def test_a_name_is_corrected_where_one_reads(serving, tab) -> None:  # type: ignore[no-untyped-def]
    page = annotating(tab)
    link = page.locator("main p a[data-record]").first
    words, record = link.inner_text(), link.get_attribute("data-record")
    link.focus()
    page.keyboard.press("Enter")
    panel = page.locator("sitegen-tools [role=dialog]")
    panel.wait_for()
    picture(page, "preview-correct")
    assert faults(page) == []
    page.keyboard.press("Enter")  # “Not this one” has the focus
    gone = f"!document.querySelector('main p a[data-record=\"{record}\"]')?.textContent.includes({json.dumps(words)})"
    page.wait_for_function(gone, timeout=PATIENCE * 1000)
    article = (serving.collection.content / f"articles/{TEXTS[0]}.md").read_text()
    assert f"links: {{{words}: none}}" in article and decisions(serving)[-1] == "not-here"


def test_a_note_is_put_on_marked_words(serving, tab) -> None:  # type: ignore[no-untyped-def]
    page = annotating(tab)
    page.locator(".prose > p").nth(1).evaluate("""p => {
      const text = document.createTreeWalker(p, NodeFilter.SHOW_TEXT).nextNode(), range = document.createRange();
      range.setStart(text, 0);
      range.setEnd(text, 12);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
    }""")
    page.keyboard.press("Alt+Shift+A")
    page.locator("sitegen-tools button", has_text="Note …").click()
    page.locator("sitegen-tools textarea").fill("Which cable was that?")
    picture(page, "preview-note")
    page.locator("sitegen-tools button", has_text="Save the note").click()
    page.locator("sitegen-notice p", has_text="note n1 is in").wait_for(timeout=PATIENCE * 1000)
    assert "Which cable was that?" in (serving.collection.content / f"articles/{TEXTS[0]}.notes.yaml").read_text()


def test_what_stops_a_build_is_shown_over_the_page(serving, tab) -> None:  # type: ignore[no-untyped-def]
    page, path = tab(f"/articles/{TEXTS[0]}/"), f"articles/{TEXTS[0]}.md"
    good = (serving.collection.content / path).read_text()
    serving.collection.write(path, good.replace("title:", "title: [", 1))
    page.wait_for_selector("sitegen-problems", state="attached", timeout=PATIENCE * 1000)
    page.wait_for_timeout(300)
    picture(page, "preview-error")
    serving.collection.write(path, good)
    page.wait_for_selector("sitegen-problems", state="detached", timeout=PATIENCE * 1000)
