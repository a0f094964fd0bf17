"""Load a theme, digest what a template can read, render a view.

A theme is a folder `<root>/<name>/` with theme.toml, templates/, assets/ and locale/. What it lacks comes from the
theme it extends. Files are read by `load` and never again: a Theme is a value, and can be pickled.

A template is named by its file ("article.html": the nearest theme of the chain has it) or by theme and file
("default/article.html": that theme's own), so that a template can extend its parent's of the same name.

Rendering is sandboxed and pure: no clock, no chance, no files. Jinja and Pygments are imported on first
use, and neither is needed for a digest: an unchanged site costs no import.
"""

from __future__ import annotations

import hashlib
import marshal
import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from markupsafe import Markup, escape

from sitegen import kept
from sitegen.errors import Issue, SiteError, Span, did_you_mean
from sitegen.model.digests import digest, version_of
from sitegen.tight import tightened
from sitegen.words.interface import Words, direction, names_of

if TYPE_CHECKING:
    from jinja2 import Environment

    from sitegen.model.dates import Date
    from sitegen.model.ids import Linker
    from sitegen.model.views import Citation, KindView, PageView, SiteView
    from sitegen.quick import Given, QuickContext

PYGMENTS_CSS = "assets/pygments.css"
_SETTINGS = {"name": "", "extends": "", "pygments_light": "default", "pygments_dark": "github-dark"}
_VARIABLES = ("site", "page", "body")
_FOLDERS_KEPT, _WAYS_KEPT = 64, 20_000
_TEXTS_KEPT = 500
_MESSAGES_KEPT = 5000
_OTHER_VALUE = re.compile(r"%(?!%|\(\w+\)s)")  # one that is not written as a text

# A static reference is a string, or a list of strings, and then nothing but modifiers.
_REFERENCE = re.compile(r"\{%[-+]?\s*(?:extends|include|import|from)\b(.*?)%\}", re.DOTALL)
_STRING = r"""(?:"[^"\\]*"|'[^'\\]*')"""
_STATIC = re.compile(
    rf"\s*({_STRING}|[\[(]\s*{_STRING}(?:\s*,\s*{_STRING})*\s*,?\s*[\])])\s*"
    r"(?:\b(?:ignore|with|without|import|as)\b.*?)?[-+]?\Z",
    re.DOTALL,
)
# `site.title` names a field; `site` by itself, or a name that is computed, may mean any.
_SITE = re.compile(r"\bsite\b(?!\.(?:css|js)\b)")
_SITE_FIELD = re.compile(r"\bsite\.(?!(?:css|js)\b)(\w+)")
_COMPUTED = re.compile(r"""\[(?!\s*(?:[-0-9:\s]*|"[^"]*"|'[^']*')\s*\])|\|\s*attr\b""")
_PARAGRAPH = re.compile(r'<p id="(p-[^"]*)"[^>]*>')  # none holds another
_GLOSSES = re.compile(r'<aside class="glosses".*?</aside>', re.DOTALL)  # see `markup.splice`
# An asset that is named as text is one that can be told; a name that is computed may be any.
_ASSET = re.compile(rf"({_STRING})\s*\|\s*asset\b")
_ANY_ASSET = re.compile(r"""(?:\||\bfilter)\s*asset\b|["']asset["']""")
_PLAINLY = re.compile(rf"({_STRING})\s*\|\s*(?:href|absolute)\b")
# A path that stands in an address, and in an attribute, as it is.
_ORDINARY = re.compile(r"/(?!/)[\w/.~!$()*+,;=:@%-]*+(?:#[\w.:-]*+)?").fullmatch
_as_it_is: Callable[[str], Markup] = partial(str.__new__, Markup)
_NAME = re.compile(r'no (?:field|item|variable) "([^"]+)"|No (?:filter|test) named \'([^\']+)\'')


class TemplateProblem(SiteError):
    """A template that cannot be read or rendered; its one issue says where, and for which page."""


