"""What convert reads of a collection, and how it writes to it.

Reads the headers of articles and records; owns no file but those that convert made. A write is a temporary
file in the same folder, synced and moved into place: a crash leaves the old file or the new one, never half of either.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from sitegen.convert.guard import untouched
from sitegen.errors import Issue, Severity, SiteError, Span
from sitegen.model import candidate, decision, frontmatter
from sitegen.model.ids import ARTICLES, RESERVED
from sitegen.model.text import folded

_LONG_NAME = 240  # bytes; file systems take up to 255, and temporary names are longer than the name
# The header as convert writes it; any other is read as YAML.
_SOURCE = re.compile(r"""^source: \{file: ([^\s,{}\[\]"']+), sha256: "?([0-9a-f]{64})"?\}$""", re.MULTILINE)
# What a header that YAML cannot read still says of its source, in one line, in a block, or as a mere path.
_SOURCE_LINE = re.compile(
    r"""^source:[ \t]*(?:
        \{[^\n]*?\bfile:[ \t]*(?P<flow>"[^"\n]*"|'[^'\n]*'|[^,{}\n]+)
      | (?:\#[^\n]*)?\r?\n(?:[ \t]+[^\n]*\n)*?[ \t]+["']?file["']?:[ \t]*(?P<block>"[^"\n]*"|'[^'\n]*'|[^\n]+)
      | (?P<path>[^{\s][^\n]*)
    )""",
    re.MULTILINE | re.VERBOSE,
)
_NAME_LINE = re.compile(r"^name:[ \t]*([^\n]+)$", re.MULTILINE)
_TITLE = re.compile(r"^title: ([^\W\d_][^\n:#'\"]*[^\W\d_])$", re.MULTILINE)


class Known(msgspec.Struct, frozen=True):
    """An article that is there. `source` is a content path, `sha256` that of the bytes it was converted from.

    readable: whether its header is YAML. `sha256` is "" where the article does not say.
    """

    path: Path
    title: str
    source: str
    sha256: str
    untouched: bool
    readable: bool = True


class Articles(msgspec.Struct):
    """The articles of a collection, and the slugs that are taken (case folded)."""

    by_source: dict[str, Known] = msgspec.field(default_factory=dict)
    titles: list[str] = msgspec.field(default_factory=list)
    taken: set[str] = msgspec.field(default_factory=set)
    issues: list[Issue] = msgspec.field(default_factory=list)


def articles(content: Path) -> Articles:
    """Read the headers of all articles."""
    found = Articles()
    folder = content / ARTICLES
    for path in _markdown(folder):
        found.taken.add(path.relative_to(folder).with_suffix("").as_posix().casefold())
        place = Span(shown(content, path))
        try:
            data = path.read_bytes()
        except OSError as error:
            help = "check its permissions"
            found.issues.append(Issue("unreadable", f"the article cannot be read: {error.strerror}", place, help))
            continue
        text = data.decode("utf-8", "replace").replace("\r\n", "\n")
        whole = untouched(text)
        title, source, sha256, readable = _header(text, place.path, whole)
        try:
            data.decode("utf-8")
        except UnicodeDecodeError as error:
            readable = False
            help = "save it as UTF-8"
            found.issues.append(Issue("unreadable", f"the article cannot be read: {error}", place, help))
        else:
            if not readable:
                message = "the front matter cannot be read" + (f", and seems to name {source}: left as it is" if source else "")
                help = "mend the front matter; `sitegen check` shows where it is broken"
                found.issues.append(Issue("article-header", message, place, help, Severity.WARNING))
        if title:
            found.titles.append(title)
        if not source:
            continue
        if other := found.by_source.get(source):
            message = f"two articles come from {source}: this one and {shown(content, other.path)}"
            help = "delete one of them, or its `source:`"
            found.issues.append(Issue("source-twice", message, place, help, Severity.WARNING))
            continue
        found.by_source[source] = Known(path, title, source, sha256, whole, readable)
    return found


def known_names(content: Path) -> frozenset[str]:
    """Names and aliases of all records of any status, and names that were refused: a "no" is an answer too."""
    names: set[str] = set()
    for folder in sorted(path for path in content.iterdir() if path.is_dir()):
        if folder.name in RESERVED or folder.name.startswith("."):
            continue
        for path in _markdown(folder):
            with contextlib.suppress(OSError):
                names |= {name for name in _answers(path) if name}
    with contextlib.suppress(OSError):
        names |= decision.refused(decision.read((content / decision.DECISIONS).read_bytes()))
    return frozenset(names)


def waiting(content: Path) -> dict[str, candidate.Row]:
    """The names that wait for a decision, folded, with their rows.

    Raises: SiteError where their file cannot be read: it holds decisions, and is not to be lost.
    """
    path = content / candidate.CANDIDATES
    try:
        rows = candidate.read(path.read_bytes(), shown(content, path))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SiteError(f"{shown(content, path)} cannot be read: {error.strerror}", help="check its permissions") from error
    return {folded(row.name): row for row in rows}


def shown(content: Path, path: Path) -> str:
    """A path below the content folder as people see it: "content/articles/raqqa.md"."""
    return printable(f"{content.name}/{path.relative_to(content).as_posix()}")


def printable(name: str) -> str:
    """A file's name with the bytes that are not UTF-8 as backslash escapes; any other name is as it was."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def write(content: Path, path: Path, text: str) -> None:
    """Put a text in place, whole. Raises: OSError as `write_bytes` does."""
    write_bytes(content, path, text.encode("utf-8"))


def write_bytes(content: Path, path: Path, data: bytes) -> None:
    """Put a file of the content folder in place, whole.

    Raises: OSError where that cannot be done, or it would lie elsewhere; nothing is left behind then.
    """
    if leads_out(content, path):
        raise OSError(errno.EXDEV, "a link leads out of the content folder", str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = beside(path)
    try:
        with anew(temporary) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def leads_out(content: Path, path: Path) -> bool:
    """Whether a file would not be written below the content folder: a link on the way to it, or a path with `..`, leads out."""
    return not path.parent.resolve().is_relative_to(content.resolve())


def anew(path: Path) -> BinaryIO:
    """A file that was not there: what has its name is taken away, and not written through where it is a link."""
    path.unlink(missing_ok=True)
    return path.open("xb")


def beside(path: Path) -> Path:
    """Where a file is written before it is moved into its place.

    Hidden, so that no build sees it; of a fixed name, so that what a run leaves that is killed, the next one takes away.
    """
    name = path.name if len(os.fsencode(path.name)) < _LONG_NAME else blake2b(os.fsencode(path.name), digest_size=16).hexdigest()
    return path.with_name(f".{name}.sitegen-tmp")


def _markdown(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted(path for path in folder.rglob("*.md") if path.is_file() and not path.name.startswith("."))


def _header(text: str, path: str, whole: bool) -> tuple[str, str, str, bool]:
    """Title, source file and source digest of an article, and whether its header can be read.

    `whole`: it is as convert wrote it, so that a glance is enough.
    """
    head = frontmatter.split(text)[0]
    source, title = _SOURCE.search(head), _TITLE.search(head)
    if source and title and whole:
        return title[1], source[1], source[2], True
    matter = frontmatter.read(text, path)
    if matter.issues and "source" not in matter.values:
        found = _SOURCE_LINE.search(head)
        return "", _bare(found["flow"] or found["block"] or found["path"]) if found else "", "", False
    origin = matter.values.get("source")
    origin = origin if isinstance(origin, dict) else {"file": origin}
    return _text(matter.values.get("title")), _text(origin.get("file")), _text(origin.get("sha256")), True


def _answers(path: Path) -> Iterator[str]:
    """The names of a record; of one that cannot be read, its file's name and what looks like a name in it."""
    text = path.read_bytes().decode("utf-8", "replace")
    matter = frontmatter.read(text, printable(path.name))
    yield from _names(matter.values)
    if not matter.values.get("name"):
        yield from (path.stem, path.stem.replace("-", " "))
        yield from (_bare(found) for found in _NAME_LINE.findall(frontmatter.split(text)[0]))


def _bare(written: str) -> str:
    """A YAML scalar without its quotes, as near as can be told."""
    written = written.strip()
    quoted = len(written) > 1 and written[0] == written[-1] and written[0] in "\"'"
    return written[1:-1] if quoted else written.strip("\"'")


def _names(values: dict[str, Any]) -> Iterator[str]:
    yield _text(values.get("name"))
    aliases = values.get("aliases")
    for alias in aliases if isinstance(aliases, list) else [aliases]:
        yield _text(alias.get("text") if isinstance(alias, dict) else alias)


def _text(value: Any) -> str:
    return "" if value is None else str(value)
