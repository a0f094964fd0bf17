"""Right to left, and the reading face, in a real browser."""

from __future__ import annotations

import functools
import gzip
import http.server
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import _Quiet, faults
from tests.support import Collection

ARABIC = Path(__file__).parents[1] / "fixtures" / "arabic"
SHIFTS = """() => new Promise(done => { let sum = 0;
  const watch = new PerformanceObserver(list => list.getEntries().forEach(e => { sum += e.value; }));
  watch.observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 600); })"""
PAGES = ["/", "/articles/", "/articles/first-message/", "/people/morse/", "/places/", "/places/london/"]


def built(root: Path, config: str, lang: str) -> Collection:
    """The Arabic texts in an interface of another language, which they then have to say."""
    shutil.copytree(ARABIC / "content", root / "content")
    for file in (root / "content").rglob("*.md"):
        text = file.read_text(encoding="utf-8")
        if lang != "ar" and "\nlang:" not in text:
            file.write_text(text.replace("---\n", "---\nlang: ar\n", 1), encoding="utf-8")
    collection = Collection(root, config)
    report = collection.build().report
    assert report.ok, "\n".join(map(str, report.issues))
    return collection


@pytest.fixture(scope="module")
def serve() -> Iterator[Callable[[Path], str]]:
    servers = []

    def start(folder: Path) -> str:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def arabic(tmp_path_factory, serve) -> str:  # type: ignore[no-untyped-def]
    root = tmp_path_factory.mktemp("arabic")
    return serve(built(root, (ARABIC / "sitegen.toml").read_text(encoding="utf-8"), "ar").site)


@pytest.fixture(scope="module")
def english(tmp_path_factory) -> Collection:  # type: ignore[no-untyped-def]
    pytest.importorskip("fontTools")
    root = tmp_path_factory.mktemp("english")
    return built(root, 'title = "The Wired World"\nurl = "https://example.org/"\nfonts = true\n', "en")


@pytest.fixture(scope="module")
def mixed(english, serve) -> str:  # type: ignore[no-untyped-def]
    return serve(english.site)


@pytest.fixture
def visit(browser) -> Iterator[Callable[..., object]]:  # type: ignore[no-untyped-def]
    contexts = []

    def go(address: str, *, width: int = 1280, **options):  # type: ignore[no-untyped-def]
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}, **options))
        page = contexts[-1].new_page()
        page.asked, page.complaints = [], []
        page.on("console", lambda message: page.complaints.append(message.text) if message.type in ("error", "warning") else None)
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(address, wait_until="load")
        return page

    yield go
    for context in contexts:
        context.close()


def left(page, selector: str) -> float:  # type: ignore[no-untyped-def]
    return page.locator(selector).first.evaluate("e => e.getBoundingClientRect().left")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [1280, 390])
def test_an_arabic_page_has_no_fault_that_axe_finds_and_is_no_wider_than_its_window(visit, arabic, path, width) -> None:  # type: ignore[no-untyped-def]
    page = visit(arabic + path, width=width, bypass_csp=True)
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_an_arabic_interface_is_mirrored(visit, arabic) -> None:  # type: ignore[no-untyped-def]
    page = visit(arabic + "/articles/first-message/")
    assert left(page, ".brand") > left(page, ".top nav")
    assert left(page, ".glosses") < left(page, ".prose > p")


def test_time_runs_from_right_to_left_in_an_arabic_interface_and_lists_have_its_comma(visit, arabic) -> None:  # type: ignore[no-untyped-def]
    page = visit(arabic + "/articles/")
    found = page.locator(".bars .bar").evaluate_all("list => list.map(e => e.getBoundingClientRect().left)")
    years = page.locator(".bars .tick").evaluate_all("list => list.map(e => e.getBoundingClientRect().left)")
    assert len(found) == 2 and len(years) > 2 and found == sorted(found, reverse=True) and years == sorted(years, reverse=True)
    assert "، 1844" in page.locator(".lede").inner_text()


def test_labels_of_a_map_stand_where_they_were_laid_out_in_either_direction(visit, arabic, mixed) -> None:  # type: ignore[no-untyped-def]
    places = []
    for address in (arabic, mixed):
        page = visit(address + "/places/")
        places.append(
            page.evaluate("""[...document.querySelectorAll(".map text")].map(text => {
            const pin = text.parentNode.querySelector("circle").getBoundingClientRect(), label = text.getBoundingClientRect();
            return [text.textContent, Math.round(label.left - pin.left)]; })""")
        )
    assert places[0] and places[0] == places[1]


def test_an_arabic_article_in_an_english_site_is_set_from_right_to_left_and_its_frame_is_not(visit, mixed) -> None:  # type: ignore[no-untyped-def]
    page = visit(mixed + "/articles/first-message/")
    direction = "e => getComputedStyle(e).direction"
    found = [page.locator(selector).first.evaluate(direction) for selector in ("h1", ".prose p", ".top", ".after", ".bottom")]
    assert found == ["rtl", "rtl", "ltr", "ltr", "ltr"]
    assert left(page, ".brand") < left(page, ".top nav")
    # The parts of an English date stand in their order among Arabic words.
    assert page.locator("time").first.evaluate(
        """e => { const range = document.createRange(), text = e.firstChild, at = n => {
            range.setStart(text, n); range.setEnd(text, n + 1); return range.getBoundingClientRect().left; };
            return at(0) < at(text.length - 1); }"""
    )


def test_an_english_article_is_set_in_the_reading_face_and_nothing_moves(visit, mixed) -> None:  # type: ignore[no-untyped-def]
    page = visit(mixed + "/articles/english/")
    assert page.evaluate(SHIFTS) == 0
    assert page.evaluate("[...document.fonts].some(face => face.family.includes('Reading Serif') && face.status === 'loaded')")
    fonts = {url.rpartition("/")[2] for url in page.asked if url.endswith(".woff2")}
    assert [re.sub(r"\.[0-9a-f]+(?=\.woff2)", "", name) for name in fonts] == ["reading-latin.woff2"]
    assert all(url.startswith(mixed) for url in page.asked)
    page.wait_for_timeout(4000)  # then a browser complains of what was fetched ahead for nothing
    assert page.complaints == []


def test_what_an_article_needs_to_be_read_is_at_most_50_kilobytes(english) -> None:  # type: ignore[no-untyped-def]
    text = english.page("/articles/english/")
    needed = re.findall(r'<link rel="(?:stylesheet|preload)" href="([^"]+)"', text)
    folder = english.site / "articles" / "english"
    sizes = {name: len(gzip.compress((folder / name).read_bytes(), 9, mtime=0)) for name in needed}
    assert any(name.endswith(".woff2") for name in sizes)
    assert len(gzip.compress(text.encode(), 9)) + sum(sizes.values()) <= 50_000, sizes


def test_an_arabic_article_asks_for_no_latin_face_ahead(visit, mixed) -> None:  # type: ignore[no-untyped-def]
    assert 'rel="preload"' not in visit(mixed + "/articles/first-message/").content()
