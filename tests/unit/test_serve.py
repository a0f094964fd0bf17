"""The preview: a real server, asked over a socket, and a real watch over real files."""

from __future__ import annotations

import http.client
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from sitegen.build.output import Synced
from sitegen.build.pipeline import Report
from sitegen.errors import SiteError
from sitegen.serve.editor import Editor
from sitegen.serve.files import Shown, media_type, with_reload
from sitegen.serve.server import Server, Show, built, listen, rebuilding, site_path
from sitegen.serve.watch import Watch

HERE = Path(__file__).parents[2]
PATIENCE = 60.0  # seconds: an end to what hangs, and no measure of a machine that is busy


class Preview:
    """A server on a free port over a small site, and a browser of few words."""

    def __init__(self, output: Path, host: str = "127.0.0.1") -> None:
        self.shown = Shown(output)
        self.changes = self.shown.changes
        self.listener = listen("127.0.0.1", 0)
        self.port = self.listener.getsockname()[1]
        self.server = Server(self.shown, host)
        self.thread = threading.Thread(target=self.server.run, args=([self.listener],))
        self.thread.start()

    def ask(self, target: str, host: str = "", method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        """`target` goes out as it is: no client tidies it up."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.putrequest(method, target, skip_host=True)
            connection.putheader("Host", host or f"127.0.0.1:{self.port}")
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders()
            response = connection.getresponse()
            return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
        finally:
            connection.close()

    def status(self, target: str, host: str = "") -> int:
        return self.ask(target, host)[0]

    def type(self, target: str) -> str:
        return self.ask(target)[1]["content-type"]

    @contextmanager
    def events(self, since: str, page: str = "") -> Iterator[Callable[..., list[Any]]]:
        """A page's event stream; each call waits for the next change and gives its addresses."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("GET", f"/_sitegen/events?since={since}&page={quote(page)}")
        response = connection.getresponse()

        def following(event: str = "changed") -> list[Any]:
            while response.readline() != f"event: {event}\n".encode():
                assert not response.closed, "the stream has ended"
            return json.loads(response.readline().removeprefix(b"data: "))

        try:
            yield following
        finally:
            response.close()
            connection.close()

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("preview")
    (folder / "secret.txt").write_text("secret")
    output = folder / "site"
    files = {
        "index.html": "<body>Home</body>", "404.html": "<body>No such page</body>", "people/ada/index.html": "<p>Ada</p>",
        "empty/note.txt": "naïve", "feed.xml": "<feed/>", "assets/site.css": "a{}", "assets/site.js": "1",
        "assets/icon.svg": "<svg/>", ".sitegen.sha256": "ledger", ".hidden/index.html": "hidden", "دمشق/index.html": "Damascus",
        "a?b/index.html": "query",
    }  # fmt: skip
    for path, text in files.items():
        (output / path).parent.mkdir(parents=True, exist_ok=True)
        (output / path).write_text(text, encoding="utf-8")
    (output / "out.txt").symlink_to(folder / "secret.txt")
    (output / "up").symlink_to(folder)
    (output / "ledger.txt").symlink_to(output / ".sitegen.sha256")
    return output


@pytest.fixture(scope="module")
def preview(site: Path) -> Iterator[Preview]:
    running = Preview(site)
    yield running
    running.stop()


# What is served.


@pytest.mark.parametrize("target", ["/", "/index.html", "/people/ada/", "/%D8%AF%D9%85%D8%B4%D9%82/", "/a%3Fb/", "/?q=1"])
def test_a_page_is_served_at_its_clean_url(preview, target):
    assert preview.status(target) == 200


def test_a_folder_without_its_slash_is_redirected(preview):
    status, headers, _ = preview.ask("/people/ada?q=1")
    assert (status, headers["location"]) == (307, "/people/ada/?q=1")


@pytest.mark.parametrize("target", ["/nothing/", "/nothing.html", "/assets/", "/assets", "/people/", "/feed.xml/"])
def test_what_is_not_there_has_status_404(preview, target):
    assert preview.status(target) == 404


def test_what_is_not_there_shows_the_sites_own_page(preview):
    assert b"No such page" in preview.ask("/nothing/")[2]


def test_a_folder_is_never_listed(preview):
    assert b"note.txt" not in preview.ask("/empty/")[2]


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/", "text/html; charset=utf-8"), ("/empty/note.txt", "text/plain; charset=utf-8"),
        ("/feed.xml", "application/xml; charset=utf-8"), ("/assets/site.css", "text/css; charset=utf-8"),
        ("/assets/site.js", "text/javascript; charset=utf-8"), ("/assets/icon.svg", "image/svg+xml; charset=utf-8"),
        ("/_sitegen/reload.js", "text/javascript; charset=utf-8"),
    ],
)  # fmt: skip
def test_a_file_has_the_content_type_of_its_name(preview, target, expected):
    assert preview.type(target) == expected


