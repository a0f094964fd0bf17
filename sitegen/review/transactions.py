"""Merge, rename and split records: what each does to every file, made up as a plan before anything is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

import msgspec

from sitegen.errors import SiteError, did_you_mean
from sitegen.model import frontmatter
from sitegen.model.entity import Record, Subject
from sitegen.model.ids import ARTICLES, kind_of, url_of
from sitegen.model.text import canonical
from sitegen.review import edit
from sitegen.review.files import Change
from sitegen.review.links import Move, rewritten, rewritten_notes
from sitegen.review.shelf import Draft, Shelf, names_of
from sitegen.review.touched import Touched, before, touched

_ID = re.compile(r"[a-z0-9][a-z0-9-]*(?:/[^/\s#%?\"<>|\\*.][^/#%?\"<>|\\*\n]*)+\Z")


class Plan(msgspec.Struct, frozen=True):
    """What is to be done: the files it edits, the texts whose mentions it touches, and what a person should know first."""

    what: str
    changes: tuple[Change, ...]
    touched: tuple[Touched, ...]
    remarks: tuple[str, ...] = ()


class _Desk(msgspec.Struct):
    """A draft with the remarks on it."""

    draft: Draft
    remarks: list[str] = msgspec.field(default_factory=list)

    @property
    def shelf(self) -> Shelf:
        return self.draft.shelf

    def edit(self, path: str, change: Callable[[str, str], str]) -> None:
        """Change a file's text; `change` is given the text and its name for errors."""
        text = self.draft.text(path)
        made = change(text, f"{self.shelf.content.name}/{path}")
        if made != text:
            self.draft.write(path, made)

    def plan(self, what: str) -> Plan:
        return Plan(what, self.draft.changes, tuple(touched(self.draft)), tuple(self.remarks))


def merge(shelf: Shelf, old: str, new: str, *, rewrite: bool = False) -> Plan:
    """Merge one record into another: it keeps its file and leads there, and its names become the other's.

    rewrite: links and `links:` that name the old record name the new one afterwards; they work without.
    Raises: SiteError where that would make no sense.
    """
    desk = _Desk(Draft(shelf))
    gone, stays = shelf.record(old), shelf.record(new)
    _mergeable(shelf, gone, stays)
    if gone.kind != stays.kind:
        desk.remarks.append(f"{old} is one of {gone.kind}, and {new} one of {stays.kind}")
    absorb(desk.draft, gone, stays)
    _remark_on_loss(desk, gone, stays)
    if rewrite:
        _follow(desk, Move(old, new, gone.url, stays.url, bare=len(shelf.stems.get(_stem(old), ())) == 1))
    return desk.plan(f"merge of {old} into {new}")


def absorb(draft: Draft, gone: Subject, stays: Subject) -> None:
    """Give a record's names to another, and let it lead there."""
    path = f"{gone.id}.md"
    where = f"{draft.shelf.content.name}/{path}"
    text = edit.put(draft.text(path), where, ("merged_into",), stays.id)
    if gone.record.status == "rejected":  # a "no" leads nowhere
        text = edit.put(text, where, ("status",), "reviewed")
    draft.write(path, text)
    give(draft, stays, gone.record.names)


def give(draft: Draft, to: Subject, names: Collection[str]) -> None:
    """Add names to a record, those it has left out."""
    path = f"{to.id}.md"
    text = draft.text(path)
    has = {canonical(name) for name in names_of(to.record)}
    for name in names:
        if canonical(name) not in has:
            has.add(canonical(name))
            text = edit.add(text, f"{draft.shelf.content.name}/{path}", "aliases", name)
    draft.write(path, text)


