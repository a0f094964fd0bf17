"""A whole site in another language: no word is left in English, and each text has its own language and direction."""

from __future__ import annotations

import re
import shutil
import xml.etree.ElementTree as etree
from collections.abc import Iterator
from pathlib import Path

import html5lib
import pytest

from tests.support import Collection

ARABIC = Path(__file__).parents[1] / "fixtures" / "arabic"
# Names of formats and programs are the same in every language; so are those of authority files.
SAME = {"Markdown", "BibTeX", "RIS", "CSL-JSON", "Atom", "sitegen", "Wikidata", "JavaScript"}
ATTRIBUTES = ("aria-label", "title", "alt", "placeholder", "content", "label")
_CODES = re.compile(r"https?://|\d{4}|width=|light dark|website|article|profile|summary|noindex|image/|[a-z0-9:/.,_-]+\Z")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    root = tmp_path_factory.mktemp("arabic")
    shutil.copytree(ARABIC / "content", root / "content")
    collection = Collection(root, (ARABIC / "sitegen.toml").read_text(encoding="utf-8"))
    (root / "content" / "articles" / "english.md").unlink()
    for file in (root / "content").rglob("*.md"):
        file.write_text(re.sub(r"aliases: .*\n", "", file.read_text(encoding="utf-8")), encoding="utf-8")
    built = collection.build()
    assert built.report.ok, "\n".join(map(str, built.report.issues))
    return collection


def parsed(text: str) -> etree.Element:
    return html5lib.parse(text, treebuilder="etree", namespaceHTMLElements=False)


def said(element: etree.Element) -> Iterator[str]:
    """What a reader sees or hears of an element: its text and the attributes that are read out."""
    if element.tag in ("script", "style", "pre", "code"):
        return
    for name, value in element.attrib.items():
        if name in ATTRIBUTES or name.startswith("data-"):  # scripts take their words from these
            yield "" if _CODES.match(value) else value
    yield element.text or ""
    for child in element:
        yield from said(child) if isinstance(child.tag, str) else ()
        yield child.tail or ""


def test_no_word_of_the_interface_is_left_in_english(site: Collection) -> None:
    left = {}
    for file in sorted(site.site.rglob("*.html")):
        text = re.sub(r"https?://\S+", "", " ".join(said(parsed(file.read_text(encoding="utf-8")))))
        words = set(re.findall(r"[A-Za-z][A-Za-z-]{2,}", text))
        if words - SAME:
            left[file.relative_to(site.site).as_posix()] = sorted(words - SAME)
    assert left == {}


def test_every_page_is_set_from_right_to_left(site: Collection) -> None:
    for file in site.site.rglob("*.html"):
        page = parsed(file.read_text(encoding="utf-8"))
        assert (page.get("lang"), page.get("dir")) == ("ar", "rtl"), file


def test_dates_are_written_in_arabic(site: Collection) -> None:
    assert '<time datetime="1844-05-24">24 مايو 1844</time>' in site.page("/articles/first-message/")


def test_a_text_in_another_language_says_so_and_its_frame_keeps_the_interfaces(collection: Collection) -> None:
    collection.write("../sitegen.toml", 'title = "T"\nurl = "https://example.org/"\nlanguage = "ar"\n')
    collection.record("people/field", "Cyrus Field").article(
        "a", "Cyrus Field sailed.", title="The cable", more="lang: en\n"
    ).build()
    page = parsed(collection.page("/articles/a/"))
    header, after = page.find(".//header"), page.find(".//div[@class='after']")
    assert header is not None and after is not None
    assert [(element.get("lang"), element.get("dir")) for element in (page, header, after)] == [
        ("en", "ltr"),
        *[("ar", "rtl")] * 2,
    ]
    home, record = parsed(collection.page("/")), parsed(collection.page("/people/field/"))
    card, quoted = home.find(".//li[@class='card']"), record.find(".//ul[@class='quoted']/li")
    assert card is not None and quoted is not None
    assert [(item.get("lang"), item.get("dir")) for item in (home, card, record, quoted)] == [("ar", "rtl"), ("en", "ltr")] * 2
