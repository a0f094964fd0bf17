"""Notes on the pages of their articles: marks, bodies, layers, what they say that a passage names, and which wait."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest

from sitegen.build import pipeline
from sitegen.build.memo import Memo
from sitegen.build.run import Mode
from sitegen.config import load
from sitegen.markup.scan import VOID
from sitegen.model.notes import text_digest
from tests.support import REPOSITORY, TODAY, Collection, files

BODY = """\
The **ship** left for [Cork](b.md) on *Monday* morning, said Morse. Tea & rum.

The crew sang all night.

- One item
- Two"""


@pytest.fixture
def noted(collection: Collection) -> Collection:
    return collection.article("a", BODY).article("b", date="1870").record("people/morse", "Morse")


def notes(collection: Collection, *written: str, name: str = "a", text: str = "") -> Collection:
    head = f"text: {text}\n" if text else ""
    return collection.write(f"articles/{name}.notes.yaml", head + "notes:\n" + "".join(f"- {note}\n" for note in written))


def shown(collection: Collection, *written: str) -> str:
    """The article's page with these notes."""
    built = notes(collection, *written).build()
    assert built.report.ok, built.report.issues
    return collection.page("/articles/a/")


def prose(page: str) -> str:
    return page.partition('<div class="prose">')[2].partition('<div class="after"')[0]


def paragraphs(page: str) -> str:
    """The text of the article with its marks, without the notes themselves and numbers of paragraphs."""
    text = re.sub(r"<aside.*?</aside>|<sup class=\"noteref.*?</sup>|<a class=\"number.*?</a>", "", prose(page), flags=re.DOTALL)
    return " ".join(re.sub(r"<(?!/?mark)[^>]*>", "", text).split())


