"""Build again where nothing but the words of texts was edited: what that changes is replaced in what the last build left.

For a process that stays, as the preview does. What comes of it is what `pipeline.build` makes of the same files, byte
for byte; where an edit reaches further than this can follow, `pipeline.build` does it all. That is so for anything but a
text that was there before, for one with notes, and for a text that changed its address, title, date or tags, or the set of
records that have pages. What lies in the output is taken as the last build left it, but for the files it writes.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, MutableMapping, Sequence
from copy import copy
from functools import partial
from pathlib import Path
from stat import S_ISREG
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from sitegen.build import causes, history, licences, output
from sitegen.build.ahead import NOBODY, Ahead, arranged
from sitegen.build.causes import Moved
from sitegen.build.checks import problems
from sitegen.build.content import Content, anchors_of, is_record, linked
from sitegen.build.lock import complete, locked
from sitegen.build.makers import maker
from sitegen.build.memo import Input, Memo, MemoError, Seen
from sitegen.build.output import Plan
from sitegen.build.passages import Passages
from sitegen.build.pipeline import Left, Report, build, final, line_of, remember, remember_whole, stops
from sitegen.build.planning import Looks, plan_feeds, plan_markdown, plan_page, planner
from sitegen.build.pool import Pool
from sitegen.build.reading import text_key
from sitegen.build.room import Room
from sitegen.build.run import Mode, Profile, below_root
from sitegen.build.scan import UNSURE, File
from sitegen.build.searching import Indexing, page_of
from sitegen.build.shelf import Unshelved
from sitegen.build.stages import TEXTS
from sitegen.build.unchanged import LEDGER, is_settled
from sitegen.config import Config
from sitegen.model.entity import PLACES
from sitegen.model.mention import Facts
from sitegen.relate import cells
from sitegen.relate.index import Index
from sitegen.relate.pages import FRONT, Topic
from sitegen.relate.records import tails_of
from sitegen.relate.site import overviews

V = TypeVar("V")

Moves = dict[str, set[str]]  # the cells that are not as they were, by table


class Builder:
    """Builds one collection again and again, and keeps between builds what the next can start from."""

    def __init__(self) -> None:
        self._standing: Standing | None = None

    def build(
        self, config: Config, memo: Memo, mode: Mode, pool: Pool, changed: Collection[Path] | None = None, ahead: Ahead = NOBODY
    ) -> Report:  # fmt: skip
        """Bring the output up to date. changed: the files that may have changed since the last build, None for any.

        Raises: as `pipeline.build`.
        """
        before, self._standing = self._standing, None
        if before and changed is not None and not reaches_far(config, mode) and before.holds(config, mode, memo):
            try:
                with locked(config.memo):
                    complete(config.memo)
                    report = again(before, memo, pool, changed, ahead)
                if report:
                    self._standing = before
                    return report
                memo.forget()
            except MemoError as error:
                if not error.damaged:
                    raise
        report = build(config, memo, mode, pool, ahead)
        if report.left:
            self._standing = Standing(config, mode, report.left, _mark(config.output))
        return report

    def settle(self, memo: Memo) -> None:
        """Write down what the last build left for later, and do now what the next would have to do first.

        Raises: SiteError where that cannot be written.
        """
        if not self._standing or not self._standing.holds(self._standing.config, self._standing.mode, memo):
            return
        standing = self._standing
        if standing.unwritten:
            with locked(standing.config.memo):
                settle(standing, memo)
            standing.mark = _mark(standing.config.output)
        standing.fragments()


class Standing(msgspec.Struct):
    """What the last build left, moved on by every build that follows.

    mark: the size and time of change of its list of files. unwritten: whether that list, and what the memo knows of the
    build as a whole, are still those of a build before.
    """

    config: Config
    mode: Mode
    left: Left
    mark: tuple[int, int]
    unwritten: bool = False
    _fragments: set[str] | None = None

    def holds(self, config: Config, mode: Mode, memo: Memo) -> bool:
        """Whether the next build starts where the last one ended."""
        alike = (config, mode) == (self.config, self.mode) and memo.get("build") == b"%d" % self.left.number
        return alike and self.mark == _mark(config.output) != (0, 0)

    def fragments(self) -> set[str]:
        """The ids that links name behind a #; those that no link names any more may be among them."""
        if self._fragments is None:
            self._fragments = _fragments(self.left.content.facts.values())
        return self._fragments


def reaches_far(config: Config, mode: Mode) -> bool:
    """Whether each edit changes more than pages: files that are made of every text, as exports are, or of the files made."""
    fed = bool(config.record_feeds) and not mode.preview
    return bool(config.exports and mode.exports) or fed or bool(config.precompress or mode.target)


def settle(standing: Standing, memo: Memo) -> None:
    """Write down what `again` left for later: the list of files, and the build as a whole. Raises: SiteError."""
    left, config = standing.left, standing.config
    output.settle(config.output, left.rows.moved)
    remember_whole(memo, left.number, config, standing.mode, left.content, left.looks, left.readers)
    memo.commit()
    standing.unwritten = False


