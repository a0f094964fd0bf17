"""Records as pages: the page of a record with what articles say of it, and the indexes of the kinds."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

import msgspec

from sitegen.model import views
from sitegen.model.authorities import AUTHORITIES, page_of
from sitegen.model.dates import Date
from sitegen.model.entity import PLACES, Subject
from sitegen.model.mention import Facts
from sitegen.relate import company
from sitegen.relate.cells import Reads
from sitegen.relate.filing import filing, letter_of
from sitegen.relate.index import Index
from sitegen.relate.lists import Lists
from sitegen.relate.maps import MapRequest, among, locator, world
from sitegen.relate.near import nearest, tiles_around
from sitegen.relate.planned import PlannedPage, Setting, text_reads
from sitegen.relate.quoted import Quoted

# Beyond so many records an index has a page for each letter, of a full letter several, and itself shows the most named.
_ONE_INDEX, _MOST_NAMED = 400, 200
_NEIGHBOURS = 24

# Fields that cost something and that not every theme shows: they are filled where a template looks at them.
ON_REQUEST = (("record.html", "near"), ("record.html", "circle"), ("record.html", "meetings"), ("record.html", "bars"))

_encode = msgspec.msgpack.Encoder().encode


def tails_of(index: Index, record: str) -> list[str]:
    """What the addresses of a record's pages have more than its own, where it has several."""
    return [part.tail for part in index.parts(record)]


def index_urls(kind: str, records: Sequence[Subject]) -> Iterator[str]:
    """The site paths of the pages into which the index of a kind is parted."""
    if len(records) > _ONE_INDEX:
        yield from (_letter_url(kind, letter, number) for letter, number, _ in _shelved(records))


