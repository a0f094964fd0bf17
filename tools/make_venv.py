"""Make a virtual environment, also where Debian's python3 comes without what that takes.

    python3 tools/make_venv.py .venv

Runs on the standard library alone. Exits with 2, and says what to do, where it cannot be done.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NEEDED = (3, 11)


def main(folder: Path) -> None:
    if sys.version_info < NEEDED:
        stop(f"sitegen needs Python {NEEDED[0]}.{NEEDED[1]} or newer, and this is {sys.version.split()[0]} ({sys.executable}).",
             "Install a newer one, and name it: make site PYTHON=python3.13")  # fmt: skip
    if works(folder):
        return
    if not has_ensurepip():
        install_ensurepip()
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], capture_output=True, text=True)
    if made.returncode or not works(folder):
        stop(f"{folder} could not be made:", (made.stdout + made.stderr).strip())


def works(folder: Path) -> bool:
    """Whether there is an environment already, with a Python that is new enough and has pip."""
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    check = f"import sys, pip; sys.exit(sys.version_info < {NEEDED})"
    return python.exists() and subprocess.run([str(python), "-c", check], capture_output=True).returncode == 0


def has_ensurepip() -> bool:
    """Asked of a new process: Debian's package adds it while this one runs."""
    return subprocess.run([sys.executable, "-c", "import ensurepip, venv"], capture_output=True).returncode == 0


def install_ensurepip() -> None:
    # Debian names the package after the version, and python3-venv after that of its own python3.
    packages = ("python3-venv", f"python{sys.version_info[0]}.{sys.version_info[1]}-venv")
    remedy = f"Install it (Debian: sudo apt-get install {packages[0]}), then run this again."
    root = [] if hasattr(os, "geteuid") and os.geteuid() == 0 else ["sudo"]
    if not shutil.which("apt-get") or (root and not shutil.which("sudo")):
        stop("This Python cannot make virtual environments: its ensurepip is missing.", remedy)
    print(f"This Python has no ensurepip; installing {packages[0]} …", flush=True)
    # With env, for sudo drops what it is not told to keep.
    apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    for command in (["update"], *(["install", "-y", "--no-install-recommends", package] for package in packages)):
        subprocess.run([*apt, *command], stdout=subprocess.DEVNULL)
        if has_ensurepip():
            return
    stop("ensurepip is still missing.", remedy)


def stop(fact: str, remedy: str) -> None:
    print(f"{fact}\n{remedy}", file=sys.stderr)
    sys.exit(2)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else ".venv"))
