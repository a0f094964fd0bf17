"""The conversion of a run: source texts → articles, and the names in them → suggested records.

A source is never touched. An article that was edited by hand is left alone unless `force` says otherwise.
A file that cannot be converted is an issue, and the others are converted.

Work is done in batches: the records that a batch suggests are written before its articles. A run that breaks
off therefore loses nothing: what it has no article for yet is converted, and suggested from, by the next run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal

import msgspec
from msgspec.structs import replace

from sitegen.convert import collection, language
from sitegen.convert.collection import Articles, Known, shown
from sitegen.convert.decode import Decoded, NotText, decode
from sitegen.convert.emit import Value, front_matter
from sitegen.convert.guard import moved, seal
from sitegen.convert.markdown import to_markdown
from sitegen.convert.related import Titles
from sitegen.convert.slug import slug, unique
from sitegen.convert.structure import Seed, structure
from sitegen.convert.suggestions import Answered, Candidates, Suggest, record_text, suggested
from sitegen.errors import Issue, Severity, SiteError, Span, did_you_mean, in_order
from sitegen.model import candidate
from sitegen.model.ids import ARTICLES, LARGEST_TEXT, SOURCES
from sitegen.model.text import folded

Action = Literal["written", "updated", "unchanged", "moved", "kept", "conflict", "failed"]
_DOUBTFUL = 0.75  # an encoding guessed with less confidence than this is worth a look
_BATCH, _BATCH_BYTES = 100, 8_000_000  # articles, and bytes of their sources, that are held in memory at once


class Options(msgspec.Struct, frozen=True):
    """force: overwrite articles edited by hand. language: where it cannot be told. stop: never suggested.

    day, program: what a new article says of when and by what it was made; nothing where they are empty.
    """

    force: bool = False
    dry_run: bool = False
    language: str = ""
    stop: frozenset[str] = frozenset()
    day: str = ""
    program: str = ""


class Outcome(msgspec.Struct, frozen=True):
    """What became of a source. `article` is None where it has none.

    `source` is a path that can be printed: a name that is not UTF-8 has its bytes as backslash escapes.
    """

    source: Path
    article: Path | None
    action: Action
    issues: tuple[Issue, ...] = ()


class Report(msgspec.Struct, frozen=True):
    """What a run did. `issues` are all of its issues, those of the outcomes too, in order of place.

    waiting: how many more names wait for a decision now.
    """

    outcomes: tuple[Outcome, ...]
    suggestions: tuple[Path, ...]
    issues: tuple[Issue, ...]
    waiting: int = 0


class _Task(msgspec.Struct, frozen=True):
    """A source with its article. `name` is its content path, `sha256` of its bytes; no `action`: to be converted."""

    source: Path
    name: str
    shown: str
    sha256: str = ""
    digest: str = ""
    known: Known | None = None
    action: Action | Literal[""] = ""
    title: str = ""
    size: int = 0
    issues: tuple[Issue, ...] = ()


class _Run(msgspec.Struct):
    """What a run reads and what it gathers on its way."""

    content: Path
    options: Options
    articles: Articles
    answered: Answered
    titles: Titles = msgspec.field(default_factory=lambda: Titles(()))
    suggest: Suggest = suggested
    records: list[Path] = msgspec.field(default_factory=list)
    issues: list[Issue] = msgspec.field(default_factory=list)
    taken: dict[str, set[str]] = msgspec.field(default_factory=dict)
    waiting: dict[str, candidate.Row] = msgspec.field(default_factory=dict)


class _Draft(msgspec.Struct, frozen=True):
    """An article ready to be written, or the outcome of a source that gives none."""

    task: _Task
    path: Path | None = None
    text: str = ""
    outcome: Outcome | None = None
    changed: bool = False
    issues: tuple[Issue, ...] = ()
    named_in: str = ""  # the text to look for names in, "" for none


def convert(
    content: Path,
    sources: Sequence[Path],
    options: Options,
    *,
    started: Callable[[int], None] | None = None,
    progress: Callable[[Outcome], None] | None = None,
    suggest: Suggest = suggested,
) -> Report:
    """Convert sources (files, or folders of .txt files) below content/sources.

    `started` is told once how many sources there are, `progress` of every one as it is done. `suggest` finds the names in
    texts; another may do so in other processes.
    Raises: SiteError where the content folder is none.
    """
    if not content.is_dir():
        raise SiteError(f"{content} is no folder", help="make it, or set `content` in the configuration")
    articles = collection.articles(content)
    files, issues = _sources(content, sources)
    if started:
        started(len(files))
    lost = _lost(content, articles)
    tasks = [_examined(content, file, articles, lost, options) for file in files]
    busy = any(not task.action for task in tasks)
    names = collection.known_names(content) if busy else ()
    waiting = collection.waiting(content) if busy else {}
    run = _Run(content, options, articles, Answered(names), suggest=suggest, waiting=waiting)
    waited = len(waiting)
    run.issues += [*issues, *articles.issues, *_twins(tasks)]
    run.titles = Titles([*articles.titles, *(task.title for task in tasks if task.title)])
    outcomes = []
    for batch in _batches(tasks):
        for outcome in _carry_out(batch, run):
            outcomes.append(outcome)
            if progress:
                progress(outcome)
    run.issues += [issue for outcome in outcomes for issue in outcome.issues]
    return Report(tuple(outcomes), tuple(sorted(run.records)), in_order(run.issues), max(0, len(run.waiting) - waited))


def _batches(tasks: Sequence[_Task]) -> Iterator[list[_Task]]:
    """The tasks in order, as many at a time as may be held in memory."""
    batch: list[_Task] = []
    size = 0
    for task in tasks:
        if batch and (len(batch) == _BATCH or size + task.size > _BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(task)
        size += task.size
    if batch:
        yield batch


def _sources(content: Path, given: Sequence[Path]) -> tuple[list[Path], list[Issue]]:
    """The source files, each once and in order, and what is wrong with the paths given."""
    root = (content / SOURCES).resolve()
    files: set[Path] = set()
    issues = []
    for path in given:
        given_as, real = collection.printable(str(path)), path.resolve()
        if not real.exists() and real != root:
            near = did_you_mean(real.name, [file.name for file in root.rglob("*") if _is_source(file, root)])
            issues.append(Issue("no-source", f"there is no file {given_as}", Span(given_as), near or "check the path"))
        elif not real.is_relative_to(root):
            help = f"put it into {content.name}/{SOURCES}: a text is published from there as it came"
            issues.append(Issue("outside-sources", f"{given_as} is not below {content.name}/{SOURCES}", Span(given_as), help))
        elif real.is_dir():
            files |= {file for file in real.rglob("*") if _is_source(file, root)}
        elif real.is_file():
            files.add(real)
    return sorted(content / SOURCES / file.relative_to(root) for file in files), issues


def _is_source(file: Path, root: Path) -> bool:
    hidden = any(part.startswith(".") for part in file.relative_to(root).parts)
    return file.suffix.lower() == ".txt" and not hidden and file.is_file()


def _lost(content: Path, articles: Articles) -> dict[str, Known]:
    """The articles whose source is gone, by the digest it had."""
    found: dict[str, Known] = {}
    for known in articles.by_source.values():
        if known.sha256 and known.readable and not (content / known.source).is_file():
            found.setdefault(known.sha256, known)
    return found


def _examined(content: Path, file: Path, articles: Articles, lost: dict[str, Known], options: Options) -> _Task:
    """Decide what is to be done with a source. A fault of ours in doing so is that source's issue."""
    name = file.relative_to(content).as_posix()
    task = _Task(file, name, shown(content, file))
    if collection.printable(name) != name:
        message = "the name of the file is not UTF-8"
        return _failed(task, "file-name", message, "rename it: an article could not name it as its source")
    try:
        return _examine(content, task, articles, lost, options)
    except NotText as error:
        return _failed(task, "not-text", str(error), "save it as plain text, or take it out of the folder")
    except OSError as error:
        return _failed(task, "unreadable", f"the file cannot be read: {error.strerror}", "check its permissions")
    except Exception as error:
        return _unforeseen(task, error)


