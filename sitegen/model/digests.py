"""The digest that tells whether something has changed: BLAKE2b, 16 bytes."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from functools import cache

_INFO = ".dist-info"


def digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=16).digest()


@cache
def _installed() -> dict[str, str]:
    """Library → version, of those that say it in the name of their folder; to load importlib.metadata takes longer."""
    found: dict[str, str] = {}
    for folder in sys.path:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError, PermissionError):
            for name in os.listdir(folder or os.curdir):
                if name.endswith(_INFO):
                    library, _, version = name.removesuffix(_INFO).rpartition("-")
                    found.setdefault(library.lower().replace("-", "_").replace(".", "_"), version)
    return found


def version_of(library: str) -> str:
    """The version of an installed library, as part of a digest.

    Raises: OSError where the system refuses to look; importlib.metadata.PackageNotFoundError.
    """
    if found := _installed().get(library.replace("-", "_")):
        return found
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(library)
    except PackageNotFoundError:
        # That is also said where no file can be opened any more; then the system says so here.
        os.close(os.open(os.curdir, os.O_RDONLY))
        raise
