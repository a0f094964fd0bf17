"""How a plan reads before it is carried out: each file's diff, the texts it touches, and the sum."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from sitegen.review.files import Change
from sitegen.review.transactions import Plan

_MOST = 10  # mentions of a text that are shown


def preview(plan: Plan, below: str) -> Iterator[str]:
    """The lines of a preview. `below`: the content folder as people see it."""
    for change in plan.changes:
        yield from diff(change, below)
    for found in plan.touched:
        lost = f", {found.lost} of them to nothing" if found.lost else ""
        yield f"{below}/{found.id}.md: {_plural(found.mentions, 'mention')} will lead elsewhere{lost}"
        for passage in found.passages[:_MOST]:
            yield f"  {passage.before}[{passage.name}]{passage.after}  → {passage.record or 'nothing'}"
        if found.mentions > _MOST:
            yield f"  … and {found.mentions - _MOST:,} more here"
    yield from (f"note: {remark}" for remark in plan.remarks)
    yield f"The {plan.what}: {summary(plan)}."


def summary(plan: Plan) -> str:
    """How much is touched, in a line."""
    mentions = _plural(sum(found.mentions for found in plan.touched), "mention")
    return f"{_plural(len(plan.changes), 'file')} edited, {mentions} on {_plural(len(plan.touched), 'page')} touched"


def diff(change: Change, below: str) -> Iterator[str]:
    """A change as a unified diff, without line ends."""
    path = f"{below}/{change.path}"
    old = "/dev/null" if change.before is None else path
    new = "/dev/null" if change.after is None else path
    lines = difflib.unified_diff(_lines(change.before), _lines(change.after), old, new, lineterm="")
    yield from (line.replace("\r", "") for line in lines)


def _lines(data: bytes | None) -> list[str]:
    return (data or b"").decode("utf-8", "replace").split("\n")[: None if data and not data.endswith(b"\n") else -1]


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
