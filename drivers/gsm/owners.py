"""Who uses a serial port. Asked before it is opened, so that nobody's conversation is disturbed (Linux)."""

import os
from pathlib import Path

PROCESSES = Path("/proc")
LOCKS = Path("/var/lock")


def in_use(port: str) -> bool:
    """Has another process it open, or left a lock of the old kind (LCK..ttyUSB0 with its process number)?"""
    try:
        device = os.stat(port).st_rdev
    except OSError:
        return False
    return _locked(Path(port).name) or (bool(device) and _open_elsewhere(os.path.realpath(port)))


def _locked(name: str) -> bool:
    try:
        owner = int((LOCKS / f"LCK..{name}").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return False
    return owner != os.getpid() and (PROCESSES / str(owner)).exists()


def _open_elsewhere(path: str) -> bool:
    ours = str(os.getpid())
    return any(_has_open(p, path) for p in PROCESSES.iterdir() if p.name.isdigit() and p.name != ours)


def _has_open(process: Path, path: str) -> bool:
    """Processes of others, which we may not look into, are taken as not using it; the exclusive lock is the belt."""
    try:
        return any(os.readlink(entry.path) == path for entry in os.scandir(process / "fd"))
    except OSError:
        return False
