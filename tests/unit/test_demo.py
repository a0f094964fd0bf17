"""The Wired World, built: every page parses, no link or fragment is dead, the collection is what it should be."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import unquote, urljoin, urlsplit

import html5lib
import pytest

from sitegen.markup.scan import attributes
from tests.support import Collection, demo

TAG = re.compile(r"<(\w+)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>")
BASE = "https://site.test/"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    return demo(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def pages(built: Collection) -> dict[str, str]:
    found = {}
    for path in sorted(built.site.rglob("*.html")):
        name = path.relative_to(built.site).as_posix()
        found["/" + name.removesuffix("index.html")] = path.read_text(encoding="utf-8")
    return found


def test_every_page_parses_without_an_error(pages: dict[str, str]) -> None:
    for address, html in pages.items():
        parser = html5lib.HTMLParser(strict=False)
        parser.parse(html)
        assert not parser.errors, (address, parser.errors[:3])


def test_no_link_or_fragment_inside_the_site_is_dead(built: Collection, pages: dict[str, str]) -> None:
    ids = {address: {attributes(rest).get("id") for _, rest in TAG.findall(html)} for address, html in pages.items()}
    # The site is read at the root here; 404.html, which may be shown anywhere, is written for it too.
    dead, walked = [], 0
    for address, html in pages.items():
        for _, rest in TAG.findall(html):
            given = attributes(rest)
            for link in filter(None, (given.get("href"), given.get("src"))):
                parts = urlsplit(urljoin(BASE + address.lstrip("/"), link))
                if parts.netloc != "site.test":
                    continue
                walked += 1
                path = unquote(parts.path)
                if (path not in pages and not (built.site / path.lstrip("/")).is_file()) or (
                    parts.fragment and unquote(parts.fragment) not in ids.get(path, set())
                ):
                    dead.append((address, link))
    print(f"{walked:,} links inside {len(pages):,} pages were walked")
    assert not dead and walked > 20_000


def test_no_page_holds_anything_inline(pages: dict[str, str]) -> None:
    for address, html in pages.items():
        for tag, rest in TAG.findall(html):
            given = attributes(rest)
            assert "style" not in given and not any(name.startswith("on") for name in given), (address, tag, given)
            # Data that no browser runs, and so no policy forbids.
            data = given.get("type") in ("application/ld+json", "application/json")
            assert tag != "style" and (tag != "script" or data or "src" in given), address


def test_no_id_stands_twice_on_a_page(pages: dict[str, str]) -> None:
    for address, html in pages.items():
        twice = [
            name
            for name, count in Counter(attributes(rest).get("id") for _, rest in TAG.findall(html)).items()
            if name and count > 1
        ]
        assert not twice, (address, twice)


def test_every_record_of_the_collection_is_named_by_some_article(pages: dict[str, str]) -> None:
    unnamed = [
        address
        for address, html in pages.items()
        if re.match(r"/(people|organisations|places|events|works|ships)/.", address) and "#p-" not in html
    ]
    assert not unnamed


@pytest.mark.parametrize(
    ("folder", "least"),
    [("articles", 24), ("people", 25), ("organisations", 15), ("places", 45), ("events", 10), ("sources", 24)],
)
def test_the_collection_is_as_large_as_promised(built: Collection, folder: str, least: int) -> None:
    assert len(list((built.content / folder).iterdir())) >= least


def test_every_source_has_between_250_and_600_words(built: Collection) -> None:
    for path in (built.content / "sources").glob("*.txt"):
        assert 250 <= len(path.read_text(encoding="utf-8").split()) <= 600, path.name


def test_every_article_is_dated_between_1837_and_1902(built: Collection) -> None:
    for path in (built.content / "articles").glob("*.md"):
        year = re.search(r"^date: (\d{4})", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert year and 1837 <= int(year.group(1)) <= 1902, path.name


def test_every_article_s_text_is_its_source_s_text(built: Collection) -> None:
    from sitegen.markup.parse import parse

    for path in (built.content / "articles").glob("*.md"):
        name = path.relative_to(built.content).as_posix()
        article = parse(name, path.read_bytes()).document
        source = (built.content / article.meta.source.file).read_text(encoding="utf-8")  # type: ignore[union-attr]
        left = bare(source)
        assert bare(article.text) in left, name


def bare(text: str) -> str:
    """The text without white space, and without the marks that lists carry in plain text."""
    return re.sub(r"\s+", "", re.sub(r"^- ", "", text, flags=re.MULTILINE))


def test_the_map_of_places_is_drawn_without_javascript(pages: dict[str, str]) -> None:
    assert pages["/places/"].count("<circle") >= 45


def test_the_places_page_fits_its_budget(pages: dict[str, str]) -> None:
    import gzip

    assert len(gzip.compress(pages["/places/"].encode())) <= 100_000
