"""Become another program that dies with the test that began it: no server outlives a run that was broken off.

`python tests/orphan.py -m sitegen serve …`. Linux tells a process of its parent's death; elsewhere nothing changes.
"""

from __future__ import annotations

import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def dies_with_parent() -> None:
    """From now on, through `exec` too, but not for children of this process."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    dies_with_parent()
    os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
