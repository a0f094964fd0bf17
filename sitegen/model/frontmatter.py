"""Front matter: the YAML between two `---` lines at the top of a file, with a place for every value.

The YAML is that of 1.2's core schema: `no` is a word, `2017-02-08` is text, only `true`, `false`, `null`
and numbers are more than text. Tags and anchors are refused, as is a key that stands twice: front
matter comes from other people, and none of the three has a use here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property, lru_cache, partial
from typing import Any

import msgspec

from sitegen.errors import Issue, Span
from sitegen.model import plainyaml

_FENCE = re.compile(r"\ufeff?---[ \t]*\r?\n")
_CLOSE = re.compile(r"\n(?:---|\.\.\.)[ \t]*$", re.MULTILINE)  # with the end of the line before, which is soon found
_FIRST_LINE = 2  # of the YAML: below the opening "---"
_MAX_DEPTH = 24
# Tags the loader gives untagged values, by the rules of YAML 1.1; `plainyaml.plain` decides what they are.
_CORE = frozenset("str int float bool null seq map timestamp value merge".split())

Path = plainyaml.Path
Places = plainyaml.Places


class FrontMatter(msgspec.Struct, frozen=True, dict=True):
    """The values of a header, where each stands, and the body that follows it. locate: tells the places."""

    values: dict[str, Any]
    body: str
    body_line: int
    issues: tuple[Issue, ...] = ()
    locate: Callable[[], Places] = dict

    @cached_property
    def places(self) -> Places:
        """The line, column and length in the file of each value, by its path (("location", "lat")).

        A key's own place is found under its path with the suffix "".
        """
        return self.locate()


def split(text: str) -> tuple[str, str, int]:
    """The YAML text, the body and the line the body begins on; no header gives an empty YAML text."""
    opening = _FENCE.match(text)
    if not opening:
        return "", text.removeprefix("\ufeff"), 1
    closing = _closing(text, opening)
    if not closing:
        return text[opening.end() :], "", text.count("\n") + 2
    body = text[closing.end() :]
    body = body[1:] if body.startswith("\n") else body
    return text[opening.end() : closing.start() + 1], body, text.count("\n", 0, closing.end()) + 2


def _closing(text: str, opening: re.Match[str]) -> re.Match[str] | None:
    """The line that ends a header."""
    return _CLOSE.search(text, opening.end() - 1)


def opening(text: str) -> int:
    """Where the YAML begins: behind the first "---" line; 0 where there is no header."""
    found = _FENCE.match(text)
    return found.end() if found else 0


def read(text: str, path: str) -> FrontMatter:
    """Read a file's header. A header that is no YAML mapping gives an issue and no values."""
    header, body, body_line = split(text)
    if not body and (opening := _FENCE.match(text)) and not _closing(text, opening):
        issue = Issue("yaml", "the front matter is opened and never closed", span_at(text, path, 1, 1, 3),
                      'put a line of "---" below its last key')  # fmt: skip
        return FrontMatter({}, "", body_line, issues=(issue,))
    if not header.strip():
        issues = (_toml(text, path),) if text.startswith("+++") else ()
        return FrontMatter({}, body, body_line, issues=issues)
    if simple := plainyaml.read(header):
        values, entries = simple
        return FrontMatter(values, body, body_line, locate=partial(plainyaml.places, entries, _FIRST_LINE))
    return _load(header, body, body_line, path, whole=text)


def _toml(text: str, path: str) -> Issue:
    return Issue("yaml", "the front matter is TOML, as Hugo and Zola have it", span_at(text, path, 1, 1, 3),
                 'write it as YAML: "key: value" lines between two lines of "---"')  # fmt: skip


def span_at(text: str, path: str, line: int, column: int, length: int = 1) -> Span:
    """A span with its excerpt, cut from the whole text of the file."""
    lines = _lines(text)
    excerpt = lines[line - 1].rstrip("\r") if 0 < line <= len(lines) else ""
    return Span.on(path, line, column, length, excerpt)


@lru_cache(1)
def _lines(text: str) -> list[str]:
    """Kept, as many places of one file are told one after the other."""
    return text.split("\n")


