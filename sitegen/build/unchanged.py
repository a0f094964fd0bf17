"""Whether there is anything to do at all, found out before anything else is imported.

A build that leaves nothing to say writes a stamp: what it saw of its content, its configuration, its themes, the
program and the output, each as sizes and times of change. As long as all of these are as they were, the next
build would do nothing, and need not begin. Where nothing but files of the content is not as it was, these are
named, and the next build need look at no others (`build.again`). Only the standard library's smallest modules are
used here: with 10,000 articles the look takes less time than importing the rest of the program.
"""

from __future__ import annotations

import marshal
import os
import sys
import time
from _blake2 import blake2b  # what hashlib has, without its import of OpenSSL
from array import array

if False:  # for types alone; typing itself would take longer than the rest of this module
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

_VERSION = 7
LEDGER = ".sitegen.sha256"  # the list of our files, in the output folder
# Those a stamp tells apart, with their names in the program.
_OPTIONS = {"--strict": "strict", "--drafts": "drafts", "--no-search": "no_search", "--no-exports": "no_exports"}
CONFIGURATIONS = ("sitegen.toml", "pyproject.toml")
_FEW = 32  # edited files: with more of them a build looks at all
_looked: list[tuple[list[tuple[str, int, int, int]], int]] = []  # see `_program`
_PAIR = 2 * array("q").itemsize
_MANY = 4000  # files of an output that a second process looks at
# Times of change come in steps: of a few milliseconds, or, where they show no fraction, of up to two seconds (FAT).
_STEP_NS, _COARSE_NS, _SECOND_NS = 50_000_000, 2_000_000_000, 1_000_000_000


def is_settled(mtime: int, now: int) -> bool:
    """Whether a file that changed at `mtime` can no longer change again under the same time. Both in ns since 1970."""
    return mtime < now - (_STEP_NS if mtime % _SECOND_NS else _COARSE_NS)


class Edited(list[str]):
    """The paths of the files of the content that were edited, and no others; the output may still be looked at."""

    def __init__(self, paths: Sequence[str], *looks: Callable[[], bool]) -> None:
        super().__init__(paths)
        self._looks = looks

    def stand_alone(self) -> bool:
        """Whether nothing else was touched. To be asked once."""
        found = [look() for look in self._looks]  # all of them: a process is to be waited for
        return all(found)


def said_last_time(arguments: Sequence[str], folder: str) -> tuple[int, str, str] | Edited | None:
    """What the last build ended with, where this one would end as it did: exit code, messages, result.

    arguments: the command line behind the program's name. folder: where it is run.
    Where nothing in the content has changed but a few files, these; None where more has, or the command is no plain build.
    """
    asked = plainly(arguments)
    if asked is None:
        return None
    where, key = asked[0], [asked[1].get(option, False) for option in _OPTIONS.values()]
    begin = os.path.abspath(os.path.join(folder, where))  # noqa: PTH100, PTH118
    root = _root(begin) if os.path.isdir(begin) else ""  # noqa: PTH112
    if not root:
        return None
    if os.path.exists(f"{root}/.sitegen/transaction"):  # noqa: PTH110  of a run that was killed: it is finished first
        return None
    try:
        stamp = _stamp(root)
        if stamp["version"] != _VERSION or stamp["key"] != key or stamp["day"] != today():
            return None
        if stamp["surroundings"] != surroundings(root, stamp["themes"]):
            return None
        content = f"{root}/{stamp['content']}"
        here, there = _looking(f"{root}/{stamp['output']}", stamp)
        try:
            seen = _columns(_walk(content, content))
            edited = [] if seen == stamp["seen"] else _edited(stamp["seen"], seen)
        except BaseException:
            there()
            raise
        if edited:
            return Edited(edited, _aside(here), there)
        still = edited is not None and here()
        if there() and still:
            return stamp["code"], stamp["messages"], stamp["result"]
        return None
    except (OSError, ValueError, EOFError, TypeError, KeyError, AttributeError, OverflowError):
        return None


