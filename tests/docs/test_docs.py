"""The documentation says what the code says: options, keys, codes, examples and links, in both directions.

A fenced example says after its language what it stands for:

    ```toml sitegen.toml          read as this configuration file
    ```markdown content/…md       parsed as this file of a collection
    ```markdown body              parsed as the body of an article
    ```sh run                     run, line by line, in an empty folder
    ```text check …               what `sitegen check …` prints in the collection that the page shows
"""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import click
import msgspec
import pytest

from sitegen.annotate.find import find
from sitegen.annotate.names import Names
from sitegen.cli.commands import main
from sitegen.config import Config, load
from sitegen.markup import headers
from sitegen.markup.markdown import convert as to_html
from sitegen.markup.parse import parse
from sitegen.model import frontmatter, ids
from sitegen.model.dates import Date
from sitegen.model.document import Source
from sitegen.model.entity import KINDS, STATUSES, Alias, Kind, Record
from sitegen.model.notes import read_notes

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = ("getting-started", "content-format", "configuration", "command-line", "review", "notes", "exports", "errors",
         "migrating", "putting-right")  # fmt: skip
_FENCE = re.compile(r"^```(?P<language>\w*)(?: (?P<use>[^\n]*))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_OPTION = re.compile(r"(?<![\w-])(--?[a-z][\w-]*|-[A-Z])\b")


@dataclass(frozen=True)
class Example:
    """A fenced block: its language, what it stands for, and its text."""

    page: str
    language: str
    use: str
    text: str
    start: int


def page(name: str) -> str:
    return (DOCS / f"{name}.md").read_text(encoding="utf-8")


def examples(name: str, language: str = "") -> list[Example]:
    found = [Example(name, m["language"], m["use"] or "", m["text"], m.start()) for m in _FENCE.finditer(page(name))]
    return [example for example in found if language in ("", example.language)]


def prose(name: str) -> str:
    """A page without its fenced blocks."""
    return _FENCE.sub("", page(name))


def section(name: str, heading: str) -> str:
    """The text under a heading, up to the next of its level or above."""
    found = re.search(rf"^(#+) {re.escape(heading)}\n(.*?)(?=^#{{1,6}} |\Z)", prose(name), re.MULTILINE | re.DOTALL)
    assert found, f"{name}.md has no heading {heading!r}"
    return found[2]


def table(name: str, heading: str, first: str) -> list[list[str]]:
    """The rows of the table under a heading whose first column is headed `first`."""
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in section(name, heading).splitlines()
            if line.startswith("|")]  # fmt: skip
    heads = [i for i, row in enumerate(rows) if row[0] == first]
    assert len(heads) == 1, f"{name}.md, {heading!r}: one table headed {first!r}"
    start = heads[0] + 2
    end = next((i - 1 for i in range(start, len(rows)) if set("".join(rows[i])) <= set("-:| ")), len(rows))
    return rows[start:end]


def code(cell: str) -> str:
    """What stands between the first backticks of a cell."""
    found = re.search(r"`([^`]*)`", cell)
    assert found, f"no code in {cell!r}"
    return found[1]


