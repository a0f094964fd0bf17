"""A comparison for a terminal, and for machines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sitegen.compare import wording
from sitegen.compare.comment import Told
from sitegen.compare.passages import Quoted
from sitegen.compare.safe import plain
from sitegen.compare.snapshot import Page
from sitegen.compare.values import GROUPS, SORTS, Comparison, Named, Passage
from sitegen.compare.wording import more

_SHOWN = 10
_WIDTH = 100


def lines(found: Comparison, told: Told, *, everything: bool) -> Iterator[str]:
    """For a person: of each list the first, or everything that is known of it."""
    most = 0 if everything else _SHOWN
    yield f"Compared with {plain(told.against)}."
    yield from (note for note in (wording.strangers(found), wording.hidden(found)) if note)
    yield wording.summary(found)
    yield from _listed("Errors; as it is, nothing of this would be published:", told.errors, most)
    yield from _listed(
        f"{wording.plural(len(found.lost), 'address')} lost. Write into content/urls.csv, where needed with what is true:",
        told.lines, most,
    )  # fmt: skip
    yield from _listed("Files that would be gone:", ["/" + path for path in found.sizes.lost] if found.sizes else [], most)
    yield from _listed("Pages added:", map(_page, found.added), most)
    yield from _listed("Pages changed:", (f"{_page(one.after)}: {wording.what_changed(one)}" for one in found.changed), most)
    yield from _listed("Pages moved:", (f"{move.url} → {move.to} “{plain(move.title, _WIDTH)}”" for move in found.moved), most)
    yield from _listed("Pages withdrawn:", (f"{_page(page)}: {why}" for page, why in found.withdrawn), most)
    if said := wording.elsewhere(found):
        yield f"\n{said}"
    yield from _listed("Mentions:", (line for named in found.named for line in _named(found, named)), most and most * 3)
    yield from _sizes(found)


def _listed(heading: str, items: Iterable[str], most: int) -> Iterator[str]:
    every = list(items)
    if not every:
        return
    yield f"\n{heading}"
    for item in every[: most or None]:
        yield f"  {plain(item) if not item.startswith('  ') else '  ' + plain(item)}"
    if most and len(every) > most:
        yield f"  … and {len(every) - most:,} more (--all)"


def _page(page: Page) -> str:
    return f"{page.url} “{plain(page.title, _WIDTH)}”" if page.title else page.url


def _named(found: Comparison, named: Named) -> Iterator[str]:
    counts = [f"{more(-named.counts[sort] if sort in ('lost', 'given') else named.counts[sort])} {word}"
              for sort, word in zip(SORTS, ("gained", "lost", "reworded", "from others", "to others"), strict=True)
              if named.counts[sort]]  # fmt: skip
    yield f"{named.record}: {', '.join(counts)} ({named.before:,} before, {named.after:,} now)"
    for sort in ("gained", "lost", "taken", "reworded"):
        for passage in named.passages.get(sort, ()):
            by = f"from {passage.other}" if sort == "taken" else sort
            was = f"{_quoted(passage.was)} → " if passage.was else ""
            yield f"  {by} in {passage.article}: {was}{_quoted(passage.quoted)}"


def _quoted(quoted: Quoted) -> str:
    return f"“{plain(''.join(quoted), _WIDTH * 2)}”"


def _sizes(found: Comparison) -> Iterator[str]:
    if found.sizes is None:
        yield f"\nHow large the site is cannot be told: it could not be built {'here' if found.before.made else 'there'}."
        return
    yield "\nFiles and bytes:"
    for group in GROUPS:
        (had, has), (was, now) = found.sizes.files[group], found.sizes.bytes[group]
        if had or has:
            yield f"  {group:<12}{has:>9,} {more(has - had):>8}  {wording.size(now):>9} {wording.more_bytes(now - was):>10}"
    for file in found.sizes.large:
        yield f"  new: /{plain(file.path)}, {wording.size(file.size)}"


def as_json(found: Comparison, told: Told, *, sound: bool) -> dict[str, Any]:
    """For machines: all that is known, in plain values."""
    return {
        "version": 1, "against": told.against, "sound": sound, "errors": list(told.errors),
        "before": {"day": found.before.day, "program": found.before.program, **found.before.counts},
        "after": {"day": found.after.day, "program": found.after.program, **found.after.counts},
        "pages": {
            "added": [_as_page(page) for page in found.added],
            "changed": [{**_as_page(one.after), "title_before": one.before.title, "what": list(one.what),
                         "words": one.after.words - one.before.words} for one in found.changed],
            "moved": [{"url": move.url, "title": move.title, "to": move.to, "what": list(move.what)} for move in found.moved],
            "withdrawn": [{**_as_page(page), "why": why} for page, why in found.withdrawn],
            "elsewhere": dict(sorted(found.elsewhere.items())),
        },
        "lost": [{"url": lost.url, "title": lost.title, "goes_to": lost.goes_to, "why": lost.why, "row": line}
                 for lost, line in zip(found.lost, told.lines, strict=True)],
        "mentions": [_as_named(named) for named in found.named],
        "sizes": _as_sizes(found),
        "hidden": {"pages": found.hidden_pages, "mentions": found.hidden_mentions},
    }  # fmt: skip


def _as_page(page: Page) -> dict[str, str]:
    return {"url": page.url, "kind": page.kind, "id": page.id, "title": page.title}


def _as_named(named: Named) -> dict[str, Any]:
    return {"record": named.record, "before": named.before, "after": named.after,
            **{sort: named.counts[sort] for sort in SORTS},
            "passages": [_as_passage(sort, passage) for sort in SORTS for passage in named.passages.get(sort, ())]}  # fmt: skip


def _as_passage(sort: str, passage: Passage) -> dict[str, str]:
    found = {"what": sort, "article": passage.article, **_as_quoted("", passage.quoted)}
    found |= _as_quoted("was_", passage.was) if passage.was else {}
    return found | ({"record": passage.other} if passage.other else {})


def _as_quoted(prefix: str, quoted: Quoted) -> dict[str, str]:
    names: Sequence[str] = ("before", "name", "after")
    return {prefix + name: part for name, part in zip(names, quoted, strict=True)}


def _as_sizes(found: Comparison) -> dict[str, Any] | None:
    if found.sizes is None:
        return None
    groups = {group: {"files": list(found.sizes.files[group]), "bytes": list(found.sizes.bytes[group])} for group in GROUPS}
    large = [{"path": file.path, "bytes": file.size} for file in found.sizes.large]
    return {"groups": groups, "lost": found.sizes.lost, "large": large}
