"""What fuzzing found stays mended, and hypothesis goes on looking, a little at each run: `make fuzz` looks for minutes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS

FOUND = Path(__file__).parents[1] / "fixtures/fuzz"
KEPT = sorted(path.relative_to(FOUND).as_posix() for path in FOUND.rglob("*") if path.is_file())

# What the readers look for, put together as nobody would.
TOKENS = st.sampled_from(
    "---\n|name: |aliases: [|links: {|: |- |? |&a |*a |!!python/object:os.system |<<: |\t|\"|'|{|}|[|]|#|\n|\r|\n\n|> |* |1. "
    "|~~~|```|[^1]|[^1]: |[[people/a|\\|]]|](|<script>|<!--|&#0;|\u00ad|¬\n|\f|\u2028|\ufeff|\u202e|🚢|\u0301|Mr. |St. |of |the "
    '|Paris|1858-08-16|16 August 1858|Morse|notes:\n|quote: |exact: |{"id": |"target": |"selector": |T1\tPerson 0 5\t|=|%|!|~|^'
    "|\x00|\x1b$B|+AAA-|~{".split("|")
)
INPUTS = st.one_of(
    st.binary(max_size=200),
    st.lists(TOKENS | st.text(max_size=5), max_size=40).map(lambda parts: "".join(parts).encode("utf-8", "replace")),
    st.tuples(st.lists(TOKENS, max_size=12), st.lists(TOKENS, max_size=12)).map(
        lambda both: f"---\n{''.join(both[0])}\n---\n{''.join(both[1])}".encode()
    ),
)


@pytest.mark.parametrize("path", KEPT)
def test_what_fuzzing_found_is_mended(path: str) -> None:
    TARGETS[path.partition("/")[0]]((FOUND / path).read_bytes())


def test_every_kept_input_has_a_target() -> None:
    assert {path.partition("/")[0] for path in KEPT} <= set(TARGETS)


@pytest.mark.parametrize("target", TARGETS)
def test_no_input_breaks_a_promise(target: str) -> None:
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(INPUTS)
    def tried(data: bytes) -> None:
        TARGETS[target](data)

    tried()


@pytest.mark.soak
@pytest.mark.parametrize("target", TARGETS)
def test_no_input_of_thousands_breaks_a_promise(target: str) -> None:
    @settings(max_examples=5000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(INPUTS)
    def tried(data: bytes) -> None:
        TARGETS[target](data)

    tried()