def rename(shelf: Shelf, old: str, new: str, kinds: Collection[str]) -> Plan:
    """Give a record another id: its file moves, every link follows, and a stub at the old id keeps its address alive.

    Raises: SiteError where the new id cannot be one, or is taken.
    """
    desk = _Desk(Draft(shelf))
    subject = shelf.record(old)
    if subject.record.merged_into:
        raise SiteError(f"{old} is merged into {subject.record.merged_into}", help="rename that one")
    _free(shelf, new, kinds, stub_of=old)
    new_url = url_of(new, subject.record.slug)
    move = Move(old, new, subject.url, new_url, bare=len(shelf.stems.get(_stem(old), ())) == 1)
    body = rewritten(desk.draft.text(f"{old}.md"), f"{old}.md", move, f"{new}.md")
    desk.draft.write(f"{new}.md", body.text)
    # Where the record names its own address, it takes it along; only one of another kind leaves an address behind.
    slug = subject.record.slug if kind_of(old) != kind_of(new) else ""
    stub = {"name": subject.record.name, "merged_into": new} | ({"slug": slug} if slug else {})
    desk.draft.write(f"{old}.md", "---\n" + "".join(f"{key}: {edit.written(value)}\n" for key, value in stub.items()) + "---\n")
    notes = f"{old}.notes.yaml"
    if notes in shelf.paths:
        desk.draft.write(f"{new}.notes.yaml", desk.draft.text(notes))
        desk.draft.write(notes, None)
    _follow(desk, move)
    return desk.plan(f"renaming of {old} to {new}")


def split(
    shelf: Shelf, old: str, new: str, name: str, kinds: Collection[str], *, take: Sequence[str] = (), within: Sequence[str] = ()
) -> Plan:
    """Make a second record of one that stands for two things.

    take: aliases that go to the new one. within: ids of articles in which the names of the old one mean the new one.
    Raises: SiteError where the new id cannot be one, a name is not the old record's, or an article is not there.
    """
    desk = _Desk(Draft(shelf))
    subject = shelf.record(old)
    _free(shelf, new, kinds)
    texts = [aliases.text for aliases in subject.record.aliases]
    for wanted in take:
        if wanted not in texts:
            known = did_you_mean(wanted, texts) or f"it has {', '.join(texts) or 'no aliases'}"
            raise SiteError(f'"{wanted}" is no alias of {old}', help=known)
    taken = [text for text in texts if text in take or text == name]
    desk.edit(f"{old}.md", lambda text, where: _without(text, where, taken))
    desk.edit(f"{old}.md", lambda text, where: edit.add(text, where, "not_same_as", new))
    kept = [written for text in taken if text != name for written in [_alias(subject.record, text)]]
    lines = [f"name: {edit.written(name)}"]
    lines += [f"aliases: [{', '.join(map(edit.written, kept))}]"] if kept else []
    desk.draft.write(f"{new}.md", "---\n" + "\n".join(lines) + f"\nstatus: reviewed\nnot_same_as: [{old}]\n---\n")
    view = before(shelf)
    for article in within:
        path = f"{article if '/' in article else f'{ARTICLES}/{article}'}.md"
        if path not in shelf.paths or kind_of(path) != ARTICLES:
            known = did_you_mean(path.removesuffix(".md"), [text.removesuffix(".md") for text in shelf.texts()])
            raise SiteError(f'there is no article "{article}"', help=known or 'an id is folder and file name: "articles/voyage"')
        _decide(desk, path, view.names_for(path, desk.draft.text(path), old), new)
    return desk.plan(f"split of {old} into {old} and {new}")


def _mergeable(shelf: Shelf, gone: Subject, stays: Subject) -> None:
    old, new = gone.id, stays.id
    if old == new:
        raise SiteError(f"{old} cannot be merged into itself", help="name two records")
    if stays.record.merged_into:
        raise SiteError(f"{new} is merged into {stays.record.merged_into}", help="merge into that one")
    if gone.record.merged_into:
        raise SiteError(f"{old} is merged into {gone.record.merged_into} already", help="take its merged_into out first")
    if stays.record.status == "rejected":
        raise SiteError(f"{new} is rejected: nothing leads there", help="give it `status: reviewed` first")
    if old in stays.record.not_same_as or new in gone.record.not_same_as:
        raise SiteError(f"{old} and {new} are not the same, says not_same_as", help="take that out first")


def _remark_on_loss(desk: _Desk, gone: Subject, stays: Subject) -> None:
    if gone.noted:
        desk.remarks.append(f"{gone.id} has a note of its own, which stays in its file and is no longer shown")
    for key in ("location", "ids", "summary", "role", "begin", "end"):
        if getattr(gone.record, key) and not getattr(stays.record, key):
            desk.remarks.append(f"{gone.id} has `{key}`, and {stays.id} has none: carry it over by hand, if it is right")
    names = {canonical(name) for name in stays.record.names}
    for doc_id, subject in sorted(desk.shelf.authority.records.items()):
        shared = [name for name in gone.record.names if canonical(name) in set(map(canonical, subject.record.names)) - names]
        if doc_id not in (gone.id, stays.id) and shared:
            desk.remarks.append(f'"{shared[0]}" is a name of {doc_id} too')


