"""The review in the browser: who may write, and that what is written is what `sitegen review` writes."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sitegen.config import load
from sitegen.review.decide import Clerk
from sitegen.serve.access import LARGEST_BODY, Access
from sitegen.serve.bench import Bench
from sitegen.serve.editor import Editor
from sitegen.serve.files import Shown
from sitegen.serve.lines import Line
from sitegen.serve.review_routes import review_routes
from sitegen.serve.server import Server, listen
from tests.support import Collection

PATIENCE = 60.0  # seconds: an end to what hangs, and no measure of a machine that is busy
SUGGESTED = "status: suggested\n"


class Reviewing:
    """A server with a review over a small collection, and a browser of few words that has its cookie."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection
        config = load(collection.root).preview()
        self.bench = Bench(config, lambda: Clerk("mk <mk@example.org>", "2026-01-01T00:00:00Z"))
        self.listener = listen("127.0.0.1", 0)
        self.port = self.listener.getsockname()[1]
        self.access = Access(self.port)
        routes = review_routes(self.bench, self.access, Editor())
        self.server = Server(Shown(config.output), "127.0.0.1", routes)
        self.thread = threading.Thread(target=self.server.run, args=([self.listener],))
        self.thread.start()

    def ask(
        self, path: str, body: Any = None, method: str = "", **headers: str | None
    ) -> tuple[int, dict[str, Any]]:  # fmt: skip
        """A header given as None is left out."""
        sent: dict[str, str | None] = {
            "Host": f"127.0.0.1:{self.port}", "Cookie": self.access.cookie.partition(";")[0], "Origin": f"http://127.0.0.1:{self.port}",
            "Content-Type": "application/json",
        } | {name.replace("_", "-"): value for name, value in headers.items()}  # fmt: skip
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.putrequest(method or ("GET" if body is None else "POST"), path, skip_host=True)
            data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
            for name, value in sent.items():
                if value is not None:
                    connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(data)))
            connection.endheaders(data or None)
            response = connection.getresponse()
            said = response.read()
            return response.status, json.loads(said) if said[:1] == b"{" else {}
        finally:
            connection.close()

    def item(self, key: str) -> dict[str, Any]:
        from urllib.parse import quote

        status, item = self.ask(f"/_review/item?key={quote(key)}")
        assert status == 200, item
        return item

    def decide(self, key: str, word: str, **more: Any) -> tuple[int, dict[str, Any]]:
        return self.ask("/_review/decide", {"key": key, "word": word, "seen": self.item(key)["seen"], **more})

    def seen(self, page: str) -> dict[str, Any]:
        return self.ask(f"/_review/article?page={page}")[1]

    def text(self, path: str) -> str:
        return (self.collection.content / path).read_text(encoding="utf-8")

    def log(self) -> list[dict[str, str]]:
        path = self.collection.content / "decisions.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()


def prepared(root: Path) -> Reviewing:
    collection = Collection(root / "c")
    collection.article("one", "Morse met Field. Then Morse left.\n\nField was rich.").article("two", "Morse again, and Jordan.")
    collection.record("people/morse", "Morse", SUGGESTED).record("people/field", "Field", SUGGESTED)
    collection.record("people/jordan", "Jordan").record("places/jordan", "Jordan").record("places/paris", "Paris")
    collection.record("places/pariss", "Pariss").article("three", "Paris and Pariss.")
    collection.write("candidates.csv", "name,kind,decision,articles\nCable,works,,articles/one\nFleet,works,,articles/two\n")
    collection.build()
    return Reviewing(collection)


@pytest.fixture
def reviewing(tmp_path: Path) -> Iterator[Reviewing]:
    running = prepared(tmp_path)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reviewing]:
    """One that is not to be written to."""
    running = prepared(tmp_path_factory.mktemp("guarded"))
    yield running
    running.stop()


# Who may write.

