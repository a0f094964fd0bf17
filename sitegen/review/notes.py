"""Notes written back: anchors that moved with their articles, and annotations from other programs.

Both give a `Draft`, so that what is written can be looked at first, and all of it is written or nothing is.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

import msgspec

from sitegen.annotate import standoff, webannotation
from sitegen.annotate.anchors import undecided
from sitegen.annotate.rebase import accepted, add, rebase
from sitegen.annotate.webannotation import Annotation
from sitegen.build.annotations import ENDING, anchored, article_of
from sitegen.errors import Issue, SiteError, Span, did_you_mean, errors
from sitegen.markup.parse import Document, parse
from sitegen.model.ids import ARTICLES, kind_of, url_of
from sitegen.model.notes import Anchored, Note, State, read_notes
from sitegen.review.shelf import Draft, Shelf

_OUR_MENTION = re.compile(r"mention-\d+-\d+\Z")
_CHOICE = re.compile(r"(.+)=([1-9]\d*)\Z")


class Outcome(msgspec.Struct, frozen=True):
    """What is to be written, what a person still has to decide or look for, and the sum in a line."""

    draft: Draft
    issues: tuple[Issue, ...]
    sum: str


class Desk(msgspec.Struct, frozen=True):
    """A collection whose notes are worked on. below: its content folder as people see it.

    remembered: the text that the notes on an article, given by its path, were last verified on in a build, or "".
    """

    shelf: Shelf
    below: str
    raw_html: bool
    remembered: Callable[[str], str] = lambda _: ""

    def text(self, doc_id: str) -> str:
        """An article's text, as anchors count it. Raises: SiteError as `document` does."""
        return self.document(doc_id).text

    def document(self, doc_id: str) -> Document:
        """An article, parsed.

        Raises: SiteError where there is no such article, or its bytes are no UTF-8.
        """
        path = f"{doc_id}.md"
        data = self.shelf.data(path) if kind_of(doc_id) == ARTICLES else None
        if data is None:
            near = did_you_mean(doc_id, self.articles) or 'ids are folder and file name, as in "articles/raqqa"'
            raise SiteError(f'there is no article "{doc_id}"', help=near)
        try:
            return parse(path, data, raw_html=self.raw_html).document
        except UnicodeDecodeError:
            raise SiteError(f"{self.below}/{path} is not UTF-8", help="save the file as UTF-8") from None

    @property
    def articles(self) -> list[str]:
        """The ids of all articles."""
        return [path.removesuffix(".md") for path in self.shelf.texts() if kind_of(path) == ARTICLES]

    def annotated(self) -> list[str]:
        """The ids of the articles that have a notes file."""
        known = set(self.shelf.paths)
        held = (path for path in self.shelf.paths if path.endswith(ENDING) and kind_of(path) == ARTICLES)
        return [article_of(path).removesuffix(".md") for path in held if article_of(path) in known]


def carry_over(desk: Desk, articles: Sequence[str] = (), accept: Iterable[str] = (), *, dry_run: bool = False) -> Outcome:
    """Write into notes files what became of their anchors: of these articles, or of all.

    accept: ids of notes whose proposal is taken, "n1", or "n1=2" for the second one. dry_run: issues have the lines of
    the files as they are, else as they are to be.
    Raises: SiteError where a file has errors, an article is not there, or what is accepted is not one proposal.
    """
    choices, issues = _Choices(accept), list[Issue]()
    read = [_Sheet.of(desk, doc_id) for doc_id in articles or desk.annotated()]
    if broken := [issue for sheet in read for issue in errors(sheet.issues)]:
        raise SiteError("notes files have errors", issues=broken)
    found = [choices.taken(sheet) for sheet in read]
    choices.all_used()
    draft, standing = Draft(desk.shelf), 0
    for sheet, results in zip(read, found, strict=True):
        made = rebase(sheet.source, sheet.shown, results, sheet.text)
        if made != sheet.source:
            draft.write(sheet.path, made)
        issues += undecided(read_notes(sheet.source if dry_run else made, sheet.shown)[0], results, sheet.text)
        standing += sum(result.state is State.ANCHORED for result in results)
    sum_ = f"{_plural(len(draft.changes), 'notes file')} edited, {_plural(standing, 'note')} anchored, {len(issues)} to decide"
    return Outcome(draft, tuple(issues), sum_)


