"""Text without what steers a terminal: for the command's beginning too, so that nothing else is loaded with it."""

from __future__ import annotations

import re


def uncoloured(text: str) -> str:
    return re.sub(r"\x1b\[[;?0-9]*[a-zA-Z]", "", text) if "\x1b" in text else text
