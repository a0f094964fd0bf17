"""A theme's files as they are read: its theme.toml, templates, assets and catalogues, and those of the themes it extends.

Whatever theme.toml says that it cannot say is refused here, at its place.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from sitegen.errors import Issue, SiteError, Span, did_you_mean
from sitegen.words.interface import names_of

SETTINGS = {"name": "", "extends": "", "pygments_light": "default", "pygments_dark": "github-dark"}


class Source(msgspec.Struct, frozen=True):
    """The text of a template and the file it stands in."""

    path: str
    text: str


class Layer(msgspec.Struct, frozen=True):
    """One theme of the chain. `settings` are the keys of its theme.toml, whose text is `toml`.

    catalogues: those for the interface's language, the nearest first.
    """

    name: str
    toml: Source
    settings: Mapping[str, str]
    templates: Mapping[str, Source]
    assets: Mapping[str, bytes]
    catalogues: Sequence[Source] = ()


def read(name: str, roots: Sequence[Path], language: str) -> list[Layer]:
    """A theme and those it extends, each once; an earlier root wins.

    Raises: SiteError for a theme that is not there, a circle, or a theme.toml that says what it cannot.
    """
    layers: list[Layer] = []
    place: Span | None = None
    while name:
        chain = [layer.name for layer in layers]
        if name in chain:
            circle = " → ".join([*chain[chain.index(name) :], name])
            raise broken("theme-circle", f"a theme extends itself: {circle}", place,
                          'take "extends" out of one of these theme.toml')  # fmt: skip
        layers.append(_read_layer(name, roots, place, language))
        name = layers[-1].settings.get("extends", "")
        place = place_of(layers[-1].toml, "extends")
    return layers


def _read_layer(name: str, roots: Sequence[Path], place: Span | None, language: str) -> Layer:
    known = {toml.parent.name: toml for root in reversed(roots) for toml in sorted(root.glob("*/theme.toml"))}
    if name not in known:
        folders = [root / name for root in roots if (root / name).is_dir()] if name.isidentifier() else []
        if folders:
            raise broken("no-theme-toml", f'{folders[0].as_posix()}/ has no theme.toml', place,
                          'write one that says: extends = "default"')  # fmt: skip
        help = did_you_mean(name, known) or (f"there are {', '.join(sorted(known))}" if known else "")
        where = ", ".join(root.as_posix() + "/" for root in roots)
        raise broken("unknown-theme", f'no theme "{name}" in {where}', place, help)
    folder = known[name].parent
    toml = Source(known[name].as_posix(), _read_text(known[name]))
    found = _files(folder / "templates")
    templates = {path: Source(file.as_posix(), _read_text(file)) for path, file in found}
    assets = {f"assets/{path}": file.read_bytes() for path, file in _files(folder / "assets")}
    return Layer(name, toml, _read_settings(toml), templates, assets, catalogues(folder / "locale", language))


def catalogues(folder: Path, language: str) -> list[Source]:
    """A folder's catalogues for a language, the nearest first: de-AT.po, then de.po."""
    names = names_of(language)
    files = {file.stem.lower().replace("_", "-"): file for file in sorted(folder.glob("*.po"))}
    return [Source(files[name].as_posix(), _read_text(files[name])) for name in names if name in files]


def _read_settings(toml: Source) -> dict[str, str]:
    try:
        values = tomllib.loads(toml.text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        line, column = (int(at[1]), int(at[2])) if at else (1, 1)
        excerpt = (toml.text.splitlines() or [""])[min(line, toml.text.count("\n") + 1) - 1 :][:1]
        fact = str(error).partition(" (at ")[0]
        place = Span(toml.path, line, column, 1, "".join(excerpt))
        raise broken("toml", fact, place, 'theme.toml is TOML: name = "value"') from None
    issues = []
    for key, value in values.items():
        if key not in SETTINGS:
            help = did_you_mean(key, SETTINGS) or f"the keys are {', '.join(SETTINGS)}"
            issues.append(Issue("unknown-key", f'theme.toml has no key "{key}"', place_of(toml, key), help))
        elif not isinstance(value, str):
            issues.append(Issue("configuration", f'"{key}" is text', place_of(toml, key), f'write {key} = "…"'))
    if issues:
        raise SiteError(issues[0].message, help=issues[0].help, issues=issues)
    return values


def place_of(toml: Source, key: str) -> Span:
    """The place of a key in theme.toml, or the file where it does not stand there."""
    for number, line in enumerate(toml.text.splitlines(), 1):
        found = re.match(rf"\s*(\[?\"?{re.escape(key)}\b)", line)
        if found:
            return Span(toml.path, number, found.start(1) + 1, len(found[1]), line)
    return Span(toml.path)


def broken(code: str, message: str, place: Span | None, help: str) -> SiteError:
    """One issue with its place; the bare message where it has none, as a theme that was asked for."""
    issues = [Issue(code, message, place, help)] if place else []
    return SiteError(message, help=help, issues=issues)


def _files(folder: Path) -> Iterable[tuple[str, Path]]:
    """The files below a folder by their path in it; hidden ones are left out."""
    for file in sorted(folder.rglob("*")):
        path = file.relative_to(folder)
        if file.is_file() and not any(part.startswith(".") for part in path.parts):
            yield path.as_posix(), file


def _read_text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        place = Span(file.as_posix())
        raise broken("encoding", "this file is not UTF-8", place, "save it as UTF-8") from None
