"""The weights of the signs: sane, and made again byte for byte where wikigold lies beside the repository."""

from __future__ import annotations

import importlib.util
import json
import os
import re
from pathlib import Path
from types import ModuleType

import pytest

import sitegen
from sitegen.annotate import reasons
from sitegen.annotate.weights import BY_HAND, KINDS, probabilities, scores, weights

ROOT = Path(__file__).parents[2]
FILE = Path(sitegen.__file__).parent / "data" / "weights.json"
WIKIGOLD = Path(os.environ.get("SITEGEN_DEVSETS", ROOT.parent / "shared" / "devsets")) / "wikigold.jsonl"


@pytest.fixture(scope="module")
def training() -> ModuleType:
    spec = importlib.util.spec_from_file_location("train_weights", ROOT / "tools" / "train_weights.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_sign_has_a_weight_for_each_kind() -> None:
    assert all(len(row) == len(KINDS) for row in (*weights().values(), *BY_HAND.values()))


def test_a_preposition_of_place_speaks_for_places() -> None:
    people, _, places, _ = scores(["b=in"], weights())
    assert places > people


def test_probabilities_add_up_to_one() -> None:
    chances = probabilities((1000.0, 0.0, -5.0, 999.0))
    assert sum(chances) == pytest.approx(1) and max(chances) == chances[0]


def test_training_learns_what_goes_with_what(training: ModuleType) -> None:
    examples = [(["a", "x"], 0), (["b", "x"], 2)] * 20
    table = training.train(examples)
    assert table["a"][0] > table["a"][2] and table["b"][2] > table["b"][0]


@pytest.mark.skipif(not WIKIGOLD.is_file(), reason="wikigold is not on this machine")
def test_the_weights_are_made_again_byte_for_byte(training: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = tmp_path / "weights.json"
    monkeypatch.setattr(training, "TARGET", made)
    monkeypatch.setattr("sys.argv", ["train_weights.py", str(WIKIGOLD)])
    training.main()
    assert made.read_bytes() == FILE.read_bytes()


def test_the_file_is_small_and_sorted() -> None:
    table = json.loads(FILE.read_bytes())
    assert list(table) == sorted(table) and len(table) < 400


def test_every_sign_can_be_said_in_words_of_a_reader() -> None:
    for sign in weights():
        family, mark, value = next((parts for mark in "=:+" if (parts := sign.partition(mark))[1]), (sign, "", ""))
        assert family in reasons._FAMILIES if mark else sign in reasons._SIGNS, sign
        assert mark != ":" or value in reasons._LISTS, sign
        assert not re.search(r"orgnoun|noorg|role1|unlisted|\bfn\b|\+", reasons._told(sign)), sign


def test_a_word_beside_a_name_is_quoted_and_a_sort_of_word_is_not() -> None:
    assert [reasons._told(sign) for sign in ("b=from", "b=role", "a=orgnoun")] == [
        'after "from"', "after a role", "before an organisation's noun"]  # fmt: skip
