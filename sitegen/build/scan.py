"""What lies in the content folder: every file's path, bytes and digest.

Hidden files and folders are left alone (an Obsidian vault keeps its settings in one), as are links that
lead out of the folder. Order is that of the paths, on every machine.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from sitegen.errors import Issue, SiteError, Span
from sitegen.model.ids import SOURCES

STOPLIST = "stoplist.txt"
# Files of the content folder that serve its editors and are not published.
_KEPT = frozenset({STOPLIST, "candidates.csv", "decisions.jsonl"})


@dataclass(frozen=True, slots=True)
class File:
    """A file of the content tree. `path` is relative to it, with "/"."""

    path: str
    data: bytes

    @property
    def digest(self) -> bytes:
        return hashlib.blake2b(self.data, digest_size=16).digest()


@dataclass(frozen=True, slots=True)
class Tree:
    """The content folder: documents (.md), sources, notes sidecars, and files that are published as they are."""

    documents: tuple[File, ...]
    sources: tuple[File, ...]
    notes: tuple[File, ...]
    static: tuple[File, ...]
    stoplist: tuple[str, ...]
    issues: tuple[Issue, ...]


def scan(content: Path) -> Tree:
    """Read the content folder.

    Raises: SiteError where it is no folder.
    """
    if not content.is_dir():
        raise SiteError(f"{content} is no folder", help="make it, or set `content` in the configuration")
    issues: list[Issue] = []
    files = [File(path, data) for path in sorted(_paths(content, content, issues))
             if (data := _read(content, path, issues)) is not None]  # fmt: skip
    rooms: dict[str, list[File]] = {"documents": [], "sources": [], "notes": [], "static": []}
    for file in files:
        if file.path not in _KEPT:
            rooms[_room(file.path)].append(file)
    found = {name: tuple(files) for name, files in rooms.items()}
    return Tree(**found, stoplist=stoplist(content), issues=tuple(issues))


def stoplist(content: Path) -> tuple[str, ...]:
    """The words that are never linked or suggested, one a line; none where there is no list."""
    try:
        text = (content / STOPLIST).read_bytes().decode("utf-8-sig", "replace")
    except OSError:
        return ()
    return tuple(word.strip() for word in text.splitlines() if word.strip())


def _room(path: str) -> str:
    if path.startswith(SOURCES + "/"):
        return "sources"
    if path.endswith(".notes.yaml"):
        return "notes"
    return "documents" if path.endswith(".md") else "static"


def _paths(content: Path, folder: Path, issues: list[Issue], above: frozenset[Path] = frozenset()) -> list[str]:
    """The files below a folder, as paths relative to the content folder. `above`: the real folders this one lies in."""
    found: list[str] = []
    here = Path(os.path.relpath(folder, content)).as_posix()
    try:
        above |= {folder.resolve()}
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except (OSError, RuntimeError) as error:
        issues.append(Issue("unreadable", f"the folder cannot be read: {error}", Span(here), "check its permissions"))
        return found
    for entry in entries:
        if entry.name.startswith(".") or entry.name.endswith("~"):
            continue
        name = entry.name if here == "." else f"{here}/{entry.name}"
        if fault := _unfit(entry.name, published=not f"{here}/".startswith(SOURCES + "/")):
            shown = name.encode("utf-8", "backslashreplace").decode()
            issues.append(Issue("file-name", f"the name of the file {fault}", Span(shown), "rename it"))
            continue
        try:
            found += _entry(content, entry, name, issues, above)
        except (OSError, RuntimeError) as error:
            issues.append(Issue("unreadable", f"cannot be read: {error}", Span(name), "check permissions and links"))
    return found


def _entry(content: Path, entry: os.DirEntry[str], name: str, issues: list[Issue], above: frozenset[Path]) -> list[str]:
    path = Path(entry.path)
    if entry.is_symlink():
        real = path.resolve()
        if not real.is_relative_to(content.resolve()):
            issues.append(Issue("link-outside", "a link that leads out of the content folder is not followed", Span(name),
                                "copy the file into the collection"))  # fmt: skip
            return []
        if real in above:  # it would never end
            return []
    if entry.is_dir():
        return _paths(content, path, issues, above)
    return [name] if entry.is_file() else []


def _unfit(name: str, *, published: bool) -> str:
    """Why a file name cannot be part of an address or a list of files; empty where it can. Sources are published renamed."""
    if not name.isprintable():
        return "holds characters that cannot be shown, or is not UTF-8"
    if published and (signs := sorted(set(name) & set('#%?"<>|\\*'))):
        return f"holds {' '.join(signs)}, which addresses or other systems do not allow"
    return ""


def _read(content: Path, path: str, issues: list[Issue]) -> bytes | None:
    try:
        return (content / path).read_bytes()
    except FileNotFoundError:
        return None  # it vanished between the listing and now: as if it had never been
    except OSError as error:
        issues.append(Issue("unreadable", f"the file cannot be read: {error.strerror}", Span(path), "check its permissions"))
        return None
