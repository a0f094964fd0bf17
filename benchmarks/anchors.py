#!/usr/bin/env python3
"""Edit generated articles at random, carry their notes over, and count where the notes end up.

    .venv/bin/python benchmarks/anchors.py [--articles 1000] [--edits 2,10] [--content content/articles]

Each letter of an article has a number that edits take along, so what became of a note's words is known: they are whole where
the same letters stand together in the same order, white space and the shape of quotation marks aside. Anything else (a word
replaced, taken out or put in between, a sign changed) makes them gone, even where a copy reads the same. A copy has new letters;
where a paragraph is taken out right beside its copy, the text is left just as rewording would leave it, and the copy is its heir:
notes that stand there are right, and counted once more "on an heir". Ends with 1 where more are placed wrongly than may be.
"""

from __future__ import annotations

import argparse
import itertools
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import gen

from sitegen.annotate.anchors import anchor
from sitegen.annotate.quotes import quote_of
from sitegen.model.notes import Anchored, Note, State

NOTES = 20
Place = tuple[int, int]
Letter = tuple[str, int]
_MARKUP = re.compile(r"\[\^\d+\]:?|\[([^\]]+)\]\([^)]*\)|\*\*?|`|^(?:#+|>|-|\d+\.) +", re.MULTILINE)
_SHAPES = str.maketrans({"'": "’", '"': "”"})
OUTCOMES = ("right", "flagged", "orphaned", "gone, told", "wrong")


@dataclass
class Draft:
    """An article that is being edited: paragraphs of letters, each with its number."""

    paragraphs: list[list[Letter]]
    rng: random.Random
    next: int = 0
    copied: dict[int, int] = field(default_factory=dict)  # the number of a copy's letter → that of the letter it is a copy of
    replaced: set[int] = field(default_factory=set)  # numbers of letters that were taken out beside their copy
    log: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, text: str, rng: random.Random) -> Draft:
        """The text as a draft: a letter's number is its place."""
        draft, at = cls([], rng, next=len(text)), 0
        for line in text.split("\n"):
            draft.paragraphs.append(list(zip(line, range(at, at + len(line)), strict=True)))
            at += len(line) + 1
        return draft

    def fresh(self, text: str) -> list[Letter]:
        self.next += len(text)
        return list(zip(text, range(self.next - len(text), self.next), strict=True))

    @property
    def text(self) -> str:
        return "\n".join("".join(letter for letter, _ in paragraph) for paragraph in self.paragraphs)

    @property
    def numbers(self) -> list[int]:
        """The number of each character of the text; -1 between paragraphs."""
        found: list[int] = []
        for paragraph in self.paragraphs:
            found += [number for _, number in paragraph]
            found.append(-1)
        return found[:-1]

    def any(self) -> int:
        return self.rng.randrange(len(self.paragraphs))

    def edit(self) -> None:
        edit = self.rng.choice(EDITS)
        self.log.append(edit.__name__)
        edit(self)


def read(paragraph: list[Letter]) -> str:
    return "".join(letter for letter, _ in paragraph)


def words(paragraph: list[Letter]) -> list[tuple[int, int]]:
    return [found.span() for found in re.finditer(r"\w+", read(paragraph))]


def sentences(paragraph: list[Letter]) -> list[tuple[int, int]]:
    return [found.span() for found in re.finditer(r"[^.?!]+(?:[.?!]+ ?|$)", read(paragraph))]


def insert(draft: Draft) -> None:
    """Some words, a sentence or a paragraph."""
    at = draft.any()
    paragraph = draft.paragraphs[at]
    kind = draft.rng.choice(("words", "sentence", "paragraph"))
    if kind == "paragraph":
        text = " ".join(plain(gen.sentence(draft.rng)) for _ in range(draft.rng.randint(1, 4)))
        draft.paragraphs.insert(draft.rng.randint(0, len(draft.paragraphs)), draft.fresh(text))
    elif kind == "words":
        place = draft.rng.choice([start for start, _ in words(paragraph)] or [0])
        put(draft, paragraph, place, place, lambda: " ".join(draft.rng.choices(gen.WORDS, k=draft.rng.randint(1, 4))) + " ")
    else:
        place = draft.rng.choice([start for start, _ in sentences(paragraph)] or [0])
        put(draft, paragraph, place, place, lambda: plain(gen.sentence(draft.rng)) + " ")


