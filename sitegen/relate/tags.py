"""The tags of a collection, as pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property, partial

import msgspec

from sitegen.model import views
from sitegen.model.mention import Facts
from sitegen.relate.cells import Reads
from sitegen.relate.index import Index
from sitegen.relate.lists import Lists
from sitegen.relate.planned import PlannedPage, Setting
from sitegen.relate.urls import TAGS, tag_url

_ONE_TAGS = 1500  # tags on a page

_encode = msgspec.msgpack.Encoder().encode


def tags_of(index: Index) -> list[tuple[views.TagEntry, Sequence[Facts]]]:
    """Tags with their articles. Tags that share an address are one tag, under the spelling used most."""
    by_url: dict[str, dict[str, Sequence[Facts]]] = {}
    for tag, facts in index.tags.items():
        by_url.setdefault(tag_url(tag), {})[tag] = facts
    found = []
    for url, spellings in by_url.items():
        title = max(sorted(spellings), key=lambda tag: len(spellings[tag]))
        ordered = spellings[title]
        if len(spellings) > 1:
            together = {f.id for facts in spellings.values() for f in facts}
            ordered = [f for f in index.articles if f.id in together]
        found.append((views.TagEntry(title, url, len(ordered)), ordered))
    return sorted(found, key=lambda item: item[0].title.casefold())


def tag_urls(index: Index) -> Iterator[str]:
    """The site paths of the pages of tags, but for the first of their list and of each tag."""
    tags = tags_of(index)
    yield from (_tags_url(number) for number in range(2, -(-len(tags) // _ONE_TAGS) + 1))
    for entry, articles in tags:
        yield from (entry.url + part.tail for part in index.parts_tagged(entry.url, articles))


class TagPlanner:
    """Plans the list of tags, and the pages of each."""

    def __init__(self, index: Index, lists: Lists, setting: Setting) -> None:
        self.index, self.lists, self.setting = index, lists, setting
        self.site, self.words = setting.site, setting.words

    @cached_property
    def entries(self) -> list[tuple[views.TagEntry, Sequence[Facts]]]:
        """See `tags_of`."""
        return tags_of(self.index)

    @cached_property
    def by_url(self) -> dict[str, tuple[views.TagEntry, Sequence[Facts]]]:
        return {entry.url: (entry, found) for entry, found in self.entries}

    def index_pages(self) -> Iterator[PlannedPage]:
        """The list of all tags."""
        tags = tuple(entry for entry, _ in self.entries)
        pages = [tags[at : at + _ONE_TAGS] for at in range(0, len(tags), _ONE_TAGS)] or [tags]
        urls = [_tags_url(number) for number in range(1, len(pages) + 1)]
        parts = tuple(views.Link(str(number), url) for number, url in enumerate(urls, 1)) if pages[1:] else ()

        def view(number: int) -> views.TagsView:
            gettext = self.words.gettext
            about = gettext("All tags of %(site)s.", site=self.site.title)
            title = gettext("Tags") + (f" ({self.words.number(number)})" if number > 1 else "")
            return views.TagsView(
                **self.setting.common(urls[number - 1], title, about),
                tags=pages[number - 1],
                part="" if number == 1 else str(number),
                parts=parts,
            )

        for number, (url, shown) in enumerate(zip(urls, pages, strict=True), 1):
            said = _encode((shown, number, len(pages))) if parts else _encode(shown)
            yield PlannedPage(url, views.TagsView.template, (), said, partial(view, number), "the list of tags")

    def tag(self, entry: views.TagEntry, found: Sequence[Facts]) -> Iterator[PlannedPage]:
        """The page of a tag, and of one that very many articles bear one for each of its parts: see `Index.parts_tagged`."""
        parted = self.index.parts_tagged(entry.url, found)
        parts = self.lists.parts(entry.url, parted)
        if not parted:
            yield self._tag(entry, entry.url, found, "", ())
        for link, part in zip(parts, parted, strict=True):
            yield self._tag(entry, link.url, part.articles, link.title if part.tail else "", parts)

    def _tag(
        self, entry: views.TagEntry, url: str, shown: Sequence[Facts], part: str, parts: tuple[views.Part, ...]
    ) -> PlannedPage:  # fmt: skip
        def view() -> views.TagView:
            years: dict[int, list[Facts]] = {}
            for facts in shown:
                years.setdefault(facts.year, []).append(facts)
            title = f"{entry.title}, {part}" if part else entry.title
            return views.TagView(
                **self.setting.common(url, title, self.words.gettext("Articles tagged “%(tag)s”.", tag=title)),
                tag=entry,
                years=tuple(self.lists.group(year, group) for year, group in years.items()),
                part=part,
                parts=parts,
            )

        reads: Reads = (("card", [facts.id for facts in shown]),)
        said = _encode((entry, part, parts)) if parts else _encode(entry)
        return PlannedPage(url, views.TagView.template, reads, said, view, f'the tag "{entry.title}"')


def _tags_url(number: int) -> str:
    return f"{TAGS}a-z/page-{number}/" if number > 1 else TAGS
