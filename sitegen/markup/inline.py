"""Running text, as paragraphs, headings and cells hold it: Markdown → HTML. The half of `markup.fast` that knows no blocks."""

from __future__ import annotations

import re
from html import escape, unescape

from sitegen.markup.writer import Writer

# A wiki link keeps its target in the href until the page is written: only then is its address known.
WIKI = "wiki:"
CONTROLS = "".join(map(chr, (*range(10), *range(11, 32), 127)))

_HOST = r"(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,}"
_PATH = r"(?:[\w/.,~%+@!$=?-]|\#|&(?!\#))"
_ADDRESS = rf"""(?:
    https?://{_HOST}(?:[/?\#](?:{_PATH}|:|\((?:{_PATH}|:)*\))*)?
  | mailto:[\w.+-]+@{_HOST}
  | (?!//){_PATH}+
)"""
# What may stand in emphasis: text, code, and brackets with what belongs to them. Each is read again on its own.
_EMPHASISED = r"(?:[^\\`*_\[\]<{]++|`[^`\n]+`|\[\[[^\[\]`*\n]+\]\]|\[[^\[\]\\`*_\n]+\](?:\([^()\s\\`*]+\))?)+"
# What a bracket must not be followed by, or it would be a link, a reference or a definition.
_NO_LINK = r"(?![(\[:]|\s\[)"
_SIGNS = "\\`*_[]&<{" + CONTROLS
_ANY_SPECIAL = "|".join(map(re.escape, _SIGNS))

# Everything special in running text. Each alternative begins with a literal and looks behind only after it: so the
# engine searches for a set of characters. The last ones are for what stands where no other alternative expects it.
_INLINE = re.compile(
    rf"""
      \\(?P<escaped>[\\`*_{{}}\[\]()>\#+.!|-])
    | `(?<![`\\]`)(?P<code>[^`\n<&\x00-\x1f\x7f]+)`(?!`)
    | \*\*(?<![\w*]\*\*)(?![\s*])(?P<strong>{_EMPHASISED})(?<!\s)\*\*(?![\w*])
    | \*(?<![\w*]\*)(?![\s*])(?P<em>{_EMPHASISED})(?<!\s)\*(?![\w*])
    | __(?<![\w_*]__)(?![\s_])(?P<strong_>{_EMPHASISED})(?<!\s)__(?![\w_*])
    | _(?<![\w_*]_)(?![\s_])(?P<em_>{_EMPHASISED})(?<!\s)_(?![\w_*])
    | \*(?<=\s\*)(?P<star>)(?=\s)
    | _(?P<underscore>)(?:(?<=[^\W_]_)(?=[^\W_])|(?<=\s_)(?=\s))
    | \[\[(?<![!\\]\[\[)(?P<target>[\w/.\#-]+(?:[ ][\w/.\#-]+)*)(?:\\?\|(?P<label>[^\[\]\\`<{{\n]+))?\]\](?P<wiki>)
    | \[\^(?<!!\[\^)(?P<note>[\w-]+)\](?!:)
    | \[(?<!!\[)(?!\^)(?P<text>[^\[\]\\`<{{]+)\]\((?P<address>{_ADDRESS})\)
    | \[(?<!!\[)(?P<opened>)(?!\^|TOC\])(?=[^\[\]\\`]+\]{_NO_LINK})
    | \](?P<closed>){_NO_LINK}
    | &(?P<entity>amp|lt|gt|nbsp|\#58|\#61|\#126);
    | &(?P<ampersand>)(?![\w.-]*;|\#)
    | <(?P<less>)(?=[ ])
    | >(?P<greater>)
    | {_ANY_SPECIAL}
    """,
    re.VERBOSE,
)
_SPECIAL = bytes(chr(code) in _SIGNS + ">" for code in range(256))  # 1 for each
_AS_TEXT = frozenset(("star", "underscore", "opened", "closed"))
_ESCAPED = {"ampersand": ("&amp;", "&"), "less": ("&lt;", "<"), "greater": ("&gt;", ">"), "escaped": ("&gt;", ">")}
_ELEMENTS = {"em": "em", "em_": "em", "strong": "strong", "strong_": "strong"}


class Unsure(Exception):
    """The text may mean more than is known here."""


def special(text: str) -> int:
    """Where the first sign in running text stands that may mean more than itself; -1 where there is none."""
    return text.encode("ascii", "replace").translate(_SPECIAL).find(1)


class RunningText:
    """Writes running text to `out`. notes: the footnotes there are; noted: those that were referred to."""

    def __init__(self) -> None:
        self.out = Writer()
        self.notes: dict[str, str] = {}
        self.noted: set[str] = set()

    def inline(self, text: str, said: str = "", first: int = 0) -> None:
        """Write running text. said: what stands before it and means nothing. first: no special sign stands before that."""
        at = 0
        for found in _INLINE.finditer(text, first):
            kind = found.lastgroup or ""
            start, end = found.span()
            said += text[at:start]
            at = end
            if kind in _AS_TEXT:
                said += found[0]
            elif kind == "escaped" and found[kind] != ">":
                said += found[kind]
            else:
                if said:
                    self.out.say(said)
                    said = ""
                self._sign(kind, found)
        said += text[at:]
        if said:
            self.out.say(said)

    def _sign(self, kind: str, found: re.Match[str]) -> None:
        """One special sign, with what belongs to it."""
        if kind in _ELEMENTS:
            name, words = _ELEMENTS[kind], found[kind]
            if words.replace(" ", "").isalnum():
                self.out.element(name, words)
            else:
                self.out.mark(f"<{name}>")
                self.inline(words)
                self.out.mark(f"</{name}>")
        elif kind == "address":
            self._link(found[kind], found["text"])
        elif kind == "code" and (code := found[kind].strip()):
            start = self.out.length
            self.out.mark("<code>")
            self._literal(code)
            self.out.mark("</code>")
            self.out.shut(start)
        elif kind == "note":
            self._reference(found[kind])
        elif kind == "wiki":
            self._wiki_link(found["target"], found["label"])
        elif kind == "entity":
            self.out.sign(found[0], unescape(found[0]))
        elif kind in _ESCAPED:
            self.out.sign(*_ESCAPED[kind])
        else:
            raise Unsure

    def _link(self, address: str, text: str) -> None:
        anchor = self.out.anchor(address, f'<a href="{escape(address)}">')
        self.inline(text)
        self.out.end_anchor(anchor)

    def _wiki_link(self, target: str, label: str | None) -> None:
        path, _, fragment = target.partition("#")
        stem = path.removesuffix(".md").rpartition("/")[2]
        text = label.strip() if label else stem.replace("-", " ").title() or fragment
        if not text:
            raise Unsure
        self._link(WIKI + target, text)

    def _literal(self, text: str) -> None:
        """The text of code, which no sign but one is special in."""
        for number, part in enumerate(text.split(">")):
            if number:
                self.out.sign("&gt;", ">")
            if part:
                self.out.say(part)

    def _reference(self, name: str) -> None:
        if name not in self.notes or name in self.noted:
            raise Unsure
        self.noted.add(name)
        number = list(self.notes).index(name) + 1
        self.out.ids.append(f"fnref:{name}")
        self.out.mark(f'<sup id="fnref:{name}"><a class="footnote-ref" href="#fn:{name}">{number}</a></sup>')
