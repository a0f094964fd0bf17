"""What `sitegen check` says of records that a person may want to look at."""

from __future__ import annotations

import datetime as dt
import subprocess

import pytest

from sitegen.build import history, pipeline
from sitegen.build.memo import Memo
from sitegen.build.run import Mode
from sitegen.config import load
from sitegen.errors import Issue, Span
from sitegen.model.entity import Record, Subject
from sitegen.relate import check
from tests.support import Collection

TODAY = dt.date(2026, 11, 22)


def subject(doc_id: str, name: str, **fields: object) -> Subject:
    return Subject(doc_id, doc_id.partition("/")[0], f"{doc_id}.md", f"/{doc_id}/", Record(name, **fields))  # type: ignore[arg-type]


def locate(path: str, *_: str) -> Span:
    return Span(path)


def doubles(one: str, other: str, **fields: object) -> list[Issue]:
    return list(check.check_near_duplicates([subject("people/a", one), subject("people/b", other, **fields)], locate))


@pytest.mark.parametrize(
    ("one", "other"),
    [("Kabar Tolholdan", "Kabar Talholdan"), ("Al-Raqqah", "al Raqqah"), ("Müller", "Muller"), ("Saint-Denis", "Saint Denis")],
)
def test_names_that_differ_by_a_letter_or_an_accent_may_be_one(one: str, other: str) -> None:
    (issue,) = doubles(one, other)
    assert issue.code == "near-duplicate" and "sitegen merge people/b people/a" in issue.help


@pytest.mark.parametrize(
    ("one", "other"),
    [("John Smith", "Joan Smith"), ("Eastern Company", "Western Company"), ("2nd Division", "3rd Division"), ("Paris", "London"),
     ("Cable of 1857", "Cable of 1858"), ("J. Smith", "John Smith"), ("Austria", "Australia"), ("Iran", "Iraq")],
)  # fmt: skip
def test_names_that_differ_by_a_word_are_two(one: str, other: str) -> None:
    assert doubles(one, other) == []


def test_what_not_same_as_tells_apart_is_not_asked_again() -> None:
    assert doubles("Kabar Tolholdan", "Kabar Talholdan", not_same_as=("people/a",)) == []


def test_merged_and_rejected_records_are_no_doubles() -> None:
    assert doubles("Müller", "Muller", merged_into="people/a") + doubles("Müller", "Muller", status="rejected") == []


def test_a_suggestion_grows_old_in_ninety_days() -> None:
    subjects = [subject(f"people/{i}", "A", status="suggested") for i in range(3)]
    since = {"people/0.md": TODAY - dt.timedelta(91), "people/1.md": TODAY - dt.timedelta(90)}
    assert [issue.span.path for issue in check.check_old_suggestions(subjects, since, TODAY, locate)] == ["people/0.md"]


def test_a_name_that_is_mostly_a_common_word_is_told() -> None:
    texts = ["No deal. A deal is a deal, and no deal is no deal. From Deal to Dover."]
    owned = [subject("places/deal", "Deal"), subject("places/dover", "Dover")]
    (issue,) = check.check_common_names(owned, texts, locate)
    assert issue.message == 'the name "Deal" of places/deal is a common word here: 5 times in small letters, once with a capital'


def test_the_age_of_a_file_is_that_of_the_commit_that_added_it(collection: Collection) -> None:
    def git(*words: str, date: str = "2026-01-02T03:04:05Z") -> None:
        environment = {
            "GIT_COMMITTER_DATE": date,
            "GIT_AUTHOR_DATE": date,
            "PATH": "/usr/bin:/bin:/usr/local/bin",
            "HOME": "/nowhere",
        }
        subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=b", *words], cwd=collection.root, env=environment, check=True
        )

    collection.record("people/ä b", "A", "status: suggested\n").article("x", "A met B.")
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "one")
    collection.record("people/ä b", "A", "status: suggested\nrole: x\n").record("people/c", "B", "status: suggested\n")
    git("add", ".")
    git("commit", "-qm", "two", date="2026-11-01T00:00:00Z")
    found = history.added(collection.content)
    assert (found["people/ä b.md"], found["people/c.md"]) == (dt.date(2026, 1, 2), dt.date(2026, 11, 1))
    with Memo.none() as memo:
        issues = pipeline.examine(load(collection.root), memo, Mode(TODAY))
    assert [(issue.code, issue.span.path) for issue in issues if issue.severity != "note"] == [
        ("old-suggestion", "content/people/ä b.md")
    ]


def test_without_git_a_file_has_no_age(collection: Collection) -> None:
    assert history.added(collection.record("people/a", "A").content) == {}
