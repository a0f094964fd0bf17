"""A collection's configuration: `sitegen.toml`, or `[tool.sitegen]` in pyproject.toml → frozen Config.

The nearest folder upwards that has either is the collection's root; sitegen.toml wins where both stand.
Every wrong key and value is reported at once, with its place.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from msgspec.structs import replace

from sitegen.errors import Issue, SiteError, Span, did_you_mean
from sitegen.model.entity import KINDS, Kind
from sitegen.model.exports import FORMATS
from sitegen.model.ids import RESERVED

FILE = "sitegen.toml"
_TABLE = re.compile(r"^\[tool\.sitegen[].]", re.MULTILINE)
_KIND_ID = re.compile(r"[a-z][a-z0-9-]*\Z")
PACKED = ("br", "gz")
_NETWORK = 400  # records on one page: of more it would be too heavy, and nobody could read it
# Addresses the program itself publishes at: no kind may take them.
_TAKEN = frozenset({"tags", "years", "timeline", "network", "assets", "data", "search", "pagefind"}) | RESERVED
# What the search page's address says besides the kinds.
_TAKEN |= {"notes", "kind", "year", "layer", "group", "lang", "q", "sort", "hit"}


class MenuItem(msgspec.Struct, frozen=True):
    """An entry of the site's menu or footer: a title and a site path or full address."""

    title: str
    url: str


class Annotate(msgspec.Struct, frozen=True):
    """How names are found, and which suggestions are published.

    ner: "spacy:" and the name of an installed pipeline, or its folder below the root; "" for none. publish: the score, 0
    to 1, from which on a suggested record has a page and is linked.
    """

    ner: str = ""
    publish: float = 0.0


class Check(msgspec.Struct, frozen=True):
    """What `sitegen check` is not to tell. ignore: codes of findings; errors are told whatever stands here."""

    ignore: tuple[str, ...] = ()


class Config(msgspec.Struct, frozen=True):
    """What a collection says of itself. Paths are absolute; `docs/configuration.md` explains each key."""

    root: Path
    file: str = FILE
    title: str = "Untitled collection"
    description: str = ""
    url: str = "http://localhost/"
    language: str = "en"
    author: str = ""
    licence: str = ""
    theme: str = "default"
    content: Path = Path("content")
    output: Path = Path("site")
    links: str = "relative"
    raw_html: bool = False
    fonts: bool = False
    cards: str = "site"
    editor: str = ""
    kinds: tuple[Kind, ...] = KINDS
    menu: tuple[MenuItem, ...] = ()
    footer: tuple[MenuItem, ...] = ()
    annotate: Annotate = Annotate()
    check: Check = Check()
    exports: tuple[str, ...] = ()
    record_feeds: int = 0
    corrections: str = ""
    fingerprints: bool = True
    minify: bool = True
    precompress: tuple[str, ...] = ()
    outlines: str = ""
    network: int = 300
    options: dict[str, Any] = msgspec.field(default_factory=dict)

    @property
    def memo(self) -> Path:
        return self.root / ".sitegen"

    def preview(self) -> Config:
        """The same collection as `sitegen serve` shows it: in a folder of its own, at the root of a local host."""
        # An asset keeps its name there, so that a page can take it anew without being rendered.
        plain: dict[str, Any] = {"fingerprints": False, "minify": False, "precompress": ()}
        return replace(self, output=self.memo / "preview", url="http://localhost/", links="relative", **plain)

    @property
    def themes(self) -> Path:
        return self.root / "themes"


def find_root(start: Path) -> Path:
    """The nearest folder, `start` or above it, that holds a collection's configuration.

    Raises: SiteError where there is none.
    """
    for folder in (start.resolve(), *start.resolve().parents):
        if _source(folder):
            return folder
    raise SiteError(
        f"no {FILE} and no [tool.sitegen] in a pyproject.toml, here or in a folder above ({start})",
        help="run this in a collection, or make one with: sitegen new DIR",
    )


