"""What a person may want to look at now and then, and only `sitegen check` looks for.

Texts are taken from the memo one at a time, so that no collection is too large to be held.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import unquote

import msgspec
from msgspec.structs import replace

from sitegen.build import history
from sitegen.build.checks import Locator
from sitegen.build.content import Content, TextOnly, is_record
from sitegen.build.memo import Memo
from sitegen.build.run import Mode, below_root
from sitegen.build.scan import File
from sitegen.config import Config, place_of
from sitegen.errors import Issue, Severity, Span
from sitegen.markup.outward import Outward, Places, outward
from sitegen.model.document import Article, Page
from sitegen.model.entity import Record
from sitegen.model.lookalikes import disguised, turned
from sitegen.model.mention import Body, Facts, ShownNote
from sitegen.relate import check, doubts
from sitegen.render.theme import Theme

_SHOWN = 10  # findings of one kind in a file
_TURNING = re.compile(rb"\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]|&#(?:[xX]0*(?:202[a-eA-E]|206[6-9])|0*(?:823[4-8]|829[4-7]));")
_FOREIGN = re.compile(rb"[\xcd-\xd4][\x80-\xbf]")
_NAME = re.compile(r"[\w@~+.-]+")
_LINKING = (".html", ".htm", ".css", ".js", ".mjs", ".svg", ".json", ".xml", ".webmanifest")
_MOST = 4_000_000  # bytes of a file in which names of others are looked for


class Text(msgspec.Struct, array_like=True, gc=False):
    """A Reading, as far as a check looks at it."""

    meta: Article | Page | Record
    words: msgspec.Raw
    headings: msgspec.Raw
    body: Body
    text: msgspec.Raw
    anchors: msgspec.Raw
    notes: tuple[ShownNote, ...] = ()


def doubtful(
    config: Config, content: Content, theme: Theme, memo: Memo, mode: Mode, line_of: Callable[[Facts, str], int]
) -> Iterator[Issue]:
    """All of it. line_of: the line of a text's file that first names a record, 0 where it cannot be told."""
    below = below_root(str(config.content), config.root)
    subjects = list(content.subjects.values())
    locate = Locator({file.path: file for file in content.tree.documents})
    decoder = msgspec.msgpack.Decoder(TextOnly)
    texts = (decoder.decode(reading).text for path, reading in memo.readings() if not is_record(path))
    since = history.added(config.content) if any(subject.record.status == "suggested" for subject in subjects) else {}
    records = content.index.authority.records.values()
    found = _Found(config, content, locate, line_of)
    walked = list(found.walk(memo))
    for issue in (
        *check.check_unnamed(content.unnamed, locate),
        *_unanchored(config, content),
        *_gone(config, content, memo),
        *check.check_names(file.path for file in content.tree.files),
        *check.check_near_duplicates(subjects, locate),
        *check.check_old_suggestions(subjects, since, mode.today, locate),
        *check.check_common_names(records, texts, locate),
        *doubts.check_titles(content.texts, locate),
        *doubts.check_points(subjects, _lookup, locate),
        *walked,
        *_deceptive((*content.tree.documents, *content.tree.notes)),
        *_unused(config, content, theme, found.names),
    ):
        yield replace(issue, span=replace(issue.span, path=f"{below}/{issue.span.path}"))
    for issue in doubts.check_provenance(found.articles, config.licence, place_of(config, "licence"), locate):
        inside = issue.span.path in content.files
        yield replace(issue, span=replace(issue.span, path=f"{below}/{issue.span.path}")) if inside else issue


class _Found:
    """One walk over all texts. names: of files, that values of the front matter hold; articles: the published ones."""

    def __init__(self, config: Config, content: Content, locate: Locator, line_of: Callable[[Facts, str], int]) -> None:
        self._config, self._content, self._locate, self._line_of = config, content, locate, line_of
        subjects = content.subjects.values()
        self.names = {name for subject in subjects if subject.record.extra for name in _names(repr(subject.record.extra))}
        self.articles: list[tuple[Facts, Article]] = []

    def walk(self, memo: Memo) -> Iterator[Issue]:
        decoder = msgspec.msgpack.Decoder(Text)
        content = self._content
        births = {doc_id: subject for doc_id, subject in content.index.authority.records.items()
                  if subject.kind == doubts.PEOPLE and subject.record.begin}  # fmt: skip
        published = {facts.path for facts in content.texts}
        for path, reading in memo.readings():
            facts = content.facts.get(path)
            if not reading or facts is None:
                continue
            text = decoder.decode(reading)
            if bare := [image for image in outward(text.body) if image.undescribed]:
                yield from _undescribed(content.files[path], bare)
            if isinstance(text.meta, Article | Page) and text.meta.extra:
                self.names |= _names(repr(text.meta.extra))
            if isinstance(text.meta, Article) and path in published:
                # Only what provenance looks at is kept.
                self.articles.append((facts, Article(title="", source=text.meta.source)))
                yield from doubts.check_times(facts, text.meta, births, self._locate, self._named(facts))

    def _named(self, facts: Facts) -> Callable[[str], Span]:
        def place(record: str) -> Span:
            names = self._content.index.authority.records[record].record.names
            return places_in(self._content.files[facts.path]).on(self._line_of(facts, record), names)

        return place


def _unanchored(config: Config, content: Content) -> Iterator[Issue]:
    """The notes that a person has to decide."""
    if not content.tree.notes:
        return
    from sitegen.build import annotations

    yield from annotations.check_anchors(content.tree.notes, config.content, raw_html=config.raw_html)


