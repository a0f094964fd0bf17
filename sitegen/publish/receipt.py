"""The receipt of a build: digests of what went in and of what came out, by which a site is known again years later.

What is not published has no name here: drafts, and whatever else is in the collection, go into one digest together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

import msgspec

from sitegen.publish.exports import FOLDER

RECEIPT = FOLDER + "receipt.json"


class Whole(msgspec.Struct, frozen=True):
    """Several files as one: how many, and the SHA-256 of their list as `sha256sum` writes it, in order of paths."""

    files: int
    sha256: str

    @staticmethod
    def of(digests: Mapping[str, str]) -> Whole:
        lines = "".join(f"{digests[path]}  {path}\n" for path in sorted(digests))
        return Whole(len(digests), hashlib.sha256(lines.encode("utf-8", "surrogateescape")).hexdigest())


class Receipt(msgspec.Struct, frozen=True):
    """Digests are SHA-256 in hexadecimal, by path: inputs below the collection's root, outputs below the site's.

    made, read: all outputs, all inputs, those that are not named among them.
    """

    version: int
    title: str
    url: str
    program: str
    theme: str
    theme_sha256: str
    made: Whole
    read: Whole
    unnamed: Whole
    inputs: dict[str, str]
    outputs: dict[str, str]


class Difference(msgspec.Struct, frozen=True):
    """A file that is not as a receipt has it; `said` goes behind its path."""

    path: str
    said: str


def encoded(receipt: Receipt) -> bytes:
    """As JSON, a file a line."""
    return msgspec.json.format(msgspec.json.encode(receipt), indent=1) + b"\n"


def decoded(data: bytes) -> Receipt:
    """Raises: msgspec.MsgspecError where it is none."""
    return msgspec.json.decode(data, type=Receipt)


def differences(was: Mapping[str, str], found: Mapping[str, str]) -> Iterator[Difference]:
    """How files differ from those of a receipt, by path."""
    for path in sorted(was.keys() | found.keys()):
        if path not in found:
            yield Difference(path, "is on the receipt, and not there")
        elif path not in was:
            yield Difference(path, "is not on the receipt")
        elif was[path] != found[path]:
            yield Difference(path, "is another: its bytes are not those of the receipt")
