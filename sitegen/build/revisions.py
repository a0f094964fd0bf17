"""A git revision of a collection in a folder of its own. Nothing is fetched, no hook is run, the repository is only read."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from pathlib import Path

import msgspec

from sitegen.errors import SiteError

_LONGEST = 300  # characters of what git says


class Revision(msgspec.Struct, frozen=True):
    """A commit: as it was asked for, its digest, and the day it was made."""

    asked: str
    sha: str
    day: str

    def __str__(self) -> str:
        short = self.sha[:10]
        return f"{short} ({self.day})" if self.sha.startswith(self.asked) else f"{self.asked} ({short}, {self.day})"


def published_revision(root: Path) -> str:
    """What is published, as far as git can tell: where this branch left the main one of origin; else what is committed last."""
    for main in ("origin/HEAD", "origin/main", "origin/master"):
        with contextlib.suppress(SiteError):
            return _git(root, "merge-base", main, "HEAD")
    return "HEAD"


def resolve(root: Path, asked: str) -> Revision:
    """The commit that a name means.

    Raises: SiteError where there is none, or no git.
    """
    try:
        sha = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{asked}^{{commit}}")
    except SiteError as error:
        raise SiteError(
            f'"{asked}" is no file, and no revision that git has here',
            help="name a file that sitegen build --manifest wrote, or a commit, branch or tag; a shallow clone has few of them",
        ) from error
    return Revision(asked, sha, _git(root, "show", "--no-patch", "--format=%cs", sha))


def checked_out(root: Path, revision: Revision, into: Path) -> Path:
    """The folder of the collection at `root` as it was at a revision, with the history it had; below `into`.

    It is a repository of its own that borrows the objects of the other: whatever becomes of this run, that one stays as it is.
    Raises: SiteError where git cannot.
    """
    paths = "--path-format=absolute", "--git-path", "objects", "--git-path", "shallow"
    told = _git(root, "rev-parse", *paths, "--show-object-format", "--show-prefix")
    objects, shallow, form, *below = told.split("\n")
    tree = into / "tree"
    _git(root, "init", "--quiet", "--template=", f"--object-format={form}", str(tree))
    try:
        own = tree / ".git"
        (own / "objects" / "info").mkdir(parents=True, exist_ok=True)
        (own / "objects" / "info" / "alternates").write_text(f"{objects}\n", encoding="utf-8")
        if Path(shallow).is_file():
            shutil.copyfile(shallow, own / "shallow")
    except OSError as error:
        raise SiteError(f"{tree}: cannot be written: {error.strerror}", help="free space in the temporary folder") from error
    _git(tree, "-c", "core.hooksPath=", "-c", "advice.detachedHead=false", "checkout", "--quiet", "--detach", revision.sha)
    return tree / "".join(below)


def _git(root: Path, *arguments: str) -> str:
    """What git says. Raises: SiteError."""
    # The protocol is forbidden: what a partial clone lacks would be fetched without a word.
    command = ["git", "-c", "protocol.allow=never", "-C", str(root), *arguments]
    quiet = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=600, env=quiet, check=True)
    except FileNotFoundError as error:
        raise SiteError("git is not installed", help="install it, or name a file of sitegen build --manifest") from error
    except subprocess.TimeoutExpired as error:
        raise SiteError("git took longer than ten minutes", help="name a file of sitegen build --manifest") from error
    except subprocess.CalledProcessError as error:
        said = " ".join(str(error.stderr).split())[:_LONGEST]
        raise SiteError(f"git failed: {said}", help="run this in a clone of the repository") from error
    return done.stdout.strip()
