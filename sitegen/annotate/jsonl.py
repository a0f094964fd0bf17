"""The finder on its own: lines of {"id", "text"} in, lines of {"id", "mentions": […]} out, for others to use and measure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from sitegen.annotate.mentions import NONE, Aids, mentions
from sitegen.errors import SiteError

# What a name is called in the sets by which finders are measured.
_SINGULAR = {"people": "person", "organisations": "organisation", "places": "place", "events": "event"}


class Text(msgspec.Struct):
    """A line that comes in. Other keys are allowed and ignored."""

    id: str | int
    text: str


class Mention(msgspec.Struct):
    """A name of a text; see `mentions.Found`. record: an id where the collection has the record."""

    start: int
    end: int
    text: str
    kind: str
    record: str
    lat: float | None
    lon: float | None
    score: float
    why: str


class Annotated(msgspec.Struct):
    """A line that goes out."""

    id: str | int
    mentions: list[Mention]


def annotate(lines: Iterable[str | bytes], first: int = 1, aids: Aids = NONE) -> Iterator[bytes]:
    """A line of mentions, without a line break, for each line with a text; blank lines are skipped.

    kind is "person", "organisation", "place" or "event"; offsets are code points. first: the number of the first line.
    aids: what the finder is told besides.
    Raises: SiteError where a line is no such object.
    """
    decode, encode = msgspec.json.Decoder(Text).decode, msgspec.json.Encoder().encode
    for number, line in enumerate(lines, first):
        if not line.strip():
            continue
        try:
            text = decode(line)
        except (msgspec.DecodeError, UnicodeError) as error:
            raise SiteError(f'line {number} is no JSON object with "id" and "text": {error}',
                            help='write {"id": "a1", "text": "…"} on each line') from error  # fmt: skip
        found = [
            Mention(
                one.start, one.end, one.text, _SINGULAR[one.kind], one.known or one.record, one.lat, one.lon, one.score, one.why
            )
            for one in mentions(text.text, aids)
        ]
        yield encode(Annotated(text.id, found))
