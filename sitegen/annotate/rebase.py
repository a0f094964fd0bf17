"""Write into a notes file what became of its anchors: the least edit that says it.

Quotations whose context moved on, the digest of the text, and `state:` where a person has to decide. All else stays byte
for byte, comments and order included: the YAML is not written anew, values are replaced where they stand.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from sitegen.annotate.quotes import places, quote_of
from sitegen.annotate.written import entry, scalar
from sitegen.errors import SiteError, errors
from sitegen.model.notes import Anchored, Note, NotesFile, Quote, State, read_notes, text_digest
from sitegen.model.text import fold


def accepted(found: Anchored, choice: int = 0) -> Anchored:
    """The result as it is once a person has taken one of its proposals.

    Raises: IndexError where there is no such proposal.
    """
    start, end = found.proposals[choice]
    return msgspec.structs.replace(found, state=State.ANCHORED, why="a person chose it", start=start, end=end, proposals=())


def rebase(source: str, path: str, results: Iterable[Anchored], text: str) -> str:
    """The notes file `source` as it should be for the article's text, which `results` are about.

    Raises: SiteError where the file has errors, or its YAML is written in a way that no edit fits.
    """
    file = _sound(source, path)
    found = {result.id: result for result in results}
    folded = fold(text)
    wanted = tuple(_verified(note, found.get(note.id), text, folded) for note in file.notes)
    if not wanted and not file.text:
        return source
    editor = _Editor(source)
    editor.set(editor.root, "text", text_digest(text), None)
    for node in editor.items("notes"):
        note = next((note for note in wanted if note.id == editor.value(node, "id").strip()), None)
        if note:
            editor.write(node, note)
    return _checked(editor.result(), path, text_digest(text), wanted)


def add(source: str, path: str, notes: Sequence[Note], text: str) -> str:
    """The notes file with more notes at the end of its list; an empty `source` makes a new file.

    Raises: SiteError as `rebase` does, and where an id is taken.
    """
    file = _sound(source, path)
    taken = {note.id for note in file.notes} & {note.id for note in notes}
    if taken:
        raise SiteError(f'{path} already has a note "{min(taken)}"', help="give the new notes other ids")
    editor = _Editor(source)
    if editor.root is not None:
        editor.append("notes", notes)
        return _checked(editor.result(), path, file.text, (*file.notes, *notes))
    digest = text_digest(text)
    gap = "\n" if source and not source.endswith("\n") else ""
    made = f"{source}{gap}text: {digest}\nnotes:\n" + "".join(map(entry, notes))
    return _checked(made, path, digest, tuple(notes))


def remove(source: str, path: str, note_id: str) -> str:
    """The notes file without a note, "" where it was the last. Comments between notes stay.

    Raises: SiteError as `rebase` does, and where there is no such note.
    """
    file = _sound(source, path)
    left = tuple(note for note in file.notes if note.id != note_id)
    if len(left) == len(file.notes):
        raise SiteError(f'there is no note "{note_id}" in {path}', help="it may have been deleted meanwhile")
    if not left:
        return ""
    editor = _Editor(source)
    node = next(node for node in editor.items("notes") if editor.value(node, "id").strip() == note_id)
    editor.cut(node)
    return _checked(editor.result(), path, file.text, left)


def _sound(source: str, path: str) -> NotesFile:
    file, issues = read_notes(source, path)
    if errors(issues):
        raise SiteError(f"{path} has errors", issues=errors(issues))
    return file


def _verified(note: Note, found: Anchored | None, text: str, folded: str) -> Note:
    """The note as the file should have it."""
    if not found:
        return note
    if found.state is not State.ANCHORED:
        return msgspec.structs.replace(note, state=str(found.state), quote=found.quote or note.quote)
    quote = note.quote
    if quote.exact != text[found.start : found.end] or places(folded, quote)[0] != [found.start]:
        quote = quote_of(text, found.start, found.end, folded)
    return msgspec.structs.replace(note, quote=quote, state=str(State.ANCHORED) if note.state else "")


def _checked(made: str, path: str, digest: str, wanted: tuple[Note, ...]) -> str:
    read = read_notes(made, path)[0]
    if read.text != digest or read.notes != wanted:
        raise SiteError(f"{path} is written in a way that cannot be edited in place",
                        help="write its notes as a plain list of keys and values, as in docs/notes.md")  # fmt: skip
    return made


class _Editor(msgspec.Struct, dict=True):
    """Edits YAML text at the places of its nodes."""

    source: str
    root: Any = None
    edits: list[tuple[int, int, str]] = msgspec.field(default_factory=list)

    def __post_init__(self) -> None:
        import yaml

        # Where a text begins with a byte order mark, the places are counted behind it.
        self.mark = "\ufeff" if self.source.startswith("\ufeff") else ""
        self.source = self.source.removeprefix("\ufeff")
        self.end_of_line = "\r\n" if "\r\n" in self.source else "\n"
        self.root = yaml.compose(self.source, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))

    def result(self) -> str:
        made = self.source
        for start, end, text in sorted(self.edits, key=lambda edit: edit[:2], reverse=True):
            made = made[:start] + text.replace("\n", self.end_of_line) + made[end:]
        return self.mark + made

    def pair(self, node: Any, key: str) -> tuple[Any, Any]:
        pairs = node.value if node.id == "mapping" else ()
        return next(((name, value) for name, value in pairs if name.value == key), (None, None))

    def value(self, node: Any, key: str) -> str:
        found = self.pair(node, key)[1]
        return str(found.value) if found is not None and found.id == "scalar" else ""

    def items(self, key: str) -> list[Any]:
        found = self.pair(self.root, key)[1]
        return list(found.value) if found is not None and found.id == "sequence" else []

    def write(self, node: Any, note: Note) -> None:
        """Make a note's quotation and state what they should be."""
        quote = self.pair(node, "quote")[1]
        if quote.id == "scalar":
            if _read("exact", quote.value) != note.quote.exact or note.quote.prefix or note.quote.suffix:
                self.replace(quote, _flow(note.quote))
        else:
            for key in ("exact", "prefix", "suffix"):
                self.set(quote, key, getattr(note.quote, key), after="exact")
        self.set(node, "state", note.state, after="id", style=None)

    def set(self, node: Any, key: str, text: str, after: str | None, style: str | None = '"') -> None:
        """Give a key of a mapping a value; a key that is not there is put in behind another, or in front of all."""
        name, value = self.pair(node, key)
        if value is None:
            if text:
                self.insert(node, f"{key}: {scalar(text, None if after is None else style)}", after)
        elif value.start_mark.index == value.end_mark.index:  # "key:" and nothing behind it
            if text:
                colon = self.source.index(":", name.end_mark.index) + 1
                self.edits.append((colon, colon, " " + scalar(text, style)))
        elif _read(key, value.value) != text:
            self.replace(value, scalar(text, {"": None, "'": "'"}.get(value.style or "", '"')))

    def replace(self, node: Any, text: str) -> None:
        start, end = node.start_mark.index, node.end_mark.index
        self.edits.append((start, start + len(self.source[start:end].rstrip()), text))

    def insert(self, node: Any, line: str, after: str | None) -> None:
        if after is None:
            start = node.value[0][0].start_mark.index if node.value else node.start_mark.index
            self.edits.append((start, start, line + "\n"))
            return
        name, value = self.pair(node, after)
        end = value.end_mark.index
        if node.flow_style:
            self.edits.append((end, end, ", " + line))
            return
        indent = " " * name.start_mark.column
        if self.source[end - 1] == "\n":  # behind a block
            self.edits.append((end, end, f"{indent}{line}\n"))
            return
        stop = self.source.find("\n", end)
        stop = len(self.source) if stop < 0 else stop - (self.source[stop - 1] == "\r")
        self.edits.append((stop, stop, f"\n{indent}{line}"))

    def cut(self, node: Any) -> None:
        """Take the lines of an item of a list in block style away."""
        start = self.source.rfind("\n", 0, node.start_mark.index) + 1
        if node.flow_style or self.source[start : node.start_mark.index].strip() != "-":
            return
        end = _last(node).end_mark.index
        if self.source[end - 1 : end] != "\n":  # else behind a block
            end = self.source.find("\n", end) + 1 or len(self.source)
        self.edits.append((start, end, ""))

    def append(self, key: str, notes: Sequence[Note]) -> None:
        """Put notes at the end of a list in block style; make the list where there is none yet."""
        name, value = self.pair(self.root, key)
        if value is not None and value.id == "sequence" and value.value and not value.flow_style:
            made = "".join(entry(note, " " * value.start_mark.column) for note in notes)
        elif value is not None and not value.value:
            colon = self.source.index(":", name.end_mark.index) + 1
            self.edits.append((colon, value.end_mark.index, "\n" + "".join(map(entry, notes)).rstrip("\n")))
            return
        else:
            made = f"{key}:\n" * (name is None) + "".join(map(entry, notes))
        behind = [
            other.start_mark.index for other, _ in self.root.value if name and other.start_mark.index > name.start_mark.index
        ]
        at = min(behind, default=len(self.source))
        gap = "\n" if at == len(self.source) and not self.source.endswith("\n") else ""
        self.edits.append((at, at, gap + made))


def _last(node: Any) -> Any:
    """The value that a node ends with."""
    if node.id == "scalar" or node.flow_style or not node.value:
        return node
    return _last(node.value[-1][1] if node.id == "mapping" else node.value[-1])


def _read(key: str, value: str) -> str:
    """A value as the reader of notes takes it."""
    value = unicodedata.normalize("NFC", value)
    return value if key in ("prefix", "suffix") else value.strip()


def _flow(quote: Quote) -> str:
    context = "".join(f", {key}: {scalar(text)}" for key, text in (("prefix", quote.prefix), ("suffix", quote.suffix)) if text)
    return f"{{exact: {scalar(quote.exact)}{context}}}"
