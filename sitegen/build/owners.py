"""Whose a place in the output folder is: ours, or another's; and of ours, whose of two that claim it."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Collection, Iterable
from functools import cached_property
from pathlib import Path
from stat import S_ISDIR
from typing import TYPE_CHECKING

from sitegen.errors import Issue, Span

if TYPE_CHECKING:
    from sitegen.build.output import Plan


class Ours:
    """Tells our files from those of other owners, which nothing may overwrite."""

    def __init__(self, folder: Path, owned: Collection[str]) -> None:
        self._folder, self._at = folder, str(folder)
        self._empty = not folder.exists()
        self._paths = owned
        self._clear: set[str] = {""}

    @cached_property
    def _owned(self) -> dict[str, str]:
        """Where letter cases are not told apart, "Foo" is found under "foo"."""
        return {met(path): path for path in self._paths}

    def in_the_way_of(self, path: str) -> Path | None:
        """What is not ours and stands where the file, or a folder it needs, is to be."""
        if self._empty:
            return None
        parent = path.rpartition("/")[0]
        if foreign := self._above(parent):
            return foreign
        mode = _mode(f"{self._at}/{path}")
        if not S_ISDIR(mode):
            return None if not mode or self._is_ours(path) else self._folder / path
        target = self._folder / path
        inside = [p for p in sorted(target.rglob("*")) if p.is_symlink() or not p.is_dir()]
        if not inside:  # a folder that we did not make: ours are never empty
            return target
        return next((p for p in inside if not self._is_ours(p.relative_to(self._folder).as_posix())), None)

    def _is_ours(self, path: str) -> bool:
        """Whether what has this name is ours: under that name, or, where letter cases are not told apart, another."""
        if path in self._paths:
            return True
        owned = self._owned.get(met(path))
        return owned is not None and same(self._folder / owned, self._folder / path)

    def _above(self, path: str) -> Path | None:
        if path in self._clear:
            return None
        if foreign := self._above(path.rpartition("/")[0]):
            return foreign
        mode = _mode(f"{self._at}/{path}")
        if mode and not S_ISDIR(mode) and not self._is_ours(path):
            return self._folder / path
        self._clear.add(path)
        return None


def _mode(path: str) -> int:
    """What sort of file has this name, 0 where none has."""
    try:
        return os.lstat(path).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return 0


def met(path: str) -> str:
    """What two paths share that are one file where letter cases, or composed and decomposed letters, are not told apart."""
    return (path if path.isascii() else unicodedata.normalize("NFC", path)).casefold()


def same(one: Path, other: Path) -> bool:
    """Whether two names are of one file, which is there."""
    try:
        return one.samefile(other)
    except OSError:
        return False


def collisions(plans: Iterable[Plan]) -> list[Issue]:
    """An issue for each file that two plans would write, or that would have to be a folder as well."""
    owners: dict[str, Plan] = {}
    issues = []
    for plan in plans:
        other = owners.setdefault(met(plan.path), plan)
        if other is not plan:
            issues.append(_collision(plan, other))
    for plan in list(owners.values()):
        folder = met(plan.path)
        while folder := folder.rpartition("/")[0]:
            if folder in owners:
                issues.append(_collision(plan, owners[folder]))
    # Two articles of one address clash in their Markdown and sources too: once is enough.
    return list({(issue.span.path, issue.message.partition(" both claim ")[0]): issue for issue in reversed(issues)}.values())


def _collision(plan: Plan, other: Plan) -> Issue:
    first, second = sorted((plan, other), key=lambda claim: (not claim.file, claim.file or claim.owner))
    address = "/" + plan.path.removesuffix("index.html")
    message = f"{first.file or first.owner} and {second.file or second.owner} both claim {address}"
    return Issue("two-owners", message, Span(second.file or first.file), "rename one of them, or give it a slug:")
