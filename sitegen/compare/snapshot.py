"""A snapshot: what readers can see of a site, as a file, so that a later one can be held against it.

Lines of JSON in order: a `Head`, then `Page`s by URL, `File`s by path, `Said`s by article. Nothing withheld is in it. It is
read a line at a time: of a collection of any size two can be compared in little memory.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, TypeAlias

import msgspec

from sitegen.errors import SiteError

VERSION = 1
ARTICLE, RECORD, PAGE, LIST, MOVED, GONE = "article", "record", "page", "list", "moved", "gone"
DOCUMENTS = (ARTICLE, RECORD, PAGE)
_LONGEST_LINE = 1 << 26  # bytes
_GZIP = b"\x1f\x8b"


class Head(msgspec.Struct, frozen=True, tag="snapshot", omit_defaults=True):
    """What a snapshot is of. made: whether it knows files; else only what would be published. counts: of the collection."""

    version: int
    title: str
    url: str
    program: str
    theme: str
    day: str
    made: bool
    counts: dict[str, int]


class Page(msgspec.Struct, frozen=True, tag="page", omit_defaults=True):
    """An address that answers.

    kind: one of those above. to: where it leads, or why it is gone. mentions: how many a record has, or an article holds.
    parts: a digest of each thing that the document itself says there; named: of the passages that name records; form: of
    its text with all its markup, mentions among it. sha: of its bytes, "" where they are not known.
    """

    url: str
    kind: str
    id: str = ""
    title: str = ""
    to: str = ""
    words: int = 0
    mentions: int = 0
    parts: dict[str, str] = {}
    named: str = ""
    form: str = ""
    sha: str = ""

    @property
    def is_document(self) -> bool:
        return self.kind in DOCUMENTS


class File(msgspec.Struct, frozen=True, tag="file"):
    """A file of the site: its path below the site's folder, and how many bytes it has."""

    path: str
    size: int
    sha: str


class Said(msgspec.Struct, frozen=True, tag="said"):
    """Whom an article names, in order of records: record, before, name, after."""

    article: str
    passages: tuple[tuple[str, str, str, str], ...]


Line: TypeAlias = Head | Page | File | Said


def save(file: Path, lines: Iterable[Line]) -> None:
    """Write a snapshot; compressed, where the name ends with .gz.

    Raises: SiteError where the file cannot be written.
    """
    encode = msgspec.json.Encoder().encode
    temporary = file.with_name(f".{file.name}.new")
    try:
        with temporary.open("wb") as raw:
            # No name and no time: the same snapshot is the same bytes.
            packed = gzip.GzipFile("", "wb", 6, raw, mtime=0) if file.suffix == ".gz" else None
            out: IO[bytes] = packed or raw  # type: ignore[assignment]
            for line in lines:
                out.write(encode(line) + b"\n")
            if packed:
                packed.close()
        temporary.replace(file)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise SiteError(f"{file}: cannot be written: {error.strerror}", help="name a file in a folder that is there") from error


class Opened:
    """A snapshot that is being read, forwards: its head, then one section after the other."""

    def __init__(self, file: Path) -> None:
        """Raises: SiteError where this is no snapshot."""
        self._file = file
        self._lines = self._read()
        self._decode = msgspec.json.Decoder(Line).decode
        self._number = 0
        head = self._next()
        if not isinstance(head, Head):
            raise self._broken("its first line is no head")
        if head.version != VERSION:
            raise SiteError(f"{file}: a snapshot of version {head.version}", help="use the sitegen that wrote it, or a later one")
        self.head = head
        self._waiting: tuple[bytes, Line] | None = self._next_raw()

    def pages(self) -> Iterator[Page]:
        for _, line in self._section(Page):
            assert isinstance(line, Page)
            yield line

    def files(self) -> Iterator[File]:
        for _, line in self._section(File):
            assert isinstance(line, File)
            yield line

    def said(self) -> Iterator[tuple[bytes, Said]]:
        """Articles with whom they name, and the bytes of the line: equal where nothing has changed."""
        for raw, line in self._section(Said):
            assert isinstance(line, Said)
            yield raw, line
        if self._waiting:
            raise self._broken("its lines are in no order")

    def _section(self, kind: type[Page | File | Said]) -> Iterator[tuple[bytes, Line]]:
        before = ""
        while self._waiting and isinstance(self._waiting[1], kind):
            line = self._waiting[1]
            key = line.url if isinstance(line, Page) else line.path if isinstance(line, File) else _article(line)
            if before and key <= before:
                raise self._broken(f"{key!r} is behind {before!r}")
            before = key
            yield self._waiting
            self._waiting = self._next_raw()

    def _next(self) -> Line | None:
        found = self._next_raw()
        return found[1] if found else None

    def _next_raw(self) -> tuple[bytes, Line] | None:
        raw = next(self._lines, b"")
        if not raw:
            return None
        self._number += 1
        try:
            return raw, self._decode(raw)
        except msgspec.MsgspecError as error:
            raise self._broken(str(error)) from error

    def _read(self) -> Iterator[bytes]:
        try:
            with self._file.open("rb") as raw:
                packed = raw.read(2) == _GZIP
                raw.seek(0)
                source: IO[bytes] = gzip.GzipFile(fileobj=raw) if packed else raw  # type: ignore[assignment]
                while line := source.readline(_LONGEST_LINE):
                    yield line
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise self._broken(str(error)) from error
        except OSError as error:
            raise SiteError(f"{self._file}: cannot be read: {error.strerror}", help="name a file that you may read") from error

    def _broken(self, fact: str) -> SiteError:
        return SiteError(
            f"{self._file}: line {self._number} is not as sitegen build --manifest writes it: {fact}",
            help="build what was published again with --manifest, or name a git revision",
        )


def _article(line: Line) -> str:
    assert isinstance(line, Said)
    return line.article
