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
    return issues


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
        owned = _ledger(folder)
        draft = _drafted(plans, folder, owned, memo.outputs(folder), partial(_staged, staging))
        if draft.issues:
            return Synced(issues=draft.issues)
        return _carried_out(draft, folder, owned, memo)
    except OSError as error:
        raise SiteError(f"{error.filename or folder}: cannot be written: {error.strerror}",
                        help="free space or check the folder's permissions, then build again") from error  # fmt: skip
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def rehearse(plans: Sequence[Plan], folder: Path) -> list[Issue]:
    """What `sync` would complain of; everything is made and nothing written."""
    return _drafted(plans, folder, _ledger(folder), {}, lambda number, data: folder).issues


def _drafted(
    plans: Sequence[Plan], folder: Path, owned: dict[str, str], known: dict[str, Row], keep: Callable[[int, bytes], Path]
) -> _Draft:
    """Make what is not as it should be, and put it where `keep` says."""
    draft = _Draft()
    for plan in plans:
        target = folder / plan.path
        if (row := known.get(plan.path)) and row[0] == plan.key and plan.path in owned and _stat(target) == row[1:]:
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
        if (present := _bytes(target)) == data:
            draft.unchanged += 1
            draft.rows[plan.path] = (plan.key, *(_stat(target) or (0, 0)))
        elif present is not None and plan.path not in owned:
            message = f"{target} was not written by sitegen, and {plan.file or plan.owner} claims its place"
            draft.issues.append(Issue("not-ours", message, Span(str(target)), f"move {target} away"))
        else:
            draft.waiting.append((plan, keep(len(draft.waiting), data)))
    draft.issues = _once(draft.issues)
    return draft


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
    _remove(folder, removed)
    for plan, waiting in draft.waiting:
        target = folder / plan.path
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(waiting, target)
        draft.rows[plan.path] = (plan.key, *(_stat(target) or (0, 0)))
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
        lines = (folder / LEDGER).read_text(encoding="utf-8").splitlines()
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


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
