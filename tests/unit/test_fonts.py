"""The reading face: what its files hold, how they are named, and when a site has them."""

from __future__ import annotations

import io
import re

import pytest

from sitegen.fonts import face
from tests.support import Collection, files

pytest.importorskip("fontTools")
FONTS = 'title = "T"\nurl = "https://example.org/"\nfonts = true\n'


@pytest.fixture(scope="module")
def latin() -> bytes:
    return face.font(face.files()[0])


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Makes fonts in no time, and says which were made."""
    made: list[str] = []
    monkeypatch.setattr(face, "font", lambda file: made.append(file) or file.encode())
    return made


def test_a_font_file_holds_its_range_of_characters_and_no_other(latin: bytes) -> None:
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(latin))
    characters = set(font.getBestCmap())
    assert font.flavor == "woff2"
    assert set(map(ord, "AZaz09éßœ–“”…")) <= characters <= set(range(0x20, 0x2213)) - {ord("ő"), ord("я"), ord("α")}
    assert [(axis.axisTag, axis.minValue, axis.maxValue) for axis in font["fvar"].axes] == [("wght", 400, 600)]


def test_a_subset_does_not_bear_the_name_that_the_licence_reserves_and_keeps_its_notices(latin: bytes) -> None:
    from fontTools.ttLib import TTFont

    names = {name.nameID: str(name) for name in TTFont(io.BytesIO(latin))["name"].names}
    assert {names[number] for number in (1, 4)} == {"Reading Serif", "Reading Serif Regular"}
    assert "Source" not in " ".join(names[number] for number in (1, 2, 3, 4, 6))
    assert "Adobe" in names[0] and "Open Font License" in names[13]
    assert b"SIL OPEN FONT LICENSE Version 1.1" in face.licence()


def test_a_font_is_made_of_the_same_bytes_each_time_and_is_small(latin: bytes) -> None:
    assert face.font(face.files()[0]) == latin
    assert len(latin) < 28_500


def test_the_style_sheet_names_every_file_and_scales_the_faces_of_the_system() -> None:
    css = face.styles().decode()
    assert re.findall(r'url\("([^"]+)"\)', css) == face.files()
    assert css.count("font-display: optional") == len(face.files())
    assert css.count("size-adjust") == css.count("local(") == 12
    assert 'font-family: "Source' not in css


def test_a_site_has_the_face_where_it_is_asked_for_and_its_licence_beside_it(collection: Collection, quick: list[str]) -> None:
    collection.article("a").build()
    assert not any(path.startswith("assets/fonts/") for path in files(collection.site))
    collection.write("../sitegen.toml", FONTS).build()
    made = [path.removeprefix("assets/fixed/fonts/") for path in files(collection.site) if "fonts/" in path]
    named = {re.sub(r"\.[0-9a-f]{10}\.", ".", name) for name in made}
    assert named == {*face.files(), "reading.css", "assets/fonts/OFL.txt"}
    page = collection.page("/articles/a/")
    assert page.index("/site.") < page.index("../../assets/fixed/fonts/reading.")
    preloaded = re.search(r'<link rel="preload" href="../../assets/fixed/fonts/(reading-latin\.\w+\.woff2)" as="font"', page)
    assert preloaded and preloaded[1] in made


def test_the_style_sheet_of_the_face_names_its_files_as_they_are_published(collection: Collection, quick: list[str]) -> None:
    collection.write("../sitegen.toml", FONTS).article("a").build()
    folder = collection.site / "assets/fixed/fonts"
    (styles,) = folder.glob("reading.*.css")
    named = re.findall(r'url\("\./([^"]+)"\)', styles.read_text())
    assert sorted(named) == sorted(path.name for path in folder.glob("*.woff2"))


def test_a_font_that_was_made_once_is_not_made_again(collection: Collection, quick: list[str]) -> None:
    collection.write("../sitegen.toml", FONTS).article("a").build()
    collection.write("../sitegen.toml", FONTS + 'output = "other"\n').build()
    assert sorted(quick) == sorted(face.files())


def test_a_theme_that_does_not_show_the_face_does_not_get_it(collection: Collection, quick: list[str]) -> None:
    collection.write("../sitegen.toml", FONTS + 'theme = "plain"\n').article("a").build()
    assert (quick, collection.has("/assets/fonts/reading.css")) == ([], False)


def test_without_the_extra_the_build_says_so_and_goes_on(collection: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(face, "find_spec", lambda module: None if module == "brotli" else True)
    built = collection.write("../sitegen.toml", FONTS).article("a").build()
    (issue,) = (issue for issue in built.report.issues if issue.code == "no-fonts")
    assert "brotli is not installed" in str(issue) and "sitegen[fonts]" in issue.help
    assert "assets/fonts" not in collection.page("/articles/a/")
