"""The real text, where it lies beside the repository: from the file as it came to pages that quote it."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from sitegen.convert.story import Options, convert
from sitegen.markup.scan import scan
from sitegen.scaffold import scaffold
from tests.support import Collection

SEEDS = Path(os.environ.get("SITEGEN_SEEDS", Path(__file__).parents[3] / "shared" / "seeds"))

pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the seed texts are not on this machine")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    root = tmp_path_factory.mktemp("seed")
    scaffold(root)
    for seed in SEEDS.glob("*.txt"):
        (root / "content" / "sources" / seed.name).write_bytes(seed.read_bytes())
    convert(root / "content", [root / "content" / "sources"], Options(language="en"))
    collection = Collection(root, (root / "sitegen.toml").read_text(encoding="utf-8"))
    assert collection.build().report.ok
    return collection


@pytest.fixture(scope="module")
def article(built: Collection) -> str:
    (path,) = [path for path in (built.content / "articles").glob("*.md") if "Raqqa" in path.read_text(encoding="utf-8")]
    return built.page(f"/articles/{path.stem}/")


def test_the_headline_stands_once(article: str) -> None:
    headline = re.search(r"<h1>(.*?)</h1>", article)
    assert headline and scan(article.partition("<main")[2]).text.count(scan(headline[1]).text) == 1


def test_no_date_is_invented(article: str) -> None:
    assert "<time" not in article.partition("<main")[2].partition("</header>")[0]


def test_read_more_has_become_related(article: str) -> None:
    assert "READ MORE" not in article and "US should run with Moscow’s offer" in article.partition("Related")[2]


def test_the_whole_text_is_on_the_page(article: str) -> None:
    seed = next(text for path in SEEDS.glob("*.txt") if "Raqqa" in (text := path.read_text(encoding="utf-8")))
    lines = [line for line in seed.split("\n") if line.strip() and "READ MORE" not in line]
    text = "".join(scan(re.sub(r"<aside.*?</aside>", "", article, flags=re.DOTALL)).text.split())
    assert [line for line in lines if "".join(line.split()) not in text] == []


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/places/raqqa/", "was captured by Islamic State in 2013"),
        ("/places/palmyra/", "liberate the ancient city of"),
        ("/places/syria/", "effective air campaign in"),
        ("/organisations/syrian-democratic-forces/", "spearheaded by Kurdish militias"),
        ("/people/sergey-lavrov/", "said Moscow is ready to coordinate efforts"),
        ("/people/mark-toner/", "however rejected the helping hand"),
    ],
)
def test_a_page_quotes_the_sentence_that_names_its_subject(built: Collection, address: str, words: str) -> None:
    assert words in scan(built.page(address)).text
