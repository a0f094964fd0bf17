"""What is wrong across documents: dead links, unknown records, shared aliases, missing coordinates."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import combinations

from sitegen.errors import Issue, Severity, Span, did_you_mean
from sitegen.model import ids
from sitegen.model.document import Reference
from sitegen.model.entity import PLACES, Subject
from sitegen.model.lookalikes import LATIN
from sitegen.model.mention import Facts
from sitegen.relate.authority import Addresses, Authority

# Where a value of a file's front matter stands: its path in the content folder, then the keys.
Locate = Callable[..., Span]

PATIENCE = 90  # days that a suggestion may wait
_PORTS = {f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)}
_DEVICES = frozenset({"con", "prn", "aux", "nul", "conin$", "conout$"} | _PORTS)
_SHORT, _LONG = 5, 9  # letters of a word from which on one, and two of them wrong, may be a slip
_CROWD = 200  # records that share a word; more say nothing by it
_OFTEN = 5  # times that a word stands in small letters
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def check_places_of_files(paths: Iterable[str], kinds: Iterable[str]) -> Iterator[Issue]:
    """Every document lies in the folder of a kind. paths: of all documents, in the content folder."""
    known = [*kinds, ids.ARTICLES, ids.PAGES]
    for path in paths:
        folder, slash, _ = path.partition("/")
        if not slash:
            yield Issue("unknown-kind", "a document at the top of the content folder has no kind", Span(path, 1),
                        f"move it into {ids.ARTICLES}/, {ids.PAGES}/ or the folder of a kind")  # fmt: skip
        elif folder not in known:
            yield Issue("unknown-kind", f'"{folder}" is no kind of record', Span(path, 1),
                        did_you_mean(folder, known) or f"add [kinds.{folder}] to the configuration")  # fmt: skip


def check_names(paths: Iterable[str]) -> Iterator[Issue]:
    """Every file has a name that it can keep on other systems. paths: of all files, in the content folder."""
    for path in paths:
        for part in path.split("/"):
            if fault := _odd(part.removesuffix(".md")):  # without which it is the name of the page's folder
                yield Issue("odd-name", f'the name "{part}" {fault}', Span(path), "rename it", Severity.WARNING)


def _odd(name: str) -> str:
    """What another system makes of a file's name; empty where it keeps it."""
    if name.partition(".")[0].rstrip().casefold() in _DEVICES:
        return "is that of a device on Windows, which cannot hold such a file"
    if ":" in name:
        return "holds a colon, which Windows does not allow"
    if name != name.strip() or name.endswith("."):
        return "begins or ends with a space or a point, which Windows and many programs drop"
    if not unicodedata.is_normalized("NFC", name):
        return "is spelled with decomposed letters (NFD), so that links that are typed do not meet it"
    return ""


def check_authority(
    authority: Authority, subjects: Mapping[str, Subject], titles: Callable[[], Mapping[str, str]], locate: Locate
) -> Iterator[Issue]:
    """Records point at records that there are; reviewed places say where they are. titles: of all documents, by id."""
    for doc_id, subject in sorted(subjects.items()):
        record = subject.record
        for key, targets in (("merged_into", (record.merged_into,)), ("not_same_as", record.not_same_as)):
            for i, target in enumerate(targets):
                if target and target not in subjects:
                    yield _unknown_record(target, locate(subject.path, key, str(i)), titles())
        if record.merged_into and doc_id not in authority.merged and _goes_round(doc_id, subjects):
            place = locate(subject.path, "merged_into")
            yield Issue("merge-circle", f"{doc_id} is merged into itself by way of others", place, "break the circle")
        if subject.kind == PLACES and record.location is None and record.status == "reviewed" and doc_id in authority.records:
            place = locate(subject.path, "name")
            yield Issue("missing-coordinates", f'the place "{record.name}" has no location, so it is on no map', place,
                        "add location: {lat: …, lon: …}", Severity.WARNING)  # fmt: skip