@pytest.mark.parametrize("name", ["a.woff2", "a.tar.gz", "a.png", "a"])
def test_a_binary_file_has_no_charset(name):
    assert "charset" not in media_type(Path(name))


@pytest.mark.parametrize("target", ["/", "/assets/site.css", "/nothing/", "/_sitegen/reload.js", "/people/ada"])
def test_nothing_is_cached(preview, target):
    assert preview.ask(target)[1]["cache-control"] == "no-store"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_can_be_written(preview, method):
    assert preview.ask("/", method=method)[0] == 405


def test_head_has_no_body(preview):
    status, headers, body = preview.ask("/", method="HEAD")
    assert (status, int(headers["content-length"]) > 0, body) == (200, True, b"")


# What is refused.


@pytest.mark.parametrize(
    "host",
    ["evil.test", "evil.test:80", "localhost.evil.test", "127.0.0.1.evil.test", "192.168.1.7", "[::2]", ":", "localhost@a"],
)
def test_a_foreign_host_is_refused(preview, host):
    assert preview.status("/", host) == 421


@pytest.mark.parametrize("host", ["localhost", "LocalHost:8000", "127.0.0.1", "[::1]:8000"])
def test_this_machine_by_any_of_its_names_is_answered(preview, host):
    assert preview.status("/", host) == 200


@pytest.mark.parametrize(("host", "status"), [("archive.test:80", 200), ("other.test", 421), ("localhost", 200)])
def test_the_host_it_was_started_for_is_answered(site, host, status):
    running = Preview(site, host="archive.test")
    try:
        assert running.status("/", host) == status
    finally:
        running.stop()


@pytest.mark.parametrize(("host", "status"), [("192.168.1.7:8000", 200), ("[fe80::1]", 200), ("evil.example", 421)])
def test_on_all_interfaces_addresses_are_answered_and_names_are_not(site, host, status):
    running = Preview(site, host="0.0.0.0")
    try:
        assert running.status("/", host) == status
    finally:
        running.stop()


@pytest.mark.parametrize(
    "target",
    [
        "/../secret.txt", "/people/../../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/%2e%2e%2fsecret.txt",
        "/..%5csecret.txt", "/%252e%252e/secret.txt", "/....//secret.txt", "//secret.txt", "/%00/secret.txt", "/..;/secret.txt",
        "/%c0%ae%c0%ae/secret.txt", "/people/%2e%2e/%2e%2e/secret.txt", "/./index.html", "//evil.example/", "/C:/secret.txt",
        "/" + "a" * 5000,
    ],
)  # fmt: skip
def test_no_path_leads_out_of_the_output_folder(preview, target):
    assert preview.status(target) == 404


@pytest.mark.parametrize("target", ["/.sitegen.sha256", "/.hidden/", "/.hidden/index.html", "/%2ehidden/", "/ledger.txt"])
def test_hidden_files_are_not_served(preview, target):
    assert preview.status(target) == 404


@pytest.mark.parametrize("target", ["/out.txt", "/up/secret.txt", "/up/site/index.html/../../secret.txt"])
def test_a_link_out_of_the_output_folder_is_not_followed(preview, target):
    assert preview.status(target) == 404


# Reload.


def test_the_reload_script_stands_before_the_end_of_the_body():
    script = b'<script src="/_sitegen/reload.js" data-build="x-1"></script>'
    assert with_reload(b"<p></body></html>", "x-1") == b"<p>" + script + b"</body></html>"


def test_the_file_on_disk_has_no_reload_script(preview, site):
    preview.ask("/")
    assert (site / "index.html").read_text() == "<body>Home</body>"


