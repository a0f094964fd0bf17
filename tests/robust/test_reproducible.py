"""The same input makes the same bytes: whatever the hash seed, the time zone, the locale, the jobs, the order of directories."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import Collection, crowd, files

REPOSITORY = Path(__file__).parents[2]

# What differs between machines: environment, jobs, and the order in which a folder lists its files.
MACHINES = {
    "hash seed 1, Tonga": ({"PYTHONHASHSEED": "1", "TZ": "Pacific/Tongatapu", "LC_ALL": "C"}, "1"),
    "hash seed 2, Samoa": ({"PYTHONHASHSEED": "2", "TZ": "Pacific/Samoa", "LC_ALL": "C.UTF-8", "LANGUAGE": "tr"}, "4"),
    "shuffled folders": ({"PYTHONHASHSEED": "3", "TZ": "UTC", "PYTHONUTF8": "0", "SHUFFLED": "7"}, "2"),
}

# Run before the program: `os.scandir` gives its entries in an order by chance.
SHUFFLING = """
import os, random
if (seed := os.environ.get("SHUFFLED")):
    real, chance = os.scandir, random.Random(int(seed))
    class Entries(list):
        def __enter__(self): return self
        def __exit__(self, *_): pass
        def close(self): pass
        def __next__(self):
            if not self: raise StopIteration
            return self.pop()
        def __iter__(self): return self
    def scandir(*given):
        with real(*given) as entries: found = list(entries)
        chance.shuffle(found)
        return Entries(found)
    os.scandir = scandir
"""


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    root = tmp_path_factory.mktemp("first") / "c"
    filled(root)
    return root, built(root, {"PYTHONHASHSEED": "0", "TZ": "Europe/London"}, "2", root.parent, "--no-search")


def filled(root: Path, articles: int = 60) -> Collection:
    collection = crowd(Collection(root), articles)
    collection.record("places/paris", "Paris", "location: {lat: 48.9, lon: 2.3}\naliases: [Lutetia]\n")
    collection.article("ï-name", "Lutetia, Paris. Field met Morse.", more="tags: [straße, Ísland, sea]\n", date="")
    return collection.write("pages/about.md", "---\ntitle: About\n---\nMorse.\n")


def built(root: Path, environment: dict[str, str], jobs: str, scratch: Path, *options: str) -> dict[str, bytes]:
    (scratch / "sitecustomize.py").write_text(SHUFFLING)
    around = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{scratch}:{REPOSITORY}",
        "SOURCE_DATE_EPOCH": "1795348800",
        **environment,
    }
    made = [sys.executable, "-m", "sitegen", "-C", str(root), "build", "--jobs", jobs, *options]
    done = subprocess.run(made, env=around, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return files(root / "site")


@pytest.mark.parametrize("machine", MACHINES)
def test_another_machine_makes_the_same_bytes(first: tuple[Path, dict[str, bytes]], tmp_path: Path, machine: str) -> None:
    environment, jobs = MACHINES[machine]
    root = tmp_path / "elsewhere"
    filled(root)
    there = built(root, environment, jobs, tmp_path, "--no-search")
    assert {path for path in there | first[1] if there.get(path) != first[1].get(path)} == set()


def test_a_list_of_our_files_is_the_same_too(first: tuple[Path, dict[str, bytes]], tmp_path: Path) -> None:
    root = tmp_path / "c"
    filled(root)
    built(root, {"PYTHONHASHSEED": str(random.randrange(1000))}, "2", tmp_path, "--no-search")
    assert (root / "site/.sitegen.sha256").read_bytes() == (first[0] / "site/.sitegen.sha256").read_bytes()


EVERYTHING = 'title = "T"\nurl = "https://e.org/"\nexports = true\ncards = "articles"\nfonts = true\nrecord_feeds = 1\n'


def test_exports_cards_fonts_and_the_search_index_are_the_same_bytes_too(tmp_path: Path) -> None:
    made = []
    for name, environment, jobs in (
        ("one", {"PYTHONHASHSEED": "4", "TZ": "Asia/Tokyo"}, "1"),
        ("two", *MACHINES["shuffled folders"]),
    ):
        root = tmp_path / name / "c"
        filled(root, 8).write("../sitegen.toml", EVERYTHING).write(
            "articles/a1.notes.yaml", "notes:\n- {id: n1, quote: met, body: B}\n"
        )
        made.append(built(root, environment, jobs, root.parent))
    one, two = made
    kinds = {Path(path).suffix for path in one}
    assert {".sqlite", ".zip", ".png", ".woff2", ".ttl", ".csv", ".xml"} <= kinds and any(
        path.startswith("pagefind/") for path in one
    )
    assert {path for path in one | two if one.get(path) != two.get(path)} == set()


def test_the_day_is_that_of_source_date_epoch(tmp_path: Path) -> None:
    root = tmp_path / "c"
    filled(root).article("tomorrow", "Morse.", date="2026-11-23")
    assert "articles/tomorrow/index.html" not in built(root, {}, "1", tmp_path, "--no-search")  # of 22 November 2026
    assert "articles/tomorrow/index.html" in built(root, {"SOURCE_DATE_EPOCH": "1795435200"}, "1", tmp_path, "--no-search")


# Refuses every socket but the pairs that Python itself makes.
OFFLINE = """
import socket
def refused(*given, **named): raise AssertionError(f"the network was asked for: {given}")
socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = socket.create_connection = refused
"""


@pytest.mark.parametrize(
    "command", [("convert",), ("build", "--no-search"), ("check",), ("addresses",), ("impact", "content/articles/a0.md")]
)
def test_no_command_asks_the_network(tmp_path: Path, command: tuple[str, ...]) -> None:
    root = tmp_path / "c"
    filled(root).write("sources/t.txt", "A title\n\nMorse met Field in London.\n")
    (tmp_path / "sitecustomize.py").write_text(OFFLINE)
    around = {**os.environ, "PYTHONPATH": f"{tmp_path}:{REPOSITORY}"}
    done = subprocess.run(
        [sys.executable, "-m", "sitegen", "-C", str(root), *command], env=around, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "the network was asked for" not in done.stdout + done.stderr


def namespaces() -> bool:
    asked = ["unshare", "--map-root-user", "--net", "true"]
    return shutil.which("unshare") is not None and subprocess.run(asked, capture_output=True).returncode == 0


@pytest.mark.skipif(not namespaces(), reason="needs a kernel that gives namespaces to everyone")
def test_a_build_needs_no_network_at_all(tmp_path: Path) -> None:
    root = tmp_path / "c"
    filled(root)
    # Pagefind runs in the same namespace: it has no interface but a loopback that is down.
    made = ["unshare", "--map-root-user", "--net", sys.executable, "-m", "sitegen", "-C", str(root), "build"]
    done = subprocess.run(made, env={**os.environ, "PYTHONPATH": str(REPOSITORY)}, capture_output=True, text=True)
    assert (done.returncode, (root / "site/pagefind").is_dir()) == (0, True), done.stdout + done.stderr
