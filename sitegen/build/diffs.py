"""What readers would see change: the collection as it lies here against a saved snapshot, or a git revision of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from msgspec.structs import replace

from sitegen import config as configuration
from sitegen.build import revisions, snapshots
from sitegen.build.memo import Memo
from sitegen.build.pool import Pool
from sitegen.build.run import Mode
from sitegen.compare.comment import Told
from sitegen.compare.comparison import compare
from sitegen.compare.snapshot import VERSION, Head, Opened, save
from sitegen.compare.values import PRIVATE, Comparison, Lost, Veil
from sitegen.config import Config
from sitegen.errors import Issue, SiteError, errors
from sitegen.relate import ledger


class Diff(msgspec.Struct, frozen=True):
    """What would change, what is said of it besides, and what is wrong with the collection here."""

    found: Comparison
    told: Told
    issues: tuple[Issue, ...]

    @property
    def is_sound(self) -> bool:
        """Whether it can be published, and no address is lost by it."""
        return not self.found.lost and not errors(self.issues)


def diff(config: Config, against: str, folder: Path, mode: Mode, pool: Pool) -> Diff:
    """Compare the collection with a snapshot, a file named from `folder`, or with a git revision; "" for what git has published.

    Nothing is written but into a temporary folder, in which both are built.
    Raises: SiteError where there is nothing to compare with.
    """
    mode = replace(mode, paranoid=True)  # files of two folders are not to be taken for each other by their times
    with TemporaryDirectory(prefix="sitegen-diff-") as name, Memo.none() as memo:
        inside = Path(name)
        site, before = inside / "site", inside / "before.jsonl"
        if against and (folder / against).is_file():
            before, said = folder / against, against
        else:
            revision = revisions.resolve(config.root, against or revisions.published_revision(config.root))
            said = str(revision)
            _snapshot_of(revisions.checked_out(config.root, revision, inside), said, memo, mode, pool, site, before)
        taken = snapshots.take(config, memo, mode, pool, site, inside / "after.jsonl")
        veil = snapshots.veil_of(taken.content, mode)
        found = compare(Opened(before), Opened(inside / "after.jsonl"), veil)
        rows = taken.content.ledger.rows
        unnamed = {subject.url for subject in taken.content.unnamed}
        lines = [
            _line(rows.get(lost.url) or ledger.Row(lost.url, mode.today.isoformat()), lost, unnamed=lost.url in unnamed)
            for lost in found.lost
        ]
        return Diff(found, Told(said, list(_wrong(taken.issues, veil)), lines), taken.issues)


def _line(row: ledger.Row, lost: Lost, *, unnamed: bool) -> str:
    """The row that the ledger needs for an address that is lost, as far as anybody but a person can tell."""
    if lost.goes_to:
        return ledger.line(row, lost.goes_to, row.why or lost.why)
    return ledger.line(row, ledger.GONE, row.why or ("Nothing here names it any longer." if unnamed else ledger.ASKED))


def _wrong(issues: Iterable[Issue], veil: Veil) -> Iterator[str]:
    """The errors by place and code: what they say in words may hold what others must not read."""
    for issue in errors(issues):
        place = PRIVATE if veil.betrays(issue.span.path) or veil.hides(_id(issue.span.path)) else str(issue.span)
        yield f"{place}: {issue.code}"


def _id(path: str) -> str:
    return "/".join(Path(path).with_suffix("").parts[-2:])


def _snapshot_of(root: Path, said: str, memo: Memo, mode: Mode, pool: Pool, site: Path, file: Path) -> None:
    """The snapshot of a collection as it was; where there was none, of one without a page."""
    if not configuration.is_root(root):
        save(file, [Head(VERSION, "", "", "", "", mode.today.isoformat(), True, {})])
        return
    try:
        config = configuration.load(root)
    except SiteError as error:
        raise SiteError(f"the collection as it was at {said} cannot be read: {error.message}",
                        help="name a revision at which it was in order") from error  # fmt: skip
    snapshots.take(config, memo, mode, pool, site, file)
