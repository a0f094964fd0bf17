"""Whatever a field holds, no page, feed or script block runs it, and nothing breaks out of its place."""

from __future__ import annotations

import json
import re
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import html5lib
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support import Collection

MARK = "zq9x"  # in every hostile value, to find it again
PAYLOADS = [
    f"<script>{MARK}(1)</script>",
    f"</script><script>{MARK}(1)</script>",
    f'"><img src=x onerror={MARK}(1)>',
    f"'><svg onload={MARK}(1)>",
    f"javascript:{MARK}(1)",
    f"java\tscript:{MARK}(1)",
    f"data:text/html,<script>{MARK}(1)</script>",
    f"{{{{ {MARK} }}}}{{% raw %}}",
    f"]]><{MARK}/>",
    f"<!--{MARK}--!><script>",
    f"</title></textarea></style>{MARK}",
    f'" autofocus onfocus="{MARK}(1)',
    f"`{MARK}`\\\\",
    f"&lt;script&gt;{MARK}",
    f"\u202e{MARK}\u2066",
    f"\u2028{MARK}\u2029",
    f"=HYPERLINK({MARK})",
]
HOSTILE = st.sampled_from(PAYLOADS) | st.text(
    alphabet="<>\"'&;:/=\\`{}%[]()!-# \u202e\u2028abjscrit", min_size=1, max_size=24
).map(lambda text: f"{MARK}{text}")
FIELDS = ("title", "summary", "byline", "dateline", "tag", "publisher", "licence", "url", "name", "alias", "role", "about", "id",
          "body", "link", "kind", "site", "note", "by")  # fmt: skip


def quoted(text: str) -> str:
    """As a YAML and TOML string."""
    return json.dumps(text)


def collection_of(root: Path, said: dict[str, str]) -> Collection:
    def field(name: str) -> str:
        return quoted(said.get(name, name))

    kind = re.sub(r"[\x00-\x1f\x7f]", " ", said.get("kind", "Ships"))
    site = re.sub(r"[\x00-\x1f\x7f]", " ", said.get("site", "Test"))
    config = f'title = {quoted(site)}\nurl = "https://example.org/"\nauthor = {quoted(site)}\nlicence = {quoted(site)}\n'
    collection = Collection(root, f"{config}[kinds.ships]\nlabel = {quoted(kind)}\nsingular = {quoted(kind)}\n")
    source = f"source: {{publisher: {field('publisher')}, licence: {field('licence')}, retrieved: {field('by')}"
    source += f", url: {quoted(said.get('url', 'https://example.org/x'))}}}\n"
    head = f"title: {field('title')}\ndate: 1858-08-16\nsummary: {field('summary')}\nbyline: {field('byline')}\n"
    head += f"dateline: {field('dateline')}\ntags: [{field('tag')}]\n{source}"
    body = f"Morse sailed on the Niagara. {said.get('body', '')}\n\n[words]({said.get('link', 'https://example.org/')}) of Paris."
    collection.write("articles/a.md", f"---\n{head}slug: a\n---\n{body}\n").article("b", "Morse in Paris.")
    who = f"name: {field('name')}\naliases: [Morse, {field('alias')}]\nrole: {field('role')}\nsummary: {field('about')}\n"
    collection.write("people/morse.md", f"---\n{who}ids: {{wikidata: {field('id')}}}\n---\n{said.get('body', '')}\n")
    collection.record("ships/niagara", "Niagara", "location: {lat: 1, lon: 2}\n")
    collection.record("places/paris", "Paris", f"location: {{lat: 48.9, lon: 2.3}}\nsummary: {field('about')}\n")
    note = f"notes:\n- id: n1\n  layer: commentary\n  quote: {{exact: sailed}}\n  body: {field('note')}\n  by: {field('by')}\n"
    return collection.write("articles/a.notes.yaml", note)


def trespasses(html: str) -> list[str]:
    """What a page holds that only a hostile value can have put there."""
    found = []
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue  # a comment: text
        if MARK in element.tag or any(MARK in name for name in element.attrib):
            found.append(f"<{element.tag} {sorted(element.attrib)}>")
        for name, value in element.attrib.items():
            if name.lower().startswith("on") or name == "style":
                found.append(f"{name}={value}")
            if name in ("href", "src", "action", "data", "formaction", "xlink:href"):
                address = re.sub(r"[\x00-\x20]", "", value).lower()
                if address.startswith(("javascript:", "vbscript:", "data:text")):
                    found.append(f"{name}={value}")
        if element.tag == "script" and not element.get("src"):
            if element.get("type") not in ("application/ld+json", "application/json"):
                found.append(f"<script>{element.text}")
            else:
                json.loads(element.text or "")
        if urlsplit(element.get("src", "")).netloc not in ("", "example.org"):
            found.append(f"{element.tag} {element.get('src')}")
    return found


