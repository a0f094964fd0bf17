"""Write many files as one: all of them or none, whatever stops the run. The only module of the room that writes.

The files as they were and as they are to be go into a journal first, which is synced; once it lies in its place, the
change is as good as done. Then each file is written beside its place, synced and moved into it, and the journal is
taken away. A run that was stopped is finished by the next: `recover`. All of it under the lock that builds take.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from sitegen.build.lock import JOURNAL, locked
from sitegen.convert.collection import anew, beside, leads_out
from sitegen.errors import SiteError


class Change(msgspec.Struct, frozen=True):
    """A file before and after; None where there is none. `path` is a content path."""

    path: str
    before: bytes | None
    after: bytes | None


class _Journal(msgspec.Struct, frozen=True):
    what: str
    changes: tuple[Change, ...]


def commit(content: Path, memo: Path, what: str, changes: Sequence[Change]) -> None:
    """Make the changes, all or none. what: a name for them, as in "the merge of places/a into places/b".

    Raises: SiteError where a file is no longer as it was when the changes were made up, or cannot be written.
    """
    with locked(memo):
        _finish(content, memo)
        made = [change for change in changes if change.before != change.after]
        moved = [change.path for change in made if _bytes(content / change.path) != change.before]
        if moved:
            raise SiteError(f"{content.name}/{moved[0]} was changed meanwhile: nothing is written", help="run the command again")
        if not made:
            return
        _within(content, made)
        try:
            _put(memo / JOURNAL, msgspec.msgpack.encode(_Journal(what, tuple(made))))
        except OSError as error:
            raise SiteError(f"{memo} cannot be written: {error.strerror}", help="check space and permissions") from error
        try:
            _carry_out(content, made)
        except OSError as error:
            _undo(content, memo, made)
            raise SiteError(f"{error.filename or content}: cannot be written: {error.strerror}; nothing was changed",
                            help="check space and permissions") from error  # fmt: skip
        _forget(memo)


def recover(content: Path, memo: Path) -> str:
    """Finish what an earlier run was stopped at, and say so; "" where there is nothing to finish.

    Where one of its files was edited since, the others are put back instead: an edit is never overwritten.
    """
    if not (memo / JOURNAL).is_file():
        return ""
    with locked(memo):
        return _finish(content, memo)


def _finish(content: Path, memo: Path) -> str:
    try:
        journal = msgspec.msgpack.decode((memo / JOURNAL).read_bytes(), type=_Journal)
    except FileNotFoundError:
        return ""
    except (OSError, msgspec.MsgspecError) as error:
        raise SiteError(f"{memo / JOURNAL} cannot be read: {error}",
                        help="it tells of an interrupted run; look at `git status`, then delete it") from error  # fmt: skip
    _within(content, journal.changes)
    edited = [change.path for change in journal.changes if _bytes(content / change.path) not in (change.before, change.after)]
    if edited:
        _undo(content, memo, [change for change in journal.changes if change.path not in edited])
        return (
            f"{journal.what} was interrupted, and {', '.join(edited)} edited since: all else was put back as it was; look at it"
        )
    _carry_out(content, journal.changes)
    _forget(memo)
    return f"{journal.what} was interrupted, and is finished now"


def _within(content: Path, changes: Iterable[Change]) -> None:
    """Raises: SiteError where a change would reach a file elsewhere; a journal, too, may have come with a collection."""
    for change in changes:
        if leads_out(content, content / change.path):
            raise SiteError(f"{content.name}/{change.path} leads out of the content folder: nothing is written",
                            help="copy the folder that a link leads to into the collection")  # fmt: skip


def _undo(content: Path, memo: Path, changes: Iterable[Change]) -> None:
    # Where that fails too, the journal stays: the next run finishes what this one could not.
    with contextlib.suppress(OSError):
        _carry_out(content, [Change(change.path, change.after, change.before) for change in changes])
        _forget(memo)


def _carry_out(content: Path, changes: Sequence[Change]) -> None:
    """Bring each file to its new state; those that are there already are left alone. What goes, goes last."""
    for change in sorted(changes, key=lambda change: change.after is None):
        path = content / change.path
        beside(path).unlink(missing_ok=True)
        if change.after is None:
            path.unlink(missing_ok=True)
            _sync(path.parent)
        elif _bytes(path) != change.after:
            _put(path, change.after)


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = beside(path)
    with anew(temporary) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(OSError):
        temporary.chmod(path.stat().st_mode & 0o7777)
    os.replace(temporary, path)
    _sync(path.parent)


def _forget(memo: Path) -> None:
    (memo / JOURNAL).unlink(missing_ok=True)
    _sync(memo)


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _sync(folder: Path) -> None:
    """Make sure that the names in a folder outlive a power cut; not every system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
