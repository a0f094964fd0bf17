"""What tests start does not outlive them."""

from __future__ import annotations

import subprocess
import sys
import time

import psutil
import pytest

from tests.preview import ORPHAN, PATIENCE


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody is told of a parent's death")
def test_a_server_dies_with_a_test_that_is_killed() -> None:
    sleeps = f"[{sys.executable!r}, {str(ORPHAN)!r}, '-c', 'import time; print(0, flush=True); time.sleep(600)']"
    test = f"import subprocess, time; p = subprocess.Popen({sleeps}); print(p.pid, flush=True); time.sleep(600)"
    with subprocess.Popen([sys.executable, "-c", test], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        told = sorted(int(parent.stdout.readline()) for _ in range(2))  # the number of the child, and its own word
        assert told[0] == 0
        child = psutil.Process(told[1])
        parent.kill()
    end = time.monotonic() + PATIENCE
    while child.is_running() and child.status() != psutil.STATUS_ZOMBIE and time.monotonic() < end:
        time.sleep(0.02)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE
