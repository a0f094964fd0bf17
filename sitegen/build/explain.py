"""Questions about a build: why a page was written, what a change would touch, whether the site is what a clean build makes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace

from sitegen.build import causes, pipeline, planning, reading
from sitegen.build.content import Content
from sitegen.build.lock import locked
from sitegen.build.memo import Memo, Row
from sitegen.build.origins import Origin, origins
from sitegen.build.planning import Looks, looks_of
from sitegen.build.pool import Pool
from sitegen.build.run import Mode
from sitegen.build.scan import STOPLIST
from sitegen.build.searching import Indexing, page_of
from sitegen.config import Config
from sitegen.errors import Issue, SiteError, Span, did_you_mean
from sitegen.model import ids
from sitegen.model.paragraphs import FILE as PARAGRAPHS
from sitegen.relate import ledger
from sitegen.relate.cells import Reads
from sitegen.relate.planned import PlannedPage
from sitegen.relate.urls import source_url
from sitegen.render.theme import PYGMENTS_CSS


class Why(msgspec.Struct, frozen=True):
    """Why a file of the site is as it is: the number of the build that last wrote it, and what had changed for it.

    owner: what asks for it, in words; "" for a page.
    """

    url: str
    build: int
    causes: Sequence[str]
    owner: str = ""


class Touched(msgspec.Struct, frozen=True):
    """Pages that a change would make the build look at, by what would have to change."""

    when: str
    urls: Sequence[str]


def why(config: Config, memo: Memo, mode: Mode, url: str) -> Why:
    """Why the page or file at a site path was last written.

    Raises: SiteError where there is none, or no build to ask.
    """
    url = "/" + url.removeprefix(config.url).removesuffix("index.html").lstrip("/")
    rows = memo.outputs(config.output)
    found, looks = _planned(config, memo, mode)
    pages = {page.url: page for page in planning.planned_pages(found, looks.setting, memo)}
    others = origins(config, found, looks, memo, rows, map(ids.output_path, pages))
    urls = pages.keys() | {"/" + path.removesuffix("index.html") for path in others}
    if url not in urls and url + "/" in urls:
        url += "/"
    if url not in urls:
        raise SiteError(
            f"nothing is published at {url}", help=did_you_mean(url, urls) or "give the address below the site's root"
        )
    row = rows.get(ids.output_path(url))
    if row is None:
        raise SiteError(f"{url} has not been built yet", help="run sitegen build")
    changed, page = memo.changes(row.build), pages.get(url)
    origin = others.get(ids.output_path(url), Origin(""))
    if page:
        known, owner = causes.causes(changed, looks.reads(page)), ""
    else:
        known, owner = origin.causes(changed), origin.owner
    if not known and row.build <= int(memo.get("build") or 0) - pipeline.KEPT_BUILDS:
        known = ["what had changed is no longer known"]
    elif not known:
        other = "" if page or origin.tables is not None else "a file had changed that no page is made of, or "
        known = [f"{other}its file was missing or had been changed, or the program itself had"]
    return Why(url, row.build, known, owner)


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
            return list(_theme(path.relative_to(root).as_posix(), looks, pages))
    raise SiteError(f"{file} is no part of the collection", help=f"give a file of {config.content.name}/ or of a theme")


def _theme(path: str, looks: Looks, pages: Sequence[PlannedPage]) -> Iterator[Touched]:
    """What a file of a theme touches, by its path below the themes' folder."""
    name, _, file = path.partition("/")
    folder, _, inside = file.partition("/")
    if name not in looks.theme.chain:
        yield Touched(f'it changes (the theme "{name}" is not the one in use, nor one that it extends)', [])
    elif folder == "templates":
        closure = {page.template for page in pages if looks.theme.includes(page.template, f"{name}/{inside}")}
        yield Touched("it changes", _readers(pages, looks, "template", closure))
    elif file in looks.theme.asset_digests():
        yield from _asset(file, "it changes", looks, pages)
    elif folder == "locale" and inside.startswith(looks.setting.site.language.partition("-")[0]):
        yield Touched("a word of it changes", [page.url for page in pages])
    elif file == "theme.toml":
        yield Touched("what it extends changes", [page.url for page in pages])
        yield from _asset(PYGMENTS_CSS, "its colours of code change", looks, pages)
    else:
        yield Touched("it changes (nothing of this site is made of it)", [])


def _asset(path: str, change: str, looks: Looks, pages: Sequence[PlannedPage]) -> Iterator[Touched]:
    """What an asset touches: itself, and the pages that name it by its bytes."""
    into = looks.theme.finish.assets or {}
    yield Touched(change, ["/" + into.get(path, path)])
    if into.get(path, path) != path:
        yield Touched("its name changes with it", _readers(pages, looks, "asset", {path}))


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
    theme = pipeline.load_theme(config, memo)
    with locked(config.memo), Pool.of(1) as pool:
        content = reading.read(config, theme, memo, mode, pool)
        memo.forget()  # a question changes nothing
        search = page_of(config, content, theme, memo, Indexing.NONE)
    setting = planning.setting_of(config, content.index, theme, search)
    return content, looks_of(config, content, theme, setting)


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
    elif any(path == known.path for known in content.tree.static):
        yield Touched("it changes", ["/" + path])
    elif any(path == known.path for known in content.tree.sources):
        articles = [text for text in content.index.articles if text.source == path]
        yield Touched("it changes", [source_url(text.url) for text in articles])
        yield Touched("it is converted again", [text.url for text in articles])
    elif path == ledger.FILE:
        told = [page.url for page in pages if page.path == ledger.FILE]
        yield Touched("where an address leads, or why it is gone, changes", told)
    elif path == PARAGRAPHS:
        recorded = content.known.recorded
        yield Touched("what a paragraph was called changes", [page.url for page in pages if page.text and page.url in recorded])
    elif path == STOPLIST:
        yield Touched("it gains or loses a word (pages of texts that hold it)", [page.url for page in pages if page.text])
    elif any(path == known.path for known in content.tree.kept):
        yield Touched("it changes (it serves the editors, and nothing of the site is made of it)", [])
    elif doc_id in content.known.authority.everything or any(path == known.path for known in content.tree.documents):
        yield Touched("it is published (it is a draft, of a later date, private, or waits for a decision)", [])
    else:
        raise SiteError(f"{file} is no part of the collection", help="is it saved, and below the content folder?")


def _reading(pages: Sequence[PlannedPage], table: str, names: set[str]) -> list[str]:
    return [page.url for page in pages if _reads(page.reads, table, names)]


def _readers(pages: Sequence[PlannedPage], looks: Looks, table: str, names: set[str]) -> list[str]:
    return [page.url for page in pages if _reads(looks.reads(page), table, names)]


def _reads(reads: Reads, table: str, names: set[str]) -> bool:
    return any(table in causes.standing_for(read) and not names.isdisjoint(cells) for read, cells in reads)