MENTION = {"article": "articles/one", "name": "Morse", "seen": "", "record": "none"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Cookie": None}, 403), ({"Cookie": "sitegen=guess"}, 403), ({"Origin": None}, 403), ({"Origin": "null"}, 403),
        ({"Origin": "http://evil.test"}, 403), ({"Origin": "https://127.0.0.1:1"}, 403), ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Sec_Fetch_Site": "same-site"}, 403), ({"Host": "evil.test"}, 421), ({"Content_Type": "text/plain"}, 415),
        ({"Content_Type": None}, 415), ({"Content_Type": "application/x-www-form-urlencoded"}, 415),
    ],
)  # fmt: skip
def test_only_a_page_of_this_server_with_its_token_may_write(guarded, headers, status):
    before = guarded.text("articles/one.md")
    body = {**MENTION, "seen": guarded.seen("/articles/one/")["seen"]}
    assert guarded.ask("/_review/mention", body, **headers)[0] == status
    assert (guarded.text("articles/one.md"), guarded.log()) == (before, [])


@pytest.mark.parametrize(
    "path", ["/_review", "/_review/list", "/_review/item?key=x", "/_review/records?q=a", "/_review/article?page=/"]
)
@pytest.mark.parametrize("token", ["", "?token=", "?token=" + "a" * 32, "?token=%00", "?token=%C3%A9"])
def test_nothing_of_the_review_is_told_without_the_token(guarded, path, token):
    joined = path + (token.replace("?", "&") if "?" in path else token)
    assert guarded.ask(joined, Cookie=None)[0] == 403


@pytest.mark.parametrize("path", ["decide", "mention", "note", "undo", "open"])
def test_a_decision_is_never_taken_by_an_address_alone(guarded, path):
    assert guarded.ask(f"/_review/{path}?token={guarded.access.token}", method="GET")[0] in (404, 405)


def test_the_token_in_the_address_becomes_a_cookie_that_no_script_and_no_other_site_sends(guarded):
    connection = http.client.HTTPConnection("127.0.0.1", guarded.port, timeout=PATIENCE)
    connection.request("GET", f"/_review?token={guarded.access.token}&next=//evil.test/")
    response = connection.getresponse()
    cookie = response.headers["set-cookie"]
    assert (response.status, response.headers["location"]) == (307, "/_review")
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie
    connection.close()


def test_the_reviews_page_has_a_strict_policy_and_nothing_inline(guarded):
    connection = http.client.HTTPConnection("127.0.0.1", guarded.port, timeout=PATIENCE)
    connection.request("GET", "/_review", headers={"Cookie": guarded.access.cookie.partition(";")[0]})
    response = connection.getresponse()
    assert response.headers["content-security-policy"].startswith("default-src 'self';")
    assert b"style=" not in (body := response.read()) and b"onclick" not in body
    connection.close()


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b"\xff", b"[" * 100_000, b'{"key": 1}', b'{"article": {}, "name": []}', b"null"]
)  # fmt: skip
def test_what_is_no_decision_is_refused(guarded, body):
    assert {guarded.ask(f"/_review/{path}", body)[0] for path in ("decide", "mention", "note")} == {400}


def test_a_huge_body_is_refused_unread(guarded):
    assert guarded.ask("/_review/note", b"x" * (LARGEST_BODY + 1))[0] == 413


