"""Regular expressions, compiled once for a person: to compile those that a command begins with takes longer than an edit's work.

Only those that modules compile while they are loaded are kept, and, apart, the rules of Pygments' lexers: they are parts of
programs, and no text of a collection.
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
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from sitegen import kept
from sitegen.model.digests import digest

_MOST = 1000  # patterns of a sort; a command has some 150, a lexer some 50
_OF_A_FUNCTION = 1  # among the flags of code: CO_OPTIMIZED
_LEXERS = "pygments.lexer"  # this module compiles the rules of a lexer when it is first asked for

# Whether it is a text, the pattern, its flags → what `_sre.compile` is given: flags, code, groups, their names both ways.
_Key = tuple[bool, str | bytes, int]
_Held = tuple[int, bytes, int, dict[str, int], tuple[str | None, ...]]


class _Sort:
    """The patterns of a sort: those that were kept, read when one is first asked for, and those made since."""

    def __init__(self, name: str, key: bytes) -> None:
        self._name, self._key = name, key
        self.made: dict[_Key, _Held] = {}

    @cached_property
    def held(self) -> dict[_Key, _Held]:
        return self._read()

    def _read(self) -> dict[_Key, _Held]:
        with contextlib.suppress(ValueError, EOFError, TypeError):
            return dict(marshal.loads(kept.read(self._name, self._key)))
        return {}

    def keep(self) -> None:
        """Keep what was made, with what was kept, by other processes meanwhile, too; of very many, that alone."""
        if self.made:
            together = {**self._read(), **self.made}
            kept.keep(self._name, self._key, marshal.dumps(together if len(together) <= _MOST else self.made))
            self.held.update(self.made)
            self.made = {}


class Patterns:
    """Stands between `re` and its compiler, from `begin` on; `end` keeps what was compiled."""

    def __init__(self) -> None:
        self._compile: Callable[..., re.Pattern[Any]] | None = None
        self._sre: Any = None

    def begin(self) -> None:
        compiler: Any = getattr(re, "_compiler", None)
        sre = getattr(compiler, "_sre", None)
        known = callable(getattr(compiler, "compile", None)) and callable(getattr(sre, "compile", None))
        if self._compile or not known or getattr(sre, "CODESIZE", 0) != array("I").itemsize:
            return
        self._compile, self._sre = compiler.compile, sre
        key = digest(repr((sys.version, self._sre.MAGIC)).encode())
        self._of_modules, self._of_lexers = _Sort("patterns", key), _Sort("lexers", key)
        compiler.compile = self

    def end(self) -> None:
        """Keep what was compiled."""
        if self._compile:
            self._of_modules.keep()
            self._of_lexers.keep()

    def __call__(self, pattern: Any, flags: int = 0) -> re.Pattern[Any]:
        """What `re._compiler.compile` gives."""
        assert self._compile
        if type(pattern) not in (str, bytes) or type(flags) is not int or flags & re.DEBUG:
            return self._compile(pattern, flags)
        key = (type(pattern) is str, pattern, flags)
        held = self._of_modules.held.get(key)
        if held is None:
            sort = self._sort_of(_asking())
            if sort is None:
                return self._compile(pattern, flags)
            held = sort.held.get(key)
            if held is None:
                return self._compiled(sort, pattern, flags)
        stated, code, *rest = held
        return self._sre.compile(pattern, stated, array("I", code).tolist(), *rest)  # type: ignore[no-any-return]

    def _sort_of(self, asking: Any) -> _Sort | None:
        """The sort of what a frame compiles: while a module, or a class of one, is loaded, or a lexer; None for all else."""
        if asking is None:
            return None
        if not asking.f_code.co_flags & _OF_A_FUNCTION:
            return self._of_modules
        return self._of_lexers if asking.f_globals.get("__name__") == _LEXERS else None

    def _compiled(self, sort: _Sort, pattern: Any, flags: int) -> re.Pattern[Any]:
        """Compile a pattern, and hear what it is compiled to."""

        def heard(_: Any, stated: int, code: list[int], groups: int, names: dict[str, int], order: Any) -> Any:
            sort.made[type(pattern) is str, pattern, flags] = stated, array("I", code).tobytes(), groups, names, order
            return self._sre.compile(pattern, stated, code, groups, names, order)

        compiler: Any = re._compiler  # type: ignore[attr-defined]
        compiler._sre = SimpleNamespace(**{**vars(self._sre), "compile": heard})
        try:
            assert self._compile
            return self._compile(pattern, flags)
        finally:
            compiler._sre = self._sre


def _asking() -> Any:
    """The frame that asks `re`."""
    frame: Any = sys._getframe(2)
    while frame and frame.f_globals.get("__name__", "").partition(".")[0] == "re":
        frame = frame.f_back
    return frame


def keep() -> None:
    """Keep what this process has compiled, where it began with patterns that were kept: for one that was forked."""
    compiling = getattr(getattr(re, "_compiler", None), "compile", None)
    if isinstance(compiling, Patterns):
        compiling.end()
