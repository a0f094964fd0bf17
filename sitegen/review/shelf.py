"""The collection as its files say it, and a draft of what they are to say. Reads the content folder, and writes nothing."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

import msgspec

from sitegen.errors import SiteError, did_you_mean
from sitegen.markup.parse import head
from sitegen.model import decision
from sitegen.model.entity import Record, Subject
from sitegen.model.ids import ARTICLES, PAGES, SOURCES, kind_of
from sitegen.model.text import canonical, folded
from sitegen.relate.authority import Authority, authority_of, stems_of
from sitegen.review.files import Change


class Shelf:
    """A content folder. Hidden files and links of the file system are left alone: what they lead to is met in its own place."""

    def __init__(self, content: Path) -> None:
        if not content.is_dir():
            raise SiteError(f"{content} is no folder", help="make it, or set `content` in the configuration")
        self.content = content

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The content paths of all documents and notes, in order."""
        found = []
        for folder, below, names in os.walk(self.content):
            here = Path(folder).relative_to(self.content).as_posix()
            below[:] = [name for name in below if name[0] != "." and not (here == "." and name == SOURCES)]
            for name in names:
                if name[0] != "." and name.endswith((".md", ".notes.yaml")) and not Path(folder, name).is_symlink():
                    found.append(name if here == "." else f"{here}/{name}")
        return tuple(sorted(found))

    def data(self, path: str) -> bytes | None:
        """The bytes of a file, None where there is none.

        Raises: SiteError where it cannot be read.
        """
        try:
            return (self.content / path).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise SiteError(f"{self.content.name}/{path} cannot be read: {error.strerror}", help="check permissions") from error

    @cached_property
    def subjects(self) -> dict[str, Subject]:
        """Every record by id. One whose bytes are no text is left out: the build complains of it."""
        return {path.removesuffix(".md"): subject for path in self.paths if is_record(path) and (subject := self._subject(path))}

    @cached_property
    def authority(self) -> Authority:
        return authority_of(self.subjects.values())

    @cached_property
    def stems(self) -> dict[str, list[str]]:
        return stems_of(path.removesuffix(".md") for path in self.paths if path.endswith(".md"))

    def record(self, doc_id: str) -> Subject:
        """A record by its id.

        Raises: SiteError where there is none.
        """
        found = self.subjects.get(doc_id)
        if found is None:
            known = self.subjects if "/" in doc_id else [*map(_end, self.subjects), *self.owners]
            near = did_you_mean(doc_id, list(known)) or 'ids are folder and file name, as in "places/raqqa"'
            raise SiteError(f'there is no record "{doc_id}"', help=near)
        return found

    def meant(self, written: str) -> str:
        """The id of the record that a person means: by its id, by the end of that, or by a name, in letters of any case.

        Records that have no page are meant where no other could be; what nothing has, comes back as it was written.
        Raises: SiteError where several could be meant.
        """
        if written in self.subjects:
            return written
        wanted = folded(written)
        for held in (self._published, self.subjects.values()):
            called = {subject.id: {canonical(name) for name in names_of(subject.record)} for subject in held}
            for found in (
                [doc_id for doc_id in called if _end(doc_id) == written],
                [doc_id for doc_id, names in called.items() if canonical(written) in names],
                [doc_id for doc_id, names in called.items() if wanted in {_end(doc_id), *map(str.casefold, names)}],
            ):
                if len(found) > 1:
                    raise SiteError(f'"{written}" could be {" or ".join(sorted(found))}', help="name it by its id")
                if found:
                    return found[0]
        return written

    @property
    def _published(self) -> list[Subject]:
        """The records that have a page of their own."""
        return [one for one in self.subjects.values() if not one.record.merged_into and one.record.status != "rejected"]

    @cached_property
    def owners(self) -> dict[str, str]:
        """Every name of a record that is not rejected, canonical, with the id of one that owns it."""
        held = (subject for subject in self.subjects.values() if subject.record.status != "rejected")
        return {canonical(name): subject.id for subject in held for name in names_of(subject.record)}

    @property
    def refused(self) -> frozenset[str]:
        """The names that people have said no to: those of rejected records, and those of the log."""
        held = (subject.record for subject in self.subjects.values() if subject.record.status == "rejected")
        log = decision.refused(decision.read(self.data(decision.DECISIONS) or b""))
        return frozenset(name for record in held for name in names_of(record)) | frozenset(log)

    def learn(self, paths: Iterable[str]) -> None:
        """Read files again that were changed."""
        changed = set(paths)
        subjects = self.subjects
        for path in filter(is_record, changed):
            subjects.pop(path.removesuffix(".md"), None)
            if found := self._subject(path):
                subjects[found.id] = found
        for name in ("paths", "authority", "stems", "owners"):
            self.__dict__.pop(name, None)

    def texts(self) -> Iterator[str]:
        """The content paths of articles and pages."""
        return (path for path in self.paths if path.endswith(".md") and kind_of(path) in (ARTICLES, PAGES))

    def _subject(self, path: str) -> Subject | None:
        return subject_of(path, self.data(path))


class Draft(msgspec.Struct):
    """What the files of a shelf are to say. Files that nobody edits are not held."""

    shelf: Shelf
    made: dict[str, bytes | None] = msgspec.field(default_factory=dict)

    def data(self, path: str) -> bytes | None:
        return self.made[path] if path in self.made else self.shelf.data(path)

    def text(self, path: str) -> str:
        """A file's text as it is to be; "" where there is none.

        Raises: SiteError where its bytes are no UTF-8 text.
        """
        try:
            return (self.data(path) or b"").decode()
        except UnicodeDecodeError:
            raise SiteError(f"{self.shelf.content.name}/{path} is not UTF-8", help="save the file as UTF-8") from None

    def write(self, path: str, text: str | None) -> None:
        self.made[path] = None if text is None else text.encode()

    @property
    def changes(self) -> tuple[Change, ...]:
        """What is other than on the shelf, by path."""
        found = (Change(path, self.shelf.data(path), self.made[path]) for path in sorted(self.made))
        return tuple(change for change in found if change.before != change.after)


def subject_of(path: str, data: bytes | None) -> Subject | None:
    """The record that a file holds."""
    try:
        return head(path, data)[0] if data is not None else None
    except UnicodeDecodeError:
        return None


def _end(doc_id: str) -> str:
    return doc_id.rpartition("/")[2]


def is_record(path: str) -> bool:
    return path.endswith(".md") and "/" in path and kind_of(path) not in (ARTICLES, PAGES, SOURCES)


def id_of(written: str) -> str:
    """The id that a person means: "places/raqqa", "content/places/raqqa.md", "/places/raqqa/"."""
    return written.strip().removeprefix("./").removeprefix("content/").removesuffix(".md").strip("/")


def names_of(record: Record) -> tuple[str, ...]:
    """The name and all aliases of a record, those that do not link among them."""
    return tuple(dict.fromkeys((record.name, *(alias.text for alias in record.aliases))))
