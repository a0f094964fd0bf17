"""`sitegen annotate --jsonl`: the finder on its own."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from sitegen.cli.commands import main


def run(text: str, *options: str) -> tuple[int, list[dict[str, object]], str]:
    done = CliRunner().invoke(main, ["annotate", "--jsonl", *options], input=text)
    return done.exit_code, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def test_a_line_in_gives_a_line_of_mentions_out() -> None:
    code, lines, _ = run('{"id": "a", "text": "He flew to Paris, Texas."}\n\n{"id": 2, "text": "Nobody."}\n')
    assert (code, [line["id"] for line in lines], lines[1]["mentions"]) == (0, ["a", 2], [])
    paris = lines[0]["mentions"][0]  # type: ignore[index]
    assert (paris["text"], paris["start"], paris["end"], round(paris["lat"])) == ("Paris", 11, 16, 34)


@pytest.mark.parametrize("line", ["text", "[]", '{"id": 1}', "\xff"])
def test_a_line_that_is_no_text_is_named(line: str) -> None:
    code, _, said = run('{"id": 1, "text": "x"}\n' + line)
    assert (code, "line 2 is no JSON object" in said) == (2, True)


def test_several_processes_say_the_same_in_the_same_order() -> None:
    text = "".join(json.dumps({"id": i, "text": f"Mr John Smith met {i} people in London."}) + "\n" for i in range(60))
    assert run(text, "--jobs", "2") == run(text, "--jobs", "1")
