"""What templates are compiled to: the same text as Jinja's own code writes, in less time.

Six things are done differently. A field that our values have is an attribute of Python, and no call of the sandbox. A
call of a macro, of a message, or of a method of a text goes there straight away; a message that the code can hold is filled
where it stands. What every template is given is looked up before a loop. A block is written as one text. What a page
gives its templates (`Given`) is not copied into each context, but looked up where it is at hand. And so macros that are
imported "with context" are made once, and again only where what is set beside the import differs.

Attributes are read without asking whether they are there: what a template finds missing so is an AttributeError, and the
page has to be rendered by code that asks (`names` empty).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from keyword import iskeyword
from operator import attrgetter
from types import BuiltinMethodType, FunctionType, ModuleType
from typing import Any

import markupsafe
import msgspec
from jinja2 import Template, TemplateRuntimeError, nodes
from jinja2.compiler import CodeGenerator
from jinja2.environment import TemplateModule
from jinja2.idtracking import VAR_LOAD_RESOLVE
from jinja2.runtime import BlockReference, Context, LoopContext, Macro
from jinja2.utils import Namespace, missing
from markupsafe import Markup, escape

# Since MarkupSafe 3.0 `escape` makes a Markup of each text, by a constructor in Python; what does its work does not.
escaped: Callable[[str], str] = getattr(markupsafe, "_escape_inner", escape)
as_html = str.__new__  # of Markup: its own constructor is a function of Python
_OF_TEXTS = frozenset(("startswith", "endswith", "split", "strip", "lstrip", "rstrip", "upper", "lower", "replace"))
_OF_ALL = frozenset(("page", "site", "body", "_", "gettext", "pgettext", "ngettext"))  # what every template is given
# What `written` does, where a value stands: most are texts, HTML or numbers, and need no call of Python.
_WRITTEN = "(escaped(value) if (kind := type(value := "
_IS_WRITTEN = ")) is str else value if kind is Markup else str(value) if kind is int or kind is float else written(value))"
_NOT_PURE: tuple[type[nodes.Node], ...] = (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends, nodes.Block)


def written(value: object) -> str:
    """A value as a template writes it: escaped, where it is not HTML already."""
    kind = type(value)
    if kind is str:
        return escaped(value)  # type: ignore[arg-type]
    if kind is Markup:
        return value  # type: ignore[return-value]
    return str(value) if kind is int or kind is float else escape(value)


def linked(ways: Mapping[str, str], target: str) -> str:
    """The way to a place of a page as it stands in an attribute: that of a paragraph by the page's, where that is known."""
    path, sign, place = target.partition("#p-")
    if place.isalnum() and path in ways and ways.up:  # type: ignore[attr-defined]
        return "".join((ways[path], sign, place))
    return ways[target]


plain: set[type] = set()  # kinds of which templates may see all that has a name


def field(environment: Any, value: object, name: str) -> Any:
    """A field of a value, as a template reads it; `name` is none of those that begin with an underscore."""
    if type(value) in plain:
        try:
            return getattr(value, name)
        except AttributeError:
            pass  # the environment says what is missing
    return environment.getattr(value, name)


def fields_of(items: Iterable[object], name: str) -> Iterable[Any]:
    """A field of each item, as `map(attribute=…)` gives it."""
    return map(attrgetter(name), items)


def names_of_fields(module: ModuleType) -> frozenset[str]:
    """What the values that a module names have, loops, and, of their methods, texts: no sandbox minds any of them."""
    kinds = [kind for kind in vars(module).values() if isinstance(kind, type)]
    names = {name for name in vars(LoopContext) if name[0] != "_"} | _OF_TEXTS
    for kind in kinds:
        if issubclass(kind, msgspec.Struct):
            names.update(kind.__struct_fields__)
            names.update(name for name, value in vars(kind).items() if isinstance(value, property))
    return frozenset(name for name in names if name[0] != "_" and not iskeyword(name) and name not in _GUARDED)


