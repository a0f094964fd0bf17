"""What `sitegen check` alone looks for: each finding with its place, a fact and a remedy, and none where nothing is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner

from sitegen.build import pipeline
from sitegen.build.memo import Memo
from sitegen.build.run import Mode
from sitegen.cli.commands import main
from sitegen.config import load
from sitegen.errors import Issue
from sitegen.model.lookalikes import disguised, turned
from tests.support import TODAY, Collection

SOURCE = "source: {publisher: The Times, licence: CC0}\n"


def checked(collection: Collection) -> tuple[Issue, ...]:
    with Memo.none() as memo:
        return pipeline.examine(load(collection.root), memo, Mode(TODAY))


def of(collection: Collection, code: str) -> list[Issue]:
    return [issue for issue in checked(collection) if issue.code == code]


def test_nothing_is_told_of_a_collection_in_which_nothing_is_wrong(collection: Collection) -> None:
    collection.article("a", "Morse sailed to Paris. ![The ship](../images/a.svg)", date="1858", more=SOURCE)
    collection.record("people/morse", "Morse", "begin: 1791\nend: 1872\n").write("images/a.svg", "<svg/>").write(
        "favicon.ico", "x"
    )
    collection.record("places/paris", "Paris", "location: {lat: 48.86, lon: 2.35}\nids: {geonames: 2988507}\n")
    assert checked(collection) == ()


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ("updated: 1857\n", (4, 10)),
        ("corrections:\n- {date: 1858-08-15, text: A name.}\n", (5, 1)),
        ("source: {publisher: P, licence: L, retrieved: 1858-08-01}\n", (4, 47)),
    ],
)
def test_what_happened_to_an_article_before_its_own_date_is_told(
    collection: Collection, more: str, place: tuple[int, int]
) -> None:
    (issue,) = of(collection.article("a", date="1858-08-16", more=more), "dates-out-of-order")
    assert (issue.span.path, (issue.span.line, issue.span.column)) == ("content/articles/a.md", place)
    assert "1858-08-16" in issue.message and issue.help


@pytest.mark.parametrize(
    "more", ["updated: 1858\n", "updated: 1858-08\n", "updated: 2026-11-01\n", "source: {retrieved: soon}\n"]
)
def test_dates_that_may_be_in_order_are_let_be(collection: Collection, more: str) -> None:
    assert of(collection.article("a", date="1858-08-16", more=more), "dates-out-of-order") == []


@pytest.mark.parametrize(
    ("born", "told"), [("1859", True), ("1858-08-17", True), ("1858-08", False), ("1858", False), ("1791", False)]
)
def test_a_person_named_before_birth_is_told_with_the_line(collection: Collection, born: str, told: bool) -> None:
    collection.article("a", "Rain.\n\nMorse sailed.", date="1858-08-16").record("people/morse", "Morse", f"begin: {born}\n")
    found = of(collection, "before-birth")
    assert [(issue.span.path, issue.span.line) for issue in found] == [("content/articles/a.md", 7)] * told


def test_an_event_or_a_company_may_be_named_before_it_begins(collection: Collection) -> None:
    collection.article("a", "Before the Exhibition.", date="1850").record("events/exhibition", "Exhibition", "begin: 1851\n")
    assert of(collection, "before-birth") == []


@pytest.mark.parametrize(
    ("name", "location", "words"),
    [
        ("Paris", "{lat: 2.35, lon: 48.86}", "swapped"),
        ("New York City", "{lat: 40.71, lon: 74.01}", "the longitude seems to lack its sign"),
        ("Sydney", "{lat: 33.87, lon: 151.21}", "the latitude seems to lack its sign"),
        ("Buenos Aires", "{lat: 34.61, lon: 58.38}", "both seem to lack their sign"),
        ("Nowhere at All", "{lat: 0, lon: 0}", "0, 0, in the sea"),
    ],
)
def test_a_slip_of_the_pen_in_a_point_is_told_by_the_gazetteer(
    collection: Collection, name: str, location: str, words: str
) -> None:
    collection.article("a", f"To {name}.").record("places/p", name, f"location: {location}\n")
    (issue,) = of(collection, "odd-coordinates")
    assert words in issue.message and (issue.span.line, issue.span.column) == (3, 11) and issue.help


def test_a_point_far_from_the_town_of_its_identifier_is_told(collection: Collection) -> None:
    collection.record("places/paris", "Paris", "location: {lat: 33.66, lon: -95.55}\nids: {geonames: 2988507}\n")
    (issue,) = of(collection, "odd-coordinates")
    assert "km from where GeoNames has 2988507" in issue.message


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("Paris", "location: {lat: 33.66, lon: -95.55}\n"),  # in Texas
        ("Hamnavoe Wick", "location: {lat: 10, lon: 20}\n"),  # which the gazetteer does not have
        ("Canada", "location: {lat: 56, lon: -106}\nids: {geonames: 6251999}\n"),
        ("Russia", "location: {lat: 55.75, lon: 37.6}\n"),
    ],
)
def test_a_point_that_may_be_right_is_let_be(collection: Collection, name: str, more: str) -> None:
    assert of(collection.record("places/p", name, more), "odd-coordinates") == []


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("See ![](../images/a.svg).", True),
        ("See ![ ](../images/a.svg).", True),
        ('<img src="/images/a.svg">', True),
        ("See ![A ship](../images/a.svg).", False),
        ('<img role="presentation" alt="" src="/images/a.svg">', False),
    ],
)
def test_an_image_without_words_in_its_place_is_told(collection: Collection, body: str, told: bool) -> None:
    collection.write("../sitegen.toml", 'title = "T"\nraw_html = true\n').write("images/a.svg", "<svg/>").article("a", body)
    found = of(collection, "no-alt")
    assert [(issue.span.path, issue.span.line) for issue in found] == [("content/articles/a.md", 5)] * told
    assert all(issue.span.excerpt[issue.span.column - 1 :].startswith(("../images/a.svg", "/images/a.svg")) for issue in found)


@pytest.mark.parametrize(("date", "severity"), [("1858-08-16", "warning"), ("1870", "note")])
def test_titles_that_are_borne_twice_are_told_once(collection: Collection, date: str, severity: str) -> None:
    collection.article("a", title="The Cable").article("b", title="The cable!", date=date)
    (issue,) = of(collection, "same-title")
    assert (issue.severity, issue.span.line, issue.span.column) == (severity, 2, 8)


def test_files_that_nothing_leads_to_are_told_and_others_are_not(collection: Collection) -> None:
    for name in ("seen", "named", "styled", "own", "alone"):
        collection.write(f"images/{name}.png", "x")
    collection.write("../sitegen.toml", 'title = "T"\n[options]\nlogo = "/images/named.png"\n')
    collection.write("extra/a.css", "p { background: url(../images/styled.png) }").write("extra/p.html", '<link href="a.css">')
    collection.article("a", "![x](../images/seen.png)", more="extra: {picture: own.png}\n").write("README.txt", "Ours.")
    assert [issue.span.path for issue in of(collection, "unused-file")] == ["content/images/alone.png"]


def test_sources_that_no_article_is_made_of_are_told_by_the_folder_where_they_are_many(collection: Collection) -> None:
    collection.write("sources/a.txt", "A").write("sources/b.txt", "B").article("a", more="source: {file: sources/a.txt}\n")
    assert [issue.span.path for issue in of(collection, "unused-source")] == ["content/sources/b.txt"]
    for number in range(11):
        collection.write(f"sources/c/{number}.txt", str(number))
    found = of(collection, "unused-source")
    assert [(issue.span.path, issue.message[:8]) for issue in found] == [
        ("content/sources/b.txt", "this fil"),
        ("content/sources/c", "11 files"),
    ]


def test_what_all_articles_lack_is_told_once_and_what_one_lacks_at_its_place(collection: Collection) -> None:
    for name in ("a", "b", "c"):
        collection.article(name)
    assert [(issue.span.path, issue.message) for issue in checked(collection) if issue.code == "no-licence"] == [
        ("sitegen.toml", "no article says on what terms it may be used")
    ]
    collection.article("a", more=SOURCE).article("b", more=SOURCE)
    found = [issue for issue in checked(collection) if issue.code in ("no-licence", "no-origin")]
    assert [(issue.span.path, issue.span.line, str(issue.severity)) for issue in found] == [
        ("content/articles/c.md", 2, "note")
    ] * 2
    collection.write("../sitegen.toml", 'title = "T"\nlicence = "CC0"\n')
    assert of(collection, "no-licence") == []


def test_what_the_configuration_ignores_is_not_told_and_errors_are(collection: Collection) -> None:
    collection.article("a", "[x](nowhere.md)").write(
        "../sitegen.toml", 'title = "T"\n[check]\nignore = ["no-licence", "no-origin", "dead-link"]\n'
    )
    assert [issue.code for issue in checked(collection)] == ["dead-link"]


@pytest.mark.parametrize("value", ["3", '{ ignore = "x" }', "{ other = [] }"])
def test_a_wrong_list_of_what_to_ignore_is_placed(collection: Collection, value: str) -> None:
    collection.write("../sitegen.toml", f"check = {value}\n")
    done = CliRunner().invoke(main, ["-C", str(collection.root), "check"])
    assert done.exit_code == 2 and "sitegen.toml:1:1: error[configuration]" in done.output


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("plain", []),
        ("a \u202egnp.exe", [2]),
        ("a \u202egnp\u202c.exe", [2]),
        ("a \u2067אב\u2069 b", []),
        ("a \u2067אב b", [2]),
        ("a \u202bאב\u202c b \u2066c", [9]),
        ("\u2069\u202c", []),
    ],
)
def test_overrides_and_what_is_never_ended_turn_a_line(line: str, at: list[int]) -> None:
    assert turned(line) == at


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Paris, Париж, Παρίσι", []),
        ("Раris", ["Раris"]),  # the first two are Cyrillic
        ("see https://аpple.com/", ["аpple"]),
        ("β-carotene, the αCMOS, 5 µm, Wi-Fi-сеть", []),
        ("pаypаl and pаypаl", ["pаypаl", "pаypаl"]),
    ],
)
def test_words_of_two_scripts_that_look_like_one_are_disguised(text: str, words: list[str]) -> None:
    assert [word for _, word in disguised(text)] == words


@pytest.mark.parametrize(
    ("write", "path", "place"),
    [
        (lambda c: c.article("a", "Rain.\n\nA \u202egnp.exe"), "articles/a.md", (7, 3)),
        (lambda c: c.article("a", title="A \u202eeltit"), "articles/a.md", (2, 10)),
        (lambda c: c.article("a", "An &#x202E;gnp."), "articles/a.md", (5, 4)),
        (lambda c: c.record("people/m", "Mo\u202erse"), "people/m.md", (2, 9)),
        (lambda c: c.article("a").write("articles/a.notes.yaml", "notes:\n- {id: n, quote: Text, body: \u202ex}\n"),
         "articles/a.notes.yaml", (2, 30)),
    ],
)  # fmt: skip
def test_signs_that_turn_a_text_are_told_wherever_they_stand(
    collection: Collection, write: Callable[[Collection], object], path: str, place: tuple[int, int]
) -> None:
    write(collection)
    (issue,) = of(collection, "hidden-direction")
    assert (issue.span.path, (issue.span.line, issue.span.column)) == (f"content/{path}", place)


def test_a_text_full_of_such_signs_is_told_in_a_few_findings(collection: Collection) -> None:
    collection.article("a", "\u202ex\n" * 5000 + "".join(f"Раris{chr(97 + n % 26)}{chr(97 + n // 26)} " for n in range(300)))
    found = checked(collection)
    assert len([issue for issue in found if issue.code in ("hidden-direction", "look-alike")]) == 22


def test_two_records_whose_names_look_alike_may_be_one(collection: Collection) -> None:
    collection.record("people/morse", "Morse").record("people/other", "Моrsе").article("a", "Morse, Моrsе.")
    assert {"near-duplicate", "look-alike"} <= {issue.code for issue in checked(collection)}


def everything_wrong(collection: Collection) -> Collection:
    collection.article(
        "a", "Раris ![](../images/a.svg) \u202ex. [x](gone.md) Morse.", title="T", more="updated: 1850\ntags: [C]\n"
    )
    collection.article("b", "[y](a.md#nowhere) [[nobody]]", title="T", more="tags: [C++]\n").write("images/a.svg", "<svg/>")
    collection.record("people/morse", "Morse", "begin: 1900\nend: 1850\n").record("people/mors", "Mørse")
    collection.record("places/paris", "Paris", "location: {lat: 2.35, lon: 48.86}\n").record("places/x", "Xy", "ids: {viaf: x}\n")
    collection.write("images/b.svg", "<svg/>").write("sources/s.txt", "S").write("nul.txt", "x")
    return collection.write("urls.csv", "url,first,goes_to,why\n/articles/zz/,2026-11-22,,\n")


# Findings about a file as such, or about many at once, have no line.
OF_A_FILE = {"unused-file", "unused-source", "odd-name", "no-origin", "no-licence"}


def test_every_finding_has_a_place_a_fact_and_a_remedy(collection: Collection) -> None:
    found = checked(everything_wrong(collection))
    assert len({issue.code for issue in found}) >= 17, sorted({issue.code for issue in found})
    for issue in found:
        assert issue.message and issue.help and (collection.root / issue.span.path).exists(), issue
        assert (issue.span.line and issue.span.column) or issue.code in OF_A_FILE, issue


def test_findings_come_as_json_and_as_commands_of_github(collection: Collection) -> None:
    root = str(everything_wrong(collection).root)
    told = json.loads(CliRunner().invoke(main, ["-C", root, "check", "--format", "json"]).output)
    lines = CliRunner().invoke(main, ["-C", root, "check", "--format", "github"]).output.splitlines()
    assert (
        len(told) == len(lines) and {"path", "line", "column", "code", "severity", "message", "help", "length"} == told[0].keys()
    )
    assert all(line.startswith(("::error file=", "::warning file=", "::notice file=")) for line in lines)


def test_records_merged_in_a_circle_are_told_and_those_merged_into_a_private_one_are_not(collection: Collection) -> None:
    collection.article("a", "Nobody.", more=SOURCE).record("people/a", "Ann", "merged_into: people/b\n")
    collection.record("people/b", "Bess", "visibility: private\n")
    assert of(collection, "merge-circle") == []
    collection.record("people/b", "Bess", "merged_into: people/a\n")
    assert len(of(collection, "merge-circle")) == 2
