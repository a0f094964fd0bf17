"""Links that lead out, asked of a real server: four answers, within bounds, and never a private address."""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import json
import shutil
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from sitegen.build import outside
from sitegen.cli.commands import main
from sitegen.outside import answers, ask, round
from sitegen.outside.answers import Answer, State
from sitegen.outside.ask import Manners
from sitegen.outside.round import Bounds
from tests.support import Collection

DRIPS = 6000  # ten minutes of them
NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


class Host:
    """A server of this machine that remembers what it was asked."""

    def __init__(self, certificate: Path | None = None) -> None:
        self.seen: list[tuple[str, str, dict[str, str], float]] = []
        host = self

        class Handler(BaseHTTPRequestHandler):
            def _any(self) -> None:
                host.seen.append((self.command, self.path, dict(self.headers), time.monotonic()))
                path = self.path.partition("?")[0]
                if path == "/drip":
                    for _ in range(DRIPS):
                        try:
                            self.wfile.write(b"H")
                            self.wfile.flush()
                        except OSError:
                            return
                        time.sleep(0.1)
                    return
                if path == "/junk":
                    self.wfile.write(b"\x00\x01 no HTTP\r\n\r\n")
                    return
                status, headers = self._said(path)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def _said(self, path: str) -> tuple[int, dict[str, str]]:
                if path.startswith("/status/"):
                    return int(path[8:]), {}
                if path == "/no-head":
                    return (405 if self.command == "HEAD" else 206), {}
                if path.startswith("/to/"):
                    _, _, status, to = path.split("/", 3)
                    return int(status), {"Location": "/" + to}
                if path == "/loop":
                    return 302, {"Location": "/loop"}
                if path == "/patience":
                    return 429, {"Retry-After": "7200"}
                if path.startswith("/out/"):
                    return 301, {"Location": {"meta": "http://169.254.169.254/latest", "file": "file:///etc/passwd",
                                              "escape": "/\x1b]0;x\x07"}[path[5:]]}  # fmt: skip
                return 200, {}

            do_HEAD = do_GET = _any

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self.url = f"http{'s' if certificate else ''}://127.0.0.1:{self.port}"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    made = Host()
    yield made
    made.close()


def manners(host: Host, **more: float) -> Manners:
    """As always, but that this very server may be asked."""
    return Manners("sitegen/test", public=lambda address: address == "127.0.0.1", ports=frozenset({host.port}), **more)  # type: ignore[arg-type]


def asked(host: Host, path: str, **more: float) -> Answer:
    return ask.ask(host.url + path, manners(host, **more), lambda: NOW)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate that nobody has signed but itself, for this machine's address."""
    if not (openssl := shutil.which("openssl")):
        pytest.skip("openssl, which makes the certificate, is not installed")
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=sitegen test",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(file), "-out", f"{file}.crt"],
        capture_output=True, check=True,
    )  # fmt: skip
    file.write_bytes(file.read_bytes() + Path(f"{file}.crt").read_bytes())
    return file


@pytest.fixture(scope="module")
def safe(certificate: Path) -> Iterator[Host]:
    made = Host(certificate)
    yield made
    made.close()


def test_a_host_whose_certificate_nobody_trusts_could_not_be_checked_and_is_not_dead(safe: Host) -> None:
    for path in ("/", "/status/404", "/to/301/new"):
        answer = asked(safe, path)
        assert (answer.state, answer.status) == (State.UNASKED, 0) and "certificate is not trusted (self" in answer.why
    assert not safe.seen  # nothing was said to it


