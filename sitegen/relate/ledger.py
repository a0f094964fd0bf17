"""The ledger of addresses: every URL that was ever published, and where those lead that are no longer.

Pure. A row is `url,first,goes_to,why`: a site path, the day it was recorded, what has become of it, and why. `goes_to` is
empty while the page is published; then it is the site path that took its place, or "gone". A page of what is gone shows the
reason alone; where its address itself would tell of what is private, there is none. The parts of a long page come and go with
what it lists: an address of one leads to the page, without a word of anybody's.
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property

import msgspec

from sitegen.errors import Issue, Severity, Span, did_you_mean
from sitegen.model import views
from sitegen.relate.planned import PlannedPage, Setting

FILE = "urls.csv"
GONE = "gone"
ASKED = "say why"  # in the place of a reason, in a line that somebody is to write
COLUMNS = ("url", "first", "goes_to", "why")
_SIGNS = re.compile(r'[#%?"<>|\\*]')
_LONGEST = 2_000  # signs of a row
_DEEPEST = 3  # slashes of the address of a document; /people/a/1858/ is a part of /people/a/
_encode = msgspec.msgpack.Encoder().encode


class Row(msgspec.Struct, frozen=True):
    """A row of the ledger, and its line in the file."""

    url: str
    first: str
    goes_to: str = ""
    why: str = ""
    line: int = 0

    @property
    def heir(self) -> str:
        """What takes the place of the address: what the row says, or else, of a part of a page, that page."""
        deep = self.url.count("/") > _DEEPEST
        return self.goes_to or (self.url[:-1].rpartition("/")[0] + "/" if deep else "")


class Ledger(msgspec.Struct, frozen=True, dict=True):
    """The rows by URL, and what is wrong with the file. silent: addresses that tell of what is private: no page answers there."""

    rows: Mapping[str, Row]
    issues: tuple[Issue, ...] = ()
    silent: frozenset[str] = frozenset()

    def final(self, row: Row, published: Collection[str]) -> str:
        """Where an address leads at last: a site path, "gone", or "" where it leads to nothing."""
        seen = {row.url}
        while (target := row.heir) and target != GONE:
            path = target.partition("#")[0]
            if path in published:
                return target
            if path in seen or path not in self.rows:
                return ""
            seen.add(path)
            row = self.rows[path]
        return target

    @cached_property
    def ended(self) -> list[Row]:
        """The rows of which it is known what becomes of them where they are not published."""
        return [row for _, row in sorted(self.rows.items()) if row.heir and row.url not in self.silent]


NONE = Ledger({})


def read(data: bytes) -> Ledger:
    """The ledger in a file's bytes; what cannot be read is an issue."""
    rows: dict[str, Row] = {}
    issues: list[Issue] = []
    text = data.decode("utf-8-sig", "replace")
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or (number == 1 and line.strip() == ",".join(COLUMNS)):
            continue
        cells = _cells(line)
        url, first, goes_to, why = ([cell.strip() for cell in cells] + [""] * len(COLUMNS))[: len(COLUMNS)]
        row = Row(url, first, goes_to, why, number) if 2 <= len(cells) <= len(COLUMNS) else None
        if row is None or not _is_address(row.url) or not (row.goes_to in ("", GONE) or _is_address(row.goes_to)):
            issues.append(Issue("ledger-row", "this is no row of the ledger of addresses", _place(number, line),
                                f"a row is {','.join(COLUMNS)}; both addresses are site paths such as /articles/a/"))  # fmt: skip
        elif row.url in rows:
            issues.append(Issue("ledger-row", f"{row.url} is on line {rows[row.url].line} already", _place(number, line),
                                "keep one of the two rows"))  # fmt: skip
        else:
            rows[row.url] = row
    return Ledger(rows, tuple(issues))


def written(rows: Iterable[Row]) -> bytes:
    """A ledger as a file, in order of addresses."""
    import csv  # most collections have none

    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((row.url, row.first, row.goes_to, row.why) for row in sorted(rows, key=lambda row: row.url))
    return made.getvalue().encode()


