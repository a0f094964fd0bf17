"""What is wrong across documents."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from msgspec.structs import replace

from sitegen.build import cards, fonts, networks, outlines, packing
from sitegen.build.content import Content, anchors_of
from sitegen.build.memo import Memo
from sitegen.build.run import Mode, below_root
from sitegen.build.scan import File
from sitegen.config import Config, place_of
from sitegen.errors import Issue, Span
from sitegen.model.entity import Subject
from sitegen.model.mention import Facts
from sitegen.relate import check, ledger


def problems(config: Config, content: Content, memo: Memo, mode: Mode) -> Iterator[Issue]:
    """All that is wrong with the content, by paths below the collection's root."""
    below = below_root(str(config.content), config.root)
    alone = (issue for issues in content.read.values() for issue in issues)
    for issue in (*content.tree.issues, *alone, *_checked(config, content, memo, mode)):
        yield replace(issue, span=replace(issue.span, path=f"{below}/{issue.span.path}"))
    menu = (item.url for item in (*config.menu, *config.footer))
    yield from check.check_menu(menu, content.addresses, place_of(config, "menu" if config.menu else "footer"))
    yield from fonts.check(config)
    yield from cards.check(config)
    yield from content.known.amended.issues if content.known.amended else ()
    yield from packing.check(config)
    yield from networks.check(config)
    yield from outlines.check(config, content)


def _checked(config: Config, content: Content, memo: Memo, mode: Mode) -> Iterator[Issue]:
    """What is wrong across documents."""
    files, on_file = content.files, content.known.authority
    titles = _Titles(content.subjects, list(content.facts.values()))
    locate = Locator(files)
    paths = {text.id: text.path for text in content.texts} | {
        doc_id: subject.path for doc_id, subject in content.index.authority.records.items()
    }

    def anchors(doc_id: str) -> Collection[str]:
        if doc_id in content.index.authority.records and doc_id not in content.notes:
            return ()
        return anchors_of(memo, paths[doc_id])

    articles = content.index.articles
    digests = _sha256(content.tree.sources, {text.source for text in articles if text.source_sha256})
    yield from check.check_places_of_files(files, [kind.id for kind in config.kinds])
    yield from check.check_authority(on_file, content.subjects, titles, locate)
    yield from check.check_aliases(on_file, [*content.texts, *content.notes.values()], locate)
    yield from check.check_articles(articles, content.subjects, titles, digests, locate)
    yield from check.check_tags(articles, locate)
    if content.ledger.rows or content.ledger.issues:  # what is published otherwise takes long to tell
        yield from ledger.check(content.ledger, content.addresses.paths, preview=mode.preview)
    yield from check.check_references([*content.texts, *content.notes.values()], content.addresses, titles, anchors, paths)
    if content.tree.notes:
        from sitegen.build import annotations

        yield from annotations.check_files(content.tree.notes, files)


class _Titles:
    """The titles of all documents by id, made when first asked for: few builds have a complaint that needs them."""

    def __init__(self, subjects: Mapping[str, Subject], facts: Sequence[Facts]) -> None:
        self._subjects, self._facts = subjects, facts

    def __call__(self) -> Mapping[str, str]:
        return self._found

    @cached_property
    def _found(self) -> dict[str, str]:
        found = {text.id: text.title for text in self._facts}
        return dict(sorted((found | {i: subject.title for i, subject in self._subjects.items()}).items()))


class Locator:
    """Finds the place of a value in the front matter of a file, by reading it again."""

    def __init__(self, files: Mapping[str, File]) -> None:
        self._files = files

    def __call__(self, path: str, *at: str) -> Span:
        from sitegen.markup.parse import place

        try:
            return place(path, self._files[path].read(), *at)
        except OSError:
            return Span(path)


def _sha256(sources: Iterable[File], wanted: Collection[str]) -> dict[str, str]:
    """The SHA-256 of the sources that say what they were; "" for the others."""
    from hashlib import file_digest

    found = {}
    for file in sources:
        found[file.path] = ""
        if file.path in wanted:
            with contextlib.suppress(OSError), open(file.full, "rb") as data:  # noqa: PTH123
                found[file.path] = file_digest(data, "sha256").hexdigest()
    return found
