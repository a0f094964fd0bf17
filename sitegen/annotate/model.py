"""A spaCy pipeline as one more witness of the finder. The only module that knows spaCy, which it loads when first asked.

What the pipeline says of a name is a sign among the others, with weights set by hand (`weights`); where the rules see no
name at all, it may find one of its own. Rules that are certain, and what the collection has decided, go before it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from sitegen.annotate.kinds import EVENTS, Kind
from sitegen.annotate.reading import Reading
from sitegen.annotate.weights import ORGANISATIONS, PEOPLE, PLACES
from sitegen.errors import SiteError

PREFIX = "spacy:"
# Labels of OntoNotes, WikiNER and our own kinds.
_LABELS: dict[str, Kind] = {
    "PERSON": PEOPLE, "PER": PEOPLE, "ORG": ORGANISATIONS, "GPE": PLACES, "LOC": PLACES, "EVENT": EVENTS,
    "PEOPLE": PEOPLE, "ORGANISATIONS": ORGANISATIONS, "PLACES": PLACES, "EVENTS": EVENTS,
}  # fmt: skip
_NOT_FOR_NAMES = ("tagger", "parser", "senter", "attribute_ruler", "lemmatizer", "morphologizer")
_RULERS = frozenset(("entity_ruler", "span_ruler"))
_LONGEST = 100_000  # characters that are read at a time


class Seen(msgspec.Struct, frozen=True):
    """A name that the pipeline sees at text[start:end]."""

    start: int
    end: int
    kind: Kind
    label: str


class Pipeline(msgspec.Struct, frozen=True):
    """A pipeline by the name of its package or the path of its folder.

    version: what it is exactly, for the record. listed: it has nothing but patterns that people wrote.
    """

    name: str
    version: str
    listed: bool = False

    def seen(self, text: str) -> list[Seen]:
        """The names in a text, in reading order, none overlapping. Raises: SiteError where the pipeline cannot be loaded."""
        found = []
        for offset, part in _parts(text):
            for entity in _loaded(self.name)(part).ents:
                kind = _LABELS.get(entity.label_.upper())
                if kind:
                    start, end = _trimmed(part, entity.start_char, entity.end_char)
                    found.append(Seen(offset + start, offset + end, kind, entity.label_))
        return [one for one in found if one.start < one.end]


def pipeline(name: str) -> Pipeline:
    """The pipeline of a name, loaded.

    name: of an installed package, or the path of a folder. Raises: SiteError where spaCy or the pipeline is not installed.
    """
    meta = _loaded(name).meta
    called = f"{meta['lang']}_{meta['name']} {meta['version']}"
    folder = Path(name)
    listed = all(pipe in _RULERS or pipe in _NOT_FOR_NAMES for pipe in _loaded(name).pipe_names)
    return Pipeline(name, f"{called}, {_digest(folder)}" if folder.is_dir() else called, listed)


def witness(readings: Sequence[Reading], seen: Sequence[Seen], *, listed: bool = False) -> list[Seen]:
    """Add to readings the sign of what the pipeline says of them; gives what it sees where there is no reading."""
    at = {(one.start, one.end): one for one in seen}
    spans = []
    for reading in readings:
        offset = reading.piece.block.offset
        span = offset + reading.piece.start, offset + reading.piece.end
        spans.append(span)
        same = at.get(span)
        if reading.signs and same:
            reading.signs.append(f"{'list' if listed else 'model'}={same.kind}")
        elif reading.signs and not listed:
            reading.signs.append("model=other" if overlapping(span, at) else "model=no")
    return [one for one in seen if not overlapping((one.start, one.end), spans)]


def overlapping(span: tuple[int, int], spans: Iterable[tuple[int, int]]) -> bool:
    """Whether a span overlaps any other."""
    return any(start < span[1] and span[0] < end for start, end in spans)


@cache
def _loaded(name: str) -> Any:
    try:
        import spacy
    except ImportError as error:
        raise SiteError("spaCy is not installed", help='pip install "sitegen[ner]"') from error
    try:
        found = spacy.load(Path(name) if Path(name).is_dir() else name)
    except (OSError, ImportError, ValueError) as error:
        said = " ".join(str(error).split())[:200]
        help = f"install it: python -m spacy download {name}; or name the folder it was saved to"
        raise SiteError(f'spaCy cannot load the pipeline "{name}": {said}', help=help) from error
    if _RULERS.isdisjoint(found.pipe_names):  # patterns may ask for what the others find out
        found.select_pipes(disable=[pipe for pipe in found.pipe_names if pipe in _NOT_FOR_NAMES])
    return found


def _digest(folder: Path) -> str:
    """A short digest of all files of a pipeline."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """The text in parts that are no longer than a pipeline takes, parted at line breaks where there are any."""
    start = 0
    while start < len(text):
        end = start + _LONGEST
        if end < len(text):
            end = text.rfind("\n", start, end) + 1 or end
        end = max(end, start + 1)
        yield start, text[start:end]
        start = end


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without a leading "the", a genitive's ending and space, as the finder has its names."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    if text[start : start + 4].lower() == "the ":
        start += 4
    if text[max(start, end - 2) : end].lower() in ("'s", "’s"):
        end -= 2
    return start, end
