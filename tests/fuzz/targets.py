"""What is fuzzed: for each target a function of any bytes, which raises where a promise is broken.

Refusals that are promised (`NotText`, `SiteError`, issues) are no finding; every other exception is one.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import msgspec

from sitegen.annotate.jsonl import annotate as annotated
from sitegen.annotate.standoff import from_brat, from_doccano
from sitegen.annotate.suggest import suggest
from sitegen.annotate.webannotation import place, read
from sitegen.convert.decode import NotText, decode
from sitegen.convert.emit import front_matter
from sitegen.convert.markdown import to_markdown
from sitegen.convert.structure import structure
from sitegen.errors import Issue, SiteError
from sitegen.markup.fast import fast
from sitegen.markup.markdown import MarkdownError
from sitegen.markup.markdown import convert as slow
from sitegen.markup.parse import parse
from sitegen.markup.scan import scan
from sitegen.model import frontmatter, plainyaml
from sitegen.model.notes import read_notes


def convert(data: bytes) -> None:
    """A source becomes an article that is read without an error, of a text that is the source's own."""
    try:
        decoded = decode(data)
    except NotText:
        return
    assert not set(decoded.text) & {"\x00", "\r", "\x1b", "\ufeff", "\x7f"}
    seed = structure(decoded.text)
    article = front_matter({"title": seed.title or "t", "byline": seed.byline, "related": list(seed.related)})
    parsed = parse("articles/a.md", (article + to_markdown(seed.blocks)).encode())
    assert not parsed.body, [str(issue) for issue in parsed.body]
    assert seed.title in ("", parsed.document.meta.title)


def header(data: bytes) -> None:
    """Front matter is read or refused with issues, the quick reader as the whole one does."""
    text = data.decode("utf-8", "replace")
    _told(frontmatter.read(text, "a.md").issues)
    yaml = frontmatter.split(text)[0]
    quick = plainyaml.read(yaml) if yaml.strip() else None
    if quick is not None:
        whole = frontmatter._load(yaml, "", 1, "a.md", whole=text)
        assert not whole.issues and (quick[0], plainyaml.places(quick[1], 2)) == (whole.values, whole.places), (quick, whole)


def record(data: bytes) -> None:
    """Any file of any kind is read, or refused with issues."""
    for path in ("people/a.md", "articles/a.md", "pages/a.md"):
        with contextlib.suppress(UnicodeDecodeError):
            parsed = parse(path, data)
            _told((*parsed.header, *parsed.body))


def notes(data: bytes) -> None:
    """A notes file, and annotations of four other programs, are read or refused."""
    text = data.decode("utf-8", "replace")
    _told(read_notes(text, "a.notes.yaml")[1])
    article = "Morse met Field in Paris. Morse left."
    with contextlib.suppress(SiteError):
        _told(place(read(text, "a.json"), article, "a.json")[1])
    with contextlib.suppress(SiteError):
        _told(from_brat(text, article, "a.ann", article)[1])
    with contextlib.suppress(SiteError):
        _told(from_doccano(text, "a.jsonl", article)[1])


def annotate(data: bytes) -> None:
    """Names lie where they are said to; a line is answered or refused."""
    text = data.decode("utf-8", "replace")
    suggest(text)
    for line in annotated([msgspec.json.encode({"id": "a", "text": text})]):
        answer = msgspec.json.decode(line)
        for mention in answer["mentions"]:
            start, end = mention["start"], mention["end"]
            assert 0 <= start < end <= len(text) and text[start:end].strip(), mention
    with contextlib.suppress(SiteError):
        list(annotated([data]))


def markup(data: bytes) -> None:
    """What the fast reader of Markdown takes, it reads as Python-Markdown does."""
    body = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    for raw_html in (False, True):
        found = fast(body, raw_html=raw_html)
        if found is not None:
            html = found.html
            assert found == scan(html), found
            try:
                other = slow(body, raw_html=raw_html)
            except MarkdownError as error:
                raise AssertionError(f"the fast reader takes what is refused: {error}") from error
            assert other == (html, []), other


def _told(issues: tuple[Issue, ...]) -> None:
    for issue in issues:
        assert issue.code and issue.message
        str(issue)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "annotate": annotate,
    "convert": convert,
    "header": header,
    "markup": markup,
    "notes": notes,
    "record": record,
}
