"""The story: content → site. Everything that joins the rooms is here, and all use of the memo."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from sitegen.build import causes, shelf, shelved
from sitegen.build.ahead import NOBODY, Ahead, arranged
from sitegen.build.assets import finished
from sitegen.build.content import Content
from sitegen.build.lock import complete, locked
from sitegen.build.makers import maker, prepare
from sitegen.build.memo import Memo, MemoError, Rows, Seen
from sitegen.build.output import Plan, Synced, rehearse, sync
from sitegen.build.owners import collisions
from sitegen.build.planning import Looks, Plans, exports_for, guarded, late_plans, left_out, looks_of, setting_of
from sitegen.build.pool import Pool
from sitegen.build.readers import Readers
from sitegen.build.reading import read
from sitegen.build.room import Room
from sitegen.build.run import Mode, Profile, below_root
from sitegen.build.searching import Indexing, page_of, search_of
from sitegen.build.shelf import Shelf, Unshelved
from sitegen.build.shelved import Since
from sitegen.config import Config
from sitegen.errors import Issue, Severity, SiteError, errors, in_order, strict
from sitegen.model import views
from sitegen.model.mention import Facts
from sitegen.render.theme import Theme

if TYPE_CHECKING:
    from sitegen.outside.round import Bounds

KEPT_BUILDS = 50
_FEW = 20_000  # articles; of more, what the next build begins with would take 100 MB while pages are made


class Left(msgspec.Struct, frozen=True):
    """What a build knew when it ended, for one that follows it in the same process (see `build.again`)."""

    number: int
    content: Content
    looks: Looks
    rows: Rows
    counts: Mapping[str, int]
    readers: Readers


class Report(msgspec.Struct, frozen=True):
    """What a build found and did. `synced` is None where errors stopped it: then nothing was changed.

    hits: by stage, how many inputs were known and how many read. slow: texts whose Markdown left the fast path.
    leans: whether notes or corrections hang on what is not in the content folder, the history that git has. resumed: whether
    `synced` has rows of those files alone that may have moved.
    """

    issues: tuple[Issue, ...]
    synced: Synced | None
    counts: Mapping[str, int]
    note: str = ""
    profile: Profile = msgspec.field(default_factory=Profile)
    hits: Mapping[str, tuple[int, int]] = msgspec.field(default_factory=dict)
    slow: Sequence[str] = ()
    seen: Mapping[str, Seen] = msgspec.field(default_factory=dict)
    left: Left | None = None
    leans: bool = False
    resumed: bool = False

    @property
    def ok(self) -> bool:
        return self.synced is not None


class _Stopped(Exception):
    """There are errors, so that nothing may be changed."""


def build(config: Config, memo: Memo, mode: Mode, pool: Pool | None = None, ahead: Ahead = NOBODY) -> Report:
    """Bring the output folder up to date with the content; where there are errors, leave it as it is.

    ahead: who waits for some of its files.
    """
    with locked(config.memo):
        complete(config.memo)
        try:
            return _build(config, memo, mode, pool or Pool.of(1), ahead)
        except MemoError as error:
            if not error.damaged:
                raise
            memo.renew(error)
            return _build(config, memo, mode, pool or Pool.of(1), ahead)


def _build(config: Config, memo: Memo, mode: Mode, pool: Pool, ahead: Ahead) -> Report:
    profile = Profile()
    with profile.part("theme"):
        theme = load_theme(config, memo)
    if pool.inherits:
        pool.meanwhile = partial(prepare, theme)  # workers that make pages will be forked once the texts are read
    content = read(config, theme, memo, mode, pool, profile)
    pool.meanwhile = None
    number = int(memo.get("build") or b"0") + 1
    with profile.part("search"):
        # Where the content has errors nothing will be published.
        search = search_of(config, content, theme, memo, Indexing.KEPT if stops(content.issues, mode) else mode.search)
    with profile.part("plan"):
        setting = setting_of(config, content.index, theme, search.page, preview=mode.preview)
        looks, readers = looks_of(config, content, theme, setting), Readers()
        site = Plans(config, content, looks, memo, readers)
        site.prepare(memo.output(config.output))
        exports = exports_for(config, content, setting, memo, mode)
        others = [*site.files(), *search.plans, *(exports.plans() if exports else left_out(config, content, looks, memo))]
        others = [*guarded(others, content.guard)]
        late = late_plans(config, exports, content, looks, memo, pool, mode.target)
    issues, plans, parts, counts = [*content.issues, *search.issues], list[Plan](), dict[str, bytes](), count(content)
    # Pages are made while others are still planned. Where some go ahead, all has to be known before.
    streams = pool.inherits and ahead is NOBODY and not stops(issues, mode)

    def planned() -> Iterator[Plan]:
        """All plans, pages first. Raises: _Stopped once they are known, where there are errors."""
        coming = guarded(chain(site.pages(), others, site.lists()), content.guard)
        for some in profile.drawn("plan", coming):
            plans.extend(some)
            yield from some
        with profile.part("plan"):
            issues.extend(collisions([*plans, *(plan for more in late(None) for plan in more({})[0])]))
        if stops(issues, mode):
            raise _Stopped
        if streams and not exports and memo.beside(config.output) and counts["articles"] <= _FEW:
            with profile.part("remember"), contextlib.suppress(ValueError, OverflowError):
                parts.update(shelved.parts(content, looks, readers))

    memo.commit()  # workers read it by themselves
    try:
        coming = planned() if streams else [*planned()]
        with profile.part("make"):
            room = Room.of(config.output)
            arrangement, first = arranged(coming, ahead, theme.asset_paths())
            make = maker(pool, others if streams else plans, looks, room, site.again)
            synced = sync(arrangement, config.output, memo, make, number, late(room), first, ahead.told)
    except _Stopped:
        # All errors come in one run: those of templates too.
        issues += rehearse(plans, config.output, memo, maker(pool, plans, looks, None, site.again), late(None))
        return Report(final(issues, config, mode), None, counts, notes_of(memo, pool), profile, memo.hits, memo.slow)
    with profile.part("remember"):
        if not synced.issues:
            _remember(memo, number, config, mode, content, looks, readers, parts)
        memo.commit()
    issues += synced.issues
    if mode.target and not synced.issues:
        from sitegen.build import hosting  # few builds are for a host

        issues += hosting.check(mode.target, config, content)
    done = None if synced.issues else synced
    leans = bool(config.corrections or (content.tree.notes and any(facts.history for facts in content.texts)))
    return Report(
        final(issues, config, mode), done, counts, notes_of(memo, pool), profile, memo.hits, memo.slow, content.seen,
        Left(number, content, looks, Rows(synced.rows), counts, readers) if done else None, leans,
    )  # fmt: skip


def _remember(
    memo: Memo,
    number: int,
    config: Config,
    mode: Mode,
    content: Content,
    looks: Looks,
    readers: Readers,
    parts: Mapping[str, bytes],
) -> None:
    """Write down what changed for this build of a folder, and the build as a whole. parts: as for `remember_whole`."""
    standing = taken(memo, config.output)
    try:
        tables = shelved.tables_of(*standing) if standing else None
    except Unshelved:
        tables = None
    found = causes.changes(tables, _tables(content, looks), content.moved, partial(line_of, memo, content))
    remember_whole(memo, number, config, mode, content, looks, readers, parts)
    remember(memo, number, found)


def remember(memo: Memo, number: int, found: Iterable[causes.Change]) -> None:
    """Write down what changed for this build, and its number."""
    memo.set_changes(number, found, keep=KEPT_BUILDS)
    memo.set("build", b"%d" % number)


def remember_whole(
    memo: Memo, number: int, config: Config, mode: Mode, content: Content, looks: Looks, readers: Readers,
    parts: Mapping[str, bytes] | None = None,
) -> None:  # fmt: skip
    """Write down what a build left, so that the next can begin there (see `resume`). parts: of its shelf, where they are made."""
    folder, mark = config.output, b""
    if path := memo.beside(folder):
        with contextlib.suppress(OSError, ValueError, OverflowError):  # a convenience: without it the next build looks at all
            kept = shelved.left(config, mode, content, count(content))
            mark = shelf.write(path, parts or shelved.parts(content, looks, readers), kept)
    memo.set(f"left {folder}", mark)
    memo.stand(folder, number)


def taken(memo: Memo, folder: Path) -> tuple[Shelf, Since] | None:
    """What was put on the shelf for a folder, and what moved since; None where that cannot be told."""
    path, held = memo.beside(folder), memo.get(f"left {folder}")
    if path is None or not held:
        return None
    try:
        found = Shelf(path, held[: shelf.MARK])
        return found, msgspec.msgpack.decode(held[shelf.MARK :], type=Since) if held[shelf.MARK :] else Since()
    except (Unshelved, msgspec.MsgspecError):
        return None


def _tables(content: Content, looks: Looks) -> dict[str, Mapping[str, bytes]]:
    return {**content.cells.tables, **looks.tables()}


def line_of(memo: Memo, content: Content, facts: Facts, record: str) -> int:
    """The line of a text's file that first names a record, 0 where it cannot be told."""
    quotes = msgspec.msgpack.decode(memo.quotes(facts.path), type=dict[str, list[views.Quote]])
    try:
        text = content.files[facts.path].read().decode()
    except (OSError, UnicodeDecodeError):
        return 0
    quote = quotes[record][0]
    body = text.find("\n---", 3)
    for wanted in ((quote.before + quote.name)[-40:].lstrip(), quote.name):
        if (at := text.find(wanted, body)) >= 0:
            return text.count("\n", 0, at + len(wanted)) + 1
    return 0


