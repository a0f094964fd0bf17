"""See that there is what the tests need of the system; install Debian's where it is not.

    .venv/bin/python tools/need_system.py

A Chromium for the browser tests, and FUSE's library for those of other file systems. Where there can be none these tests skip
themselves: that is said, and without a Chromium it is a failure with CI=true. To mount takes a right that not every machine
gives.
"""

import os
import shutil
import subprocess
import sys
from ctypes.util import find_library

NAMES = ("chromium", "chromium-browser", "google-chrome")
FUSE = ("libfuse2", "libfuse2t64")  # as Debian 12 and 13 call it


def main() -> int:
    if not (library() or install("FUSE's library for the tests of other file systems", *FUSE)):
        print("No library of FUSE, and none can be installed here: tests of other file systems will be skipped.")
    if find() or (install("Chromium for the browser tests", "chromium") and find()):
        return 0
    print("No Chromium, and none can be installed here: browser tests will be skipped. (Debian: sudo apt-get install chromium)")
    return 1 if os.environ.get("CI") == "true" else 0


def find() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def library() -> str | None:
    return find_library("fuse") or find_library("fuse3")


def install(what: str, *packages: str) -> bool:
    """Whether apt-get installed one of the packages, as root or with a sudo that asks for no password."""
    root = [] if hasattr(os, "geteuid") and os.geteuid() == 0 else ["sudo", "-n"]
    if not shutil.which("apt-get") or (root and not shutil.which("sudo")):
        return False
    if subprocess.run([*root, "true"], capture_output=True).returncode:
        return False
    print(f"No {what}; installing Debian's …", flush=True)
    # With env, for sudo drops what it is not told to keep.
    apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    subprocess.run([*apt, "update"], stdout=subprocess.DEVNULL)
    return any(
        not subprocess.run([*apt, "install", "-y", "--no-install-recommends", name], stdout=subprocess.DEVNULL).returncode
        for name in packages
    )


if __name__ == "__main__":
    sys.exit(main())
