"""The addresses that a page writes: from where it is published to all it links to, as HTML."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from sitegen.model.ids import Linker

_FOLDERS_KEPT = 64
# Ways, of 350 bytes: in a folder, and in all others where pages of a new one begin, for they come folder by folder. A limit
# that a large collection goes beyond costs it more for each page than a small one.
_WAYS_KEPT, _WAYS_LEFT = 150_000, 20_000
# A path that stands in an address, and in an attribute, as it is.
_ORDINARY = re.compile(r"/(?!/)[\w/.~!$()*+,;=:@%-]*+(?:#[\w.:-]*+)?").fullmatch
as_it_is: Callable[[str], Markup] = partial(str.__new__, Markup)


class Ways(dict[str, Markup]):
    """By site path, the way there as HTML, from the page at `url` and, which is set by `stand`, one after the other, from all
    in its folder: so it knows those that lead out of the folder, which are the same for all, and those to their siblings,
    which are the same for all but the sibling itself.
    """

    def __init__(self, linker: Linker, url: str) -> None:
        super().__init__()
        self.linker, self.url = linker, url
        self.top, self.up = linker.above(url)
        self.folder = url[:-1].rpartition("/")[0] + "/"

    def stand(self, url: str) -> None:
        """Go on to another page of the folder."""
        self.url = url
        self.pop(url, None)

    def __missing__(self, target: str) -> Markup:
        path, sign, place = target.partition("#p-")
        if sign and self.up and path in self and place.isalnum():  # a paragraph of a page that it knows
            return as_it_is("".join((self[path], sign, place)))
        if not (self.up and _ORDINARY(target)):
            way = escape(self.linker.href(self.url, target))
            if not self.up:
                self[target] = way
            return way
        if target.startswith(self.top):
            return self._near(target)
        way = as_it_is(self.up + target[1:])
        if "#" not in target:
            self._keep(target, way)
        return way

    def _near(self, target: str) -> Markup:
        """The way within the page's first folder, to a path that stands in an address as it is."""
        at = len(self.folder)
        if target.startswith(self.folder) and not target.startswith(self.url):
            way = as_it_is("../" + target[at:])
            if target.find("/", at) == len(target) - 1:
                self._keep(target, way)
            return way
        rest = target.removeprefix(self.url)
        if self.url[-1] == "/" and rest and rest != target and "#" not in rest and ":" not in rest:
            return as_it_is(rest)  # what lies below the page
        return escape(self.linker.href(self.url, target))

    def _keep(self, target: str, way: Markup) -> None:
        if len(self) >= _WAYS_KEPT:
            self.clear()
        self[target] = way


class Folders:
    """The ways from pages, one page after the other."""

    def __init__(self) -> None:
        self._ways: dict[str, Ways] = {}

    def ways(self, url: str, linker: Linker) -> Ways:
        """The ways from a page: those from other pages of its folder, where they know them."""
        folder = url.rpartition("/")[0].rpartition("/")[0]
        ways = self._ways.get(folder)
        if ways is None or ways.linker != linker or url[-1] != "/":
            ways = Ways(linker, url)
            if ways.up and folder and url[-1] == "/":
                if sum(map(len, self._ways.values())) > _WAYS_LEFT:
                    self._ways.clear()
                while len(self._ways) >= _FOLDERS_KEPT:
                    self._ways.pop(next(iter(self._ways)), None)
                self._ways[folder] = ways
        ways.stand(url)
        return ways