def _goes_round(doc_id: str, subjects: Mapping[str, Subject]) -> bool:
    """Whether what a record was merged into leads to no end. One that is private, or leads to such, ends all the same."""
    seen: set[str] = set()
    while doc_id in subjects and doc_id not in seen:
        seen.add(doc_id)
        doc_id = subjects[doc_id].record.merged_into
    return doc_id in seen


def check_aliases(authority: Authority, texts: Iterable[Facts], locate: Locate) -> Iterator[Issue]:
    """A name of several records that some article leaves undecided: reported once, with both owners."""
    undecided: defaultdict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
    for facts in texts:
        for ambiguity in facts.ambiguities:
            undecided[ambiguity.name, ambiguity.records].append(facts.id)
    for (name, records), where in sorted(undecided.items()):
        articles = sorted(set(where))
        shown = ", ".join(articles[:3]) + (f" and {len(articles) - 3} more" if len(articles) > 3 else "")
        last = authority.records.get(records[-1])
        yield Issue(
            "shared-alias",
            f'"{name}" is a name of {" and ".join(records)}; left unlinked {_times(len(where))} in {shown}',
            _alias_place(last, name, locate) if last else Span(records[-1]),
            f"decide in the article (links: {{{name}: {records[0]}}}), or make one alias {{text: {name}, auto: false}}",
            Severity.WARNING,
        )


def check_articles(
    articles: Iterable[Facts], subjects: Collection[str], titles: Callable[[], Mapping[str, str]], sources: Mapping[str, str],
    locate: Locate,
) -> Iterator[Issue]:  # fmt: skip
    """What articles say of themselves holds: their sources are there and unchanged, their own links name records.

    sources: the SHA-256 of the source files by content path.
    """
    for facts in articles:
        if facts.source and facts.source not in sources:
            # Names of texts are much alike: only a slip in one is the likelier cause.
            help = did_you_mean(facts.source, sources, cutoff=0.85) or "put it back, or take file out of source:"
            yield Issue("missing-source", f'the source "{facts.source}" is not in the collection',
                        locate(facts.path, "source", "file"), help, Severity.WARNING)  # fmt: skip
        elif facts.source_sha256 and facts.source and facts.source_sha256 != sources[facts.source]:
            yield Issue("source-changed", f'the source "{facts.source}" has changed since it was converted',
                        locate(facts.path, "source", "file"), "run sitegen convert", Severity.WARNING)  # fmt: skip
        for name, target in facts.links:
            if target != "none" and target not in subjects:
                yield _unknown_record(target, locate(facts.path, "links", name), titles())


def check_references(
    texts: Iterable[Facts], addresses: Addresses, titles: Callable[[], Mapping[str, str]],
    anchors: Callable[[str], Collection[str]], paths: Mapping[str, str],
) -> Iterator[Issue]:  # fmt: skip
    """Links in bodies lead to something that is published, fragments to something on that page.

    titles: of all documents, by id. anchors: the ids on the page of a published text. paths: its file.
    """
    for facts in texts:
        for reference in facts.references:
            if addresses.of(reference) is None:
                yield _dead(reference, addresses, titles())
                continue
            target = addresses.target(reference)
            if reference.fragment and target in paths and reference.fragment not in (known := anchors(target)):
                yield Issue("dead-fragment", f'nothing in {paths[target]} has the id "{reference.fragment}"', reference.place,
                            did_you_mean(reference.fragment, known) or "link to the page itself")  # fmt: skip


def check_unnamed(subjects: Iterable[Subject], locate: Locate) -> Iterator[Issue]:
    """Records that nothing names: they wait on file, and have no page."""
    for subject in subjects:
        remedy = "add the names that texts use as aliases, or let it wait"
        if subject.record.status == "suggested":
            remedy = "reject it with sitegen review, or add the names that texts use as aliases"
        yield Issue("unnamed-record", f'nothing names "{subject.title}", so it has no page', locate(subject.path, "name"),
                    remedy, Severity.WARNING)  # fmt: skip


