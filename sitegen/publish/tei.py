"""Articles as TEI P5, one document each, in one archive.

Names are marked where they stand and lead to the records in `standOff`; notes are annotations there. One archive and
not a file each: at 10,000 articles that many files more are half of what hosts take.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from sitegen.model.assertion import assertion
from sitegen.model.dates import Date
from sitegen.model.entity import Subject
from sitegen.model.notes import Anchored, Note
from sitegen.publish.dataset import Dataset, Edition, Mentioned
from sitegen.publish.feed import printable
from sitegen.publish.records import same_as

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest a ZIP can say: no clock
# Kind → list, item and name of its records; what marks its names in the text.
_LISTS = {
    "people": ("listPerson", "person", "persName"),
    "organisations": ("listOrg", "org", "orgName"),
    "places": ("listPlace", "place", "placeName"),
    "events": ("listEvent", "event", "label"),
    "works": ("listBibl", "bibl", "title"),
}
_OTHER = ("listObject", "object", "objectName")
_NAMES = {"people": "persName", "organisations": "orgName", "places": "placeName"}


def as_archive(data: Dataset) -> Iterator[bytes]:
    """A ZIP with `articles/<name>.xml` for each article, the same bytes for the same articles."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for edition in data.editions():
            member = zipfile.ZipInfo(edition.facts.id + ".xml", _EPOCH)
            member.compress_type, member.create_system, member.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(member, as_tei(edition, data).encode())
            yield pipe.taken()
    yield pipe.taken()


