"""Notes from and to W3C Web Annotation JSON-LD, https://www.w3.org/TR/annotation-model/.

Read as Hypothesis and Recogito write it: the quotation says what is meant, the position only which of several places,
and only where the very words stand there. What finds no place is listed, never guessed. A RangeSelector, which names
elements of somebody's HTML, is left alone.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec

from sitegen.annotate.quotes import occurrences, quote_of, whole_words
from sitegen.errors import Issue, SiteError, Span
from sitegen.model.dates import Date
from sitegen.model.mention import Mention
from sitegen.model.notes import MOTIVATIONS, Anchored, Note, Quote, Reply, State
from sitegen.model.text import fold

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
_ID = re.compile(r"[\w.-]{1,40}\Z")
_LISTS = ("items", "annotations", "rows")  # where files keep their annotations: pages, Hypothesis' exports and its search


class Annotation(msgspec.Struct, frozen=True):
    """An annotation as it came. `source` is the address it was made at; `start`, `end`: its position there, or -1.

    note: what it says; its quotation is the one that came along, its id the last part of its own, and its record the
    address of what it identifies.
    """

    source: str
    note: Note
    start: int = -1
    end: int = -1


def read(data: str, path: str) -> tuple[Annotation, ...]:
    """The annotations of a file: one, a list, a page or collection, or an export of Hypothesis. Replies go to what they answer.

    Raises: SiteError where the file is no such JSON.
    """
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise SiteError(f"{path} is not JSON: {error}", help="export the annotations as JSON-LD or JSON") from None
    raw = [item for item in _items(found) if isinstance(item, dict)]
    if not raw:
        raise SiteError(f"{path} holds no annotations", help="it must be Web Annotation JSON-LD, or an export of Hypothesis")
    answers: dict[str, list[Reply]] = {}
    for item in raw:
        if answered := _answered(item):
            body = _bodies(item)[0]
            answers.setdefault(answered, []).append(Reply(body, _creator(item), _created(item)))
    ids = _Ids()
    return tuple(_annotation(item, answers.get(_key(item), []), ids) for item in raw if not _answered(item))


def place(annotations: Iterable[Annotation], text: str, path: str) -> tuple[tuple[Note, ...], tuple[Issue, ...]]:
    """The annotations that anchor in an article's text, as notes quoted from it; an issue for each that does not."""
    bare = _Bare(text)
    notes, issues = [], []
    for annotation in annotations:
        spot, why = bare.find(annotation)
        if spot:
            notes.append(msgspec.structs.replace(annotation.note, quote=quote_of(text, *spot, bare.folded)))
        else:
            said = " ".join(annotation.note.quote.exact.split())
            shown = f'"{said[:60]}{"…" if len(said) > 60 else ""}"' if said else "without a quotation"
            help = "look for the words in the article, and write the note by hand"
            issues.append(Issue("not-anchored", f'annotation "{annotation.note.id}" on {shown}: {why}', Span(path), help))
    return tuple(notes), tuple(issues)


def export(notes: Iterable[Note], results: Iterable[Anchored], mentions: Iterable[Mention], text: str, source: str,
           address: Callable[[str], str]) -> dict[str, Any]:  # fmt: skip
    """The anchored notes and the mentions of an article as an annotation page.

    source: the article's full address. address: the full address of a record's page, "" where it has none.
    """
    at = {found.id: found for found in results if found.state is State.ANCHORED}
    folded = fold(text)
    items = [item for note in notes if note.id in at for item in _exported(note, at[note.id], text, source, folded, address)]
    for mention in mentions:
        target = _target(source, Quote(text[mention.start : mention.end], *_around(text, mention)), mention.start, mention.end)
        body = {"type": "SpecificResource", "purpose": "identifying", "source": address(mention.record)}
        name = f"{source}#mention-{mention.start}-{mention.end}"
        items.append({"id": name, "type": "Annotation", "motivation": "identifying", "body": body, "target": target})
    return {"@context": CONTEXT, "id": f"{source}#annotations", "type": "AnnotationPage", "items": items}


# Reading.


def _items(found: Any) -> Iterator[Any]:
    if isinstance(found, list):
        for item in found:
            yield from _items(item)
    elif isinstance(found, dict):
        inner = next((found[key] for key in _LISTS if isinstance(found.get(key), list)), None)
        inner = found["first"] if inner is None and isinstance(found.get("first"), dict) else inner
        if inner is not None:
            yield from _items(inner)
        elif "target" in found:
            yield found


