"""`sitegen serve` as people run it, in a process of its own, and tabs that are held against a clean build."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from sitegen.build import pipeline
from sitegen.build.lock import waiting
from sitegen.build.memo import Memo
from sitegen.cli.ground import mode_of
from sitegen.config import load
from tests.support import REPOSITORY, Collection, files

ORPHAN = Path(__file__).with_name("orphan.py")
PATIENCE = 120.0  # seconds: an end to what hangs, and no measure of a machine that is busy


class Serving:
    """A running preview of a collection; `port` stays the same over a restart. program: what is run."""

    def __init__(self, collection: Collection, port: int = 0, program: str = "sitegen") -> None:
        self.collection, self.port, self.program = collection, port, program
        self.lines: list[str] = []
        self._start()

    def _start(self) -> None:
        program = [sys.executable, str(ORPHAN), "-m", self.program, "serve", "--port", str(self.port), "--no-drafts"]
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONUNBUFFERED": "1", "EDITOR": "code"}
        self.process = subprocess.Popen(
            program, cwd=self.collection.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
        )
        self._reader = threading.Thread(target=self._read, args=(self.process,))
        self._reader.start()
        self.review = self._said(r"Review at (\S+)")
        self.address = self.review.partition("/_review")[0]
        self.port = int(self.address.rpartition(":")[2])

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout
        for line in process.stdout:
            self.lines.append(line)

    def _said(self, pattern: str) -> str:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if found := re.search(pattern, "".join(self.lines)):
                return found[1]
            assert self.process.poll() is None, "".join(self.lines)
            time.sleep(0.02)
        raise AssertionError("".join(self.lines))

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        assert self.process.stdout
        self.process.stdout.close()

    def restart(self) -> None:
        self.stop()
        self.lines.clear()
        self._start()


# What the page itself says, without what the preview adds to it.
SHOWN = """() => {
  const copy = document.documentElement.cloneNode(true);
  const ours = 'script[src^="/_sitegen/"], sitegen-problems, sitegen-tools, sitegen-notice';
  copy.querySelectorAll(ours).forEach((e) => e.remove());
  for (const e of copy.querySelectorAll("*")) {
    const all = [...e.attributes].map((a) => [a.name, a.value]).sort();
    for (const [name] of all) e.removeAttribute(name);
    for (let [name, value] of all) {
      if (e.matches("link, img") && (name === "href" || name === "src")) value = new URL(value, location.href).pathname;
      e.setAttribute(name, value);
    }
  }
  return copy.outerHTML.replace(/\\s+/g, " ").replace(/> </g, "><");
}"""


def settles(page: Any, browser: Any, wanted: Callable[[], bool] = lambda: True) -> None:
    """Wait until a tab shows what a tab shows that is opened now, and `wanted` holds.

    Raises: AssertionError where it never does.
    """
    end, tries = time.monotonic() + PATIENCE, 0
    fresh_page = browser.new_page()
    live = fresh = ""
    try:
        while time.monotonic() < end or tries < 20:  # the machine may have stood still
            tries += 1
            if wanted():
                fresh_page.goto(page.url, wait_until="load")
                fresh, live = fresh_page.evaluate(SHOWN), page.evaluate(SHOWN)
                if fresh == live:
                    return
            time.sleep(0.1)
    finally:
        fresh_page.close()
    at = next((i for i, (a, b) in enumerate(zip(live, fresh, strict=False)) if a != b), -1)
    raise AssertionError(f"the tab has {live[max(0, at - 80) : at + 80]!r}, a fresh one {fresh[max(0, at - 80) : at + 80]!r}")


def same_as_clean(collection: Collection, into: Path) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The preview's files, and those of a build from nothing.

    Without the search, which a preview shows as it was last made, and the licences, which tell of it where it is there.
    """
    config = load(collection.root).preview()
    with Memo.none() as memo:
        mode = mode_of(strict=False, drafts=False, preview=True)
        report = waiting(lambda: pipeline.build(replace(config, output=into), memo, mode), PATIENCE)
    assert report.ok, report.issues
    both = ({path: data for path, data in files(folder).items() if not path.startswith(("pagefind/", "search/", "licences.txt"))}
            for folder in (config.output, into))  # fmt: skip
    ours, clean = both
    return ours, clean
