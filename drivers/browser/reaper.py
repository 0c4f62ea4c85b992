"""Runs a program and sees to it that nothing of it is left, whatever happens to us.

`python reaper.py FOLDER PROGRAM ARGUMENTS...`, with a pipe as its standard input. When the pipe ends (we stopped it, or
we were killed and the system closed it) or the program ends, every process that came of it is killed, also those that
made themselves independent, and FOLDER is removed. It stands alone and imports little (no subprocess, no shutil), for
it must start within milliseconds.
"""

import contextlib
import ctypes
import os
import select
import signal
import sys
import time

PR_SET_CHILD_SUBREAPER = 36  # prctl(2): orphans below us become our children
LOOK_S = 0.5
KILLING_S = 5.0


def main() -> None:
    folder, *command = sys.argv[1:]
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who holds the pipe
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    child = 0
    try:
        child = begin(command)
        while child not in bury().dead and not told_to_stop():
            pass
    finally:
        kill_all(child)
        remove(folder)


def begin(command: list[str]) -> int:
    """The program's number; in a session of its own, it hears nothing of us."""
    if pid := os.fork():
        return pid
    try:
        os.setsid()
        for deaf in (signal.SIGPIPE, signal.SIGXFSZ):  # Python ignores them, and what is ignored is inherited
            signal.signal(deaf, signal.SIG_DFL)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        os.execv(command[0], command)
    finally:
        os._exit(127)  # there is no such program


def told_to_stop() -> bool:
    ready, _, _ = select.select([sys.stdin], [], [], LOOK_S)
    return bool(ready) and os.read(sys.stdin.fileno(), 1) == b""


class Buried:
    """Who ended: the program, or what we adopted. `alone`: nobody of ours is left."""

    def __init__(self) -> None:
        self.dead: set[int] = set()
        self.alone = False


def bury() -> Buried:
    found = Buried()
    try:
        while pid := os.waitpid(-1, os.WNOHANG)[0]:
            found.dead.add(pid)
    except ChildProcessError:
        found.alone = True
    return found


def kill_all(child: int) -> None:
    ends = time.monotonic() + KILLING_S
    while not bury().alone and time.monotonic() < ends:
        for pid in descendants(os.getpid()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.005)  # the system needs a moment to hand us the orphans
    if child and not processes():  # no /proc here
        with contextlib.suppress(OSError):
            os.killpg(child, signal.SIGKILL)


def remove(folder: str) -> None:
    """All of it that can be; what a link points to is not ours."""
    for place, below, files in os.walk(folder, topdown=False):
        for name in (*below, *files):
            path = os.path.join(place, name)
            with contextlib.suppress(OSError):
                (os.rmdir if name in below and not os.path.islink(path) else os.unlink)(path)
    with contextlib.suppress(OSError):
        os.rmdir(folder)


def descendants(pid: int) -> list[int]:
    """All that came of a process and still lives, or is not yet buried."""
    below: list[int] = []
    ahead, children = [pid], family()
    while ahead:
        found = children.get(ahead.pop(), [])
        below += found
        ahead += found
    return below


def family() -> dict[int, list[int]]:
    """Parent -> children, of all processes."""
    children: dict[int, list[int]] = {}
    for pid in processes():
        fields = stat_of(pid)
        if fields:
            children.setdefault(int(fields[1]), []).append(pid)
    return children


def processes() -> list[int]:
    try:
        return [int(name) for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return []


def stat_of(pid: int) -> list[str]:
    """State, parent, ... (proc(5)); the name before them may hold anything, but it ends with the last bracket."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(")")[2].split()
    except OSError:
        return []


if __name__ == "__main__":
    main()
