"""The build as a person meets it: what it renders, what it leaves alone, what it removes."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from sitegen.build import listing
from sitegen.build.lock import locked
from sitegen.errors import SiteError
from tests.support import Collection, files


def test_an_article_gets_a_page_with_its_text(collection: Collection) -> None:
    collection.article("a", "Cable news.").build()
    assert "Cable news." in collection.page("/articles/a/")


def test_a_second_build_of_an_unchanged_collection_writes_nothing(collection: Collection) -> None:
    collection.article("a").build()
    again = collection.build()
    assert (again.rendered, again.removed) == (set(), set())


def test_the_list_of_files_is_written_once_where_nothing_goes(collection: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    lists: list[int] = []
    write = listing.write
    monkeypatch.setattr(listing, "write", lambda folder, hashes: (lists.append(len(hashes)), write(folder, hashes)))
    collection.article("a").article("b").build()
    first = len(lists)
    collection.delete("articles/b.md").build()
    assert first == 1 and lists[-1] < lists[0]


def test_retitling_an_article_rerenders_the_articles_it_links_to(collection: Collection) -> None:
    collection.article("a", "See [b](b.md).", title="Old").article("b", date="1859").article("c", date="1860").article(
        "d", date="1861"
    ).build()
    report = collection.article("a", "See [b](b.md).", title="New").build()
    assert "/articles/b/" in report.rendered and "/articles/d/" not in report.rendered


def test_a_body_edit_that_moves_no_fact_renders_one_page(collection: Collection) -> None:
    said = "summary: About cables.\n"
    collection.article("a", "Old words.", more=said).article("b").build()
    assert collection.article("a", "New words.", more=said).build().rendered == {"/articles/a/"}


def test_deleting_an_article_removes_its_page(collection: Collection) -> None:
    collection.article("a").article("b").build()
    assert "/articles/a/" in collection.delete("articles/a.md").build().removed


def test_deleting_an_article_removes_the_pages_of_what_only_it_named(collection: Collection) -> None:
    collection.article("a", "Morse met Field.").article("b", "Field left.", date="1870")
    collection.record("people/morse", "Morse").record("people/field", "Field").build()
    assert {"/articles/a/", "/people/morse/"} == collection.delete("articles/a.md").build().removed - {"/years/1858/"}


def test_a_record_named_only_in_the_note_of_a_named_one_has_a_page(collection: Collection) -> None:
    collection.article("a", "Morse sailed.").record("people/morse", "Morse", body="He knew [[people/vail|Vail]].")
    collection.record("people/vail", "Vail", body="He knew Henry.").record("people/henry", "Henry").record(
        "people/x", "Nobody"
    ).build()
    assert [collection.has(f"/people/{name}/") for name in ("morse", "vail", "henry", "x")] == [True, True, True, False]


def test_deleting_a_record_unlinks_the_passages_that_named_it(collection: Collection) -> None:
    collection.article("a", "Morse sailed.").record("people/morse", "Morse").build()
    collection.delete("people/morse.md").build()
    assert "people/morse" not in collection.page("/articles/a/")


def test_a_record_edit_changes_every_page_that_shows_it(collection: Collection) -> None:
    collection.article("a", "Morse sailed.").article("b", date="1870").record("people/morse", "Morse").build()
    report = collection.record("people/morse", "Morse", "role: Painter\n").build()
    assert {"/articles/a/", "/people/morse/", "/people/"} <= report.rendered and "/articles/b/" not in report.rendered


def test_a_record_page_quotes_the_sentence_that_names_it_with_a_link_to_the_paragraph(collection: Collection) -> None:
    collection.article("a", "Rain fell. Then Morse sent four words. Nobody slept.").record("people/morse", "Morse").build()
    page = collection.page("/people/morse/")
    assert "sent four words." in page and "Nobody slept" not in page and "articles/a/#p-" in page


def test_a_draft_stays_out_unless_asked_for(collection: Collection) -> None:
    collection.article("a", more="draft: true\n").build()
    assert not collection.has("/articles/a/")
    collection.build(drafts=True)
    assert collection.has("/articles/a/")


def test_an_article_of_a_later_date_stays_out(collection: Collection) -> None:
    collection.article("a", date="2026-11-23").article("b", date="2026-11-22").article("c", date="2026-12").build()
    assert [collection.has(f"/articles/{name}/") for name in "abc"] == [False, True, False]


def test_a_rejected_record_has_no_page_and_is_not_linked(collection: Collection) -> None:
    collection.article("a", "Morse sailed.").record("people/morse", "Morse", "status: rejected\n").build()
    assert not collection.has("/people/morse/") and "people/morse" not in collection.page("/articles/a/")


def test_a_merged_record_leads_on_and_its_names_mean_the_other(collection: Collection) -> None:
    collection.article("a", "Kelvin dined.").record("people/thomson", "William Thomson")
    collection.record("people/kelvin", "Kelvin", "merged_into: people/thomson\n").build()
    assert "../thomson/" in collection.page("/people/kelvin/") and "people/thomson" in collection.page("/articles/a/")


def test_the_source_text_is_published_byte_for_byte(collection: Collection) -> None:
    collection.write("sources/a.txt", b"caf\xe9\r\n").article("a", more="source: {file: sources/a.txt}\n").build()
    assert (collection.site / "articles/a/source.txt").read_bytes() == b"caf\xe9\r\n"


def test_a_file_that_sitegen_did_not_write_is_left_alone(collection: Collection) -> None:
    collection.article("a").build()
    (collection.site / "CNAME").write_text("example.org")
    collection.article("b").build()
    assert (collection.site / "CNAME").read_text() == "example.org"


def test_a_foreign_file_in_a_page_s_place_is_an_error_and_survives(collection: Collection) -> None:
    collection.article("a")
    collection.site.mkdir()
    (collection.site / "robots.txt").write_text("mine")
    assert "not-ours" in collection.build().codes and (collection.site / "robots.txt").read_text() == "mine"


def test_a_page_that_vanished_from_the_output_is_written_again(collection: Collection) -> None:
    collection.article("a").build()
    (collection.site / "articles/a/index.html").unlink()
    assert collection.build().rendered == {"/articles/a/"}


def test_a_page_that_was_edited_in_the_output_is_mended(collection: Collection) -> None:
    collection.article("a").build()
    (collection.site / "articles/a/index.html").write_text("vandalised")
    collection.build()
    assert "vandalised" not in collection.page("/articles/a/")


def test_errors_leave_the_site_as_it_was(collection: Collection) -> None:
    collection.article("a").build()
    before = files(collection.site)
    report = collection.article("a", "Changed, and [dead](b.md).").build()
    assert report.report.synced is None and files(collection.site) == before


def test_a_lost_memo_costs_nothing_but_time(collection: Collection) -> None:
    collection.article("a").build()
    for file in (collection.root / ".sitegen").iterdir():
        file.unlink()
    assert collection.build().rendered == set()


def test_a_broken_memo_is_made_anew_with_a_word(collection: Collection) -> None:
    collection.article("a").build()
    for file in (collection.root / ".sitegen").iterdir():
        file.unlink()
    (collection.root / ".sitegen/memo.db").write_bytes(b"garbage" * 1000)
    built = collection.build()
    assert "made anew" in built.report.note and built.rendered == set()


def test_links_work_below_a_path_when_they_are_absolute(collection: Collection) -> None:
    collection.write("../sitegen.toml", 'title = "T"\nurl = "https://user.github.io/repo/"\nlinks = "absolute"\n')
    collection.article("a", "See [b](b.md).").article("b").build()
    assert 'href="/repo/articles/b/"' in collection.page("/articles/a/")


def test_links_are_relative_by_default(collection: Collection) -> None:
    collection.article("a", "See [b](b.md).").article("b").build()
    assert 'href="../b/"' in collection.page("/articles/a/")


def test_a_kind_that_configuration_adds_has_an_index_and_pages(collection: Collection) -> None:
    collection.write("../sitegen.toml", 'title = "T"\n[kinds.ships]\nlabel = "Vessels"\nsingular = "vessel"\n')
    collection.article("a", "The Niagara sailed.").record("ships/niagara", "Niagara").build()
    assert "Niagara" in collection.page("/ships/") and "Vessels" in collection.page("/ships/")


@pytest.mark.parametrize("address", ["/", "/articles/", "/years/1858/", "/people/", "/tags/", "/tags/war/", "/about/"])
def test_every_kind_of_page_is_there(collection: Collection, address: str) -> None:
    collection.article("a", "Morse.", more="tags: [war]\n").record("people/morse", "Morse")
    collection.write("pages/about.md", "---\ntitle: About\n---\nHello.").build()
    assert collection.has(address)


def test_robots_sitemap_feed_and_404_are_published(collection: Collection) -> None:
    collection.article("a").build()
    assert {"robots.txt", "sitemap.xml", "feed.xml", "404.html"} <= set(files(collection.site))


def test_the_page_called_index_introduces_the_home_page(collection: Collection) -> None:
    collection.article("a").write("pages/index.md", "---\ntitle: Welcome\n---\nRead *slowly*.").build()
    assert "Read <em>slowly</em>." in collection.page("/") and not collection.has("/index/")


def test_drafts_and_later_articles_show_where_drafts_are_asked_for(collection: Collection) -> None:
    collection.article("a", date="2030").article("b", more="draft: true\n").build(drafts=True)
    assert collection.has("/articles/a/") and collection.has("/articles/b/")


def test_a_file_may_become_a_folder_and_a_folder_a_file(collection: Collection) -> None:
    collection.write("data", "a file").build()
    collection.delete("data").write("data/list.csv", "a,b").build()
    assert (collection.site / "data/list.csv").read_text() == "a,b"
    (collection.content / "data/list.csv").unlink()
    (collection.content / "data").rmdir()
    collection.write("data", "a file").build()
    assert (collection.site / "data").read_text() == "a file"


def test_a_merged_record_s_own_address_leads_on(collection: Collection) -> None:
    collection.article("a", "Kelvin dined.").record("people/thomson", "William Thomson")
    collection.record("people/kelvin", "Kelvin", "merged_into: people/thomson\nslug: lord-kelvin\n").build()
    assert collection.has("/people/lord-kelvin/")


def test_a_link_by_address_or_by_stem_counts_as_a_link(collection: Collection) -> None:
    collection.article("a", "See [b](/articles/b/).").article("c", "See [[b]].").article("b").build()
    assert {"../a/", "../c/"} <= set(re.findall(r'href="([^"]+)"', collection.page("/articles/b/").partition("Linked from")[2]))


def test_an_unpublished_link_keeps_its_words_and_leads_nowhere(collection: Collection) -> None:
    collection.article("a", "See [[people/no|the Senator]] and [b](b.md).").article("b", more="draft: true\n")
    built = collection.record("people/no", "No", "status: rejected\n").build()
    page = collection.page("/articles/a/")
    assert (
        built.codes == ["unpublished-link", "unpublished-link"]
        and "the Senator" in page
        and "wiki:" not in page
        and "b.md" not in page
    )


def test_two_builds_at_once_are_refused_with_a_word(collection: Collection) -> None:
    collection.article("a")
    with locked(collection.root / ".sitegen"), pytest.raises(SiteError, match="another sitegen"):
        collection.build()


def test_trusting_html_changes_every_page_that_shows_the_text(collection: Collection, tmp_path: Path) -> None:
    collection.article(
        "a", "<object data=x><p>Your browser shows no such thing, and says so at some length.</p></object>"
    ).build()
    collection.write("../sitegen.toml", 'title = "Test"\nurl = "https://example.org/"\nraw_html = true\n').build()
    collection.clean_build(tmp_path / "clean")
    assert files(collection.site) == files(tmp_path / "clean")


def test_a_file_where_a_folder_must_be_is_an_error_before_anything_changes(collection: Collection) -> None:
    collection.article("a").build()
    (collection.site / "people").write_text("mine")
    before = files(collection.site)
    built = collection.article("b", "Morse.").delete("articles/a.md").record("people/x", "Morse").build()
    assert built.codes == ["not-ours"] and files(collection.site) == before


def test_a_file_that_is_ours_byte_for_byte_is_taken_for_ours(collection: Collection) -> None:
    collection.article("a").build()
    shutil.rmtree(collection.root / ".sitegen")
    (collection.site / ".sitegen.sha256").unlink()
    assert collection.build().report.ok  # as where a site was fetched back from its host
    assert collection.delete("articles/a.md").build().removed >= {"/articles/a/"}


def test_a_folder_of_somebody_else_s_is_not_swept_away_for_a_file(collection: Collection) -> None:
    collection.article("a").build()
    (collection.site / "notes").mkdir()
    (collection.site / "notes" / "mine.txt").write_text("mine")
    assert collection.write("notes", "a file").build().codes == ["not-ours"]


def test_a_link_in_a_page_s_place_is_not_followed(collection: Collection, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.txt").write_text("mine")
    collection.site.mkdir()
    (collection.site / "robots.txt").symlink_to(tmp_path / "elsewhere.txt")
    assert collection.article("a").build().codes == ["not-ours"] and (tmp_path / "elsewhere.txt").read_text() == "mine"


def test_a_renamed_spelling_leaves_one_file(collection: Collection) -> None:
    collection.write("images/Ship.png", b"x").build()
    (collection.content / "images/Ship.png").rename(collection.content / "images/ship.png")
    collection.build()
    assert sorted(path.name for path in (collection.site / "images").iterdir()) == ["ship.png"]


def test_an_emptied_ledger_does_not_make_our_files_foreign(collection: Collection) -> None:
    collection.article("a").build()
    (collection.site / ".sitegen.sha256").write_text("")
    assert collection.article("a", "New.").build().report.ok


def test_a_memo_damaged_in_the_middle_is_done_without_and_then_made_anew(collection: Collection) -> None:
    for number in range(30):
        collection.article(f"a{number}", "Words. " * 400)
    collection.build()
    memo = collection.root / ".sitegen/memo.db"
    data = memo.read_bytes()
    memo.write_bytes(data[:8192] + b"\x7f" * (len(data) - 8192))
    assert collection.article("b").build().report.ok and collection.build().report.note == ""


def test_a_record_in_a_folder_that_is_no_kind_is_an_error_even_where_it_is_named(collection: Collection) -> None:
    assert "unknown-kind" in collection.article("a", "Morse.").record("peeple/morse", "Morse").build().codes


def test_the_collection_s_own_robots_txt_stands(collection: Collection) -> None:
    collection.article("a").write("robots.txt", "User-agent: *\nDisallow: /\n").build()
    assert "Disallow" in (collection.site / "robots.txt").read_text()


def test_a_theme_s_file_and_the_feed_can_be_linked(collection: Collection) -> None:
    assert collection.article("a", "[feed](/feed.xml) ![icon](/assets/icon.svg)").build().codes == []


def test_links_among_folders_that_go_round_do_not_go_on_for_ever(collection: Collection) -> None:
    collection.article("a").write("x/1.txt", "1").write("y/2.txt", "2")
    (collection.content / "x/y").symlink_to(collection.content / "y")
    (collection.content / "y/x").symlink_to(collection.content / "x")
    assert collection.build().report.ok


def test_a_long_tag_has_an_address(collection: Collection) -> None:
    collection.article("a", more="tags: [" + "電信の歴史と海底の線 " * 20 + "]\n")
    assert collection.build().report.ok


def test_a_heading_of_the_first_rank_in_a_text_moves_below_the_title(collection: Collection) -> None:
    collection.article("a", "# Part\n\n## Section\n\nText.").build()
    page = collection.page("/articles/a/")
    assert page.count("<h1") == 1 and '<h3 id="section"' in page
