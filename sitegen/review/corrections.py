"""Corrections made while reading: who a name means in one article, a note on a passage, two records that are two things.

Each is an edit of a draft, and nothing is written here.
"""

from __future__ import annotations

import re
from collections.abc import Collection

import msgspec

from sitegen.annotate.find import NONE as NONE  # what an article's `links:` say of a name that is nobody's
from sitegen.annotate.quotes import quote_of
from sitegen.annotate.rebase import add, remove
from sitegen.build.annotations import ENDING
from sitegen.build.scan import STOPLIST
from sitegen.convert.slug import slug, unique
from sitegen.errors import SiteError
from sitegen.markup.parse import parse
from sitegen.model.ids import ARTICLES, kind_of
from sitegen.model.notes import Note, read_notes
from sitegen.model.text import canonical, fold
from sitegen.relate.authority import Signposts
from sitegen.review import edit
from sitegen.review.decide import Suggested, new_record
from sitegen.review.notes import Desk
from sitegen.review.shelf import Draft, Shelf
from sitegen.review.transactions import give


def settle(draft: Draft, article: str, name: str, record: str) -> None:
    """Let a name mean a record, or with "none" nobody, in one article.

    Raises: SiteError where the article is not there, does not have the name, or says it by a link in its text.
    """
    shelf, path = draft.shelf, f"{article}.md"
    where = f"{shelf.content.name}/{path}"
    if kind_of(article) != ARTICLES or shelf.data(path) is None:
        raise SiteError(f'there is no article "{article}"', help="names are settled in articles")
    if record != NONE:
        shelf.record(record)
    name = canonical(name)
    document = parse(path, (draft.data(path) or b""), raw_html=True).document
    if not name or fold(name).casefold() not in fold(document.text).casefold():
        raise SiteError(f'"{name}" is not in {where}', help="look at the page again: it may have changed")
    signposts = Signposts(shelf.authority, shelf.stems)
    for reference in document.references:
        words = canonical(document.text[reference.start : reference.end])
        if words == name and not reference.image and signposts.record(reference):
            raise SiteError(f'"{name}" is a link in the text ({reference.place})', help="edit the link where it stands")
    links = edit.values(draft.text(path), where).get("links")
    # An article that spells the name otherwise in its `links:` is corrected there.
    spelled = next((key for key in links if canonical(str(key)) == name), name) if isinstance(links, dict) else name
    draft.write(path, edit.put(draft.text(path), where, ("links", str(spelled)), record))


def name_everywhere(draft: Draft, name: str, record: str) -> None:
    """Make a name an alias of a record.

    Raises: SiteError where the record is not there, or another has the name.
    """
    subject = draft.shelf.record(record)
    owner = draft.shelf.owners.get(canonical(name))
    if owner and owner != record:
        raise SiteError(f'"{name}" is a name of {owner} already', help="settle it in this article only")
    give(draft, subject, [canonical(name)])


def record_for(draft: Draft, name: str, kind: str, kinds: Collection[str]) -> str:
    """Make a record of a name; gives its id.

    Raises: SiteError where a record has the name, or the kind is none.
    """
    return new_record(draft, Suggested(canonical(name), kind), kinds)


def free_id(shelf: Shelf, kind: str, name: str) -> str:
    """An id for a new record of this name."""
    taken = {doc_id.rpartition("/")[2].casefold() for doc_id in shelf.subjects if kind_of(doc_id) == kind}
    return f"{kind}/{unique(slug(name, fallback=kind), taken)}"


def stop(draft: Draft, name: str) -> None:
    """Never link or suggest a name."""
    draft.write(STOPLIST, edit.listed(draft.text(STOPLIST), canonical(name)))


def tell_apart(draft: Draft, one: str, other: str) -> None:
    """Two records are two things, however alike their names are."""
    draft.shelf.record(other)
    path = f"{draft.shelf.record(one).id}.md"
    where = f"{draft.shelf.content.name}/{path}"
    draft.write(path, edit.add(draft.text(path), where, "not_same_as", other))


def passage(desk: Desk, article: str, words: str, block: str = "", nth: int = 0) -> tuple[str, int, int]:
    """The text of an article, and where in it a reader marked some words: text[start:end].

    words: as the browser has them, white space of any kind. block: the id of the paragraph they begin in; nth: how many
    times the paragraph has them before. Raises: SiteError where they are not there.
    """
    path = f"{article}.md"
    text = desk.text(article)
    pattern = r"\s+".join(re.escape(word) for word in fold(words).split())
    start = 0
    if block:
        document = parse(path, desk.shelf.data(path) or b"", raw_html=desk.raw_html).document
        start = next((known.start for known in document.blocks if known.id == block), -1)
        if start < 0:
            raise SiteError(f"the paragraph is no longer in {desk.below}/{path}", help="look at the page again: it has changed")
    found = list(re.finditer(pattern, fold(text)[start:])) if pattern else []
    if nth >= len(found) or (not block and len(found) > 1):
        fact = "is more than once" if len(found) > 1 and not block else "is not"
        raise SiteError(f'"{words[:80]}" {fact} in {desk.below}/{path}', help="mark the words on the page, or give more of them")
    return text, start + found[nth].start(), start + found[nth].end()


def annotate(desk: Desk, draft: Draft, article: str, place: tuple[int, int], note: Note) -> str:
    """Put a note on text[start:end] of an article, with an id of its own; gives the id. note: its quote and id are made here.

    Raises: SiteError where the notes file has errors.
    """
    path = f"{article}{ENDING}"
    shown = f"{desk.below}/{path}"
    source, text = draft.text(path), desk.text(article)
    taken = {held.id for held in read_notes(source, shown)[0].notes}
    number = next(number for number in range(1, len(taken) + 2) if f"n{number}" not in taken)
    made = msgspec.structs.replace(note, id=f"n{number}", quote=quote_of(text, *place))
    draft.write(path, add(source, shown, [made], text))
    return made.id


def unannotate(desk: Desk, draft: Draft, article: str, note: str) -> None:
    """Delete a note; a notes file that holds no other goes with it.

    Raises: SiteError where the note is not there, or the file cannot be edited in place.
    """
    path = f"{article}{ENDING}"
    draft.write(path, remove(draft.text(path), f"{desk.below}/{path}", note) or None)
