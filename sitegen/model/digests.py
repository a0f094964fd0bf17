"""The digest that tells whether something has changed: BLAKE2b, 16 bytes."""

from __future__ import annotations

import hashlib
import os


def digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=16).digest()


def version_of(library: str) -> str:
    """The version of an installed library, as part of a digest.

    Raises: OSError where the system refuses to look; importlib.metadata.PackageNotFoundError.
    """
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(library)
    except PackageNotFoundError:
        # That is also said where no file can be opened any more; then the system says so here.
        os.close(os.open(os.curdir, os.O_RDONLY))
        raise