def write(
    root: str, key: Sequence[bool], themes: Sequence[str], before: bytes, content: str, seen: Mapping[str, Any], output: str,
    rows: Mapping[str, Any], code: int, messages: str, result: str,
) -> None:  # fmt: skip
    """Leave a stamp.

    before: the surroundings as the build found them. seen: what it saw of its content, by path. rows: what it left of
    its output, by path, each with size and mtime.
    """
    paths = sorted(rows)
    ledger = os.stat(f"{root}/{output}/{LEDGER}")  # noqa: PTH116
    made = [number for path in paths for number in (rows[path].size, rows[path].mtime)]
    made += [ledger.st_size, ledger.st_mtime_ns]
    stamp = {
        "version": _VERSION, "key": list(key), "day": today(), "surroundings": before, "themes": list(themes),
        "content": content, "output": output, "paths": "\n".join([*paths, LEDGER]), "code": code, "messages": messages,
        "result": result,
        "seen": _columns([(path, file.size, file.mtime, file.inode) for path, file in seen.items()]),
        "made": array("q", made).tobytes(),
    }  # fmt: skip
    _leave(root, stamp)


def amend(root: str, seen: Mapping[str, Any], rows: Mapping[str, Any], messages: str, result: str) -> None:
    """Leave the stamp as it was, but for these of the files it speaks of, and what is to be said.

    Raises: OSError, ValueError, KeyError where it has no such file.
    """
    stamp = _stamp(root)
    numbers = [array("Q", column) for column in stamp["seen"][1:]]
    for path, file in seen.items():
        place = _place(stamp["seen"][0], path)
        for column, number in zip(numbers, (file.size, file.mtime, file.inode), strict=True):
            column[place] = number
    made = array("q", stamp["made"])
    ledger = os.stat(f"{root}/{stamp['output']}/{LEDGER}")  # noqa: PTH116
    for path, size, mtime in [*((path, row.size, row.mtime) for path, row in rows.items()),
                              (LEDGER, ledger.st_size, ledger.st_mtime_ns)]:  # fmt: skip
        place = _place(stamp["paths"], path)
        made[2 * place : 2 * place + 2] = array("q", (size, mtime))
    stamp |= {"seen": (stamp["seen"][0], *(column.tobytes() for column in numbers)), "made": made.tobytes()}
    _leave(root, stamp | {"messages": messages, "result": result})


def _place(paths: str, path: str) -> int:
    """Where a path stands among some, a line each. Raises: ValueError where it does not."""
    lines = f"\n{paths}\n"
    return lines.count("\n", 0, lines.index(f"\n{path}\n"))


def _stamp(root: str) -> dict[str, Any]:
    """Raises: OSError, ValueError, EOFError, TypeError."""
    with open(f"{root}/.sitegen/stamp", "rb") as file:  # noqa: PTH123
        stamp: dict[str, Any] = marshal.load(file)
    return stamp


def _leave(root: str, stamp: dict[str, Any]) -> None:
    temporary = f"{root}/.sitegen/stamp.new"
    with open(temporary, "wb") as file:  # noqa: PTH123
        marshal.dump(stamp, file)
    os.replace(temporary, f"{root}/.sitegen/stamp")


def surroundings(root: str, themes: Sequence[str], now: int = 0) -> bytes:
    """A digest of what a build depends on besides content and output: configuration, themes, program, libraries.

    now: where it is given, the time in ns since 1970; b"" where a file may yet change under the time it bears.
    Raises: OSError, ValueError where it takes a real build to say.
    """
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120
    found: list[object] = [sys.version, os.environ.get("SOURCE_DATE_EPOCH", "")]
    libraries = [path for path in sys.path if path.endswith("-packages")]
    for path in (*(f"{root}/{name}" for name in CONFIGURATIONS), *libraries):
        try:
            status = os.stat(path)  # noqa: PTH116  of a folder of packages: changed by whatever is installed
            found.append((path, status.st_size, status.st_mtime_ns, status.st_ino))
        except OSError:
            found.append(path)
    for folder in (package, *themes):
        files, looked = _program(folder) if folder == package else (sorted(_walk(folder, folder, hidden=True)), now)
        if now and not all(is_settled(mtime, looked) for _, _, mtime, _ in files):
            return b""
        found += [folder, files]
    if now and not all(is_settled(entry[2], now) for entry in found if isinstance(entry, tuple)):
        return b""
    return _digest(found)


def _program(folder: str) -> tuple[list[tuple[str, int, int, int]], int]:
    """The program's own files, and when they were looked at: once in a process, which runs what it was made of then."""
    if not _looked:
        now = time.time_ns()
        _looked.append((sorted(_walk(folder, folder, hidden=True)), now))
    return _looked[0]


def today() -> str:
    return time.strftime("%Y-%m-%d")