def _load(header: str, body: str, body_line: int, path: str, *, whole: str) -> FrontMatter:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _bounded(header, loader)
        node = yaml.compose(header, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + _FIRST_LINE, mark.column + 1) if mark else (_FIRST_LINE, 1)
        said = " ".join(part for part in (error.context, error.problem) if part)
        span = span_at(whole, path, line, column)
        issue = Issue("yaml", f"the front matter is not valid YAML: {said}", span, _yaml_remedy(said, span.excerpt))
        return FrontMatter({}, body, body_line, issues=(issue,))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        issue = Issue("yaml", f"the front matter is not valid YAML: {error}", span_at(whole, path, _FIRST_LINE, 1),
                      "look for control characters or a broken escape in the front matter")  # fmt: skip
        return FrontMatter({}, body, body_line, issues=(issue,))
    reader = _Reader(path, whole)
    values = reader.value(node, ()) if node is not None else {}
    if not isinstance(values, dict):
        reader.complain("yaml", "the front matter is not a mapping of keys to values", node, 'write it as "key: value" lines')
        values = {}
    return FrontMatter(values, body, body_line, tuple(reader.issues), lambda: reader.places)


def _bounded(header: str, loader: Any) -> None:
    """Refuse nesting so deep that composing it would overflow the stack. Few headers are worth a look.

    Raises: ValueError.
    """
    import yaml

    if header.count("[") + header.count("{") + header.count("- ") + header.count("? ") + header.count(":\n") <= 100:
        return
    depth = 0
    for event in yaml.parse(header, Loader=loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _MAX_DEPTH + 2:
            raise ValueError(f"it is nested more than {_MAX_DEPTH} deep")


def _yaml_remedy(said: str, excerpt: str) -> str:
    if "mapping values are not allowed" in said:
        return 'a value that holds ": " needs quotes'
    if "\t" in excerpt or "'\\t'" in said:
        return "indent with spaces, not tabs"
    if "found unknown escape" in said:
        return "use single quotes, or double each backslash"
    if "could not find expected ':'" in said or "did not find expected" in said:
        return "check the quotes, brackets and indentation of this line and the one above"
    if "cannot start any token" in said:
        return "quote the value"
    return "quote values that hold YAML's own signs (: # [ ] { } & * ! | > ' \" % @ `)"


class _Reader:
    """Turns YAML nodes into values, and remembers where each stood."""

    def __init__(self, path: str, whole: str) -> None:
        self.path, self.whole = path, whole
        self.places: Places = {}
        self.issues: list[Issue] = []
        self.seen: set[int] = set()

    def value(self, node: Any, at: Path) -> Any:
        if id(node) in self.seen:
            self.complain("yaml", "anchors and aliases (&name, *name) are not supported", node, "write the value out")
            return None
        if len(at) > _MAX_DEPTH:
            self.complain("yaml", f"nested more than {_MAX_DEPTH} deep", node, "flatten the value")
            return None
        self.seen.add(id(node))
        self.places[at] = self._place(node)
        if node.tag.removeprefix("tag:yaml.org,2002:") not in _CORE:
            self.complain("yaml", f'tags such as "{node.tag}" are not supported', node, "write the plain value")
            return None
        if node.id == "scalar":
            return node.value if node.style in ("'", '"', "|", ">") else plainyaml.plain(node.value)
        if node.id == "sequence":
            return [self.value(item, (*at, i)) for i, item in enumerate(node.value)]
        return self._mapping(node, at)

    def complain(self, code: str, message: str, node: Any, help: str) -> None:
        self.issues.append(Issue(code, message, span_at(self.whole, self.path, *self._place(node)), help))

    def _mapping(self, node: Any, at: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if key_node.id != "scalar":
                self.complain("yaml", "a key must be a plain word", key_node, "quote the key")
                continue
            key = key_node.value
            if key in values:
                self.complain("duplicate-key", f'the key "{key}" stands twice', key_node, "keep one of them")
                continue
            values[key] = self.value(value_node, (*at, key))
            self.places[(*at, key, "")] = self._place(key_node)
        return values

    def _place(self, node: Any) -> tuple[int, int, int]:
        start, end = node.start_mark, node.end_mark
        length = end.column - start.column if end.line == start.line else 1
        return start.line + _FIRST_LINE, start.column + 1, max(1, length)
