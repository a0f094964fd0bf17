"""Take the pictures that the README and docs show, from the built demo: `make site`, then this.

    .venv/bin/python tools/take_pictures.py

Needs playwright and a Chromium on PATH (`make test` installs both).
"""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = {
    "article": ("/articles/penders-midnight-party-for-the-bombay-cable/", "light", 1280, 860),
    "record": ("/people/cyrus-field/", "light", 1280, 860),
    "places": ("/places/", "light", 1280, 860),
    "article-dark": ("/articles/penders-midnight-party-for-the-bombay-cable/", "dark", 390, 760),
}


def main() -> None:
    browser_path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(ROOT / "site"))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"])
        for name, (path, scheme, width, height) in PICTURES.items():
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
            page.goto(f"http://127.0.0.1:{server.server_address[1]}{path}")
            page.screenshot(path=ROOT / "docs" / "images" / f"{name}.png")
            page.close()
        browser.close()
    server.shutdown()


if __name__ == "__main__":
    main()