def _guarded() -> frozenset[str]:
    """Names of methods that change a list, a set or a dictionary, and of what reaches behind the scenes."""
    changing = {"append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse", "update", "setdefault", "popitem",
                "add", "discard", "difference_update", "symmetric_difference_update", "intersection_update", "appendleft",
                "extendleft", "popleft", "rotate"}  # fmt: skip
    return frozenset(changing | {"format", "format_map", "mro"})


_GUARDED = _guarded()


def called(environment: Any, context: Context, loop: Any, block: Any, thing: Any, /, *args: Any, **kwargs: Any) -> Any:
    """What a call in a template gives. loop, block: the variables of the loop and block it stands in, or None."""
    kind = type(thing)
    if kind is Macro:
        if not (kwargs or thing.caller or thing.explicit_caller or thing.catch_kwargs or thing.catch_varargs):
            left = thing._argument_count - len(args)
            if left >= 0:
                text = thing._func(*args, *(missing,) * left)
                return as_html(Markup, text) if context.eval_ctx.autoescape else text
    elif kind is FunctionType:
        if thing in environment.messages:
            return thing(*args, **kwargs)
    elif kind is BlockReference or thing is Namespace or (kind is BuiltinMethodType and type(thing.__self__) in (str, Markup)):
        return thing(*args, **kwargs)
    if loop is not None:
        kwargs["_loop_vars"] = loop
    if block is not None:
        kwargs["_block_vars"] = block
    return environment.call(context, thing, *args, **kwargs)


class Given:
    """What templates are given: variables by name, and how they write addresses. For one page after the other.

    `ways` has the address of each site path as the page writes it.
    """

    def __init__(self) -> None:
        self.variables: dict[str, Any] = {}
        self.ways: Mapping[str, str] = {}
        self.linker: Any = None


class NotGiven(Given):
    """What is given to a template that is imported or included without context: it is rendered once for all pages."""

    @property
    def ways(self) -> Mapping[str, str]:
        raise TemplateRuntimeError('this filter needs the page\nimport the macros "with context"')

    @ways.setter
    def ways(self, _: object) -> None: ...

    linker = ways


class QuickContext(Context):
    """A context that has only what templates set; all else is looked up in what is given, and what every template has."""

    given: Given

    def resolve_or_missing(self, key: str) -> Any:
        if key in self.vars:
            return self.vars[key]
        if key in self.parent:
            return self.parent[key]
        if key in self.given.variables:
            return self.given.variables[key]
        return self.environment.globals.get(key, missing)

    def derived(self, locals: Any = None) -> QuickContext:
        context: Any = super().derived(locals)
        context.given = self.given
        return context  # type: ignore[no-any-return]


