"""A sitting of review: one suggestion after the other, each decision carried out at once, and each to be undone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import msgspec

from sitegen.model.decision import DECISIONS, Decision
from sitegen.review.decide import Clerk, Suggested, Verdict, alike, decide, log
from sitegen.review.files import Change, commit
from sitegen.review.shelf import Draft, Shelf


class _Done(msgspec.Struct, frozen=True):
    """A decision that was carried out on some suggestions, or on `name`, and the files it changed."""

    word: str
    items: tuple[Suggested, ...]
    changes: tuple[Change, ...]
    name: str = ""


class Session(msgspec.Struct):
    """The suggestions of a collection, the first of `waiting` to be decided next. clerk: who decides, and when it is now."""

    shelf: Shelf
    memo: Path
    clerk: Callable[[], Clerk]
    kinds: Collection[str]
    waiting: list[Suggested]
    done: list[_Done] = msgspec.field(default_factory=list)

    @property
    def current(self) -> Suggested | None:
        return self.waiting[0] if self.waiting else None

    @property
    def decided(self) -> int:
        return sum(len(done.items) for done in self.done)

    def alike(self) -> list[Suggested]:
        """The current suggestion, and all that are like it."""
        return [item for item in self.waiting if alike(self.waiting[0], item)] if self.waiting else []

    def skip(self) -> None:
        """Leave the current suggestion for another day."""
        self.waiting.pop(0)

    def decide(self, given: Verdict, items: Sequence[Suggested], draft: Draft | None = None) -> None:
        """Carry out one decision on some of the waiting suggestions.

        draft: what else is to be written with it. Raises: SiteError where it cannot be carried out; then nothing is.
        """
        draft = draft or Draft(self.shelf)
        clerk = self.clerk()
        for item in items:
            decide(draft, item, given, clerk, self.kinds)
        changes = draft.changes
        self._commit(f"the decision to {given.word} {items[0].name}", changes)
        self.done.append(_Done(given.word, tuple(items), changes))
        self.waiting = [item for item in self.waiting if item not in items]

    def carry_out(self, word: str, name: str, draft: Draft, *, kind: str = "", record: str = "", target: str = "") -> None:
        """Write a draft that is about a name and no suggestion, and log it. record, target: as the log has them.

        Raises: SiteError where it cannot be written; then nothing is.
        """
        clerk = self.clerk()
        log(draft, Decision(clerk.at, clerk.who, word, name, kind, record, target, clerk.why))
        changes = draft.changes
        self._commit(f"the decision on {name}", changes)
        self.done.append(_Done(word, (), changes, name))

    def undo(self) -> str:
        """Take the last decision back, and say which it was; the log keeps both. "" where there is none.

        Raises: SiteError where one of its files was changed since.
        """
        if not self.done:
            return ""
        last = self.done[-1]
        draft = Draft(self.shelf)
        clerk = self.clerk()
        draft.made = {change.path: change.before for change in last.changes if change.path != DECISIONS}
        for item in last.items:
            log(draft, Decision(clerk.at, clerk.who, "undo", item.name, item.kind, item.record, "", last.word))
        if not last.items:
            log(draft, Decision(clerk.at, clerk.who, "undo", last.name, "", "", "", last.word))
        # What the decision left behind has to lie there still; the log alone has grown since.
        left = {change.path: change.after for change in last.changes if change.path != DECISIONS}
        changes = [Change(change.path, left.get(change.path, change.before), change.after) for change in draft.changes]
        name = last.items[0].name if last.items else last.name
        self._commit(f"taking back of {last.word} {name}", changes)
        self.done.pop()
        self.waiting = [*last.items, *self.waiting]
        return f"{last.word} {name}" + (f" and {len(last.items) - 1} more" if len(last.items) > 1 else "")

    def _commit(self, what: str, changes: Sequence[Change]) -> None:
        commit(self.shelf.content, self.memo, what, changes)
        self.shelf.learn(change.path for change in changes)