def _examine(content: Path, task: _Task, articles: Articles, lost: dict[str, Known], options: Options) -> _Task:
    """Decide what is to be done with a source, and read the title of one that is to be converted."""
    if (size := task.source.stat().st_size) > LARGEST_TEXT:
        raise NotText(f"the file has {size // 10**6:,} MB; no text of more than {LARGEST_TEXT // 10**6} MB is read")
    data = task.source.read_bytes()
    sha256 = hashlib.sha256(data).hexdigest()
    known = articles.by_source.get(task.name)
    if not known and (known := lost.pop(sha256, None)):
        articles.by_source[task.name] = known
        if not options.force:
            return replace(task, sha256=sha256, known=known, action="moved")
    # The same text with other line ends or a line end more is the same text.
    digest = hashlib.sha256(b"".join(data.split())).hexdigest()
    task = replace(task, sha256=sha256, digest=digest, known=known, size=len(data))
    if known and not options.force:
        if known.sha256 == task.sha256 and known.readable:
            return replace(task, action="unchanged" if known.untouched else "kept")
        if not known.readable or not known.sha256:
            return replace(task, action="kept", issues=(_no_digest(content, task, known),) if known.readable else ())
        if not known.untouched:
            article = shown(content, known.path)
            message = f"{article} was edited by hand, and its source {task.shown} has changed since"
            help = (f"take the change over by hand and write sha256: \"{task.sha256}\" under its source:, "
                    "or run `sitegen convert --force` on the source and lose the edit")  # fmt: skip
            return replace(task, action="conflict", issues=(Issue("conflict", message, Span(article), help, Severity.WARNING),))
    return replace(task, title=_titled(structure(decode(data).text), task))


