"""What lies in the content folder: every file, and whether it is as the last build met it.

A file whose size, time of change and inode are those of last time is not opened. A time so near to the scan
that a second write could bear the same one is not trusted: such a file is read again the next time. What
changed under an equal size and time is found where `paranoid` reads everything.

Hidden files and folders are left alone (an Obsidian vault keeps its settings in one), as are links that
lead out of the folder. Order is that of the paths, on every machine.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

import msgspec

from sitegen.build.memo import Seen
from sitegen.build.unchanged import is_settled
from sitegen.errors import Issue, SiteError, Span
from sitegen.model.ids import LARGEST_TEXT, SOURCES

STOPLIST = "stoplist.txt"
# Files of the content folder that serve its editors and are not published.
_KEPT = frozenset({STOPLIST, "candidates.csv", "decisions.jsonl", "urls.csv", "paragraphs.csv"})
_SIGNS = re.compile(r'[#%?"<>|\\*]')
_JOINERS = re.compile("[\u200c\u200d]")  # which emoji, Persian and the scripts of India are written with
_ROOMS = ("documents", "sources", "notes", "static", "kept")
UNSURE = -1  # in place of an inode: look again


class File(msgspec.Struct, frozen=True):
    """A file of the content tree. `path` is relative to it, with "/"; `full` is where it lies.

    seen.digest is b"" for a document that no build has met: whoever reads it gives the digest.
    """

    path: str
    full: str
    seen: Seen

    def read(self) -> bytes:
        """Raises: OSError."""
        return Path(self.full).read_bytes()


class Tree(msgspec.Struct, frozen=True):
    """The content folder: documents (.md), sources, notes sidecars, and files that are published as they are."""

    documents: tuple[File, ...]
    sources: tuple[File, ...]
    notes: tuple[File, ...]
    static: tuple[File, ...]
    kept: tuple[File, ...]
    stoplist: tuple[str, ...]
    issues: tuple[Issue, ...]

    @property
    def files(self) -> tuple[File, ...]:
        return (*self.documents, *self.sources, *self.notes, *self.static, *self.kept)


def scan(content: Path, known: Mapping[str, Seen], *, paranoid: bool = False) -> Tree:
    """Look at every file of the content folder. `known`: the files as the last build met them.

    Raises: SiteError where it is no folder.
    """
    if not content.is_dir():
        raise SiteError(f"{content} is no folder", help="make it, or set `content` in the configuration")
    issues: list[Issue] = []
    rooms: dict[str, list[File]] = {room: [] for room in _ROOMS}
    now = time.time_ns()
    found = _files(content, content, issues)
    for path, full, status in sorted(found):
        room = _room(path)
        before = None if paranoid else known.get(path)
        size, mtime = status.st_size, status.st_mtime_ns
        if size > LARGEST_TEXT and room not in ("static", "sources"):
            fact = f"the file has {size // 10**6:,} MB; no text of more than {LARGEST_TEXT // 10**6} MB is read"
            issues.append(Issue("unreadable", fact, Span(path), "split it, or take it out of the content folder"))
            continue
        inode = status.st_ino if is_settled(mtime, now) else UNSURE
        if before and before.inode != UNSURE and (before.size, before.mtime, before.inode) == (size, mtime, status.st_ino):
            rooms[room].append(File(path, full, before))
        elif room == "documents" and path not in known:
            rooms[room].append(File(path, full, Seen(size, mtime, inode, b"")))
        elif (data := _digest(full, path, issues)) is not None:
            rooms[room].append(File(path, full, Seen(size, mtime, inode, data)))
    return _tree(content, rooms, issues)


def recalled(content: Path, files: Mapping[str, Seen]) -> Tree:
    """The tree that held these files, as it was: only the stop list is read."""
    rooms: dict[str, list[File]] = {room: [] for room in _ROOMS}
    for path in sorted(files):
        rooms[_room(path)].append(File(path, f"{content}/{path}", files[path]))
    return _tree(content, rooms, ())


def _tree(content: Path, rooms: Mapping[str, Sequence[File]], issues: Iterable[Issue]) -> Tree:
    found = {name: tuple(files) for name, files in rooms.items()}
    return Tree(**found, stoplist=stoplist(content), issues=tuple(issues))


def stoplist(content: Path) -> tuple[str, ...]:
    """The words that are never linked or suggested, one a line; none where there is no list."""
    if not (content / STOPLIST).is_file():
        return ()
    try:
        text = (content / STOPLIST).read_bytes().decode("utf-8-sig", "replace")
    except OSError:
        return ()
    return tuple(word.strip() for word in text.splitlines() if word.strip())


def _room(path: str) -> str:
    if path in _KEPT:
        return "kept"
    if path.startswith(SOURCES + "/"):
        return "sources"
    if path.endswith(".notes.yaml"):
        return "notes"
    return "documents" if path.endswith(".md") else "static"


Found = tuple[str, str, os.stat_result]


def _files(content: Path, folder: Path, issues: list[Issue], above: frozenset[Path] = frozenset()) -> list[Found]:
    """The files below a folder by their paths in the content folder. `above`: the real folders this one lies in."""
    found: list[Found] = []
    here = Path(os.path.relpath(folder, content)).as_posix()
    try:
        above |= {folder.resolve()}
        entries = list(os.scandir(folder))
    except (OSError, RuntimeError) as error:
        issues.append(Issue("unreadable", f"the folder cannot be read: {error}", Span(here), "check its permissions"))
        return found
    published = not f"{here}/".startswith(SOURCES + "/")
    for entry in entries:
        if entry.name[0] == "." or entry.name[-1] == "~":
            continue
        name = entry.name if here == "." else f"{here}/{entry.name}"
        if fault := _unfit(entry.name, published=published):
            shown = name.encode("utf-8", "backslashreplace").decode()
            issues.append(Issue("file-name", f"the name of the file {fault}", Span(shown), "rename it"))
            continue
        try:
            if entry.is_file(follow_symlinks=False):
                found.append((name, entry.path, entry.stat(follow_symlinks=False)))
            else:
                found += _entry(content, entry, name, issues, above)
        except FileNotFoundError:
            continue  # it vanished between the listing and now: as if it had never been
        except (OSError, RuntimeError) as error:
            issues.append(Issue("unreadable", f"cannot be read: {error}", Span(name), "check permissions and links"))
    return found


def _entry(content: Path, entry: os.DirEntry[str], name: str, issues: list[Issue], above: frozenset[Path]) -> list[Found]:
    """What a folder or a link holds."""
    path = Path(entry.path)
    if entry.is_symlink():
        real = path.resolve()
        if not real.is_relative_to(content.resolve()):
            issues.append(Issue("link-outside", "a link that leads out of the content folder is not followed", Span(name),
                                "copy the file into the collection"))  # fmt: skip
            return []
        if real in above:  # it would never end
            return []
        if not path.exists():
            issues.append(Issue("unreadable", "a link that leads to nothing", Span(name), "delete it, or put back what it names"))
            return []
    if entry.is_dir():
        return _files(content, path, issues, above)
    return [(name, entry.path, entry.stat())] if entry.is_file() else []


def _unfit(name: str, *, published: bool) -> str:
    """Why a file name cannot be part of an address or a list of files; empty where it can. Sources are published renamed."""
    if not name.isprintable() and not _JOINERS.sub("", name).isprintable():
        return "holds characters that cannot be shown, or is not UTF-8"
    if published and (signs := _SIGNS.findall(name)):
        return f"holds {' '.join(sorted(set(signs)))}, which addresses or other systems do not allow"
    return ""


def _digest(full: str, path: str, issues: list[Issue]) -> bytes | None:
    try:
        with open(full, "rb") as file:  # noqa: PTH123
            return hashlib.file_digest(file, partial(hashlib.blake2b, digest_size=16)).digest()  # `digest`, of a file of any size
    except FileNotFoundError:
        return None  # it vanished between the listing and now: as if it had never been
    except OSError as error:
        issues.append(Issue("unreadable", f"the file cannot be read: {error.strerror}", Span(path), "check its permissions"))
        return None
