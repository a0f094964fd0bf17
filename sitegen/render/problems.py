"""What a template did wrong, as an issue: its file and line, the fact, and for which page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from jinja2 import TemplateNotFound, TemplateSyntaxError

from sitegen.errors import Issue, SiteError, Span, did_you_mean
from sitegen.render.layers import Source

_NAME = re.compile(r'no (?:field|item|variable) "([^"]+)"|No (?:filter|test) named \'([^\']+)\'')


class TemplateProblem(SiteError):
    """A template that cannot be read or rendered; its one issue says where, and for which page."""


def problem(
    error: Exception, url: str, toml: str, sources: Sequence[Source], names: set[str], filters: Iterable[str]
) -> TemplateProblem:
    """What went wrong in rendering the page at `url`, with the deepest line of a template that the error passed through.

    toml: the path of the theme's theme.toml, for what is in no template. sources, names: of its templates, by theme and file.
    """
    path, line = _template_line(error, {source.path for source in sources})
    fact, _, help = str(error).partition("\n")
    if isinstance(error, TemplateSyntaxError):
        path, line, fact = error.filename or path, error.lineno, error.message or fact
        unknown = re.match(r"No filter named '(.+)'", fact)
        help = did_you_mean(unknown[1], filters) if unknown else ""
    elif isinstance(error, TemplateNotFound):
        known = {name.partition("/")[2] for name in names} | names
        fact, help = f'no template "{error.name}"', did_you_mean(str(error.name), known)
    elif isinstance(error, RecursionError):
        fact = "the template includes or extends itself without end"
        help = 'to extend the parent theme\'s template of the same name, write {% extends "default/…" %}'
    elif not help:
        fact = f"{type(error).__name__}: {fact}" if fact else type(error).__name__
    issue = Issue("template-error", f"{fact} (rendering {url})", _excerpt(path, line, fact, sources) or Span(path or toml),
                  help or "docs/themes.md lists what a template gets")  # fmt: skip
    return TemplateProblem(issue.message, help=issue.help, issues=[issue])


def _excerpt(path: str, line: int, fact: str, sources: Sequence[Source]) -> Span | None:
    """The line of a template, with the name the fact speaks of marked where it stands there; None for one it has not."""
    lines = next((source.text.splitlines() for source in sources if source.path == path), [])
    if not 0 < line <= len(lines):
        return None
    text = lines[line - 1]
    named = _NAME.search(fact)
    word = (named.group(1) or named.group(2)) if named else text.strip()
    found = re.search(rf"\b{re.escape(word)}\b", text) if named else None
    start = found.start() if found else len(text) - len(text.lstrip())
    return Span(path, line, start + 1, len(word if found else text.strip()) or 1, text)


def _template_line(error: Exception, paths: set[str]) -> tuple[str, int]:
    """The file and line of the deepest template in an error's traceback, or nowhere."""
    found, trace = ("", 0), error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename in paths:
            found = trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next
    return found
