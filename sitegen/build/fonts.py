"""The files of the reading face, as plans. What was cut once lies in the memo's folder: it takes seconds."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from sitegen.build.making import Job
from sitegen.build.memo import digest
from sitegen.build.output import Plan
from sitegen.config import Config
from sitegen.errors import Issue, Severity, Span
from sitegen.render.theme import Theme

FOLDER = "assets/fonts/"
STYLES = f"{FOLDER}reading.css"
OWNER = "the reading face"


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


def files() -> Iterator[tuple[str, bytes]]:
    """The paths of the font files, each with a digest of what it is made of."""
    from sitegen.fonts import face

    made_of = digest(face.version())
    for file in face.files():
        yield FOLDER + file, digest(b"font", made_of, file)


def styles() -> bytes:
    """The style sheet of the face."""
    from sitegen.fonts import face

    return face.styles()


def plans(config: Config, paths: Mapping[str, str]) -> Iterator[Plan]:
    """The files of the face, and its licence. paths: where the font files are published, by where they would be."""
    from sitegen.fonts import face

    version = digest(face.version())
    for path, made_of in files():
        job = partial(_font, config.memo / "fonts", version.hex(), path.removeprefix(FOLDER), paths[path])
        yield Plan(paths[path], made_of, job, OWNER)
    yield Plan(FOLDER + face.LICENCE, digest(b"font", version, face.LICENCE), _licence, OWNER)


def shown(theme: Theme) -> bool:
    """Whether the theme's pages look at the face."""
    read = theme.reads_of_site("article.html")
    return read is None or "fonts" in read


def _licence() -> Job:
    from sitegen.fonts import face

    return Job(FOLDER + face.LICENCE, data=face.licence())


def _font(folder: Path, version: str, file: str, path: str) -> Job:
    """The job of a font file: its bytes as they were made before, or made now and kept."""
    from sitegen.fonts import face

    kept = folder / f"{file}.{version}"
    try:
        return Job(path, data=kept.read_bytes())
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
    return Job(path, data=data)