class Nesting(HTMLParser):
    """Complains of tags that are not well nested, and of links in links."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not (tag == "a" and "a" in self.open)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


# Passages.


def test_a_passage_is_marked_through_markup_links_and_mentions(noted: Collection) -> None:
    page = shown(noted, "{id: n1, quote: 'ship left for Cork on Monday morning, said Morse. Tea & rum', body: Hm.}")
    marked = "".join(re.findall(r"<mark[^>]*>(.*?)</mark>", prose(page)))
    assert marked == "ship left for Cork on Monday morning, said Morse. Tea &amp; rum"


def test_a_passage_may_run_over_paragraphs_and_its_number_stands_at_its_end(noted: Collection) -> None:
    page = shown(noted, "{id: n1, quote: 'morning, said Morse. Tea & rum. The crew sang', body: Hm.}")
    assert re.search(
        r'sang</mark><sup class="noteref layer-1"><a id="ref-n1" href="#note-n1" role="doc-noteref">1</a></sup> all', page
    )


@pytest.mark.parametrize(
    "quote", ["ship", "left for Cork", "for Cork", "Cork on Monday", "Monday", "said Morse", "Morse", "Two", "item Two"]
)
def test_wherever_a_passage_lies_tags_stay_well_nested(noted: Collection, quote: str) -> None:
    page = shown(
        noted,
        f"{{id: n1, quote: {quote}, body: 'See [[morse]].'}}",
        "{id: n2, layer: x, quote: 'Cork on Monday morning, said Morse', body: Hm.}",
    )
    nesting = Nesting()
    nesting.feed(prose(page).rpartition("</div>")[0])
    assert not nesting.open


def test_marks_change_no_word_of_the_text(noted: Collection) -> None:
    noted.build()
    before = paragraphs(noted.page("/articles/a/"))
    page = shown(noted, "{id: n1, quote: 'Cork on Monday', body: Hm.}", "{id: n2, quote: 'night. One', body: Hm.}")
    assert re.sub("</?mark[^>]*>", "", paragraphs(page)) == before


def test_a_note_stands_behind_the_block_that_its_passage_ends_in(noted: Collection) -> None:
    page = prose(shown(noted, "{id: n1, quote: One item, body: Which?}"))
    assert page.index("<ul>") < page.index("</ul>") < page.index('id="note-n1"') < page.index("Which?")


def test_notes_are_numbered_as_they_are_read_not_as_they_are_filed(noted: Collection) -> None:
    page = shown(noted, "{id: late, quote: all night, body: Late.}", "{id: early, quote: left for, body: Early.}")
    assert 'href="#note-early" role="doc-noteref">1<' in page and 'href="#note-late" role="doc-noteref">2<' in page


def test_a_highlight_that_says_nothing_is_a_mark_and_no_note(noted: Collection) -> None:
    page = shown(noted, "{id: n1, quote: all night, motivation: highlighting}")
    assert '<mark class="noted layer-1">all night</mark>' in page and "noteref" not in page and "note-n1" not in page


def test_many_notes_on_the_same_words_nest_no_deeper_than_there_are_layers(noted: Collection) -> None:
    page = shown(noted, *(f"{{id: n{i}, layer: l{i}, quote: all night, body: Hm.}}" for i in range(40)))
    assert prose(page).count("<mark") == 8 and prose(page).count('class="remark') == 40
    assert ", ".join(f"l{i}" for i in range(8, 40)) in page.partition('id="notes-8"')[2].partition("</label>")[0]


def test_ids_of_notes_fit_into_addresses_and_are_no_others(noted: Collection) -> None:
    noted.article("a", "## Note x {: #note-n1 }\n\n" + BODY)
    page = shown(noted, "{id: n1, quote: all night, body: Hm.}", "{id: 'a b/c', quote: left for, body: Hm.}")
    ids = re.findall(r'\bid="([^"]*)"', page)
    assert len(ids) == len(set(ids)) and "note-n1-2" in ids and "note-a-b-c" in ids


# Bodies.


def test_a_body_is_markdown_and_nothing_in_it_is_dangerous(noted: Collection) -> None:
    body = (
        "Said *so*. <script>x()</script><b onclick='x()' id='main' style='x'>B</b><img src=x> <iframe src=y></iframe>\\n\\n# Big"
    )
    page = prose(shown(noted, f'{{id: n1, quote: all night, body: "{body}"}}'))
    said = page.partition('<div class="note-text">')[2].partition("</div>")[0]
    assert "<em>so</em>" in said and "<b>B</b>" in said and "<strong>Big</strong>" in said
    assert not re.search(r"script|onclick|style|iframe|<img|id=|<h1", said)


def test_raw_html_that_articles_may_have_is_still_not_for_notes(noted: Collection) -> None:
    noted.write("../sitegen.toml", 'title = "T"\nraw_html = true\n')
    assert "onclick" not in shown(noted, "{id: n1, quote: all night, body: '<b onclick=\"x()\">B</b>'}")


def test_an_unsafe_link_in_a_note_is_an_error_at_its_line(noted: Collection) -> None:
    (found,) = notes(noted, "{id: n1, quote: all night, body: '[x](javascript:y)'}").build().report.issues
    assert (found.code, found.span.path, found.span.line) == ("unsafe-link", "content/articles/a.notes.yaml", 2)


def test_links_in_notes_and_replies_lead_where_those_of_the_article_would(noted: Collection) -> None:
    page = shown(
        noted,
        "{id: n1, quote: all night, body: 'See [b](b.md), [[people/morse]]', replies: [{body: 'Or [b](b.md).'}]}",
    )
    assert page.count('<a href="../b/">b</a>') == 2 and '<a href="../../people/morse/">Morse</a>' in page


def test_a_dead_link_in_a_note_is_told_at_the_note(noted: Collection) -> None:
    (found,) = notes(noted, "{id: n1, quote: all night, body: 'See [c](c.md).'}").build().report.issues
    assert (found.code, found.span.path, found.span.line) == ("dead-link", "content/articles/a.notes.yaml", 2)


def test_what_a_note_links_to_says_so(noted: Collection) -> None:
    noted.article("c", date="1880")
    shown(noted, "{id: n1, quote: all night, body: 'See [c](c.md).'}")
    assert "Linked from" in noted.page("/articles/c/")


def test_other_articles_may_link_to_a_note(noted: Collection) -> None:
    noted.article("b", "See [it](a.md#note-n1).", date="1870")
    shown(noted, "{id: n1, quote: all night, body: Hm.}")
    assert 'href="../a/#note-n1"' in noted.page("/articles/b/")


# What a note says that a passage names.


def named(collection: Collection, record: str) -> list[tuple[str, str]]:
    """The passages of a record's page: who decided, and the words."""
    if not collection.has(f"/{record}/"):
        return []
    return re.findall(r'class="quote by-(\w+)[^"]*">.*?<mark>(.*?)</mark>', collection.page(f"/{record}/"))


def test_a_note_says_who_a_passage_names(noted: Collection) -> None:
    noted.record("people/crew", "The Hands")
    page = shown(noted, "{id: n1, quote: The crew, record: people/crew}")
    assert named(noted, "people/crew") == [("note", "The crew")]
    assert 'data-record="people/crew">The crew</a>' in page and "noteref" not in page


def test_a_note_that_identifies_by_a_link_says_so_too(noted: Collection) -> None:
    noted.record("people/crew", "The Hands")
    shown(noted, "{id: n1, quote: The crew, motivation: identifying, body: '[[people/crew]]'}")
    assert named(noted, "people/crew") == [("note", "The crew")]


