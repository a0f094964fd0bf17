"""The stages: pure functions of a context and a batch of inputs, as a pool carries them.

    names, annotated   the finder on its own, for other commands
    heads   the front matter of the records
    notes   the notes files
    texts   a text read: parsed, its mentions found, its HTML with slots, its facts
    make    a file of the output: a page rendered, or a file copied

Each imports what it needs when it runs: a build with nothing to do imports none of it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property, partial
from time import perf_counter
from typing import TYPE_CHECKING, Any

import msgspec

from sitegen.build.memo import Input, Outcome, Stage
from sitegen.errors import Issue, SiteError, Span
from sitegen.model.digests import digest
from sitegen.model.entity import Subject
from sitegen.model.mention import By, Facts, Marks, Mention, Shown, Target
from sitegen.publish.guard import NOTHING, Guard

if TYPE_CHECKING:
    from sitegen.annotate.mentions import Aids
    from sitegen.annotate.names import Names
    from sitegen.annotate.suggest import Suggestion
    from sitegen.build.amended import Amended
    from sitegen.build.paragraphs import Rows
    from sitegen.geo.map import MapLayout
    from sitegen.geo.outlines import OwnOutlines
    from sitegen.markup.noted import Noted
    from sitegen.markup.parse import Document
    from sitegen.model.document import Correction, Reference
    from sitegen.model.ids import Linker
    from sitegen.model.notes import NotesFile
    from sitegen.model.views import PageView, SiteView
    from sitegen.relate.authority import Authority, Signposts
    from sitegen.relate.maps import MapRequest
    from sitegen.render.theme import Theme

_encode = msgspec.msgpack.Encoder().encode
_SLOTS_KEPT = 40_000


def _unreadable(item: Input, error: OSError) -> Outcome:
    issue = Issue("unreadable", f"the file cannot be read: {error.strerror}", Span(item.name), "check its permissions")
    return Outcome(item.name, b"", b"", (issue,))


def heads(_: None, batch: Sequence[Input]) -> list[Outcome]:
    """The `Subject` of each record file."""
    from sitegen.markup.parse import head, undecodable

    outcomes = []
    for item in batch:
        try:
            data = item.read()
            subject, issues = head(item.name, data)
            outcomes.append(Outcome(item.name, digest(data), _encode(subject), issues))
        except UnicodeDecodeError as error:
            outcomes.append(Outcome(item.name, digest(data), b"", (undecodable(item.name, data, error),)))
        except OSError as error:
            outcomes.append(_unreadable(item, error))
    return outcomes


class Known(msgspec.Struct, frozen=True):
    """What is known before any text is read: the names to look for, what references mean, and the notes.

    notes, sidecars: by the path of their article, the notes and the digests of their files. history: see `Facts`.
    olds: by path, the texts that notes were verified on; only for workers that cannot look for them. days: whether the
    dates that texts name are looked for. recorded: by site path, what the ledger of paragraphs has for a page. amended: what
    git tells of corrections, None where it is not asked.
    """

    names: Names
    signposts: Signposts
    authority: Authority
    raw_html: bool
    language: str
    notes: Mapping[str, NotesFile] = msgspec.field(default_factory=dict)
    sidecars: Mapping[str, bytes] = msgspec.field(default_factory=dict)
    history: bytes = b""
    olds: Mapping[str, str] = msgspec.field(default_factory=dict)
    days: bool = False
    recorded: Mapping[str, Rows] = msgspec.field(default_factory=dict)
    amended: Amended | None = None

    def beside(self, path: str, url: str) -> bytes:
        """A digest of what the ledger of paragraphs and git say of a text besides its own file, b"" for nothing."""
        rows = self.recorded.get(url)
        told = self.amended.found.get(path) if self.amended else None
        return (rows.digest if rows else b"") + (digest(_encode(told)) if told else b"")

    def found(self, references: Sequence[Reference], links: Sequence[tuple[str, str]]) -> tuple[str, ...]:
        """The records that a text's references and its own `links:` mean, "" for none."""
        meant = (self.authority.final(target) for _, target in links)
        records = self.authority.records
        return (*map(self.signposts.record, references), *(record if record in records else "" for record in meant))