def _no_digest(content: Path, task: _Task, known: Known) -> Issue:
    article = shown(content, known.path)
    message = f"{article} names {task.shown} without the digest of what it was converted from: left as it is"
    help = f"put `sha256: {task.sha256}` back under its `source`, if it agrees with the text as it is now"
    return Issue("article-header", message, Span(article), help, Severity.WARNING)


def _failed(task: _Task, code: str, message: str, help: str) -> _Task:
    return replace(task, action="failed", issues=(Issue(code, message, Span(task.shown), help),))


def _unforeseen(task: _Task, error: Exception) -> _Task:
    said = collection.printable(" ".join(str(error).split())[:200])
    message = f"the file was not converted, by a fault of sitegen: {type(error).__name__}" + (f": {said}" if said else "")
    return _failed(task, "not-converted", message, "report it, with the file if you may; the others are converted")


def _twins(tasks: Sequence[_Task]) -> Iterator[Issue]:
    """Sources that hold the same text."""
    first: dict[str, str] = {}
    for task in tasks:
        if task.digest and task.action != "failed" and (other := first.setdefault(task.digest, task.shown)) != task.shown:
            message = f"{task.shown} holds the same text as {other}"
            yield Issue("same-text", message, Span(task.shown), "delete one of them if it is there by mistake", Severity.WARNING)


def _carry_out(batch: Sequence[_Task], run: _Run) -> Iterator[Outcome]:
    """Convert what is to be converted of a batch, records before articles, and say what became of each source."""
    found = Candidates()
    drafts = [_drafted(task, run) for task in batch]
    named = [(draft.named_in, draft.path.stem) for draft in drafts if draft.named_in and draft.path]
    texts = [text for text, _ in named]
    for (text, stem), names in zip(named, run.suggest(texts), strict=True):
        found.add(run.answered.open(text, names), f"{ARTICLES}/{stem}", text)
    _suggest(run, found)
    for draft in drafts:
        yield draft.outcome or _written(draft, run)


def _drafted(task: _Task, run: _Run) -> _Draft:
    """The article of a source."""
    if task.action:
        outcome = _moved(task, run) if task.action == "moved" else _outcome(task, task.action, task.issues)
        return _Draft(task, outcome=outcome)
    try:
        # Read again: a hundred thousand texts are not kept in memory from one pass to the next.
        data = task.source.read_bytes()
        decoded = decode(data)
        seed = structure(decoded.text)
        text = _article(replace(task, sha256=hashlib.sha256(data).hexdigest()), seed, run.titles, run.options)
        path = task.known.path if task.known else run.content / ARTICLES / f"{_slug(task, run.articles)}.md"
        changed = not (task.known and path.read_bytes() == text.encode("utf-8"))
        # Names in letters that may be the wrong ones are no names.
        named_in = seed.text if (changed or run.options.force) and decoded.confidence >= _DOUBTFUL else ""
        return _Draft(task, path, text, changed=changed, issues=tuple(_remarks(task, decoded, seed)), named_in=named_in)
    except (OSError, NotText) as error:
        return _Draft(task, outcome=_not_written(task, error))
    except Exception as error:
        return _Draft(task, outcome=_outcome(task, "failed", _unforeseen(task, error).issues))


