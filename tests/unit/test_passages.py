"""What pages quote of articles is the same, whether it is asked of each article or was put together by records."""

from collections.abc import Iterator, Sequence

import msgspec
import pytest

from sitegen.build import aside, passages
from sitegen.build.memo import Input, Memo, Outcome, Stage
from sitegen.build.passages import Passages
from sitegen.build.pool import Pool
from sitegen.model import views
from sitegen.model.mention import QUOTED, Facts
from sitegen.relate.authority import Authority
from sitegen.relate.index import Index, relate
from sitegen.relate.quoted import Quoted
from tests.support import Collection, crowd, facts_of

_NAMES = ("people/morse", "places/" + "x" * 300, "places/łódź", "people/field")


def days(number: int) -> tuple[str, ...]:
    return ("1858-08-16", "1866")[: number % 3]


def article(number: int) -> Facts:
    named = (*_NAMES[: 1 + number % 4], *(f"people/p{n}" for n in range(number)))
    here = (QUOTED + number if number % 8 == 0 else 1, *range(2, len(named) + 1))
    facts = facts_of(str(number), f"{1850 + number * 7 % 5}-01-01" if number % 6 else "", named=named, here=here)
    return msgspec.structs.replace(facts, days=days(number))


_ARTICLES = {facts.path: facts for facts in map(article, range(30))}


def said(facts: Facts) -> dict[str, list[views.Quote]]:
    counts = zip((*facts.named, *facts.days), (*facts.here, *(1 for _ in facts.days)), strict=True)
    return {
        name: [views.Quote("a ", name, " b" * n, f"{facts.url}#p-{n}", "alias") for n in range(count)] for name, count in counts
    }


def read(_: None, batch: Sequence[Input]) -> list[Outcome]:
    return [Outcome(item.name, b"d", b"\1", (), b"reading", msgspec.msgpack.encode(said(_ARTICLES[item.name]))) for item in batch]


def keep(memo: Memo) -> None:
    memo.make(Pool.of(1), Stage("texts", int, read), None, [Input(name, "") for name in _ARTICLES], lambda name, data: data)


def shown(index: Index, record: str, begin: int = 0, end: int | None = None) -> bytes:
    """What a page that shows these articles of those that name a record quotes of them, as views of it are encoded."""
    years: dict[int, list[views.QuotedArticle]] = {}
    for facts in index.named[record][begin:end]:
        quotes = said(facts)[record]
        found = views.QuotedArticle(
            facts.title, facts.url, facts.date, "en", tuple(quotes[:QUOTED]), max(0, len(quotes) - QUOTED)
        )  # fmt: skip
        years.setdefault(facts.year, []).append(found)
    return msgspec.msgpack.encode([views.QuotedYear(year, tuple(articles)) for year, articles in years.items()])


@pytest.fixture
def memo() -> Iterator[Memo]:
    with Memo.none() as made:
        yield made


@pytest.fixture
def index() -> Index:
    return relate(_ARTICLES.values(), Authority({}, {}, {}, frozenset()), lambda _: ())


@pytest.mark.parametrize("held", [1, 2000, 1 << 20])
@pytest.mark.parametrize("few", [29, 30])
def test_what_an_article_says_of_a_name_is_the_same_wherever_it_lies(
    memo: Memo, index: Index, monkeypatch: pytest.MonkeyPatch, held: int, few: int
) -> None:
    monkeypatch.setattr(aside, "_HELD", held)
    monkeypatch.setattr(passages, "_HELD", few)
    keep(memo)
    found, decode = Passages(memo, index), msgspec.msgpack.Decoder(list[views.Quote]).decode
    for facts in index.articles:
        assert {name: decode(quotes) for name, quotes in found.of(facts).items()} == said(facts)


@pytest.mark.parametrize("much", [1, 50_000, 1 << 30])
@pytest.mark.parametrize("gathered", [False, True])
def test_a_page_quotes_the_same_whether_that_was_put_together_or_not(
    memo: Memo, index: Index, monkeypatch: pytest.MonkeyPatch, much: int, gathered: bool
) -> None:
    monkeypatch.setattr(aside, "_TURNED", much)
    keep(memo)
    found = Passages(memo, index)
    if gathered:
        found.gather()
    quoted = Quoted(found.of, found.gathered)
    for record, named in index.named.items():
        here = index.here(record)
        assert msgspec.msgpack.encode(quoted.years(named, here, record)) == shown(index, record)
        first, rest = quoted.years(named[:2], here, record), quoted.years(named[2:], here[2:], record, 2)
        assert msgspec.msgpack.encode(first) == shown(index, record, 0, 2)
        assert msgspec.msgpack.encode(rest) == shown(index, record, 2)
    assert not quoted.years((), (), "people/nobody")


def test_what_was_not_read_in_this_build_is_put_together_too(memo: Memo, index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aside, "_HELD", 1)
    keep(memo)
    memo.commit()
    memo.forget()  # what lay aside
    found = Passages(memo, index)
    found.gather()
    quoted = Quoted(found.of, found.gathered)
    assert msgspec.msgpack.encode(quoted.years(index.named[_NAMES[0]], (), _NAMES[0])) == shown(index, _NAMES[0])


@pytest.mark.parametrize(("few", "held"), [(29, False), (30, True)])
def test_of_many_articles_none_is_held(memo: Memo, index: Index, monkeypatch: pytest.MonkeyPatch, few: int, held: bool) -> None:
    monkeypatch.setattr(passages, "_HELD", few)
    keep(memo)
    found, facts = Passages(memo, index), index.articles[0]
    assert (found.of(facts) is found.of(facts)) == held


def test_it_is_put_together_where_most_pages_of_records_are_made(collection: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    times: list[None] = []
    gather = Passages.gather
    monkeypatch.setattr(Passages, "gather", lambda self: times.append(gather(self)))
    crowd(collection, 5).article("b", "Rain.").build()
    assert len(times) == 1
    collection.article("b", "Sun.").build()
    assert len(times) == 1
    collection.write("../themes/mine/theme.toml", 'name = "Mine"\nextends = "plain"')
    collection.write("../themes/mine/templates/record.html", "{% for year in page.years %}{{ year.articles }}{% endfor %}")
    collection.write("../sitegen.toml", 'title = "T"\ntheme = "mine"\n').build()
    assert len(times) == 2