def _annotation(item: Mapping[str, Any], answers: list[Reply], ids: _Ids) -> Annotation:
    body, tags, replies, about = _bodies(item)
    target: Any = next(iter(_list(item.get("target"))), {})
    target = target if isinstance(target, dict) else {"source": target}
    selectors = {_text(s.get("type")): s for s in _flat(target.get("selector")) if isinstance(s, dict)}
    quoted, position = selectors.get("TextQuoteSelector", {}), selectors.get("TextPositionSelector", {})
    source = target.get("source") or item.get("uri") or ""
    source = source.get("id", "") if isinstance(source, dict) else source
    motivations = [str(word).rpartition("#")[2].rpartition(":")[2] for word in _list(item.get("motivation"))]
    usual = "identifying" if about else "commenting" if body else "tagging" if tags else "highlighting"
    note = Note(
        id=ids.of(_key(item)),
        quote=Quote(_text(quoted.get("exact")), _text(quoted.get("prefix")), _text(quoted.get("suffix"))),
        body=body,
        motivation=next((word for word in motivations if word in MOTIVATIONS), usual),
        tags=tuple(dict.fromkeys(tags)),
        by=_creator(item) or next((_creator(part) for part in _list(item.get("body")) if isinstance(part, dict)), ""),
        created=_created(item),
        replies=tuple(sorted([*replies, *answers], key=lambda reply: reply.created)),
        record=about,
    )
    start, end = position.get("start"), position.get("end")
    if not (isinstance(start, int) and isinstance(end, int)):
        start = end = -1
    return Annotation(str(source), note, start, end)


def _bodies(item: Mapping[str, Any]) -> tuple[str, list[str], list[Reply], str]:
    """What an annotation says, its tags, the answers it carries itself, and the address of what it identifies."""
    said, tags, replies, about = [], [], [], ""
    bodies = [*_list(item.get("body")), *_list(item.get("bodyValue")), *_list(item.get("text"))]
    tags += [tag for tag in _list(item.get("tags")) if isinstance(tag, str) and tag]
    for part in bodies:
        part = {"value": part} if isinstance(part, str) else part if isinstance(part, dict) else {}
        value = _text(part.get("value")).strip() or _link(part)
        purpose = part.get("purpose")
        if not value:
            continue
        if purpose == "identifying" and not about and (address := _link(part)):
            about = address.strip("<>")
        elif purpose == "tagging":
            tags.append(value)
        elif purpose == "replying":
            replies.append(Reply(value, _creator(part), _created(part)))
        else:
            said.append(value)
    return "\n\n".join(said), tags, replies, about


def _link(part: Mapping[str, Any]) -> str:
    """A body that is something on the web, as Markdown."""
    address = part.get("source") or part.get("id") or ""
    return f"<{address}>" if isinstance(address, str) and address.startswith(("http://", "https://")) else ""


def _answered(item: Mapping[str, Any]) -> str:
    """What an annotation is a reply to: the first of Hypothesis' references, or a target that is an annotation."""
    references = [reference for reference in _list(item.get("references")) if isinstance(reference, str)]
    if references:
        return _short(references[0])
    if "replying" in _list(item.get("motivation")):
        target: Any = next(iter(_list(item.get("target"))), "")
        target = target.get("id") or target.get("source") if isinstance(target, dict) else target
        return _short(_text(target))
    return ""


def _key(item: Mapping[str, Any]) -> str:
    return _short(_text(item.get("id")))


def _short(name: str) -> str:
    return re.split(r"[/#:]", name.rstrip("/"))[-1]


def _creator(item: Mapping[str, Any]) -> str:
    who = item.get("creator") or item.get("user") or ""
    if isinstance(who, dict):
        who = who.get("name") or who.get("nickname") or who.get("id") or ""
    return re.sub(r"^acct:|@hypothes\.is$", "", _text(who))


def _created(item: Mapping[str, Any]) -> str:
    """When it was made, to the second; nothing where that is no date."""
    try:
        return Date.parse(re.sub(r"(:\d\d)\.\d+", r"\1", _text(item.get("created")))).iso
    except ValueError:
        return ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _flat(selector: Any) -> Iterator[Any]:
    """Selectors, and those that refine them."""
    for part in _list(selector):
        yield part
        if isinstance(part, dict):
            yield from _flat(part.get("refinedBy"))