def _written(draft: _Draft, run: _Run) -> Outcome:
    """Put an article in place."""
    task, path = draft.task, draft.path
    try:
        if path and draft.changed and not run.options.dry_run:
            collection.write(run.content, path, draft.text)
    except OSError as error:
        return _not_written(task, error)
    action: Action = "written" if not task.known else "updated" if draft.changed else "unchanged"
    return Outcome(task.source, path, action, draft.issues)


def _moved(task: _Task, run: _Run) -> Outcome:
    """Write the new name of a source into its article, and nothing else."""
    try:
        if task.known and not run.options.dry_run:
            text = task.known.path.read_bytes().decode("utf-8")
            collection.write(run.content, task.known.path, moved(text, task.name, task.known.path.name))
    except (OSError, ValueError) as error:
        return _not_written(task, error)
    return _outcome(task, "moved", task.issues)


def _not_written(task: _Task, error: Exception) -> Outcome:
    failed = _failed(task, "not-written", f"the article cannot be written: {error}", "check space and permissions")
    return Outcome(task.source, None, "failed", failed.issues)


def _outcome(task: _Task, action: Action, issues: tuple[Issue, ...]) -> Outcome:
    source = Path(collection.printable(str(task.source)))
    return Outcome(source, task.known.path if task.known else None, action, issues)


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
    header["source"] = {
        "file": task.name, "sha256": task.sha256, "converted": options.day, "converter": options.program,
    }  # fmt: skip
    return seal(front_matter(header) + to_markdown(seed.blocks))


def _titled(seed: Seed, task: _Task) -> str:
    return seed.title or task.source.stem


def _slug(task: _Task, articles: Articles) -> str:
    made = unique(slug(task.title, fallback=task.source.stem), articles.taken)
    articles.taken.add(made)
    return made


def _remarks(task: _Task, decoded: Decoded, seed: Seed) -> Iterator[Issue]:
    """What a person may want to look at."""
    if decoded.broken:
        what = "1 place" if decoded.broken == 1 else f"{decoded.broken} places"
        message = f"{what} of the file cannot be read as {decoded.encoding}: the text has U+FFFD (\ufffd) there"
        help = "mend the file, or save it as UTF-8 from the program that wrote it"
        yield Issue("encoding", message, Span(task.shown), help, Severity.WARNING)
    if decoded.confidence < _DOUBTFUL:
        message = f"the encoding is not certain: read as {decoded.encoding} (confidence {decoded.confidence:.0%})"
        help = "check letters with accents, or save it as UTF-8; no names were suggested from this text"
        yield Issue("encoding", message, Span(task.shown), help, Severity.WARNING)
    for doubt in seed.doubts:
        span = Span(task.shown, doubt.line, 1, len(doubt.text), doubt.text)
        message = f'"{doubt.text}" can be read as two dates: the article has none'
        yield Issue("ambiguous-date", message, span, "write `date:` into the article, year first", Severity.WARNING)


def _suggest(run: _Run, found: Candidates) -> None:
    """Write a record for each new name. A record that is there is never overwritten."""
    stop = {folded(word) for word in run.options.stop}
    before = dict(run.waiting)
    made = found.new(run.answered, stop, run.waiting)
    for kind, name, values in made:
        path = run.content / kind / f"{_stem(run, kind, name)}.md"
        try:
            if not run.options.dry_run:
                collection.write(run.content, path, record_text(values))
            run.records.append(path)
        except OSError as error:
            message = f"the record cannot be written: {error}"
            run.issues.append(Issue("not-written", message, Span(shown(run.content, path)), "check permissions"))
    run.answered.grow(values for _, _, values in made)
    if run.waiting != before and not run.options.dry_run:
        path = run.content / candidate.CANDIDATES
        try:
            collection.write_bytes(run.content, path, candidate.written(run.waiting.values()))
        except OSError as error:
            message = f"the names that wait for a decision cannot be written: {error}"
            run.issues.append(Issue("not-written", message, Span(shown(run.content, path)), "check permissions"))


def _stem(run: _Run, kind: str, name: str) -> str:
    if kind not in run.taken:
        run.taken[kind] = {path.stem.casefold() for path in (run.content / kind).glob("*.md")}
    stem = unique(slug(name, fallback=kind), run.taken[kind])
    run.taken[kind].add(stem)
    return stem