def place_of(config: Config, key: str) -> Span:
    """Where the configuration has a key, for an error about it that shows later than in reading."""
    _, text, prefix = _source(config.root) or (config.root / config.file, "", "")
    return _Reader(config.file, text, prefix).place(key)


def in_collection(start: Path) -> bool:
    """Whether a folder, or one above it, holds a collection's configuration."""
    return any(_source(folder) for folder in (start.resolve(), *start.resolve().parents))


def is_root(folder: Path) -> bool:
    """Whether a folder itself holds a collection's configuration."""
    return _source(folder) is not None


def load(start: Path) -> Config:
    """Read the configuration of the collection that `start` lies in.

    Raises: SiteError with an issue for each thing that is wrong with it.
    """
    root = find_root(start)
    path, text, prefix = _source(root) or (root / FILE, "", "")
    values = _values(path, text)
    for key in prefix.split(".") if prefix else ():
        values = values.get(key, {}) if isinstance(values, dict) else {}
    if not isinstance(values, dict):
        raise SiteError(f"{path.name}: [{prefix}] must be one table", help=f"write [{prefix}] once, in single brackets")
    reader = _Reader(path.name, text, prefix)
    found = reader.fields(values)
    if reader.issues:
        raise SiteError("the configuration has errors", issues=reader.issues)
    config = Config(root=root, file=path.name, **found)
    reader.apart(config.content, config.output)
    if reader.issues:
        raise SiteError("the configuration has errors", issues=reader.issues)
    return replace(config, content=root / config.content, output=root / config.output)


def _source(folder: Path) -> tuple[Path, str, str] | None:
    """The file that configures a collection at `folder`, its text, and the table to read in it."""
    own = folder / FILE
    if own.is_file():
        return own, _text(own), ""
    shared = folder / "pyproject.toml"
    if shared.is_file() and _TABLE.search(text := _text(shared)):
        return shared, text, "tool.sitegen"
    return None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SiteError(f"{path}: cannot be read: {error}", help="save it as UTF-8 text that you may read") from error


