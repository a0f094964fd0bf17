"""The ledger of addresses, as a decision changes it: an address that was recorded says where it goes.

One that was not recorded was never promised, and gets no row here.
"""

from __future__ import annotations

from sitegen.relate import ledger
from sitegen.review.shelf import Draft


def leave(draft: Draft, url: str, goes_to: str, why: str) -> None:
    """Let the row of an address say where it goes, if it does not yet; every other line of the file stays as it is."""
    data = draft.data(ledger.FILE)
    row = ledger.read(data).rows.get(url) if data else None
    if not data or row is None or row.goes_to:
        return
    try:
        lines = data.decode().splitlines(keepends=True)
    except UnicodeDecodeError:
        return  # the build complains of it
    old = lines[row.line - 1]
    end = old[len(old.rstrip("\r\n")) :]
    lines[row.line - 1] = ledger.line(row, goes_to, why) + end
    draft.write(ledger.FILE, "".join(lines))
