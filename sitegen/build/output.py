"""The output folder: what each file's owner is, and how it is brought up to date.

A list in the folder itself (`.sitegen.sha256`, which `sha256sum -c` reads) names every file the program
wrote. A file that is not on it is never touched. Bytes that are the same are not rewritten. Everything is
rendered and staged before anything changes, so a template error leaves the site as it was; a crash while
files are moved into place is mended by the next build.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from sitegen.build.memo import Memo
from sitegen.errors import Issue, SiteError, Span

LEDGER = ".sitegen.sha256"
_STAGING = ".sitegen-staging"


@dataclass(frozen=True, slots=True)
class Plan:
    """A file to publish. `key` tells whether it must be made again; `owner` says what claims the place.

    `file` is the file a person would change to change that: empty where there is none.
    """

    path: str
    key: bytes
    make: Callable[[], bytes]
    owner: str
    file: str = ""


Row = tuple[bytes, int, int]  # a plan's key, and the size and time of change (ns) of the file it was written to


@dataclass(slots=True)
class Synced:
    """What became of the output folder: paths written, removed, and the number left as they were."""

    written: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0
    issues: list[Issue] = field(default_factory=list)


@dataclass(slots=True)
class _Draft:
    """The output folder as it is to be: digests by path, rows of what stays, and what waits to be moved in."""

    hashes: dict[str, str] = field(default_factory=dict)
    rows: dict[str, Row] = field(default_factory=dict)
    waiting: list[tuple[Plan, Path]] = field(default_factory=list)
    unchanged: int = 0
    issues: list[Issue] = field(default_factory=list)


def collisions(plans: Iterable[Plan]) -> list[Issue]:
    """An issue for each file that two plans would write, or that would have to be a folder as well."""
    owners: dict[str, Plan] = {}
    issues = []
    for plan in plans:
        # Published files meet on file systems that do not tell letter cases apart.
        other = owners.setdefault(plan.path.casefold(), plan)
        if other is not plan:
            issues.append(_collision(plan, other))
    for plan in list(owners.values()):
        folder = plan.path.casefold()
        while folder := folder.rpartition("/")[0]:
            if folder in owners:
                issues.append(_collision(plan, owners[folder]))
    # Two articles of one address clash in their Markdown and sources too: once is enough.
    return list({(issue.span.path, issue.message.partition(" both claim ")[0]): issue for issue in reversed(issues)}.values())


def _collision(plan: Plan, other: Plan) -> Issue:
    first, second = sorted((plan, other), key=lambda claim: (not claim.file, claim.file or claim.owner))
    address = "/" + plan.path.removesuffix("index.html")
    message = f"{first.file or first.owner} and {second.file or second.owner} both claim {address}"
    return Issue("two-owners", message, Span(second.file or first.file), "rename one of them, or give it a slug:")


def sync(plans: Sequence[Plan], folder: Path, memo: Memo) -> Synced:
    """Make the output folder hold exactly what the plans say, beside files of other owners.

    A page that cannot be made, or would overwrite a file of another owner, is an issue; then nothing is changed.
    Raises: SiteError where the folder cannot be written.
    """
    staging = folder / _STAGING
    try:
        shutil.rmtree(staging, ignore_errors=True)
        known = memo.outputs(folder)
        # A ledger lost in a crash of the machine: what still is as the memo knows it was ours.
        owned = {path: "" for path, row in known.items() if _stat(folder / path) == row[1:]} | _ledger(folder)
        draft = _drafted(plans, folder, owned, known, partial(_staged, staging))
        if draft.issues:
            return Synced(issues=draft.issues)
        return _carried_out(draft, folder, owned, memo)
    except OSError as error:
        raise SiteError(f"{error.filename or folder}: cannot be written: {error.strerror}",
                        help="free space or check the folder's permissions, then build again") from error  # fmt: skip
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def rehearse(plans: Sequence[Plan], folder: Path, memo: Memo) -> list[Issue]:
    """What `sync` would complain of; what it would make is made, and nothing written."""
    return _drafted(plans, folder, _ledger(folder), memo.outputs(folder), lambda number, data: folder).issues


def _drafted(
    plans: Sequence[Plan], folder: Path, owned: dict[str, str], known: dict[str, Row], keep: Callable[[int, bytes], Path]
) -> _Draft:
    """Make what is not as it should be, and put it where `keep` says."""
    draft = _Draft()
    ours = _Ours(folder, owned)
    for plan in plans:
        target = folder / plan.path
        if (row := known.get(plan.path)) and row[0] == plan.key and owned.get(plan.path) and _stat(target) == row[1:]:
            draft.rows[plan.path], draft.hashes[plan.path] = row, owned[plan.path]
            draft.unchanged += 1
            continue
        try:
            data = plan.make()
        except SiteError as error:
            if not error.issues:
                raise
            draft.issues += error.issues
            continue
        draft.hashes[plan.path] = hashlib.sha256(data).hexdigest()
        if _bytes(target) == data:
            draft.unchanged += 1
            draft.rows[plan.path] = (plan.key, *(_stat(target) or (0, 0)))
        elif foreign := ours.in_the_way_of(plan.path):
            message = f"{foreign} was not written by sitegen, and {plan.file or plan.owner} claims its place"
            draft.issues.append(Issue("not-ours", message, Span(str(foreign)), f"move {foreign} away"))
        else:
            draft.waiting.append((plan, keep(len(draft.waiting), data)))
    draft.issues = _once(draft.issues)
    return draft


class _Ours:
    """Tells our files from those of other owners, which nothing may overwrite."""

    def __init__(self, folder: Path, owned: Iterable[str]) -> None:
        self._folder = folder
        # Where letter cases are not told apart, "Foo" is found under "foo".
        self._owned = {path.casefold() for path in owned}
        self._clear: set[str] = {""}

    def in_the_way_of(self, path: str) -> Path | None:
        """What is not ours and stands where the file, or a folder it needs, is to be."""
        parent = path.rpartition("/")[0]
        if foreign := self._above(parent):
            return foreign
        target = self._folder / path
        if target.is_symlink() or not target.is_dir():
            return None if path.casefold() in self._owned or not _there(target) else target
        inside = (p for p in sorted(target.rglob("*")) if p.is_symlink() or not p.is_dir())
        return next((p for p in inside if p.relative_to(self._folder).as_posix().casefold() not in self._owned), None)

    def _above(self, path: str) -> Path | None:
        if path in self._clear:
            return None
        if foreign := self._above(path.rpartition("/")[0]):
            return foreign
        target = self._folder / path
        if _there(target) and (target.is_symlink() or not target.is_dir()) and path.casefold() not in self._owned:
            return target
        self._clear.add(path)
        return None


def _staged(staging: Path, number: int, data: bytes) -> Path:
    staging.mkdir(parents=True, exist_ok=True)
    path = staging / str(number)
    path.write_bytes(data)
    return path


def _carried_out(draft: _Draft, folder: Path, owned: dict[str, str], memo: Memo) -> Synced:
    """Remove what no plan makes, and move what waits into place."""
    removed = sorted(owned.keys() - draft.hashes.keys())
    # Written before the change: after a crash the next build knows all it may own.
    _write_ledger(folder, {**owned, **draft.hashes}, owned)
    # On some file systems "Foo" and "foo" are one file: an old spelling goes only once the new one is there.
    spelled = {path.casefold(): path for path in draft.hashes}
    respelled = [path for path in removed if path.casefold() in spelled]
    _remove(folder, (path for path in removed if path.casefold() not in spelled))
    for plan, waiting in draft.waiting:
        target = folder / plan.path
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(waiting, target)
        draft.rows[plan.path] = (plan.key, *(_stat(target) or (0, 0)))
    for path in respelled:
        old, new = folder / path, folder / spelled[path.casefold()]
        if old.exists() and old.samefile(new):
            old.rename(new)
        else:
            _remove(folder, [path])
    _write_ledger(folder, draft.hashes, {**owned, **draft.hashes})
    memo.set_outputs(folder, draft.rows)
    return Synced([plan.path for plan, _ in draft.waiting], removed, draft.unchanged)


def _once(issues: Iterable[Issue]) -> list[Issue]:
    """One issue a place: a broken template breaks every page it renders in the same way."""
    first: dict[tuple[str, str, int, int], Issue] = {}
    for issue in issues:
        first.setdefault((issue.code, issue.span.path, issue.span.line, issue.span.column), issue)
    return list(first.values())


def _remove(folder: Path, paths: Iterable[str]) -> None:
    for path in paths:
        target = folder / path
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            target.unlink()
        for parent in target.parents:
            if parent == folder:
                break
            try:
                parent.rmdir()
            except OSError:
                break  # not empty, or gone already


def _ledger(folder: Path) -> dict[str, str]:
    try:
        lines = (folder / LEDGER).read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError):
        return {}
    rows = (line.partition("  ") for line in lines)
    # Only what stays inside the folder: the list is a file like any other, and may have been edited.
    return {path: digest for digest, _, path in rows if path and ".." not in path.split("/") and not path.startswith("/")}


def _write_ledger(folder: Path, hashes: dict[str, str], before: dict[str, str]) -> None:
    if hashes == before and (folder / LEDGER).exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    text = "".join(f"{digest}  {path}\n" for path, digest in sorted(hashes.items()))
    temporary = folder / (LEDGER + ".new")
    temporary.write_text(text, encoding="utf-8")
    os.replace(temporary, folder / LEDGER)


def _stat(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def _there(path: Path) -> bool:
    """Whether something has this name, be it a link that leads nowhere."""
    return os.path.lexists(path)


def _bytes(path: Path) -> bytes | None:
    if path.is_symlink():
        return None
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
