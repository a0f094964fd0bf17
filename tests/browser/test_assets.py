"""What is minified means the same to a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sitegen.publish.assets import minify
from sitegen.render.theme import Theme
from tests.support import Collection, crowd

ROOT = Path(__file__).parents[2]
RULES = """(text) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  // A value with a custom property in it is kept as it is written.
  return [...sheet.cssRules].map((rule) => rule.cssText.replace(/\\s*([,/])\\s*/g, "$1"));
}"""


@pytest.mark.parametrize("theme", ["default", "plain"])
def test_a_minified_style_sheet_has_the_rules_it_had(browser: Any, theme: str) -> None:
    page = browser.new_page()
    assets = Theme.load(theme, [ROOT / "themes"]).assets()
    sheets = {path: data.decode() for path, data in assets.items() if path.endswith(".css")}
    for path, text in sheets.items():
        rules = page.evaluate(RULES, text)
        assert rules and page.evaluate(RULES, minify(path, text.encode()).decode()) == rules, path
    page.close()


def test_a_page_reads_as_it_did_before_white_space_was_left_out(browser: Any, tmp_path: Path) -> None:
    collection = crowd(Collection(tmp_path), 12)
    collection.article("code", "# A *head*\n\n    a\n      b\n\nMorse *of* **Field**  \nand more.", more="tags: [sea]\n")
    addresses = ["", "articles/code", "articles/a1", "people/morse", "people", "search", "tags/sea", "timeline"]

    def told(settings: str) -> dict[str, str]:
        collection.write("../sitegen.toml", f'title = "T"\nfingerprints = false\n{settings}').build()
        found = {}
        page = browser.new_page()
        for address in addresses:
            page.goto((collection.site / address / "index.html").as_uri())
            found[address] = page.evaluate("document.body.innerText")
        page.close()
        return found

    assert told("") == told("minify = false\n")