def put(draft: Draft, paragraph: list[Letter], start: int, end: int, draw: Callable[[], str]) -> None:
    """Put other words in place of some letters, or none.

    Where a text reads "a b a", and "b a" or "a b" was put in or taken out, nobody can tell which: such edits are not made.
    """
    before, old, after = (re.findall(r"\w+", read(part)) for part in (paragraph[:start], paragraph[start:end], paragraph[end:]))
    for _ in range(20):
        text = draw()
        new = re.findall(r"\w+", text)
        if not any(set(run[:1]) & set(after[:1]) or set(run[-1:]) & set(before[-1:]) for run in (old, new)) and new != old:
            paragraph[start:end] = draft.fresh(text)
            return


def delete(draft: Draft) -> None:
    """Some words, a sentence or a paragraph."""
    at = draft.any()
    paragraph = draft.paragraphs[at]
    kind = draft.rng.choice(("words", "sentence", "paragraph"))
    if kind == "paragraph" and len(draft.paragraphs) > 3:
        take_out(draft, at)
    elif kind == "sentence" and len(found := sentences(paragraph)) > 1:
        put(draft, paragraph, *draft.rng.choice(found), str)
    elif len(found := words(paragraph)) > 6:
        first = draft.rng.randrange(len(found) - 4)
        put(draft, paragraph, found[first][0], found[first + draft.rng.randint(1, 4)][0], str)


def take_out(draft: Draft, at: int) -> None:
    """A paragraph. Where its copy stands right beside it, the text reads as if some words had been replaced: so they were."""
    gone = {number for _, number in draft.paragraphs[at]}
    for beside in draft.paragraphs[max(0, at - 1) : at] + draft.paragraphs[at + 1 : at + 2]:
        if any(draft.copied.get(number) in gone for _, number in beside):
            beside[:] = [(c, old if (old := draft.copied.get(number, number)) in gone else number) for c, number in beside]
            draft.replaced |= gone
            break
    del draft.paragraphs[at]


def move(draft: Draft) -> None:
    """A paragraph to another place."""
    paragraph = draft.paragraphs.pop(draft.any())
    draft.paragraphs.insert(draft.rng.randint(0, len(draft.paragraphs)), paragraph)


def reword(draft: Draft) -> None:
    """One to three neighbouring words."""
    replace(draft, draft.paragraphs[draft.any()], draft.rng.randint(1, 3))


def replace(draft: Draft, paragraph: list[Letter], count: int) -> None:
    found = words(paragraph)
    if not found:
        return
    first = draft.rng.randrange(len(found))
    last = min(len(found), first + count) - 1
    start, end = found[first][0], found[last][1]
    put(draft, paragraph, start, end, lambda: " ".join(draft.rng.choices(gen.WORDS, k=draft.rng.randint(1, 3))))


def near_duplicate(draft: Draft) -> None:
    """A copy of a paragraph, in which one to three words are others, anywhere."""
    original = draft.paragraphs[draft.any()]
    copy = draft.fresh(read(original))
    draft.copied |= {new: old for (_, new), (_, old) in zip(copy, original, strict=True)}
    for _ in range(draft.rng.randint(1, 3)):
        replace(draft, copy, 1)
    if read(copy) != read(original):
        draft.paragraphs.insert(draft.rng.randint(0, len(draft.paragraphs)), copy)


def split(draft: Draft) -> None:
    """A paragraph, at a space."""
    at = draft.any()
    paragraph = draft.paragraphs[at]
    spaces = [start for start, _ in sentences(paragraph)][1:] or [i for i, (c, _) in enumerate(paragraph) if c == " "]
    if spaces:
        place = draft.rng.choice(spaces)
        head = paragraph[:place]
        while head and head[-1][0] == " ":
            head.pop()
        tail = paragraph[place:]
        while tail and tail[0][0] == " ":
            tail.pop(0)
        draft.paragraphs[at : at + 1] = [part for part in (head, tail) if part]


def join(draft: Draft) -> None:
    """Two paragraphs that follow each other."""
    if len(draft.paragraphs) > 3:
        at = draft.rng.randrange(len(draft.paragraphs) - 1)
        draft.paragraphs[at : at + 2] = [draft.paragraphs[at] + draft.fresh(" ") + draft.paragraphs[at + 1]]


