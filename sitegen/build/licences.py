"""What a site is made of besides its own texts, and under which licences: a text file, linked at the foot of every page.

The texts are those that come with what they are of: files of installed packages, and the notes beside packed data.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from sitegen import kept
from sitegen.build.making import Job
from sitegen.build.memo import code_digest, digest
from sitegen.build.output import Plan
from sitegen.model.digests import version_of
from sitegen.relate.planned import Setting
from sitegen.render.theme import Theme

if TYPE_CHECKING:
    from sitegen.build.content import Content

PATH = "licences.txt"
_ROOT = Path(__file__).parents[1]
_PACKAGES = ("pagefind_bin_extended", "pagefind_bin")
_RULE = "-" * 78


def plan(content: Content, setting: Setting, theme: Theme) -> Plan:
    """The file, of what this site carries alone."""
    subjects = [subject.record for subject in content.index.authority.records.values()]
    carried = [
        "pages", "colours",
        *(["search"] if setting.search and setting.search.index else []),
        *(["face"] if setting.site.fonts else []),
        *(["maps"] if theme.reads("record.html", "map") and any(record.location for record in subjects) else []),
        *(["points"] if any(name == "geonames" for record in subjects for name, _ in record.ids) else []),
    ]  # fmt: skip
    packages = ["pygments", *(name for name in _PACKAGES if "search" in carried and find_spec(name))]
    versions = map(version_of, packages)
    key = digest(code_digest(), setting.site.title, *carried, *versions)
    return Plan(PATH, key, partial(_job, setting.site.title, carried), "the licences")


def _job(title: str, carried: Sequence[str]) -> Job:
    told = [f"{title}: what this site is made of besides its texts, and the licences of that.\n"]
    for part in carried:
        what, text = _part(part)
        told.append(f"{_RULE}\n{what}\n\n{text.strip()}\n")
    return Job(PATH, data="\n".join(told).encode())


def _part(part: str) -> tuple[str, str]:
    """What a part of a site is, in a line, and its licence."""
    if part == "pages":
        return "Pages, scripts and style sheets: sitegen", _read(_ROOT.parent / "LICENSE") or _of_package("sitegen")
    if part == "colours":
        return _named("Colours of code: Pygments", "pygments"), _of_package("pygments")
    if part == "search":
        package = next(filter(find_spec, _PACKAGES), _PACKAGES[-1])
        return _named("Search: Pagefind", package), _of_package(package) or "https://pagefind.app/"
    if part == "face":
        return "Reading face: a subset of Source Serif 4 under another name", _of_package("fontpkg-source-serif-4")
    if part == "maps":
        return "Outlines of maps: Natural Earth", _read(_ROOT / "data" / "NATURAL-EARTH.md")
    return "Points and names of places that bear a GeoNames number: GeoNames", _read(_ROOT / "data" / "GEONAMES.md")


def _named(what: str, package: str) -> str:
    return f"{what} {version_of(package)}" if find_spec(package) else what


@cache
def _of_package(name: str) -> str:
    """What an installed package says of its licence, and its licence files or where those are; "" where it is not installed.

    Kept from run to run: to load what asks a package takes longer than a hundred pages.
    """
    try:
        key = digest(code_digest(), name, version_of(name))
    except ImportError:  # importlib.metadata.PackageNotFoundError
        return ""
    held = kept.read("licence", key).decode()
    if not held and (held := _said_by(name)):
        kept.keep("licence", key, held.encode())
    return held


def _said_by(name: str) -> str:
    from importlib.metadata import distribution

    found = distribution(name)
    files = [file for file in found.files or () if ".dist-info/" in str(file) and "licen" in file.name.lower()]
    texts = [_read(Path(str(found.locate_file(file)))) for file in sorted(files)]
    names = (name for key in ("License-Expression", "License") for name in found.metadata.get_all(key) or ())
    links = dict(link.split(", ", 1) for link in found.metadata.get_all("Project-URL") or () if ", " in link)
    home = next(iter(links.values()), "")
    if not any(texts):
        source = next((link for name, link in links.items() if "source" in name.lower() or "repository" in name.lower()), home)
        texts = [f"Its package has no text of the licence; that comes with the source: {source}"] if source else []
    return "\n".join(filter(None, [next(names, ""), home, *texts]))


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError:
        return ""
