"""What part of a file a request asks for, as RFC 9110 has it (section 14), so that Starlette's FileResponse answers it right.

FileResponse refuses what is to be overlooked (other units, an end before its start), lets one range beyond the end spoil
the others, and answers HEAD in parts.
"""

from __future__ import annotations

import re

_RANGE = re.compile(r"([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18})")
_MOST = 100


def asked(method: str, header: str, size: int) -> str:
    """A Range header of a file of `size` bytes with what can be given of it; "" where all of the file is to be sent."""
    unit, _, listed = header.partition("=")
    parts = [part.strip(" \t") for part in listed.split(",", _MOST)]
    found = [_RANGE.fullmatch(part) for part in parts if part]
    if method != "GET" or unit.strip().lower() != "bytes" or len(parts) > _MOST or not found or not all(found):
        return ""
    bounds = [_bounds(one, size) for one in found if one]
    if any(start > end >= 0 for start, end in bounds):
        return ""
    within = [f"{start}-{end if end >= 0 else ''}" for start, end in bounds if start < size]
    return "bytes=" + (",".join(within) or f"{size}-")


def _bounds(one: re.Match[str], size: int) -> tuple[int, int]:
    """The first and the last byte, -1 for that of the file."""
    if one[3]:
        return max(0, size - int(one[3])), -1
    return int(one[1]), int(one[2]) if one[2] else -1
