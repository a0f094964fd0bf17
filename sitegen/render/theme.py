"""A theme: what its templates reach and name, digests of that, its assets, and pages made with it.

A theme is a folder `<root>/<name>/` with theme.toml, templates/, assets/ and locale/. What it lacks comes from the
theme it extends. Files are read by `load` and never again: a Theme is a value, and can be pickled.

A template is named by its file ("article.html": the nearest theme of the chain has it) or by theme and file
("default/article.html": that theme's own), so that a template can extend its parent's of the same name.

Rendering is sandboxed and pure: no clock, no chance, no files. Jinja and Pygments are imported on first
use, and neither is needed for a digest: an unchanged site costs no import.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from sitegen.errors import Span, did_you_mean
from sitegen.model.digests import version_of
from sitegen.render import named
from sitegen.render.layers import SETTINGS, Layer, Source, broken, catalogues, place_of, read
from sitegen.render.ways import Folders, as_it_is
from sitegen.words.interface import Words

if TYPE_CHECKING:
    from sitegen.model.ids import Linker
    from sitegen.model.views import PageView, SiteView
    from sitegen.render.engine import Engine
    from sitegen.render.problems import TemplateProblem

PYGMENTS_CSS = "assets/pygments.css"
_PROGRAM = Path(__file__).parents[1]


class Finish(msgspec.Struct, frozen=True):
    """How a theme is published: the paths of its assets by those it knows them by, and whether templates are tightened.

    assets: None where each is published as it is called.
    """

    assets: Mapping[str, str] | None = None
    tight: bool = False


class Theme:
    """A theme with all it inherits, and the words it speaks.

    `layers` begin with the theme itself and end with its last parent.
    """

    def __init__(self, layers: Sequence[Layer], words: Words | None = None, finish: Finish | None = None) -> None:
        self._layers = tuple(layers)
        self.words = words or Words()
        self.finish = finish or Finish()
        self._names = {f"{layer.name}/{name}" for layer in layers for name in layer.templates}
        self._digests: dict[str, str] = {}
        self._engine: Engine | None = None
        self._quick: Engine | None = None
        self._folders = Folders()
        self._uncertain: set[str] = set()  # templates that the quick one cannot render

    def __reduce__(self) -> tuple[type[Theme], tuple[tuple[Layer, ...], Words, Finish]]:
        return Theme, (self._layers, self.words, self.finish)

    def finished(self, finish: Finish) -> Theme:
        """The same theme, as it is published."""
        return Theme(self._layers, self.words, finish)

    @property
    def name(self) -> str:
        return self._layers[0].name

    @property
    def chain(self) -> tuple[str, ...]:
        """Its name, and those of the themes that it extends."""
        return tuple(layer.name for layer in self._layers)

    @staticmethod
    def load(name: str, roots: Sequence[Path], language: str = "en") -> Theme:
        """Read a theme and those it extends, with the words of a language; an earlier root wins.

        Raises: SiteError for a theme that is not there, a circle, or a theme.toml or catalogue that says what it cannot.
        """
        layers = read(name, roots, language)
        found = [source for layer in layers for source in layer.catalogues]
        found += catalogues(_PROGRAM / "locale", language)
        words = Words(language, [(source.path, source.text) for source in found])
        words.check()
        return Theme(layers, words)

    @staticmethod
    def code_version() -> str:
        """Of the code that its templates run besides their own."""
        return _code_version()

    def digest(self, template: str) -> str:
        """Of everything that rendering the template can read: sources, words, and the code of the filters.

        The closure follows extends, include and import; a reference that is computed takes all templates.
        Raises: SiteError where the theme has no such template.
        """
        if template not in self._digests:
            digest = hashlib.blake2b(self.code_version().encode() + self.words.digest, digest_size=16)
            for name in sorted(self._closure(self._find(template))):
                source = self._source(name)
                digest.update(f"{name}\0{len(source.text) if source else -1}\0".encode())
                digest.update(source.text.encode() if source else b"")
            self._digests[template] = digest.hexdigest()
        return self._digests[template]

    def has(self, template: str) -> bool:
        """Whether a theme of the chain has this template."""
        return self.qualified(template) in self._names

    def reads(self, template: str, field: str) -> bool:
        """Whether rendering the template may look at a field of this name; True where a name is computed."""
        return named.page_field(self._texts(template), field)

    def includes(self, template: str, qualified: str) -> bool:
        """Whether rendering the template can reach another, named by theme and file."""
        return qualified in self._closure(self._find(template))

    def reads_of_site(self, template: str) -> frozenset[str] | None:
        """The fields of `site` that rendering the template may look at; None where that may be any."""
        return named.site_fields(self._texts(template))

    def _texts(self, template: str) -> Iterator[str]:
        """The sources of a template and of all it can reach."""
        for name in self._closure(self._find(template)):
            if source := self._source(name):
                yield source.text

    def named_assets(self, template: str = "") -> frozenset[str] | None:
        """The assets that rendering a template names by `asset`, or all of them; None where a name is computed."""
        return named.assets(self._texts(template) if template else (source.text for source in self._sources()))

    def plain_assets(self) -> frozenset[str]:
        """What templates name by `href`: this keeps its name."""
        return frozenset(name for source in self._sources() for name in named.plainly(source.text))

    def asset_paths(self) -> list[str]:
        """Where its assets are published."""
        assets = self.finish.assets
        return sorted(assets.values()) if assets is not None else list(self.asset_digests())

    def assets(self) -> dict[str, bytes]:
        """Output path → bytes over the chain, a child's before its parent's, with the code colours."""
        files = {PYGMENTS_CSS: self._pygments_css()}
        for layer in reversed(self._layers):
            files |= layer.assets
        return dict(sorted(files.items()))

    def asset_digests(self) -> dict[str, str]:
        """Output path → digest of what the asset is made of: cheaper than `assets`, and changes with it."""
        made_of = {PYGMENTS_CSS: f"{version_of('pygments')} {self._styles()} {self.code_version()}".encode()}
        for layer in reversed(self._layers):
            made_of |= layer.assets
        return {path: hashlib.blake2b(made_of[path], digest_size=16).hexdigest() for path in sorted(made_of)}

    def render(self, view: PageView, site: SiteView, body: str, linker: Linker) -> str:
        """The page of a view, by the template the view names. `body` is HTML and taken as it is.

        Raises: TemplateProblem with the template's file and line and the page it was rendering.
        """
        return "".join(self.pieces(view, site, body, linker))

    def pieces(self, view: PageView, site: SiteView, body: str, linker: Linker) -> list[str]:
        """The same in a few pieces."""
        name = self._find(view.template)
        try:
            if name not in self._uncertain:
                engine = self._quick = self._quick or self._new_engine()
                try:
                    return self._rendered(engine, name, view, site, body, linker)
                except AttributeError:  # it looks for what need not be there, or fails: the other says which
                    self._uncertain.add(name)
            engine = self._engine = self._engine or self._new_engine(careful=True)
            return self._rendered(engine, name, view, site, body, linker)
        except Exception as error:  # whatever a template did, it is the template's problem
            raise self._problem(error, view.url) from error

    def ready(self, templates: Iterable[str]) -> None:
        """Load all that rendering these may need, so that processes that are forked later have it. What fails will fail again."""
        with suppress(Exception):
            engine = self._quick = self._quick or self._new_engine()
            for name in set().union(*(self._closure(self._find(template)) for template in templates)) & self._names:
                engine.get_template(name)

    def _new_engine(self, *, careful: bool = False) -> Engine:
        from sitegen.render.engine import Engine

        return Engine(self, careful=careful)

    def _rendered(self, engine: Engine, name: str, view: PageView, site: SiteView, body: str, linker: Linker) -> list[str]:
        given = engine.given
        given.variables.update(site=site, page=view, body=as_it_is(body))
        given.ways, given.linker = self._folders.ways(view.url, linker), linker
        found: list[str] = engine.get_template(name).page()
        return found

    def qualified(self, name: str) -> str:
        """The theme and file that a template name means, or the name as it is where there is none."""
        if name in self._names:
            return name
        return next((f"{layer.name}/{name}" for layer in self._layers if name in layer.templates), name)

    def source(self, name: str) -> tuple[str, str] | None:
        """The text and path of a template, or None."""
        found = self._source(self.qualified(name))
        return (found.text, found.path) if found else None

    def templates(self) -> tuple[str, ...]:
        """Every template of the chain, by theme and file, in order."""
        return tuple(sorted(self._names))

    def optional(self) -> Iterator[str]:
        """The templates that a theme may do without and this one has."""
        from sitegen.model import views

        pages = (view for view in vars(views).values() if isinstance(view, type) and issubclass(view, views.PageView))
        yield from sorted({view.template for view in pages if view.optional and self.qualified(view.template) in self._names})

    def references(self, name: str) -> tuple[str, ...]:
        """The templates that a template names, by theme and file; all, where it computes a name."""
        source = self._source(self.qualified(name))
        return tuple(self._references(source.text)) if source else ()

    def _find(self, template: str) -> str:
        name = self.qualified(template)
        if name not in self._names:
            known = {known.partition("/")[2] for known in self._names}
            help = did_you_mean(template, known) or 'add it, or extend "default" in theme.toml'
            place = Span(self._layers[0].toml.path)
            raise broken("no-template", f'theme "{self.name}" has no template "{template}"', place, help)
        return name

    def _source(self, qualified: str) -> Source | None:
        theme, _, file = qualified.partition("/")
        return next((layer.templates.get(file) for layer in self._layers if layer.name == theme), None)

    def _sources(self) -> Iterator[Source]:
        for layer in self._layers:
            yield from layer.templates.values()

    def _references(self, text: str) -> Iterator[str]:
        for names in named.templates(text):
            yield from map(self.qualified, names) if names else sorted(self._names)

    def _closure(self, name: str) -> set[str]:
        """A template and all it can reach; a name that leads nowhere counts: one day it may lead on."""
        reached: set[str] = set()
        waiting = [name]
        while waiting:
            name = waiting.pop()
            if name not in reached:
                reached.add(name)
                source = self._source(name)
                waiting += self._references(source.text) if source else ()
        return reached

    def _styles(self) -> tuple[str, str]:
        return self._setting("pygments_light")[0], self._setting("pygments_dark")[0]

    def _setting(self, key: str) -> tuple[str, Layer]:
        """A setting and the nearest theme that makes it; the default where none does."""
        for layer in self._layers:
            if key in layer.settings:
                return layer.settings[key], layer
        return SETTINGS[key], self._layers[0]

    def _pygments_css(self) -> bytes:
        from pygments.formatters.html import HtmlFormatter
        from pygments.styles import get_all_styles, get_style_by_name
        from pygments.util import ClassNotFound

        parts = []
        media = {"pygments_light": "print, (prefers-color-scheme: light)",
                 "pygments_dark": "screen and (prefers-color-scheme: dark)"}  # fmt: skip
        for key, query in media.items():
            style, layer = self._setting(key)
            try:
                formatter: Any = HtmlFormatter(style=get_style_by_name(style))
            except ClassNotFound:
                help = did_you_mean(style, get_all_styles()) or "`pygmentize -L styles` lists them"
                place = place_of(layer.toml, key)
                raise broken("unknown-style", f'Pygments has no style "{style}"', place, help) from None
            rules = "\n".join(formatter.get_token_style_defs([".highlight", ".codehilite"]))
            parts.append(f"@media {query} {{\n{rules}\n}}\n")
        return "".join(parts).encode()

    def _problem(self, error: Exception, url: str) -> TemplateProblem:
        from sitegen.render.problems import problem

        engine = self._quick or self._engine
        filters = engine.filters if engine else ()
        return problem(error, url, self._layers[0].toml.path, list(self._sources()), self._names, filters)


@cache
def _code_version() -> str:
    """Of the code that a template runs besides its own: Jinja, this room, links, dates, words and citations."""
    digest = hashlib.blake2b(f"jinja2 {version_of('jinja2')}".encode(), digest_size=16)
    rooms = (file for room in ("render", "words", "cite") for file in sorted((_PROGRAM / room).glob("*.py")))
    for file in (*rooms, _PROGRAM / "model" / "ids.py", _PROGRAM / "model" / "dates.py"):
        digest.update(file.read_bytes())
    return digest.hexdigest()
