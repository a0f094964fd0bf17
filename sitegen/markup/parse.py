"""A content file's bytes → Document: front matter, HTML, its text, paragraph ids, links into the collection.

A paragraph's id comes from its own words, so it does not move when others do; where words repeat in
a document the ids are numbered.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property
from hashlib import blake2b
from typing import Protocol
from urllib.parse import unquote, urlsplit

import msgspec

from sitegen.errors import Issue, Severity, Span
from sitegen.markup import headers
from sitegen.markup.fast import fast
from sitegen.markup.inline import WIKI
from sitegen.markup.scan import Leaf, Scan, scan
from sitegen.model import frontmatter, ids
from sitegen.model.document import Article, Block, Heading, Page, Reference, Source
from sitegen.model.entity import Record, Subject
from sitegen.model.privacy import blacked_out, blacked_out_values, still_in
from sitegen.model.text import fold

_WORDS = re.compile(r"\w+")
# The same of ASCII: what parts words becomes "\0", but for spaces, and for the ends of lines, which become "|".
_ASCII_WORDS = bytes(
    ord(sign.lower()) if sign.isalnum() or sign in "_ " else ord("|") if sign == "\n" else 0 for sign in map(chr, range(256))
)
_PARTING = "\xa0’‘“”—–…"
_ID = blake2b(digest_size=3)
_HEADING = re.compile(r"(</?h)([1-6])\b")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")


class Document(msgspec.Struct, frozen=True):
    """A file of the content tree with a body, parsed. `path` is relative to the content folder.

    html: the body, not yet linked and without the ids of its paragraphs; scan: what stands where in it. text: the
    text of that HTML, block by block on lines of its own; all offsets are code points into it. anchors: every id
    on the page. quick: whether the fast path read its Markdown. former: ids that its paragraphs had in earlier texts, and
    where in the HTML each goes.
    """

    id: str
    kind: str
    path: str
    url: str
    meta: Article | Record | Page
    html: str
    scan: Scan
    paragraph_ids: tuple[tuple[int, str], ...]
    blocks: tuple[Block, ...]
    headings: tuple[Heading, ...]
    references: tuple[Reference, ...]
    anchors: tuple[str, ...]
    quick: bool
    former: tuple[tuple[int, str], ...] = ()

    @property
    def text(self) -> str:
        return self.scan.text

    @property
    def closed(self) -> list[tuple[int, int]]:
        return self.scan.closed


class Parsed(msgspec.Struct, frozen=True):
    """A document, and what is wrong with its front matter and with its body."""

    document: Document
    header: tuple[Issue, ...]
    body: tuple[Issue, ...]


def parse(path: str, data: bytes, *, raw_html: bool = False) -> Parsed:
    """Parse the file at `path` (relative to the content folder).

    Raises: UnicodeDecodeError where its bytes are no UTF-8 text.
    """
    header, meta = _headed(path, data)
    text, matter, doc_id = header.whole, header.matter, path.removesuffix(".md")
    passages = meta.redact if isinstance(meta, Article | Page) else ()
    found, unsafe, problem, quick = _scanned(blacked_out(matter.body, passages), raw_html)
    html = found.html
    finder = _Finder(path, text, matter.body_line)
    references = references_of(found, path.rpartition("/")[0], doc_id, finder)
    issues = [_unsafe_link(address, finder) for address in unsafe]
    if problem:
        span = frontmatter.span_at(text, path, matter.body_line, 1)
        issues.append(Issue("markdown", f"the text cannot be read as Markdown ({problem})", span, "look for very deep nesting"))
    if passages:
        issues += _redactions(passages, matter.body, found.text, header)
        meta = _blacked_out(meta, passages)
    given = paragraph_ids(found)
    blocks = [Block(leaf_id, leaf.name, start, end) for leaf, leaf_id in given for start, end in leaf.segments]
    document = Document(
        id=doc_id,
        kind=ids.kind_of(doc_id),
        path=path,
        url=ids.url_of(doc_id, meta.slug),
        meta=meta,
        html=html,
        scan=found,
        paragraph_ids=tuple([(leaf.tag_end, leaf_id) for leaf, leaf_id in given if not leaf.id]),
        blocks=tuple(blocks),
        headings=_headings(found, given),
        references=references,
        anchors=tuple(dict.fromkeys([*found.ids, *[leaf_id for _, leaf_id in given]])),
        quick=quick,
    )
    return Parsed(document, tuple(header.issues), tuple(issues))


def _blacked_out(meta: Article | Record | Page, passages: tuple[str, ...]) -> Article | Record | Page:
    """The front matter without these passages."""
    kept = ("redact", "date", "updated", "embargo", "source", "converted", "slug", "visibility", "corrections")
    fields = {name: getattr(meta, name) for name in meta.__struct_fields__ if name not in kept}
    fields = {name: blacked_out_values(value, passages) for name, value in fields.items()}
    if isinstance(meta, Article):
        said = (msgspec.structs.replace(one, text=blacked_out(one.text, passages)) for one in meta.corrections)
        fields["corrections"] = tuple(said)
        fields["source"] = meta.source and _source_without(meta.source, passages)
    return msgspec.structs.replace(meta, **fields)


def _source_without(source: Source, passages: tuple[str, ...]) -> Source:
    """What a page says of a source. Not its digest: whoever has the rest of the text could try names with it."""
    shown = {name: blacked_out(getattr(source, name), passages) for name in ("publisher", "licence", "retrieved")}
    return msgspec.structs.replace(source, sha256="", **shown)


def _redactions(passages: tuple[str, ...], body: str, text: str, header: headers.Header) -> Iterator[Issue]:
    """Passages to be blacked out that are not in a text, or that its markup hides."""
    matter = repr({key: value for key, value in header.matter.values.items() if key != "redact"})
    for number, passage in enumerate(passages):
        place = header.span("redact", number)
        if still_in(text, [passage]):
            message = "a passage to be redacted is still in the text: markup stands within its words"
            yield Issue("redaction-failed", message, place, "take the emphasis or the link out of the passage")
        elif not still_in(body, [passage]) and not still_in(matter, [passage]):
            yield Issue("redaction-unused", "nothing in the text is the passage to be redacted", place,
                        "copy the passage from the text, word by word", Severity.WARNING)  # fmt: skip


def head(path: str, data: bytes) -> tuple[Subject, tuple[Issue, ...]]:
    """The front matter of a record, and whether a body follows.

    Raises: UnicodeDecodeError where its bytes are no UTF-8 text.
    """
    header, record = _headed(path, data)
    assert isinstance(record, Record)
    doc_id = path.removesuffix(".md")
    noted = bool(header.matter.body.strip())
    subject = Subject(doc_id, ids.kind_of(doc_id), path, ids.url_of(doc_id, record.slug), record, noted)
    return subject, tuple(header.issues)


def place(path: str, data: bytes, *at: str) -> Span:
    """Where a value of the front matter stands ("aliases", "0"); its key's place, or the file, where it has none."""
    try:
        text = _text(data)
    except UnicodeDecodeError:
        return Span(path)
    header = headers.Header(frontmatter.read(text, path), path, text)
    keys = tuple(int(key) if key.isdigit() else key for key in at)
    return header.span(*keys) if keys[:1] in header.matter.places else Span(path)


