"""The collection as it lies on a shelf (`shelved`): each thing read when it is asked for.

An edit of one text asks for that text, those that lie beside it, and the records that they name. What is not there, and
what would take all of it anyway, is `Unshelved`: then the collection is recalled as a whole (`reading.recall`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, MutableMapping, Sequence
from functools import cached_property
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from sitegen.annotate.names import Names
from sitegen.build.asked import FiledLate, Joined, Looked, SeenFiles, Some, Subjects, Texts, nothing
from sitegen.build.causes import Moved
from sitegen.build.content import Content
from sitegen.build.memo import Memo, Seen
from sitegen.build.planning import Looks
from sitegen.build.readers import ShelvedReaders
from sitegen.build.scan import File, Tree
from sitegen.build.shelf import Column, Digests, Groups, Missing, Shelf
from sitegen.build.shelved import TABLES, Left, Since
from sitegen.build.stages import HEADS, Known
from sitegen.config import Config
from sitegen.errors import Issue
from sitegen.model import views
from sitegen.model.entity import Subject
from sitegen.model.mention import Facts
from sitegen.relate.authority import Addresses, Authority, Signposts
from sitegen.relate.cells import Cells
from sitegen.relate.index import Index
from sitegen.render.theme import Theme

K = TypeVar("K")
V = TypeVar("V")

_MISSING: Any = Missing()


class _Names(Sequence[str]):
    """The names of a column, which is parted into them when one is asked for by its place."""

    def __init__(self, column: Column) -> None:
        self._column = column

    def __getitem__(self, at: Any) -> Any:
        return self._column.names[at]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self._column.place(name) >= 0

    def __len__(self) -> int:
        return len(self._column)


class _Beside(Mapping[str, str]):
    """What stands in one column, by what stands beside it in another."""

    def __init__(self, column: Column, other: Column) -> None:
        self._column, self._other = column, other

    def __getitem__(self, name: str) -> str:
        at = self._other.place(name)
        if at < 0:
            raise KeyError(name)
        return self._column.names[at]

    def __iter__(self) -> Iterator[str]:
        return iter(self._other.names)

    def __len__(self) -> int:
        return len(self._other)


class _Index(Index, frozen=True, dict=True, kw_only=True):
    """The index as it lies on a shelf. naming, linking: `named` and `backlinks`, in places; amended: those of `corrected`."""

    shelf: Shelf
    naming: Groups
    linking: Groups
    amended: Sequence[int]
    texts: Texts

    @cached_property
    def places(self) -> Mapping[str, int]:
        column = self.shelf.column("articles")
        return Looked(lambda doc_id: place if (place := column.place(doc_id)) >= 0 else None, lambda: column.names)

    @cached_property
    def by_id(self) -> Mapping[str, Facts]:
        places, articles = self.places, self.articles
        return Looked(lambda i: articles[place] if (place := places.get(i)) is not None else None, lambda: iter(places))

    @cached_property
    def counts(self) -> Mapping[str, int]:
        return Looked(lambda record: self.naming.size(record) or None, lambda: iter(self.naming))

    @cached_property
    def corrected(self) -> Sequence[Facts]:
        return Some(self.amended, _Names(self.shelf.column("article paths")), self.texts)

    def count(self, record: str) -> int:
        return self.naming.size(record)

    def namers(self, record: str) -> list[str]:
        ids = self.shelf.column("articles").names
        return [ids[place] for place in self.naming[record]]

    def position(self, article: Facts) -> int:
        return self.places[article.id]

    def replaced(self, before: Facts, after: Facts, links: Callable[[Facts], Iterable[str]]) -> Index:
        at = self.places[after.id]
        texts = self.texts.__copy__()
        texts[after.path] = after
        naming = self.naming.over(_regrouped(self.naming, at, {*before.named}, {*after.named}))
        linking = self.linking.over(_regrouped(self.linking, at, {*links(before)}, {*links(after)}))
        return _index(self.shelf, texts, self.authority, naming, linking, self.amended)


def _regrouped(groups: Groups, at: int, had: set[str], has: set[str]) -> dict[str, list[int]]:
    """The groups that the article at this place left or entered."""
    found = {}
    for name in had ^ has:
        group = [place for place in groups.get(name, ()) if place != at]
        if name in has:
            group.insert(bisect_left(group, at), at)
        found[name] = group
    return found


def _index(
    shelf: Shelf, texts: Texts, authority: Authority, naming: Groups, linking: Groups, amended: Sequence[int]
) -> Index:  # fmt: skip
    column = shelf.column("article paths")
    paths = _Names(column)
    years, tags = Groups(shelf, "in years"), Groups(shelf, "tags")

    def grouped(groups: Groups) -> Mapping[str, Sequence[Facts]]:
        return Looked(lambda name: Some(groups[name], paths, texts) if name in groups else None, lambda: iter(groups))

    return _Index(
        Some(range(len(column)), paths, texts), authority, grouped(naming), grouped(linking),
        Looked(lambda year: Some(years[str(year)], paths, texts) if str(year) in years else None, lambda: map(int, years)),
        grouped(tags), shelf=shelf, naming=naming, linking=linking, amended=amended, texts=texts,
    )  # fmt: skip


class _Authority(Authority, frozen=True, dict=True, kw_only=True):
    """The records as they lie on a shelf. filled: the kinds that have one."""

    filled: frozenset[str]

    @cached_property
    def kinds(self) -> frozenset[str]:
        return self.filled


class _Addresses(Addresses, frozen=True, dict=True, kw_only=True):
    """Where references lead, as it lies on a shelf."""

    shelf: Shelf

    @cached_property
    def by_url(self) -> Mapping[str, str]:
        return _Beside(self.shelf.column("addresses"), self.shelf.column("urls"))

    @cached_property
    def paths(self) -> Collection[str]:
        urls, others = self.shelf.column("urls"), self.shelf.column("other urls")
        return Looked(lambda url: True if max(urls.place(url), others.place(url)) >= 0 else None, nothing)


class _Signposts(Signposts):
    """What references mean, each looked up where it is asked for."""

    def __init__(self, authority: Authority, urls: Mapping[str, str], stem: Callable[[str], str]) -> None:
        def known(target: str) -> str | None:
            found = stem(target)
            return found if found in authority.records or found in authority.merged else None

        self._records, self._merged, self._by_url = authority.records, authority.merged, urls
        self._stems = Looked(known, nothing)


class Shelved(Content, frozen=True, dict=True, kw_only=True):
    """The collection as it lies on a shelf. edited: its files that were edited; page_paths: those of content/pages."""

    shelf: Shelf
    page_paths: Sequence[str]
    folder: str
    edited: Mapping[str, File] = msgspec.field(default_factory=dict)

    @cached_property
    def written(self) -> Mapping[str, Facts]:
        ids, paths = self.shelf.column("texts"), self.shelf.column("text paths")

        def find(doc_id: str) -> Facts | None:
            at = ids.place(doc_id)
            return self.facts[paths.names[at]] if at >= 0 else None

        return Looked(find, lambda: ids.names)

    @cached_property
    def files(self) -> Mapping[str, File]:
        def find(path: str) -> File | None:
            if path in self.edited:
                return self.edited[path]
            return File(path, f"{self.folder}/{path}", self.seen[path]) if path in self.seen else None

        return Looked(find, nothing)

    @cached_property
    def pages(self) -> Sequence[Facts]:
        return [self.facts[path] for path in self.page_paths]

    @cached_property
    def sources(self) -> Collection[str]:
        return _Names(self.shelf.column("sources"))

    @property
    def is_partial(self) -> bool:
        return True

    def with_texts(
        self, files: Mapping[str, File], facts: Mapping[str, Facts], seen: Mapping[str, Seen],
        read: Mapping[str, tuple[Issue, ...]], index: Index, cells: Cells, moved: Sequence[Moved],
    ) -> Content:  # fmt: skip
        return replace(self, facts=facts, index=index, cells=cells, seen=seen, moved=moved, read=read, edited=files)


def content_on(shelf: Shelf, kept: Left, since: Since, config: Config, theme: Theme, memo: Memo) -> Shelved:
    """The collection, from the shelf and the memo. Raises: Unshelved."""
    held: dict[str, Subject] = {}
    on_file, file_paths, file_urls = map(shelf.column, ("on file", "on file paths", "on file urls"))
    ids, urls, documents = map(shelf.column, ("addresses", "urls", "documents"))

    def stem(target: str) -> str:
        return documents.only([f"{target}.md"]).removesuffix(".md")

    def subjects(of: Column) -> Mapping[str, Subject]:
        return Subjects(memo, held, of, on_file, file_paths)

    retired = Looked(lambda old: memo.value(HEADS, kept.retired[old]) if old in kept.retired else None, lambda: kept.retired)
    published, everything = shelf.column("records"), _Names(shelf.column("everything"))
    filed_as = Authority(subjects(on_file), kept.merged, retired, frozenset(kept.rejected), everything)
    merged = {old: new for old, new in kept.merged.items() if published.place(new) >= 0}
    authority = _Authority(
        subjects(published), merged, retired, frozenset(kept.rejected), everything, filled=frozenset(kept.kinds)
    )  # fmt: skip
    by_stem = Looked(lambda s: [found] if (found := stem(s)) else None, nothing)
    addresses = _Addresses(_Beside(urls, ids), by_stem, merged, nothing, shelf=shelf)
    days = views.TimelineView.template in theme.optional()
    signposts = _Signposts(filed_as, _Beside(on_file, file_urls), stem)
    known = Known(Names.decoded(memo.get("names")), signposts, filed_as, config.raw_html, config.language, days=days)
    texts = Texts(memo, {})
    naming = Groups(shelf, "named", since.groups.get("named"))
    linking = Groups(shelf, "backlinks", since.groups.get("backlinks"))
    index = _index(shelf, texts, authority, naming, linking, kept.corrected)
    tables: dict[str, MutableMapping[str, bytes]] = {
        name: Digests(shelf, name, {**since.digests.get(name, {})}) for name in TABLES if name != "said"
    }
    notes_ids = shelf.column("notes")
    notes = Looked(
        lambda i: texts[file_paths.names[on_file.place(i)]] if notes_ids.place(i) >= 0 else None, lambda: notes_ids.names
    )
    return Shelved(
        Tree(_MISSING, _MISSING, (), _MISSING, (), (), ()), known, _MISSING, texts, _MISSING, notes, _MISSING, addresses, index,
        FiledLate(authority.records, kept.kinds), Cells(_standing_for(tables)), SeenFiles(memo), (), {},
        shelf=shelf, page_paths=kept.pages, folder=str(config.content),
    )  # fmt: skip


def _standing_for(tables: Mapping[str, MutableMapping[str, bytes]]) -> dict[str, MutableMapping[str, bytes]]:
    """With those that stand for several (see `cells_from`)."""
    evidence = Joined([tables["card"], tables["quotes"], tables["company"]])
    around = Joined([tables["entry"], tables["namers"]])
    return {**tables, "evidence": evidence, "around": around}


def since(content: Shelved, looks: Looks, readers: ShelvedReaders, fragments: set[str], mentions: int) -> Since:
    """What moved since the shelf was filled. mentions: how many there are now."""
    tables = {**content.cells.tables, "said": looks.said}
    index = content.index
    assert isinstance(index, _Index)
    return Since(
        {name: table.moved for name in TABLES if isinstance(table := tables[name], Digests) and table.moved},
        {"named": _listed(index.naming.moved), "backlinks": _listed(index.linking.moved)},
        [(*topic, data) for topic, data in readers.noted.items()], sorted(fragments), mentions,
    )  # fmt: skip


def _listed(groups: Mapping[str, Sequence[int]]) -> dict[str, list[int]]:
    return {name: list(group) for name, group in groups.items()}
