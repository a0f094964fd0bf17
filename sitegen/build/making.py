"""Making the files of the output: a page rendered, a file copied or poured, each put where it is to wait.

What a worker needs for it is a `Workshop`; workers that are forked find plans at hand (`Bench`).
Each imports what it needs when it runs: a build with nothing to do imports none of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache, cached_property, partial
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from sitegen.errors import Issue, SiteError, Span
from sitegen.model.mention import Shown, Target
from sitegen.publish.guard import NOTHING, Guard

if TYPE_CHECKING:
    from sitegen.geo.layout import Ground
    from sitegen.geo.map import MapLayout
    from sitegen.geo.outlines import OwnOutlines
    from sitegen.model.ids import Linker
    from sitegen.model.views import PageView, SiteView
    from sitegen.render.theme import Theme

T = TypeVar("T")

_SLOTS_KEPT = 120_000  # two of 450 bytes for each record


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


class Again(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A page that is planned once more where it is made: its topic (see `relate.pages`) and its address."""

    topic: tuple[str, str]
    url: str


class Order(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A plan to be carried out: its file, the digest of what went into that last, and what makes it, where that travels."""

    name: str
    before: bytes = b""
    what: Again | Job | None = None


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
    def own(self) -> OwnOutlines | None:
        """The collection's own outlines, read where a map is drawn."""
        if not self.outlines:
            return None
        from sitegen.geo.geojson import NoOutlines, read_outlines

        try:
            return read_outlines(self.outlines)
        except NoOutlines:  # an error that is told already: see `build/outlines.py`
            return None

    @cached_property
    def maps(self) -> dict[bytes, MapLayout]:
        """Those drawn last: the map of all places is on several pages."""
        return {}

    def __reduce__(self) -> tuple[type[Workshop], tuple[Any, ...]]:
        return Workshop, (self.theme, self.site, self.linker, self.room, self.guard, self.outlines)


class Bench(msgspec.Struct, frozen=True):
    """A workshop with plans at hand: for workers that were forked when these were made, and for this process.

    jobs: by path, what makes a file where its order does not say it; again: plans a page once more.
    """

    jobs: Mapping[str, Callable[[], Job | Stream]]
    again: Callable[[Again], Job]
    workshop: Workshop

    def job(self, order: Order) -> Job | Stream:
        """What an order asks for."""
        what = order.what
        if what is None:
            return self.jobs[order.name]()
        return self.again(what) if isinstance(what, Again) else what


def carry_out(bench: Bench, batch: Sequence[Order]) -> list[Made]:
    """Make the files of these orders, but for those that nothing else goes into than last time."""
    outcomes = []
    for order in batch:
        began = perf_counter()
        job = bench.job(order)
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
        return b"".join([piece.encode() for piece in _rendered(workshop, job.page)])
    with open(job.file, "rb", buffering=0) as handle:  # noqa: PTH123  a third of the time of Path.read_bytes
        return handle.read()


@cache
def decoder_of(kind: type[T]) -> Callable[[bytes], T]:
    """What decodes the values of a class: to make it takes as long as many pages."""
    return msgspec.msgpack.Decoder(kind).decode


def _rendered(workshop: Workshop, page: Page) -> list[str]:
    from sitegen.model import views

    view: PageView = page.whole or decoder_of(getattr(views, page.kind))(page.view)
    body = ""
    if page.reading:
        from sitegen.markup.splice import fill
        from sitegen.relate.articles import complete

        reading = decoder_of(Shown)(page.reading)
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
    return workshop.theme.pieces(view, workshop.site, body, workshop.linker)


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
    from sitegen.relate.maps import MapRequest, draw

    kept = workshop.maps
    layout = kept.get(request)
    if layout is None:
        asked = decoder_of(MapRequest)(request)
        layout = draw(asked, workshop.own, _ground_kept)
        if len(kept) > 4:  # the large one stays: it is dear, and the pages that show it are far from each other
            for other in [other for other, drawn in kept.items() if drawn.width <= layout.width]:
                del kept[other]
        kept[request] = layout
    return layout


def _ground_kept(name: str, make: Callable[[], Ground]) -> Ground:
    """What lies under the pins of a map, from the person's cache folder: this or another worker may have put it there."""
    from sitegen import kept
    from sitegen.build.memo import code_digest, digest

    key = digest(code_digest(), name)
    with suppress(msgspec.MsgspecError):
        return msgspec.msgpack.decode(kept.read("ground", key), type=tuple[str, str, str])
    made = make()
    kept.keep("ground", key, msgspec.msgpack.encode(made))
    return made
