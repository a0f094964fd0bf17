"""HTML while it is written, with what a scan of it would find: whoever writes it knows where everything stands.

What comes of it is, field by field, what `markup.scan` finds in the same HTML. The writer knows blocks and running text, and
nothing of Markdown.
"""

from __future__ import annotations

from sitegen.markup.scan import Anchor, Leaf, Run, Scan


class Writer:
    """Takes HTML from its beginning to its end: tags by `mark`, text by `say`, blocks of running text by `leaf` and `end`."""

    def __init__(self) -> None:
        self.html: list[str] = []
        self.at = 0  # how long the HTML is
        self.parts: list[str] = []
        self.length = 0  # of the text
        self.begun = 0  # where the text of the open block begins
        self.runs: list[Run] = []
        self.leaves: list[Leaf] = []
        self.closed: list[tuple[int, int]] = []
        self.anchors: list[Anchor] = []
        self.ids: list[str] = []

    def scan(self) -> Scan:
        html, text = "".join(self.html).rstrip(), "".join(self.parts).rstrip("\n")
        return Scan(html, text, self.runs, self.leaves, self.closed, self.anchors, self.ids)

    def mark(self, html: str) -> None:
        """Markup that says nothing."""
        self.html.append(html)
        self.at += len(html)

    def say(self, text: str) -> None:
        """Text that is written as it is. No white space begins a block."""
        self.html.append(text)
        start, length = self.at, self.length
        self.at = end = start + len(text)
        if length == self.begun and text[0].isspace():
            text = text.lstrip()
            if not text:
                return
            start = end - len(text)
        self.length = after = length + end - start
        self.runs.append((length, after, start, end))
        self.parts.append(text.replace("\n", " "))

    def element(self, name: str, words: str) -> None:
        """An element that holds nothing but letters, digits and spaces, and begins with none."""
        self.html += (f"<{name}>", words, f"</{name}>")
        length, start = self.length, self.at + len(name) + 2
        end, self.length = start + len(words), length + len(words)
        self.at = end + len(name) + 3
        self.runs.append((length, self.length, start, end))
        self.parts.append(words)

    def block(self, name: str, tag: str, text: str, closing: str, leaf_id: str = "") -> None:
        """A whole block of running text that is written as it is; no white space begins it."""
        start, begun = self.at, self.begun
        first, end = start + len(tag), begun + len(text)
        last = first + len(text)
        self.leaves.append(Leaf(name, start, start + 1 + len(name), leaf_id, [(begun, end)]))
        if leaf_id:
            self.ids.append(leaf_id)
        self.html += (tag, text, closing)
        self.parts += (text.replace("\n", " "), "\n")
        self.runs.append((begun, end, first, last))
        self.at = last + len(closing)
        self.length = self.begun = end + 1

    def sign(self, entity: str, sign: str) -> None:
        """One character that is written as an entity."""
        self.html.append(entity)
        start, length = self.at, self.length
        self.at, self.length = start + len(entity), length + 1
        self.runs.append((length, length + 1, start, self.at))
        self.parts.append(sign)

    def shut(self, start: int) -> None:
        """Leave the text since `start` to itself: no mention is looked for in it."""
        if self.length > start:
            self.closed.append((start, self.length))

    def leaf(self, name: str, tag: str, leaf_id: str = "") -> Leaf:
        """Open a block of running text."""
        leaf = Leaf(name, self.at, self.at + 1 + len(name), leaf_id)
        self.leaves.append(leaf)
        if leaf_id:
            self.ids.append(leaf_id)
        self.html.append(tag)
        self.at += len(tag)
        return leaf

    def end(self, leaf: Leaf, tag: str) -> None:
        """Close the block of running text that was opened last."""
        self.html.append(tag)
        self.at += len(tag)
        if self.length > self.begun:
            leaf.segments.append((self.begun, self.length))
            self.parts.append("\n")
            self.length = self.begun = self.length + 1

    def line(self) -> None:
        """Begin a new line of the text, where there is any in this one."""
        if self.length > self.begun:
            self.parts.append("\n")
            self.length = self.begun = self.length + 1

    def anchor(self, address: str, tag: str) -> Anchor:
        """Open a link."""
        start = self.at
        self.mark(tag)
        anchor = Anchor(address, start, self.at, self.length, self.length, False)
        self.anchors.append(anchor)
        return anchor

    def end_anchor(self, anchor: Anchor) -> None:
        self.mark("</a>")
        anchor.text_end = self.length
        self.shut(anchor.text_start)

    def take(self, found: Scan) -> None:
        """HTML that was written or scanned elsewhere. Its blocks are closed."""
        at, length = self.at, self.length
        self.mark(found.html)
        self.parts.append(found.text)
        self.length += len(found.text)
        self.ids += found.ids
        self.runs += [(length + start, length + end, at + first, at + last) for start, end, first, last in found.runs]
        self.closed += [(length + start, length + end) for start, end in found.closed]
        for anchor in found.anchors:
            start, end = length + anchor.text_start, length + anchor.text_end
            self.anchors.append(Anchor(anchor.address, at + anchor.start, at + anchor.end, start, end, anchor.image))
        for leaf in found.leaves:
            segments = [(length + start, length + end) for start, end in leaf.segments]
            self.leaves.append(Leaf(leaf.name, at + leaf.start, at + leaf.tag_end, leaf.id, segments))
