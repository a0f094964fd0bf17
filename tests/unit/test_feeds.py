"""Feeds, sitemap and OpenSearch description, as the programs that read them take them; what an article says of its origin."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from sitegen.cli.commands import main
from sitegen.model.dates import Date
from sitegen.model.ids import Linker
from sitegen.publish.sitemap import sitemaps
from tests.support import Collection, files

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import feedparser

CONFIG = 'title = "T & Co"\nurl = "https://example.org/x/"\nrecord_feeds = 2\n'
CORRECTED = "corrections:\n- {date: 2026-11-20, text: The ship was <another>.}\n- {date: 2026-11-02, text: A name.}\n"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def archive(collection: Collection) -> Collection:
    collection.write("../sitegen.toml", CONFIG)
    collection.article("one", "Morse met Field.", date="2017-02-08", more=CORRECTED + "tags: [sea]\n")
    collection.article("two", "Morse met <b>Cooke</b>.", title="B & C", date="2018-05", more="updated: 2019-01-02\n")
    collection.article("old", "Field.", date="1858-08-16").article("undated", "Cooke.", date="")
    collection.record("people/morse", "Morse").record("people/cooke", "Cooke", "status: suggested\n").record(
        "people/field", "Field"
    )
    collection.build()
    return collection


def atom(collection: Collection, path: str) -> Any:
    found = feedparser.parse((collection.site / path).read_bytes())
    assert not found.bozo, found.get("bozo_exception")
    return found


def feed(collection: Collection, path: str) -> Any:
    return json.loads((collection.site / path).read_bytes())


@pytest.mark.parametrize("name", ["feed", "corrections", "people/morse/feed"])
def test_both_forms_of_a_feed_hold_the_same_entries(name: str, archive: Collection) -> None:
    entries, items = atom(archive, f"{name}.xml").entries, feed(archive, f"{name}.json")["items"]
    assert entries and [(e.id, e.title, e.link, e.summary) for e in entries] == [
        (item["id"], item["title"], item["url"], item["content_text"]) for item in items
    ]


def test_a_json_feed_says_what_version_1_1_asks_for(archive: Collection) -> None:
    found = feed(archive, "feed.json")
    assert found["version"] == "https://jsonfeed.org/version/1.1" and found["feed_url"] == "https://example.org/x/feed.json"
    assert [item["date_published"] for item in found["items"]] == [
        "2018-05-01T00:00:00Z",
        "2017-02-08T00:00:00Z",
        "1858-08-16T00:00:00Z",
    ]
    assert found["items"][0]["date_modified"] == "2019-01-02T00:00:00Z"


def test_no_two_feeds_have_the_same_id(archive: Collection) -> None:
    ids = [atom(archive, path).feed.id for path in ("feed.xml", "corrections.xml", "people/morse/feed.xml")]
    assert len(set(ids)) == 3


def test_the_feed_of_corrections_has_the_latest_first_and_leads_to_it(archive: Collection) -> None:
    first, second = atom(archive, "corrections.xml").entries
    assert (first.summary, second.summary) == ("The ship was <another>.", "A name.")
    assert first.link == "https://example.org/x/articles/one/#correction-2"
    assert '<li id="correction-2"><time datetime="2026-11-20">20 November 2026</time>: The ship was &lt;another&gt;.</li>' in (
        archive.page("/articles/one/")
    )


def test_only_as_many_reviewed_records_as_asked_for_have_a_feed(archive: Collection) -> None:
    made = {path for path in files(archive.site) if path.startswith("people/") and "feed" in path}
    assert made == {f"people/{name}/feed.{e}" for name in ("morse", "field") for e in ("xml", "json")}
    archive.build(preview=True)
    assert not (archive.site / "people/field/feed.xml").exists() and not (archive.site / "people/morse/feed.xml").exists()


EDITS = {
    "a title": ("one", "title: Other\ndate: 2017-02-08\n"),
    "a tag": ("one", "title: one\ndate: 2017-02-08\ntags: [war]\n" + CORRECTED),
    "a correction less": ("one", "title: one\ndate: 2017-02-08\n"),
    "who is named most": ("undated", "title: undated\n"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_after_an_edit_the_feeds_are_those_of_a_clean_build(edit: str, archive: Collection, tmp_path: Path) -> None:
    name, header = EDITS[edit]
    archive.write(f"articles/{name}.md", f"---\n{header}---\nField met Field.\n").build()
    archive.clean_build(tmp_path / "clean")
    assert files(archive.site) == files(tmp_path / "clean")


def test_the_sitemap_says_when_an_article_was_changed_and_nothing_of_times_without_a_web(archive: Collection) -> None:
    root = etree.parse(archive.site / "sitemap.xml").getroot()
    found = {url.findtext(f"{SITEMAP}loc"): url.findtext(f"{SITEMAP}lastmod") for url in root}
    base = "https://example.org/x/articles/"
    assert [found[f"{base}{name}/"] for name in ("one", "two", "old", "undated")] == ["2026-11-20", "2019-01-02", None, None]


def test_above_fifty_thousand_pages_there_is_an_index_of_sitemaps() -> None:
    urls = [f"/{number:06}/" for number in range(50_001)]
    made = sitemaps(urls, Linker("https://example.org/"), {"/050000/": Date("2020-01-02"), "/000007/": Date("2019")})
    index = etree.fromstring(made["sitemap.xml"])
    listed = [(part.findtext(f"{SITEMAP}loc"), part.findtext(f"{SITEMAP}lastmod")) for part in index]
    assert listed == [("https://example.org/sitemap-1.xml", "2019"), ("https://example.org/sitemap-2.xml", "2020-01-02")]
    assert [len(etree.fromstring(made[name])) for name in ("sitemap-1.xml", "sitemap-2.xml")] == [50_000, 1]


def test_a_browser_is_told_how_to_search(archive: Collection) -> None:
    root = etree.parse(archive.site / "opensearch.xml").getroot()
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    assert root.findtext(f"{space}ShortName") == "T & Co"
    assert root.find(f"{space}Url").get("template") == "https://example.org/x/search/?q={searchTerms}"
    assert 'type="application/opensearchdescription+xml"' in archive.page("/")


@pytest.mark.parametrize(
    "wrong",
    ["corrections: soon\n", "corrections: [soon]\n", "corrections: [{date: soon, text: T}]\n", "corrections: [{text: T}]\n"],
)
def test_a_correction_that_cannot_be_read_is_an_error_at_its_place(wrong: str, collection: Collection) -> None:
    (issue,) = collection.article("one", more=wrong).build().report.issues
    assert issue.code in ("front-matter-type", "wrong-date") and issue.span.line == 4


def test_a_converted_article_shows_its_digest_and_when_and_by_what_it_was_made(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    collection.write("sources/one.txt", "A headline\n\nMorse met Field.\n")
    with pytest.raises(SystemExit) as done:
        main(["-C", str(collection.root), "convert"])
    assert done.value.code == 0
    text = (collection.content / "articles/a-headline.md").read_text(encoding="utf-8")
    assert 'converted: "2023-11-14", converter: sitegen 0.1.0}' in text
    page = collection.build() and collection.page("/articles/a-headline/")
    assert "2023-11-14, sitegen 0.1.0" in page and "SHA-256" in page
