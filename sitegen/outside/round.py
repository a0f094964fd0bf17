"""Ask many addresses within bounds: hosts beside each other, the addresses of one host one after the other with a pause between.

What was asked lately is not asked again; what does not fit into the bounds waits for the next time, oldest knowledge first.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from urllib.parse import urlsplit

import msgspec

from sitegen.outside.answers import Answer
from sitegen.outside.ask import Manners, ask


class Bounds(msgspec.Struct, frozen=True):
    """hosts: asked at once. pause: seconds between two requests to one. most: addresses asked in a round. seconds: of a round."""

    hosts: int = 8
    pause: float = 1.0
    most: int = 1_000
    seconds: float = 900.0


class Round(msgspec.Struct, frozen=True):
    """The answers that are known of the addresses, new and old; how many were asked now, and which wait for the next time."""

    answers: Mapping[str, Answer]
    asked: int
    waiting: Sequence[str]


def asked(
    addresses: Iterable[str], known: Mapping[str, Answer], manners: Manners, bounds: Bounds, *,
    now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC), tell: Callable[[str, Answer], None] = lambda *_: None,
) -> Round:  # fmt: skip
    """Ask those addresses of which nothing is known that is still believed. tell: called with each answer as it comes."""
    wanted = sorted(set(addresses))
    began = now()
    stale = [address for address in wanted if not (address in known and known[address].is_believed(began))]
    stale.sort(key=lambda address: (known[address].asked if address in known else "", address))
    patient = {_host(address) for address, answer in known.items() if answer.again and answer.is_believed(began)}
    hosts: defaultdict[str, list[str]] = defaultdict(list)
    for address in [address for address in stale if _host(address) not in patient][: bounds.most]:
        hosts[_host(address)].append(address)
    until, stop = time.monotonic() + bounds.seconds, threading.Event()

    def ask_host(mine: Sequence[str]) -> list[tuple[str, Answer]]:
        found: list[tuple[str, Answer]] = []
        for number, address in enumerate(mine):
            if (number and stop.wait(bounds.pause)) or stop.is_set() or time.monotonic() >= until:
                break
            answer = ask(address, manners, now)
            found.append((address, answer))
            tell(address, answer)
            if answer.again:
                break  # it asks for patience
        return found

    fresh: dict[str, Answer] = {}
    with ThreadPoolExecutor(bounds.hosts, thread_name_prefix="outside") as pool:
        rounds = [pool.submit(ask_host, mine) for _, mine in sorted(hosts.items(), key=lambda item: (-len(item[1]), item[0]))]
        try:
            for done in as_completed(rounds):
                fresh |= dict(done.result())
        except BaseException:
            stop.set()
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    answers = {address: answer for address in wanted if (answer := fresh.get(address) or known.get(address))}
    return Round(answers, len(fresh), [address for address in stale if address not in fresh])


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""