def check_near_duplicates(subjects: Iterable[Subject], locate: Locate) -> Iterator[Issue]:
    """Records of a kind whose names differ by a letter or an accent: one may be the other. `not_same_as` settles it."""
    for one, other in near_duplicates(subjects):
        yield Issue("near-duplicate", f'"{other.title}" ({other.id}) may be "{one.title}" ({one.id})',
                    locate(other.path, "name"),
                    f"run sitegen merge {other.id} {one.id}, or say not_same_as: [{one.id}]", Severity.WARNING)  # fmt: skip


def near_duplicates(subjects: Iterable[Subject]) -> Iterator[tuple[Subject, Subject]]:
    """Pairs of records that may be one, by id."""
    kinds: defaultdict[str, list[Subject]] = defaultdict(list)
    for subject in subjects:
        if subject.record.status != "rejected" and not subject.record.merged_into:
            kinds[subject.kind].append(subject)
    for _, held in sorted(kinds.items()):
        words = {subject.id: _folded_words(subject.title) for subject in held}
        beside: defaultdict[str, list[Subject]] = defaultdict(list)
        for subject in sorted(held, key=lambda subject: subject.id):
            for key in {word[:3] for word in words[subject.id]}:
                beside[key].append(subject)
        crowds = (group for group in beside.values() if len(group) <= _CROWD)
        pairs = {(one.id, other.id): (one, other) for group in crowds for one, other in combinations(group, 2)}
        for _, (one, other) in sorted(pairs.items()):
            if not _told_apart(one, other) and _nearly(words[one.id], words[other.id]):
                yield one, other


def check_old_suggestions(
    subjects: Iterable[Subject], added: Mapping[str, dt.date], today: dt.date, locate: Locate
) -> Iterator[Issue]:
    """Suggestions that nobody has decided on for long. added: since when files are there; those it leaves out have no age."""
    for subject in subjects:
        record, since = subject.record, added.get(subject.path)
        if record.status == "suggested" and not record.merged_into and since and (today - since).days > PATIENCE:
            yield Issue("old-suggestion", f'"{subject.title}" waits for a decision since {since}', locate(subject.path, "status"),
                        "run sitegen review", Severity.WARNING)  # fmt: skip


def check_common_names(subjects: Iterable[Subject], texts: Iterable[str], locate: Locate) -> Iterator[Issue]:
    """Names that are a common word in these very texts: more often in small letters than as a name."""
    owned = [(name, subject) for subject in subjects for name in subject.record.names if not subject.record.merged_into]
    small = [(name, subject) for name, subject in owned if name.islower() and " " not in name.removeprefix("the ")]
    single = [(name, subject) for name, subject in owned if _WORD.fullmatch(name) and name.istitle()]
    wanted = {form for name, _ in single for form in (name, name.lower())}
    counts: Counter[str] = Counter()
    for text in texts if wanted else ():
        counts.update(word for word in _WORD.findall(text) if word in wanted)
    for name, subject in small:
        yield _common(name, subject, "is written in small letters, and is linked wherever the word stands", locate)
    for name, subject in single:
        times, as_name = counts[name.lower()], counts[name]
        if times >= _OFTEN and times > as_name:
            capital = _times(as_name) if as_name else "never"
            said = f"is a common word here: {_times(times)} in small letters, {capital} with a capital"
            yield _common(name, subject, said, locate)


def check_tags(articles: Iterable[Facts], locate: Locate) -> Iterator[Issue]:
    """Tags that differ by more than their letter cases do not share a page unnoticed."""
    spellings: dict[str, tuple[str, Facts]] = {}
    for facts in articles:
        for tag in facts.tags:
            first, owner = spellings.setdefault(ids.tag_slug(tag), (tag, facts))
            if first != tag and first.casefold() != tag.casefold():
                message = f'the tags "{first}" (in {owner.id}) and "{tag}" share an address'
                yield Issue("same-tag", message, locate(facts.path, "tags"), "spell one of them out", Severity.WARNING)


