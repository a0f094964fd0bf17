"""The receipt of a build, and the command that tells whether a site and a collection are those of one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sitegen.build import receipts
from sitegen.cli.commands import main
from tests.support import Collection, files

CONFIG = 'title = "T"\nurl = "https://example.org/"\nexports = ["beacon"]\n'


@pytest.fixture
def published(collection: Collection) -> Collection:
    collection.write("../sitegen.toml", CONFIG).article("one", "Morse met Field.").record("people/morse", "Morse")
    collection.article("secret-merger", "Nobody may know.", more="draft: true\n").write("stoplist.txt", "Field\n")
    collection.build()
    return collection


def receipt(collection: Collection) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((collection.site / "data/receipt.json").read_bytes())
    return found


def verify(*arguments: object, at: Path) -> Result:
    return CliRunner().invoke(main, ["-C", str(at), "verify", *map(str, arguments)])


def test_a_receipt_lists_every_file_of_the_site_with_its_digest(published: Collection) -> None:
    made = {path: hashlib.sha256(data).hexdigest() for path, data in files(published.site).items()}
    del made["data/receipt.json"]
    assert receipt(published)["outputs"] == made


def test_what_is_not_published_is_not_named_on_a_receipt_and_counts(published: Collection) -> None:
    text = json.dumps(receipt(published))
    assert "secret-merger" not in text and "content/articles/one.md" in text
    assert receipt(published)["unnamed"]["files"] == 2
    published.article("secret-merger", "Other words.", more="draft: true\n")
    assert "what is not published differs" in verify(at=published.root).output


def test_a_site_and_its_collection_are_verified(published: Collection, tmp_path: Path) -> None:
    done = verify(at=published.root)
    assert done.exit_code == 0 and "Verified" in done.output
    assert verify(published.site, at=tmp_path).exit_code == 0
    again = verify(published.site, "--collection", published.root, "--rebuild", at=tmp_path)
    assert again.exit_code == 0, again.output


def test_a_receipt_of_the_first_version_is_verified_by_what_it_told(
    published: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    published.article("hidden", "Nobody may know.", more="visibility: private\n")
    with monkeypatch.context() as before:
        before.setattr(receipts, "_VERSION", 1)
        published.build()
    told = receipt(published)
    assert told["version"] == 1 and told["unnamed"]["files"] == 3  # the private one too
    done = verify(at=published.root)
    assert done.exit_code == 0, done.output
    published.article("hidden", "Other words.", more="visibility: private\n")
    assert "what is not published differs" in verify(at=published.root).output


FORGERIES: dict[str, tuple[Callable[[Collection], object], str]] = {
    "a page was changed": (lambda c: (c.site / "index.html").write_text("forged"), "index.html is another"),
    "a page was added": (lambda c: (c.site / "new.html").write_text("forged"), "new.html is not on the receipt"),
    "a page is gone": (lambda c: (c.site / "404.html").unlink(), "404.html is on the receipt, and not there"),
    "a text was changed": (lambda c: c.article("one", "Cooke."), "content/articles/one.md is another"),
    "a text was added": (lambda c: c.article("two", "Morse."), "content/articles/two.md is not on the receipt"),
    "a text is gone": (lambda c: c.delete("articles/one.md"), "content/articles/one.md is on the receipt, and not there"),
    "the configuration": (lambda c: c.write("../sitegen.toml", CONFIG + 'author = "A"\n'), "sitegen.toml is another"),
    "the theme": (
        lambda c: c.write("../themes/default/theme.toml", 'extends = "plain"\n'),
        'the theme "default" has changed since',
    ),
    "another theme": (
        lambda c: c.write("../sitegen.toml", CONFIG + 'theme = "plain"\n'),
        'the theme "plain" is not the one that was used ("default")',
    ),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_what_differs_is_named(forgery: str, published: Collection) -> None:
    work, said = FORGERIES[forgery]
    work(published)
    done = verify(at=published.root)
    assert done.exit_code != 0 and said in done.output, done.output


def test_a_receipt_that_was_changed_with_its_site_is_found_out(published: Collection) -> None:
    page = published.site / "index.html"
    known = hashlib.sha256(page.read_bytes()).hexdigest()
    page.write_text("forged")
    file = published.site / "data/receipt.json"
    file.write_text(file.read_text().replace(known, hashlib.sha256(b"forged").hexdigest()))
    assert "contradicts itself" in verify(at=published.root).output
    assert "built again, is another" in verify("--rebuild", at=published.root).output


@pytest.mark.parametrize("data", ["", "{}", "[1]", '{"version": 9}'])
def test_a_file_that_is_no_receipt_is_refused(data: str, published: Collection) -> None:
    (published.site / "data/receipt.json").write_text(data)
    done = verify(at=published.root)
    assert done.exit_code == 2 and "receipt" in done.output


def test_a_site_without_a_receipt_is_refused_with_a_remedy(collection: Collection) -> None:
    collection.article("one").build()
    done = verify(at=collection.root)
    assert done.exit_code == 2 and "exports = true" in done.output


def test_the_receipt_of_an_incremental_build_is_that_of_a_clean_one(published: Collection, tmp_path: Path) -> None:
    published.article("one", "Morse met Cooke.").build()
    published.clean_build(tmp_path / "clean")
    assert files(published.site) == files(tmp_path / "clean")