def sitegen(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line; what it prints on both streams comes together."""
    return subprocess.run(
        [sys.executable, "-m", "sitegen", *arguments], cwd=folder, text=True, encoding="utf-8", check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
    )  # fmt: skip


# The command line.


def commands(group: click.Group, before: str = "") -> dict[str, click.Command]:
    """Every command by its name; one of a group behind the name of the group."""
    found: dict[str, click.Command] = {}
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        assert command
        found |= commands(command, f"{before}{name} ") if isinstance(command, click.Group) else {before + name: command}
    return found


COMMANDS = commands(main)


def options(command: click.Command) -> set[str]:
    return {name for param in command.params if isinstance(param, click.Option) for name in (*param.opts, *param.secondary_opts)}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_a_section_with_just_its_options(name: str) -> None:
    text = section("command-line", f"sitegen {name}")
    told = {option for row in re.findall(r"^\| (`-[^|]*)\|", text, re.MULTILINE) for option in _OPTION.findall(row)}
    assert told == options(COMMANDS[name])


def test_the_options_before_a_command_are_told() -> None:
    told = {option for row in table("command-line", "sitegen", "Option") for option in _OPTION.findall(row[0])}
    assert told == options(main) | {*main.context_settings["help_option_names"]}


def test_no_section_is_of_a_command_that_is_not_there() -> None:
    told = set(re.findall(r"^## sitegen (.+)$", page("command-line"), re.MULTILINE))
    assert told == set(COMMANDS)


def test_the_commands_are_told_in_the_order_of_the_help() -> None:
    assert re.findall(r"^## sitegen (.+)$", page("command-line"), re.MULTILINE) == list(COMMANDS)


def test_choices_and_defaults_of_options_are_told() -> None:
    missing = []
    for name, command in COMMANDS.items():
        text = section("command-line", f"sitegen {name}")
        for param in command.params:
            wanted = [str(choice) for choice in getattr(param.type, "choices", ())]
            if isinstance(param, click.Option) and isinstance(param.show_default, bool) and not param.is_flag:
                wanted.append(str(param.default))
            missing += [(name, param.name, word) for word in wanted if f"`{word}`" not in text]
    assert missing == []


@pytest.mark.parametrize("name", PAGES)
def test_no_page_names_an_option_or_command_that_is_not_there(name: str) -> None:
    wrong = []
    for line in re.findall(r"(?:^|`)sitegen ([a-z-][^`\n]*)", page(name), re.MULTILINE):
        words = line.split()
        command = COMMANDS.get(" ".join(words[:2])) or COMMANDS.get(words[0])
        known = options(main) | {"-h", "--help"} | (options(command) if command else set())
        if not command and words[0] not in known:
            wrong.append(line)
        wrong += [f"{line}: {option}" for option in _OPTION.findall(line) if option not in known]
    everything = options(main).union({"-h", "--help"}, *map(options, COMMANDS.values()))
    wrong += [span for span in re.findall(r"`(--[a-z][a-z-]*)[^`]*`", prose(name)) if span not in everything]
    assert wrong == []


def test_the_exit_codes_are_those_of_the_program() -> None:
    from sitegen.cli import codes

    told = [int(row[0]) for row in table("command-line", "Exit codes", "Code")]
    assert told == [codes.DONE, codes.CONTENT, codes.FAILED]


SAMPLES = [example for example in examples("command-line") if example.use.startswith("check")]


def test_each_form_of_issues_has_a_sample() -> None:
    form = next(param for param in COMMANDS["check"].params if param.name == "form")
    told = {"text" if sample.use == "check" else sample.use.rpartition(" ")[2] for sample in SAMPLES}
    assert told == set(form.type.choices)  # type: ignore[attr-defined]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.use)
def test_a_sample_is_what_the_program_prints(sample: Example, tmp_path: Path) -> None:
    (tmp_path / "sitegen.toml").write_text('[check]\nignore = ["no-origin", "no-licence"]\n')
    for example in examples("command-line", "markdown"):
        path = tmp_path / example.use
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(example.text, encoding="utf-8")
    printed = sitegen(tmp_path, *sample.use.split())
    assert (printed.returncode, printed.stdout.strip()) == (1, sample.text.strip())


def test_the_keys_of_an_issue_in_json_are_told() -> None:
    sample = next(sample for sample in SAMPLES if sample.language == "json")
    from sitegen.cli.terms import as_json
    from sitegen.errors import Issue, Span

    assert list(json.loads(sample.text)[0]) == list(as_json(Issue("code", "message", Span("path"))))


# The configuration.


def test_every_key_of_the_configuration_is_told_with_its_default() -> None:
    rows = {code(row[0]): row[2] for row in table("configuration", "Every key", "Key")}
    assert rows == {f.name: default(f) for f in msgspec.structs.fields(Config) if f.name not in ("root", "file")}


def default(field: Any) -> str:
    """A default as the page writes it: in TOML."""
    value = field.default if field.default is not msgspec.NODEFAULT else field.default_factory()
    if value == KINDS:
        return "the five below"
    if isinstance(value, msgspec.Struct):
        return f"`{{ {', '.join(f'{f.name} = {json.dumps(getattr(value, f.name))}' for f in msgspec.structs.fields(value))} }}`"
    text = json.dumps(str(value) if isinstance(value, Path) else list(value) if isinstance(value, tuple) else value)
    return f"`{text}`"


def test_every_example_of_a_key_is_a_value_that_it_takes(tmp_path: Path) -> None:
    tried = 0
    for row in table("configuration", "Every key", "Key"):
        if row[4].startswith("`"):
            (tmp_path / "sitegen.toml").write_text(f"{code(row[0])} = {code(row[4])}\n", encoding="utf-8")
            load(tmp_path)
            tried += 1
    assert tried >= 10


def test_the_kinds_that_are_there_from_the_start_are_told() -> None:
    heads = ("id", "label", "singular", "begin", "end")
    rows = [[row[0].strip("`"), *row[1:]] for row in table("configuration", "Kinds of record", "Kind")]
    assert rows == [[getattr(kind, head) for head in heads] for kind in KINDS]


def test_every_key_of_a_kind_is_told_with_its_default(tmp_path: Path) -> None:
    (tmp_path / "sitegen.toml").write_text("[kinds.sea-battles]\n")
    made = load(tmp_path).kinds[-1]
    rows = {code(row[0]): row[1] for row in table("configuration", "Kinds of record", "Key of a kind")}
    assert (made.label, made.singular) == ("Sea battles", "sea battle"), "the page describes how these are made"
    assert rows == {
        "label": "made from the kind's name", "singular": "the kind's name with its plural ending taken off, as English does it",
        **{name: f"`{getattr(made, name)}`" for name in Kind.__struct_fields__[3:]},
    }  # fmt: skip


def test_the_names_that_no_kind_may_have_are_told() -> None:
    from sitegen.config import _TAKEN

    told = re.search(r"none of ([^.]*)\.", section("configuration", "Kinds of record"))
    assert told and set(re.findall(r"`([a-z]+)`", told[1])) == _TAKEN


# The content.

HEADERS = {"article": headers._ARTICLE, "record": headers._RECORD, "page": headers._PAGE}


@pytest.mark.parametrize("kind", HEADERS)
def test_every_key_of_front_matter_is_told(kind: str) -> None:
    told = [code(row[0]) for row in table("content-format", f"Keys of {'an' if kind == 'article' else 'a'} {kind}", "Key")]
    assert told == list(HEADERS[kind])


def test_every_key_of_a_source_is_told() -> None:
    assert [code(row[0]) for row in table("content-format", "Keys of a source", "Key")] == list(Source.__struct_fields__)


def test_every_status_is_told() -> None:
    row = next(row for row in table("content-format", "Keys of a record", "Key") if row[0] == "`status`")
    assert re.findall(r"`(\w+)`", row[1]) == list(STATUSES)


def test_ids_and_addresses_are_as_told() -> None:
    for file, doc_id, url in table("content-format", "The content tree", "File"):
        assert code(file) == f"content/{code(doc_id)}.md"
        assert ids.url_of(code(doc_id)) == code(url)


def test_dates_are_shown_as_told() -> None:
    rows = table("content-format", "Dates", "You write")
    assert [(code(written), Date.parse(code(written)).text) for written, _ in rows] == [(code(w), shown) for w, shown in rows]


def test_what_is_told_to_be_no_date_is_none() -> None:
    found = re.search(r"is an error: (.*?) are not dates", section("content-format", "Dates"), re.DOTALL)
    assert found
    for written in re.findall(r"`([^`]+)`", found[1]):
        with pytest.raises(ValueError):
            Date.parse(written)


def test_yaml_is_read_as_told() -> None:
    for written, told in table("content-format", "YAML", "You write"):
        value = frontmatter.read(f"---\nkey: {code(written)}\n---\n", "a.md").values["key"]
        named = {str: f"the text “{value}”", int: "a number", float: "a number", bool: str(value).lower()}
        assert told == named[type(value)], written


def test_html_is_sanitised_as_told() -> None:
    for written, published in table("content-format", "HTML in a text", "You write"):
        html = to_html(code(written))[0].strip().removeprefix("<p>").removesuffix("</p>")
        assert html == code(published)


def mention_rules() -> list[tuple[str, str, str, bool]]:
    rows = [row for heading in ("How a name is compared", "One word of a person's name")
            for row in table("content-format", heading, "Kind")]  # fmt: skip
    return [(code(kind), names, text.strip(), linked)
            for kind, names, good, bad in rows
            for cell, linked in ((good, True), (bad, False)) for text in cell.split("·")]  # fmt: skip


@pytest.mark.parametrize(("kind", "names", "text", "linked"), mention_rules())
def test_a_name_is_linked_and_left_alone_as_told(kind: str, names: str, text: str, linked: bool) -> None:
    name, *aliases = names.split("; ")
    record = Record(name, tuple(map(Alias, aliases)))
    marks = find(text, (), (), Names.of([(f"{kind}/x", record)]), {})
    assert bool(marks.mentions) is linked


def test_the_authorities_that_are_linked_are_told() -> None:
    from sitegen.model.authorities import AUTHORITIES

    found = re.search(r"Numbers of (.*?) are links", section("content-format", "Keys of a record"), re.DOTALL)
    assert found and re.findall(r"`(\w+)`", found[1]) == list(AUTHORITIES)


def test_the_extensions_of_markdown_do_what_is_told() -> None:
    text = next(e.text for e in examples("content-format", "markdown") if e.use == "body" and "[TOC]" in e.text)
    html = to_html(text)[0]
    made = ("<table", 'class="footnote"', "<dl>", 'class="admonition note"', 'class="aside"', 'class="toc"', 'id="a-heading"')
    assert [sign for sign in made if sign not in html] == []


# Codes of issues.


@cache
def codes() -> dict[str, set[str]]:
    """Every code that the source can give an issue, with its severities; followed through functions that pass a code on."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "sitegen").rglob("*.py"))}
    forwarders = {"Issue": 0}
    while True:
        found: dict[str, set[str]] = defaultdict(set)
        before = dict(forwarders)
        for path, tree in trees.items():
            for function, call in calls(tree):
                name = getattr(call.func, "attr", getattr(call.func, "id", ""))
                if name not in forwarders:
                    continue
                given = argument(call, forwarders[name])
                where = f"{path.relative_to(ROOT)}:{call.lineno}"
                if given is None:
                    continue  # the class itself, as an annotation or a decoder would call it
                parameters = [arg.arg for arg in function.args.args if arg.arg not in ("self", "cls")] if function else []
                if isinstance(given, ast.Name) and function and given.id in parameters:
                    forwarders.setdefault(function.name, parameters.index(given.id))
                    continue
                strings = {n.value for n in ast.walk(given) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
                assert strings, f"{where}: which code is {ast.unparse(given)}?"
                warns = re.search(r"Severity\.WARNING|\bwarn=True", ast.unparse(call))
                notes = "Severity.NOTE" in ast.unparse(call)
                for string in strings:
                    found[string].add("note" if notes else "warning" if warns else "error")
        if forwarders == before:
            return found


def calls(tree: ast.Module) -> list[tuple[ast.FunctionDef | None, ast.Call]]:
    """Every call with the function it stands in."""
    found: list[tuple[ast.FunctionDef | None, ast.Call]] = []

    def visit(node: ast.AST, function: ast.FunctionDef | None) -> None:
        if isinstance(node, ast.Call):
            found.append((function, node))
        for child in ast.iter_child_nodes(node):
            visit(child, node if isinstance(node, ast.FunctionDef) else function)

    visit(tree, None)
    return found


def argument(call: ast.Call, position: int) -> ast.expr | None:
    named = next((keyword.value for keyword in call.keywords if keyword.arg == "code"), None)
    return named or (call.args[position] if len(call.args) > position else None)


def told_codes() -> list[str]:
    return re.findall(r"^### `([^`]+)`$", page("errors"), re.MULTILINE)


def test_the_search_for_codes_follows_functions_that_pass_them_on() -> None:
    found = codes()
    assert {"two-owners", "wrong-date", "duplicate-key", "not-text", "unknown-style", "configuration"} <= set(found)
    assert len(found) > 30


def test_every_code_of_an_issue_is_explained_once_and_no_other() -> None:
    assert sorted(told_codes()) == sorted(codes())


@pytest.mark.parametrize("name", told_codes())
def test_a_code_is_explained_with_its_severity_and_remedy(name: str) -> None:
    text = section("errors", f"`{name}`")
    told = re.findall(r"\*(error|warning|note)\.?\*", text.strip().partition(". ")[0] + ".*", re.IGNORECASE)
    assert {severity.lower() for severity in told} == codes()[name]
    assert "To mend: " in text


# Examples.

ALL = [example for name in PAGES for example in examples(name)]


def test_every_configuration_and_content_example_says_what_it_stands_for() -> None:
    assert [(e.page, e.text) for e in ALL if e.language in ("toml", "yaml", "markdown") and not e.use] == []


@pytest.mark.parametrize("example", [e for e in ALL if e.language == "toml"], ids=lambda e: f"{e.page}-{e.start}")
def test_an_example_of_configuration_is_valid(example: Example, tmp_path: Path) -> None:
    assert example.use in ("sitegen.toml", "pyproject.toml")
    (tmp_path / example.use).write_text(example.text, encoding="utf-8")
    assert load(tmp_path).root == tmp_path.resolve()


# The page of the command line shows a file with mistakes in it, and what is said of them.
SOUND = [e for e in ALL if e.language == "markdown" and e.page != "command-line"]


@pytest.mark.parametrize("example", SOUND, ids=lambda e: f"{e.page}-{e.start}")
def test_an_example_of_content_is_valid(example: Example) -> None:
    path, text = example.use.removeprefix("content/"), example.text
    if example.use == "body":
        path, text = "articles/example.md", f"---\ntitle: Example\n---\n{text}"
    parsed = parse(path, text.encode())
    document, issues = parsed.document, (*parsed.header, *parsed.body)
    assert document is not None
    assert list(map(str, issues)) == []


@pytest.mark.parametrize("example", [e for e in ALL if e.use.endswith(".notes.yaml")], ids=lambda e: f"{e.page}-{e.start}")
def test_an_example_of_notes_is_valid(example: Example) -> None:
    file, issues = read_notes(example.text, example.use)
    assert (bool(file.notes), list(map(str, issues))) == (True, [])


def test_each_link_that_is_shown_leads_where_it_is_said_to() -> None:
    text = next(e.text for e in examples("content-format", "markdown") if "the promoter]]" in e.text)
    document = parse("articles/example.md", f"---\ntitle: Example\n---\n{text}".encode()).document
    assert document is not None
    assert [(r.target, r.fragment) for r in document.references] == [
        ("people/cyrus-field", ""), ("people/cyrus-field", ""), ("cyrus-field", ""), ("people/cyrus-field", ""),
        ("articles/raqqa", ""), ("articles/raqqa", "p-3fa2c1"), ("articles/raqqa", "p-3fa2c1"),
        ("articles/example", "the-landing"), ("/people/", ""), ("/maps/1858.pdf", ""), ("/images/ship.png", ""),
    ]  # fmt: skip


# The way from nothing to a site.


def test_the_commands_for_getting_started_work(tmp_path: Path) -> None:
    folder, told = tmp_path, []
    for example in examples("getting-started", "sh"):
        if example.use != "run":
            continue
        for line in example.text.splitlines():
            command, *arguments = shlex.split(line)
            if command == "cd":
                folder = folder / arguments[0]
                assert folder.is_dir()
                continue
            assert command == "sitegen"
            done = sitegen(folder, *arguments)
            assert done.returncode == 0, f"{line}\n{done.stdout}"
            told.append(arguments[0])
    assert told == ["new", "convert", "build", "check"]
    assert (folder / "site" / "index.html").is_file()
    assert list((folder / "content" / "articles").glob("*.md"))
    assert list((folder / "site" / "articles").glob("*/source.txt"))


def test_a_table_becomes_records_by_the_lines_of_the_page(tmp_path: Path) -> None:
    (script,) = examples("migrating", "python")
    table = 'name,aliases,born,died,wikidata\n"Žižka, Jan: of Trocnov","Žižka|Jan Žižka",1360,1424,Q312591\nAda Lovelace,,,,\n'
    (tmp_path / "people.csv").write_text(table, encoding="utf-8")
    for said in ("", "there already"):
        done = subprocess.run([sys.executable, "-c", script.text], cwd=tmp_path, capture_output=True, text=True, check=True)
        assert said in done.stdout
    file = tmp_path / "content/people/zizka-jan-of-trocnov.md"
    parsed = parse("people/zizka-jan-of-trocnov.md", file.read_bytes())
    assert parsed.header == parsed.body == ()
    assert parsed.document.meta == Record("Žižka, Jan: of Trocnov", (Alias("Žižka"), Alias("Jan Žižka")), begin="1360",
                                          end="1424", ids=(("wikidata", "Q312591"),))  # fmt: skip


def test_the_keys_of_other_programs_are_told() -> None:
    from sitegen.markup import elsewhere

    rows = {there: code(row[1]) for row in table("migrating", "Markdown with front matter", "There") if row[1].startswith("`")
            for there in re.findall(r"`(\w+)`", row[0])}  # fmt: skip
    assert rows == elsewhere._KEYS


def test_what_a_new_collection_holds_is_as_told(tmp_path: Path) -> None:
    assert sitegen(tmp_path, "new", "telegraph").returncode == 0
    made = tmp_path / "telegraph"
    rows = table("getting-started", "Make a collection", "In the folder")
    told = [name.rstrip("/") for row in rows for name in re.findall(r"`([^`]+)`", row[0])]
    assert [name for name in told if not (made / name).exists()] == []
    assert {path.name for path in made.iterdir()} == {name.partition("/")[0] for name in told}


def test_what_convert_says_of_a_text_is_told() -> None:
    from typing import get_args

    from sitegen.convert.story import Action

    told = {code(row[0]) for row in table("getting-started", "Convert", "It says")}
    assert told == set(get_args(Action))


def test_the_last_line_of_a_build_is_as_told(tmp_path: Path) -> None:
    (tmp_path / "sitegen.toml").write_text("")
    (tmp_path / "content").mkdir()
    told = next(e.text for e in examples("command-line", "text") if not e.use)
    for line in told.splitlines():  # of a first build, and of one that finds nothing to do
        shape = re.sub(r"(article|record|mention)s\b", r"\1s?", re.escape(line).replace("\\ ", " "))
        shape = re.sub(r"(\d|,(?=\d)|\\\.(?=\d))+", r"[\\d,.]+", shape)
        last = sitegen(tmp_path, "build").stdout.strip().splitlines()[-1]
        assert re.fullmatch(shape, last), (shape, last)


# Links among the pages.


@cache
def anchors(path: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    found = re.findall(r"^#+ (.+)$", _FENCE.sub("", path.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", unescape(heading).lower()).replace(" ", "-") for heading in found}


LINKING = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])


@pytest.mark.parametrize("path", LINKING, ids=lambda path: path.stem)
def test_links_among_the_pages_lead_somewhere(path: Path) -> None:
    dead = []
    text = _FENCE.sub("", path.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`]*`", "", text)):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, fragment = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        if not there.exists() or (fragment and fragment not in anchors(there)):
            dead.append(target)
    assert dead == []


def test_the_readme_leads_to_every_page() -> None:
    linked = set(re.findall(r"\]\(docs/([\w-]+)\.md\)", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert linked == {path.stem for path in DOCS.glob("*.md")}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_with_what_its_reader_can_do(name: str) -> None:
    opening = page(name).split("\n\n")[1]
    assert re.search(r"\b([Tt]his|[Aa]fter this) page\b", opening)


@pytest.mark.parametrize("page", ["docs/quality.md", "SECURITY.md"])
def test_every_test_that_is_named_is_there(page: str) -> None:
    there = {path.name for path in (ROOT / "tests").rglob("test_*.py")}
    there |= {name for path in (ROOT / "tests").rglob("test_*.py") for name in re.findall(r"def (test_\w+)", path.read_text())}
    named = set(re.findall(r"\btest_\w+(?:\.py)?", (ROOT / page).read_text(encoding="utf-8")))
    assert len(named) > 5 and named - there == set()
