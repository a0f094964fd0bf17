"""What readers would see change, as values; and the veil over what must not be told of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import msgspec

from sitegen.compare.passages import Quoted
from sitegen.compare.snapshot import File, Head, Page

PASSAGES = 100  # kept of a record, of each sort
SORTS = ("gained", "lost", "reworded", "taken", "given")
GROUPS = ("pages", "search", "data", "other files")
PRIVATE = "(kept private)"


class Veil(msgspec.Struct, frozen=True):
    """What must not be told: hides, whether a document is withheld now; betrays, whether words tell of what is."""

    hides: Callable[[str], bool] = lambda _: False
    betrays: Callable[[str], bool] = lambda _: False

    def covers(self, page: Page) -> bool:
        return (bool(page.id) and self.hides(page.id)) or self.betrays(page.url) or self.betrays(page.title)

    def quoted(self, quoted: Quoted) -> Quoted:
        return ("", PRIVATE, "") if self.betrays("".join(quoted)) else quoted


class Changed(msgspec.Struct, frozen=True):
    """A document that says something else. what: the names of its parts that differ."""

    before: Page
    after: Page
    what: tuple[str, ...]


class Moved(msgspec.Struct, frozen=True):
    """An address that leads elsewhere now. title: of what was there. what: the parts of it that differ where it is now."""

    url: str
    title: str
    to: str
    what: tuple[str, ...] = ()


class Lost(msgspec.Struct, frozen=True):
    """An address that would no longer answer. goes_to, why: what the ledger of addresses may say of it."""

    url: str
    title: str
    goes_to: str
    why: str


class Passage(msgspec.Struct, frozen=True):
    """A mention in its sentence. was: the sentence before, where it was reworded. other: the record it passed to or from."""

    article: str
    quoted: Quoted
    was: Quoted | None = None
    other: str = ""


class Named(msgspec.Struct):
    """What became of a record's mentions: how many of each sort, and the first of them. before, after: of all there are."""

    record: str
    before: int = 0
    after: int = 0
    counts: Counter[str] = msgspec.field(default_factory=Counter)
    passages: dict[str, list[Passage]] = msgspec.field(default_factory=dict)

    def add(self, sort: str, passage: Passage) -> None:
        self.counts[sort] += 1
        kept = self.passages.setdefault(sort, [])
        if len(kept) < PASSAGES:
            kept.append(passage)


class Sizes(msgspec.Struct):
    """Files and bytes, before and after, by group; sites of which files are not known have none."""

    files: dict[str, tuple[int, int]] = msgspec.field(default_factory=dict)
    bytes: dict[str, tuple[int, int]] = msgspec.field(default_factory=dict)
    lost: list[str] = msgspec.field(default_factory=list)  # paths of files that others may link to
    large: list[File] = msgspec.field(default_factory=list)  # the largest that are new


class Comparison(msgspec.Struct):
    """What readers would see change. titles: of documents, by id, with their URLs.

    elsewhere: pages that show a change of others, by kind. hidden: how many pages and mentions are not told of.
    """

    before: Head
    after: Head
    added: list[Page] = msgspec.field(default_factory=list)
    changed: list[Changed] = msgspec.field(default_factory=list)
    moved: list[Moved] = msgspec.field(default_factory=list)
    withdrawn: list[tuple[Page, str]] = msgspec.field(default_factory=list)
    lost: list[Lost] = msgspec.field(default_factory=list)
    elsewhere: Counter[str] = msgspec.field(default_factory=Counter)
    named: list[Named] = msgspec.field(default_factory=list)
    sizes: Sizes | None = None
    titles: dict[str, tuple[str, str]] = msgspec.field(default_factory=dict)
    hidden_pages: int = 0
    hidden_mentions: int = 0

    @property
    def totals(self) -> Counter[str]:
        """How many mentions are gained, lost …, of all records."""
        total = Counter[str]()
        for named in self.named:
            total.update(named.counts)
        return total

    @property
    def is_empty(self) -> bool:
        """Whether readers would see nothing change."""
        found = (self.added, self.changed, self.moved, self.withdrawn, self.lost, self.elsewhere, self.named)
        return not any(found) and not self.hidden_pages and not self.hidden_mentions and not self.has_other_files

    @property
    def has_other_files(self) -> bool:
        sizes = self.sizes
        return bool(sizes and any(was != now for table in (sizes.files, sizes.bytes) for was, now in table.values()))
