"""Words of other people for places that read signs: Markdown as GitHub shows it, and terminals."""

from __future__ import annotations

import re
import unicodedata

# What turns the direction of the text that follows, beyond the words it came with.
_TURNS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# What means something in Markdown within a line, and what begins an address that GitHub makes a link of.
_SIGNS = re.compile(r"[\\`*_{}\[\]<>#|~$&:@]|(?<=www)\.", re.IGNORECASE)
# GitHub makes links of @name, #12 and GH-12 in finished text, where no backslash helps.
_CALLS = re.compile(r"@|#|(?<=GH)-", re.IGNORECASE)
_APART = "\u200b"


def plain(text: str, most: int = 0) -> str:
    """A text as one line, without signs that steer a terminal or turn its neighbours; cut to `most` characters."""
    line = " ".join(_TURNS.sub("", text).split())
    line = "".join("\ufffd" if unicodedata.category(sign) in ("Cc", "Cs") else sign for sign in line)
    return line if not most or len(line) <= most else line[: most - 1].rstrip() + "…"


def markdown(text: str, most: int = 0) -> str:
    """A text as GitHub shows it within a line: every sign as it stands, nobody called by it, no link."""
    escaped = _SIGNS.sub(r"\\\g<0>", plain(text, most))
    return _CALLS.sub(lambda found: found[0] + _APART, escaped)


def code(text: str, most: int = 0) -> str:
    """A text as code in Markdown, in a table cell too."""
    line = plain(text, most)
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", line)), default=0))
    room = " " if line[:1] in ("`", " ", "") or line[-1:] == "`" else ""
    return f"{fence}{room}{line.replace('|', chr(92) + '|')}{room}{fence}"


def length(text: str) -> int:
    """How long GitHub may find a text: in UTF-16, which no other count goes beyond."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
