"""What readers would see change, between a manifest and the collection. docs/publishing.md tells of it."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import cmarkgfm
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from sitegen.cli.commands import main
from sitegen.compare import passages, safe, wording
from sitegen.compare.comment import MARK
from sitegen.compare.snapshot import Said
from tests.support import Collection, files

SENTENCE = "Morse met Field in London, and both went to sea."


def run(root: Path, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["-C", str(root), *arguments])
    return done.exit_code, done.output


def publish(collection: Collection, *more: str) -> Collection:
    code, said = run(collection.root, "build", "--manifest", "published.jsonl", *more)
    assert code == 0, said
    return collection


def found(collection: Collection, *more: str) -> dict[str, Any]:
    _, said = run(collection.root, "diff", "--against", "published.jsonl", "--format", "json", "--jobs", "1", *more)
    told: dict[str, Any] = json.loads(said)
    return told


def comment(collection: Collection, *more: str) -> str:
    return run(collection.root, "diff", "--against", "published.jsonl", "--format", "markdown", "--jobs", "1", *more)[1]


def of(told: dict[str, Any], record: str) -> dict[str, Any]:
    return next(named for named in told["mentions"] if named["record"] == record)


def addresses(pages: list[dict[str, Any]]) -> list[str]:
    return [page["url"] for page in pages]


@pytest.fixture
def published(collection: Collection) -> Collection:
    collection.record("people/morse", "Morse").record("people/field", "Field").record("places/london", "London")
    collection.article("a", SENTENCE, title="First").article("b", "Morse slept.", title="Second")
    return publish(collection)


def test_where_nothing_has_changed_nothing_is_told(published: Collection) -> None:
    code, said = run(published.root, "diff", "--against", "published.jsonl")
    assert code == 0 and "Readers would see nothing change." in said


def test_a_corrected_text_tells_its_words_and_the_mentions_gained_lost_and_reworded(published: Collection) -> None:
    published.article("a", "Morse met nobody in London, and both went to sea. Then Morse left.", title="First")
    told = found(published)
    [changed] = told["pages"]["changed"]
    assert (changed["url"], changed["what"], changed["words"]) == ("/articles/a/", ["text"], 3)
    assert of(told, "people/morse")["gained"] == 1 and of(told, "people/morse")["reworded"] == 1
    assert of(told, "people/field")["lost"] == 1
    [lost] = of(told, "people/field")["passages"]
    assert (lost["article"], lost["before"] + lost["name"] + lost["after"]) == ("articles/a", SENTENCE)


def test_a_page_that_only_shows_a_change_of_others_is_counted_and_not_listed(published: Collection) -> None:
    published.article("a", SENTENCE, title="Another title")
    told = found(published)
    assert addresses(told["pages"]["changed"]) == ["/articles/a/"] and told["pages"]["changed"][0]["what"] == ["title"]
    assert told["pages"]["elsewhere"]["record"] == 3 and not told["mentions"]


def test_markup_that_changes_no_word_is_a_change(published: Collection) -> None:
    published.article("b", "Morse *slept*.", title="Second")
    assert found(published)["pages"]["changed"][0]["what"] == ["markup"]


def test_pages_that_come_are_listed_and_addresses_that_go_come_with_the_line_to_write(published: Collection) -> None:
    published.article("c", "Quiet.").delete("articles/a.md")
    told = found(published)
    assert addresses(told["pages"]["added"]) == ["/articles/c/"] and not told["sound"]
    rows = {lost["url"]: lost["row"] for lost in told["lost"]}
    assert re.fullmatch(r"/articles/a/,\d{4}-\d\d-\d\d,gone,say why", rows["/articles/a/"])
    assert rows["/people/field/"].endswith(",gone,Nothing here names it any longer.")


def test_the_lines_to_write_are_all_that_is_missing(published: Collection) -> None:
    published.delete("articles/a.md").article("renamed", SENTENCE, title="Other")
    told = found(published)
    published.write("urls.csv", "url,first,goes_to,why\n" + "".join(lost["row"] + "\n" for lost in told["lost"]))
    assert published.build().codes == ["missing-coordinates"]
    told = found(published)
    assert told["sound"] and not told["lost"] and told["pages"]["moved"][0]["to"] == "/articles/renamed/"


def test_an_article_under_another_name_is_no_other_article_whether_or_not_the_ledger_says_so(published: Collection) -> None:
    published.delete("articles/a.md").article("new-name", SENTENCE, title="First")
    told = found(published)
    assert [(lost["url"], lost["goes_to"]) for lost in told["lost"]] == [("/articles/a/", "/articles/new-name/")]
    assert not told["mentions"]
    published.write("urls.csv", "/articles/a/,2026-11-22,/articles/new-name/,renamed\n")
    told = found(published)
    assert told["pages"]["moved"] == [{"url": "/articles/a/", "title": "First", "to": "/articles/new-name/", "what": []}]
    assert not told["pages"]["added"] and not told["mentions"] and not told["lost"]


def test_a_merged_record_passes_its_mentions_on_and_its_address_leads_there(published: Collection) -> None:
    assert run(published.root, "merge", "people/field", "people/morse", "--yes")[0] == 0
    told = found(published)
    assert of(told, "people/morse")["taken"] == 1 and of(told, "people/field")["given"] == 1
    assert of(told, "people/morse")["passages"][0]["record"] == "people/field"
    assert told["pages"]["moved"][0]["to"] == "/people/morse/" and not told["lost"] and not told["pages"]["added"]


def test_a_renamed_record_keeps_its_mentions(published: Collection) -> None:
    assert run(published.root, "rename", "people/field", "people/cyrus-field", "--yes")[0] == 0
    told = found(published)
    assert told["pages"]["moved"][0]["to"] == "/people/cyrus-field/" and not told["mentions"] and not told["lost"]


def test_what_is_withdrawn_is_told_with_its_reason(published: Collection) -> None:
    published.delete("articles/b.md").write("urls.csv", "/articles/b/,2026-11-22,gone,At the wish of the family.\n")
    [withdrawn] = found(published)["pages"]["withdrawn"]
    assert (withdrawn["url"], withdrawn["why"]) == ("/articles/b/", "At the wish of the family.")


def test_files_and_bytes_are_those_of_the_site(published: Collection) -> None:
    before = files(published.site)
    published.article("c", "Field again.").write("images/large.bin", b"x" * 1_500_000).delete("articles/b.md")
    told = found(published)
    published.write("urls.csv", "".join(lost["row"].replace("say why", "Withdrawn.") + "\n" for lost in told["lost"]))
    told = found(published)
    published.build()
    groups = told["sizes"]["groups"].values()
    sites = before, files(published.site)
    assert [sum(group["files"][side] for group in groups) for side in (0, 1)] == [len(site) for site in sites]
    assert [sum(group["bytes"][side] for group in groups) for side in (0, 1)] == [sum(map(len, site.values())) for site in sites]
    assert told["sizes"]["large"] == [{"path": "images/large.bin", "bytes": 1_500_000}]


def test_a_file_that_goes_is_told_and_a_copy_that_goes_with_its_article_is_not(collection: Collection) -> None:
    publish(collection.article("a").article("b").write("images/a.svg", "<svg/>"))
    collection.delete("images/a.svg").delete("articles/b.md")
    assert found(collection)["sizes"]["lost"] == ["images/a.svg"]


def test_content_with_errors_is_compared_all_the_same_without_its_size(published: Collection) -> None:
    published.article("c", "[[people/nobody]]")
    code, said = run(published.root, "diff", "--against", "published.jsonl")
    assert (
        code == 1
        and re.search(r"articles/c\.md:\d+:\d+: unknown-record", said)
        and "/articles/c/" in said
        and "could not be built here" in said
    )


def test_nothing_is_written(published: Collection) -> None:
    before = files(published.root)
    published.article("c", "Field again.")
    now = files(published.root)
    comment(published)
    assert files(published.root) == now and before.keys() < now.keys()


def test_the_same_comparison_is_the_same_bytes(published: Collection) -> None:
    published.article("c", "Field again.").article("a", "Morse alone.")
    assert comment(published) == comment(published)


def test_a_manifest_may_be_compressed_and_is_the_same_bytes_each_time(published: Collection) -> None:
    run(published.root, "build", "--manifest", "one.jsonl.gz")
    run(published.root, "build", "--manifest", "two.jsonl.gz")
    one, two = (published.root / name for name in ("one.jsonl.gz", "two.jsonl.gz"))
    assert one.read_bytes() == two.read_bytes() and gzip.decompress(one.read_bytes()).startswith(b'{"type":"snapshot"')
    assert "nothing change" in run(published.root, "diff", "--against", "two.jsonl.gz")[1]


@pytest.mark.parametrize(
    "data",
    [b"", b"\n", b"{}", b'{"type":"page","url":"/"}\n', b"\x1f\x8bbroken", b"\xff\xfe", b'{"type":"snapshot","version":1}'],
)
def test_a_file_that_is_no_manifest_is_told_as_that(published: Collection, data: bytes) -> None:
    (published.root / "other").write_bytes(data)
    code, said = run(published.root, "diff", "--against", "other")
    assert code == 2 and "other: line" in said and "help:" in said and "fault of sitegen" not in said


def test_a_manifest_whose_lines_are_out_of_order_is_refused(published: Collection) -> None:
    lines = (published.root / "published.jsonl").read_bytes().splitlines(keepends=True)
    (published.root / "other").write_bytes(b"".join([lines[0], *reversed(lines[1:])]))
    assert run(published.root, "diff", "--against", "other")[0] == 2


def test_a_manifest_is_not_put_where_it_would_be_published(collection: Collection) -> None:
    collection.article("a")
    for place in ("content/published.jsonl", "site/published.jsonl"):
        code, said = run(collection.root, "build", "--manifest", place)
        assert code == 2 and "would be part of the site" in said and not (collection.root / place).exists()


# What is private now.


@pytest.fixture
def open_secrets(collection: Collection) -> Collection:
    collection.record("people/morse", "Morse").record("people/jane-roe", "Jane Roe")
    collection.article("letter", "Morse wrote of a quiet house in Elm Street and of Jane Roe.", title="The Elm Street letter")
    collection.article("plain", "Morse met jane  roe in the morning, as Jane Roe said.", title="A plain day")
    return publish(collection)


def forms(collection: Collection) -> list[str]:
    made = [
        run(collection.root, "diff", "--against", "published.jsonl", "--format", form)[1] for form in ("text", "markdown", "json")
    ]
    return [*made, run(collection.root, "diff", "--against", "published.jsonl", "--all")[1]]


@pytest.mark.parametrize("more", ["visibility: private\n", "embargo: 2999-01-01\n"])
def test_an_article_that_is_withheld_now_is_counted_and_not_told(open_secrets: Collection, more: str) -> None:
    open_secrets.article("plain", "Morse slept.", title="A plain day")
    open_secrets.article(
        "letter", "Morse wrote of a quiet house in Elm Street and of Jane Roe.", title="The Elm Street letter", more=more
    )
    for said in forms(open_secrets):
        assert "Elm Street" not in said and "/articles/letter" not in said and "A plain day" in said
    assert found(open_secrets)["hidden"]["pages"] >= 1 and found(open_secrets)["hidden"]["mentions"] >= 2


def test_a_record_that_is_private_now_is_told_neither_by_name_nor_in_the_words_of_others(open_secrets: Collection) -> None:
    open_secrets.record("people/jane-roe", "Jane Roe", "visibility: private\n")
    open_secrets.article("plain", "Morse met a friend.", title="A plain day")
    open_secrets.article("letter", "Morse wrote.", title="The Elm Street letter")
    for said in forms(open_secrets):
        assert not re.search(r"jane\s*-?roe", said, re.IGNORECASE)
    assert found(open_secrets)["hidden"]["mentions"] == 2


def test_a_passage_that_is_redacted_now_is_in_no_sentence_of_what_was(open_secrets: Collection) -> None:
    more = "redact: [jane roe, Elm Street]\n"
    open_secrets.article("plain", "Morse met Jane Roe in the morning, as Jane Roe said.", title="A plain day", more=more)
    open_secrets.article("letter", "Morse wrote of a house in Elm Street.", title="A letter", more=more)
    for said in forms(open_secrets):
        assert not re.search(r"jane\s*-?roe|elm street", said, re.IGNORECASE)
        assert "kept private" in said


def test_a_manifest_holds_nothing_of_what_is_withheld(collection: Collection) -> None:
    collection.record("people/morse", "Morse").record("people/jane-roe", "Jane Roe", "visibility: private\n")
    collection.article("a", "Morse slept in [his bed].", more="redact: [his bed]\n")
    collection.article("secret", "Morse hid.", title="The Hidden Thing Itself", more="visibility: private\n")
    publish(collection)
    said = (collection.root / "published.jsonl").read_text()
    assert not any(secret in said for secret in ("Jane", "jane-roe", "Hidden", "secret", "his bed")) and "Morse" in said


# Words of others.

HOSTILE = [
    "<script>alert(1)</script> <img src=x onerror=y>",
    "![](https://evil.example/x.png) [click](javascript:alert(1)) <https://evil.example>",
    "@everyone #1 GH-12 owner/repo#3 https://evil.example www.evil.example mail@evil.example",
    "| a | b | \\| **x** __y__ ~~z~~ `c` $x^2$ &lt;b&gt; <!-- --> </details> ```",
    "\u202eesrever\u202c \x1b[31mred\x1b[0m \x07 \u200b",
    "line one\n\n# line two\n\n> [!NOTE]",
]


def test_words_of_others_are_shown_as_they_stand_and_do_nothing(collection: Collection) -> None:
    for number, title in enumerate(HOSTILE):
        quoted, spelled = json.dumps(title), "".join(f"&#{ord(sign)};" for sign in safe.plain(title))
        collection.write(f"people/h{number}.md", f"---\nname: {quoted}\naliases: [Hobart{number}]\n---\n")
        collection.write(f"articles/gone{number}.md", f"---\ntitle: {quoted}\n---\nHobart{number} was here: {spelled}\n")
    publish(collection, "--no-search")
    for number, title in enumerate(HOSTILE):
        quoted, spelled = json.dumps(title + "!"), "".join(f"&#{ord(sign)};" for sign in safe.plain(title))
        collection.delete(f"articles/gone{number}.md")
        collection.write(f"articles/new{number}.md", f"---\ntitle: {quoted}\n---\nNo: {spelled} Then Hobart{number} left.\n")
    said = comment(collection, "--no-search")
    html = cmarkgfm.github_flavored_markdown_to_html(said, cmarkgfm.Options.CMARK_OPT_UNSAFE)
    bare = html.replace(MARK, "")
    tags = set(re.findall(r"<(/?[a-z!][a-z0-9]*)", bare))
    ours = "h2 h3 p code pre ul li strong em b details summary table thead tbody tr th td blockquote a".split()
    assert {tag.lstrip("/") for tag in tags} <= set(ours)
    assert all(link.startswith("https://example.org/") for link in re.findall(r'href="([^"]*)"', html))
    assert not re.search(r"[@#]\w", re.sub(r"<(pre|code)\b.*?</\1>", "", html, flags=re.DOTALL))
    assert html.count("alert(1)") >= 5  # it is there, and as words
    assert bare.count("<details>") == bare.count("</details>") == 1
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", said)
    told = run(collection.root, "diff", "--against", "published.jsonl", "--no-search")[1]
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", told)


@given(st.text())
def test_any_text_is_shown_as_it_stands_in_a_line_and_in_a_cell(text: str) -> None:
    line = safe.plain(text)
    for made in (f"- x {safe.markdown(text)} y\n", f"| a | b |\n| - | - |\n| x {safe.markdown(text)} y | z |\n"):
        html = cmarkgfm.github_flavored_markdown_to_html(made)
        shown = re.search(r"x (.*?) ?y<", html, re.DOTALL)
        assert shown and "<" not in shown[1]
        entities = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&amp;": "&", "\u200b": ""}
        told = shown[1]
        for sign, stands_for in entities.items():
            told = told.replace(sign, stands_for)
        assert told.strip() == line.replace("\u200b", "").strip()


# Length.


def test_a_long_comment_is_cut_to_the_length_asked_for_and_says_what_is_left_out(collection: Collection) -> None:
    collection.record("people/morse", "Morse")
    for number in range(60):
        collection.article(f"a{number}", f"Morse sent message {number} to another town, \U0001f4dc far away.")
    publish(collection, "--no-search")
    for number in range(60):
        collection.delete(f"articles/a{number}.md").article(f"b{number}", f"On day {number} there was Morse, and nobody else.")
    whole = comment(collection, "--no-search", "--max-length", "0")
    assert "more of this record" in whole and "not all of it" not in whole.lower()
    for most in (200, 1_000, 3_000):
        said = comment(collection, "--no-search", "--max-length", str(most))
        assert safe.length(said) <= most and said.startswith(MARK) and "60 added" in said
        if most == 3_000:
            listed = len(re.findall(r"^/articles/a\d+/,", said, re.MULTILINE))
            assert 0 < listed < 60 and f"… and {60 - listed} more" in said and "Not all of it fits" in said


def test_sizes_and_differences_are_said_as_people_say_them() -> None:
    assert [wording.size(n) for n in (0, 1, 999, 1_500, -2_000_000)] == ["0 bytes", "1 byte", "999 bytes", "1.5 KB", "−2.0 MB"]
    assert [wording.more(n) for n in (0, 1_200, -3)] == ["·", "+1,200", "−3"]


# The arithmetic of mentions.

_quoted = st.tuples(
    st.sampled_from(["p/a", "p/b", "p/c"]), st.sampled_from(["In ", "At "]), st.just("X"), st.sampled_from([".", "!"])
)
_said = st.lists(_quoted, max_size=8).map(lambda found: Said("articles/a", tuple(sorted(found))))


@given(_said, _said)
def test_no_mention_is_lost_in_the_reckoning(before: Said, after: Said) -> None:
    found = passages.moves(before, after)
    for record in ("p/a", "p/b", "p/c"):
        had, has = (sum(1 for passage in said.passages if passage[0] == record) for said in (before, after))
        gained = sum(1 for name, _ in found.gained if name == record) + sum(1 for _, name, _ in found.passed if name == record)
        lost = sum(1 for name, _ in found.lost if name == record) + sum(1 for name, _, _ in found.passed if name == record)
        assert had + gained - lost == has


@given(_said)
def test_what_stays_is_no_change(said: Said) -> None:
    found = passages.moves(said, said)
    assert not (found.gained or found.lost or found.passed or found.reworded)
