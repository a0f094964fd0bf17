"""The collection as RDF in Turtle: schema.org for what there is, Web Annotation for who is named where.

It is written statement by statement: a graph in memory would need some 3 GB at 100,000 articles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sitegen.model.entity import Subject
from sitegen.publish.dataset import Dataset, Edition
from sitegen.publish.records import THING, TYPES, same_as

_HEAD = """\
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix schema: <https://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

"""
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_SPECIAL = re.compile(r'[\\"\x00-\x1f\x7f]')
_NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\]')
_LANGUAGE = re.compile(r"[a-zA-Z]+(-[a-zA-Z0-9]+)*\Z")
_DATES = {4: "gYear", 7: "gYearMonth", 10: "date"}
_CONTEXT = 32


def as_turtle(data: Dataset) -> Iterator[bytes]:
    yield _HEAD.encode()
    yield _described(data).encode()
    for subject in data.records.values():
        yield _record(subject, data).encode()
    for edition in data.editions():
        yield _article(edition, data).encode()
        yield from (mention.encode() for mention in _mentions(edition, data))


def iri(address: str) -> str:
    return "<" + _NOT_IN_IRI.sub(lambda found: f"%{ord(found[0]):02X}", address) + ">"


def literal(text: str, lang: str = "") -> str:
    escaped = _SPECIAL.sub(lambda found: _ESCAPES.get(found[0]) or f"\\u{ord(found[0]):04X}", text)
    return f'"{escaped}"' + (f"@{lang}" if _LANGUAGE.match(lang) else "")


def date(iso: str) -> str:
    """A date as the type of its precision."""
    if "T" in iso:
        return literal(iso)
    return f'"{iso}"^^xsd:{_DATES.get(len(iso), "string")}'


def _statements(name: str, pairs: list[tuple[str, str]]) -> str:
    return f"{name} " + " ;\n    ".join(f"{predicate} {value}" for predicate, value in pairs) + " .\n\n"


def _described(data: Dataset) -> str:
    site = data.site
    pairs = [("a", "schema:Dataset"), ("schema:name", literal(site.title, site.language)), ("schema:url", iri(data.address("/")))]
    pairs += [("schema:description", literal(site.description, site.language))] if site.description else []
    pairs += [("dcterms:license", literal(site.licence))] if site.licence else []
    return _statements(iri(data.address("/data/")), pairs)


def _record(subject: Subject, data: Dataset) -> str:
    record = subject.record
    lang = record.lang or data.site.language
    type_, begin, end = TYPES.get(subject.kind, THING)
    pairs = [("a", f"schema:{type_}"), ("schema:name", literal(record.name, lang)), ("schema:identifier", literal(subject.id))]
    pairs += [("schema:alternateName", literal(alias.text)) for alias in record.aliases]
    if said := record.summary or record.role:
        pairs.append(("schema:description", literal(said, lang)))
    pairs += [(f"schema:{name}", date(value)) for name, value in ((begin, record.begin), (end, record.end)) if name and value]
    if at := record.location:
        pairs.append(("schema:geo", f"[ a schema:GeoCoordinates ; schema:latitude {at.lat!r} ; schema:longitude {at.lon!r} ]"))
    pairs += [("owl:sameAs", iri(thing)) for thing in same_as(subject)]
    return _statements(iri(data.address(subject.url)), pairs)


def _article(edition: Edition, data: Dataset) -> str:
    facts = edition.facts
    pairs = [("a", "schema:Article"), ("schema:name", literal(facts.title, facts.lang)), ("schema:identifier", literal(facts.id))]
    pairs.append(("schema:inLanguage", literal(facts.lang)))
    pairs += [("schema:datePublished", date(facts.date.iso))] if facts.date else []
    pairs += [("schema:dateModified", date(facts.updated.iso))] if facts.updated else []
    pairs += [("schema:abstract", literal(facts.summary, facts.lang))] if facts.summary else []
    pairs += [("schema:keywords", literal(tag)) for tag in facts.tags]
    pairs.append(("schema:wordCount", str(edition.words)))
    if source := edition.meta.source:
        pairs += [("schema:isBasedOn", iri(source.url))] if source.url else []
        pairs += [("schema:license", literal(source.licence))] if source.licence else []
    pairs += [("schema:mentions", iri(data.address(data.records[record].url))) for record in facts.named]
    pairs.append(("schema:isPartOf", iri(data.address("/data/"))))
    return _statements(iri(data.address(facts.url)), pairs)


def _mentions(edition: Edition, data: Dataset) -> Iterator[str]:
    page, text = data.address(edition.facts.url), edition.text
    for start, end, record, _ in edition.mentions:
        before, after = text[max(0, start - _CONTEXT) : start], text[end : end + _CONTEXT]
        quote = f"oa:exact {literal(text[start:end])} ; oa:prefix {literal(before)} ; oa:suffix {literal(after)}"
        yield (
            f"{iri(f'{page}#mention-{start}-{end}')} a oa:Annotation ; oa:motivatedBy oa:identifying ;\n"
            f"    oa:hasBody {iri(data.address(data.records[record].url))} ;\n"
            f"    oa:hasTarget [ oa:hasSource {iri(page)} ; oa:hasSelector [ a oa:TextQuoteSelector ; {quote} ] ,\n"
            f"        [ a oa:TextPositionSelector ; oa:start {start} ; oa:end {end} ] ] .\n\n"
        )
