"""A paragraph that was cited goes on working: the ledger of paragraphs. docs/publishing.md tells of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from sitegen.annotate.paragraphs import placed, sketch
from sitegen.cli.commands import main
from sitegen.markup.markdown import convert
from sitegen.markup.parse import paragraph_id, parse
from sitegen.model.paragraphs import Recorded, cell_of, paragraphs, read, written
from tests.support import Collection, files

LAYING = "In August 1858 two ships met in the middle of the ocean and spliced the cable that they had brought from both shores."
QUEEN = "The Queen sent her greetings to the President, and the transmission of that short message took more than sixteen hours."
SILENCE = "After three weeks the signals grew faint, and in the first days of September the line fell silent for good."
NEXT = "Eight years passed until the largest ship of the world laid another one, which worked from the first day."


def run(root: Path, *arguments: str) -> str:
    return CliRunner().invoke(main, ["-C", str(root), *arguments], catch_exceptions=False).output


def text(*given: str) -> str:
    return "\n\n".join(given)


def led(collection: Collection, name: str = "a") -> dict[str, str]:
    """Where the former ids of an article's page lie: by id, the first words of the block that holds it."""
    page = collection.page(f"/articles/{name}/")
    found = re.findall(r'<(?:p|li|td|h2|pre|dd)\b[^>]*>((?:<span class="was" id="[^"]+"></span>)+)([^<]*)', page)
    return {old: words[:12] for spans, words in found for old in re.findall(r'id="([^"]+)"', spans)}


@pytest.fixture
def published(collection: Collection) -> Collection:
    collection.article("a", text(LAYING, QUEEN, SILENCE, NEXT))
    run(collection.root, "addresses", "--record")
    return collection


def test_what_was_recorded_needs_no_anchor_and_is_not_published(published: Collection) -> None:
    built = published.build()
    assert built.codes == [] and led(published) == {} and not (published.site / "paragraphs.csv").exists()
    assert "new paragraphs: 0" in run(published.root, "addresses")


def test_an_edited_paragraph_keeps_its_old_id_as_an_anchor(published: Collection) -> None:
    published.article("a", text(LAYING, QUEEN.replace("sixteen", "seventeen"), SILENCE, NEXT)).build()
    assert led(published) == {paragraph_id(QUEEN): "The Queen se"}
    assert f'id="{paragraph_id(QUEEN.replace("sixteen", "seventeen"))}"><span class="was"' in published.page("/articles/a/")


def test_a_link_to_an_old_id_is_not_broken(published: Collection) -> None:
    published.article("a", text(LAYING, QUEEN + " Or less.", SILENCE, NEXT)).article("b", f"[It](a.md#{paragraph_id(QUEEN)}).")
    assert published.build().codes == []


def test_an_id_goes_on_through_one_edit_after_another(published: Collection) -> None:
    for words in ("seventeen", "eighteen", "nineteen"):
        published.article("a", text(LAYING, QUEEN.replace("sixteen", words), SILENCE, NEXT))
        run(published.root, "addresses", "--record")
    published.build()
    olds = [paragraph_id(QUEEN.replace("sixteen", words)) for words in ("sixteen", "seventeen", "eighteen")]
    assert led(published) == dict.fromkeys(olds, "The Queen se")


def test_a_paragraph_that_is_as_it_was_again_has_its_id_and_no_anchor(published: Collection) -> None:
    published.article("a", text(LAYING, QUEEN + " Or less.", SILENCE, NEXT))
    run(published.root, "addresses", "--record")
    published.article("a", text(LAYING, QUEEN, SILENCE, NEXT)).build()
    assert paragraph_id(QUEEN) not in led(published) and f'id="{paragraph_id(QUEEN)}"' in published.page("/articles/a/")


