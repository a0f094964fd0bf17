"""Bytes of unknown encoding → clean text.

Clean text is NFC, has `\n` line ends, spaces for tabs and no control characters, byte-order marks or
noncharacters. Text is UTF-8 unless its bytes say otherwise: a byte-order mark, NULs in every other place
(UTF-16), escape sequences (ISO-2022), or bytes that are no UTF-8. Only then is the encoding a guess, and the guess
comes with its confidence. Of a file that was put together of several, each line is read for itself, and of a line that
is neither, each word. What cannot be read is U+FFFD in the text, is counted, and is never passed off as certain.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

import msgspec

# Longer marks first: UTF-32-LE begins as UTF-16-LE does.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What plain texts come in, likeliest first; a rarer guess is nearly always a wrong one.
_LEGACY = (
    "cp1252", "cp1251", "cp1250", "koi8-r", "cp932", "gb18030", "big5", "euc-jp", "euc-kr",
    "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp850", "mac-roman",
    "cp866", "johab",
)  # fmt: skip
_ISO_2022 = ("iso2022_jp", "iso2022_jp_2", "iso2022_jp_ext", "iso2022_jp_2004", "iso2022_kr")
_SHIFT = re.compile(rb"\x1b(?:\$[@AB]|\$[()][A-Q]|\([IJ])")  # into a set of two bytes a letter, or of kana
_HZ = re.compile(rb"~\{[!-w][!-~]")
_UTF_7 = re.compile(rb"\+[A-Za-z0-9+/]{3,}")
_SHIFTS = re.compile("[\x0e\x0f\x1b]")
_LANGUAGE = 0.25  # a text of which the language model makes less looks like no language
_NO_LANGUAGE, _MISMARKED = 0.5, 0.7  # the confidence that is left then, and where a byte-order mark lied
_SAMPLE = 16_384  # bytes that a guess looks at
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_DROPPED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufdd0-\ufdef"
    + "".join(f"{chr((plane << 16) | 0xFFFE)}{chr((plane << 16) | 0xFFFF)}" for plane in range(17))
    + "\ud800-\udfff]"
)
_LINE_END = re.compile("\r\n|[\r\x0b\x85\u2028]")
_WORD = re.compile(r"[^\W\d_]+")
# A capital after a small letter (and more small ones), or a final sigma that is not final.
_ILL_FORMED = re.compile(r"[а-яёα-ωά-ώà-öø-ÿ][А-ЯЁΑ-ΩÀ-ÖØ-Þ]|ς\w")
_SIGN_WITHIN = re.compile(r"[^\W\d_][^\w\s\x00-\x7f’‑–—·\xad][^\W\d_]")
# What Western European texts hold beyond ASCII; with nothing else in it, Windows-1252 is hardly in doubt.
_WESTERN = frozenset(map(chr, range(128))) | frozenset("äöüßÄÖÜéèêëÉÈàâáÀÁçÇîïíìôóòúùûñÑåøæœÅØÆŒãõ¿¡“”‘’„‚«»–—…£§°€•·½¼\xa0")
_RUN = re.compile(rb"[\x80-\xff]+")
_WITHIN_A_WORD = re.compile(rb"[A-Za-z]([\x80-\xff]+)(?=[A-Za-z])")
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_ENDS = re.compile(rb"(?<=[\r\n])")
_WIDE_LETTERS = frozenset({"cp932", "gb18030", "big5", "euc-jp", "euc-kr", "johab"})  # of two bytes each
_OCR_BREAK = re.compile(r"[^\W\d_]¬[\r\n]+[^\W\d_]")
_PLAIN_RUN = re.compile(rb"[\t\r\n -~]{64}")  # no UTF-16 text has these in both halves of its letters


class NotText(ValueError):
    """The bytes are no text; says why."""


class Decoded(msgspec.Struct, frozen=True):
    """A text with its encoding (a codec name, or two of one file). `confidence` is 0 to 1: 1 where nothing was guessed.

    broken: places that could not be read, each U+FFFD in the text.
    """

    text: str
    encoding: str
    confidence: float
    broken: int = 0


def decode(data: bytes) -> Decoded:
    """Find the encoding, and clean the text.

    Raises: NotText where the file is empty or binary.
    """
    if not data.strip(b"\x00 \t\r\n\x0b\x0c"):
        raise NotText("the file holds no text")
    raw, encoding, confidence = _read(data)
    if len(_CONTROLS.findall(raw)) > max(8, len(raw) // 20) and "\x00" not in raw.strip("\x00")[:1]:
        visible = _CONTROLS.sub("", raw)
        if len(visible) < len(raw) * 0.7 or encoding != "utf-8":
            raise NotText("the file is binary: it is full of control characters")
    text = clean(raw)
    if not text.strip():
        raise NotText("the file holds no text")
    broken = text.count("\ufffd")
    if broken:
        beyond = sum(1 for char in text if char > "\x7f")
        confidence = round(min(confidence, max(0.0, 0.9 * (1 - broken / beyond)) if beyond > broken else 0.5), 2)
    return Decoded(text, encoding, confidence, broken)


def clean(text: str) -> str:
    """Even out line ends, drop what no reader can see, compose (NFC).

    A form feed ends its line and nothing more: a paragraph may run on over a page.
    """
    text = _LINE_END.sub("\n", text).replace("\u2029", "\n\n").replace("\n\f", "\n").replace("\f", "\n")
    return unicodedata.normalize("NFC", _DROPPED.sub("", text)).expandtabs(4)


def _read(data: bytes) -> tuple[str, str, float]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _marked(data[len(mark) :], encoding)
    if wide := _utf16(data):
        return data.decode(wide, "replace"), wide, 0.95
    if shifted := _iso2022(data) or _seven_bits(data):
        return shifted
    try:
        return data.decode("utf-8"), "utf-8", 1.0
    except UnicodeDecodeError:
        return _mixed(data) or _damaged_utf8(data) or _mixed_within(data) or _guess(data)


def _marked(data: bytes, encoding: str) -> tuple[str, str, float]:
    """What follows a byte-order mark. The mark of UTF-8 before bytes that are none is an editor's mistake."""
    joined = encoding.startswith("utf-16") and _PLAIN_RUN.search(data)
    try:
        return data.decode(encoding), encoding, _NO_LANGUAGE if joined else 1.0
    except UnicodeDecodeError:
        if encoding != "utf-8":
            return data.decode(encoding, "replace"), encoding, _NO_LANGUAGE if joined else 0.9
    text, encoding, confidence = _mixed(data) or _damaged_utf8(data) or _mixed_within(data) or _guess(data)
    return text, encoding, confidence if encoding == "utf-8" else min(confidence, _MISMARKED)


