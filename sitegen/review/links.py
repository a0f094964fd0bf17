"""Follow a record that moves: every link to it that stands in a text, written anew and nothing besides.

Links are found where the Markdown has them, code left alone. What has been made is parsed again: the words on the page
are the same, and every link leads where it did but for those that follow. A link for which that does not hold stays.
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from urllib.parse import unquote

import msgspec

from sitegen.markup.parse import Document, parse, points_inside
from sitegen.model.document import Reference
from sitegen.model.frontmatter import split
from sitegen.model.ids import quoted, resolve
from sitegen.review.edit import offsets, plain

_CODE = re.compile(r"^ {0,3}(`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}\1[`~]*[ \t]*\r?$|\Z)|(?<!`)(`+)(?!`).+?(?<!`)\2(?!`)|<!--.*?-->",
                   re.MULTILINE | re.DOTALL)  # fmt: skip
_WIKI = re.compile(r"(?<!\\)\[\[(?P<wiki>[^\[\]|\\\n]+)(?P<label>\\?\|[^\[\]\n]+)?\]\]")
_RECORD = re.compile(r"""^[ ]*(?:-[ ]+)?(?:\{.*?)?\brecord:[ ]*(["']?)(?P<id>[^"'\s,}#]+)\1(?=[ ]*(?:[,}#]|$))""", re.MULTILINE)
_ADDRESS = re.compile(
    r"""\]\(\s*<?(?P<inline>[^)<>\s]+)
      | ^[ ]{0,3}\[[^\]\n]+\]:[ \t]*<?(?P<defined>[^<>\s]+)
      | \b(?:href|src)\s*=\s*["']?(?P<html>[^"'\s>]+)""",
    re.MULTILINE | re.VERBOSE,
)


class Move(msgspec.Struct, frozen=True):
    """A record's old and new id, and the site paths of its page. bare: whether "[[stem]]" means the old one."""

    old: str
    new: str
    old_url: str
    new_url: str
    bare: bool = True

    @property
    def stem(self) -> str:
        return self.old.rpartition("/")[2]

    def follow(self, target: str, *, wiki: bool = False) -> str:
        """Where a reference is to lead that led to `target`."""
        if target == self.old or (wiki and self.bare and target == self.stem):
            return self.new
        return self.new_url if target == self.old_url else target


class Rewritten(NamedTuple):
    """A text with links that follow. done: how many do; left: how many still lead to the old id."""

    text: str
    done: int
    left: int


class _Edit(NamedTuple):
    start: int
    end: int
    new: str


def rewritten(text: str, path: str, move: Move, to: str = "") -> Rewritten:
    """The file at a content path with its links following; `to` is the path the file itself moves to."""
    to = to or path
    edits = list(_edits(text, path, to, move))
    before = _parsed(path, text)
    if edits and not _follows(before, _parsed(to, _applied(text, edits)), move):
        edits = _one_by_one(text, before, to, edits, move) if to == path else []
    made = _applied(text, edits)
    left = sum(_leads(reference, move) for reference in _parsed(to, made).references)
    return Rewritten(made, len(edits), left)


def rewritten_notes(text: str, path: str, move: Move) -> Rewritten:
    """A notes file with the links in its notes following."""
    edits = sorted([*_edits(text, path, path, move, body=0), *_records(text, move)])
    made = _applied(text, edits)
    if edits and not _same_notes(text, made):
        return Rewritten(text, 0, len(edits))
    return Rewritten(made, len(edits), 0)


def _records(text: str, move: Move) -> Iterator[_Edit]:
    """What notes say that their words name."""
    for found in _RECORD.finditer(text):
        if move.follow(_nfc(found["id"]), wiki=True) == move.new != found["id"]:
            yield _Edit(*found.span("id"), move.new)


def _edits(text: str, path: str, to: str, move: Move, body: int = -1) -> Iterator[_Edit]:
    if body < 0:
        whole = plain(text)
        body = offsets(text)[len(whole) - len(split(whole)[1])]
    code = [found.span() for found in _CODE.finditer(text, body)]
    for found in (*_WIKI.finditer(text, body), *_ADDRESS.finditer(text, body)):
        if any(start <= found.start() < end for start, end in code):
            continue
        edit = _wiki(found, text, move) if found.re is _WIKI else _address(found, path, to, move)
        if edit:
            yield edit


def _wiki(found: re.Match[str], text: str, move: Move) -> _Edit | None:
    written, mark, fragment = found["wiki"].partition("#")
    target = _nfc(written.strip().removesuffix(".md").strip("/"))
    new = move.follow(target, wiki="/" not in target)
    if not target or new == target:
        return None
    shown = _shown(target) or fragment
    line = text[text.rfind("\n", 0, found.start()) + 1 : (text.find("\n", found.end()) + 1 or len(text) + 1) - 1]
    bar = "\\|" if "|" in _WIKI.sub("", line) else "|"  # in a table it has to be escaped
    label = found["label"] or (f"{bar}{shown}" if _shown(new) != shown else "")
    return _Edit(found.start(), found.end(), f"[[{new}{mark}{fragment}{label}]]")


def _shown(target: str) -> str:
    """What a wiki link without a label reads."""
    return target.rpartition("/")[2].replace("-", " ").title()


def _address(found: re.Match[str], path: str, to: str, move: Move) -> _Edit | None:
    group = str(found.lastgroup)
    address = found[group]
    if not points_inside(address):
        return None
    written, mark, fragment = address.partition("#")
    if not written or "?" in written:
        return None
    target = _nfc(unquote(written))
    before, after = path.rpartition("/")[0], to.rpartition("/")[0]
    resolved = resolve(before, target)
    if not resolved:
        return None
    ending = "/" if target.endswith("/") else ".md" if target.endswith(".md") else ""
    meant = f"/{resolved}/" if ending == "/" else resolved.removesuffix(".md") if ending else resolved
    new = move.follow(meant)
    if new == meant and resolve(after, target) == resolved:
        return None
    full = f"{new.strip('/')}{ending}"
    near = posixpath.relpath(full, after or ".") + ("/" if ending == "/" else "")
    full = f"/{full}" if target.startswith("/") else near
    return _Edit(found.start(group), found.end(group), quoted(full) + mark + fragment)


def _one_by_one(text: str, before: Document, path: str, edits: Sequence[_Edit], move: Move) -> list[_Edit]:
    """Those edits that do what they should each by itself."""
    kept: list[_Edit] = []
    for edit in edits:
        made = _parsed(path, _applied(text, [*kept, edit]))
        if _follows(before, made, move, some=True) and _count(made, move) < _count(_parsed(path, _applied(text, kept)), move):
            kept.append(edit)
    return kept


def _follows(before: Document, after: Document, move: Move, *, some: bool = False) -> bool:
    """Whether all that could be said of a text can be said of it still, and its links follow (`some`: not all have to)."""
    if before.text != after.text or len(before.references) != len(after.references):
        return False
    for old, new in zip(before.references, after.references, strict=True):
        wanted = move.follow(old.target, wiki=old.wiki)
        if (old.fragment, old.start, old.end) != (new.fragment, new.start, new.end):
            return False
        if new.target != wanted and not (some and new.target == old.target):
            return False
    return True


def _leads(reference: Reference, move: Move) -> bool:
    return move.follow(reference.target, wiki=reference.wiki) != reference.target


def _count(document: Document, move: Move) -> int:
    return sum(_leads(reference, move) for reference in document.references)


def _applied(text: str, edits: Sequence[_Edit]) -> str:
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.new + text[edit.end :]
    return text


def _parsed(path: str, text: str) -> Document:
    return parse(path, text.encode(), raw_html=True).document


def _same_notes(before: str, after: str) -> bool:
    """Whether two notes files differ in the bodies of notes, and in the records they name, alone."""
    import yaml

    def bare(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: None if key in ("body", "record") else bare(item) for key, item in value.items()}
        return [bare(item) for item in value] if isinstance(value, list) else value

    try:
        return bool(bare(yaml.safe_load(before)) == bare(yaml.safe_load(after)))
    except yaml.YAMLError:
        return False


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)