@pytest.mark.parametrize(
    ("now", "leads"),
    [
        pytest.param([LAYING, *QUEEN.split(", "), SILENCE, NEXT], {QUEEN: "The Queen se"}, id="split"),
        pytest.param([LAYING, f"{QUEEN} {SILENCE}", NEXT], {QUEEN: "The Queen se", SILENCE: "The Queen se"}, id="merged"),
        pytest.param([LAYING, SILENCE, NEXT], {QUEEN: "After three "}, id="removed"),
        pytest.param([LAYING, QUEEN, SILENCE], {NEXT: "After three "}, id="the last removed"),
        pytest.param([LAYING, "Nobody knows.", SILENCE, NEXT], {QUEEN: "Nobody knows"}, id="replaced"),
        pytest.param([QUEEN[:-14] + "a day.", LAYING, SILENCE, NEXT], {QUEEN: "The Queen se"}, id="moved and changed"),
        pytest.param(["Withdrawn."], dict.fromkeys([LAYING, QUEEN, SILENCE, NEXT], "Withdrawn."), id="all gone"),
    ],
)
def test_what_became_of_a_paragraph_is_where_its_id_leads(published: Collection, now: list[str], leads: dict[str, str]) -> None:
    published.article("a", text(*now)).build()
    assert led(published) == {paragraph_id(words): block for words, block in leads.items()}


def test_check_tells_of_paragraphs_that_are_gone_until_it_is_recorded(published: Collection) -> None:
    published.article("a", text(LAYING, SILENCE, NEXT))
    said = run(published.root, "check")
    assert f"note[paragraph-gone]: #{paragraph_id(QUEEN)} of /articles/a/" in said
    run(published.root, "addresses", "--record")
    assert "paragraph-gone" not in run(published.root, "check")
    published.build()
    assert led(published) == {paragraph_id(QUEEN): "After three "}


def test_a_heading_keeps_its_old_id(published: Collection) -> None:
    published.article("h", text("## The silence", SILENCE, "## The end", NEXT))
    run(published.root, "addresses", "--record")
    published.article("h", text("## The long silence", SILENCE, "## The end", NEXT)).build()
    assert led(published, "h") == {"the-silence": "The long sil"}


def test_ids_go_along_with_an_article_that_was_renamed_and_edited(published: Collection) -> None:
    urls = (published.content / "urls.csv").read_text()
    published.delete("articles/a.md").article("b", text(LAYING, QUEEN + " Or less.", SILENCE, NEXT))
    published.write("urls.csv", re.sub(r"(/articles/a/,[^,]*),,", r"\1,/articles/b/,Renamed.", urls))
    assert published.build().report.ok and led(published, "b") == {paragraph_id(QUEEN): "The Queen se"}
    run(published.root, "addresses", "--record")
    assert published.build().report.ok and led(published, "b") == {paragraph_id(QUEEN): "The Queen se"}


def test_of_an_article_that_was_joined_to_another_only_what_is_there_leads_on(published: Collection) -> None:
    published.article("b", NEXT + " So it did.").delete("articles/a.md")
    urls = (published.content / "urls.csv").read_text()
    published.write("urls.csv", re.sub(r"(/articles/a/,[^,]*),,", r"\1,/articles/b/,Joined.", urls)).build()
    assert led(published, "b") == {paragraph_id(NEXT): "Eight years "}


def test_ids_of_a_withheld_article_are_nowhere(published: Collection) -> None:
    published.article("a", text(LAYING, QUEEN, SILENCE, NEXT), more="visibility: private\n").article(
        "b", NEXT[:-1] + ", so it did."
    )
    urls = (published.content / "urls.csv").read_text()
    published.write("urls.csv", re.sub(r"(/articles/a/,[^,]*),,", r"\1,/articles/b/,Joined.", urls)).build()
    assert paragraph_id(NEXT).encode() not in b"".join(files(published.site).values())


def test_a_text_with_bars_has_no_former_ids_for_they_are_digests_of_what_was_there(published: Collection) -> None:
    published.article("a", text(LAYING, QUEEN, SILENCE, NEXT), more="redact: [more than sixteen hours]\n").build()
    assert paragraph_id(QUEEN).encode() not in b"".join(files(published.site).values())
    run(published.root, "addresses", "--record")
    assert paragraph_id(QUEEN) not in (published.content / "paragraphs.csv").read_text()


def test_the_old_id_of_a_heading_does_not_tell_a_private_name(published: Collection) -> None:
    published.article("h", text("## What Jane Roe said", SILENCE))
    run(published.root, "addresses", "--record")
    published.article("h", text("## What a witness said", SILENCE)).record("people/jane-roe", "Jane Roe", "visibility: private\n")
    assert published.build().report.ok and b"jane-roe" not in b"".join(files(published.site).values())