def check_menu(items: Iterable[str], addresses: Addresses, place: Span) -> Iterator[Issue]:
    """Menu entries lead to pages of the site."""
    for url in items:
        path = url.partition("#")[0]
        if path.startswith("/") and path not in addresses.paths:
            yield Issue("dead-link", f'the menu leads to "{url}", where nothing is published', place,
                        did_you_mean(path, addresses.paths))  # fmt: skip


def _common(name: str, subject: Subject, said: str, locate: Locate) -> Issue:
    help = f"make it {{text: {name}, auto: false}}, and link it where it is meant"
    if name == subject.record.name:
        help = f"where it links what is not meant, say so in the article: links: {{{name}: none}}"
    return Issue("common-name", f'the name "{name}" of {subject.id} {said}', _alias_place(subject, name, locate), help,
                 Severity.WARNING)  # fmt: skip


def _folded_words(name: str) -> list[str]:
    """The words of a name without accents, in small letters; letters that look like Latin ones are those."""
    bare = "".join(
        sign for sign in unicodedata.normalize("NFKD", name.translate(LATIN).casefold()) if not unicodedata.combining(sign)
    )
    return re.findall(r"\w+", bare)


def _told_apart(one: Subject, other: Subject) -> bool:
    return other.id in one.record.not_same_as or one.id in other.record.not_same_as


def _nearly(one: list[str], other: list[str]) -> bool:
    """Whether two names are one but for their signs, or one word that is misspelt."""
    from rapidfuzz.distance import OSA

    if "".join(one) == "".join(other):
        return True
    if len(one) != len(other):
        return False
    differing = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    if len(differing) != 1:
        return False
    a, b = differing[0]
    # "First" and "Third", "Eastern" and "Western", "John" and "Jane" are words of their own.
    letters = min(len(a), len(b))
    if a[0] != b[0] or letters < _SHORT or not (a + b).isalpha():
        return False
    return bool(OSA.distance(a, b) <= (2 if letters >= _LONG else 1))


def _dead(reference: Reference, addresses: Addresses, titles: Mapping[str, str]) -> Issue:
    target = addresses.target(reference)
    if target in titles:
        why = "a draft, of a later date, rejected, or not sure enough"
        return Issue("unpublished-link", f'"{target}" is not published ({why})', reference.place,
                     "publish it, or write the name without a link", Severity.WARNING)  # fmt: skip
    if reference.wiki and len(owners := list(addresses.by_stem.get(target, ()))) > 1:
        message = f'"{target}" may be {" or ".join(owners)}'
        return Issue("ambiguous-link", message, reference.place, f"write the folder too: [[{owners[0]}]]")
    if reference.wiki:
        return _unknown_record(target, reference.place, titles)
    known = addresses.paths if target.startswith("/") else addresses.documents
    return Issue("dead-link", f'nothing is published at "{target}"', reference.place, did_you_mean(target, known))


def _unknown_record(target: str, place: Span, titles: Mapping[str, str]) -> Issue:
    """titles: of all documents, by id."""
    titled = [doc_id for doc_id, title in titles.items() if title.casefold() == target.casefold()]
    if titled:
        help = f"its id is {titled[0]}: write [[{titled[0]}|{target}]]"
    elif "/" in target.strip("/"):
        help = did_you_mean(target, titles) or f"write the record, content/{target}.md, or take the link out"
    else:
        help = did_you_mean(target, titles) or "write the folder too, as in [[people/…]], or take the link out"
    return Issue("unknown-record", f'no record "{target}"', place, help)


def _alias_place(subject: Subject, name: str, locate: Locate) -> Span:
    for i, alias in enumerate(subject.record.aliases):
        if alias.text == name:
            return locate(subject.path, "aliases", str(i))
    return locate(subject.path, "name")


def _times(count: int) -> str:
    return "once" if count == 1 else "twice" if count == 2 else f"{count} times"
