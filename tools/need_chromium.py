"""See that there is a Chromium for the browser tests; install Debian's where there is none.

    .venv/bin/python tools/need_chromium.py

Where there can be none the browser tests skip themselves: that is said, and is a failure only with CI=true.
"""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome")


def main() -> int:
    if find() or (install() and find()):
        return 0
    print("No Chromium, and none can be installed here: browser tests will be skipped. (Debian: sudo apt-get install chromium)")
    return 1 if os.environ.get("CI") == "true" else 0


def find() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def install() -> bool:
    """Whether apt-get did it, as root or with a sudo that asks for no password."""
    root = [] if hasattr(os, "geteuid") and os.geteuid() == 0 else ["sudo", "-n"]
    if not shutil.which("apt-get") or (root and not shutil.which("sudo")):
        return False
    if subprocess.run([*root, "true"], capture_output=True).returncode:
        return False
    print("No Chromium for the browser tests; installing Debian's …", flush=True)
    # With env, for sudo drops what it is not told to keep.
    apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    subprocess.run([*apt, "update"], stdout=subprocess.DEVNULL)
    done = subprocess.run([*apt, "install", "-y", "--no-install-recommends", "chromium"], stdout=subprocess.DEVNULL)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