def _gone(config: Config, content: Content, memo: Memo) -> Iterator[Issue]:
    """The texts of which paragraphs that were published are gone."""
    recorded = content.known.recorded
    if not recorded:
        return
    from sitegen.build.paragraphs import lost
    from sitegen.markup.parse import parse

    for text in content.written.values():
        rows = recorded.get(text.url)
        if rows and b'<span class="was"' in memo.reading(text.path):
            document = parse(text.path, content.files[text.path].read(), raw_html=config.raw_html).document
            yield from lost(document, rows)


def _lookup(name: str) -> tuple[Any, ...]:
    from sitegen.annotate.gazetteer import gazetteer  # few collections are looked at for points that are wrong

    return gazetteer().lookup(name)


def _undescribed(file: File, images: Iterable[Outward]) -> Iterator[Issue]:
    places = places_in(file)
    for image in images:
        yield Issue("no-alt", f'nothing says what the image "{image.address}" shows', places.of(image.address),
                    f"write it into the brackets: ![what it shows]({image.address}); "
                    'an ornament is <img role="presentation" alt="" src="…">', Severity.WARNING)  # fmt: skip


def places_in(file: File) -> Places:
    """Where things stand in a file; one that cannot be read any more has no places."""
    try:
        return Places(file.path, file.read().decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n"))
    except OSError:
        return Places(file.path, "")


def _deceptive(files: Iterable[File]) -> Iterator[Issue]:
    """Signs that make a text look like another."""
    for file in files:
        try:
            data = file.read()
        except OSError:
            continue
        turning, foreign = _TURNING.search(data), _FOREIGN.search(data)
        if turning or foreign:
            places = places_in(file)
            text = places.text
            yield from _turned(file, data, places) if turning else ()
            yield from _disguised(disguised(text), places) if foreign else ()


def _turned(file: File, data: bytes, places: Places) -> Iterator[Issue]:
    help = "take the sign out, or end what it begins (U+2069, U+202C) on its line"
    count = start = 0
    for line in places.text.split("\n"):
        for at in turned(line):
            count += 1
            if count <= _SHOWN:
                fact = f"a sign turns the direction of the text (U+{ord(line[at]):04X})"
                yield Issue("hidden-direction", fact, places.at(start + at), help, Severity.WARNING)
        start += len(line) + 1
    for entity in re.finditer(r"&#(?:[xX]0*(?:202[dDeE])|0*(?:8237|8238));", places.text):
        count += 1
        if count <= _SHOWN:
            fact = f"a sign turns the direction of the text ({entity[0]})"
            yield Issue("hidden-direction", fact, places.at(entity.start(), len(entity[0])), help, Severity.WARNING)
    if count > _SHOWN:
        yield Issue("hidden-direction", f"{count - _SHOWN:,} more signs turn the direction of the text", Span(file.path), help,
                    Severity.WARNING)  # fmt: skip


def _disguised(found: list[tuple[int, str]], places: Places) -> Iterator[Issue]:
    first: dict[str, int] = {}
    for at, word in found:
        first.setdefault(word, at)
    for word, at in list(first.items())[:_SHOWN]:
        foreign = ", ".join(dict.fromkeys(f"U+{ord(sign):04X}" for sign in word if "\u0370" <= sign <= "\u052f"))
        yield Issue("look-alike", f'"{word}" mixes Latin letters with letters that look like them ({foreign})',
                    places.at(at, len(word)), "type the word again in one script", Severity.WARNING)  # fmt: skip
    if len(first) > _SHOWN:
        place = places.at(0, 1)
        yield Issue("look-alike", f"{len(first) - _SHOWN:,} more words mix letters that look alike", replace(place, line=0),
                    "type them again in one script", Severity.WARNING)  # fmt: skip


def _unused(config: Config, content: Content, theme: Theme, named: set[str]) -> Iterator[Issue]:
    """Files that nothing leads to: those published as they are, and sources."""
    static = [file for file in content.tree.static if not doubts.is_published_as_it_is(file.path)]
    if static:
        used = {reference.target.lstrip("/") for facts in content.facts.values() for reference in facts.references}
        names = named | _names_in_files(config, content, theme)
        used |= {file.path for file in static if _last(file.path) in names}
        used |= {file.path for file in static if file.path.lower().endswith((".html", ".htm"))}
        yield from doubts.check_files([file.path for file in static], used)
    made = {facts.source for facts in content.facts.values() if facts.source}
    yield from doubts.check_sources([file.path for file in content.tree.sources], made)


def _names_in_files(config: Config, content: Content, theme: Theme) -> set[str]:
    """The names of files that the configuration, the theme and files published as they are may lead to."""
    found: set[str] = set()
    with contextlib.suppress(OSError):
        found |= _names((config.root / config.file).read_text(encoding="utf-8", errors="replace"))
    for name in theme.templates():
        found |= _names((theme.source(name) or ("", ""))[0])
    for path, data in theme.assets().items():
        if path.endswith(_LINKING) and len(data) <= _MOST:
            found |= _names(data.decode("utf-8", "replace"))
    for file in content.tree.static:
        if file.path.lower().endswith(_LINKING) and file.seen.size <= _MOST:
            try:
                found |= _names(file.read().decode("utf-8", "replace")) - {_last(file.path)}
            except OSError:
                continue
    return found


def _names(text: str) -> set[str]:
    """What may be the end of a file's name, in a text of any kind."""
    return {name for name in _NAME.findall(unquote(text)) if "." in name}


def _last(path: str) -> str:
    """The end of a file's name, as `_names` would find it."""
    found: list[str] = _NAME.findall(path.rpartition("/")[2])
    return found[-1] if found else ""