def punctuate(draft: Draft) -> None:
    """Other signs in a paragraph: the shape of its quotation marks, or one comma, stop or dash."""
    paragraph = draft.paragraphs[draft.any()]
    signs = [i for i, (c, _) in enumerate(paragraph) if c in ",.;?-"]
    if draft.rng.random() < 0.5 or not signs:
        paragraph[:] = [(letter.translate(_SHAPES), number) for letter, number in paragraph]
        return
    at = draft.rng.choice(signs)
    others = [sign for sign in ("", ";", ":", "!", " –") if sign != paragraph[at][0]]
    paragraph[at : at + 1] = draft.fresh(draft.rng.choice(others))


EDITS: tuple[Callable[[Draft], None], ...] = (insert, delete, move, reword, near_duplicate, split, join, punctuate)


def plain(markdown: str) -> str:
    """The text of an article's Markdown, a line a paragraph."""
    return _MARKUP.sub(lambda found: found[1] or "", markdown)


def lines(markdown: str) -> str:
    blocks = markdown.strip().split("\n\n")
    return "\n".join(" ".join(plain(block).split()) for block in blocks if not block.startswith(("```", "|")))


def corpus(n: int, folder: Path | None) -> Iterator[str]:
    """The texts of n generated articles, or of those of a folder, again and again."""
    if folder:
        texts = [path.read_text(encoding="utf-8").split("\n---\n", 1)[1] for path in sorted(folder.rglob("*.md"))]
        yield from itertools.islice(itertools.cycle(map(lines, texts)), n)
        return
    names = gen.entities(n)
    zipf = {kind: gen.Zipf(len(found)) for kind, found in names.items()}
    for i in range(n):
        yield lines(gen.article(i, n, names, zipf)["body"])


def annotate(text: str, rng: random.Random) -> list[tuple[Note, int, int]]:
    """Notes on one to forty words, a few of them across paragraphs, quoted as `sitegen notes rebase` would."""
    spots = [found.span() for found in re.finditer(r"\w+", text)]
    made = []
    while len(made) < NOTES:
        least, most = rng.choice(((1, 1), (2, 5), (2, 5), (6, 15), (6, 15), (16, 40)))
        first = rng.randrange(len(spots))
        start, end = spots[first][0], spots[min(len(spots) - 1, first + rng.randint(least, most) - 1)][1]
        if "\n" in text[start:end] and rng.random() < 0.7:
            continue
        made.append((Note(id=f"n{len(made)}", quote=quote_of(text, start, end)), start, end))
    return made


@dataclass(frozen=True)
class Trial:
    """An article before and after some edits, with its notes; `places` says where each of them belongs now, if anywhere."""

    text: str
    new: str
    notes: tuple[Note, ...]
    homes: tuple[Place, ...]
    places: tuple[Place | None, ...]
    numbers: list[int]
    copied: dict[int, int]
    replaced: set[int]
    log: tuple[str, ...]

    @classmethod
    def run(cls, text: str, edits: int, rng: random.Random) -> Trial:
        made = annotate(text, rng)
        draft = Draft.of(text, rng)
        for _ in range(edits):
            draft.edit()
        new, numbers = draft.text, draft.numbers
        now = {number: at for at, number in enumerate(numbers)}
        homes = tuple((start, end) for _, start, end in made)
        places = tuple(whole(home, text, new, numbers, now) for home in homes)
        notes = tuple(note for note, _, _ in made)
        return cls(text, new, notes, homes, places, numbers, draft.copied, draft.replaced, tuple(draft.log))

    def by_position(self) -> tuple[Anchored, ...]:
        """For comparison: each note stays at its number."""
        pairs = zip(self.notes, self.homes, strict=True)
        return tuple(Anchored(note.id, State.ANCHORED, "", start, end) for note, (start, end) in pairs)

    def told(self, found: Anchored, place: Place | None) -> str:
        """What became of a note, as a row of the table has it."""
        # By position alone, a note may lie behind the end of a text that became shorter: it is placed nowhere.
        if found.state is State.ANCHORED and found.end <= len(self.new):
            return "right" if (found.start, found.end) == place else "wrong"
        if place is None:
            return "gone, told"
        return "orphaned" if found.state in (State.ORPHAN, State.ANCHORED) else "flagged"

    def on_copy(self, home: Place, found: Anchored) -> bool:
        """Whether a note was placed on the same words of a copy of its paragraph."""
        here = [self.numbers[at] for at in range(found.start, found.end) if not self.new[at].isspace()]
        while any(number in self.copied for number in here):  # a copy of a copy
            here = [self.copied.get(number, number) for number in here]
        return here == [at for at in range(*home) if not self.text[at].isspace()]

    def on_heir(self, home: Place, found: Anchored) -> bool:
        """Whether a note was placed in what is left where its paragraph was taken out beside its copy: counted as reworded."""
        return found.state is State.ANCHORED and not self.replaced.isdisjoint(range(*home))

    def show(self, outcome: str, note: Note, home: Place, found: Anchored, place: Place | None) -> None:
        print(f"\n{outcome}: {', '.join(self.log)}\n  {note.quote}\n  {found}, belongs to {place}")
        print("  old:", line_at(self.text, home[0]))
        for start, _ in filter(None, [place, (found.start, found.end), *found.proposals]):
            print("  new:", line_at(self.new, start) if start >= 0 else "–")


