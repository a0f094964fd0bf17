"""Addresses are for ever: the ledger of addresses. docs/publishing.md tells of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from sitegen.cli.commands import main
from sitegen.review.decide import Clerk, Verdict, decide, queue
from sitegen.review.files import commit
from sitegen.review.shelf import Draft, Shelf
from tests.support import Collection, files

HEAD = "url,first,goes_to,why\n"


def run(root: Path, *arguments: str) -> str:
    return CliRunner().invoke(main, ["-C", str(root), *arguments]).output


@pytest.fixture
def recorded(collection: Collection) -> Collection:
    collection.record("people/morse", "Morse").article("a", "Morse sailed.", more="tags: [sea]\n").article("b")
    run(collection.root, "addresses", "--record")
    return collection


def rows(collection: Collection) -> dict[str, str]:
    lines = (collection.content / "urls.csv").read_text().splitlines()
    return {line.partition(",")[0]: line for line in lines}


def say(collection: Collection, url: str, goes_to: str, why: str) -> None:
    """Do what the check asks for."""
    found = rows(collection) | {url: f"{url},2026-11-22,{goes_to},{why}"}
    collection.write("urls.csv", "\n".join(found.values()) + "\n")


def test_every_page_is_recorded_and_after_that_nothing_is_new_or_wrong(recorded: Collection) -> None:
    assert {"/", "/articles/", "/articles/a/", "/people/morse/", "/tags/sea/"} <= rows(recorded).keys()
    assert "0 recorded" in run(recorded.root, "addresses", "--record")
    assert recorded.build().codes == []


def test_a_build_does_not_write_the_ledger_and_does_not_publish_it(recorded: Collection) -> None:
    before = (recorded.content / "urls.csv").read_bytes()
    recorded.article("c").build()
    assert (recorded.content / "urls.csv").read_bytes() == before and not (recorded.site / "urls.csv").exists()


def test_a_lost_address_is_an_error_that_gives_the_line_to_write(recorded: Collection) -> None:
    recorded.delete("articles/b.md").article("bb")
    issue = next(issue for issue in recorded.build().report.issues if issue.code == "lost-address")
    assert (
        issue.span.path == "content/urls.csv"
        and rows(recorded)["/articles/b/"] in (recorded.content / "urls.csv").read_text().splitlines()[issue.span.line - 1]
    )
    assert issue.help.startswith("write instead: /articles/b/,") and issue.help.endswith(",/articles/bb/,say why")
    recorded.write("urls.csv", HEAD + issue.help.removeprefix("write instead: ") + "\n")
    assert recorded.build().report.ok


def test_in_the_preview_a_lost_address_is_a_warning_and_the_pages_are_those_of_now(recorded: Collection) -> None:
    assert recorded.build(preview=True).report.ok
    recorded.delete("articles/b.md").article("bb").article("a", "Morse sailed.")
    say(recorded, "/tags/sea/", "gone", "")
    shown = recorded.build(preview=True).report
    told = [(issue.code, str(issue.severity)) for issue in shown.issues]
    assert shown.ok and sorted(told)[-2:] == [("lost-address", "warning"), ("no-reason", "warning")]
    assert not recorded.has("/articles/b/") and any(",/articles/bb/,say why" in issue.help for issue in shown.issues)
    assert not recorded.build().report.ok
    assert CliRunner().invoke(main, ["-C", str(recorded.root), "check"]).exit_code == 1


def test_an_address_that_goes_elsewhere_leads_on_through_others(recorded: Collection) -> None:
    recorded.delete("articles/b.md").delete("articles/a.md").article("c", "Morse.", more="tags: [sea]\n")
    say(recorded, "/articles/a/", "/articles/b/", "renamed")
    say(recorded, "/articles/b/", "/articles/c/", "renamed again")
    recorded.build(target="netlify")
    assert 'url=../c/"' in recorded.page("/articles/a/") and 'url=../c/"' in recorded.page("/articles/b/")
    assert "/articles/a/ /articles/c/ 301!\n" in (recorded.site / "_redirects").read_text()


def test_what_is_gone_says_why_and_is_in_no_list(recorded: Collection) -> None:
    recorded.delete("articles/b.md")
    say(recorded, "/articles/b/", "gone", "Withdrawn <at the author's wish>.")
    recorded.build()
    assert "Withdrawn &lt;at the author&#39;s wish&gt;." in recorded.page("/articles/b/")
    assert "/articles/b/" not in (recorded.site / "sitemap.xml").read_text()


@pytest.mark.parametrize("why", ["", "say why"])
def test_what_is_gone_without_a_reason_is_an_error(why: str, recorded: Collection) -> None:
    recorded.delete("articles/b.md")
    say(recorded, "/articles/b/", "gone", why)
    assert recorded.build().codes == ["no-reason"]


def test_an_address_that_leads_in_a_circle_is_an_error(recorded: Collection) -> None:
    recorded.delete("articles/b.md")
    say(recorded, "/articles/b/", "/articles/x/", "x")
    say(recorded, "/articles/x/", "/articles/b/", "x")
    assert recorded.build().codes == ["lost-address", "lost-address"]


def test_an_address_in_use_again_is_told(recorded: Collection) -> None:
    say(recorded, "/articles/b/", "gone", "x")
    assert recorded.build().codes == ["address-in-use"]


@pytest.mark.parametrize("row", ["/../x/,2026,gone,x", "x", "/.git/,2026,gone,x", "/a/,2026,//evil/,x", "/a/,2026,https://e.org/,x",
                                 '"/a/,2026', "/a\x07/,2026,gone,x", "/" + "a" * 3000 + "/,2026,gone,x"])  # fmt: skip
def test_what_is_no_row_is_an_error_at_its_line(recorded: Collection, row: str) -> None:
    recorded.write("urls.csv", f"{HEAD}{row}\n")
    (issue,) = recorded.build().report.issues
    assert (issue.code, issue.span.line) == ("ledger-row", 2)


def test_after_each_edit_of_the_ledger_an_incremental_build_is_a_clean_one(recorded: Collection) -> None:
    recorded.delete("articles/b.md")
    for target, why in (("gone", "x"), ("gone", "y"), ("/articles/a/", ""), ("/people/morse/", "z")):
        say(recorded, "/articles/b/", target, why)
        assert recorded.build().report.ok
        recorded.clean_build(recorded.root / "clean")
        assert files(recorded.site) == files(recorded.root / "clean")
    recorded.record("people/morse", "Samuel Morse", "aliases: [Morse]\n").build()
    recorded.clean_build(recorded.root / "clean")
    assert files(recorded.site) == files(recorded.root / "clean")


def test_of_what_is_private_no_page_tells_where_its_address_would(recorded: Collection) -> None:
    recorded.article("a", "Nobody sailed.", more="tags: [sea]\n").record("people/cooke", "Cooke").article("b", "Cooke.")
    recorded.record("people/morse", "Morse", "visibility: private\n")
    assert recorded.build().codes == ["lost-address"]
    say(recorded, "/people/morse/", "gone", "Withdrawn on request.")
    recorded.build(target="netlify")
    assert not recorded.has("/people/morse/")
    assert not [path for path, data in files(recorded.site).items() if b"morse" in data.lower() or "morse" in path]


def test_a_reason_that_names_what_is_private_is_not_published(recorded: Collection) -> None:
    recorded.record("people/cooke", "Cooke").article("a", "Cooke.", more="tags: [sea]\n").delete("articles/b.md")
    recorded.record("people/morse", "Morse", "visibility: private\n")
    say(recorded, "/people/morse/", "gone", "Withdrawn on request.")
    say(recorded, "/articles/b/", "gone", "It told of Morse.")
    assert recorded.build().codes == ["private-shown"]


@pytest.mark.parametrize(
    ("word", "target", "row", "shown"),
    [("reject", "", ",gone,", "not confirmed"), ("stop", "", ",gone,", "not confirmed"),
     ("alias", "people/morse", ",/people/morse/,", "url=../morse/"), ("merge", "people/morse", ",,", "url=../morse/")],
)  # fmt: skip
def test_a_decision_on_a_record_says_what_becomes_of_its_address(
    collection: Collection, word: str, target: str, row: str, shown: str
) -> None:
    # Morse and Field stay, and the page of who is named with whom with them.
    collection.record("people/morse", "Morse").record("people/field", "Field").article("a", "Morse met Vail and Field.")
    collection.record("people/vail", "Vail", "status: suggested\n")
    run(collection.root, "addresses", "--record")
    before = rows(collection)
    shelf = Shelf(collection.content)
    draft = Draft(shelf)
    decide(
        draft, queue(shelf)[0], Verdict(word, target), Clerk("me", "2026-11-23T00:00:00Z", "a reason of the house"), ["people"]
    )
    commit(collection.content, collection.root / ".sitegen", "the decision", draft.changes)
    assert row in rows(collection)["/people/vail/"]
    assert {**rows(collection), "/people/vail/": ""} == {**before, "/people/vail/": ""}
    assert [issue.message for issue in collection.build().report.issues] == [] and shown in collection.page("/people/vail/")
    assert "of the house" not in collection.page("/people/vail/")


def test_a_rename_and_a_merge_lose_no_recorded_address(collection: Collection) -> None:
    collection.record("people/morse", "Morse").record("people/field", "Field").article("a", "Morse met Vail and Field.")
    collection.record("people/vail", "Vail")
    run(collection.root, "addresses", "--record")
    assert "Done." in run(collection.root, "rename", "people/vail", "people/alfred-vail", "--yes")
    assert collection.build().codes == [] and "url=../alfred-vail/" in collection.page("/people/vail/")
    assert "Done." in run(collection.root, "merge", "people/alfred-vail", "people/morse", "--yes")
    assert collection.build().codes == [] and "url=../morse/" in collection.page("/people/vail/")


def test_a_part_of_a_page_that_lists_less_than_before_leads_to_the_page_without_a_word(recorded: Collection) -> None:
    more = "/people/morse/1858/,2026-01-01,,\n/people/gone/1858/,2026-01-01,,\n/people/gone/,2026-01-01,gone,Withdrawn.\n"
    recorded.write("urls.csv", (recorded.content / "urls.csv").read_text() + more)
    assert recorded.build(target="netlify").codes == []
    assert "/people/morse/1858/ /people/morse/ 301!" in recorded.page("/_redirects")
    assert 'href="../"' in recorded.page("/people/morse/1858/") and "Withdrawn." in recorded.page("/people/gone/1858/")
    recorded.write("urls.csv", HEAD + "/people/nobody/1858/,2026-01-01,,\n")
    assert recorded.build().codes == ["lost-address"]