def again(standing: Standing, memo: Memo, pool: Pool, changed: Collection[Path], ahead: Ahead = NOBODY) -> Report | None:
    """The build, with `standing` moved on to it; None where `pipeline.build` has to do it.

    Whoever calls holds the collection's lock. Raises: SiteError; Unshelved where it takes more than a part of the content.
    """
    config, mode, left, profile = standing.config, standing.mode, standing.left, Profile()
    looks, readers, number = left.looks, left.readers, left.number + 1
    with profile.part("texts"):
        files = _edited(config, left.content, changed)
        step = _read(left.content, files, memo, pool, standing.fragments()) if files is not None else None
    if step is None:
        return None
    content, moves, checked = step
    with profile.part("check"):
        if not checked or left.content.issues:
            if content.is_partial:
                raise Unshelved
            content = replace(content, issues=tuple(problems(config, content, memo, mode)))
    if stops(content.issues, mode):
        return None
    shown = looks.setting.site.overviews
    if shown != tuple(overviews(content.index, looks.setting.has, looks.setting.words)):
        return None
    with profile.part("plan"):
        search = page_of(config, content, looks.theme, memo, mode.search)
        if search != looks.setting.search:
            if mode.search is Indexing.MADE:
                return None
            looks = looks.saying(search)
        made = planner(content, looks.setting, Passages(memo, content.index))
        topics = readers.of(moves, left.content.index) | _touched(content) | ({("search", "")} if search else set())
        planned = {topic: list(made.pages(topic)) for topic in sorted(topics)}
        if not all(readers.has(topic, found) for topic, found in planned.items()):
            return None
        said = copy(looks.said)
        below = below_root(str(config.content), config.root)
        plans = [plan_page(below, page, content, looks, memo) for found in planned.values() for page in found]
        plans += _others(below, content, looks)
        plans += [licences.plan(content, looks.setting, looks.theme)] if search != left.looks.setting.search else []
        urls = [page.url for found in planned.values() for page in found]
        moves["said"] = {url for url in urls if looks.said.get(url) != said.get(url)}
    memo.commit()
    with profile.part("make"):
        room = Room.of(config.output)
        arrangement, first = arranged(plans, ahead, ())
        synced = output.amend(
            [*arrangement], config.output, memo, maker(pool, plans, looks, room), number, left.rows, first, ahead.told
        )
    if synced is None or synced.issues:
        return None
    with profile.part("remember"):
        tables, now = {**left.content.cells.tables, "said": said}, {**content.cells.tables, "said": looks.said}
        remember(memo, number, causes.of_moves(tables, now, moves, content.moved, partial(line_of, memo, content)))
        memo.commit()
    for topic, found in planned.items():
        readers.note(topic, found)
    counts = {**left.counts, "mentions": left.counts["mentions"] + _more_mentions(content)}
    standing.left = Left(number, content, looks, left.rows.over(synced.rows), counts, readers)
    standing.unwritten = True
    return Report(
        final(content.issues, config, mode), synced, counts, memo.note, profile, memo.hits, memo.slow, content.seen, standing.left
    )


def _edited(config: Config, content: Content, changed: Collection[Path]) -> list[File] | None:
    """The texts among the changed files, as they are now; None where something else changed."""
    found = []
    if content.guard:
        return None  # whatever is private is looked for in everything
    if content.known.notes and any(facts.history for facts in content.facts.values()):
        return None  # git may know more by now
    if content.known.amended and content.known.amended.head != history.head(config.content):
        return None
    for path in changed:
        try:
            name = path.relative_to(config.content).as_posix()
            status = path.lstat()
        except (ValueError, OSError):
            return None
        if name not in content.facts or is_record(name) or not S_ISREG(status.st_mode) or name in content.known.notes:
            return None
        inode = status.st_ino if is_settled(status.st_mtime_ns, time.time_ns()) else UNSURE
        found.append(File(name, content.files[name].full, Seen(status.st_size, status.st_mtime_ns, inode, b"")))
    return found


