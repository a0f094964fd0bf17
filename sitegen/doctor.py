"""What of the program and its helpers is there and works on this machine, and what to do about the rest.

Each thing is tried, not only looked up: the search program is started, a pipeline loaded, a file saved and the watch
asked for it. Writes nothing but a passing folder in the collection's `.sitegen`.
"""

from __future__ import annotations

import contextlib
import enum
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

import msgspec

from sitegen import __version__
from sitegen.config import Config
from sitegen.errors import SiteError

_PYTHON = (3, 11)
_SOURCE = Path(__file__).parents[1]
_LITTLE_SPACE, _LITTLE_MEMORY = 500_000_000, 500_000_000  # bytes
_PATIENCE = 3.0  # seconds for an event of the watch
_REQUIREMENT = re.compile(r"([\w.-]+)(?:\[[^\]]*\])?\s*\(?([^;()]*)\)?\s*(?:;(.*))?")


class State(enum.StrEnum):
    """OK: it works. ABSENT: not there, and nothing here asks for it. WRONG: needed, or asked for, and it does not work."""

    OK = "ok"
    ABSENT = "absent"
    WRONG = "wrong"


class Finding(msgspec.Struct, frozen=True):
    """One thing that was tried; `help` is what to do where it does not work."""

    name: str
    state: State
    fact: str
    help: str = ""


def examined(config: Config | None) -> Iterator[Finding]:
    """Try everything, for a collection where one is given."""
    yield _python()
    yield from _libraries()
    yield _search()
    asked = config.fonts if config else False
    yield _extra("reading font", "fonts", ("fontTools", "brotli", "fontpkg_source_serif_4"), needed=asked)
    yield _extra("social cards", "cards", ("PIL", "fontpkg_source_serif_4"), needed=bool(config and config.cards == "articles"))
    yield _pipeline(config)
    yield _extra("Dask cluster", "dask", ("distributed",), needed=False)
    yield _git()
    yield _editor(config)
    yield _memory()
    folder = config.root if config else Path.cwd()
    yield _space(folder)
    if config:
        yield _watch(config)


def _python() -> Finding:
    version = sys.version.split()[0]
    fine = sys.version_info >= _PYTHON
    return Finding(
        "Python",
        State.OK if fine else State.WRONG,
        f"{version}, sitegen {__version__}",
        "" if fine else "use Python 3.11 or newer",
    )


