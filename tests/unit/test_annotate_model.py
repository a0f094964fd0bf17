"""A spaCy pipeline beside the rules: a real one, blank but for patterns, saved to a folder."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sitegen.annotate.known import Known
from sitegen.annotate.mentions import Aids, mentions
from sitegen.annotate.model import Pipeline, pipeline
from sitegen.cli.commands import main
from sitegen.model.entity import Record
from tests.support import Collection

INSTALLED = importlib.util.find_spec("spacy") is not None
needs_spacy = pytest.mark.skipif(not INSTALLED and os.environ.get("CI") != "true", reason='pip install "sitegen[ner]"')
PATTERNS = [
    {"label": "PERSON", "pattern": "Quorra"},
    {"label": "ORG", "pattern": "the Vexley"},
    {"label": "GPE", "pattern": "Dallas"},
    {"label": "PERSON", "pattern": "k.d. lang"},
    {"label": "ORG", "pattern": "eBay"},
    {"label": "DATE", "pattern": "Tuesday"},
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import spacy

    path = tmp_path_factory.mktemp("pipelines") / "rules"
    made = spacy.blank("en")
    made.add_pipe("entity_ruler").add_patterns(PATTERNS)
    made.to_disk(path)
    return path


@pytest.fixture(scope="module")
def asked(folder: Path) -> Pipeline:
    return pipeline(str(folder))


def kinds(text: str, aids: Aids) -> dict[str, str]:
    return {one.text: one.kind for one in mentions(text, aids)}


@needs_spacy
@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("Then came Quorra, and all was well.", "Quorra", "people"),
        ("Then came the Vexley, and all was well.", "Vexley", "organisations"),
        ("They bought it on eBay.", "eBay", "organisations"),
    ],
)
def test_what_the_pipeline_sees_counts(text: str, name: str, kind: str, asked: Pipeline) -> None:
    assert kinds(text, Aids(pipeline=asked))[name] == kind


@needs_spacy
def test_the_rules_go_on_to_find_what_the_pipeline_does_not_see(asked: Pipeline) -> None:
    text = "The Syrian Democratic Forces (SDF) left Raqqa, said Sergey Lavrov in Paris, Texas."
    assert kinds(text, Aids(pipeline=asked)) == kinds(text, Aids()) and len(kinds(text, Aids())) == 6


@needs_spacy
@pytest.mark.parametrize("text", ["It was Tuesday.", "k.d. lang sang."])
def test_labels_that_are_no_names_and_names_in_small_letters_are_left(text: str, asked: Pipeline) -> None:
    assert kinds(text, Aids(pipeline=asked)) == {}


@needs_spacy
def test_what_the_collection_has_decided_goes_before_the_pipeline(asked: Pipeline) -> None:
    known = Known.of([("organisations/quorra", Record("Quorra"))], refused=["eBay"])
    assert kinds("Quorra bought it on eBay.", Aids(known, asked)) == {"Quorra": "organisations"}


@needs_spacy
def test_a_mention_says_which_pipeline_said_so_to_the_byte(asked: Pipeline, folder: Path, tmp_path: Path) -> None:
    import shutil

    (dallas,) = mentions("They live in Dallas.", Aids(pipeline=asked))
    assert dallas.why.endswith(f"; so says {asked.version}") and asked.version.startswith("en_pipeline 0.0.0, ")
    other = shutil.copytree(folder, tmp_path / "other")
    assert pipeline(str(other)).version == asked.version
    (other / "entity_ruler" / "patterns.jsonl").write_text('{"label": "ORG", "pattern": "Ann"}\n', encoding="utf-8")
    assert pipeline(str(other)).version.partition(",")[2] != asked.version.partition(",")[2]


@needs_spacy
def test_a_long_text_is_read_in_parts_and_offsets_hold(asked: Pipeline) -> None:
    text = "All was well, they said.\n" * 9000 + "They bought it on eBay."
    (seen,) = asked.seen(text)
    assert text[seen.start : seen.end] == "eBay"


# As the configuration asks for it.


def collection_with(collection: Collection, name: str) -> Collection:
    return collection.write("../sitegen.toml", f'title = "Test"\n\n[annotate]\nner = "{name}"\n')


def run(collection: Collection, *arguments: str, text: str = "Then came Quorra, and all was well.", lines: int = 1) -> Result:
    given = "".join(json.dumps({"id": i, "text": text}) + "\n" for i in range(lines))
    return CliRunner().invoke(main, ["-C", str(collection.root), *arguments], input=given)


@needs_spacy
def test_annotate_asks_the_pipeline_of_a_folder_in_workers_too(collection: Collection, folder: Path) -> None:
    (collection.root / "models").mkdir()
    (collection.root / "models" / "rules").symlink_to(folder)
    collection_with(collection, "spacy:models/rules")
    said = [run(collection, "annotate", "--jsonl", "--jobs", jobs, lines=60).stdout for jobs in "12"]
    assert said[0] == said[1] and said[0].count('"text":"Quorra","kind":"person"') == 60


@needs_spacy
def test_convert_asks_the_pipeline(collection: Collection, folder: Path) -> None:
    collection_with(collection, f"spacy:{folder}").write("sources/a.txt", "One\n\nThey bought it on eBay, they said.\n")
    assert run(collection, "convert").exit_code == 0
    assert "eBay,organisations" in (collection.content / "candidates.csv").read_text(encoding="utf-8-sig")


@needs_spacy
def test_a_pipeline_that_is_missing_is_an_error_at_its_line(collection: Collection) -> None:
    result = run(collection_with(collection, "spacy:xx_no_such"), "annotate", "--jsonl")
    assert result.exit_code == 2 and "sitegen.toml:4:1: error[no-pipeline]" in result.output
    assert "spacy download xx_no_such" in result.output


def test_without_spacy_the_error_says_what_to_install(collection: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    result = run(collection_with(collection, "spacy:xx_not_there"), "annotate", "--jsonl")
    assert result.exit_code == 2 and 'help: pip install "sitegen[ner]"' in result.output
    assert "sitegen.toml:4:1: error[no-pipeline]: spaCy is not installed" in result.output


@pytest.mark.parametrize("value", ['"en_core_web_sm"', '"spacy:"', "true"])
def test_a_value_that_names_no_pipeline_is_told(value: str, collection: Collection) -> None:
    collection.write("../sitegen.toml", f"[annotate]\nner = {value}\n")
    assert "sitegen.toml:2:1: error[configuration]" in run(collection, "annotate", "--jsonl").output


def test_nothing_of_spacy_is_loaded_where_nobody_asks_for_it() -> None:
    code = "import sys; from sitegen.annotate.mentions import mentions; mentions('In Paris.'); sys.exit('spacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2]).returncode == 0
