"""What a scenario is given: the dataset, the servers, how long to measure."""

import contextlib
import shutil
import sys
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from tests.beds.cluster import free_port
from tests.benchmarks import load
from tests.benchmarks.dataset import make_file
from tests.benchmarks.http import Answer, Request, ask
from tests.benchmarks.office import Office, Prepared, prepare, serve
from tests.benchmarks.processes import Served, serving

GUNICORN = (
    "--workers",
    "1",
    "--worker-class",
    "gthread",
    "--threads",
    "4",
    "--keep-alive",
    "60",
    "--log-level",
    "error",
)


class Bench:
    """One run. `folder` is thrown away afterwards."""

    def __init__(self, folder: Path, *, seconds: float = 2, rounds: int = 3, rows: int = 100_000) -> None:
        self.folder = folder
        self.seconds = seconds
        self.rounds = rounds
        self.rows = rows

    @cached_property
    def contacts_file(self) -> Path:
        """The peers' file. Copy it before you write into it."""
        return make_file(self.folder / "contacts.db", self.rows)

    @cached_property
    def prepared(self) -> Prepared:
        """Our office with the same contacts."""
        return prepare(self.folder / "prepared", self.rows)

    @contextlib.contextmanager
    def office(self, name: str) -> Iterator[Office]:
        """Our office, served, on a copy of its data."""
        with serve(self.prepared, self.folder / name) as office:
            yield office
        shutil.rmtree(self.folder / name, ignore_errors=True)

    @contextlib.contextmanager
    def peer(self, name: str) -> Iterator[Served]:
        """A peer of tests/benchmarks/peers on a copy of the contacts."""
        file = self.folder / f"{name}-contacts.db"
        shutil.copyfile(self.contacts_file, file)
        port = free_port()
        command = [sys.executable, "-m", "gunicorn", *GUNICORN, "--bind", f"127.0.0.1:{port}"]
        environ = {"BENCH_DATA": str(self.folder), "BENCH_FILE": str(file)}
        with serving(name, [*command, f"tests.benchmarks.peers.{name}:application"], environ, port) as served:
            yield served

    @contextlib.contextmanager
    def bare_stream(self) -> Iterator[Served]:
        """The floor of live pages."""
        port = free_port()
        command = [sys.executable, "-m", "tests.benchmarks.peers.bare_stream", str(port)]
        with serving("bare_stream", command, {"BENCH_DATA": str(self.folder)}, port) as served:
            yield served

    def ask(self, server: Served, request: Request) -> Answer:
        """One request, outside any measure."""
        return load.run(lambda: ask(server.port, request))


def cookie(answer: Answer) -> str:
    """The Cookie header for what an answer set."""
    return "; ".join(f"{name}={value}" for name, value in answer.cookies().items())
