"""Whatever happens to us, nothing is left of what we started."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from drivers.browser.chrome import REAPER
from drivers.browser.reaper import descendants

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="adopting orphans is Linux's own")
# A program whose child makes itself independent, as browsers' children do, and then goes away.
PROGRAM = """
import os, subprocess, sys, time
subprocess.Popen([sys.executable, "-S", "-c", "import time; time.sleep(60)"], start_new_session=True)
print("up", flush=True)
time.sleep(60 if sys.argv[1] == "stays" else 0)
"""


def start(folder: Path, how: str, **more: object) -> "subprocess.Popen[bytes]":
    folder.mkdir()
    command = [sys.executable, "-I", "-S", str(REAPER), str(folder), sys.executable, "-S", "-c", PROGRAM, how]
    reaper = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **more)  # type: ignore[call-overload]
    assert reaper.stdout.readline() == b"up\n"
    return reaper


def gone(pids: list[int], seconds: float = 5) -> bool:
    ends = time.monotonic() + seconds
    while (left := [p for p in pids if Path(f"/proc/{p}").exists()]) and time.monotonic() < ends:
        time.sleep(0.01)
    return not left


def test_it_works(tmp_path: Path) -> None:
    """The pipe ends: program, orphans and folder are gone."""
    reaper = start(tmp_path / "profile", "stays")
    born = descendants(reaper.pid)
    assert len(born) == 2
    reaper.communicate(timeout=10)
    assert gone(born)
    assert not (tmp_path / "profile").exists()


def test_a_program_that_ends_leaves_no_orphan(tmp_path: Path) -> None:
    reaper = start(tmp_path / "profile", "ends")
    assert reaper.wait(10) == 0
    assert not (tmp_path / "profile").exists()
    reaper.communicate()


def test_we_are_killed_outright(tmp_path: Path) -> None:
    """kill -9 of whoever holds the pipe: the system closes it, the reaper does the rest."""
    holder = f"""
import subprocess, sys, time
from pathlib import Path
Path({str(tmp_path / "profile")!r}).mkdir()
command = [sys.executable, "-I", "-S", {str(REAPER)!r}, {str(tmp_path / "profile")!r}, sys.executable, "-S", "-c",
           {PROGRAM!r}, "stays"]
reaper = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
print(reaper.stdout.readline().decode(), end="", flush=True)
time.sleep(60)
"""
    held = subprocess.Popen([sys.executable, "-c", holder], stdout=subprocess.PIPE)
    assert held.stdout
    assert held.stdout.readline() == b"up\n"
    born = descendants(held.pid)
    assert len(born) == 3
    os.kill(held.pid, signal.SIGKILL)
    held.wait()
    held.stdout.close()
    assert gone(born)
    assert not (tmp_path / "profile").exists()
