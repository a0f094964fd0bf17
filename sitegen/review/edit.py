"""Edit the front matter of a file where it stands: one value, and not a byte besides.

Owns how a value is put in, changed and taken out, at the places of the YAML parser; comments, order, quotes and line
ends of all else stay. What has been made is read again: where it does not say just what was meant, nothing is made.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from sitegen.annotate.written import scalar
from sitegen.errors import SiteError
from sitegen.model import frontmatter

Value = str | bool | Mapping[str, str | bool]

# Where a new key goes: behind the last of those before it that are there.
_ORDER = (
    "title", "date", "updated", "name", "aliases", "status", "lang", "byline", "dateline", "role", "summary", "begin", "end",
    "sort", "location", "tags", "related", "links", "ids", "merged_into", "not_same_as", "slug", "source",
)  # fmt: skip


def values(text: str, path: str) -> dict[str, Any]:
    """The values of a file's front matter.

    Raises: SiteError where it cannot be read.
    """
    matter = frontmatter.read(plain(text), path)
    if matter.issues:
        raise SiteError(f"{path} cannot be edited: its front matter has errors", issues=matter.issues)
    return matter.values


def put(text: str, path: str, keys: Sequence[str | int], value: str) -> str:
    """The file with a value for a key ("status",), a key of a mapping ("links", "Jordan"), or an item ("not_same_as", 0).

    Raises: SiteError where the front matter cannot be read, or is written in a way that no edit fits.
    """
    wanted = copy.deepcopy(values(text, path))
    inner: Any = wanted
    for key in keys[:-1]:
        inner[key] = inner.get(key) or {}
        inner = inner[key]
    if isinstance(inner, dict) and inner.get(str(keys[-1])) == value:
        return text
    try:
        inner[keys[-1]] = value
        made = _Sheet(text).put(keys, value)
    except (TypeError, IndexError):
        made = None
    return _checked(made, path, wanted)


def add(text: str, path: str, key: str, item: Value) -> str:
    """The file with one more item at the end of a list.

    Raises: SiteError as `put` does.
    """
    wanted = copy.deepcopy(values(text, path))
    held = wanted.get(key)
    items = held if isinstance(held, list) else [] if held is None else [held]
    if item in items:
        return text
    wanted[key] = [*items, item]
    return _checked(_Sheet(text).add(key, item), path, wanted)


def drop(text: str, path: str, keys: Sequence[str | int]) -> str:
    """The file without a key ("merged_into",), an item of a list ("aliases", 1) or a key of a mapping ("links", "Jordan").

    The last item takes its key with it. A file that has no such value is given back as it is. Raises: SiteError as `put` does.
    """
    wanted = copy.deepcopy(values(text, path))
    first = str(keys[0])
    inner = wanted.get(first)
    if len(keys) > 1 and isinstance(inner, list | dict):
        if not _has(inner, keys[1]):
            return text
        if len(inner) > 1:
            del inner[keys[1]]  # type: ignore[arg-type]
            return _checked(_Sheet(text).drop(keys), path, wanted)
    if first not in wanted:
        return text
    del wanted[first]
    return _checked(_Sheet(text).drop(keys[:1]), path, wanted)


def listed(text: str, word: str) -> str:
    """A list of words, one a line, with one more at its end, unless it has it."""
    if word in (line.strip() for line in text.removeprefix("\ufeff").splitlines()):
        return text
    end = "\r\n" if "\r\n" in text else "\n"
    gap = end if text and not text.endswith("\n") else ""
    return f"{text}{gap}{word}{end}"


def written(value: Value) -> str:
    """A value as it is written on a line, in brackets too."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return scalar(value, None)
    return "{" + ", ".join(f"{scalar(key, None)}: {written(item)}" for key, item in value.items()) + "}"


def _has(inner: list[Any] | dict[str, Any], key: str | int) -> bool:
    return key in inner if isinstance(inner, dict) else isinstance(key, int) and 0 <= key < len(inner)


