"""Files compressed ahead. docs/publishing.md tells of them."""

from __future__ import annotations

import gzip
from pathlib import Path

import brotli
import pytest
from click.testing import CliRunner

from sitegen.build.receipts import check_site, read_receipt
from sitegen.cli.commands import main
from sitegen.publish import packed
from sitegen.publish.packed import is_worth, pack
from tests.support import Collection, files

CONFIG = 'title = "T"\nurl = "https://example.org/"\nprecompress = true\n'


@pytest.fixture
def long(collection: Collection) -> Collection:
    collection.write("../sitegen.toml", CONFIG).article("a", "Morse sailed. " * 200).article("b", "Cooke sailed. " * 200)
    return collection.write("images/a.png", bytes(5000)).write("data.csv", "a,b\n" * 2000)


def test_a_text_has_both_forms_beside_it_and_they_hold_its_bytes(long: Collection) -> None:
    long.build()
    made = files(long.site)
    texts = [path for path, data in made.items() if is_worth(path, len(data))]
    assert {"articles/a/index.html", "data.csv", "sitemap.xml", "feed.json"} <= {*texts, "sitemap.xml"}
    for path in texts:
        assert gzip.decompress(made[f"{path}.gz"]) == brotli.decompress(made[f"{path}.br"]) == made[path]
    assert {path[:-3] for path in made if path.endswith((".br", ".gz"))} == set(texts)
    assert "images/a.png.gz" not in made


@pytest.mark.parametrize(
    ("path", "size", "worth"),
    [("a/index.html", 1024, True), ("a/index.html", 1023, False), ("a.png", 9999, False), ("A.CSV", 9999, True),
     ("_headers", 9999, False),
     ("pagefind/fragment/en_1.pf_fragment", 9999, False), ("a.html/b", 9999, False)],
)  # fmt: skip
def test_texts_of_some_size_alone_are_worth_it(path: str, size: int, worth: bool) -> None:
    assert is_worth(path, size) is worth


def test_what_has_not_changed_is_not_compressed_again_and_what_is_gone_goes(long: Collection) -> None:
    long.build()
    built = long.article("b", "Cooke stayed. " * 200).build()
    assert built.report.synced
    packed = {path for path in built.report.synced.written if path.endswith(".br")}
    assert "articles/b/index.html.br" in packed and "articles/a/index.html.br" not in packed
    long.delete("articles/b.md").build()
    assert not any(path.startswith("articles/b/") for path in files(long.site))


def test_an_incremental_build_with_compressed_files_is_a_clean_one(long: Collection, tmp_path: Path) -> None:
    long.build()
    long.article("b", "Cooke stayed. " * 200).build()
    long.clean_build(tmp_path / "clean")
    assert files(long.site) == files(tmp_path / "clean")


def test_without_the_setting_they_go(long: Collection) -> None:
    long.build()
    long.write("../sitegen.toml", CONFIG.replace("true", "false")).build()
    assert not any(path.endswith((".br", ".gz")) for path in files(long.site))


def test_one_format_can_be_asked_for_and_the_command_asks_for_both(long: Collection) -> None:
    def endings() -> set[str]:
        return {path[-3:] for path in files(long.site) if path.endswith((".br", ".gz"))}

    long.write("../sitegen.toml", CONFIG.replace("true", '["gz"]')).build()
    assert endings() == {".gz"}
    long.write("../sitegen.toml", CONFIG.replace("true", "false"))
    ran = CliRunner().invoke(main, ["-C", str(long.root), "build", "--precompress", "--no-search"])
    assert (ran.exit_code, endings()) == (0, {".br", ".gz"})


def test_where_brotli_is_not_installed_the_build_says_so_and_goes_on(long: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "find_spec", lambda module: None)
    built = long.build()
    assert built.codes == ["no-brotli"]
    assert {path[-3:] for path in files(long.site) if path.endswith((".br", ".gz"))} == {".gz"}


def test_a_receipt_is_of_the_files_and_not_of_their_compressed_forms(long: Collection) -> None:
    long.write("../sitegen.toml", CONFIG + "exports = ['tables']\n").build()
    receipt = read_receipt(long.site)
    assert not any(path.endswith((".br", ".gz")) for path in receipt.outputs)
    assert list(check_site(long.site, receipt)) == []


@pytest.mark.parametrize("form", ["br", "gz"])
def test_a_file_of_many_pieces_is_compressed_as_a_stream(tmp_path: Path, form: str) -> None:
    data = b"".join(b"%d,Morse\n" % number for number in range(250_000))
    (tmp_path / "a.csv").write_bytes(data)
    pack(form, str(tmp_path / "a.csv"), len(data), str(tmp_path / "out"))
    made = (tmp_path / "out").read_bytes()
    assert (brotli.decompress if form == "br" else gzip.decompress)(made) == data
    assert form == "br" or made[4:8] == bytes(4)  # no time


def test_a_host_that_compresses_by_itself_is_told_of(long: Collection) -> None:
    assert "compressed-already" in long.build(target="netlify").codes
