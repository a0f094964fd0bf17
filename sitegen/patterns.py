"""Regular expressions, compiled once for a person: to compile those that a command begins with takes longer than an edit's work.

Only those that modules compile while they are loaded are kept: they are parts of programs, and no text of a collection.
Python says nowhere what it compiles a pattern to. So this asks the very functions that `re` asks, and where one of them is not
as it was when this was written, nothing is kept and nothing is lost.
"""

from __future__ import annotations

import contextlib
import marshal
import re
import sys
from array import array
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from sitegen import kept
from sitegen.model.digests import digest

_MOST = 1000  # patterns; a command has some 150
_SORT = "patterns"
_OF_A_FUNCTION = 1  # among the flags of code: CO_OPTIMIZED

# Whether it is a text, the pattern, its flags → what `_sre.compile` is given: flags, code, groups, their names both ways.
_Key = tuple[bool, str | bytes, int]
_Held = tuple[int, bytes, int, dict[str, int], tuple[str | None, ...]]


class Patterns:
    """Stands between `re` and its compiler, from `begin` on; `end` keeps what was compiled."""

    def __init__(self) -> None:
        self._held: dict[_Key, _Held] = {}
        self._made: dict[_Key, _Held] = {}
        self._compile: Callable[..., re.Pattern[Any]] | None = None
        self._sre: Any = None
        self._key = b""

    def begin(self) -> None:
        compiler: Any = getattr(re, "_compiler", None)
        sre = getattr(compiler, "_sre", None)
        known = callable(getattr(compiler, "compile", None)) and callable(getattr(sre, "compile", None))
        if self._compile or not known or getattr(sre, "CODESIZE", 0) != array("I").itemsize:
            return
        self._compile, self._sre = compiler.compile, sre
        self._key = digest(repr((sys.version, self._sre.MAGIC)).encode())
        with contextlib.suppress(ValueError, EOFError, TypeError):
            self._held = dict(marshal.loads(kept.read(_SORT, self._key)))
        compiler.compile = self

    def end(self) -> None:
        """Keep what was compiled, with what was kept; of very many, that alone."""
        if self._compile and self._made:
            together = {**self._held, **self._made}
            kept.keep(_SORT, self._key, marshal.dumps(together if len(together) <= _MOST else self._made))
            self._held, self._made = together, {}

    def __call__(self, pattern: Any, flags: int = 0) -> re.Pattern[Any]:
        """What `re._compiler.compile` gives."""
        key = (type(pattern) is str, pattern, flags)
        held = self._held.get(key) if type(pattern) is str or type(pattern) is bytes else None
        if held is not None:
            stated, code, *rest = held
            return self._sre.compile(pattern, stated, array("I", code).tolist(), *rest)  # type: ignore[no-any-return]
        assert self._compile
        if type(flags) is not int or flags & re.DEBUG or not _by_a_module() or type(pattern) not in (str, bytes):
            return self._compile(pattern, flags)
        return self._compiled(key, pattern, flags)

    def _compiled(self, key: _Key, pattern: Any, flags: int) -> re.Pattern[Any]:
        """Compile a pattern, and hear what it is compiled to."""

        def heard(_: Any, stated: int, code: list[int], groups: int, names: dict[str, int], order: Any) -> Any:
            self._made[key] = stated, array("I", code).tobytes(), groups, names, order
            return self._sre.compile(pattern, stated, code, groups, names, order)

        compiler: Any = re._compiler  # type: ignore[attr-defined]
        compiler._sre = SimpleNamespace(**{**vars(self._sre), "compile": heard})
        try:
            assert self._compile
            return self._compile(pattern, flags)
        finally:
            compiler._sre = self._sre


def _by_a_module() -> bool:
    """Whether what asks `re` does so while a module, or a class of one, is loaded."""
    frame: Any = sys._getframe(2)
    while frame and frame.f_globals.get("__name__", "").partition(".")[0] == "re":
        frame = frame.f_back
    return frame is not None and not frame.f_code.co_flags & _OF_A_FUNCTION
