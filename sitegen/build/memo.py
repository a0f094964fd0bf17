"""The memo: what the last build knew, each thing with the key of what it was made from.

A key is the digest of what a stage could see: its input, its slice of the configuration, the program's own
code. A value is used only where its key is the one this build works out. One thing is told otherwise: the names
that are looked for in texts (docs/decisions/009-memo-by-name.md). It is one SQLite file, and a transaction holds
what a build has read: one that is killed leaves the memo as it was, or as far as all was read. The file is a
cache: where it is broken or of another version, it is made anew and said so.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import msgspec

from sitegen import kept
from sitegen.build import passing, unchanged
from sitegen.build.aside import Aside, Sheaves
from sitegen.build.pool import FEW, Pool
from sitegen.errors import Issue, SiteError
from sitegen.model.digests import version_of

V = TypeVar("V")

_STANDING = "standing"
_ASKED_ONE_BY_ONE = 2000  # quotes of texts; who wants more will want most
_SCHEMA = 10
_TABLES = """
    CREATE TABLE file (path TEXT PRIMARY KEY, size INTEGER, mtime INTEGER, inode INTEGER, digest BLOB) WITHOUT ROWID;
    CREATE TABLE value (stage TEXT, name TEXT, key BLOB, value BLOB, issues BLOB, PRIMARY KEY (stage, name));
    CREATE TABLE more (name TEXT PRIMARY KEY, reading BLOB, quotes BLOB);
    CREATE TABLE output (
        folder TEXT, path TEXT, key BLOB, made BLOB, sha TEXT, size INTEGER, mtime INTEGER, build INTEGER,
        PRIMARY KEY (folder, path)
    ) WITHOUT ROWID;
    CREATE TABLE found (name TEXT, path TEXT, digest BLOB, data BLOB, PRIMARY KEY (name, path));
    CREATE TABLE change (build INTEGER, cell TEXT, name TEXT, words TEXT);
    CREATE TABLE fact (name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
"""


class Seen(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A file as the last build met it: bytes, time of change (ns), inode, BLAKE2b digest of its content."""

    size: int
    mtime: int
    inode: int
    digest: bytes


class Row(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A file of the output as the last build left it.

    key: of all it was made from; made: the digest of what it was rendered from, b"" where that is the key; sha: SHA-256
    of its bytes, hexadecimal; build: the number of the build that last wrote it.
    """

    key: bytes
    made: bytes
    sha: str
    size: int
    mtime: int
    build: int


class Rows(Mapping[str, Row]):
    """The files of an output by path: those that moved, over what there was. None is new, and none is gone."""

    def __init__(self, rest: Mapping[str, Row], moved: Mapping[str, Row] | None = None) -> None:
        self._rest, self.moved = rest, moved or {}

    def over(self, rows: Mapping[str, Row]) -> Rows:
        """With these in the place of what there was."""
        return Rows(self._rest, {**self.moved, **rows})

    def __getitem__(self, path: str) -> Row:
        return self.moved.get(path) or self._rest[path]

    def __contains__(self, path: object) -> bool:
        return path in self.moved or path in self._rest

    def __iter__(self) -> Iterator[str]:
        return iter(self._rest)

    def __len__(self) -> int:
        return len(self._rest)


class Stage(msgspec.Struct, Generic[V], frozen=True):
    """A pure function with a name, run on many inputs at once by `run(context, inputs)`.

    It gives an `Outcome` for each, whose value is the encoding of a `type`. few: see `Pool.run`. load: loads what `run`
    needs, before there are workers, which then have it from their parent.
    """

    name: str
    type: Any
    run: Callable[[Any, Sequence[Input]], list[Outcome]]
    few: int = FEW
    load: Callable[[], None] | None = None


class Input(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A file for a stage: its path in the content folder, where it lies, and its bytes where they travel with it."""

    name: str
    file: str
    data: bytes | None = None

    def read(self) -> bytes:
        """Raises: OSError where the file is gone or may not be read."""
        if self.data is not None:
            return self.data
        with open(self.file, "rb", buffering=0) as handle:  # noqa: PTH123  a third of the time of Path.read_bytes
            return handle.read()


class Outcome(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a stage made of one input: the digest of its bytes, the encoded value, issues, and what goes with it.

    value is b"" where nothing could be made; quick, whether the Markdown took the fast path.
    """

    name: str
    digest: bytes
    value: bytes
    issues: tuple[Issue, ...] = ()
    reading: bytes = b""
    quotes: bytes = b""
    quick: bool = True


class Stored(msgspec.Struct, Generic[V], frozen=True):
    """What a stage made of one input; `value` is None where nothing could be made. `fresh`: made in this build."""

    value: V | None
    issues: tuple[Issue, ...]
    digest: bytes
    fresh: bool


class MemoError(SiteError):
    """The memo's file cannot be used; `damaged` where a new one may be."""

    def __init__(self, error: sqlite3.Error | OSError, path: Path | None) -> None:
        super().__init__(f"the memo cannot be used: {error}", help=f"free space, or remove {path}")
        self.damaged = isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError)
        self.damaged |= "malformed" in str(error) or "not a database" in str(error)
        self._made_of = error, path

    def __reduce__(self) -> tuple[type[MemoError], tuple[sqlite3.Error | OSError, Path | None]]:
        return MemoError, self._made_of


class Memo:
    """A memo in one SQLite file; `Memo.at(folder)` opens it, `Memo.none()` remembers nothing beyond its own life."""

    def __init__(self, database: sqlite3.Connection, note: str = "", path: Path | None = None) -> None:
        self._database, self._path = database, path
        self._process = os.getpid()
        self._passing: int | None = None  # the handle that holds its file
        self._quotes, self._sheaves = Aside(self._folder), Sheaves(self._folder, ())
        self._asked = 0
        self.note = note
        self.hits: dict[str, tuple[int, int]] = {}  # by stage: found, made
        self.slow: list[str] = []  # texts whose Markdown left the fast path

    @staticmethod
    def at(folder: Path) -> Memo:
        """Open the memo in `folder`; one that cannot be read is replaced, and `note` says so."""
        path = folder / "memo.db"
        note = ""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            try:
                database, other = _opened(str(path))
                note = f"the memo was that of another version of sitegen ({other}) and was made anew" if other else ""
                return Memo(database, note, path)
            except sqlite3.DatabaseError as error:
                if not MemoError(error, path).damaged:
                    raise
                passing.remove(path)
                note = f"the memo could not be read ({error}) and was made anew"
                return Memo(_opened(str(path))[0], note, path)
        except (sqlite3.Error, OSError) as error:
            memo = Memo.none()
            memo.note = f"the memo cannot be used ({error}); this run goes on without"
            return memo

    @staticmethod
    def none() -> Memo:
        """A memo in a file of its own that goes when it is closed."""
        path, handle = passing.file()
        memo = Memo(_opened(str(path), passes=True)[0], path=path)
        memo._passing = handle
        return memo

    def renew(self, error: MemoError) -> None:
        """Go on with an empty memo after `error`, and say so."""
        passes = self._passing is not None
        self.close()
        if passes:
            self._path, self._passing = passing.file()
        elif self._path:
            passing.remove(self._path)
        self._quotes = Aside(self._folder)
        self._database = _opened(str(self._path), passes=passes)[0]
        self.note = f"{error.message}; it was made anew"

    # Files of the content folder.

    def files(self) -> dict[str, Seen]:
        """The files as the last build met them, by path in the content folder."""
        rows = self._each("SELECT path, size, mtime, inode, digest FROM file")
        return {path: Seen(*rest) for path, *rest in rows}

    def set_file(self, path: str, seen: Seen) -> None:
        self._many("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?)", [(path, *_fields(seen))])

    def set_files(self, files: Mapping[str, Seen], before: Mapping[str, Seen]) -> None:
        gone = [(path,) for path in before.keys() - files.keys()]
        moved = [(path, *_fields(seen)) for path, seen in files.items() if before.get(path) != seen]
        self._many("DELETE FROM file WHERE path = ?", gone)
        self._many("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?)", moved)

    def file(self, path: str) -> Seen | None:
        """One of them."""
        found = self._all("SELECT size, mtime, inode, digest FROM file WHERE path = ?", path)
        return Seen(*found[0]) if found else None

    # Stages.

    def value(self, stage: Stage[V], name: str) -> V | None:
        """What the last build had of a stage for one name; None where nothing could be made.

        Raises: msgspec.MsgspecError.
        """
        found = self._all("SELECT value FROM value WHERE stage = ? AND name = ?", stage.name, name)
        value: V | None = _decoder(stage.type).decode(found[0][0]) if found and found[0][0] else None
        return value

    def known(self, stage: Stage[V]) -> dict[str, V]:
        """The values of the last build by name, whatever has become of their inputs."""
        decoder = _decoder(stage.type)
        found = {}
        for name, value in self._each("SELECT name, value FROM value WHERE stage = ? AND value != x''", stage.name):
            with contextlib.suppress(msgspec.MsgspecError):
                found[name] = decoder.decode(value)
        return found

    def stored(self, stage: Stage[V]) -> dict[str, Stored[V]]:
        """What the last build had of a stage by name, whatever has become of the inputs. Raises: MemoError."""
        decoder = _decoder(stage.type)
        rows = self._each("SELECT name, value, issues FROM value WHERE stage = ?", stage.name)
        return {
            name: Stored(decoder.decode(value) if value else None, _ISSUES.decode(issues) if issues else (), b"", False)
            for name, value, issues in rows
        }

    def map(
        self, pool: Pool, stage: Stage[V], context: Any, inputs: Mapping[str, Input], key: Callable[[str, bytes], bytes],
        digests: Mapping[str, bytes], values: Mapping[str, V] | None = None,
    ) -> dict[str, Stored[V]]:  # fmt: skip
        """Run a stage over its inputs; what is there under the same key is not run again.

        key: of a name and the digest of its input. digests: of the inputs that may be known; one that has none is run.
        values: what `known` gave, if it was asked. The outcome is by name, in the order of `inputs`. Values of other
        names are forgotten.
        Raises: MemoError.
        """
        values = self.known(stage) if values is None else values
        found: dict[str, Stored[V]] = {}
        rows = self._all("SELECT name, key, issues, value = x'' FROM value WHERE stage = ?", stage.name)
        gone = []
        for name, had, issues, empty in rows:
            if name not in inputs:
                gone.append((stage.name, name))
            elif (data := digests.get(name)) and had == key(name, data) and (name in values or empty):
                known = _ISSUES.decode(issues) if issues else ()
                found[name] = Stored(None if empty else values[name], known, b"", False)
        missing = [item for name, item in inputs.items() if name not in found]
        found |= self.make(pool, stage, context, missing, key)
        if gone:
            self.set(_STANDING, b"")
        self._many("DELETE FROM value WHERE stage = ? AND name = ?", gone)
        self._many("DELETE FROM more WHERE name = ?", ((name,) for _, name in gone))
        self.hits[stage.name] = (len(inputs) - len(missing), len(missing))
        return {name: found[name] for name in inputs if name in found}

    def make(
        self, pool: Pool, stage: Stage[V], context: Any, inputs: Sequence[Input], key: Callable[[str, bytes], bytes]
    ) -> dict[str, Stored[V]]:
        """Run a stage over these inputs, whatever is known, and keep the outcome. Arguments as for `map`."""
        found = {}
        decoder = _decoder(stage.type)
        if inputs and stage.load:
            stage.load()
        for outcomes in pool.run(stage.run, context, inputs, inherit=True, few=stage.few):
            self._keep(stage, key, outcomes)
            for made in outcomes:
                value = decoder.decode(made.value) if made.value else None
                found[made.name] = Stored(value, made.issues, made.digest, True)
        return found

    def reading(self, name: str) -> bytes:
        """The encoded Reading of a text, b"" where none could be made."""
        found = self._all("SELECT reading FROM more WHERE name = ?", name)
        return bytes(found[0][0]) if found else b""

    def readings(self) -> Iterator[tuple[str, bytes]]:
        """Every text's encoded Reading, by name, one at a time."""
        yield from self._each("SELECT name, reading FROM more")

    def quotes(self, name: str) -> bytes:
        """The encoded quotes of a text by record; those of this build lie aside, and all do where many are asked for."""
        with self.guarded():
            if (found := self._quotes.get(name)) is not None:
                return found
        self._asked += 1
        if self._asked == _ASKED_ONE_BY_ONE:
            self.expect_quotes()
        return bytes(self._all("SELECT quotes FROM more WHERE name = ?", name)[0][0])

    def expect_quotes(self) -> None:
        """Put aside the quotes of all texts, for one who will ask for most."""
        missing = {name for (name,) in self._each("SELECT name FROM more") if name not in self._quotes}
        if missing:
            with self.guarded():
                self._quotes.put(row for row in self._each("SELECT name, quotes FROM more") if row[0] in missing)

    def sheaves(self, names: Iterable[str]) -> Sheaves:
        """Room for what texts say under each of these names, until there is more room asked for, or no memo."""
        self._sheaves.close()
        self._sheaves = Sheaves(self._folder, names)
        return self._sheaves

    # The output.

    def outputs(self, folder: Path) -> dict[str, Row]:
        """What the last build left in an output folder, by path."""
        rows = self._each("SELECT path, key, made, sha, size, mtime, build FROM output WHERE folder = ?", str(folder))
        return {path: Row(*rest) for path, *rest in rows}

    def output(self, folder: Path) -> Mapping[str, Row]:
        """The same, each row looked up where it is asked for."""
        return _Outputs(self._all, str(folder))

    def set_outputs(self, folder: Path, rows: Mapping[str, Row], before: Mapping[str, Row]) -> None:
        """Remember what lies in an output folder; rows that stayed as they were cost nothing."""
        name = str(folder)
        self._many("DELETE FROM output WHERE folder = ? AND path = ?", [(name, path) for path in before.keys() - rows.keys()])
        # In the order of the table a fifth sooner.
        moved = sorted((name, path, *_fields(row)) for path, row in rows.items() if before.get(path) is not row)
        self._many("INSERT OR REPLACE INTO output VALUES (?, ?, ?, ?, ?, ?, ?, ?)", moved)

    # Search indexes, by name.

    def index(self, name: str) -> dict[str, bytes]:
        """The files of an index by path, each with the digest of its bytes."""
        return dict(self._all("SELECT path, digest FROM found WHERE name = ? ORDER BY path", name))

    def index_file(self, name: str, path: str) -> bytes:
        """The bytes of a file of an index."""
        return bytes(self._all("SELECT data FROM found WHERE name = ? AND path = ?", name, path)[0][0])

    def set_index(self, name: str, files: Mapping[str, bytes]) -> None:
        """Keep the files of an index instead of those there were."""
        before = self.index(name)
        digests = {path: digest(data) for path, data in files.items()}
        moved = [(name, path, made, files[path]) for path, made in digests.items() if before.get(path) != made]
        self._many("DELETE FROM found WHERE name = ? AND path = ?", [(name, path) for path in before.keys() - files.keys()])
        self._many("INSERT OR REPLACE INTO found VALUES (?, ?, ?, ?)", moved)

    # Facts about the last build, and what has changed in each.

    def get(self, name: str) -> bytes:
        """A fact about the last build, b"" where there is none."""
        found = self._all("SELECT value FROM fact WHERE name = ?", name)
        return bytes(found[0][0]) if found else b""

    def set(self, name: str, value: bytes) -> None:
        self._many("INSERT OR REPLACE INTO fact VALUES (?, ?)", [(name, value)])

    def changes(self, build: int) -> list[tuple[str, str, str]]:
        """What had changed for a build: cell, name, in words."""
        return [(cell, name, words) for cell, name, words in
                self._all("SELECT cell, name, words FROM change WHERE build = ?", build)]  # fmt: skip

    def set_changes(self, build: int, changes: Iterable[tuple[str, str, str]], *, keep: int) -> None:
        """Write down what changed for a build; only the last `keep` builds are remembered."""
        self._many("INSERT INTO change VALUES (?, ?, ?, ?)", [(build, *change) for change in changes])
        self._many("DELETE FROM change WHERE build <= ?", [(build - keep,)])

    # What a build left as a whole: good until a stage says something else of any input.

    def standing(self, folder: Path) -> int:
        """The number of the build whose facts these are, where it was the last that read anything, and into this folder; or 0."""
        number, _, name = self.get(_STANDING).decode().partition(" ")
        return int(number) if name == str(folder) else 0

    def stand(self, folder: Path, number: int) -> None:
        """Say of all that is remembered that a build of this number and folder left it."""
        self.set(_STANDING, f"{number} {folder}".encode())

    def beside(self, folder: Path) -> Path | None:
        """Where the file lies that holds the same in parts (see `shelf`); None where there is none."""
        if self._passing is not None or self._path is None:
            return None
        return self._path.with_name(f"left-{digest(str(folder)).hex()[:12]}")

    def commit(self) -> None:
        """Make what was remembered last. Raises: MemoError."""
        with self.guarded():
            self._database.execute("COMMIT")
            self._database.execute("BEGIN")

    def forget(self) -> None:
        """Leave the memo as it was at the last `commit`. Raises: MemoError."""
        with self.guarded():
            self._database.execute("ROLLBACK")
            self._database.execute("BEGIN")
        self._quotes.clear()

    def close(self) -> None:
        self._quotes.clear()
        self._sheaves.close()
        self._database.close()
        if self._passing is not None and self._path:
            passing.end(self._path, self._passing)
            self._passing = None

    def __enter__(self) -> Memo:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _keep(self, stage: Stage[Any], key: Callable[[str, bytes], bytes], outcomes: Sequence[Outcome]) -> None:
        self.set(_STANDING, b"")
        rows = [(stage.name, o.name, key(o.name, o.digest) if o.digest else b"", o.value, _encode(o.issues) if o.issues else b"")
                for o in outcomes]  # fmt: skip
        self._many("INSERT OR REPLACE INTO value VALUES (?, ?, ?, ?, ?)", rows)
        self._many("INSERT OR REPLACE INTO more VALUES (?, ?, ?)", [(o.name, o.reading, o.quotes) for o in outcomes if o.reading])
        with self.guarded():
            self._quotes.put((o.name, o.quotes) for o in outcomes if o.reading)
        self.slow += [o.name for o in outcomes if not o.quick]

    @property
    def _folder(self) -> Path:
        return self._path.parent if self._path else Path()

    def _all(self, sql: str, *parameters: Any) -> list[Any]:
        with self.guarded():
            return self._open().execute(sql, parameters).fetchall()
        raise AssertionError

    def _each(self, sql: str, *parameters: Any) -> Iterator[Any]:
        """The same, a row at a time: of 100,000 articles all rows at once are hundreds of megabytes."""
        with self.guarded():
            yield from self._open().execute(sql, parameters)

    def _open(self) -> sqlite3.Connection:
        """The database: a fork of the process that opened it must open it for itself."""
        if self._process != os.getpid():
            self._process = os.getpid()
            self._database = sqlite3.connect(f"file:{quote(str(self._path))}?mode=ro", uri=True, isolation_level=None)
        return self._database

    def _many(self, sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
        with self.guarded():
            self._database.executemany(sql, rows)

    @contextlib.contextmanager
    def guarded(self) -> Iterator[None]:
        """What is done with it and with files beside it. Raises: MemoError where one of them cannot be used."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise MemoError(error, self._path) from error


class _Outputs(Mapping[str, Row]):
    def __init__(self, ask: Callable[..., list[Any]], folder: str) -> None:
        self._ask, self._folder = ask, folder

    def __getitem__(self, path: str) -> Row:
        asked = "SELECT key, made, sha, size, mtime, build FROM output WHERE folder = ? AND path = ?"
        found = self._ask(asked, self._folder, path)
        if not found:
            raise KeyError(path)
        return Row(*found[0])

    def __iter__(self) -> Iterator[str]:
        return (path for (path,) in self._ask("SELECT path FROM output WHERE folder = ?", self._folder))

    def __len__(self) -> int:
        return int(self._ask("SELECT count(*) FROM output WHERE folder = ?", self._folder)[0][0])


_ISSUES = msgspec.msgpack.Decoder(tuple[Issue, ...])
_encode = msgspec.msgpack.Encoder().encode


def _fields(row: msgspec.Struct) -> tuple[Any, ...]:
    return msgspec.structs.astuple(row)


def digest(*parts: bytes | str) -> bytes:
    """A digest of parts that keeps apart what differs in any of them or in where one ends."""
    state = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        state.update(len(data).to_bytes(8, "little"))
        state.update(data)
    return state.digest()


# Libraries whose behaviour shows in the output.
LIBRARIES = ("ahocorasick-rs", "jinja2", "markdown", "markupsafe", "msgspec", "nh3", "pygments", "pyyaml")


@functools.cache
def code_digest() -> bytes:
    """A digest of the program and of the libraries whose behaviour shows in its output."""
    package = Path(__file__).resolve().parent.parent
    seen = _as_it_lies(package)
    if seen and (found := kept.read("program", seen)):
        return found
    sources = sorted(p for p in package.rglob("*") if p.suffix in (".py", ".bin") and "__pycache__" not in p.parts)
    # Python itself too: its HTML parser and its Unicode tables show in pages.
    parts: list[bytes | str] = [sys.version, *(version_of(name) for name in LIBRARIES)]
    for path in sources:
        parts += [path.relative_to(package).as_posix(), path.read_bytes()]
    made = digest(*parts)
    if seen:
        kept.keep("program", seen, made)
    return made


def _as_it_lies(package: Path) -> bytes:
    """A digest of the sizes and times of what `code_digest` is made of; b"" where a file may yet change under these."""
    try:
        return unchanged.surroundings(str(package), (), time.time_ns())
    except (OSError, ValueError):  # a link leads about
        return b""


@functools.cache
def _decoder(type_: Any) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(type_)


def _opened(path: str, *, passes: bool = False) -> tuple[sqlite3.Connection, int]:
    """A database with its tables, in a transaction; and the version of what it held instead, 0 where that was nothing.

    passes: for one that nobody opens after this process.
    """
    database = sqlite3.connect(path, isolation_level=None)
    try:
        return database, _prepared(database, "MEMORY" if passes else "TRUNCATE")
    except sqlite3.Error:
        database.close()
        raise


def _prepared(database: sqlite3.Connection, journal: str) -> int:
    """Set a database up and begin a transaction; the version of what it held, 0 where that was nothing or is ours."""
    # What a crash of the machine loses is found out by the keys, and built again: no need to wait for the disk.
    # What is read of a text is ten thousand bytes: in large pages it is written in two thirds of the time.
    pragmas = f"page_size = 16384; synchronous = OFF; journal_mode = {journal}; temp_store = MEMORY"
    for pragma in pragmas.split("; "):
        database.execute(f"PRAGMA {pragma}").fetchall()
    version: int = database.execute("PRAGMA user_version").fetchone()[0]
    database.execute("BEGIN")
    if version == _SCHEMA:
        return 0
    for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        database.execute(f'DROP TABLE "{table}"')
    for statement in _TABLES.split(";"):
        database.execute(statement)
    database.execute(f"PRAGMA user_version = {_SCHEMA}")
    return version
