"""What pages quote of articles is the same, whether it is at hand or read piece by piece from where it lies."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec
import pytest

from sitegen.build import aside, passages
from sitegen.build.memo import Input, Memo, Outcome, Stage
from sitegen.build.pool import Pool
from sitegen.model import views
from sitegen.model.mention import Facts
from tests.support import facts_of

_NAMES = ("people/morse", "places/" + "x" * 300, "places/łódź", "people/field")
_ARTICLES = {f"articles/{n}.md": n for n in range(30)}


def said(number: int, names: Sequence[str]) -> Mapping[str, list[views.Quote]]:
    return {name: [views.Quote("a " * i, name, " b" * number, f"/articles/{number}/#p-{i}", "alias") for i in range(at)]
            for at, name in enumerate(names, 1)}  # fmt: skip


def named(number: int) -> tuple[str, ...]:
    return (*_NAMES[: 1 + number % 4], *(f"people/p{n}" for n in range(number)))


def days(number: int) -> tuple[str, ...]:
    return ("1858-08-16", "1866")[: number % 3]


def everything(number: int) -> Mapping[str, list[views.Quote]]:
    return said(number, (*named(number), *days(number)))


def read(_: None, batch: Sequence[Input]) -> list[Outcome]:
    encode = msgspec.msgpack.encode
    return [Outcome(item.name, b"d", b"\1", (), b"reading", encode(everything(_ARTICLES[item.name]))) for item in batch]


def article(number: int) -> Facts:
    return msgspec.structs.replace(facts_of(str(number), named=named(number)), days=days(number))


@pytest.fixture
def memo() -> Iterator[Memo]:
    with Memo.none() as made:
        yield made


@pytest.mark.parametrize("held", [1, 2000, 1 << 20])
@pytest.mark.parametrize("few", [29, 30])
def test_what_is_said_of_a_name_is_the_same_wherever_it_lies(
    memo: Memo, monkeypatch: pytest.MonkeyPatch, held: int, few: int
) -> None:
    monkeypatch.setattr(aside, "_HELD", held)
    monkeypatch.setattr(passages, "_HELD", few)
    inputs = [Input(name, "") for name in _ARTICLES]
    memo.make(Pool.of(1), Stage("texts", int, read), None, inputs, lambda name, data: data)
    quotes = passages.quotes_of(memo, len(_ARTICLES))
    decode = msgspec.msgpack.Decoder(list[views.Quote]).decode
    for number in _ARTICLES.values():
        found, expected = quotes(article(number)), everything(number)
        assert {name: decode(found[name]) for name in found} == expected
        assert "people/nobody" not in found


@pytest.mark.parametrize(("few", "held"), [(29, 0), (30, 30)])
def test_of_many_articles_none_is_held(memo: Memo, monkeypatch: pytest.MonkeyPatch, few: int, held: int) -> None:
    monkeypatch.setattr(aside, "_HELD", 1)
    monkeypatch.setattr(passages, "_HELD", few)
    memo.make(Pool.of(1), Stage("texts", int, read), None, [Input(name, "") for name in _ARTICLES], lambda name, data: data)
    quotes = passages.quotes_of(memo, len(_ARTICLES))
    assert sum(isinstance(quotes(article(number)), dict) for number in _ARTICLES.values()) == held


def test_a_text_that_says_more_than_its_facts_do_is_taken_as_a_whole(memo: Memo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aside, "_HELD", 1)
    monkeypatch.setattr(passages, "_HELD", 0)
    memo.make(Pool.of(1), Stage("texts", int, read), None, [Input("articles/3.md", "")], lambda name, data: data)
    facts = facts_of("3", named=("people/morse",))
    assert list(passages.quotes_of(memo, 1)(facts)) == list(named(3))
