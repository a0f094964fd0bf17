"""The memo: a stage's value and issues under the digest of everything the stage could see.

A key holds the stage's name, the digest of the program's own code, and the stage's inputs; a value found
under it is right whenever it was written, so nothing is ever invalidated. The file is a cache: where it is
broken or of another version, it is made anew and said so.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from sitegen.errors import Issue

T = TypeVar("T")
V = TypeVar("V")

_SCHEMA = 2


@dataclass(frozen=True, slots=True)
class Stage(Generic[T, V]):
    """A pure function with a name. `key` is bytes that tell apart all inputs that `run` could tell apart."""

    name: str
    type: Any
    key: Callable[[T], bytes]
    run: Callable[[T], tuple[V, tuple[Issue, ...]]]


@dataclass(frozen=True, slots=True)
class Stored(Generic[V]):
    """What a stage made of one input."""

    value: V
    issues: tuple[Issue, ...]


class Memo:
    """A memo in one SQLite file; `Memo.at(folder)` opens it, `Memo.none()` remembers nothing."""

    def __init__(self, database: sqlite3.Connection | None, note: str = "", path: Path | None = None) -> None:
        self._database, self._path = database, path
        self._touched: set[bytes] = set()
        self.note = note

    @staticmethod
    def at(folder: Path) -> Memo:
        """Open the memo in `folder`; one that cannot be read is replaced, and `note` says so."""
        path = folder / "memo.db"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            return Memo(_opened(path), path=path)
        except sqlite3.DatabaseError as error:
            if not _damaged(error):
                return Memo(None, f"the memo cannot be used ({error}); this run goes on without")
            _discard(path)
            return Memo(_opened(path), f"the memo could not be read ({error}) and was made anew", path)
        except OSError as error:
            return Memo(None, f"the memo cannot be used ({error}); this run goes on without")

    @staticmethod
    def none() -> Memo:
        return Memo(None)

    def map(self, pool: Executor | None, stage: Stage[T, V], items: Iterable[T]) -> list[Stored[V]]:
        """Run a stage over its inputs, in order; what the memo holds is not run again."""
        inputs = list(items)
        keys = [_key(stage, item) for item in inputs]
        found = self._load(stage, keys)
        missing = [i for i, key in enumerate(keys) if key not in found]
        run = pool.map if pool else map
        fresh: dict[bytes, Stored[V]] = {}
        for i, (value, issues) in zip(missing, run(stage.run, [inputs[i] for i in missing]), strict=True):
            fresh[keys[i]] = Stored(value, issues)
        self._save(stage, fresh)
        self._touched.update(keys)
        return [found[key] if key in found else fresh[key] for key in keys]

    def outputs(self, folder: Path) -> dict[str, tuple[bytes, int, int]]:
        """What the last build wrote into an output folder: path → (key, size, time of change in ns)."""
        found = {}
        with self._guarded() as database:
            if database:
                rows = database.execute("SELECT path, key, size, mtime FROM output WHERE folder = ?", (str(folder),))
                found = {path: (key, size, mtime) for path, key, size, mtime in rows}
        return found

    def set_outputs(self, folder: Path, rows: dict[str, tuple[bytes, int, int]]) -> None:
        """Remember what lies in an output folder; rows that stayed as they were cost nothing."""
        before, name = self.outputs(folder), str(folder)
        gone = [(name, path) for path in before.keys() - rows.keys()]
        moved = [(name, path, *row) for path, row in rows.items() if before.get(path) != row]
        with self._guarded() as database:
            if database:
                database.executemany("DELETE FROM output WHERE folder = ? AND path = ?", gone)
                database.executemany("INSERT OR REPLACE INTO output VALUES (?, ?, ?, ?, ?)", moved)

    def sweep(self) -> None:
        """Forget what this build did not use, once it outweighs what it did; a little past stays for undo."""
        with self._guarded() as database:
            if not database:
                return
            (count,) = database.execute("SELECT count(*) FROM memo").fetchone()
            if count > 2 * len(self._touched) + 1000:
                stale = [(key,) for (key,) in database.execute("SELECT key FROM memo") if key not in self._touched]
                database.executemany("DELETE FROM memo WHERE key = ?", stale)

    def close(self) -> None:
        if self._database:
            self._database.close()

    def __enter__(self) -> Memo:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _load(self, stage: Stage[Any, V], keys: Sequence[bytes]) -> dict[bytes, Stored[V]]:
        decoder = _decoder(stage.type)
        found: dict[bytes, Stored[V]] = {}
        with self._guarded() as database:
            for chunk in _chunks(sorted(set(keys)), 500):
                if not database:
                    break
                marks = ",".join("?" * len(chunk))
                for key, data in database.execute(f"SELECT key, value FROM memo WHERE key IN ({marks})", chunk):
                    # A value that cannot be read is no value: the stage runs again.
                    with contextlib.suppress(msgspec.DecodeError, msgspec.ValidationError):
                        value, issues = decoder.decode(data)
                        found[key] = Stored(value, issues)
        return found

    def _save(self, stage: Stage[Any, V], fresh: dict[bytes, Stored[V]]) -> None:
        encode = msgspec.msgpack.Encoder().encode
        rows = [(key, encode((stored.value, stored.issues))) for key, stored in fresh.items()]
        with self._guarded() as database:
            if database:
                database.executemany("INSERT OR REPLACE INTO memo VALUES (?, ?)", rows)

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[sqlite3.Connection | None]:
        """The database in a transaction; one that fails is not used again in this run, and a damaged one is discarded."""
        try:
            if self._database:
                with self._database as database:
                    yield database
            else:
                yield None
        except sqlite3.Error as error:
            self.close()
            self._database = None
            self.note = f"the memo cannot be used ({error}); this run goes on without"
            if self._path and _damaged(error):
                _discard(self._path)


def _damaged(error: sqlite3.Error) -> bool:
    return "malformed" in str(error) or "not a database" in str(error)


def _discard(path: Path) -> None:
    for file in path.parent.glob(path.name + "*"):
        with contextlib.suppress(OSError):
            file.unlink()


def digest(*parts: bytes | str) -> bytes:
    """A digest of parts that keeps apart what differs in any of them or in where one ends."""
    state = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        state.update(len(data).to_bytes(8, "little"))
        state.update(data)
    return state.digest()


@functools.cache
def code_digest() -> bytes:
    """A digest of the program and of the libraries whose behaviour shows in its output."""
    from importlib.metadata import version

    package = Path(__file__).resolve().parent.parent
    sources = sorted(p for p in package.rglob("*") if p.suffix in (".py", ".bin") and "__pycache__" not in p.parts)
    libraries = ("ahocorasick-rs", "jinja2", "markdown", "markupsafe", "msgspec", "nh3", "pygments", "pyyaml")
    # Python itself too: its HTML parser and its Unicode tables show in pages.
    parts: list[bytes | str] = [sys.version, *(version(name) for name in libraries)]
    for path in sources:
        parts += [path.relative_to(package).as_posix(), path.read_bytes()]
    return digest(*parts)


@functools.cache
def _decoder(type_: Any) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(tuple[type_, tuple[Issue, ...]])


def _key(stage: Stage[T, Any], item: T) -> bytes:
    return digest(stage.name, code_digest(), stage.key(item))


def _opened(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, isolation_level="DEFERRED")
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = NORMAL")
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if version != _SCHEMA:
        with database:
            database.execute("DROP TABLE IF EXISTS memo")
            database.execute("DROP TABLE IF EXISTS output")
            database.execute("CREATE TABLE memo (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID")
            database.execute(
                "CREATE TABLE output (folder TEXT, path TEXT, key BLOB, size INTEGER, mtime INTEGER, PRIMARY KEY (folder, path))"
            )
            database.execute(f"PRAGMA user_version = {_SCHEMA}")
    return database


def _chunks(keys: Sequence[bytes], size: int) -> Iterator[Sequence[bytes]]:
    for i in range(0, len(keys), size):
        yield keys[i : i + size]
