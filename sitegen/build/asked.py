"""Texts, records, files and cells that are read from the memo, or a shelf, when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from functools import cached_property
from typing import Any, TypeVar

from sitegen.build.memo import Memo, Seen
from sitegen.build.shelf import Column, Unshelved
from sitegen.build.stages import HEADS, TEXTS
from sitegen.model.entity import Subject
from sitegen.model.mention import Facts
from sitegen.relate.filing import Filed

K = TypeVar("K")
V = TypeVar("V")

_ONE_BY_ONE = 64  # texts that are read one by one; more are read all at once


class _OneByOne(MutableMapping[str, V]):
    """Values by name, each looked up when it is asked for, under those that moved. Which there are is not known."""

    def __init__(self, moved: dict[str, V] | None = None) -> None:
        self.moved = moved or {}

    def __setitem__(self, name: str, value: V) -> None:
        self.moved[name] = value

    def __delitem__(self, name: str) -> None:
        raise Unshelved

    def __iter__(self) -> Iterator[str]:
        raise Unshelved

    def __len__(self) -> int:
        raise Unshelved


class Texts(_OneByOne[Facts]):
    """The facts of texts by path, as the memo had them when they were asked for."""

    def __init__(self, memo: Memo, held: dict[str, Facts], moved: dict[str, Facts] | None = None) -> None:
        super().__init__(moved)
        self._memo, self._held = memo, held

    def __getitem__(self, path: str) -> Facts:
        found = self.moved.get(path) or self._held.get(path)
        if found is None:
            found = self._memo.value(TEXTS, path)
            if found is None:
                raise KeyError(path)
            self._held[path] = found
        return found

    def __copy__(self) -> Texts:
        return Texts(self._memo, self._held, {**self.moved})

    def hold_all(self) -> None:
        """Read those that are not at hand yet, at one go."""
        for path, facts in self._memo.known(TEXTS).items():
            self._held.setdefault(path, facts)


class Some(Sequence[Facts]):
    """Articles, by their places among all."""

    def __init__(self, places: Sequence[int], paths: Sequence[str], texts: Texts) -> None:
        self._places, self._paths, self._texts = places, paths, texts

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return [self._texts[self._paths[place]] for place in self._places[at]]
        return self._texts[self._paths[self._places[at]]]

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[Facts]:
        for number, place in enumerate(self._places):
            if number == _ONE_BY_ONE and len(self._places) > 4 * _ONE_BY_ONE:
                self._texts.hold_all()
            yield self._texts[self._paths[place]]


class Looked(Mapping[K, V]):
    """What is looked up where it is asked for. names: all that can be."""

    def __init__(self, find: Callable[[K], V | None], names: Callable[[], Iterable[K]]) -> None:
        self._find, self._names = find, names

    def __getitem__(self, name: K) -> V:
        found = self._find(name)
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[K]:
        return iter(self._names())

    def __len__(self) -> int:
        return sum(1 for _ in self)


def nothing() -> Any:
    raise Unshelved


class Subjects(Mapping[str, Subject]):
    """Records by id. ids: of those that count; on_file, paths: of all, and where they lie."""

    def __init__(self, memo: Memo, held: dict[str, Subject], ids: Column, on_file: Column, paths: Column) -> None:
        self._memo, self._held, self._ids, self._on_file, self._paths = memo, held, ids, on_file, paths

    def __getitem__(self, doc_id: str) -> Subject:
        if doc_id not in self:
            raise KeyError(doc_id)
        found = self._held.get(doc_id)
        if found is None:
            found = self._memo.value(HEADS, self._paths.names[self._on_file.place(doc_id)])
            if found is None:
                raise Unshelved(doc_id)
            self._held[doc_id] = found
        return found

    def __contains__(self, doc_id: object) -> bool:
        return isinstance(doc_id, str) and self._ids.place(doc_id) >= 0

    def __iter__(self) -> Iterator[str]:
        for subject in self._memo.known(HEADS).values():  # whoever asks for all of them wants them
            self._held.setdefault(subject.id, subject)
        return iter(self._ids.names)

    def __len__(self) -> int:
        return len(self._ids)


class FiledLate(Mapping[str, Sequence[Subject]]):
    """The records of each kind, put in order when one is asked for."""

    def __init__(self, records: Mapping[str, Subject], kinds: Sequence[str]) -> None:
        self._records, self._kinds = records, kinds

    @cached_property
    def _filed(self) -> Filed:
        return Filed(self._records.values(), self._kinds)

    def __getitem__(self, kind: str) -> Sequence[Subject]:
        return self._filed[kind]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def __len__(self) -> int:
        return len(self._kinds)


class SeenFiles(_OneByOne[Seen]):
    """The files of the content as the last build met them."""

    def __init__(self, memo: Memo, moved: dict[str, Seen] | None = None) -> None:
        super().__init__(moved)
        self._memo = memo

    def __getitem__(self, path: str) -> Seen:
        found = self.moved.get(path) or self._memo.file(path)
        if found is None:
            raise KeyError(path)
        return found

    def __copy__(self) -> SeenFiles:
        return SeenFiles(self._memo, {**self.moved})


class Joined(_OneByOne[bytes]):
    """Cells that stand for several. The first of their tables says which there are."""

    def __init__(self, tables: Sequence[Mapping[str, bytes]], moved: dict[str, bytes] | None = None) -> None:
        super().__init__(moved)
        self._tables = tables

    def get(self, name: str, default: Any = None) -> Any:
        if name in self.moved:
            return self.moved[name]
        found = [table.get(name) for table in self._tables]
        return default if found[0] is None else b"".join(filter(None, found))

    def __getitem__(self, name: str) -> bytes:
        found: bytes = self.get(name, b"")
        return found or bytes(16)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.get(name) is not None

    def __copy__(self) -> Joined:
        return Joined(self._tables, {**self.moved})