def _read(
    content: Content, files: Sequence[File], memo: Memo, pool: Pool, fragments: set[str]
) -> tuple[Content, Moves, bool] | None:
    """The content with these texts read again, the cells that moved, and whether no check across documents can tell otherwise.

    fragments: see `_Standing`; those of these texts are put in. None where what changed in them reaches too far.
    """
    anchors = {file.path: {*anchors_of(memo, file.path)} for file in files}
    facts, seen, read = _copied(content.facts), _copied(content.seen), dict(content.read)
    had = {file.path: facts[file.path] for file in files}
    inputs = [Input(file.path, file.full) for file in files]
    stored = memo.make(pool, TEXTS, content.known, inputs, text_key(content.known))
    index, table, moves, moved, checked = content.index, content.cells, defaultdict[str, set[str]](set), [], True
    for file in files:
        made, before = stored[file.path], had[file.path]
        after = made.value
        if after is None or not _stands(before, after):
            return None
        seen[file.path] = replace(file.seen, digest=made.digest)
        memo.set_file(file.path, seen[file.path])
        read.pop(file.path, None)
        if made.issues:
            read[file.path] = made.issues
        checked &= not made.issues and (_checks_alike(before, after) or _is_sound(content, before, after))
        checked &= fragments.isdisjoint(anchors[file.path] - {*anchors_of(memo, file.path)})
        fragments |= _fragments([after])
        facts[file.path] = after
        if after.id not in content.written:
            continue  # a draft, or of a later date: nothing shows it
        moved.append(Moved(before, after))
        if after.id in index.by_id:
            index = index.replaced(before, after, partial(linked, content.addresses))
        table, now = cells.replaced(table, index, before, after, content.addresses.lead, content.filed)
        for name, names in now.items():
            moves[name] |= names
    if any(_opens_or_closes(content.index, index, change) for change in moved):
        return None
    by_path = {file.path: replace(file, seen=seen[file.path]) for file in files}
    return content.with_texts(by_path, facts, seen, read, index, table, moved), moves, checked


def _copied(values: Mapping[str, V]) -> MutableMapping[str, V]:
    """The same to write in; of what lies on a shelf only what moved is copied."""
    return copy(values) if isinstance(values, MutableMapping) else dict(values)


_STANDING = (
    "id", "kind", "path", "url", "title", "date", "draft", "tags", "source", "source_sha256", "updated", "corrections", "days",
    "visibility", "embargo", "redacted",
)  # fmt: skip


def _stands(before: Facts, after: Facts) -> bool:
    """Whether a text stands where it stood: in lists, under its address, and as others know it by its title."""
    return all(getattr(before, name) == getattr(after, name) for name in _STANDING)


def _checks_alike(before: Facts, after: Facts) -> bool:
    """Whether checks across documents find in a text what they found, but for the places in its file."""
    if before.ambiguities or after.ambiguities or before.links != after.links:
        return False
    return [(r.target, r.fragment) for r in before.references] == [(r.target, r.fragment) for r in after.references]


def _is_sound(content: Content, before: Facts, after: Facts) -> bool:
    """Whether checks across documents are sure to find nothing wrong with a text, if nothing was."""
    if after.ambiguities or before.links != after.links:
        return False
    return not any(reference.fragment or content.addresses.of(reference) is None for reference in after.references)


def _fragments(texts: Iterable[Facts]) -> set[str]:
    return {reference.fragment for text in texts for reference in text.references if reference.fragment}


def _opens_or_closes(before: Index, after: Index, change: Moved) -> bool:
    """Whether a record gains or loses its page, or one of the pages it is parted into."""
    had, has = _both(change)
    if any(record not in before.authority.records or not after.count(record) for record in {*had.named} ^ {*has.named}):
        return True
    # A list is parted by the dates of its articles, and by how often each names the record.
    often, now = (dict(zip(facts.named, facts.here, strict=True)) for facts in (had, has))
    other = [record for record in often | now if often.get(record) != now.get(record)]
    return any(tails_of(before, record) != tails_of(after, record) for record in other)


def _touched(content: Content) -> set[Topic]:
    """The topics that the texts which moved are about, name or link to, or did."""
    found: set[Topic] = set()
    articles = content.index.by_id
    for had, has in map(_both, content.moved):
        others = {*had.named} ^ {*has.named}
        found |= {("record", record) for record in others}
        if any(record.startswith(f"{PLACES}/") for record in others):  # where it is named is on the map of all places
            found |= {("home", ""), ("kind", PLACES)}
        targets = {*linked(content.addresses, had)} ^ {*linked(content.addresses, has)}
        found |= {("article", target) for target in targets if target in articles}
        found.add(("home", "") if has.id == FRONT else ("article" if has.id in articles else "page", has.id))
    return found


def _others(below: str, content: Content, looks: Looks) -> list[Plan]:
    """The files besides pages that an edit of a text's words can change."""
    edited = [(had, has) for had, has in map(_both, content.moved) if has.id in content.index.by_id]
    found = [plan_markdown(below, text, content) for _, text in edited]
    # Of what feeds show of an article all else stands (see `_stands`).
    shown = any((had.summary, had.lang) != (has.summary, has.lang) for had, has in edited)
    return [*found, *plan_feeds(content, looks)] if shown else found


def _both(change: Moved) -> tuple[Facts, Facts]:
    assert isinstance(change.before, Facts)
    assert isinstance(change.after, Facts)
    return change.before, change.after


def _more_mentions(content: Content) -> int:
    """By how much the articles' mentions are more than they were."""
    articles = content.index.by_id
    return sum(sum(has.here) - sum(had.here) for had, has in map(_both, content.moved) if has.id in articles)


def _mark(folder: Path) -> tuple[int, int]:
    """Size and time of change of the output's list of files; zeros where there is none."""
    try:
        status = (folder / LEDGER).stat()
    except OSError:
        return 0, 0
    return status.st_size, status.st_mtime_ns
