"""The notes of a collection beside its articles: where they anchor, what they add, and how others read them.

A collection without notes does not load this. Article texts are those of `Document.text`; the text that notes were
verified on is looked for where it may still be: it is the article's own as it stands, what its source is converted
to, or lies in git (docs/decisions/012-notes-hang-on-content.md).
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from sitegen.annotate.anchors import anchor, undecided
from sitegen.annotate.names import Names
from sitegen.annotate.webannotation import export
from sitegen.build import history, pipeline, reading
from sitegen.build.content import Content
from sitegen.build.lock import locked
from sitegen.build.memo import Input, Memo, Stored, digest
from sitegen.build.pool import Pool
from sitegen.build.run import Mode
from sitegen.build.scan import File
from sitegen.build.stages import Known
from sitegen.build.texts import marks_of
from sitegen.config import Config
from sitegen.errors import Issue, SiteError, Span, did_you_mean
from sitegen.markup.noted import Noted, noted
from sitegen.markup.parse import Document, parse, undecodable
from sitegen.model import ids
from sitegen.model.document import Article
from sitegen.model.mention import By, Facts, Reading
from sitegen.model.notes import Anchored, NotesFile, read_notes, text_digest
from sitegen.relate.authority import Signposts, authority_of, stems_of

ENDING = ".notes.yaml"
_REMEMBERED = "text of "


def noted_on(known: Known, document: Document, item: Input) -> Noted:
    """The notes on an article that is being read."""
    file, text = known.notes[item.name], document.text
    if not file.text or text_digest(text) == file.text:
        return noted(document, file, anchor(file.notes, text, text if file.text else None))
    old = known.olds.get(item.name)
    if old is None and item.data is None:
        old = earlier_text(file.text, document, Path(item.file), raw_html=known.raw_html)
    return noted(document, file, anchor(file.notes, text, old), known.history)


def earlier_texts(notes: Mapping[str, NotesFile], content: Path, *, raw_html: bool) -> dict[str, str]:
    """By path, the texts that notes were verified on, of the articles that have another by now."""
    found = {}
    for path, file in notes.items():
        document = _document(content / path, path, raw_html=raw_html) if file.text else None
        if document and text_digest(document.text) != file.text:
            found[path] = earlier_text(file.text, document, content / path, raw_html=raw_html)
    return {path: text for path, text in found.items() if text is not None}


def remember(memo: Memo, notes: Mapping[str, NotesFile], read: Mapping[str, Stored[Facts]]) -> None:
    """Keep the texts that notes are verified on as they are now: `sitegen notes rebase` may look for them one day."""
    for path, file in notes.items():
        stored = read.get(path)
        if file.text and stored and stored.fresh and stored.value and not stored.value.history:
            memo.set(_REMEMBERED + path, msgspec.msgpack.decode(memo.reading(path), type=Reading).text.encode())


def remembered_text(memo: Memo, path: str) -> str:
    """The text that an article's notes were last verified on in a build, "" where none is known."""
    return memo.get(_REMEMBERED + path).decode()


def history_of(content: Path, sources: Iterable[File]) -> bytes:
    """A digest of all that `earlier_text` looks at."""
    return digest(history.head(content), *(file.seen.digest for file in sources))


def article_of(path: str) -> str:
    """The content path of the article that a notes file is beside."""
    return path.removesuffix(ENDING) + ".md"


def check_files(files: Iterable[File], documents: Collection[str]) -> Iterator[Issue]:
    """Notes files that have no article. documents: the content paths of all there are."""
    for file in files:
        article = article_of(file.path)
        if ids.kind_of(file.path) != ids.ARTICLES:
            yield Issue("notes-without-article", "notes are kept beside articles only", Span(file.path),
                        f"move the file to its article in {ids.ARTICLES}/")  # fmt: skip
        elif article not in documents:
            near = did_you_mean(article, [path for path in documents if ids.kind_of(path) == ids.ARTICLES])
            yield Issue("notes-without-article", f'there is no article "{article}" that these notes could be on',
                        Span(file.path), near or "name the file as its article is named")  # fmt: skip


def check_anchors(files: Iterable[File], content: Path, *, raw_html: bool) -> Iterator[Issue]:
    """An issue for each note that a person has to decide."""
    for file in files:
        notes, path = _read(file)[0], article_of(file.path)
        document = _document(content / path, path, raw_html=raw_html) if notes.notes else None
        if document:
            yield from undecided(notes, anchored(notes, document, content / path, raw_html=raw_html), document.text)