class QuickCode(CodeGenerator):
    """The environment has `names`, of attributes that are there, and `messages`, functions that need no context."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.looked_up: set[str] = set()
        self.page = ""  # the list that the outermost template writes to
        self.link: nodes.Node | None = None  # the filter `href` of which is being written, straight into the page

    def visit_Template(self, node: nodes.Template, frame: Any = None) -> None:
        self.writeline(f"from {__name__} import Markup, as_html, called, escaped, field, fields_of, linked, written")
        super().visit_Template(node, frame)
        self.writeline(f"free = {tuple(sorted(self.looked_up)) if _is_pure(node) else None!r}")

    def enter_frame(self, frame: Any) -> None:
        super().enter_frame(frame)
        self.looked_up.update(name for action, name in frame.symbols.loads.values() if action == VAR_LOAD_RESOLVE)

    def visit_Getattr(self, node: nodes.Getattr, frame: Any) -> None:
        if node.attr[0] == "_":
            super().visit_Getattr(node, frame)
            return
        there = node.attr in self.environment.names  # type: ignore[attr-defined]
        self.write("(" if there else "field(environment, ")
        self.visit(node.node, frame)
        self.write(f").{node.attr}" if there else f", {node.attr!r})")

    def visit_Call(self, node: nodes.Call, frame: Any, forward_caller: bool = False) -> None:
        if forward_caller:
            super().visit_Call(node, frame, forward_caller=True)
            return
        if self._message(node, frame):
            return
        loop, block = "_loop_vars" if frame.loop_frame else None, "_block_vars" if frame.block_frame else None
        self.write(f"called(environment, context, {loop}, {block}, ")
        self.visit(node.node, frame)
        self.signature(node, frame)
        self.write(")")

    def _message(self, node: nodes.Call, frame: Any) -> bool:
        """Write a message that is known here: filled on the spot, or, where it only counts, looked up by its number."""
        environment: Any = self.environment
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        texts = [item.value for item in node.args[:2] if isinstance(item, nodes.Const) and isinstance(item.value, str)]
        finalize = self._make_finalize()
        if name not in ("_", "gettext", "ngettext") or node.dyn_args or node.dyn_kwargs or _is_careful(frame, finalize):
            return False
        if name == "ngettext":
            if len(texts) < 2 or len(node.args) != 3 or node.kwargs:
                return False
            self.write(f"environment.counted({texts[0]!r}, {texts[1]!r}, ")
            self.visit(node.args[2], frame)
        else:
            if len(node.args) != 1 or not texts or not node.kwargs:
                return False
            html, simple = environment.html(environment.said(texts[0]))
            if not simple:
                return False
            self.write(f"as_html(Markup, {html!r} % {{")
            for value in node.kwargs:
                self.write(f"{value.key!r}: ")
                self._output_child_pre(value.value, frame, finalize)
                self.visit(value.value, frame)
                self._output_child_post(value.value, frame, finalize)
                self.write(", ")
            self.write("}")
        self.write(")")
        return True

    def visit_Filter(self, node: nodes.Filter, frame: Any) -> None:
        if field := self._chosen(node):
            self.write("sum(fields_of(" if node.name == "sum" else "fields_of(")
            self.visit(node.node, frame)  # type: ignore[arg-type]
            self.write(f", {field!r})")
            if node.name == "sum":
                self.write(", ")
                self.visit(node.args[1], frame)
                self.write(")")
            return
        if node.name != "href" or node.node is None or node.args or node.kwargs or node.dyn_args or node.dyn_kwargs:
            super().visit_Filter(node, frame)
            return
        link = node is self.link and not isinstance(node.node, nodes.Const)
        self.write("(linked(context.given.ways, value) if '#' in (value := " if link else "context.given.ways[")
        self.visit(node.node, frame)
        self.write(") else context.given.ways[value])" if link else "]")

    def visit_For(self, node: nodes.For, frame: Any) -> None:
        """What every template is given is looked up before a loop, not each time round."""
        if not (node.recursive or any(node.find(kind) for kind in _NOT_PURE)):
            names = list(node.find_all(nodes.Name))
            for name in sorted(_OF_ALL & {name.name for name in names} - {name.name for name in names if name.ctx != "load"}):
                if frame.symbols.find_ref(name) is None:
                    frame.symbols.load(name)
                    self.looked_up.add(name)
                    self.writeline(f"{frame.symbols.ref(name)} = {self.get_resolve_func()}({name!r})")
        super().visit_For(node, frame)

    def _chosen(self, node: nodes.Filter) -> str:
        """The field of each item that `map` or `sum` is asked for, "" where they are asked for something else."""
        if node.node is None or node.dyn_args or node.dyn_kwargs:
            return ""
        if node.name == "map" and not node.args and len(node.kwargs) == 1 and node.kwargs[0].key == "attribute":
            asked = node.kwargs[0].value
        elif node.name == "sum" and len(node.args) == 2 and not node.kwargs:
            asked = node.args[0]
        else:
            return ""
        name = asked.value if isinstance(asked, nodes.Const) else ""
        return name if name in self.environment.names else ""  # type: ignore[attr-defined]

    def blockvisit(self, nodes: Iterable[nodes.Node], frame: Any) -> None:
        """A block, and the outermost template, hand on one string, not each piece through the generators of those around."""
        whole = (frame.block_frame or frame.rootlevel) and frame.buffer is None and not frame.require_output_check
        if whole:
            self.buffer(frame)
            if frame.rootlevel:
                self.page = frame.buffer
        super().blockvisit(nodes, frame)
        if whole:
            self.writeline(f"yield concat({frame.buffer})")

    def visit_Block(self, node: nodes.Block, frame: Any) -> None:
        """A page hands on what stands around a block apart: what of it is ASCII alone is encoded by copying it."""
        if frame.buffer and frame.buffer == self.page and not self.extends_so_far:
            self.writeline(f"yield concat({frame.buffer})")
            self.writeline(f"{frame.buffer}.clear()")
            frame = frame.copy()
            frame.buffer = None
        super().visit_Block(node, frame)

    def _output_child_pre(self, node: Any, frame: Any, finalize: Any) -> None:
        if _is_careful(frame, finalize):
            super()._output_child_pre(node, frame, finalize)
        else:
            self.link = node
            self.write("(" if _is_safe(node) else _WRITTEN)

    def _output_child_post(self, node: Any, frame: Any, finalize: Any) -> None:
        if _is_careful(frame, finalize) or _is_safe(node):
            super()._output_child_post(node, frame, finalize)
        else:
            self.write(_IS_WRITTEN)


def _is_safe(node: nodes.Node) -> bool:
    """Whether what a node gives is HTML."""
    return isinstance(node, nodes.Filter) and node.name in ("href", "asset")


def _is_careful(frame: Any, finalize: Any) -> bool:
    """Whether only Jinja knows how what stands there is written."""
    return frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None


def _is_pure(node: nodes.Template) -> bool:
    """Whether importing a template does nothing but define macros, that see nothing but what they look up by name."""
    return not any(node.find(kind) for kind in _NOT_PURE) and all(
        isinstance(child, nodes.Macro)
        or (isinstance(child, nodes.Output) and all(isinstance(part, nodes.TemplateData) for part in child.nodes))
        for child in node.body
    )


class QuickTemplate(Template):
    """free: the names that its macros look up where they are imported; None where it is imported anew each time."""

    free: tuple[str, ...] | None
    _made: tuple[list[Any], TemplateModule] | None = None  # what its macros saw, and these

    @classmethod
    def _from_namespace(cls, environment: Any, namespace: Any, globals: Any) -> Any:
        template: Any = super()._from_namespace(environment, namespace, globals)
        template.free = namespace["free"]
        return template

    def page(self) -> list[str]:
        """The page that is given, in a few pieces."""
        try:
            return [*self.root_render_func(self.new_context({}, shared=True))]
        except Exception:
            self.environment.handle_exception()

    def new_context(self, vars: Any = None, shared: bool = False, locals: Any = None) -> Context:
        environment: Any = self.environment
        parent = vars or {}
        if locals:
            parent = {**parent, **{name: value for name, value in locals.items() if value is not missing}}
        context = QuickContext(environment, parent, self.name, self.blocks)
        context.given = environment.given if shared else environment.not_given
        return context

    def make_module(self, vars: Any = None, shared: bool = False, locals: Any = None) -> TemplateModule:
        if self.free is None or not shared:
            return super().make_module(vars, shared, locals)
        sees = list(_values(self.free, vars or {}, locals or {}))
        if self._made and all(one is other for one, other in zip(self._made[0], sees, strict=True)):
            return self._made[1]
        module = super().make_module(vars, shared, locals)
        self._made = sees, module
        return module


def _values(names: Iterable[str], vars: Any, locals: Any) -> Iterable[Any]:
    for name in names:
        value = locals.get(name, missing)
        yield vars.get(name, missing) if value is missing else value
