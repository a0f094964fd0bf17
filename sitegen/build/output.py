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
import unicodedata
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, islice
from pathlib import Path
from stat import S_ISDIR
from typing import TYPE_CHECKING

import msgspec

from sitegen.build.ahead import Vanguard
from sitegen.build.making import Order
from sitegen.build.memo import Memo, Row
from sitegen.build.unchanged import LEDGER
from sitegen.errors import Issue, SiteError, Span

if TYPE_CHECKING:
    from sitegen.build.making import Again, Job, Made, Stream

STAGING = ".sitegen-staging"
_SLOWEST = 10
_SHA = 64  # digits
_FIRST = "index.html"  # the file of a folder that is made before its others
_TO_WRITE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)


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


class Room(msgspec.Struct, frozen=True):
    """Where made files wait until all are made: `staging`, laid out as the output `folder` is to be.

    bare: whether there is no output folder yet, and so nothing to compare with.
    """

    staging: str
    folder: str
    bare: bool = False

    @staticmethod
    def of(folder: Path) -> Room:
        """The room of a build into an output folder, taken before it begins to write."""
        return Room(str(folder / STAGING), str(folder), bare=not os.path.lexists(folder))

    def put(self, path: str, data: bytes) -> tuple[str, int, int, bool]:
        """Keep the bytes of a file, unless it holds them already: SHA-256, size, time of change (ns), whether it waits.

        Raises: OSError.
        """
        sha = hashlib.sha256(data).hexdigest()
        if not self.bare:
            target = f"{self.folder}/{path}"
            if (status := _stat(target)) and status[0] == len(data) and _bytes(target) == data:
                return sha, *status, False
        handle = _opened(f"{self.staging}/{path}")
        try:
            written = os.write(handle, data)
            while written < len(data):
                written += os.write(handle, data[written:])
            mtime = os.fstat(handle).st_mtime_ns
        finally:
            os.close(handle)
        return sha, len(data), mtime, True

    def pour(self, path: str, write: Callable[[str], None]) -> tuple[str, int, int, bool]:
        """Keep a file that `write` makes at the path it is given, as `put` keeps bytes.

        Raises: OSError.
        """
        from filecmp import cmp

        waiting, target = f"{self.staging}/{path}", f"{self.folder}/{path}"
        os.makedirs(waiting.rpartition("/")[0], exist_ok=True)  # noqa: PTH103
        write(waiting)
        with open(waiting, "rb") as file:  # noqa: PTH123
            sha = hashlib.file_digest(file, "sha256").hexdigest()
        made, status = _stat(waiting), _stat(target)
        assert made
        if status and status[0] == made[0] and not Path(target).is_symlink() and cmp(waiting, target, shallow=False):
            os.unlink(waiting)  # noqa: PTH108
            return sha, *status, False
        return sha, *made, True


def _opened(path: str) -> int:
    """A file that is to be written, in a folder that may be still to be made. Raises: OSError."""
    folder, _, name = path.rpartition("/")
    if name == _FIRST:
        with contextlib.suppress(FileExistsError, FileNotFoundError):  # the one above may be missing, too: see below
            os.mkdir(folder)  # noqa: PTH102
    try:
        return os.open(path, _TO_WRITE, 0o666)
    except FileNotFoundError:
        os.makedirs(folder, exist_ok=True)  # noqa: PTH103
        return os.open(path, _TO_WRITE, 0o666)


class _Draft(msgspec.Struct):
    """The output folder as it is to be."""

    hashes: dict[str, str] = msgspec.field(default_factory=dict)
    rows: dict[str, Row] = msgspec.field(default_factory=dict)
    waiting: list[str] = msgspec.field(default_factory=list)
    synced: Synced = msgspec.field(default_factory=Synced)