def test_passages_that_notes_of_several_layers_give_a_record_are_told_apart(noted: Collection) -> None:
    noted.record("people/crew", "The Hands")
    one = "{id: n1, layer: gazetteer, quote: The crew, record: people/crew}"
    built = notes(noted, one, "{id: n2, layer: second reading, quote: ship, record: people/crew}").build()
    page = noted.page("/people/crew/")
    assert re.findall(r'quote by-note (from-\d)">.*?<mark>(.*?)<', page) == [("from-1", "ship"), ("from-2", "The crew")]
    switches = re.findall(r'id="(from-\d)" checked[^>]*> ([\w ]+) <span', page)
    assert switches == [("from-1", "Second reading"), ("from-2", "Gazetteer")]
    built = notes(noted, one, "{id: n2, layer: gazetteer, quote: ship, record: people/crew}").build()
    assert built.rendered == {"/people/crew/"} and "from-1" not in noted.page("/people/crew/")
    noted.clean_build(noted.root / "clean")
    assert files(noted.site) == files(noted.root / "clean")


def test_a_comment_that_links_to_a_record_names_nobody(noted: Collection) -> None:
    noted.record("people/crew", "The Hands").article("b", "The Hands.", date="1870")
    shown(noted, "{id: n1, quote: The crew, body: 'See [[people/crew]].'}")
    assert named(noted, "people/crew") == [("alias", "The Hands")]


def test_a_note_goes_before_the_articles_own_links_and_before_names(noted: Collection) -> None:
    noted.article("a", BODY, more="links: {Morse: people/other}\n").record("people/other", "Other").record(
        "people/third", "Third"
    )
    shown(noted, "{id: n1, quote: Morse, record: third}")
    assert (named(noted, "people/third"), named(noted, "people/other"), named(noted, "people/morse")) == (
        [("note", "Morse")],
        [],
        [],
    )


def test_a_link_that_the_author_wrote_goes_before_a_note(noted: Collection) -> None:
    noted.article("a", "Said [[people/morse|the man]] at night.").record("people/other", "Other")
    shown(noted, "{id: n1, quote: the man, record: people/other}")
    assert (named(noted, "people/morse"), named(noted, "people/other")) == ([("link", "the man")], [])


def test_a_note_may_say_that_words_name_nobody(noted: Collection) -> None:
    shown(noted, "{id: n1, quote: Morse, record: none}")
    assert named(noted, "people/morse") == []


def test_a_record_that_is_not_there_is_told_at_the_note(noted: Collection) -> None:
    (found,) = notes(noted, "{id: n1, quote: Morse, record: people/mors}").build().report.issues
    assert (found.code, found.span.path, found.span.line) == ("unknown-record", "content/articles/a.notes.yaml", 2)
    assert "people/morse" in found.help


def test_a_record_that_appears_is_found_by_the_notes_that_name_it(noted: Collection) -> None:
    noted.record("people/gone", "Gone", "status: rejected\n")
    notes(noted, "{id: n1, quote: Morse, record: people/gone}").build()
    noted.record("people/gone", "Gone").build()
    assert named(noted, "people/gone") == [("note", "Morse")]


def test_a_note_that_names_somebody_is_exported_as_such(noted: Collection) -> None:
    from sitegen.build.annotations import exported

    notes(noted, "{id: n1, quote: The crew, record: people/morse}").build()
    with Memo.none() as memo:
        (page,) = exported(load(noted.root), memo, Mode(TODAY), ["articles/a"])
    (note,) = (item for item in page["items"] if item["id"].endswith("#note-n1"))
    assert note["body"] == [{"type": "SpecificResource", "purpose": "identifying", "source": "https://example.org/people/morse/"}]


# Notes that wait.


def previewed(collection: Collection) -> str:
    config = load(collection.root).preview()
    with Memo.at(config.memo) as memo:
        assert pipeline.build(config, memo, Mode(TODAY, preview=True)).ok
    return (config.output / "articles/a/index.html").read_text(encoding="utf-8")


LOST = "{id: n1, quote: words that are gone, body: 'Lost, see [b](b.md).'}"


def test_a_note_that_waits_is_on_no_page_that_is_published(noted: Collection) -> None:
    page = shown(noted, LOST)
    assert "Lost" not in page and "noted" not in page


def test_a_preview_shows_the_note_that_waits_with_its_state_and_why(noted: Collection) -> None:
    notes(noted, LOST)
    page = previewed(noted)
    assert "Has lost its words" in page and "words that are gone" in page and "Lost, see <a>b</a>" in page


