"""Every key of the review, and every correction of an article, in a real browser: what stands in the files afterwards."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.conftest import faults
from tests.preview import PATIENCE, Serving
from tests.support import Collection

WAIT = PATIENCE * 1000
SUGGESTED = "status: suggested\n"
LOST = "- id: n1\n  quote: Nobody knew him there\n  body: So?\n"
KEPT = "- id: n2\n  quote: Field was rich\n  body: Was he?\n"


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    collection = Collection(tmp_path_factory.mktemp("keys"))
    collection.article("one", "Morse met Field. Then Morse left.\n\nField was rich, and Cable laid.").article(
        "two", "Morse again, and Jordan."
    )
    collection.article("three", "Paris and Pariss, says Morse.").record("people/morse", "Morse", SUGGESTED)
    collection.record("people/field", "Field", SUGGESTED).record("people/jordan", "Jordan").record("places/jordan", "Jordan")
    collection.record("places/paris", "Paris").record("places/pariss", "Pariss")
    collection.write("candidates.csv", "name,kind,decision,articles\nCable,works,,articles/one\nFleet,works,,articles/two\n")
    collection.write("articles/one.notes.yaml", f"notes:\n{LOST}{KEPT}")
    running = Serving(collection)
    yield running
    running.stop()


@pytest.fixture
def context(browser):  # type: ignore[no-untyped-def]
    made = browser.new_context(viewport={"width": 1280, "height": 800})
    yield made
    made.close()


def state(serving: Serving) -> dict[str, bytes]:
    """The files that people write, without the log."""
    content = serving.collection.content
    return {
        path.relative_to(content).as_posix(): path.read_bytes()
        for path in sorted(content.rglob("*"))
        if path.is_file() and path.name != "decisions.jsonl" and not path.name.startswith(".")
    }


def changed(before: dict[str, bytes], after: dict[str, bytes]) -> dict[str, str]:
    """What the changed files say now, "" for those that are gone."""
    return {path: after.get(path, b"").decode() for path in before.keys() | after.keys() if before.get(path) != after.get(path)}


def opened(serving: Serving, context, title: str, waiting: str = ""):  # type: ignore[no-untyped-def]
    """The review with an item before one."""
    page = context.new_page()
    page.goto(serving.review)
    page.goto(f"{serving.address}/_review#{waiting or 'suggestions'}")
    rests(page)
    line = page.locator("#waiting button", has_text=title).first
    line.click(timeout=WAIT)  # what the last test took back, the next build finds again
    rests(page, title)
    return page


def rests(page, title: str = "") -> None:  # type: ignore[no-untyped-def]
    """Wait until an item is there, and nothing is on its way: what is pressed before is not heard."""
    page.locator("#item:not([aria-busy]) h2", has_text=title).wait_for(timeout=WAIT)


def said(page) -> str:  # type: ignore[no-untyped-def]
    page.wait_for_selector("#said:not(:empty)", timeout=WAIT)
    return str(page.inner_text("#said"))


def taken_back(page) -> None:  # type: ignore[no-untyped-def]
    rests(page)
    page.keyboard.press("u")
    page.locator("#said", has_text="taken back").wait_for(timeout=WAIT)


@pytest.mark.parametrize(
    ("key", "title", "waiting", "wanted"),
    [
        ("a", "Morse", "", {"people/morse.md": "status: reviewed"}),
        ("r", "Morse", "", {"people/morse.md": "status: rejected"}),
        ("s", "Cable", "", {"stoplist.txt": "Cable", "candidates.csv": "Fleet"}),
        ("A", "Cable", "", {"works/cable.md": "name: Cable", "works/fleet.md": "name: Fleet", "candidates.csv": "name"}),
        ("R", "Cable", "", {"candidates.csv": "name"}),
        ("2", "Jordan", "ambiguous", {"articles/two.md": "links: {Jordan: places/jordan}"}),
        ("r", "Jordan", "ambiguous", {"articles/two.md": "links: {Jordan: none}"}),
        ("1", "Paris / Pariss", "duplicates", {"places/pariss.md": "merged_into: places/paris", "places/paris.md": "Pariss"}),
        ("r", "Paris / Pariss", "duplicates", {"places/pariss.md": "not_same_as: [places/paris]"}),
        ("d", "n1", "notes", {"articles/one.notes.yaml": KEPT}),
    ],
)
def test_one_key_decides_and_u_takes_it_back(serving, context, key, title, waiting, wanted) -> None:  # type: ignore[no-untyped-def]
    before = state(serving)
    page = opened(serving, context, title, waiting)
    page.keyboard.press(key)
    told = said(page)
    found = changed(before, state(serving))
    assert found.keys() == wanted.keys(), told
    assert all(words in found[path] for path, words in wanted.items())
    taken_back(page)
    assert state(serving) == before


def test_k_leaves_an_item_for_later(serving, context) -> None:  # type: ignore[no-untyped-def]
    before, page = state(serving), opened(serving, context, "Morse")
    page.keyboard.press("k")
    page.locator("#item h2:not(:text-is('Morse'))").wait_for(timeout=WAIT)
    assert "skipped" in page.locator("#waiting button", has_text="Morse").inner_text()
    assert state(serving) == before


@pytest.mark.parametrize(
    ("key", "wanted"),
    [
        ("m", {"people/field.md": "merged_into: people/morse", "people/morse.md": "aliases: [Field]"}),
        ("l", {"people/field.md": "", "people/morse.md": "aliases: [Field]"}),
    ],
)
def test_a_name_is_merged_into_a_record_or_becomes_its_alias(serving, context, key, wanted) -> None:  # type: ignore[no-untyped-def]
    before = state(serving)
    page = opened(serving, context, "Field")
    page.keyboard.press(key)
    page.locator("form.ask input").type("mors")
    page.locator("[role=option]", has_text="Morse").wait_for(timeout=WAIT)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    said(page)
    found = changed(before, state(serving))
    assert found.keys() == wanted.keys() and all(words in found[path] for path, words in wanted.items())
    taken_back(page)
    assert state(serving) == before


def test_n_makes_a_record_of_another_name(serving, context) -> None:  # type: ignore[no-untyped-def]
    before = state(serving)
    page = opened(serving, context, "Cable")
    page.keyboard.press("n")
    page.locator("form.ask input").fill("Atlantic Cable")
    page.keyboard.press("Enter")
    said(page)
    assert "name: Atlantic Cable" in changed(before, state(serving))["works/atlantic-cable.md"]
    taken_back(page)
    assert state(serving) == before


def test_what_is_unticked_is_nobody_in_its_article(serving, context) -> None:  # type: ignore[no-untyped-def]
    before = state(serving)
    page = opened(serving, context, "Morse")
    page.locator("fieldset", has_text="articles/two").locator("input").uncheck()
    page.locator("#item").focus()
    page.keyboard.press("a")
    said(page)
    assert changed(before, state(serving)).keys() == {"people/morse.md", "articles/two.md"}
    taken_back(page)
    assert state(serving) == before


def test_the_second_of_two_tabs_is_told_and_writes_nothing(serving, context) -> None:  # type: ignore[no-untyped-def]
    first, second = opened(serving, context, "Morse"), opened(serving, context, "Morse")
    before = state(serving)
    first.keyboard.press("a")
    said(first)
    once = state(serving)
    second.bring_to_front()
    second.keyboard.press("r")
    assert "meanwhile" in said(second) or "since you looked" in said(second)
    assert state(serving) == once != before
    taken_back(first)
    assert state(serving) == before


# What others do while the review is open.


def counted(page, name: str, count: int) -> None:  # type: ignore[no-untyped-def]
    page.locator(f"#lists a[href='#{name}'] .count", has_text=str(count)).wait_for(timeout=WAIT)


def test_an_ambiguity_that_is_settled_and_taken_back_leaves_the_list_and_comes_back(serving, context) -> None:  # type: ignore[no-untyped-def]
    before, page = state(serving), opened(serving, context, "Jordan", "ambiguous")
    page.evaluate("window.kept = true")
    page.keyboard.press("1")
    page.locator("#item h2", has_text="Nothing waits here").wait_for(timeout=WAIT)
    counted(page, "ambiguous", 0)
    taken_back(page)
    rests(page, "Jordan")
    counted(page, "ambiguous", 1)
    assert page.evaluate("window.kept") and state(serving) == before


def test_what_a_build_changes_is_put_into_place_and_what_is_typed_stays(serving, context) -> None:  # type: ignore[no-untyped-def]
    before, page = state(serving), opened(serving, context, "Field")
    one = page.locator("fieldset", has_text="articles/one").locator("input")
    one.uncheck()
    page.keyboard.press("n")
    field = page.locator("form.ask input")
    field.fill("Cyrus")
    field.evaluate("e => e.setSelectionRange(1, 3)")
    serving.collection.article("two", "Morse again, and Jordan. Field was there.")
    page.locator("fieldset", has_text="articles/two").wait_for(timeout=WAIT)
    assert page.evaluate("[document.activeElement.value, document.activeElement.selectionStart]") == ["Cyrus", 1]
    assert not one.is_checked() and page.locator("fieldset", has_text="articles/two").locator("input").is_checked()
    page.keyboard.press("Escape")
    line = page.locator("#waiting button", has_text="Morse")
    line.focus()
    serving.collection.record("people/vail", "Vail", SUGGESTED)
    page.locator("#waiting button", has_text="Vail").wait_for(timeout=WAIT)
    assert "Morse" in page.evaluate("document.activeElement.innerText")
    serving.collection.delete("people/vail.md")
    serving.collection.write("articles/two.md", before["articles/two.md"].decode())
    page.locator("fieldset", has_text="articles/two").wait_for(state="detached", timeout=WAIT)


def test_what_was_decided_elsewhere_stays_before_one_until_a_key_goes_on(serving, context) -> None:  # type: ignore[no-untyped-def]
    page, path = opened(serving, context, "Morse"), serving.collection.content / "people/morse.md"
    good = path.read_bytes()
    path.write_bytes(good.replace(b"suggested", b"reviewed"))
    page.locator("#said", has_text="decided meanwhile").wait_for(timeout=WAIT)
    before = state(serving)
    for key in "arsA":
        page.keyboard.press(key)
    assert page.inner_text("#item h2") == "Morse" and state(serving) == before
    assert faults(page) == []
    page.keyboard.press("k")
    page.locator("#item h2:not(:text-is('Morse'))").wait_for(timeout=WAIT)
    path.write_bytes(good)
    page.locator("#waiting button", has_text="Morse").wait_for(timeout=WAIT)


def test_what_stops_a_build_is_shown_over_the_review_too(serving, context) -> None:  # type: ignore[no-untyped-def]
    page, path = opened(serving, context, "Morse"), serving.collection.content / "articles/three.md"
    good = path.read_bytes()
    path.write_bytes(good.replace(b"title:", b"title: ["))
    page.locator("sitegen-problems section", has_text="content/articles/three.md").wait_for(timeout=WAIT)
    path.write_bytes(good)
    page.wait_for_selector("sitegen-problems", state="detached", timeout=WAIT)
    assert page.inner_text("#item h2") == "Morse"


# On an article.


def article(serving: Serving, context, words: str = ""):  # type: ignore[no-untyped-def]
    """An article with “Annotate” on, and some words of it marked."""
    page = context.new_page()
    page.goto(serving.review)
    page.goto(f"{serving.address}/articles/one/")
    button = page.locator("sitegen-tools button", has_text="Annotate")
    button.wait_for(timeout=WAIT)
    if button.get_attribute("aria-pressed") != "true":
        button.click()
    if words:
        page.evaluate(
            """words => {
              const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
              for (let text = walker.nextNode(); text; text = walker.nextNode()) {
                const at = text.data.indexOf(words);
                if (at < 0 || !text.parentElement.closest("main p[id]")) continue;
                const range = document.createRange();
                range.setStart(text, at);
                range.setEnd(text, at + words.length);
                getSelection().removeAllRanges();
                getSelection().addRange(range);
                return;
              }
              throw new Error("no such words");
            }""",
            words,
        )
        page.keyboard.press("Alt+Shift+A")
    else:
        page.locator("main p a[data-record='people/morse']").first.click()
    page.locator("sitegen-tools [role=dialog]").wait_for(timeout=WAIT)
    return page


def press(page, name: str) -> None:  # type: ignore[no-untyped-def]
    page.locator("sitegen-tools button", has_text=name).click()


def choose(page, typed: str, record: str) -> None:  # type: ignore[no-untyped-def]
    page.locator("sitegen-tools form input[role=combobox]").type(typed)
    page.locator("sitegen-tools [role=option]", has_text=record).wait_for(timeout=WAIT)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")


def undone(serving: Serving, page, before: dict[str, bytes]) -> None:  # type: ignore[no-untyped-def]
    """What was decided is taken back in the review, which has the same undo."""
    page.goto(f"{serving.address}/_review")
    rests(page)
    page.locator("#undo:not([disabled])").click(timeout=WAIT)
    page.locator("#said", has_text="taken back").wait_for(timeout=WAIT)
    assert state(serving) == before


def told(page, words: str) -> None:  # type: ignore[no-untyped-def]
    page.locator("sitegen-notice p", has_text=words).wait_for(timeout=WAIT)


def test_a_mention_is_removed_and_the_page_follows(serving, context) -> None:  # type: ignore[no-untyped-def]
    before, page = state(serving), article(serving, context)
    press(page, "Not this one")
    page.wait_for_function("!document.querySelector('main p a[data-record=\"people/morse\"]')", timeout=WAIT)
    assert "links: {Morse: none}" in changed(before, state(serving))["articles/one.md"]
    undone(serving, page, before)


def test_a_mention_is_changed_to_someone_else(serving, context) -> None:  # type: ignore[no-untyped-def]
    before, page = state(serving), article(serving, context)
    press(page, "Someone else")
    choose(page, "field", "Field")
    told(page, "is people/field in articles/one")
    assert "links: {Morse: people/field}" in changed(before, state(serving))["articles/one.md"]
    undone(serving, page, before)


def test_marked_words_become_a_mention_here_or_everywhere(serving, context) -> None:  # type: ignore[no-untyped-def]
    before, page = state(serving), article(serving, context, "Then")
    press(page, "This is")
    page.locator("sitegen-tools input[type=checkbox]").check()
    choose(page, "morse", "Morse")
    told(page, "is a name of people/morse")
    assert changed(before, state(serving)).keys() == {"people/morse.md"}
    page.wait_for_function("[...document.querySelectorAll('main p a')].some((a) => a.textContent === 'Then')", timeout=WAIT)
    undone(serving, page, before)


def test_marked_words_become_a_record(serving, context) -> None:  # type: ignore[no-untyped-def]
    before, page = state(serving), article(serving, context, "Cable")
    press(page, "New record")
    page.locator("sitegen-tools form select").select_option("works")
    press(page, "Make a record")
    told(page, "works/cable is a new record")
    assert "name: Cable" in changed(before, state(serving))["works/cable.md"]
    undone(serving, page, before)


def test_marked_words_get_a_note_and_are_never_linked(serving, context) -> None:  # type: ignore[no-untyped-def]
    before, page = state(serving), article(serving, context, "was rich")
    press(page, "Note …")
    page.locator("sitegen-tools textarea").fill("How rich?")
    assert faults(page) == []
    press(page, "Save the note")
    told(page, "note n3 is in")
    assert "How rich?" in changed(before, state(serving))["articles/one.notes.yaml"]
    undone(serving, page, before)
    page = article(serving, context)
    press(page, "Never link")
    told(page, "is never linked or suggested")
    assert changed(before, state(serving)) == {"stoplist.txt": "Morse\n"}
    undone(serving, page, before)


def test_an_article_that_was_edited_elsewhere_is_not_written_to(serving, context) -> None:  # type: ignore[no-untyped-def]
    before, page = state(serving), article(serving, context, "was rich")
    log = serving.collection.content / "decisions.jsonl"
    decided = log.read_bytes() if log.exists() else b""
    press(page, "Note …")
    page.locator("sitegen-tools textarea").fill("How rich?")
    path = serving.collection.content / "articles/one.md"
    page.evaluate("document.dispatchEvent = () => true")  # the page has not heard of it
    path.write_bytes(before["articles/one.md"].replace(b"Then Morse left.", b"Then he left."))
    press(page, "Save the note")
    told(page, "was changed since you looked at it: nothing is written")
    assert changed(before, state(serving)).keys() == {"articles/one.md"}
    path.write_bytes(before["articles/one.md"])
    assert (log.read_bytes() if log.exists() else b"") == decided