def _mixed(data: bytes) -> tuple[str, str, float] | None:
    """UTF-8 in some lines, something else in others, as where two files were joined; at best a likely reading.

    Letters of two bytes may look like UTF-8 by chance in a short line: then it takes more of it to believe in.
    """
    lines = _ENDS.split(data)
    whole, others = [], []
    for line in lines:
        if line.isascii():
            continue
        try:
            whole.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            others.append(line)
    text = "".join(whole)
    letters = sum(1 for char in text if char > "\x7f")
    if not letters or (letters < 3 and set(text) - _WESTERN) or _damaged_utf8(foreign := b"".join(others)):
        return None
    _, encoding, confidence = _guess(_without_utf8(foreign))
    if encoding in _WIDE_LETTERS and (letters < 20 or letters * 10 < len(foreign) or _tidiness(text) < 0.9):
        return None

    def read(line: bytes) -> str:
        try:
            return line.decode("utf-8")
        except UnicodeDecodeError:
            return _parted(line, encoding)

    return "".join(map(read, lines)), f"utf-8 and {encoding}", min(confidence, _MISMARKED)


def _mixed_within(data: bytes) -> tuple[str, str, float] | None:
    """UTF-8 in some words, another encoding of a byte a letter in others of the same line, as where words were pasted in."""
    rest = _without_utf8(data)
    if rest == data:
        return None
    _, encoding, confidence = _guess(rest)
    if encoding in _WIDE_LETTERS and not any(_is_utf8(run[1]) for run in _WITHIN_A_WORD.finditer(data)):
        return None  # their letters look like it by chance
    return _parted(data, encoding), f"utf-8 and {encoding}", min(confidence, _MISMARKED)


def _without_utf8(data: bytes) -> bytes:
    return _RUN.sub(lambda run: b"" if _is_utf8(run[0]) else run[0], data)


def _parted(data: bytes, encoding: str) -> str:
    """Read in an encoding what is no UTF-8."""
    text, at = [], 0
    for run in _RUN.finditer(data):
        if _is_utf8(run[0]):
            text += [data[at : run.start()].decode(encoding, "replace"), run[0].decode("utf-8")]
            at = run.end()
    return "".join([*text, data[at:].decode(encoding, "replace")])


def _is_utf8(run: bytes) -> bool:
    """Whether bytes beyond ASCII are UTF-8, and not by chance: Western letters, or three letters at least."""
    try:
        text = run.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return set(text) <= _WESTERN or (len(text) > 2 and text.isalpha())


def _iso2022(data: bytes) -> tuple[str, str, float] | None:
    """ISO-2022-JP and -KR: seven bits only, with escape sequences that shift to other letters."""
    if not _SHIFT.search(data) or _NOT_ASCII.search(data):
        return None
    for encoding in _ISO_2022:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _SHIFTS.search(text):
            return text, encoding, 0.95
    return data.decode(_ISO_2022[0], "replace"), _ISO_2022[0], 0.5


