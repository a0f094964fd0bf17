"""How records are filed: alphabetically, people by their surnames, a letter for each."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sitegen.model.entity import Subject

_NUMERAL = re.compile(r"[IVX]+\Z")


class Filed(Mapping[str, Sequence[Subject]]):
    """The records of each kind that has any, in the order of its index; each is put in order when it is asked for."""

    def __init__(self, records: Iterable[Subject], kinds: Iterable[str]) -> None:
        found: defaultdict[str, list[Subject]] = defaultdict(list)
        for subject in records:
            found[subject.kind].append(subject)
        self._loose = {kind: found[kind] for kind in kinds if kind in found}
        self._filed: dict[str, list[Subject]] = {}

    def __getitem__(self, kind: str) -> Sequence[Subject]:
        if kind not in self._filed:
            self._filed[kind] = sorted(self._loose[kind], key=filing)
        return self._filed[kind]

    def __iter__(self) -> Iterator[str]:
        return iter(self._loose)

    def __len__(self) -> int:
        return len(self._loose)


def filing(subject: Subject) -> tuple[bool, str, str]:
    """Alphabetical order without regard to accents, case and signs; digits after letters."""
    plain = _plain(_sort_key(subject))
    return not plain[:1].isalpha(), plain, subject.id


def letter_of(subject: Subject) -> str:
    """The letter that a record stands under, "#" where it begins with none."""
    first = _plain(_sort_key(subject))[:1].upper()
    return first if first.isalpha() else "#"


def surname_first(name: str) -> str:
    """A person's name as an index files it: the last word first, particles staying with it."""
    words = name.split()
    if not words or _NUMERAL.match(words[-1]):  # "Napoleon III" has no surname
        return name
    if len(words) > 2 and words[-1].rstrip(".") in ("Jr", "Sr"):
        return f"{surname_first(' '.join(words[:-1]).rstrip(','))}, {words[-1]}"
    at = len(words) - 1
    while at > 0 and words[at - 1][:1].islower():
        at -= 1
    return f"{' '.join(words[at:])}, {' '.join(words[:at])}" if at > 0 else name


def _sort_key(subject: Subject) -> str:
    record = subject.record
    if subject.kind == "people" and not record.sort:
        return surname_first(record.name)
    return record.sort_key


def _plain(text: str) -> str:
    if text.isascii():
        return "".join(c for c in text if c.isalnum() or c.isspace()).casefold()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if c.isalnum() or c.isspace()).casefold()
