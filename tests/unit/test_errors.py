"""Errors are part of the product: each names the place, the fact and the remedy."""

from __future__ import annotations

import os

import pytest

from sitegen.build.memo import Memo
from sitegen.build.pipeline import examine
from sitegen.build.run import Mode
from sitegen.config import load
from sitegen.errors import Issue, Severity, SiteError, Span
from tests.support import TODAY, Collection


def issue(collection: Collection, code: str) -> Issue:
    found = [issue for issue in collection.build().report.issues if issue.code == code]
    assert found, f"no {code}"
    return found[0]


def place(found: Issue) -> tuple[str, int, int]:
    return found.span.path, found.span.line, found.span.column


def test_an_issue_reads_as_place_excerpt_caret_and_remedy() -> None:
    span = Span("content/articles/raqqa.md", 14, 15, 15, "Sailed from [[places/raqa]]")
    text = str(Issue("unknown-record", 'no record "places/raqa"', span, 'did you mean "places/raqqa"?'))
    assert text == (
        'content/articles/raqqa.md:14:15: error[unknown-record]: no record "places/raqa"\n'
        "  14 | Sailed from [[places/raqa]]\n"
        "     |               ^^^^^^^^^^^^^\n"
        '  help: did you mean "places/raqqa"?'
    )


def test_broken_yaml_is_placed_where_it_breaks(collection: Collection) -> None:
    collection.write("articles/a.md", "---\ntitle: One: two\n---\nText.")
    assert place(issue(collection, "yaml")) == ("content/articles/a.md", 2, 11)


def test_a_wrong_type_is_placed_at_the_value(collection: Collection) -> None:
    collection.article("a", more="tags: {a: b}\n")
    assert place(issue(collection, "front-matter-type")) == ("content/articles/a.md", 4, 7)


def test_an_unknown_key_is_a_warning_with_the_nearest_known_one(collection: Collection) -> None:
    collection.article("a", more="tagz: [x]\n")
    assert issue(collection, "unknown-key").help == 'did you mean "tags"?'


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("author: Me\n", "here it is called byline:"),
        ("categories: [a]\n", "here it is called tags:"),
        ("permalink: /a/\n", "slug: sets the last part of the address; old addresses are led on by content/urls.csv"),
        ("layout: post\n", "own keys go under extra:"),
        ("published: true\n", "own keys go under extra:"),
    ],
)
def test_a_key_of_another_program_is_a_warning_that_says_what_it_is_called_here(
    collection: Collection, more: str, told: str
) -> None:
    collection.article("a", more=more)
    assert issue(collection, "unknown-key").help == told


@pytest.mark.parametrize("more", ["published: false\n", "private: true\n"])
def test_what_keeps_a_text_back_elsewhere_does_not_let_it_out_here(collection: Collection, more: str) -> None:
    collection.article("a", more=more)
    found = issue(collection, "unknown-key")
    assert found.severity is Severity.ERROR and "draft: true" in found.help


def test_the_front_matter_of_hugo_in_toml_is_told_for_what_it_is(collection: Collection) -> None:
    collection.write("articles/a.md", '+++\ntitle = "A"\n+++\nText.')
    found = issue(collection, "yaml")
    assert "TOML" in found.message and collection.build().codes == ["yaml"]


def test_a_wrong_date_is_an_error(collection: Collection) -> None:
    collection.article("a", date="1858-02-30")
    assert place(issue(collection, "wrong-date")) == ("content/articles/a.md", 3, 7)


def test_an_unknown_record_is_placed_in_the_body_with_the_nearest_known_one(collection: Collection) -> None:
    collection.article("a", "One.\n\nSailed from [[places/pariss]].").record(
        "places/paris", "Paris", "location: {lat: 48.9, lon: 2.3}\n"
    )
    found = issue(collection, "unknown-record")
    assert (place(found), found.help) == (("content/articles/a.md", 7, 15), 'did you mean "places/paris"?')


def test_a_dead_link_to_another_page_is_an_error(collection: Collection) -> None:
    collection.article("a", "See [it](other.md).")
    assert place(issue(collection, "dead-link")) == ("content/articles/a.md", 5, 10)


