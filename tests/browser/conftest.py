"""A real browser on the built demo, served as a static host would serve it."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import http.server
import os
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from sitegen.publish.targets import HEADERS, TARGETS, written
from sitegen.relate import records
from tests.support import Collection, demo

PATIENCE = 120_000  # milliseconds: an end to what hangs, and no measure of a machine that is busy
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class _Quiet(http.server.SimpleHTTPRequestHandler):
    # The policy that hosts are told to set: what it forbids shows up as a console error.
    POLICY = re.search(
        "Content-Security-Policy: (.*)",
        written(TARGETS["netlify"], "http://localhost/", [], index="/pagefind/")[HEADERS].decode(),
    )[1]  # type: ignore[index]

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", self.POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo; below /corners/ the pages that it has none of, below /plain/ an address that moved, by the other theme."""
    found = demo(tmp_path_factory.mktemp("demo")).site
    corners(tmp_path_factory.mktemp("corners")).site.rename(found / "corners")
    plain = Collection(tmp_path_factory.mktemp("plain"), 'url = "https://example.org/"\ntheme = "plain"\n').article("works")
    plain.write("urls.csv", "/articles/moved/,2026-11-22,/articles/works/,Renamed.\n").build()
    plain.site.rename(found / "plain")
    return found


def corners(root: Path) -> Collection:
    """A page of each sort that the demo lacks: tags, a daily year, a record by years, what moved and what is gone."""
    collection = Collection(root)
    for number in range(240):
        day = dt.date(1858, 1, 1) + dt.timedelta(days=number * 2)
        body = f"Morse met Field and Vail at {'Boston' if number % 2 else 'Valentia'}, on the 5th of May {1840 + number % 9}."
        collection.article(f"a{number}", body, title=f"Dispatch {number}", date=f"{day}", more="tags: [sea, land]\n")
    collection.record("people/morse", "Morse", "role: inventor\nstatus: reviewed\n").record("people/field", "Field")
    collection.record("people/samuel-morse", "Samuel Morse", "merged_into: people/morse\n")
    collection.record("people/vail", "Vail", "status: suggested\nscore: 0.84\n")
    for number in range(40):
        collection.record(f"works/w{number}", f"{chr(65 + number % 26)}rchive {number}")
    collection.article("linked", "Then [[people/field|he]] came, and Field went.", date="1858-01-02")
    collection.article("works", " ".join(f"The {chr(65 + number % 26)}rchive {number} says." for number in range(40)), date="")
    collection.record("places/boston", "Boston").record("places/valentia", "Valentia")
    gone = "/articles/lost/,2026-11-22,gone,Withdrawn at the wish of its author.\n"
    moved = "/articles/moved/,2026-11-22,/articles/works/,Renamed.\n"
    collection.write("urls.csv", f"url,first,goes_to,why\n{gone}{moved}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "_ONE_INDEX", 30)  # as if there were a thousand works
        built = collection.build(strict=False)
    assert built.report.ok, "\n".join(map(str, built.report.issues))
    return collection


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def browser():  # type: ignore[no-untyped-def]
    executable = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if executable is None:
        assert os.environ.get("CI") != "true", "CI must run the browser tests: install chromium"
        pytest.skip("no chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS, timeout=PATIENCE)
        for opens in ("new_context", "new_page"):
            setattr(chromium, opens, _patient(getattr(chromium, opens)))
        yield chromium
        chromium.close()


def _patient(opens):  # type: ignore[no-untyped-def]
    def opened(**options):  # type: ignore[no-untyped-def]
        made = opens(**options)
        made.set_default_timeout(PATIENCE)
        return made

    return opened


def faults(page) -> list[tuple[str, str]]:  # type: ignore[no-untyped-def]
    """What axe finds in a page as it is now: the rule, and the first element that breaks it."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("axe.run({resultTypes: ['violations']}).then(({violations}) => violations)")
    return [(one["id"], one["nodes"][0]["html"]) for one in found]


@contextlib.contextmanager
def visiting(browser, address):  # type: ignore[no-untyped-def]
    """Open a page; gives the page and what went wrong on it."""
    contexts = []

    def go(path: str, *, width: int = 1280, height: int = 900, **options):  # type: ignore[no-untyped-def]
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page, wrong = context.new_page(), []
        page.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda request: wrong.append(request.url) if not request.url.startswith((address, "data:")) else None)
        page.on("response", lambda response: wrong.append(response.url) if response.status >= 400 else None)
        if "/samuel-morse/" in path:  # a page that leads on at once is held
            page.route("**/people/morse/", lambda route: route.fulfill(status=204))
        page.goto(address + path)
        return page, wrong

    try:
        yield go
    finally:
        for context in contexts:
            context.close()


@pytest.fixture
def visit(browser, address):  # type: ignore[no-untyped-def]
    with visiting(browser, address) as go:
        yield go