def texts(known: Known, batch: Sequence[Input]) -> list[Outcome]:
    """The `Facts` of each text, with its Reading and quotes. The header of a record has been read before."""
    from sitegen.markup.parse import parse, undecodable

    outcomes = []
    for item in batch:
        try:
            data = item.read()
            parsed = parse(item.name, data, raw_html=known.raw_html)
        except UnicodeDecodeError as error:
            outcomes.append(Outcome(item.name, digest(data), b"", (undecodable(item.name, data, error),)))
            continue
        except OSError as error:
            outcomes.append(_unreadable(item, error))
            continue
        outcomes.append(_read(known, item, digest(data), parsed))
    return outcomes


def _read(known: Known, item: Input, data: bytes, parsed: Any) -> Outcome:
    from sitegen.markup.facts import facts

    document, noted = parsed.document, None
    rows = known.recorded.get(document.url)
    if rows:
        from sitegen.build.paragraphs import with_former

        document = with_former(document, rows)
    if known.amended and (corrected := known.amended.found.get(item.name)):
        document = _corrected(document, corrected)
    if item.name in known.notes:
        from sitegen.build.annotations import noted_on

        noted = noted_on(known, document, item)
    marks, found = marks_of(known, document, noted)
    days = _days(known, document) if known.days else ()
    told, reading, quotes = facts(document, marks, found, known.language, noted, days)
    if beside := known.beside(item.name, document.url):
        told = msgspec.structs.replace(told, beside=beside)
    issues = parsed.body if document.id in known.authority.everything else (*parsed.header, *parsed.body)
    issues = (*issues, *noted.issues) if noted else issues
    return Outcome(item.name, data, _encode(told), issues, reading, quotes, document.quick)


def _corrected(document: Document, told: Sequence[Correction]) -> Document:
    """The document with corrections that its own file does not have."""
    from sitegen.build.amended import with_corrections
    from sitegen.model.document import Article
    from sitegen.model.privacy import blacked_out

    meta = document.meta
    if not isinstance(meta, Article):
        return document
    shown = [msgspec.structs.replace(one, text=blacked_out(one.text, meta.redact)) for one in told]
    meta = msgspec.structs.replace(meta, corrections=with_corrections(meta.corrections, shown))
    return msgspec.structs.replace(document, meta=meta)


def _days(known: Known, document: Document) -> Sequence[tuple[int, int, str]]:
    """The dates that an article names."""
    from sitegen.annotate.days import find_days
    from sitegen.model.document import Article

    return find_days(document.text, document.meta.lang or known.language) if isinstance(document.meta, Article) else ()


def marks_of(known: Known, document: Document, noted: Noted | None = None) -> tuple[Marks, tuple[str, ...]]:
    """What a text names, and the records that its references, and those of its notes, mean (see `Known.found`)."""
    from sitegen.annotate.find import find
    from sitegen.model.document import Article

    links = document.meta.links if isinstance(document.meta, Article) else ()
    references, closed = document.references, document.closed
    found = known.found((*references, *noted.references) if noted else references, links)
    explicit = [
        Mention(reference.start, reference.end, record, By.LINK)
        for reference, record in zip(references, found, strict=False)
        if record
    ]
    if noted:
        explicit += _said_by_notes(document, noted, found[len(references) :])
        closed = [*closed, *noted.barred]
    marks = find(document.text, closed, explicit, known.names, dict(links))
    return _published(marks, document.id, known.authority), found


def _said_by_notes(document: Document, noted: Noted, found: Sequence[str]) -> list[Mention]:
    """What notes say that passages name. A link that the author wrote is stronger, wherever it leads."""
    taken = sorted((anchor.text_start, anchor.text_end) for anchor in document.scan.anchors if not anchor.image)
    starts = [start for start, _ in taken]
    said = []
    for number, (reference, record) in enumerate(zip(noted.references, found, strict=False)):
        before = bisect_left(starts, reference.end) - 1
        if record and not (before >= 0 and taken[before][1] > reference.start):
            by = By.IMPORT if number in noted.imported else By.NOTE
            said.append(Mention(reference.start, reference.end, record, by, noted.layers[number]))
    return said


