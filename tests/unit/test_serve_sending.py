"""How files are sent: in parts where these are asked for, and not for ever to those who do not take them. A real server."""

from __future__ import annotations

import contextlib
import re
import socket
import time
from collections.abc import Iterator

import pytest

from sitegen.serve.lines import Line
from tests.unit.test_serve import PATIENCE, Preview, until

LETTERS = "abcdefghijklmnopqrstuvwxyz"
LARGE = 32 * 2**20


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    output = tmp_path_factory.mktemp("sent") / "site"
    output.mkdir()
    for name, text in {"letters.txt": LETTERS, "empty.txt": "", "index.html": "<body>Home</body>"}.items():
        (output / name).write_text(text)
    with (output / "film.mp4").open("wb") as file:
        file.truncate(LARGE)
    running = Preview(output)
    yield running
    running.stop()


# Ranges.


@pytest.mark.parametrize(
    ("asked", "status", "told", "body"),
    [
        ("bytes=0-4", 206, "bytes 0-4/26", "abcde"), ("bytes=20-", 206, "bytes 20-25/26", "uvwxyz"),
        ("bytes=-3", 206, "bytes 23-25/26", "xyz"), ("bytes=-99", 206, "bytes 0-25/26", LETTERS),
        ("bytes=24-99", 206, "bytes 24-25/26", "yz"), ("BYTES = 25-25", 206, "bytes 25-25/26", "z"),
        ("bytes=3-5,99-,4-9", 206, "bytes 3-9/26", "defghij"),  # of those that meet, one is made; one beyond the end spoils none
        ("bytes=26-", 416, "bytes */26", ""), ("bytes=-0", 416, "bytes */26", ""), ("bytes=99-100,-0", 416, "bytes */26", ""),
        # What is no range is overlooked.
        ("bytes=5-2", 200, "", LETTERS), ("bytes=a-b", 200, "", LETTERS), ("bytes=", 200, "", LETTERS),
        ("bytes=--5", 200, "", LETTERS), ("lines=0-4", 200, "", LETTERS), ("bytes", 200, "", LETTERS),
        ("bytes=0-1,x", 200, "", LETTERS), ("bytes=" + "0-0," * 200, 200, "", LETTERS), ("bytes=²-³", 200, "", LETTERS),
    ],
)  # fmt: skip
def test_a_part_of_a_file_is_sent_where_it_is_asked_for(preview, asked, status, told, body):
    found, headers, sent = preview.ask("/letters.txt", Range=asked)
    assert (found, headers.get("content-range", ""), sent.decode()) == (status, told, body)
    assert headers["accept-ranges" if status != 416 else "cache-control"]


def test_several_parts_come_as_one_answer_of_many(preview):
    status, headers, sent = preview.ask("/letters.txt", Range="bytes=-2, 0-1")
    found = re.findall(rb"Content-Range: (.*)\r\n\r\n(.*)\r\n", sent)
    assert (status, found) == (206, [(b"bytes 0-1/26", b"ab"), (b"bytes 24-25/26", b"yz")])
    assert headers["content-type"].startswith("multipart/byteranges; boundary=") and int(headers["content-length"]) == len(sent)


def test_a_part_of_another_version_is_not_sent(preview):
    kept = preview.ask("/letters.txt")[1]
    for name in ("etag", "last-modified"):
        assert preview.ask("/letters.txt", Range="bytes=0-1", If_Range=kept[name])[2] == b"ab"
    for other in ('"another"', f"W/{kept['etag']}", "Thu, 01 Jan 1970 00:00:00 GMT"):
        assert preview.ask("/letters.txt", Range="bytes=0-1", If_Range=other)[::2] == (200, LETTERS.encode())


def test_of_an_empty_file_there_is_no_part(preview):
    assert preview.ask("/empty.txt", Range="bytes=0-")[0] == 416
    assert preview.ask("/empty.txt")[::2] == (200, b"")


@pytest.mark.parametrize(("target", "method"), [("/", "GET"), ("/letters.txt", "HEAD"), ("/nothing/", "GET")])
def test_pages_and_heads_are_whole(preview, target, method):
    status, headers, _ = preview.ask(target, method=method, Range="bytes=0-1")
    assert status in (200, 404) and "content-range" not in headers and int(headers["content-length"]) > 2


# Those who do not take what they asked for.


def asking(preview: Preview) -> socket.socket:
    """A connection that has asked for a large file, with little room for what comes."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32 * 1024)
    line.settimeout(PATIENCE)
    line.connect(("127.0.0.1", preview.port))
    line.sendall(b"GET /film.mp4 HTTP/1.1\r\nHost: localhost\r\n\r\n")
    return line


def rest(line: socket.socket) -> int:
    """How many bytes come before the end."""
    count = 0
    with contextlib.suppress(ConnectionResetError):
        while got := line.recv(2**20):
            count += len(got)
    return count


def held(preview: Preview) -> int:
    return len(preview.server.server_state.connections)


def test_who_reads_nothing_is_not_kept(preview, monkeypatch):
    monkeypatch.setattr(Line, "patience", 0.2)
    made, begin = [], Line.connection_made
    monkeypatch.setattr(Line, "connection_made", lambda line, transport: (begin(line, transport), made.append(line)))
    lines = [asking(preview) for _ in range(12)]
    try:
        assert until(lambda: len(made) == 12 and held(preview) == 0)
        assert rest(lines[0]) < LARGE
        assert preview.status("/") == 200
    finally:
        for line in lines:
            line.close()


def test_who_reads_a_little_now_and_then_is_not_kept_either(preview, monkeypatch):
    monkeypatch.setattr(Line, "patience", 0.2)
    with asking(preview) as line:
        end = time.monotonic() + PATIENCE
        assert until(lambda: held(preview) == 1)
        while held(preview) and time.monotonic() < end:
            line.recv(100)
            time.sleep(0.02)
        assert held(preview) == 0


def test_who_reads_on_is_kept_however_long_it_takes(preview, monkeypatch):
    monkeypatch.setattr(Line, "patience", 1.0)
    began, count = time.monotonic(), 0
    with asking(preview) as line:
        while time.monotonic() - began < 1.6:
            count += len(line.recv(64 * 1024))
            time.sleep(0.01)
        assert (held(preview), count < LARGE, bool(line.recv(1))) == (1, True, True)
