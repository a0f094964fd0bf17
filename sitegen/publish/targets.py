"""What hosts read besides the pages of a site, and what they take.

Pure. Of a site that lies below a path of its host only the rules of redirects know that; all other rules are of the whole host.
Limits: Netlify, Cloudflare Pages and GitHub Pages as their documentation has them (docs/publishing.md says where), November 2026.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final
from urllib.parse import quote, urlsplit

import msgspec

from sitegen.errors import Issue, Severity, Span

HEADERS, REDIRECTS, CNAME, NO_JEKYLL = "_headers", "_redirects", "CNAME", ".nojekyll"
FILES: Final = frozenset({HEADERS, REDIRECTS, CNAME, NO_JEKYLL})
_MIB, _GB = 1 << 20, 10**9


class Target(msgspec.Struct, frozen=True):
    """A host and its limits; 0 is none.

    files: of the site; paid: the same on a plan that is paid for; in_folder: of one folder, without those below. size:
    bytes of a file; total: of the site. redirects: rules that `_redirects` may hold; dynamic: of those with a wildcard;
    line: characters of one; rules: bytes of all. headers: rules that `_headers` may hold; header: characters of a line.
    forced: the status of a redirect from where a page lies.
    """

    id: str
    name: str
    files: int = 0
    paid: int = 0
    in_folder: int = 0
    size: int = 0
    total: int = 0
    redirects: int = 0
    dynamic: int = 0
    line: int = 0
    rules: int = 0
    headers: int = 0
    header: int = 0
    forced: str = ""


TARGETS: Final = {
    target.id: target
    for target in (
        Target("netlify", "Netlify", in_folder=54_000, redirects=10_000, line=10_000, forced="301!"),
        Target("github", "GitHub Pages", size=100 * _MIB, total=_GB),
        Target(
            "cloudflare",
            "Cloudflare Pages",
            files=20_000,
            paid=100_000,
            size=25 * _MIB,
            redirects=2_000,
            dynamic=100,
            line=1_000,
            rules=100_000,
            headers=100,
            header=2_000,
            forced="301",
        ),  # its documentation does not tell of `rules`; what is beyond is passed over without a word
    )
}


class Uploaded(msgspec.Struct, frozen=True):
    """A file that would be uploaded: its path in the output folder, its size in bytes, whether it is a symbolic link."""

    path: str
    size: int
    link: bool = False


def written(
    target: Target, url: str, moved: Sequence[tuple[str, str]], *, index: str = "", speculation: str = "", fixed: str = ""
) -> dict[str, bytes]:
    """The files that a host reads, by path.

    url: the full address of the site. moved: old and new site paths. index: the folder of the search index, speculation:
    the site path of speculation rules, and fixed: the folder of assets that are named by their bytes; "" where there are none.
    """
    if target.id == "github":
        host, path = urlsplit(url).hostname or "", urlsplit(url).path
        own = path == "/" and "." in host and not host.endswith(".github.io") and not host.replace(".", "").isdigit()
        return {NO_JEKYLL: b""} | ({CNAME: f"{host}\n".encode()} if own else {})
    found = {HEADERS: _headers(index, speculation, fixed)}
    if rules := _redirects(target, url, moved):
        found[REDIRECTS] = "".join(rules).encode()
    return found


def check(target: Target, files: Iterable[Uploaded], folder: str, moved: int) -> Iterator[Issue]:
    """What a host would not take, or not as it is meant. folder: the output folder, as messages write it."""
    uploaded = sorted(files, key=lambda file: file.path)
    where = Span(folder)
    count, most = len(uploaded), target.paid or target.files
    if most and count > most:
        yield Issue("too-many-files", f"{count:,} files, and {target.name} takes {most:,}", where,
                    "build with --no-exports, or publish elsewhere")  # fmt: skip
    elif target.files and count > target.files:
        said = f"{count:,} files, and {target.name} takes {target.files:,} on its free plan, {target.paid:,} on others"
        yield Issue("beyond-free-plan", said, where, "nothing need be done on a paid plan; else build with --no-exports",
                    Severity.WARNING)  # fmt: skip
    crowded = Counter(file.path.rpartition("/")[0] for file in uploaded)
    for name, count in sorted(crowded.items()):
        if target.in_folder and count > target.in_folder:
            yield Issue("too-many-files", f"{count:,} files, and {target.name} takes {target.in_folder:,} in a folder",
                        Span(f"{folder}/{name}" if name else folder), "publish elsewhere, or part the folder")  # fmt: skip
    total = sum(file.size for file in uploaded)
    if target.total and total > target.total:
        yield Issue("too-large", f"{total:,} bytes in all, and {target.name} takes {target.total:,}", where,
                    "build with --no-exports, or publish elsewhere")  # fmt: skip
    for file in uploaded:
        place = Span(f"{folder}/{file.path}")
        if target.size and file.size > target.size:
            yield Issue("too-large", f"{file.size:,} bytes, and {target.name} takes {target.size:,} a file", place,
                        "make it smaller, or leave it out")  # fmt: skip
        if file.link:
            yield Issue("symlink", f"a symbolic link, which {target.name} does not follow", place, "put the file itself there")
    spelled: dict[str, str] = {}
    for file in uploaded:
        first = spelled.setdefault(file.path.casefold(), file.path)
        if first != file.path:
            yield Issue("same-but-case", f"{first} and {file.path} differ in their case alone: hosts may take them for one",
                        Span(f"{folder}/{file.path}"), "rename one of them")  # fmt: skip
    if target.redirects and moved > target.redirects:
        said = f"{moved:,} redirects, and {target.name} takes {target.redirects:,}"
        help = "nothing need be done: the others lead on as pages"
        yield Issue("too-many-rules", said, Span(f"{folder}/{REDIRECTS}"), help, Severity.NOTE)


def check_rules(target: Target, texts: Mapping[str, str], folder: str) -> Iterator[Issue]:
    """What a host would pass over of its own files. texts: those of `_headers` and `_redirects`, where they are there."""
    help = "put the rules that matter first, and join others by wildcards"
    for name, text in texts.items():
        lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
        rules = [line for line in lines if not line[0].isspace()] if name == HEADERS else lines
        wild = [line for line in rules if name == REDIRECTS and re.search(r"\*|/:", line.split()[0])]
        longest = max(map(len, lines), default=0)
        found = [
            (len(rules) - len(wild), target.headers if name == HEADERS else target.redirects, "rules"),
            (len(wild), target.dynamic, "rules with wildcards"),
            (longest, target.header if name == HEADERS else target.line, "characters in a line"),
            (len(text.encode()) if name == REDIRECTS else 0, target.rules, "bytes of rules"),
        ]
        for number, most, what in found:
            if most and number > most:
                said = f"{number:,} {what}, and {target.name} reads {most:,}"
                yield Issue("rules-passed-over", said, Span(f"{folder}/{name}"), help, Severity.WARNING)


def _headers(index: str, speculation: str, fixed: str) -> bytes:
    """Rules of headers. Of caching they tell only what need not be asked again: both hosts let browsers ask for all else."""
    wasm = " 'wasm-unsafe-eval'" if index else ""  # the search runs WebAssembly
    policy = (
        f"default-src 'none'; style-src 'self'; script-src 'self'{wasm}; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    lines = [
        "/*",
        f"  Content-Security-Policy: {policy}",
        "  X-Content-Type-Options: nosniff",
        "  Referrer-Policy: strict-origin-when-cross-origin",
        "  Permissions-Policy: camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ]
    if speculation:
        lines.append(f'  Speculation-Rules: "{speculation}"')
    named_by_bytes = [f"{index}{part}/" for part in ("fragment", "index") if index] + ([fixed] if fixed else [])
    for folder in named_by_bytes:
        lines += [f"{folder}*", "  Cache-Control: public, max-age=31536000, immutable"]
    if speculation:
        lines += [speculation, "  Content-Type: application/speculationrules+json"]
    return ("\n".join(lines) + "\n").encode()


def _redirects(target: Target, url: str, moved: Sequence[tuple[str, str]]) -> list[str]:
    """Rules of redirects, as many as a host takes; the pages at the old addresses lead on where there is none."""
    path = urlsplit(url).path.rstrip("/")
    rules = (f"{quote(path + old)} {_written(path + new)} {target.forced}\n" for old, new in moved)
    kept = [rule for rule in rules if len(rule) <= target.line][: target.redirects]
    while target.rules and sum(map(len, kept)) > target.rules:  # in quoted addresses every character is a byte
        kept = kept[: len(kept) * target.rules // sum(map(len, kept))]
    return kept


def _written(address: str) -> str:
    path, mark, fragment = address.partition("#")
    return quote(path) + mark + quote(fragment)
