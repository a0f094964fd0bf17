"""What is wrong across documents: dead links, unknown records, shared aliases, missing coordinates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256

from sitegen.errors import Issue, Severity, Span, did_you_mean
from sitegen.model import ids
from sitegen.model.document import Article, Document, Reference
from sitegen.model.entity import PLACES, Record
from sitegen.model.mention import Marks
from sitegen.relate.authority import Addresses, Authority, record_of


def check_places_of_files(documents: Iterable[Document], kinds: Iterable[str]) -> Iterator[Issue]:
    """Every document lies in the folder of a kind."""
    known = [*kinds, ids.ARTICLES, ids.PAGES]
    for document in documents:
        folder = document.id.partition("/")[0] if "/" in document.id else ""
        if not folder:
            yield Issue("unknown-kind", "a document at the top of the content folder has no kind", Span(document.path, 1),
                        f"move it into {ids.ARTICLES}/, {ids.PAGES}/ or the folder of a kind")  # fmt: skip
        elif folder not in known:
            yield Issue("unknown-kind", f'"{folder}" is no kind of record', Span(document.path, 1),
                        did_you_mean(folder, known) or f"add [kinds.{folder}] to the configuration")  # fmt: skip


def check_authority(authority: Authority, everything: Mapping[str, Document]) -> Iterator[Issue]:
    """Records point at records that there are; reviewed places say where they are."""
    for doc_id, document in sorted(everything.items()):
        if not isinstance(document.meta, Record):
            continue
        record = record_of(document)
        for key, targets in (("merged_into", (record.merged_into,)), ("not_same_as", record.not_same_as)):
            for i, target in enumerate(targets):
                if target and not isinstance(getattr(everything.get(target), "meta", None), Record):
                    place = document.places.get(f"{key}.{i}") or document.places.get(key, Span(document.path))
                    yield _unknown_record(target, place, everything)
        if record.merged_into and doc_id not in authority.merged and doc_id not in authority.rejected:
            place = document.places.get("merged_into", Span(document.path))
            if record.merged_into in everything:
                yield Issue("merge-circle", f"{doc_id} is merged into itself by way of others", place, "break the circle")
        if document.kind == PLACES and record.location is None and record.status == "reviewed" and doc_id in authority.records:
            place = document.places.get("name", Span(document.path))
            yield Issue("missing-coordinates", f'the place "{record.name}" has no location, so it is on no map', place,
                        "add location: {lat: …, lon: …}", Severity.WARNING)  # fmt: skip


def check_aliases(authority: Authority, marks: Mapping[str, Marks]) -> Iterator[Issue]:
    """A name of several records that some article leaves undecided: reported once, with both owners."""
    undecided: defaultdict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
    for doc_id, found in marks.items():
        for ambiguity in found.ambiguities:
            undecided[ambiguity.name, ambiguity.records].append(doc_id)
    for (name, records), where in sorted(undecided.items()):
        articles = sorted(set(where))
        shown = ", ".join(articles[:3]) + (f" and {len(articles) - 3} more" if len(articles) > 3 else "")
        last = authority.records.get(records[-1])
        yield Issue(
            "shared-alias",
            f'"{name}" is a name of {" and ".join(records)}; left unlinked {_times(len(where))} in {shown}',
            _alias_place(last, name) if last else Span(records[-1]),
            f"decide in the article (links: {{{name}: {records[0]}}}), or make one alias {{text: {name}, auto: false}}",
            Severity.WARNING,
        )


def check_articles(
    documents: Iterable[Document], everything: Mapping[str, Document], sources: Mapping[str, bytes]
) -> Iterator[Issue]:
    """What articles say of themselves holds: their sources are there and unchanged, their own links name records.

    sources: the bytes of the source files by content path.
    """
    for document in documents:
        meta = document.meta
        if not isinstance(meta, Article):
            continue
        if meta.source and meta.source.file and meta.source.file not in sources:
            place = document.places.get("source.file", Span(document.path))
            yield Issue("missing-source", f'the source "{meta.source.file}" is not in the collection', place,
                        did_you_mean(meta.source.file, sources) or "put it back, or drop source:", Severity.WARNING)  # fmt: skip
        elif meta.source and meta.source.sha256 and meta.source.sha256 != sha256(sources[meta.source.file]).hexdigest():
            place = document.places.get("source.file", Span(document.path))
            yield Issue("source-changed", f'the source "{meta.source.file}" has changed since it was converted', place,
                        "run sitegen convert", Severity.WARNING)  # fmt: skip
        for name, target in meta.links:
            if target != "none" and not isinstance(getattr(everything.get(target), "meta", None), Record):
                yield _unknown_record(target, document.places.get(f"links.{name}", Span(document.path)), everything)


def check_references(
    documents: Sequence[Document],
    addresses: Addresses,
    everything: Mapping[str, Document],
) -> Iterator[Issue]:
    """Links in bodies lead to something that is published, fragments to something on that page."""
    published = {document.id: document for document in documents}
    for document in documents:
        for reference in document.references:
            if addresses.of(reference) is None:
                yield _dead(reference, addresses, everything)
                continue
            if not reference.fragment:
                continue
            target = published.get(addresses.target(reference))
            if target and reference.fragment not in target.anchors:
                yield Issue("dead-fragment", f'nothing in {target.path} has the id "{reference.fragment}"', reference.place,
                            did_you_mean(reference.fragment, target.anchors) or "link to the page itself")  # fmt: skip


def check_unnamed(records: Iterable[Document], below: str) -> Iterator[Issue]:
    """Reviewed records that nothing names: they wait on file, and have no page. `below`: the content folder's name."""
    for document in records:
        if record_of(document).status == "reviewed":
            place = Span(f"{below}/{document.path}")
            yield Issue("unnamed-record", f'nothing names "{document.title}", so it has no page', place,
                        "add the names that texts use as aliases, or let it wait", Severity.WARNING)  # fmt: skip