def examine(
    config: Config, memo: Memo, mode: Mode, pool: Pool | None = None, outside: Bounds | None = None,
    asked: Callable[[], None] = lambda: None,
) -> tuple[Issue, ...]:  # fmt: skip
    """All that `build` would complain of before it writes, and what a person may want to look at. Changes nothing.

    outside: within which bounds links that lead out are asked, None where the network is to be left alone. asked: called
    with each that was.
    """
    from sitegen.build.doubts import doubtful

    pool = pool or Pool.of(1)
    theme = load_theme(config, memo)
    content = read(config, theme, memo, mode, pool)
    setting = setting_of(config, content.index, theme, page_of(config, content, theme, memo, Indexing.NONE))
    looks = looks_of(config, content, theme, setting)
    site = Plans(config, content, looks, memo)
    plans = [*guarded([*site.all(), *left_out(config, content, looks, memo)], content.guard)]
    memo.commit()
    found = [*doubtful(config, content, theme, memo, mode, partial(line_of, memo, content))]
    if outside:
        from sitegen.build.outside import external

        found += external(config, content, memo, outside, asked)
    doubts = [issue for issue in found if issue.severity is Severity.ERROR or issue.code not in config.check.ignore]
    rehearsed = rehearse(plans, config.output, memo, maker(pool, plans, looks, None, site.again))
    return final([*content.issues, *doubts, *collisions(plans), *rehearsed], config, mode)


