"""What /_review works on: one sitting of review for the whole server, and all that waits for a decision.

Decisions are those of `sitegen.review`, carried out by the same code as the commands do. What has been looked at is known by
its digest: where it is other by the time of the decision, nothing is written, and the person is told.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

import msgspec

from sitegen.build.annotations import remembered_text
from sitegen.build.memo import Memo
from sitegen.build.stages import TEXTS
from sitegen.config import Config
from sitegen.errors import SiteError
from sitegen.model.candidate import CANDIDATES
from sitegen.model.entity import Subject
from sitegen.review.decide import Clerk, Suggested, queue, waiting_rows
from sitegen.review.doubts import Adrift, Undecided, adrift, doubles, undecided
from sitegen.review.notes import Desk
from sitegen.review.session import Session
from sitegen.review.shelf import Shelf

SUGGESTIONS, AMBIGUOUS, DUPLICATES, NOTES = LISTS = ("suggestions", "ambiguous", "duplicates", "notes")
Item = Suggested | Undecided | tuple[Subject, Subject] | Adrift


class Conflict(SiteError):
    """What a decision is about is no longer as the person saw it."""


class Bench(msgspec.Struct, eq=False, dict=True):
    """The sitting. config: as the preview builds it. clerk: who decides, and when it is now."""

    config: Config
    clerk: Callable[[], Clerk]
    _lock: threading.RLock = msgspec.field(default_factory=threading.RLock)
    _session: Session | None = None
    _stale: set[str] = msgspec.field(default_factory=set)
    _ours: dict[str, bytes] = msgspec.field(default_factory=dict)
    _settled: set[tuple[str, str]] = msgspec.field(default_factory=set)  # names in articles, that no build has read yet

    def held(self) -> AbstractContextManager[object]:
        """Keep all other requests waiting."""
        return self._lock

    # The sitting.

    @property
    def kinds(self) -> list[str]:
        return [kind.id for kind in self.config.kinds]

    @property
    def session(self) -> Session:
        """The sitting, with the suggestions as the files have them now."""
        if self._session is None:
            shelf = Shelf(self.config.content)
            self._session = Session(shelf, self.config.memo, self.clerk, self.kinds, queue(shelf))
        elif self._stale:
            self._session.shelf.learn(self._stale)
            self._session.waiting = queue(self._session.shelf)
        self._stale.clear()
        return self._session

    @property
    def shelf(self) -> Shelf:
        """The files as they are, without a look at what waits."""
        if self._session is None:
            return self.session.shelf
        if self._stale:
            self._session.shelf.learn(self._stale)
        return self._session.shelf

    @property
    def desk(self) -> Desk:
        below = self.config.content.relative_to(self.config.root).as_posix()
        return Desk(self.shelf, below, self.config.raw_html, self._remembered)

    def _remembered(self, path: str) -> str:
        with Memo.at(self.config.memo) as memo:
            return remembered_text(memo, path)

    def changed(self, paths: Iterable[Path]) -> None:
        """Files changed on disk: what we wrote ourselves is known already."""
        for path in paths:
            if path.is_relative_to(self.config.content):
                name = path.relative_to(self.config.content).as_posix()
                if self._ours.pop(name, None) != self.digest(name):  # once: what others make of it may be the same again
                    self._stale.add(name)

    def wrote(self) -> None:
        """Take note of what the last decision wrote."""
        if self._session and self._session.done:
            for change in self._session.done[-1].changes:
                self._ours[change.path] = self.digest(change.path)
        self._forget("_duplicates", "_notes")

    def digest(self, path: str) -> bytes:
        """Of a file's bytes; b"" where there is none."""
        try:
            return blake2b((self.config.content / path).read_bytes(), digest_size=16).digest()
        except (OSError, ValueError):
            return b""

    def seen(self, *paths: str) -> str:
        """What a person who looks at these files has seen."""
        return blake2b(b"".join(self.digest(path) for path in paths), digest_size=16).hexdigest()

    def look(self, item: Item) -> str:
        """What a person who looks at an item has seen: of a candidate its row, of all else the files."""
        if isinstance(item, Suggested) and item.row:
            row = next((row for row in waiting_rows(self.shelf) if row.name == item.name), None)
            return blake2b(repr(row and msgspec.structs.replace(row, line=0)).encode(), digest_size=16).hexdigest()
        return self.seen(*self.files(item))

    def check_item(self, item: Item, seen: str) -> None:
        """Raises: Conflict where an item is other than it was seen."""
        if seen != self.look(item):
            raise Conflict("this was changed since you looked at it: nothing is written", help="look again, then decide")

    def check(self, seen: str, *paths: str) -> None:
        """Raises: Conflict where one of the files is other than it was seen."""
        if seen != self.seen(*paths):
            names = " or ".join(f"{self.config.content.name}/{path}" for path in paths)
            raise Conflict(f"{names} was changed since you looked at it: nothing is written", help="look again, then decide")

    # What waits.

    def items(self, name: str) -> Sequence[Item]:
        """All that a list holds."""
        if name == SUGGESTIONS:
            return self.session.waiting
        if name == AMBIGUOUS:
            return self._ambiguous()
        return self._duplicates if name == DUPLICATES else self._notes

    def item(self, key: str) -> Item:
        """Raises: Conflict where it does not wait any more."""
        self.session  # noqa: B018  as the files have it now
        name = key.partition(":")[0]
        if name in LISTS:
            for item in self.items(name):
                if key_of(item) == key:
                    return item
        raise Conflict("this was decided meanwhile, or is gone", help="go on with the next")

    def files(self, item: Item) -> tuple[str, ...]:
        """The files that a decision on an item looks at."""
        if isinstance(item, Suggested):
            return (f"{item.record}.md",) if item.record else (CANDIDATES,)
        if isinstance(item, Undecided):
            return tuple(f"{record}.md" for record in item.records)
        if isinstance(item, Adrift):
            return f"{item.article}.md", f"{item.article}.notes.yaml"
        return f"{item[0].id}.md", f"{item[1].id}.md"

    def _ambiguous(self) -> list[Undecided]:
        left = ((item, tuple(a for a in item.articles if (item.name, a) not in self._settled)) for item in self._undecided)
        return [Undecided(item.name, item.records, articles) for item, articles in left if articles]

    @cached_property
    def _undecided(self) -> list[Undecided]:
        """As the last build found it."""
        with Memo.at(self.config.memo) as memo:
            return undecided(memo.known(TEXTS).values())

    @cached_property
    def _duplicates(self) -> list[tuple[Subject, Subject]]:
        return doubles(self.shelf)

    @cached_property
    def _notes(self) -> list[Adrift]:
        return list(adrift(self.desk))

    def settled(self, name: str, article: str) -> None:
        self._settled.add((name, article))

    def built(self, because: Iterable[Path]) -> None:
        """A build has read the files, these changed ones among them."""
        with self._lock:
            self.changed(because)
            self._settled.clear()
            self._forget("_undecided", "_duplicates", "_notes")

    def _forget(self, *names: str) -> None:
        for name in names:
            self.__dict__.pop(name, None)


def key_of(item: Item) -> str:
    """What a page calls an item."""
    if isinstance(item, Suggested):
        return f"{SUGGESTIONS}:{item.record or '=' + item.name}"
    if isinstance(item, Undecided):
        return f"{AMBIGUOUS}:{item.name}|{'|'.join(item.records)}"
    if isinstance(item, Adrift):
        return f"{NOTES}:{item.article}#{item.note.id}"
    return f"{DUPLICATES}:{item[0].id}|{item[1].id}"