class _Sheet(msgspec.Struct, frozen=True):
    """A notes file with its article's text, and where its notes belong in it."""

    path: str
    shown: str
    source: str
    text: str
    issues: tuple[Issue, ...]
    results: tuple[Anchored, ...]

    @classmethod
    def of(cls, desk: Desk, doc_id: str) -> _Sheet:
        path, shown = f"{doc_id}{ENDING}", f"{desk.below}/{doc_id}{ENDING}"
        source, document = Draft(desk.shelf).text(path), desk.document(doc_id)
        if not source:
            near = did_you_mean(doc_id, desk.annotated()) or "sitegen notes import makes such files"
            raise SiteError(f"{shown} is not there, or empty", help=near)
        notes, issues = read_notes(source, shown)
        file, remembered = desk.shelf.content / f"{doc_id}.md", desk.remembered(f"{doc_id}.md")
        results = anchored(notes, document, file, raw_html=desk.raw_html, remembered=remembered)
        return cls(path, shown, source, document.text, issues, results)


class _Choices:
    """The proposals that a person takes."""

    def __init__(self, accept: Iterable[str]) -> None:
        self._wanted = {(found[1] if (found := _CHOICE.match(word)) else word): int(found[2]) if found else 0 for word in accept}
        self._used: dict[str, str] = {}

    def taken(self, sheet: _Sheet) -> tuple[Anchored, ...]:
        """The results for a file, with those proposals taken."""
        return tuple(self._one(sheet, result) if result.id in self._wanted else result for result in sheet.results)

    def all_used(self) -> None:
        for name in self._wanted:
            if name not in self._used:
                raise SiteError(f'there is no note "{name}"', help="give its id, as in its file")

    def _one(self, sheet: _Sheet, result: Anchored) -> Anchored:
        number, count = self._wanted[result.id], len(result.proposals)
        if result.id in self._used:
            files = f"{self._used[result.id]} and {sheet.shown}"
            raise SiteError(f'a note "{result.id}" is in {files}', help="name the article that is meant")
        self._used[result.id] = sheet.shown
        if not count:
            what = "is anchored" if result.state is State.ANCHORED else f"has no proposal: {result.why}"
            raise SiteError(f'{sheet.shown}: note "{result.id}" {what}', help="there is nothing to accept")
        if number > count or (count > 1 and not number):
            shown = "; ".join(f"{i} {_around(sheet.text, place)}" for i, place in enumerate(result.proposals, 1))
            raise SiteError(f'{sheet.shown}: note "{result.id}" has {_plural(count, "proposal")}: {shown}',
                            help=f"say which: --accept {result.id}=1")  # fmt: skip
        return accepted(result, max(0, number - 1))


def bring_in(desk: Desk, file: Path, shown: str, article: str = "", *, base: str = "") -> Outcome:
    """Add the annotations of a file of another program to the notes of an article, or of those they were made at.

    shown: the file as people see it. base: the site's address. What does not anchor is an issue.
    Raises: SiteError where the file cannot be read, or nothing tells the article.
    """
    data = _file(file, shown)
    if file.suffix in (".ann", ".jsonl"):
        doc_id = article or _namesake(desk, file, shown)
        text = desk.text(doc_id)
        if file.suffix == ".ann":
            beside = file.with_suffix(".txt")
            found = standoff.from_brat(data, _file(beside, beside.name), shown, text)
        else:
            found = standoff.from_doccano(data, shown, text)
        origin = Path(shown).name
        brought = {doc_id: tuple(msgspec.structs.replace(note, origin=origin) for note in found[0])}
        issues = list(found[1])
    else:
        brought, issues = _annotated(desk, webannotation.read(data, shown), shown, article, base)
    draft, added, had = Draft(desk.shelf), 0, 0
    for doc_id, notes in brought.items():
        path, place = f"{doc_id}{ENDING}", f"{desk.below}/{doc_id}{ENDING}"
        source = draft.text(path)
        fresh = _fresh(read_notes(source, place)[0].notes, notes)
        if fresh:
            draft.write(path, add(source, place, fresh, desk.text(doc_id)))
        added, had = added + len(fresh), had + len(notes) - len(fresh)
    sum_ = f"{_plural(added, 'note')} added to {_plural(len(draft.changes), 'notes file')}, {len(issues)} without a place"
    return Outcome(draft, tuple(issues), sum_ + (f", {had} there already" if had else ""))