def _seven_bits(data: bytes) -> tuple[str, str, float] | None:
    """HZ and UTF-7, in which ASCII signs stand for all letters. UTF-7 is hardly a form: it stays a guess."""
    if not data.isascii():
        return None
    for encoding, form, least, sure in (("hz", _HZ, 1, 0.95), ("utf-7", _UTF_7, 3, _MISMARKED)):
        if len(form.findall(data)) >= least or (encoding == "utf-7" and data.startswith(b"+/v")):  # the mark of UTF-7
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError:
                continue
            if not text.isascii():
                return text, encoding, sure
    return None


def _utf16(data: bytes) -> str:
    """UTF-16 without a mark, told by NULs that stand in one half of the places only."""
    sample = data[: _SAMPLE - _SAMPLE % 2]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if half and max(even, odd) > half * 0.3 and min(even, odd) < half * 0.05:
        return "utf-16-le" if odd > even else "utf-16-be"
    return ""


def _damaged_utf8(data: bytes) -> tuple[str, str, float] | None:
    """UTF-8 with a few broken bytes: twice as many characters of several bytes are whole as are not."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(1 for char in text if char > "\x7f") - broken
    return (text, "utf-8", 0.9) if whole and whole >= broken * 2 else None


def _guess(data: bytes) -> tuple[str, str, float]:
    """The legacy encoding that makes the most language of the bytes.

    charset-normalizer says which encodings give no mess; of several, the language model prefers one,
    and where it does not the likelier encoding wins.
    """
    from charset_normalizer import from_bytes

    from sitegen.convert.language import likelihood

    sample = _sample(data)
    found = from_bytes(sample, cp_isolation=list(_LEGACY), threshold=0.3, enable_fallback=False, preemptive_behaviour=False)
    chaos = {codecs.lookup(match.encoding).name: match.chaos for match in found}
    chaos |= {codecs.lookup(name).name: m.chaos for m in found for name in m.could_be_from_charset}
    least = min(chaos.values(), default=0.0)
    rivals: dict[str, tuple[float, str]] = {}
    for encoding in _LEGACY:
        if chaos and chaos.get(codecs.lookup(encoding).name, 9.0) > least + 0.05:
            continue
        text = _attempt(sample, encoding)
        if text and all(text != other for _, other in rivals.values()):
            # The model takes any Greek or Hebrew letters for Greek or Hebrew: that says little.
            weight = 0.75 if encoding in ("cp1253", "cp1255") else 1.5 if _OCR_BREAK.search(text) else 1.0
            rivals[encoding] = (likelihood(text) * _tidiness(text) * weight, text)
    if not rivals:
        return data.decode("cp1252", "replace"), "cp1252", 0.1
    first = next(iter(rivals))
    best = max(rivals, key=lambda name: rivals[name][0] + (0.05 if name == first else 0.0))
    score, text = rivals[best]
    lead = score - max((other for name, (other, _) in rivals.items() if name != best), default=0.0)
    usual = best == "cp1252" and not set(text) - _WESTERN and not _SIGN_WITHIN.search(text)
    sure = 0.9 if usual else min(0.95, 0.5 + max(0.0, lead))
    if not usual and likelihood(text) < _LANGUAGE:
        sure = min(sure, _NO_LANGUAGE)
    return data.decode(best, "replace"), best, round(sure * (1 - least), 2)


def _tidiness(text: str) -> float:
    """The share of words beyond ASCII that are well formed: one script, capitals first, no sign within."""
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    good = sum(not _ILL_FORMED.search(word) and len({_script(char) for char in word}) == 1 for word in words)
    broken = len(_SIGN_WITHIN.findall(text))
    return good / (len(words) + broken) if words else 1 / (1 + broken)


def _script(char: str) -> str:
    """The first word of a letter's Unicode name: LATIN, CYRILLIC, HIRAGANA …; what Japanese mixes counts as one."""
    script = unicodedata.name(char, "?").partition(" ")[0]
    return "CJK" if script in ("HIRAGANA", "KATAKANA", "CJK") or script.startswith("KATAKANA") else script


def _attempt(sample: bytes, encoding: str) -> str:
    """The sample in an encoding, or nothing where that gives broken or unused characters."""
    text = sample.decode(encoding, "ignore" if len(sample) >= _SAMPLE else "replace")
    bad = sum(1 for char in text if char == "\ufffd" or unicodedata.category(char) in ("Cn", "Co") or "\x80" <= char < "\xa0")
    return "" if bad * 50 > sum(1 for char in text if char > "\x7f") else text


def _sample(data: bytes) -> bytes:
    """Up to 16 KB from where the first byte stands that is not ASCII, less a line's worth."""
    if len(data) <= _SAMPLE:
        return data
    found = _NOT_ASCII.search(data)
    start = max(0, data.rfind(b"\n", 0, found.start()) + 1, found.start() - 400) if found else 0
    return data[start : start + _SAMPLE]
