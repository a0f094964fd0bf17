"""What of a collection is withheld, and the guard over it. A collection that keeps nothing to itself pays for a look."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

import msgspec

from sitegen.build.content import TextOnly
from sitegen.build.memo import Memo
from sitegen.model import ids
from sitegen.model.entity import Subject
from sitegen.model.mention import Facts
from sitegen.model.notes import NotesFile
from sitegen.model.privacy import PRIVATE
from sitegen.publish.guard import Guard, Secret, guard_of

# Shorter ones are words that anybody may use.
_NAME, _TITLE_WORDS, _PASSAGE = 4, 3, 40


def guard(subjects: Iterable[Subject], texts: Iterable[Facts], notes: Iterable[NotesFile], memo: Memo, today: dt.date) -> Guard:
    """The guard over what must not be published today."""
    return guard_of(_secrets(subjects, texts, notes, memo, today))


def _secrets(
    subjects: Iterable[Subject], texts: Iterable[Facts], notes: Iterable[NotesFile], memo: Memo, today: dt.date
) -> Iterator[Secret]:
    for subject in subjects:
        if subject.record.visibility == PRIVATE:
            yield Secret(subject.id, subject.path)
            for name in (subject.record.name, *(alias.text for alias in subject.record.aliases)):
                if len(name) >= _NAME:
                    yield Secret(name, subject.path)
    for text in texts:
        for passage in text.redacted:
            yield Secret(" ".join(passage.split()), text.path)
        if text.kind in (ids.ARTICLES, ids.PAGES) and text.is_withheld(today):
            yield Secret(text.id, text.path)
            if len(text.title.split()) >= _TITLE_WORDS:
                yield Secret(text.title, text.path)
            said = msgspec.msgpack.decode(memo.reading(text.path), type=TextOnly).text
            yield from (Secret(line.strip(), text.path) for line in said.split("\n") if len(line.strip()) >= _PASSAGE)
    for file in notes:
        for note in file.notes:
            if note.visibility == PRIVATE:
                yield from (
                    Secret(line.strip(), file.path) for line in note.body.split("\n") if len(line.strip()) >= _PASSAGE // 2
                )