def check(ledger: Ledger, published: Collection[str], *, preview: bool) -> Iterator[Issue]:
    """No address is lost. published: the site paths of all that is. preview: then it can wait."""
    lost = Severity.WARNING if preview else Severity.ERROR
    yield from ledger.issues
    for url, row in sorted(ledger.rows.items()):
        place = Span(FILE, row.line, 1)
        if url in published:
            if row.goes_to:
                yield Issue("address-in-use", f"{url} is published again: where it went is not heeded", place,
                            f"write instead: {line(row, '', '')}", Severity.WARNING)  # fmt: skip
        elif not row.goes_to and not ledger.final(row, published):
            near = did_you_mean(url, published)
            target = near.split('"')[1] if near else GONE
            yield Issue("lost-address", f"{url} was published, and is no longer", place,
                        f"write instead: {line(row, target, row.why or ASKED)}", lost)  # fmt: skip
        elif row.goes_to == GONE and row.why in ("", ASKED):
            yield Issue("no-reason", f"{url} is gone, and nothing says why", place,
                        f"write instead: {line(row, GONE, ASKED)}", lost)  # fmt: skip
        elif not ledger.final(row, published):
            near = did_you_mean(row.goes_to, published)
            yield Issue("lost-address", f"{url} leads to {row.goes_to}, where nothing is published", place,
                        near or f"write instead: {line(row, GONE, row.why or ASKED)}", lost)  # fmt: skip


def moved(ledger: Ledger, published: Collection[str]) -> Iterator[tuple[str, str]]:
    """Old addresses and those they lead to at last, in order."""
    for row in ledger.ended:
        if row.url not in published and (target := ledger.final(row, published)) not in ("", GONE):
            yield row.url, target


def planned(ledger: Ledger, published: Collection[str], titles: Mapping[str, str], setting: Setting) -> Iterator[PlannedPage]:
    """A page for each address that leads on, or is gone. titles: of documents, by site path."""
    for url, target in moved(ledger, published):
        title = titles.get(target.partition("#")[0], setting.site.title)
        yield _redirect(url, target, title, setting)
    for row in ledger.ended:
        if row.url not in published and ledger.final(row, published) == GONE:
            why = row.why if row.goes_to == GONE else ledger.rows[_last(ledger, row)].why
            yield _gone(row.url, why, setting)


def _last(ledger: Ledger, row: Row) -> str:
    while row.goes_to != GONE:
        row = ledger.rows[row.heir.partition("#")[0]]
    return row.url


def _redirect(url: str, target: str, title: str, setting: Setting) -> PlannedPage:
    def view() -> views.RedirectView:
        common = {**setting.common(url, title), "canonical": setting.linker.absolute(target)}
        return views.RedirectView(**common, target=target)

    return PlannedPage(url, views.RedirectView.template, (), _encode((url, target, title)), view, "the ledger of addresses", FILE)


def _gone(url: str, why: str, setting: Setting) -> PlannedPage:
    def view() -> views.GoneView:
        return views.GoneView(**setting.common(url, setting.words.gettext("Withdrawn")), why=why)

    return PlannedPage(url, views.GoneView.template, (), _encode((url, why)), view, "the ledger of addresses", FILE)


def _cells(line: str) -> list[str]:
    import csv

    try:
        return next(csv.reader([line], strict=True)) if len(line) <= _LONGEST else []
    except (csv.Error, StopIteration):
        return []


def _is_address(text: str) -> bool:
    """Whether a page can be at this site path, and nothing outside of the site."""
    path = text.partition("#")[0]
    if path == "/":
        return True
    steps = path[1:-1].split("/")
    ends = path.startswith("/") and path.endswith("/")
    return ends and path.isprintable() and not _SIGNS.search(path) and all(step and step[0] != "." for step in steps)


def _place(number: int, line: str) -> Span:
    return Span(FILE, number, 1, max(1, len(line)), line[:_LONGEST])


def line(row: Row, goes_to: str, why: str) -> str:
    """A row as it stands in the file, with another end."""
    return written([Row(row.url, row.first, goes_to, why)]).decode().splitlines()[1]
