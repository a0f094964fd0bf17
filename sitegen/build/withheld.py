"""What of a collection is withheld, the guard over it, and what of its files may not be told.

A collection that keeps nothing to itself pays for a look.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import chain

import msgspec
from msgspec.structs import replace

from sitegen.build.content import Content, TextOnly
from sitegen.build.memo import Memo
from sitegen.build.scan import File, Tree
from sitegen.markup.parse import parse
from sitegen.model import ids
from sitegen.model.entity import Subject
from sitegen.model.mention import Facts
from sitegen.model.notes import NotesFile, read_notes
from sitegen.model.privacy import PRIVATE
from sitegen.publish.guard import Guard, Secret, guard_of
from sitegen.relate.articles import is_copied

# Shorter ones are words that anybody may use.
_NAME, _TITLE_WORDS, _PASSAGE = 4, 3, 40
_SENTENCE = re.compile(r"(?<=[.!?…])[\"')\]»”’]*\s+")


def guard(
    subjects: Sequence[Subject], texts: Iterable[Facts], notes: Iterable[NotesFile], tree: Tree, memo: Memo, today: dt.date
) -> Guard:
    """The guard over what must not be published today."""
    return guard_of(_secrets(subjects, texts, notes, tree, memo, today))


def _secrets(
    subjects: Sequence[Subject], texts: Iterable[Facts], notes: Iterable[NotesFile], tree: Tree, memo: Memo, today: dt.date
) -> Iterator[Secret]:
    bodies = {subject.path for subject in subjects if subject.record.visibility == PRIVATE and subject.noted}
    for body in (file for file in tree.documents if file.path in bodies):
        lines = parse(body.path, body.read()).document.text.split("\n")
        yield from (Secret(passage, body.path) for line in lines for passage in _passages(line.strip()))
    for subject in subjects:
        if subject.record.visibility == PRIVATE:
            yield from _places(subject.id, subject.url, subject.path)
            for name in (subject.record.name, *(alias.text for alias in subject.record.aliases)):
                if len(name) >= _NAME:
                    yield Secret(name, subject.path)
            for said in (subject.record.role, subject.record.summary):
                yield from (Secret(passage, subject.path) for passage in _passages(said))
            if "," in subject.record.sort:
                yield Secret(subject.record.sort, subject.path, exact=True)
    for text in texts:
        for passage in text.redacted:
            yield Secret(" ".join(passage.split()), text.path)
        if not text.is_withheld(today):
            continue
        if text.kind in (ids.ARTICLES, ids.PAGES):
            yield from _places(text.id, text.url, text.path)
            if len(text.title.split()) >= _TITLE_WORDS:
                yield Secret(text.title, text.path)
        said = msgspec.msgpack.decode(memo.reading(text.path), type=TextOnly).text
        for line in (text.summary, *said.split("\n")):
            yield from (Secret(passage, text.path) for passage in _passages(line.strip()))
    for file in notes:
        for note in file.notes:
            if note.visibility == PRIVATE:
                yield from (
                    Secret(line.strip(), file.path) for line in note.body.split("\n") if len(line.strip()) >= _PASSAGE // 2
                )


def _places(doc_id: str, url: str, path: str) -> Iterator[Secret]:
    """The id of a document, and its address where that is another; that of a page at the top is a word as any."""
    yield from (Secret(place, path) for place in dict.fromkeys((doc_id, url.strip("/"))) if "/" in place)


def _passages(line: str) -> list[str]:
    """What of a line would be known again: its sentences, or all of it where they are short."""
    if len(line) < _PASSAGE:
        return []
    return [sentence for sentence in _SENTENCE.split(line) if len(sentence) >= _PASSAGE] or [line]


def without_their_files(tree: Tree, withheld: Sequence[Facts], shown: Iterable[Facts]) -> Tree:
    """The tree without the pictures and other files that withheld texts lead to, and no text that readers may see."""
    theirs, others = (
        {reference.target.lstrip("/") for text in texts for reference in text.references} for texts in (withheld, shown)
    )
    hidden = theirs - others
    return replace(tree, static=tuple(file for file in tree.static if file.path not in hidden))


def holds_private(file: File, hidden: Set[str] = frozenset()) -> bool:
    """Whether a file of notes holds one that is private, or that names one of these records."""
    data = file.read()
    if b"visib" not in data and b"\\" not in data and not any(record.encode() in data for record in hidden):
        return False
    notes = read_notes(data.decode("utf-8", "replace"), file.path)[0].notes
    return any(note.visibility == PRIVATE or note.record in hidden for note in notes)


def barred(content: Content) -> set[str]:
    """Texts with passages blacked out, and their sources: with a digest anyone who has the rest could try names."""
    found = {path for text in content.facts.values() if text.redacted for path in (text.path, text.source)}
    return found - {text.source for text in content.texts if not text.redacted}


def undigested(content: Content) -> set[str]:
    """The files of which not even a digest may be told, not even one that stands for several: it would confirm a guess.

    These are the files of all that is private, and of what names it where readers do not see: texts that lead there, and,
    where anything is private, the lists of the editors.
    """
    withheld = content.index.withheld
    texts = [text for text in content.facts.values() if text.id in withheld or text.visibility == PRIVATE]
    texts += [text for text in content.texts if not is_copied(text, withheld)]
    hidden = {subject.id: subject.path for subject in content.subjects.values() if subject.record.visibility == PRIVATE}
    records = list(hidden.values())
    notes = [file.path for file in content.tree.notes if holds_private(file, hidden.keys())]
    lists = [file.path for file in content.tree.kept] if texts or records or notes else []
    told = {text.source for text in content.texts if is_copied(text, withheld)}
    sources = {text.source for text in texts} - told
    return {*chain(records, notes, lists), *sources, *(path for text in texts for path in (text.path, ids.sidecar_of(text.path)))}