def _free(shelf: Shelf, doc_id: str, kinds: Collection[str], stub_of: str = "") -> None:
    """Refuse an id that cannot be one or is taken; but a stub without a text that leads to `stub_of` makes way for it."""
    kind = kind_of(doc_id)
    if not _ID.match(doc_id) or kind not in kinds:
        known = f"an id is a kind and a file name, such as {next(iter(kinds))}/{_stem(doc_id) or 'name'}"
        raise SiteError(f'"{doc_id}" cannot be the id of a record', help=did_you_mean(kind, list(kinds)) or known)
    taken = next((other for other in shelf.subjects if other.casefold() == doc_id.casefold()), None)
    if taken is None and shelf.data(f"{doc_id}.md") is None:
        return
    held = shelf.subjects.get(doc_id)
    if held and stub_of and held.record.merged_into == stub_of and not held.noted:
        return
    raise SiteError(f'there is a record "{taken or doc_id}" already', help="choose another id, or merge the two")


def _follow(desk: _Desk, move: Move) -> None:
    """Let every link, `links:`, `merged_into` and `not_same_as` follow a record."""
    for path in desk.shelf.paths:
        if path in (f"{move.new}.md", f"{move.old}.md"):
            continue
        data = desk.draft.data(path)
        if data is None or (move.stem.encode() not in data.lower() and move.stem.encode() not in data):
            continue
        try:
            text = data.decode()
        except UnicodeDecodeError:
            desk.remarks.append(f"{path} is not UTF-8: its links are left as they are, and lead on")
            continue
        if path.endswith(".notes.yaml"):
            made = rewritten_notes(text, path, move)
        else:
            header = _header_follows(text, f"{desk.shelf.content.name}/{path}", move)
            made = rewritten(header, path, move)
        if made.left:
            desk.remarks.append(f"{path}: {made.left} of its links cannot be rewritten; they are left as they are, and lead on")
        if made.text != text:
            desk.draft.write(path, made.text)


def _header_follows(text: str, where: str, move: Move) -> str:
    matter = frontmatter.read(edit.plain(text), where)
    if matter.issues:
        return text
    links = matter.values.get("links")
    for name, target in links.items() if isinstance(links, dict) else ():
        if target == move.old:
            text = edit.put(text, where, ("links", name), move.new)
    if matter.values.get("merged_into") == move.old:
        text = edit.put(text, where, ("merged_into",), move.new)
    others = matter.values.get("not_same_as")
    if others == move.old:
        return edit.put(text, where, ("not_same_as",), move.new)
    if isinstance(others, list) and move.old in others:
        at = others.index(move.old)
        return edit.drop(text, where, ("not_same_as", at)) if move.new in others else edit.put(
            text, where, ("not_same_as", at), move.new)  # fmt: skip
    return text


def _without(text: str, where: str, names: Collection[str]) -> str:
    """A record's file without some of its aliases."""
    for name in names:
        aliases = edit.values(text, where).get("aliases")
        items = aliases if isinstance(aliases, list) else [aliases]
        at = next((i for i, item in enumerate(items) if (item.get("text") if isinstance(item, dict) else item) == name), None)
        if at is not None:
            text = edit.drop(text, where, ("aliases", at) if isinstance(aliases, list) else ("aliases",))
    return text


def _alias(record: Record, text: str) -> edit.Value:
    held = next(alias for alias in record.aliases if alias.text == text)
    return text if held.auto else {"text": text, "auto": False}


def _decide(desk: _Desk, path: str, names: Sequence[str], new: str) -> None:
    """Let the names that an article uses for the old record mean the new one."""
    if not names:
        desk.remarks.append(f"{path.removesuffix('.md')} does not name the record: it is left as it is")
    for name in names:
        desk.edit(path, lambda text, where, name=name: edit.put(text, where, ("links", name), new))  # type: ignore[misc]


def _stem(doc_id: str) -> str:
    return doc_id.rpartition("/")[2]