def check_tags(documents: Iterable[Document]) -> Iterator[Issue]:
    """Tags that differ by more than their letter cases do not share a page unnoticed."""
    spellings: dict[str, tuple[str, Document]] = {}
    for document in documents:
        if isinstance(document.meta, Article):
            for tag in document.meta.tags:
                first, owner = spellings.setdefault(ids.tag_slug(tag), (tag, document))
                if first.casefold() != tag.casefold():
                    message = f'the tags "{first}" (in {owner.id}) and "{tag}" share an address'
                    yield Issue("same-tag", message, Span(document.path), "spell one of them out", Severity.WARNING)


def check_notes(paths: Iterable[str]) -> Iterator[Issue]:
    """Stand-off notes are part of the format and not yet of the site: whoever writes them is told."""
    for path in paths:
        yield Issue("notes-not-shown", "notes sidecars are not published yet", Span(path),
                    "the file is kept; a later version will show it", Severity.WARNING)  # fmt: skip


def check_menu(items: Iterable[str], addresses: Addresses, config: str) -> Iterator[Issue]:
    """Menu entries lead to pages of the site."""
    for url in items:
        path = url.partition("#")[0]
        if path.startswith("/") and path not in addresses.paths:
            yield Issue("dead-link", f'the menu leads to "{url}", where nothing is published', Span(config),
                        did_you_mean(path, addresses.paths))  # fmt: skip


def _dead(reference: Reference, addresses: Addresses, everything: Mapping[str, Document]) -> Issue:
    target = addresses.target(reference)
    hidden = everything.get(target)
    if hidden is not None:
        return Issue("unpublished-link", f'"{target}" is not published (a draft, of a later date, or rejected)', reference.place,
                     "publish it, or write the name without a link", Severity.WARNING)  # fmt: skip
    if reference.wiki and len(owners := addresses.by_stem.get(target, ())) > 1:
        message = f'"{target}" may be {" or ".join(owners)}'
        return Issue("ambiguous-link", message, reference.place, f"write the folder too: [[{owners[0]}]]")
    if reference.wiki:
        return _unknown_record(target, reference.place, everything)
    known = addresses.paths if target.startswith("/") else addresses.documents
    return Issue("dead-link", f'nothing is published at "{target}"', reference.place, did_you_mean(target, known))


def _unknown_record(target: str, place: Span, everything: Mapping[str, Document]) -> Issue:
    titled = [doc_id for doc_id, document in everything.items() if document.title.casefold() == target.casefold()]
    if titled:
        help = f"its id is {titled[0]}: write [[{titled[0]}|{target}]]"
    elif "/" in target.strip("/"):
        help = did_you_mean(target, everything) or f"write the record, content/{target}.md, or take the link out"
    else:
        help = did_you_mean(target, everything) or "write the folder too, as in [[people/…]], or take the link out"
    return Issue("unknown-record", f'no record "{target}"', place, help)


def _alias_place(document: Document, name: str) -> Span:
    for i, alias in enumerate(record_of(document).aliases):
        if alias.text == name:
            return document.places.get(f"aliases.{i}", document.places.get("aliases", Span(document.path)))
    return document.places.get("name", Span(document.path))


def _times(count: int) -> str:
    return "once" if count == 1 else "twice" if count == 2 else f"{count} times"
