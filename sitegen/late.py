"""Modules that libraries load for what a build never asks of them: loaded where something is asked of them."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

# Imported by Jinja, msgspec and the standard library for functions that few call, with a dozen modules more. Beside each: what
# is taken from it by name, and so must be there before; and what has it.
MODULES: dict[str, dict[str, str]] = {
    "ast": {"literal_eval": "ast"},
    "inspect": {"getattr_static": "inspect"},
    "ipaddress": {},
    "msgspec.inspect": {},
    "pickle": {"dumps": "_pickle"},
    "random": {"choice": "random", "randrange": "random"},
    "tempfile": {},
    "textwrap": {},
}


class _Late(ModuleType):
    """Stands for a module until something is asked of it."""

    def __init__(self, name: str, functions: Mapping[str, str]) -> None:
        super().__init__(name)
        self.__spec__ = ModuleSpec(name, None)
        vars(self).update({function: self._calling(function, module) for function, module in functions.items()})

    def __getattr__(self, name: str) -> Any:
        if name[:2] == "__":  # asked by the import itself
            raise AttributeError(name)
        return getattr(self._loaded(), name)

    def _loaded(self) -> ModuleType:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        found = import_module(self.__name__)
        vars(self).update(vars(found))
        return found

    def _calling(self, function: str, module: str) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            found = self._loaded() if module == self.__name__ else import_module(module)
            return getattr(found, function)(*args, **kwargs)

        return call


def modules() -> None:
    """Let these modules be loaded late, in this process; and msgspec take from `typing` what it can take from there."""
    for name, functions in MODULES.items():
        if name not in sys.modules:
            sys.modules[name] = _Late(name, functions)
    if "typing_extensions" not in sys.modules:
        sys.modules["typing_extensions"] = None  # type: ignore[assignment]  # as if it were not installed
        try:
            import msgspec as msgspec
        finally:
            del sys.modules["typing_extensions"]