def plain(text: str) -> str:
    """The text with plain line ends, as the parser takes it."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _checked(made: str | None, path: str, wanted: Mapping[str, Any]) -> str:
    if made is not None:
        matter = frontmatter.read(plain(made), path)
        if not matter.issues and matter.values == wanted:
            return made
    raise SiteError(f"{path}: its front matter is written in a way that cannot be edited in place",
                    help="make the change by hand, or write it as plain `key: value` lines")  # fmt: skip


class _Sheet:
    """A file's text with the nodes of its header. Places are offsets into the text with plain line ends."""

    def __init__(self, text: str) -> None:
        import yaml

        self._given = text
        self.text = plain(text)
        header = frontmatter.split(self.text)[0]
        self.opened = frontmatter.opening(self.text)
        self.root: Any = yaml.compose(header, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)) if header.strip() else None
        self._pairs: list[tuple[Any, Any]] = list(self.root.value) if self.root is not None else []

    # What can be done. None: it cannot.

    def put(self, keys: Sequence[str | int], value: str) -> str | None:
        first = str(keys[0])
        name, node = self._pair(self._pairs, first)
        if len(keys) == 1:
            return self._replaced(name, node, value) if name else self._new(first, written(value))
        if isinstance(keys[1], int):
            return self._replaced(name, node.value[keys[1]], value) if node is not None and node.id == "sequence" else None
        entry = f"{written(keys[1])}: {written(value)}"
        if name is None:
            return self._new(first, f"{{{entry}}}")
        if _is_empty(node):
            return self._behind_key(name, f"{{{entry}}}")
        if node.id != "mapping":
            return None
        inner, held = self._pair(node.value, keys[1])
        return self._replaced(inner, held, value) if inner else self._appended(node, entry)

    def add(self, key: str, item: Value) -> str | None:
        name, node = self._pair(self._pairs, key)
        if name is None:
            return self._new(key, f"[{written(item)}]")
        if _is_empty(node):
            return self._behind_key(name, f"[{written(item)}]")
        if node.id == "sequence":
            return self._appended(node, written(item))
        if node.id == "scalar" and node.style in (None, "", "'", '"'):
            start, end = self._span(node)
            return self._edited(start, end, f"[{written(node.value)}, {written(item)}]")
        if node.id == "mapping" and node.flow_style:
            start, end = self._span(node)
            return self._edited(start, end, f"[{self.text[start:end]}, {written(item)}]")
        return None

    def drop(self, keys: Sequence[str | int]) -> str | None:
        name, node = self._pair(self._pairs, str(keys[0]))
        if len(keys) == 1:
            return self._without_lines(self._at(name.start_mark), self._end(name, node))
        entries = [(item, item) for item in node.value] if node.id == "sequence" else list(node.value)
        at = keys[1] if isinstance(keys[1], int) else next(i for i, (key, _) in enumerate(entries) if key.value == keys[1])
        first, last = entries[at]
        start, end = self._at(first.start_mark), self._end(first, last)
        if not node.flow_style:
            return self._without_lines(start, end)
        if at + 1 < len(entries):
            return self._edited(start, self._at(entries[at + 1][0].start_mark), "")
        return self._edited(self._end(*entries[at - 1]), end, "")

    # How it is done.

    def _replaced(self, name: Any, node: Any, value: str) -> str | None:
        if _is_empty(node):
            return self._behind_key(name, written(value))
        if node.id != "scalar":
            return None
        start, end = self._span(node)
        return self._edited(start, end, scalar(value, {"'": "'", '"': '"'}.get(node.style or "")))

    def _new(self, key: str, value: str) -> str:
        line = f"{key}: {value}\n"
        if not self.opened:
            mark = len(self.text) - len(self.text.removeprefix("\ufeff"))
            return self._edited(mark, mark, f"---\n{line}---\n")
        before = set(_ORDER[: _ORDER.index(key)]) if key in _ORDER else set()
        held = [pair for pair in self._pairs if pair[0].value in before]
        # A flow mapping as the whole header, or a key and its value on several lines, fails the check that follows.
        at = self._line_end(self._end(*held[-1])) if held else self.opened
        return self._edited(at, at, line)

    def _appended(self, node: Any, entry: str) -> str | None:
        if not node.value:
            start, end = self._span(node)
            return self._edited(start, end, f"{self.text[start]}{entry}{self.text[end - 1]}")
        last = node.value[-1]
        end = self._end(*last) if isinstance(last, tuple) else self._end(last, last)
        if node.flow_style:
            return self._edited(end, end, f", {entry}")
        at = self._line_end(end)
        first = node.value[0]
        indent = (first[0] if isinstance(first, tuple) else node).start_mark.column
        return self._edited(at, at, f"{' ' * indent}{'- ' if node.id == 'sequence' else ''}{entry}\n")

    def _behind_key(self, name: Any, value: str) -> str:
        at = self.text.index(":", self._at(name.end_mark)) + 1
        return self._edited(at, at, f" {value}")

    def _without_lines(self, start: int, end: int) -> str:
        return self._edited(self.text.rfind("\n", 0, start) + 1, self._line_end(end), "")

    def _edited(self, start: int, end: int, new: str) -> str:
        """The text as it was given, with what stands between two places replaced."""
        if self._given == self.text:
            return self.text[:start] + new + self.text[end:]
        ends = offsets(self._given)
        line_end = "\r\n" if "\r\n" in self._given else "\n"
        return self._given[: ends[start]] + new.replace("\n", line_end) + self._given[ends[end] :]

    @staticmethod
    def _pair(pairs: Sequence[tuple[Any, Any]], key: str) -> tuple[Any, Any]:
        return next(((name, node) for name, node in pairs if name.value == key), (None, None))

    def _at(self, mark: Any) -> int:
        return self.opened + int(mark.index)

    def _span(self, node: Any) -> tuple[int, int]:
        start, end = self._at(node.start_mark), self._at(node.end_mark)
        return start, start + len(self.text[start:end].rstrip())

    def _end(self, name: Any, node: Any) -> int:
        """Where a value ends; a block's is the end of its last part, as the parser takes in the comments behind it."""
        if node.id == "scalar" and _is_empty(node):
            colon = self.text.find(":", self._at(name.end_mark))
            return colon + 1 if name is not node and colon >= 0 else self._at(name.end_mark)
        if node.id != "scalar" and not node.flow_style and node.value:
            last = node.value[-1]
            return self._end(*last) if isinstance(last, tuple) else self._end(last, last)
        return self._span(node)[1]

    def _line_end(self, at: int) -> int:
        found = self.text.find("\n", at)
        return len(self.text) if found < 0 else found + 1


def _is_empty(node: Any) -> bool:
    return bool(node.id == "scalar" and not node.value and not node.style)


def offsets(text: str) -> list[int]:
    """Where each character of the text with plain line ends stands in the text itself."""
    places = []
    at = 0
    while at < len(text):
        places.append(at)
        at += 2 if text.startswith("\r\n", at) else 1
    return [*places, len(text)]
