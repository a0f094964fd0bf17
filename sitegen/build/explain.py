"""Questions about a build: why a page was written, what a change would touch, whether the site is what a clean build makes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sitegen.build import causes, pipeline, planning, reading
from sitegen.build.content import Content
from sitegen.build.lock import locked
from sitegen.build.memo import Memo, Row
from sitegen.build.planning import Looks
from sitegen.build.pool import Pool
from sitegen.build.run import Mode
from sitegen.build.searching import Indexing, page_of
from sitegen.config import Config
from sitegen.errors import Issue, SiteError, Span, did_you_mean
from sitegen.model import ids
from sitegen.relate.cells import Reads
from sitegen.relate.planned import PlannedPage


@dataclass(frozen=True, slots=True)
class Why:
    """Why a page is as it is: the number of the build that last wrote it, and what had changed for it."""

    url: str
    build: int
    causes: Sequence[str]


@dataclass(frozen=True, slots=True)
class Touched:
    """Pages that a change would make the build look at, by what would have to change."""

    when: str
    urls: Sequence[str]


def why(config: Config, memo: Memo, mode: Mode, url: str) -> Why:
    """Why the page at a site path was last written.

    Raises: SiteError where there is no such page, or no build to ask.
    """
    url = "/" + url.removeprefix(config.url).removesuffix("index.html").lstrip("/")
    row = memo.outputs(config.output).get(ids.output_path(url))
    found, looks = _planned(config, memo, mode)
    pages = {page.url: page for page in planning.planned_pages(found, looks.setting, memo)}
    if url not in pages:
        raise SiteError(f"no page at {url}", help=did_you_mean(url, pages) or "give the address below the site's root")
    if row is None:
        raise SiteError(f"{url} has not been built yet", help="run sitegen build")
    changed = memo.changes(row.build)
    known = causes.causes(changed, looks.reads(pages[url]))
    if not known:
        missing = "its file was missing or had been changed, or the program itself had"
        known = [missing if changed else "what had changed is no longer known"]
    return Why(url, row.build, known)


def impact(config: Config, memo: Memo, mode: Mode, file: str) -> list[Touched]:
    """What a change of a file would touch. `file`: a path below the collection's root, or the working folder's.

    Raises: SiteError where the file is no part of the collection.
    """
    content, looks = _planned(config, memo, mode)
    pages = list(planning.planned_pages(content, looks.setting, memo))
    path = Path(file).resolve()
    if path.is_relative_to(config.content):
        return list(_content(path.relative_to(config.content).as_posix(), content, pages, file))
    if path == config.root / config.file:
        return [Touched(f"the site's {name} changes", _readers(pages, looks, "site", {name}))
                for name in looks.tables()["site"]]  # fmt: skip
    for root in pipeline.theme_roots(config):
        if path.is_relative_to(root):
            theme, _, name = path.relative_to(root).as_posix().partition("/templates/")
            if name:
                qualified = f"{theme}/{name}"
                closure = {page.template for page in pages if looks.theme.includes(page.template, qualified)}
                return [Touched("it changes", _readers(pages, looks, "template", closure))]
            return [Touched("it changes", ["/" + path.relative_to(root).as_posix().partition("/")[2]])]
    raise SiteError(f"{file} is no part of the collection", help=f"give a file of {config.content.name}/ or of a theme")


def verify(config: Config, memo: Memo, mode: Mode, pool: Pool) -> list[Issue]:
    """Build clean beside the site and compare, byte for byte: an issue for each file that differs."""
    beside = config.memo / "verify"
    shutil.rmtree(beside, ignore_errors=True)
    try:
        with Memo.none() as nothing:
            clean = pipeline.build(replace(config, output=beside), nothing, replace(mode, paranoid=True), pool)
            if not clean.ok:
                return list(clean.issues)
            ours, theirs = memo.outputs(config.output), nothing.outputs(beside)
        return list(_differences(config, beside, ours, theirs))
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _differences(config: Config, beside: Path, ours: dict[str, Row], theirs: dict[str, Row]) -> Iterator[Issue]:
    for path in sorted(ours.keys() | theirs.keys()):
        mine, clean = ours.get(path), theirs.get(path)
        place = Span((config.output / path).relative_to(config.root).as_posix())
        if mine is None or clean is None:
            yield Issue("not-clean", f"a clean build {'also makes' if clean else 'does not make'} this file", place, _REPORT)
        elif _bytes(config.output / path) != _bytes(beside / path):
            if mine.key != clean.key:
                fault = "its key is another: it reads what differs from run to run"
            elif mine.made != clean.made:
                fault = "its key is blind: it has not moved, and the page's contents have"
            elif mine.sha != clean.sha:
                fault = "its template shows what its contents do not hold"
            else:
                fault = "the file was changed after it was written"
            yield Issue("not-clean", f"this is not what a clean build makes: {fault}", place, _REPORT)


_REPORT = "sitegen build --clean makes it anew; please report it, with the collection if you can"


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _planned(config: Config, memo: Memo, mode: Mode) -> tuple[Content, Looks]:
    theme = pipeline.load_theme(config)
    with locked(config.memo), Pool.of(1) as pool:
        content = reading.read(config, theme, memo, mode, pool)
        memo.forget()  # a question changes nothing
        search = page_of(config, content, theme, memo, Indexing.NONE)
    return content, Looks(theme, planning.setting_of(config, content.index, theme, search), content.guard)


def _content(path: str, content: Content, pages: Sequence[PlannedPage], file: str) -> Iterator[Touched]:
    doc_id = path.removesuffix(".md")
    if doc_id in content.written and doc_id not in content.subjects:
        text = content.written[doc_id]
        yield Touched("its text changes", _reading(pages, "own", {doc_id}))
        if text.kind == ids.ARTICLES:
            yield Touched("its title, date or summary changes", _reading(pages, "card", {doc_id}))
            yield Touched("a passage that names somebody changes", _reading(pages, "quotes", {doc_id}))
            yield Touched("it names more or fewer", _reading(pages, "entry", set(text.named)))
    elif doc_id in content.subjects:
        yield Touched("what it says of itself changes", _reading(pages, "record", {doc_id}))
        yield Touched("its name, role or summary changes", _reading(pages, "entry", {doc_id}))
        yield Touched("its note changes", _reading(pages, "own", {doc_id}))
    elif any(path == known.path for known in content.tree.notes):
        article = {doc_id.removesuffix(".notes.yaml")}
        yield Touched("a note changes", _reading(pages, "own", article))
        yield Touched("a note says who a passage names", _reading(pages, "quotes", article))
    elif any(path == known.path for known in (*content.tree.static, *content.tree.sources)):
        articles = [text for text in content.index.articles if text.source == path]
        yield Touched("it changes", [text.url for text in articles] or ["/" + path])
    else:
        raise SiteError(f"{file} is no part of the collection", help="is it saved, and below the content folder?")


def _reading(pages: Sequence[PlannedPage], table: str, names: set[str]) -> list[str]:
    return [page.url for page in pages if _reads(page.reads, table, names)]


def _readers(pages: Sequence[PlannedPage], looks: Looks, table: str, names: set[str]) -> list[str]:
    return [page.url for page in pages if _reads(looks.reads(page), table, names)]


def _reads(reads: Reads, table: str, names: set[str]) -> bool:
    return any(table in causes.standing_for(read) and not names.isdisjoint(cells) for read, cells in reads)
