#!/usr/bin/env python3
"""Deterministic corpus generator for the benchmarks (standard library only).

    gen.py --n 10000 --out DIR --formats hugo,sitegen

Both formats hold the same articles. Hugo's mentions are ready-made links and taxonomies; sitegen's text is plain, with an
authority record for each name, so that it has to find every mention itself.
Article i depends only on (seed, n, i). Entities scale with n: 2,000 people, 800 organisations, 1,500 places per 10,000.
"""

from __future__ import annotations

import argparse
import bisect
import datetime as dt
import json
import random
import re
import shutil
import textwrap
from itertools import accumulate
from pathlib import Path
from typing import Any

KINDS = ("people", "organisations", "places")
COMMON = """
the of and to in a is that for it as was with be by on not he his but at are this have from or had an they which one
you were all her she there would their we him been has when who will no more if out so up said what its about than
into them can only other time new some could these two may first then do any like my now over such our man me even
most made after also did many before must through years where much your way well down should because long each just
state those people too little good
""".split()
CONTENT = """
archive harbour council letter parish railway minister committee survey museum village orchard printing company river
valley engineer teacher winter summer market record ledger charter school chapel bridge canal factory workshop foundry
station colony journal editor poet painter sculptor theatre orchestra festival congress treaty border province
district customs merchant cargo vessel captain sailor fishery timber granite copper silver wool linen cotton weaver
mill engine turbine reservoir aqueduct tunnel telegraph telephone broadcast newspaper pamphlet manuscript library
catalogue cabinet collection exhibit portrait landscape photograph negative plate drawing blueprint map atlas chart
meridian observatory telescope instrument laboratory chemistry physics botany geology mineral fossil glacier volcano
earthquake flood drought famine harvest granary bakery brewery distillery vineyard tavern boarding hospital surgeon
physician nurse midwife epidemic vaccine sanatorium asylum prison court judge jury lawyer petition statute parliament
election ballot campaign manifesto strike union guild apprentice labourer foreman landlord tenant estate manor cottage
barn meadow pasture cattle sheep horse carriage wagon tram automobile aviation airfield balloon expedition explorer
summit pass ridge plateau desert island lagoon lighthouse pier quay dock shipyard anchor compass sextant navigation
weather storm fog lantern candle gaslight electricity dynamo battery cable wire signal code cipher ambassador consul
embassy delegation conference protocol memorandum correspondence telegram dispatch courier postmaster stamp ticket
passport census register baptism marriage burial cemetery monument memorial statue plaque inscription restoration
architect mason carpenter blacksmith potter glazier tailor cobbler baker butcher grocer apothecary banker broker
auction inventory mortgage insurance dividend share tariff excise tax revenue budget deficit currency coin banknote
treasury
""".split()
VERBS = """
opened founded described recorded reported carried returned moved visited wrote printed published restored surveyed
planned financed inherited purchased sold donated collected catalogued preserved lost recovered discovered measured
drew painted photographed performed composed rehearsed taught studied travelled crossed sailed settled governed
resigned elected appointed arrested tried acquitted signed negotiated refused accepted demanded promised denied
confirmed remembered forgot
""".split()
ADJECTIVES = """
early late small large narrow broad old modern rural urban northern southern eastern western quiet busy famous obscure
reliable doubtful private public military civil royal local foreign official temporary permanent wooden iron stone
brick
""".split()
WORDS = COMMON * 6 + CONTENT * 2 + VERBS * 2 + ADJECTIVES
GIVEN = """
Ada Albert Alice Amos Anna Arthur Beatrice Bernard Bruno Carla Cecil Clara Conrad Cora Daniel Dora Edgar Edith Edmund
Elena Elias Ella Emil Emma Ernest Esther Eva Felix Flora Frank Frieda George Gerda Greta Gustav Hanna Harold Hazel
Hector Helen Henry Hilda Hugo Ida Ingrid Irene Isaac Ivan Jakob Jane Johan Josef Julia Karl Klara Laura Leo Lena Louis
Lucia Magda Marcus Maria Martin Mathilde Max Mina Nadia Nils Nora Olaf Olga Oscar Otto Paula Peter Petra Ralph Rosa
Rudolf Ruth Samuel Sara Selma Simon Sofia Stefan Tekla Theo Thomas Ulrich Ursula Vera Viktor Walter Wanda Wilhelm
Xenia Yvonne Zora
""".split()
SYLLABLES = """
al an ar bel ber bor bran cas dal dor el er fal fen gar gol had hal hel hol in jar kal kel kor lan lar len lin lor mar
mel mor nal nor ol or pal pen ral ren rik rol sal sel sol tal tar ten tor ul ur val ven vor wal wen wil yar zel
""".split()
BODIES = """
Society Company Institute Railway Press Museum Academy Union Bank Foundation Council Works Theatre Library Observatory
""".split()
LAND = ["", "", "", " Bay", " Bridge", " Valley", " Harbour", " Heath", " Island", " Hill"]
TAGS = [f"{a}-{c}" for a in ADJECTIVES[:20] for c in CONTENT[:20]]
CODE = {
    "python": [
        "def total(rows):",
        '    """Sum the ledger."""',
        '    return sum(r["amount"] for r in rows if r["amount"] > 0)',
        "",
        'print(total(load("ledger.csv")))  # pounds',
    ],
    "json": ["{", '  "parish": "Bel & Sons",', '  "year": 1871,', '  "pages": [1, 2, 3]', "}"],
    "bash": ["for f in scans/*.tif; do", '  convert "$f" -resize 50% "out/${f##*/}"  # ledger', "done"],
}
SEED = 7

