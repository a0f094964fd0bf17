"""Two snapshots of a site → what readers would see change.

What is withheld now is counted and not told: neither its name nor its words, though an earlier snapshot has both. Of pages
and files those that differ are kept, of all documents the titles; articles pass by one at a time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import msgspec

from sitegen.compare.passages import moves
from sitegen.compare.snapshot import GONE, LIST, MOVED, RECORD, File, Opened, Page, Said
from sitegen.compare.values import GROUPS, PRIVATE, Changed, Comparison, Lost, Moved, Named, Passage, Sizes, Veil

T = TypeVar("T")

_LARGE = 1 << 20  # bytes from which on a new file is named
_LARGEST = 10


def compare(before: Opened, after: Opened, veil: Veil | None = None) -> Comparison:
    """Hold one snapshot against a later one. Both are read once, side by side."""
    veil = veil or Veil()
    found, aside = Comparison(before.head, after.head), _Aside()
    _pages(found, before, after, veil, aside)
    _renames(found, aside)
    sizes = _files(before, after, veil, {*aside.went, *(page.url for page, _ in found.withdrawn)})
    found.sizes = sizes if before.head.made and after.head.made else None
    _mentions(found, before, after, veil, aside)
    named = {named.record: named for named in found.named}
    found.lost = [_with_a_target(lost, found, aside, named.get(aside.went[lost.url].id)) for lost in found.lost]
    return found


class _Aside(msgspec.Struct):
    """What is kept of pages while they are compared.

    had, has: mentions by record. answers: the addresses that answer. went: what was at an address that is lost or leads on.
    renamed: the ids of documents → those they have now.
    """

    had: dict[str, int] = msgspec.field(default_factory=dict)
    has: dict[str, int] = msgspec.field(default_factory=dict)
    answers: set[str] = msgspec.field(default_factory=set)
    went: dict[str, Page] = msgspec.field(default_factory=dict)
    renamed: dict[str, str] = msgspec.field(default_factory=dict)
    guessed: dict[str, str] = msgspec.field(default_factory=dict)  # lost address → where its document seems to be


def _pages(found: Comparison, before: Opened, after: Opened, veil: Veil, aside: _Aside) -> None:
    same_program = before.head.program == after.head.program
    for was, now in _side_by_side(before.pages(), after.pages(), lambda page: page.url):
        for page, mentions in ((was, aside.had), (now, aside.has)):
            if page and page.id and page.is_document:
                found.titles[page.id] = page.title, page.url
                if page.kind == RECORD:
                    mentions[page.id] = page.mentions
        if now:
            aside.answers.add(now.url)
        if any(page and veil.covers(page) for page in (was, now)):
            found.hidden_pages += was is None or now is None or _differ(was, now)
        elif was is None:
            assert now
            if now.is_document or now.kind == LIST:  # where an address leads on that was none, nobody comes from
                found.added.append(now)
        elif now is None:
            aside.went[was.url] = was
            found.lost.append(Lost(was.url, was.title, "", ""))
        elif now.kind == MOVED:
            if was.kind != MOVED or was.to != now.to:
                aside.went[was.url] = was
                found.moved.append(Moved(was.url, was.title, now.to))
        elif now.kind == GONE:
            if was.kind != GONE:
                found.withdrawn.append((was, PRIVATE if veil.betrays(now.to) else now.to))
        elif was.kind != now.kind and (now.is_document or was.kind in (MOVED, GONE)):
            found.added.append(now)
        elif what := _differing(was, now, same_program):
            found.changed.append(Changed(was, now, what))
        elif was.sha and now.sha and was.sha != now.sha:
            found.elsewhere[now.kind] += 1


def _differ(was: Page, now: Page) -> bool:
    return (was.kind, was.to, was.parts, was.named) != (now.kind, now.to, now.parts, now.named)


def _differing(was: Page, now: Page, same_program: bool) -> tuple[str, ...]:
    """The parts of a document that differ, by name."""
    names = sorted(name for name in was.parts.keys() | now.parts.keys() if was.parts.get(name) != now.parts.get(name))
    if names or not same_program or was.form == now.form or was.named != now.named:
        return tuple(names)
    return ("markup",)


def _renames(found: Comparison, aside: _Aside) -> None:
    """Documents that came and went, and are the same: their addresses say so, else their texts or titles."""
    new = {page.url: page for page in found.added if page.is_document}
    moved = []
    for move in found.moved:
        was, now = aside.went[move.url], new.get(move.to.partition("#")[0])
        if now and was.kind == now.kind:
            aside.renamed[was.id] = now.id
            move = Moved(move.url, move.title, move.to, _differing(was, now, same_program=False))
        moved.append(move)
    found.moved = moved
    taken = set(aside.renamed.values())
    # The new address of what moved is told with the old one.
    found.added = [page for page in found.added if page.id not in taken]
    alike: dict[tuple[str, ...], Page] = {}
    for page in reversed(found.added):
        for sign in _signs(page):
            alike[sign] = page
    for lost in found.lost:
        was = aside.went[lost.url]
        for page in (alike[sign] for sign in _signs(was) if sign in alike):
            if page.id not in taken:
                taken.add(page.id)
                aside.renamed[was.id], aside.guessed[was.url] = page.id, page.url
                break


def _signs(page: Page) -> Iterator[tuple[str, ...]]:
    """By what a document is known under another address."""
    if page.is_document and page.words:
        yield page.kind, "text", page.parts.get("text", "")
    if page.is_document and page.title:
        yield page.kind, "title", page.title


def _files(before: Opened, after: Opened, veil: Veil, went: set[str]) -> Sizes:
    """Sizes. went: addresses of pages with which their copies and feeds went."""
    sizes = Sizes()
    files = {group: [0, 0] for group in GROUPS}
    sums = {group: [0, 0] for group in GROUPS}
    large: list[File] = []
    there = set[str]()
    for was, now in _side_by_side(before.files(), after.files(), lambda file: file.path):
        for side, file in enumerate((was, now)):
            if file:
                group = _group(file.path)
                files[group][side] += 1
                sums[group][side] += file.size
        if was and not now and _is_cited(was.path, went, there) and not veil.betrays(was.path):
            sizes.lost.append(was.path)
        if was:
            there.add(was.path)
        if now and now.size >= _LARGE and (was is None or was.size < _LARGE) and not veil.betrays(now.path):
            large.append(now)
    sizes.files = {group: (was, now) for group, (was, now) in files.items()}
    sizes.bytes = {group: (was, now) for group, (was, now) in sums.items()}
    sizes.large = sorted(large, key=lambda file: (-file.size, file.path))[:_LARGEST]
    return sizes


def _is_cited(path: str, went: set[str], there: set[str]) -> bool:
    """Whether others may link to a file for itself: to no copy beside a page that went, nothing packed, no part of a theme."""
    beside = f"/{path.rpartition('/')[0]}/" in went
    packed = path.endswith((".br", ".gz")) and path[:-3] in there
    return _group(path) == "other files" and not beside and not packed and not path.startswith("assets/")


def _group(path: str) -> str:
    if path.startswith("pagefind/"):
        return "search"
    if path.startswith("data/") and path != "data/index.html":
        return "data"
    return "pages" if path.endswith(".html") else "other files"


def _mentions(found: Comparison, before: Opened, after: Opened, veil: Veil, aside: _Aside) -> None:
    named: dict[str, Named] = {}

    def of(record: str) -> Named:
        if record not in named:
            named[record] = Named(record, before=aside.had.get(record, 0), after=aside.has.get(record, 0))
        return named[record]

    def is_hidden(doc_id: str) -> bool:
        return veil.hides(doc_id) or veil.betrays(found.titles.get(doc_id, ("", ""))[0])

    for old, new in _articles(before, after, aside.renamed):
        article = new.article if new else old.article if old else ""
        moved = moves(old, new)
        if is_hidden(article):
            found.hidden_mentions += len(moved.gained) + len(moved.lost) + len(moved.passed)
            continue
        for sort, several in (("gained", moved.gained), ("lost", moved.lost)):
            for record, quoted in several:
                if is_hidden(record):
                    found.hidden_mentions += 1
                else:
                    of(record).add(sort, Passage(article, veil.quoted(quoted)))
        for record, earlier, quoted in moved.reworded:
            if not is_hidden(record):
                of(record).add("reworded", Passage(article, veil.quoted(quoted), veil.quoted(earlier)))
        for giver, taker, quoted in moved.passed:
            if is_hidden(giver) or is_hidden(taker):
                found.hidden_mentions += 1
                continue
            of(giver).add("given", Passage(article, veil.quoted(quoted), other=taker))
            of(taker).add("taken", Passage(article, veil.quoted(quoted), other=giver))
    for old_id, new_id in aside.renamed.items():
        if new_id in named:
            named[new_id].before += aside.had.get(old_id, 0)
    found.named = sorted(named.values(), key=_most_first)


def _articles(before: Opened, after: Opened, renamed: dict[str, str]) -> Iterator[tuple[Said | None, Said | None]]:
    """The articles whose mentions may differ; one that has another id now, with what it was under the old one."""
    new_ids = set(renamed.values())
    waiting: dict[str, tuple[Said | None, Said | None]] = {}
    for was, now in _side_by_side(before.said(), after.said(), lambda pair: pair[1].article):
        if was and now and was[0] == now[0]:
            continue
        old, new = _known_now(was[1], renamed) if was else None, now[1] if now else None
        for said, is_old in ((old, True), (new, False)):
            key = said and (renamed.get(said.article) if is_old else said.article if said.article in new_ids else None)
            if not said or not key:
                continue
            other = waiting.pop(key, (None, None))
            pair = (said, other[1]) if is_old else (other[0], said)
            if all(pair):
                yield pair
            else:
                waiting[key] = pair
            old, new = (None, new) if is_old else (old, None)
        if old or new:
            yield old, new
    yield from waiting.values()


def _known_now(said: Said, renamed: dict[str, str]) -> Said:
    """What an article said, with the records under the ids they have now."""
    if not renamed:
        return said
    return Said(said.article, tuple([(renamed.get(record, record), *quoted) for record, *quoted in said.passages]))  # type: ignore[misc]


def _most_first(named: Named) -> tuple[int, str]:
    return -sum(count for sort, count in named.counts.items() if sort != "reworded"), named.record


def _with_a_target(lost: Lost, found: Comparison, aside: _Aside, named: Named | None) -> Lost:
    """What the ledger may say of an address: where the document is now, who took a record's mentions, what lies above."""
    was = aside.went[lost.url]
    if guessed := aside.guessed.get(lost.url):
        return Lost(lost.url, lost.title, guessed, "renamed")
    if was.kind == RECORD and named:
        given = Counter(passage.other for passage in named.passages.get("given", ()))
        for taker in sorted(given, key=lambda record: (-given[record], record)):
            if (url := found.titles[taker][1]) in aside.answers:
                return Lost(lost.url, lost.title, url, "merged")
    if was.kind == MOVED and was.to.partition("#")[0] in aside.answers:
        return Lost(lost.url, lost.title, was.to, "")
    if was.kind == LIST:
        above = was.url
        while above != "/" and above not in aside.answers:
            above = above.rstrip("/").rpartition("/")[0] + "/"
        return Lost(lost.url, lost.title, above, "")
    return lost


def _side_by_side(before: Iterable[T], after: Iterable[T], key: Callable[[T], str]) -> Iterator[tuple[T | None, T | None]]:
    """Two sorted runs as one: what both have under a key, else what one has and None."""
    left, right = iter(before), iter(after)
    was, now = next(left, None), next(right, None)
    while was is not None or now is not None:
        if now is None or (was is not None and key(was) < key(now)):
            yield was, None
            was = next(left, None)
        elif was is None or key(now) < key(was):
            yield None, now
            now = next(right, None)
        else:
            yield was, now
            was, now = next(left, None), next(right, None)
