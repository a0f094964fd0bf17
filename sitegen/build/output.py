"""The output folder, and how it is brought up to date.

A list in the folder itself (`.sitegen.sha256`, see `listing`) names every file the program wrote. A file that is not
on it is never touched (`owners`). Bytes that are the same are not rewritten. Everything is rendered and staged (`room`)
before anything changes, so a template error leaves the site as it was; a crash while files are moved into place is
mended by the next build.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from sitegen.build import listing
from sitegen.build.ahead import Vanguard
from sitegen.build.making import Order
from sitegen.build.memo import Memo, Row
from sitegen.build.owners import Ours, met, same
from sitegen.build.room import STAGING, size_and_time
from sitegen.build.unchanged import LEDGER
from sitegen.errors import Issue, SiteError, Span

if TYPE_CHECKING:
    from sitegen.build.making import Again, Job, Made, Stream

_SLOWEST = 10


class Plan(msgspec.Struct, frozen=True):
    """A file to publish.

    key: tells whether it must be looked at again. job: what makes it, at once or where it is made. owner: what claims the
    place; file: what a person would change to change that, "" where there is none.
    """

    path: str
    key: bytes
    job: Callable[[], Job | Stream] | Again | Job
    owner: str
    file: str = ""


class Synced(msgspec.Struct):
    """What became of the output folder: paths written, removed, and the number left as they were.

    rendered: how many files were made to find that out; slowest: seconds and paths, longest first. rows: what lies there now.
    """

    written: list[str] = msgspec.field(default_factory=list)
    removed: list[str] = msgspec.field(default_factory=list)
    unchanged: int = 0
    issues: list[Issue] = msgspec.field(default_factory=list)
    rendered: int = 0
    slowest: list[tuple[float, str]] = msgspec.field(default_factory=list)
    seconds: dict[str, float] = msgspec.field(default_factory=dict)  # by sort of file
    rows: Mapping[str, Row] = msgspec.field(default_factory=dict)


Make = Callable[[Iterator[Order]], Generator[list["Made"], None, None]]
# Plans that hang on what the ones before have made, and what makes them.
Late = Callable[[Mapping[str, Row]], tuple[Sequence[Plan], Make]]
Told = Callable[[Sequence[str]], None]


def _nobody(_: Sequence[str]) -> None:
    pass


class _Draft(msgspec.Struct):
    """The output folder as it is to be."""

    hashes: dict[str, str] = msgspec.field(default_factory=dict)
    rows: dict[str, Row] = msgspec.field(default_factory=dict)
    waiting: list[str] = msgspec.field(default_factory=list)
    synced: Synced = msgspec.field(default_factory=Synced)


def sync(
    plans: Iterable[Plan], folder: Path, memo: Memo, make: Make, build: int, late: Sequence[Late] = (),
    first: Sequence[int] = (), told: Told = _nobody,
) -> Synced:  # fmt: skip
    """Make the output folder hold exactly what the plans say, beside files of other owners.

    plans: asked for while files are made already. make: carries out orders, in batches. build: the number of this build.
    late: further plans, each of what lies there by then. first: so many plans, group by group, go ahead of the rest, and
    `told` is called for each (see `build.ahead`). A page that cannot be made, or would overwrite a file of another owner, is
    an issue; then nothing is changed. Nothing is, either, where asking for plans raises an error.
    Raises: SiteError where the folder cannot be written.
    """
    staging = folder / STAGING
    there = folder.exists()
    try:
        _sweep(staging)
        known = memo.outputs(folder)
        owned = listing.read(folder) if there else {}
        # A ledger lost in a crash of the machine: what still is as the memo knows it was ours.
        if there and not owned:
            owned = {path: "" for path, row in known.items() if size_and_time(f"{folder}/{path}") == (row.size, row.mtime)}
        vanguard = Vanguard(str(folder), str(staging), told, lambda new: listing.write(folder, {**owned, **new}))
        with vanguard.returning():
            draft = _drafted(plans, folder, owned, known, make, build, late, first, vanguard)
        if draft.synced.issues:
            vanguard.back()
            return Synced(issues=_once(draft.synced.issues))
        vanguard.stay()
        _carry_out(draft, folder, owned)
        memo.set_outputs(folder, draft.rows, known)
        draft.synced.rows = draft.rows
        return draft.synced
    except OSError as error:
        raise _unwritable(error, folder) from error
    finally:
        _sweep(staging)
        if not there:
            with contextlib.suppress(OSError):
                folder.rmdir()  # empty where nothing came of it


def amend(
    plans: Sequence[Plan], folder: Path, memo: Memo, make: Make, build: int, left: Mapping[str, Row],
    first: Sequence[int] = (), told: Told = _nobody,
) -> Synced | None:  # fmt: skip
    """What `sync` does, where these plans alone may have moved since the last build, and `left` is all that it left.

    The rows that come of it are theirs alone. None where a file is not as it was left: then `sync` has to look at all.
    The list of files is left to `settle`.
    Raises: SiteError where the folder cannot be written.
    """
    known = {plan.path: left[plan.path] for plan in plans if plan.path in left}
    if len(known) != len(plans) or any(size_and_time(f"{folder}/{path}") != (row.size, row.mtime) for path, row in known.items()):
        return None
    staging = folder / STAGING
    try:
        _sweep(staging)
        vanguard = Vanguard(str(folder), str(staging), told, lambda _: None)  # all of them are ours already
        with vanguard.returning():
            draft = _drafted(plans, folder, known, known, make, build, (), first, vanguard)
        synced = draft.synced
        if synced.issues:
            vanguard.back()
            return Synced(issues=_once(synced.issues))
        vanguard.stay()
        synced.written = sorted(draft.waiting)
        if draft.waiting:
            _put_into_place(draft.waiting, folder, known)
        memo.set_outputs(folder, draft.rows, known)
        synced.rows = draft.rows
        synced.unchanged += len(left) - len(known)
        return synced
    except OSError as error:
        raise _unwritable(error, folder) from error
    finally:
        _sweep(staging)


def settle(folder: Path, rows: Mapping[str, Row]) -> None:
    """Write into the list of our files what `amend` made of these. Raises: SiteError."""
    try:
        listing.amend(folder, {path: row.sha for path, row in rows.items()})
    except OSError as error:
        raise _unwritable(error, folder) from error
    finally:
        _sweep(folder / STAGING)


def rehearse(plans: Sequence[Plan], folder: Path, memo: Memo, make: Make, late: Sequence[Late] = ()) -> list[Issue]:
    """What `sync` would complain of; what it would make is made, and nothing written."""
    return _once(_drafted(plans, folder, listing.read(folder), memo.outputs(folder), make, 0, late).synced.issues)


def _drafted(
    plans: Iterable[Plan], folder: Path, owned: Collection[str], known: Mapping[str, Row], make: Make, build: int,
    late: Sequence[Late] = (), first: Sequence[int] = (), vanguard: Vanguard | None = None,
) -> _Draft:  # fmt: skip
    """Make what is not as it should be."""
    draft, ours = _Draft(), Ours(folder, owned)
    coming = iter(plans)
    for count in first:
        at = len(draft.waiting)
        _draft_more(draft, ours, islice(coming, count), folder, owned, known, make, build)
        if vanguard and not draft.synced.issues:
            vanguard.go(draft.waiting[at:], draft.hashes, owned)
    _draft_more(draft, ours, coming, folder, owned, known, make, build)
    for later in late:
        more, carry_out = later(draft.rows)
        _draft_more(draft, ours, more, folder, owned, known, carry_out, build)
    return draft


def _draft_more(
    draft: _Draft, ours: Ours, plans: Iterable[Plan], folder: Path, owned: Collection[str],
    known: Mapping[str, Row], make: Make, build: int,
) -> None:  # fmt: skip
    synced = draft.synced
    asked: dict[str, Plan] = {}

    def orders() -> Iterator[Order]:
        """What has to be looked at: of the rest the rows are kept."""
        for plan in plans:
            path = plan.path
            if path in asked or path in draft.rows:
                continue  # a second owner of the place, which `collisions` tells of
            row = known.get(path)
            kept = row is not None and path in owned and size_and_time(f"{folder}/{path}") == (row.size, row.mtime)
            if kept and row and row.key == plan.key:
                draft.rows[path], draft.hashes[path] = row, row.sha
                synced.unchanged += 1
            else:
                asked[path] = plan
                yield Order(path, row.made if kept and row else b"", None if callable(plan.job) else plan.job)

    with contextlib.closing(make(orders())) as batches:
        for made in chain.from_iterable(batches):
            plan, row = asked[made.name], known.get(made.name)
            if made.same and row:
                draft.rows[made.name] = Row(plan.key, made.goes_in, row.sha, row.size, row.mtime, row.build)
                draft.hashes[made.name] = row.sha
                synced.unchanged += 1
                continue
            synced.rendered += 1
            _note_time(synced, made, plan)
            synced.issues += made.issues
            if made.put is None:
                continue
            sha, size, mtime, waits = made.put
            draft.hashes[made.name] = sha
            draft.rows[made.name] = Row(plan.key, made.goes_in, sha, size, mtime, build if waits or not row else row.build)
            if not waits:
                synced.unchanged += 1
            elif foreign := ours.in_the_way_of(made.name):
                message = f"{foreign} was not written by sitegen, and {plan.file or plan.owner} claims its place"
                synced.issues.append(Issue("not-ours", message, Span(str(foreign)), f"move {foreign} away"))
            else:
                draft.waiting.append(made.name)


def _note_time(synced: Synced, made: Made, plan: Plan) -> None:
    sort = plan.owner.partition(' "')[0]
    synced.seconds[sort] = synced.seconds.get(sort, 0.0) + made.seconds
    if len(synced.slowest) < _SLOWEST or made.seconds > synced.slowest[-1][0]:
        synced.slowest = sorted([*synced.slowest, (made.seconds, made.name)], reverse=True)[:_SLOWEST]


def _carry_out(draft: _Draft, folder: Path, owned: Mapping[str, str]) -> None:
    """Remove what no plan makes, and move what waits into place."""
    removed = sorted(owned.keys() - draft.hashes.keys())
    draft.synced.removed, draft.synced.written = removed, sorted(draft.waiting)
    listed = owned
    if draft.waiting or removed:
        # Written before the change: after a crash the next build knows all it may own.
        if draft.hashes.keys() - owned.keys():
            listed = {**owned, **draft.hashes}
            listing.write(folder, listed)
        # On some file systems "Foo" and "foo" are one file: an old spelling goes only once the new one is there.
        spelled = {met(path): path for path in draft.hashes} if removed else {}
        respelled = [path for path in removed if met(path) in spelled and os.path.lexists(folder / path)]
        # Asked before anything moves: a mount that remembers files for a while would answer for the old ones.
        one = {path for path in respelled if same(folder / path, folder / spelled[met(path)])}
        _remove(folder, (path for path in removed if met(path) not in spelled))
        if draft.waiting:
            _put_into_place(draft.waiting, folder, owned)
        for path in respelled:
            if path in one:
                _respell(folder, path, spelled[met(path)])
            else:
                _remove(folder, [path])
    if draft.hashes != listed or not (folder / LEDGER).exists():
        listing.write(folder, draft.hashes)


def _respell(folder: Path, old: str, new: str) -> None:
    """Give a file, and the folders it lies in, their new spelling, where letter cases are not told apart."""
    here = folder
    for before, after in zip(old.split("/"), new.split("/"), strict=True):
        if before != after:
            (here / before).rename(here / after)
        here /= after


def _put_into_place(waiting: Iterable[str], folder: Path, owned: Collection[str]) -> None:
    """Move what waits to where it belongs: by its name what takes a file's place, the rest folder by folder."""
    staging, into = str(folder / STAGING), str(folder)
    found = [path for path in waiting if path in owned]
    for path in found:
        with contextlib.suppress(FileNotFoundError):  # its folder is gone, or it went ahead
            os.replace(f"{staging}/{path}", f"{into}/{path}")
    for emptied in sorted({path.rpartition("/")[0] for path in found} - {""}, reverse=True):
        with contextlib.suppress(OSError):
            os.rmdir(f"{staging}/{emptied}")  # noqa: PTH106
    _move_in(staging, into)


