"""What people decided, when and why: the lines of content/decisions.jsonl. The last word on a name counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from sitegen.model.text import folded

DECISIONS = "decisions.jsonl"
NO = ("reject", "stop")
# Those on a name as a whole; others are about one article, or about records.
_ON_NAMES = frozenset((*NO, "accept", "merge", "alias"))


class Decision(msgspec.Struct, frozen=True):
    """A decision on a name. at: UTC, ISO. record: its record, "" where it had none. target: for merge and alias."""

    at: str
    who: str
    decision: str
    name: str
    kind: str
    record: str = ""
    target: str = ""
    why: str = ""


def read(data: bytes) -> Iterator[Decision]:
    """The decisions of a file, in order. A line that is none, after a quarrel of git perhaps, is passed over."""
    for line in data.splitlines():
        try:
            yield msgspec.json.decode(line, type=Decision)
        except msgspec.MsgspecError:
            continue


def written(decision: Decision) -> bytes:
    """A decision as a line."""
    return msgspec.json.encode(decision) + b"\n"


def refused(decisions: Iterable[Decision]) -> frozenset[str]:
    """The names that are not to be asked about again, folded."""
    told = (one for one in decisions if ((one.decision == "undo" and one.why) or one.decision) in (*_ON_NAMES, "undo"))
    last = {folded(one.name): one.decision for one in told}
    return frozenset(name for name, decision in last.items() if decision in NO)
