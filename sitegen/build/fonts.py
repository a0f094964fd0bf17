"""The files of the reading face, as plans. What was cut once lies in the memo's folder: it takes seconds."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from sitegen.build.memo import digest
from sitegen.build.output import Plan
from sitegen.build.stages import Job
from sitegen.config import Config
from sitegen.errors import Issue, Severity, Span
from sitegen.theme import Theme

FOLDER = "assets/fonts/"
_OWNER = "the reading face"


def folder(config: Config) -> str:
    """The site path of the face's folder; "" where it is not asked for, or cannot be made."""
    if not config.fonts:
        return ""
    from sitegen.fonts import face

    return "" if face.missing() else "/" + FOLDER


def check(config: Config) -> Iterator[Issue]:
    """Says what lacks where the reading face is asked for."""
    if not config.fonts:
        return
    from sitegen.fonts import face

    if lacking := face.missing():
        yield Issue("no-fonts", f"the reading face is left out: {', '.join(lacking)} is not installed", Span(config.file),
                    'install the extra: pip install "sitegen[fonts]"', Severity.WARNING)  # fmt: skip


def plans(config: Config) -> Iterator[Plan]:
    """The files of the face, its style sheet and its licence."""
    from sitegen.fonts import face

    made_of = digest(face.version())
    for file in face.files():
        path = FOLDER + file
        yield Plan(path, digest(b"font", made_of, file), partial(_font, config.memo / "fonts", made_of.hex(), file), _OWNER)
    for file, make in ((face.STYLES, face.styles), (face.LICENCE, face.licence)):
        path = FOLDER + file
        yield Plan(path, digest(b"font", made_of, file), partial(_made, path, make), _OWNER)


def shown(theme: Theme) -> bool:
    """Whether the theme's pages look at the face."""
    read = theme.reads_of_site("article.html")
    return read is None or "fonts" in read


def _made(path: str, make: Callable[[], bytes]) -> Job:
    return Job(path, data=make())


def _font(folder: Path, version: str, file: str) -> Job:
    """The job of a font file: its bytes as they were made before, or made now and kept."""
    from sitegen.fonts import face

    kept = folder / f"{file}.{version}"
    try:
        return Job(FOLDER + file, data=kept.read_bytes())
    except OSError:
        data = face.font(file)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob(f"{file}.*"):
            old.unlink(missing_ok=True)
        kept.with_suffix(".new").write_bytes(data)
        os.replace(kept.with_suffix(".new"), kept)
    except OSError:
        pass  # it is made again next time
    return Job(FOLDER + file, data=data)
