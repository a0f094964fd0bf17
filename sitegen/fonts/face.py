"""A serif for reading, cut from Source Serif 4 as PyPI has it (fontpkg-source-serif-4), for the extra `fonts`.

A file holds one style and one range of characters, with weights 400 to 600; a browser fetches those a page needs. The
licence (SIL OFL 1.1) reserves the name "Source": a subset is a version of its own, and bears another. Its text goes with it.

While the face is not there, and where it is not had, text is set in a face of the system that is scaled to the same
width and height of line, so that nothing moves.
"""

from __future__ import annotations

import io
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path

NAME = "Reading Serif"
PACKAGES = {"fontTools": "fonttools", "brotli": "brotli", "fontpkg_source_serif_4": "fontpkg-source-serif-4"}
LICENCE, STYLES = "OFL.txt", "reading.css"
_WEIGHTS, _OPTICAL_SIZE = (400, 600), 16
_STYLES = {"normal": "SourceSerif4[opsz,wght].ttf", "italic": "SourceSerif4-Italic[opsz,wght].ttf"}
_RANGES = {
    "latin": "20-7E A0-FF 131 152-153 2BC 2C6 2DA 2DC 2010-2027 2030 2032-2033 2039-203A 2044 20AC 2122 2212",
    "latin-ext": (
        "100-130 132-151 154-24F 2B0-2BB 2BD-2C5 2C7-2D9 2DB 2DD-2FF 300-36F 1E00-1EFF 20A0-20AB 20AD-20CF 2C60-2C7F A720-A7FF"
    ),
}
_DROPPED = ["DSIG", "prep", "gasp", "BASE", "MVAR", "STAT"]
# Plain Latin has its accents on its letters; what sets marks on others would be a tenth of the file.
_FEATURES = {"latin": ["kern", "liga"], "latin-ext": ["kern", "liga", "ccmp", "locl", "mark", "mkmk"]}
# Mean advance of a letter in English prose (that of content/), in em: ours at its optical size; Noto Serif's; Times New Roman's,
# which is as wide as Liberation Serif; Georgia's by its ratio to Times's (913 to 832) in capsize.
_WIDTH, _ASCENT, _DESCENT = 0.4664, 1.036, 0.335
_SYSTEM = {"Georgia": 0.4427, "Noto Serif": 0.4783, "Times New Roman": 0.4035}
_FACES = {
    ("normal", "400"): "",
    ("normal", "600 700"): " Bold",
    ("italic", "400"): " Italic",
    ("italic", "600 700"): " Bold Italic",
}


def missing() -> list[str]:
    """The packages of the extra `fonts` that are not installed."""
    return [package for module, package in PACKAGES.items() if find_spec(module) is None]


def version() -> str:
    """What the bytes of the files depend on: the packages, and this module."""
    from importlib.metadata import version

    own = blake2b(Path(__file__).read_bytes(), digest_size=16).hexdigest()
    return " ".join([*(f"{package} {version(package)}" for package in PACKAGES.values()), own])


def files() -> list[str]:
    """The names of the font files; the first is that of running text."""
    return [_file(style, name) for style in _STYLES for name in _RANGES]


def font(file: str) -> bytes:
    """A font file, as WOFF2; seconds of work. Needs the packages."""
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    style, name = next((style, name) for style in _STYLES for name in _RANGES if _file(style, name) == file)
    options = subset.Options(layout_features=_FEATURES[name], hinting=False, name_IDs=[0, 13, 14], drop_tables=_DROPPED)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=_characters(name))
    data = io.BytesIO()
    with TTFont(_source() / "files" / _STYLES[style], lazy=True, recalcTimestamp=False) as face:
        subsetter.subset(face)
        instancer.instantiateVariableFont(face, {"opsz": _OPTICAL_SIZE, "wght": _WEIGHTS}, inplace=True)
        _rename(face, "Italic" if style == "italic" else "Regular")
        face.flavor = "woff2"
        face.save(data)
    return data.getvalue()


def licence() -> bytes:
    """The licence of the face, which has to go with it. Needs the packages."""
    return (_source() / "LICENSE").read_bytes()


def styles() -> bytes:
    """The style sheet beside the files: the face, its likenesses among the system's, and the property that themes read."""
    rules = [f"/* {NAME}: a subset of a face by Adobe, under the SIL Open Font License: see {LICENCE}. */"]
    rules += [
        f'@font-face {{ font-family: "{NAME}"; font-style: {style}; font-weight: {_WEIGHTS[0]} {_WEIGHTS[1]}; '
        f'font-display: optional; src: url("{_file(style, name)}") format("woff2"); unicode-range: {_unicode_range(name)}; }}'
        for style in _STYLES
        for name in _RANGES
    ]
    for family, width in _SYSTEM.items():
        size = _WIDTH / width
        metrics = (f"size-adjust: {size:.2%}; ascent-override: {_ASCENT / size:.2%}; descent-override: {_DESCENT / size:.2%}; "
                   "line-gap-override: 0%;")  # fmt: skip
        rules += [
            f'@font-face {{ font-family: "{_like(family)}"; font-style: {style}; font-weight: {weight}; '
            f'src: local("{family}{suffix}"); {metrics} }}'
            for (style, weight), suffix in _FACES.items()
        ]
    stack = ", ".join(f'"{family}"' for family in (NAME, *map(_like, _SYSTEM)))
    return "\n".join([*rules, f":root {{ --serif: {stack}, serif; }}", ""]).encode()


def _file(style: str, name: str) -> str:
    return f"reading-{name}{'-italic' if style == 'italic' else ''}.woff2"


def _like(family: str) -> str:
    return f"{NAME} like {family}"


def _source() -> Path:
    from fontpkg_source_serif_4 import ROOT

    return Path(ROOT)


def _spans(name: str) -> list[tuple[int, int]]:
    ends = (span.partition("-")[::2] for span in _RANGES[name].split())
    return [(int(first, 16), int(last or first, 16)) for first, last in ends]


def _characters(name: str) -> list[int]:
    return [code for first, last in _spans(name) for code in range(first, last + 1)]


def _unicode_range(name: str) -> str:
    return ", ".join(f"U+{first:X}" if first == last else f"U+{first:X}-{last:X}" for first, last in _spans(name))


def _rename(face: object, style: str) -> None:
    names = face["name"]  # type: ignore[index]
    for number, text in ((1, NAME), (2, style), (3, f"{NAME} {style}"), (4, f"{NAME} {style}"), (6, f"ReadingSerif-{style}")):
        names.setName(text, number, 3, 1, 0x409)
