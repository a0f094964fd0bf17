"""A text in any of Python's encodings is read right, or the guess is reported with its confidence: never garbled in silence."""

from __future__ import annotations

import codecs
import encodings
import itertools
import pkgutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sitegen.convert.decode import NotText, clean, decode
from tests.robust.test_killed import command
from tests.support import Collection

# Passages as archives hold them, with what is beyond ASCII in their languages.
TEXTS = {
    "Latin": "Die Königin grüßte den Präsidenten: “Größe” — und der Schlüssel lag in Zürich. Il était déjà né à Orléans.\n",
    "Cyrillic": "Королева отправила послание президенту, и кабель был проложен через океан до самого Нью-Йорка.\n",
    "Greek": "Η βασίλισσα έστειλε μήνυμα στον πρόεδρο και το καλώδιο έφτασε στην άλλη πλευρά του ωκεανού.\n",
    "Polish": "Królowa wysłała wiadomość do prezydenta, a kabel położono przez cały ocean, aż do Łodzi i Gdańska.\n",
    "Japanese": "女王が大統領に電報を送った。海底の線は切れなかった。港の人々はみな喜んだ。\n",
    "English": "The Queen sent a message to the President, and the cable lay across the ocean.\n",
}


def _codecs() -> list[str]:
    found = set()
    for module in pkgutil.iter_modules(encodings.__path__):
        try:
            info = codecs.lookup(module.name)
        except LookupError:
            continue
        if info._is_text_encoding and info.name not in ("idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined"):
            found.add(info.name)
    return sorted(found)


CODECS = _codecs()
# Told by a mark or by their form: these are read right, whatever the text.
CERTAIN = {"utf-8", "utf-8-sig", "utf-16", "utf-32"}


def test_there_are_many_encodings_to_try() -> None:
    assert len(CODECS) > 90


@pytest.mark.parametrize("encoding", CODECS)
def test_a_text_in_any_encoding_is_read_right_or_the_guess_is_told(encoding: str) -> None:
    for text, mark in itertools.product(TEXTS.values(), ("", "\ufeff")):
        try:
            data = (mark + text * 6).encode(encoding)
        except UnicodeEncodeError:
            continue
        try:
            found = decode(data)
        except NotText:
            assert encoding not in CERTAIN  # refused, and so reported
            continue
        if found.text != clean(text * 6):
            assert found.confidence < 1 and encoding not in CERTAIN, (encoding, found.encoding, found.confidence)


@given(st.text(min_size=1).filter(str.strip), st.sampled_from(CODECS))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_a_text_holds_what_is_certain_is_right(text: str, encoding: str) -> None:
    try:
        data = text.encode(encoding)
        found = decode(data)
    except (UnicodeError, NotText):
        return
    if found.confidence == 1:
        # Bytes that are whole UTF-8 too can be told apart by nobody.
        assert found.text in (clean(text), clean(data.decode(found.encoding).removeprefix("\ufeff")))


def converted(tmp_path: Path, data: bytes) -> str:
    collection = Collection(tmp_path / "c").write("sources/t.txt", data)
    try:
        command(collection.root, "convert", "--jobs", "1")
    except SystemExit as end:
        assert end.code in (0, 1)
    (article,) = (collection.content / "articles").glob("*.md")
    return article.read_text(encoding="utf-8").partition("\n---\n")[2]


LINES = """THE CABLE LANDED

16 August 1858

The steamer came into the harbour at noon, and the tele{0}
graph was carried over the sand to the little house that stood
there since the winter. All of the people of the village came to
see it, and the minister spoke a prayer before the instru{0}
ments were joined and the first signal was given to the ship.
"""


@pytest.mark.parametrize("sign", ["¬", "\u00ad"])
def test_a_word_that_ocr_broke_at_a_line_s_end_is_whole(tmp_path: Path, sign: str) -> None:
    text = converted(tmp_path, LINES.format(sign).encode())
    assert "the telegraph was" in text and "the instruments were" in text and sign not in text


def test_a_hyphen_at_a_line_s_end_goes_where_the_word_stands_whole_elsewhere(tmp_path: Path) -> None:
    text = converted(tmp_path, (LINES.format("-") + "\nThe telegraph was new.\n").encode())
    assert "the telegraph was carried" in text and "tele-" not in text


