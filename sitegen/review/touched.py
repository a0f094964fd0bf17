"""What a change of records does to mentions: the same texts, read with the names as they are and as they are to be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from sitegen.annotate.find import find
from sitegen.annotate.names import Names
from sitegen.build.scan import stoplist
from sitegen.markup.parse import parse
from sitegen.model.document import Article
from sitegen.model.entity import Subject
from sitegen.model.mention import By, Mention
from sitegen.model.text import canonical
from sitegen.relate.authority import Authority, Signposts, authority_of, stems_of
from sitegen.review.shelf import Draft, Shelf, is_record, subject_of


class Touched(NamedTuple):
    """A text, how many of its mentions lead elsewhere afterwards, and how many of these nowhere."""

    id: str
    mentions: int
    lost: int


@dataclass(frozen=True)
class _View:
    """The collection as one side of a change sees it."""

    authority: Authority
    names: Names
    signposts: Signposts

    def mentions(self, path: str, text: str) -> dict[tuple[int, int], str]:
        """The record of every mention in a text."""
        own = path.removesuffix(".md")  # a record's note does not lead to itself
        led = ((mark, self.authority.final(mark.record)) for mark in self._marks(path, text)[1])
        return {(mark.start, mark.end): record for mark, record in led if record in self.authority.records and record != own}

    def names_for(self, path: str, text: str, record: str) -> list[str]:
        """The words by which a text means a record, without a link: each once, in order."""
        words, marks = self._marks(path, text)
        meant = (mark for mark in marks if mark.by is not By.LINK and self.authority.final(mark.record) == record)
        return list(dict.fromkeys(canonical(words[mark.start : mark.end]) for mark in meant))

    def _marks(self, path: str, text: str) -> tuple[str, tuple[Mention, ...]]:
        document = parse(path, text.encode(), raw_html=True).document
        links = dict(document.meta.links) if isinstance(document.meta, Article) else {}
        explicit = [
            Mention(reference.start, reference.end, record, By.LINK)
            for reference in document.references
            if (record := self.signposts.record(reference))
        ]
        return document.text, find(document.text, document.closed, explicit, self.names, links).mentions


def before(shelf: Shelf) -> _View:
    """The collection as it is."""
    return _view(shelf, shelf.subjects)


def touched(draft: Draft) -> Iterator[Touched]:
    """The articles, pages and notes on records in which mentions change."""
    shelf = draft.shelf
    subjects = dict(shelf.subjects)
    for path in filter(is_record, draft.made):
        found = subject_of(path, draft.made[path])
        subjects.pop(path.removesuffix(".md"), None)
        if found:
            subjects[found.id] = found
    old, new = before(shelf), _view(shelf, subjects)
    changed = new.names.changed_since(old.names)
    stems = {path.rpartition("/")[2].removesuffix(".md") for path in filter(is_record, draft.made)}
    notes = (
        subject.path for doc_id, subject in old.authority.records.items() if subject.noted and doc_id in new.authority.records
    )
    for path in (*shelf.texts(), *notes):
        data = shelf.data(path) or b""
        try:
            text = data.decode()
        except UnicodeDecodeError:
            continue
        if path not in draft.made and not changed.touch(text) and not any(stem in text for stem in stems):
            continue
        was, now = old.mentions(path, text), new.mentions(path, draft.text(path))
        moved = [place for place in was.keys() | now.keys() if was.get(place) != now.get(place)]
        if moved:
            yield Touched(path.removesuffix(".md"), len(moved), sum(place not in now for place in moved))


def _view(shelf: Shelf, subjects: dict[str, Subject]) -> _View:
    authority = authority_of(subjects.values())
    stems = stems_of({*subjects, *(path.removesuffix(".md") for path in shelf.texts())})
    return _View(authority, Names.of(authority.names(), stoplist(shelf.content)), Signposts(authority, stems))
