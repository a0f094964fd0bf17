"""Files that somebody waits for: put into place, and told of, before the rest of a build is made.

What comes of a build is the same. Where an error shows up later, what went ahead is put back: errors change nothing.
A process that is killed in between leaves files whose times the memo does not know, which the next build looks at again.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

import msgspec

from sitegen.build.unchanged import LEDGER

_KEPT = ".before"  # below the staging folder: what was there


class Ahead(msgspec.Struct, frozen=True):
    """Who waits for files of the output.

    wanted: asked when files are about to be made; groups of their paths, that which is wanted most first. told: called
    with those that have changed once they lie in place, and once more where they are put back.
    """

    wanted: Callable[[], Sequence[Collection[str]]] = tuple
    told: Callable[[Sequence[str]], None] = lambda _: None


NOBODY = Ahead()


class _Planned(Protocol):
    @property
    def path(self) -> str: ...


P = TypeVar("P", bound=_Planned)


def arranged(plans: Iterable[P], ahead: Ahead, assets: Collection[str]) -> tuple[Iterable[P], list[int]]:
    """The plans with those that are wanted first, and how many each group of these has. assets: what pages load goes along."""
    groups = [group for group in ahead.wanted() if group]
    if not groups:
        return plans, []
    ranks: dict[str, int] = {}
    for rank, group in enumerate([(*assets, *groups[0]), *groups[1:]]):
        for path in group:
            ranks.setdefault(path, rank)
    parts: list[list[P]] = [[] for _ in range(len(groups) + 1)]
    for plan in plans:
        parts[ranks.get(plan.path, len(groups))].append(plan)
    return [plan for part in parts for plan in part], [len(part) for part in parts[:-1]]


class Vanguard(msgspec.Struct):
    """What goes ahead in one build. told: see `Ahead`; own: makes paths that are new in the folder known as ours."""

    folder: str
    staging: str
    told: Callable[[Sequence[str]], None]
    own: Callable[[Mapping[str, str]], None]
    _kept: dict[str, str] = msgspec.field(default_factory=dict)  # by path, where what was there is kept, "" where nothing was

    def go(self, waiting: Iterable[str], hashes: Mapping[str, str], owned: Collection[str]) -> None:
        """Put files that wait into place, but for those that something else stands in the way of."""
        found = [path for path in waiting if path != LEDGER and self._free(path, owned)]
        if new := [path for path in found if path not in owned]:
            self.own({path: hashes[path] for path in new})
        for path in found:
            self._keep(path, path not in owned)
            os.replace(f"{self.staging}/{path}", f"{self.folder}/{path}")
        if found:
            self.told(found)

    @contextlib.contextmanager
    def returning(self) -> Iterator[None]:
        """Put all back where the block fails."""
        try:
            yield
        except BaseException:
            self.back()
            raise

    def back(self) -> None:
        """Put back what was there."""
        for path, kept in self._kept.items():
            with contextlib.suppress(OSError):
                if kept:
                    os.replace(kept, f"{self.folder}/{path}")
                else:
                    os.unlink(f"{self.folder}/{path}")  # noqa: PTH108
        if self._kept:
            self.told(list(self._kept))
        self.stay()

    def stay(self) -> None:
        """All has gone well: what was there is no longer needed."""
        if self._kept:
            from shutil import rmtree

            rmtree(f"{self.staging}/{_KEPT}", ignore_errors=True)
            self._kept.clear()

    def _free(self, path: str, owned: Collection[str]) -> bool:
        """Whether nothing but the file itself, as ours, has this name, and its folder is there."""
        target, above = f"{self.folder}/{path}", f"{self.folder}/{path}".rpartition("/")[0]
        if os.path.realpath(above) != f"{os.path.realpath(self.folder)}/{path}".rpartition("/")[0]:
            return False
        if os.path.lexists(target):
            return path in owned and os.path.isfile(target) and not os.path.islink(target)  # noqa: PTH113, PTH114
        return path not in owned and os.path.isdir(above)  # noqa: PTH112

    def _keep(self, path: str, new: bool) -> None:
        kept = f"{self.staging}/{_KEPT}/{len(self._kept)}"
        if new:
            self._kept[path] = ""
            return
        os.makedirs(kept.rpartition("/")[0], exist_ok=True)  # noqa: PTH103
        try:
            os.link(f"{self.folder}/{path}", kept)
        except OSError:  # a file system without links
            from shutil import copy2

            copy2(f"{self.folder}/{path}", kept)
        self._kept[path] = kept