def test_a_preview_does_not_change_what_is_published(noted: Collection) -> None:
    before = shown(noted, LOST)
    previewed(noted)
    assert noted.build().rendered == set() and noted.page("/articles/a/") == before


def test_a_note_that_waits_links_from_nowhere(noted: Collection) -> None:
    noted.article("a", "The crew sang.")
    shown(noted, LOST)
    assert "Linked from" not in noted.page("/articles/b/")


# Themes.


def test_the_plain_theme_has_notes_at_the_end_of_the_article(noted: Collection) -> None:
    noted.write("../sitegen.toml", 'title = "T"\ntheme = "plain"\n')
    page = shown(noted, "{id: n1, quote: all night, body: Hm., by: mk}")
    assert page.index("Two") < page.index('<div id="note-n1">') and 'href="#ref-n1"' in page and "passage" not in page


def test_a_theme_that_shows_no_notes_has_no_numbers_that_lead_nowhere(noted: Collection) -> None:
    noted.write("../themes/mine/theme.toml", 'extends = "plain"\n').write("../sitegen.toml", 'title = "T"\ntheme = "mine"\n')
    noted.write("../themes/mine/templates/article.html", "<!doctype html><title>{{ page.title }}</title>{{ body }}")
    assert "noteref" not in shown(noted, "{id: n1, quote: all night, body: Hm.}")


def test_without_notes_nothing_that_knows_of_them_is_loaded(noted: Collection) -> None:
    noted.build()
    noted.article("a", "Morse again.")
    said = (
        "import sys, datetime; from sitegen.build import pipeline, run; from sitegen.build.memo import Memo\n"
        "from sitegen.config import load\n"
        f"config = load(__import__('pathlib').Path({str(noted.root)!r}))\n"
        "with Memo.at(config.memo) as memo: assert pipeline.build(config, memo, run.Mode(datetime.date(2026, 11, 22))).ok\n"
        "print([name for name in sys.modules if name.endswith(('annotations', '.notes', '.noted', '.marks', '.anchors'))])"
    )
    done = subprocess.run([sys.executable, "-c", said], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# Building again.


def test_a_note_that_changes_renders_its_article_alone(noted: Collection) -> None:
    notes(noted, "{id: n1, quote: all night, body: Hm.}").build()
    assert notes(noted, "{id: n1, quote: all night, body: Ha.}").build().rendered == {"/articles/a/"}


def test_notes_that_go_leave_nothing_behind(noted: Collection) -> None:
    noted.build()
    before = noted.page("/articles/a/")
    shown(noted, "{id: n1, quote: all night, body: Hm.}")
    noted.delete("articles/a.notes.yaml").build()
    assert noted.page("/articles/a/") == before


def test_an_error_in_a_notes_file_is_told_by_every_build(noted: Collection) -> None:
    notes(noted, "{id: n1, quote: all night, body: Hm., motivation: shouting}")
    assert noted.build().codes == noted.build().codes == ["unknown-motivation"]


# The text that notes were verified on.


def git(collection: Collection, *arguments: str) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], cwd=collection.root, check=True, capture_output=True)


OLD = "The crew sang.\n\nThe crew sang."
NEW = "Rain fell.\n\nThe crew sang.\n\nIt was dark.\n\nThe crew sang."


def second(collection: Collection) -> bool:
    """Whether the note stands at the second of two equal paragraphs."""
    page = prose(collection.page("/articles/a/"))
    return "noteref" in page and page.index("noteref") > page.index("dark")


NOTE = "{id: n1, quote: {exact: crew sang, prefix: 'sang. The ', suffix: .}, body: Hm.}"


def test_a_page_follows_an_edit_by_the_text_that_git_has(collection: Collection) -> None:
    collection.article("a", OLD)
    git(collection, "init", "-q")
    git(collection, "add", ".")
    git(collection, "commit", "-qm", "one")
    notes(collection.article("a", NEW), NOTE, text=text_digest(OLD.replace("\n\n", "\n"))).build()
    assert second(collection)


def test_a_page_follows_an_edit_by_what_its_source_was_converted_to(collection: Collection) -> None:
    collection.write("sources/a.txt", "A title of the text\n\n" + OLD + "\n")
    source = "source: {file: sources/a.txt}\n"
    notes(collection.article("a", NEW, more=source), NOTE, text=text_digest(OLD.replace("\n\n", "\n"))).build()
    assert second(collection)


