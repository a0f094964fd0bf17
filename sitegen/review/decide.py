"""Decisions on suggestions: what a word of a person does to the files of a draft. Nothing here is written.

A suggestion is a record with `status: suggested`, or a row of content/candidates.csv. What it takes:

    accept            the record is reviewed; a candidate becomes a record
    reject            the record is kept as a "no"; of a candidate the log keeps it
    merge places/x    it is places/x: a record leads there from now on, its names become aliases
    alias places/x    its name is an alias of places/x, and the suggestion goes
    stop              its name is never linked or suggested: a line of content/stoplist.txt

Where the address of a record was recorded, its row in the ledger of addresses says what became of it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import msgspec

from sitegen.build.scan import STOPLIST
from sitegen.convert.emit import Value, front_matter
from sitegen.convert.slug import slug, unique
from sitegen.errors import Issue, SiteError, Span, did_you_mean
from sitegen.model import candidate, decision
from sitegen.model.candidate import CANDIDATES, Row
from sitegen.model.decision import DECISIONS, Decision
from sitegen.model.entity import Record
from sitegen.model.text import canonical, folded
from sitegen.relate.ledger import GONE
from sitegen.review import edit
from sitegen.review.addresses import leave
from sitegen.review.shelf import Draft, Shelf, id_of, names_of
from sitegen.review.transactions import absorb, give

WORDS = ("accept", "reject", "merge", "alias", "stop")
_WITH_TARGET = ("merge", "alias")


class Verdict(NamedTuple):
    """A decision: one of WORDS, and for merge and alias the record that is meant."""

    word: str
    target: str = ""


class Suggested(msgspec.Struct, frozen=True):
    """A name to decide on. record: the id of its record, "" where it is a row of the candidates.

    details: what it would be accepted with, a line each.
    """

    name: str
    kind: str
    record: str = ""
    row: Row | None = None
    articles: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()
    details: tuple[str, ...] = ()


class Clerk(msgspec.Struct, frozen=True):
    """Who decides, when (UTC, ISO) and why."""

    who: str
    at: str
    why: str = ""


def verdict(written: str, shelf: Shelf) -> Verdict:
    """A decision as a person wrote it.

    Raises: SiteError where it is none, or names a record that is not there.
    """
    word, _, target = written.strip().partition(" ")
    word, target = word.casefold(), id_of(target)
    if word not in WORDS:
        raise SiteError(f'"{written}" is no decision', help=did_you_mean(word, WORDS) or f"one of {', '.join(WORDS)}")
    if word not in _WITH_TARGET:
        if target:
            raise SiteError(f'"{word}" takes no record', help=f"write {word} alone, or {_WITH_TARGET[0]} {target}")
        return Verdict(word)
    if not target:
        raise SiteError(f'"{word}" needs a record', help=f"as in: {word} places/raqqa")
    target = shelf.meant(target)
    record = shelf.record(target).record
    if record.merged_into or record.status == "rejected":
        raise SiteError(f"{target} is {'merged into ' + record.merged_into if record.merged_into else 'rejected'}",
                        help="name a record that has a page")  # fmt: skip
    return Verdict(word, target)


def decide(draft: Draft, item: Suggested, given: Verdict, clerk: Clerk, kinds: Collection[str]) -> None:
    """Carry a decision out on a draft, and log it there.

    Raises: SiteError where it cannot be carried out.
    """
    record = _decided_record(draft, item, given) if item.record else _decided_row(draft, item, given, kinds)
    if given.word == "stop":
        draft.write(STOPLIST, edit.listed(draft.text(STOPLIST), item.name))
    log(draft, Decision(clerk.at, clerk.who, given.word, item.name, item.kind, record, given.target, clerk.why))


def log(draft: Draft, line: Decision) -> None:
    """Put a decision at the end of the log."""
    before = draft.data(DECISIONS) or b""
    gap = b"\n" if before and not before.endswith(b"\n") else b""
    draft.made[DECISIONS] = before + gap + decision.written(line)


def _decided_record(draft: Draft, item: Suggested, given: Verdict) -> str:
    path = f"{item.record}.md"
    where = f"{draft.shelf.content.name}/{path}"
    if given.word == "accept":
        draft.write(path, edit.put(draft.text(path), where, ("status",), "reviewed"))
    elif given.word in ("reject", "stop"):
        draft.write(path, edit.put(draft.text(path), where, ("status",), "rejected"))
        # Readers are told this and not the reason of the log, which is for the house.
        leave(draft, draft.shelf.record(item.record).url, GONE, "Suggested by a program, and not confirmed.")
    else:
        target = draft.shelf.record(given.target)
        if target.id == item.record:
            raise SiteError(f"{item.record} cannot be merged into itself", help="name another record")
        if given.word == "merge":
            absorb(draft, draft.shelf.record(item.record), target)
        else:
            give(draft, target, [item.name])
            draft.write(path, None)
            leave(draft, draft.shelf.record(item.record).url, target.url, f"Another name of {target.title}.")
    return item.record


def _decided_row(draft: Draft, item: Suggested, given: Verdict, kinds: Collection[str]) -> str:
    record = ""
    if given.word == "accept":
        record = new_record(draft, item, kinds)
    elif given.target:
        give(draft, draft.shelf.record(given.target), [item.name])
    _drop(draft, item.name)
    return record


def _drop(draft: Draft, name: str) -> None:
    """Take a name out of those that wait."""
    rows = candidate.read(draft.data(CANDIDATES) or b"", f"{draft.shelf.content.name}/{CANDIDATES}")
    kept = [row for row in rows if folded(row.name) != folded(name)]
    if len(kept) < len(rows):
        draft.made[CANDIDATES] = candidate.written(kept)


def new_record(draft: Draft, item: Suggested, kinds: Collection[str]) -> str:
    """Write the record of a name that has none; gives its id.

    Raises: SiteError where its kind is none, or another record has the name.
    """
    row = item.row or Row(item.name, item.kind)
    if row.kind not in kinds:
        raise SiteError(
            f'"{row.kind}" is no kind of record', help=did_you_mean(row.kind, list(kinds)) or f"one of {', '.join(kinds)}"
        )
    shelf = draft.shelf
    owner = shelf.owners.get(canonical(row.name))
    if owner:
        raise SiteError(f'"{row.name}" is a name of {owner} already', help=f"alias {owner}, or reject")
    taken = {doc_id.rpartition("/")[2].casefold() for doc_id in shelf.subjects if doc_id.startswith(f"{row.kind}/")}
    taken |= {path[len(row.kind) + 1 : -3].casefold() for path in draft.made if path.startswith(f"{row.kind}/")}
    doc_id = f"{row.kind}/{unique(slug(row.name, fallback=row.kind), taken)}"
    aliases = [alias for alias in row.aliases if canonical(alias) not in shelf.owners]
    values: dict[str, Value] = {"name": row.name, "aliases": aliases, "status": "reviewed", "role": row.role}
    if row.lat is not None and row.lon is not None:
        values["location"] = {"lat": row.lat, "lon": row.lon}
    draft.write(f"{doc_id}.md", front_matter(values))
    return doc_id


# A file of decisions.


class Applied(msgspec.Struct):
    """What a file of decisions comes to: a draft, how often each word was said, and what is wrong with it."""

    draft: Draft
    counts: dict[str, int] = msgspec.field(default_factory=dict)
    issues: list[Issue] = msgspec.field(default_factory=list)
    open: int = 0


def apply(shelf: Shelf, data: bytes, path: str, clerk: Clerk, kinds: Collection[str]) -> Applied:
    """Carry out the decisions of a file of candidates. Names that were decided before are passed over.

    path: as people know the file. Raises: SiteError where it is no such file.
    """
    applied = Applied(Draft(shelf))
    waiting = {folded(row.name): row for row in waiting_rows(shelf)}
    before = {folded(line.name) for line in decision.read(shelf.data(DECISIONS) or b"")}
    for row in candidate.read(data, path):
        if not row.decision:
            applied.open += 1
            continue
        found = waiting.pop(folded(row.name), None)
        if found is None:
            if folded(row.name) in before or canonical(row.name) in shelf.owners:
                continue
            found = next((one for one in waiting.values() if _evident(one) == _evident(row)), None)
        try:
            if found is None:
                raise SiteError("no name waits that this could be", help="take the line out, or write the name as it was found")
            waiting.pop(folded(found.name), None)
            given = verdict(row.decision, shelf)
            said = Clerk(clerk.who, clerk.at, row.more.get("why", "") or clerk.why)
            decide(applied.draft, Suggested(row.name, row.kind, row=_corrected(row, found)), given, said, kinds)
            _drop(applied.draft, found.name)
            applied.counts[given.word] = applied.counts.get(given.word, 0) + 1
        except SiteError as error:
            applied.issues += error.issues or [
                Issue("not-a-decision", f'"{row.name}": {error.message}', Span(path, row.line), error.help)
            ]
    return applied


def _evident(row: Row) -> tuple[object, ...]:
    """What a row is known by when a person has corrected its name."""
    return row.articles, row.sentences


def _corrected(row: Row, found: Row) -> Row:
    """A row whose name was corrected, with the name that the texts have as an alias."""
    if folded(row.name) == folded(found.name):
        return row
    return msgspec.structs.replace(row, aliases=(*row.aliases, found.name))


def waiting_rows(shelf: Shelf) -> tuple[Row, ...]:
    """The rows of content/candidates.csv."""
    data = shelf.data(CANDIDATES)
    return candidate.read(data, f"{shelf.content.name}/{CANDIDATES}") if data else ()


def queue(shelf: Shelf) -> list[Suggested]:
    """All that waits for a decision: suggested records, then candidates, those with most articles first."""
    from sitegen.review.evidence import evidence

    records = {
        doc_id: subject
        for doc_id, subject in shelf.subjects.items()
        if subject.record.status == "suggested" and not subject.record.merged_into
    }
    found = evidence(shelf, {doc_id: names_of(subject.record) for doc_id, subject in records.items()})
    items = [
        Suggested(
            subject.title, subject.kind, doc_id, None, found[doc_id].articles, found[doc_id].sentences, _details(subject.record)
        )
        for doc_id, subject in records.items()
    ]
    refused = decision.refused(decision.read(shelf.data(DECISIONS) or b""))
    rows = [
        Suggested(row.name, row.kind, "", row, row.articles, row.sentences, _row_details(row))
        for row in waiting_rows(shelf)
        if folded(row.name) not in refused
    ]
    return [item for part in (items, rows) for item in sorted(part, key=lambda item: (-len(item.articles), item.name))]


def _details(record: Record) -> tuple[str, ...]:
    at = record.location
    told = _told(names_of(record)[1:], record.role, (at.lat, at.lon) if at else None)
    sure = f"score {record.score:.2f}" + (f": {record.why}" if record.why else "") if record.score is not None else ""
    return (*told, sure) if sure else told


def _row_details(row: Row) -> tuple[str, ...]:
    point = (row.lat, row.lon) if row.lat is not None and row.lon is not None else None
    return (*_told(row.aliases, row.role, point), f"score {row.score:.2f}")


def _told(aliases: Sequence[str], role: str, point: tuple[float, float] | None) -> tuple[str, ...]:
    lines = [f"also: {', '.join(aliases)}"] if aliases else []
    lines += [f"role: {role}"] if role else []
    lines += [f"at {point[0]:.2f}, {point[1]:.2f} (latitude, longitude)"] if point else []
    return tuple(lines)


def alike(item: Suggested, other: Suggested) -> bool:
    """Whether "the same for all alike" means both: of a kind, records or candidates, named in one article or in several."""
    return (item.kind, bool(item.record), len(item.articles) > 1) == (other.kind, bool(other.record), len(other.articles) > 1)