def _published(marks: Marks, doc_id: str, authority: Authority) -> Marks:
    """The marks that lead somewhere else: a record's note does not link to itself, nothing to what is not published."""
    named = {mention.record for mention in marks.mentions}
    if doc_id not in named and authority.records.keys() >= named and authority.merged.keys().isdisjoint(named):
        return marks
    kept = []
    for mention in marks.mentions:
        record = authority.final(mention.record)
        if record != doc_id and record in authority.records:
            kept.append(mention if record == mention.record else msgspec.structs.replace(mention, record=record))
    return Marks(tuple(kept), marks.ambiguities)


def notes(_: None, batch: Sequence[Input]) -> list[Outcome]:
    """The `NotesFile` of each notes file."""
    from sitegen.markup.parse import undecodable
    from sitegen.model.notes import read_notes

    outcomes = []
    for item in batch:
        try:
            data = item.read()
            read, issues = read_notes(data.decode(), item.name)
            outcomes.append(Outcome(item.name, digest(data), _encode(read), issues))
        except UnicodeDecodeError as error:
            outcomes.append(Outcome(item.name, digest(data), b"", (undecodable(item.name, data, error),)))
        except OSError as error:
            outcomes.append(_unreadable(item, error))
    return outcomes


def names(aids: Aids, batch: Sequence[str]) -> list[list[Suggestion]]:
    """What each text of a batch names, for `convert`."""
    from sitegen.annotate.suggest import suggest

    return [suggest(text, aids) for text in batch]


def annotated(aids: Aids, batch: Sequence[tuple[int, bytes]]) -> list[bytes]:
    """Lines of mentions for numbered lines of texts (see annotate.jsonl). Raises: SiteError."""
    from sitegen.annotate.jsonl import annotate

    return [found for number, line in batch for found in annotate([line], number, aids)]


HEADS: Stage[Subject] = Stage("heads", Subject, heads, few=5000)
TEXTS: Stage[Facts] = Stage("texts", Facts, texts)


def notes_stage() -> Stage[NotesFile]:
    """The stage of the notes files; what it needs is loaded where there are any."""
    from sitegen.model.notes import NotesFile

    return Stage("notes", NotesFile, notes)


# Making files.


class Page(msgspec.Struct, frozen=True, array_like=True):
    """A page to render: the name of its view's class, the encoded view, and, b"" where it has none, the map it shows and
    the text, with what the slots of that are filled with. notes: whether its template shows notes; preview: those that
    wait, too. whole: the view itself, where nothing in it was encoded before; it stays in its process.
    """

    kind: str
    view: bytes
    map: bytes
    reading: bytes
    targets: tuple[Target, ...]
    addresses: tuple[str | None, ...]
    notes: bool = False
    preview: bool = False
    whole: PageView | None = None

    def __reduce__(self) -> tuple[type[Page], tuple[Any, ...]]:
        return Page, msgspec.structs.astuple(self)[:-1]