def test_a_dead_link_to_a_paragraph_is_an_error(collection: Collection) -> None:
    collection.article("a", "See [it](b.md#p-000000).").article("b")
    assert place(issue(collection, "dead-fragment")) == ("content/articles/a.md", 5, 10)


def test_a_missing_image_is_an_error(collection: Collection) -> None:
    collection.article("a", "![ship](../images/ship.png)")
    assert issue(collection, "dead-link").message == 'nothing is published at "/images/ship.png"'


def test_an_alias_of_two_records_that_nothing_decides_is_a_warning_that_names_both(collection: Collection) -> None:
    collection.article("a", "Siemens came.").record("people/werner", "Werner Siemens", "aliases: [Siemens]\n")
    collection.record("people/william", "William Siemens", "aliases: [Siemens]\n")
    found = issue(collection, "shared-alias")
    assert "people/werner" in found.message and "people/william" in found.message and found.severity == "warning"


def test_two_files_that_claim_one_address_are_an_error(collection: Collection) -> None:
    collection.article("a").article("b", more="slug: a\n")
    assert "content/articles/a.md and content/articles/b.md both claim /articles/a/" in issue(collection, "two-owners").message


def test_a_reviewed_place_without_coordinates_is_a_warning(collection: Collection) -> None:
    collection.record("places/atlantis", "Atlantis")
    assert place(issue(collection, "missing-coordinates")) == ("content/places/atlantis.md", 2, 7)


def test_coordinates_off_the_globe_are_an_error(collection: Collection) -> None:
    collection.record("places/x", "X", "location: {lat: 139.7, lon: 35.7}\n")
    assert "swapped" in issue(collection, "coordinates").help


def test_a_folder_that_is_no_kind_is_an_error_with_the_nearest_kind(collection: Collection) -> None:
    collection.record("peple/x", "X")
    assert issue(collection, "unknown-kind").help == 'did you mean "people"?'


def test_a_file_that_is_not_utf8_is_an_error_with_its_line(collection: Collection) -> None:
    collection.write("articles/a.md", b"---\ntitle: a\n---\ncaf\xe9\n")
    assert issue(collection, "encoding").span.line == 4


def test_a_template_error_names_template_line_and_page(collection: Collection) -> None:
    collection.write("../themes/mine/theme.toml", 'name = "mine"\nextends = "default"\n')
    collection.write("../themes/mine/templates/404.html", "<!DOCTYPE html>\n<title>x</title>\n{{ page.nonsense }}\n")
    collection.write("../sitegen.toml", 'title = "T"\ntheme = "mine"\n').article("a")
    found = issue(collection, "template-error")
    assert found.span.path.endswith("themes/mine/templates/404.html") and found.span.line == 3 and "/404.html" in found.message


def test_all_errors_of_a_run_come_in_one_report(collection: Collection) -> None:
    collection.article("a", "[x](no.md)").article("b", date="nonsense").write("articles/c.md", "---\na: b: c\n---\n")
    assert {"dead-link", "wrong-date", "yaml"} <= set(collection.build().codes)


def test_errors_of_templates_come_with_those_of_the_content(collection: Collection) -> None:
    collection.write("../themes/mine/theme.toml", 'name = "mine"\nextends = "default"\n')
    collection.write("../themes/mine/templates/404.html", "{{ page.nonsense }}\n")
    collection.write("../sitegen.toml", 'title = "T"\ntheme = "mine"\n').article("a", "[x](no.md)")
    assert {"dead-link", "template-error"} <= set(collection.build().codes)


def test_strict_turns_warnings_into_errors(collection: Collection) -> None:
    collection.record("places/atlantis", "Atlantis")
    assert collection.build().report.ok and not collection.build(strict=True).report.ok


