"""Watch a collection's folders, and tell once for every burst of saves.

Native events, and polling where a volume has none. Editors save in many ways (truncate and write, swap
file and rename, a hundred files by `git checkout`): whatever they do, a burst has ended when nothing
moved for `quiet` seconds, or when it has lasted `longest`; where a few files were saved and the system says that they
are whole, at once. What happens while no one waits is kept for
the next `wait`, so a save during a build is not lost.
Seconds are those of time.monotonic.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import threading
import time
import warnings
from collections.abc import Sequence
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch
from watchdog.observers.polling import PollingObserver

_CONFIGURATION = frozenset({"sitegen.toml", "pyproject.toml"})
# Reading a file is an event too: without this list every build would cause the next.
_CHANGES = frozenset({"created", "modified", "deleted", "moved", "closed"})
# Backups (notes.txt~), Vim's probe and swap files, Emacs' #autosave#, the safe writes of JetBrains' editors.
_SCRATCH = re.compile(r".*~|4913|.*\.sw[a-z]|#.*#|.*___jb_(?:tmp|old)___")
# Volumes that tell no one of what other machines (or the host of a virtual one) write to them.
_SILENT = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "vboxsf", "virtiofs", "drvfs", "fuse.sshfs", "afs", "ceph"})
_LIMITS = frozenset({errno.ENOSPC, errno.EMFILE, errno.ENFILE})
_POLL = 0.5
_SOON = 0.005
_FEW = 3
_NAMED = 1000  # files of a burst that are known by name; beyond, the system may have left some out
_LOOK = 1.0


class Watch:
    """A running watch over folders; a context manager.

    Each folder is watched with all below it, except one that has another of them below itself: that is the
    collection's root, and only its configuration counts. `apart`, the output folder, never does, nor do
    hidden files. A folder that is not there yet, or is replaced, is watched from when it appears.
    burst: the files of the last burst that `wait` told of; None where any may have changed.
    """

    def __init__(self, folders: Sequence[Path], *, apart: Path, quiet: float = 0.08, longest: float = 1.0) -> None:
        self._roots = {folder.resolve() for folder in folders if any(folder in other.parents for other in folders)}
        self._folders = tuple(dict.fromkeys(folder.resolve() for folder in folders))
        self._given = {folder.resolve(): folder for folder in folders}
        self._apart = apart.resolve()
        self._quiet, self._longest = quiet, longest
        self._first: float | None = None
        self._last = 0.0
        self._closed = False
        self._paths: dict[Path, None] | None = {}
        self.burst: tuple[Path, ...] | None = None
        self._half: set[Path] = set()
        self._condition = threading.Condition()
        self._native: BaseObserver = Observer()
        self._polling: BaseObserver = PollingObserver(timeout=_POLL)
        self._known: dict[Path, tuple[int, int]] = {}
        self._watches: dict[Path, tuple[BaseObserver, ObservedWatch]] = {}

    def __enter__(self) -> Watch:
        # watchdog 7 says so when it meets a new folder twice, as happens with folders made inside one another.
        warnings.filterwarnings("ignore", r"Callback with id .* already exists", RuntimeWarning)
        self._native.start()
        self._polling.start()
        self._follow()
        with self._condition:
            self._first, self._paths, self._half = None, {}, set()  # what stands there at the beginning is no change
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        for observer in (self._native, self._polling):
            observer.stop()
            observer.join()

    def wait(self) -> bool:
        """Wait until a burst of changes has ended. False when the watch is closed."""
        while True:
            with self._condition:
                if self._closed:
                    return False
                now = time.monotonic()
                if self._first is not None:
                    over = min(self._last + (_SOON if self._whole else self._quiet), self._first + self._longest)
                    if now >= over:
                        self._first = None
                        self._half.clear()
                        self.burst, self._paths = None if self._paths is None else tuple(self._paths), {}
                        return True
                    self._condition.wait(over - now)
                    continue
                self._condition.wait(_LOOK)
            # Not under the condition: an observer that tells us of an event holds a lock that this needs.
            self._follow()

    def close(self) -> None:
        """End every `wait`."""
        with self._condition:
            self._closed = True
            self._condition.notify_all()

    @property
    def _whole(self) -> bool:
        """Whether a few files were saved, each to its end."""
        return self._paths is not None and 0 < len(self._paths) <= _FEW and not self._half

    def changed(self, *paths: Path, whole: Path | None = None) -> None:
        """Note a change, of these files or of any; may be called from any thread. whole: the one that was saved to its end."""
        with self._condition:
            self._half |= set(paths)
            if whole:
                self._half.discard(whole)
            if self._paths is not None:
                self._paths |= dict.fromkeys(paths)
            if not paths or (self._paths and len(self._paths) > _NAMED):
                self._paths = None
            self._last = time.monotonic()
            self._first = self._last if self._first is None else self._first
            self._condition.notify_all()

    def _follow(self) -> None:
        """Watch the folders that appeared or were replaced since the last look."""
        for folder in self._folders:
            identity = _identity(folder)
            if identity == self._known.get(folder):
                continue
            self._forget(folder)
            if identity and self._schedule(folder):
                self._known[folder] = identity
                self.changed()

    def _schedule(self, folder: Path) -> bool:
        for observer in (self._polling,) if _is_silent(folder) else (self._native, self._polling):
            try:
                watch = observer.schedule(_Handler(self, folder), str(folder), recursive=folder not in self._roots)
            except OSError as error:
                if error.errno in _LIMITS:
                    continue  # the system's supply of native watches is used up
                return False  # gone again: the next look finds out
            self._watches[folder] = (observer, watch)
            return True
        return False

    def _forget(self, folder: Path) -> None:
        self._known.pop(folder, None)
        if folder in self._watches:
            observer, watch = self._watches.pop(folder)
            with contextlib.suppress(KeyError, OSError):
                observer.unschedule(watch)

    def lost(self, folder: Path) -> None:
        """The folder itself went away: even one with the same identity must be watched anew."""
        self._known.pop(folder, None)

    def named(self, folder: Path, path: Path) -> Path:
        """A path below a watched folder as the caller knows the folder."""
        return self._given[folder] / path.relative_to(folder)

    def counts(self, folder: Path, path: Path) -> bool:
        """Whether a change of `path`, seen by the watch over `folder`, is a change of the collection."""
        if folder in self._roots:
            return path.parent == folder and path.name in _CONFIGURATION
        if not path.is_relative_to(folder) or path.is_relative_to(self._apart):
            return False
        parts = path.relative_to(folder).parts
        return not any(part.startswith(".") or _SCRATCH.fullmatch(part) for part in parts)


def delay(folder: Path, patience: float) -> tuple[str, float | None]:
    """How a folder is watched, and after how many seconds a file saved in it is told of; None where it is not within `patience`.

    Raises: OSError where the folder cannot be written.
    """
    with Watch([folder], apart=folder / ".none") as watch:
        began = time.monotonic()
        (folder / "saved.md").write_bytes(b"saved")
        end = threading.Timer(patience, watch.close)
        end.start()
        told = watch.wait()
        end.cancel()
        kind = "native events" if all(observer is watch._native for observer, _ in watch._watches.values()) else "polling"
        return kind, time.monotonic() - began if told else None


class _Handler(FileSystemEventHandler):
    def __init__(self, watch: Watch, folder: Path) -> None:
        self._watch, self._folder = watch, folder

    def on_any_event(self, event: FileSystemEvent) -> None:
        # A folder is "modified" when a file in it comes or goes, which is told of on its own.
        if event.event_type not in _CHANGES or (event.is_directory and event.event_type == "modified"):
            return
        paths = [Path(os.fsdecode(path)) for path in (event.src_path, event.dest_path) if path]
        if self._folder in paths:
            self._watch.lost(self._folder)
        if counted := [path for path in paths if self._watch.counts(self._folder, path)]:
            # Linux says when a file that was written is closed; a file that was moved here is whole.
            ended = counted[-1] if counted[-1] == paths[-1] and event.event_type in ("closed", "moved") else None
            whole = self._watch.named(self._folder, ended) if ended and not event.is_directory else None
            self._watch.changed(*(self._watch.named(self._folder, path) for path in counted), whole=whole)


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        status = folder.stat()
    except OSError:
        return None
    return (status.st_dev, status.st_ino) if folder.is_dir() else None


def _is_silent(folder: Path) -> bool:
    """Whether the folder lies on a volume without events of its own. Known on Linux only."""
    try:
        lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    best, kind = Path(), ""
    for line in lines:
        fields, _, rest = line.partition(" - ")
        mount = Path(re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), fields.split()[4]))
        if folder.is_relative_to(mount) and len(mount.parts) >= len(best.parts):
            best, kind = mount, rest.split()[0]
    return kind in _SILENT
