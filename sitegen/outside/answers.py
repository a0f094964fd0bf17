"""What came of asking an address, and how long that is believed. Kept in a file of the memo's folder, which may be deleted.

An answer that tells of a fault is believed for a shorter time: most faults pass.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import enum
import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

FILE = "outside.json"
_VERSION = 1
_LONGEST = dt.timedelta(days=30)


class State(enum.StrEnum):
    """What is known of an address: a failure to ask is not an answer."""

    REACHED = "reached"
    MOVED = "moved"
    NOT_FOUND = "not found"
    UNASKED = "unasked"


_BELIEVED = {
    State.REACHED: _LONGEST,
    State.MOVED: _LONGEST,
    State.NOT_FOUND: dt.timedelta(days=7),
    State.UNASKED: dt.timedelta(days=1),
}


class Answer(msgspec.Struct, frozen=True):
    """What came of asking. asked: when (ISO 8601, UTC). status: of HTTP, 0 where none came. to: the new address of what moved.

    why: what hindered. again: when a host that asked for patience may be asked again.
    """

    state: State
    asked: str
    status: int = 0
    to: str = ""
    why: str = ""
    again: str = ""

    @property
    def day(self) -> str:
        return self.asked[:10]

    def is_believed(self, now: dt.datetime) -> bool:
        """Whether the address need not be asked again yet."""
        try:
            asked = dt.datetime.fromisoformat(self.asked)
            until = asked + _BELIEVED[self.state]
            if self.again:
                until = max(until, min(dt.datetime.fromisoformat(self.again), asked + _LONGEST))
        except (ValueError, TypeError, OverflowError):
            return False
        return asked <= now < until  # a clock that went back believes nothing


class _Kept(msgspec.Struct):
    version: int
    answers: dict[str, Answer]


def read(folder: Path) -> dict[str, Answer]:
    """The answers that are kept; none where the file is not there or cannot be read."""
    try:
        kept = msgspec.json.decode((folder / FILE).read_bytes(), type=_Kept)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return {}
    return kept.answers if kept.version == _VERSION else {}


def write(folder: Path, answers: Mapping[str, Answer]) -> None:
    """Keep the answers, those of before as well. Raises: OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f"{FILE}.{os.getpid()}.new"
    try:
        temporary.write_bytes(msgspec.json.format(msgspec.json.encode(_Kept(_VERSION, dict(sorted(answers.items())))), indent=1))
        temporary.replace(folder / FILE)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
