"""What a command begins with: patterns that were compiled before, and no parser of arguments where a build is plain."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sitegen import kept
from sitegen.patterns import Patterns, keep
from tests.support import REPOSITORY, Collection

compiler = re._compiler  # type: ignore[attr-defined]
ASKED = [
    (r"(?P<year>\d{4})-(?P<month>\d\d)?", 0),
    (r"[À-ɏ\W_]+|\bcable\b", re.I | re.M),
    (rb"\x00[\xf0-\xff]*", 0),
    (r"(a|b)(?!\1)", re.A),
]
# What a module is: what it compiles while it is loaded, and what it compiles when it is asked.
MODULE = """found = []
for item in asked:
    found.append(re.compile(*item))


def later(pattern):
    return re.compile(pattern)
"""


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(kept.VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setattr(compiler, "compile", compiler.compile)  # put back at the end
    return tmp_path / "cache"


def loaded() -> dict[str, object]:
    """A module that compiles patterns, loaded anew."""
    re.purge()
    names: dict[str, object] = {"re": re, "asked": ASKED, "__name__": "some"}
    exec(MODULE, names)
    return names


def begun(monkeypatch: pytest.MonkeyPatch, theirs: object) -> Patterns:
    monkeypatch.setattr(compiler, "compile", theirs)
    patterns = Patterns()
    patterns.begin()
    return patterns


def test_a_pattern_that_was_kept_is_the_one_python_compiles(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = compiler.compile
    expected = loaded()["found"]
    first = begun(monkeypatch, theirs)
    assert loaded()["found"] == expected
    first.end()
    monkeypatch.setattr(compiler, "_code", None)  # nothing more can be compiled
    begun(monkeypatch, theirs)
    found = loaded()["found"]
    assert found == expected
    for one, other in zip(found, expected, strict=True):  # type: ignore[call-overload]
        assert (one.groups, dict(one.groupindex), one.flags) == (other.groups, dict(other.groupindex), other.flags)
    match = found[0].search("in 1858-08")  # type: ignore[index]
    assert match.groupdict() == {"year": "1858", "month": "08"} and match.lastgroup == "month"


def test_what_a_function_compiles_is_not_kept(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    patterns = begun(monkeypatch, compiler.compile)
    loaded()["later"]("a secret of somebody")  # type: ignore[operator]
    patterns.end()
    (file,) = cache.iterdir()
    assert b"cable" in file.read_bytes() and b"secret" not in file.read_bytes()


def test_the_rules_of_a_lexer_are_kept_apart(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = compiler.compile
    re.purge()
    lexers: dict[str, Any] = {"re": re, "asked": [], "__name__": "pygments.lexer"}
    exec(MODULE, lexers)
    begun(monkeypatch, theirs)
    lexers["later"](r"(rule)+")
    keep()  # as a process does that was forked
    (file,) = cache.iterdir()
    assert file.name.startswith("lexers-")
    re.purge()
    monkeypatch.setattr(compiler, "_code", None)  # nothing more can be compiled
    begun(monkeypatch, theirs)
    assert lexers["later"](r"(rule)+").fullmatch("rulerule")


def test_what_another_process_kept_meanwhile_is_kept(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = compiler.compile
    first, second = begun(monkeypatch, theirs), begun(monkeypatch, theirs)
    for patterns, text in ((first, "one"), (second, "other")):
        monkeypatch.setattr(compiler, "compile", patterns)
        exec("re.compile(asked)", {"re": re, "asked": f"({text})", "__name__": "some"})
    first.end()
    second.end()
    (file,) = cache.iterdir()
    assert b"(one)" in file.read_bytes() and b"(other)" in file.read_bytes()


@pytest.mark.parametrize("held", [b"", b"garbage", b"N"])
def test_what_is_damaged_is_compiled_anew(held: bytes, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = loaded()["found"]
    monkeypatch.setattr(kept, "read", lambda *_: held)
    begun(monkeypatch, compiler.compile)
    assert loaded()["found"] == expected


def test_where_python_has_another_compiler_nothing_is_touched(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(compiler, "_sre")
    theirs = compiler.compile
    begun(monkeypatch, theirs)
    assert compiler.compile is theirs


def loads(root: Path, *code: str) -> list[str]:
    """What a process prints."""
    command, environment = [sys.executable, "-c", "; ".join(["import sys", *code])], {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True, env=environment)
    return done.stdout.split()


def test_a_build_needs_no_click(collection: Collection) -> None:
    collection.article("a", "Morse sailed.").record("people/morse", "Morse").write("../sitegen.toml", 'theme = "plain"\n')
    look = "print('loaded', 'click' in sys.modules)"
    asked = "sys.argv = ['sitegen', 'build', '--jobs', '1']"
    code = ["import os", f"os._exit = lambda _: {look}", "from sitegen import start", asked, "start.main()"]
    loads(collection.root, *code)  # templates and patterns are compiled
    collection.article("a", "Morse sailed, and slept.")
    assert loads(collection.root, *code)[-2:] == ["loaded", "False"]


def test_libraries_work_as_ever_with_what_is_loaded_late(tmp_path: Path) -> None:
    said = loads(
        tmp_path, "import jinja2, pickle, random, ast, ipaddress, multiprocessing.reduction, msgspec, tempfile",
        """template = '{{ [1, 2]|map("string")|join }}{{ "\\x41" }}{{ 7|attr("real") }}'""",
        "print(jinja2.Environment().from_string(template).render())",
        "print(pickle.loads(pickle.dumps(5)), random.choice([3]), ast.literal_eval('4'), ast.dump(ast.parse('a'))[:6])",
        "print(ipaddress.ip_address('::1').is_loopback, type(msgspec.inspect.type_info(int)).__name__, tempfile.mktemp()[:0])",
    )  # fmt: skip
    assert said == ["12A7", "5", "3", "4", "Module", "True", "IntType"]
