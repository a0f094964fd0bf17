"""The search index of a build: whether it must be made anew, and its files as plans.

The memo keeps the files of the last index, and the digest of what was entered into it: as long as that stays as it
is, Pagefind is not asked. Pagefind enters everything anew each time, and takes far longer than all the rest of a
build that changes little; so an edit under `sitegen serve` keeps the index there is (`Indexing.KEPT`).
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from sitegen.build.content import TextOnly
from sitegen.build.making import Job
from sitegen.build.memo import Memo, code_digest, digest
from sitegen.build.output import Plan
from sitegen.config import Config
from sitegen.errors import Issue, Severity, SiteError, Span
from sitegen.model import views
from sitegen.model.mention import Reading
from sitegen.relate.planned import SearchPage
from sitegen.relate.urls import FOUND
from sitegen.render.theme import Theme

if TYPE_CHECKING:
    from sitegen.build.content import Content
    from sitegen.model.mention import Body
    from sitegen.publish.search.entries import Entry, Noted

_OWNER = "the search index"


class Indexing(enum.Enum):
    """What a build does about the index: brings it up to date, publishes the one there is, or publishes none."""

    MADE = "made"
    KEPT = "kept"
    NONE = "none"


class Search(msgspec.Struct, frozen=True):
    """What became of the index. page: what the search page says of it, None where the theme has no such page."""

    page: SearchPage | None = None
    plans: Sequence[Plan] = ()
    issues: tuple[Issue, ...] = ()


class _Known(msgspec.Struct, array_like=True):
    """What the memo says of an index: the key of the content, and the digest of the entries it was made of."""

    key: bytes = b""
    made_of: bytes = b""


def has_page(theme: Theme) -> bool:
    return theme.has(views.SearchView.template)


def page_of(config: Config, content: Content, theme: Theme, memo: Memo, indexing: Indexing) -> SearchPage | None:
    """What the search page says where no index is made now; None where the theme has no such page."""
    if not has_page(theme):
        return None
    return _page(_asked(config, content, theme, memo, indexing))


def _page(asked: _Asked | None) -> SearchPage:
    if asked is None:
        return SearchPage()
    return SearchPage(FOUND if asked.known.key else "", older=asked.known.key != asked.key)


def search_of(config: Config, content: Content, theme: Theme, memo: Memo, indexing: Indexing) -> Search:
    """The search page's state, the files of the index, and what was wrong. Changes nothing but the memo."""
    if not has_page(theme):
        return Search()
    asked = _asked(config, content, theme, memo, indexing)
    page = _page(asked)
    if asked is None:
        lacks = indexing is not Indexing.NONE and _is_something(content)
        return Search(page, issues=(_without(config),) if lacks else ())
    if not page.older or indexing is Indexing.KEPT:
        return Search(page, _plans(memo, asked.name))
    try:
        found = _entries(config, content, theme, memo)
        if content.guard and (told := _betrayals(content, found)):
            return Search(page, issues=told)
        asked.keep(memo, *asked.made(found))
    except SiteError as error:
        return Search(page, issues=error.issues)
    return Search(SearchPage(FOUND), _plans(memo, asked.name))


def renew(config: Config, content: Content, theme: Theme, memo: Memo) -> Callable[[], Callable[[Memo], None]] | None:
    """What makes an index of the content, where the one there is is older: for a thread of its own.

    It needs no memo, takes long, and gives what keeps the index in one. Raises, when called: SiteError where Pagefind fails.
    """
    asked = _asked(config, content, theme, memo, Indexing.MADE) if has_page(theme) else None
    if asked is None or asked.key == asked.known.key:
        return None
    entries = _entries(config, content, theme, memo)

    def make() -> Callable[[Memo], None]:
        made_of, files = asked.made(entries)
        return lambda into: asked.keep(into, made_of, files)

    return make


