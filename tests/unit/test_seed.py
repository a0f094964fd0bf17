"""The real text, where it lies beside the repository: from the file as it came to pages that quote it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

from sitegen.convert.story import Options, convert
from sitegen.markup.scan import scan
from sitegen.model import candidate, frontmatter
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
    assert headline and scan(article.partition("<main")[2].partition('id="sec-cite"')[0]).text.count(scan(headline[1]).text) == 1


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


def record(built: Collection, path: str) -> dict[str, Any]:
    return frontmatter.read((built.content / f"{path}.md").read_text(encoding="utf-8"), path).values


@pytest.mark.parametrize(
    ("path", "lat", "lon"),
    [("places/raqqa", 35.95, 39.01), ("places/palmyra", 34.56, 38.28), ("places/washington", 38.90, -77.04)],
)
def test_a_suggested_place_stands_where_it_is(built: Collection, path: str, lat: float, lon: float) -> None:
    assert record(built, path)["location"] == pytest.approx({"lat": lat, "lon": lon}, abs=0.01)


@pytest.mark.parametrize(
    ("path", "name", "aliases", "role"),
    [
        ("organisations/syrian-democratic-forces", "Syrian Democratic Forces", {"SDF"}, None),
        ("organisations/islamic-state", "Islamic State", {"IS", "ISIS", "ISIL", "Daesh"}, None),
        ("organisations/rt", "RT", set(), None),
        ("people/kabar-tolholdan", "Kabar Tolholdan", {"Tolholdan"}, None),
        ("people/steve-warren", "Steve Warren", {"Warren"}, "Col."),
        ("people/mark-toner", "Mark Toner", set(), "US state Department spokesman"),
        ("people/sergey-lavrov", "Sergey Lavrov", set(), "Russian Foreign Minister"),
    ],
)
def test_one_record_has_all_names_of_one_thing(built: Collection, path: str, name: str, aliases: set[str], role: str) -> None:
    found = record(built, path)
    assert (found["name"], {*found.get("aliases", ())}, found.get("role")) == (name, aliases, role)


@pytest.mark.parametrize("address", ["people/kabar-tolholdan/", "people/steve-warren/"])
def test_a_surname_leads_to_the_page_of_the_full_name(article: str, address: str) -> None:
    surname = address.strip("/").rpartition("-")[2].title()
    links = re.findall(rf'<a [^>]*href="([^"]+)"[^>]*>{surname}<', article)
    assert links and all(link.partition("#")[0].endswith(address) for link in links)


def test_no_word_of_the_calendar_or_the_furniture_waits_or_has_a_record(built: Collection) -> None:
    waiting = candidate.read((built.content / candidate.CANDIDATES).read_bytes(), "candidates.csv")
    records = [path for path in built.content.glob("*/*.md") if path.parent.name not in ("articles", "pages")]
    names = {row.name for row in waiting} | {record(built, f"{path.parent.name}/{path.stem}")["name"] for path in records}
    words = {word.casefold() for name in names for word in name.split()}
    assert len(names) > 20
    assert not words & {"tuesday", "read", "more", "our", "following", "visiting", "meanwhile", "col.", "spokesman", "minister"}
