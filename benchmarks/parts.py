#!/usr/bin/env python3
"""Time two parts of sitegen by themselves: finding mentions, and laying out the map of places.

.venv/bin/python benchmarks/parts.py
"""

from __future__ import annotations

import random
import timeit
from collections.abc import Callable

from sitegen.annotate.find import find
from sitegen.annotate.names import Names
from sitegen.geo.layout import lay_out
from sitegen.geo.map import Pin
from sitegen.model.entity import Record


def best(action: Callable[[], object], number: int) -> float:
    """Milliseconds of one call: the best of five runs of `number` calls, the first call not counted."""
    action()
    return min(timeit.repeat(action, number=number, repeat=5)) / number * 1000


def main() -> None:
    rng = random.Random(1)
    words = ["".join(rng.choices("abcdefgh", k=7)).capitalize() for _ in range(20_000)]
    records = [(f"people/{i}", Record(name=f"{words[2 * i]} {words[2 * i + 1]}")) for i in range(10_000)]
    names = Names.of(records)
    text = " ".join(records[i][1].name if i % 20 == 0 else "telegraph" for i in range(420))
    pins = [Pin(str(i), "", rng.uniform(-50, 65), rng.uniform(-170, 170), 1 + i % 9) for i in range(200)]
    print(f"mentions in {len(text)} characters against 10,000 names: {best(lambda: find(text, (), (), names, {}), 50):.2f} ms")
    print(f"a world map of 200 places: {best(lambda: lay_out(pins), 5):.1f} ms")


if __name__ == "__main__":
    main()
