"""The notes of a collection beside its articles: what is wrong in their files, where they anchor, and how others read them.

Nothing else of the program knows that there are notes, so a collection without any does not load this. Article texts
are those of `Document.text`; the text that notes were verified on is looked for where it may still be: it is the
article's own as it stands, or lies in git.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sitegen.annotate.anchors import anchor, undecided
from sitegen.annotate.names import Names
from sitegen.annotate.webannotation import export
from sitegen.build import history, pipeline
from sitegen.build.lock import locked
from sitegen.build.memo import Memo
from sitegen.build.pipeline import Content, Mode
from sitegen.build.pool import Pool
from sitegen.build.scan import File
from sitegen.build.stages import Known, marks_of
from sitegen.config import Config
from sitegen.errors import Issue, SiteError, Span, did_you_mean
from sitegen.markup.parse import parse, undecodable
from sitegen.model import ids
from sitegen.model.notes import Anchored, NotesFile, read_notes, text_digest
from sitegen.relate.authority import Signposts, authority_of, stems_of

ENDING = ".notes.yaml"


def article_of(path: str) -> str:
    """The content path of the article that a notes file is beside."""
    return path.removesuffix(ENDING) + ".md"


def check_files(files: Iterable[File], documents: Collection[str]) -> Iterator[Issue]:
    """What is wrong in notes files, and those that have no article. documents: the content paths of all there are."""
    for file in files:
        article = article_of(file.path)
        if ids.kind_of(file.path) != ids.ARTICLES:
            yield Issue("notes-without-article", "notes are kept beside articles only", Span(file.path),
                        f"move the file to its article in {ids.ARTICLES}/")  # fmt: skip
        elif article not in documents:
            near = did_you_mean(article, [path for path in documents if ids.kind_of(path) == ids.ARTICLES])
            yield Issue("notes-without-article", f'there is no article "{article}" that these notes could be on',
                        Span(file.path), near or "name the file as its article is named")  # fmt: skip
        yield from _read(file)[1]


def check_anchors(
    files: Iterable[File], text_of: Callable[[str], str | None], content: Path, *, raw_html: bool
) -> Iterator[Issue]:
    """An issue for each note that a person has to decide. text_of: an article's text by its content path, None without one."""
    for file in files:
        notes = _read(file)[0]
        article = article_of(file.path)
        text = text_of(article) if notes.notes else None
        if text is not None:
            yield from undecided(notes, anchored(notes, text, content / article, article, raw_html=raw_html), text)


def anchored(notes: NotesFile, text: str, file: Path, path: str, *, raw_html: bool) -> tuple[Anchored, ...]:
    """Where the notes on an article belong in its text as it is. file: the article's; path: its content path."""
    return anchor(notes.notes, text, verified_text(notes.text, text, file, path, raw_html=raw_html))


def verified_text(digest: str, text: str, file: Path, path: str, *, raw_html: bool) -> str | None:
    """The text of this digest, where it is the article's as it is or at one of its last 50 commits."""
    if not digest:
        return None
    if text_digest(text) == digest:
        return text
    olds = (text_of(path, data, raw_html=raw_html) for data in history.versions(file))
    return next((old for old in olds if old is not None and text_digest(old) == digest), None)


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
        content = pipeline.read(config, pipeline.load_theme(config), memo, mode, pool)
        memo.forget()  # a question changes nothing
    published = {facts.id: facts for facts in content.index.articles}
    for doc_id in articles:
        if doc_id not in published:
            raise SiteError(f'there is no article "{doc_id}"', help=did_you_mean(doc_id, published) or "give its id or its file")
    files = {article_of(file.path): file for file in content.tree.notes}
    known = _known(config, content)
    pages = (_page(config, content, files, known, doc_id) for doc_id in articles or published)
    return [page for page in pages if page["items"] or articles]


def _page(config: Config, content: Content, files: Mapping[str, File], known: Known, doc_id: str) -> dict[str, Any]:
    article = content.written[doc_id]
    document = parse(article.path, content.files[article.path].read(), raw_html=config.raw_html).document
    absolute = ids.Linker(config.url).absolute
    documents = content.addresses.documents
    mentions = [mention for mention in marks_of(known, document)[0].mentions if mention.record in documents]
    notes = _read(files[article.path])[0] if article.path in files else NotesFile(article.path)
    file = config.content / article.path
    results = anchored(notes, document.text, file, article.path, raw_html=config.raw_html) if notes.notes else ()
    source = absolute(article.url)
    return export(notes.notes, results, mentions, document.text, source, lambda record: absolute(documents[record]))


def _known(config: Config, content: Content) -> Known:
    """What the build finds mentions with."""
    kinds = [kind.id for kind in config.kinds]
    on_file = authority_of(subject for subject in content.subjects.values() if subject.kind in kinds)
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
