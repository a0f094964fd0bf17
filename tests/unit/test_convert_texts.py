"""Bytes → text, languages, slugs, front matter, titles: the small pure parts of convert."""

from __future__ import annotations

import random
import time

import pytest

from sitegen.convert import guard
from sitegen.convert.decode import NotText, clean, decode
from sitegen.convert.emit import front_matter, scalar
from sitegen.convert.head import byline, date_line, dateline, related_title
from sitegen.convert.language import detect
from sitegen.convert.related import Titles, same
from sitegen.convert.slug import LIMIT, slug, unique
from sitegen.model.dates import Date


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Königin sendet Botschaft – “Öl”", "utf-8"),
        ("Königin sendet Botschaft – “Öl”", "cp1252"),
        ("café", "cp1252"),
        ("Королева отправила послание президенту", "cp1251"),
        ("Королева отправила послание президенту", "koi8-r"),
        ("Królowa wysyła wiadomość do prezydenta w środę", "cp1250"),
        ("Η βασίλισσα στέλνει μήνυμα στον πρόεδρο", "cp1253"),
        ("الملكة ترسل رسالة إلى الرئيس", "cp1256"),
        ("女王が大統領に電報を送った。", "cp932"),
        ("女王向总统发送电报祝贺他们", "gb18030"),
        ("여왕이 대통령에게 전보를 보냈다", "euc-kr"),
        ("plain text, two bytes a letter: é", "utf-16-le"),
        ("plain text, two bytes a letter: é", "utf-16-be"),
    ],
)
def test_the_encoding_is_found_without_a_mark(text, encoding):
    found = decode(text.encode(encoding))
    assert (found.text, found.encoding) == (text, encoding)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_settles_the_encoding_and_goes(encoding):
    found = decode("Größe".encode(encoding))
    assert (found.text, found.confidence) == ("Größe", 1.0)


def test_a_guess_says_how_sure_it_is():
    assert decode("Größe".encode()).confidence == 1.0
    assert 0 < decode("Königin sendet Botschaft nach Köln".encode("cp850")).confidence < 0.75


def test_a_broken_byte_in_utf8_costs_that_byte_only():
    found = decode("Größe ".encode() * 20 + b"\xff end")
    assert found.encoding == "utf-8"
    assert found.text.count("Größe") == 20


@pytest.mark.parametrize("data", [b"", b" \r\n\t", b"\x00\x00", bytes(range(256)) * 8, random.Random(1).randbytes(5000)])
def test_what_is_no_text_is_refused(data):
    with pytest.raises(NotText):
        decode(data)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\x85b\u2028c\x0bd", "a\nb\nc\nd"),
        ("a\u2029b", "a\n\nb"),
        ("end of page\n\fnext", "end of page\nnext"),
        ("a\x00b\x02\x03\x1b\x7f\x9fc", "abc"),
        ("\ufeffa\ufeffb\ufffe\U0001ffff", "ab"),
        ("e\u0301", "é"),
        ("e\x00\u0301", "é"),
        ("a\tb", "a   b"),
    ],
)
def test_text_is_cleaned(raw, text):
    assert clean(raw) == text


def test_a_megabyte_of_a_legacy_encoding_is_guessed_in_little_time():
    started = time.process_time()
    decode("Königin sendet Botschaft. ".encode("cp1252") * 40_000)
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Queen sends message to President Buchanan", "en"),
        ("Königin sendet Botschaft an Präsident Buchanan", "de"),
        ("Le câble transatlantique est posé", "fr"),
        ("La reina envía un mensaje al presidente", "es"),
        ("La regina invia un messaggio al presidente", "it"),
        ("Королева отправила послание президенту", "ru"),
        ("Королева надіслала послання президентові", "uk"),
        ("الملكة ترسل رسالة إلى الرئيس", "ar"),
        ("ملکه پیامی به رئیس جمهور فرستاد", "fa"),
        ("女王向总统发送电报", "zh"),
        ("女王が大統領に電報を送った", "ja"),
        ("여왕이 대통령에게 전보를 보냈다", "ko"),
        ("Η βασίλισσα στέλνει μήνυμα", "el"),
    ],
)
def test_the_language_of_a_headline_is_told(text, language):
    assert detect(text) == language


def test_in_doubt_a_short_text_is_in_the_language_of_the_collection():
    text = "Cable laid. The ships met in mid-ocean."
    assert (detect(text), detect(text, default="en")) == ("nl", "en")


@pytest.mark.parametrize("text", ["", "1858", "Raqqa", "SDF", "* * *"])
def test_a_language_that_is_not_certain_is_the_default(text):
    assert detect(text, default="en-GB") == "en-GB"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("‘In the name of humanity’: Intl force", "in-the-name-of-humanity-intl-force"),
        ("Don’t panic", "dont-panic"),
        ("Кабель через Атлантику", "kabel-cherez-atlantiku"),
        ("女王向总统发送电报", "nu-wang-xiang-zong-tong-fa-song-dian-bao"),
        ("Königin über Öl", "konigin-uber-ol"),
        ("CON", "con-1"),
        ("lpt1", "lpt1-1"),
    ],
)
def test_a_slug_reads_well(title, expected):
    assert slug(title) == expected