class _Asked(msgspec.Struct, frozen=True):
    """An index that is asked for. name: its, in the memo. made_with: a digest of what would make it."""

    name: str
    program: Path
    made_with: bytes
    key: bytes
    known: _Known

    def made(self, entries: Sequence[Entry]) -> tuple[bytes, Mapping[str, bytes] | None]:
        """The digest of the entries, and the files of their index, None where these are as they were.

        Raises: SiteError with an issue where Pagefind fails.
        """
        made_of = digest(self.made_with, msgspec.msgpack.encode(entries))
        if made_of == self.known.made_of:
            return made_of, None
        from sitegen.publish.search import pagefind
        from sitegen.publish.search.settled import settled

        try:
            return made_of, settled(pagefind.index(self.program, entries))
        except pagefind.PagefindError as error:
            issue = error.issue(self.program)
            raise SiteError(issue.message, help=issue.help, issues=[issue]) from error

    def keep(self, memo: Memo, made_of: bytes, files: Mapping[str, bytes] | None) -> None:
        if files is not None:
            memo.set_index(self.name, files)
        memo.set(self.name, msgspec.msgpack.encode(_Known(self.key, made_of)))


def _asked(config: Config, content: Content, theme: Theme, memo: Memo, indexing: Indexing) -> _Asked | None:
    """None where there is to be no index, or nothing that makes one."""
    if indexing is Indexing.NONE or not _is_something(content):
        return None
    from sitegen.publish.search import pagefind

    program = pagefind.program()
    if program is None:
        return None
    name = f"index {config.output}"
    stored = memo.get(name)
    known = msgspec.msgpack.decode(stored, type=_Known) if stored else _Known()
    made_with = _seen(program)
    return _Asked(name, program, made_with, _key(config, content, theme, made_with), known)


def _betrayals(content: Content, found: Sequence[Entry]) -> tuple[Issue, ...]:
    """What is said where entries tell a secret: in the files of an index, which are compressed, nobody could find it."""
    from sitegen.build.making import betrayals

    return tuple(
        issue for entry in found for issue in betrayals(content.guard, msgspec.json.encode(entry), entry.url.lstrip("/"))
    )


def _is_something(content: Content) -> bool:
    return bool(content.texts or content.index.authority.records)


def _entries(config: Config, content: Content, theme: Theme, memo: Memo) -> list[Entry]:
    from sitegen.publish.search.entries import entries

    decoder = msgspec.msgpack.Decoder(TextOnly)

    def text_of(path: str) -> str:
        return decoder.decode(memo.reading(path)).text

    records = content.index.authority.records.values()
    notes = _notes(content, memo) if theme.reads(views.ArticleView.template, "notes") else ()
    return list(entries(content.texts, records, notes, text_of, theme.words.date, config.language))


def _notes(content: Content, memo: Memo) -> Iterator[Noted]:
    """The notes that pages of articles show."""
    from sitegen.markup.scan import scan
    from sitegen.markup.splice import fill
    from sitegen.publish.search.entries import Noted

    def said(body: Body) -> str:
        return scan(fill(body, {}, [None] * len(body.tags), str)).text

    decoder = msgspec.msgpack.Decoder(Reading)
    for facts in content.index.articles:
        if facts.path in content.known.notes:
            for note in decoder.decode(memo.reading(facts.path)).notes:
                if note.number:
                    bodies = (note.body, *(reply.body for reply in note.replies))
                    words = " ".join([*map(said, bodies), ", ".join(note.tags), note.by]).strip()
                    yield Noted(facts.id, f"{facts.url}#note-{note.name}", note.layer, note.quote, words)


def _key(config: Config, content: Content, theme: Theme, made_with: bytes) -> bytes:
    """Of all that entries are made of: it may say too much, which costs the making of the entries."""
    texts = [text.id for text in content.texts]
    reads = (("own", texts), ("card", texts), ("own", list(content.notes)), ("record", list(content.index.authority.records)))
    return content.cells.key(reads, config.language.encode(), theme.words.digest, made_with, content.guard.digest)


def _seen(program: Path) -> bytes:
    """Of what makes an index of entries: this program, and Pagefind's."""
    status = program.stat()
    return digest(code_digest(), str(program), b"%d %d" % (status.st_size, status.st_mtime_ns))


def _plans(memo: Memo, name: str) -> list[Plan]:
    return [
        Plan(FOUND.lstrip("/") + path, b"index" + made, partial(_job, memo, name, path), _OWNER)
        for path, made in memo.index(name).items()
    ]


def _job(memo: Memo, name: str, path: str) -> Job:
    return Job(FOUND.lstrip("/") + path, data=memo.index_file(name, path))


def _without(config: Config) -> Issue:
    return Issue(
        "no-pagefind", "the site has no search: Pagefind is not installed, or not for this machine", Span(config.file),
        "pip install pagefind-bin; where there is none for this machine, --no-search says no more of it", Severity.NOTE,
    )  # fmt: skip