def undecodable(path: str, data: bytes, error: UnicodeDecodeError) -> Issue:
    """The issue of a file whose bytes are no UTF-8 text."""
    span = Span(path, data.count(b"\n", 0, error.start) + 1)
    return Issue("encoding", f"byte {error.start} is not UTF-8", span, "save the file as UTF-8")


def _headed(path: str, data: bytes) -> tuple[headers.Header, Article | Record | Page]:
    """A file's header, and its front matter as the type that its folder calls for."""
    text = _text(data)
    doc_id = path.removesuffix(".md")
    header = headers.Header(frontmatter.read(text, path), path, text)
    return header, headers.read_header(ids.kind_of(doc_id), doc_id.rpartition("/")[2], header)


def _text(data: bytes) -> str:
    text = data.decode("utf-8")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _scanned(body: str, raw_html: bool) -> tuple[Scan, list[str], str, bool]:
    """The HTML of a body, the addresses in it that are not published, what went wrong, whether the fast path did it."""
    if not body or body.isspace():
        return scan(""), [], "", True
    quick = fast(body, raw_html=raw_html)
    if quick is not None:
        topped = any(leaf.name == "h1" for leaf in quick.leaves)
        return scan(_below_title(quick.html)) if topped else quick, [], "", True
    from sitegen.markup.markdown import MarkdownError, convert

    try:
        html, unsafe = convert(body, raw_html=raw_html)
    except MarkdownError as error:
        return scan(""), [], str(error), False
    return scan(_below_title(html)), unsafe, "", False


