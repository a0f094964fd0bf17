"""Values → front matter: YAML 1.2 that `sitegen.model.frontmatter` reads back as the same values.

A string is quoted only where plain it would read as something else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sitegen.model.dates import Date

Value = str | int | float | Date | Sequence[str] | Mapping[str, str | float]

# Begins like a word, and holds nothing that YAML reads as a sign of its own.
_PLAIN = re.compile(r"[^\W\d_](?:[^\x00-\x1f\x7f-\xa0:#\u2028\u2029\ufeff]|:(?=[^\s,\[\]{}])|(?<!\s)#)*\Z")
_FLOW_SIGN = re.compile(r"[,\[\]{}]")
_CONSTANT = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


def front_matter(values: Mapping[str, Value]) -> str:
    """The header with its fences. Empty strings, sequences and mappings are left out."""
    lines = [line for key, value in values.items() if value != "" for line in _entry(key, value)]
    return "---\n" + "".join(f"{line}\n" for line in lines) + "---\n"


def scalar(text: str, *, flow: bool = False) -> str:
    """A string as YAML: plain, 'single' or "double" quoted, the first of them that reads back as itself."""
    plain = _PLAIN.match(text) and text[-1:] not in (" ", ":") and text.lower() not in _CONSTANT
    if plain and not (flow and _FLOW_SIGN.search(text)):
        return text
    if ('"' in text or "\\" in text) and not _UNPRINTABLE.search(text):
        return "'" + text.replace("'", "''") + "'"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + _UNPRINTABLE.sub(lambda found: f"\\u{ord(found.group()):04x}", escaped) + '"'


def _entry(key: str, value: Value) -> list[str]:
    if isinstance(value, Date):
        return [f"{key}: {value.iso}"]
    if isinstance(value, str):
        return [f"{key}: {scalar(value)}"]
    if isinstance(value, int | float):
        return [f"{key}: {value}"]
    if isinstance(value, Mapping):
        pairs = (f"{name}: {scalar(v, flow=True) if isinstance(v, str) else v}" for name, v in value.items() if v != "")
        inner = ", ".join(pairs)
        return [f"{key}: {{{inner}}}"] if inner else []
    return [f"{key}:", *(f"- {scalar(item)}" for item in value)] if value else []
