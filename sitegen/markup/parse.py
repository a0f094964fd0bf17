"""A content file's bytes → Document: front matter, HTML with paragraph ids, text, links into the collection.

A paragraph's id comes from its own words, so it does not move when others do; where words repeat in
a document the ids are numbered.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter, defaultdict
from urllib.parse import unquote, urlsplit

from sitegen.errors import Issue, Span
from sitegen.markup import headers, scan
from sitegen.markup.markdown import WIKI, MarkdownError, convert
from sitegen.model import frontmatter, ids
from sitegen.model.document import Block, Document, Heading, Reference
from sitegen.model.text import fold

_WORDS = re.compile(r"\w+")
_HEADING = re.compile(r"(</?h)([1-6])\b")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
# Front matter that later stages may have to point at.
_POINTED_AT = ("name", "title", "location", "related", "links", "aliases", "merged_into", "not_same_as", "source", "slug")


def parse(path: str, data: bytes, *, raw_html: bool = False) -> tuple[Document | None, tuple[Issue, ...]]:
    """Parse the file at `path` (relative to the content folder). None where its bytes are no UTF-8 text."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        span = Span(path, line)
        return None, (Issue("encoding", f"byte {error.start} is not UTF-8", span, "save the file as UTF-8"),)
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    doc_id = path.removesuffix(".md")
    kind, stem = ids.kind_of(doc_id), doc_id.rpartition("/")[2]
    matter = frontmatter.read(text, path)
    header = headers.Header(matter, path, text)
    meta = headers.read_header(kind, stem, header)
    problems = []
    try:
        html, unsafe = convert(matter.body, raw_html=raw_html) if matter.body.strip() else ("", [])
    except MarkdownError as error:
        html, unsafe = "", []
        span = frontmatter.span_at(text, path, matter.body_line, 1)
        problems = [Issue("markdown", f"the text cannot be read as Markdown ({error})", span, "look for very deep nesting")]
    html = identify(_below_title(html))
    found = scan.scan(html)
    finder = _Finder(path, text, matter.body_line)
    references = _references(found, path.rpartition("/")[0], doc_id, finder)
    issues = [*problems, *(_unsafe_link(address, finder) for address in unsafe)]
    document = Document(
        id=doc_id,
        kind=kind,
        path=path,
        url=ids.url_of(doc_id, meta.slug),
        meta=meta,
        digest=hashlib.blake2b(data, digest_size=16).hexdigest(),
        places=_places(header),
        html=html,
        text=found.text,
        blocks=tuple(Block(leaf.id, leaf.name, start, end) for leaf in found.leaves if leaf.id for start, end in leaf.segments),
        closed=tuple(found.closed),
        headings=_headings(found),
        references=references,
        anchors=tuple(dict.fromkeys(found.ids)),
    )
    return document, (*header.issues, *issues)


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
    try:
        urlsplit(address)
    except ValueError:  # brackets that are no address of a host
        return False
    return not (_SCHEME.match(address) or address.startswith("//"))


def identify(html: str) -> str:
    """Give every block of running text an id made of its own words, where it has none."""
    found = scan.scan(html)
    taken = Counter(found.ids)
    pieces, at = [], 0
    for leaf in found.leaves:
        if leaf.id or not leaf.segments:
            continue
        start, end = leaf.segments[0]
        pid = paragraph_id(found.text[start:end])
        taken[pid] += 1
        if taken[pid] > 1:
            pid = f"{pid}-{taken[pid]}"
        pieces += [html[at : leaf.tag_end], f' id="{pid}"']
        at = leaf.tag_end
    return "".join([*pieces, html[at:]]) if pieces else html


def paragraph_id(text: str) -> str:
    """The id of a paragraph with this text, before numbering: "p-" and six hexadecimal digits."""
    words = " ".join(_WORDS.findall(fold(text).lower()))
    return "p-" + hashlib.blake2b(words.encode(), digest_size=3).hexdigest()


def _headings(found: scan.Scan) -> tuple[Heading, ...]:
    return tuple(
        Heading(leaf.id, found.text[leaf.segments[0][0] : leaf.segments[-1][1]].strip(), int(leaf.name[1]))
        for leaf in found.leaves
        if leaf.id and leaf.segments and leaf.name[0] == "h"
    )


def _places(header: headers.Header) -> dict[str, Span]:
    """Spans of the front matter that later stages may complain of: "name", "aliases.0", "links.Jordan"."""
    places = {}
    for at in header.matter.places:
        if at and at[0] in _POINTED_AT and len(at) <= 2 and at[-1] != "":
            places[".".join(str(part) for part in at)] = header.span(*at)
    return places


def _unsafe_link(address: str, finder: _Finder) -> Issue:
    scheme = address.partition(":")[0]
    return Issue("unsafe-link", f'"{scheme}:" links are not published', finder.place(address), "use http, https, mailto or tel")


def _references(found: scan.Scan, folder: str, doc_id: str, finder: _Finder) -> tuple[Reference, ...]:
    """The links and images of the body that point into the collection."""
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


class _Finder:
    """Finds where in the file an address was written: its occurrences are taken in order."""

    def __init__(self, path: str, text: str, body_line: int) -> None:
        self.path, self.text = path, text
        self.body_at = 0
        for _ in range(body_line - 1):
            self.body_at = text.find("\n", self.body_at) + 1
        self.next: defaultdict[str, int] = defaultdict(lambda: self.body_at)

    def place(self, written: str, skip: int = 0) -> Span:
        at = self._find(written, self.next[written])
        if at < 0:
            at = self._find(written, self.body_at)
        if at < 0:  # written with escapes
            return Span(self.path)
        self.next[written] = at + len(written)
        line_start = self.text.rfind("\n", 0, at) + 1
        line_end = self.text.find("\n", at)
        excerpt = self.text[line_start : line_end if line_end >= 0 else len(self.text)]
        line = self.text.count("\n", 0, at) + 1
        return Span(self.path, line, at - line_start + 1 + skip, max(1, len(written) - skip), excerpt)

    def _find(self, written: str, start: int) -> int:
        """Where an address stands as one: in a link, an attribute, a definition or between angle brackets."""
        if written.startswith("[["):
            return self.text.find(written, start)
        found = (self.text.find(sign + written, start) for sign in ("](", "](<", '="', "='", "=", "]: ", "<"))
        places = [at for at in found if at >= 0]
        return self.text.index(written, min(places)) if places else -1
