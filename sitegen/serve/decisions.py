"""A decision that came from a browser, handed to `sitegen.review`: what is asked for is checked, and nothing is made up here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from sitegen.errors import SiteError
from sitegen.model.ids import kind_of
from sitegen.model.notes import MOTIVATIONS, Note, Quote
from sitegen.review import corrections, transactions
from sitegen.review.corrections import NONE
from sitegen.review.decide import Suggested, Verdict, alike, verdict
from sitegen.review.doubts import Adrift, Undecided, delete_note, place_note
from sitegen.review.shelf import Draft, names_of
from sitegen.serve.bench import Bench


class Excepted(msgspec.Struct, frozen=True):
    """A name in an article that a decision does not hold for; seen: of the article's file."""

    article: str
    name: str
    seen: str = ""


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """A decision on an item. word: a verdict, or "new", "here", "apart", "delete". chosen: the articles that are ticked."""

    key: str
    word: str
    seen: str
    target: str = ""
    name: str = ""
    kind: str = ""
    alike: bool = False
    excepted: tuple[Excepted, ...] = ()
    chosen: tuple[Excepted, ...] = ()
    choice: int = 0


class Mentioned(msgspec.Struct, frozen=True, kw_only=True):
    """What words of an article name. record: an id, "none", or "" for a new record of `kind`. everywhere: in all articles."""

    article: str
    name: str
    seen: str
    record: str = ""
    kind: str = ""
    everywhere: bool = False
    stop: bool = False


class Noted(msgspec.Struct, frozen=True, kw_only=True):
    """A note on words of an article; block and nth: see `corrections.passage`."""

    article: str
    words: str
    seen: str
    body: str
    block: str = ""
    nth: int = 0
    motivation: str = "commenting"
    layer: str = "commentary"


def decide(bench: Bench, asked: Decided) -> str:
    """Carry a decision on an item out, and say what was done.

    Raises: SiteError; Conflict where the item is not as it was seen.
    """
    item = bench.item(asked.key)
    bench.check_item(item, asked.seen)
    for one in (*asked.excepted, *asked.chosen):
        bench.check(one.seen, f"{one.article}.md")
    if isinstance(item, Suggested):
        return _suggestion(bench, item, asked)
    if isinstance(item, Undecided):
        return _ambiguity(bench, item, asked)
    if isinstance(item, Adrift):
        return _note(bench, item, asked)
    return _pair(bench, (item[0].id, item[1].id), asked)


def undo(bench: Bench) -> str:
    """Take the last decision of the sitting back; "" where there is none."""
    return bench.session.undo()


def mention(bench: Bench, asked: Mentioned) -> str:
    """Settle who some words of an article name."""
    path = f"{asked.article}.md"
    bench.check(asked.seen, path)
    draft, name = Draft(bench.shelf), " ".join(asked.name.split())
    if asked.stop:
        corrections.stop(draft, name)
        bench.session.carry_out("stop", name, draft)
        return f"“{name}” is never linked or suggested"
    if not asked.record:
        record = corrections.record_for(draft, name, asked.kind, bench.kinds)
        bench.session.carry_out("accept", name, draft, kind=asked.kind, record=record)
        return f"{record} is a new record"
    if asked.everywhere:
        corrections.name_everywhere(draft, name, asked.record)
        bench.session.carry_out("alias", name, draft, kind=kind_of(asked.record), target=asked.record)
        return f"“{name}” is a name of {asked.record}"
    corrections.settle(draft, asked.article, name, asked.record)
    word = "not-here" if asked.record == NONE else "here"
    bench.session.carry_out(word, name, draft, record=asked.article, target=asked.record)
    return f"“{name}” is {'nobody' if asked.record == NONE else asked.record} in {asked.article}"


def note(bench: Bench, asked: Noted) -> str:
    """Put a note on words of an article."""
    bench.check(asked.seen, f"{asked.article}.md", f"{asked.article}.notes.yaml")
    if asked.motivation not in MOTIVATIONS:
        raise SiteError(f'"{asked.motivation}" is no motivation', help=f"one of {', '.join(MOTIVATIONS)}")
    if not asked.body.strip():
        raise SiteError("a note says something", help="write its text")
    desk = bench.desk
    _, start, end = corrections.passage(desk, asked.article, asked.words, asked.block, asked.nth)
    draft = Draft(bench.shelf)
    who = bench.clerk().who.partition(" <")[0]
    made = Note("", Quote(""), asked.body.strip(), layer=asked.layer.strip() or "commentary", motivation=asked.motivation,
                by=who, created=dt.date.today().isoformat())  # fmt: skip
    note_id = corrections.annotate(desk, draft, asked.article, (start, end), made)
    bench.session.carry_out("note", note_id, draft, record=asked.article)
    return f"note {note_id} is in {asked.article}.notes.yaml"


