"""`sitegen review`: one decision at a time, in the terminal or from a table."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sitegen.cli.codes import CONTENT, DONE
from sitegen.cli.ground import clerk_of, config_at, in_terminal, patiently, recover
from sitegen.cli.notes import desk_of
from sitegen.cli.terms import below, plural, print_issues
from sitegen.errors import SiteError, readable

if TYPE_CHECKING:
    from sitegen.config import Config
    from sitegen.review.decide import Clerk
    from sitegen.review.doubts import Adrift
    from sitegen.review.notes import Desk
    from sitegen.review.session import Session
    from sitegen.review.shelf import Shelf


@click.command()
@click.option("--apply", "file", type=click.Path(path_type=Path), metavar="FILE", help="Carry out the decisions of a CSV file.")
@click.option("--why", default="", metavar="TEXT", help="A reason, for the log.")
@click.pass_obj
def review(directory: Path, file: Path | None, why: str) -> None:
    """Decide on suggestions, one key each; or carry out those that were filled into a table."""
    from sitegen.review.decide import queue
    from sitegen.review.doubts import adrift
    from sitegen.review.session import Session
    from sitegen.review.shelf import Shelf

    config = config_at(directory)
    recover(config)
    shelf = Shelf(config.content)
    kinds = [kind.id for kind in config.kinds]
    clerk = clerk_of(config, why)
    if file:
        sys.exit(_apply(config, shelf, directory / file, clerk(), kinds))
    if not in_terminal():
        raise SiteError("there is no terminal to ask in", help="fill in content/candidates.csv, and give it to --apply")
    desk = desk_of(config, shelf)
    session = Session(shelf, config.memo, clerk, kinds, queue(shelf))
    if _sit(session, notes := list(adrift(desk))):
        _sit_over_notes(session, desk, notes)
    click.echo(f"{plural(session.decided, 'suggestion')} decided, {len(session.waiting)} not yet.")


def _apply(config: Config, shelf: Shelf, file: Path, clerk: Clerk, kinds: Sequence[str]) -> int:
    """Carry out the decisions of a file, all or none."""
    from sitegen.review.decide import apply
    from sitegen.review.files import commit

    shown = below(config, file.resolve())
    try:
        data = file.read_bytes()
    except OSError as error:
        raise SiteError(f"{shown} cannot be read: {error.strerror}", help="name a copy of content/candidates.csv") from error
    applied = apply(shelf, data, shown, clerk, kinds)
    print_issues(applied.issues, "text")
    if applied.issues:
        click.echo(f"Nothing done: {plural(len(applied.issues), 'decision')} to correct in {shown}.")
        return CONTENT
    patiently(lambda: commit(config.content, config.memo, f"applying of {shown}", applied.draft.changes))
    done = ", ".join(f"{count} {word}" for word, count in sorted(applied.counts.items())) or "nothing decided"
    click.echo(f"{done}; {plural(applied.open, 'name')} still to decide.")
    return DONE


_KEYS = {"a": "accept", "r": "reject", "m": "merge", "l": "alias", "s": "stop"}


def _sit(session: Session, notes: Sequence[Adrift]) -> bool:
    """Ask about one suggestion after the other until none is left, or the person leaves. Whether they go on to the notes."""
    while session.current or session.done:
        _show(session, len(notes))
        key = _key()
        if key == "n" and notes and not session.current:
            return True
        if key in ("q", "") or not (session.current or key == "u"):
            return False
        try:
            _answer(session, key)
        except SiteError as error:
            click.echo(str(error), err=True)
    return bool(notes)


def _key() -> str:
    """The key that a person presses; "q" for Ctrl-C and Ctrl-D."""
    try:
        key = click.getchar()
    except (KeyboardInterrupt, EOFError):
        key = "q"
    click.echo(f"  {key if key.isprintable() else ''}")
    return key


def _show(session: Session, notes: int) -> None:
    """Show what is to be decided next, and the keys. notes: how many wait, too."""
    item = session.current
    if item is None:
        more = f"  n go on to {plural(notes, 'note')} without a place" if notes else ""
        click.echo(f"\nThat was the last.  u undo{more}  q quit", nl=False)
        return
    named = plural(len(item.articles), "article")
    left = f"{len(session.waiting)} to decide"
    click.echo(
        f"\n{click.style(readable(item.name), bold=True)}  {item.kind}, in {named}  {item.record or '(candidate)'}  [{left}]"
    )
    for line in item.details:
        click.echo(readable(f"  {line}"))
    name = readable(item.name)
    for sentence in item.sentences:
        click.echo("  " + readable(sentence).replace(name, click.style(name, underline=True)))
    alike = len(session.alike())
    many = f"  A/R the same for all {alike} alike" if alike > 1 else ""
    click.echo(f"a accept  r reject  m merge  l alias  s stop  k skip  u undo  q quit{many}", nl=False)


def _sit_over_notes(session: Session, desk: Desk, notes: Sequence[Adrift]) -> None:
    """Ask about one note without a place after the other, or until the person leaves."""
    from sitegen.review.doubts import adrift, delete_note, place_note

    at = 0
    while at < len(notes):
        item = notes[at]
        _show_note(item, len(notes) - at)
        key = _key()
        try:
            if key in ("q", ""):
                return
            if key == "k":
                at += 1
            elif key == "u":
                undone = patiently(session.undo)
                click.echo(f"Undone: {undone}." if undone else "There is nothing to undo.")
                notes, at = list(adrift(desk)), 0
            elif key == "d":
                patiently(partial(delete_note, session, desk, item))
                at += 1
            elif key.isascii() and key.isdigit() and 1 <= int(key) <= len(item.result.proposals):
                patiently(partial(place_note, session, desk, item, int(key)))
                at += 1
        except SiteError as error:
            click.echo(str(error), err=True)


def _show_note(item: Adrift, left: int) -> None:
    """Show a note without a place, the places that are proposed, and the keys."""
    click.echo(f"\n{click.style(readable(item.note.id), bold=True)}  in {item.article}: {item.result.why}  [{left} to decide]")
    click.echo(readable(f"  on: {item.note.quote.exact}"))
    for line in item.note.body.splitlines():
        click.echo(readable(f"  {line}"))
    for number, (start, end) in enumerate(item.result.proposals, 1):
        before, after = readable(item.text[max(0, start - 40) : start]), readable(item.text[end : end + 40])
        words = click.style(readable(item.text[start:end]), underline=True)
        click.echo("  " + " ".join(f"{number} {before}{words}{after}".split()))
    places = f"1-{len(item.result.proposals)} this place  " if item.result.proposals else ""
    click.echo(f"{places}d delete  k skip  u undo  q quit", nl=False)


def _answer(session: Session, key: str) -> None:
    """Do what a key asks for."""
    from sitegen.review.decide import verdict

    if key == "k":
        session.skip()
    elif key == "u":
        undone = patiently(session.undo)
        click.echo(f"Undone: {undone}." if undone else "There is nothing to undo.")
    elif key in ("A", "R"):
        patiently(lambda: session.decide(verdict(_KEYS[key.lower()], session.shelf), session.alike()))
    elif key in ("m", "l"):
        _answer_with_record(session, _KEYS[key])
    elif key in _KEYS:
        patiently(lambda: session.decide(verdict(_KEYS[key], session.shelf), session.waiting[:1]))


def _answer_with_record(session: Session, word: str) -> None:
    """Ask which record a decision is about, again where there is none of that name, and carry it out."""
    from sitegen.review.decide import verdict

    item = session.waiting[:1]
    while target := _asked(f"{'merge with' if word == 'merge' else 'alias of'} which record (Enter for none)"):
        try:
            given = verdict(f"{word} {target}", session.shelf)
            patiently(partial(session.decide, given, item))
        except SiteError as error:
            click.echo(str(error), err=True)
            continue
        click.echo(f"{word} {item[0].name}: {given.target}")
        return


def _asked(question: str) -> str:
    """What a person types; "" where they take the key back."""
    try:
        return str(click.prompt(question, default="", show_default=False)).strip()
    except (click.Abort, KeyboardInterrupt):
        click.echo()
        return ""
