"""A reader for the YAML that front matter mostly is; None for everything else. A helper of `model.frontmatter` only.

It reads lines of `key: text`, `key: "text"`, `key: 'text'`, `key: [a, b]` and `key: {a: 1, b: text}`, and keys with a list of
`- text` lines below. What it reads is what libyaml reads, value by value and place by place; one line of another form, and
the header is libyaml's.
"""

from __future__ import annotations

import re
from typing import Any

Path = tuple[str | int, ...]
Places = dict[Path, tuple[int, int, int]]
Entries = list[re.Match[str]]

_INT = re.compile(r"[-+]?[0-9]+\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]+)?\Z|[-+]?[0-9]+[eE][-+]?[0-9]+\Z")
_CONSTANTS = {"": None, "~": None, "null": None, "Null": None, "NULL": None,
              "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}  # fmt: skip

_KEY = r"[A-Za-z][A-Za-z0-9_-]{0,63}"
# With one of these in it a header is libyaml's.
_UNPRINTABLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_QUOTED = r"""(?:"[^"\\\n]*"|'(?:[^'\n]|'')*')"""
# Text without quotes begins with a letter or a number; in brackets it holds no sign that ends or parts it.
_FIRST = r"(?:-?[0-9]|[^\W\d_])"
_RUN = r"[^:\#\n]*"
_PLAIN = rf"{_FIRST}{_RUN}(?:(?::(?=\S)|(?<=\S)\#){_RUN})*(?<![\s:])"
_ITEM = rf"(?:{_QUOTED}|{_FIRST}(?:[^][,{{}}?:\#\n]*[^][,{{}}?:\#\s])?)"
_ENTRY = re.compile(
    rf"""(?P<key>{_KEY}):(?:
        [ ]+(?P<value>
            (?P<text>{_PLAIN}|{_QUOTED})
          | (?P<sequence>\[[ ]*{_ITEM}(?:[ ]*,[ ]*{_ITEM})*[ ]*\])
          | (?P<mapping>\{{[ ]*{_KEY}:[ ]+{_ITEM}(?:[ ]*,[ ]*{_KEY}:[ ]+{_ITEM})*[ ]*\}})
        )\n
      | \n(?P<items>(?P<indent>[ ]*)-[ ](?:{_PLAIN}|{_QUOTED})\n(?:(?P=indent)-[ ](?:{_PLAIN}|{_QUOTED})\n)*)
    )""",
    re.VERBOSE,
)
_ITEMS = re.compile(_ITEM)
_PAIRS = re.compile(rf"({_KEY}): +({_ITEM})")


def plain(text: str) -> Any:
    """An unquoted scalar by YAML 1.2's core schema."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0].isalpha():
        return text
    # A number with a leading zero is an identifier or a clumsy date: it stays as it was written.
    if _INT.match(text) and len(text) <= 18 and (text.lstrip("+-")[0] != "0" or len(text.lstrip("+-")) == 1):
        return int(text)
    return float(text) if _FLOAT.match(text) and len(text) <= 40 else text


def read(header: str) -> tuple[dict[str, Any], Entries] | None:
    """The values of a header, and its entries, which `places` tells the places of."""
    if not (header.isascii() and header.replace("\n", "").isprintable()) and _UNPRINTABLE.search(header):
        return None
    values: dict[str, Any] = {}
    entries: Entries = []
    at, end = 0, len(header)
    while at < end:
        entry = _ENTRY.match(header, at)
        if not entry:
            return None
        key, text, sequence, mapping, items, indent = entry.group("key", "text", "sequence", "mapping", "items", "indent")
        if key in values:
            return None
        if text:
            values[key] = _scalar(text)
        elif sequence:
            values[key] = [_scalar(item) for item in _ITEMS.findall(sequence, 1)]
        elif items:
            values[key] = [_scalar(line[len(indent) + 2 :]) for line in items.splitlines()]
        else:
            pairs = _PAIRS.findall(mapping, 1)
            values[key] = named = {name: _scalar(item) for name, item in pairs}
            if len(named) < len(pairs):
                return None
        entries.append(entry)
        at = entry.end()
    return values, entries


def places(entries: Entries, line: int) -> Places:
    """Where each value stands in a file whose `line` is the header's first, in characters from 1."""
    found: Places = {(): (line, 1, 1)}
    for entry in entries:
        key, value, items, indent = entry.group("key", "value", "items", "indent")
        below = items.splitlines() if items else ()
        if items:
            found[key,] = (line + 1, len(indent) + 1, 1)
            for i, item in enumerate(below):
                found[key, i] = (line + 1 + i, len(indent) + 3, len(item) - len(indent) - 2)
        else:
            column = entry.start("value") - entry.start() + 1
            found[key,] = (line, column, len(value))
            _inside(entry, line, column, found)
        found[key, ""] = (line, 1, len(key))
        line += 1 + len(below)
    return found


def _inside(entry: re.Match[str], line: int, column: int, found: Places) -> None:
    """The places within a list or a mapping on one line."""
    key, sequence, mapping = entry.group("key", "sequence", "mapping")
    for i, item in enumerate(_ITEMS.finditer(sequence, 1) if sequence else ()):
        found[key, i] = (line, column + item.start(), len(item[0]))
    for pair in _PAIRS.finditer(mapping, 1) if mapping else ():
        name, text = pair.groups()
        found[key, name] = (line, column + pair.start(2), len(text))
        found[key, name, ""] = (line, column + pair.start(1), len(name))


def _scalar(text: str) -> Any:
    if text[0] == '"':
        return text[1:-1]
    if text[0] == "'":
        return text[1:-1].replace("''", "'")
    return plain(text)
