"""Transactions: stopped at any step, a change of many files is done or not done, and never half."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from sitegen.build.lock import locked
from sitegen.errors import SiteError
from sitegen.review.files import JOURNAL, Change, commit, recover

BEFORE = {"people/a.md": b"a", "people/b.md": b"b", "people/gone.md": b"gone"}
AFTER = {"people/a.md": b"A", "people/b.md": b"B", "places/new.md": b"new"}
CHANGES = [
    Change(path, BEFORE.get(path), AFTER.get(path)) for path in ("people/a.md", "people/b.md", "people/gone.md", "places/new.md")
]


class Stop(BaseException):
    """The program is killed here."""


@pytest.fixture
def content(tmp_path: Path) -> Path:
    for path, data in BEFORE.items():
        target = tmp_path / "content" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return tmp_path / "content"


def memo(content: Path) -> Path:
    return content.parent / ".sitegen"


def held(content: Path) -> dict[str, bytes]:
    return {path.relative_to(content).as_posix(): path.read_bytes() for path in content.rglob("*") if path.is_file()}


def test_all_files_are_changed(content: Path) -> None:
    commit(content, memo(content), "a test", CHANGES)
    assert held(content) == AFTER and not (memo(content) / JOURNAL).exists()


def stopped_at(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop the program before its n-th call of the system that changes something."""
    count = iter(range(1000))

    def counted(call):  # type: ignore[no-untyped-def]
        def run(*args: object, **named: object) -> object:
            if next(count) == step:
                raise Stop
            return call(*args, **named)

        return run

    for owner, name in ((os, "fsync"), (os, "replace"), (Path, "unlink"), (Path, "open")):
        monkeypatch.setattr(owner, name, counted(getattr(owner, name)))


STEPS = 45


@pytest.mark.parametrize("step", range(STEPS))
def test_a_run_that_is_stopped_is_finished_or_has_done_nothing(step: int, content: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        stopped_at(step, patch)
        try:
            commit(content, memo(content), "a test", CHANGES)
            stopped = False
        except Stop:
            stopped = True
    begun = (memo(content) / JOURNAL).exists()
    said = recover(content, memo(content))
    assert held(content) in ((AFTER,) if begun or not stopped else (BEFORE, AFTER))
    assert said == ("a test was interrupted, and is finished now" if begun else "")
    assert not (memo(content) / JOURNAL).exists()


def test_the_steps_of_the_test_before_reach_the_end_of_a_run(content: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        stopped_at(STEPS - 1, patch)
        commit(content, memo(content), "a test", CHANGES)


def test_a_run_that_is_stopped_twice_is_finished_by_the_third(content: Path) -> None:
    for step in (9, 5):
        with pytest.MonkeyPatch.context() as patch:
            stopped_at(step, patch)
            with pytest.raises(Stop):
                commit(content, memo(content), "a test", CHANGES)
    assert recover(content, memo(content)) and held(content) == AFTER


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_process_that_is_killed_at_any_step_leaves_nothing_half_done(content: Path) -> None:
    script = """
        import os, pathlib, shutil, sys
        from tests.unit.test_review_files import AFTER, BEFORE, CHANGES, STEPS, held, memo
        from sitegen.review.files import commit, recover
        root = pathlib.Path(sys.argv[1])
        def counted(call, step, count):
            def run(*args, **named):
                if next(count) == step:
                    os._exit(1)
                return call(*args, **named)
            return run
        seen = set()
        for step in range(STEPS):
            content = root / str(step) / "content"
            shutil.copytree(root / "content", content)
            child = os.fork()
            if not child:
                count = iter(range(1000))
                for owner, name in ((os, "fsync"), (os, "replace"), (pathlib.Path, "unlink"), (pathlib.Path, "open")):
                    setattr(owner, name, counted(getattr(owner, name), step, count))
                commit(content, memo(content), "a test", CHANGES)
                os._exit(0)
            os.waitpid(child, 0)
            recover(content, memo(content))
            left = {path: data for path, data in held(content).items() if not path.endswith(".sitegen-tmp")}
            assert left in (BEFORE, AFTER), (step, left)
            seen.add(left == AFTER)
        assert seen == {True, False}
    """
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), str(content.parent)],
        env={**os.environ, "PYTHONPATH": str(root)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_a_file_that_was_edited_since_is_never_overwritten(content: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        stopped_at(10, patch)
        with pytest.raises(Stop):
            commit(content, memo(content), "a test", CHANGES)
    (content / "people/b.md").write_bytes(b"edited")
    said = recover(content, memo(content))
    assert held(content) == {**BEFORE, "people/b.md": b"edited"} and "people/b.md edited since" in said


def test_a_file_that_changed_between_preview_and_writing_stops_the_run(content: Path) -> None:
    (content / "people/b.md").write_bytes(b"edited")
    with pytest.raises(SiteError, match="changed meanwhile"):
        commit(content, memo(content), "a test", CHANGES)
    assert held(content)["people/a.md"] == b"a"


def test_a_file_that_cannot_be_written_undoes_the_others(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (content / "places").write_bytes(b"a file where a folder is wanted")
    with pytest.raises(SiteError, match="nothing was changed"):
        commit(content, memo(content), "a test", CHANGES)
    assert {path: data for path, data in held(content).items() if path != "places"} == BEFORE


def test_nothing_is_written_while_a_build_runs(content: Path) -> None:
    with locked(memo(content)), pytest.raises(SiteError, match="another sitegen"):
        commit(content, memo(content), "a test", CHANGES)
    assert held(content) == BEFORE
