"""Notes and mentions as one collection of W3C Web Annotations, https://www.w3.org/TR/annotation-model/."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from sitegen.publish.dataset import Dataset

_json = msgspec.json.Encoder().encode


def as_annotations(data: Dataset) -> Iterator[bytes]:
    """A collection with its one page inside, an annotation a line. Positions count characters of `text` in articles.jsonl."""
    name = data.address("/data/annotations.jsonld")
    head = {"@context": "http://www.w3.org/ns/anno.jsonld", "id": name, "type": "AnnotationCollection", "label": data.site.title}
    page = {"id": f"{name}#page", "type": "AnnotationPage", "startIndex": 0}
    yield _json(head)[:-1] + b',"first":' + _json(page)[:-1] + b',"items":[\n'
    total = 0
    for edition in data.editions():
        for item in data.annotations(edition):
            yield (b",\n" if total else b"") + _json(item)
            total += 1
    yield b'\n]},"total":%d}\n' % total
