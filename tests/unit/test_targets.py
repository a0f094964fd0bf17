"""What hosts read besides pages, and what they take. docs/publishing.md tells of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import CliRunner

from sitegen.cli.commands import main
from sitegen.publish.targets import TARGETS, Uploaded, check, check_rules, written
from tests.support import Collection, files


@pytest.fixture
def merged(collection: Collection) -> Collection:
    collection.record("people/morse", "Morse").record("people/samuel", "Samuel", "merged_into: people/morse\n")
    return collection.article("a", "Morse sailed.")


def codes(target: str, *uploaded: Uploaded, moved: int = 0) -> list[tuple[str, str]]:
    return [(issue.code, issue.span.path) for issue in check(TARGETS[target], uploaded, "site", moved)]


def test_netlify_gets_headers_and_redirects_that_go_before_pages(merged: Collection) -> None:
    merged.build(target="netlify")
    assert (merged.site / "_redirects").read_text() == "/people/samuel/ /people/morse/ 301!\n"
    assert "default-src 'none'" in (merged.site / "_headers").read_text()


def test_cloudflare_gets_redirects_as_it_reads_them(merged: Collection) -> None:
    merged.build(target="cloudflare")
    assert (merged.site / "_redirects").read_text() == "/people/samuel/ /people/morse/ 301\n"


def test_wasm_may_run_where_there_is_a_search_alone() -> None:
    def headers(index: str) -> str:
        return written(TARGETS["netlify"], "https://example.org/", [], index=index)["_headers"].decode()

    assert "'wasm-unsafe-eval'" in headers("/pagefind/") and "wasm" not in headers("")


@pytest.mark.parametrize("target", ["netlify", "cloudflare"])
def test_a_strict_policy_is_sent(target: str) -> None:
    headers = written(TARGETS[target], "https://example.org/", [], index="/pagefind/")["_headers"].decode()
    (policy,) = (line for line in headers.splitlines() if "Content-Security-Policy" in line)
    assert "default-src 'none';" in policy and "'unsafe-" not in policy
    assert "script-src 'self' 'wasm-unsafe-eval';" in policy  # the search is WebAssembly


def test_what_is_named_by_its_bytes_is_kept_for_good_and_nothing_else(merged: Collection) -> None:
    merged.build(target="netlify")
    lines = (merged.site / "_headers").read_text().splitlines()
    kept = [lines[i - 1] for i, line in enumerate(lines) if "immutable" in line]
    assert kept == ["/pagefind/fragment/*", "/pagefind/index/*", "/assets/fixed/*"]
    assert sum("Cache-Control" in line for line in lines) == 3


def test_no_asset_is_kept_for_good_where_names_do_not_tell_bytes(merged: Collection) -> None:
    merged.write("../sitegen.toml", "fingerprints = false\n").build(target="netlify")
    assert "/assets/fixed/" not in (merged.site / "_headers").read_text()


@pytest.mark.parametrize(
    ("url", "name"),
    [("https://wires.example.org/", b"wires.example.org\n"), ("https://someone.github.io/", None), ("http://localhost/", None),
     ("https://example.org/sub/", None)],
)  # fmt: skip
def test_github_is_told_a_domain_of_ones_own(url: str, name: bytes | None) -> None:
    found = written(TARGETS["github"], url, [])
    assert (found.get("CNAME"), found[".nojekyll"]) == (name, b"")


def test_an_incremental_build_for_a_host_is_a_clean_one_and_one_without_takes_its_files_away(merged: Collection) -> None:
    merged.build()
    plain = files(merged.site)
    merged.build(target="netlify")
    merged.clean_build(merged.root / "clean", target="netlify")
    assert files(merged.site) == files(merged.root / "clean")
    merged.build()
    assert files(merged.site) == plain


def test_a_file_of_the_collections_own_goes_before(merged: Collection) -> None:
    merged.write("_headers", "/*\n  X: y\n").build(target="netlify")
    assert (merged.site / "_headers").read_text() == "/*\n  X: y\n"


def test_the_receipt_is_the_same_for_every_host(merged: Collection) -> None:
    merged.write("../sitegen.toml", 'url = "https://example.org/"\nexports = ["tables"]\n')
    receipts = []
    for target in ("", *TARGETS):
        assert merged.build(target=target).report.ok
        receipts.append((merged.site / "data/receipt.json").read_bytes())
        assert CliRunner().invoke(main, ["verify", str(merged.site)]).exit_code == 0
    assert len({*receipts}) == 1


def _files(count: int, folder: str = "", size: int = 1) -> list[Uploaded]:
    return [Uploaded(f"{folder}{number}", size) for number in range(count)]


EDGES: dict[str, tuple[str, Callable[[int], list[Uploaded]], int, list[tuple[str, str]]]] = {
    "files, free": ("cloudflare", _files, 20_000, [("beyond-free-plan", "site")]),
    "files, paid": ("cloudflare", _files, 100_000, [("too-many-files", "site")]),
    "a file of Cloudflare": ("cloudflare", lambda size: [Uploaded("a/b.mp4", size)], 25 << 20, [("too-large", "site/a/b.mp4")]),
    "files in a folder": ("netlify", lambda count: _files(count, "a/"), 54_000, [("too-many-files", "site/a")]),
    "files at the top": ("netlify", _files, 54_000, [("too-many-files", "site")]),
    "all of a site": ("github", lambda size: [*_files(10, size=10**8 - 1), Uploaded("x", size - 10**9 + 10)], 10**9,
                      [("too-large", "site")]),
    "a file of GitHub": ("github", lambda size: [Uploaded("a.zip", size)], 100 << 20, [("too-large", "site/a.zip")]),
}  # fmt: skip


@pytest.mark.parametrize("edge", EDGES)
def test_a_host_takes_as_much_as_its_limit_and_no_more(edge: str) -> None:
    target, made, most, told = EDGES[edge]
    assert [found for found in codes(target, *made(most)) if found in told] == []
    assert [found for found in codes(target, *made(most + 1)) if found in told] == told


@pytest.mark.parametrize(("target", "most"), [("netlify", 10_000), ("cloudflare", 2_000)])
def test_as_many_redirects_as_a_host_takes_are_no_finding(target: str, most: int) -> None:
    assert codes(target, moved=most) == []
    assert codes(target, moved=most + 1) == [("too-many-rules", "site/_redirects")]


def test_files_of_several_folders_are_counted_by_folder() -> None:
    assert codes("netlify", *_files(54_000, "a/"), *_files(54_000, "b/"), *_files(9, "a/c/")) == []


@pytest.mark.parametrize(
    ("name", "made", "most"),
    [
        ("_headers", lambda count: "".join(f"/{i}\n  X: y\n" for i in range(count)), 100),
        ("_headers", lambda count: f"/\n  X: {'y' * (count - 5)}\n", 2_000),
        ("_redirects", lambda count: "".join(f"/{i}/* /:splat 301\n" for i in range(count)), 100),
        ("_redirects", lambda count: f"/{'a' * (count - 7)} / 301\n", 1_000),
    ],
)
def test_rules_of_cloudflare_are_read_up_to_its_limits(name: str, made: Callable[[int], str], most: int) -> None:
    assert passed_over("cloudflare", **{name: made(most)}) == []
    assert len(passed_over("cloudflare", **{name: made(most + 1)})) == 1


def test_names_that_differ_in_case_alone_and_links_are_told() -> None:
    found = codes("github", Uploaded("A.txt", 1), Uploaded("a.txt", 1), Uploaded("b", 1, link=True))
    assert found == [("symlink", "site/b"), ("same-but-case", "site/a.txt")]


def test_what_a_host_does_not_take_ends_a_build_with_1(merged: Collection) -> None:
    merged.build()
    (merged.site / "ours").symlink_to("404.html")
    result = CliRunner().invoke(main, ["-C", str(merged.root), "build", "--target", "netlify"])
    assert result.exit_code == 1 and "site/ours: error[symlink]" in result.output
    assert (merged.site / "_headers").is_file()


def passed_over(target: str, **texts: str) -> list[str]:
    return [issue.message for issue in check_rules(TARGETS[target], texts, "site")]


def test_rules_that_a_host_would_pass_over_are_told_of_the_collections_own_files_too(merged: Collection) -> None:
    headers = "".join(f"/{i}/\n  X: y\n" for i in range(101))
    redirects = "# moved\n" + "".join(f"/{i}/* /:splat 301\n" for i in range(101)) + f"/{'a' * 1_000} / 301\n"
    assert passed_over("cloudflare", _headers=headers) == ["101 rules, and Cloudflare Pages reads 100"]
    assert passed_over("cloudflare", _headers=f"/\n  X: {'y' * 2_000}\n")[0].startswith("2,005 characters in a line")
    assert [said.partition(", ")[0] for said in passed_over("cloudflare", _redirects=redirects)] == [
        "101 rules with wildcards", "1,007 characters in a line",
    ]  # fmt: skip
    assert passed_over("netlify", _headers=headers, _redirects=redirects) == []
    assert "rules-passed-over" in merged.write("_headers", headers).build(target="cloudflare").codes


def test_as_many_redirects_are_written_as_a_host_reads() -> None:
    moved = [(f"/articles/{i:04}-{'old-' * 12}/", f"/articles/{i:04}-{'new-' * 12}/") for i in range(3_000)]
    rules = written(TARGETS["cloudflare"], "https://example.org/", moved)["_redirects"].decode()
    assert 90_000 < len(rules) <= 100_000 and rules.count("\n") < 2_000
    assert passed_over("cloudflare", _redirects=rules) == []
    assert written(TARGETS["netlify"], "https://example.org/", moved)["_redirects"].count(b"\n") == 3_000
