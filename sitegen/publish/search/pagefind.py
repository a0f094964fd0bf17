"""Pagefind, driven by its program: entries in, the files of an index out.

`pagefind --service` reads requests and writes answers, each a line of base64 JSON that ends in a comma. Its
Python client sleeps a tenth of a second for each answer, and is not used. The program answers in the order it is
asked, and stops at the end of its input, finished or not: that is closed last.
"""

from __future__ import annotations

import base64
import contextlib
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

import msgspec

from sitegen.errors import Issue, Span
from sitegen.publish.search.entries import Entry

_PACKAGES = ("pagefind_bin_extended", "pagefind_bin")
# How long the program may take, in seconds: far more than it ever did.
_PATIENCE, _PATIENCE_AN_ENTRY = 120.0, 0.05
_encode = msgspec.json.Encoder().encode


class PagefindError(Exception):
    """The program failed. Its text says how; `issue` gives it a place and a remedy."""

    def issue(self, program: Path) -> Issue:
        help = "reinstall it (pip install --force-reinstall pagefind-bin), or build with --no-search"
        return Issue("search-failed", str(self), Span(str(program)), help)


def program() -> Path | None:
    """The program: of the package that brings it, else the one on the search path; None where there is none."""
    for name in _PACKAGES:
        spec = find_spec(name)
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            for file in ("pagefind_extended", "pagefind_extended.exe", "pagefind", "pagefind.exe"):
                if (found := Path(folder, file)).is_file():
                    return found
    there = shutil.which("pagefind_extended") or shutil.which("pagefind")
    return Path(there) if there else None


def index(program: Path, entries: Sequence[Entry], patience: float = 0.0) -> dict[str, bytes]:
    """The files of an index of these entries, by path in its folder, as the program makes them.

    patience: seconds it may take; 0 for as long as so many entries may need.
    Raises: PagefindError where it cannot be started, fails, gives no sense or takes too long.
    """
    patience = patience or _PATIENCE + _PATIENCE_AN_ENTRY * len(entries)
    late = threading.Event()
    with tempfile.TemporaryFile() as complaints:
        try:
            process = subprocess.Popen(
                [str(program), "--service"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints
            )
        except OSError as error:
            raise PagefindError(f"pagefind cannot be started: {error.strerror}") from error

        def stop() -> None:
            late.set()
            process.kill()

        clock = threading.Timer(patience, stop)
        clock.start()
        try:
            return _asked(process, entries)
        except (PagefindError, msgspec.MsgspecError, ValueError) as error:
            if late.is_set():
                raise PagefindError(f"pagefind did not finish in {patience:.0f} seconds") from error
            said = str(error) if isinstance(error, PagefindError) else "pagefind gave an answer that makes no sense"
            raise PagefindError(said + _last_words(process, complaints)) from error
        finally:
            clock.cancel()
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):  # what was not read any more
                    pipe.close()  # type: ignore[union-attr]


def _asked(process: subprocess.Popen[bytes], entries: Sequence[Entry]) -> dict[str, bytes]:
    requests: list[dict[str, Any]] = [{"type": "NewIndex", "config": {}}]
    requests += [{"type": "AddRecord", "index_id": 0, **msgspec.structs.asdict(entry)} for entry in entries]
    requests.append({"type": "GetFiles", "index_id": 0})
    assert process.stdin and process.stdout
    # In a thread of its own: it waits for us to read its answers before it takes more.
    asking = threading.Thread(target=_ask, args=(process.stdin, requests))
    asking.start()
    try:
        answers = _answers(process.stdout, len(requests))
    finally:
        process.kill()
        asking.join()
    for number, answer in enumerate(answers):
        payload = answer.payload
        if payload.type == "Error":
            raise PagefindError(f"pagefind refused {_named(requests[number])}: {payload.message}")
    files = answers[-1].payload.files
    if not files:
        raise PagefindError("pagefind made no files")
    return {file.path: base64.b64decode(file.content) for file in files}


def _named(request: dict[str, Any]) -> str:
    return str(request.get("url") or request["type"])


def _ask(pipe: IO[bytes], requests: Iterable[dict[str, Any]]) -> None:
    try:
        for number, request in enumerate(requests):
            pipe.write(base64.b64encode(_encode({"message_id": number, "payload": request})) + b",")
        pipe.flush()
    except (OSError, ValueError):  # it has ended, or this is no text: its answers will be too few
        with contextlib.suppress(OSError):
            pipe.close()


class _File(msgspec.Struct):
    path: str
    content: str


class _Payload(msgspec.Struct):
    type: str
    message: str = ""
    files: list[_File] = []


class _Answer(msgspec.Struct):
    payload: _Payload
    message_id: int | None = None


def _answers(pipe: IO[bytes], wanted: int) -> list[_Answer]:
    """So many answers. Raises: PagefindError where they end before."""
    decoder = msgspec.json.Decoder(_Answer)
    found: list[_Answer] = []
    parts: list[bytes] = []
    while len(found) < wanted:
        data: bytes = pipe.read1(1 << 20)  # type: ignore[attr-defined]
        if not data:
            raise PagefindError(f"pagefind ended after {len(found)} of {wanted} answers")
        *ended, rest = data.split(b",")
        for part in ended:
            found.append(decoder.decode(base64.b64decode(b"".join([*parts, part]), validate=True)))
            parts.clear()
        parts.append(rest)
    return found


def _last_words(process: subprocess.Popen[bytes], complaints: IO[bytes]) -> str:
    """What it said as it failed: the end of its complaints, else its exit code."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(1)
    complaints.seek(0)
    lines = complaints.read().decode("utf-8", "replace").split("\n")
    said = [line.strip() for line in lines if line.strip()]
    return f" ({said[-1][:200]})" if said else ""
