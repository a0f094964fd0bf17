"""A new collection: the files of `sitegen/scaffold/files`, written where they are wanted.

In the package a name that begins with a dot is spelled "dot-…", so that no tool takes these files for its own.
"""

from __future__ import annotations

import json
from pathlib import Path

from sitegen.errors import SiteError

_FILES = Path(__file__).with_name("files")
_SHOWN = 4  # names in a message

_REQUIREMENTS = """\
# What a publishing host installs to build this collection.
# Not "sitegen" from the Python Package Index: that name is another project's.
"""


def scaffold(folder: Path) -> list[str]:
    """Write a collection that converts and builds as it stands; the paths written, relative to `folder`.

    Raises: SiteError where one of the files is there already; then nothing is written.
    """
    files = {_published(path): path.read_bytes() for path in sorted(_FILES.rglob("*")) if path.is_file()}
    files["requirements.txt"] = (_REQUIREMENTS + requirement()).encode()
    if taken := [name for name in sorted(files) if (folder / name).exists() or (folder / name).is_symlink()]:
        more = f" and {len(taken) - _SHOWN} more" if len(taken) > _SHOWN else ""
        fact = f"{folder} has files of the same name: {', '.join(taken[:_SHOWN])}{more}"
        raise SiteError(fact, help="name another folder, or move them away")
    try:
        for name, data in files.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    except OSError as error:
        raise SiteError(f"{error.filename or folder}: cannot be written: {error.strerror}",
                        help="check the path and its permissions") from error  # fmt: skip
    return sorted(files)


def requirement() -> str:
    """The line by which pip installs this very program elsewhere: its git address and commit, where it came from git."""
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        origin = json.loads(distribution("sitegen").read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError):
        origin = {}
    if commit := origin.get("vcs_info", {}).get("commit_id"):
        return f"sitegen @ {origin['vcs_info']['vcs']}+{origin['url']}@{commit}\n"
    return "# Write the address here that you have the program from:\n# sitegen @ git+https://…\n"


def _published(path: Path) -> str:
    parts = path.relative_to(_FILES).parts
    return "/".join("." + part.removeprefix("dot-") if part.startswith("dot-") else part for part in parts)