def test_issues_come_back_from_the_memo(collection: Collection) -> None:
    collection.article("a", more="tagz: [x]\n")
    assert collection.build().codes == collection.build().codes == ["unknown-key"]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ('titel = "x"\n', "unknown-key", 1),
        ('title = "x"\nlinks = "both"\n', "configuration", 2),
        ('title = "x"\n[kinds.ships]\nlable = "S"\n', "unknown-key", 3),
        ('title = "x\n', "toml", 1),
        ('url = "example.org"\n', "configuration", 1),
        ('output = "../elsewhere"\n', "configuration", 1),
    ],
)
def test_a_wrong_configuration_is_placed(collection: Collection, text: str, code: str, line: int) -> None:
    collection.write("../sitegen.toml", text)
    with pytest.raises(SiteError) as caught:
        load(collection.root)
    assert [(i.code, i.span.line) for i in caught.value.issues] == [(code, line)]


def test_an_unknown_configuration_key_has_a_did_you_mean(collection: Collection) -> None:
    collection.write("../sitegen.toml", 'titel = "x"\n')
    with pytest.raises(SiteError, match='did you mean "title"'):
        load(collection.root)


@pytest.mark.parametrize("body", ["[x](javascript:alert)", "![x](ftp://example.org/x.png)", '<a href="data:text/html,x">y</a>'])
def test_a_link_with_an_unsafe_scheme_is_an_error(collection: Collection, body: str) -> None:
    collection.article("a", body)
    assert issue(collection, "unsafe-link").span.line == 5


def test_a_source_s_address_must_be_a_web_address(collection: Collection) -> None:
    collection.article("a", more='source: {url: "javascript:alert(1)"}\n')
    assert issue(collection, "unsafe-link").span.line == 4


def test_a_wiki_link_that_may_mean_two_records_names_both(collection: Collection) -> None:
    collection.article("a", "Met [[cook]].").record("people/cook", "Cook").record(
        "places/cook", "Cook", "location: {lat: 1, lon: 1}\n"
    )
    assert "people/cook or places/cook" in issue(collection, "ambiguous-link").message


def test_a_wiki_link_in_a_table_takes_a_label(collection: Collection) -> None:
    collection.article("a", "| Who |\n|---|\n| [[people/cook\\|the captain]] |").record("people/cook", "Cook").build()
    assert ">the captain</a>" in collection.page("/articles/a/")


def test_a_missing_title_is_told_beside_other_errors(collection: Collection) -> None:
    collection.write("articles/a.md", "---\ntitle:\ndate: never\n---\nText.\n")
    assert {"missing-key", "wrong-date"} <= set(collection.build().codes)


@pytest.mark.parametrize("output", ["content", "content/site", "themes", ".sitegen/site", ".git"])
def test_the_output_folder_keeps_apart_from_what_people_write(collection: Collection, output: str) -> None:
    collection.write("../sitegen.toml", f'title = "x"\noutput = "{output}"\n')
    with pytest.raises(SiteError, match="must be folders apart"):
        load(collection.root)


def test_a_wrong_value_in_pyproject_is_placed_in_our_table(collection: Collection) -> None:
    (collection.root / "sitegen.toml").unlink()
    collection.write("../pyproject.toml", '[project]\ndescription = "x"\n\n[tool.sitegen]\ndescription = 5\n')
    with pytest.raises(SiteError) as caught:
        load(collection.root)
    assert caught.value.issues[0].span.line == 5


def test_front_matter_that_is_never_closed_is_told_as_that(collection: Collection) -> None:
    collection.write("articles/a.md", "---\ntitle: A\n\nText.\n")
    found = issue(collection, "yaml")
    assert place(found) == ("content/articles/a.md", 1, 1) and "never closed" in found.message


def test_both_coordinates_are_looked_at(collection: Collection) -> None:
    collection.record("places/x", "X", "location: {lat: 95, lon: abc}\n")
    assert {"coordinates", "front-matter-type"} <= set(collection.build().codes)


def test_an_address_is_placed_where_it_is_one_and_not_where_its_letters_stand(collection: Collection) -> None:
    collection.article("a", "Text x first.\n\n<img src=x> end.")
    assert place(issue(collection, "dead-link"))[1:] == (7, 10)


def test_the_caret_stands_under_the_place_after_wide_characters() -> None:
    span = Span("a.md", 1, 3, 2, "電報xy")
    assert str(Issue("x", "m", span)).splitlines()[2] == "    |     ^^"


def test_a_clash_of_two_articles_is_told_once(collection: Collection) -> None:
    collection.article("a").article("b", more="slug: a\n")
    assert collection.build().codes == ["two-owners"]


