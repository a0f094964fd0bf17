"""The digest that tells whether something has changed: BLAKE2b, 16 bytes."""

from __future__ import annotations

import hashlib


def digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=16).digest()