def _libraries() -> Iterator[Finding]:
    """The libraries that the program cannot do without, in the ranges that its package names, or its source."""
    source = None
    try:
        required = metadata.requires("sitegen") or []
    except metadata.PackageNotFoundError:
        source = _SOURCE
        try:
            required = tomllib.loads((source / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
        except (OSError, ValueError, KeyError):
            fact = f"sitegen is not installed, and {source} names no libraries"
            yield Finding("libraries", State.WRONG, fact, "pip install sitegen")
            return
    wrong, fine = [], []
    for line in required:
        found = _REQUIREMENT.match(line)
        if not found or found[3]:  # of an extra, or of some machines only: tried by itself
            continue
        name, ranges = found[1], found[2].strip()
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            wrong.append(f"{name} is not installed")
            continue
        if within(version, ranges):
            fine.append(f"{name} {version}")
        else:
            wrong.append(f"{name} {version} is not {ranges}")
    if wrong:
        yield Finding("libraries", State.WRONG, "; ".join(wrong), f"pip install --upgrade {source or 'sitegen'}")
    else:
        from_source = f"; sitegen itself runs from its source in {source}" if source else ""
        yield Finding("libraries", State.OK, ", ".join(sorted(fine)) + from_source)


def within(version: str, ranges: str) -> bool:
    """Whether a version lies within ranges such as ">=1.0,<2"; of a pre-release, the release it leads to counts."""
    have = _numbers(version)
    for part in filter(None, (part.strip() for part in ranges.split(","))):
        sign, bound = part.rstrip("0123456789."), _numbers(part.lstrip("<>=!~ "))
        wide = max(len(have), len(bound))
        one, other = (numbers + (0,) * (wide - len(numbers)) for numbers in (have, bound))
        if not {">=": one >= other, "<=": one <= other, "<": one < other, ">": one > other, "==": one == other}.get(
            sign.strip(), True
        ):
            return False
    return True


def _numbers(version: str) -> tuple[int, ...]:
    found = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(int(number) for number in found[0].split(".")) if found else ()


def _search() -> Finding:
    from sitegen.publish.search import pagefind

    program = pagefind.program()
    help = "pip install --force-reinstall pagefind-bin; where there is none for this machine, build with --no-search"
    if program is None:
        return Finding("search", State.ABSENT, "Pagefind is not installed: the site is built without a search index", help)
    return _started("search", [str(program), "--version"], help)


def _started(name: str, command: list[str], help: str) -> Finding:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        return Finding(name, State.WRONG, f"{command[0]} cannot be started: {error}", help)
    return Finding(name, State.OK, " ".join((done.stdout or done.stderr).split())[:80])


def _extra(name: str, extra: str, modules: tuple[str, ...], *, needed: bool) -> Finding:
    lacking = [module for module in modules if find_spec(module) is None]
    if lacking:
        asked = ", and the configuration asks for it" if needed else ""
        state = State.WRONG if needed else State.ABSENT
        return Finding(name, state, f"{', '.join(lacking)} not installed{asked}", f'pip install "sitegen[{extra}]"')
    return Finding(name, State.OK, "installed")


def _pipeline(config: Config | None) -> Finding:
    asked = config.annotate.ner if config else ""
    if not config or not asked:
        return _extra("spaCy", "ner", ("spacy",), needed=False)
    from sitegen.annotate.model import PREFIX, pipeline

    name = asked.removeprefix(PREFIX)
    folder = config.root / name
    try:
        return Finding("spaCy", State.OK, pipeline(str(folder) if folder.is_dir() else name).version)
    except SiteError as error:
        return Finding("spaCy", State.WRONG, error.message, error.help)


def _git() -> Finding:
    help = "install git: notes find the text they were made on, and suggestions have an age"
    return (
        _started("git", ["git", "--version"], help)
        if shutil.which("git")
        else Finding("git", State.ABSENT, "not installed", help)
    )


def _editor(config: Config | None) -> Finding:
    from sitegen.serve.editor import Editor

    editor = Editor.of(config.editor if config else "", os.environ)
    help = 'set `editor` in the configuration, as in editor = "vscode"'
    if editor.address:
        return Finding("editor", State.OK, f"opened by {editor.address.partition(':')[0]}: addresses")
    if not editor.command:
        return Finding("editor", State.ABSENT, "none known: the preview shows places, and cannot open them", help)
    if shutil.which(editor.command[0]):
        return Finding("editor", State.OK, editor.command[0])
    return Finding("editor", State.WRONG, f"{editor.command[0]} is not on the search path", help)


def _memory() -> Finding:
    free = _available()
    if not free:
        return Finding("memory", State.OK, "how much is free, this system does not say")
    fine = free >= _LITTLE_MEMORY
    return Finding(
        "memory",
        State.OK if fine else State.WRONG,
        f"{free / 1e9:.1f} GB free",
        "" if fine else "close programs, or build with --jobs 1",
    )


def _available() -> int:
    """Bytes of memory that may be had, 0 where the system does not say."""
    with contextlib.suppress(OSError, ValueError):
        found = re.search(r"^MemAvailable:\s+(\d+) kB", Path("/proc/meminfo").read_text(), re.MULTILINE)
        return int(found[1]) * 1024 if found else 0
    return 0


def _space(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    fine = free >= _LITTLE_SPACE
    return Finding(
        "disk",
        State.OK if fine else State.WRONG,
        f"{free / 1e9:.1f} GB free",
        "" if fine else f"free space on the disk of {folder}",
    )


def _watch(config: Config) -> Finding:
    """A file is saved beside the collection, and the watch has to tell of it."""
    from sitegen.serve.watch import delay

    try:
        config.memo.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=config.memo) as folder:
            kind, seconds = delay(Path(folder), _PATIENCE)
    except OSError as error:
        return Finding("folder", State.WRONG, f"{config.memo} cannot be written: {error.strerror}", "check permissions and space")
    if seconds is None:
        fact = f"{kind}: a saved file was not noticed in {_PATIENCE:.0f} s"
        return Finding("watch", State.WRONG, fact, "put the collection on a local disk")
    polled = "the volume has no events, or their supply is used up: files are looked through twice a second"
    fact = f"{kind}, a saved file is noticed after {seconds * 1000:.0f} ms"
    return Finding("watch", State.OK, fact, "" if kind == "native events" else polled)