def trespassed(said: dict[str, str], *, published: bool = False) -> list[str]:
    """What trespasses where these values stand in their fields. published: whether they must be, and not be refused."""
    with tempfile.TemporaryDirectory() as folder:
        collection = collection_of(Path(folder), said)
        built = collection.build()
        if not built.report.ok and not published:
            return []  # refused, with issues: nothing is published
        assert built.report.ok, built.codes
        found = []
        for page in collection.site.rglob("*.html"):
            found += [f"{page.relative_to(collection.site)}: {what}" for what in trespasses(page.read_text(encoding="utf-8"))]
        for xml in collection.site.rglob("*.xml"):
            for element in ElementTree.parse(xml).iter():
                found += [f"{xml.name}: <{element.tag}>"] if MARK in element.tag else []
        return found


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_in_every_field_at_once_trespasses_nowhere(payload: str) -> None:
    fields = [name for name in FIELDS if name not in ("url", "link", "body")]  # which may be refused
    assert trespassed(dict.fromkeys(fields, payload), published=True) == []


@pytest.mark.parametrize("field", ["url", "link", "body"])
@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_in_an_address_or_a_body_is_refused_or_trespasses_nowhere(payload: str, field: str) -> None:
    assert trespassed({field: payload}) == []


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(said=st.dictionaries(st.sampled_from(FIELDS), HOSTILE, min_size=1))
def test_no_field_reaches_a_page_unescaped(said: dict[str, str]) -> None:
    assert trespassed(said) == []


@pytest.mark.soak
@settings(max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(said=st.dictionaries(st.sampled_from(FIELDS), HOSTILE, min_size=1))
def test_no_field_reaches_a_page_unescaped_however_often_it_tries(said: dict[str, str]) -> None:
    assert trespassed(said) == []


def test_the_search_for_trespasses_finds_them() -> None:
    assert trespasses(f"<p onclick='{MARK}'>") and trespasses("<script>x</script>") and trespasses("<a href='java\tscript:x'>")


LAUGHS = "a0: &a0 [lol, lol]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))
TRICKS = {
    "a tag that runs a command": "title: !!python/object/apply:os.system [exit]\n",
    "an anchor bomb": LAUGHS,
    "a merge of keys": "base: &b {title: A}\nmore: {<<: *b}\n",
    "a key that stands twice": "title: A\ntitle: B\n",
    "a hundred brackets": f"title: {'[' * 100}{']' * 100}\n",
    "a hundred blocks": "".join(f"{'  ' * n}a:\n" for n in range(100)),
}


@pytest.mark.parametrize("path", ["articles/a.md", "people/a.md", "pages/a.md", "articles/b.notes.yaml"])
@pytest.mark.parametrize("trick", TRICKS)
def test_a_trick_of_yaml_is_refused_or_read_as_text_in_no_time(tmp_path: Path, trick: str, path: str) -> None:
    collection = Collection(tmp_path, 'title = "T"\nurl = "https://example.org/"\ntheme = "plain"\n').article("b", "Morse.")
    yaml = TRICKS[trick]
    began = time.process_time()
    built = collection.write(path, yaml if path.endswith(".yaml") else f"---\n{yaml}---\nMorse.\n").build()
    assert time.process_time() - began < 5
    told = [issue for issue in built.report.issues if issue.span and issue.span.path == f"content/{path}"]
    assert told and all(issue.help or issue.span.line for issue in told) and not (tmp_path / "site").exists()


@pytest.mark.parametrize("name", [f'"><img src=x onerror={MARK}(1)>', f"<script>{MARK}(1)<script>"])
def test_a_name_of_a_file_that_holds_markup_is_refused(tmp_path: Path, name: str) -> None:
    collection = Collection(tmp_path).article(name, title="A").record(f"people/{name}", "Morse")
    built = collection.write(f"images/{name}.svg", "<svg/>").build()
    assert set(built.codes) == {"file-name"} and not (tmp_path / "site").exists()


@pytest.mark.parametrize("name", [f"javascript:{MARK}(1)", f"' onload='{MARK}"])
def test_a_payload_as_the_name_of_a_file_trespasses_nowhere(tmp_path: Path, name: str) -> None:
    collection = Collection(tmp_path).article(name, "Morse met Field.", title="A").article("b", "Morse.", more="tags: [sea]\n")
    collection.record(f"people/{name}", "Morse").record("places/paris", "Field", "location: {lat: 1, lon: 2}\n")
    assert collection.write(f"images/{name}.svg", "<svg/>").build().report.ok
    pages = {page: trespasses(page.read_text(encoding="utf-8")) for page in collection.site.rglob("*.html")}
    assert len(pages) > 5 and {page: found for page, found in pages.items() if found} == {}
    assert all(ElementTree.parse(xml) for xml in collection.site.rglob("*.xml"))
