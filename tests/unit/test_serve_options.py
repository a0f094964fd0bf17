"""`sitegen serve` with its options, as people start it."""

from __future__ import annotations

import http.cookiejar
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from sitegen.serve.server import listen
from tests.support import REPOSITORY, Collection
from tests.unit.test_serve import PATIENCE, until

BROWSER = '#!/bin/sh\nprintf %s "$1" > opened.part && mv opened.part opened\n'


@pytest.mark.skipif(sys.platform == "win32", reason="a browser that is a script of a shell")
def test_it_listens_where_it_is_told_or_on_the_next_free_port_and_opens_a_browser_that_may_review(tmp_path: Path) -> None:
    collection = Collection(tmp_path / "c").article("one", "Morse.", title="The first")
    script = tmp_path / "browser"
    script.write_text(BROWSER)
    script.chmod(0o755)
    with listen("localhost", 0) as other:
        taken = other.getsockname()[1]
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONUNBUFFERED": "1", "BROWSER": f"{script} %s"}
        with subprocess.Popen(
            [sys.executable, "-m", "sitegen", "serve", "--host", "localhost", "--port", str(taken), "--open"],
            cwd=collection.root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        ) as process:  # fmt: skip
            try:
                assert process.stdout
                said = next(line for line in process.stdout if "Serving at" in line)
                opened = collection.root / "opened"
                assert until(opened.exists)
                address = opened.read_text()
                browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
                with (
                    browser.open(address, timeout=PATIENCE) as page,
                    browser.open(page.url + "_sitegen/me", timeout=PATIENCE) as me,
                ):
                    assert b"The first" in page.read() and b'"review":true' in me.read()
            finally:
                process.send_signal(signal.SIGINT)
                process.communicate()
    port = int(said.partition("localhost:")[2].partition("/")[0])
    assert said.startswith(f"Port {taken} is taken. Serving at http://localhost:{port}/") and taken < port < taken + 100
    assert address.startswith(f"http://localhost:{port}/_review?token=")
    assert process.returncode == 0
