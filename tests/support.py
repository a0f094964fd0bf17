"""A collection to play with: write documents in one line, build, and see what came of it."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sitegen.build import pipeline
from sitegen.build.memo import Memo
from sitegen.build.run import Mode
from sitegen.build.unchanged import LEDGER
from sitegen.config import load
from sitegen.model.dates import Date
from sitegen.model.mention import Facts

# What templates have besides Jinja's own filters.
FILTERS = ("href", "absolute", "thousands", "decimal", "date", "listed", "of_kind", "direction", "numbered", "citation",
           "linked_data")  # fmt: skip
TODAY = dt.date(2026, 11, 22)


@dataclass
class Built:
    """A build's report, and the URLs of the pages it wrote and removed."""

    report: pipeline.Report

    @property
    def rendered(self) -> set[str]:
        return {url(path) for path in self._synced.written if path.endswith(".html")}

    @property
    def removed(self) -> set[str]:
        return {url(path) for path in self._synced.removed if path.endswith(".html")}

    @property
    def codes(self) -> list[str]:
        return [issue.code for issue in self.report.issues]

    @property
    def _synced(self):  # type: ignore[no-untyped-def]
        assert self.report.synced is not None, "\n".join(map(str, self.report.issues))
        return self.report.synced


class Collection:
    """A collection in a folder of its own. Every writer gives the collection back, so that calls chain."""

    def __init__(self, root: Path, config: str = 'title = "Test"\nurl = "https://example.org/"\n') -> None:
        self.root = root
        self.content = root / "content"
        self.site = root / "site"
        self.today = TODAY
        self.content.mkdir(parents=True, exist_ok=True)
        self.write("../sitegen.toml", config)

    def write(self, path: str, text: str | bytes) -> Collection:
        target = self.content / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())
        return self

    def delete(self, path: str) -> Collection:
        (self.content / path).unlink()
        return self

    def article(self, name: str, body: str = "Text.", *, title: str = "", date: str = "1858-08-16", more: str = "") -> Collection:
        dated = f"date: {date}\n" if date else ""
        return self.write(f"articles/{name}.md", f"---\ntitle: {title or name}\n{dated}{more}---\n{body}\n")

    def record(self, name: str, title: str, more: str = "", body: str = "") -> Collection:
        return self.write(f"{name}.md", f"---\nname: {title}\n{more}---\n{body}\n")

    def build(self, **mode: Any) -> Built:
        """Build as the command line does, with the collection's own memo."""
        config = load(self.root)
        with Memo.at(config.memo) as memo:
            return Built(pipeline.build(config, memo, Mode(self.today, **mode)))

    def clean_build(self, into: Path, **mode: Any) -> Built:
        """Build from nothing, with no memo, into another folder."""
        shutil.rmtree(into, ignore_errors=True)
        config = load(self.root)
        with Memo.none() as memo:
            return Built(pipeline.build(_moved(config, into), memo, Mode(self.today, **mode)))

    def page(self, address: str) -> str:
        path = address.lstrip("/")
        return (self.site / (path + "index.html" if path.endswith("/") or not path else path)).read_text(encoding="utf-8")

    def has(self, address: str) -> bool:
        return (self.site / address.lstrip("/") / "index.html").is_file()


def crowd(collection: Collection, articles: int) -> Collection:
    """So many short articles that a pool starts, with what a text may hold."""
    for number in range(articles):
        body = f"Morse met Field, {number} times.\n\n> *Cable* laid[^1].\n\n[^1]: In {1840 + number % 60}."
        collection.article(f"a{number}", body, date=f"{1840 + number % 60}-02-01", more="tags: [sea]\n")
    collection.record("people/field", "Field", "location: {lat: 1, lon: 2}\n", "Knew Morse.")
    return collection.record("people/morse", "Morse").write("images/a.svg", "<svg/>")


def facts_of(name: str, date: str = "", *, named: Sequence[str] = (), here: Sequence[int] = ()) -> Facts:
    """What the site knows of an article that names these records, `here` times each or once."""
    return Facts(
        id=f"articles/{name}", kind="articles", path=f"articles/{name}.md", url=f"/articles/{name}/", title=f"Of {name}",
        date=Date(date) if date else None, updated=None, lang="en", summary="", minutes=1, draft=False, tags=(), related=(),
        source="", source_sha256="", links=(), references=(), found=(), ambiguities=(), named=tuple(named),
        here=tuple(here)[: len(named)] or (1,) * len(named), blocks=("",) * len(named), card=b"", quotes=b"", own=b"",
    )  # fmt: skip


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder but the hidden ones' own list, by relative path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != LEDGER
    }


def git(root: Path, *arguments: str, day: str = "2026-11-01") -> str:
    """What git says of a folder, asked on a day."""
    moment = {f"GIT_{who}_DATE": f"{day}T12:00:00+0000" for who in ("AUTHOR", "COMMITTER")}
    command = ["git", "-C", str(root), "-c", "user.name=A", "-c", "user.email=a@example.org", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, **moment}).stdout


def url(path: str) -> str:
    return "/" + path.removesuffix("index.html")


def _moved(config, into: Path):  # type: ignore[no-untyped-def]
    import msgspec

    return msgspec.structs.replace(config, output=into)


REPOSITORY = Path(__file__).parents[1]


def demo(root: Path, *, fonts: bool = False) -> Collection:
    """This repository's own collection, The Wired World, built in a folder of its own."""
    shutil.copytree(REPOSITORY / "content", root / "content")
    settings = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
    if fonts:
        settings = settings.replace("[tool.sitegen]\n", "[tool.sitegen]\nfonts = true\n", 1)
    collection = Collection(root, settings)
    (root / "sitegen.toml").rename(root / "pyproject.toml")
    built = collection.build(strict=True)
    assert built.report.ok, "\n".join(map(str, built.report.issues))
    return collection