def whole(home: Place, text: str, new: str, numbers: list[int], now: dict[int, int]) -> Place | None:
    """Where the letters of a passage stand now; None where they are not together, all of them and nothing else."""
    wanted = [at for at in range(*home) if not text[at].isspace()]
    if wanted[0] not in now or wanted[-1] not in now:
        return None
    start, end = now[wanted[0]], now[wanted[-1]] + 1
    return (start, end) if [numbers[at] for at in range(start, end) if not new[at].isspace()] == wanted else None


def line_at(text: str, at: int) -> str:
    return text[text.rfind("\n", 0, at) + 1 :].partition("\n")[0]


WITH_OLD = "with the old text"
MOST_WRONG = {2: 0.0, 10: 0.01}  # shares of the notes that may be placed wrongly without a word, by edits
WAYS: dict[str, Callable[[Trial], tuple[Anchored, ...]]] = {
    WITH_OLD: lambda trial: anchor(trial.notes, trial.new, trial.text),
    "without it": lambda trial: anchor(trial.notes, trial.new),
    "by position alone": Trial.by_position,
}


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--articles", type=int, default=1000)
    options.add_argument("--edits", default="2,10")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--content", type=Path, help="a folder of Markdown articles to take instead of generated ones")
    options.add_argument("--show", default="", help="print the notes with these outcomes, such as wrong,flagged")
    args = options.parse_args()
    print(f"{args.articles:,} articles, {NOTES} notes each; shares of all notes\n")
    print(
        f"{'edits':>5}  {'':18}"
        + "".join(f"{name:>11}" for name in OUTCOMES)
        + f"{'wrong':>7}{'on a copy':>11}{'on an heir':>12}{'proposed':>10}{'ms':>6}"
    )
    failed = False
    for edits in map(int, args.edits.split(",")):
        counts = {way: Counter[str]() for way in WAYS}
        spent = Counter[str]()
        for i, text in enumerate(corpus(args.articles, args.content)):
            trial = Trial.run(text, edits, random.Random(f"{args.seed}-{edits}-{i}"))
            for way, carry in WAYS.items():
                began = time.process_time()
                results = carry(trial)
                spent[way] += time.process_time() - began
                for note, home, found, place in zip(trial.notes, trial.homes, results, trial.places, strict=True):
                    outcome = trial.told(found, place)
                    counts[way][outcome] += 1
                    counts[way]["on a copy"] += outcome == "wrong" and trial.on_copy(home, found)
                    counts[way]["on an heir"] += outcome == "right" and trial.on_heir(home, found)
                    counts[way]["proposed"] += outcome in ("flagged", "orphaned") and place in found.proposals
                    if outcome in args.show.split(",") and way == WITH_OLD:
                        trial.show(outcome, note, home, found, place)
        for way, count in counts.items():
            shares = "".join(f"{count[name] / args.articles / NOTES:>11.2%}" for name in OUTCOMES)
            needless = count["flagged"] + count["orphaned"]
            proposed = f"{count['proposed'] / needless:.0%}" if needless else ""
            wrong = f"{count['wrong']:>7}{count['on a copy']:>11}{count['on an heir']:>12}"
            print(f"{edits:>5}  {way:18}{shares}{wrong}{proposed:>10}{1000 * spent[way] / args.articles:>6.1f}")
        lost, heirs = (counts[WITH_OLD][name] for name in ("wrong", "on an heir"))
        most = int(MOST_WRONG.get(edits, 1.0) * args.articles * NOTES)
        print(f"       placed wrongly, unsaid: {lost} (at most {most}); with those on an heir {lost + heirs}\n")
        failed |= lost > most
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
