"""The list of our files in the output folder, which `sha256sum -c` reads."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from sitegen.build.room import STAGING
from sitegen.build.unchanged import LEDGER

_SHA = 64  # digits


def read(folder: Path) -> dict[str, str]:
    """The SHA-256 of our files, by path; nothing where there is no list, or none that can be read."""
    try:
        lines = (folder / LEDGER).read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError):
        return {}
    rows = (line.partition("  ") for line in lines)
    # Only what stays inside the folder: the list is a file like any other, and may have been edited.
    return {path: digest for digest, _, path in rows if path and ".." not in path.split("/") and not path.startswith("/")}


def write(folder: Path, hashes: Mapping[str, str]) -> None:
    """Put a list of these files in the place of the one that is there. Raises: OSError."""
    _put(folder, "".join([f"{hashes[path]}  {path}\n" for path in sorted(hashes)]).encode())


def amend(folder: Path, hashes: Mapping[str, str]) -> None:
    """Say of these files, which are on the list, what they are now. Raises: OSError."""
    text = (folder / LEDGER).read_bytes().replace(b"\r\n", b"\n")
    for path, sha in hashes.items():
        at = _line_of(text, path)
        text = text[:at] + sha.encode() + text[at + _SHA :]
    _put(folder, text)


def _line_of(text: bytes, path: str) -> int:
    """Where the line of a list begins that is about a path: it is there."""
    ending = f"  {path}\n".encode()
    at = text.index(ending)
    while at != _SHA and text[at - _SHA - 1 : at - _SHA] != b"\n":  # of a path that ends so
        at = text.index(ending, at + 1)
    return at - _SHA


def _put(folder: Path, text: bytes) -> None:
    temporary = folder / STAGING / LEDGER  # which the next build sweeps away, where this one is killed
    temporary.parent.mkdir(parents=True, exist_ok=True)
    temporary.write_bytes(text)
    os.replace(temporary, folder / LEDGER)