def test_a_body_without_end_is_cut_off(guarded):
    cookie = guarded.access.cookie.partition(";")[0]
    with socket.create_connection(("127.0.0.1", guarded.port), timeout=PATIENCE) as line:
        line.sendall(
            f"POST /_review/note HTTP/1.1\r\nHost: 127.0.0.1:{guarded.port}\r\nOrigin: http://127.0.0.1:{guarded.port}\r\n"
            f"Cookie: {cookie}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        )
        sent, answer, cut = 0, b"", False
        line.setblocking(False)
        end = time.monotonic() + PATIENCE
        while not answer and time.monotonic() < end and sent < 64 * LARGEST_BODY:
            try:
                sent += line.send(b"10000\r\n" + b"x" * 65536 + b"\r\n")
            except BlockingIOError:
                time.sleep(0.01)
            except OSError:  # the answer may be lost where the line is cut while we still send
                cut = True
                break
            try:
                answer = line.recv(65536)
            except BlockingIOError:
                continue
            except OSError:  # the answer may be lost where the line is cut while we still send
                cut = True
                break
        assert cut or b" 413 " in answer.partition(b"\r\n")[0]
        assert sent < 64 * LARGEST_BODY


def test_slow_clients_keep_nobody_waiting(guarded, monkeypatch):
    monkeypatch.setattr(Line, "patience", 3600.0)  # whoever waited for them would wait for ever
    lines = [socket.create_connection(("127.0.0.1", guarded.port), timeout=PATIENCE) for _ in range(60)]
    try:
        for line in lines:
            line.sendall(b"POST /_review/note HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{")
        assert guarded.ask("/_review/list")[0] == 200
    finally:
        for line in lines:
            line.close()


@pytest.mark.parametrize(
    "said",
    [
        b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ", b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\nGET / H",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nx",
        b"POST /_review/note HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe",
    ],
    ids=["nothing", "half a line", "half a head", "half a second head", "half a body", "half a chunk"],
)  # fmt: skip
def test_a_line_that_asks_nothing_is_closed(guarded, monkeypatch, said):
    monkeypatch.setattr(Line, "patience", 0.3)
    lines = [socket.create_connection(("127.0.0.1", guarded.port), timeout=PATIENCE) for _ in range(30)]
    try:
        for line in lines:
            line.sendall(said)
        for line in lines:
            with contextlib.suppress(ConnectionResetError):
                while line.recv(65536):
                    pass
        assert guarded.ask("/_review/list")[0] == 200
    finally:
        for line in lines:
            line.close()


def test_a_page_that_listens_for_long_is_not_a_line_that_asks_nothing(guarded, monkeypatch):
    monkeypatch.setattr(Line, "patience", 0.5)
    with socket.create_connection(("127.0.0.1", guarded.port), timeout=PATIENCE) as line:
        line.sendall(b"GET /_sitegen/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b" 200 " in line.recv(64)
        time.sleep(1.5)
        guarded.server._changes.publish(["/late/"])
        heard = b""
        while b"/late/" not in heard:
            heard += (piece := line.recv(65536))
            assert piece, heard


def test_thousands_of_pages_that_would_listen_are_told_so_and_nobody_else_waits(guarded, monkeypatch):
    monkeypatch.setattr(Line, "patience", 3600.0)
    held = []
    try:
        while len(held) < 300:
            line = socket.create_connection(("127.0.0.1", guarded.port), timeout=PATIENCE)
            held.append(line)
            line.sendall(b"GET /_sitegen/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            if b" 503 " in line.recv(64):
                break
        assert {guarded.ask("/_sitegen/events")[0] for _ in range(2000)} == {503}
        assert guarded.ask("/_review/list")[0] == 200
    finally:
        for line in held:
            line.close()


def test_another_origin_is_refused_whatever_token_it_has_guessed(guarded):
    body = {**MENTION, "seen": guarded.seen("/articles/one/")["seen"]}
    before, right = guarded.text("articles/one.md"), guarded.access.token
    for token in (right, right[:-1], right.upper(), "a" * 32, *(f"guess{number}" for number in range(200))):
        status = guarded.ask(f"/_review/mention?token={token}", body, Cookie=None, Origin="http://evil.test")[0]
        assert status == 403
    assert guarded.ask("/_review/mention", body, Origin="http://evil.test", Sec_Fetch_Site="cross-site")[0] == 403
    assert (guarded.text("articles/one.md"), guarded.log()) == (before, [])


@pytest.mark.parametrize("path", ["/_review/mention", "/_review/list", "/", "/_sitegen/events", "/_sitegen/me"])
def test_no_other_origin_is_ever_allowed_to_read_or_to_write(guarded, path):
    connection = http.client.HTTPConnection("127.0.0.1", guarded.port, timeout=PATIENCE)
    asks = {
        "Origin": "http://evil.test",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    connection.request("OPTIONS", path, headers=asks)
    response = connection.getresponse()
    assert response.status in (403, 405) and not [name for name in response.headers if name.lower().startswith("access-control")]
    connection.close()


def test_more_pages_than_can_listen_are_told_so(guarded):
    lines = []
    try:
        for _ in range(300):
            line = socket.create_connection(("127.0.0.1", guarded.port), timeout=PATIENCE)
            lines.append(line)
            line.sendall(b"GET /_sitegen/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            if b" 503 " in line.recv(64):
                break
        assert 200 < len(lines) < 300
        assert guarded.ask("/_review/list")[0] == 200
    finally:
        for line in lines:
            line.close()


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../x", "content/../../x", ".sitegen/memo.db", "content/articles", "nope.md", "a\0b"]
)
def test_only_files_of_the_collection_are_opened(guarded, path):
    assert guarded.ask("/_review/open", {"path": path})[0] in (400, 422)


@pytest.mark.parametrize(
    "article", ["../secret", "articles/../../x", "people/morse", "articles/none", "", "/etc/passwd", "articles/\0"]
)
def test_only_articles_are_written_to(guarded, article):
    asked = {**MENTION, "article": article, "seen": guarded.bench.seen(f"{article}.md")}
    assert guarded.ask("/_review/mention", asked)[0] == 422


# What is decided.


def test_accepting_is_the_edit_and_the_log_of_the_command(reviewing):
    assert reviewing.decide("suggestions:people/morse", "accept")[1] == {"said": "accept Morse"}
    assert reviewing.text("people/morse.md") == "---\nname: Morse\nstatus: reviewed\n---\n\n"
    assert [(line["decision"], line["who"], line["record"]) for line in reviewing.log()] == [
        ("accept", "mk <mk@example.org>", "people/morse")
    ]


def test_every_passage_is_shown_with_its_article(reviewing):
    groups = reviewing.item("suggestions:people/morse")["groups"]
    assert [(group["article"], len(group["passages"])) for group in groups] == [("articles/one", 2), ("articles/two", 1)]


def test_what_is_unticked_is_nobody_in_its_article(reviewing):
    group = reviewing.item("suggestions:people/morse")["groups"][1]
    excepted = [{"article": group["article"], "name": group["name"], "seen": group["seen"]}]
    assert reviewing.decide("suggestions:people/morse", "accept", excepted=excepted)[0] == 200
    assert "links: {Morse: none}" in reviewing.text("articles/two.md") and "links" not in reviewing.text("articles/one.md")


def test_all_alike_are_decided_at_once_and_taken_back_at_once(reviewing):
    before = reviewing.text("candidates.csv")
    assert reviewing.decide("suggestions:=Cable", "reject", alike=True)[1]["said"] == "reject Cable and 1 more"
    assert "Fleet" not in reviewing.text("candidates.csv")
    assert reviewing.ask("/_review/undo", {})[0] == 200
    assert reviewing.text("candidates.csv") == before
    assert [line["decision"] for line in reviewing.log()] == ["reject", "reject", "undo", "undo"]


def test_a_stop_word_an_alias_and_a_merge(reviewing):
    assert reviewing.decide("suggestions:=Cable", "stop")[0] == 200
    assert reviewing.decide("suggestions:=Fleet", "alias", target="places/paris")[0] == 200
    assert reviewing.decide("suggestions:people/field", "merge", target="people/morse")[0] == 200
    assert reviewing.text("stoplist.txt") == "Cable\n" and "aliases: [Fleet]" in reviewing.text("places/paris.md")
    assert "merged_into: people/morse" in reviewing.text("people/field.md")


def test_a_candidate_becomes_a_record_of_another_name_and_kind(reviewing):
    assert reviewing.decide("suggestions:=Cable", "new", name="Atlantic Cable", kind="events")[0] == 200
    assert "name: Atlantic Cable" in reviewing.text("events/atlantic-cable.md") and "Cable" not in reviewing.text(
        "candidates.csv"
    )


def test_a_suggestion_is_split_for_the_articles_that_are_ticked(reviewing):
    group = reviewing.item("suggestions:people/morse")["groups"][1]
    chosen = [{"article": group["article"], "name": group["name"], "seen": group["seen"]}]
    status, said = reviewing.decide("suggestions:people/morse", "new", name="Samuel Morse", kind="people", chosen=chosen)
    assert (status, said) == (200, {"said": "people/samuel-morse is a new record"})
    assert "links: {Morse: people/samuel-morse}" in reviewing.text("articles/two.md")


def test_an_ambiguous_name_is_settled_in_the_articles_that_are_ticked(reviewing):
    key = "ambiguous:Jordan|people/jordan|places/jordan"
    group = reviewing.item(key)["groups"][0]
    chosen = [{"article": group["article"], "name": group["name"], "seen": group["seen"]}]
    assert reviewing.decide(key, "here", target="places/jordan", chosen=chosen)[0] == 200
    assert "links: {Jordan: places/jordan}" in reviewing.text("articles/two.md")
    assert reviewing.ask("/_review/list?list=ambiguous")[1]["items"] == []


def test_two_records_are_told_apart_or_merged(reviewing):
    key = "duplicates:places/paris|places/pariss"
    assert reviewing.decide(key, "apart")[0] == 200
    assert "not_same_as: [places/paris]" in reviewing.text("places/pariss.md")
    assert reviewing.ask("/_review/undo", {})[0] == 200
    assert reviewing.decide(key, "merge", target="places/paris")[0] == 200
    assert "merged_into: places/paris" in reviewing.text("places/pariss.md")


def test_a_note_without_a_place_is_given_one(reviewing):
    notes = "notes:\n- id: n1\n  quote: Field was reich\n  body: So?\n  state: review\n"
    reviewing.collection.write("articles/one.notes.yaml", notes)
    item = reviewing.item("notes:articles/one#n1")
    assert item["body"] == "So?"
    if item["proposals"]:
        assert reviewing.decide("notes:articles/one#n1", "accept", choice=1)[0] == 200
        assert "Field was rich" in reviewing.text("articles/one.notes.yaml")
    else:
        assert reviewing.decide("notes:articles/one#n1", "accept")[0] == 422


def test_a_note_without_a_place_is_deleted_and_taken_back(reviewing):
    kept = "- id: n2  # a comment\n  quote: Field was rich\n  body: Yes.\n"
    lost = "- id: n1\n  quote: {exact: Nobody knew him there}\n  body: |\n    So?\n\n    Yes.\n  tags: [a]\n"
    source = f"notes:\n{lost}# between\n{kept}"
    reviewing.collection.write("articles/one.notes.yaml", source)
    assert reviewing.decide("notes:articles/one#n1", "delete") == (200, {"said": "note n1 is deleted"})
    assert reviewing.text("articles/one.notes.yaml") == f"notes:\n# between\n{kept}"
    assert [line["decision"] for line in reviewing.log()] == ["delete-note"]
    assert reviewing.ask("/_review/list?list=notes")[1]["items"] == []
    assert reviewing.ask("/_review/undo", {})[0] == 200 and reviewing.text("articles/one.notes.yaml") == source


def test_a_notes_file_goes_with_its_last_note(reviewing):
    reviewing.collection.write("articles/one.notes.yaml", "notes:\n- {id: n1, quote: Nobody knew him there, body: So}\n")
    assert reviewing.decide("notes:articles/one#n1", "delete")[0] == 200
    assert not (reviewing.collection.content / "articles/one.notes.yaml").exists()


def test_a_note_that_was_edited_since_is_not_deleted(reviewing):
    source = "notes:\n- id: n1\n  quote: Nobody knew him there\n  body: So\n"
    reviewing.collection.write("articles/one.notes.yaml", source)
    seen = reviewing.item("notes:articles/one#n1")["seen"]
    reviewing.collection.write("articles/one.notes.yaml", source + "  by: mk\n")
    status, said = reviewing.ask("/_review/decide", {"key": "notes:articles/one#n1", "word": "delete", "seen": seen})
    assert status == 409 and "nothing is written" in said["error"]


def test_a_note_is_put_on_the_words_that_were_marked(reviewing):
    from sitegen.markup.parse import parse

    block = parse("articles/one.md", reviewing.text("articles/one.md").encode()).document.blocks[0]
    asked = {"article": "articles/one", "words": "Morse", "block": block.id, "nth": 1, "body": "Who?\nWell?",
             "motivation": "questioning", "seen": reviewing.seen("/articles/one/")["notes_seen"]}  # fmt: skip
    assert reviewing.ask("/_review/note", asked)[1] == {"said": "note n1 is in articles/one.notes.yaml"}
    written = reviewing.text("articles/one.notes.yaml")
    assert 'prefix: "Morse met Field. Then "' in written and "by: mk" in written and "motivation: questioning" in written
    asked["seen"] = reviewing.seen("/articles/one/")["notes_seen"]
    assert reviewing.ask("/_review/note", asked)[1] == {"said": "note n2 is in articles/one.notes.yaml"}


def test_a_name_on_a_page_is_someone_else_a_new_record_an_alias_or_never_linked(reviewing):
    def mention(**more: Any) -> int:
        asked = {**MENTION, "seen": reviewing.seen("/articles/one/")["seen"], **more}
        status, said = reviewing.ask("/_review/mention", asked)
        assert status == 200, said
        return status

    mention(record="people/field")
    assert "links: {Morse: people/field}" in reviewing.text("articles/one.md")
    mention(record="none")
    assert "links: {Morse: none}" in reviewing.text("articles/one.md")
    mention(name="rich", record="people/field", everywhere=True)
    assert "aliases: [rich]" in reviewing.text("people/field.md")
    mention(name="left", record="", kind="events")
    assert reviewing.text("events/left.md").startswith("---\nname: left\n")
    mention(name="Then", stop=True)
    assert reviewing.text("stoplist.txt") == "Then\n"
    for _ in range(5):
        assert reviewing.ask("/_review/undo", {})[0] == 200
    assert "links" not in reviewing.text("articles/one.md") and not (reviewing.collection.content / "events/left.md").exists()


def test_a_name_that_is_a_link_in_the_text_is_left_to_its_author(reviewing):
    reviewing.collection.article("one", "[[people/morse|Morse]] went.")
    status, said = reviewing.ask("/_review/mention", {**MENTION, "seen": reviewing.seen("/articles/one/")["seen"]})
    assert status == 422 and "is a link in the text" in said["error"]


# Two who decide.


def test_the_second_of_two_tabs_is_told_and_writes_nothing(reviewing):
    item = reviewing.item("suggestions:people/morse")
    reviewing.collection.write("people/morse.md", "---\nname: Samuel Morse\nstatus: suggested\n---\n")
    before = reviewing.text("people/morse.md")
    asked = {"key": item["key"], "word": "accept", "seen": item["seen"]}
    assert reviewing.ask("/_review/decide", asked)[0] == 409
    assert reviewing.text("people/morse.md") == before


def test_what_was_decided_in_one_tab_is_not_decided_again_in_the_other(reviewing):
    item = reviewing.item("suggestions:=Cable")
    assert reviewing.decide("suggestions:=Cable", "reject")[0] == 200
    status, said = reviewing.ask("/_review/decide", {"key": item["key"], "word": "accept", "seen": item["seen"]})
    assert (status, "meanwhile" in said["error"]) == (409, True)
    assert not (reviewing.collection.content / "works").exists()


def test_another_row_of_the_same_table_is_no_conflict(reviewing):
    fleet = reviewing.item("suggestions:=Fleet")
    assert reviewing.decide("suggestions:=Cable", "reject")[0] == 200
    assert reviewing.ask("/_review/decide", {"key": fleet["key"], "word": "reject", "seen": fleet["seen"]})[0] == 200


def test_an_article_that_was_edited_since_is_not_written_to(reviewing):
    seen = reviewing.seen("/articles/one/")["seen"]
    reviewing.collection.article("one", "Morse met Field, edited.")
    status, said = reviewing.ask("/_review/mention", {**MENTION, "seen": seen})
    assert (status, "was changed since you looked at it" in said["error"]) == (409, True)
    assert "edited" in reviewing.text("articles/one.md") and "links" not in reviewing.text("articles/one.md")


def test_many_tabs_at_once_lose_no_decision(reviewing):
    for number in range(12):
        reviewing.collection.record(f"works/w{number}", f"Work {number}", SUGGESTED)
    reviewing.bench.changed([reviewing.bench.config.content / f"works/w{number}.md" for number in range(12)])
    threads = [threading.Thread(target=reviewing.decide, args=(f"suggestions:works/w{number}", "accept")) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert len(reviewing.log()) == 12
    assert all("status: reviewed" in reviewing.text(f"works/w{number}.md") for number in range(12))


def test_a_build_under_way_is_waited_for(reviewing):
    from sitegen.build.lock import locked

    done: list[int] = []
    with locked(reviewing.bench.config.memo):
        thread = threading.Thread(target=lambda: done.append(reviewing.decide("suggestions:people/morse", "accept")[0]))
        thread.start()
        thread.join(0.5)
        assert not done
    thread.join(PATIENCE)
    assert done == [200]


def test_records_are_found_by_any_of_their_names(reviewing):
    reviewing.collection.record("places/raqqa", "Raqqa", "aliases: [Ar-Raqqah]\n")
    reviewing.bench.changed([reviewing.bench.config.content / "places/raqqa.md"])
    found = reviewing.ask("/_review/records?q=ar-raqqa")[1]["records"]
    assert found[0]["record"] == "places/raqqa"