class Job(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A file to make at `name` below the output folder: of a Page, of bytes, or of a file's.

    goes_in: the digest of all that it is made of, b"" where its plan's key says that.
    """

    name: str
    goes_in: bytes = b""
    page: Page | None = None
    data: bytes | None = None
    file: str = ""


class Stream(msgspec.Struct, frozen=True):
    """A file too large to be held: `write` makes it at the path it is given."""

    name: str
    write: Callable[[str], None]


class Order(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A plan to be carried out: its file, its number among the plans, and the digest of what went into the file last."""

    name: str
    number: int
    before: bytes = b""


class Made(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What became of an order: see `output.Room.put`; `data` where the worker cannot write here, issues where it failed.

    goes_in: the digest of all that the file is made of. same: that is what went into it last, so nothing was made.
    """

    name: str
    goes_in: bytes = b""
    same: bool = False
    put: tuple[str, int, int, bool] | None = None
    data: bytes | None = None
    issues: tuple[Issue, ...] = ()
    seconds: float = 0.0


class Workshop(msgspec.Struct, frozen=True, dict=True):
    """What rendering needs besides the page itself.

    room: where files are put, None where they are only made. outlines: the collection's own, as GeoJSON, b"" for the world's.
    """

    theme: Theme
    site: SiteView
    linker: Linker
    room: Any = None
    guard: Guard = NOTHING
    outlines: bytes = b""

    @cached_property
    def reading(self) -> msgspec.msgpack.Decoder[Shown]:
        return msgspec.msgpack.Decoder(Shown)

    @cached_property
    def spoken(self) -> dict[str, tuple[dict[str, Target], dict[str, str]]]:
        """By the way up from a page: what stands in the slots of records, and, outside of the page's first folder, of which."""
        return {}

    def said(self, url: str, targets: Iterable[Target]) -> Mapping[str, str]:
        """What stands in the slots of these records on the page at a site path; that there is of others may not hold for it."""
        from sitegen.markup.splice import spoken

        top, up = self.linker.above(url)
        known, slots = self.spoken.setdefault(up, ({}, {}))
        if len(slots) >= _SLOTS_KEPT:
            known.clear()
            slots.clear()
        for target in targets:
            near = not up or target.url.startswith(top)
            had = None if near else known.get(target.record)
            if had is not None and (had is target or had == target):
                continue
            slots |= spoken(target, partial(self.linker.href, url))
            if near:  # as this page says it, and no other
                known.pop(target.record, None)
            else:
                known[target.record] = target
        return slots

    @cached_property
    def request(self) -> msgspec.msgpack.Decoder[MapRequest]:
        from sitegen.relate.maps import MapRequest

        return msgspec.msgpack.Decoder(MapRequest)

    @cached_property
    def own(self) -> OwnOutlines | None:
        """The collection's own outlines, read where a map is drawn."""
        from sitegen.geo.geojson import NoOutlines, read_outlines

        try:
            return read_outlines(self.outlines) if self.outlines else None
        except NoOutlines:  # an error that is told already: see `build/outlines.py`
            return None

    @cached_property
    def maps(self) -> dict[bytes, MapLayout]:
        """Those drawn last: the map of all places is on several pages."""
        return {}

    def __reduce__(self) -> tuple[type[Workshop], tuple[Any, ...]]:
        return Workshop, (self.theme, self.site, self.linker, self.room, self.guard, self.outlines)


class Bench(msgspec.Struct, frozen=True):
    """A workshop with all plans at hand: for workers that were forked when these were made, and for this process."""

    jobs: Sequence[Callable[[], Job | Stream]]
    workshop: Workshop


def carry_out(bench: Bench, batch: Sequence[Order]) -> list[Made]:
    """Make the files of these orders, but for those that nothing else goes into than last time."""
    outcomes = []
    for order in batch:
        began = perf_counter()
        job = bench.jobs[order.number]()
        if isinstance(job, Stream):
            outcomes.append(poured(bench.workshop.room, job, began, bench.workshop.guard))
        elif job.goes_in and job.goes_in == order.before:
            outcomes.append(Made(order.name, job.goes_in, same=True))
        else:
            outcomes.append(_made(bench.workshop, job, began))
    return outcomes


def poured(room: Any, stream: Stream, began: float, guard: Guard) -> Made:
    """Make a file of any size; where files are only made to see whether they can be, it is not."""
    put = room.pour(stream.name, stream.write) if room else None
    if put and put[3] and guard:  # it waits: what lies there already was looked at when it was made
        for piece in _pieces(f"{room.staging}/{stream.name}", max(2 * guard.reach, 1 << 12)):
            if issues := betrayals(guard, piece, stream.name):
                return Made(stream.name, issues=issues)
    return Made(stream.name, put=put, seconds=perf_counter() - began)


def _pieces(path: str, reach: int) -> Iterator[bytes]:
    """A file piece by piece, each with so many bytes of the one before; an archive by its members, unpacked."""
    if path.endswith(".zip"):
        import zipfile

        with zipfile.ZipFile(path) as packed:
            yield from (packed.read(name) for name in packed.namelist())
        return
    rest = b""
    with open(path, "rb") as file:  # noqa: PTH123
        while piece := file.read(1 << 22):
            yield rest + piece
            rest = piece[-reach:]


def betrayals(guard: Guard, data: bytes, name: str) -> tuple[Issue, ...]:
    """What is said where a file tells a secret: not which."""
    secret = guard.betrayed_by_name(name)
    message = f"the address of a file would show what {secret.file} keeps private" if secret else ""
    if not secret:
        secret = guard.betrayed(data)
        message = f"/{name.removesuffix('index.html')} would show what {secret.file} keeps private" if secret else ""
    if not secret:
        return ()
    help = "black the passage out (redact:) in the text that says it, or make that text private, too"
    return (Issue("private-shown", message, Span(secret.file), help),)


def make(workshop: Workshop, batch: Sequence[Job]) -> list[Made]:
    """Make each file, and put it where it is to wait."""
    return [_made(workshop, job, perf_counter()) for job in batch]


def _made(workshop: Workshop, job: Job, began: float) -> Made:
    try:
        data = made(workshop, job)
    except SiteError as error:
        if not error.issues:
            raise
        return Made(job.name, job.goes_in, issues=tuple(error.issues))
    except OSError as error:
        issue = Issue("unreadable", f"the file cannot be read: {error.strerror}", Span(job.file), "check its permissions")
        return Made(job.name, job.goes_in, issues=(issue,))
    if workshop.guard and (issues := betrayals(workshop.guard, data, job.name)):
        return Made(job.name, job.goes_in, issues=issues)
    if workshop.room is None:
        return Made(job.name, job.goes_in, data=data, seconds=perf_counter() - began)
    put = workshop.room.put(job.name, data)
    return Made(job.name, job.goes_in, put=put, seconds=perf_counter() - began)


def made(workshop: Workshop, job: Job) -> bytes:
    """The bytes of a file.

    Raises: SiteError with its issues where a template fails; OSError where a file cannot be read.
    """
    if job.data is not None:
        return job.data
    if job.page:
        return _rendered(workshop, job.page).encode()
    with open(job.file, "rb", buffering=0) as handle:  # noqa: PTH123  a third of the time of Path.read_bytes
        return handle.read()


@cache
def _decoder_of(kind: str) -> Callable[[bytes], PageView]:
    """What decodes the views of a class."""
    from sitegen.model import views

    return msgspec.msgpack.Decoder(getattr(views, kind)).decode


def _rendered(workshop: Workshop, page: Page) -> str:
    view = page.whole or _decoder_of(page.kind)(page.view)
    body = ""
    if page.reading:
        from sitegen.markup.splice import fill
        from sitegen.relate.articles import complete

        reading = workshop.reading.decode(page.reading)
        view = complete(view, reading)
        said, href = workshop.said(view.url, page.targets), partial(workshop.linker.href, view.url)
        if page.notes and reading.notes:
            view, body = _noted(view, reading, said, page, href)
        else:
            body = fill(reading.body, said, page.addresses, href)
    if page.kind == "NetworkView":
        from sitegen.relate.network import complete as laid_out

        view = laid_out(view)
    if page.map:
        view = msgspec.structs.replace(view, map=_map(page.map, workshop))
    return workshop.theme.render(view, workshop.site, body, workshop.linker)


def _noted(
    view: PageView, reading: Shown, said: Mapping[str, str], page: Page, href: Callable[[str], str]
) -> tuple[PageView, str]:
    """An article's view with its notes, and its body with their marks."""
    from sitegen.markup.noted import layer_views, note_marks, note_views
    from sitegen.markup.splice import filled

    whole = filled(reading.body, said, page.addresses, href, note_marks(reading.notes))
    shown = note_views(reading.notes, reading.body, whole, page.addresses, href, preview=page.preview)
    return msgspec.structs.replace(view, notes=shown, layers=layer_views(reading.notes)), "".join(whole)


def _map(request: bytes, workshop: Workshop) -> MapLayout:
    from sitegen.relate.maps import draw

    kept = workshop.maps
    layout = kept.get(request)
    if layout is None:
        asked = workshop.request.decode(request)
        layout = draw(asked, workshop.own)
        if len(kept) > 4:  # the large one stays: it is dear, and the pages that show it are far from each other
            for other in [other for other, drawn in kept.items() if drawn.width <= layout.width]:
                del kept[other]
        kept[request] = layout
    return layout
