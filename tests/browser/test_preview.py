"""The preview in a real browser, on a real server: whatever is done to the files, the tab ends as a clean build is."""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import faulty
from tests.browser.conftest import faults
from tests.preview import PATIENCE, Serving, same_as_clean, settles
from tests.support import REPOSITORY, Collection, git

ONE = "/articles/one/"
LONG = "\n\n".join(f"Paragraph {number} of a long text, which Morse wrote." for number in range(60))


def collection_of(root: Path) -> Collection:
    collection = Collection(root, 'title = "Test"\nurl = "https://example.org/"\ntheme = "own"\n')
    shutil.copytree(REPOSITORY / "themes" / "default", root / "themes" / "own")
    collection.article("one", f"Morse met Field at sea.\n\n{LONG}").article("two", "Field wrote [to him](one.md).")
    collection.article("three", "Nobody.").record("people/morse", "Morse").record("people/field", "Field", "status: suggested\n")
    return collection


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    running = Serving(collection_of(tmp_path_factory.mktemp("preview")), program="tests.faulty")
    yield running
    running.stop()


@pytest.fixture
def tab(serving, browser):  # type: ignore[no-untyped-def]
    """Opens a page of the preview, marked so that one can see whether it was loaded anew."""
    context = browser.new_context(viewport={"width": 1200, "height": 800})

    def go(path: str = ONE):  # type: ignore[no-untyped-def]
        page = context.new_page()
        page.goto(serving.address + path)
        page.evaluate("window.kept = true")
        return page

    yield go
    context.close()


def kept(page) -> bool:  # type: ignore[no-untyped-def]
    return bool(page.evaluate("window.kept === true"))


def shows(page, text: str) -> None:  # type: ignore[no-untyped-def]
    page.wait_for_function("text => document.body.innerText.includes(text)", arg=text, timeout=PATIENCE * 1000)


def overlay(page, state: str = "attached") -> None:  # type: ignore[no-untyped-def]
    page.wait_for_selector("sitegen-problems", state=state, timeout=PATIENCE * 1000)


# Text is put into the page as it stands.


def test_an_edit_changes_the_words_and_nothing_else_of_what_the_reader_did(serving, tab, browser) -> None:  # type: ignore[no-untyped-def]
    page = tab()
    page.evaluate("scrollTo(0, 900)")
    box = page.locator("main input[type=checkbox]").first
    box.evaluate("e => { e.checked = false; e.focus({preventScroll: true}); }")
    page.evaluate("""() => { const e = document.createElement('div'); e.id = 'own'; e.popover = 'manual'; e.textContent = 'Open';
                     document.body.append(e); e.showPopover(); }""")
    text = (serving.collection.content / "articles/one.md").read_text()
    serving.collection.write("articles/one.md", text.replace("Paragraph 30 of", "Paragraph thirty, reworded, of"))
    shows(page, "Paragraph thirty, reworded")
    assert kept(page) and abs(page.evaluate("scrollY") - 900) < 40
    assert page.evaluate("document.activeElement.type") == "checkbox" and not box.is_checked()
    assert page.evaluate("document.getElementById('own').matches(':popover-open')")
    page.evaluate("document.getElementById('own').remove()")
    settles(page, browser)


def test_what_is_open_stays_open(serving, tab) -> None:  # type: ignore[no-untyped-def]
    serving.collection.article("three", "<details><summary>More</summary>\n\nHidden.\n\n</details>\n\nOne.", more="")
    page = tab("/articles/three/")
    shows(page, "One.")
    details = page.locator("main details")
    if not details.count():  # sanitised away: then it is the theme's own that is opened
        page.evaluate(
            "document.querySelector('main').insertAdjacentHTML('beforeend', '<details><summary>A</summary>B</details>')"
        )
        details = page.locator("main details")
    details.first.evaluate("e => { e.open = true; }")
    serving.collection.article("three", "<details><summary>More</summary>\n\nHidden.\n\n</details>\n\nTwo, edited.", more="")
    shows(page, "Two, edited")
    assert kept(page) and details.first.evaluate("e => e.open")


