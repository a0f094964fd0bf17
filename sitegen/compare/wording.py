"""What both the comment and the terminal say of a comparison, in words."""

from __future__ import annotations

from sitegen.compare.snapshot import Page
from sitegen.compare.values import Changed, Comparison

_UNITS = ("bytes", "KB", "MB", "GB")
_KINDS = {"article": "article", "record": "record", "page": "page", "list": "list"}


def plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 'es' if noun.endswith('ss') else 's'}"


def size(count: int) -> str:
    """Bytes as people say them, in thousands."""
    amount, unit = float(abs(count)), 0
    while amount >= 1000 and unit < len(_UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    said = f"{amount:.0f} {_UNITS[unit]}" if unit == 0 else f"{amount:.1f} {_UNITS[unit]}"
    return ("−" if count < 0 else "") + ("1 byte" if said == "1 bytes" else said)


def more(count: int) -> str:
    """A difference: +3, −3, or a sign for none."""
    return f"+{count:,}" if count > 0 else f"−{-count:,}" if count else "·"


def more_bytes(count: int) -> str:
    return "+" + size(count) if count > 0 else size(count) if count else "·"


def kind(page: Page) -> str:
    """What a page is, for people; a record by its kind of record."""
    return page.id.partition("/")[0] if page.kind == "record" else _KINDS.get(page.kind, "")


def summary(found: Comparison) -> str:
    """The whole in a sentence or two."""
    pages = [
        f"{len(some):,} {word}" for some, word in
        ((found.added, "added"), (found.changed, "changed"), (found.moved, "moved"), (found.withdrawn, "withdrawn"))
        if some
    ]  # fmt: skip
    parts = [f"pages: {', '.join(pages)}"] if pages else []
    totals = found.totals
    mentions = [f"{totals[sort]:,} {sort}" for sort in ("gained", "lost") if totals[sort]]
    mentions += [f"{totals['given']:,} passed to another record"] if totals["given"] else []
    mentions += [f"{totals['reworded']:,} reworded"] if totals["reworded"] else []
    parts += [f"mentions: {', '.join(mentions)}"] if mentions else []
    parts += [f"{plural(len(found.lost), 'address')} lost"] if found.lost else []
    if not parts:
        return "Readers would see nothing change." if found.is_empty else "No document changes."
    said = "; ".join(parts)
    return said[0].upper() + said[1:] + "."


def what_changed(changed: Changed) -> str:
    """The parts of a document that differ; of its text how much longer or shorter it is."""
    before, after = changed.before, changed.after
    parts = []
    for name in changed.what:
        grown = after.words - before.words
        parts.append(f"{name} ({more(grown)} {'word' if abs(grown) == 1 else 'words'})" if name == "text" and grown else name)
    return ", ".join(parts)


def elsewhere(found: Comparison) -> str:
    """How many other pages show the change."""
    counts = [plural(count, _KINDS[kind]) for kind, count in sorted(found.elsewhere.items()) if kind in _KINDS]
    return f"{', '.join(counts)} beside these show something of it, or links to it." if counts else ""


def strangers(found: Comparison) -> str:
    """Whether more than the collection differs."""
    before, after = found.before, found.after
    differ = [
        name for name, was, now in (("program", before.program, after.program), ("theme", before.theme, after.theme))
        if was and was != now
    ]  # fmt: skip
    return f"The {' and the '.join(differ)} differ too: that alone may change every page." if differ else ""


def hidden(found: Comparison) -> str:
    """What is not told."""
    parts = [plural(found.hidden_pages, "page")] if found.hidden_pages else []
    parts += [plural(found.hidden_mentions, "mention")] if found.hidden_mentions else []
    return f"Not told of, since it is kept private now: {', '.join(parts)}." if parts else ""
