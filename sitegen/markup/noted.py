"""The notes on an article as its page shows them: bodies as HTML, what they link to, what they say a passage names.

Pure; where notes belong has been found before (`annotate.anchors`). A body is sanitised whoever wrote it. Its links are
references of the article, behind the article's own, and are filled as these are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

import msgspec
from markupsafe import Markup

from sitegen.errors import Issue, Span
from sitegen.markup.fast import fast_note
from sitegen.markup.marks import block_at, blocks, end_of
from sitegen.markup.parse import Document, references_of
from sitegen.markup.scan import Scan, scan
from sitegen.markup.splice import escape, fill, inside, with_slots
from sitegen.model import views
from sitegen.model.dates import Date
from sitegen.model.document import Reference
from sitegen.model.mention import Body, ShownNote, ShownReply
from sitegen.model.notes import Anchored, Note, NotesFile, State

NOBODY = "none"  # the record of a note that says: these words name nobody
LAYERS = 8  # that a page tells apart; further ones share the last
_QUOTED = 160  # characters of a quotation that a page repeats
_UNFIT = re.compile(r"[^\w.-]+")


class Noted(msgspec.Struct, frozen=True):
    """What its notes add to an article.

    references: where they lead; one that spans text says what that text names. barred: words that name nobody. issues:
    what is wrong in their bodies. imported: the numbers of the references that came from other programs. layers: of each
    reference, that of its note. history: see `Facts`.
    """

    notes: tuple[ShownNote, ...] = ()
    references: tuple[Reference, ...] = ()
    barred: tuple[tuple[int, int], ...] = ()
    issues: tuple[Issue, ...] = ()
    imported: frozenset[int] = frozenset()
    layers: tuple[str, ...] = ()
    history: bytes = b""

    @property
    def anchors(self) -> list[str]:
        """The ids they have on the page."""
        return [f"{sign}-{note.name}" for note in self.notes if note.number for sign in ("note", "ref")]


def noted(document: Document, file: NotesFile, results: Iterable[Anchored], history: bytes = b"") -> Noted:
    """The notes of a file on an article. results: where each belongs."""
    found = {result.id: result for result in results}
    maker = _Maker(document, file)
    here = [(found[note.id], note) for note in file.notes if found[note.id].state is State.ANCHORED]
    for result, note in sorted(here, key=lambda pair: (pair[0].end, pair[0].start)):
        maker.anchored(note, result)
    for note in file.notes:
        if found[note.id].state is not State.ANCHORED:
            maker.waiting(note, found[note.id])
    return Noted(
        tuple(maker.notes),
        tuple(maker.references),
        tuple(maker.barred),
        tuple(maker.issues),
        frozenset(maker.imported),
        tuple(maker.layer_of),
        history,
    )


def note_marks(notes: Iterable[ShownNote]) -> dict[str, str]:
    """By slot, what stands in the text for each note that has a number."""
    return {f"n{note.number}": _number(note) for note in notes if note.number}


def note_views(
    notes: Iterable[ShownNote], body: Body, whole: Sequence[str], addresses: Sequence[str | None], href: Callable[[str], str],
    *, preview: bool,
) -> tuple[views.NoteView, ...]:  # fmt: skip
    """The notes that a page shows. whole: its body as `filled` gives it. preview: whether those that wait are shown, too."""
    bounds: dict[str, int] = {}
    at = 0
    for number, text in enumerate(whole):
        if number % 2 and body.slots[number // 2][0] in "bf":
            bounds[body.slots[number // 2]] = at
        at += len(text)

    def html(of: Body, first: int) -> str:
        lead = addresses[first : first + len(of.tags)] if first >= 0 else [None] * len(of.tags)
        return Markup(fill(of, {}, lead, href))

    shown = []
    for note in notes:
        if not note.number and (note.state == State.ANCHORED or not preview):
            continue
        replies, first = [], note.first + len(note.body.tags)
        for reply in note.replies:
            text = html(reply.body, first if note.first >= 0 else -1)
            replies.append(views.ReplyView(text, reply.by, _date(reply.created)))
            first += len(reply.body.tags)
        shown.append(views.NoteView(
            note.number, f"note-{note.name}", f"ref-{note.name}" if note.number else "", note.layer, note.rank, note.motivation,
            note.quote, html(note.body, note.first), note.tags, note.by, _date(note.created), tuple(replies),
            "" if note.state == State.ANCHORED else note.state, note.why,
            bounds.get(f"b{note.block}", -1), bounds.get(f"f{note.block}", -1),
        ))  # fmt: skip
    return tuple(shown)


def layer_views(notes: Iterable[ShownNote]) -> tuple[views.LayerView, ...]:
    """The layers of the notes that stand in the text."""
    names: dict[int, list[str]] = {}
    for note in notes:
        if note.state == State.ANCHORED and note.layer not in names.setdefault(note.rank, []):
            names[note.rank].append(note.layer)
    return tuple(views.LayerView(", ".join(found), rank) for rank, found in sorted(names.items()))


def _number(note: ShownNote) -> str:
    name = escape(note.name)
    link = f'<a id="ref-{name}" href="#note-{name}" role="doc-noteref">{note.number}</a>'
    return f'<sup class="noteref layer-{note.rank}">{link}</sup>'


def _date(iso: str) -> Date | None:
    return Date(iso) if iso else None


class _Maker(msgspec.Struct, dict=True):
    """Makes notes to be shown, one after the other."""

    document: Document
    file: NotesFile
    notes: list[ShownNote] = msgspec.field(default_factory=list)
    references: list[Reference] = msgspec.field(default_factory=list)
    barred: list[tuple[int, int]] = msgspec.field(default_factory=list)
    issues: list[Issue] = msgspec.field(default_factory=list)
    imported: set[int] = msgspec.field(default_factory=set)
    layer_of: list[str] = msgspec.field(default_factory=list)

    def __post_init__(self) -> None:
        self.blocks = blocks(self.document.scan)
        self.layers: dict[str, int] = {}
        taken = (anchor.partition("-") for anchor in self.document.anchors)
        self.names = {name for sign, _, name in taken if sign in ("note", "ref")}
        self.numbered = 0
        self.folder = self.document.path.rpartition("/")[0]

    def anchored(self, note: Note, result: Anchored) -> None:
        """Take in a note that has its place."""
        start, end = result.start, result.end
        place = self.file.said.get(note.id, Span(self.file.path))
        if note.record == NOBODY:
            self.barred.append((start, end))
        elif note.record:
            self.references.append(Reference(note.record, "", start, end, place, wiki=True))
        first, before = len(self.references), len(self.references) - bool(note.record and note.record != NOBODY)
        body, fragment = self.body(note.body, place)
        by_link = note.motivation == "identifying" and not note.record and len(self.references) > first
        if by_link:
            named = self.references[first]
            self.references[first] = msgspec.structs.replace(named, start=start, end=end)
        replies = tuple(ShownReply(self.body(reply.body, place)[0], reply.by, reply.created) for reply in note.replies)
        if note.origin:
            self.imported.update(range(before, len(self.references)))
        self.layer_of += [note.layer] * (len(self.references) - before)
        says = bool(note.tags or note.replies) or bool(note.body and not (by_link and _bare(fragment)))
        if not says and (note.record or note.motivation == "identifying"):
            return  # it is told by where the words lead
        self.numbered += says
        rank = min(self.layers.setdefault(note.layer, len(self.layers) + 1), LAYERS)
        block = block_at(self.blocks, end_of(self.document.scan, start, end) - 1) if says else -1
        quote = _short(self.document.text[start:end])
        self.notes.append(ShownNote(
            self.numbered if says else 0, self.name(note.id), note.layer, rank, note.motivation, quote, body, note.tags,
            note.by, note.created, replies, State.ANCHORED, result.why, start, end, block,
            len(self.document.references) + first, note.id,
        ))  # fmt: skip

    def waiting(self, note: Note, result: Anchored) -> None:
        """Take in a note that a person has to decide. Its links lead nowhere yet: nothing hangs on it."""
        first = len(self.references)
        place = self.file.said.get(note.id, Span(self.file.path))
        body = self.body(note.body, place)[0]
        replies = tuple(ShownReply(self.body(reply.body, place)[0], reply.by, reply.created) for reply in note.replies)
        del self.references[first:]
        self.notes.append(ShownNote(
            0, self.name(note.id), note.layer, 0, note.motivation, _short(note.quote.exact), body, note.tags, note.by,
            note.created, replies, result.state, result.why, -1, -1, -1, -1, note.id,
        ))  # fmt: skip

    def body(self, written: str, place: Span) -> tuple[Body, Scan]:
        """A body as HTML with slots; its links are added to the references."""
        html, unsafe, problem = _html(written)
        if problem:
            said = f"the note cannot be read as Markdown ({problem})"
            self.issues.append(Issue("markdown", said, place, "look for very deep nesting"))
        for address in unsafe:
            said = f'"{address.partition(":")[0]}:" links are not published'
            self.issues.append(Issue("unsafe-link", said, place, "use http, https, mailto or tel"))
        found = scan(html)
        references = references_of(found, self.folder, self.document.id, _There(place))
        self.references += [msgspec.structs.replace(reference, start=0, end=0) for reference in references]
        edits = [(anchor.start, anchor.end, "", (f"r{number}",), "") for number, anchor in enumerate(inside(found))]
        return with_slots(html, found, edits, linked=bool(references)), found

    def name(self, note_id: str) -> str:
        """What the note's address ends with: its id, as far as it fits, and unlike all others of the page."""
        made = _UNFIT.sub("-", note_id).strip("-") or "note"
        number, name = 1, made
        while name in self.names:
            number, name = number + 1, f"{made}-{number + 1}"
        self.names.add(name)
        return name


class _There(msgspec.Struct, frozen=True):
    """Finds every address at one place: a note is short."""

    span: Span

    def place(self, written: str, skip: int = 0) -> Span:
        return self.span


def _html(written: str) -> tuple[str, list[str], str]:
    """The HTML of a body, the addresses in it that are not published, and what went wrong."""
    quick = fast_note(written) if written else ""
    if quick is not None:
        return quick, [], ""
    from sitegen.markup.markdown import MarkdownError, note_html

    try:
        return *note_html(written), ""
    except MarkdownError as error:
        return "", [], str(error)


def _bare(found: Scan) -> bool:
    """Whether a body is nothing but a link: it names somebody, and says no more."""
    return len(found.anchors) == 1 and (found.anchors[0].text_start, found.anchors[0].text_end) == (0, len(found.text))


def _short(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= _QUOTED else words[:_QUOTED].rpartition(" ")[0] + " …"
