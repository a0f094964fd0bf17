"""A card of 1200 by 630 pixels: a title, what is said of it, and bars by year. Equal values give equal bytes.

The letters are those of Source Serif 4 (fontpkg-source-serif-4), drawn by Pillow, for the extra `cards`. The face has the Latin,
Greek and Cyrillic scripts: text that needs another is left out, for a row of empty boxes says less than nothing.
"""

from __future__ import annotations

import io
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec

WIDTH, HEIGHT = 1200, 630
PACKAGES = {"PIL": "pillow", "fontpkg_source_serif_4": "fontpkg-source-serif-4"}
_FACE = "SourceSerif4[opsz,wght].ttf"
_EDGE, _FOOT = 80, 64
_PAPER, _INK, _GREY, _RULE, _ACCENT = "#fcfbf8", "#1d1b18", "#635e56", "#ddd8cd", "#8a2c1d"
_SIZES, _TITLE_LINES = (84, 70, 58), 3
_LEGIBLE = ((0x20, 0x52F), (0x1E00, 0x1FFF), (0x2010, 0x2044), (0x20A0, 0x20BF), (0x2100, 0x2122))


class CardRequest(msgspec.Struct, frozen=True, array_like=True):
    """What a card says. bars: years in order with how many articles each has."""

    title: str
    above: str = ""
    below: str = ""
    foot: str = ""
    bars: tuple[tuple[int, int], ...] = ()


def missing() -> list[str]:
    """The packages of the extra `cards` that are not installed."""
    return [package for module, package in PACKAGES.items() if find_spec(module) is None]


def version() -> str:
    """What the bytes of a card depend on besides what it says."""
    from importlib.metadata import version

    own = blake2b(Path(__file__).read_bytes(), digest_size=16).hexdigest()
    return " ".join([*(f"{package} {version(package)}" for package in PACKAGES.values()), own])


def draw(request: CardRequest) -> bytes:
    """The card as PNG. Needs the packages."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    canvas = ImageDraw.Draw(image)
    canvas.rectangle((0, 0, 14, HEIGHT), fill=_ACCENT)
    y = _EDGE
    if above := legible(request.above):
        canvas.text((_EDGE, y), above, fill=_GREY, font=_font(32, 400))
        y += 56
    y = _title(canvas, legible(request.title), y)
    bottom = HEIGHT - _FOOT - (130 if request.bars else 0)
    small = _font(36, 400)
    for line in _lines(legible(request.below), small, WIDTH - 2 * _EDGE):
        if y + 50 > bottom - 40:
            break
        canvas.text((_EDGE, y), line, fill=_GREY, font=small)
        y += 50
    _bars(canvas, request.bars, HEIGHT - _FOOT - 70)
    canvas.text((_EDGE, HEIGHT - _FOOT), legible(request.foot), fill=_GREY, font=_font(28, 400), anchor="ls")
    data = io.BytesIO()
    image.quantize(32, dither=Image.Dither.NONE).save(data, "PNG", compress_level=9)
    return data.getvalue()


def legible(text: str) -> str:
    """The text on one line, or "" where the face lacks its letters."""
    line = " ".join(text.split())
    return line if all(any(low <= ord(c) <= high for low, high in _LEGIBLE) for c in line) else ""


def _title(canvas: Any, title: str, y: int) -> int:
    """Draw the title as large as it fits into three lines; return where the next line may begin."""
    for size in _SIZES:
        font = _font(size, 600)
        lines = _lines(title, font, WIDTH - 2 * _EDGE)
        if len(lines) <= _TITLE_LINES:
            break
    if len(lines) > _TITLE_LINES:
        lines = [*lines[: _TITLE_LINES - 1], lines[_TITLE_LINES - 1].rsplit(" ", 1)[0] + " …"]
    for line in lines:
        canvas.text((_EDGE, y), line, fill=_INK, font=font)
        y += round(size * 1.14)
    return y + 26


def _lines(text: str, font: Any, width: int) -> list[str]:
    """The text in lines of this width at most; a longer word has a line of its own."""
    lines: list[str] = []
    for word in text[:600].split():
        if lines and font.getlength(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _bars(canvas: Any, bars: tuple[tuple[int, int], ...], floor: int) -> None:
    if len(bars) < 2:
        return
    first, last = bars[0][0], bars[-1][0]
    top = max(count for _, count in bars)
    step = (WIDTH - 2 * _EDGE) / max(last - first + 1, 12)
    canvas.line((_EDGE, floor, WIDTH - _EDGE, floor), fill=_RULE, width=2)
    for year, count in bars:
        x = _EDGE + (year - first) * step
        if count:
            canvas.rectangle(
                (round(x), floor - max(round(90 * count / top), 3), round(x + max(step * 0.76, 2)), floor), fill=_ACCENT
            )
    canvas.text((WIDTH - _EDGE, HEIGHT - _FOOT), f"{first}–{last}", fill=_GREY, font=_font(28, 400), anchor="rs")


def _font(size: int, weight: int) -> Any:
    from importlib.resources import files

    from PIL import ImageFont

    font = ImageFont.truetype(str(files("fontpkg_source_serif_4") / "files" / _FACE), size, layout_engine=ImageFont.Layout.BASIC)
    wanted = {b"Weight": weight, b"Optical Size": min(size, 60)}
    font.set_variation_by_axes([wanted.get(axis["name"] or b"", axis["default"] or 0) for axis in font.get_variation_axes()])
    return font
