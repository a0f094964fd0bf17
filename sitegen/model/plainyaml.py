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


def read(header: str, line: int) -> tuple[dict[str, Any], Places] | None:
    """The values of a header whose first line is the file's `line`, and where each stands, in characters from 1."""
    if _UNPRINTABLE.search(header):
        return None
    values: dict[str, Any] = {}
    places: Places = {(): (line, 1, 1)}
    at = 0
    while at < len(header):
        entry = _ENTRY.match(header, at)
        if not entry:
            return None
        key, value, text, items = entry.group("key", "value", "text", "items")
        if key in values:
            return None
        if items:
            values[key] = _lines(key, items, line + 1, len(entry["indent"]) + 1, places)
        else:
            column = entry.start("value") - at + 1
            places[key,] = (line, column, len(value))
            values[key] = _scalar(text) if text else _bracketed(key, value, line, column, places)
            if values[key] is None and not text:
                return None
        places[key, ""] = (line, 1, len(key))
        line += len(values[key]) + 1 if items else 1
        at = entry.end()
    return values, places


def _lines(key: str, items: str, line: int, column: int, places: Places) -> list[Any]:
    """A list of "- item" lines."""
    places[key,] = (line, column, 1)
    found = [item[column + 1 :] for item in items.splitlines()]
    for i, item in enumerate(found):
        places[key, i] = (line + i, column + 2, len(item))
    return [_scalar(item) for item in found]


def _bracketed(key: str, value: str, line: int, column: int, places: Places) -> list[Any] | dict[str, Any] | None:
    """A list or a mapping on one line; None for a mapping with a name twice."""
    if value[0] == "[":
        items = []
        for i, item in enumerate(_ITEMS.finditer(value, 1)):
            places[key, i] = (line, column + item.start(), len(item[0]))
            items.append(_scalar(item[0]))
        return items
    named: dict[str, Any] = {}
    for pair in _PAIRS.finditer(value, 1):
        name, text = pair.groups()
        if name in named:
            return None
        places[key, name] = (line, column + pair.start(2), len(text))
        places[key, name, ""] = (line, column + pair.start(1), len(name))
        named[name] = _scalar(text)
    return named


def _scalar(text: str) -> Any:
    if text[0] == '"':
        return text[1:-1]
    if text[0] == "'":
        return text[1:-1].replace("''", "'")
    return plain(text)
