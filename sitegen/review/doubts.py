"""What a person should decide besides suggestions: names of several records, records that may be one, notes without a place.

And what becomes of such a note: a place, or its end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import msgspec

from sitegen.build.annotations import anchored
from sitegen.errors import SiteError
from sitegen.model.entity import Subject
from sitegen.model.mention import Facts
from sitegen.model.notes import Anchored, Note, State, read_notes
from sitegen.relate.check import near_duplicates
from sitegen.review.corrections import unannotate
from sitegen.review.notes import Desk, carry_over
from sitegen.review.session import Session
from sitegen.review.shelf import Draft, Shelf


class Undecided(msgspec.Struct, frozen=True):
    """A name that several records have, and the articles in which nothing tells which."""

    name: str
    records: tuple[str, ...]
    articles: tuple[str, ...]


class Adrift(msgspec.Struct, frozen=True):
    """A note that lost its place in its article, and what became of it."""

    article: str
    note: Note
    result: Anchored
    text: str


def undecided(texts: Iterable[Facts]) -> list[Undecided]:
    """The ambiguous names of texts, those of most texts first."""
    found: defaultdict[tuple[str, tuple[str, ...]], set[str]] = defaultdict(set)
    for facts in texts:
        for ambiguity in facts.ambiguities:
            found[ambiguity.name, ambiguity.records].add(facts.id)
    items = [Undecided(name, records, tuple(sorted(where))) for (name, records), where in found.items()]
    return sorted(items, key=lambda item: (-len(item.articles), item.name))


def doubles(shelf: Shelf) -> list[tuple[Subject, Subject]]:
    """Pairs of records that may be one."""
    return list(near_duplicates(shelf.subjects.values()))


def adrift(desk: Desk) -> Iterator[Adrift]:
    """The notes that a person has to look at. A notes file that cannot be read is passed over: the build complains of it."""
    for doc_id in desk.annotated():
        path = f"{doc_id}.notes.yaml"
        try:
            source, document = Draft(desk.shelf).text(path), desk.document(doc_id)
        except SiteError:
            continue
        file = read_notes(source, path)[0]
        article, remembered = desk.shelf.content / f"{doc_id}.md", desk.remembered(f"{doc_id}.md")
        notes = {note.id: note for note in file.notes}
        for result in anchored(file, document, article, raw_html=desk.raw_html, remembered=remembered):
            if result.state is not State.ANCHORED:
                yield Adrift(doc_id, notes[result.id], result, document.text)


def place_note(session: Session, desk: Desk, item: Adrift, choice: int) -> None:
    """Give a note the place that is proposed for it. choice: from 1.

    Raises: SiteError where it cannot be written.
    """
    accepted = f"{item.note.id}={choice}" if len(item.result.proposals) > 1 else item.note.id
    outcome = carry_over(desk, [item.article], [accepted])
    session.carry_out("note", item.note.id, outcome.draft, record=item.article)


def delete_note(session: Session, desk: Desk, item: Adrift) -> None:
    """Delete a note. Raises: SiteError where it cannot be."""
    draft = Draft(desk.shelf)
    unannotate(desk, draft, item.article, item.note.id)
    session.carry_out("delete-note", item.note.id, draft, record=item.article)