def test_an_arabic_slug_is_made_of_letters():
    assert slug("الملكة ترسل رسالة").replace("-", "").isalpha()


def test_a_long_slug_is_cut_at_a_word():
    made = slug("The squadron reached Valentia on the fifth with the end of the cable on board")
    assert made == "the-squadron-reached-valentia-on-the-fifth-with-the-end-of"
    assert len(slug("x" * 200)) == LIMIT


def test_a_slug_is_never_empty():
    assert slug("!?", fallback="raqqa report") == "raqqa-report"
    assert slug("!?", fallback="…") == "article"


def test_a_taken_slug_is_numbered():
    assert unique("a", {"a", "a-2"}) == "a-3"


@pytest.mark.parametrize(
    ("text", "yaml"),
    [
        ("Raqqa offensive opens", "Raqqa offensive opens"),
        ("Raqqa: an offensive", '"Raqqa: an offensive"'),
        ('The "city" at 3:15', 'The "city" at 3:15'),
        ('The "city": a report', "'The \"city\": a report'"),
        ("no", '"no"'),
        ("1858", '"1858"'),
        ("‘In the name’", '"‘In the name’"'),
        ("C# and F#", "C# and F#"),
        ("a #b", '"a #b"'),
    ],
)
def test_a_string_is_quoted_only_where_yaml_needs_it(text, yaml):
    assert scalar(text) == yaml


def test_dates_are_not_quoted():
    assert front_matter({"date": Date("1870-06"), "byline": ""}) == "---\ndate: 1870-06\n---\n"


SEALED = guard.seal("---\ntitle: A\n---\nText.\n")


@pytest.mark.parametrize("copy", [SEALED, SEALED.replace("\n", "\r\n")])
def test_what_convert_wrote_is_untouched(copy):
    assert guard.untouched(copy)


@pytest.mark.parametrize("edited", [
    SEALED.replace("Text", "Test"), SEALED.replace("title: A", "title: B"), SEALED + "\n",
    SEALED.replace("converted: ", "x: "), "---\ntitle: A\n---\n", "no header", "",
])  # fmt: skip
def test_an_edit_shows(edited):
    assert not guard.untouched(edited)


@pytest.mark.parametrize(
    ("line", "iso"),
    [
        ("16 August 1858", "1858-08-16"),
        ("August 16, 1858", "1858-08-16"),
        ("1858-08-16", "1858-08-16"),
        ("Published: 16 Aug 1858", "1858-08-16"),
        ("Published time: 8 Feb, 2017 14:21", "2017-02-08T14:21"),
        ("8 February 2017 2:21 pm", "2017-02-08T14:21"),
        ("8 Feb 2017 14:21 GMT", "2017-02-08T14:21Z"),
        ("8 Feb 2017 14:21 EST", "2017-02-08"),
        ("Feb 8 2017 at 2:21pm EST", "2017-02-08"),
        ("8-Feb-2017", "2017-02-08"),
        ("8 February 2017 (Wednesday)", "2017-02-08"),
        ("2017年2月8日", "2017-02-08"),
        ("8 февраля 2017 г.", "2017-02-08"),
        ("8 febbraio 2017", "2017-02-08"),
        ("8 lutego 2017", "2017-02-08"),
        ("8 فبراير 2017", "2017-02-08"),
        ("Veröffentlicht am 3. März 1870", "1870-03-03"),
        ("1er août 1858", "1858-08-01"),
        ("16 de agosto de 1858", "1858-08-16"),
        ("June 1870", "1870-06"),
        ("1870", "1870"),
        ("1870-06", "1870-06"),
        ("03/03/2017", "2017-03-03"),
        ("2017/04/03", "2017-04-03"),
    ],
)
def test_a_date_line_is_read_as_precisely_as_it_is_written(line, iso):
    found = date_line(line)
    assert found and found.date and found.date.iso == iso


@pytest.mark.parametrize(
    "line",
    [
        "30 February 1858", "16/08/58", "16 August", "August", "1858 ships", "the year 1858 was", "16 and 17 August 1858",
        "16 August 1858, London", "8 Feb 2017 25:61", "0000", "9999", "123456", "May", "1858-13-01",
        "1858-1859", "Psalm 1858:3", "2017-00-00", "00/00/2017", "²²²²", "August 0, 1858", "8 8 August 1858", "Room 1408",
    ],
)  # fmt: skip
def test_what_is_no_date_of_its_own_is_text(line):
    assert date_line(line) is None


