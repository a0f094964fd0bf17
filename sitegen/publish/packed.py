"""Files compressed ahead, for servers that send these in place of the file: `page.html.br` and `page.html.gz`.

The same bytes at any time and on any machine with the same libraries: no name and no time stand in them.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from sitegen.model.digests import version_of

_TEXTS = frozenset("html css js mjs json jsonl geojson jsonld xml svg txt csv md ttl nt yaml webmanifest".split())
_LEAST = 1024  # bytes; below, a packet of the network holds the file as it is
_LARGE = 1 << 20  # bytes; above, Brotli's best would take seconds
_PIECE = 1 << 20
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"  # deflate, no name, no time, the most it can, no system


def missing(formats: tuple[str, ...]) -> bool:
    """Whether a format is asked for that nothing here can write."""
    return "br" in formats and find_spec("brotli") is None


def version(form: str) -> str:
    """What the bytes depend on besides the file."""
    return f"brotli {version_of('brotli')}" if form == "br" else f"zlib {zlib.ZLIB_RUNTIME_VERSION}"


def is_worth(path: str, size: int) -> bool:
    """Whether a file of this name and size, in bytes, is sent in fewer when compressed."""
    return size >= _LEAST and path.rpartition("/")[2].rpartition(".")[2].lower() in _TEXTS


def pack(form: str, source: str, size: int, target: str) -> None:
    """Write a file compressed. Raises: OSError."""
    with open(source, "rb") as file, open(target, "wb") as out:  # noqa: PTH123
        add, end = (_brotli if form == "br" else _gzip)(size, out.write)
        while piece := file.read(_PIECE):
            add(piece)
        end()


_Writer = tuple[Callable[[bytes], Any], Callable[[], Any]]


def _brotli(size: int, write: Callable[[bytes], object]) -> _Writer:
    import brotli

    made = brotli.Compressor(quality=11 if size <= _LARGE else 5)
    return lambda piece: write(made.process(piece)), lambda: write(made.finish())


def _gzip(_: int, write: Callable[[bytes], object]) -> _Writer:
    made, check, length = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS), 0, 0
    write(_GZIP_HEAD)

    def add(piece: bytes) -> None:
        nonlocal check, length
        check, length = zlib.crc32(piece, check), length + len(piece)
        write(made.compress(piece))

    return add, lambda: write(made.flush() + struct.pack("<LL", check, length & 0xFFFFFFFF))