def _suggestion(bench: Bench, item: Suggested, asked: Decided) -> str:
    session = bench.session
    if asked.word == "new":
        return _new(bench, item, asked)
    given = verdict(f"{asked.word} {asked.target}", session.shelf)
    items = [other for other in session.waiting if alike(item, other)] if asked.alike and not given.target else [item]
    draft = Draft(session.shelf)
    if given.word in ("accept", "merge", "alias"):
        _except(draft, asked.excepted)
    session.decide(given, items, draft)
    return f"{asked.word} {item.name}" + (f" and {len(items) - 1} more" if len(items) > 1 else "")


def _new(bench: Bench, item: Suggested, asked: Decided) -> str:
    """A record of another name or kind: of a candidate, as corrected; of a record, for the articles that are ticked."""
    session, name = bench.session, " ".join(asked.name.split()) or item.name
    if asked.kind not in bench.kinds:
        raise SiteError(f'"{asked.kind}" is no kind of record', help=f"one of {', '.join(bench.kinds)}")
    if item.row:
        corrected = msgspec.structs.replace(item.row, name=name, kind=asked.kind)
        draft = Draft(session.shelf)
        _except(draft, asked.excepted)
        other = Suggested(item.name, asked.kind, row=corrected, articles=item.articles)
        session.waiting = [other if waiting is item else waiting for waiting in session.waiting]
        session.decide(Verdict("accept"), [other], draft)
        return f"accept {name}"
    new = corrections.free_id(session.shelf, asked.kind, name)
    articles = list(dict.fromkeys(one.article for one in asked.chosen))
    plan = transactions.split(session.shelf, item.record, new, name, bench.kinds, within=articles)
    draft = Draft(session.shelf, {change.path: change.after for change in plan.changes})
    session.carry_out("split", name, draft, kind=asked.kind, record=item.record, target=new)
    return f"{new} is a new record"


def _ambiguity(bench: Bench, item: Undecided, asked: Decided) -> str:
    if asked.word != "here" or asked.target not in (*item.records, NONE):
        raise SiteError("say which record is meant", help=f"one of {', '.join(item.records)}, or none")
    articles = list(dict.fromkeys(one.article for one in asked.chosen))
    if not set(articles) <= set(item.articles) or not articles:
        raise SiteError("no article is ticked", help="tick those that the decision holds for")
    draft = Draft(bench.shelf)
    for article in articles:
        corrections.settle(draft, article, item.name, asked.target)
    bench.session.carry_out("here", item.name, draft, record=" ".join(articles), target=asked.target)
    for article in articles:
        bench.settled(item.name, article)
    return f"“{item.name}” is {asked.target} in {len(articles)} article{'' if len(articles) == 1 else 's'}"


def _pair(bench: Bench, pair: tuple[str, str], asked: Decided) -> str:
    session = bench.session
    if asked.word == "apart":
        draft = Draft(session.shelf)
        corrections.tell_apart(draft, pair[1], pair[0])
        session.carry_out("apart", pair[1], draft, record=pair[1], target=pair[0])
        return f"{pair[0]} and {pair[1]} are two"
    if asked.word != "merge" or asked.target not in pair:
        raise SiteError("say which record stays", help=f"{pair[0]} or {pair[1]}")
    gone = pair[0] if asked.target == pair[1] else pair[1]
    plan = transactions.merge(session.shelf, gone, asked.target)
    draft = Draft(session.shelf, {change.path: change.after for change in plan.changes})
    subject = session.shelf.record(gone)
    session.carry_out("merge", subject.title, draft, kind=subject.kind, record=gone, target=asked.target)
    return " — ".join([f"{gone} is merged into {asked.target}", *plan.remarks])


def _note(bench: Bench, item: Adrift, asked: Decided) -> str:
    if asked.word == "delete":
        delete_note(bench.session, bench.desk, item)
        return f"note {item.note.id} is deleted"
    count = len(item.result.proposals)
    if asked.word != "accept" or not 1 <= (asked.choice or 1) <= count:
        raise SiteError(f"note {item.note.id} has {count} proposals", help="take one of them, or edit its quotation")
    place_note(bench.session, bench.desk, item, asked.choice or 1)
    return f"note {item.note.id} has its place"


def _except(draft: Draft, excepted: Sequence[Excepted]) -> None:
    """Names in articles that are nobody's: their decision is a line of the article."""
    for one in excepted:
        corrections.settle(draft, one.article, one.name, NONE)


def names(bench: Bench, query: str, most: int = 12) -> list[Mapping[str, Any]]:
    """The records whose names are nearest to what a person typed."""
    from rapidfuzz import fuzz, process, utils

    held = [s for s in bench.shelf.subjects.values() if s.record.status != "rejected" and not s.record.merged_into]
    known = [(name, subject) for subject in held for name in (*names_of(subject.record), subject.id)]
    found = process.extract(
        query, [name for name, _ in known], scorer=fuzz.WRatio, processor=utils.default_process, limit=4 * most
    )
    subjects = dict.fromkeys(known[index][1].id for _, score, index in found if score > 60)
    chosen = [bench.shelf.subjects[doc_id] for doc_id in subjects][:most]
    return [{"record": s.id, "name": s.title, "about": s.record.role or s.record.summary, "kind": s.kind} for s in chosen]