def test_a_title_in_a_wiki_link_is_answered_with_its_id(collection: Collection) -> None:
    collection.article("a", "See [[The Cable]].").article("b", title="The Cable")
    assert "[[articles/b|The Cable]]" in issue(collection, "unknown-record").help


def test_a_source_that_changed_since_it_was_converted_is_a_warning(collection: Collection) -> None:
    collection.write("sources/a.txt", "new").article("a", more="source: {file: sources/a.txt, sha256: 0a}\n")
    assert issue(collection, "source-changed").severity == "warning"


def test_tags_that_share_an_address_are_a_warning(collection: Collection) -> None:
    collection.article("a", more='tags: ["C++", C]\n')
    assert issue(collection, "same-tag").severity == "warning"


@pytest.mark.parametrize(
    ("more", "code"), [("ids: {wikidata: 12}\n", "identifier"), ('begin: "2017"\nend: "2016"\n', "dates-out-of-order")]
)
def test_what_cannot_be_right_in_a_record_is_a_warning(collection: Collection, more: str, code: str) -> None:
    collection.record("people/x", "X", more)
    assert issue(collection, code).severity == "warning"


def test_a_text_that_markdown_gives_up_on_is_an_error_that_names_the_file(collection: Collection) -> None:
    collection.article("a", "- " * 600 + "x")
    assert issue(collection, "markdown").span.path == "content/articles/a.md"


def test_a_header_nested_thousands_deep_is_an_error_and_no_crash(collection: Collection) -> None:
    collection.write("articles/a.md", "---\ntitle: " + "[" * 30000 + "]" * 30000 + "\n---\n")
    assert "deep" in issue(collection, "yaml").message


@pytest.mark.parametrize("name", ["what#1.md", "100%.md", "a?.md"])
def test_a_file_name_that_no_address_can_hold_is_an_error(collection: Collection, name: str) -> None:
    collection.write(f"articles/{name}", "---\ntitle: A\n---\n")
    assert issue(collection, "file-name").span.path == f"content/articles/{name}"


def test_a_file_name_that_is_no_text_is_an_error(collection: Collection) -> None:
    collection.article("a")
    (collection.content / "images").mkdir()
    os.close(os.open(bytes(collection.content / "images") + b"/caf\xe9.png", os.O_CREAT))
    assert "file-name" in collection.build().codes


@pytest.mark.parametrize("text", ['url = "http://[x"\n', "[options]\nn = 99999999999999999999\n"])
def test_a_value_that_breaks_a_parser_is_an_issue(collection: Collection, text: str) -> None:
    collection.write("../sitegen.toml", text)
    with pytest.raises(SiteError):
        load(collection.root)


def test_a_table_of_a_like_name_in_pyproject_is_not_ours(collection: Collection) -> None:
    (collection.root / "sitegen.toml").unlink()
    collection.write("../pyproject.toml", "[tool.sitegenerator]\nx = 1\n")
    with pytest.raises(SiteError, match=r"no sitegen\.toml"):
        load(collection.root)


@pytest.mark.parametrize("status", ["reviewed", "suggested"])
def test_check_tells_of_a_record_that_nothing_names(status: str, collection: Collection) -> None:
    collection.article("a").record("people/x", "Nobody Named", f"status: {status}\n")
    with Memo.none() as memo:
        found = examine(load(collection.root), memo, Mode(TODAY))
    told = [(issue.code, issue.span.path, issue.span.line) for issue in found if issue.severity is not Severity.NOTE]
    assert told == [("unnamed-record", "content/people/x.md", 2)]


def test_a_place_on_a_very_long_line_keeps_what_stands_around_it() -> None:
    line = "x" * 5000 + "[[nobody]]" + "y" * 5000
    span = Span.on("a.md", 1, 5001, 10, line)
    assert len(span.excerpt) < 500 and span.excerpt[span.at :].startswith("[[nobody]]yy")
    shown, carets = str(Issue("a", "b", span)).split("\n")[1:3]
    assert shown.index("[[nobody]]") == carets.index("^") and carets.count("^") == 10
