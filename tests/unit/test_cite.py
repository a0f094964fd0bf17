"""How pages are cited, and their JSON-LD: what reference managers and search engines read."""

from __future__ import annotations

import json
import re
from typing import Any

import html5lib
import pytest

from sitegen.cite.citation import citation
from sitegen.cite.linked import linked_data
from sitegen.model.dates import Date
from sitegen.model.entity import Alias, Location
from sitegen.model.ids import Linker
from sitegen.model.views import (
    ArticleView,
    Citation,
    HomeView,
    Identifier,
    KindView,
    Link,
    Named,
    RecordView,
    SiteView,
    SourceView,
    TextPageView,
)
from sitegen.words.interface import Words

PEOPLE = KindView("people", "People", "person", "/people/", "born", "died")
SITE = SiteView("The Wired World", "Wires.", "https://example.org/x/", "en", "An Archive", "CC BY 4.0", (PEOPLE,), (), (), {}, "")
LINKER = Linker("https://example.org/x/")


def article(**given: Any) -> ArticleView:
    usual: dict[str, Any] = {
        "url": "/articles/cable/", "canonical": "https://example.org/x/articles/cable/", "title": "Cable landed", "lang": "en",
        "date": Date("1858-08-16"), "updated": None, "byline": "", "dateline": "", "standfirst": "", "words": 9, "minutes": 1,
        "tags": (), "source": SourceView("", "", "The Times", "", ""), "markdown_url": "", "headings": (), "named": (),
        "previous": None, "next": None, "related": (), "linked_from": (), "extra": {},
    }  # fmt: skip
    return ArticleView(**usual | given)


def record(**given: Any) -> RecordView:
    usual: dict[str, Any] = {
        "url": "/people/morse/", "canonical": "https://example.org/x/people/morse/", "title": "Morse", "lang": "en",
        "kind": PEOPLE, "name": "Morse", "role": "Painter", "summary": "",
        "begin": Date("1791"), "end": None, "aliases": (Alias("Finley"),),
        "identifiers": (Identifier("Wikidata", "Q75698", "https://www.wikidata.org/wiki/Q75698"),), "reviewed": True,
        "location": Location(1.0, 2.0), "articles": 1, "mentions": 1, "bars": (), "years": (), "together": (), "part": "",
        "parts": (), "extra": {}, "score": 0.0,
    }  # fmt: skip
    return RecordView(**usual | given)


def of(**given: Any) -> Citation:
    return citation(article(**given), SITE, Words().date)


def graph(page: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(linked_data(page, SITE, LINKER))["@graph"]
    return found


def test_plain_text_says_who_what_where_when_and_the_address() -> None:
    assert of(byline="By Anna Ek and Bo Dahl").text == (
        "Anna Ek, Bo Dahl. Cable landed. The Times, 16 August 1858. The Wired World. https://example.org/x/articles/cable/"
    )


def test_a_title_that_asks_gets_no_full_stop() -> None:
    assert of(title="Is it laid?").text.startswith("Is it laid? The Times")


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("", ()),
        ("By our correspondent", ("our correspondent",)),
        ("Bysshe Ek", ("Bysshe Ek",)),
        ("A. Ek; B. Dahl & C. Vik", ("A. Ek", "B. Dahl", "C. Vik")),
    ],
)
def test_a_byline_gives_the_names_as_they_are_written(byline: str, names: tuple[str, ...]) -> None:
    assert of(byline=byline).authors == names


def test_bibtex_of_a_newspaper_s_article() -> None:
    assert of().bibtex == (
        "@article{cable-1858,\n  title = {{Cable landed}},\n  journal = {The Times},\n  year = {1858},\n  month = {8},\n"
        "  day = {16},\n  url = {https://example.org/x/articles/cable/},\n  note = {The Wired World},\n  language = {en},\n}"
    )


