"""What /_review is told of its items, as JSON: an item whole, with every passage, or its line in a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sitegen.model.entity import Subject
from sitegen.model.ids import kind_of
from sitegen.review.decide import Suggested, alike
from sitegen.review.doubts import Adrift, Undecided
from sitegen.review.evidence import Passage, passages
from sitegen.review.shelf import names_of
from sitegen.serve.bench import LISTS, SUGGESTIONS, Bench, Item, key_of

_SHOWN = 200  # lines of a list
_AROUND = 90


def overview(bench: Bench, name: str) -> dict[str, Any]:
    """A list with its first lines, how many each list has, and what can be taken back."""
    items = bench.items(name)
    done = bench.session.done
    last = done[-1] if done else None
    return {
        "list": name,
        "counts": {other: len(bench.items(other)) for other in LISTS},
        "items": [_line(item) for item in items[:_SHOWN]],
        "more": max(0, len(items) - _SHOWN),
        "undo": f"{last.word} {last.items[0].name if last.items else last.name}" if last else "",
    }


def whole(bench: Bench, item: Item) -> dict[str, Any]:
    """An item with all that a person decides it by."""
    shown = _line(item) | {"seen": bench.look(item)}
    if isinstance(item, Suggested):
        names = names_of(bench.shelf.subjects[item.record].record) if item.record in bench.shelf.subjects else ()
        names = names or (item.name, *(item.row.aliases if item.row else ()))
        same = [other for other in bench.items(SUGGESTIONS) if isinstance(other, Suggested) and alike(item, other)]
        return shown | {
            "aliases": list(names[1:]),
            "groups": _groups(bench, passages(bench.shelf, item.articles, names)),
            "alike": len(same),
            "kinds": bench.kinds,
        }
    if isinstance(item, Undecided):
        return shown | {
            "choices": [_record(bench, record) for record in item.records],
            "groups": _groups(bench, passages(bench.shelf, item.articles, [item.name])),
        }
    if isinstance(item, Adrift):
        return shown | {
            "body": item.note.body,
            "why": item.result.why,
            "quote": item.note.quote.exact,
            "proposals": [_around(item.text, *place) for place in item.result.proposals],
        }
    return shown | {"choices": [_record(bench, one.id) for one in item]}


def _line(item: Item) -> dict[str, Any]:
    if isinstance(item, Suggested):
        said = {"title": item.name, "kind": item.kind, "record": item.record, "articles": len(item.articles)}
    elif isinstance(item, Undecided):
        said = {"title": item.name, "kind": kind_of(item.records[0]), "record": "", "articles": len(item.articles)}
    elif isinstance(item, Adrift):
        said = {"title": item.note.id, "kind": str(item.result.state), "record": item.article, "articles": 1}
    else:
        said = {"title": f"{item[0].title} / {item[1].title}", "kind": item[0].kind, "record": "", "articles": 0}
    return said | {"key": key_of(item)}


def _groups(bench: Bench, found: Sequence[Passage]) -> list[dict[str, Any]]:
    """Passages by article and spelling, as decisions are made on these: "not this one" is a line of the article."""
    groups: dict[tuple[str, str], list[Passage]] = {}
    for passage in found:
        groups.setdefault((passage.article, passage.name), []).append(passage)
    below = bench.config.content.relative_to(bench.config.root).as_posix()
    return [
        {
            "article": article,
            "name": name,
            "path": f"{below}/{article}.md",
            "seen": bench.seen(f"{article}.md"),
            "passages": [{"line": p.line, "before": p.before, "name": p.name, "after": p.after} for p in some],
        }
        for (article, name), some in groups.items()
    ]


def _record(bench: Bench, record: str) -> dict[str, Any]:
    subject: Subject | None = bench.shelf.subjects.get(record)
    if subject is None:
        return {"record": record, "name": record, "summary": "", "aliases": [], "url": ""}
    about = subject.record.summary or subject.record.role
    aliases = [alias.text for alias in subject.record.aliases]
    return {"record": record, "name": subject.title, "summary": about, "aliases": aliases, "url": subject.url,
            "status": subject.record.status}  # fmt: skip


def _around(text: str, start: int, end: int) -> dict[str, str]:
    return {"before": text[max(0, start - _AROUND) : start], "name": text[start:end], "after": text[end : end + _AROUND]}
