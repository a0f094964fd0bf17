"""The conversion of a run: source texts → articles, and the names in them → suggested records.

A source is never touched. An article that was edited by hand is left alone unless `force` says otherwise.
A file that cannot be converted is an issue, and the others are converted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from sitegen.convert import collection, language
from sitegen.convert.collection import Articles, Known, folded, shown
from sitegen.convert.decode import Decoded, NotText, decode
from sitegen.convert.emit import Value, front_matter
from sitegen.convert.guard import seal
from sitegen.convert.markdown import to_markdown
from sitegen.convert.related import Titles
from sitegen.convert.slug import slug, unique
from sitegen.convert.structure import Seed, structure
from sitegen.convert.suggestions import Answered, Candidates, record_text
from sitegen.errors import Issue, Severity, SiteError, Span, in_order
from sitegen.model.ids import ARTICLES, SOURCES

Action = Literal["written", "updated", "unchanged", "kept", "conflict", "failed"]
_DOUBTFUL = 0.75  # an encoding guessed with less confidence than this is worth a look


@dataclass(frozen=True, slots=True)
class Options:
    """force: overwrite articles edited by hand. language: where it cannot be told. stop: never suggested."""

    force: bool = False
    dry_run: bool = False
    language: str = ""
    stop: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a source. `article` is None where it has none."""

    source: Path
    article: Path | None
    action: Action
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did. `issues` are all of its issues, those of the outcomes too, in order of place."""

    outcomes: tuple[Outcome, ...]
    suggestions: tuple[Path, ...]
    issues: tuple[Issue, ...]


@dataclass(frozen=True, slots=True)
class _Task:
    """A source with its article. `name` is its content path, `sha256` of its bytes; no `action`: to be converted."""

    source: Path
    name: str
    shown: str
    sha256: str = ""
    digest: str = ""
    known: Known | None = None
    action: Action | Literal[""] = ""
    title: str = ""
    issues: tuple[Issue, ...] = ()


def convert(
    content: Path, sources: Sequence[Path], options: Options, *, progress: Callable[[Outcome], None] | None = None
) -> Report:
    """Convert sources (files, or folders of .txt files) below content/sources.

    Raises: SiteError where the content folder is none.
    """
    if not content.is_dir():
        raise SiteError(f"{content} is no folder", help="make it, or set `content` in the configuration")
    articles = collection.articles(content)
    files, issues = _sources(content, sources)
    tasks = [_examine(content, file, articles, options) for file in files]
    issues += [*articles.issues, *_twins(tasks)]
    titles = Titles([*articles.titles, *(task.title for task in tasks if task.title)])
    found = Candidates()
    answered = Answered(collection.known_names(content) if any(not task.action for task in tasks) else ())
    outcomes = []
    for task in tasks:
        outcome = _carry_out(content, task, titles, articles, found, answered, options)
        outcomes.append(outcome)
        if progress:
            progress(outcome)
    records, failures = _suggest(content, found, answered, options)
    issues += [*failures, *(issue for outcome in outcomes for issue in outcome.issues)]
    return Report(tuple(outcomes), tuple(records), in_order(issues))


def _sources(content: Path, given: Sequence[Path]) -> tuple[list[Path], list[Issue]]:
    """The source files, each once and in order, and what is wrong with the paths given."""
    root = (content / SOURCES).resolve()
    files: set[Path] = set()
    issues = []
    for path in given:
        given_as, real = str(path), path.resolve()
        if not real.is_relative_to(root):
            help = f"put it into {content.name}/{SOURCES}: a text is published from there as it came"
            issues.append(Issue("outside-sources", f"{given_as} is not below {content.name}/{SOURCES}", Span(given_as), help))
        elif real.is_dir():
            files |= {file for file in real.rglob("*") if _is_source(file, root)}
        elif real.is_file():
            files.add(real)
        elif real != root:
            issues.append(Issue("no-source", f"there is no file {given_as}", Span(given_as), "check the path"))
    return sorted(content / SOURCES / file.relative_to(root) for file in files), issues


def _is_source(file: Path, root: Path) -> bool:
    hidden = any(part.startswith(".") for part in file.relative_to(root).parts)
    return file.suffix.lower() == ".txt" and not hidden and file.is_file()


def _examine(content: Path, file: Path, articles: Articles, options: Options) -> _Task:
    """Decide what is to be done with a source, and read the title of one that is to be converted."""
    task = _Task(file, file.relative_to(content).as_posix(), shown(content, file))
    try:
        data = file.read_bytes()
    except OSError as error:
        return _failed(task, "unreadable", f"the file cannot be read: {error.strerror}", "check its permissions")
    known = articles.by_source.get(task.name)
    # The same text with other line ends or a line end more is the same text.
    digest = hashlib.sha256(b"".join(data.split())).hexdigest()
    task = replace(task, sha256=hashlib.sha256(data).hexdigest(), digest=digest, known=known)
    if known and not options.force:
        if known.sha256 == task.sha256:
            return replace(task, action="unchanged" if known.untouched else "kept")
        if not known.untouched:
            article = shown(content, known.path)
            message = f"{article} was edited by hand, and its source {task.shown} has changed since"
            help = "take the change over by hand, or run `sitegen convert --force` on the source and lose the edit"
            return replace(task, action="conflict", issues=(Issue("conflict", message, Span(article), help, Severity.WARNING),))
    try:
        return replace(task, title=_titled(structure(decode(data).text), task))
    except NotText as error:
        return _failed(task, "not-text", str(error), "save it as plain text, or take it out of the folder")


def _failed(task: _Task, code: str, message: str, help: str) -> _Task:
    return replace(task, action="failed", issues=(Issue(code, message, Span(task.shown), help),))


def _twins(tasks: Sequence[_Task]) -> Iterator[Issue]:
    """Sources that hold the same text."""
    first: dict[str, str] = {}
    for task in tasks:
        if task.digest and task.action != "failed" and (other := first.setdefault(task.digest, task.shown)) != task.shown:
            message = f"{task.shown} holds the same text as {other}"
            yield Issue("same-text", message, Span(task.shown), "delete one of them if it is there by mistake", Severity.WARNING)


def _carry_out(
    content: Path, task: _Task, titles: Titles, articles: Articles, found: Candidates, answered: Answered, options: Options
) -> Outcome:
    """Convert a source that is to be converted, and say what became of it."""
    if task.action:
        return Outcome(task.source, task.known.path if task.known else None, task.action, task.issues)
    try:
        # Read again: a hundred thousand texts are not kept in memory from one pass to the next.
        data = task.source.read_bytes()
        decoded = decode(data)
        seed = structure(decoded.text)
        text = _article(replace(task, sha256=hashlib.sha256(data).hexdigest()), seed, titles, options)
        path = task.known.path if task.known else content / ARTICLES / f"{_slug(task, articles)}.md"
        changed = not (task.known and path.read_bytes() == text.encode("utf-8"))
        if changed and not options.dry_run:
            collection.write(path, text)
    except (OSError, NotText) as error:
        failed = _failed(task, "not-written", f"the article cannot be written: {error}", "check space and permissions")
        return Outcome(task.source, None, "failed", failed.issues)
    if changed:
        from sitegen.annotate.suggest import suggest

        found.add(answered.open(seed.text, suggest(seed.text)))
    action: Action = "written" if not task.known else "updated" if changed else "unchanged"
    return Outcome(task.source, path, action, tuple(_remarks(task, decoded, seed)))


def _article(task: _Task, seed: Seed, titles: Titles, options: Options) -> str:
    """The file of an article. Its language is told by what it says, or by its title where it says nothing."""
    header: dict[str, Value] = {"title": _titled(seed, task)}
    if seed.date:
        header["date"] = seed.date
    if seed.updated:
        header["updated"] = seed.updated
    header["byline"] = seed.byline
    header["dateline"] = seed.dateline
    header["lang"] = language.detect(f"{seed.title}\n{seed.text}", default=options.language)
    header["related"] = [titles.nearest(title) for title in seed.related]
    header["source"] = {"file": task.name, "sha256": task.sha256}
    return seal(front_matter(header) + to_markdown(seed.blocks))


def _titled(seed: Seed, task: _Task) -> str:
    return seed.title or task.source.stem


def _slug(task: _Task, articles: Articles) -> str:
    made = unique(slug(task.title, fallback=task.source.stem), articles.taken)
    articles.taken.add(made)
    return made


def _remarks(task: _Task, decoded: Decoded, seed: Seed) -> Iterator[Issue]:
    """What a person may want to look at."""
    if decoded.confidence < _DOUBTFUL:
        message = f"the encoding is not certain: read as {decoded.encoding} (confidence {decoded.confidence:.0%})"
        yield Issue("encoding", message, Span(task.shown), "check letters with accents, or save it as UTF-8", Severity.WARNING)
    for doubt in seed.doubts:
        span = Span(task.shown, doubt.line, 1, len(doubt.text), doubt.text)
        message = f'"{doubt.text}" can be read as two dates: the article has none'
        yield Issue("ambiguous-date", message, span, "write `date:` into the article, year first", Severity.WARNING)


def _suggest(content: Path, found: Candidates, answered: Answered, options: Options) -> tuple[list[Path], list[Issue]]:
    """Write a record for each new name. A record that is there is never overwritten."""
    written: list[Path] = []
    issues: list[Issue] = []
    stop = {folded(word) for word in options.stop}
    taken: dict[str, set[str]] = {}
    for kind, name, values in found.new(answered.folded, stop):
        if kind not in taken:
            taken[kind] = {path.stem.casefold() for path in (content / kind).glob("*.md")}
        stem = unique(slug(name, fallback=kind), taken[kind])
        taken[kind].add(stem)
        path = content / kind / f"{stem}.md"
        try:
            if not options.dry_run:
                collection.write(path, record_text(values))
            written.append(path)
        except OSError as error:
            message = f"the record cannot be written: {error}"
            issues.append(Issue("not-written", message, Span(shown(content, path)), "check permissions"))
    return written, issues