def anchored(notes: NotesFile, document: Document, file: Path, *, raw_html: bool, remembered: str = "") -> tuple[Anchored, ...]:
    """Where the notes on an article belong in its text as it is.

    file: where the article lies. remembered: a text that they may have been verified on, besides those that
    `earlier_text` finds.
    """
    text, old = document.text, None
    if notes.text:
        old = text if text_digest(text) == notes.text else earlier_text(notes.text, document, file, raw_html=raw_html)
    if old is None and notes.text and text_digest(remembered) == notes.text:
        old = remembered
    return anchor(notes.notes, text, old)


def earlier_text(wanted: str, document: Document, file: Path, *, raw_html: bool) -> str | None:
    """The text of this digest, where the article had it as it was converted, or at one of its last 50 commits."""
    olds = (text_of(document.path, data, raw_html=raw_html) for data in _earlier(document, file))
    return next((old for old in olds if old is not None and text_digest(old) == wanted), None)


def _earlier(document: Document, file: Path) -> Iterator[bytes]:
    """What the article's file may have held before."""
    meta = document.meta
    source = meta.source.file if isinstance(meta, Article) and meta.source else ""
    if source.startswith(f"{ids.SOURCES}/") and ".." not in source.split("/"):
        from sitegen.convert.decode import NotText
        from sitegen.convert.markdown import body_of

        with contextlib.suppress(OSError, NotText):
            yield f"---\n---\n{body_of((file.parents[document.path.count('/')] / source).read_bytes())}".encode()
    yield from history.versions(file)


def _document(file: Path, path: str, *, raw_html: bool) -> Document | None:
    try:
        return parse(path, file.read_bytes(), raw_html=raw_html).document
    except (OSError, UnicodeDecodeError):
        return None


def text_of(path: str, data: bytes, *, raw_html: bool) -> str | None:
    """The text of an article's file, None where its bytes are no UTF-8."""
    try:
        return parse(path, data, raw_html=raw_html).document.text
    except UnicodeDecodeError:
        return None


def exported(config: Config, memo: Memo, mode: Mode, articles: Sequence[str] = ()) -> list[dict[str, Any]]:
    """The notes and mentions of articles as annotation pages: of those with these ids, or of all that have any.

    Raises: SiteError where an article is not there, or the theme cannot be loaded.
    """
    with locked(config.memo), Pool.of(1) as pool:
        content = reading.read(config, pipeline.load_theme(config, memo), memo, mode, pool)
        memo.forget()  # a question changes nothing
    published = {facts.id: facts for facts in content.index.articles}
    for doc_id in articles:
        if doc_id not in published:
            raise SiteError(f'there is no article "{doc_id}"', help=did_you_mean(doc_id, published) or "give its id or its file")
    files = {article_of(file.path): file for file in content.tree.notes}
    known = known_of(config, content)
    pages = (_page(config, content, files, known, doc_id) for doc_id in articles or published)
    return [page for page in pages if page["items"] or articles]


def _page(config: Config, content: Content, files: Mapping[str, File], known: Known, doc_id: str) -> dict[str, Any]:
    article = content.written[doc_id]
    document = parse(article.path, content.files[article.path].read(), raw_html=config.raw_html).document
    absolute = ids.Linker(config.url).absolute
    documents = content.addresses.documents
    notes = _read(files[article.path])[0].public if article.path in files else NotesFile(article.path)
    file = config.content / article.path
    results = anchored(notes, document, file, raw_html=config.raw_html) if notes.notes else ()
    marks = marks_of(known, document, noted(document, notes, results) if results else None)[0]
    mentions = [mention for mention in marks.mentions if mention.record in documents and mention.by not in (By.NOTE, By.IMPORT)]
    source = absolute(article.url)

    def address(record: str) -> str:
        final = content.index.authority.final(record)
        return absolute(documents[final]) if final in documents else ""

    return export(notes.notes, results, mentions, document.text, source, address)


def known_of(config: Config, content: Content) -> Known:
    """What the build finds mentions with."""
    kinds = [kind.id for kind in config.kinds]
    on_file = authority_of((subject for subject in content.subjects.values() if subject.kind in kinds), config.annotate.publish)
    signposts = Signposts(on_file, stems_of(path.removesuffix(".md") for path in content.files))
    return Known(Names.of(on_file.names(), content.tree.stoplist), signposts, on_file, config.raw_html, config.language)


def _read(file: File) -> tuple[NotesFile, tuple[Issue, ...]]:
    """A notes file, or why it cannot be read."""
    try:
        data = file.read()
        return read_notes(data.decode(), file.path)
    except UnicodeDecodeError as error:
        return NotesFile(file.path), (undecodable(file.path, data, error),)
    except OSError as error:
        issue = Issue("unreadable", f"the file cannot be read: {error.strerror}", Span(file.path), "check its permissions")
        return NotesFile(file.path), (issue,)