def _move_in(staging: str, folder: str) -> None:
    """Move what waits to where it belongs: a folder that is not there yet at one go."""
    for entry in list(os.scandir(staging)):
        target = f"{folder}/{entry.name}"
        if not entry.is_dir(follow_symlinks=False):
            os.replace(entry.path, target)
        elif os.path.lexists(target):
            _move_in(entry.path, target)
            with contextlib.suppress(OSError):
                os.rmdir(entry.path)  # noqa: PTH106
        else:
            os.rename(entry.path, target)  # noqa: PTH104


def _sweep(staging: Path) -> None:
    """Remove what was staged; where all was moved in, a folder that is empty."""
    with contextlib.suppress(OSError):
        os.rmdir(staging)  # noqa: PTH106
    if os.path.lexists(staging):
        from shutil import rmtree  # which takes longer to load than an edit to be moved in

        rmtree(staging, ignore_errors=True)


def _unwritable(error: OSError, folder: Path) -> SiteError:
    if folder.exists() and not folder.is_dir():
        return SiteError(
            f"{folder} is a file, and the site needs a folder", help="move it away, or set `output` in the configuration"
        )
    help = "free space or check the folder's permissions, then build again"
    return SiteError(f"{error.filename or folder}: cannot be written: {error.strerror}", help=help)


def _once(issues: Iterable[Issue]) -> list[Issue]:
    """One issue a place: a broken template breaks every page it renders in the same way."""
    first: dict[tuple[str, str, int, int], Issue] = {}
    for issue in issues:
        first.setdefault((issue.code, issue.span.path, issue.span.line, issue.span.column), issue)
    return list(first.values())


def _remove(folder: Path, paths: Iterable[str]) -> None:
    for path in paths:
        target = folder / path
        if any(parent.is_symlink() for parent in target.parents if parent != folder and parent.is_relative_to(folder)):
            continue  # what lies behind a link is not the site's
        with contextlib.suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError):
            target.unlink()
        for parent in target.parents:
            if parent == folder:
                break
            try:
                parent.rmdir()
            except OSError:
                break  # not empty, or gone already
