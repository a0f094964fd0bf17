"""A file beside the memo that holds what a build left, in parts, so that the next reads those alone that it needs.

Names are kept in columns, a line each; what belongs to them lies beside in the same order, digests end to end and
numbers in four bytes. The file bears a mark that the memo holds too (`resume`): one without the other is none. It owns
how things lie there, and knows nothing of what they mean.
"""

from __future__ import annotations

import contextlib
import os
import sys
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import msgspec

V = TypeVar("V")

MARK = 16  # bytes
_FEW = 8  # names that are looked for one by one; for more a table is made
_LONG = 4  # bytes


class Unshelved(Exception):
    """What is asked for is not on the shelf, or cannot be read there."""


class Missing:
    """Stands for what is not on the shelf: whoever looks at it is told so."""

    def _told(self, *_: object) -> Any:
        raise Unshelved

    __getattr__ = __iter__ = __len__ = __contains__ = __getitem__ = __bool__ = __eq__ = __call__ = _told
    __hash__ = None  # type: ignore[assignment]


class _Head(msgspec.Struct, array_like=True):
    """Where the parts lie, each with its checksum, and what is read in any case."""

    parts: dict[str, tuple[int, int, int]]
    facts: msgspec.Raw


class Column:
    """Names, each at its place. Raises: ValueError where one holds a line's end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._asked = 0

    @staticmethod
    def of(names: Iterable[str]) -> bytes:
        names = list(names)
        data = "\n".join(["", *names, ""]).encode() if names else b""
        if data.count(b"\n") != (len(names) + 1 if names else 0):
            raise ValueError(names)
        return data

    def __len__(self) -> int:
        return max(0, self._data.count(b"\n") - 1)

    def place(self, name: str) -> int:
        """Where a name stands last, -1 where it does not."""
        self._asked += 1
        if self._asked > _FEW:
            return self._places.get(name, -1)
        at = self._data.rfind(b"\n%b\n" % name.encode("utf-8", "surrogatepass")) if "\n" not in name else -1
        return self._data.count(b"\n", 0, at) if at >= 0 else -1

    def only(self, endings: Iterable[str]) -> str:
        """The one name that ends so, each ending beginning a name or behind a "/"; "" where none or several do."""
        found = ""
        for ending in endings:
            for front in (b"\n", b"/"):
                sought = b"%b%b\n" % (front, ending.encode("utf-8", "surrogatepass"))
                at = self._data.find(sought)
                if at < 0:
                    continue
                if found or self._data.find(sought, at + 1) >= 0:
                    return ""
                begins = self._data.rfind(b"\n", 0, at + 1) + 1
                found = _text(self._data[begins : at + len(sought) - 1])
        return found

    @cached_property
    def names(self) -> list[str]:
        return _text(self._data).split("\n")[1:-1]

    @cached_property
    def _places(self) -> dict[str, int]:
        return dict(zip(self.names, range(len(self.names)), strict=True))


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise Unshelved from error


class Shelf:
    """The parts of a file; each is read when it is asked for. Raises, all of it: Unshelved."""

    def __init__(self, path: Path, mark: bytes) -> None:
        self._path = path
        try:
            with path.open("rb") as file:
                held, size, check = file.read(MARK), file.read(_LONG), file.read(_LONG)
                self._size = os.fstat(file.fileno()).st_size
                head = file.read(min(int.from_bytes(size, "little"), self._size))
        except OSError as error:
            raise Unshelved from error
        if held != mark or zlib.crc32(head).to_bytes(_LONG, "little") != check:
            raise Unshelved
        self._begins = MARK + 2 * _LONG + len(head)
        found = _decoded(head, _Head)
        self._parts, self._facts = found.parts, found.facts
        self._columns: dict[int, Column] = {}

    def facts(self, type_: type[V]) -> V:
        """What is read in any case."""
        return _decoded(self._facts, type_)

    def values(self, name: str, type_: type[V]) -> V:
        """A part that is no column."""
        return _decoded(self.part(name), type_)

    def part(self, name: str) -> bytes:
        if name not in self._parts:
            raise Unshelved(name)
        at, length, check = self._parts[name]
        if not 0 <= self._begins + at <= self._begins + at + length <= self._size:  # as long as somebody says, and not longer
            raise Unshelved(name)
        try:
            with self._path.open("rb", buffering=0) as file:
                file.seek(self._begins + at)
                data = file.read(length) if length else b""
        except OSError as error:
            raise Unshelved from error
        if zlib.crc32(data) != check:
            raise Unshelved(name)
        return data

    def column(self, name: str) -> Column:
        """A column; parts that are the same are one."""
        if name not in self._parts:
            raise Unshelved(name)
        at, length, _ = self._parts[name]
        found = self._columns.get(at) if length else Column(b"")
        if found is None:
            found = self._columns[at] = Column(self.part(name))
        return found

    def numbers(self, name: str) -> array[int]:
        try:
            found = array("I", self.part(name))
        except ValueError as error:
            raise Unshelved(name) from error
        if sys.byteorder == "big":
            found.byteswap()
        return found


def _decoded(data: bytes | msgspec.Raw, type_: type[V]) -> V:
    try:
        return msgspec.msgpack.decode(data, type=type_)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Unshelved from error


def numbers(found: Iterable[int]) -> bytes:
    """Numbers as `Shelf.numbers` reads them. Raises: OverflowError where one is negative or takes more than four bytes."""
    made = array("I", found)
    if sys.byteorder == "big":
        made.byteswap()
    return made.tobytes()


def write(path: Path, parts: Mapping[str, bytes], facts: Any) -> bytes:
    """Write the file, and give its mark. Raises: OSError."""
    lie: dict[bytes, tuple[int, int, int]] = {}
    at = 0
    for data in parts.values():
        if data not in lie:
            lie[data] = at, len(data), zlib.crc32(data)
            at += len(data)
    encode = msgspec.msgpack.encode
    head = encode(_Head({name: lie[data] for name, data in parts.items()}, msgspec.Raw(encode(facts))))
    mark = os.urandom(MARK)
    temporary = path.with_name(path.name + ".new")
    temporary.unlink(missing_ok=True)
    try:
        with temporary.open("xb") as file:
            checked = (len(head), zlib.crc32(head))
            file.writelines([mark, *(number.to_bytes(_LONG, "little") for number in checked), head, *lie])
        temporary.replace(path)
    except OSError:  # half of it on a disk that is full is in everybody's way
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    return mark


class Digests(MutableMapping[str, bytes]):
    """Digests of one length by name, as they lie on a shelf, under those that moved. What is not there has one too."""

    def __init__(self, shelf: Shelf, name: str, moved: dict[str, bytes | None] | None = None) -> None:
        self._shelf, self._name = shelf, name
        self.moved = moved or {}

    @staticmethod
    def parts(name: str, held: Mapping[str, bytes]) -> dict[str, bytes]:
        """As what they are put on a shelf. Raises: ValueError where they are not of one length."""
        data = b"".join(held.values())
        if len({*map(len, held.values())}) > 1:
            raise ValueError(name)
        return {f"{name} names": Column.of(held), name: data}

    @cached_property
    def _column(self) -> Column:
        return self._shelf.column(f"{self._name} names")

    @cached_property
    def _data(self) -> bytes:
        return self._shelf.part(self._name)

    @cached_property
    def _width(self) -> int:
        return len(self._data) // max(1, len(self._column))

    def get(self, name: str, default: Any = None) -> Any:
        if name in self.moved:
            found = self.moved[name]
            return default if found is None else found
        at = self._column.place(name)
        return default if at < 0 else self._data[at * self._width : (at + 1) * self._width]

    def __getitem__(self, name: str) -> bytes:
        found: bytes = self.get(name, b"")
        return found or bytes(16)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.get(name) is not None

    def __setitem__(self, name: str, digest: bytes) -> None:
        self.moved[name] = digest

    def __delitem__(self, name: str) -> None:
        self.moved[name] = None

    def __iter__(self) -> Iterator[str]:
        gone = {name for name, found in self.moved.items() if found is None}
        yield from (name for name in self._column.names if name not in gone)
        yield from (name for name, found in self.moved.items() if found is not None and self._column.place(name) < 0)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __copy__(self) -> Digests:
        other = Digests(self._shelf, self._name, {**self.moved})
        for name in ("_column", "_data", "_width"):
            if name in self.__dict__:
                other.__dict__[name] = self.__dict__[name]
        return other

    def whole(self) -> dict[str, bytes]:
        """All of them."""
        data, width, names = self._data, self._width, self._column.names
        if len(data) != width * len(names) or (names and not data):
            raise Unshelved(self._name)
        found = {name: data[at : at + width] for name, at in zip(names, range(0, len(data), max(1, width)), strict=True)}
        for name, moved in self.moved.items():
            if moved is None:
                found.pop(name, None)
            else:
                found[name] = moved
        return found


class Groups(Mapping[str, Sequence[int]]):
    """By name, in order, the numbers of what belongs to it, under those that moved."""

    def __init__(self, shelf: Shelf, name: str, moved: Mapping[str, Sequence[int]] | None = None) -> None:
        self._shelf, self._name, self.moved = shelf, name, moved or {}

    @staticmethod
    def parts(name: str, groups: Mapping[str, Iterable[int]]) -> dict[str, bytes]:
        """As what they are put on a shelf."""
        ends, held = [], array("I")
        for group in groups.values():
            held.extend(group)
            ends.append(len(held))
        return {f"{name} names": Column.of(groups), f"{name} ends": numbers(ends), name: numbers(held)}

    def over(self, moved: Mapping[str, Sequence[int]]) -> Groups:
        """With these in the place of what there was; an empty group is gone."""
        other = Groups(self._shelf, self._name, {**self.moved, **moved})
        for name in ("_column", "_ends", "_held"):
            if name in self.__dict__:
                other.__dict__[name] = self.__dict__[name]
        return other

    @cached_property
    def _column(self) -> Column:
        return self._shelf.column(f"{self._name} names")

    @cached_property
    def _ends(self) -> array[int]:
        return self._shelf.numbers(f"{self._name} ends")

    @cached_property
    def _held(self) -> array[int]:
        return self._shelf.numbers(self._name)

    def __getitem__(self, name: str) -> Sequence[int]:
        if name in self.moved:
            found = self.moved[name]
        else:
            at = self._column.place(name)
            found = self._held[self._ends[at - 1] if at else 0 : self._ends[at]] if at >= 0 else ()
        if not found:
            raise KeyError(name)
        return found

    def size(self, name: str) -> int:
        """How many belong to a name."""
        if name in self.moved:
            return len(self.moved[name])
        at = self._column.place(name)
        return self._ends[at] - (self._ends[at - 1] if at else 0) if at >= 0 else 0

    def __iter__(self) -> Iterator[str]:
        yield from (name for name in self._column.names if self.size(name))
        yield from (name for name, found in self.moved.items() if found and self._column.place(name) < 0)

    def __len__(self) -> int:
        return sum(1 for _ in self)
