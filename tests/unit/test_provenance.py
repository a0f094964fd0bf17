"""Where a text came from is on its page: source, digest, licence, when it was retrieved, when converted and by which version."""

from __future__ import annotations

import re
from hashlib import sha256

import pytest
from click.testing import CliRunner

from sitegen import __version__
from sitegen.cli.commands import main
from tests.support import Collection

SOURCE = (
    "CABLE LAID\n\nThe two ships met in the middle of the ocean on Thursday, and spliced the cable that they had brought along.\n"
)


def test_a_page_shows_where_its_text_came_from_down_to_the_version_that_converted_it(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    collection.write("sources/cable.txt", SOURCE)
    assert CliRunner().invoke(main, ["-C", str(collection.root), "convert"], catch_exceptions=False).exit_code == 0
    article = next((collection.content / "articles").glob("*.md"))
    more = "publisher: The Mail, url: 'https://mail.example/1', licence: CC BY 4.0, retrieved: 2023-10-01, "
    article.write_text(re.sub(r"source: *\{", lambda found: f"{found[0]}{more}", article.read_text()))
    assert collection.build().report.ok
    page = collection.page(f"/articles/{article.stem}/")
    shown = re.search(r'<section aria-labelledby="sec-source">.*?</section>', page, re.DOTALL)
    assert shown
    said = re.findall(r"<dd[^>]*>(.*?)</dd>", shown[0])
    assert said[:4] == ["The Mail", '<a href="https://mail.example/1">https://mail.example/1</a>', "2023-10-01", "CC BY 4.0"]
    assert said[-2:] == [f"SHA-256 {sha256(SOURCE.encode()).hexdigest()}", f"2023-11-14, sitegen {__version__}"]
    copy = re.search(r'href="([^"]+)">The text as it came', page)
    assert copy and (collection.site / "articles" / article.stem / copy[1]).read_text() == SOURCE


def test_a_page_without_a_source_says_nothing_of_one(collection: Collection) -> None:
    collection.article("a").build()
    assert "sec-source" not in collection.page("/articles/a/")
