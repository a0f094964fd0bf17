"""An index as Pagefind makes it → the files to publish, the same bytes for the same entries.

Pagefind writes the values of a filter, and the list of filters, in the order of a hash table, which differs from
run to run, and with it the names of these files (github.com/Pagefind/pagefind/issues/638). Here both are put in
order. Only whole values of its CBOR are moved; what does not look as expected is an error, so that an index of
another form is never published half understood. Of its own interfaces none is published.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping

from sitegen.publish.search.pagefind import PagefindError

_SIGNATURE = b"pagefind_dcd"
_KEPT = ("pagefind.js", "pagefind-worker.js")
_ENTRY = "pagefind-entry.json"
_ARRAY, _TEXT = 4, 3


def settled(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of an index that a site publishes, by path.

    Raises: PagefindError where they are of a form that is not known.
    """
    try:
        return _settled(files)
    except (KeyError, IndexError, ValueError, TypeError, EOFError, OSError, zlib.error) as error:
        raise PagefindError(f"pagefind made an index of a form that is not known ({error})") from error


def _settled(files: Mapping[str, bytes]) -> dict[str, bytes]:
    found = {path: files[path] for path in _KEPT}
    found |= {path: data for path, data in files.items() if path.startswith(("fragment/", "index/"))}
    entry = json.loads(files[_ENTRY])
    for language in entry["languages"].values():
        found |= {path: files[path] for path in (f"wasm.{language['wasm'] or 'unknown'}.pagefind",)}
        meta = _parts(_opened(files[f"pagefind.{language['hash']}.pf_meta"]), 6)
        filters = []
        for row in sorted(_parts(row, 2) for row in _parts(meta[3])):
            old = _text(row[1])
            name, values = _parts(_opened(files[f"filter/{old}.pf_filter"]), 2)
            data = _array([name, _array(sorted(_parts(values)))])
            new = _name(old, data)
            found[f"filter/{new}.pf_filter"] = _closed(data)
            filters.append(_array([row[0], _as_text(new)]))
        meta[3], meta[4] = _array(filters), _array(sorted(_parts(meta[4])))
        data = _array(meta)
        language["hash"] = _name(language["hash"], data)
        found[f"pagefind.{language['hash']}.pf_meta"] = _closed(data)
    found[_ENTRY] = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return dict(sorted(found.items()))


def _opened(data: bytes) -> bytes:
    raw = gzip.decompress(data)
    if not raw.startswith(_SIGNATURE):
        raise ValueError("a file without its signature")
    return raw[len(_SIGNATURE) :]


def _closed(data: bytes) -> bytes:
    # By hand: what Python's own function says of the machine in the header has changed from version to version.
    whole = _SIGNATURE + data
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    tail = zlib.crc32(whole).to_bytes(4, "little") + (len(whole) & 0xFFFFFFFF).to_bytes(4, "little")
    return b"\x1f\x8b\x08\0\0\0\0\0\x02\xff" + deflate.compress(whole) + deflate.flush() + tail


def _name(old: str, data: bytes) -> str:
    """A name as Pagefind gives them: language and digest."""
    return f"{old.partition('_')[0]}_{hashlib.sha256(data).hexdigest()[:10]}"


# CBOR (RFC 8949), as far as Pagefind uses it: numbers, texts and arrays whose length is told.


def _head(data: bytes, at: int) -> tuple[int, int, int]:
    """The sort of the value at a place, its number or length, and where what follows begins."""
    sort, short = data[at] >> 5, data[at] & 31
    if short < 24:
        return sort, short, at + 1
    if short > 27:
        raise ValueError(f"a value of unknown length at byte {at}")
    end = at + 1 + (1 << (short - 24))
    return sort, int.from_bytes(data[at + 1 : end], "big"), end


def _end(data: bytes, at: int) -> int:
    """Where the value ends that begins at a place."""
    open_ = 1
    while open_:
        sort, number, at = _head(data, at)
        open_ -= 1
        if sort == _TEXT:
            at += number
        elif sort == _ARRAY:
            open_ += number
        elif sort > 1:
            raise ValueError(f"a value of another sort at byte {at}")
    if at > len(data):
        raise ValueError("the file ends too early")
    return at


def _parts(data: bytes, wanted: int = -1) -> list[bytes]:
    """The values of an array that is all there is; `wanted`, where given, is how many these are."""
    sort, number, at = _head(data, 0)
    if sort != _ARRAY or wanted not in (-1, number):
        raise ValueError("no array where one is expected")
    found = []
    for _ in range(number):
        end = _end(data, at)
        found.append(data[at:end])
        at = end
    if at != len(data):
        raise ValueError("more than an array")
    return found


def _text(data: bytes) -> str:
    sort, length, at = _head(data, 0)
    if sort != _TEXT or at + length != len(data):
        raise ValueError("no text where one is expected")
    return data[at:].decode()


def _array(parts: Iterable[bytes]) -> bytes:
    found = list(parts)
    return _headed(_ARRAY, len(found)) + b"".join(found)


def _as_text(text: str) -> bytes:
    data = text.encode()
    return _headed(_TEXT, len(data)) + data


def _headed(sort: int, number: int) -> bytes:
    if number < 24:
        return bytes([sort << 5 | number])
    size = next(size for size in range(4) if number < 1 << (8 << size))
    return bytes([sort << 5 | 24 + size]) + number.to_bytes(1 << size, "big")
