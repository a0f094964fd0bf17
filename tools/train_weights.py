"""Train the weights of the signs on wikigold, and write sitegen/data/weights.json.

    python tools/train_weights.py path/to/wikigold.jsonl            # writes
    python tools/train_weights.py path/to/wikigold.jsonl --check    # cross-validates, writes nothing

wikigold: Balasuriya et al. 2009, CC BY 4.0; one document a line, {"text", "mentions": [{"start", "end", "kind"}]}, kind
"person", "organisation" or "place". A softmax regression by stochastic gradient descent (AdaGrad steps, a quadratic
penalty) in plain Python; order and rounding are fixed, so that the same texts and lists give the same bytes.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sitegen.annotate.gazetteer import gazetteer
from sitegen.annotate.kinds import decide
from sitegen.annotate.reading import Reading, read
from sitegen.annotate.weights import KINDS, probabilities, scores, with_hand

TARGET = Path(__file__).parents[1] / "sitegen" / "data" / "weights.json"
GOLD = {"person": "people", "organisation": "organisations", "place": "places"}
EPOCHS, RATE, PENALTY, LEAST = 8, 0.1, 0.01, 5  # LEAST: times a sign is seen to have a weight
SEED, FOLDS = 7, 5

Example = tuple[Sequence[str], int]
Table = dict[str, tuple[float, ...]]


def main() -> None:
    """Train on the file named on the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("wikigold", type=Path)
    parser.add_argument("--check", action="store_true", help="cross-validate by document")
    arguments = parser.parse_args()
    documents = [json.loads(line) for line in arguments.wikigold.read_text(encoding="utf-8").splitlines()]
    examples = [list(labelled(document)) for document in documents]
    if arguments.check:
        sys.stdout.write(cross_validated(documents, examples))
        return
    table = train([example for document in examples for example in document])
    rows = ",\n".join(f"{json.dumps(sign)}: {json.dumps(table[sign])}" for sign in sorted(table))
    TARGET.write_text(f"{{\n{rows}\n}}\n", encoding="utf-8")
    sys.stdout.write(f"{TARGET}: {len(table)} signs\n")


def labelled(document: dict[str, Any]) -> Iterator[Example]:
    """The signs of each piece of a document, and the index of its kind in KINDS."""
    gold = golden(document)
    for reading in read(document["text"], gazetteer())[0]:
        if reading.signs:
            yield reading.signs, KINDS.index(gold.get(span(reading), "none"))


def golden(document: dict[str, Any]) -> dict[tuple[int, int], str]:
    """The kind of each gold span."""
    return {_trimmed(document["text"], mention): GOLD[mention["kind"]] for mention in document["mentions"]}


def _trimmed(text: str, mention: dict[str, Any]) -> tuple[int, int]:
    """A gold span without a leading "the" and a genitive's ending."""
    start, end = mention["start"], mention["end"]
    start += 4 if text[start : start + 4].lower() == "the " else 0
    return start, end - (2 if text[end - 2 : end] in ("'s", "’s") else 0)


def span(reading: Reading) -> tuple[int, int]:
    offset = reading.piece.block.offset
    return offset + reading.piece.start, offset + reading.piece.end


def train(examples: Sequence[Example]) -> Table:
    """The weights of each sign that is seen often enough, to two digits."""
    counts = Counter(sign for signs, _ in examples for sign in set(signs))
    examples = [([sign for sign in signs if counts[sign] >= LEAST], kind) for signs, kind in examples]
    table: defaultdict[str, list[float]] = defaultdict(lambda: [0.0] * len(KINDS))
    steps: defaultdict[str, list[float]] = defaultdict(lambda: [1e-6] * len(KINDS))
    shuffled, order = random.Random(SEED), list(range(len(examples)))
    for _ in range(EPOCHS):
        shuffled.shuffle(order)
        for number in order:
            signs, kind = examples[number]
            chances = probabilities(scores(signs, table))
            for at, chance in enumerate(chances):
                error = chance - (at == kind)
                for sign in signs:
                    weights, squares = table[sign], steps[sign]
                    slope = error + PENALTY * weights[at]
                    squares[at] += slope * slope
                    weights[at] -= RATE * slope / math.sqrt(squares[at])
    return {sign: tuple(round(weight, 2) + 0.0 for weight in row) for sign, row in table.items()}


def cross_validated(documents: Sequence[dict[str, Any]], examples: Sequence[Sequence[Example]]) -> str:
    """Exact-span F of each kind, every document named by what was learned from the others."""
    hits, said, true = Counter[str](), Counter[str](), Counter[str]()
    for fold in range(FOLDS):
        table = train([example for at, document in enumerate(examples) if at % FOLDS != fold for example in document])
        for document in documents[fold::FOLDS]:
            gold = golden(document)
            readings = read(document["text"], gazetteer())[0]
            found = {span(name.reading): name.kind for name in decide(readings, with_hand(table)) if name.kind}
            true.update(gold.values())
            said.update(found.values())
            hits.update(kind for at, kind in found.items() if gold.get(at) == kind)
    rows = [(kind,) for kind in GOLD.values()] + [("people", "organisations")]
    return "".join(f"{' + '.join(row):25} F {_f(row, hits, said, true):.3f}\n" for row in rows)


def _f(kinds: Sequence[str], hits: Counter[str], said: Counter[str], true: Counter[str]) -> float:
    return 2 * sum(hits[kind] for kind in kinds) / sum(said[kind] + true[kind] for kind in kinds)


if __name__ == "__main__":
    main()