def load_theme(config: Config, memo: Memo) -> Theme:
    """The collection's theme, as it is published.

    Raises: SiteError, with paths below the collection's root.
    """
    try:
        return finished(Theme.load(config.theme, theme_roots(config), config.language), config, memo)
    except MemoError:
        raise
    except SiteError as error:
        issues = [_located(issue, config.root) for issue in error.issues]
        raise SiteError(error.message, help=error.help, issues=issues) from error


def theme_roots(config: Config) -> tuple[Path, ...]:
    """Where themes are looked for: the collection's own first, then those that come with the program."""
    package = Path(__file__).resolve().parent.parent
    return config.themes, package / "themes", package.parent / "themes"


def stops(issues: Iterable[Issue], mode: Mode) -> bool:
    return bool(errors(strict(issues) if mode.strict else issues))


def final(issues: Iterable[Issue], config: Config, mode: Mode) -> tuple[Issue, ...]:
    """The issues as they are reported: in order, by the run's severity, with paths below the collection's root."""
    below = (_located(issue, config.root) for issue in issues)
    return in_order(strict(below) if mode.strict else below)


def _located(issue: Issue, root: Path) -> Issue:
    return replace(issue, span=replace(issue.span, path=below_root(issue.span.path, root)))


def count(content: Content) -> dict[str, int]:
    index = content.index
    return {
        "articles": len(index.articles),
        "records": len(index.authority.records),
        "mentions": sum(sum(facts.here) for facts in index.articles),
    }


def notes_of(memo: Memo, pool: Pool) -> str:
    return "; ".join(filter(None, (memo.note, pool.note)))
