"""How many records the network shows: more than usual where igraph is there to lay them out, the extra `network`."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec

from sitegen.config import Config, place_of
from sitegen.errors import Issue, Severity
from sitegen.relate.planned import NETWORK_USUAL


def most(config: Config) -> int:
    """As many as the configuration says, and can be laid out."""
    return config.network if config.network <= NETWORK_USUAL or _is_there() else NETWORK_USUAL


def check(config: Config) -> Iterator[Issue]:
    """Says what lacks where a large network is asked for."""
    if config.network > NETWORK_USUAL and not _is_there():
        message = f"the network shows {NETWORK_USUAL} records: igraph is not installed"
        help = 'install the extra: pip install "sitegen[network]"'
        yield Issue("no-igraph", message, place_of(config, "network"), help, Severity.WARNING)


def _is_there() -> bool:
    return find_spec("igraph") is not None