def test_a_source_is_looked_for_among_the_sources_only(collection: Collection) -> None:
    collection.write("../elsewhere.txt", "A title of the text\n\n" + OLD + "\n")
    source = "source: {file: sources/../../elsewhere.txt}\n"
    notes(collection.article("a", NEW, more=source), NOTE, text=text_digest(OLD.replace("\n\n", "\n"))).build()
    assert not second(collection)


def test_what_git_learns_later_moves_the_notes(collection: Collection) -> None:
    """Nothing in the content folder has changed, and the page has."""
    collection.article("a", NEW)
    git(collection, "init", "-q")
    git(collection, "add", ".")
    git(collection, "commit", "-qm", "one")
    notes(collection, NOTE, text=text_digest(OLD.replace("\n\n", "\n"))).build()
    assert not second(collection)
    collection.article("a", OLD)
    git(collection, "commit", "-aqm", "two")
    collection.article("a", NEW)
    git(collection, "commit", "-aqm", "three")
    assert collection.build().report.leans and second(collection)


def test_a_build_that_leans_on_git_leaves_no_stamp(collection: Collection) -> None:
    from click.testing import CliRunner

    from sitegen.build.unchanged import said_last_time
    from sitegen.cli.commands import main

    notes(collection.article("a", NEW), NOTE, text=text_digest(OLD))
    assert CliRunner().invoke(main, ["-C", str(collection.root), "build"]).exit_code == 0
    assert said_last_time(["build"], str(collection.root)) is None


def test_rebase_finds_the_text_that_a_build_remembers(collection: Collection) -> None:
    """No git, no source: a page must not hang on what this machine remembers, but a file that is written may."""
    from click.testing import CliRunner

    from sitegen.cli.commands import main

    notes(collection.article("a", OLD), NOTE, text=text_digest(OLD.replace("\n\n", "\n"))).build()
    collection.article("a", NEW).build()
    assert not second(collection)
    done = CliRunner().invoke(main, ["-C", str(collection.root), "notes", "rebase"])
    assert done.exit_code == 0 and "1 note anchored" in done.output
    collection.build()
    assert second(collection)


def test_impact_names_the_page_that_a_note_is_on(noted: Collection) -> None:
    from sitegen.build.explain import impact

    notes(noted, "{id: n1, quote: all night, body: Hm.}").build()
    config = load(noted.root)
    with Memo.at(config.memo) as memo:
        found = impact(config, memo, Mode(TODAY), str(noted.content / "articles/a.notes.yaml"))
    assert {touched.when: list(touched.urls) for touched in found}["a note changes"] == ["/articles/a/"]


# Notes from other programs.


def brought_in(collection: Collection, about: str) -> str:
    """The notes file after an annotation was imported that identifies "The crew" by an address."""
    from click.testing import CliRunner

    from sitegen.cli.commands import main

    target = {"source": "https://example.org/articles/a/", "selector": {"type": "TextQuoteSelector", "exact": "The crew"}}
    body = {"type": "SpecificResource", "purpose": "identifying", "source": about}
    annotation = {"id": "x1", "type": "Annotation", "motivation": "identifying", "body": body, "target": target}
    (collection.root / "theirs.json").write_text(json.dumps(annotation))
    done = CliRunner().invoke(main, ["-C", str(collection.root), "notes", "import", str(collection.root / "theirs.json")])
    assert done.exit_code == 0, done.output
    return (collection.content / "articles/a.notes.yaml").read_text()


def test_an_imported_annotation_that_identifies_a_record_names_it_and_says_where_it_came_from(noted: Collection) -> None:
    noted.record("people/crew", "The Hands")
    made = brought_in(noted, "https://example.org/people/crew/")
    assert "record: people/crew" in made or 'record: "people/crew"' in made
    assert "origin: theirs.json" in made or 'origin: "theirs.json"' in made
    noted.build()
    assert named(noted, "people/crew") == [("import", "The crew")]


def test_an_imported_annotation_that_identifies_something_elsewhere_keeps_its_address(noted: Collection) -> None:
    made = brought_in(noted, "https://www.wikidata.org/entity/Q90")
    assert "<https://www.wikidata.org/entity/Q90>" in made and "record" not in made
    assert noted.build().report.ok and 'href="https://www.wikidata.org/entity/Q90"' in noted.page("/articles/a/")


def test_a_record_that_moves_takes_along_the_notes_that_name_it() -> None:
    from sitegen.review.links import Move, rewritten_notes

    move = Move("people/crew", "people/hands", "/people/crew/", "/people/hands/")
    text = 'notes:\n- id: n1\n  quote: the record\n  record: people/crew # ours\n- {id: n2, quote: x, record: "people/crew"}\n'
    assert rewritten_notes(text, "articles/a.notes.yaml", move).text == text.replace("people/crew", "people/hands")
