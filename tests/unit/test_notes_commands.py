"""Notes in use: what builds and checks say of them, and the commands that write, read and give them out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sitegen.cli.commands import main
from sitegen.model.notes import text_digest
from tests.support import REPOSITORY, Collection

TEXT = "The ship left for Cork on Monday morning.\n\nThe crew sang all night."
NOTES = """\
# Ours.
text: {digest}
notes:
- id: n1
  quote: {{exact: left for Cork, prefix: "The ship ", suffix: " on Monday morning"}}
  body: It did not.
- id: n2
  quote: sang all night
  body: Who heard it?
"""


@pytest.fixture
def noted(collection: Collection) -> Collection:
    """An article with two notes."""
    collection.article("voyage", TEXT)
    digest = text_digest(run(collection, "notes", "text", "articles/voyage").stdout.removesuffix("\n"))
    return collection.write("articles/voyage.notes.yaml", NOTES.format(digest=digest))


def run(collection: Collection, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(collection.root), *arguments], catch_exceptions=False)


def issues(collection: Collection) -> list[tuple[str, str]]:
    """The codes of `sitegen check` and where they are."""
    found = json.loads(run(collection, "check", "--format", "json").stdout)
    return [(i["code"], f"{i['path']}:{i['line']}") for i in found if i["severity"] != "note"]


def sidecar(collection: Collection, name: str = "voyage") -> str:
    return (collection.content / f"articles/{name}.notes.yaml").read_text(encoding="utf-8")


def git(collection: Collection, *arguments: str) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], cwd=collection.root, check=True, capture_output=True)


# Building and checking.


def test_notes_that_are_in_place_give_no_issue(noted: Collection) -> None:
    assert issues(noted) == []


def test_a_build_tells_what_is_wrong_in_a_notes_file(noted: Collection) -> None:
    noted.write("articles/voyage.notes.yaml", "notes:\n- {id: n1, quote: Cork, body: a, motivation: shouting}\n")
    assert noted.build().codes == ["unknown-motivation"]


def test_a_notes_file_without_an_article_is_an_error(noted: Collection) -> None:
    noted.write("articles/voyag.notes.yaml", "notes: []\n")
    (found,) = (issue for issue in noted.build().report.issues if issue.code == "notes-without-article")
    assert found.span.path == "content/articles/voyag.notes.yaml" and "articles/voyage.md" in found.help


def test_notes_beside_a_record_are_an_error(noted: Collection) -> None:
    noted.record("people/cook", "Cook").write("people/cook.notes.yaml", "notes: []\n")
    assert "notes-without-article" in noted.build().codes


def test_a_notes_file_that_is_no_text_is_an_error(noted: Collection) -> None:
    assert "encoding" in noted.write("articles/voyage.notes.yaml", b"notes: \xff\n").build().codes


def test_a_note_that_lost_its_words_is_listed_by_check_at_its_line_and_not_by_build(noted: Collection) -> None:
    noted.article("voyage", "The ship left for Cork on Monday morning.")
    assert issues(noted) == [("note-orphan", "content/articles/voyage.notes.yaml:8")]
    assert "note-orphan" not in noted.build().codes


def test_notes_on_a_draft_are_checked_too(noted: Collection) -> None:
    noted.article("voyage", "Nothing of it.", more="draft: true\n")
    assert [code for code, _ in issues(noted)] == ["note-orphan", "note-orphan"]


def test_an_article_that_cannot_be_read_is_the_only_complaint(noted: Collection) -> None:
    noted.write("articles/voyage.md", b"\xff")
    assert [code for code, _ in issues(noted)] == ["encoding"]


def test_the_text_that_notes_were_checked_on_is_looked_for_in_git(noted: Collection) -> None:
    edited = "The crew sang all night.\n\nBad weather.\n\nThen the crew sang all night, it is said."
    git(noted, "init")
    git(noted, "add", ".")
    git(noted, "commit", "-m", "first")
    for body in (edited, edited + "\n\nMore."):
        noted.article("voyage", "The ship left for Cork on Monday morning.\n\n" + body)
        git(noted, "commit", "-a", "-m", "more")
    assert issues(noted) == []
    (noted.root / ".git").rename(noted.root / "gone")
    assert [code for code, _ in issues(noted)] == ["note-ambiguous"]


def test_a_collection_without_notes_does_not_load_what_reads_them(collection: Collection) -> None:
    collection.article("a")
    script = (
        "import atexit, sys; from sitegen.cli.commands import main\n"
        "loaded = {'sitegen.model.notes', 'sitegen.annotate.anchors', 'sitegen.build.annotations'}\n"
        "atexit.register(lambda: print(sorted(loaded & sys.modules.keys()))); main(['build'])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=collection.root, text=True, capture_output=True, check=False,
                          env={"PYTHONPATH": str(REPOSITORY), "PATH": ""})  # fmt: skip
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "[]"), done.stderr


# notes rebase


def test_rebase_leaves_files_alone_where_nothing_moved(noted: Collection) -> None:
    before = sidecar(noted)
    assert "0 notes files edited, 2 notes anchored, 0 to decide." in run(noted, "notes", "rebase").output
    assert sidecar(noted) == before


def test_rebase_writes_the_moved_context_and_the_digest_and_keeps_comments(noted: Collection) -> None:
    noted.article("voyage", TEXT.replace("The ship", "The old barque"))
    run(noted, "notes", "rebase", "content/articles/voyage.md")
    made = sidecar(noted)
    assert made.startswith("# Ours.\ntext: sha256:") and "The old barque" in made
    assert issues(noted) == []


def test_a_dry_run_prints_a_diff_and_writes_nothing(noted: Collection) -> None:
    before = sidecar(noted)
    noted.article("voyage", "The crew sang all night.")
    result = run(noted, "notes", "rebase", "--dry-run")
    assert "voyage.notes.yaml:5:18: warning[note-orphan]" in result.stderr
    assert result.stdout.startswith("--- content/articles/voyage.notes.yaml\n") and "\n+  state: orphan\n" in result.stdout
    assert sidecar(noted) == before


def test_a_proposal_is_taken_where_a_person_accepts_it(noted: Collection) -> None:
    noted.article("voyage", TEXT.replace("sang all night", "sang all evening"))
    assert run(noted, "notes", "rebase", "--accept", "n2").exit_code == 0
    assert "sang all evening" in sidecar(noted)
    assert issues(noted) == []


def test_a_proposal_can_be_taken_after_a_rebase_that_asked_for_it(noted: Collection) -> None:
    noted.write("articles/voyage.notes.yaml", "notes:\n- {id: n1, quote: Monday, body: Which?}\n")
    run(noted, "notes", "rebase")
    run(noted, "build")  # remembers the text
    noted.article("voyage", TEXT.replace("Monday", "Tuesday"))
    assert "1 to decide" in run(noted, "notes", "rebase").output
    assert 'quote: {exact: "Monday", prefix: "The ship left for Cork on ", suffix: " morning."}' in sidecar(noted)
    assert issues(noted) == [("note-review", "content/articles/voyage.notes.yaml:3")]
    assert run(noted, "notes", "rebase", "--accept", "n1").exit_code == 0
    assert '"Tuesday"' in sidecar(noted) and issues(noted) == []


@pytest.mark.parametrize(("name", "said"), [("n1", "is anchored"), ("n9", 'no note "n9"'), ("n2=7", "n2=1")])
def test_what_cannot_be_accepted_is_refused(noted: Collection, name: str, said: str) -> None:
    noted.article("voyage", TEXT.replace("sang all night", "sang all evening"))
    result = run(noted, "notes", "rebase", "--accept", name)
    assert result.exit_code == 2 and said in result.output


def test_a_notes_file_with_errors_is_not_rebased(noted: Collection) -> None:
    noted.write("articles/voyage.notes.yaml", "notes:\n- {id: n1, quote: Cork}\n")
    result = run(noted, "notes", "rebase")
    assert result.exit_code == 2 and "content/articles/voyage.notes.yaml:2" in result.output


# notes import


def annotation(exact: str, source: str = "https://example.org/articles/voyage/", name: str = "a1") -> dict[str, object]:
    selector = {"type": "TextQuoteSelector", "exact": exact}
    body = [{"type": "TextualBody", "value": "Is it so?"}]
    return {"id": name, "type": "Annotation", "body": body, "target": {"source": source, "selector": [selector]}}


def imported(collection: Collection, *annotations: dict[str, object], more: tuple[str, ...] = ()) -> Result:
    (collection.root / "in.jsonld").write_text(json.dumps(annotations))
    return run(collection, "notes", "import", "in.jsonld", *more)


def test_annotations_go_to_the_article_they_were_made_at(noted: Collection) -> None:
    result = imported(noted, annotation("for Cork"))
    assert (result.exit_code, "1 note added to 1 notes file" in result.output) == (0, True)
    assert "exact: for Cork" in sidecar(noted).replace('"', "")
    assert issues(noted) == []


def test_an_address_with_a_slug_or_of_a_preview_is_known_too(noted: Collection) -> None:
    noted.article("b", "A storm.", more="slug: storm\n")
    assert imported(noted, annotation("A storm", "http://127.0.0.1:8000/articles/storm/")).exit_code == 0
    assert "A storm" in sidecar(noted, "b")


def test_what_finds_no_place_is_listed_and_the_rest_is_brought_in(noted: Collection) -> None:
    lost = annotation("never written", name="a2"), annotation("Cork", "https://elsewhere.org/x/", "a3")
    result = imported(noted, annotation("for Cork"), *lost)
    assert result.exit_code == 1 and result.output.count("error[not-anchored]") == 2
    assert "- id: a1\n" in sidecar(noted)


def test_the_same_import_a_second_time_adds_nothing(noted: Collection) -> None:
    imported(noted, annotation("for Cork"))
    before = sidecar(noted)
    assert "1 there already" in imported(noted, annotation("for Cork")).output
    assert sidecar(noted) == before


def test_another_note_of_the_same_id_gets_an_id_of_its_own(noted: Collection) -> None:
    imported(noted, annotation("on Monday", name="n1"), more=("--article", "articles/voyage"))
    assert "- id: n1-2\n" in sidecar(noted)


def test_brat_is_read_by_its_extension_for_the_article_of_its_name(noted: Collection) -> None:
    text = run(noted, "notes", "text", "articles/voyage").stdout
    (noted.root / "voyage.txt").write_text(text)
    (noted.root / "voyage.ann").write_text("T1\tPlace 18 22\tCork\n")
    assert run(noted, "notes", "import", "voyage.ann").exit_code == 0
    assert "tags: [Place]" in sidecar(noted)


def test_doccano_is_read_by_its_extension(noted: Collection) -> None:
    text = run(noted, "notes", "text", "articles/voyage").stdout.removesuffix("\n")
    (noted.root / "all.jsonl").write_text(json.dumps({"text": text, "label": [[18, 22, "Place"]]}))
    assert "--article" in run(noted, "notes", "import", "all.jsonl").output
    assert run(noted, "notes", "import", "all.jsonl", "--article", "articles/voyage").exit_code == 0


def test_positions_in_another_text_are_refused(noted: Collection) -> None:
    (noted.root / "voyage.txt").write_text("Another text.")
    (noted.root / "voyage.ann").write_text("T1\tPlace 0 7\tAnother\n")
    assert run(noted, "notes", "import", "voyage.ann").exit_code == 2


# notes export


def test_notes_and_mentions_are_exported_with_both_selectors(noted: Collection) -> None:
    noted.record("places/cork", "Cork", "location: {lat: 51.9, lon: -8.5}\n")
    page = json.loads(run(noted, "notes", "export", "articles/voyage").stdout)
    found = [(i["motivation"], *(s["type"] for s in i["target"]["selector"])) for i in page["items"]]
    both = ("TextQuoteSelector", "TextPositionSelector")
    assert found == [("commenting", *both), ("commenting", *both), ("identifying", *both)]
    assert page["items"][2]["body"]["source"] == "https://example.org/places/cork/"


def test_all_is_exported_where_no_article_is_named_but_for_drafts(noted: Collection) -> None:
    noted.article("plain", "Nothing.").article("secret", "Left for Cork.", more="draft: true\n")
    noted.write("articles/secret.notes.yaml", "notes:\n- {id: n1, quote: for Cork, body: a}\n")
    pages = json.loads(run(noted, "notes", "export").stdout)
    assert [page["id"] for page in pages] == ["https://example.org/articles/voyage/#annotations"]


def test_an_export_brought_into_its_own_articles_adds_nothing(noted: Collection) -> None:
    noted.record("places/cork", "Cork", "location: {lat: 51.9, lon: -8.5}\n")
    noted.write("articles/voyage.notes.yaml", "")
    imported(noted, annotation("for Cork"), annotation("sang all", name="a2"))
    before = sidecar(noted)
    (noted.root / "out.jsonld").write_text(run(noted, "notes", "export").stdout)
    assert "2 there already" in run(noted, "notes", "import", "out.jsonld").output
    assert sidecar(noted) == before


def test_what_was_exported_can_be_imported_again(noted: Collection) -> None:
    exported = run(noted, "notes", "export", "articles/voyage").stdout
    noted.delete("articles/voyage.notes.yaml")
    (noted.root / "out.jsonld").write_text(exported)
    assert run(noted, "notes", "import", "out.jsonld").exit_code == 0
    assert "body: It did not." in sidecar(noted)


@pytest.mark.parametrize("command", ["text", "export", "rebase"])
def test_an_article_that_is_not_there_is_named_with_the_nearest(noted: Collection, command: str) -> None:
    result = run(noted, "notes", command, "articles/voyag")
    assert result.exit_code == 2 and "articles/voyage" in result.output


def test_the_text_is_printed_as_positions_count_it(noted: Collection, tmp_path: Path) -> None:
    noted.article("b", "A *storm*.\n\n- one\n- two")
    assert run(noted, "notes", "text", "content/articles/b.md").stdout == "A storm.\none\ntwo\n"
