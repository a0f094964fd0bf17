"""Receipts: what one is made of, and whether a site and a collection are those of one."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from msgspec.structs import replace

from sitegen import __version__
from sitegen.build import pipeline, reading
from sitegen.build.content import Content
from sitegen.build.memo import Memo, Row
from sitegen.build.pool import Pool
from sitegen.build.run import Mode
from sitegen.build.unchanged import LEDGER
from sitegen.build.withheld import barred, holds_private, undigested
from sitegen.config import PACKED, Config
from sitegen.errors import Issue, SiteError, Span
from sitegen.model import ids
from sitegen.publish.receipt import RECEIPT, Difference, Receipt, Whole, decoded, differences
from sitegen.publish.targets import FILES
from sitegen.render.theme import PYGMENTS_CSS, Theme

_VERSION = 2
_FIRST = 1  # told digests of files that are kept private, within that of what has no name


def receipt_of(config: Config, content: Content, theme: Theme, rows: Mapping[str, Row]) -> Receipt:
    """The receipt of a build that left these rows."""
    outputs = {path: rows[path].sha for path in sorted(rows) if path != RECEIPT}
    inputs, unnamed = _inputs(config, content, _VERSION)
    return Receipt(
        _VERSION, config.title, config.url, f"sitegen {__version__}", config.theme, _theme(theme), Whole.of(outputs),
        Whole.of({**inputs, **unnamed}), Whole.of(unnamed), inputs, outputs,
    )  # fmt: skip


def read_receipt(site: Path) -> Receipt:
    """The receipt of a published site.

    Raises: SiteError where it has none that can be read.
    """
    file = site / RECEIPT
    try:
        found = decoded(file.read_bytes())
    except OSError as error:
        raise SiteError(f"{file}: there is no receipt: {error.strerror}",
                        help="name the folder of a site that was built with exports = true") from error  # fmt: skip
    except msgspec.MsgspecError as error:
        raise SiteError(f"{file}: this is no receipt: {error}", help="take the file as it was published") from error
    if found.version not in (_FIRST, _VERSION):
        raise SiteError(f"{file}: a receipt of version {found.version}", help="use the sitegen that wrote it, or a later one")
    return found


def check_site(site: Path, receipt: Receipt) -> Iterator[Issue]:
    """How a published site differs from its receipt."""
    if Whole.of(receipt.outputs) != receipt.made:
        yield Issue("not-as-published", "the receipt contradicts itself", Span(str(site / RECEIPT)), "it was changed by hand")
    found = {path: _sha256(site / path) for path in _files(site) if path not in (RECEIPT, LEDGER)}
    for path in FILES - receipt.outputs.keys():  # what a host reads is no part of what was published
        found.pop(path, None)
    for path in found.keys() - receipt.outputs.keys():  # nor is what a server sends in place of a file
        file, _, form = path.rpartition(".")
        if form in PACKED and (file in receipt.outputs or file == RECEIPT):
            del found[path]
    for difference in differences(receipt.outputs, found):
        yield _issue("not-as-published", difference, site, "take the file from the publisher again")


def check_collection(config: Config, receipt: Receipt, memo: Memo, mode: Mode, pool: Pool) -> Iterator[Issue]:
    """How a collection differs from the one that a receipt is of."""
    theme = pipeline.load_theme(config, memo)
    content = reading.read(config, theme, memo, mode, pool)
    inputs, unnamed = _inputs(config, content, receipt.version)
    help = "take the collection as it was then: git log tells"
    for difference in differences(receipt.inputs, inputs):
        yield _issue("not-the-source", difference, config.root, help)
    if Whole.of(unnamed) != receipt.unnamed:
        fact = "what is not published differs: drafts, the stop-list, or records without a page"
        yield Issue("not-the-source", fact, Span(str(config.content)), help)
    if (config.theme, _theme(theme)) != (receipt.theme, receipt.theme_sha256):
        same = config.theme == receipt.theme
        fact = f'the theme "{config.theme}" ' + (
            "has changed since" if same else f'is not the one that was used ("{receipt.theme}")'
        )
        yield Issue("not-the-source", fact, Span(str(config.root / config.file)), "take the theme as it was then")


def check_rebuilt(config: Config, receipt: Receipt, mode: Mode, pool: Pool) -> Iterator[Issue]:
    """How what is built of a collection now differs from what a receipt says came of it."""
    with TemporaryDirectory(prefix="sitegen-") as folder, Memo.none() as memo:
        report = pipeline.build(replace(config, output=Path(folder)), memo, mode, pool)
        if not report.ok:
            yield from report.issues
            return
        rows = memo.outputs(Path(folder))
    help = f"the site was built by {receipt.program}, this is sitegen {__version__}; SOURCE_DATE_EPOCH sets the day"
    for difference in differences(receipt.outputs, {path: row.sha for path, row in rows.items() if path != RECEIPT}):
        yield _issue("not-as-published", Difference(difference.path, f"built again, {difference.said}"), config.output, help)


def _issue(code: str, difference: Difference, below: Path, help: str) -> Issue:
    return Issue(code, f"{difference.path} {difference.said}", Span(str(below / difference.path)), help)


def _inputs(config: Config, content: Content, version: int) -> tuple[dict[str, str], dict[str, str]]:
    """The digests of what is published of a collection, and of all else that is read, by path below its root."""
    texts = content.texts
    authority = content.index.authority
    public = {text.path for text in texts} | {text.source for text in texts} | {file.path for file in content.tree.static}
    public |= {subject.path for subject in (*authority.records.values(), *authority.retired.values())}
    public |= {ids.sidecar_of(text.path) for text in texts}
    public -= {file.path for file in content.tree.notes if holds_private(file)}  # what else such a file says, readers know
    untold = undigested(content) if version > _FIRST else barred(content)
    inputs = {config.file: _sha256(config.root / config.file)}
    unnamed: dict[str, str] = {}
    below = config.content.relative_to(config.root).as_posix()
    for file in content.tree.files:
        if file.path in untold:
            continue
        kept = inputs if file.path in public else unnamed
        kept[f"{below}/{file.path}"] = _sha256(Path(file.full))
    return dict(sorted(inputs.items())), unnamed


def _theme(theme: Theme) -> str:
    """The SHA-256 of all files of a theme and those it extends, in order of names."""
    state = hashlib.sha256()
    for name in theme.templates():
        source = theme.source(name)
        state.update(f"{name}\0{source[0] if source else ''}\0".encode())
    for path, digest in theme.asset_digests().items():
        if path == PYGMENTS_CSS:  # made of the program, not of a file
            continue
        state.update(f"{path}\0{digest}\0".encode())
    return state.hexdigest()


def _files(site: Path) -> Iterator[str]:
    for folder, folders, names in os.walk(site):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(folder, name).relative_to(site).as_posix() for name in names if not name.startswith("."))


def _sha256(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise SiteError(f"{file}: cannot be read: {error.strerror}", help="check its permissions") from error
