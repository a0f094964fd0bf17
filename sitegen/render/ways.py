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
# Ways, of 350 bytes: from a place, and from all others where pages of a new one begin, for they come kind by kind. A limit
# that a large collection goes beyond costs it more for each page than a small one.
_WAYS_KEPT, _WAYS_LEFT = 150_000, 20_000
# A path that stands in an address, and in an attribute, as it is.
_ORDINARY = re.compile(r"/(?!/)[\w/.~!$()*+,;=:@%-]*+(?:#[\w.:-]*+)?").fullmatch
as_it_is: Callable[[str], Markup] = partial(str.__new__, Markup)


class Ways(dict[str, Markup]):
    """By site path, the way there as HTML, from the page at `url` and, which is set by `stand`, one after the other, from all
    below the same first folder that lie as deep: so it knows those that lead out of that, which are the same for all, and
    those that lead out of the page's folder or to its siblings, which are the same for all in a folder but the sibling itself.
    """

    def __init__(self, linker: Linker, url: str) -> None:
        super().__init__()
        self.linker, self.url = linker, url
        self.top, self.up = linker.above(url)
        self._enter(url)

    def stand(self, url: str) -> None:
        """Go on to another page."""
        self.url = url
        self.pop(url, None)
        if not url.startswith(self.folder):  # as deep as the last: what begins with its folder lies in it
            for other in self._within:
                self.pop(other, None)
            self._enter(url)

    def _enter(self, url: str) -> None:
        """Be in the folder of a page, from where the folders above lead up to its first."""
        parts = url[1:-1].split("/")[:-1]
        above = ["/" + "".join([f"{part}/" for part in parts[:depth]]) for depth in range(len(parts), 0, -1)]
        self.folder = above[0] if above else "/"
        self._above = [(folder, "../" * number) for number, folder in enumerate(above, 1)]
        self._within: set[str] = set()  # what is known of ways that hold in this folder

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
        if self.url[-1] == "/" and not target.startswith(self.url):
            for folder, up in self._above:
                if target.startswith(folder):
                    way = as_it_is(up + target[len(folder) :])
                    # Of what lies below a sibling, that says something else.
                    if "#" not in target and (folder != self.folder or target.find("/", len(folder)) == len(target) - 1):
                        self._keep(target, way)
                        self._within.add(target)
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
        self._ways: dict[tuple[str, int], Ways] = {}

    def ways(self, url: str, linker: Linker) -> Ways:
        """The ways from a page: those from other pages below its first folder, as deep as it, where they know them."""
        place = url[1 : url.find("/", 1)], url.count("/")
        ways = self._ways.get(place)
        if ways is None or ways.linker != linker or url[-1] != "/":
            ways = Ways(linker, url)
            if ways.up and place[1] > 2 and url[-1] == "/":
                if sum(map(len, self._ways.values())) > _WAYS_LEFT:
                    self._ways.clear()
                while len(self._ways) >= _FOLDERS_KEPT:
                    self._ways.pop(next(iter(self._ways)), None)
                self._ways[place] = ways
        ways.stand(url)
        return ways