@pytest.mark.parametrize("title", ["100 % of $5 & #1_a", "}} \\input{/etc/passwd} {{", "~ ^ \\", "two\n\nlines"])
def test_whatever_a_title_holds_its_bibtex_is_balanced_and_has_no_command_of_its_own(title: str) -> None:
    entry = of(title=title).bibtex
    line = next(line for line in entry.split("\n") if line.startswith("  title"))
    depth = 0
    for sign in re.findall(r"\\[{}]|[{}]", line):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        assert depth >= 0
    assert depth == 0 and set(re.findall(r"\\[a-z]+", line)) <= {"\\textbackslash", "\\textasciitilde", "\\textasciicircum"}


def test_ris_has_a_tag_on_each_line_and_ends() -> None:
    lines = of(title="Two\nER  - lines", byline="A; B", source=None, date=Date("1858")).ris.split("\n")
    assert lines == [
        "TY  - ELEC", "AU  - A", "AU  - B", "TI  - Two ER - lines", "T2  - The Wired World", "PY  - 1858", "LA  - en",
        "UR  - https://example.org/x/articles/cable/", "ER  - ",
    ]  # fmt: skip


def test_csl_json_of_an_article_and_of_a_record() -> None:
    (item,) = json.loads(of(date=Date("1858-08")).csl)
    assert (item["type"], item["issued"]) == ("article-newspaper", {"date-parts": [[1858, 8]]})
    (item,) = json.loads(citation(record(), SITE, Words().date).csl)
    assert (item["type"], item["container-title"], "issued" in item) == ("entry", "The Wired World", False)


def test_an_article_s_data_says_whom_it_mentions() -> None:
    named = Named(
        "Morse", "/people/morse/", "people", "person", "", "", 1, 1, "p-1", True, ("https://www.wikidata.org/wiki/Q75698",)
    )
    (main, trail) = graph(article(named=(named,), tags=(Link("sea", "/tags/sea/"),)))
    assert main["@type"] == "NewsArticle" and main["datePublished"] == "1858-08-16"
    assert main["mentions"] == [
        {"@type": "Person", "@id": "https://example.org/x/people/morse/", "url": "https://example.org/x/people/morse/",
         "name": "Morse", "sameAs": ["https://www.wikidata.org/wiki/Q75698"]}
    ]  # fmt: skip
    assert [step["name"] for step in trail["itemListElement"]] == ["The Wired World", "Articles", "Cable landed"]


def test_a_record_s_data_has_its_kind_s_own_words() -> None:
    (person, _) = graph(record())
    assert (person["@type"], person["birthDate"], person["jobTitle"]) == ("Person", "1791", "Painter") and "geo" not in person
    kind = KindView("places", "Places", "place", "/places/", "", "")
    (place, _) = graph(record(kind=kind))
    assert place["@type"] == "Place" and place["geo"]["latitude"] == 1.0 and "birthDate" not in place
    (ship, _) = graph(record(kind=KindView("ships", "Ships", "ship", "/ships/", "", "")))
    assert ship["@type"] == "Thing"


def test_a_year_of_a_long_record_speaks_of_the_same_thing() -> None:
    parts = (Link("1858", "/people/morse/"), Link("1859", "/people/morse/1859/"))
    page = record(url="/people/morse/1859/", canonical="https://example.org/x/people/morse/1859/", part="1859", parts=parts)
    assert graph(page)[0]["@id"] == graph(record())[0]["@id"]


def test_the_front_page_is_the_site_and_has_no_way_to_itself() -> None:
    page = HomeView(url="/", canonical=SITE.base, title="T", lang="en", articles=0, bars=(), newest=(), kinds=())
    assert [node["@type"] for node in graph(page)] == ["WebSite"]


@pytest.mark.parametrize("title", ["</script><script>alert(1)</script>", "<!--<script>", "&lt;/script&gt; \u2028 ]]>", '"\\'])
def test_no_title_breaks_out_of_the_script_element(title: str) -> None:
    page = TextPageView(url="/a/", canonical="https://example.org/x/a/", title=title, lang="en", headings=(), extra={})
    text = linked_data(page, SITE, LINKER)
    tree = html5lib.parse(
        f'<title>x</title><script type="application/ld+json">{text}</script><p>after', namespaceHTMLElements=False
    )
    (script,) = tree.iter("script")
    assert script.text == text and json.loads(text)["@graph"][0]["name"] == title