def _annotated(
    desk: Desk, annotations: Sequence[Annotation], shown: str, article: str, base: str
) -> tuple[dict[str, tuple[Note, ...]], list[Issue]]:
    """Web annotations by the article they belong to, and those that belong nowhere."""
    issues: list[Issue] = []
    by_article: dict[str, list[Annotation]] = {}
    at = _addresses(desk, base)
    records = {subject.url: subject.id for subject in desk.shelf.subjects.values()}
    for annotation in annotations:
        if _OUR_MENTION.match(annotation.note.id) and annotation.note.motivation == "identifying":
            continue  # of our own export: a mention is found, not noted
        doc_id = article or at(annotation.source)
        if doc_id:
            note = msgspec.structs.replace(_identified(annotation.note, records, base), origin=Path(shown).name)
            by_article.setdefault(doc_id, []).append(msgspec.structs.replace(annotation, note=note))
        else:
            said = f'annotation "{annotation.note.id}" was made at "{annotation.source}", where no article is'
            issues.append(Issue("not-anchored", said, Span(shown), "name the article with --article"))
    brought = {}
    for doc_id, some in by_article.items():
        brought[doc_id], lost = webannotation.place(some, desk.text(doc_id), shown)
        issues += lost
    return brought, issues


def _identified(note: Note, records: Mapping[str, str], base: str) -> Note:
    """The note with the record whose page it names by its address; an address elsewhere is part of what it says.

    records: by site path.
    """
    if not note.record:
        return note
    record = records.get(_path_of(note.record, base), "") if note.record.startswith(base.rstrip("/") + "/") else ""
    body = note.body if record else "\n\n".join(filter(None, (note.body, f"<{note.record}>")))
    return msgspec.structs.replace(note, record=record, body=body)


def _path_of(address: str, base: str) -> str:
    """The site path of an address."""
    path = address.removeprefix(base.rstrip("/")) if base else address
    return unquote(urlsplit(path).path).removesuffix("index.html").rstrip("/") + "/"


def _addresses(desk: Desk, base: str) -> Callable[[str], str]:
    """Finds the article at an address, "" where there is none."""
    known = {url_of(doc_id): doc_id for doc_id in desk.articles}
    with_slugs = False

    def at(source: str) -> str:
        nonlocal with_slugs
        path = _path_of(source, base)
        if path not in known and not with_slugs:
            with_slugs = True
            for doc_id in desk.articles:
                with contextlib.suppress(UnicodeDecodeError):
                    known[parse(f"{doc_id}.md", desk.shelf.data(f"{doc_id}.md") or b"").document.url] = doc_id
        return known.get(path, "")

    return at


def _namesake(desk: Desk, file: Path, shown: str) -> str:
    """The one article whose file has the same name."""
    found = [doc_id for doc_id in desk.articles if doc_id.rpartition("/")[2] == file.stem]
    if len(found) != 1:
        raise SiteError(f"{shown} does not say which article it is about", help="name it with --article")
    return found[0]


def _fresh(held: Sequence[Note], notes: Iterable[Note]) -> list[Note]:
    """Those notes that are not there yet; one whose id another note has gets an id of its own."""
    known, fresh = {note.id: note for note in held}, list[Note]()
    said = {_said(note) for note in held}
    for note in notes:
        if _said(note) in said:
            continue
        names = _names(note.id)
        name = next(names)
        while name in known and not _same(known[name], note):
            name = next(names)
        if name not in known:
            known[name] = msgspec.structs.replace(note, id=name)
            fresh.append(known[name])
    return fresh


def _names(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name}-{number}"
        number += 1


def _said(note: Note) -> tuple[object, ...]:
    """What a note says, and of which words in which place, whatever its id."""
    return note.quote, note.body, note.motivation, note.tags, note.by, note.record


def _same(held: Note, note: Note) -> bool:
    """Whether a note is one that was brought in before; its quotation may have been corrected since."""
    return held.quote.exact == note.quote.exact or bool(note.created and note.created == held.created and note.by == held.by)


def _file(file: Path, shown: str) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise SiteError(f"{shown} cannot be read: {error.strerror}", help="check the path; brat needs .ann and .txt") from error
    except UnicodeDecodeError:
        raise SiteError(f"{shown} is not UTF-8", help="save the file as UTF-8") from None


def _around(text: str, place: tuple[int, int]) -> str:
    """A passage with what stands around it."""
    start, end = place
    return f'"{" ".join(text[max(0, start - 30) : end + 30].split())}"'


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