class _Source(msgspec.Struct, frozen=True):
    """The text of a template and the file it stands in."""

    path: str
    text: str


class _Layer(msgspec.Struct, frozen=True):
    """One theme of the chain. `settings` are the keys of its theme.toml, whose text is `toml`.

    catalogues: those for the interface's language, the nearest first.
    """

    name: str
    toml: _Source
    settings: Mapping[str, str]
    templates: Mapping[str, _Source]
    assets: Mapping[str, bytes]
    catalogues: Sequence[_Source] = ()


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

    def __init__(self, layers: Sequence[_Layer], words: Words | None = None, finish: Finish | None = None) -> None:
        self._layers = tuple(layers)
        self.words = words or Words()
        self.finish = finish or Finish()
        self._names = {f"{layer.name}/{name}" for layer in layers for name in layer.templates}
        self._digests: dict[str, str] = {}
        self._engine: Environment | None = None
        self._quick: Environment | None = None
        self._ways: dict[str, _Ways] = {}  # by folder
        self._uncertain: set[str] = set()  # templates that the quick one cannot render

    def __reduce__(self) -> tuple[type[Theme], tuple[tuple[_Layer, ...], Words, Finish]]:
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
        layers: list[_Layer] = []
        place: Span | None = None
        while name:
            chain = [layer.name for layer in layers]
            if name in chain:
                circle = " → ".join([*chain[chain.index(name) :], name])
                raise _refused("theme-circle", f"a theme extends itself: {circle}", place,
                               'take "extends" out of one of these theme.toml')  # fmt: skip
            layers.append(_read_layer(name, roots, place, language))
            name = layers[-1].settings.get("extends", "")
            place = _span(layers[-1].toml, "extends")
        catalogues = [source for layer in layers for source in layer.catalogues]
        catalogues += _catalogues(Path(__file__).parent / "locale", language)
        words = Words(language, [(source.path, source.text) for source in catalogues])
        words.check()
        return Theme(layers, words)

    def digest(self, template: str) -> str:
        """Of everything that rendering the template can read: sources, words, and the code of the filters.

        The closure follows extends, include and import; a reference that is computed takes all templates.
        Raises: SiteError where the theme has no such template.
        """
        if template not in self._digests:
            digest = hashlib.blake2b(_code_version().encode() + self.words.digest, digest_size=16)
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
        spelled = re.compile(rf"\.\s*{re.escape(field)}\b|['\"]{re.escape(field)}['\"]|\bpage\b(?!\s*\.)")
        return any(spelled.search(text) or _COMPUTED.search(text) for text in self._texts(template))

    def includes(self, template: str, qualified: str) -> bool:
        """Whether rendering the template can reach another, named by theme and file."""
        return qualified in self._closure(self._find(template))

    def reads_of_site(self, template: str) -> frozenset[str] | None:
        """The fields of `site` that rendering the template may look at; None where that may be any."""
        return _together(map(_fields_of_site, self._texts(template)))

    def _texts(self, template: str) -> Iterator[str]:
        """The sources of a template and of all it can reach."""
        for name in self._closure(self._find(template)):
            if source := self._source(name):
                yield source.text

    def named_assets(self, template: str = "") -> frozenset[str] | None:
        """The assets that rendering a template names by `asset`, or all of them; None where a name is computed."""
        return _together(map(_assets_named, self._texts(template) if template else (source.text for source in self._sources())))

    def plain_assets(self) -> frozenset[str]:
        """What templates name by `href`: this keeps its name."""
        return frozenset(name for source in self._sources() for name in _named_plainly(source.text))

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
        made_of = {PYGMENTS_CSS: f"{version_of('pygments')} {self._styles()} {_code_version()}".encode()}
        for layer in reversed(self._layers):
            made_of |= layer.assets
        return {path: hashlib.blake2b(made_of[path], digest_size=16).hexdigest() for path in sorted(made_of)}

    def render(self, view: PageView, site: SiteView, body: str, linker: Linker) -> str:
        """The page of a view, by the template the view names. `body` is HTML and taken as it is.

        Raises: TemplateProblem with the template's file and line and the page it was rendering.
        """
        name = self._find(view.template)
        try:
            if name not in self._uncertain:
                engine = self._quick = self._quick or _environment(self)
                try:
                    return self._rendered(engine, name, view, site, body, linker)
                except AttributeError:  # it looks for what need not be there, or fails: the other says which
                    self._uncertain.add(name)
            engine = self._engine = self._engine or _environment(self, careful=True)
            return self._rendered(engine, name, view, site, body, linker)
        except Exception as error:  # whatever a template did, it is the template's problem
            raise self._problem(error, view.url) from error

    def _rendered(self, engine: Any, name: str, view: PageView, site: SiteView, body: str, linker: Linker) -> str:
        given: Given = engine.given
        given.variables.update(site=site, page=view, body=_as_it_is(body))
        given.ways, given.linker = self._ways_from(view.url, linker), linker
        text: str = engine.get_template(name).page()
        return text

    def _ways_from(self, url: str, linker: Linker) -> _Ways:
        """The ways from a page: those from other pages of its folder, where they know them."""
        folder = url.rpartition("/")[0].rpartition("/")[0]
        ways = self._ways.get(folder)
        if ways is None or ways.linker != linker or url[-1] != "/":
            ways = _Ways(linker, url)
            if ways.up and folder and url[-1] == "/":
                while len(self._ways) >= _FOLDERS_KEPT:
                    self._ways.pop(next(iter(self._ways)), None)
                self._ways[folder] = ways
        ways.url = url
        return ways

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
            raise _refused("no-template", f'theme "{self.name}" has no template "{template}"', place, help)
        return name

    def _source(self, qualified: str) -> _Source | None:
        theme, _, file = qualified.partition("/")
        return next((layer.templates.get(file) for layer in self._layers if layer.name == theme), None)

    def _sources(self) -> Iterator[_Source]:
        for layer in self._layers:
            yield from layer.templates.values()

    def _references(self, text: str) -> Iterator[str]:
        for names in _references(text):
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

    def _setting(self, key: str) -> tuple[str, _Layer]:
        """A setting and the nearest theme that makes it; the default where none does."""
        for layer in self._layers:
            if key in layer.settings:
                return layer.settings[key], layer
        return _SETTINGS[key], self._layers[0]

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
                place = _span(layer.toml, key)
                raise _refused("unknown-style", f'Pygments has no style "{style}"', place, help) from None
            rules = "\n".join(formatter.get_token_style_defs([".highlight", ".codehilite"]))
            parts.append(f"@media {query} {{\n{rules}\n}}\n")
        return "".join(parts).encode()

    def _problem(self, error: Exception, url: str) -> TemplateProblem:
        """What a template did wrong, with the deepest line of a template that the error passed through."""
        from jinja2 import TemplateNotFound, TemplateSyntaxError

        engine = self._quick or self._engine
        path, line = _template_line(error, {source.path for source in self._sources()})
        fact, _, help = str(error).partition("\n")
        if isinstance(error, TemplateSyntaxError):
            path, line, fact = error.filename or path, error.lineno, error.message or fact
            unknown = re.match(r"No filter named '(.+)'", fact)
            help = did_you_mean(unknown[1], engine.filters) if unknown and engine else ""
        elif isinstance(error, TemplateNotFound):
            known = {name.partition("/")[2] for name in self._names} | self._names
            fact, help = f'no template "{error.name}"', did_you_mean(str(error.name), known)
        elif isinstance(error, RecursionError):
            fact = "the template includes or extends itself without end"
            help = 'to extend the parent theme\'s template of the same name, write {% extends "default/…" %}'
        elif not help:
            fact = f"{type(error).__name__}: {fact}" if fact else type(error).__name__
        issue = Issue("template-error", f"{fact} (rendering {url})", self._excerpt(path, line, fact),
                      help or "docs/themes.md lists what a template gets")  # fmt: skip
        return TemplateProblem(issue.message, help=issue.help, issues=[issue])

    def _excerpt(self, path: str, line: int, fact: str) -> Span:
        """The line of a template, with the name the fact speaks of marked where it stands there."""
        lines = next((source.text.splitlines() for source in self._sources() if source.path == path), [])
        if not 0 < line <= len(lines):
            return Span(path or self._layers[0].toml.path)
        text = lines[line - 1]
        named = _NAME.search(fact)
        word = (named.group(1) or named.group(2)) if named else text.strip()
        found = re.search(rf"\b{re.escape(word)}\b", text) if named else None
        start = found.start() if found else len(text) - len(text.lstrip())
        return Span(path, line, start + 1, len(word if found else text.strip()) or 1, text)


