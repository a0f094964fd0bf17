"""A run of convert: what is written, what is left alone, and what is said about it."""

from __future__ import annotations

import os
import re
import sys
import types
from dataclasses import dataclass
from pathlib import Path

import pytest

from sitegen.convert.guard import untouched
from sitegen.convert.story import Options, convert
from sitegen.convert.structure import structure
from sitegen.errors import Severity, SiteError, errors
from sitegen.model import frontmatter

TEXT = "Cable laid at last\n\nThe ships met in mid-ocean, and the Queen sent a message to the President.\n"
SEED = Path(__file__).parents[3] / "shared" / "seeds"


@dataclass(frozen=True)
class Found:
    name: str
    kind: str
    aliases: tuple[str, ...] = ()
    count: int = 1
    score: float = 1.0
    role: str = ""
    lat: float | None = None
    lon: float | None = None
    why: str = ""


class Folder:
    """A content folder, and a converter of it. `names` are what the finder finds, by a word of the text."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.content = root / "content"
        self.sources = self.content / "sources"
        self.sources.mkdir(parents=True)
        self.names: dict[str, list[Found]] = {}
        module = types.ModuleType("sitegen.annotate.suggest")
        module.suggest = lambda text: [f for word, found in self.names.items() if word in text for f in found]  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "sitegen.annotate.suggest", module)

    def source(self, name: str = "cable.txt", text: str | bytes = TEXT) -> Path:
        path = self.sources / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def run(self, *paths: Path, **options: object):
        return convert(self.content, paths or (self.sources,), Options(**{"language": "en", **options}))  # type: ignore[arg-type]

    def actions(self, **options: object) -> list[str]:
        return [outcome.action for outcome in self.run(**options).outcomes]

    def article(self, slug: str = "cable-laid-at-last") -> Path:
        return self.content / "articles" / f"{slug}.md"

    def header(self, path: Path) -> dict[str, object]:
        matter = frontmatter.read(path.read_text(encoding="utf-8"), path.name)
        assert not matter.issues
        return matter.values

    def state(self) -> dict[str, tuple[bytes, int]]:
        files = sorted(path for path in self.content.rglob("*") if path.is_file())
        return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}

    def edit(self, slug: str = "cable-laid-at-last") -> str:
        path = self.article(slug)
        text = path.read_text(encoding="utf-8") + "\nAn editor's line.\n"
        path.write_text(text, encoding="utf-8")
        return text


@pytest.fixture
def folder(tmp_path, monkeypatch):
    return Folder(tmp_path, monkeypatch)


def test_a_source_becomes_an_article(folder):
    folder.source()
    assert folder.actions() == ["written"]
    text = folder.article().read_text(encoding="utf-8")
    assert untouched(text)
    assert text.endswith("---\nThe ships met in mid-ocean, and the Queen sent a message to the President.\n")
    header = folder.header(folder.article())
    assert list(header) == ["title", "lang", "source", "converted"]
    assert header["source"]["file"] == "sources/cable.txt"


def test_the_source_is_never_touched(folder):
    path = folder.source(text=b"\xef\xbb\xbfCable laid\r\n\r\nThe ships\x00 met.\r\n")
    before = path.read_bytes(), path.stat().st_mtime_ns
    folder.run(force=True)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_a_second_run_writes_nothing(folder):
    folder.names = {"Queen": [Found("Queen Victoria", "people", ("Victoria",))]}
    folder.source()
    folder.source("b.txt", "Another\n\nREAD MORE: ‘Cable Laid at Last’\n")
    folder.run()
    before = folder.state()
    report = folder.run()
    assert [outcome.action for outcome in report.outcomes] == ["unchanged", "unchanged"]
    assert folder.state() == before and not report.suggestions


def test_a_suggestion_keeps_how_sure_the_finder_was_and_what_spoke_for_it(folder):
    folder.names = {"Queen": [Found("Queen Victoria", "people", score=0.87, why='after "met"; a given name')]}
    folder.source()
    (path,) = folder.run().suggestions
    text = path.read_text(encoding="utf-8")
    assert "score: 0.87\n" in text and frontmatter.read(text, "x").values["why"] == 'after "met"; a given name'


def test_a_dry_run_writes_nothing_and_says_what_it_would(folder):
    folder.names = {"Queen": [Found("Queen Victoria", "people")]}
    folder.source()
    before = folder.state()
    report = folder.run(dry_run=True)
    assert [outcome.action for outcome in report.outcomes] == ["written"]
    assert [path.name for path in report.suggestions] == ["queen-victoria.md"]
    assert folder.state() == before


def test_an_article_edited_by_hand_is_kept(folder):
    folder.source()
    folder.run()
    edited = folder.edit()
    assert folder.actions() == ["kept"]
    assert folder.article().read_text(encoding="utf-8") == edited


def test_a_changed_source_updates_an_article_that_nobody_edited(folder):
    folder.source()
    folder.run()
    folder.source(text=TEXT + "\nThey parted.\n")
    assert folder.actions() == ["updated"]
    assert folder.article().read_text(encoding="utf-8").endswith("They parted.\n")


def test_a_changed_source_of_an_edited_article_is_a_conflict(folder):
    folder.source()
    folder.run()
    edited = folder.edit()
    folder.source(text=TEXT + "\nThey parted.\n")
    report = folder.run()
    assert [outcome.action for outcome in report.outcomes] == ["conflict"]
    (issue,) = report.issues
    assert issue.severity is Severity.WARNING
    assert "content/articles/cable-laid-at-last.md" in issue.message and "content/sources/cable.txt" in issue.message
    assert folder.article().read_text(encoding="utf-8") == edited


def test_a_conflict_is_settled_as_its_remedy_says(folder):
    folder.source()
    folder.run()
    edited = folder.edit()
    folder.source(text=TEXT + "\nThey parted.\n")
    (issue,) = folder.run().issues
    told = re.search(r'sha256: "\w{64}"', issue.help)[0]
    folder.article().write_text(re.sub(r'sha256: "?\w{64}"?', told, edited, count=1), encoding="utf-8")
    assert folder.actions() == ["kept"]


def test_force_overwrites_an_edit(folder):
    folder.source()
    folder.run()
    folder.edit()
    assert folder.actions(force=True) == ["updated"]
    assert untouched(folder.article().read_text(encoding="utf-8"))


def test_line_ends_that_git_changed_are_no_edit(folder):
    folder.source()
    folder.run()
    path = folder.article()
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert folder.actions() == ["unchanged"]


def test_a_renamed_article_stays_its_sources_article(folder):
    folder.source()
    folder.run()
    folder.article().rename(folder.article("atlantic"))
    folder.source(text=TEXT.replace("Cable", "The cable"))
    assert folder.actions() == ["updated"]
    assert [path.name for path in folder.article().parent.iterdir()] == ["atlantic.md"]


def test_equal_titles_get_numbered_slugs(folder):
    folder.source("a.txt")
    folder.source("b.txt", TEXT + "\nMore.\n")
    folder.run()
    assert folder.header(folder.article("cable-laid-at-last-2"))["source"]["file"] == "sources/b.txt"


def test_sources_with_the_same_text_are_both_converted_and_reported(folder):
    folder.source("a.txt")
    folder.source("b.txt", TEXT.replace("\n", "\r\n"))
    report = folder.run()
    assert [outcome.action for outcome in report.outcomes] == ["written", "written"]
    (issue,) = report.issues
    assert issue.code == "same-text" and not errors(report.issues)


def test_a_bad_file_is_reported_and_the_rest_converted(folder):
    folder.source("a.txt", b"")
    folder.source("b.txt", bytes(range(256)) * 9)
    folder.source("c.txt")
    report = folder.run()
    assert [outcome.action for outcome in report.outcomes] == ["failed", "failed", "written"]
    assert [(issue.code, issue.span.path) for issue in report.issues] == [
        ("not-text", "content/sources/a.txt"), ("not-text", "content/sources/b.txt")]  # fmt: skip
    assert all(issue.help for issue in report.issues)


def test_a_path_outside_the_sources_is_an_error_that_says_where_to_put_it(folder, tmp_path):
    other = tmp_path / "other.txt"
    other.write_text(TEXT)
    (issue,) = folder.run(other).issues
    assert issue.code == "outside-sources" and "content/sources" in issue.help


def test_a_path_that_is_not_there_is_an_error(folder):
    assert [issue.code for issue in folder.run(folder.sources / "no.txt").issues] == ["no-source"]


def test_a_path_that_is_not_there_is_no_file_elsewhere_and_the_nearest_is_named(folder, tmp_path):
    folder.source("cable.txt")
    (issue,) = folder.run(tmp_path / "cabel.txt").issues
    assert (issue.code, issue.help) == ("no-source", 'did you mean "cable.txt"?')


def test_folders_are_read_through_in_order(folder):
    folder.source("b/z.txt", "Z\n\ntext")
    folder.source("a.txt", "A\n\ntext")
    folder.source("notes.md", "# no source")
    folder.source(".hidden/x.txt", "X\n\ntext")
    assert [outcome.source.name for outcome in folder.run().outcomes] == ["a.txt", "z.txt"]


def test_a_content_folder_that_is_none_cannot_be_converted(tmp_path):
    with pytest.raises(SiteError):
        convert(tmp_path / "no", [], Options())


def test_progress_is_told_of_every_source(folder):
    folder.source()
    told = []
    convert(folder.content, [folder.sources], Options(), progress=told.append)
    assert [outcome.action for outcome in told] == ["written"]


def test_related_titles_become_those_of_the_collection(folder):
    folder.source("a.txt", "One\n\nText.\n\nREAD MORE: “CABLE LAID, AT LAST!”\n\nSee also: Something else\n")
    folder.source("b.txt")
    folder.run()
    assert folder.header(folder.article("one"))["related"] == ["Cable laid at last", "Something else"]


def test_a_date_of_two_meanings_is_reported_and_not_guessed(folder):
    folder.source(text="Cable laid\n03/04/2017\n\nThe ships met.\n")
    (issue,) = folder.run().issues
    assert (issue.code, issue.span.line, issue.severity) == ("ambiguous-date", 2, Severity.WARNING)
    assert "date" not in folder.header(folder.article("cable-laid"))


def test_a_crash_while_writing_leaves_the_old_article(folder, monkeypatch):
    folder.source()
    folder.run()
    before = folder.article().read_bytes()
    folder.source(text=TEXT + "\nMore.\n")
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    assert folder.actions() == ["failed"]
    assert folder.article().read_bytes() == before
    assert [path.name for path in folder.article().parent.iterdir()] == ["cable-laid-at-last.md"]


def test_a_name_found_in_many_articles_is_one_suggestion(folder):
    folder.names = {"text": [Found("Raqqa", "places", ("Rakka",), lat=35.95, lon=39.0)], "x": [Found("raqqa", "places")]}
    folder.source("a.txt", "A\n\ntext")
    folder.source("b.txt", "B\n\ntext x")
    (path,) = folder.run().suggestions
    assert path == folder.content / "places" / "raqqa.md"
    assert folder.header(path) == {
        "name": "Raqqa", "aliases": ["Rakka"], "status": "suggested", "score": 1.0,
        "location": {"lat": 35.95, "lon": 39.0}}  # fmt: skip


@pytest.mark.parametrize("record", [
    "name: RAQQA\nstatus: rejected", "name: Rakka", "name: City\naliases: [Raqqa]", "name: City\naliases: [{text: raqqa}]",
])  # fmt: skip
def test_a_name_that_a_record_of_any_status_has_is_not_suggested(folder, record):
    folder.names = {"text": [Found("Raqqa", "places", ("Rakka",))]}
    (folder.content / "places").mkdir()
    (folder.content / "places" / "old.md").write_text(f"---\n{record}\n---\n")
    folder.source("a.txt", "A\n\ntext")
    assert not folder.run().suggestions


def test_a_word_of_the_stop_list_is_not_suggested(folder):
    folder.names = {"text": [Found("Reuters", "organisations")]}
    folder.source("a.txt", "A\n\ntext")
    assert not folder.run(stop=frozenset({"reuters"})).suggestions


def test_an_existing_record_is_never_overwritten(folder):
    folder.names = {"text": [Found("Raqqa", "places")]}
    (folder.content / "places").mkdir()
    old = folder.content / "places" / "raqqa.md"
    old.write_text("---\nname: Another\n---\n")
    folder.source("a.txt", "A\n\ntext")
    assert [path.name for path in folder.run().suggestions] == ["raqqa-2.md"]
    assert old.read_text() == "---\nname: Another\n---\n"


def test_an_alias_that_two_suggestions_share_is_given_to_neither(folder):
    folder.names = {"text": [Found("John Smith", "people", ("Smith",)), Found("Jane Smith", "people", ("Smith",))]}
    folder.source("a.txt", "A\n\ntext")
    assert all("aliases" not in folder.header(path) for path in folder.run().suggestions)


def test_names_in_articles_that_were_left_alone_are_not_suggested(folder):
    folder.source()
    folder.run()
    folder.names = {"Queen": [Found("Queen Victoria", "people")]}
    assert not folder.run().suggestions


@pytest.mark.skipif(not SEED.is_dir(), reason="the seed text is not beside this checkout")
def test_the_seed_text_keeps_every_word(folder):
    (seed,) = SEED.glob("*.txt")
    text = seed.read_text(encoding="utf-8")
    folder.source("seed.txt", seed.read_bytes())
    (outcome,) = folder.run().outcomes
    header = folder.header(outcome.article)
    body = outcome.article.read_text(encoding="utf-8").partition("\n---\n")[2]
    paragraphs = [line for line in text.split("\n") if line.strip()]
    assert header["title"] == paragraphs[0] == paragraphs[1]
    assert "date" not in header and header["lang"] == "en"
    assert header["related"] == ["US should run with Moscow’s offer to cooperate in Raqqa"]
    kept = [line for line in paragraphs[2:] if not line.startswith("READ MORE")]
    assert body.split("\n\n") == [*kept[:-1], kept[-1] + "\n"]


def known_record(folder: Folder, name: str) -> None:
    (folder.content / "organisations").mkdir()
    (folder.content / "organisations" / "known.md").write_text(f"---\nname: {name}\n---\n")


def test_a_name_that_stands_only_inside_a_known_name_is_not_suggested(folder: Folder) -> None:
    known_record(folder, "Bank of Malta")
    folder.names = {"Malta": [Found("Malta", "places")]}
    folder.source(text="Money\n\nThe Bank of Malta paid, and the Bank of Malta was paid.\n")
    assert not folder.run().suggestions


def test_a_name_that_also_stands_alone_is_suggested(folder: Folder) -> None:
    known_record(folder, "Bank of Malta")
    folder.names = {"Malta": [Found("Malta", "places")]}
    folder.source(text="Money\n\nThe Bank of Malta paid in Malta.\n")
    assert [path.stem for path in folder.run().suggestions] == ["malta"]


def test_a_file_name_that_is_no_text_is_an_issue_and_the_rest_is_converted(folder: Folder) -> None:
    folder.source()
    os.close(os.open(bytes(folder.sources) + b"/caf\xe9.txt", os.O_CREAT | os.O_WRONLY))
    report = folder.run()
    assert [issue.code for issue in report.issues] == ["file-name"] and folder.article().is_file()


def test_a_fault_of_the_program_spares_the_other_texts(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(text: str) -> object:
        if "bad" in text:
            raise RuntimeError("boom")
        return structure(text)

    monkeypatch.setattr("sitegen.convert.story.structure", faulty)
    folder.source()
    folder.source("bad.txt", "A bad text\n\nbad\n")
    report = folder.run()
    assert [issue.code for issue in report.issues] == ["not-converted"] and folder.article().is_file()


def test_an_interrupted_run_loses_no_suggestion(folder: Folder) -> None:
    folder.names = {"Queen": [Found("Queen Victoria", "people")]}
    for number in range(250):
        folder.source(f"{number:03}.txt", f"Cable number {number}\n\nThe Queen sent message {number}.\n")

    class Interrupted(Exception):
        pass

    done = []

    def stop(outcome: object) -> None:
        done.append(outcome)
        if len(done) == 150:
            raise Interrupted

    with pytest.raises(Interrupted):
        convert(folder.content, [folder.sources], Options(language="en"), progress=stop)
    assert (folder.content / "people" / "queen-victoria.md").is_file()


def test_forcing_a_conversion_suggests_again_what_was_deleted(folder: Folder) -> None:
    folder.names = {"Queen": [Found("Queen Victoria", "people")]}
    folder.source()
    (record,) = folder.run().suggestions
    record.unlink()
    assert folder.run(force=True).suggestions == (record,)


def test_a_renamed_source_keeps_its_article(folder: Folder) -> None:
    folder.source()
    folder.run()
    (folder.sources / "cable.txt").rename(folder.sources / "renamed.txt")
    assert folder.actions() == ["moved"] and folder.header(folder.article())["source"]["file"] == "sources/renamed.txt"


def test_a_renamed_source_is_unchanged_on_the_next_run(folder: Folder) -> None:
    folder.source()
    folder.run()
    (folder.sources / "cable.txt").rename(folder.sources / "renamed.txt")
    folder.run()
    assert folder.actions() == ["unchanged"]


def test_a_renamed_source_leaves_the_edits_of_its_article(folder: Folder) -> None:
    folder.source()
    folder.run()
    edited = folder.article().read_text(encoding="utf-8").replace("mid-ocean", "mid-Atlantic")
    folder.article().write_text(edited, encoding="utf-8")
    (folder.sources / "cable.txt").rename(folder.sources / "renamed.txt")
    folder.run()
    text = folder.article().read_text(encoding="utf-8")
    assert "mid-Atlantic" in text and "sources/renamed.txt" in text and not untouched(text)


@pytest.mark.parametrize(
    "header",
    ["title: Cable: laid\nsource: {file: sources/cable.txt, sha256: 00}", "title: x: y\nsource:\n  file: sources/cable.txt"],
)
def test_an_article_whose_header_cannot_be_read_is_not_made_twice(folder: Folder, header: str) -> None:
    folder.source()
    folder.article().parent.mkdir()
    folder.article().write_text(f"---\n{header}\n---\nText.\n", encoding="utf-8")
    report = folder.run()
    assert [path.name for path in folder.article().parent.iterdir()] == ["cable-laid-at-last.md"] and report.issues


def test_a_record_with_a_broken_header_is_not_suggested_again(folder: Folder) -> None:
    known_record(folder, "Anna: Bright")
    folder.names = {"Queen": [Found("Anna: Bright", "organisations")]}
    folder.source()
    assert not folder.run().suggestions


def test_no_names_are_taken_from_a_text_whose_encoding_is_in_doubt(folder: Folder) -> None:
    folder.names = {"": [Found("Nonsense", "people")]}
    folder.source(text=b"\xef\xbb\xbfA cable\n\nThe caf\xe9 was \xfcber.\n")
    report = folder.run()
    assert not report.suggestions and [issue.code for issue in report.issues] == ["encoding"]


def test_a_bar_is_told_how_long_it_will_be(folder: Folder) -> None:
    folder.source()
    folder.source("b.txt", "Other\n\nText of another kind.\n")
    totals: list[int] = []
    convert(folder.content, [folder.sources], Options(language="en"), started=totals.append)
    assert totals == [2]
