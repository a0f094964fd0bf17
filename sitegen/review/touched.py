"""What a change of records does to mentions: the same texts, read with the names as they are and as they are to be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

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

_AROUND = 40  # code points


class Passage(NamedTuple):
    """A mention with what stands around it, and the record that it is to lead to, "" for none."""

    before: str
    name: str
    after: str
    record: str


class Touched(NamedTuple):
    """A text, and its mentions that lead elsewhere afterwards."""

    id: str
    passages: tuple[Passage, ...]

    @property
    def mentions(self) -> int:
        return len(self.passages)

    @property
    def lost(self) -> int:
        """How many lead nowhere."""
        return sum(not passage.record for passage in self.passages)


class _View(msgspec.Struct, frozen=True):
    """The collection as one side of a change sees it."""

    authority: Authority
    names: Names
    signposts: Signposts

    def mentions(self, path: str, text: str) -> tuple[str, dict[tuple[int, int], str]]:
        """What a text says, and the record of every mention in it."""
        own = path.removesuffix(".md")  # a record's note does not lead to itself
        words, marks = self._marks(path, text)
        led = ((mark, self.authority.final(mark.record)) for mark in marks)
        kept = {(mark.start, mark.end): record for mark, record in led if record in self.authority.records and record != own}
        return words, kept

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
        (words, was), (said, now) = old.mentions(path, text), new.mentions(path, draft.text(path))
        moved = [place for place in sorted(was.keys() | now.keys()) if was.get(place) != now.get(place)]
        if moved:
            passages = (_passage(said if place in now else words, place, now.get(place, "")) for place in moved)
            yield Touched(path.removesuffix(".md"), tuple(passages))


def _passage(text: str, place: tuple[int, int], record: str) -> Passage:
    """A mention in its line, cut to a few words on either side."""
    start, end = place
    first, last = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    before, after = text[first:start], text[end : last if last >= 0 else len(text)]
    if len(before) > _AROUND:
        before = "… " + before[-_AROUND:].partition(" ")[2]
    if len(after) > _AROUND:
        after = after[:_AROUND].rpartition(" ")[0] + " …"
    return Passage(before, text[start:end], after, record)


def _view(shelf: Shelf, subjects: dict[str, Subject]) -> _View:
    authority = authority_of(subjects.values())
    stems = stems_of({*subjects, *(path.removesuffix(".md") for path in shelf.texts())})
    return _View(authority, Names.of(authority.names(), stoplist(shelf.content)), Signposts(authority, stems))