def _below_title(html: str) -> str:
    """A page has one heading of the first rank, its title: where the text has its own, all of them move down."""
    if "<h1" not in html:
        return html
    return _HEADING.sub(lambda tag: f"{tag[1]}{min(6, int(tag[2]) + 1)}", html)


def points_inside(address: str) -> bool:
    """Whether an address leads into the collection: it has no scheme of its own, or is a wiki link."""
    address = address.strip()
    if address.startswith(WIKI):
        return True
    if _SCHEME.match(address) or address.startswith("//"):
        return False
    try:
        urlsplit(address)
    except ValueError:  # brackets that are no address of a host
        return False
    return True


def paragraph_ids(found: Scan) -> list[tuple[Leaf, str]]:
    """Every block of running text with its id: the one it has, or one made of its own words."""
    taken: dict[str, int] = {}
    for known in found.ids:
        taken[known] = taken.get(known, 0) + 1
    given = []
    text = _plainer(found.text)
    words, plain = _words_of_lines(text), text.isascii()
    line = at = 0
    below = -1  # where the line behind the last begins: a segment is one
    for leaf in found.leaves:
        if not leaf.segments:
            continue
        leaf_id = leaf.id
        if not leaf_id:
            start, end = leaf.segments[0]
            line += 1 if start == below else text.count("\n", at, start) - text.count("\n", start, at)
            at, below = start, end + 1
            leaf_id = _id_of(words[line]) if plain or text[start:end].isascii() else paragraph_id(text[start:end])
            taken[leaf_id] = number = taken.get(leaf_id, 0) + 1
            if number > 1:
                leaf_id = f"{leaf_id}-{number}"
        given.append((leaf, leaf_id))
    return given


def paragraph_id(text: str) -> str:
    """The id of a paragraph with this text, before numbering: "p-" and six hexadecimal digits."""
    return _id_of(" ".join(_WORDS.findall(fold(text).lower())).encode())


def _words_of_lines(text: str) -> list[bytes]:
    """The words of each line, with a space between two; what stands for words that are not of ASCII is of no use."""
    signs = text.encode("ascii", "replace").translate(_ASCII_WORDS)
    if b"  " in signs:
        return [b" ".join(line.replace(b"\0", b" ").split()) for line in signs.split(b"|")]
    return b" ".join(filter(None, map(bytes.strip, signs.split(b"\0")))).split(b"|")


def _plainer(text: str) -> str:
    """The text with spaces for the commonest signs that part words and are not of ASCII."""
    if not text.isascii():
        for sign in _PARTING:
            text = text.replace(sign, " ")
    return text


def _id_of(words: bytes) -> str:
    made = _ID.copy()  # sooner than a new one
    made.update(words.strip())
    return "p-" + made.hexdigest()


def _headings(found: Scan, given: list[tuple[Leaf, str]]) -> tuple[Heading, ...]:
    return tuple(
        [
            Heading(leaf_id, found.text[leaf.segments[0][0] : leaf.segments[-1][1]].strip(), int(leaf.name[1]))
            for leaf, leaf_id in given
            if leaf.name[0] == "h"
        ]
    )