def test_a_host_whose_certificate_is_trusted_is_asked_as_any_other(
    safe: Host, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(ask, "_context", lambda: trusting)
    assert asked(safe, "/").state is State.REACHED
    assert asked(safe, "/status/404").state is State.NOT_FOUND
    # The same certificate under another name is not this host's.
    anywhere = Manners("sitegen/test", public=lambda _: True, ports=frozenset({safe.port}))
    other = ask.ask(f"https://localhost:{safe.port}/", anywhere, lambda: NOW)
    assert other.state is State.UNASKED and "certificate" in other.why


def test_a_host_that_knows_no_tls_at_an_address_of_https_could_not_be_checked(host: Host) -> None:
    answer = ask.ask(host.url.replace("http:", "https:") + "/", manners(host), lambda: NOW)
    assert answer.state is State.UNASKED and answer.why.startswith("no safe connection")


@pytest.mark.parametrize(
    ("path", "state", "status"),
    [
        ("/", State.REACHED, 200),
        ("/no-head", State.REACHED, 206),
        ("/to/302/", State.REACHED, 200),
        ("/to/301/new", State.MOVED, 200),
        ("/to/308/new", State.MOVED, 200),
        ("/to/302/to/301/new", State.REACHED, 200),
        ("/status/404", State.NOT_FOUND, 404),
        ("/status/410", State.NOT_FOUND, 410),
        ("/to/301/status/404", State.NOT_FOUND, 404),
        ("/status/416", State.REACHED, 416),
        ("/status/401", State.UNASKED, 401),
        ("/status/403", State.UNASKED, 403),
        ("/status/429", State.UNASKED, 429),
        ("/status/500", State.UNASKED, 500),
        ("/status/503", State.UNASKED, 503),
        ("/loop", State.UNASKED, 0),
        ("/junk", State.UNASKED, 0),
    ],
)
def test_an_address_is_reached_has_moved_is_not_found_or_could_not_be_asked(
    host: Host, path: str, state: State, status: int
) -> None:
    answer = asked(host, path)
    assert (answer.state, answer.status, bool(answer.why)) == (state, status, state is State.UNASKED)


def test_what_moved_says_where_to_with_the_fragment_it_had(host: Host) -> None:
    assert asked(host, "/to/301/new#part").to == f"{host.url}/new#part"


def test_a_new_address_cannot_write_on_the_terminal(host: Host) -> None:
    assert asked(host, "/out/escape").to == f"{host.url}/%1B]0;x%07"


def test_a_host_is_told_who_asks_and_never_sends_a_body(host: Host) -> None:
    host.seen.clear()
    asked(host, "/no-head?q=ä b")
    (head, _, named, _), (get, path, _, _) = host.seen
    assert (head, get, path) == ("HEAD", "GET", "/no-head?q=%C3%A4%20b")
    assert (named["User-Agent"], host.seen[1][2]["Range"]) == ("sitegen/test", "bytes=0-0")


def test_a_host_that_sends_a_sign_now_and_then_is_cut_off(host: Host) -> None:
    began = time.monotonic()
    answer = asked(host, "/drip", deadline=1.0)
    assert answer.state is State.UNASKED and "too long" in answer.why and time.monotonic() - began < DRIPS / 10 / 5


@pytest.mark.parametrize("path", ["/out/meta", "/out/file"])
def test_a_redirect_to_what_is_not_public_is_not_followed(host: Host, path: str) -> None:
    answer = asked(host, path)
    assert answer.state is State.UNASKED and "not asked" in answer.why


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/", "http://localhost/", "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://192.168.1.1/",
        "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://0.0.0.0/", "http://0/", "http://2130706433/",
        "http://0x7f.1/", "http://100.64.0.1/", "http://[fe80::1%25lo]/", "http://224.0.0.1/", "https://172.16.0.1/",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_not_asked(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ask.socket, "create_connection", lambda *given, **named: pytest.fail(f"asked {given}"))
    answer = ask.ask(address, Manners("t"), lambda: NOW)
    assert (answer.state, answer.status) == (State.UNASKED, 0)


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("file:///etc/passwd", '"file:"'), ("ftp://example.org/", '"ftp:"'), ("http://user:word@example.org/", "password"),
        ("http://example.org:22/", "port 22"), ("http://example.org:x/", "no address"), ("http:///x", '"http:"'),
        ("http://" + "a" * 5000, "too long"), ("http://\u0600..example/", "no address"),
    ],
)  # fmt: skip
def test_what_cannot_be_an_address_to_ask_is_not_looked_up(address: str, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ask.socket, "getaddrinfo", lambda *given, **named: pytest.fail(f"looked up {given}"))
    answer = ask.ask(address, Manners("t"), lambda: NOW)
    assert answer.state is State.UNASKED and why in answer.why


def test_a_name_of_which_one_address_is_private_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [(0, 0, 0, "", ("93.184.215.14", 80)), (0, 0, 0, "", ("127.0.0.1", 80))]
    monkeypatch.setattr(ask.socket, "getaddrinfo", lambda *given, **named: both)
    monkeypatch.setattr(ask.socket, "create_connection", lambda *given, **named: pytest.fail(f"asked {given}"))
    assert "not public" in ask.ask("http://example.org/", Manners("t"), lambda: NOW).why