def test_a_soft_hyphen_within_a_line_does_not_part_a_name(tmp_path: Path) -> None:
    text = converted(tmp_path, "A title\n\nCyrus Field met Sam\u00aduel Mor\u00adse in Paris, and they spoke.\n".encode())
    assert "Samuel Morse" in text.replace("\u00ad", "")


def test_old_mac_line_ends_are_line_ends(tmp_path: Path) -> None:
    assert "the telegraph was" in converted(tmp_path, LINES.format("¬").replace("\n", "\r").encode())


def test_a_form_feed_does_not_end_a_paragraph(tmp_path: Path) -> None:
    text = converted(tmp_path, LINES.format("¬").replace("over the sand", "over\n\fthe sand").encode())
    assert "\f" not in text and "carried over the sand" in text


MIXED = {
    "cp1252": "Der Schlüssel der Königin lag in Zürich, und die Größe war „fünf“.\n",
    "cp1251": TEXTS["Cyrillic"],
    "koi8-r": TEXTS["Cyrillic"],
    "cp850": "Der Schlüssel der Königin lag in Zürich, größer war keiner.\n",
    "cp1250": TEXTS["Polish"],
    "cp932": TEXTS["Japanese"],
    "gb18030": "女王向总统发出电报。海底的电缆没有断。港口的人们都很高兴。\n",
}


@pytest.mark.parametrize("shares", [(3, 3), (12, 1), (1, 12)])
@pytest.mark.parametrize(("encoding", "text"), MIXED.items())
def test_encodings_mixed_in_one_file_are_read_each_and_told(encoding: str, text: str, shares: tuple[int, int]) -> None:
    """Whatever the shares are of the two: as where texts were pasted into one another, or files joined."""
    first, second = shares
    found = decode(text.encode() * first + text.encode(encoding) * second)
    assert found.confidence < 0.75 or found.broken
    if encoding in ("cp1252", "cp1251", "koi8-r", "cp850", "cp1250"):
        assert found.text == clean(text * (first + second)), found


@pytest.mark.parametrize(("encoding", "text"), MIXED.items())
@pytest.mark.parametrize("rest", ["", TEXTS["English"] * 9, "Der Schlüssel der Königin.\n" * 9])
@pytest.mark.parametrize("first", [True, False])
def test_encodings_mixed_in_one_line_are_read_each_and_told(encoding: str, text: str, rest: str, first: bool) -> None:
    """As where words were pasted into a line; what only looks right may not be called certain."""
    parts = "Die Königin grüßte ".encode(), text.strip().encode(encoding) + b" "
    found = decode(b"".join(parts if first else reversed(parts)) + b"\n" + rest.encode())
    assert found.confidence < 0.75
    assert "Die Königin grüßte" in found.text
    if encoding in ("cp1252", "cp1250", "cp932", "gb18030"):
        assert text.strip() in found.text, found


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "cp932", "gb18030"])
def test_a_letter_by_itself_that_looks_like_another_encoding_does_not_part_a_text(encoding: str) -> None:
    text = {"cp932": "東京に3枚。Ａ級の品を5枚。\n", "gb18030": "东京有3枚，甲级5枚。\n"}.get(
        encoding, "Это её дом, и всё её. Её 5 лет.\n"
    ) * 9
    assert decode(text.encode(encoding)).text == clean(text)


def test_a_file_in_utf_16_with_another_joined_to_it_is_never_called_certain() -> None:
    found = decode("\ufeffThe Queen sent a message.\n".encode("utf-16-le") + TEXTS["English"].encode() * 2)
    assert found.confidence < 0.75
    assert decode(("\ufeff" + TEXTS["Japanese"] * 9).encode("utf-16-le")).confidence == 1


@pytest.mark.parametrize("encoding", ["mac-roman", "cp1252", "cp850"])
@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_the_sign_of_a_broken_word_is_known_in_old_encodings(tmp_path: Path, encoding: str, end: str) -> None:
    text = converted(tmp_path, LINES.format("¬").replace("\n", end).encode(encoding))
    assert "the telegraph was" in text and "the instruments were" in text


def test_a_convert_of_mixed_encodings_says_so(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    from sitegen.cli.commands import main

    data = LINES.format("-").replace("village", "Dörfer").encode() + "Die Größe der Königin.\n".encode("cp1252")
    root = Collection(tmp_path / "c").write("sources/t.txt", data).root
    with pytest.raises(SystemExit):
        main(["-C", str(root), "convert", "--jobs", "1"], standalone_mode=False)
    assert "read as utf-8 and cp1252 (confidence " in capfd.readouterr().err