class RecordPlanner:
    """Plans the pages of records and their indexes. notes: record → its note. quoted: what articles say of records."""

    def __init__(self, index: Index, notes: Mapping[str, Facts], quoted: Quoted, lists: Lists, setting: Setting) -> None:
        self.index, self.notes, self.quoted, self.lists, self.setting = index, notes, quoted, lists, setting
        self.site, self.words = setting.site, setting.words

    @cached_property
    def world(self) -> MapRequest | None:
        """The map of all places, made when a theme asks for it."""
        return world(self.index)

    # Indexes.

    def kind(self, kind_id: str, records: Sequence[Subject]) -> Iterator[PlannedPage]:
        """The index of a kind; of a large one an index of its letters, and a page for each."""
        kind = self.setting.kinds[kind_id]
        mapped = kind_id == PLACES
        if len(records) <= _ONE_INDEX:
            yield self._index(kind, kind.url, {sign: some for sign, _, some in _shelved(records)}, "", (), len(records), mapped)
            return
        letters: dict[str, list[Subject]] = {}
        links: list[views.Link] = []
        for letter, number, some in _shelved(records):
            title = letter if number == 1 else f"{letter} ({self.words.number(number)})"
            letters[title] = some
            links.append(views.Link(title, _letter_url(kind_id, letter, number)))
        parts = tuple(links)
        top = heapq.nsmallest(_MOST_NAMED, records, key=lambda s: (-self.index.count(s.id), filing(s)))
        yield self._index(kind, kind.url, {"": top}, "", parts, len(records), mapped)
        for part in parts:
            yield self._index(kind, part.url, {part.title: letters[part.title]}, part.title, parts, len(records), False)

    def _index(
        self, kind: views.KindView, url: str, letters: Mapping[str, Sequence[Subject]], letter: str,
        parts: tuple[views.Link, ...], count: int, mapped: bool,
    ) -> PlannedPage:  # fmt: skip
        def view() -> views.KindIndexView:
            groups = (
                views.Letter(sign, _anchor(sign.partition(" ")[0]), tuple(map(self.lists.entry, found)))
                for sign, found in letters.items()
            )
            about = self.words.gettext("%(kinds)s named in %(site)s, A to Z.", kinds=kind.label, site=self.site.title)
            return views.KindIndexView(
                **self.setting.common(url, kind.label, about),
                kind=kind,
                count=count,
                letters=tuple(groups),
                letter=letter,
                parts=parts,
            )

        reads: Reads = (("entry", [subject.id for found in letters.values() for subject in found]),)
        said = _encode((kind, url, list(letters), letter, parts, count))
        owner = f"the index of {kind.id}"
        drawn = (lambda: self.world) if mapped else None
        return PlannedPage(url, views.KindIndexView.template, reads, said, view, owner, map=drawn)

    def kind_count(self, kind: str, records: Sequence[Subject]) -> views.KindCount:
        top = heapq.nsmallest(8, records, key=lambda s: (-self.index.count(s.id), filing(s)))
        named = tuple(self.lists.entry(subject) for subject in top if self.index.count(subject.id))
        return views.KindCount(self.setting.kinds[kind], len(records), named)

    def shelf(self, kind: str, records: Sequence[Subject]) -> views.Shelf:
        """The way into the index of a kind: its letters."""
        address = f"/{kind}/#{{}}" if len(records) <= _ONE_INDEX else f"/{kind}/a-z/{{}}/"
        letters = dict.fromkeys(letter_of(subject) for subject in records)
        links = tuple(views.Link(letter, address.format(_anchor(letter))) for letter in letters)
        return views.Shelf(self.setting.kinds[kind], len(records), links)

    # Records.

    def record(self, subject: Subject) -> Iterator[PlannedPage]:
        """The page of a record, and where it is named very often one for each of its parts: see `Index.parts`."""
        named, here = self.index.named.get(subject.id, []), self.index.here(subject.id)
        note = self.notes.get(subject.id)
        found = self.index.parts(subject.id)
        if not found:
            yield self._record(subject, note, named, here, "", ())
            return
        parts, begin = self.lists.parts(subject.url, found), 0
        for link, part in zip(parts, found, strict=True):
            if part.tail:
                yield self._record(subject, None, part.articles, part.here, link.title, parts, link.url, begin=begin)
            else:
                yield self._record(subject, note, named, here, "", parts, shown=len(part.articles))
            begin += len(part.articles)

    def _record(
        self, subject: Subject, note: Facts | None, named: Sequence[Facts], here: Sequence[int], part: str,
        parts: tuple[views.Part, ...], url: str = "", shown: int | None = None, begin: int = 0,
    ) -> PlannedPage:  # fmt: skip
        """named, here: the articles it counts, and how often each names the record; shown: how many of them it shows.

        begin: how many articles that name it are before these.
        """
        doc_id, record, kind = subject.id, subject.record, self.setting.kinds[subject.kind]
        url = url or subject.url

        def view() -> views.RecordView:
            together = () if part else self._neighbours(doc_id)
            described = record.summary or record.role
            described = described or self.words.gettext("Every passage that names %(name)s.", name=record.name)
            title = f"{record.name}, {part}" if part else record.name
            return views.RecordView(
                **self.setting.common(url, title, described, record.lang),
                kind=kind,
                name=record.name,
                role=record.role,
                summary=record.summary,
                begin=Date(record.begin) if record.begin else None,
                end=Date(record.end) if record.end else None,
                aliases=record.aliases,
                identifiers=tuple(_identifier(key, value) for key, value in record.ids),
                reviewed=record.status == "reviewed",
                score=record.score or 0.0,
                location=record.location,
                articles=len(named),
                mentions=sum(here),
                bars=() if part else self._record_bars(named, parts),
                years=self.quoted.years(named[:shown], here, doc_id, begin),
                together=together,
                part=part,
                parts=parts,
                extra=record.extra,
                near=() if part else tuple(self._near(subject)),
                feed=fed,
                circle=None if part else self._circle(subject, together, named),
            )

        def mapped() -> MapRequest | None:
            if record.location:
                return locator(self.index, subject)
            return among(self.index, self.index.company(doc_id))

        fed = f"{subject.url}feed.xml" if doc_id in self.setting.fed else ""
        reads: Reads = (("record", (doc_id,)), ("evidence", [facts.id for facts in named]))
        reads += () if part else (("entry", (doc_id,)), *text_reads(note))
        if record.location and not part:
            reads += (("tiles", tiles_around(record.location)),)
        said = _encode((kind, part, parts, url, self.lists.dated[:1], self.lists.dated[-1:], fed))
        return PlannedPage(
            url, views.RecordView.template, reads, said, view, "a record", subject.path,
            note.id if note else "", mapped=None if part else mapped,
        )  # fmt: skip

    def _record_bars(self, named: Iterable[Facts], parts: Sequence[views.Part]) -> tuple[views.Bar, ...]:
        return self.lists.bars(named, {part.year: part.url for part in reversed(parts)}) if "bars" in self.setting.wanted else ()

    def _neighbours(self, record: str) -> tuple[views.Neighbour, ...]:
        near, records = self.index.together(record, _NEIGHBOURS), self.index.authority.records
        met: Mapping[str, Sequence[views.QuotedArticle]] = {}
        if near and "meetings" in self.setting.wanted:
            met = company.meetings(self.index.named[record], record, [other for other, _ in near], self.quoted.of)
        if not met:
            return tuple([views.Neighbour((s := records[other]).record.name, s.url, s.kind, count) for other, count in near])
        pairs = [(records[other], count, tuple(met[other])) for other, count in near]
        return tuple([views.Neighbour(s.record.name, s.url, s.kind, count, meetings) for s, count, meetings in pairs])

    def _circle(self, subject: Subject, together: Sequence[views.Neighbour], named: Iterable[Facts]) -> views.Circle | None:
        if "circle" not in self.setting.wanted:
            return None
        drawn = together[: company.DRAWN]
        by_url = self.index.authority.by_url
        return company.circle(subject, drawn, [by_url[item.url] for item in drawn], named)

    def _near(self, subject: Subject) -> Iterator[views.Near]:
        if subject.kind == PLACES and "near" in self.setting.wanted:
            for other, km in nearest(self.index.tiles, subject):
                yield views.Near(other.title, other.url, km)


def _letter_url(kind: str, letter: str, number: int = 1) -> str:
    return f"/{kind}/a-z/{_anchor(letter)}/" + (f"page-{number}/" if number > 1 else "")


def _shelved(records: Iterable[Subject]) -> Iterator[tuple[str, int, list[Subject]]]:
    """The records of an index by letters, of a letter so many at a time, in their order: letter, number from 1, records."""
    letters: dict[str, list[Subject]] = {}
    for subject in records:
        letters.setdefault(letter_of(subject), []).append(subject)
    for letter, found in letters.items():
        for number, at in enumerate(range(0, len(found), _ONE_INDEX), 1):
            yield letter, number, found[at : at + _ONE_INDEX]


def _identifier(key: str, value: str) -> views.Identifier:
    label = AUTHORITIES.get(key.lower(), (key, ""))[0]
    return views.Identifier(label, value, page_of(key, value))


def _anchor(letter: str) -> str:
    return "letter-" + (letter.lower() if letter != "#" else "other")
