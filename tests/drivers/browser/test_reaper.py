"""Whatever happens to us, nothing is left of what we started."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from drivers.browser.chrome import REAPER
from drivers.browser.reaper import descendants, remove
from tests.drivers.peers.site import site

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="adopting orphans is Linux's own")
ROOT = Path(__file__).parents[3]
RECIPE = "steps: [{open: /publica}, {screenshot: antes}, {open: /colgada}]"
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


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.skipif(
    not (shutil.which("chromium") and shutil.which("chromedriver")),
    reason="Chromium or its driver is not installed here (sudo apt-get install chromium chromium-driver)",
)
def test_we_are_killed_outright_in_the_middle_of_a_run() -> None:
    """kill -9 of whoever runs a recipe in a real Chromium: it, what it started and what was written go with us."""
    folder = Path(tempfile.mkdtemp(prefix="k-"))  # a short name: Chromium keeps a socket below it
    with site() as peer:
        words = ["--site", f"base: {peer.base}", "--private", "do", "run", f"recipe={RECIPE}"]
        runner = subprocess.Popen([sys.executable, "-m", "drivers.browser", *words], cwd=ROOT,
                                  env=os.environ | {"TMPDIR": str(folder)})  # fmt: skip
        try:
            assert peer.reached("/colgada").wait(30)
            born = descendants(runner.pid)
            assert len(born) > 4, "the reaper, the driver, Chromium and its helpers"
            assert list(folder.rglob("*antes*")), "a picture was taken"
        finally:
            runner.kill()
            runner.wait()
        assert gone(born, 10)
    folder.rmdir()  # which works, for it is empty


def test_a_program_that_is_not_there_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "profile"
    folder.mkdir()
    command = [sys.executable, "-I", "-S", str(REAPER), str(folder), str(tmp_path / "none"), "--port=0"]
    done = subprocess.run(command, stdin=subprocess.PIPE, capture_output=True, timeout=10, check=False)
    assert (done.stdout, folder.exists()) == (b"", False)


def test_the_program_hears_a_broken_pipe_and_has_no_input(tmp_path: Path) -> None:
    """Python ignores SIGPIPE, and what is ignored is inherited: Chromium would write into nothing for ever."""
    (tmp_path / "profile").mkdir()
    ours = [sys.executable, "-I", "-S", str(REAPER), str(tmp_path / "profile")]
    shell = ["/bin/sh", "-c", "grep SigIgn /proc/self/status; read -r x || echo nothing"]
    reaper = subprocess.Popen([*ours, *shell], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert reaper.stdout
    ignored, heard = reaper.stdout.readline().decode(), reaper.stdout.readline().decode().strip()
    reaper.communicate(timeout=10)
    assert not int(ignored.split()[1], 16) >> (signal.SIGPIPE - 1) & 1
    assert heard == "nothing"


def test_what_a_link_points_to_is_not_removed(tmp_path: Path) -> None:
    folder, kept = tmp_path / "profile", tmp_path / "kept"
    (folder / "a" / "b").mkdir(parents=True)
    (folder / "a" / "b" / "c").write_text("x")
    kept.mkdir()
    (kept / "file").write_text("x")
    (folder / "a" / "link").symlink_to(kept)
    (folder / "lost").symlink_to(tmp_path / "nowhere")
    remove(str(folder))
    assert not folder.exists()
    assert (kept / "file").exists()
