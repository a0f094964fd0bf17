"""The preview and the review as somebody meets them who means harm: what is sent here no browser sends."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import time
from collections.abc import Iterator

import pytest

from sitegen.model import frontmatter
from sitegen.model.notes import read_notes
from tests.unit.test_serve_review import MENTION, PATIENCE, Reviewing, guarded, reviewing  # noqa: F401  fixtures

SECRET = b"GET /_review/list HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


def said(served: Reviewing, data: bytes) -> bytes:
    """All that a server answers to these bytes: until it closes the connection, or is silent for a while after an answer."""
    got = bytearray()
    with socket.create_connection(("127.0.0.1", served.port), timeout=PATIENCE) as line:
        with contextlib.suppress(ConnectionError, TimeoutError):
            line.sendall(data.replace(b"HOST", f"127.0.0.1:{served.port}".encode()))
        with contextlib.suppress(ConnectionError, TimeoutError):
            while piece := line.recv(1 << 16):
                got += piece
                if b"connection: close" not in data.lower():
                    line.settimeout(0.5)
    return bytes(got)


def statuses(answer: bytes) -> list[int]:
    return [int(found) for found in re.findall(rb"HTTP/1\.1 (\d\d\d)", answer)]


SMUGGLED = {
    "both lengths": b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": b"Content-Length: 0\r\nContent-Length: 44\r\n\r\n",
    "a length with a sign": b"Content-Length: +0\r\n\r\n",
    "a length that goes below nothing": b"Content-Length: -1\r\n\r\n",
    "an encoding behind another": b"Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n",
    "an encoding nobody knows": b"Transfer-Encoding: xchunked\r\n\r\n",
    "a space before the colon": b"Content-Length : 0\r\n\r\n",
    "a line that is folded": b"X: a\r\n Content-Length: 0\r\n\r\n",
    "a chunk with a huge length": b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n",
    "a chunk with a sign": b"Transfer-Encoding: chunked\r\n\r\n-1\r\n",
    "a lone return": b"X: a\rTransfer-Encoding: chunked\r\n\r\n",
    "a NUL": b"X: a\x00b\r\n\r\n",
}


@pytest.mark.parametrize("sort", SMUGGLED)
def test_no_request_is_smuggled_within_another(guarded: Reviewing, sort: str) -> None:  # noqa: F811
    """Whatever ends where, it is one connection of one client: a second answer must be that of the whole second request."""
    answer = said(
        guarded, b"POST /_review/undo HTTP/1.1\r\nHost: HOST\r\n" + SMUGGLED[sort] + SECRET.replace(b"127.0.0.1", b"evil")
    )
    assert statuses(answer)[:1] in ([400], [403], [413], [405]), answer[:300]
    assert not set(statuses(answer)) & {200, 500}, answer[:300]


@pytest.mark.parametrize(
    "wanted", ["//evil.test/", "/\\evil.test/", "https://evil.test/", "/%0d%0aSet-Cookie:%20a=b/", "/%2f/evil.test/", "/\t/evil/"]
)  # fmt: skip
def test_who_comes_with_the_token_is_sent_nowhere_else(guarded: Reviewing, wanted: str) -> None:  # noqa: F811
    from urllib.parse import quote

    path = f"/_review?token={guarded.access.token}&next={quote(wanted, safe='%')}"
    answer = said(guarded, f"GET {path} HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n".encode())
    assert re.search(rb"(?i)\r\nlocation: /_review\r\n", answer), answer[:400]
    assert answer.lower().count(b"set-cookie:") == 1


@pytest.mark.parametrize(
    "path", ["//evil.test/people", "//people", "/people%0d%0aX-Evil:%201", "///", "/people/..%2f..%2f", "http://evil.test/people"]
)
def test_no_path_becomes_an_address_elsewhere_or_a_header(guarded: Reviewing, path: str) -> None:  # noqa: F811
    answer = said(guarded, f"GET {path} HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n".encode())
    assert statuses(answer) == [404] and b"location:" not in answer.lower() and b"\r\nx-evil" not in answer.lower()


@pytest.mark.parametrize(
    "path",
    [
        "/%c0%ae%c0%ae/sitegen.toml",
        "/%2e%2e/sitegen.toml",
        "/..%5csitegen.toml",
        "/people/%00",
        "/%ff%fe",
        "/" + "a/" * 20_000,
        "/" + "%2e" * 9000,
    ],
)
def test_a_path_that_is_no_path_is_not_found_and_no_fault(guarded: Reviewing, path: str) -> None:  # noqa: F811
    answer = said(guarded, f"GET {path} HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n".encode())
    assert statuses(answer) == [404], answer[:200]


def test_a_flood_of_ranges_gives_no_more_than_the_file(guarded: Reviewing) -> None:  # noqa: F811
    guarded.bench.config.output.mkdir(parents=True, exist_ok=True)
    (guarded.bench.config.output / "large.bin").write_bytes(b"x" * 2_000_000)
    for asked in (
        ",".join(["0-"] * 100),
        ",".join(f"{n}-" for n in range(100)),
        ",".join(["0-1999999", "-1"] * 49),
        "0-," * 8000,
    ):
        answer = said(
            guarded, f"GET /large.bin HTTP/1.1\r\nHost: HOST\r\nRange: bytes={asked}\r\nConnection: close\r\n\r\n".encode()
        )
        assert statuses(answer)[0] in (200, 206) and len(answer) < 2_100_000, (asked[:40], len(answer))


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "OPTIONS", "PUT", "PATCH", "DELETE", "PROPFIND", "get", "G" * 5000])
def test_other_methods_are_refused_and_echo_nothing(guarded: Reviewing, method: str) -> None:  # noqa: F811
    answer = said(
        guarded, f"{method} /people/ HTTP/1.1\r\nHost: HOST\r\nX-Secret: told-you\r\nConnection: close\r\n\r\n".encode()
    )
    assert statuses(answer) in ([400], [405]) and b"told-you" not in answer


@pytest.mark.parametrize("upgrade", ["websocket", "h2c", "TLS/1.0"])
def test_no_other_protocol_is_spoken(guarded: Reviewing, upgrade: str) -> None:  # noqa: F811
    more = "Sec-WebSocket-Key: eA==\r\nSec-WebSocket-Version: 13\r\nHTTP2-Settings: AAMAAABkAAQ\r\n"
    answer = said(
        guarded, f"GET /people/ HTTP/1.1\r\nHost: HOST\r\nUpgrade: {upgrade}\r\nConnection: Upgrade\r\n{more}\r\n".encode()
    )
    assert statuses(answer) in ([404], [400])
    assert statuses(said(guarded, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))[:1] in ([400], [421])


def test_a_thousand_requests_in_one_breath_keep_nobody_else_out(guarded: Reviewing) -> None:  # noqa: F811
    with socket.create_connection(("127.0.0.1", guarded.port), timeout=PATIENCE) as line:
        line.sendall(f"GET /404 HTTP/1.1\r\nHost: 127.0.0.1:{guarded.port}\r\n\r\n".encode() * 1000)
        began = time.monotonic()
        assert guarded.ask("/_review/list")[0] == 200
        assert time.monotonic() - began < PATIENCE
        assert line.recv(64).startswith(b"HTTP/1.1 404")


@pytest.mark.parametrize(
    "head", [b"X: a\r\n" * 50_000, b"X: " + b"a" * 200_000 + b"\r\n", b"Cookie: " + b"a=b; " * 400_000 + b"\r\n"]
)
def test_a_head_without_measure_is_refused(guarded: Reviewing, head: bytes) -> None:  # noqa: F811
    answer = said(guarded, b"GET /people/ HTTP/1.1\r\nHost: HOST\r\n" + head + b"Connection: close\r\n\r\n")
    assert statuses(answer) in ([], [400], [431]), answer[:200]
    assert guarded.ask("/_review/list")[0] == 200


BODIES = {
    "half a character": '{"key": "\\ud800", "word": "accept", "seen": ""}',
    "a number beyond all": '{"key": "x", "word": "accept", "seen": "", "choice": 1e400}',
    "a number of 1,000 digits": '{"key": "x", "word": "accept", "seen": "", "choice": %s}' % ("9" * 1000),
    "nested without end": "[" * 200_000,
    "an object of objects": '{"a":' * 40_000,
    "a key of 200 KB": '{"key": "%s", "word": "accept", "seen": ""}' % ("a" * 200_000),
    "no number": '{"key": "x", "word": "accept", "seen": "", "choice": NaN}',
    "a list for a text": '{"key": ["x"], "word": "accept", "seen": ""}',
    "thousands of articles": json.dumps(
        {"key": "suggestions:people/morse", "seen": "", "word": "accept", "chosen": [MENTION] * 3000}
    ),
    "keys twice": '{"key": "x", "key": "suggestions:people/morse", "word": "accept", "word": "x", "seen": ""}',
    "UTF-16": '{"key": "x"}'.encode("utf-16").decode("latin-1"),
}


@pytest.mark.parametrize("sort", BODIES)
def test_a_body_that_is_a_bomb_is_refused_and_no_fault(guarded: Reviewing, sort: str) -> None:  # noqa: F811
    before = guarded.text("people/morse.md")
    assert guarded.ask("/_review/decide", BODIES[sort].encode("latin-1"))[0] in (400, 409, 413, 422)
    assert guarded.text("people/morse.md") == before and guarded.ask("/_review/list")[0] == 200


NAMES = [
    "X\n---\nstatus: reviewed\nname: Evil",
    "{a: b}",
    "---",
    "&a *b",
    "!!python/object:os.system x",
    "- x",
    "a: b # c",
    "'",
    "x\u2028y",
    "../../etc/passwd",
    "CON",
    ".hidden",
    "\U0001f6a2" * 80,
]


@pytest.fixture
def written(reviewing: Reviewing) -> Iterator[set[str]]:  # noqa: F811
    """The files that were there before; afterwards there are none outside the content folder."""
    around = {path for path in reviewing.collection.root.parent.rglob("*") if path.is_file()}
    yield {path.name for path in around}
    new = {path for path in reviewing.collection.root.parent.rglob("*") if path.is_file()} - around
    inside = (reviewing.collection.content, reviewing.collection.root / ".sitegen")
    assert all(path.is_relative_to(inside[0]) or path.is_relative_to(inside[1]) for path in new), new


def test_a_new_record_of_any_name_is_a_file_with_that_name_and_nothing_else(reviewing: Reviewing, written: set[str]) -> None:  # noqa: F811
    for name in NAMES:
        asked = {"article": "articles/one", "name": name, "seen": reviewing.seen("/articles/one/")["seen"], "kind": "people"}
        before = set(reviewing.collection.content.rglob("*.md"))
        status, answer = reviewing.ask("/_review/mention", asked)
        new = set(reviewing.collection.content.rglob("*.md")) - before
        assert (status == 200 and len(new) == 1) or (status in (409, 422) and not new), (name, status, answer)
        for path in new:
            matter = frontmatter.read(path.read_text(encoding="utf-8"), "a.md")
            assert (
                not matter.issues
                and matter.values["name"] == " ".join(name.split())
                and matter.values.keys() <= {"name", "status"}
            )
            assert path.parent.name == "people" and not path.name.startswith(".")


@pytest.mark.parametrize("kind", ["../..", "articles", "people/../..", "", "\n", ".sitegen", "sources"])
def test_a_kind_that_is_none_makes_no_folder(reviewing: Reviewing, written: set[str], kind: str) -> None:  # noqa: F811
    asked = {"article": "articles/one", "name": "X", "seen": reviewing.seen("/articles/one/")["seen"], "kind": kind}
    assert reviewing.ask("/_review/mention", asked)[0] == 422


@pytest.mark.parametrize(
    "record", ["../../x", "people/../../x", "/etc/passwd", "people/\n- x", "articles/two", "people/none such"]
)
def test_a_record_that_is_none_is_written_nowhere(reviewing: Reviewing, written: set[str], record: str) -> None:  # noqa: F811
    seen, before = reviewing.seen("/articles/one/")["seen"], reviewing.text("articles/one.md")
    for more in ({}, {"everywhere": True}):
        asked = {"article": "articles/one", "name": "Morse", "seen": seen, "record": record, **more}
        assert reviewing.ask("/_review/mention", asked)[0] == 422
    assert reviewing.decide("suggestions:people/morse", "merge", target=record)[0] == 422
    assert reviewing.text("articles/one.md") == before


def test_a_note_of_any_words_is_one_note_that_says_them(reviewing: Reviewing, written: set[str]) -> None:  # noqa: F811
    for at, body in enumerate(
        ["---\n- id: evil\n", "x\n\n- id: evil\n  quote: {exact: a}", "\u2028\u0085", "a\tb: |\n  c", '"' * 50, "{{ x }}<script>"]
    ):
        page = reviewing.seen("/articles/one/")
        asked = {"article": "articles/one", "words": "Morse met Field", "seen": page["seen"] + page["notes_seen"], "body": body}
        asked |= {"layer": f"x\n  by: {at}", "motivation": "commenting"}
        for seen in (page["seen"], page["notes_seen"]):
            status, _ = reviewing.ask("/_review/note", asked | {"seen": seen})
            if status == 200:
                break
        assert status in (200, 409, 422)
        if (reviewing.collection.content / "articles/one.notes.yaml").exists():
            held, issues = read_notes(reviewing.text("articles/one.notes.yaml"), "articles/one.notes.yaml")
            assert not [issue for issue in issues if issue.severity == "error"], issues
            assert all(note.id != "evil" for note in held.notes) and len(held.notes) <= at + 1


def test_what_is_refused_is_told_without_what_was_sent_as_html(guarded: Reviewing) -> None:  # noqa: F811
    for path in ("/_review/item?key=<script>x</script>", "/<script>x</script>", "/_review/nothing/<script>"):
        answer = said(guarded, f"GET {path} HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n".encode())
        kind = re.search(rb"(?i)\r\ncontent-type: ([^\r]*)", answer)
        assert kind and (b"html" not in kind[1] or b"<script>x" not in answer), answer[:300]
    status, answer = guarded.ask("/_review/decide", {"key": "<script>", "word": "x", "seen": ""})
    assert status in (409, 422) and json.dumps(answer)
