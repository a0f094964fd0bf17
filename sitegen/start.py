"""Where the command begins: a build with nothing to do ends here, a plain one needs no Click; all else is parsed by it."""

from __future__ import annotations

import os
import sys
import time


def main() -> None:
    from sitegen.build.unchanged import plainly, said_last_time

    began = time.perf_counter()
    said = said_last_time(sys.argv[1:], os.getcwd())  # noqa: PTH109  pathlib takes longer to import
    if isinstance(said, tuple):
        code, messages, result = said
        if messages:
            from sitegen.cli.colours import uncoloured

            sys.stderr.write(messages if sys.stderr.isatty() else uncoloured(messages))
        try:
            sys.stdout.write(f"{result} ({time.perf_counter() - began:.2f} s).\n")
            sys.stdout.flush()
        except BrokenPipeError:  # nobody reads on, as behind `| head`
            os._exit(1)
        sys.exit(code)
    from sitegen.patterns import Patterns

    asked, patterns = plainly(sys.argv[1:]), Patterns()
    patterns.begin()
    try:
        if asked and os.path.isdir(asked[0]) and os.access(asked[0], os.R_OK):  # noqa: PTH112  Click says what is wrong
            from pathlib import Path

            from sitegen.cli import building

            sys.exit(building.plain(Path(asked[0]), building.Asked(**asked[1]), said))
        from sitegen.cli.commands import main as command_line

        command_line(prog_name="sitegen")
    except SystemExit as end:
        if end.code is not None and not isinstance(end.code, int):
            raise
        patterns.end()
        # Tidying up the memory of 100,000 articles would take a second, and is for nothing.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(end.code or 0)