def collisions(plans: Iterable[Plan]) -> list[Issue]:
    """An issue for each file that two plans would write, or that would have to be a folder as well."""
    owners: dict[str, Plan] = {}
    issues = []
    for plan in plans:
        other = owners.setdefault(_met(plan.path), plan)
        if other is not plan:
            issues.append(_collision(plan, other))
    for plan in list(owners.values()):
        folder = _met(plan.path)
        while folder := folder.rpartition("/")[0]:
            if folder in owners:
                issues.append(_collision(plan, owners[folder]))
    # Two articles of one address clash in their Markdown and sources too: once is enough.
    return list({(issue.span.path, issue.message.partition(" both claim ")[0]): issue for issue in reversed(issues)}.values())


def _met(path: str) -> str:
    """What two paths share that are one file where letter cases, or composed and decomposed letters, are not told apart."""
    return (path if path.isascii() else unicodedata.normalize("NFC", path)).casefold()


def _collision(plan: Plan, other: Plan) -> Issue:
    first, second = sorted((plan, other), key=lambda claim: (not claim.file, claim.file or claim.owner))
    address = "/" + plan.path.removesuffix("index.html")
    message = f"{first.file or first.owner} and {second.file or second.owner} both claim {address}"
    return Issue("two-owners", message, Span(second.file or first.file), "rename one of them, or give it a slug:")


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
        owned = _ledger(folder) if there else {}
        # A ledger lost in a crash of the machine: what still is as the memo knows it was ours.
        if there and not owned:
            owned = {path: "" for path, row in known.items() if _stat(f"{folder}/{path}") == (row.size, row.mtime)}
        vanguard = Vanguard(str(folder), str(staging), told, lambda new: _write_ledger(folder, {**owned, **new}))
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
    if len(known) != len(plans) or any(_stat(f"{folder}/{path}") != (row.size, row.mtime) for path, row in known.items()):
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
        text = (folder / LEDGER).read_bytes().replace(b"\r\n", b"\n")
        for path, row in rows.items():
            at = _line_of(text, path)
            text = text[:at] + row.sha.encode() + text[at + _SHA :]
        _put_ledger(folder, text)
    except OSError as error:
        raise _unwritable(error, folder) from error
    finally:
        _sweep(folder / STAGING)


def rehearse(plans: Sequence[Plan], folder: Path, memo: Memo, make: Make, late: Sequence[Late] = ()) -> list[Issue]:
    """What `sync` would complain of; what it would make is made, and nothing written."""
    return _once(_drafted(plans, folder, _ledger(folder), memo.outputs(folder), make, 0, late).synced.issues)


def _drafted(
    plans: Iterable[Plan], folder: Path, owned: Collection[str], known: Mapping[str, Row], make: Make, build: int,
    late: Sequence[Late] = (), first: Sequence[int] = (), vanguard: Vanguard | None = None,
) -> _Draft:  # fmt: skip
    """Make what is not as it should be."""
    draft, ours = _Draft(), _Ours(folder, owned)
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
    draft: _Draft, ours: _Ours, plans: Iterable[Plan], folder: Path, owned: Collection[str],
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
            kept = row is not None and path in owned and _stat(f"{folder}/{path}") == (row.size, row.mtime)
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


class _Ours:
    """Tells our files from those of other owners, which nothing may overwrite."""

    def __init__(self, folder: Path, owned: Collection[str]) -> None:
        self._folder, self._at = folder, str(folder)
        self._empty = not folder.exists()
        self._paths = owned
        self._clear: set[str] = {""}

    @cached_property
    def _owned(self) -> dict[str, str]:
        """Where letter cases are not told apart, "Foo" is found under "foo"."""
        return {_met(path): path for path in self._paths}

    def in_the_way_of(self, path: str) -> Path | None:
        """What is not ours and stands where the file, or a folder it needs, is to be."""
        if self._empty:
            return None
        parent = path.rpartition("/")[0]
        if foreign := self._above(parent):
            return foreign
        mode = _mode(f"{self._at}/{path}")
        if not S_ISDIR(mode):
            return None if not mode or self._is_ours(path) else self._folder / path
        target = self._folder / path
        inside = [p for p in sorted(target.rglob("*")) if p.is_symlink() or not p.is_dir()]
        if not inside:  # a folder that we did not make: ours are never empty
            return target
        return next((p for p in inside if not self._is_ours(p.relative_to(self._folder).as_posix())), None)

    def _is_ours(self, path: str) -> bool:
        """Whether what has this name is ours: under that name, or, where letter cases are not told apart, another."""
        if path in self._paths:
            return True
        owned = self._owned.get(_met(path))
        return owned is not None and _same(self._folder / owned, self._folder / path)

    def _above(self, path: str) -> Path | None:
        if path in self._clear:
            return None
        if foreign := self._above(path.rpartition("/")[0]):
            return foreign
        mode = _mode(f"{self._at}/{path}")
        if mode and not S_ISDIR(mode) and not self._is_ours(path):
            return self._folder / path
        self._clear.add(path)
        return None


