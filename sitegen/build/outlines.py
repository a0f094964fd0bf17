"""A collection's own outlines for maps: a GeoJSON file of the content folder, which the configuration names."""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.build.content import Content
from sitegen.build.scan import File
from sitegen.config import Config, place_of
from sitegen.errors import Issue, Span, did_you_mean


def own(config: Config, content: Content) -> File | None:
    """The file, None where the configuration names none that is there."""
    return next((file for file in content.tree.static if file.path == config.outlines), None) if config.outlines else None


def check(config: Config, content: Content) -> Iterator[Issue]:
    """Says why no map can be drawn on the outlines."""
    if not config.outlines:
        return
    file = own(config, content)
    if file is None:
        message = f'"outlines" names no file of the content folder: {config.outlines}'
        there = [other.path for other in content.tree.static if other.path.endswith("json")]
        help = did_you_mean(config.outlines, there) or "give its path below the content folder, or leave the key out"
        yield Issue("outlines", message, place_of(config, "outlines"), help)
        return
    from sitegen.geo.geojson import NoOutlines, read_outlines

    path = f"{config.content.relative_to(config.root).as_posix()}/{file.path}"
    try:
        read_outlines(file.read())
    except NoOutlines as error:
        yield Issue("outlines", str(error), Span(path, error.line), error.help)
    except OSError as error:
        yield Issue("outlines", f"the outlines cannot be read: {error.strerror}", Span(path), "see that you may read the file")
