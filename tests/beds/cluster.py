"""A throwaway PostgreSQL server, run as somebody who is not root."""

import contextlib
import getpass
import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

READY_S = 30
FAST = {  # a test's data need not survive a power cut
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",
}


def find_programs() -> Path | None:
    """The folder of initdb and postgres, the newest version first; None when the server is not installed."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    candidates = [*folders, *([Path(on_path).parent] if on_path else [])]
    return next((f for f in candidates if (f / "initdb").exists() and (f / "postgres").exists()), None)


@dataclass
class Cluster:
    """A running server. Its databases are made by copying a template."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @classmethod
    @contextlib.contextmanager
    def start(cls, programs: Path) -> Iterator["Cluster"]:
        folder = Path(tempfile.mkdtemp(prefix="centralita-pg-"))
        somebody = _not_root()
        if somebody:
            shutil.chown(folder, somebody["user"], somebody["group"])
        try:
            yield from _serve(cls, programs, folder, somebody)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def url(self, database: str, driver: str = "asyncpg") -> str:
        return f"postgresql+{driver}://postgres@127.0.0.1:{self.port}/{database}"

    def run(self, sql: str) -> None:
        """Run one statement outside any transaction, as the superuser."""
        with self.connect("postgres") as connection:
            connection.execute(sql)

    def connect(self, database: str) -> "psycopg.Connection[Any]":
        dsn = f"host=127.0.0.1 port={self.port} user=postgres dbname={database} connect_timeout=5"
        return psycopg.connect(dsn, autocommit=True)

    def create(self, name: str) -> None:
        self.run(f'CREATE DATABASE "{name}"')

    def copy(self, template: str) -> str:
        """A new database with everything the template has; its name."""
        name = f"test_{next(self._numbers)}"
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return name

    def drop(self, name: str) -> None:
        self.run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def answers(self) -> bool:
        with contextlib.suppress(psycopg.OperationalError), self.connect("postgres"):
            return True
        return False


def _serve(kind: type[Cluster], programs: Path, folder: Path, somebody: dict[str, Any]) -> Iterator[Cluster]:
    data, port = folder / "data", free_port()
    _make(programs, data, somebody)
    options = itertools.chain.from_iterable(("-c", f"{name}={value}") for name, value in FAST.items())
    command = [programs / "postgres", "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", folder, *options]
    log = (folder / "log").open("wb")
    process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=folder, **somebody)
    try:
        cluster = kind(folder, port, process)
        _wait_until(cluster)
        yield cluster
    finally:
        process.send_signal(signal.SIGINT)  # the server's "fast" shutdown
        process.wait(timeout=READY_S)
        log.close()


def _make(programs: Path, data: Path, somebody: dict[str, Any]) -> None:
    words = ["-U", "postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8", "-D"]
    made = subprocess.run(
        [programs / "initdb", *words, data], capture_output=True, text=True, cwd=data.parent, check=False, **somebody
    )
    if made.returncode:
        raise RuntimeError(f"initdb failed: {made.stderr}")


def _wait_until(cluster: Cluster) -> None:
    deadline = time.monotonic() + READY_S
    while not cluster.answers():
        if cluster.process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"PostgreSQL did not start: {(cluster.folder / 'log').read_text()}")
        time.sleep(0.05)


def _not_root() -> dict[str, Any]:
    """Who runs the server: ourselves, or, as the server refuses root, the first lesser user there is."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise RuntimeError(f"PostgreSQL does not run as {getpass.getuser()}, and there is no other user here")


def free_port() -> int:
    """A TCP port on the loopback that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
