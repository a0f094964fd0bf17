"""The sandbox that templates run in, and what they can call.

It can do nothing but compute: what reads files, and what is left to chance, is taken out. Imported on first use, with Jinja.
"""

from __future__ import annotations

import marshal
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec
from jinja2 import FunctionLoader, StrictUndefined, TemplateRuntimeError, nodes, pass_context
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace, missing
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from sitegen import kept
from sitegen.errors import did_you_mean
from sitegen.model import views
from sitegen.model.digests import digest, version_of
from sitegen.render.bodies import beside, numbered
from sitegen.render.messages import messages
from sitegen.render.quick import Given, NotGiven, QuickCode, QuickContext, QuickTemplate, names_of_fields, plain
from sitegen.render.tight import tightened
from sitegen.words.interface import Words, direction

if TYPE_CHECKING:
    from sitegen.model.views import Citation, PageView, SiteView
    from sitegen.render.theme import Theme

_VARIABLES = ("site", "page", "body")
_DEFAULT_HINT = 'write |default("") where it may be missing'
_CODES_KEPT = 500
_codes: dict[tuple[tuple[str, ...], bool, bytes, bool], Any] = {}  # of templates, by all that they are written from


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

    def __init__(self, words: Words) -> None:
        self._words = words

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        texts = [item.value for item in node.args if isinstance(item, nodes.Const) and isinstance(item.value, str)]
        if len(texts) == len(node.args) and not (node.kwargs or node.dyn_args or node.dyn_kwargs):
            if name in ("_", "gettext") and len(texts) == 1:
                return nodes.Const(self._words.gettext(texts[0]), lineno=node.lineno)
            if name == "pgettext" and len(texts) == 2:
                return nodes.Const(self._words.pgettext(*texts), lineno=node.lineno)
        return self.generic_visit(node)


class Engine(ImmutableSandboxedEnvironment):
    """The sandbox of one theme. `given` is what the page that is being rendered gives its templates.

    careful: whether each field is looked for before it is read.
    """

    code_generator_class = QuickCode
    context_class = QuickContext
    template_class = QuickTemplate

    def __init__(self, theme: Theme, *, careful: bool = False) -> None:
        super().__init__(autoescape=True, undefined=Missing, auto_reload=False, cache_size=-1, trim_blocks=True,
                         lstrip_blocks=True, keep_trailing_newline=True, loader=FunctionLoader(self._source))  # fmt: skip
        self._theme, self._careful = theme, careful
        self._known: dict[tuple[Any, ...], Any] = {}
        words, said = theme.words, messages(theme.words)
        del self.globals["lipsum"], self.filters["random"], self.filters["pprint"]
        self.filters |= {"href": _href, "asset": _asset, "absolute": _absolute, "thousands": said.thousands,
                         "decimal": words.decimal, "date": said.date, "listed": said.listed, "of_kind": said.of_kind,
                         "direction": direction, "beside": beside, "numbered": numbered,
                         "citation": _citations(words), "linked_data": _linked_data}  # fmt: skip
        self.globals |= {"_": said.gettext, "gettext": said.gettext, "pgettext": said.pgettext, "ngettext": said.ngettext}
        self.names = frozenset[str]() if careful else names_of_fields(views)
        self.messages = frozenset((said.gettext, said.pgettext, said.ngettext))
        self.html, self.said, self.counted = said.html, words.gettext, said.counted
        self.given, self.not_given = Given(), NotGiven()

    def _source(self, name: str) -> tuple[str, str, None] | None:
        found = self._theme.source(name)
        return (*found, None) if found else None

    def _generate(self, source: nodes.Template, *args: Any, **options: Any) -> str:
        if self._theme.finish.tight:
            data = list(source.find_all(nodes.TemplateData))
            for node, text in zip(data, tightened([node.data for node in data]), strict=True):
                node.data = text
        return super()._generate(Said(self._theme.words).visit(source), *args, **options)

    def compile(self, *text: Any) -> Any:
        """Once for a text, and what else its code is written from: one build follows another, and one run another."""
        theme = self._theme
        made_of = (text, theme.finish.tight, theme.words.digest, self._careful)
        code = _codes.get(made_of)
        if code is None:
            while len(_codes) >= _CODES_KEPT:
                _codes.pop(next(iter(_codes)), None)
            version = (sys.version, version_of("markupsafe"), theme.code_version())
            key = digest(repr((made_of, sorted(self.names), version)).encode())
            held = kept.read("template", key)
            code = _codes[made_of] = marshal.loads(held) if held else super().compile(*text)
            if not held:
                kept.keep("template", key, marshal.dumps(code))
        return code

    def get_template(self, name: Any, parent: Any = None, globals: Any = None) -> Any:
        """Without asking each time whether it has changed."""
        found = self._known.get((name, parent))
        if found is None:
            found = self._known[name, parent] = super().get_template(name, parent, globals)
        return found

    def join_path(self, template: str, parent: str) -> str:
        return self._theme.qualified(template)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """The fields of our values and of loops straight away; all else by the rules of the sandbox, which take longer."""
        kind = type(obj)
        if attribute[0] != "_" and (kind in plain or _is_plain(kind)):
            plain.add(kind)
            try:
                return getattr(obj, attribute)
            except AttributeError:
                return self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """So are the fields by which filters choose: none of these values is a mapping."""
        kind = type(obj)
        if type(argument) is str and argument[:1] != "_" and (kind in plain or _is_plain(kind)):
            return self.getattr(obj, argument)
        return super().getitem(obj, argument)

    def published(self, target: str) -> str:
        """The site path at which an asset is published."""
        assets = self._theme.finish.assets
        if assets is None:
            return target
        path = target.lstrip("/")
        if path not in assets:
            help = did_you_mean(target, [f"/{known}" for known in assets]) or "`href` writes the address of anything else"
            raise TemplateRuntimeError(f'the theme has no asset "{target}"\n{help}')
        return f"/{assets[path]}"


def _is_plain(kind: type) -> bool:
    """Whether all that things of a kind have is there for templates."""
    return issubclass(kind, (msgspec.Struct, LoopContext, Namespace))


@pass_context
def _href(context: QuickContext, target: str) -> Markup:
    return context.given.ways[target]  # type: ignore[return-value]


@pass_context
def _asset(context: QuickContext, target: str) -> Markup:
    engine: Any = context.environment
    return context.given.ways[engine.published(target)]  # type: ignore[return-value]


@pass_context
def _absolute(context: QuickContext, target: str) -> str:
    return str(context.given.linker.absolute(target))


# These are given `site`, so that the page's key holds it.


@pass_context
def _linked_data(context: QuickContext, page: PageView, site: SiteView) -> Markup:
    from sitegen.cite.linked import linked_data

    return Markup(linked_data(page, site, context.given.linker))


def _citations(words: Words) -> Callable[[PageView, SiteView], Citation]:
    """How a page is cited, worked out once: it stands in its head and at its end."""
    last: list[tuple[PageView | None, SiteView | None, Any]] = [(None, None, None)]

    def cited(page: PageView, site: SiteView) -> Citation:
        from sitegen.cite.citation import citation

        of_page, of_site, found = last[0]
        if of_page is not page or of_site is not site:
            found = citation(page, site, words.date)
            last[0] = page, site, found
        return found  # type: ignore[no-any-return]

    return cited