def test_the_connection_goes_to_the_address_that_was_looked_at(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    real, looked = ask.socket.getaddrinfo, []

    def once(name: str, *given: object, **named: object) -> object:
        looked.append(name)
        return real("127.0.0.1", *given, **named) if len(looked) == 1 else pytest.fail("looked up a second time")

    monkeypatch.setattr(ask.socket, "create_connection", connect := _by_number())
    monkeypatch.setattr(ask.socket, "getaddrinfo", once)
    answer = ask.ask(f"http://example.org:{host.port}/", manners(host), lambda: NOW)
    assert (answer.state, looked, connect.to) == (State.REACHED, ["example.org"], ("127.0.0.1", host.port))  # type: ignore[attr-defined]


def _by_number():  # type: ignore[no-untyped-def]
    """Connects to numbers alone."""
    import socket

    def connect(to: tuple[str, int], timeout: float) -> socket.socket:
        connect.to = to  # type: ignore[attr-defined]
        made = socket.socket()
        made.settimeout(timeout)
        made.connect(to)
        return made

    return connect


# Rounds.


def test_a_host_is_asked_for_one_address_at_a_time_with_a_pause_between(host: Host) -> None:
    host.seen.clear()
    found = round.asked([f"{host.url}/p{n}" for n in range(4)], {}, manners(host), Bounds(pause=0.2), now=lambda: NOW)
    times = [seen[3] for seen in host.seen]
    assert found.asked == 4 and all(later - earlier >= 0.19 for earlier, later in itertools.pairwise(times))


def test_what_is_believed_is_not_asked_again_and_what_failed_is_believed_for_a_shorter_time(host: Host) -> None:
    def known(state: State, days: float) -> dict[str, Answer]:
        return {f"{host.url}/": Answer(state, (NOW - dt.timedelta(days=days)).isoformat(), 200)}

    def count(state: State, days: float) -> int:
        return round.asked([f"{host.url}/"], known(state, days), manners(host), Bounds(pause=0), now=lambda: NOW).asked

    assert [count(State.REACHED, 29), count(State.REACHED, 31)] == [0, 1]
    assert [count(State.NOT_FOUND, 6), count(State.NOT_FOUND, 8)] == [0, 1]
    assert [count(State.UNASKED, 0.9), count(State.UNASKED, 1.1)] == [0, 1]
    assert count(State.REACHED, -1) == 1  # the clock went back


def test_a_host_that_asks_for_patience_is_left_alone_in_this_run_and_until_then(host: Host) -> None:
    wanted = [f"{host.url}/patience", f"{host.url}/x"]
    first = round.asked(wanted, {}, manners(host), Bounds(pause=0), now=lambda: NOW)
    assert (first.asked, first.waiting) == (1, [f"{host.url}/x"])
    again = round.asked(wanted, first.answers, manners(host), Bounds(pause=0), now=lambda: NOW + dt.timedelta(hours=1))
    assert again.asked == 0
    later = NOW + dt.timedelta(days=2)
    assert round.asked(wanted[1:], first.answers, manners(host), Bounds(pause=0), now=lambda: later).asked == 1


def test_what_does_not_fit_into_a_round_waits_and_is_asked_in_the_next(host: Host) -> None:
    wanted = [f"{host.url}/{n}" for n in range(5)]
    first = round.asked(wanted, {}, manners(host), Bounds(pause=0, most=3), now=lambda: NOW)
    second = round.asked(wanted, first.answers, manners(host), Bounds(pause=0, most=3), now=lambda: NOW)
    assert (first.asked, len(first.waiting), second.asked, second.waiting, len(second.answers)) == (3, 2, 2, [], 5)


def test_a_round_has_an_end(host: Host) -> None:
    found = round.asked([f"{host.url}/{n}" for n in range(5)], {}, manners(host), Bounds(pause=0.2, seconds=0.3), now=lambda: NOW)
    assert 1 <= found.asked < 5 and len(found.waiting) == 5 - found.asked


def test_answers_are_kept_and_a_broken_file_is_as_none(tmp_path: Path) -> None:
    kept = {"http://a.example/": Answer(State.MOVED, NOW.isoformat(), 200, "http://b.example/")}
    answers.write(tmp_path, kept)
    assert answers.read(tmp_path) == kept and [path.name for path in tmp_path.iterdir()] == [answers.FILE]
    for broken in (b"", b"{", b"\xff", b'{"version": 9, "answers": {}}', b'{"version": 1, "answers": {"a": {"state": "dead"}}}'):
        (tmp_path / answers.FILE).write_bytes(broken)
        assert answers.read(tmp_path) == {}


# The command.


@pytest.fixture
def linking(collection: Collection, host: Host, monkeypatch: pytest.MonkeyPatch) -> Collection:
    monkeypatch.setattr(ask, "is_public", lambda address: address == "127.0.0.1")
    monkeypatch.setattr(outside, "Manners", functools.partial(Manners, ports=frozenset({host.port})))
    monkeypatch.setattr(round, "Bounds", functools.partial(Bounds, pause=0.0, seconds=60.0))
    host.seen.clear()
    collection.write(
        "../sitegen.toml", f'title = "T"\nurl = "https://e.org/"\nmenu = [{{title = "M", url = "{host.url}/status/404"}}]\n'
    )
    collection.article(
        "a", f"[x]({host.url}/status/404#part) and [y]({host.url}/to/301/new).", more=f"source: {{url: '{host.url}/s'}}\n"
    )
    collection.article("b", f"Again: <{host.url}/status/404>, [no]({host.url}/status/403).\n\nSee note.")
    collection.write("articles/b.notes.yaml", f"notes:\n- {{id: n, quote: See note, body: 'At <{host.url}/to/301/note>.'}}\n")
    collection.article("draft", f"[secret]({host.url}/draft)", more="draft: true\n")
    return collection.article("hidden", f"[secret]({host.url}/hidden)", more="visibility: private\n")


def external(collection: Collection) -> list[dict[str, object]]:
    done = CliRunner().invoke(
        main, ["-C", str(collection.root), "check", "--external", "--format", "json"], catch_exceptions=False
    )
    return [issue for issue in json.loads(done.output) if issue["code"].startswith("external-")]


def test_check_tells_every_place_of_what_is_not_found_or_has_moved(linking: Collection, host: Host) -> None:
    told = {(issue["code"], issue["path"], issue["line"], issue["column"]) for issue in external(linking)}
    assert told == {
        ("external-not-found", "sitegen.toml", 3, 1),
        ("external-not-found", "content/articles/a.md", 6, 5),
        ("external-not-found", "content/articles/b.md", 5, 9),
        ("external-moved", "content/articles/a.md", 6, told_column(linking, "/to/301/new")),
        ("external-moved", "content/articles/b.notes.yaml", 2, 39),
        ("external-unasked", "content/articles/b.md", 5, told_column(linking, "/status/403", "b")),
    }
    assert {path for _, path, _, _ in host.seen}.isdisjoint({"/draft", "/hidden"})
    assert any(path == "/s" for _, path, _, _ in host.seen)
    assert all("+https://e.org/" in headers["User-Agent"] for _, _, headers, _ in host.seen)


def told_column(collection: Collection, address: str, article: str = "a") -> int:
    text = (collection.content / f"articles/{article}.md").read_text()
    line = next(line for line in text.split("\n") if address in line)
    return line.rindex("http", 0, line.index(address)) + 1


def test_check_asks_nothing_twice_and_nothing_without_the_option(linking: Collection, host: Host) -> None:
    before = external(linking)
    host.seen.clear()
    assert external(linking) == before and host.seen == []
    CliRunner().invoke(main, ["-C", str(linking.root), "check"])
    assert host.seen == []


def test_what_was_asked_before_an_interruption_is_kept(linking: Collection, host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    real = round.ask

    def interrupted(address: str, *given: object) -> Answer:
        if "/to/" in address:
            raise KeyboardInterrupt
        return real(address, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(round, "ask", interrupted)
    CliRunner().invoke(main, ["-C", str(linking.root), "check", "--external"])
    assert f"{host.url}/s" in answers.read(linking.root / ".sitegen")


def test_no_other_command_loads_what_asks_the_network(tmp_path: Path) -> None:
    code = (
        "import sys, sitegen.cli, sitegen.build.pipeline, sitegen.build.doubts, sitegen.build.explain; "
        "print([name for name in sys.modules if name.startswith('sitegen.outside')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert done.stdout.strip() == "[]", done.stdout + done.stderr