def test_a_change_is_streamed_to_an_open_page(preview):
    with preview.events(preview.changes.latest) as following:
        preview.changes.publish(["/people/ada/"])
        assert following() == ["/people/ada/"]


def test_a_change_between_a_pages_loading_and_its_listening_is_not_missed(preview):
    loaded = preview.changes.latest
    preview.changes.publish(["/a/"])
    preview.changes.publish(["/b/", "/a/"])
    with preview.events(loaded) as following:
        assert following() == ["/a/", "/b/"]


@pytest.mark.parametrize("since", ["", "otherrun-0", "x", "-1"])
def test_a_page_of_another_run_is_told_that_anything_may_have_changed(preview, since):
    with preview.events(since) as following:
        assert following() == ["*"]


def test_a_server_stops_while_a_page_listens(site):
    running = Preview(site)
    running.server.config.timeout_graceful_shutdown = None  # else a line that is held is cut after a while
    with running.events(running.changes.latest):
        running.stop()


# Who looks at what.


def until(wanted: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE
    while not wanted() and time.monotonic() < end:
        time.sleep(0.01)
    return wanted()


def test_the_page_that_is_looked_at_comes_before_those_that_are_open_otherwise(site):
    running = Preview(site)
    try:
        with running.events("", "/people/ada/") as ada:
            ada()
            with running.events("", "/دمشق/") as damascus, running.events("", "/people/ada/") as again:
                damascus(), again()
                assert running.changes.open == (("/people/ada/", "/دمشق/"), ())
            assert until(lambda: running.changes.open == (("/people/ada/",), ("/دمشق/",)))
        assert until(lambda: running.changes.open == ((), ("/people/ada/", "/دمشق/")))
        assert Show(running.shown, site, Editor()).wanted() == [[], ["people/ada/index.html", "دمشق/index.html"]]
    finally:
        running.stop()


def test_of_what_was_looked_at_only_so_much_is_remembered(site):
    running = Preview(site)
    try:
        for number in range(40):
            with running.events("", f"/{number}/") as following:
                following()
        with running.events("", "/" + "x" * 5000) as following, running.events("", "evil") as another:
            following(), another()
            assert until(lambda: len(running.changes.open[1]) == 32)
            assert running.changes.open[0] == () and running.changes.open[1][0] == "/39/"
    finally:
        running.stop()


def test_what_went_ahead_is_told_of_once_and_what_went_back_twice(collection, monkeypatch):
    told, show = [], collection.show
    monkeypatch.setattr(Shown, "publish", lambda _, written, *__: told.append(sorted(written)))
    show.early(["a/index.html", "b/index.html"])
    show.early(["b/index.html"])
    show(report("a/index.html", "b/index.html", "c/index.html"))
    show(report("a/index.html"))
    assert told == [["/a/", "/b/"], ["/b/"], ["/b/", "/c/"], ["/a/"]]


def test_an_output_file_is_known_by_its_address():
    assert [site_path(path) for path in ("index.html", "people/ada/index.html", "feed.xml")] == ["/", "/people/ada/", "/feed.xml"]


# The watch.


class Collection:
    """Folders as a collection has them, and a count of the builds that changes in them lead to."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("content/people", "themes", "site", ".sitegen"):
            (root / name).mkdir(parents=True)
        self.builds: queue.Queue[int] = queue.Queue()
        self.told: queue.Queue[Report | SiteError] = queue.Queue()
        self.shown = Shown(root / "site")
        self.changes = self.shown.changes
        self.show = Show(self.shown, root, Editor())
        self.build: Callable[[], Report] = lambda: report("index.html")
        self.count = 0

    def write(self, path: str, text: str = "text") -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def rebuild(self, changed: object) -> Report:
        self.count += 1
        self.builds.put(self.count)
        return self.build()

    def tell(self, result: Report | SiteError, _: float) -> None:
        self.told.put(result)

    @contextmanager
    def watched(self) -> Iterator[Watch]:
        folders = (self.root / "content", self.root / "themes", self.root)
        with Watch(folders, apart=self.root / "site") as watch, rebuilding(watch, self.rebuild, self.tell, self.show):
            yield watch

    def held(self) -> Callable[[], None]:
        """Let builds begin and not end, until what is given here is called. `begun` is set by then."""
        go_on, self.begun = threading.Event(), threading.Event()

        def slowly() -> Report:
            self.begun.set()
            assert go_on.wait(PATIENCE)
            return report()

        self.build = slowly
        return go_on.set

    def built(self) -> int:
        return self.builds.get(timeout=PATIENCE)

    def rests(self) -> bool:
        """Whether no build begins for a while."""
        time.sleep(0.6)
        return self.builds.empty()


def report(*written: str) -> Report:
    return Report((), Synced(written=list(written)), {})


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return Collection(tmp_path)


def test_nothing_is_built_where_nothing_changes(collection):
    with collection.watched():
        assert collection.rests()


@pytest.mark.parametrize(
    "path", ["content/people/ada.md", "content/new/deep/a.md", "themes/own/base.html", "sitegen.toml", "pyproject.toml"]
)
def test_a_new_file_is_built(collection, path):
    with collection.watched():
        collection.write(path)
        assert collection.built()


@pytest.mark.parametrize(
    "path",
    [
        "site/index.html", ".sitegen/memo.db", "notes.txt", "content/.obsidian/workspace.json", "content/people/.ada.md.swp",
        "content/people/ada.md~", "content/people/4913", "content/#ada.md#", ".git/index",
    ],
)  # fmt: skip
def test_a_file_that_is_no_part_of_the_collection_is_not_built(collection, path):
    with collection.watched():
        collection.write(path)
        assert collection.rests()


def test_reading_the_content_is_no_change(collection):
    collection.write("content/people/ada.md")
    with collection.watched():
        (collection.root / "content/people/ada.md").read_bytes()
        assert collection.rests()


def noted(watch: Watch, *paths: Path) -> bool:
    """Whether a watch comes to know that these files were saved, each to its end."""
    return until(lambda: not watch._half and set(paths) <= set(watch._paths or ()))


def test_two_hundred_files_at_once_are_one_build(collection):
    go_on = collection.held()
    with collection.watched() as watch:
        collection.write("content/people/first.md")
        assert collection.begun.wait(PATIENCE)
        for number in range(200):
            collection.write(f"content/people/{number}.md")
        assert noted(watch, *(collection.root / f"content/people/{number}.md" for number in range(200)))
        go_on()
        assert (collection.built(), collection.built(), collection.rests()) == (1, 2, True)


def test_a_save_by_rename_is_one_build(collection):
    collection.write("content/people/ada.md")
    with collection.watched():
        collection.write("content/people/.ada.md.tmp", "new")
        os.replace(collection.root / "content/people/.ada.md.tmp", collection.root / "content/people/ada.md")
        collection.built()
        assert collection.rests()


def test_a_deleted_file_is_built(collection):
    collection.write("content/people/ada.md")
    with collection.watched():
        (collection.root / "content/people/ada.md").unlink()
        assert collection.built()


def test_a_save_during_a_build_leads_to_one_more(collection):
    go_on = collection.held()
    with collection.watched() as watch:
        collection.write("content/people/ada.md", "one")
        assert collection.begun.wait(PATIENCE)
        collection.write("content/people/ada.md", "two")
        collection.write("content/people/bob.md", "three")
        assert noted(watch, collection.root / "content/people/ada.md", collection.root / "content/people/bob.md")
        go_on()
        assert (collection.built(), collection.built(), collection.rests()) == (1, 2, True)


@pytest.mark.parametrize("error", [SiteError("no theme"), ZeroDivisionError("a bug")])
def test_a_broken_build_is_told_and_the_next_change_is_built(collection, error):
    def broken() -> Report:
        raise error

    collection.build = broken
    with collection.watched():
        collection.write("content/people/ada.md", "one")
        assert isinstance(collection.told.get(timeout=PATIENCE), SiteError)
        collection.build = report
        collection.write("content/people/ada.md", "two")
        assert collection.told.get(timeout=PATIENCE) == report()


def test_a_bug_in_the_showing_of_a_build_does_not_end_the_watch(collection):
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a bug")

    collection.show, show = broken, collection.show
    with collection.watched():
        collection.write("content/people/ada.md", "one")
        assert collection.told.get(timeout=PATIENCE) == report("index.html")
        assert isinstance(collection.told.get(timeout=PATIENCE), SiteError)
        collection.write("content/people/ada.md", "two")
        assert collection.told.get(timeout=PATIENCE) == report("index.html")
    assert show


def test_a_bug_is_told_with_its_place():
    told: list[Report | SiteError] = []
    built(lambda changed: [][1], lambda result, _: told.append(result))  # type: ignore[arg-type, return-value]
    assert "IndexError: list index out of range (test_serve.py:" in str(told[0])


def test_what_a_build_changed_is_published(collection):
    before = collection.changes.latest
    with collection.watched():
        collection.write("content/people/ada.md")
        collection.told.get(timeout=PATIENCE)
    assert collection.changes.latest != before


def test_a_build_that_wrote_nothing_is_not_published(collection):
    collection.build, before = report, collection.changes.latest
    with collection.watched():
        collection.write("content/people/ada.md")
        collection.told.get(timeout=PATIENCE)
    assert collection.changes.latest == before


def test_a_themes_folder_that_appears_later_is_watched(collection):
    (collection.root / "themes").rmdir()
    with collection.watched():
        (collection.root / "themes").mkdir()
        collection.built()
        collection.write("themes/own/base.html")
        assert collection.built()


def test_a_content_folder_that_is_replaced_is_watched_on(collection):
    with collection.watched():
        (collection.root / "content").rename(collection.root / "old")
        collection.write("content/people/ada.md", "one")
        collection.built()
        time.sleep(1.5)
        while not collection.builds.empty():
            collection.built()
        collection.write("content/people/ada.md", "two")
        assert collection.built()


def test_no_thread_outlives_the_watch(collection):
    before = set(threading.enumerate())
    with collection.watched():
        collection.write("content/people/ada.md")
        collection.built()
    assert set(threading.enumerate()) <= before


# Ports, and the whole.


def test_the_next_free_port_is_taken():
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with listen("127.0.0.1", port) as second:
            assert second.getsockname()[1] > port


def test_an_address_that_is_not_ours_is_an_error_that_names_it():
    with pytest.raises(SiteError, match=r"192\.0\.2\.1"):
        listen("192.0.2.1", 0)


SERVING = """
import sys
from pathlib import Path
from sitegen.build.output import Synced
from sitegen.build.pipeline import Report
from sitegen.config import Config
from sitegen.review.decide import Clerk
from sitegen.serve.idle import Idle
from sitegen.serve.server import serve

root, text = Path(sys.argv[1]), Path(sys.argv[1], "content", "a.txt")

def rebuild(changed, ahead):
    Path(root, "site", "index.html").write_text(text.read_text())
    return Report((), Synced(written=["index.html"]), {})

config = Config(root, content=root / "content", output=root / "site")
serve(config, (root / "content", root / "themes", root), rebuild, lambda *_: print("built", flush=True),
      clerk=lambda: Clerk("mk", "2026-01-01T00:00:00Z"), settle=lambda: None, idle=Idle(lambda: False, lambda *_: None),
      host="127.0.0.1", port=0, browse=False, say=lambda text: print(text, flush=True))
print("stopped", flush=True)
"""


@pytest.fixture
def serving(collection: Collection) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """`serve` in a process of its own, and the port it says it has."""
    collection.write("content/a.txt", "one")
    program = [sys.executable, "-W", "error", "-c", SERVING, str(collection.root)]
    environment = {**os.environ, "PYTHONPATH": str(HERE)}
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout
        assert process.stdout.readline() == "built\n"
        said = process.stdout.readline()
        assert "/_review?token=" in process.stdout.readline()
        yield process, int(said.partition("127.0.0.1:")[2].partition("/")[0])
        process.kill()


def get(port: int) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("GET", "/")
    text = connection.getresponse().read().decode()
    connection.close()
    return text


def test_a_save_reaches_the_served_page(serving, collection):
    process, port = serving
    collection.write("content/a.txt", "two")
    assert (process.stdout.readline(), get(port)[:3]) == ("built\n", "two")


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT")
def test_ctrl_c_stops_it_cleanly(serving):
    process, port = serving
    with socket.create_connection(("127.0.0.1", port)) as page:
        page.sendall(b"GET /_sitegen/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        page.recv(1)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
    assert (out, err, process.returncode) == ("stopped\n", "", 0)
