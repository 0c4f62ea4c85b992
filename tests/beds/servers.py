"""The real thing: `python -m app run` in a process of its own, with a data folder of the test's own."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.__main__ import build
from tests.beds.cluster import free_port

ROOT = Path(__file__).parents[2]
READY_S = 40
STOP_S = 15


class LiveServer:
    """An office that a browser can visit. It can be stopped, killed and opened again on the same data."""

    def __init__(self, data: Path, **environ: str) -> None:
        self.data = data
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = data.parent / f"{data.name}.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.environ = {**_plain_environ(), "CENTRALITA_PORT": str(self.port), "CENTRALITA_DATA": str(data), **environ}

    def start(self) -> "LiveServer":
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "app", "run"], cwd=ROOT, env=self.environ, stdout=log, stderr=log,
                stdin=subprocess.DEVNULL,
            )  # fmt: skip
        self._wait()
        return self

    def command(self, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """`centralita WORDS` on the same data, with `typed` on its standard input."""
        return subprocess.run(
            [sys.executable, "-m", "app", *words], cwd=ROOT, env=self.environ, input=typed, text=True,
            capture_output=True, timeout=60, check=False,
        )  # fmt: skip

    def prepare(self, *words: str, typed: str = "") -> str:
        """The same within this process, where everything is imported already: what a test needs before it begins."""
        said = CliRunner().invoke(build(), words, input=typed, env=self.environ)
        assert said.exit_code == 0, said.output
        return said.stdout

    def stop(self) -> int:
        """Ask it to stop, as Ctrl-C or the container does; its exit code."""
        return self._end(signal.SIGTERM)

    def kill(self) -> None:
        """kill -9: no clean-up of any kind."""
        self._end(signal.SIGKILL)

    def said(self) -> str:
        """Everything it printed so far."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def _end(self, sign: signal.Signals) -> int:
        if self.process is None:
            return 0
        process, self.process = self.process, None
        process.send_signal(sign)
        try:
            return process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(f"the office did not stop within {STOP_S} s:\n{self.said()[-3000:]}") from None

    def _wait(self) -> None:
        deadline = time.monotonic() + READY_S
        while not self._answers():
            if self.process is None or self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"the office did not open:\n{self.said()[-3000:]}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        """It listens only once it has opened."""
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True
        return False


def _plain_environ() -> dict[str, str]:
    """Ours without settings of an office that the person running the tests may have."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CENTRALITA_")}
    return {**kept, "PYTHONUNBUFFERED": "1", "CENTRALITA_LOG_LEVEL": "INFO"}


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The templates as the first server of this run compiled them."""
    return tmp_path_factory.mktemp("compiled") / "compiled"


@pytest.fixture
def start_server(tmp_path: Path, compiled: Path) -> Iterator[Callable[..., LiveServer]]:
    """Open one more office: `start_server("second", CENTRALITA_DATABASE_URL=...)`; the name is its data folder's."""
    opened: list[LiveServer] = []

    def start(name: str = "server", **environ: str) -> LiveServer:
        server = LiveServer(tmp_path / name, **environ)
        opened.append(server)
        if compiled.exists():
            server.data.mkdir(mode=0o700, exist_ok=True)
            shutil.copytree(compiled, server.data / compiled.name, dirs_exist_ok=True)
        return server.start()

    yield start
    for server in opened:
        server.stop()
        if not compiled.exists() and (server.data / compiled.name).exists():
            shutil.copytree(server.data / compiled.name, compiled)


@pytest.fixture
def live_server(start_server: Callable[..., LiveServer]) -> LiveServer:
    """A new, empty office on SQLite, waiting for its first-run wizard."""
    return start_server()