@pytest.mark.parametrize("line", ["03/04/2017", "3.4.2017", "03-04-2017", "Published: 03/04/2017"])
def test_a_date_of_two_meanings_is_known_as_such(line):
    found = date_line(line)
    assert found and found.date is None


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("By Jane Doe", "Jane Doe"),
        ("By JANE DOE, Staff Writer", "JANE DOE, Staff Writer"),
        ("by Jane Doe and John Q. Smith", "Jane Doe and John Q. Smith"),
        ("Von Otto von Bismarck", "Otto von Bismarck"),
        ("By Reuters", ""),
        ("By Jean-Paul O’Neill Jr.", "Jean-Paul O’Neill Jr."),
        ("By Tuesday the fleet had sailed", ""),
        ("By the Rivers of Babylon", ""),
        ("By Sea and Land", ""),
        ("By midnight all was lost.", ""),
        ("By Jane Doe, 8 February 2017", ""),
        ("Bye Jane", ""),
        ("Von ihm wussten wir nichts", ""),
    ],
)
def test_a_byline_names_people(line, author):
    assert byline(line) == author


@pytest.mark.parametrize(
    ("paragraph", "place"),
    [
        ("RAQQA, Syria (AP) — Forces", "RAQQA, Syria (AP)"),
        ("WASHINGTON (Reuters) - Forces", "WASHINGTON (Reuters)"),
        ("ST. JOHN'S, N.F., Aug. 5 – The", "ST. JOHN'S, N.F., Aug. 5"),
        ("МОСКВА — Силы", "МОСКВА"),
        ("London — The", ""),
        ("NOTE — The", ""),
        ("The SDF — a militia", ""),
        ("US-led forces", ""),
    ],
)
def test_a_dateline_opens_with_a_place_in_capitals(paragraph, place):
    assert dateline(paragraph) == place


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("READ MORE: ‘US should run’", "US should run"),
        ("Read also: Cable breaks", "Cable breaks"),
        ("[READ MORE: “A”]", "A"),
        ("See also: The ‘Great Eastern’", "The ‘Great Eastern’"),
        ("RELATED STORIES:", ""),
        ("Read more about it", None),
        ("He read more: a book", None),
    ],
)
def test_lines_that_refer_to_other_articles_are_known(line, title):
    assert related_title(line) == title


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Cable laid at last", "“CABLE  LAID AT LAST”", True),
        ("US should run with Moscow’s offer", "US should run with Moscow's offer", True),
        ("The Atlantic cable is laid at last", "The Atlantic cabel is laid at last", True),
        ("The Atlantic cable, part 1", "The Atlantic cable, part 2", False),
        ("Cable laid", "Cable lost", False),
        ("***", "***", True),
        ("***", "---", False),
    ],
)
def test_headlines_are_compared_by_their_letters(one, other, expected):
    assert same(one, other) is expected


def test_a_title_of_the_collection_takes_the_place_of_one_that_is_nearly_it():
    titles = Titles(["Queen sends message to President", "Cable breaks"])
    assert titles.nearest("Queen Sends Message to President!") == "Queen sends message to President"
    assert titles.nearest("King sends no message to anyone") == "King sends no message to anyone"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Королева отправила послание президенту, и кабель был проложен через океан", "cp866"),
        ("女王が大統領に電報を送った。海底の線は切れなかった。", "iso2022_jp"),
    ],
)
def test_an_encoding_of_old_terminals_and_mail_is_found(text, encoding):
    assert decode(text.encode(encoding)).text == text


def test_two_broken_bytes_do_not_make_a_utf8_text_another():
    data = "café … über … crème brûlée — “really”".encode() + b"\xff\xfe."
    found = decode(data)
    assert (found.encoding, "“really”" in found.text, found.broken) == ("utf-8", True, 2)


@pytest.mark.parametrize("data", [b"\xef\xbb\xbfThe caf\xe9 was \xfcber here.", "abc def".encode("utf-16") + b"\x00"])
def test_what_cannot_be_read_whole_is_never_called_certain(data):
    assert decode(data).confidence < 0.75


@pytest.mark.parametrize(
    "line",
    ["By Telegraph", "BY ELECTRIC TELEGRAPH", "By Atlantic Cable", "By London Bridge", "By Jove", "By candlelight they worked"],
)
def test_what_names_no_person_is_no_byline(line):
    assert byline(line) == ""


@pytest.mark.parametrize(
    ("line", "author"), [("By: Jane Doe", "Jane Doe"), ("Written by Jane Doe", "Jane Doe"), ("BY JANE DOE", "JANE DOE")]
)
def test_a_byline_names_its_author(line, author):
    assert byline(line) == author


@pytest.mark.parametrize(
    "line",
    [
        "See also: Appendix B, where the figures are given in full for every year from 1850 to 1900.",
        "Read more: books, he said, and papers.",
        "Related: He had related: that is all.",
    ],
)
def test_prose_is_no_related_title(line):
    assert related_title(line) is None


@pytest.mark.parametrize("line", ["NASA — the space agency — said it", "USA — wir kommen"])
def test_an_acronym_is_no_dateline(line):
    assert dateline(line) == ""


def test_a_dateline_with_an_agency_in_mixed_case_is_one():
    assert dateline("Paris (AFP) - The cable is laid.") == "Paris (AFP)"


@pytest.mark.parametrize(("text", "language"), [("مصر\nنص قصير.", "ar"), ("Кабель проложен", "ru"), ("x / y", "en")])
def test_a_script_is_not_called_by_a_language_that_is_not_written_in_it(text, language):
    assert detect(text, default="en") == language
