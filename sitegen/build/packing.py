"""Files compressed ahead, as plans of what was made: each anew where its file has changed, gone with it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import partial

from sitegen.build.making import Stream
from sitegen.build.memo import Row, code_digest, digest
from sitegen.build.output import Plan
from sitegen.build.room import Room
from sitegen.config import Config
from sitegen.errors import Issue, Severity, Span
from sitegen.publish import packed


def plans(config: Config, rows: Mapping[str, Row], room: Room | None) -> Iterator[Plan]:
    """The compressed forms of the files that `rows` tells of."""
    versions = {form: digest(code_digest(), packed.version(form)) for form in _formats(config)}
    for path, row in rows.items():
        if packed.is_worth(path, row.size):
            for form, version in versions.items():
                name = f"{path}.{form}"
                job = partial(Stream, name, partial(_pack, form, path, row.size, room))
                yield Plan(name, digest(version, row.sha), job, "a compressed file")


def check(config: Config) -> Iterator[Issue]:
    """Says what lacks where files are to be compressed."""
    if packed.missing(config.precompress):
        yield Issue("no-brotli", "no .br files are made: brotli is not installed", Span(config.file),
                    'install the extra: pip install "sitegen[precompress]"', Severity.WARNING)  # fmt: skip


def _formats(config: Config) -> list[str]:
    return [form for form in config.precompress if not packed.missing((form,))]


def _pack(form: str, path: str, size: int, room: Room | None, target: str) -> None:
    """Compress a file that waits to be put into place, or lies there as it was."""
    assert room
    waiting = f"{room.staging}/{path}"
    packed.pack(form, waiting if os.path.exists(waiting) else f"{room.folder}/{path}", size, target)  # noqa: PTH110
