"""Which editor opens a place of a file: an address that the browser hands on, or a program that the server starts.

The configuration says it, else VISUAL or EDITOR where that is a program with a window of its own. A program is only ever
started for files of the collection, and never by a shell.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import msgspec

from sitegen.errors import SiteError

# Editors that registered an address of their own, by the name of their program.
ADDRESSES: Mapping[str, str] = {
    "vscode": "vscode://file{path}:{line}:{column}",
    "code": "vscode://file{path}:{line}:{column}",
    "vscodium": "vscodium://file{path}:{line}:{column}",
    "codium": "vscodium://file{path}:{line}:{column}",
    "cursor": "cursor://file{path}:{line}:{column}",
    "zed": "zed://file{path}:{line}:{column}",
    "idea": "idea://open?file={path}&line={line}&column={column}",
    "pycharm": "pycharm://open?file={path}&line={line}&column={column}",
    "mate": "txmt://open?url=file://{path}&line={line}&column={column}",
    "subl": "subl://open?url=file://{path}&line={line}&column={column}",
}
# How programs with a window are told a line. Those that need a terminal cannot be started from here.
_PROGRAMS: Mapping[str, str] = {
    "gvim": "+{line} {path}", "mvim": "+{line} {path}", "emacsclient": "-n +{line}:{column} {path}",
    "gedit": "{path} +{line}:{column}", "kate": "-l {line} -c {column} {path}", "geany": "{path}:{line}:{column}",
    "mousepad": "-l {line} {path}", "pluma": "+{line} {path}", "xed": "+{line} {path}", "subl": "{path}:{line}:{column}",
    "code": "-g {path}:{line}:{column}", "codium": "-g {path}:{line}:{column}", "zed": "{path}:{line}:{column}",
    "notepad++": "-n{line} {path}", "bbedit": "+{line} {path}",
}  # fmt: skip
BY_SERVER = "server:"


class Editor(msgspec.Struct, frozen=True):
    """address: a template of an address; command: one of a command line. One of them, or neither, is set."""

    address: str = ""
    command: tuple[str, ...] = ()

    @classmethod
    def of(cls, configured: str, environment: Mapping[str, str]) -> Editor:
        """The editor that a person has.

        configured: the name of an editor, an address or a command with {path}, {line} and {column}, or "".
        """
        wanted = configured.strip()
        if "{path}" in wanted:
            return cls(wanted) if "://" in wanted else cls(command=_split(wanted))
        for written in (wanted,) if wanted else (environment.get("VISUAL", ""), environment.get("EDITOR", "")):
            words = _split(written)
            name = Path(words[0]).stem.casefold() if words else ""
            if name in ADDRESSES:
                return cls(ADDRESSES[name])
            if name in _PROGRAMS:
                return cls(command=(words[0], *_PROGRAMS[name].split()))
        if not wanted and shutil.which("code", path=environment.get("PATH")):
            return cls(ADDRESSES["code"])
        return cls()

    def link(self, path: Path, line: int, column: int = 1) -> str:
        """What a click on a place leads to: an address; one that asks this server; "" where no editor is known."""
        if self.address:
            return _filled(self.address, quote(path.as_posix()), line, column)
        return f"{BY_SERVER}{line}:{column}" if self.command else ""

    def open(self, path: Path, line: int, column: int = 1) -> None:
        """Start the program on a place.

        Raises: SiteError where it cannot be started.
        """
        words = [_filled(word, str(path), line, column) for word in self.command]
        try:
            started = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                       start_new_session=True)  # fmt: skip
            threading.Thread(target=started.wait, daemon=True).start()  # else it stays as a zombie
        except (OSError, IndexError) as error:
            raise SiteError(f"{words[0] if words else 'no editor'} cannot be started: {error}",
                            help='set `editor` in the configuration, as in editor = "vscode"') from error  # fmt: skip


def _filled(template: str, path: str, line: int, column: int) -> str:
    return template.replace("{line}", str(line)).replace("{column}", str(column)).replace("{path}", path)


def _split(written: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(written))
    except ValueError:
        return ()
