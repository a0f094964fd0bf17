"""The links of a collection that lead out of it, asked whether somebody answers there (`sitegen check --external`).

Only what is published is asked for, so that no draft and nothing private is told to anybody.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from sitegen import __version__
from sitegen.build.checks import Locator
from sitegen.build.content import Content
from sitegen.build.doubts import Text, places_in
from sitegen.build.memo import Memo
from sitegen.build.run import below_root
from sitegen.config import Config, place_of
from sitegen.errors import Issue, Severity, Span
from sitegen.markup.outward import Places, outward
from sitegen.model import ids
from sitegen.model.document import Article
from sitegen.outside import answers
from sitegen.outside.answers import Answer, State
from sitegen.outside.ask import Manners
from sitegen.outside.round import Bounds, asked

_SOURCE = "source"  # in place of a written address: that of an article's source, in its front matter
_CONFIG = ""  # in place of a path: the configuration

Written = tuple[str, str]  # path and address as it stands there


def external(
    config: Config, content: Content, memo: Memo, bounds: Bounds, tell: Callable[[], None] = lambda: None
) -> Iterator[Issue]:
    """What came of asking; what is known is kept in the memo's folder, also where the run is interrupted.

    tell: called with each that was asked. Paths are below the collection's root.
    """
    links = links_of(config, content, memo)
    known = answers.read(config.memo)
    fresh: dict[str, Answer] = {}

    def note(address: str, answer: Answer) -> None:
        fresh[address] = answer
        tell()

    try:
        found = asked(links, known, Manners(agent(config)), bounds, tell=note)
    finally:
        if fresh:
            with contextlib.suppress(OSError):  # it is asked again
                answers.write(config.memo, known | fresh)
    place = _Placing(config, content)
    for address in sorted(links):
        if answer := found.answers.get(address):
            yield from _told(links[address], answer, place)
    if found.waiting:
        fact = f"{len(found.waiting):,} addresses outside wait for another run, such as {found.waiting[0]}"
        yield Issue("external-waiting", fact,
                    Span(config.file, 1, 1), "run sitegen check --external again", Severity.NOTE)  # fmt: skip


def agent(config: Config) -> str:
    """How the program names itself to hosts, with the site that it asks for."""
    return f"sitegen/{__version__} (checks links; +{config.url})"


def links_of(config: Config, content: Content, memo: Memo) -> Mapping[str, Sequence[Written]]:
    """Where each address outside is written, without its fragment: those of what is published, and of menu and footer."""
    found: defaultdict[str, list[Written]] = defaultdict(list)

    def add(address: str, path: str, written: str) -> None:
        if address.lower().startswith(("http://", "https://")):
            found[address.partition("#")[0]].append((path, written))

    for item in (*config.menu, *config.footer):
        add(item.url, _CONFIG, item.url)
    decoder = msgspec.msgpack.Decoder(Text)
    shown = {facts.path for facts in content.written.values()}
    for path, reading in memo.readings():
        if path not in shown or not reading:
            continue
        text = decoder.decode(reading)
        if isinstance(text.meta, Article) and text.meta.source and text.meta.source.url:
            add(text.meta.source.url, path, _SOURCE)
        for link in outward(text.body):
            if link.outside:
                add(link.address, path, link.address)
        for note in text.notes:
            for body in (note.body, *(reply.body for reply in note.replies)):
                for link in outward(body):
                    if link.outside:
                        add(link.address, ids.sidecar_of(path), link.address)
    return found


def _told(written: Sequence[Written], answer: Answer, place: _Placing) -> Iterator[Issue]:
    """Every place has to be mended; what could not be asked is told at the first."""
    if answer.state is State.NOT_FOUND:
        for path, address in written:
            span, shown = place(path, address)
            yield Issue("external-not-found", f'"{shown}" was not found ({answer.status}, {answer.day})', span,
                        "look where it has gone, or link to a copy in a web archive", Severity.WARNING)  # fmt: skip
    elif answer.state is State.MOVED:
        for path, address in written:
            span, shown = place(path, address)
            yield Issue("external-moved", f'"{shown}" has moved for good ({answer.day})', span, f"write {answer.to}",
                        Severity.NOTE)  # fmt: skip
    elif answer.state is State.UNASKED:
        span, shown = place(*written[0])
        more = f", here and in {len(written) - 1:,} more places" if len(written) > 1 else ""
        yield Issue("external-unasked", f'"{shown}"{more} could not be asked ({answer.day}): {answer.why}', span,
                    "it may well be there: a later run asks again; look yourself where this lasts", Severity.NOTE)  # fmt: skip


class _Placing:
    """Finds where addresses stand; each file is read once."""

    def __init__(self, config: Config, content: Content) -> None:
        self._config, self._content = config, content
        self._below = below_root(str(config.content), config.root)
        self._locate = Locator(content.files)
        self._files = {file.path: file for file in (*content.tree.documents, *content.tree.notes)}
        self._places: dict[str, Places] = {}

    def __call__(self, path: str, address: str) -> tuple[Span, str]:
        """The place, by a path below the root, and the address as it is shown there."""
        if path == _CONFIG:
            return place_of(self._config, "menu" if any(item.url == address for item in self._config.menu) else "footer"), address
        if address == _SOURCE:
            span = self._locate(path, "source", "url")
            address = span.excerpt[span.at :][: span.length].strip("\"' ") if span.column else "the address of the source"
        else:
            if path not in self._places:
                self._places = {path: places_in(self._files[path])}  # one at a time: files may be large
            span = self._places[path].of(address)
        return replace(span, path=f"{self._below}/{span.path}"), address
