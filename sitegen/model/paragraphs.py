"""The ledger of paragraphs: the ids that were published, by page, each with a sketch of its words.

Pure. A row is `url,paragraphs`: a site path, and the paragraphs of its text in order, `id:sketch:former:former…` each, with a
space between them. former: ids that lead to this paragraph since earlier edits. A sketch tells what became of a paragraph that
changed (see annotate.paragraphs); its words cannot be read from it. An article takes one line, so that a file of very many
stays small, and a change of one text is a change of one line.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from urllib.parse import unquote

import msgspec

from sitegen.errors import Issue, Span

FILE = "paragraphs.csv"
COLUMNS = ("url", "paragraphs")
_SIGNS = re.compile(r'[\s:,"%]')
_SHOWN = 2_000  # signs of a line that a message repeats


class Recorded(msgspec.Struct, frozen=True):
    """A paragraph as it was published. former: ids that were given to it, or to what it was made of, before."""

    id: str
    sketch: str
    former: tuple[str, ...] = ()


def read(data: bytes) -> tuple[dict[str, str], tuple[Issue, ...]]:
    """The rows by URL, as they stand: they are many, and few are looked into. What cannot be read is an issue."""
    rows: dict[str, str] = {}
    issues = []
    for number, line in enumerate(data.decode("utf-8-sig", "replace").split("\n"), 1):
        url, comma, cell = line.rstrip("\r").rpartition(",")
        if url[:1] == '"':
            url = url[1:-1].replace('""', '"')
        if not line.strip() or (number == 1 and (url, cell) == COLUMNS):
            continue
        if not comma or url[:1] != "/" or url[-1:] != "/":
            issues.append(Issue("ledger-row", "this is no row of the ledger of paragraphs", _place(number, line),
                                f"a row is {','.join(COLUMNS)}; take the line out, and record it again"))  # fmt: skip
        elif url in rows:
            issues.append(Issue("ledger-row", f"{url} has a row already", _place(number, line), "keep one of the two rows"))
        else:
            rows[url] = cell
    return rows, tuple(issues)


def written(rows: Mapping[str, str]) -> bytes:
    """The rows as a file, in order of addresses."""
    import csv  # where it is written alone

    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(sorted(rows.items()))
    return made.getvalue().encode()


def paragraphs(cell: str) -> tuple[Recorded, ...]:
    """The paragraphs of a row."""
    found = []
    for item in cell.split():
        name, _, rest = item.partition(":")
        sketch, *former = rest.split(":")
        if name:
            found.append(Recorded(unquote(name), sketch, tuple(unquote(old) for old in former if old)))
    return tuple(found)


def cell_of(found: tuple[Recorded, ...]) -> str:
    """The paragraphs as a row has them."""
    return " ".join(":".join((_quoted(one.id), one.sketch, *map(_quoted, one.former))) for one in found)


def _quoted(name: str) -> str:
    return _SIGNS.sub(lambda sign: "".join(f"%{byte:02X}" for byte in sign[0].encode()), name)


def _place(number: int, line: str) -> Span:
    return Span(FILE, number, 1, max(1, min(len(line), _SHOWN)), line[:_SHOWN])