def test_the_page_is_written_again_when_its_row_changes_and_no_other_is(published: Collection) -> None:
    published.article("a", text(LAYING, QUEEN + " Or less.", SILENCE, NEXT)).article("other", NEXT).build()
    rows = (published.content / "paragraphs.csv").read_text()
    published.write("paragraphs.csv", rows.replace(paragraph_id(QUEEN), "p-aaaaaa"))
    assert published.build().rendered == {"/articles/a/"} and "p-aaaaaa" in led(published)
    published.delete("paragraphs.csv")
    assert published.build().rendered == {"/articles/a/"} and led(published) == {}


def test_both_paths_of_markdown_give_the_same_anchors(published: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    published.article("a", text("# Laid", LAYING, f"*The* {QUEEN[4:]} `x`", f"- {SILENCE} Indeed.\n- {NEXT}")).build()
    quick, pages = led(published), files(published.site)
    monkeypatch.setattr("sitegen.markup.parse.fast", lambda body, raw_html: None)
    published.clean_build(published.root / "slow")
    assert files(published.root / "slow") == pages and len(quick) == 2
    assert convert("x")[0] == "<p>x</p>"


def test_an_anchor_stands_within_its_block_whatever_that_is() -> None:
    from sitegen.build.paragraphs import Rows, with_former
    from sitegen.markup.splice import splice

    table = "| a | b |\n| --- | --- |\n| the first cell | the second cell |"
    source = text(table, "- [x](y.md) item", "Term\n:   Meaning", "```\ncode\n```")
    document = parse("articles/a.md", source.encode()).document
    found = with_former(
        document,
        Rows(
            cell_of(
                tuple(
                    Recorded(f"old{n}", sketch(words))
                    for n, words in enumerate(("the first cell", "the second cell", "x item", "Term", "Meaning", "code"))
                )
            )
        ),
    )
    html = "".join(splice(found, ()).pieces)
    assert len(found.former) == 6
    for block in re.findall(r'<(\w+)[^>]*>(?=<span class="was")', html):
        assert block in {"td", "li", "dt", "dd", "pre"}
    assert found.anchors[-6:] == tuple(name for _, name in found.former)


def test_a_row_reads_back_whatever_its_ids_hold() -> None:
    given = (Recorded("p-1a2b3c", "Ab9-_x"), Recorded('a:b,"c"% d\u00a0e', "", ("x y", "ü")))
    rows = {"/articles/a,b/": cell_of(given), "/b/": ""}
    back, issues = read(written(rows))
    assert back == rows and not issues and paragraphs(back["/articles/a,b/"]) == given


def test_lines_that_are_no_rows_are_errors_with_a_place(collection: Collection) -> None:
    collection.article("a").write("paragraphs.csv", "url,paragraphs\n<<<<<<< HEAD\n/articles/a/,p-1:x\n/articles/a/,p-2:x\n")
    built = collection.build()
    places = [str(issue.span) for issue in built.report.issues if issue.code == "ledger-row"]
    assert not built.report.ok and places == ["content/paragraphs.csv:2:1", "content/paragraphs.csv:4:1"]


def test_a_thousand_rewritten_paragraphs_are_placed_in_time_that_grows_with_them() -> None:
    olds = [Recorded(f"old{n}", sketch(f"the same words again and again in number {n}")) for n in range(1000)]
    news = [(f"new{n}", f"the same words again and again in figure {n}") for n in range(1000)]
    assert len(placed([(olds, True)], news)) == 1000


def test_texts_of_scripts_without_spaces_have_sketches_too() -> None:
    before = "一八五八年八月，两艘船在大洋中央相遇，把从两岸带来的电缆连接起来。"
    found = placed(
        [([Recorded("old", sketch(before))], True)], [("a", "与此无关的另一段文字在这里。"), ("b", before[6:] + "此后无声。")]
    )
    assert found["old"].block == 1 and found["old"].alike


def test_a_ledger_with_lines_that_cannot_be_read_is_not_written_anew_without_them(published: Collection) -> None:
    before = (published.content / "paragraphs.csv").read_text() + "<<<<<<< HEAD\n"
    published.write("paragraphs.csv", before).article("new", NEXT)
    assert re.match(r"content/paragraphs\.csv:\d+:\d+: error\[ledger-row\]", run(published.root, "addresses", "--record"))
    assert (published.content / "paragraphs.csv").read_text() == before
