"""Names that wait for a decision: the rows of content/candidates.csv.

People fill in the `decision` column in a spreadsheet. What spreadsheets do to a file on the way is undone in reading: a
byte order mark, semicolons or tabs for commas, UTF-16, a first line that only names the separator. Columns of their own
are kept.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable

import msgspec

from sitegen.errors import SiteError

CANDIDATES = "candidates.csv"
SENTENCES = 3
_COLUMNS = (
    "name", "kind", "count", "score", *(f"sentence {i + 1}" for i in range(SENTENCES)), "decision",
    "articles", "aliases", "role", "lat", "lon",
)  # fmt: skip
_SEPARATOR = re.compile(r"\"?sep=.\"?(?:\r\n|\r|\n)", re.IGNORECASE)  # Excel's own
_LINE_END = re.compile(r"\r\n|\r|\n")
_FORMULA = ("=", "+", "-", "@", "\t")  # a cell that begins so, a spreadsheet would calculate


class Row(msgspec.Struct, frozen=True):
    """A name with its evidence. count: mentions; articles: ids of those that have them; line: where it stands, 0 if nowhere yet.

    decision: as a person wrote it, "" where nobody has. more: columns that are not ours.
    """

    name: str
    kind: str
    count: int = 0
    score: float = 0.0
    sentences: tuple[str, ...] = ()
    decision: str = ""
    articles: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    role: str = ""
    lat: float | None = None
    lon: float | None = None
    more: dict[str, str] = {}
    line: int = 0


def read(data: bytes, path: str) -> tuple[Row, ...]:
    """The rows of a file; lines without a name are left out.

    Raises: SiteError where it is no such table.
    """
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        raise SiteError(f"{path} is not UTF-8", help='save it as "CSV UTF-8"') from None
    separator = _SEPARATOR.match(text)
    table = text[separator.end() :] if separator else text
    head = _LINE_END.split(table, maxsplit=1)[0]
    reader = csv.reader(io.StringIO(table, newline=""), delimiter=max(",;\t", key=head.count))
    above = 1 if separator else 0  # lines
    try:
        names = [name.strip().casefold() for name in next(reader, [])]
        if not {"name", "kind", "decision"} <= set(names):
            raise SiteError(f"{path} has no columns name, kind and decision", help="keep the first line as it was")
        rows = []
        line = 2 + above
        for cells in reader:
            values = {name: cell.strip() for name, cell in zip(names, cells, strict=False)}
            if values.get("name"):
                rows.append(_row(values, line))
            line = reader.line_num + above + 1
        return tuple(rows)
    except csv.Error as error:
        raise SiteError(f"{path}:{reader.line_num + above} is no CSV: {error}", help="save it as CSV again") from error


def written(rows: Iterable[Row]) -> bytes:
    """The file of the rows. It begins with a byte order mark, without which Excel takes it for another encoding."""
    rows = tuple(rows)
    more = list(dict.fromkeys(name for row in rows for name in row.more))
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*_COLUMNS, *more])
    for row in rows:
        sentences = (*row.sentences, *[""] * SENTENCES)[:SENTENCES]
        shown = [f" {sentence}" if sentence.startswith(_FORMULA) else sentence for sentence in sentences]
        place = ["" if row.lat is None else row.lat, "" if row.lon is None else row.lon]
        known = [row.name, row.kind, row.count, f"{row.score:.2f}", *shown, row.decision]
        writer.writerow([*known, " ".join(row.articles), "; ".join(row.aliases), row.role, *place, *map(row.more.get, more)])
    return ("\ufeff" + out.getvalue()).encode()


def _row(values: dict[str, str], line: int) -> Row:
    return Row(
        name=values["name"],
        kind=values["kind"],
        count=int(_number(values.get("count", "")) or 0),
        score=_number(values.get("score", "")) or 0.0,
        sentences=tuple(filter(None, (values.get(f"sentence {i + 1}", "") for i in range(SENTENCES)))),
        decision=values.get("decision", ""),
        articles=tuple(values.get("articles", "").split()),
        aliases=tuple(filter(None, map(str.strip, values.get("aliases", "").split(";")))),
        role=values.get("role", ""),
        lat=_number(values.get("lat", "")),
        lon=_number(values.get("lon", "")),
        more={name: cell for name, cell in values.items() if name not in _COLUMNS and name},
        line=line,
    )


def _number(cell: str) -> float | None:
    """A number, with a decimal comma too; None for anything else."""
    try:
        return float(cell.replace(",", "."))
    except ValueError:
        return None