def _values(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        line, column = map(int, found.groups()) if found else (text.count("\n") + 1, 1)
        lines = text.split("\n")
        span = Span(path.name, line, column, 1, lines[line - 1] if line <= len(lines) else "")
        issue = Issue("toml", str(error).partition(" (at ")[0], span, "quote text, and separate list items by commas")
        raise SiteError("the configuration is not valid TOML", issues=[issue]) from error


class _Reader:
    def __init__(self, path: str, text: str, prefix: str) -> None:
        self.path, self.lines = path, text.split("\n")
        self.first = next((i for i, line in enumerate(self.lines) if prefix and line.startswith(f"[{prefix}")), 0)
        self.issues: list[Issue] = []

    def fields(self, values: Mapping[str, Any]) -> dict[str, Any]:
        readers: dict[str, Callable[[str, Any], Any]] = {
            "url": self._url, "links": self._links, "kinds": self._kinds, "menu": self._menu, "footer": self._menu,
            "content": self._folder, "output": self._folder, "raw_html": self._flag, "fonts": self._flag, "cards": self._cards,
            "fingerprints": self._flag, "minify": self._flag, "precompress": self._precompress,
            "options": self._table,
            "annotate": self._annotate, "check": self._check,
            "exports": self._exports,
            "record_feeds": self._number,
            "corrections": self._corrections,
            "outlines": self._file,
            "network": self._network,
        }  # fmt: skip
        known = [name for name in Config.__struct_fields__ if name not in ("root", "file")]
        found = {}
        for key, value in values.items():
            if key not in known:
                self._complain("unknown-key", f'"{key}" is no key of the configuration', key,
                               did_you_mean(key, known) or f"the keys are: {', '.join(known)}")  # fmt: skip
                continue
            reader: Callable[[str, Any], Any] = readers.get(key, self._string)
            read = reader(key, value)
            if read is not None:
                found[key] = read
        return found

    def _string(self, key: str, value: Any) -> str | None:
        if isinstance(value, str):
            return value
        self._wrong(key, value, "text in quotes")
        return None

    def _flag(self, key: str, value: Any) -> bool | None:
        if isinstance(value, bool):
            return value
        self._wrong(key, value, "true or false")
        return None

    def _number(self, key: str, value: Any) -> int | None:
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 100_000:
            return value
        self._wrong(key, value, "a number, 0 or above")
        return None

    def _network(self, key: str, value: Any) -> int | None:
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _NETWORK:
            return value
        self._wrong(key, value, f"a number from 0 to {_NETWORK}")
        return None

    def _exports(self, key: str, value: Any) -> tuple[str, ...] | None:
        if isinstance(value, bool):
            return FORMATS if value else ()
        if isinstance(value, list) and all(name in FORMATS for name in value):
            return tuple(name for name in FORMATS if name in value)
        self._wrong(key, value, f"true, false, or a list of {', '.join(FORMATS)}")
        return None

    def _precompress(self, key: str, value: Any) -> tuple[str, ...] | None:
        if isinstance(value, bool):
            return PACKED if value else ()
        if isinstance(value, list) and all(name in PACKED for name in value):
            return tuple(name for name in PACKED if name in value)
        self._wrong(key, value, f"true, false, or a list of {', '.join(PACKED)}")
        return None

    def _table(self, key: str, value: Any) -> dict[str, Any] | None:
        try:
            if isinstance(value, dict) and msgspec.msgpack.encode(value):
                return value
        except (OverflowError, TypeError):
            pass  # a number beyond 64 bits
        self._wrong(key, value, "a table of texts, numbers, lists and tables")
        return None

    def _annotate(self, key: str, value: Any) -> Annotate | None:
        if not isinstance(value, dict):
            self._wrong(key, value, "a table: [annotate]")
            return None
        names = Annotate.__struct_fields__
        for name in value:
            if name not in names:
                self._complain("unknown-key", f'"{name}" is no key of annotate', name,
                               did_you_mean(name, names) or f"the keys are: {', '.join(names)}")  # fmt: skip
        ner = value.get("ner", "")
        if not isinstance(ner, str) or (ner and not re.fullmatch(r"spacy:\S.*", ner)):
            self._wrong("ner", ner, 'text such as "spacy:en_core_web_sm"')
        publish = value.get("publish", 0.0)
        if isinstance(publish, bool) or not isinstance(publish, int | float) or not 0 <= publish <= 1:
            self._wrong("publish", publish, "a score from 0 to 1")
            publish = 0.0
        return Annotate(str(ner), float(publish))

    def _check(self, key: str, value: Any) -> Check | None:
        ignore = value.get("ignore", []) if isinstance(value, dict) and set(value) <= {"ignore"} else None
        if isinstance(ignore, list) and all(isinstance(code, str) for code in ignore):
            return Check(tuple(ignore))
        self._wrong(key, value, 'a table such as { ignore = ["no-origin"] }')
        return None

    def _folder(self, key: str, value: Any) -> Path | None:
        path = Path(self._string(key, value) or ".")
        if isinstance(value, str) and (path.is_absolute() or ".." in path.parts or path == Path()):
            self._wrong(key, value, "a folder inside the collection")
        return path

    def _file(self, key: str, value: Any) -> str | None:
        path = Path(self._string(key, value) or ".")
        if isinstance(value, str) and (path.is_absolute() or ".." in path.parts or path == Path() or "\0" in value):
            self._wrong(key, value, "the path of a file below the content folder")
            return None
        return path.as_posix()

    def apart(self, content: Path, output: Path) -> None:
        """Complain where the output folder would hold, or lie in, what people write or the program keeps."""
        for other in (content, Path("themes"), Path(".sitegen"), Path(".git"), Path("sitegen")):
            if output.is_relative_to(other) or other.is_relative_to(output):
                self._complain("configuration", f'"output" and {other.as_posix()}/ must be folders apart', "output",
                               'output = "site"')  # fmt: skip

    def _url(self, key: str, value: Any) -> str | None:
        text = self._string(key, value)
        if text is None:
            return None
        try:
            parts = urlsplit(text)
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
            self._wrong(key, value, 'a full address such as "https://example.org/archive/"')
        return text.rstrip("/") + "/"

    def _links(self, key: str, value: Any) -> str:
        if value not in ("relative", "absolute"):
            self._wrong(key, value, '"relative" or "absolute"')
        return str(value)

    def _cards(self, key: str, value: Any) -> str:
        if value not in ("none", "site", "articles"):
            self._wrong(key, value, '"none", "site" or "articles"')
        return str(value)

    def _corrections(self, key: str, value: Any) -> str:
        if value not in ("", "git"):
            self._wrong(key, value, '"git", or absent')
        return str(value)

    def _menu(self, key: str, value: Any) -> tuple[MenuItem, ...] | None:
        good = isinstance(value, list) and all(
            isinstance(item, dict)
            and set(item) == {"title", "url"}
            and all(isinstance(v, str) for v in item.values())
            and item["url"].startswith(("/", "https://", "http://", "mailto:"))
            for item in value
        )
        if good:
            return tuple(MenuItem(**item) for item in value)
        self._wrong(key, value, "a list of {title, url}, each url a site path or a full address")
        return None

    def _kinds(self, key: str, value: Any) -> tuple[Kind, ...] | None:
        if not isinstance(value, dict):
            self._wrong(key, value, "tables such as [kinds.ships]")
            return None
        kinds = {kind.id: kind for kind in KINDS}
        names = Kind.__struct_fields__[1:]
        for kind_id, given in value.items():
            if not _KIND_ID.match(kind_id) or kind_id in _TAKEN:
                self._complain("configuration", f'"{kind_id}" cannot be a kind', kind_id,
                               f"lower-case letters, digits and hyphens, and none of {', '.join(sorted(_TAKEN))}")  # fmt: skip
                continue
            if not isinstance(given, dict):
                self._wrong(kind_id, given, "a table")
                continue
            for name, item in given.items():
                if name not in names:
                    self._complain("unknown-key", f'"{name}" is no key of a kind', name, did_you_mean(name, names))
                elif not isinstance(item, str):
                    self._wrong(name, item, "text in quotes")
            base = kinds.get(kind_id, Kind(kind_id, kind_id.replace("-", " ").capitalize(), _singular(kind_id.replace("-", " "))))
            kinds[kind_id] = replace(base, **{name: given[name] for name in names if name in given})
        return tuple(kinds.values())

    def _wrong(self, key: str, value: Any, wanted: str) -> None:
        self._complain("configuration", f'"{key}" must be {wanted}, and is {value!r}', key, "")

    def _complain(self, code: str, message: str, key: str, help: str) -> None:
        self.issues.append(Issue(code, message, self.place(key), help))

    def place(self, key: str) -> Span:
        """Where a key stands, or else where the table begins."""
        wanted = re.compile(rf"\s*(?:\[+[\w.\"-]*?|(?:annotate|check)(?:\.|\s*=\s*\{{\s*))?\"?({re.escape(key)})\"?\s*[=.\]]")
        for number, line in enumerate(self.lines[self.first :], self.first + 1):
            if found := wanted.match(line):
                return Span(self.path, number, found.start(1) + 1, len(key), line)
        return Span(self.path, self.first + 1)


def _singular(plural: str) -> str:
    """A guess at an English singular, for a kind that does not say: "ships" → "ship", "glass" stays."""
    if plural.endswith("ies"):
        return plural[:-3] + "y"
    if plural.endswith(("sses", "xes", "ches", "shes")):
        return plural[:-2]
    return plural[:-1] if plural.endswith("s") and not plural.endswith("ss") else plural