def _unsafe_link(address: str, finder: _Finder) -> Issue:
    scheme = address.partition(":")[0]
    return Issue("unsafe-link", f'"{scheme}:" links are not published', finder.place(address), "use http, https, mailto or tel")


class Finder(Protocol):
    """Tells where an address was written."""

    def place(self, written: str, skip: int = 0) -> Span: ...


def references_of(found: Scan, folder: str, doc_id: str, finder: Finder) -> tuple[Reference, ...]:
    """The links and images of a text that point into the collection. folder: what relative addresses begin at."""
    references = []
    for anchor in found.anchors:
        address = anchor.address.strip()
        if not points_inside(address) or (anchor.image and not address):
            continue
        if address.startswith(WIKI):
            place = finder.place("[[" + unquote(address[len(WIKI) :]), skip=2)
            target, _, fragment = unquote(address[len(WIKI) :]).partition("#")
            target = target.strip().removesuffix(".md").strip("/") or doc_id
            references.append(Reference(target, fragment, anchor.text_start, anchor.text_end, place, wiki=True))
            continue
        place = finder.place(address)
        parts = urlsplit(address)
        target, fragment = unquote(parts.path), unquote(parts.fragment)
        if not target:
            references.append(Reference(doc_id, fragment, anchor.text_start, anchor.text_end, place, image=anchor.image))
            continue
        resolved = ids.resolve(folder, target)
        if target.endswith("/") or not resolved:
            resolved = "/" + resolved + "/" if resolved else target
        elif resolved.endswith(".md"):
            resolved = resolved.removesuffix(".md")
        else:
            resolved = "/" + resolved
        references.append(Reference(resolved, fragment, anchor.text_start, anchor.text_end, place, image=anchor.image))
    return tuple(references)


# What an address stands behind, and the address as most are written.
_BEHIND = re.compile(
    r"""(?:\]\(<?|\b(?:href|src)=["']?|\]:[ ]|<)(?=([^\s"'<>()]{1,300}))|(?=(\[\[[^\]\[\n|]{1,300}))""", re.VERBOSE
)
_MISSES = 100  # addresses that are looked for letter by letter


class _Finder:
    """Finds where in the file an address was written: its occurrences are taken in order."""

    def __init__(self, path: str, text: str, body_line: int) -> None:
        self.path, self.text, self.body_line = path, text, body_line
        self.next: dict[str, int] = {}
        self.misses = 0

    @cached_property
    def lines(self) -> list[int]:
        """Where lines begin."""
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    @cached_property
    def body_at(self) -> int:
        return self.lines[min(self.body_line, len(self.lines)) - 1]

    @cached_property
    def known(self) -> dict[str, list[int]]:
        """Where addresses stand of which a sign tells the end."""
        found: dict[str, list[int]] = {}
        for spot in _BEHIND.finditer(self.text, self.body_at):
            number = spot.lastindex or 1
            found.setdefault(spot[number], []).append(spot.start(number))
        return found

    def place(self, written: str, skip: int = 0) -> Span:
        at = self._find(written, self.next.get(written, self.body_at))
        if at < 0:
            at = self._find(written, self.body_at)
        if at < 0:  # written with escapes
            return Span(self.path)
        self.next[written] = at + len(written)
        line = bisect_right(self.lines, at)
        start = self.lines[line - 1]
        end = self.lines[line] - 1 if line < len(self.lines) else len(self.text)
        return Span.on(self.path, line, at - start + 1 + skip, max(1, len(written) - skip), self.text, start, end)

    def _find(self, written: str, start: int) -> int:
        """Where an address stands as one: in a link, an attribute, a definition or between angle brackets."""
        if places := self.known.get(written):
            at = bisect_left(places, start)
            return places[at] if at < len(places) else -1
        self.misses += 1
        if self.misses > _MISSES:  # each is looked for in all of the text
            return -1
        if written.startswith("[["):
            return self.text.find(written, start)
        found = (self.text.find(sign + written, start) for sign in ("](", "](<", '="', "='", "=", "]: ", "<"))
        places = [at for at in found if at >= 0]
        return self.text.index(written, min(places)) if places else -1