Article = dict[str, Any]


def slugify(text: str) -> str:
    out = "".join(c if c.isalnum() else "-" for c in text.lower())
    while "--" in out:
        out = out.replace("--", "-")
    return out.strip("-")


def surname(rng: random.Random) -> str:
    return "".join(rng.choice(SYLLABLES) for _ in range(rng.choice((2, 2, 3)))).capitalize()


def entities(n: int) -> dict[str, list[str]]:
    """The names of each kind; their number grows with the number of articles."""
    rng = random.Random(f"{SEED}-entities")
    wanted = {"people": n * 2000 // 10000, "organisations": n * 800 // 10000, "places": n * 1500 // 10000}
    found: dict[str, list[str]] = {}
    seen: set[str] = set()
    for kind, count in wanted.items():
        names = found[kind] = []
        while len(names) < max(20, count):
            if kind == "people":
                name = f"{rng.choice(GIVEN)} {surname(rng)}"
            elif kind == "organisations":
                name = f"{surname(rng)} {rng.choice(BODIES)}"
            else:
                name = surname(rng) + rng.choice(LAND)
            if name not in seen:
                seen.add(name)
                names.append(name)
    return found


class Zipf:
    """Draws from n items, the i-th with a weight of 1 / (i + 10)."""

    def __init__(self, n: int) -> None:
        self.sums = list(accumulate(1 / (i + 10) for i in range(1, n + 1)))

    def draw(self, rng: random.Random, k: int) -> list[int]:
        """k different items, or all there are."""
        found: dict[int, int] = {}
        while len(found) < min(k, len(self.sums)):
            found[bisect.bisect(self.sums, rng.random() * self.sums[-1])] = 1
        return [min(i, len(self.sums) - 1) for i in found]


def sentence(rng: random.Random, extra: list[str] | tuple[str, ...] = ()) -> str:
    count = rng.randint(8, 18)
    words = [rng.choice(WORDS) for _ in range(count)]
    draw = rng.random()
    if draw < 0.12:
        words[rng.randrange(count)] = f"*{rng.choice(CONTENT)}*"
    elif draw < 0.17:
        words[rng.randrange(count)] = f"**{rng.choice(ADJECTIVES)} {rng.choice(CONTENT)}**"
    elif draw < 0.20:
        link = (
            f"[{rng.choice(ADJECTIVES)} {rng.choice(CONTENT)}](https://example.org/{rng.choice(CONTENT)}/{rng.randint(1, 999)})"
        )
        words[rng.randrange(count)] = link
    elif draw < 0.24:
        i = rng.randrange(count)
        words[i] = f'"{words[i]} {rng.choice(CONTENT)}"'
    elif draw < 0.28:
        words.insert(rng.randrange(1, count), "--")
    elif draw < 0.31:
        said = rng.choice(("don't", "it's", "council's", "wasn't", "o'clock"))
        words[rng.randrange(count)] = said
    elif draw < 0.32:
        words[rng.randrange(count)] = f"`{rng.choice(CONTENT)}.csv`"
    elif draw < 0.33:
        words[rng.randrange(count)] = "Bel & Sons"
    elif draw < 0.36:
        words[rng.randrange(count)] = str(rng.randint(1780, 1990))
    for mention in extra:
        words.insert(rng.randrange(1, len(words)), mention)
    if len(words) > 9 and rng.random() < 0.5:
        i = rng.randrange(3, len(words) - 3)
        if words[i][-1].isalpha():
            words[i] += ","
    text = " ".join(words)
    return text[0].upper() + text[1:] + rng.choice(("...", "?") + (".",) * 18)


def heading(rng: random.Random) -> str:
    title = " ".join(rng.choice(ADJECTIVES + CONTENT).capitalize() for _ in range(rng.randint(4, 8)))
    draw = rng.random()
    if draw < 0.08:
        return title.replace(" ", ": ", 1)
    if draw < 0.14:
        return title.replace(" ", " & ", 1)
    return f"{title} -- {rng.choice(CONTENT)}'s end" if draw < 0.18 else title


def article(i: int, n: int, names: dict[str, list[str]], zipf: dict[str, Zipf]) -> Article:
    """The i-th of n articles; its body links every mention, as Hugo wants it."""
    rng = random.Random(f"{SEED}-{n}-{i}")
    title = heading(rng)
    date = dt.datetime(2004, 1, 1, 8) + dt.timedelta(minutes=int(i * (20 * 365.25 * 1440) / n) + rng.randint(0, 5))
    found: Article = {"title": title, "date": date, "slug": f"{slugify(title)[:60].strip('-')}-{i}"}
    for kind, least, most in zip(KINDS, (3, 2, 2), (8, 5, 6), strict=True):
        found[kind] = [names[kind][j] for j in zipf[kind].draw(rng, rng.randint(least, most))]
    found["tags"] = sorted(rng.sample(TAGS, rng.randint(2, 5)))
    mentions = [f"[{name}](/{kind}/{slugify(name)}/)" for kind in KINDS for name in found[kind]]
    mentions += [rng.choice(mentions) for _ in range(rng.randint(2, 6))]
    rng.shuffle(mentions)
    blocks = paragraphs(rng, mentions, i)
    found["summary"] = " ".join(rng.choice(WORDS) for _ in range(22)).capitalize() + ", it's said."
    found["body"] = "\n\n".join(blocks) + "\n"
    return found


def paragraphs(rng: random.Random, mentions: list[str], i: int) -> list[str]:
    """Headings, paragraphs and the footnotes they call, with the mentions spread over them."""
    count = rng.randint(10, 15)
    slots: list[list[str]] = [[] for _ in range(count)]
    for mention in mentions:
        slots[rng.randrange(count)].append(mention)
    notes = rng.randint(1, 3) if rng.random() < 0.5 else 0
    noted = sorted(rng.sample(range(count), notes))
    headed = set(rng.sample(range(2, count), rng.randint(1, 3)))
    wrap = rng.random() < 0.3
    blocks = []
    for position in range(count):
        if position in headed:
            blocks.append("## " + " ".join(rng.choice(CONTENT) for _ in range(rng.randint(2, 4))).capitalize())
        parts = rng.randint(2, 4)
        sentences = [sentence(rng, slots[position][k::parts]) for k in range(parts)]
        if position in noted:
            sentences[rng.randrange(parts)] += f"[^{noted.index(position) + 1}]"
        text = " ".join(sentences)
        blocks.append(textwrap.fill(text, 88, break_long_words=False, break_on_hyphens=False) if wrap else text)
    extras(rng, blocks, i)
    return blocks + [f"[^{number}]: {sentence(rng)}" for number in range(1, notes + 1)]


def extras(rng: random.Random, blocks: list[str], i: int) -> None:
    """Put a quote, a list, code and a table into some articles; the code of article i is like no other's."""
    if rng.random() < 0.6:
        lines = textwrap.wrap(" ".join(sentence(rng) for _ in range(2)), 80)
        blocks.insert(rng.randrange(1, len(blocks)), "\n".join("> " + line for line in lines))
    if rng.random() < 0.3:
        mark = rng.choice(("- ", "1. "))
        place = rng.randrange(1, len(blocks))
        blocks.insert(place, "\n".join(mark + sentence(rng) for _ in range(rng.randint(3, 5))))
    if rng.random() < 0.1:
        language = rng.choice(sorted(CODE))
        place = rng.randrange(1, len(blocks))
        text = "\n".join(CODE[language]).replace("ledger", rng.choice(CONTENT)).replace("1871", str(i))
        text = text.replace("50%", f"{i % 89 + 10}%").replace("amount", rng.choice(CONTENT))
        blocks.insert(place, f"```{language}\n{text}\n```")
    if rng.random() < 0.08:
        rows = [f"| {rng.randint(1800, 1900)} | {rng.choice(CONTENT)} | {rng.randint(10, 900)} |" for _ in range(4)]
        blocks.insert(rng.randrange(1, len(blocks)), "\n".join(["| Year | Ship | Tons |", "| --- | :-- | --: |", *rows]))


def header(article: Article, lists: tuple[str, ...]) -> str:
    def quoted(text: str) -> str:
        return json.dumps(text, ensure_ascii=False)

    lines = ["---", f"title: {quoted(article['title'])}", f"date: {article['date']:%Y-%m-%dT%H:%M:%SZ}"]
    lines += [f"slug: {article['slug']}", f"summary: {quoted(article['summary'])}", f"tags: [{', '.join(article['tags'])}]"]
    for kind in lists:
        lines += [f"{kind}:", *(f"  - {name}" for name in article[kind])]
    return "\n".join(lines) + "\n---\n\n"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def authority(folder: Path, names: dict[str, list[str]]) -> None:
    """A reviewed record for each name; places have a point somewhere."""
    for kind, found in names.items():
        for i, name in enumerate(found):
            point = f"location: {{lat: {i * 37 % 120 - 55}, lon: {i * 91 % 340 - 170}}}\n" if kind == "places" else ""
            write(folder / "content" / kind / f"{slugify(name)}.md", f"---\nname: {name}\nstatus: reviewed\n{point}---\n")
    write(folder / "sitegen.toml", 'title = "Annotated Archive"\nurl = "https://example.org/"\ntheme = "plain"\n')


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--n", type=int, default=1000)
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--formats", default="hugo,sitegen")
    args = options.parse_args()
    formats = args.formats.split(",")
    names = entities(args.n)
    zipf = {kind: Zipf(len(found)) for kind, found in names.items()}
    for form in formats:
        shutil.rmtree(args.out / form, ignore_errors=True)
        ready = Path(__file__).parent / form
        if ready.is_dir():
            shutil.copytree(ready, args.out / form)
    size = 0
    for i in range(args.n):
        made = article(i, args.n, names, zipf)
        size += len(made["body"])
        for form in formats:
            path = args.out / form / "content" / "articles" / f"{made['slug']}.md"
            if form == "hugo":
                write(path, header(made, KINDS) + made["body"])
            else:
                plain = re.sub(r"\[([^\]]+)\]\(/(?:people|organisations|places)/[^)]*\)", r"\1", made["body"])
                write(path, header(made, ()) + plain)
    if "sitegen" in formats:
        authority(args.out / "sitegen", names)
    counts = json.dumps({kind: len(found) for kind, found in names.items()})
    print(f"n={args.n} body chars mean={size / args.n:.0f} entities={counts}")


if __name__ == "__main__":
    main()