def plainly(arguments: Sequence[str]) -> tuple[str, dict[str, Any]] | None:
    """The folder of a plain build, and by name what it is asked for; None of every other command.

    arguments: the command line behind the program's name.
    """
    rest, where = list(arguments), "."
    if rest[:1] in (["-C"], ["--directory"]) and len(rest) > 1:
        where, rest = rest[1], rest[2:]
    if rest[:1] != ["build"]:
        return None
    rest, asked = rest[1:], {}
    if "--jobs" in rest[:-1]:
        at = rest.index("--jobs")
        number = rest[at + 1]
        if number.isdecimal() and number.isascii() and len(number) < 5:
            asked["jobs"] = int(number)
            del rest[at : at + 2]
    if not {*rest} <= _OPTIONS.keys():
        return None
    return where, asked | {_OPTIONS[option]: True for option in rest}


def _root(folder: str) -> str:
    """The nearest folder, this one or above it, with a configuration; "" where there is none."""
    while True:
        if any(os.path.exists(f"{folder}/{name}") for name in CONFIGURATIONS):  # noqa: PTH110
            return folder
        above = os.path.dirname(folder)  # noqa: PTH120
        if above == folder:
            return ""
        folder = above


def _columns(files: list[tuple[str, int, int, int]]) -> tuple[str, bytes, bytes, bytes]:
    """The paths of files, in order, and their sizes, times of change and inodes."""
    files.sort()
    paths, *numbers = zip(*files, strict=True) if files else ((), (), (), ())
    sizes, times, inodes = (array("Q", column).tobytes() for column in numbers)
    return "\n".join(paths), sizes, times, inodes


def _edited(before: Sequence[Any], now: Sequence[Any]) -> list[str] | None:
    """The paths of the files that are not as they were, where these are few and all else is the same."""
    if before[0] != now[0]:
        return None
    places: set[int] = set()
    for had, has in zip(before[1:], now[1:], strict=True):
        if had != has:
            places.update(at for at, (old, new) in enumerate(zip(array("Q", had), array("Q", has), strict=True)) if old != new)
    paths = now[0].split("\n")
    return [paths[at] for at in sorted(places)] if len(places) <= _FEW else None


def _walk(folder: str, top: str, *, hidden: bool = False) -> list[tuple[str, int, int, int]]:
    """Path, size, time of change and inode of the files below a folder.

    Raises: ValueError where a link leads about: then it takes a real build to say what there is.
    """
    found: list[tuple[str, int, int, int]] = []
    below = len(top) + 1
    try:
        entries = os.scandir(folder)
    except FileNotFoundError:
        return found
    with entries:
        for entry in entries:
            name = entry.name
            if not hidden and (name[0] == "." or name[-1] == "~"):
                continue
            if entry.is_symlink():
                raise ValueError(entry.path)
            if entry.is_dir():
                if name != "__pycache__" or not hidden:
                    found += _walk(entry.path, top, hidden=hidden)
            else:
                status = entry.stat()
                found.append((entry.path[below:], status.st_size, status.st_mtime_ns, status.st_ino))
    return found


def _looking(folder: str, stamp: Mapping[str, Any]) -> tuple[Callable[[], bool], Callable[[], bool]]:
    """Looks whether the output is as it was made, each at a part of it. One may have begun.

    Where there is much to look at, a process of its own does it while this one goes on: so much of it that both, of content
    and output together, look at half.
    """
    paths = stamp["paths"].split("\n")

    def look(begin: int, end: int) -> bool:
        stat, found = os.stat, array("q")
        try:
            for path in paths[begin:end]:
                status = stat(f"{folder}/{path}")
                found.append(status.st_size)
                found.append(status.st_mtime_ns)
        except OSError:
            return False
        return bool(found.tobytes() == stamp["made"][begin * _PAIR : end * _PAIR])

    if len(paths) < _MANY:
        return lambda: look(0, len(paths)), lambda: True
    half = (len(paths) + stamp["seen"][0].count("\n")) // 2
    there = _aside(lambda: look(0, half))
    return lambda: look(half, len(paths)), there


def _aside(look: Callable[[], bool]) -> Callable[[], bool]:
    """Let a process of its own look, while this one goes on; what tells in the end."""
    # A fork is safe as long as there are no threads, and nothing that would start one is imported.
    if not hasattr(os, "fork") or "threading" in sys.modules:
        return look
    try:
        child = os.fork()
    except OSError:
        return look
    if not child:
        code = 1
        try:
            code = 0 if look() else 1
        finally:
            os._exit(code)
    return lambda: os.waitpid(child, 0)[1] == 0


def _digest(found: Iterable[object]) -> bytes:
    # `repr` of tuples of texts and numbers is the same wherever they are equal, which marshal does not promise.
    return blake2b(repr(found).encode("utf-8", "surrogateescape"), digest_size=16).digest()