def _together(found: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    """All that is in any, None where one of them may be anything."""
    every: set[str] = set()
    for names in found:
        if names is None:
            return None
        every |= names
    return frozenset(every)


# What stands in a text is looked for once in a process: templates reach the same ones, and builds follow one another.


@lru_cache(_TEXTS_KEPT)
def _fields_of_site(text: str) -> frozenset[str] | None:
    fields = _SITE_FIELD.findall(text)
    return None if len(fields) != len(_SITE.findall(text)) or _COMPUTED.search(text) else frozenset(fields)


@lru_cache(_TEXTS_KEPT)
def _assets_named(text: str) -> frozenset[str] | None:
    named = _ASSET.findall(text)
    return None if len(named) != len(_ANY_ASSET.findall(text)) else frozenset(name[1:-1].lstrip("/") for name in named)


@lru_cache(_TEXTS_KEPT)
def _named_plainly(text: str) -> frozenset[str]:
    return frozenset(name[1:-1].lstrip("/") for name in _PLAINLY.findall(text))


@lru_cache(_TEXTS_KEPT)
def _references(text: str) -> tuple[tuple[str, ...], ...]:
    """The names that each reference to other templates gives, none where it computes them."""
    found = map(_STATIC.match, _REFERENCE.findall(text))
    return tuple(tuple(name[1:-1] for name in re.findall(_STRING, static[1])) if static else () for static in found)


def numbered(body: Markup, label: str = "Paragraph") -> Markup:
    """A body whose paragraphs end in their numbers, each a link to itself. For templates only."""
    text, before = str(body), f'" aria-label="{escape(label)} '
    parts: list[str] = []
    at = count = 0
    for found in _PARAGRAPH.finditer(text):
        end = text.find("</p>", found.end())
        if found.start() < at or end < 0:
            continue
        count += 1
        parts += (text[at:end], '<a class="number" href="#', found[1], before, str(count), '">', str(count), "</a></p>")
        at = end + 4
    return Markup("".join([*parts, text[at:]]))


def beside(body: str, notes: Sequence[Any], show: Callable[[list[Any]], str]) -> Markup:
    """The body with notes behind the blocks they are on: `show`, a macro, is given those of a block.

    A block, its notes and then its glosses are wrapped in a `div` of the class "passage": in the margin a note stands where
    its block begins. Notes that are on none come behind all.
    """
    groups: dict[tuple[int, int], list[Any]] = {}
    for note in notes:
        groups.setdefault((note.begin, note.end), []).append(note)
    text, at, parts = str(body), 0, []
    for (begin, end), group in sorted(groups.items()):
        if begin >= at:
            block = text[begin:end]
            glosses = _GLOSSES.findall(block)
            block = _GLOSSES.sub("", block) if glosses else block
            parts += [text[at:begin], '<div class="passage">', block, show(group), *glosses, "</div>"]
            at = end
    return Markup("".join([*parts, text[at:], *(show(group) for (begin, _), group in groups.items() if begin < 0)]))


class _Ways(dict[str, Markup]):
    """By site path, the way there as HTML, from the page at `url` and, which is set, one after the other, from all in its
    folder: so it knows those that lead out of the folder, which are the same for all.
    """

    def __init__(self, linker: Linker, url: str) -> None:
        super().__init__()
        self.linker, self.url = linker, url
        self.top, self.up = linker.above(url)
        self.folder = url[:-1].rpartition("/")[0] + "/"

    def __missing__(self, target: str) -> Markup:
        path, sign, place = target.partition("#p-")
        if sign and self.up and path in self and place.isalnum():  # a paragraph of a page that it knows
            return _as_it_is(self.up + target[1:])
        if not (self.up and _ORDINARY(target)):
            way = escape(self.linker.href(self.url, target))
            if not self.up:
                self[target] = way
            return way
        if target.startswith(self.top):
            if target.startswith(self.folder) and not target.startswith(self.url):
                return _as_it_is("../" + target[len(self.folder) :])
            return escape(self.linker.href(self.url, target))
        way = _as_it_is(self.up + target[1:])
        if "#" not in target:
            if len(self) >= _WAYS_KEPT:
                self.clear()
            self[target] = way
        return way


def _environment(theme: Theme, *, careful: bool = False) -> Environment:
    """A sandbox that can do nothing but compute: what reads, and what is left to chance, is taken out.

    careful: whether each field is looked for before it is read.
    """
    import msgspec
    from jinja2 import FunctionLoader, StrictUndefined, nodes, pass_context
    from jinja2.runtime import LoopContext
    from jinja2.sandbox import ImmutableSandboxedEnvironment
    from jinja2.utils import Namespace, missing
    from jinja2.visitor import NodeTransformer

    from sitegen.model import views
    from sitegen.quick import Given, NotGiven, QuickCode, QuickContext, QuickTemplate, names_of_fields, plain, written

    words = theme.words
    version = (sys.version, version_of("markupsafe"), _code_version())

    class Missing(StrictUndefined):
        """Says what is missing in the words of the contract: the fact, and on a second line the remedy."""

        __slots__ = ()

        @property
        def _undefined_message(self) -> str:
            name, owner = str(self._undefined_name), self._undefined_obj
            if self._undefined_hint:
                return self._undefined_hint
            if not isinstance(self._undefined_name, str):
                return f"there is no item {name}"
            if isinstance(owner, Mapping):
                return f'there is no item "{name}"\n{did_you_mean(name, map(str, owner)) or _DEFAULT_HINT}'
            fields = getattr(type(owner), "__struct_fields__", ())
            if fields:
                help = did_you_mean(name, fields) or f"it has {', '.join(fields)}"
                return f'{type(owner).__name__} has no field "{name}"\n{help}'
            if owner is missing:
                help = did_you_mean(name, _VARIABLES) or "a template gets site, page and body"
                return f'there is no variable "{name}"\n{help}'
            return f'{type(owner).__name__} has no field "{name}"'

    class Said(NodeTransformer):
        """Puts into the code what a message without values says: nothing is looked up while a page is rendered."""

        def visit_Call(self, node: nodes.Call) -> nodes.Node:
            name = node.node.name if isinstance(node.node, nodes.Name) else ""
            texts = [item.value for item in node.args if isinstance(item, nodes.Const) and isinstance(item.value, str)]
            if len(texts) == len(node.args) and not (node.kwargs or node.dyn_args or node.dyn_kwargs):
                if name in ("_", "gettext") and len(texts) == 1:
                    return nodes.Const(words.gettext(texts[0]), lineno=node.lineno)
                if name == "pgettext" and len(texts) == 2:
                    return nodes.Const(words.pgettext(*texts), lineno=node.lineno)
            return self.generic_visit(node)

    def is_plain(kind: type) -> bool:
        """Whether all that things of a kind have is there for templates."""
        return issubclass(kind, (msgspec.Struct, LoopContext, Namespace))

    class Engine(ImmutableSandboxedEnvironment):
        code_generator_class = QuickCode
        context_class = QuickContext
        template_class = QuickTemplate
        names = frozenset[str]() if careful else names_of_fields(views)
        messages: frozenset[Any] = frozenset()
        html: Callable[[str], tuple[str, bool]]
        said: Callable[[str], str]
        counted: Callable[[str, str, int], str]
        given: Given
        not_given: Given
        known: dict[tuple[Any, ...], Any]

        def _generate(self, source: nodes.Template, *args: Any, **options: Any) -> str:
            if theme.finish.tight:
                data = list(source.find_all(nodes.TemplateData))
                for node, text in zip(data, tightened([node.data for node in data]), strict=True):
                    node.data = text
            return super()._generate(Said().visit(source), *args, **options)

        def compile(self, *text: Any) -> Any:
            """Once for a text, and what else its code is written from: one build follows another, and one run another."""
            made_of = (text, theme.finish.tight, words.digest, careful)
            code = _codes.get(made_of)
            if code is None:
                while len(_codes) >= _TEXTS_KEPT:
                    _codes.pop(next(iter(_codes)), None)
                key = digest(repr((made_of, sorted(self.names), version)).encode())
                held = kept.read("template", key)
                code = _codes[made_of] = marshal.loads(held) if held else super().compile(*text)
                if not held:
                    kept.keep("template", key, marshal.dumps(code))
            return code

        def get_template(self, name: Any, parent: Any = None, globals: Any = None) -> Any:
            """Without asking each time whether it has changed."""
            found = self.known.get((name, parent))
            if found is None:
                found = self.known[name, parent] = super().get_template(name, parent, globals)
            return found

        def join_path(self, template: str, parent: str) -> str:
            return theme.qualified(template)

        def getattr(self, obj: Any, attribute: str) -> Any:
            """The fields of our values and of loops straight away; all else by the rules of the sandbox, which take longer."""
            kind = type(obj)
            if attribute[0] != "_" and (kind in plain or is_plain(kind)):
                plain.add(kind)
                try:
                    return getattr(obj, attribute)
                except AttributeError:
                    return self.undefined(obj=obj, name=attribute)
            return super().getattr(obj, attribute)

        def getitem(self, obj: Any, argument: Any) -> Any:
            """So are the fields by which filters choose: none of these values is a mapping."""
            kind = type(obj)
            if type(argument) is str and argument[:1] != "_" and (kind in plain or is_plain(kind)):
                return self.getattr(obj, argument)
            return super().getitem(obj, argument)

    def load(name: str) -> tuple[str, str, Any] | None:
        found = theme.source(name)
        return (*found, None) if found else None

    @pass_context
    def href(context: QuickContext, target: str) -> Markup:
        return context.given.ways[target]  # type: ignore[return-value]

    @pass_context
    def asset(context: QuickContext, target: str) -> Markup:
        return context.given.ways[_published(theme, target)]  # type: ignore[return-value]

    @pass_context
    def absolute(context: QuickContext, target: str) -> str:
        return str(context.given.linker.absolute(target))

    def of_kind(count: int, kind: KindView, num: object = None) -> Markup:
        form = words.counted(kind.id, kind.singular, kind.label, count)
        return Markup(escape(form)) % {"num": words.number(count) if num is None else num}

    @lru_cache(_MESSAGES_KEPT)
    def html(message: str) -> tuple[str, bool]:
        """A message as HTML, and whether its values are texts and stand in it as they are written."""
        return str(escape(message)), not _OTHER_VALUE.search(message)

    def filled(message: str, values: Mapping[str, object]) -> Markup:
        text, simple = html(message)
        if simple:
            return _as_it_is(text % {name: written(value) for name, value in values.items()})
        return Markup(text) % values

    # A message that counts, and has no other value, is asked for again and again.
    counted = lru_cache(_MESSAGES_KEPT, typed=True)(words.ngettext)

    def gettext(message: str, **values: object) -> str:
        return filled(words.gettext(message), values) if values else words.gettext(message)

    def pgettext(about: str, message: str, **values: object) -> str:
        return filled(words.pgettext(about, message), values) if values else words.pgettext(about, message)

    def ngettext(one: str, many: str, number: int, **values: object) -> str:
        if not values:
            return counted(one, many, number)
        return filled(words.form(one, many, number), {"num": words.number(number), **values})

    def listed(items: Iterable[object]) -> Markup:
        return Markup(words.listed([str(escape(item)) for item in items]))

    def date(value: Date | None) -> str:
        return words.date(value) if value else ""

    # How a page is cited stands in its head and at its end.
    last: list[tuple[PageView | None, SiteView | None, Any]] = [(None, None, None)]

    # Both are given `site`, so that the page's key holds it.
    def cited(page: PageView, site: SiteView) -> Citation:
        from sitegen.cite.citation import citation

        of_page, of_site, found = last[0]
        if of_page is not page or of_site is not site:
            found = citation(page, site, words.date)
            last[0] = page, site, found
        return found  # type: ignore[no-any-return]

    @pass_context
    def linked_data(context: QuickContext, page: PageView, site: SiteView) -> Markup:
        from sitegen.cite.linked import linked_data

        return Markup(linked_data(page, site, context.given.linker))

    engine = Engine(autoescape=True, undefined=Missing, auto_reload=False, cache_size=-1, trim_blocks=True,
                    lstrip_blocks=True, keep_trailing_newline=True, loader=FunctionLoader(load))  # fmt: skip
    del engine.globals["lipsum"], engine.filters["random"], engine.filters["pprint"]
    engine.filters |= {"href": href, "asset": asset, "absolute": absolute, "thousands": words.number, "decimal": words.decimal,
                       "date": date, "listed": listed, "of_kind": of_kind, "direction": direction, "beside": beside,
                       "numbered": numbered, "citation": cited, "linked_data": linked_data}  # fmt: skip
    engine.globals |= {"_": gettext, "gettext": gettext, "pgettext": pgettext, "ngettext": ngettext}
    engine.messages = frozenset((gettext, pgettext, ngettext))
    engine.html, engine.said, engine.counted = html, words.gettext, counted
    engine.given, engine.not_given, engine.known = Given(), NotGiven(), {}
    return engine


def _published(theme: Theme, target: str) -> str:
    """The site path at which an asset is published."""
    from jinja2 import TemplateRuntimeError

    assets = theme.finish.assets
    if assets is None:
        return target
    path = target.lstrip("/")
    if path not in assets:
        help = did_you_mean(target, [f"/{known}" for known in assets]) or "`href` writes the address of anything else"
        raise TemplateRuntimeError(f'the theme has no asset "{target}"\n{help}')
    return f"/{assets[path]}"


_DEFAULT_HINT = 'write |default("") where it may be missing'
_codes: dict[tuple[tuple[str, ...], bool, bytes, bool], Any] = {}  # of templates, by all that they are written from


@cache
def _code_version() -> str:
    """Of the code that a template runs besides its own: Jinja, this module, links, dates, words and citations."""
    here = Path(__file__).parent
    digest = hashlib.blake2b(f"jinja2 {version_of('jinja2')}".encode(), digest_size=16)
    rooms = (*sorted((here / "words").glob("*.py")), *sorted((here / "cite").glob("*.py")))
    own = (Path(__file__), here / "tight.py", here / "quick.py")
    for file in (*own, here / "model" / "ids.py", here / "model" / "dates.py", *rooms):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _template_line(error: Exception, paths: set[str]) -> tuple[str, int]:
    """The file and line of the deepest template in an error's traceback, or nowhere."""
    found, trace = ("", 0), error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename in paths:
            found = trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next
    return found


def _read_layer(name: str, roots: Sequence[Path], place: Span | None, language: str) -> _Layer:
    known = {toml.parent.name: toml for root in reversed(roots) for toml in sorted(root.glob("*/theme.toml"))}
    if name not in known:
        folders = [root / name for root in roots if (root / name).is_dir()] if name.isidentifier() else []
        if folders:
            raise _refused("no-theme-toml", f'{folders[0].as_posix()}/ has no theme.toml', place,
                           'write one that says: extends = "default"')  # fmt: skip
        help = did_you_mean(name, known) or (f"there are {', '.join(sorted(known))}" if known else "")
        where = ", ".join(root.as_posix() + "/" for root in roots)
        raise _refused("unknown-theme", f'no theme "{name}" in {where}', place, help)
    folder = known[name].parent
    toml = _Source(known[name].as_posix(), _read_text(known[name]))
    found = _files(folder / "templates")
    templates = {path: _Source(file.as_posix(), _read_text(file)) for path, file in found}
    assets = {f"assets/{path}": file.read_bytes() for path, file in _files(folder / "assets")}
    return _Layer(name, toml, _read_settings(toml), templates, assets, _catalogues(folder / "locale", language))


def _catalogues(folder: Path, language: str) -> list[_Source]:
    """A folder's catalogues for a language, the nearest first: de-AT.po, then de.po."""
    names = names_of(language)
    files = {file.stem.lower().replace("_", "-"): file for file in sorted(folder.glob("*.po"))}
    return [_Source(files[name].as_posix(), _read_text(files[name])) for name in names if name in files]


def _read_settings(toml: _Source) -> dict[str, str]:
    try:
        values = tomllib.loads(toml.text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        line, column = (int(at[1]), int(at[2])) if at else (1, 1)
        excerpt = (toml.text.splitlines() or [""])[min(line, toml.text.count("\n") + 1) - 1 :][:1]
        fact = str(error).partition(" (at ")[0]
        place = Span(toml.path, line, column, 1, "".join(excerpt))
        raise _refused("toml", fact, place, 'theme.toml is TOML: name = "value"') from None
    issues = []
    for key, value in values.items():
        if key not in _SETTINGS:
            help = did_you_mean(key, _SETTINGS) or f"the keys are {', '.join(_SETTINGS)}"
            issues.append(Issue("unknown-key", f'theme.toml has no key "{key}"', _span(toml, key), help))
        elif not isinstance(value, str):
            issues.append(Issue("configuration", f'"{key}" is text', _span(toml, key), f'write {key} = "…"'))
    if issues:
        raise SiteError(issues[0].message, help=issues[0].help, issues=issues)
    return values


def _span(toml: _Source, key: str) -> Span:
    """The place of a key in theme.toml, or the file where it does not stand there."""
    for number, line in enumerate(toml.text.splitlines(), 1):
        found = re.match(rf"\s*(\[?\"?{re.escape(key)}\b)", line)
        if found:
            return Span(toml.path, number, found.start(1) + 1, len(found[1]), line)
    return Span(toml.path)


def _files(folder: Path) -> Iterable[tuple[str, Path]]:
    """The files below a folder by their path in it; hidden ones are left out."""
    for file in sorted(folder.rglob("*")):
        path = file.relative_to(folder)
        if file.is_file() and not any(part.startswith(".") for part in path.parts):
            yield path.as_posix(), file


def _read_text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        place = Span(file.as_posix())
        raise _refused("encoding", "this file is not UTF-8", place, "save it as UTF-8") from None


def _refused(code: str, message: str, place: Span | None, help: str) -> SiteError:
    """One issue with its place; the bare message where it has none, as a theme that was asked for."""
    issues = [Issue(code, message, place, help)] if place else []
    return SiteError(message, help=help, issues=issues)
