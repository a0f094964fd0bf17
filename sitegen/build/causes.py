"""What a build found changed, cell by cell and in words; and from that, why a page was written.

The cells are those of `relate.cells`, with four tables more: "template", what a template and all it includes say,
"asset", where an asset is published, "site", the fields of the configuration that templates see, and "said", what a page
shows besides cells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set

import msgspec

from sitegen.model.entity import Subject
from sitegen.model.mention import Facts

Tables = Mapping[str, Mapping[str, bytes]]
Change = tuple[str, str, str]  # table, name, in words
LineOf = Callable[[Facts, str], int]

EVERYTHING = "*"
_MANY = 2000
_SHOWN = 6
# Cells that stand for several, so that a page names fewer.
_STANDS_FOR = {"evidence": ("card", "quotes", "company"), "around": ("entry", "namers")}
_SAID = {
    "own": "{} changed",
    "links": "a link in {} leads elsewhere, or what it leads to has moved",
    "card": "{} changed in what lists show of it",
    "quotes": "the passages of {} changed",
    "told": "the dates that {} names, or their passages, changed",
    "entry": "{} changed, or is named in more or fewer articles",
    "record": "{} changed",
    "company": "{} names other records, or one of them changed",
    "namers": "the articles that name {} changed",
    "kinds": "the index of {} changed",
    "tiles": "places nearby changed",
    "years": "there are more or fewer articles in a year",
    "template": "the template {} changed, or one that it includes",
    "asset": "{} of the theme changed, and its name with it",
    "site": "the configuration's {} changed",
    "said": "what the page {} lists or leads to besides changed",
}
# Cells that are made of others say less than these.
_DERIVED = ("said", "namers", "company", "kinds", "tiles", "years", "entry", "links")


class Moved(msgspec.Struct, frozen=True):
    """A thing as the last build knew it and as it is now; None where it was not, or is no more."""

    before: Facts | Subject | None
    after: Facts | Subject | None


def of_moves(
    before: Tables, after: Tables, moves: Mapping[str, Set[str]], moved: Iterable[Moved], line_of: LineOf
) -> list[Change]:
    """The cells of `moves`, by table, in words: what `changes` gives where no other is not as it was."""
    had = {table: {name: before[table][name] for name in names if name in before[table]} for table, names in moves.items()}
    has = {table: {name: after[table][name] for name in names if name in after[table]} for table, names in moves.items()}
    return changes(had, has, moved, line_of)


def changes(before: Tables | None, after: Tables, moved: Iterable[Moved], line_of: LineOf) -> list[Change]:
    """The cells that differ from those of the last build, in words. before: None where nothing is known of one.

    moved: the texts and records that are not as they were. line_of: the line of a file that first names a record, 0
    where it cannot be told.
    """
    if before is None:
        return [(EVERYTHING, EVERYTHING, "it was built for the first time, or nothing was remembered of the builds before")]
    said: dict[tuple[str, str], str] = {}
    for thing in moved:
        said |= dict(_told(thing, line_of))
    found = []
    for table, cells in after.items():
        if table in _STANDS_FOR:
            continue
        old = before.get(table, {})
        for name in sorted({n for n, d in cells.items() if old.get(n) != d} | (old.keys() - cells.keys())):
            found.append((table, name, said.get((table, name)) or _SAID[table].format(name)))
            if len(found) > _MANY:
                return [(EVERYTHING, EVERYTHING, f"more than {_MANY:,} things changed at once")]
    return found


def standing_for(table: str) -> tuple[str, ...]:
    """The tables whose cells a table's stand for."""
    return _STANDS_FOR.get(table, (table,))


def causes(found: Iterable[Change], reads: Iterable[tuple[str, Iterable[str]]]) -> list[str]:
    """Those changes that a page reads, in words: what changed itself before what is made of it, each once."""
    by_cell = {(table, name): words for table, name, words in found}
    if (EVERYTHING, EVERYTHING) in by_cell:
        return [by_cell[EVERYTHING, EVERYTHING]]
    spelled = ((table, names) for given, names in reads for table in standing_for(given))
    read = [(table, name) for table, names in spelled for name in names if (table, name) in by_cell]
    plain = [by_cell[cell] for cell in read if cell[0] not in _DERIVED]
    derived = [by_cell[cell] for cell in read if cell[0] in _DERIVED]
    return list(dict.fromkeys([*plain, *derived]))


def _told(thing: Moved, line_of: LineOf) -> Iterator[tuple[tuple[str, str], str]]:
    """What is to be said of the cells of one text or record."""
    before, after = thing.before, thing.after
    it = after or before
    assert it
    if before is None or after is None:
        words = f"{it.id} is {'new' if before is None else 'gone'}"
        yield from (((table, it.id), words) for table in ("own", "card", "quotes", "record", "entry"))
        yield from ((("entry", record), words) for record in (it.named if isinstance(it, Facts) else ()))
    elif isinstance(before, Facts) and isinstance(after, Facts):
        yield from _text(before, after, line_of)
    elif isinstance(before, Subject) and isinstance(after, Subject):
        fields = [name for name in after.record.__struct_fields__ if getattr(after.record, name) != getattr(before.record, name)]
        if fields:
            for table in ("record", "entry"):
                yield (table, it.id), f"{it.id}: {', '.join(fields)} changed"


def _text(before: Facts, after: Facts, line_of: LineOf) -> Iterator[tuple[tuple[str, str], str]]:
    fields = [name for name in ("title", "date", "summary", "url", "lang", "minutes")
              if getattr(before, name) != getattr(after, name)]  # fmt: skip
    if fields:
        yield ("card", after.id), f"{after.id}: {', '.join(fields)} changed"
    gained = [record for record in after.named if record not in before.named]
    lost = [record for record in before.named if record not in after.named]
    lines = [line_of(after, record) for record in gained[:_SHOWN]]
    shown = zip(gained, lines, strict=False)
    parts = [f"gained a mention of {record}" + (f", line {line}" if line else "") for record, line in shown]
    parts += [f"lost its mentions of {record}" for record in lost]
    if parts:
        words = f"{after.id} {', '.join(parts[:_SHOWN])}{' and more' if len(gained) + len(lost) > _SHOWN else ''}"
        yield ("quotes", after.id), words
        for record in (*gained, *lost):
            yield ("entry", record), words