class _Pipe(io.RawIOBase):
    """A file that can only be written on, and whose bytes are taken away as they come."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._held.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        held, self._held = self._held, []
        return b"".join(held)


def as_tei(edition: Edition, data: Dataset) -> str:
    """One article as a document."""
    facts, site = edition.facts, data.site
    lang = quoteattr(facts.lang)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:lang={quoteattr(site.language)}>\n'
        f"{_header(edition, data)}{_stand_off(edition, data)}"
        f"<text xml:lang={lang}>\n<body>\n{_body(edition, data)}</body>\n</text>\n</TEI>\n"
    )


def _header(edition: Edition, data: Dataset) -> str:
    facts, meta, site = edition.facts, edition.meta, data.site
    source = meta.source
    licence = (source.licence if source else "") or site.licence
    origin = _element("title", facts.title)
    origin += _element("author", meta.byline)
    origin += _element("publisher", source.publisher if source else "")
    origin += f"<date when={quoteattr(_when(facts.date))}>{_text(facts.date.text)}</date>" if facts.date else ""
    origin += f"<ptr target={quoteattr(source.url)}/>" if source and source.url else ""
    origin += f'<idno type="sha256">{_text(source.sha256)}</idno>' if source and source.sha256 else ""
    origin += f'<note type="retrieved">{_text(source.retrieved)}</note>' if source and source.retrieved else ""
    terms = "".join(_element("term", tag) for tag in facts.tags)
    name, _, version = site.generator.partition(" ")
    return (
        f"<teiHeader>\n<fileDesc>\n<titleStmt>{_element('title', facts.title)}{_element('author', meta.byline)}</titleStmt>\n"
        f"<publicationStmt>{_element('publisher', site.author or site.title)}"
        f'<idno type="URL">{_text(data.address(facts.url))}</idno>'
        f"{'<availability>' + _element('licence', licence) + '</availability>' if licence else ''}</publicationStmt>\n"
        f"<sourceDesc><bibl>{origin}</bibl></sourceDesc>\n</fileDesc>\n"
        f"<encodingDesc><appInfo><application ident={quoteattr(name)} version={quoteattr(version or '0')}>"
        f"{_element('label', name)}</application></appInfo></encodingDesc>\n"
        f"<profileDesc><langUsage><language ident={quoteattr(facts.lang)}/></langUsage>"
        f"{f'<textClass><keywords>{terms}</keywords></textClass>' if terms else ''}</profileDesc>\n</teiHeader>\n"
    )


def _stand_off(edition: Edition, data: Dataset) -> str:
    lists: dict[str, list[str]] = {}
    for number, record in enumerate(edition.facts.named):
        subject = data.records[record]
        lists.setdefault(_LISTS.get(subject.kind, _OTHER)[0], []).append(_item(f"r{number + 1}", subject, data))
    listed = "".join(f"<{name}>\n{''.join(items)}</{name}>\n" for name, items in sorted(lists.items()))
    noted = "".join(_note(number, note, at, edition) for number, (note, at) in enumerate(edition.notes, 1))
    return f"<standOff>\n{listed}{noted}</standOff>\n" if listed or noted else ""


def _note(number: int, note: Note, at: Anchored, edition: Edition) -> str:
    line = edition.text.count("\n", 0, at.start) + 1
    quote = f"<quote>{_text(edition.text[at.start : at.end])}</quote>"
    said = f"<p>{quote}</p>" + (f"<p>{_text(note.body)}</p>" if note.body else "")
    return f'<note xml:id="n{number}" type={quoteattr(note.motivation)} target="#b{line}">{said}</note>\n'


def _item(name: str, subject: Subject, data: Dataset) -> str:
    record = subject.record
    _, item, label = _LISTS.get(subject.kind, _OTHER)
    names = f"<{label}>{_text(record.name)}</{label}>"
    if label == "objectName":
        names = f"<objectIdentifier>{names}</objectIdentifier>"
    same = [data.address(subject.url), *same_as(subject)]
    at = record.location if item == "place" else None
    where = f"<location><geo>{at.lat} {at.lon}</geo></location>" if at else ""
    idnos = "".join(f'<idno type="URI">{_text(address)}</idno>' for address in same)
    if label == "objectName":
        names, idnos = names.removesuffix("</objectIdentifier>") + idnos + "</objectIdentifier>", ""
    return f'<{item} xml:id="{name}">{names}{where}{idnos}</{item}>\n'


def _body(edition: Edition, data: Dataset) -> str:
    """The text, a line a block; a heading begins a division."""
    headings = [(heading.text, heading.level) for heading in edition.headings]
    numbers = {record: i + 1 for i, record in enumerate(edition.facts.named)}
    mentions = list(edition.mentions)
    made: list[str] = []
    divided = False
    at, begun = 0, 0
    for count, line in enumerate(edition.text.split("\n"), 1):
        end = at + len(line)
        first = begun
        while begun < len(mentions) and mentions[begun].start < end:
            begun += 1
        inside = mentions[first:begun]
        marked = _marked(line, at, inside, numbers, data)
        if headings and line.strip() == headings[0][0].strip():
            level = headings.pop(0)[1]
            made += ["</div>\n"] if divided else []
            made.append(f'<div n="{level}">\n<head xml:id="b{count}">{marked}</head>\n')
            divided = True
        elif line.strip():
            made.append(f'<p xml:id="b{count}">{marked}</p>\n')
        at = end + 1
    if divided:
        made.append("</div>\n")
    return "".join(made) or "<p/>\n"


def _marked(line: str, at: int, mentions: Iterable[Mentioned], numbers: dict[str, int], data: Dataset) -> str:
    parts, done = [], 0
    for start, end, record, quote in mentions:
        first, last = start - at, min(end - at, len(line))
        name = _NAMES.get(data.records[record].kind, "name")
        kind = f" type={quoteattr(data.records[record].kind)}" if name == "name" else ""
        _, score = assertion(quote.by, quote.name, data.records[record].record)
        sure = "" if score is None else f' cert="{score}"'
        parts += [_text(line[done:first]), f'<{name}{kind} ref="#r{numbers[record]}"{sure}>{_text(line[first:last])}</{name}>']
        done = last
    return "".join([*parts, _text(line[done:])])


def _when(date: Date) -> str:
    return date.iso[:10]


def _element(name: str, text: str) -> str:
    return f"<{name}>{_text(text)}</{name}>" if text else ""


def _text(text: str) -> str:
    return escape(printable(text))
