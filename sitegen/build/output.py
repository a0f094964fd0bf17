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
from pathlib import Path

from sitegen.build.memo import Memo
from sitegen.errors import Issue, SiteError, Span

LEDGER = ".sitegen.sha256"
_STAGING = ".sitegen-staging"


@dataclass(frozen=True, slots=True)
class Plan:
    """A file to publish. `key` tells whether it must be made again; `owner` is the content file it comes from."""

    path: str
    key: bytes
    make: Callable[[], bytes]
    owner: str


@dataclass(slots=True)
class Synced:
    """What became of the output folder: paths written, removed, and the number left as they were."""

    written: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
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
    first, second = sorted((plan.owner, other.owner))
    address = "/" + plan.path.removesuffix("index.html")
    return Issue(
        "two-owners", f"{first} and {second} both claim {address}", Span(second), "rename one of them, or give it a slug:"
    )


def sync(plans: Sequence[Plan], folder: Path, memo: Memo) -> Synced:
    """Make the output folder hold exactly what the plans say, beside files of other owners.

    A page that cannot be made, or would overwrite a file of another owner, is an issue; then nothing is changed.
    Raises: SiteError where the folder cannot be written.
    """
    report = Synced()
    owned = _ledger(folder)
    known = memo.outputs(folder)
    rows: dict[str, tuple[bytes, int, int]] = {}
    hashes: dict[str, str] = {}
    staged: list[tuple[Plan, Path]] = []
    staging = folder / _STAGING
    try:
        if staging.exists():
            shutil.rmtree(staging)
        for plan in plans:
            target = folder / plan.path
            if (row := known.get(plan.path)) and row[0] == plan.key and plan.path in owned and _stat(target) == row[1:]:
                rows[plan.path], hashes[plan.path] = row, owned[plan.path]
                report.unchanged += 1
                continue
            try:
                data = plan.make()
            except SiteError as error:
                if not error.issues:
                    raise
                report.issues += error.issues
                continue
            hashes[plan.path] = hashlib.sha256(data).hexdigest()
            if (present := _bytes(target)) == data:
                report.unchanged += 1
                rows[plan.path] = (plan.key, *(_stat(target) or (0, 0)))
            elif present is not None and plan.path not in owned:
                report.issues.append(Issue("not-ours", f"{target} was not written by sitegen, and {plan.owner} claims its place",
                                           Span(plan.owner), f"move {target} away"))  # fmt: skip
            else:
                staging.mkdir(parents=True, exist_ok=True)
                waiting = staging / str(len(staged))
                waiting.write_bytes(data)
                staged.append((plan, waiting))
        if report.issues:
            report.issues = _once(report.issues)
            return report
        report.removed = sorted(owned.keys() - hashes.keys())
        # Written before the change: after a crash the next build knows all it may own.
        _write_ledger(folder, {**owned, **hashes}, owned)
        _remove(folder, report.removed)
        for plan, waiting in staged:
            target = folder / plan.path
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(waiting, target)
            rows[plan.path] = (plan.key, *(_stat(target) or (0, 0)))
            report.written.append(plan.path)
        _write_ledger(folder, hashes, {**owned, **hashes})
        memo.set_outputs(folder, rows)
    except OSError as error:
        raise SiteError(f"{error.filename or folder}: cannot be written: {error.strerror}",
                        help="free space or check the folder's permissions, then build again") from error  # fmt: skip
    finally:
        if staging.exists():
            shutil.rmtree(staging, ignore_errors=True)
    return report


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