def _carry_out(draft: _Draft, folder: Path, owned: Mapping[str, str]) -> None:
    """Remove what no plan makes, and move what waits into place."""
    removed = sorted(owned.keys() - draft.hashes.keys())
    draft.synced.removed, draft.synced.written = removed, sorted(draft.waiting)
    listed = owned
    if draft.waiting or removed:
        # Written before the change: after a crash the next build knows all it may own.
        if draft.hashes.keys() - owned.keys():
            listed = {**owned, **draft.hashes}
            _write_ledger(folder, listed)
        # On some file systems "Foo" and "foo" are one file: an old spelling goes only once the new one is there.
        spelled = {_met(path): path for path in draft.hashes} if removed else {}
        respelled = [path for path in removed if _met(path) in spelled and _there(folder / path)]
        # Asked before anything moves: a mount that remembers files for a while would answer for the old ones.
        one = {path for path in respelled if _same(folder / path, folder / spelled[_met(path)])}
        _remove(folder, (path for path in removed if _met(path) not in spelled))
        if draft.waiting:
            _put_into_place(draft.waiting, folder, owned)
        for path in respelled:
            if path in one:
                _respell(folder, path, spelled[_met(path)])
            else:
                _remove(folder, [path])
    if draft.hashes != listed or not (folder / LEDGER).exists():
        _write_ledger(folder, draft.hashes)


def _same(one: Path, other: Path) -> bool:
    """Whether two names are of one file, which is there."""
    try:
        return one.samefile(other)
    except OSError:
        return False


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


def _ledger(folder: Path) -> dict[str, str]:
    try:
        lines = (folder / LEDGER).read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError):
        return {}
    rows = (line.partition("  ") for line in lines)
    # Only what stays inside the folder: the list is a file like any other, and may have been edited.
    return {path: digest for digest, _, path in rows if path and ".." not in path.split("/") and not path.startswith("/")}


def _line_of(text: bytes, path: str) -> int:
    """Where the line of a list begins that is about a path: it is there."""
    ending = f"  {path}\n".encode()
    at = text.index(ending)
    while at != _SHA and text[at - _SHA - 1 : at - _SHA] != b"\n":  # of a path that ends so
        at = text.index(ending, at + 1)
    return at - _SHA


def _write_ledger(folder: Path, hashes: Mapping[str, str]) -> None:
    _put_ledger(folder, "".join([f"{hashes[path]}  {path}\n" for path in sorted(hashes)]).encode())


def _put_ledger(folder: Path, text: bytes) -> None:
    temporary = folder / STAGING / LEDGER  # which the next build sweeps away, where this one is killed
    temporary.parent.mkdir(parents=True, exist_ok=True)
    temporary.write_bytes(text)
    os.replace(temporary, folder / LEDGER)


def _stat(path: str) -> tuple[int, int] | None:
    try:
        status = os.stat(path)  # noqa: PTH116  tens of thousands a build
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def _mode(path: str) -> int:
    """What sort of file has this name, 0 where none has."""
    try:
        return os.lstat(path).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return 0


def _there(path: Path) -> bool:
    """Whether something has this name, be it a link that leads nowhere."""
    return os.path.lexists(path)


def _bytes(path: str) -> bytes | None:
    if os.path.islink(path):  # noqa: PTH114
        return None
    try:
        return Path(path).read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
