"""Notes from brat (`.ann` beside its `.txt`) and from doccano (JSONL).

Both say where by numbers alone. A number means something only in the very text it was counted in, so they are read only
where that text is the article's, digest for digest; a line end at the end of the file does not count.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from sitegen.annotate.quotes import quote_of
from sitegen.errors import Issue, SiteError, Span
from sitegen.model.notes import Note, text_digest
from sitegen.model.text import fold

_ENTITY = re.compile(r"(T\d+)\t(\S+) (\d+ \d+(?:;\d+ \d+)*)\t(.*)")
_REMARK = re.compile(r"#\d+\tAnnotatorNotes (\S+)\t(.*)")


def from_brat(ann: str, txt: str, path: str, text: str) -> tuple[tuple[Note, ...], tuple[Issue, ...]]:
    """The entities of a brat file on an article's text; an issue for each that is no single passage.

    Relations, events and attributes are left out. Raises: SiteError where `txt` is not the article's text.
    """
    _same_text(txt, text, path)
    remarks: dict[str, list[str]] = {}
    for line in ann.splitlines():
        if found := _REMARK.match(line):
            remarks.setdefault(found[1], []).append(found[2].strip())
    folded, notes, issues = fold(text), [], []
    for number, line in enumerate(ann.splitlines(), 1):
        found = _ENTITY.match(line)
        if not found:
            continue
        name, label, spans, said = found.groups()
        places = [tuple(map(int, span.split())) for span in spans.split(";")]
        if len(places) == 1 and text[slice(*places[0])] == said:
            notes.append(_note(name, label, "\n\n".join(remarks.get(name, ())), text, folded, *places[0]))
        else:
            why = "it is in several parts" if len(places) > 1 else "its words are not those at its place"
            issues.append(_left_out(f"{name} ({label})", why, Span(path, number, 1, len(line), line)))
    return tuple(notes), tuple(issues)


def from_doccano(jsonl: str, path: str, text: str) -> tuple[tuple[Note, ...], tuple[Issue, ...]]:
    """The labels that a doccano file has on an article's text; lines about other texts are passed over.

    Raises: SiteError where no line has the article's text, or one is no JSON.
    """
    lines = [(number, line) for number, line in enumerate(jsonl.splitlines(), 1) if line.strip()]
    items = [(number, _json(line, path, number)) for number, line in lines]
    ours = [(number, item) for number, item in items if _bare(str(item.get("text", item.get("data", "")))) == _bare(text)]
    if not ours:
        texts = (text_digest(_bare(str(item.get("text", item.get("data", ""))))) for _, item in items)
        raise _other_text(path, next(texts, ""), text)
    folded, notes, issues = fold(text), [], []
    for number, item in ours:
        for count, (start, end, label) in enumerate(_labels(item), 1):
            if 0 <= start < end <= len(text):
                notes.append(_note(f"d{number}-{count}", label, "", text, folded, start, end))
            else:
                issues.append(_left_out(f"{label} at {start}–{end}", "it lies outside the text", Span(path, number)))
    return tuple(notes), tuple(issues)


def _note(name: str, label: str, body: str, text: str, folded: str, start: int, end: int) -> Note:
    motivation = "commenting" if body else "classifying"
    return Note(name, quote_of(text, start, end, folded), body, "imported", motivation, (label,))


def _left_out(name: str, why: str, span: Span) -> Issue:
    return Issue("not-anchored", f"{name}: {why}", span, "look for the words in the article, and write the note by hand")


def _labels(item: dict[str, Any]) -> Iterator[tuple[int, int, str]]:
    """The labels of a line, as either format of doccano has them."""
    for label in _list(item.get("label", item.get("labels"))):
        if isinstance(label, list) and len(label) == 3 and all(isinstance(place, int) for place in label[:2]):
            yield label[0], label[1], str(label[2])
    for entity in _list(item.get("entities")):
        start, end = (entity.get("start_offset"), entity.get("end_offset")) if isinstance(entity, dict) else (None, None)
        if isinstance(start, int) and isinstance(end, int):
            yield start, end, str(entity.get("label", ""))


def _list(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else ()


def _json(line: str, path: str, number: int) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise SiteError(f"{path}:{number} is not JSON: {error}", help="export from doccano as JSONL") from None
    return found if isinstance(found, dict) else {}


def _same_text(theirs: str, text: str, path: str) -> None:
    if _bare(theirs) != _bare(text):
        raise _other_text(path, text_digest(_bare(theirs)), text)


def _bare(text: str) -> str:
    return text.removesuffix("\n")


def _other_text(path: str, theirs: str, text: str) -> SiteError:
    return SiteError(
        f"{path} was made on another text than the article's ({theirs[:19]}…, not {text_digest(_bare(text))[:19]}…)",
        help="its places are numbers, which mean nothing in another text; annotate the article as it is now",
    )
