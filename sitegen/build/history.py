"""Since when a file is in the collection, and what it held before, as git tells it.

The time of a file itself is no answer: a clone, a copy or a checkout sets it anew, so that two machines would disagree.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path


def added(content: Path) -> dict[str, dt.date]:
    """The day (UTC) on which each file was last added, by content path; nothing where there is no git, or no history."""
    import subprocess

    command = ["git", "-C", str(content), "log", "--diff-filter=A", "--no-renames", "--relative", "--name-only", "-z",
               "--format=%x01%ct", "--", "."]  # fmt: skip
    try:
        done = subprocess.run(command, capture_output=True, check=True, timeout=120)
    except (OSError, subprocess.SubprocessError):
        return {}
    found: dict[str, dt.date] = {}
    day = dt.date.min
    for part in done.stdout.decode("utf-8", "surrogateescape").replace("\n", "\0").split("\0"):
        if part.startswith("\x01"):
            day = dt.datetime.fromtimestamp(int(part[1:]), dt.UTC).date()
        elif part:
            found.setdefault(part, day)
    return found


def head(content: Path) -> bytes:
    """The commit that is checked out; b"" where there is no git, or no history."""
    import subprocess

    try:
        done = subprocess.run(["git", "-C", str(content), "rev-parse", "--verify", "HEAD"],
                              capture_output=True, check=True, timeout=120)  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return b""
    return done.stdout.strip()


def versions(file: Path, most: int = 50) -> Iterator[bytes]:
    """A file as it was at each commit that changed it, the latest first; nothing where there is no git, or no history."""
    import subprocess

    git = ["git", "--literal-pathspecs", "-C", str(file.parent)]
    try:
        listed = subprocess.run([*git, "rev-list", f"--max-count={most}", "HEAD", "--", file.name],
                                capture_output=True, check=True, timeout=120)  # fmt: skip
        for revision in listed.stdout.decode("ascii").split():
            shown = subprocess.run([*git, "cat-file", "blob", f"{revision}:./{file.name}"], capture_output=True, timeout=120)
            if not shown.returncode:  # it is not in a commit that took it out
                yield shown.stdout
    except (OSError, subprocess.SubprocessError):
        return
