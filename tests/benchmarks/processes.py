"""Servers under measure: started for the bench, on the loopback, watched through /proc, ended with it."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

TICKS_PER_S = os.sysconf("SC_CLK_TCK")
READY_S = 40
STOP_S = 10
ROOT = Path(__file__).parents[2]


@dataclass
class Served:
    """A running server: its port, and what it and its children have used."""

    name: str
    port: int
    process: "subprocess.Popen[bytes]"

    def cpu_s(self) -> float:
        """Processor time so far, of the process and all below it, the ended ones included."""
        return sum(_cpu_s(pid) for pid in family(self.process.pid))

    def memory_mb(self) -> float:
        """Memory that is the family's own (USS), in megabytes."""
        return sum(_own_kb(pid) for pid in family(self.process.pid)) / 1024

    def resident_mb(self) -> float:
        """What `ps` would say (RSS), in megabytes; shared pages count once for each process."""
        return sum(status_kb(pid, "VmRSS:") for pid in family(self.process.pid)) / 1024


@contextlib.contextmanager
def serving(name: str, command: Sequence[str | Path], environ: Mapping[str, str], port: int) -> Iterator[Served]:
    """Start a server, wait until it listens, and end its whole family afterwards."""
    log = Path(environ["BENCH_DATA"]) / f"{name}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **environ}, stdin=subprocess.DEVNULL, stdout=out, stderr=out
        )
    try:
        _wait(process, port, log)
        yield Served(name, port, process)
    finally:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_S)
        process.kill()
        process.wait()


def _wait(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.01)
    raise RuntimeError(f"{log.stem} did not start:\n{log.read_text(errors='replace')[-2000:]}")


def family(pid: int) -> list[int]:
    """The process and everything below it."""
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                found += [int(child) for child in task.read_text().split()]
    return found


def _cpu_s(pid: int) -> float:
    """User and system time of a process, with those of its children that have ended (fields 14 to 17 of stat)."""
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / TICKS_PER_S
    return 0


def _own_kb(pid: int) -> int:
    with contextlib.suppress(OSError):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return sum(int(line.split()[1]) for line in lines if line.startswith(("Private_Clean", "Private_Dirty")))
    return 0


def status_kb(pid: int, field: str) -> int:
    with contextlib.suppress(OSError):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        return sum(int(line.split()[1]) for line in lines if line.startswith(field))
    return 0
