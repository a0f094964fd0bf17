"""Say of each note where in the text as it is now it belongs, or that a person has to decide.

Pure: no files, no cache. Three steps, each only where the one before says nothing:

1. The difference between the text that the notes were verified on and the text as it is now (`carry`).
2. The exact quotation, with its context.
3. The place that is most alike. It is only ever proposed.

Offsets are code points.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from sitegen.annotate.carry import PROPOSED, Carrier, Found, Place, Version, proposed
from sitegen.annotate.likeness import Words, counterpart, likeness
from sitegen.annotate.quotes import follows, places, precedes, quote_of
from sitegen.errors import Issue, Severity, Span
from sitegen.model.notes import Anchored, Note, NotesFile, Quote, State
from sitegen.model.text import fold

_TELLING = 12  # characters of context that tell a place by themselves
_SHOWN = 5  # proposals


def anchor(notes: Iterable[Note], new_text: str, old_text: str | None = None) -> tuple[Anchored, ...]:
    """Where the notes belong. `old_text` is what they were verified on, where it is at hand.

    Where a result is anchored, new_text[start:end] is the quotation, curly and straight quotation marks, hyphens and
    white space taken as the same.
    """
    new = Version(new_text)
    carrier = None if old_text is None else Carrier(new if old_text == new_text else Version(old_text), new)
    return tuple(_anchor(note, new, carrier) for note in notes)


def undecided(file: NotesFile, results: Iterable[Anchored], text: str) -> Iterator[Issue]:
    """An issue for each note of a file that a person has to decide, at its quotation."""
    for found in results:
        shown = " or ".join(f'"{" ".join(text[start:end].split())}"' for start, end in found.proposals)
        first = f"{found.id}=1" if len(found.proposals) > 1 else found.id
        remedy = f"the text may have it as {shown}: run sitegen notes rebase --accept {first}, or " if shown else ""
        span = file.places.get(found.id, Span(file.path))
        said = f'note "{found.id}" {{}}: {found.why}'
        if found.state is State.REVIEW:
            help = f"{remedy}correct its quotation, and take its state: out"
            yield Issue("note-review", said.format("needs a look"), span, help, Severity.WARNING)
        elif found.state is State.AMBIGUOUS:
            help = "make its quotation longer, or its prefix and suffix, until they fit one place only"
            yield Issue("note-ambiguous", said.format("fits several places"), span, help, Severity.WARNING)
        elif found.state is State.ORPHAN:
            help = "quote other words, or take the note out"
            yield Issue("note-orphan", said.format("has lost its words"), span, help, Severity.WARNING)


def _anchor(note: Note, new: Version, carrier: Carrier | None) -> Anchored:
    found = _carried(note, new, carrier) if carrier else _quoted(note.quote, new)
    if note.undecided:
        found = _waiting(note, found)
    start, end = found.place or (-1, -1)
    known = None if found.place or not carrier else _with_context(note.quote, carrier.old)
    return Anchored(note.id, found.state, found.why, start, end, found.proposals, known)


def _with_context(quote: Quote, old: Version) -> Quote | None:
    """A quotation without context, with the one that it had: by that it is found once its words and the old text are gone."""
    home = None if quote.prefix or quote.suffix else _quoted(quote, old).place
    return quote_of(old.text, *home, old.folded) if home else None


def _carried(note: Note, new: Version, carrier: Carrier) -> Found:
    """The first step. A quotation that the old text does not have was written since; one that it has twice stays in doubt."""
    home = _quoted(note.quote, carrier.old)
    if home.place:
        return carrier.carry(*home.place)
    found = _quoted(note.quote, new)
    if home.state is State.AMBIGUOUS and found.place:
        why = "the quotation fitted several places of the text it was made on"
        return Found(State.AMBIGUOUS, why, None, (found.place,))
    return found


def _waiting(note: Note, found: Found) -> Found:
    """A note that waits for a person goes on waiting, however well its words fit somewhere."""
    if not found.place:
        return found
    why = f'its words stand there, but the file says "state: {note.state}"'
    return replace(found, state=State.REVIEW, why=why, place=None, proposals=(found.place,))


def _quoted(quote: Quote, new: Version) -> Found:
    """The second step: the quotation alone."""
    size = len(quote.exact)
    known, anywhere = places(new.folded, quote)
    if len(known) == 1:
        return Found(State.ANCHORED, "the quotation stands there with its context", (known[0], known[0] + size))
    if known:
        return Found(State.AMBIGUOUS, "the quotation fits more than one place", None, _places(known, size))
    if not anywhere:
        return _alike(quote, new)
    half = [at for at in anywhere if _half_known(new.folded, at, quote)]
    if len(anywhere) == len(half) == 1:
        return Found(State.ANCHORED, "the words stand only there, on one side in their context", (half[0], half[0] + size))
    if len(half) == 1 or len(anywhere) == 1:
        return Found(State.REVIEW, "the words stand there in another context", None, _places(half or anywhere, size))
    why = "the words stand in several places, nowhere in their context"
    return Found(State.AMBIGUOUS, why, None, _places(half or anywhere, size))


def _half_known(folded: str, at: int, quote: Quote) -> bool:
    """Whether one side has as much of the context as tells a place."""
    before, behind = fold(quote.prefix), fold(quote.suffix)
    if len(before.strip()) >= _TELLING and precedes(folded, at, before):
        return True
    return len(behind.strip()) >= _TELLING and follows(folded, at + len(quote.exact), behind)


def _alike(quote: Quote, new: Version) -> Found:
    """The third step: what is most like the quotation and its context."""
    whole = fold(quote.prefix + quote.exact + quote.suffix)
    wanted = Words.of(whole, [(0, len(whole))])
    passage = wanted.within(len(quote.prefix), len(quote.prefix) + len(quote.exact))
    window, room = (0, len(wanted.words)), (0, len(new.words.words))
    like = likeness(wanted, window, window, new.words, room)
    if like.share < PROPOSED:
        return Found(State.ORPHAN, "the text does not have these words")
    region = max(0, like.first - 10), min(room[1], like.last + 10)
    found = proposed(counterpart(wanted, window, passage, new.words, region), new.words, "the text has something like it")
    return found or Found(State.ORPHAN, "its words were taken out")


def _places(starts: Sequence[int], size: int) -> tuple[Place, ...]:
    return tuple((at, at + size) for at in starts[:_SHOWN])