def test_a_tab_whose_page_did_not_change_is_left_alone(serving, tab) -> None:  # type: ignore[no-untyped-def]
    page, other = tab("/people/morse/"), tab("/articles/two/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    serving.collection.article("two", "Field wrote [to him](one.md), and was not answered.")
    shows(other, "was not answered")
    time.sleep(0.5)
    assert asked == []


def test_a_style_is_exchanged_without_loading_the_page(serving, tab) -> None:  # type: ignore[no-untyped-def]
    page = tab()
    style = serving.collection.root / "themes/own/assets/site.css"
    style.write_text(style.read_text() + "\nh1 { letter-spacing: 7px; }\n")
    page.wait_for_function("getComputedStyle(document.querySelector('h1')).letterSpacing === '7px'", timeout=PATIENCE * 1000)
    page.wait_for_function("document.querySelectorAll('link[href*=\"site.css\"]').length === 1", timeout=PATIENCE * 1000)
    assert kept(page)


def test_a_changed_script_loads_the_page_anew(serving, tab) -> None:  # type: ignore[no-untyped-def]
    page = tab()
    script = serving.collection.root / "themes/own/assets/site.js"
    script.write_text(script.read_text() + "\nwindow.newer = true;\n")
    page.wait_for_function("window.newer === true", timeout=PATIENCE * 1000)
    assert not kept(page)


# Whatever is done to the files.


def test_a_renamed_article_is_gone_here_and_found_there(serving, tab, browser) -> None:  # type: ignore[no-untyped-def]
    content = serving.collection.content
    serving.collection.article("moving", "Morse moves.")
    page = tab("/articles/")
    settles(page, browser, lambda: "moving" in page.inner_text("main"))
    there = tab("/articles/moving/")
    (content / "articles/moving.md").rename(content / "articles/moved.md")
    shows(there, "/articles/moving/ was removed at")
    shows(there, "content/articles/moving.md")
    settles(page, browser, lambda: page.locator("a[href*='articles/moved'], a[href*='../moved'], a[href*='moved/']").count() > 0)
    (content / "articles/moved.md").rename(content / "articles/moving.md")
    shows(there, "Morse moves.")
    settles(there, browser)


def test_a_deleted_article_leaves_the_pages_that_quoted_it(serving, tab, browser) -> None:  # type: ignore[no-untyped-def]
    serving.collection.article("brief", "Morse was here but briefly.")
    page = tab("/people/morse/")
    settles(page, browser, lambda: "briefly" in page.inner_text("main"))
    serving.collection.delete("articles/brief.md")
    settles(page, browser, lambda: "briefly" not in page.inner_text("main"))


def test_an_alias_that_is_added_links_the_names_in_open_articles(serving, tab, browser) -> None:  # type: ignore[no-untyped-def]
    page = tab()
    serving.collection.record("people/morse", "Morse", "aliases: [long text]\n")
    settles(page, browser, lambda: page.locator("a[data-record='people/morse']", has_text="long text").count() > 10)
    assert kept(page)
    serving.collection.record("people/morse", "Morse")
    settles(page, browser, lambda: page.locator("a[data-record='people/morse']", has_text="long text").count() == 0)


def test_a_template_that_is_edited_broken_and_mended(serving, tab, browser) -> None:  # type: ignore[no-untyped-def]
    page = tab()
    template = serving.collection.root / "themes/own/templates/article.html"
    good = template.read_text()
    template.write_text(good.replace("{% block lead %}", "<p>From the template.</p>{% block lead %}", 1))
    settles(page, browser, lambda: "From the template." in page.inner_text("main"))
    template.write_text(good.replace("{% block main %}", "{% block main %}{{ nonsense.there }}{% if %}", 1))
    overlay(page)
    said = page.locator("sitegen-problems section").inner_text()
    assert "article.html" in said and "template-error" in said
    assert "From the template." in page.inner_text("main")
    template.write_text(good)
    overlay(page, "detached")
    settles(page, browser, lambda: "From the template." not in page.inner_text("main"))


def test_broken_yaml_is_shown_with_its_place_and_a_way_into_the_editor(serving, tab) -> None:  # type: ignore[no-untyped-def]
    page = tab()
    good = (serving.collection.content / "articles/three.md").read_text()
    serving.collection.write("articles/three.md", good.replace("title: three", "title: [three"))
    overlay(page)
    link = page.locator("sitegen-problems a")
    assert link.get_attribute("href").startswith("vscode://file/") and "articles/three.md:" in link.get_attribute("href")
    assert page.locator("sitegen-problems .caret").inner_text().startswith("^")
    assert faults(page) == []
    page.locator("sitegen-problems button", has_text="Hide").focus()
    page.keyboard.press("Enter")
    assert not page.locator("sitegen-problems ol").is_visible()
    serving.collection.write("articles/three.md", good)
    overlay(page, "detached")
    assert kept(page)


def test_a_theme_that_is_deleted_and_put_back(serving, tab, browser) -> None:  # type: ignore[no-untyped-def]
    page, theme = tab(), serving.collection.root / "themes/own"
    theme.rename(theme.with_name("away"))
    overlay(page)
    assert "own" in page.locator("sitegen-problems section").inner_text() and "Paragraph 5" in page.inner_text("main")
    theme.with_name("away").rename(theme)
    overlay(page, "detached")
    settles(page, browser)


@pytest.fixture
def fault(serving):  # type: ignore[no-untyped-def]
    """Lets something befall the server, until it is mended."""
    flags: list[Path] = []

    def begin(name: str) -> None:
        flags.append(serving.collection.root / name)
        flags[-1].touch()

    def end() -> None:
        for flag in flags:
            flag.unlink(missing_ok=True)

    begin.end = end  # type: ignore[attr-defined]
    yield begin
    end()


def problem(page) -> str:  # type: ignore[no-untyped-def]
    overlay(page)
    return str(page.locator("sitegen-problems section").inner_text())


def test_a_file_that_cannot_be_read_is_told_and_the_server_goes_on(serving, tab, browser, fault) -> None:  # type: ignore[no-untyped-def]
    page = tab("/articles/three/")
    fault(faulty.SHUT)
    serving.collection.article("three", "Read by nobody.")
    said = problem(page)
    assert "articles/three.md" in said and "cannot be read" in said and "permissions" in said
    fault.end()
    serving.collection.article("three", "Read by all.")
    overlay(page, "detached")
    settles(page, browser, lambda: "Read by all." in page.inner_text("main"))
    assert kept(page)


@pytest.mark.parametrize(
    ("name", "reach", "size"),  # each larger than the one before, which leaves free pages in the memo
    [
        (faulty.FULL, "words", 1),
        (faulty.FULL, "title", 1),
        (faulty.MEMO_FULL, "words", 10_000),
        (faulty.MEMO_FULL, "title", 30_000),
    ],
)
def test_a_full_disk_is_told_and_the_server_goes_on(serving, tab, browser, fault, name, reach, size) -> None:  # type: ignore[no-untyped-def]
    page, many = tab("/articles/two/"), "Nobody wrote anything. " * size
    shows(page, "Field")
    before = page.inner_text("main")
    fault(name)
    serving.collection.article("two", f"Full. {many}", title="A full disk" if reach == "title" else "")
    said = problem(page)
    assert "full" in said.casefold() or "No space left" in said
    assert "space" in said and "fault of sitegen" not in said
    assert page.inner_text("main") == before
    fault.end()
    serving.collection.article("two", f"Room again after {name} and {reach}. Field.")
    overlay(page, "detached")
    settles(page, browser, lambda: f"after {name} and {reach}" in page.inner_text("main"))


def test_a_configuration_that_is_broken_and_mended(serving, tab, browser) -> None:  # type: ignore[no-untyped-def]
    page, path = tab(), serving.collection.root / "sitegen.toml"
    good = path.read_text()
    path.write_text(good + "title = [\n")
    assert "sitegen.toml" in problem(page)
    path.write_text(good)
    overlay(page, "detached")
    settles(page, browser)


def test_an_output_that_cannot_be_written_is_told_and_the_server_goes_on(serving, tab, browser) -> None:  # type: ignore[no-untyped-def]
    page = tab("/articles/two/")
    article = serving.collection.root / ".sitegen/preview/articles/two/index.html"
    good = article.read_bytes()
    article.unlink()
    article.mkdir()
    (article / "foreign.txt").write_text("not ours")
    serving.collection.article("two", "Field wrote in vain.")
    overlay(page)
    (article / "foreign.txt").unlink()
    article.rmdir()
    article.write_bytes(good)
    serving.collection.article("two", "Field wrote and wrote.")
    overlay(page, "detached")
    settles(page, browser, lambda: "wrote and wrote" in page.inner_text("main"))


def test_two_hundred_files_at_once(serving, tab, browser, tmp_path) -> None:  # type: ignore[no-untyped-def]
    page = tab("/people/morse/")
    for number in range(200):
        serving.collection.article(
            f"many-{number}", f"{('Morse', 'Nobody')[number % 2]} in number {number}.", date=f"{1800 + number}-01-01"
        )
    settles(page, browser, lambda: "number 198" in page.inner_text("main"))
    for number in range(200):
        serving.collection.delete(f"articles/many-{number}.md")
    settles(page, browser, lambda: "number" not in page.inner_text("main"))
    ours, clean = same_as_clean(serving.collection, tmp_path / "clean")
    assert ours == clean


def test_a_branch_that_is_checked_out_and_left(serving, tab, browser, tmp_path) -> None:  # type: ignore[no-untyped-def]
    collection, page = serving.collection, tab("/people/morse/")
    git(collection.root, "init", "-q", "-b", "main")
    try:
        git(collection.root, "add", "content")
        git(collection.root, "commit", "-q", "-m", "As it was")
        git(collection.root, "checkout", "-q", "-b", "other")
        collection.article("four", "Morse was on another branch.").article("three", "Morse was here, too.").delete(
            "articles/two.md"
        )
        git(collection.root, "add", "content")
        git(collection.root, "commit", "-q", "-m", "On another branch")
        settles(page, browser, lambda: "another branch" in page.inner_text("main"))
        for branch in ("main", "other", "main"):
            git(collection.root, "checkout", "-q", branch)
            settles(page, browser, lambda branch=branch: ("another branch" in page.inner_text("main")) is (branch == "other"))
            ours, clean = same_as_clean(collection, tmp_path / "clean")
            assert ours == clean
    finally:
        shutil.rmtree(collection.root / ".git")


def replaced(path: Path, text: str) -> None:
    """As Vim, Emacs and most others save: a new file in the place of the old."""
    beside = path.with_name(f".{path.name}.swp")
    beside.write_text(text)
    os.replace(beside, path)


def moved_away(path: Path, text: str) -> None:
    """As editors save that keep a backup."""
    path.rename(path.with_name(path.name + "~"))
    path.write_text(text)


def truncated(path: Path, text: str) -> None:
    """As nano and shells save, and slowly."""
    with path.open("w") as file:
        for part in (text[: len(text) // 2], text[len(text) // 2 :]):
            file.write(part)
            file.flush()
            time.sleep(0.05)


def deleted_first(path: Path, text: str) -> None:
    path.unlink()
    time.sleep(0.15)
    path.write_text(text)


@pytest.mark.parametrize("save", [replaced, moved_away, truncated, deleted_first])
def test_an_editors_way_of_saving(serving, tab, browser, save) -> None:  # type: ignore[no-untyped-def]
    page, path = tab("/articles/three/"), serving.collection.content / "articles/three.md"
    save(path, f"---\ntitle: three\ndate: 1858-08-16\n---\nSaved by way of {save.__name__}.\n")
    settles(page, browser, lambda: save.__name__ in page.inner_text("main"))


def test_a_tab_catches_up_when_the_server_was_started_again(serving, tab, browser) -> None:  # type: ignore[no-untyped-def]
    page = tab()
    serving.stop()
    text = (serving.collection.content / "articles/one.md").read_text()
    serving.collection.write("articles/one.md", text.replace("met Field at sea", "met Field ashore"))
    serving.lines.clear()
    serving._start()
    settles(page, browser, lambda: "met Field ashore" in page.inner_text("main"))
    assert kept(page)


def test_a_tab_that_nobody_saw_catches_up_when_it_is_looked_at(serving, tab, browser) -> None:  # type: ignore[no-untyped-def]
    page = tab("/articles/three/")
    page.evaluate("""() => { Object.defineProperty(document, 'hidden', {configurable: true, get: () => true});
                     document.dispatchEvent(new Event('visibilitychange')); }""")
    serving.collection.article("three", "Written while asleep.")
    time.sleep(1.5)
    assert "asleep" not in page.inner_text("main")
    page.evaluate("""() => { Object.defineProperty(document, 'hidden', {configurable: true, get: () => false});
                     document.dispatchEvent(new Event('visibilitychange')); }""")
    settles(page, browser, lambda: "while asleep" in page.inner_text("main"))


# From the page into the editor.


def listens(page) -> None:  # type: ignore[no-untyped-def]
    """Wait until the script that the page asks for has run, with what it imports."""
    page.wait_for_function("performance.getEntriesByName(new URL('/_sitegen/tools.js', location).href).length > 0")
    page.evaluate("import('/_sitegen/tools.js').then(() => true)")


def test_a_click_with_alt_held_asks_for_the_paragraphs_line(serving, tab) -> None:  # type: ignore[no-untyped-def]
    page = tab()
    listens(page)
    with page.expect_response("**/_sitegen/source?*") as answer:
        page.locator("main p", has_text="Paragraph 7 of").click(modifiers=["Alt"])
    place = answer.value.json()
    lines = (serving.collection.content / "articles/one.md").read_text().split("\n")
    assert place["path"] == "content/articles/one.md" and "Paragraph 7 of" in lines[place["line"] - 1]
    assert page.url.endswith(ONE)


def test_a_quotation_on_a_records_page_leads_to_its_article(serving, tab) -> None:  # type: ignore[no-untyped-def]
    page = tab("/people/field/")
    listens(page)
    with page.expect_response("**/_sitegen/source?*") as answer:
        page.locator("main a[href*='#p-']").first.click(modifiers=["Alt"])
    assert answer.value.json()["path"].startswith("content/articles/")


# A soak.


@pytest.mark.soak
def test_five_minutes_of_edits_end_in_a_clean_build(tmp_path, browser) -> None:  # type: ignore[no-untyped-def]
    import psutil

    collection = collection_of(tmp_path / "soak")
    running = Serving(collection)
    page = browser.new_page()
    chance, edits, names = random.Random(7), 0, ["one", "two", "three", "four", "five"]
    try:
        page.goto(running.address + "/people/morse/")
        process, memory = psutil.Process(running.process.pid), 0
        end = time.monotonic() + 300
        while time.monotonic() < end:
            name, kind = chance.choice(names), chance.randrange(8)
            path = collection.content / f"articles/{name}.md"
            if kind < 5:
                collection.article(name, f"Morse and Field, edit {edits}.\n\n{LONG[: chance.randrange(2000)]}")
            elif kind == 5:
                path.unlink(missing_ok=True)
            elif kind == 6:
                collection.record("people/morse", "Morse", f"aliases: [{chance.choice(['text', 'long', 'wrote'])}]\n")
            else:
                collection.write(f"articles/{name}.md", "---\ntitle: [broken\n---\n")
            edits += 1
            time.sleep(chance.random() * 0.6)
            if edits == 100:
                memory = process.memory_info().rss
        for name in names:
            collection.article(name, f"Morse ends in {name}.")
        settles(page, browser, lambda: all(f"ends in {name}" in page.inner_text("main") for name in names))
        ours, clean = same_as_clean(collection, tmp_path / "clean")
        assert ours == clean
        assert process.memory_info().rss < memory * 1.25
    finally:
        page.close()
        running.stop()
