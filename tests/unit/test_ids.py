from __future__ import annotations

import pytest

from sitegen.model.ids import Linker, output_path, resolve, tag_slug, url_of


@pytest.mark.parametrize(
    ("page", "target", "href"),
    [
        ("/articles/a/", "/people/x/", "../../people/x/"),
        ("/articles/a/", "/articles/b/", "../b/"),
        ("/articles/a/", "/articles/a/", "./"),
        ("/articles/a/", "/articles/a/#p-1", "#p-1"),
        ("/articles/a/", "/articles/a/source.txt", "source.txt"),
        ("/articles/a/", "/articles/", "../"),
        ("/articles/a/", "/", "../../"),
        ("/", "/people/x/#p-1", "people/x/#p-1"),
        ("/", "/", "./"),
        ("/a/", "/assets/site.css", "../assets/site.css"),
        ("/a/", "https://example.org/x", "https://example.org/x"),
        ("/a/", "/über uns/", "../über%20uns/"),
        ("/", "/x:y/", "./x:y/"),
        ("/404.html", "/people/", "/repo/people/"),
    ],
)
def test_a_relative_link_leads_from_page_to_target(page: str, target: str, href: str) -> None:
    assert Linker("https://example.org/repo/").href(page, target) == href


def test_an_absolute_link_begins_with_the_path_the_site_lies_below() -> None:
    assert Linker("https://example.org/repo/", "absolute").href("/a/", "/b/#c") == "/repo/b/#c"


def test_a_full_address_is_quoted() -> None:
    assert Linker("https://example.org/repo/").absolute("/a b/") == "https://example.org/repo/a%20b/"


@pytest.mark.parametrize(
    ("doc_id", "slug", "url"),
    [
        ("articles/raqqa", "", "/articles/raqqa/"),
        ("pages/about", "", "/about/"),
        ("people/x", "y", "/people/y/"),
        ("pages/a/b", "", "/a/b/"),
    ],
)
def test_a_document_s_id_gives_its_address(doc_id: str, slug: str, url: str) -> None:
    assert url_of(doc_id, slug) == url


def test_a_clean_url_is_served_by_an_index_file() -> None:
    assert output_path("/people/x/") == "people/x/index.html"


@pytest.mark.parametrize(
    ("folder", "target", "path"),
    [("articles", "../people/x.md", "people/x.md"), ("articles", "../../etc", ""), ("a", "/b/c", "b/c")],
)
def test_a_link_resolves_inside_the_content_tree_or_not_at_all(folder: str, target: str, path: str) -> None:
    assert resolve(folder, target) == path


def test_a_tag_is_an_address_in_any_script() -> None:
    assert tag_slug("Krieg & Frieden: Война") == "krieg-frieden-война"