class _Ids:
    """Gives each annotation a short id of its own, the same at every import."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def of(self, key: str) -> str:
        made = key if _ID.match(key) else "w-" + hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:10]
        number, name = 1, made
        while name in self.taken:
            number, name = number + 1, f"{made}-{number + 1}"
        self.taken.add(name)
        return name


class _Bare:
    """A text without its white space, which other programs lay out otherwise, and the way back."""

    def __init__(self, text: str) -> None:
        self.text, self.folded = text, fold(text)
        self.at = [i for i, c in enumerate(self.folded) if not c.isspace()]
        self.bare = "".join(self.folded.split())

    def find(self, annotation: Annotation) -> tuple[tuple[int, int] | None, str]:
        """The place of an annotation, or why there is none."""
        quote = annotation.note.quote
        exact, prefix, suffix = ("".join(fold(part).split()) for part in (quote.exact, quote.prefix, quote.suffix))
        if not exact:
            return None, "it has no quotation, and a position alone does not tell the words"
        anywhere = [at for at in occurrences(self.bare, exact) if whole_words(self.folded, *self._span(at, len(exact)), quote)]
        known = [at for at in anywhere if self.bare.endswith(prefix, 0, at) and self.bare.startswith(suffix, at + len(exact))]
        if len(known) == 1:
            return self._span(known[0], len(exact)), ""
        there = [at for at in known or anywhere if self._span(at, len(exact)) == (annotation.start, annotation.end)]
        if there:
            return self._span(there[0], len(exact)), ""
        half = [at for at in anywhere if self._half_known(at, at + len(exact), prefix, suffix)]
        if not known and len(anywhere) == 1 and (half or not prefix + suffix):
            return self._span(anywhere[0], len(exact)), ""
        if not anywhere:
            return None, "the article does not have these words"
        if len(anywhere) == 1:
            return None, "the words stand there in another context"
        return None, f"the words stand there {len(anywhere)} times, and nothing tells which is meant"

    def _half_known(self, start: int, end: int, prefix: str, suffix: str) -> bool:
        least = 10
        before = len(prefix) >= least and self.bare.endswith(prefix, 0, start)
        return before or (len(suffix) >= least and self.bare.startswith(suffix, end))

    def _span(self, at: int, size: int) -> tuple[int, int]:
        return self.at[at], self.at[at + size - 1] + 1


# Writing.


def _exported(
    note: Note, found: Anchored, text: str, source: str, folded: str, address: Callable[[str], str]
) -> Iterator[dict[str, Any]]:
    name = f"{source}#note-{note.id}"
    bodies: list[dict[str, Any]] = []
    if note.body:
        bodies.append({"type": "TextualBody", "value": note.body, "format": "text/markdown"})
    bodies += [{"type": "TextualBody", "purpose": "tagging", "value": tag} for tag in note.tags]
    target = _target(source, quote_of(text, found.start, found.end, folded), found.start, found.end)
    if note.record and (about := address(note.record)):
        bodies.append({"type": "SpecificResource", "purpose": "identifying", "source": about})
    yield _made(name, note.motivation, bodies, target, note.by, note.created)
    for number, reply in enumerate(note.replies, 1):
        body = [{"type": "TextualBody", "value": reply.body, "format": "text/markdown"}]
        yield _made(f"{name}-reply-{number}", "replying", body, name, reply.by, reply.created)


def _made(name: str, motivation: str, bodies: list[dict[str, Any]], target: Any, by: str, created: str) -> dict[str, Any]:
    made = {"id": name, "type": "Annotation", "motivation": motivation, "body": bodies, "target": target}
    if by:
        made["creator"] = {"type": "Person", "name": by}
    if "T" in created:  # the model wants a full time
        made["created"] = Date(created).rfc3339
    return made


def _target(source: str, quote: Quote, start: int, end: int) -> dict[str, Any]:
    quotation = {"type": "TextQuoteSelector", "exact": quote.exact, "prefix": quote.prefix, "suffix": quote.suffix}
    return {"source": source, "selector": [quotation, {"type": "TextPositionSelector", "start": start, "end": end}]}


def _around(text: str, mention: Mention) -> tuple[str, str]:
    return text[max(0, mention.start - 32) : mention.start], text[mention.end : mention.end + 32]
